"""Make a notebook of a lesson: the released one, nbgrader's source of it, or the solved one for our tests.

Written as Jupyter itself writes one, so that saving it changes little: sorted keys, an indent of one,
no outputs, and cell ids that say which exercise they belong to.
"""

from __future__ import annotations

import json
from typing import Literal

from grader.course.assignment import Assignment
from grader.course.lesson import Cell, CellKind, read_lesson, without_solutions

__all__ = ["notebook"]

_JSON = dict[str, object]
_KERNEL: _JSON = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


Variant = Literal["released", "source", "solved"]


def notebook(assignment: Assignment, variant: Variant = "released") -> str:
    """Return the text of an `.ipynb`: each exercise's cell, and behind it a locked one that checks it.

    In nbgrader's words the exercise's cell is a *solution*, and the locked one is *graded*, worth the
    exercise's points; its `grade_id` is the exercise's name. The `source` has marks where the student is to
    write, and holds no solution either; only `solved` does.
    """
    cells: list[_JSON] = []
    used: dict[str, int] = {}
    for cell in read_lesson(assignment):
        cells.append(_cell(cell, _identifier(cell, used), variant))
        if cell.kind is CellKind.EXERCISE:
            cells.append(_check_cell(cell.exercise, assignment.exercise(cell.exercise).points))
    book: _JSON = {
        "cells": cells,
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _identifier(cell: Cell, used: dict[str, int]) -> str:
    """Return an id that stays the same while other sections of the lesson change."""
    stem = f"{cell.kind}-{cell.exercise or 'end'}"
    used[stem] = used.get(stem, 0) + 1
    return stem if used[stem] == 1 else f"{stem}-{used[stem]}"


def _cell(cell: Cell, identifier: str, variant: Variant) -> _JSON:
    if cell.kind is CellKind.TEXT:
        return {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": _lines(cell.text)}
    metadata: _JSON = {}
    if cell.kind is CellKind.DEMONSTRATION:
        metadata = {"tags": ["demonstration"]}
    if cell.kind is CellKind.EXERCISE:
        metadata = {"nbgrader": _nbgrader(f"solution-{cell.exercise}", solution=True)}
    text = cell.text
    if cell.kind is CellKind.EXERCISE and variant != "solved":
        text = without_solutions(cell, marked=variant == "source")
    return _code(identifier, metadata, text)


def _check_cell(exercise: str, points: float) -> _JSON:
    metadata: _JSON = {"nbgrader": {**_nbgrader(exercise, solution=False), "points": points}}
    return _code(f"check-{exercise}", metadata, f'from grader import check\n\ncheck("{exercise}")')


def _nbgrader(grade_id: str, *, solution: bool) -> _JSON:
    return {
        "grade": not solution,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }


def _code(identifier: str, metadata: _JSON, text: str) -> _JSON:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": identifier,
        "metadata": metadata,
        "outputs": [],
        "source": _lines(text),
    }


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
