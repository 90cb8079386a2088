"""Examples that a student writes: run against right programs, and against the catalogue of misconceptions."""

import dataclasses

import pytest
from small_course import SmallCourse

MISCONCEPTIONS = '''"""Misconceptions."""

from grader.course.catalogue import misconception


@misconception("Z1", name="adds one", explanation="You add one. Call it with 0: it says 1.")
def double(x):
    return 2 * x + 1


@misconception("Z2", name="squares", explanation="You square. Call it with 3: it says 9.")
def double(x):
    return x * x


@misconception("Z3", name="prints what it returns", explanation="It prints.")
def double(x):
    print(2 * x)
    return 2 * x
'''
TEACHING = '''"""Teaching examples."""

import torch

from grader.course.teaching import teaching

TEACHING = [teaching("double", {"x": torch.tensor([3.0, 5.0])})]
'''
ALTERNATIVES = '''"""Right ones."""

ALTERNATIVES: dict[str, str] = {
    "adds": "def double(x):\\n    return x + x\\n\\ndef mean_square(x):\\n    return (x * x).mean()\\n",
    "slow far out": "def double(x):\\n    while x.sum() > 1e6:\\n        pass\\n    return x + x\\n",
    "of floats": "def double(x):\\n    return (0.1 * x + 1.9 * x).to(x.dtype)\\n",
}
'''
GOOD = """
def examples_double():
    assert double(torch.tensor(3.0)) == 6
    assert double(torch.tensor(0.0)) == 0
"""
RIGHT = "def double(x):\n    return 2 * x\n"
LOST = RIGHT.replace("x)", "x=1 / 0)")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade all files of this suite in one run."""
    course = SmallCourse(tmp_path_factory.mktemp("small"))
    (course.root / "solutions/small/misconceptions.py").write_text(MISCONCEPTIONS)
    (course.root / "solutions/small/teaching.py").write_text(TEACHING)
    (course.root / "solutions/small/alternatives.py").write_text(ALTERNATIVES)
    return course.grade(**{name: f"import torch\n{text}" for name, text in FILES.items()})


FILES = {
    "all": GOOD,
    "one_slips": "def examples_double():\n    assert double(torch.tensor(2.0)) == 4\n",
    "none": "def examples_double():\n    pass\n",
    "wrong": "def examples_double():\n    x = torch.tensor(2.0)\n    assert double(x) == 5\n",
    "too_strict": "def examples_double():\n    assert double(torch.tensor(1.1)) == 2 * torch.tensor(1.1)\n",
    "raises": "def examples_double():\n    double('a', 'b')\n",
    "own_right": RIGHT + GOOD,
    "own_wrong": RIGHT.replace("2", "3") + GOOD,
    "leaks": "def examples_double():\n    raise type(f'is_{float(double(torch.tensor(3.0)))}', (Exception,), {})()\n",
    "endless": "def examples_double():\n    while True:\n        pass\n",
    "ends": "import os\ndef examples_double():\n    os._exit(0)\n",
    "asks_forever": "def examples_double():\n    while True:\n        double(torch.tensor(3.0))\n",
    "asks_for_long": "import contextlib\ndef examples_double():\n    with contextlib.suppress(RuntimeError):\n"
    "        double(torch.tensor(1e9))\n",
    "without": RIGHT,
    "lost": LOST,
    "lost_with_examples": LOST + GOOD,
    "of_nothing": RIGHT + "\ndef examples_triple():\n    assert False\n",
}
SAID = {
    "all": "they hold for 4 right programs and catch 2 of 2 kinds of mistake.",
    "one_slips": 'they hold for 4 right programs and catch 1 of 2 kinds of mistake; one slips through that "squares".',
    "none": 'they hold for 4 right programs and catch 0 of 2 kinds of mistake; one slips through that "adds one".',
    "wrong": "line 4, `assert double(x) == 5`, does not hold for a right program",
    "too_strict": "line 3, `assert double(torch.tensor(1.1)) == 2 * torch.tensor(1.1)`, does not hold for every right "
    "program. Where numbers are rounded otherwise, torch.allclose still holds.",
    "raises": "line 3, `double('a', 'b')`, raises TypeError for a right program",
    "own_right": "they hold for 4 right programs and catch 2 of 2 kinds of mistake. They hold for yours, too.",
    "own_wrong": "they hold for 4 right programs and catch 2 of 2 kinds of mistake. "
    "For yours line 6, `assert double(torch.tensor(3.0)) == 6`, does not hold.",
    "endless": "they took too long: ",
    "ends": "it ended its process",
    "asks_forever": "",
    "asks_for_long": "they took too long: what they ask for takes more than 1 s, of all programs together",
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_told(graded, name):
    (note,) = graded[name].examples

    assert note.startswith("your examples of `double`: " + SAID[name])


def test_name_of_an_exception_tells_nothing_of_what_was_answered(graded):
    (note,) = graded["leaks"].examples

    assert "raises an exception" in note
    assert "6.0" not in note


@pytest.mark.parametrize("name", ["without", "of_nothing", "lost"])
def test_who_has_no_examples_reads_nothing_of_them(graded, name):
    assert graded[name].examples == ()


def test_examples_change_no_grade(graded):
    def rest(name):
        item = graded[name].exercises[0]
        return [dataclasses.replace(check) for check in item.checks], item.score

    assert rest("own_right")[1] == rest("without")[1] == 4
    assert rest("all")[1] == 0


def test_examples_change_nothing_that_is_said_of_the_code(graded):
    without, beside = graded["lost"], graded["lost_with_examples"]

    assert beside.notes == without.notes != ()
    assert [item.diagnosis for item in beside.exercises] == [item.diagnosis for item in without.exercises]
    assert without.exercises[0].diagnosis[0].misconception == "does_not_load"


def test_no_line_of_a_private_program_is_told(graded):
    told = " ".join(note for report in graded.values() for note in report.examples)

    assert "x + x" not in told
    assert "2 * x + 1" not in told
    assert "prints what it returns" not in told
