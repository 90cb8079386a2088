"""What a save has changed, and which answers it leaves as they were."""

import types

import pytest

from grader.kit.marks import Marks

TEXT = """\
FACTOR = 2

def half(x):
    return x / 2

def double(x):
    return FACTOR * x

def quarter(x):
    return half(half(x))

def loop(x):
    return double(quarter(x))
"""
EXERCISES = ["double", "quarter", "loop"]


@pytest.fixture
def marks(tmp_path):
    """Return a function that gives the marks of a text of the student's."""

    def read(text, *, tests=""):
        (tmp_path / "test_small.py").write_text(tests)
        (tmp_path / "small.py").write_text(text)
        module = types.ModuleType("small")
        module.__file__ = str(tmp_path / "small.py")
        exec(text, vars(module))
        return Marks(vars(module), EXERCISES, tmp_path / "test_small.py")

    return read


def different(before, after):
    return [name for name in EXERCISES if before[name] != after[name]]


@pytest.mark.parametrize(
    ("old", "new", "changed", "felt"),
    [
        ("", "", [], []),
        ("half(half(x))", "half(half(half(x)))", ["quarter"], ["quarter", "loop"]),
        ("return FACTOR * x", "return FACTOR * x  # a note", ["double"], ["double", "loop"]),
        ("def double", "@staticmethod\ndef double", ["double"], ["double", "loop"]),
        ("return x / 2", "return x / 4", ["quarter"], EXERCISES),
        ("FACTOR = 2", "FACTOR = 3", ["double"], EXERCISES),
        ("FACTOR = 2", "FACTOR = 2\nimport math", [], EXERCISES),
        ("def half", "# The half.\n\n\ndef half", [], []),
    ],
)
def test_marks_change_with_what_an_exercise_is_made_of(marks, old, new, changed, felt):
    before, after = marks(TEXT), marks(TEXT.replace(old, new, 1))

    assert different(before.own(), after.own()) == changed
    assert different(before.whole(), after.whole()) == felt


def test_marks_of_answers_change_with_the_tests(marks):
    before, after = marks(TEXT), marks(TEXT, tests="import torch")

    assert different(before.own(), after.own()) == []
    assert different(before.whole(), after.whole()) == EXERCISES
