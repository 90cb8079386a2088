"""What a confined worker has: what it inherits, and how much of everything it can take."""

from __future__ import annotations

import os
import stat
import sys
import sysconfig
from pathlib import Path

import pytest
from confinement import ROOT, Inside, zygote_fixture  # noqa: F401 - a fixture

from grader.sandbox.zygote import Zygote

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
TMPFS = 64 * 2**20


def test_worker_inherits_one_socket_and_no_file(zygote: Zygote):
    source = """
        def descriptors():
            found = {}
            for number in range(4096):
                try:
                    found[number] = stat.S_IFMT(os.fstat(number).st_mode)
                except OSError:
                    pass
            return found
    """
    inside = Inside(zygote, source)

    found = inside.call("descriptors")

    inside.worker.close()
    assert isinstance(found, dict)
    assert [number for number in found if number > 2] == [
        number for number, kind in found.items() if kind == stat.S_IFSOCK
    ]
    assert len(found) == 4
    # a file that all workers share would carry state, such as its offset, from one submission to the next
    assert {found[number] for number in (0, 1, 2)} == {stat.S_IFCHR}


def test_worker_leaves_nothing_in_a_shared_descriptor(zygote: Zygote):
    first = Inside(zygote, "def leave():\n    return [attempt(os.lseek, number, 12345, 0) for number in (0, 1, 2)]\n")
    first.call("leave")
    first.worker.close()

    second = Inside(zygote, "def find():\n    return [os.lseek(number, 0, 1) for number in (0, 1, 2)]\n")
    found = second.call("find")

    second.worker.close()
    assert found == [0, 0, 0]


def test_worker_leaves_no_flags_on_a_shared_descriptor(zygote: Zygote):
    flags = "[fcntl.fcntl(number, fcntl.F_GETFL) for number in (0, 1, 2)]"
    first = Inside(
        zygote,
        f"""
        def leave():
            before = {flags}
            for number in (0, 1, 2):
                fcntl.fcntl(number, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK)
            return before
        """,
    )
    before = first.call("leave")
    first.worker.close()

    second = Inside(zygote, f"def find():\n    return {flags}\n")
    found = second.call("find")

    second.worker.close()
    assert found == before


def test_worker_inherits_no_environment(zygote: Zygote, canary: str):
    source = """
        def environment():
            LIBC.getenv.restype = ctypes.c_char_p
            return dict(os.environ), LIBC.getenv(b"CHAINRULE_TEST_SECRET")
    """
    inside = Inside(zygote, source)

    found = inside.call("environment")

    inside.worker.close()
    assert isinstance(found, tuple)
    environment, from_libc = found
    assert canary not in environment
    assert from_libc is None
    assert "environment" not in " ".join(environment.values())
    private = {"HOME", "TMPDIR", "MPLCONFIGDIR"}
    assert all(str(ROOT) not in value for key, value in environment.items() if key not in private)


@pytest.mark.parametrize(
    "act",
    ["bytearray(8 * 2**30)", "torch.empty(2**30, dtype=torch.float64)", "mmap.mmap(-1, 8 * 2**30)", "[0] * 2**30"],
)
def test_worker_cannot_take_8_gib(zygote: Zygote, act: str):
    source = f"""
        def take():
            try:
                {act}
            except (MemoryError, OSError, RuntimeError) as error:
                return type(error).__name__
    """
    inside = Inside(zygote, source)

    found = inside.call("take")

    inside.worker.close()
    assert found in ("MemoryError", "OSError", "RuntimeError")


def test_worker_leaves_no_trace_of_what_it_read(zygote: Zygote):
    if zygote.layers["namespaces"] != "yes":
        pytest.skip("without namespaces the host's mounts stay as they are")
    path = Path(sysconfig.get_path("purelib")) / "numpy" / "version.py"
    kept = path.stat()
    os.utime(path, (kept.st_mtime - 1e6, kept.st_mtime))
    try:
        inside = Inside(
            zygote,
            f"""
            def look():
                with open({str(path)!r}) as file:
                    return len(file.read())
        """,
        )

        assert inside.call("look")
        assert path.stat().st_atime == kept.st_mtime - 1e6
        inside.worker.close()
    finally:
        os.utime(path, (kept.st_atime, kept.st_mtime))


