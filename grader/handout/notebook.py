"""Make a notebook of a lesson: the released one, nbgrader's source of it, or the solved one for our tests.

Written as Jupyter itself writes one, so that saving it changes little: no outputs, and cell ids that say which
exercise they belong to. Needs nbformat, which only those have who make notebooks; it reads none of a student's.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from grader.course.assignment import Assignment
from grader.course.lesson import Cell, CellKind, without_solutions
from grader.errors import UsageError
from grader.handout.pictures import described_lesson

__all__ = ["Variant", "notebook"]

_JSON = Mapping[str, object]
_FOLDED: _JSON = {"jupyter": {"source_hidden": True}}
# Needs the files beside the notebook; where it lies alone, and where it is graded, there are none, and nothing happens.
_WAITING = """\
# Where an example calls an exercise that isn't written yet, this has it say so in one line.
import contextlib

with contextlib.suppress(ImportError):
    from _course.kit import unwritten

    unwritten.in_one_line()"""
_METADATA: _JSON = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Variant(StrEnum):
    """What stands where a student is to write: nothing, marks for nbgrader with nothing in them, or the solution."""

    RELEASED = "released"
    SOURCE = "source"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A cell of the notebook, of Markdown or of code."""

    identifier: str
    markdown: bool = False
    metadata: _JSON
    text: str


def notebook(assignment: Assignment, variant: Variant = Variant.RELEASED) -> str:
    """Return the text of an `.ipynb`: each exercise's cell, and behind it a locked one that checks it.

    In nbgrader's words the exercise's cell is a *solution*, and the locked one is *graded*, worth the
    exercise's points; its `grade_id` is the exercise's name. Raises UsageError where nbformat is not installed.
    """
    try:
        with _without("rfc3987_syntax"):
            import nbformat
        from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    except ModuleNotFoundError as error:
        text = f"{error.name} is not installed here; install it with: pip install 'chainrule[author]'"
        raise UsageError(text) from error
    # nbformat's own functions have no types.
    cells = [
        (new_markdown_cell if cell.markdown else new_code_cell)(  # type: ignore[no-untyped-call]
            cell.text, id=cell.identifier, metadata=cell.metadata
        )
        for cell in _cells(assignment, variant)
    ]
    book = new_notebook(cells=cells, metadata=_METADATA)  # type: ignore[no-untyped-call]
    nbformat.validate(book)
    return f"{nbformat.writes(book)}\n"  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def _without(module: str) -> Iterator[None]:
    """Let an optional module be as if it were not installed, unless it is imported already.

    jsonschema's checker of international addresses, which no notebook holds, builds grammars for two seconds when
    nbformat is imported.
    """
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = None  # type: ignore[assignment]  # Python's own way to say that there is none
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]


def _cells(assignment: Assignment, variant: Variant) -> Iterator[_Cell]:
    used: dict[str, int] = {}
    demonstrated = False
    for cell in described_lesson(assignment):
        identifier = _identifier(cell, used)
        if cell.kind is CellKind.EXERCISE:
            yield _solution(cell, identifier, variant)
            yield _check(cell.exercise, assignment.exercise(cell.exercise).points)
        else:
            if cell.kind is CellKind.DEMONSTRATION and not demonstrated:
                demonstrated = True
                yield _Cell(identifier="waiting", metadata=_FOLDED, text=_WAITING)
            tags = {"tags": ["demonstration"]} if cell.kind is CellKind.DEMONSTRATION else {}
            markdown = cell.kind is CellKind.TEXT
            yield _Cell(identifier=identifier, markdown=markdown, metadata=tags, text=cell.shown)


def _identifier(cell: Cell, used: dict[str, int]) -> str:
    """Return an id that stays the same while other sections of the lesson change."""
    stem = f"{cell.kind}-{cell.exercise or 'end'}"
    used[stem] = used.get(stem, 0) + 1
    return stem if used[stem] == 1 else f"{stem}-{used[stem]}"


def _solution(cell: Cell, identifier: str, variant: Variant) -> _Cell:
    solved = variant is Variant.SOLVED
    text = cell.text if solved else without_solutions(cell, marked=variant is Variant.SOURCE)
    metadata: _JSON = {"nbgrader": _nbgrader(f"solution-{cell.exercise}", solution=True)}
    return _Cell(identifier=identifier, metadata=metadata, text=text)


def _check(exercise: str, points: float) -> _Cell:
    metadata: _JSON = {"nbgrader": {**_nbgrader(exercise, solution=False), "points": points}}
    text = f'from grader import check\n\ncheck("{exercise}")'
    return _Cell(identifier=f"check-{exercise}", metadata=metadata, text=text)


def _nbgrader(grade_id: str, *, solution: bool) -> _JSON:
    return {
        "grade": not solution,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
