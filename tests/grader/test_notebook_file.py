"""The generated notebook: valid, reproducible, the same bytes after Jupyter saved it, and marked for nbgrader."""

import json
import re
import sys
import warnings

import nbformat
import pytest

from grader.course.lesson import CellKind, read_lesson, without_solutions
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, UsageError
from grader.handout.notebook import Variant, notebook

ASSIGNMENT = """
[[exercise]]
name = "double"
points = 4

[[exercise]]
name = "halve"
points = 2.5
"""
LESSON = '''\
# PRIVATE canary-of-a-test
# %% [markdown]
# # Eine Lektion: "größer" → 2·x
#
# ## `double`

# %% [markdown]
# A second text of the same section.

# %%
import torch

# %% tags=["demonstration"]
print("\\t quoted \\\\ and →", 'ü')

# %%
def double(x):
    """Return 2 x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% tags=["demonstration"]
print(double(torch.tensor([1.0])))


# %%

# %% [markdown]
# ## `halve`

# %%
def halve(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% tags=["demonstration"]
print(halve(torch.tensor([1.0])))

# %% [markdown]
# The end.

# %%
last = None
'''


@pytest.fixture
def assignment_of(small_course):
    """Return a function that puts a lesson into the course, and returns its assignment."""

    def write(text=LESSON, toml=ASSIGNMENT):
        small_course.write("solutions/small/assignment.toml", toml)
        small_course.write("solutions/small/small.py", text)
        return load_assignment(find_course(small_course.root), "small")

    return write


@pytest.fixture
def assignment(assignment_of):
    return assignment_of()


def book_of(assignment, **how):
    return nbformat.reads(notebook(assignment, **how), as_version=4)


def source_of(cell):
    return "".join(cell["source"])


def exercise_cells(cells):
    """Return the cells of exercises by name, and those behind them."""
    ids = [cell["id"] for cell in cells]
    pairs = {}
    for name in ("double", "halve"):
        number = ids.index(f"exercise-{name}")
        pairs[name] = (cells[number], cells[number + 1])
    return pairs


# Valid and stable.


@pytest.mark.parametrize("variant", Variant)
def test_notebook_is_valid_and_nothing_warns_of_it(assignment, variant):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        book = nbformat.reads(notebook(assignment, variant), as_version=4)
        nbformat.validate(book)

    assert warned == []
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert book.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("variant", Variant)
def test_notebook_saved_by_jupyter_is_the_same_bytes(assignment, tmp_path, variant):
    path, saved = tmp_path / "small.ipynb", tmp_path / "saved.ipynb"
    path.write_bytes(notebook(assignment, variant).encode())

    nbformat.write(nbformat.read(path, as_version=nbformat.NO_CONVERT), saved, version=nbformat.NO_CONVERT)

    assert saved.read_bytes() == path.read_bytes()


def test_notebook_without_nbformat_says_what_to_install(assignment, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbformat", None)

    with pytest.raises(UsageError, match=r"nbformat is not installed here; install it with: pip install 'chainrule"):
        notebook(assignment)


def test_notebook_is_the_same_bytes_twice(assignment_of):
    assert notebook(assignment_of()) == notebook(assignment_of())


def test_notebook_keeps_letters_as_they_are(assignment):
    assert "größer" in notebook(assignment)
    assert "→" in notebook(assignment)


def test_ids_are_unique(assignment):
    ids = [cell["id"] for cell in book_of(assignment).cells]

    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["größe", "a_name_that_goes_on_and_on_until_nobody_wants_to_type_it_any_more"])
def test_name_of_an_exercise_that_makes_no_valid_id_is_refused(assignment_of, name):
    # The format wants 1 to 64 letters of [a-zA-Z0-9-_], and nbgrader as much of a grade_id.
    with pytest.raises(CourseError, match=name):
        notebook(assignment_of(LESSON.replace("double", name), ASSIGNMENT.replace("double", name)))


def test_ids_are_of_letters_that_the_format_allows(assignment):
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell["id"]) for cell in book_of(assignment).cells)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "# %% [markdown]\n# A second text of the same section.\n",
            '# %% [markdown]\n# A.\n\n# %%\nx = 1\n\n# %% tags=["demonstration"]\nprint(x)\n\n# %% [markdown]\n# B.\n',
            id="more cells",
        ),
        pytest.param("# %% [markdown]\n# A second text of the same section.\n\n", "", id="fewer cells"),
        pytest.param('# %% tags=["demonstration"]\nprint(double(torch.tensor([1.0])))\n', "", id="no demonstration"),
    ],
)
def test_ids_stay_when_another_section_changes(assignment_of, old, new):
    assert old in LESSON
    before = book_of(assignment_of())

    after = book_of(assignment_of(LESSON.replace(old, new)))

    def section(book):
        ids = [cell["id"] for cell in book.cells]
        return ids[ids.index("text-halve") :]

    assert section(after) == section(before)
    assert len(after.cells) != len(before.cells)
    assert {"exercise-double", "check-double", "text-double"} <= {cell["id"] for cell in after.cells}


