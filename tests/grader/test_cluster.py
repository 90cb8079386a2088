"""A class graded by the workers of a cluster: real processes of this machine, of which some are killed."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from evidence import PROOF
from local_cluster import LocalCluster
from processes import descendants, gone, until
from small_course import SmallCourse

from grader.cluster.client import grade_on
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError, UsageError
from grader.judge.state import parts_of
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
WRONG = RIGHT.replace("2 * x", "3 * x")

long_evidence = pytest.mark.skipif(not PROOF, reason="each starts a cluster of its own: run by make proof")


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("GRADER_COURSE", raising=False)
        yield


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = SmallCourse(tmp_path_factory.mktemp("course"))
    # Machines are busy, and this is of who grades: nothing may run out of time.
    made.edit("solutions/small/assignment.toml", "wall_factor = 3", "wall_factor = 100")
    return made


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with LocalCluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


def start(course, folder, *more):
    command = [sys.executable, "-m", "grader", "grade", course.root / folder, "--course", course.root]
    command += ["--assignment", "small", "--format", "csv", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(run):
    out, err = run.communicate(timeout=500)
    return run.returncode, out, err


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def holding(worker, name):
    """Return the temporary folders of a worker in which it has unpacked a submission of this name."""
    found = set()
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{worker}/fd").iterdir():
            with contextlib.suppress(OSError):
                lock = Path(os.readlink(descriptor))
                if lock.name == "lock" and [*lock.parent.glob(f"[0-9]*/{name}")]:
                    found.add(lock.parent)
    return found


class Killer(threading.Thread):
    """Kills the workers that have a submission of this name, so many times."""

    def __init__(self, cluster, name, times):
        super().__init__(daemon=True)
        self._cluster, self._name, self._times = cluster, name, times
        self._left = set()  # by workers that were killed: another one holds it while it removes it
        self.killed = []
        self.below = set()
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.is_set() and len(self.killed) < self._times:
            for worker in self._cluster.workers() - {*self.killed}:
                folders, below = holding(worker, self._name) - self._left, descendants(worker)
                if folders and below:
                    self._left |= folders
                    self.below |= below
                    os.kill(worker, signal.SIGKILL)
                    self.killed.append(worker)
                    break
            time.sleep(0.02)


@contextlib.contextmanager
def killing(cluster, name, times=1):
    killer = Killer(cluster, name, times)
    killer.start()
    try:
        yield killer
    finally:
        killer.stopped.set()
        killer.join()


def odd_class(course):
    """Write submissions of all forms that there are, and of some that there should not be."""
    write = course.write
    write("odd/ada.py", RIGHT)
    write("odd/bo/small.py", WRONG)
    write("odd/cy.txt", "no module")
    write("odd/dee/deeper/still/my work.py", RIGHT)
    write("odd/dee/.git/config", "not looked at")
    write("odd/empty.py", "")
    with zipfile.ZipFile(course.root / "odd" / "fay.zip", "w") as archive:
        archive.writestr("small.py", RIGHT)
    write("odd/gil/small.txt", "")
    os.symlink("/etc/passwd", course.root / "odd" / "gil" / "small.py")
    os.symlink(course.root / "odd" / "ada.py", course.root / "odd" / "hal.py")
    with (course.root / "odd" / "large.py").open("wb") as file:
        file.truncate(33 * 2**20)
    os.mkfifo(course.root / "odd" / "pipe.py")
    (course.root / "odd" / "void").mkdir()
    broken = os.fsencode(course.root / "odd") + b"/z\xff.py"
    with open(broken, "wb") as file:
        file.write(RIGHT.encode())


def test_results_are_the_bytes_of_one_machine_and_nothing_is_left(course, cluster, tmp_path):
    odd_class(course)
    here = ended(start(course, "odd", "--out", tmp_path / "here"))

    there = ended(start(course, "odd", "--out", tmp_path / "there", "--cluster", cluster.address))

    assert here[0] == there[0] == 0, here[2] + there[2]
    assert files(tmp_path / "there") == files(tmp_path / "here")
    assert there[1] == here[1]
    assert len(there[1].splitlines()) == 1 + 12
    assert until(lambda: not cluster.checkers())
    (course.root / "odd" / "pipe.py").unlink()  # what is no file is never kept; all else is, and no cluster is asked
    again = ended(start(course, "odd", "--out", tmp_path / "there", "--cluster", "tcp://127.0.0.1:1"))
    assert again[1] == "".join(line for line in there[1].splitlines(keepends=True) if "pipe.py" not in line)


def test_batch_of_a_lost_worker_is_done_again_and_its_checkers_end(course, cluster, tmp_path):
    for name in ("amy", "ben", "cat", "dan"):
        course.write(f"lost/{name}/small.py", WRONG if name == "ben" else RIGHT)

    with killing(cluster, "ben") as killer:
        code, out, err = ended(start(course, "lost", "--out", tmp_path, "--cluster", cluster.address))

    assert (code, len(killer.killed)) == (0, 1), err
    assert [line.split(",")[3] for line in out.splitlines()[1:]] == ['"6"', '"2"', '"6"', '"6"']
    assert killer.below
    assert gone(killer.below)


@long_evidence
def test_submission_at_which_workers_die_is_broken_and_the_others_go_on(course, tmp_path):
    for name in ("amy", "ben", "poison"):
        course.write(f"poisoned/{name}/small.py", RIGHT)

    with LocalCluster(tmp_path, failures=0) as cluster:
        with killing(cluster, "poison", times=99) as killer:
            code, out, err = ended(start(course, "poisoned", "--out", tmp_path / "out", "--cluster", cluster.address))
        processes = cluster.processes()

    rows = [line.split(",") for line in out.splitlines()[1:]]
    assert [(row[2], row[3]) for row in rows] == [('"graded"', '"6"'), ('"graded"', '"6"'), ('"broken"', '""')], err
    assert code == 1
    assert "the workers of the cluster that graded it died" in rows[2][-1]
    assert 1 <= len(killer.killed) <= 2  # alone, and before that unless it waited behind another on a lost worker
    assert gone(killer.below | processes)


@long_evidence
def test_worker_that_hangs_is_lost_after_a_while_and_its_batches_are_done_again(course, tmp_path):
    slow = RIGHT + "\nimport time\ntime.sleep(1)\n"
    for name in ("amy", "ben", "cat", "dan", "eve"):
        course.write(f"hanging/{name}/small.py", slow if name == "amy" else RIGHT)

    with LocalCluster(tmp_path, DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL="20s") as cluster:
        run = start(course, "hanging", "--out", tmp_path / "out", "--cluster", cluster.address)
        at_it = []
        assert until(lambda: at_it.extend(one for one in cluster.workers() if holding(one, "amy")) or at_it)
        os.kill(at_it[0], signal.SIGSTOP)
        code, out, err = ended(run)

    assert code == 0, err
    assert [line.split(",")[3] for line in out.splitlines()[1:]] == ['"6"'] * 5


NOSY = """
import os, socket
told = []
for reach in (
    lambda: socket.create_connection(("127.0.0.1", {port}), 5),
    lambda: socket.socket(socket.AF_UNIX),
    lambda: os.listdir("{folder}"),
    lambda: os.listdir(".."),
    lambda: open("/proc/self/environ").read(),
    lambda: open("{folder}/nosy/amy/small.py").read(),
):
    try:
        told.append(str(reach()))
    except OSError:
        pass
