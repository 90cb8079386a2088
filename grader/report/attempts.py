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

from grader.course.assignment import Assignment
from grader.errors import UsageError
from grader.report.fingerprint import fingerprint
from grader.report.report import SubmissionReport, SubmissionStatus, nothing_written

__all__ = [
    "Decision",
    "Ledger",
    "Told",
    "decide",
    "limits",
    "note",
    "settled",
    "uncounted",
    "without_ledger",
]

_WAIT_SECONDS = 60.0
_TABLE = """
CREATE TABLE IF NOT EXISTS told (
    student TEXT NOT NULL, assignment TEXT NOT NULL, fingerprint TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (student, assignment, fingerprint)
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report that told its student of hidden checks, by its fingerprint, and when, in seconds since 1970."""

    fingerprint: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether to tell, what to say of it, and the history as it stands then."""

    tell: bool
    text: str
    history: tuple[Told, ...]


def limits(assignment: Assignment) -> bool:
    """Say whether an assignment limits how often hidden checks are told."""
    return assignment.attempts is not None or assignment.feedback_every is not None


def settled(assignment: Assignment, item: SubmissionReport) -> SubmissionReport | None:
    """Return a report of which nothing has to be counted as its student may read it, else None.

    What can't be read or is still the stub is told as it is; what is broken on our side is not told of.
    """
    if not limits(assignment) or item.status is SubmissionStatus.UNREADABLE or nothing_written(item):
        return item
    return None if item.status is SubmissionStatus.GRADED else replace(item, withheld=True)


def decide(assignment: Assignment, history: Sequence[Told], key: str, now: float) -> Decision:
    """Say whether the report with this fingerprint may be told now.

    The same report is told again and counts once: it tells nothing new, and a job that runs twice costs nothing.
    An entry later than `now` comes from a clock that was wrong; it counts as of now, so that a jump lets
    at most one answer through too early and makes nobody wait longer than `feedback_every`.
    """
    kept = tuple(replace(item, at=min(item.at, now)) for item in history)
    limit, every = assignment.attempts, assignment.feedback_every
    if any(item.fingerprint == key for item in kept):
        return Decision(tell=True, text="", history=kept)
    if limit is not None and len(kept) >= limit:
        why = f"hidden checks are told {limit} times at most, and have been" if limit else "hidden checks are not told"
        return Decision(tell=False, text=f"{why}; this one was graded, and counts", history=kept)
    last = max((item.at for item in kept), default=None)
    if every is not None and last is not None and now < last + every:
        when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(last + every))
        text = f"hidden checks are told every {_duration(every)}, next from {when}; this one was graded, and counts"
        return Decision(tell=False, text=text, history=kept)
    kept = (*kept, Told(fingerprint=key, at=now))
    text = "" if limit is None else f"hidden checks are told {limit} times at most; this is time {len(kept)}"
    return Decision(tell=True, text=text, history=kept)


def note(item: SubmissionReport, decision: Decision) -> SubmissionReport:
    """Return the report as the decision leaves it, with what it says as a note."""
    notes = (*item.notes, decision.text) if decision.text else item.notes
    return replace(item, withheld=not decision.tell, notes=notes)


def uncounted(item: SubmissionReport, why: str) -> SubmissionReport:
    """Return the report with hidden checks withheld, since attempts can't be counted: it fails closed."""
    text = f"hidden checks can't be told, since attempts can't be counted ({why}); this one was graded, and counts"
    return note(item, Decision(tell=False, text=text, history=()))


def without_ledger(assignment: Assignment) -> str:
    """Return what to say where an assignment has limits and nothing counts them, else ""."""
    if not limits(assignment):
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
        self,
        assignment: Assignment,
        student: str,
        item: SubmissionReport,
        *,
        now: float | None = None,
        formerly: str | None = None,
    ) -> SubmissionReport:
        """Return the report with what its student is not told of marked as withheld.

        What was told to them as `formerly`, as an earlier version called them, counts as well.
        Where the file fails, hidden checks are withheld.
        """
        done = settled(assignment, item)
        if done is not None:
            return done
        key = fingerprint(item, assignment.feedback)
        try:
            known = (student, student if formerly is None else formerly)
            return note(item, self._decide(assignment, known, key, time.time() if now is None else now))
        except sqlite3.Error as error:
            return uncounted(item, str(error))

    def _decide(self, assignment: Assignment, known: tuple[str, str], key: str, now: float) -> Decision:
        with self._writing() as database:
            rows = database.execute(
                "SELECT fingerprint, MIN(at) AS first FROM told WHERE student IN (?, ?) AND assignment = ? "
                "GROUP BY fingerprint ORDER BY first, fingerprint",
                (*known, assignment.name),
            )
            history = [_told(*row) for row in rows]
            decision = decide(assignment, history, key, now)
            database.executemany(
                "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)",
                [(known[0], assignment.name, told.fingerprint, told.at) for told in decision.history],
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
        except UnicodeDecodeError as error:  # what sqlite3 says of a name or a text that is damaged
            raise sqlite3.DataError("a text in it is damaged") from error
        finally:
            database.close()


def _told(key: object, at: object) -> Told:
    """Return a row of the file, in which any value may stand anywhere; raises sqlite3.DataError."""
    if not isinstance(key, str) or not isinstance(at, float | int):
        raise sqlite3.DataError("a row in it is damaged")
    return Told(fingerprint=key, at=float(at))


def _duration(seconds: float) -> str:
    for unit, name in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= unit and seconds % unit == 0:
            count = round(seconds / unit)
            return name if count == 1 else f"{count} {name}s"
    return f"{seconds:g} seconds"
