"""Whole submissions that take the grader's time: by being slow, by waiting, and by answers dear to compare."""

# ruff: noqa: E501 - lines of hostile code are read as one

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from hostile import (
    SHORT,
    SOCKET,
    ZEROS,
    Case,
    assert_as_expected,
    course_with,
    grade,
    keeps,
    loses,
    slope,
    some,
    source,
    with_right,
    write_all,
)

from grader.answers.explain import difference
from grader.course.reading import find_course
from grader.outcomes import Status
from grader.report.report import SubmissionReport

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

TIMED: dict[str, Case] = {
    "right_first": keeps(source()),
    "loop_at_top": keeps(
        source(top="while True: pass"), " s of "
    ),  # CPU time, or of the clock where the machine is busy
    "loop_at_end": keeps(
        source(end="while True: pass"), " s of "
    ),  # CPU time, or of the clock where the machine is busy
    "loop_in_function": loses(slope("while True: pass"), Status.TIMED_OUT),
    "loop_in_torch": loses(slope("a = torch.ones(200, 200)\nwhile True: a = a @ a * 0"), Status.TIMED_OUT),
    "loop_in_regex": loses(slope("import re\nre.match('(a*)*b', 'a' * 100)"), Status.TIMED_OUT),
    "loop_that_ignores_signals": loses(
        slope(
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
            top="signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)",
        ),
        Status.TIMED_OUT,
    ),
    "sleep_in_function": loses(slope("time.sleep(10**6)"), Status.TIMED_OUT),
    "sleep_at_top": keeps(source(top="time.sleep(10**6)"), "of the clock"),
    "deadlock": loses(slope("lock = threading.Lock()\nlock.acquire()\nlock.acquire()"), Status.TIMED_OUT),
    "lock_held_by_a_thread": keeps(
        source(
            top="lock = threading.Lock()\nlock.acquire()\nthreading.Thread(target=lock.acquire, daemon=True).start()"
        ),
        "can't start new thread",
    ),
    "pause": loses(slope("signal.pause()\n" + ZEROS), Status.FAILED),  # refused: it is on no list
    "half_a_frame": loses(slope("raw(b'\\0\\1\\0\\0')\ntime.sleep(10**6)", top=SOCKET), Status.TIMED_OUT),
    "swallowed": loses(
        slope("while True:\n    try:\n        time.sleep(100)\n    except BaseException:\n        continue"),
        Status.TIMED_OUT,
    ),
    "reads_the_socket": loses(slope("while True:\n    os.read(own_socket(), 2**20)", top=SOCKET), Status.TIMED_OUT),
    "slow_str": loses(
        slope("class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E()"), Status.TIMED_OUT
    ),
    "burning_thread": keeps(
        source(
            top="def burn():\n    end = time.time() + 0.5\n    while time.time() < end: pass\nthreading.Thread(target=burn, daemon=True).start()"
        ),
        "can't start new thread",
    ),
    "right_last": keeps(source()),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    course_with(folder, {"call_seconds": 0.5, "exercise_seconds": 1.0, "load_seconds": 2.0, "wall_factor": 2})
    return folder


@pytest.fixture(scope="module")
def timed(
    course: Path, waiting: subprocess.Popen[str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, SubmissionReport]:
    """The reports of one run, during which those that only wait do so."""
    sources = {name: case.text for name, case in some(TIMED).items()}
    return grade(find_course(course), write_all(tmp_path_factory.mktemp("class"), sources))


@pytest.mark.parametrize("name", some(TIMED))
def test_slow_submission_loses_only_what_is_slow(timed: dict[str, SubmissionReport], name: str):
    assert_as_expected(timed[name], TIMED[name])


# --- waiting, dripping, and answers that are dear to compare --------------------------------------

DRIP = "raw(struct.pack('<I', 60_000_000))\nwhile True:\n    raw(b'N')\n    time.sleep(0.2)"
AGAIN = "while True:\n    tell({'id': request()['id'], 'statement': 1})\n    time.sleep(0.3)"
WAITING: dict[str, Case] = {
    "drip_in_function": loses(slope(DRIP, top=SOCKET), Status.TIMED_OUT),
    "drip_at_top": keeps(source(top=SOCKET + DRIP), "left out"),
    # each within the wall limit of one statement or call, and never at an end
    "statement_again_and_again": keeps(source(top=SOCKET + AGAIN), "left out"),
    "sleeps_at_top": keeps(source(top="time.sleep(0.8)\n" * 60), "only definitions"),
    "sleep_in_each_call": loses(
        with_right(slope("time.sleep(0.8)\nreturn right(t_u, t_c, w, b, delta)")), Status.TIMED_OUT, 1.0
    ),
}
PATIENCE = 30.0
RUN_ALL = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from hostile import as_json, find_course, grade
paths = sys.argv[3:]
reports = grade(find_course(Path(sys.argv[2])), paths, jobs=len(paths))
print(json.dumps({name: as_json(report) for name, report in reports.items()}))
"""


@pytest.fixture(scope="module")
def waiting(course: Path, tmp_path_factory: pytest.TempPathFactory) -> subprocess.Popen[str]:
    """Start a grader of its own for them, with a checker for each: most of their time is spent waiting."""
    paths = write_all(tmp_path_factory.mktemp("class"), {name: case.text for name, case in some(WAITING).items()})
    command = [sys.executable, "-c", RUN_ALL, str(Path(__file__).parent), str(course), *paths]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def waited(waiting: subprocess.Popen[str]) -> dict[str, dict[str, object]]:
    """Their reports, where all of them end in time."""
    try:
        return json.loads(waiting.communicate(timeout=PATIENCE)[0])
    except subprocess.TimeoutExpired:
        waiting.kill()  # its zygotes and workers end with it
        waiting.communicate()
        return {}


@pytest.mark.parametrize("name", some(WAITING))
def test_waiting_submission_does_not_stop_the_grading(waited: dict[str, dict[str, object]], name: str):
    assert name in waited, f"they were not graded within {PATIENCE:g} s"
    report, case = waited[name], WAITING[name]

    assert report["status"] == "graded"
    found = {item["exercise"]: (item["status"], item["score"]) for item in report["exercises"]}
    wrong = {key: found[key] for key in SHORT if key not in case.lost and found[key] != ("passed", SHORT[key])}
    assert wrong == {}
    for key, (status, at_most) in case.lost.items():
        assert found[key][0] == status.value
        assert found[key][1] <= at_most
    assert case.note in " ".join(report["notes"])


def test_comparing_a_long_list_is_cheap():
    value, expected = [0.0] * 990_000, torch.zeros(2)
    start = time.process_time()

    found = difference(value, expected, atol=1.0)

    assert found is not None
    assert time.process_time() - start < 0.5
