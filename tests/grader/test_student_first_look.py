"""What a watch says of a save before the cells that train have run, and that nothing of it is kept."""

import time

import pytest
from watching import Watch

from grader.course.reading import find_course
from grader.handout.release import hand_out
from grader.kit.later import can_wait
from grader.syntax.statements import Cell, split

ASSIGNMENT = """
title = "Small"

[[exercise]]
name = "double"
points = 4
hint = "Add it to itself."

[[exercise]]
name = "mean_square"
points = 2
hint = "Square first."
uses = ["double"]
"""
VISIBLE = """
import pytest
import torch
from exercises import HINTS, answer, load

student = load("small")

@pytest.mark.double
def test_double():
    answer(student, "double", {"x": torch.tensor([3.0, 4.0])}, torch.tensor([6.0, 8.0]), hint=HINTS["double"])

@pytest.mark.mean_square
def test_mean_square():
    answer(student, "mean_square", {"x": torch.tensor([3.0])}, torch.tensor(9.0), hint=HINTS["mean_square"])
"""
TRAINS = """\
import torch
import time
FACTOR = 2
def double(x):
    return FACTOR * x
def mean_square(x):
    return (x * x).mean()
for _ in range(2):
    time.sleep(0.4)
"""
LOOK = "A first look, before line 1 and 2 more statements have run; the whole follows.\n"


@pytest.fixture(scope="module")
def watch(tmp_path_factory):
    from small_course import SmallCourse

    made = SmallCourse(tmp_path_factory.mktemp("course"))
    made.write("solutions/small/assignment.toml", ASSIGNMENT)
    made.write("solutions/small/test_small.py", VISIBLE)
    root = tmp_path_factory.mktemp("watched")
    hand_out(find_course(made.root), ["small"], root)
    (root / "small" / "small.py").write_text(TRAINS)
    watch = Watch(root)
    watch.whole()
    yield watch
    watch.close()


def save_until_looked_at(watch, text):
    """Save until a first look is taken, and return what is said.

    It takes two processes that are ready, and training that takes longer than the look, which hangs on the machine.
    """
    assert "sleep(0.4)" in text
    for number in range(10):
        time.sleep(number)  # a save that comes too soon takes what was almost ready
        longer = text.replace("sleep(0.4)", f"sleep({0.4 * (1 + number):.1f})")
        watch.save(longer.replace("def double(x):", f"def double(x):\n    # {number}"))
        said = watch.whole()
        if "A first look" in said:
            return said
    raise AssertionError(said)


def test_exercise_is_told_before_what_trains_has_run_and_not_again_after(watch):
    said = save_until_looked_at(watch, TRAINS.replace("FACTOR * x", "FACTOR * x * x"))

    first, whole = said.split(LOOK)
    assert "is the square of `x`, times 2\n  you called   double(x=tensor([3., 4.]))\n" in first
    assert whole.startswith("tested: small.py")
    assert "  done, 1 of 2     mean_square\n" in whole
    assert "you called" not in whole


def test_what_is_another_when_all_has_run_is_said_so(watch):
    moved = "for _ in range(2):\n    time.sleep(0.4)\n    globals().update(FACTOR=3)\n"

    said = save_until_looked_at(watch, TRAINS[: TRAINS.index("for ")] + moved)

    first, whole = said.split(LOOK)
    assert "double is right.\n" in first
    assert whole.startswith(
        "Now that your whole file has run:\ndouble: in all 7 calls that were tried it is `x`, times 3\n"
    )
    assert "  done, 1 of 2     mean_square\n" in whole


# What can wait.

FILE = """\
from __future__ import annotations
import math
import torch
import matplotlib.pyplot as plt
DATA = torch.ones(3)
scale = math.sqrt(4)
torch.manual_seed(0)
def own(x):
    return DATA * x
def train(steps):
    w = 1.0
    for _ in range(steps):
        w = w * own(w)
    return w
best = train(5000)
print(best)
plt.plot(DATA)
DATA.add_(own(2))
scale = train(1) if False else scale
for w in range(3):
    print(w)
print("done")
def late(x):
    return scale * x
"""


def test_only_what_no_exercise_needs_can_wait():
    found = can_wait(split([Cell(filename="small.py", text=FILE)]), ["train", "late"])

    lines = FILE.splitlines()
    assert [lines[item.first - 1] for item in found] == [
        "import matplotlib.pyplot as plt",
        "best = train(5000)",
        "print(best)",
        "plt.plot(DATA)",
        "for w in range(3):",
    ]
