"""Limit how often a student is told of hidden checks: unlimited attempts turn a grader into an oracle.

Every push is graded and its grade counts; `decide` only says whether its student reads of hidden checks.
`Ledger` keeps the count in one SQLite file: two pushes at once, a killed process or a new start lose none.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.course import Assignment
from grader.errors import UsageError
from grader.report import SubmissionReport

__all__ = ["Decision", "Ledger", "Told", "decide", "note", "without_ledger"]

_WAIT_SECONDS = 60.0
_TABLE = """
CREATE TABLE IF NOT EXISTS told (
    student TEXT NOT NULL, assignment TEXT NOT NULL, sha256 TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (student, assignment, sha256)
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A source whose student was told of hidden checks, and when, in seconds since 1970."""

    sha256: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether to tell, what to say of it, and the history as it stands then."""

    tell: bool
    text: str
    history: tuple[Told, ...]


def decide(assignment: Assignment, history: Sequence[Told], sha256: str, now: float) -> Decision:
    """Say whether the student of a source may be told of hidden checks now.

    The same source is told again and counts once: it tells nothing new, and a job that runs twice costs nothing.
    An entry later than `now` comes from a clock that was wrong; it counts as of now, so that a jump lets
    at most one answer through too early and makes nobody wait longer than `feedback_every`.
    """
    kept = tuple(replace(item, at=min(item.at, now)) for item in history)
    limit, every = assignment.attempts, assignment.feedback_every
    if any(item.sha256 == sha256 for item in kept):
        return Decision(tell=True, text="", history=kept)
    if limit is not None and len(kept) >= limit:
        why = f"hidden checks are told {limit} times at most, and have been" if limit else "hidden checks are not told"
        return Decision(tell=False, text=f"{why}; this one was graded, and counts", history=kept)
    last = max((item.at for item in kept), default=None)
    if every is not None and last is not None and now < last + every:
        when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(last + every))
        text = f"hidden checks are told every {_duration(every)}, next from {when}; this one was graded, and counts"
        return Decision(tell=False, text=text, history=kept)
    kept = (*kept, Told(sha256=sha256, at=now))
    text = "" if limit is None else f"hidden checks are told {limit} times at most; this is time {len(kept)}"
    return Decision(tell=True, text=text, history=kept)


def note(item: SubmissionReport, decision: Decision) -> SubmissionReport:
    """Return the report as the decision leaves it, with what it says as a note."""
    notes = (*item.notes, decision.text) if decision.text else item.notes
    return replace(item, withheld=not decision.tell, notes=notes)


def without_ledger(assignment: Assignment) -> str:
    """Return what to say where an assignment has limits and nothing counts them, else ""."""
    if assignment.attempts is None and assignment.feedback_every is None:
        return ""
    return f"{assignment.name} limits how often hidden checks are told; without --attempts FILE nothing counts that"


class Ledger:
    """The history of every student and assignment, in one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it; raises UsageError where that can't be done."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._writing() as database:
                database.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"--attempts {path}: {error}; name a file that only the grader writes") from error

    def apply(
        self, assignment: Assignment, student: str, item: SubmissionReport, *, now: float | None = None
    ) -> SubmissionReport:
        """Return the report with what its student is not told of marked as withheld.

        What is not graded is told as it is, and counts nothing. Where the file fails, hidden checks are withheld.
        """
        limited = assignment.attempts is not None or assignment.feedback_every is not None
        if not limited or item.status != "graded" or item.sha256 is None:
            return item
        try:
            return note(item, self._decide(assignment, student, item.sha256, time.time() if now is None else now))
        except sqlite3.Error as error:
            text = f"hidden checks can't be told, since attempts can't be counted ({error}); this one was graded"
            return note(item, Decision(tell=False, text=text, history=()))

    def _decide(self, assignment: Assignment, student: str, sha256: str, now: float) -> Decision:
        with self._writing() as database:
            rows = database.execute(
                "SELECT sha256, at FROM told WHERE student = ? AND assignment = ? ORDER BY at, sha256",
                (student, assignment.name),
            )
            history = [Told(sha256=str(row[0]), at=float(row[1])) for row in rows]
            decision = decide(assignment, history, sha256, now)
            database.executemany(
                "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)",
                [(student, assignment.name, told.sha256, told.at) for told in decision.history],
            )
        return decision

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the file for writing from the first read on, so that of two pushes one waits for the other."""
        database = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            database.execute("BEGIN IMMEDIATE")
            with database:
                yield database
        finally:
            database.close()


def _duration(seconds: float) -> str:
    for unit, name in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= unit and seconds % unit == 0:
            count = round(seconds / unit)
            return name if count == 1 else f"{count} {name}s"
    return f"{seconds:g} seconds"
