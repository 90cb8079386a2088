"""An explanation speaks of code only where the source bears it out; every pattern is borne out by its own variant."""

from pathlib import Path

import pytest

from grader.course.catalogue import read_catalogue
from grader.course.reading import find_course, load_assignment
from grader.syntax.statements import Cell, split
from grader.worker.patterns import bears_out

COURSE = find_course(Path(__file__).parents[2])


def found(source, *patterns, others=()):
    return bears_out(split([Cell(filename="a.py", text=source)]), "f", list(others), patterns)


@pytest.mark.parametrize(
    ("pattern", "source", "there"),
    [
        ("no_grad", "def f(x):\n    with torch.no_grad():\n        return x", True),
        ("no_grad", "def f(x):\n    return x.detach()  # no_grad", False),
        ("retain_graph", "def f(x):\n    x.backward(retain_graph=True)", True),
        ("_p = _p - _", "def f(p):\n    p = p - 2 * p.grad", True),
        ("_p = _p - _", "def f(p):\n    q = p - 2 * p.grad", False),
        ("_p = _ - _", "def f(p):\n    q = p - 2 * p.grad", True),
        ("_a, _b = _p", "def f(p):\n    w, b = p", True),
        ("_a, _b = _p", "def f(p):\n    w = p", False),
        ("_.zero_()", "def f(p):\n    p.grad.zero_()", True),
        ("_.zero_()", "def f(p):\n    p.grad.zero_(1)", False),
        ("pass", "def f(p):\n    pass", True),
    ],
)
def test_pattern_is_found_where_it_is(pattern, source, there):
    assert found(source, pattern) is there


def test_pattern_is_looked_for_in_helpers_and_in_no_other_exercise():
    source = "def helper(x):\n    return x.item()\ndef f(x):\n    return helper(x)"

    assert found(source, "item")
    assert not found(source, "item", others=["helper"])


def test_source_that_does_not_parse_bears_out_nothing():
    assert not found("def f(x:\n    item", "item")


@pytest.mark.parametrize("name", COURSE.names)
def test_every_variant_bears_out_its_own_patterns(name):
    for item in read_catalogue(load_assignment(COURSE, name)):
        if item.patterns:
            statements = split([Cell(filename="a.py", text=item.source)])
            assert bears_out(statements, item.exercise, [], item.patterns), item.id


def test_step_that_is_left_empty_is_told_of_no_code_that_is_not_there(small_course):
    catalogue = (
        "import torch\nfrom grader.course.catalogue import misconception\n\n"
        '@misconception("M1", name="n", explanation="no_grad ...", patterns=("no_grad",))\n'
        "def double(x):\n    with torch.no_grad():\n        return 3 * x\n\n"
        '@misconception("M2", name="n", explanation="It is three times x.")\n'
        "def double(x):\n    return x + x + x\n"
    )
    small_course.write("solutions/small/misconceptions.py", catalogue)

    graded = small_course.grade(
        other="def double(x):\n    return 3 * x\n",
        same="import torch\ndef double(x):\n    with torch.no_grad():\n        return 3 * x\n",
    )

    said = {name: report.exercises[0].diagnosis[0].misconception for name, report in graded.items()}
    assert said == {"other": "M2", "same": "M1"}