told += [name for name in os.environ if name.startswith(("DASK", "GRADER"))]
try:
    from distributed import get_worker
    told.append(str(get_worker()))
except BaseException:
    pass
if told:
    raise RuntimeError(" ".join(told))
"""


def test_submission_reaches_neither_the_scheduler_nor_what_lies_beside_it(course, cluster, tmp_path):
    port = cluster.address.rpartition(":")[2]
    course.write("nosy/amy/small.py", RIGHT)
    course.write("nosy/mallory/small.py", NOSY.format(port=port, folder=course.root) + RIGHT)

    code, out, err = ended(start(course, "nosy", "--cluster", cluster.address))

    assert code == 0, err
    assert [line.split(",")[3] for line in out.splitlines()[1:]] == ['"6"', '"6"']
    assert "RuntimeError" not in out


@long_evidence
def test_run_whose_cluster_is_gone_says_so_and_the_next_goes_on(course, tmp_path):
    for name in ("amy", "ben", "zoe"):
        course.write(f"gone/{name}/small.py", RIGHT + ("" if name == "amy" else "\nimport time\ntime.sleep(1)\n"))
    with LocalCluster(tmp_path, workers=1) as cluster:
        run = start(course, "gone", "--out", tmp_path / "out", "--cluster", cluster.address)
        while not (tmp_path / "out" / "amy.json").exists():
            assert run.poll() is None
            time.sleep(0.05)
        processes = cluster.processes()
        cluster.kill()
        code, _, err = ended(run)
        assert gone(processes)

    assert code == 1
    assert err.splitlines()[-1].startswith("grader: the cluster is gone")
    assert all(line.startswith("grader: ") for line in err.splitlines())
    assert {"amy.json", "grades.csv"} <= set(files(tmp_path / "out"))
    assert not (tmp_path / "out" / "zoe.json").exists()


def test_worker_that_would_grade_otherwise_is_refused(course, cluster):
    course.write("refused/amy/small.py", RIGHT)
    assignment = load_assignment(find_course(course.root), "small")
    made_of = {**parts_of(assignment), "torch": "1.0", "machine": "another"}

    with pytest.raises(GraderError, match=r"would grade otherwise: torch is [\d.+a-z]+ there, 1\.0 here;"):
        grade(cluster.address, assignment, made_of, course.root / "refused")


def grade(address, assignment, made_of, folder):
    grade_on(
        address,
        assignment,
        discover([str(folder)]),
        mode=SandboxMode.AUTO,
        made_of=made_of,
        each=lambda *_: None,
        confined=lambda _: None,
        machine=lambda _: None,
        say=lambda _: None,
    )


def test_without_dask_the_line_that_installs_it_is_said(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assignment = load_assignment(find_course(course.root), "small")

    with pytest.raises(UsageError, match=r"distributed is missing: pip install 'chainrule\[cluster\]'"):
        grade("tcp://127.0.0.1:1", assignment, {}, course.root)


def test_address_that_is_none_is_said(course):
    assignment = load_assignment(find_course(course.root), "small")

    with pytest.raises(UsageError, match=r"--cluster nowhere://x: no scheduler of dask answers there"):
        grade("nowhere://x", assignment, {}, course.root)
