"""A course of small exercises with visible tests, for what `check` says of them."""

from small_course import SmallCourse

from grader.course.reading import find_course, load_assignment

ASSIGNMENT = """
title = "Small"

[[exercise]]
name = "double"
points = 4
title = "Twice <as> much & more"
hint = "Add it to itself."

[[exercise]]
name = "mean_square"
points = 1
uses = ["double"]
title = "The mean of squares"
hint = "Square first."

[[exercise]]
name = "Scale"
points = 2.5
title = "A class"
hint = "Keep the factor."

[[exercise]]
name = "untested"
points = 1
"""
REFERENCE = '''
# %% [markdown]
# `double`, then `mean_square`, then `Scale`

# %%
import torch

# %%
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% tags=["demonstration"]
print(double(torch.tensor([1.0])))

# %%
def mean_square(x):
    ### BEGIN SOLUTION
    return (x * x).mean()
    ### END SOLUTION

# %%
class Scale:
    """Multiply by a factor."""

    def __init__(self, factor):
        ### BEGIN SOLUTION
        self.factor = factor
        ### END SOLUTION

    def __call__(self, x):
        ### BEGIN SOLUTION
        return self.factor * x
        ### END SOLUTION

# %%
def untested(x):
    ### BEGIN SOLUTION
    return x
    ### END SOLUTION
'''
VISIBLE = """
import warnings

import pytest
import torch
from exercises import HINTS, answer, expect, function_of, load, trying

student = load("small")

@pytest.mark.double
@pytest.mark.parametrize("number", [3.0, 4.0])
def test_double(number):
    warnings.warn("what a test warns of")
    answer(student, "double", {"x": torch.tensor([number])}, torch.tensor([2 * number]), hint=HINTS["double"])

@pytest.mark.mean_square
def test_mean_square():
    answer(student, "mean_square", {"x": torch.tensor([3.0])}, torch.tensor(9.0))

@pytest.mark.Scale
@pytest.mark.parametrize("factor", range(2, 9))
def test_scale(factor):
    with trying("Scale", f"Scale({factor})(5)"):
        value = function_of(student, "Scale")(factor)(torch.tensor([5.0]))
    expect("Scale", {}, value, torch.tensor([5.0 * factor]))
"""


def assignment_in(folder):
    made = SmallCourse(folder)
    made.write("solutions/small/assignment.toml", ASSIGNMENT)
    made.write("solutions/small/small.py", REFERENCE)
    made.write("solutions/small/test_small.py", VISIBLE)
    return load_assignment(find_course(made.root), "small")
