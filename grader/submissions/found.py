"""The values of what students hand in: a submission that was found, and a candidate that was read.

Reads nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.syntax.statements import Cell

__all__ = ["Found", "Reading", "Source", "Student", "Unread", "Wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """Whose a submission is, as far as a learning platform says it: each is "" where it does not.

    `number` is the platform's own for its user, `sid` the university's.
    """

    name: str = ""
    number: str = ""
    sid: str = ""
    login: str = ""
    email: str = ""

    @property
    def shown(self) -> str:
        """The student in one text, which no other one of the same name has: `Anna Berg (4711)`."""
        known = self.number or self.sid or self.login or self.email
        return f"{self.name} ({known})" if self.name and known else self.name or known


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One submission: `given` is its path as the report prints it; `earlier` came before it, and is not graded.

    `files` are the parts of `path` that it is, by the names that they have for its student, where it is not all of
    it: of a zip, or of a folder in which the files of a class lie side by side. `students` are who handed it in, and
    `student` the same in one text, where more than its name says so, else "". `late` is a mark of the platform's.
    """

    given: str
    path: Path
    earlier: tuple[str, ...] = ()
    student: str = ""
    students: tuple[Student, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    late: bool = False

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to say of how it was handed in."""
        before = tuple(f"handed in before, and not graded: {name}" for name in self.earlier)
        return (*before, "marked as late where it was handed in") if self.late else before


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for in a submission: the exercises of one assignment, among the `assignments` of a course."""

    assignment: str
    exercises: tuple[str, ...]
    assignments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One candidate: a module or notebook, read and split into cells of code; `rank` says how well its name fits.

    `data` are its bytes, of which a notebook has more than code.
    """

    filename: str
    sha256: str
    data: bytes
    cells: tuple[Cell, ...]
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file that was not read, and why; `may_be_work` where it could be what the student wanted to hand in."""

    filename: str
    why: str
    may_be_work: bool = True

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.filename}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a submission, the likeliest first, and what was not."""

    sources: tuple[Source, ...]
    unread: tuple[Unread, ...]
