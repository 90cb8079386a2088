"""The table of what is taught and tested is whole, every name in it exists, and what it says is so.

The whole of it is proved by `make proof`; here a fixed sample of the rows, without long runs.
"""

import re
from pathlib import Path

import pytest
from lecture_breaks import BREAKS, Break
from lecture_coverage import HERE, PAGE, page, rows
from proof.coverage import unproved

from grader.course.lesson import CellKind, read_lesson
from grader.course.reading import find_course, load_assignment

ASSIGNMENTS = {name: load_assignment(find_course(HERE.parent), name) for name in find_course(HERE.parent).names}
LESSONS = {name: read_lesson(assignment) for name, assignment in ASSIGNMENTS.items()}
ROWS = rows()
SAMPLE = {
    "gradient_descent": ("B04", "C1ret", "C1e11L", "C2e99G", "fn-loss_fn"),
    "autograd": ("D1acc", "L10", "L13", "L16", "L18"),
}


def names_in(path: Path) -> set[str]:
    """Return the names of the tests in a file."""
    return set(re.findall(r"(?m)^def (test_\w+)", path.read_text("utf-8")))


def test_page_is_what_the_table_gives():
    assert PAGE.read_text("utf-8") == page(ROWS), "run `make lectures`"


def test_page_names_no_hidden_check():
    text = PAGE.read_text("utf-8")
    visible = {name for row in ROWS for name in row["visible"]}

    hidden = {name for assignment in ASSIGNMENTS.values() for name in names_in(assignment.hidden_suite)}
    assert not [name for name in hidden - visible if re.search(rf"\b{name}\b", text)]
    assert "canary" not in text


def test_table_has_every_measured_row_and_each_once():
    ids = [row["id"] for row in ROWS]

    assert len(ids) == len(set(ids))
    assert sum(re.fullmatch(r"[A-L]\d.*", name) is not None for name in ids) == 180


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_row_is_taught_and_tested_or_says_why_not(row):
    assignment = ASSIGNMENTS[row["assignment"]]
    lesson = LESSONS[row["assignment"]]
    assert any(cell.kind is CellKind.TEXT and cell.exercise == row["exercise"] for cell in lesson)

    visible, hidden = names_in(assignment.visible_tests), names_in(assignment.hidden_suite)
    assert set(row["visible"]) <= visible
    assert set(row["hidden"]) <= hidden
    assert (row["visible"] and row["hidden"]) or row["why"]
    assert row["said"] in "\n".join(cell.text for cell in lesson), "the lesson does not mention it"
    assert row["said"] or "The lesson says so" not in row["why"]


def test_programs_belong_to_rows():
    assert set(BREAKS) <= {row["id"] for row in ROWS}


@pytest.mark.parametrize("row", [row for row in ROWS if row["id"] not in BREAKS], ids=lambda row: row["id"])
def test_row_without_a_program_names_no_test_and_says_why(row):
    assert not row["visible"]
    assert not row["hidden"]
    assert row["why"]


@pytest.mark.parametrize("name", SAMPLE)
def test_what_a_row_names_fails_on_a_program_that_is_wrong_in_it(name):
    chosen = [row for row in ROWS if row["id"] in SAMPLE[name]]

    assert len(chosen) == len(SAMPLE[name])
    assert unproved(ASSIGNMENTS[name], chosen, lambda _: None) == {}


def test_row_whose_program_is_right_is_not_proved(monkeypatch):
    right = Break(exercise="autograd/gradient", place="«loss.backward()»", instead="loss.backward(retain_graph=True)")
    monkeypatch.setitem(BREAKS, "D1", [right])

    found = unproved(ASSIGNMENTS["autograd"], [row for row in ROWS if row["id"] == "D1"], lambda _: None)

    assert found["D1"] == [
        "test_gradient_at_the_start fails on no program of the row",
        "program 1 fails none of test_gradient_at_the_start",
        "test_gradient_known fails on no program of the row",
        "program 1 fails none of test_gradient_known",
    ]