def test_ids_say_the_exercise_and_stay_when_the_code_changes(assignment_of):
    before = [cell["id"] for cell in book_of(assignment_of()).cells]

    after = [cell["id"] for cell in book_of(assignment_of(LESSON.replace("2 * x", "x + x"))).cells]

    assert after == before
    assert before == [
        "text-double",
        "text-double-2",
        "code-double",
        "waiting",
        "demonstration-double",
        "exercise-double",
        "check-double",
        "demonstration-double-2",
        "code-halve",
        "text-halve",
        "exercise-halve",
        "check-halve",
        "demonstration-halve",
        "text-end",
        "code-end",
    ]


# What stands in it.


@pytest.mark.parametrize("variant", Variant)
def test_outputs_and_counts_are_empty(assignment, variant):
    cells = json.loads(notebook(assignment, variant))["cells"]

    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) == 11
    assert all((cell["outputs"], cell["execution_count"]) == ([], None) for cell in code)


def test_sources_join_to_what_the_lesson_says(assignment):
    cells = json.loads(notebook(assignment))["cells"]

    sources = [source_of(cell) for cell in cells if not cell["id"].startswith(("check-", "waiting"))]
    assert sources == [
        without_solutions(cell) if cell.kind is CellKind.EXERCISE else cell.shown for cell in read_lesson(assignment)
    ]
    assert sources[0] == '# Eine Lektion: "größer" → 2·x\n\n## `double`'
    assert sources[3] == "print(\"\\t quoted \\\\ and →\", 'ü')"


@pytest.mark.parametrize("variant", Variant)
def test_each_line_of_a_source_ends_but_the_last(assignment, variant):
    cells = json.loads(notebook(assignment, variant))["cells"]

    for cell in cells:
        assert all(line.endswith("\n") and line.count("\n") == 1 for line in cell["source"][:-1])
        assert not "".join(cell["source"][-1:]).endswith("\n")


def test_text_is_markdown_and_the_rest_is_code(assignment):
    cells = book_of(assignment).cells

    assert {cell["id"] for cell in cells if cell["cell_type"] == "markdown"} == {
        "text-double",
        "text-double-2",
        "text-halve",
        "text-end",
    }
    assert {cell["cell_type"] for cell in cells} == {"markdown", "code"}


def test_released_notebook_has_no_solution_and_the_solved_one_has_them_all(assignment):
    released, solved = notebook(assignment), notebook(assignment, Variant.SOLVED)

    assert released.count("raise NotImplementedError") == 2
    for line in ("return 2 * x", "return x / 2", "SOLUTION\\n"):
        assert line not in released
        assert line in solved
    assert "raise NotImplementedError" not in solved


def test_no_private_line_is_in_a_notebook(assignment):
    for variant in Variant:
        assert "canary" not in notebook(assignment, variant)


def test_demonstrations_are_tagged_and_nothing_else_is(assignment):
    tags = {cell["id"]: cell["metadata"].get("tags") for cell in book_of(assignment).cells}

    assert {name for name, found in tags.items() if found} == {
        "demonstration-double",
        "demonstration-double-2",
        "demonstration-halve",
    }
    assert tags["demonstration-halve"] == ["demonstration"]


# What nbgrader reads.


@pytest.mark.parametrize("variant", Variant)
def test_cell_of_an_exercise_is_a_solution_and_no_more(assignment, variant):
    pairs = exercise_cells(book_of(assignment, variant=variant).cells)

    for name, (cell, _) in pairs.items():
        assert cell["metadata"] == {
            "nbgrader": {
                "grade": False,
                "grade_id": f"solution-{name}",
                "locked": False,
                "schema_version": 3,
                "solution": True,
                "task": False,
            }
        }
        assert source_of(cell).startswith(f"def {name}(x):")


@pytest.mark.parametrize(("name", "points"), [("double", 4), ("halve", 2.5)])
def test_locked_cell_behind_an_exercise_checks_it_for_its_points(assignment, name, points):
    _, cell = exercise_cells(book_of(assignment).cells)[name]

    assert source_of(cell) == f'from grader import check\n\ncheck("{name}")'
    assert cell["metadata"] == {
        "nbgrader": {
            "grade": True,
            "grade_id": name,
            "locked": True,
            "points": points,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
    }


def test_no_other_cell_is_nbgraders(assignment):
    marked = {cell["id"] for cell in book_of(assignment).cells if "nbgrader" in cell["metadata"]}

    assert marked == {"exercise-double", "check-double", "exercise-halve", "check-halve"}


def test_grade_ids_are_unique_and_their_points_add_up(assignment):
    marks = [cell["metadata"]["nbgrader"] for cell in book_of(assignment).cells if "nbgrader" in cell["metadata"]]

    assert len({mark["grade_id"] for mark in marks}) == 4
    assert sum(mark.get("points", 0) for mark in marks) == assignment.max_score
