"""What a killed process leaves: temporary folders and half-written files, which the next run removes, and a result."""

import os
import signal
import subprocess
import sys

import pytest

from grader.sandbox.mode import SandboxMode
from grader.sandbox.scratch import Scratch, sweep
from grader.sandbox.worker import WorkerDied
from grader.sandbox.zygote import Zygote
from grader.whole import remove_halves, write_whole

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def run_in_its_own_process(code, folder):
    environment = {**os.environ, "TMPDIR": str(folder)}
    return subprocess.run([sys.executable, "-c", code], env=environment, check=False, timeout=60)


def test_scratch_of_a_killed_process_is_removed_by_the_next(temporary):
    killed = "import os; from grader.sandbox.scratch import Scratch; Scratch(); os.kill(os.getpid(), 9)"
    run_in_its_own_process(killed, temporary)
    left = list(temporary.iterdir())

    scratch = Scratch()

    assert len(left) == 1
    assert list(temporary.iterdir()) == [scratch.path]
    scratch.remove()
    assert not list(temporary.iterdir())


def test_scratch_of_a_process_that_lives_stays(temporary):
    scratch = Scratch()
    (scratch.path / "private").mkdir()

    run_in_its_own_process("from grader.sandbox.scratch import sweep; sweep()", temporary)

    assert (scratch.path / "private").is_dir()
    scratch.remove()


def test_scratch_sweeps_nothing_that_is_not_its_own(temporary):
    (temporary / "chainrule-projects").mkdir()
    (temporary / "chainrule-link").symlink_to(temporary / "chainrule-projects")

    sweep()

    assert len(list(temporary.iterdir())) == 2


def test_worker_that_was_killed_is_counted_so_that_its_result_is_not_kept():
    before = WorkerDied.killed

    with Zygote(mode=SandboxMode.AUTO, memory=2**29, file_size=2**20) as zygote:
        worker = zygote.spawn(cpu_seconds=30)
        os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(WorkerDied):
            worker.request({"op": "load"}, cpu_seconds=5, wall_seconds=20)

    assert WorkerDied.killed == before + 1


def test_half_written_file_of_a_killed_process_is_removed(tmp_path):
    (tmp_path / ".writing-abc").write_text("half")
    write_whole(tmp_path / "whole", b"whole")

    remove_halves(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_half_written_file_stays_while_it_is_written(tmp_path, monkeypatch):
    replace = os.replace

    def sweep_first(*paths):
        remove_halves(tmp_path)
        replace(*paths)

    monkeypatch.setattr("os.replace", sweep_first)
    write_whole(tmp_path / "whole", b"whole")

    assert (tmp_path / "whole").read_bytes() == b"whole"
