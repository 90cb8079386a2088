"""Reading a lesson: what its cells are, what becomes of a solution, and what is given."""

import ast
from functools import partial
from pathlib import Path

import jupytext
import pytest
from lessons import GIVEN, LESSON, lesson_in, line_of, replaced

from grader.course.lesson import (
    PRIVATE_LINE,
    CellKind,
    given_source,
    read_lesson,
    reference_source,
    without_solutions,
)
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError
from grader.handout.release import stub

COURSE = find_course(Path(__file__).parents[2])


@pytest.fixture
def lesson(small_course):
    """Return a function that puts a lesson into the course, and returns its assignment."""
    return partial(lesson_in, small_course)


# Cells.


def test_cells_know_their_kind_and_their_exercise(lesson):
    cells = read_lesson(lesson())

    assert [(cell.kind.value, cell.exercise) for cell in cells] == [
        ("text", "double"),
        ("code", "double"),
        ("exercise", "double"),
        ("demonstration", "double"),
        ("text", "Scale"),
        ("code", "Scale"),
        ("exercise", "Scale"),
        ("text", ""),
    ]


def test_demonstration_before_the_first_exercise_is_of_that_one(lesson):
    text = replaced("# %%\nimport torch", '# %% tags=["demonstration"]\nprint(1)\n\n# %%\nimport torch')

    cells = read_lesson(lesson(text))

    assert [cell.exercise for cell in cells if cell.kind is CellKind.DEMONSTRATION] == ["double", "double"]


def test_cells_keep_their_lines_and_where_they_begin(lesson):
    lines = LESSON.split("\n")

    for cell in read_lesson(lesson()):
        assert list(cell.lines) == lines[cell.first - 1 : cell.first - 1 + len(cell.lines)]
        assert lines[cell.first - 2] == cell.header


def test_text_loses_its_comment_marks_and_no_more(lesson):
    first = read_lesson(lesson())[0]

    assert first.text == "# A lesson\n\n    indented\n## `double`"


def test_code_keeps_its_comments_and_loses_blank_lines_around(lesson):
    text = replaced("import torch\n", "\n# A comment.\nimport torch\n\n\n")

    code = read_lesson(lesson(text))[1]

    assert code.text == "# A comment.\nimport torch"


def test_header_may_end_in_spaces_and_lines_in_crlf(lesson):
    assignment = lesson(replaced("# %%\nimport", "# %%  \nimport"))
    assignment.reference.write_bytes(assignment.reference.read_bytes().replace(b"\n", b"\r\n"))

    cells = read_lesson(assignment)

    assert [cell.kind.value for cell in cells[:3]] == ["text", "code", "exercise"]


# What the stub gets.


def test_solution_becomes_a_placeholder_at_its_own_depth(lesson):
    cells = read_lesson(lesson())

    source = next(without_solutions(cell) for cell in cells if cell.header and cell.text.startswith("class"))

    assert source.split("\n") == [
        "class Scale:",
        '    """Multiply the square by a factor."""',
        "",
        "    def __init__(self, factor):",
        '        raise NotImplementedError("write your code here")',
        "",
        "    def __call__(self, x):",
        '        raise NotImplementedError("write your code here")',
    ]


def test_region_may_stand_in_a_branch_and_twice_in_a_function(lesson):
    body = """\
    if x is None:
        ### BEGIN SOLUTION
        return None
        ### END SOLUTION
    else:
        ### BEGIN SOLUTION
        y = 2 * x
        ### END SOLUTION
    return y
"""
    text = replaced("    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n", body)

    (source,) = [without_solutions(cell) for cell in read_lesson(lesson(text)) if cell.text.startswith("def double")]

    assert source.count("raise NotImplementedError") == 2
    assert "2 * x" not in source
    assert source.endswith("\n    return y")


def test_code_after_a_branch_that_ends_there_may_be_reached(lesson):
    body = """\
    y = 0
    if x is not None:
        ### BEGIN SOLUTION
        y = 2 * x
        ### END SOLUTION
    return y
"""
    text = replaced("    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n", body)

    assert "return y" in stub(lesson(text))


def test_demonstration_of_text_is_in_no_stub(lesson):
    text = replaced("# %% [markdown]\n# The end.", '# %% [markdown] tags=["demonstration"]\n# For the notebook alone.')

    assert "For the notebook alone." not in stub(lesson(text))


# The format.


@pytest.mark.parametrize("name", COURSE.names)
def test_lesson_has_the_cells_that_jupytext_reads_in_it(name):
    assignment = load_assignment(COURSE, name)
    text = PRIVATE_LINE.sub("", assignment.reference.read_text("utf-8"))

    theirs = jupytext.reads(text, fmt="py:percent").cells

    ours = read_lesson(assignment)
    assert [(cell["cell_type"], cell["source"], cell["metadata"].get("tags", [])) for cell in theirs] == [
        (
            "markdown" if cell.kind is CellKind.TEXT else "code",
            cell.text,
            ["demonstration"] if cell.kind is CellKind.DEMONSTRATION else [],
        )
        for cell in ours
    ]


# The reference.


def test_reference_drops_demonstrations_and_keeps_line_numbers(lesson):
    lines = reference_source(lesson()).split("\n")

    shown = range(line_of("print(double"), line_of("shown = double") + 1)
    for number, (before, after) in enumerate(zip(LESSON.split("\n"), lines, strict=True), 1):
        assert after == ("" if number in shown else before), number


def test_reference_keeps_the_lines_of_its_functions(lesson):
    tree = ast.parse(reference_source(lesson()))

    lines = {node.name: node.lineno for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert lines == {"double": line_of("def double"), "helper": line_of("def helper"), "Scale": line_of("class Scale")}


def test_reference_keeps_its_line_numbers_without_its_private_line(lesson):
    text = LESSON.partition("\n")[2]

    assert "shown" not in reference_source(lesson(text))
    assert reference_source(lesson(text)).split("\n").index("class Scale:") + 1 == line_of("class Scale", text)


def test_reference_of_a_wrong_lesson_is_an_error(lesson):
    with pytest.raises(CourseError, match="never ends"):
        reference_source(lesson(replaced("    ### END SOLUTION\n\n\n", "\n")))


# What is given.


def test_given_source_holds_the_given_functions_and_nothing_else(lesson):
    namespace = {}

    exec(given_source(lesson(toml=GIVEN)), namespace)

    assert namespace["helper"](3) == 9
    assert "double" not in namespace
    assert "Scale" not in namespace


def test_given_source_runs_where_its_annotations_mean_nothing(lesson):
    text = replaced("def helper(x):", "def helper(x: torch.Tensor) -> torch.Tensor:")

    namespace = {}
    exec(given_source(lesson(text, GIVEN)), namespace)

    assert namespace["helper"](3) == 9


def test_given_class_is_given_as_well(lesson):
    text = replaced("def helper(x):\n    return x * x", "class helper:\n    factor = 3")

    namespace = {}
    exec(given_source(lesson(text, GIVEN)), namespace)

    assert namespace["helper"].factor == 3


def test_without_a_given_name_there_is_no_given_source(lesson):
    assert given_source(lesson()) == ""
