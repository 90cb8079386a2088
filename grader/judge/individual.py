"""Whose a submission is, by which data it is judged, and whose data it holds, where an assignment is individual.

The data in a file is read as text and compared, and never counts: what a student is judged by is theirs, whatever
stands there. Names of others are for the staff alone, and nothing of this enters a worker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.classes.register import key_of, owners, read_register
from grader.course.assignment import Assignment
from grader.course.individual import Author, floats_in, read_author
from grader.course.secret import VARIABLE, read_secret
from grader.errors import CourseError
from grader.report.text import in_a_line
from grader.submissions.discover import whose
from grader.submissions.found import Found, Source, Student
from grader.suite.individual import OwnData

__all__ = ["Owned", "Owners"]

# At most so many signs between the brackets, and nothing is tried twice: the text is a student's.
_LINE = r"(?m)^{name}[ \t]*+=[ \t]*+[\w.]{{0,40}}+\(?[ \t]*+\[([-+\d.eE,\s]{{1,4000}}+)\]"
_Readings = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """By which data a submission is judged, None for the lecture's; what to say of it, and what to the staff alone."""

    own: OwnData | None = None
    notes: tuple[str, ...] = ()
    for_staff: tuple[str, ...] = ()


class Owners:
    """The students of one assignment with data of their own."""

    def __init__(self, assignment: Assignment, secret: bytes | None) -> None:
        """Read who they are. Raises CourseError where data was handed out, and whose it is can't be known.

        `secret` is the course's, or None where nobody has said it: then it is looked for in its file.
        """
        self._assignment = assignment
        self._readings: dict[str, _Readings] = {}
        self._registered = read_register(assignment.course) if assignment.individual else []
        self._author: Author | None = None
        self._secret = b""
        if not self._registered:
            return
        found = secret or read_secret(assignment.course)
        self._author = read_author(assignment)
        if found is None or self._author is None:
            said = f"{assignment.course.register} says that data was handed out, and the secret is missing"
            raise CourseError(f"{said}: neither {assignment.course.secret} nor {VARIABLE} is there")
        self._secret = found

    def of(self, found: Found, source: Source) -> Owned:
        """Say by which data a submission is judged, and whose it holds; raises CourseError where the author's fails."""
        if not self._assignment.individual:
            return Owned()
        if self._author is None:
            return Owned(notes=("nobody was given data of their own yet: the lecture's numbers count",))
        names = self._assignment.course.names
        theirs = owners(found, self._registered, names)
        held = _held(source, self._author.lectures)
        if not theirs:
            who = in_a_line(whose(found, names))
            said = f"nobody called {who} was given data of their own: the lecture's numbers count"
            _, of_others = self._compared(held, None)
            return Owned(notes=(said,), for_staff=of_others)
        # Of several who handed it in together, the one whose data is in it.
        own = next((one for one in theirs if held and self._fits(held, self._of(one))), theirs[0])
        notes, for_staff = self._compared(held, own)
        made = self._author.individual(self._of(own))
        return Owned(own=OwnData(readings=made.readings, numbers=made.numbers), notes=notes, for_staff=for_staff)

    def _of(self, student: Student) -> _Readings:
        assert self._author is not None
        key = key_of(student)
        if key not in self._readings:
            self._readings[key] = self._author.readings(self._secret, key)
        return self._readings[key]

    def _compared(self, held: _Readings, own: Student | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what to say of the data in a file that is a student's, or of nobody who is known."""
        assert self._author is not None
        if not held or (own is not None and self._fits(held, self._of(own))):
            return (), ()
        judged = "you are judged by your own" if own is not None else "it does not count"
        if self._fits(held, self._author.lectures):
            return ((f"the data in this file is the lecture's: {judged}",) if own is not None else ()), ()
        others = [one for one in self._registered if one is not own and self._share(held, self._of(one))]
        if not others:
            return (f"the data in this file is nobody's, as if it had been changed: {judged}",), ()
        said = f"the data in this file is that of {', '.join(in_a_line(one.shown) for one in others)}"
        whom = "" if own is None else f", and not that of {in_a_line(own.shown)}"
        return (f"the data in this file is another student's: {judged}",), (f"{said}{whom}",)

    @staticmethod
    def _fits(held: _Readings, readings: _Readings) -> bool:
        return all(readings.get(name) == values for name, values in held.items())

    @staticmethod
    def _share(held: _Readings, readings: _Readings) -> bool:
        return any(readings.get(name) == values for name, values in held.items())


def _held(source: Source, names: Mapping[str, object]) -> _Readings:
    """Return the readings that stand in a source as numbers, by name; of several of one name the first."""
    found: dict[str, tuple[float, ...]] = {}
    for name in names:
        line: Callable[[str], re.Match[str] | None] = re.compile(_LINE.format(name=re.escape(name))).search
        match = next((match for cell in source.cells if (match := line(cell.text)) is not None), None)
        if match is not None:
            found[name] = floats_in(match[1])
    return found
