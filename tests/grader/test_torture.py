"""Nothing is lost: one disturbance of benchmarks/torture.py, and what it takes for one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from evidence import PROOF

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
TABLE = '"submission","score"\n"amara","20"\n'


@pytest.fixture
def watch(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import torture_watch

    return torture_watch


@pytest.mark.skipif(not PROOF, reason="it grades a class three times: run by make proof")
def test_torture_ends_with_the_bytes_of_an_undisturbed_run():
    script = [sys.executable, BENCHMARKS / "torture.py"]

    run = subprocess.run(
        [*script, "--only", "kill -9: everything", "--seed", "5", "--seconds", "0", "--size", "3"],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    # On a machine that is slow or quick at that moment the run may have ended before: then nothing was disturbed.
    assert re.search(r"^\| all \| 1 \| [01] \| 1 \|$", run.stdout, re.MULTILINE), run.stdout


def test_torture_sees_a_result_that_is_lost_or_half(watch, tmp_path):
    (tmp_path / "amara.json").write_text("{}")
    (tmp_path / "bo.json").write_text('{"submissions": [')

    found = watch.problems(tmp_path, {"amara.json", "bo.json", "chiara.json"})

    assert found == ["lost: chiara.json", "half: bo.json"]


@pytest.mark.parametrize("cut", [1, 3, 8])
def test_torture_sees_a_table_that_is_half(watch, tmp_path, cut):
    (tmp_path / "grades.csv").write_text(TABLE[:-cut])

    assert watch.problems(tmp_path, set()) == ["half: a row of grades.csv"]


def test_torture_takes_a_whole_table_as_such(watch, tmp_path):
    (tmp_path / "grades.csv").write_text(TABLE)

    assert watch.problems(tmp_path, set()) == []
