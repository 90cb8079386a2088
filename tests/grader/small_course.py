"""A course of one small exercise, for tests that need limits, suites or faults of their own."""

import textwrap

from grader.course.reading import find_course
from grader.judge.parallel import grade_all
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

ASSIGNMENT = """
title = "Small"
not_allowed = ["torch.autograd", "torch.func", "torch.optim", "torch.Tensor.backward"]
gradients = false

[limits]
call_seconds = 0.5
exercise_seconds = 1.0
load_seconds = 1.5
wall_factor = 3

[[exercise]]
name = "double"
points = 4

[[exercise]]
name = "mean_square"
points = 2
uses = ["double"]
"""

REFERENCE = """
# %%
import torch

# %%
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %%
def mean_square(x):
    ### BEGIN SOLUTION
    return (x * x).mean()
    ### END SOLUTION
"""

SUITE = """
import torch
from hypothesis import given, strategies as st
from grader.suite import Kind, Tolerance, agree, check

TIGHT = Tolerance(float32=1e-6, float64=1e-9, reason="one product")
numbers = st.lists(st.integers(2, 9), min_size=1, max_size=9)
tensors = numbers.map(lambda found: torch.tensor(found, dtype=torch.float64))

@check("double", "values", weight=2)
@given(x=tensors)
def test_double_values(student, x):
    agree("double", {"x": x}, student.double(x), 2 * x, tolerance=TIGHT)

@check("double", "the known one", kind=Kind.KNOWN, visible=True)
def test_double_known(student):
    x = torch.tensor([3.0])
    agree("double", {"x": x}, student.double(x), 2 * x, tolerance=TIGHT)

@check("double", "called again", kind=Kind.FORM)
def test_double_again(student):
    x = torch.tensor([3.0, 4.0])
    assert torch.equal(student.double(x), student.double(x))

@check("mean_square", "values", weight=1)
@given(x=tensors)
def test_mean_square_values(student, x):
    agree("mean_square", {"x": x}, student.mean_square(x), (x * x).mean(), tolerance=TIGHT)
"""


class SmallCourse:
    """A course in a folder of its own; `grade` takes sources by name and returns reports by name."""

    def __init__(self, root):
        self.root = root
        self.write("solutions/small/assignment.toml", ASSIGNMENT)
        self.write("solutions/small/small.py", REFERENCE)
        self.write("solutions/small/test_small.py", "")
        self.write("tests/hidden/test_small.py", SUITE)

    def be_patient(self):
        """Raise the limits, so that what is right ends in time on a busy machine, too."""
        for limit, short, long in (("call", 0.5, 20), ("exercise", 1.0, 40), ("load", 1.5, 60)):
            self.edit("solutions/small/assignment.toml", f"{limit}_seconds = {short}", f"{limit}_seconds = {long}")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    def edit(self, name, old, new):
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def grade(self, *, mode=SandboxMode.AUTO, **sources):
        for name, source in sources.items():
            self.write(f"class/{name}/small.py", source)
        found = {}
        grade_all(
            find_course(self.root),
            "small",
            discover([str(self.root / "class")]),
            mode=mode,
            each=lambda item, report: found.__setitem__(item.path.name, report),
        )
        return found
