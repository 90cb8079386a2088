"""A lesson with all that one may hold, and how to change it."""

from grader.course.reading import find_course, load_assignment

ASSIGNMENT = """
[[exercise]]
name = "double"
points = 4

[[exercise]]
name = "Scale"
points = 2
"""
GIVEN = 'given = ["helper"]\n' + ASSIGNMENT
LESSON = '''\
# PRIVATE canary-of-a-test
# %% [markdown]
# # A lesson
#
#     indented
# ## `double`

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
shown = double(torch.tensor([2.0]))

# %% [markdown]
# ## `Scale`

# %%
def helper(x):
    return x * x

# %%
class Scale:
    """Multiply the square by a factor."""

    def __init__(self, factor):
        ### BEGIN SOLUTION
        self.factor = factor
        ### END SOLUTION

    def __call__(self, x):

        ### BEGIN SOLUTION
        squared = helper(x)

        return squared * self.factor
        ### END SOLUTION

# %% [markdown]
# The end.
'''


def replaced(old, new, text=LESSON):
    assert old in text
    return text.replace(old, new, 1)


def line_of(part, text=LESSON):
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


def lesson_in(course, text=LESSON, toml=ASSIGNMENT):
    course.write("solutions/small/assignment.toml", toml)
    course.root.joinpath("solutions/small/small.py").write_text(text, "utf-8")
    return load_assignment(find_course(course.root), "small")