def test_private_folder_runs_no_code(zygote: Zygote):
    if zygote.layers["namespaces"] != "yes":
        pytest.skip("without namespaces there is no private folder")
    inside = Inside(
        zygote,
        """
        def load():
            import _json
            own = shutil.copy(_json.__file__, os.environ["TMPDIR"])
            try:
                ctypes.CDLL(own)
            except OSError as error:
                return str(error)
            return "loaded"
    """,
    )

    assert "failed to map" in inside.call("load")
    inside.worker.close()


def test_worker_starts_no_thread(zygote: Zygote):
    source = """
        def start():
            end = threading.Event()
            started = []
            try:
                for _ in range(3):
                    started.append(threading.Thread(target=end.wait, daemon=True))
                    started[-1].start()
            except RuntimeError:
                return len(started)
            finally:
                end.set()
    """
    inside = Inside(zygote, source)

    started = inside.call("start")

    inside.worker.close()
    assert started == 1  # the one that could not be started


def test_worker_fills_its_own_folder_only_and_leaves_nothing(zygote: Zygote):
    if zygote.layers["namespaces"] != "yes":
        pytest.skip("no mount namespace on this host: a worker has no writable folder at all")
    source = """
        def fill():
            written = 0
            try:
                for number in range(1000):
                    with open(f"file{number}", "wb", buffering=0) as file:
                        for _ in range(8):
                            written += file.write(bytes(2**20))
            except OSError as error:
                return written, errno.errorcode[error.errno], os.getcwd()
    """
    first = Inside(zygote, source)
    found = first.call("fill")
    first.worker.close()
    assert isinstance(found, tuple)
    written, error, folder = found

    second = Inside(zygote, "def find():\n    return os.listdir('.'), os.getcwd()\n")
    left = second.call("find")

    second.worker.close()
    assert TMPFS // 2 < written <= TMPFS
    assert error == "ENOSPC"
    assert isinstance(left, tuple)
    assert left[0] == []
    assert not Path(folder).exists()


def test_worker_cannot_fill_its_folder_with_names(zygote: Zygote):
    if zygote.layers["namespaces"] != "yes":
        pytest.skip("no mount namespace on this host: a worker has no writable folder at all")
    source = """
        def fill():
            for number in range(100_000):
                try:
                    os.mkdir(str(number))
                except OSError:
                    return number
    """
    inside = Inside(zygote, source)

    made = inside.call("fill")

    inside.worker.close()
    assert isinstance(made, int)
    assert made < 5000


def test_worker_cannot_write_a_large_file(zygote: Zygote):
    if zygote.layers["namespaces"] != "yes":
        pytest.skip("no mount namespace on this host: a worker has no writable folder at all")
    source = """
        def attempt_act():
            with open("large", "wb", buffering=0) as file:
                return attempt(lambda: [file.write(bytes(2**20)) for _ in range(20)])
    """
    inside = Inside(zygote, source)

    outcome = inside.attempt("act")

    inside.worker.close()
    assert outcome == ("refused", "EFBIG")


def test_worker_sees_no_folder_of_another(zygote: Zygote):
    source = """
        def leave():
            with open("mine", "w") as file:
                file.write("secret")
            return os.getcwd()
        def find(folder):
            return attempt(os.listdir, folder), attempt(open, folder + "/mine")
    """
    if zygote.layers["namespaces"] != "yes":
        pytest.skip("no mount namespace on this host: a worker has no writable folder at all")
    first, second = Inside(zygote, source), Inside(zygote, source)
    folder = first.call("leave")

    found = second.call("find", folder)

    first.worker.close()
    second.worker.close()
    assert found == (("refused", "EACCES"), ("refused", "EACCES"))


def test_what_is_mapped_before_does_not_count_as_memory(zygote: Zygote):
    inside = Inside(zygote, "import resource\n\ndef limit():\n    return resource.getrlimit(resource.RLIMIT_AS)[0]\n")

    found = inside.call("limit")

    inside.worker.close()
    assert isinstance(found, int)
    assert found > zygote.memory + 256 * 2**20  # torch itself maps more than that
