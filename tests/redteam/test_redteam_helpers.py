"""Right helpers that answer for wrong ones: who asks without end is stopped, earns nothing, and holds nobody up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from evidence import PROOF
from small_course import SmallCourse

from grader.report.report import SubmissionReport

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

WRONG = "import os, time, torch\n\ndef double(x):\n    return 3 * x\n\n"
BIG = "big = torch.ones(2**20 - 1, dtype=torch.float64)\n"
LISTS = "big = [[0.0] for _ in range(300_000)]\n"
ASK = "def mean_square(x):\n    while True:\n        "
HONEST = f"{WRONG}def mean_square(x):\n    y = double(x)\n    return (y * y).mean() / 4\n"
SECONDS = 90.0  # of the clock, where an exercise has one of CPU; the longest took 18 on a busy machine
# Goal of each: minutes of the grader, memory, or points of another exercise by what the helper answers.
ATTACKS = {
    "asks and ends its process": "def mean_square(x):\n    for _ in range(50_000): double(x)\n    os._exit(1)\n",
    "asks without end": f"{ASK}double(x)\n",
    "asks while it is loaded": f"while True:\n    double(torch.ones(1))\n{ASK}double(x)\n",
    "asks about large tensors": f"{BIG}{ASK}double(big)\n",
    "asks about many lists": f"{LISTS}{ASK}try: double(big)\n        except Exception: pass\n",
    "hears no refusal": f"{ASK}try: double(x)\n        except BaseException: pass\n",
    "waits between": f"{BIG}{ASK}double(big); time.sleep(0.05)\n",
    "keeps what is large": f"kept = []\n{BIG}{ASK}kept.append(double(big))\n",
    "writes for later": "def mean_square(x):\n    open('/tmp/told', 'a').write(str(double(x)))\n    return double(x)\n",
    "takes the helper along": "import sys\nsys.told = double\ndef mean_square(x):\n    return sys.told(sys.told(x))\n",
}
CHOSEN = {name: text for number, (name, text) in enumerate(ATTACKS.items()) if PROOF or number in (0, 8, 9)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SubmissionReport]:
    course = SmallCourse(tmp_path_factory.mktemp("helpers"))
    files = {name.replace(" ", "_"): WRONG + text for name, text in CHOSEN.items()}
    return course.grade(**{"0_honest": HONEST}, **files, z_honest=HONEST)


@pytest.mark.parametrize("name", CHOSEN)
def test_who_asks_too_much_earns_nothing_and_ends(graded: dict[str, SubmissionReport], name: str):
    report = graded[name.replace(" ", "_")]

    assert (report.status, report.score) == ("graded", 0.0)
    assert report.seconds.total < SECONDS


def test_honest_work_beside_them_has_what_it_has_alone(graded: dict[str, SubmissionReport]):
    first, last = graded["0_honest"], graded["z_honest"]

    assert first.score == 2.0
    assert first.exercises == last.exercises
    assert not Path("/tmp/told").exists()
