"""Draw a student's loop beside what is expected: its loss and its numbers after each epoch of a small example.

A loop gives its last params alone, so it is asked for no epoch, one, two and more, each time from the same start. The
examples are the author's and never scored, and the worker has been asked teaching examples alone.
"""

from __future__ import annotations

import functools

from grader.answers.paths import Case, Loop, Views, draw, views_of
from grader.answers.pictures import Picture
from grader.backends.protocol import Backend
from grader.course.assignment import Assignment
from grader.course.pictures import read_pictures
from grader.suite.student import Student, StudentRaised, Untransferable, bind

__all__ = ["Pictures", "points_asked"]


class Pictures:
    """The loops of an assignment that are drawn; what is expected is asked of the reference once."""

    def __init__(self, assignment: Assignment) -> None:
        """Take the assignment's. Raises CourseError where they can't be read."""
        self._loops = read_pictures(assignment)
        self._expected: dict[tuple[str, int], Views] = {}

    def draw(self, exercise: str, backend: Backend, reference: Backend, *, late: bool) -> Picture | None:
        """Return the picture of an exercise, or None where it is no loop, or raises.

        With `late` examples of many epochs are asked as well. Raises WorkerDied and TimedOut as the backend does.
        """
        loop = self._loops.get(exercise)
        if loop is None:
            return None
        expected = functools.partial(self._right, exercise, loop, reference)
        return draw(loop, expected, functools.partial(points_asked, backend, loop), late=late)

    def _right(self, exercise: str, loop: Loop, reference: Backend, case: Case) -> Views:
        key = exercise, loop.cases.index(case)
        if key not in self._expected:
            found = points_asked(reference, loop, case)
            assert found is not None, f"the reference raises: {case.said}"
            self._expected[key] = found
        return self._expected[key]


def points_asked(backend: Backend, loop: Loop, case: Case) -> Views | None:
    """Ask a backend for the points of a case; None where it raises, or answers with more than can be sent."""
    student = Student()
    bind(student, backend)
    try:
        return views_of(loop, case, student.probe(case.ask, case.epochs, *case.arguments.values()))
    except (StudentRaised, Untransferable):
        return None
