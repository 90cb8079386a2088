"""The values of what students hand in: a submission that was found, and a candidate that was read.

Reads nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.syntax.statements import Cell

__all__ = ["Found", "Reading", "Source", "Unread", "Wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One submission: `given` is its path as the report prints it; `earlier` came before it, and is not graded.

    `student` is whose it is, where more than its name says so, or "".
    """

    given: str
    path: Path
    earlier: tuple[str, ...] = ()
    student: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for in a submission: the exercises of one assignment, among the `assignments` of a course."""

    assignment: str
    exercises: tuple[str, ...]
    assignments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One candidate: a module or notebook, read and split into cells of code; `rank` says how well its name fits."""

    filename: str
    sha256: str
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
