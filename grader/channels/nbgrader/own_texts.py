"""The course's own texts, by which a text in a submitted notebook is known to be nobody else's.

They are shown as they are, pictures and formulas included; whatever a student has written or changed is not.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grader.course.lesson import CellKind
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError
from grader.handout.pictures import described_lesson

__all__ = ["own_texts"]


@cache
def own_texts(course: str) -> frozenset[str]:
    """Return the texts that the lessons of a course release; none where there is no course to be read."""
    try:
        found = find_course(Path(course) if course else None)
        lessons = [described_lesson(load_assignment(found, name)) for name in found.names]
    except GraderError:  # who grades is told; a page is shown all the same
        return frozenset()
    return frozenset(cell.shown for lesson in lessons for cell in lesson if cell.kind is CellKind.TEXT)
