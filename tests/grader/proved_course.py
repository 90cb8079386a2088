"""A course of three exercises that `grader verify` holds to be right, and what it finds where a mistake is put in."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

from small_course import SmallCourse

from grader.authoring.proving import prove
from grader.course.reading import find_course
from grader.handout.release import write

ROOT = Path(__file__).parents[2]
TOML, LESSON = "solutions/small/assignment.toml", "solutions/small/small.py"
VISIBLE, SUITE = "solutions/small/test_small.py", "tests/hidden/test_small.py"
README = "assignments/small/README.md"

ASSIGNMENT_TOML = """\
# PRIVATE canary-of-a-test-1f2e
title = "Small"
points = 7

[[exercise]]
name = "double"
points = 4
title = "Twice"
hint = "Add it to itself."

[[exercise]]
name = "mean_square"
points = 2
title = "The mean of the squares"
hint = "Square first."

[[exercise]]
name = "label"
points = 1
title = "A word"
hint = "Say it."
"""
LESSON_TEXT = '''\
# PRIVATE canary-of-a-test-1f2e
# %% [markdown]
# # A lesson
#
# ## `double`: twice as much

# %%
import torch

# %%
def double(x):
    """Return 2 x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% tags=["demonstration"]
print(double(torch.tensor([1.0])))

# %% [markdown]
# ## `mean_square(x)`: the mean of the squares

# %%
def mean_square(x):
    ### BEGIN SOLUTION
    return (x * x).mean()
    ### END SOLUTION

# %% [markdown]
# ## `label`: a word

# %%
def label(x):
    ### BEGIN SOLUTION
    return "positive" if bool((x > 0).all()) else "mixed"
    ### END SOLUTION
'''
VISIBLE_TESTS = """\
import pytest
import torch
from exercises import HINTS, answer, call, load

student = load("small")


@pytest.mark.double
def test_double_of_three():
    answer(student, "double", {"x": torch.tensor([3.0])}, torch.tensor([6.0]), hint=HINTS["double"])


@pytest.mark.mean_square
def test_mean_square_of_three():
    answer(student, "mean_square", {"x": torch.tensor([3.0])}, torch.tensor(9.0))


@pytest.mark.label
def test_label_of_three():
    assert call(student, "label", {"x": torch.tensor([3.0])}) == "positive"
"""
HIDDEN_SUITE = """\
# PRIVATE canary-of-a-test-1f2e
import torch
from grader.suite import Kind, Tolerance, agree, check

TIGHT = Tolerance(float32=1e-6, float64=1e-9, reason="one product")

@check("double", "values")
def test_double_values(student):
    x = torch.tensor([2.0, 5.0])
    agree("double", {"x": x}, student.double(x), 2 * x, tolerance=TIGHT)

@check("double", "the known one", kind=Kind.KNOWN, visible=True)
def test_double_known(student):
    x = torch.tensor([3.0])
    agree("double", {"x": x}, student.double(x), 2 * x, tolerance=TIGHT)

@check("mean_square", "values")
def test_mean_square_values(student):
    x = torch.tensor([2.0, 5.0])
    agree("mean_square", {"x": x}, student.mean_square(x), torch.tensor(14.5), tolerance=TIGHT)

@check("label", "values")
def test_label_values(student):
    assert student.label(torch.tensor([2.0, 5.0])) == "positive"
"""


def make(course):
    course.write(TOML, ASSIGNMENT_TOML)
    course.write(LESSON, LESSON_TEXT)
    course.write(VISIBLE, VISIBLE_TESTS)
    course.write(SUITE, HIDDEN_SUITE)
    return course


def first_findings(course, count=3):
    """Return what is found before anything runs, but for what warns: points, lesson, release."""
    found = (finding for finding in prove(find_course(course.root), "small") if finding.level != "warn")
    return list(itertools.islice(found, count))


def all_findings(folder, *edits):
    """Return every finding of a course with these mistakes, released as it is."""
    course = make(SmallCourse(folder))
    for edit in edits:
        course.edit(*edit)
    found = find_course(course.root)
    write(found, "small")
    return list(prove(found, "small"))


def failures(findings):
    return [finding.text for finding in findings if not finding.holds]


def verify(*arguments, cwd):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GRADER_", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", "grader", "verify", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
