"""Formulas of a lesson: plain in the stub, mathematics in the notebook, and what is wrong in one is named."""

import json
import re
from pathlib import Path

import pytest
from lessons import LESSON, lesson_in, line_of, replaced

from grader.course.lesson import CellKind, read_lesson
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError
from grader.handout.notebook import notebook
from grader.handout.release import stub

COURSE = find_course(Path(__file__).parents[2])
PLACE = "#     indented\n"


@pytest.fixture
def lesson(small_course):
    """Return a function that puts a lesson with these lines of text into the course, and returns its assignment."""

    def write(*lines):
        return lesson_in(small_course, replaced(PLACE, "".join(f"# {line}\n" for line in lines)))

    return write


def shown(assignment):
    """Return the first text of the notebook."""
    return "".join(json.loads(notebook(assignment))["cells"][0]["source"])


@pytest.mark.parametrize(
    ("lines", "plain", "mathematics"),
    [
        pytest.param(
            [r"The loss is `mean of e^2`$\frac{1}{N} \sum_i e_i^2$, a number."],
            "The loss is `mean of e^2`, a number.",
            r"The loss is $\frac{1}{N} \sum_i e_i^2$, a number.",
            id="behind",
        ),
        pytest.param(
            ["- `dL/dw`", r"  $\frac{\partial L}{\partial w}$ is it."],
            "- `dL/dw`\n#   is it.",
            r"- $\frac{\partial L}{\partial w}$ is it.",
            id="on the next line",
        ),
        pytest.param(
            ["It is `a b`", r"$a \cdot b$, where `b`", "$b$ is", "`2`", "$2$."],
            "It is `a b`,\n# where `b`\n# is\n# `2`.",
            r"It is $a \cdot b$, where $b$ is" + "\n$2$.",
            id="three, with marks behind",
        ),
        pytest.param(["`x` and `y`"], "`x` and `y`", "`x` and `y`", id="code alone"),
        pytest.param(["`x`$x$ and `y`$y$"], "`x` and `y`", "$x$ and $y$", id="two in a line"),
        pytest.param([r"`{x}`$\left\{ x \right\}$"], "`{x}`", r"$\left\{ x \right\}$", id="a bracket that is shown"),
    ],
)
def test_formula_is_plain_in_the_stub_and_mathematics_in_the_notebook(lesson, lines, plain, mathematics):
    assignment = lesson(*lines)

    assert f"\n# {plain}\n" in stub(assignment)
    assert f"\n{mathematics}\n" in shown(assignment)


def test_dollar_in_code_is_no_formula(small_course):
    text = replaced("shown = double", 'price = "`5`$"\nshown = double')

    assert '"`5`$"' in lesson_in(small_course, text).reference.read_text("utf-8")
    assert any("`5`$" in cell.text for cell in read_lesson(lesson_in(small_course, text)))


@pytest.mark.parametrize(
    ("lines", "at", "said"),
    [
        pytest.param(["one", "costs 5 $"], "costs", "belongs to no formula", id="a price"),
        pytest.param(["only $x^2$ here"], "only", "belongs to no formula", id="no plain form"),
        pytest.param(["`x^2` $x^2$"], "`x^2`", "belongs to no formula", id="a space between"),
        pytest.param(["`x^2`$x^2", "more"], "`x^2`", "belongs to no formula", id="never closed"),
        pytest.param(["`x^2`$x", "+ 1$"], "`x^2`", "belongs to no formula", id="over two lines"),
        pytest.param(["`x^2`$x^2$$"], "`x^2`", "belongs to no formula", id="a third dollar"),
        pytest.param(["`x`$x$", "`y`", "$y$", "a $"], "a $", "belongs to no formula", id="behind right ones"),
        pytest.param(["`x^2`$$"], "`x^2`", "is empty", id="empty"),
        pytest.param(["`x^2`$ x^2$"], "`x^2`", "a space", id="begins with a space"),
        pytest.param(["`x^2`$x^2 $"], "`x^2`", "a space", id="ends with a space"),
        pytest.param(["`x`", r"$\frac{1}{N$"], r"$\frac", "brace", id="open brace"),
        pytest.param([r"`x`$x}{$"], "`x`", "brace", id="brace in the wrong order"),
        pytest.param([r"`x`$\{ x }$"], "`x`", "brace", id="brace that is shown closes none"),
        pytest.param([r"`x`$\left( x$"], "`x`", "partner", id="left alone"),
        pytest.param([r"`x`$x \right)$"], "`x`", "partner", id="right alone"),
    ],
)
def test_wrong_formula_is_named_with_its_line(lesson, lines, at, said):
    assignment = lesson(*lines)

    with pytest.raises(CourseError, match=said) as caught:
        read_lesson(assignment)

    where = line_of(f"# {lines[[at in line for line in lines].index(True)]}", assignment.reference.read_text("utf-8"))
    assert f"small.py:{where}: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_arrow_is_no_bracket(lesson):
    assert r"$x \leftarrow 1$" in shown(lesson(r"`x <- 1`$x \leftarrow 1$"))


@pytest.mark.parametrize("name", COURSE.names)
def test_stub_has_no_mathematics_and_the_notebook_has_all_of_it(name):
    assignment = load_assignment(COURSE, name)
    texts = [cell for cell in read_lesson(assignment) if cell.kind is CellKind.TEXT]

    formulas = re.findall(r"\$[^$]+\$", "\n".join(cell.text for cell in texts))
    assert "$" not in re.sub(r"(?m)^(?!#).*$", "", stub(assignment))
    assert formulas == re.findall(r"\$[^$]+\$", "\n".join(cell.shown for cell in texts))


def test_lesson_without_a_formula_is_as_it_was(small_course):
    cells = read_lesson(lesson_in(small_course, LESSON))

    assert [cell.shown for cell in cells] == [cell.text for cell in cells]
