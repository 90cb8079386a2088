"""The zygote: what it holds, that it fails closed and leaves nothing, and the mode without a sandbox."""

from __future__ import annotations

import os
import signal
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confinement import FILE_SIZE, MEMORY, ROOT, Inside, zygote_fixture  # noqa: F401 - a fixture

from grader.errors import SandboxError
from grader.sandbox.forkserver import ForkServer
from grader.sandbox.mode import SandboxMode
from grader.sandbox.worker import WorkerDied
from grader.sandbox.zygote import Zygote

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")


@pytest.fixture(scope="module")
def zygote_unconfined(forks: ForkServer) -> Iterator[Zygote]:
    with Zygote(mode=SandboxMode.NONE, memory=MEMORY, file_size=FILE_SIZE, forks=forks) as zygote:
        yield zygote


# --- what it holds --------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["auto", "none"])
@pytest.mark.parametrize("name", ["solutions.gradient_descent.gradient_descent", "tests.hidden.test_gradient_descent"])
def test_zygote_cannot_import_the_course(request: pytest.FixtureRequest, mode: str, name: str):
    zygote = request.getfixturevalue("zygote" if mode == "auto" else "zygote_unconfined")
    source = f"""
        import importlib
        def find():
            try:
                return importlib.import_module("{name}").__name__
            except ImportError as error:
                return type(error).__name__, sys.path
    """
    inside = Inside(zygote, source)

    found = inside.call("find")

    inside.worker.close()
    assert isinstance(found, tuple), found
    assert str(ROOT) not in found[1]
    assert "" not in found[1]


def test_zygote_holds_no_suite(zygote: Zygote):
    inside = Inside(zygote, "def modules():\n    return sorted(sys.modules)\n")

    found = inside.call("modules")

    inside.worker.close()
    assert isinstance(found, list)
    assert [
        name for name in found if name.startswith(("grader.suite", "grader.backends.reference", "hypothesis", "pytest"))
    ] == []


# --- failing closed, and no sandbox ---------------------------------------------------------------


def refusal_of(forks: ForkServer, secret: Path) -> str:
    """Return what a zygote says that can read a secret."""
    own = Zygote(mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE, secret_paths=(secret,), forks=forks)
    try:
        own.start()
        with pytest.raises(SandboxError) as caught:
            own.wait_until_ready()
    finally:
        own.close()
    return str(caught.value)


def test_self_test_names_a_secret_that_can_be_read(forks: ForkServer):
    secret = Path(sysconfig.get_path("purelib")) / "torch" / "version.py"
    assert secret.is_file()

    said = refusal_of(forks, secret)

    assert f"could read {secret}" in said
    assert "--sandbox none" in said


def test_self_test_names_a_secret_folder_that_can_be_listed(forks: ForkServer):
    secret = Path(sysconfig.get_path("purelib"))

    assert f"could read {secret}" in refusal_of(forks, secret)


def test_zygote_that_refuses_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    secret = Path(sysconfig.get_path("purelib")) / "torch" / "version.py"
    own = Zygote(mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE, secret_paths=(secret,))
    try:
        with pytest.raises(SandboxError), own:
            pass

        process, left = own.pid, list(tmp_path.iterdir())
    finally:
        own.close()

    assert process is None
    assert left == []


def test_zygote_that_is_gone_is_a_sandbox_error(forks: ForkServer):
    with Zygote(mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE, forks=forks) as own:
        assert own.pid is not None
        os.kill(own.pid, signal.SIGKILL)
        assert is_gone(own.pid)

        with pytest.raises(SandboxError, match="gone"):
            own.spawn(cpu_seconds=10)


def test_worker_dies_with_its_zygote(forks: ForkServer):
    own = Zygote(mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE, forks=forks)
    own.start()
    own.wait_until_ready()
    inside = Inside(own, "def wait():\n    time.sleep(60)\n")
    pid = inside.worker.pid

    own.close()

    inside.worker.close()
    assert is_gone(pid)


def is_gone(pid: int) -> bool:
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.01)
    return False


def test_zygote_leaves_no_folder_behind():
    with Zygote(mode=SandboxMode.AUTO, memory=MEMORY, file_size=FILE_SIZE) as own:
        folder = own.folder
        Inside(own, "").worker.close()
        assert folder is not None
        assert folder.is_dir()

    assert not folder.exists()


def test_mode_none_is_a_process_apart(zygote_unconfined: Zygote, canary: str):
    source = """
        def who():
            return os.getpid(), os.getppid(), os.environ.get("CHAINRULE_TEST_SECRET"), os.path.exists("/etc/passwd")
        def leave():
            os._exit(3)
    """
    inside = Inside(zygote_unconfined, source)

    found = inside.call("who")

    assert isinstance(found, tuple)
    pid, parent, secret, sees_files = found
    assert parent == zygote_unconfined.pid
    assert pid not in (os.getpid(), parent)
    assert secret is None
    assert sees_files
    with pytest.raises(WorkerDied, match="it ended its process"):
        inside.call("leave")
    assert zygote_unconfined.description == "none"


def test_mode_none_keeps_the_memory_limit(zygote_unconfined: Zygote):
    inside = Inside(zygote_unconfined, "def attempt_act():\n    return attempt(bytearray, 8 * 2**30)\n")

    outcome = inside.attempt("act")

    inside.worker.close()
    assert outcome == ("refused", "ENOMEM")
