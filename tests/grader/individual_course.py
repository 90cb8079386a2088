"""A small course whose students have data of their own."""

from small_course import SmallCourse

from grader.classes.register import key_of, register
from grader.classes.roster import read_roster
from grader.course.individual import new_secret, read_author
from grader.course.reading import find_course, load_assignment
from grader.handout.individual import handouts

ASSIGNMENT = """
title = "Small"
individual = true

[[exercise]]
name = "double"
points = 4
"""
LESSON = """
# %% [markdown]
# `double`

# %%
import torch

t_u = torch.tensor([1.0, 2.5])  # readings

# %%
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""
OWN_DATA = """
def readings(chance):
    return {"t_u": [round(chance.uniform(10, 99), 1) for _ in range(2)]}


def numbers(reference, t_u):
    return {"2.0, 5.00": reference.double(t_u)}
"""
VISIBLE = """
import pytest
import torch
from exercises import answer, load

student = load("small")
T_U = torch.tensor([1.0, 2.5])


@pytest.mark.double
def test_double():
    answer(student, "double", {"x": T_U}, torch.tensor([2.0, 5.00]))  # and no 12.0, 5.00, nor 2.0, 5.001
"""
SUITE = """
import torch
from grader.suite import Kind, Tolerance, agree, check, known, readings

TIGHT = Tolerance(float32=1e-3, float64=1e-3, reason="as printed")

@check("double", "values")
def test_double_values(student):
    x = torch.tensor([3.0])
    agree("double", {"x": x}, student.double(x), 2 * x, tolerance=TIGHT)

@check("double", "the lecture's: 2 and 5", kind=Kind.KNOWN, visible=True, own_title="your own")
def test_double_known(student):
    x = torch.tensor((readings() or {"t_u": [1.0, 2.5]})["t_u"])
    agree("double", {"x": x}, student.double(x), torch.tensor(known([2.0, 5.0])), tolerance=TIGHT)
"""
ROSTER = """\
name,login
"Berg, Anna",aberg
"Ott, Ben",bott
"Díaz, Clara",cdiaz
"Eriksen, Dag",deriksen
"Ferro, Emma",eferro
"""
STUB = 'raise NotImplementedError("write your code here")'
SOLVED = "return 2 * x"


class IndividualCourse(SmallCourse):
    """The course; `hand_out` gives five students their data."""

    def __init__(self, root):
        super().__init__(root)
        self.write("solutions/small/assignment.toml", ASSIGNMENT)
        self.write("solutions/small/small.py", LESSON)
        self.write("solutions/small/individual.py", OWN_DATA)
        self.write("solutions/small/test_small.py", VISIBLE)
        self.write("tests/hidden/test_small.py", SUITE)
        self.roster = self.write("roster.csv", ROSTER)

    @property
    def assignment(self):
        return load_assignment(find_course(self.root), "small")

    def hand_out(self, roster=None):
        """Return the texts of each student by the folder's name, after they were entered into the register."""
        handed = self.handed(roster)
        return {
            folder: {name: data.decode() for name, data in files.items() if not name.endswith(".mo")}
            for folder, files in handed.items()
        }

    def handed(self, roster=None):
        """Return the files of each student as bytes."""
        path = self.roster if roster is None else self.write("other.csv", roster)
        students = register(self.assignment.course, read_roster(path), path)
        return {item.folder: item.files for item in handouts([self.assignment], students, path)}

    def readings_of(self, login):
        (student,) = (item for item in read_roster(self.roster) if item.login == login)
        return read_author(self.assignment).readings(new_secret(self.assignment.course), key_of(student))["t_u"]
