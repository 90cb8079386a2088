"""Where a repository's results, locks and errors lie: below a folder that is for the instructor alone.

Stores what was graded and says what is known of it; grades nothing, and tells a student nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from grader.channels.git.pushes import Push
from grader.channels.git.repository import Blob
from grader.formats.json import to_json
from grader.report.reading import read_json
from grader.report.report import Audience, Report, SubmissionReport, SubmissionStatus
from grader.report.text import clean
from grader.report.view import view
from grader.whole import write_whole

__all__ = ["Known", "Place", "in_turn", "known", "log", "remember", "store", "write_errors_to"]

_SLOTS = max(2, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where results of a repository go, and whose they are."""

    state: Path
    student: str

    @property
    def results(self) -> Path:
        """The folder of what was graded for this student."""
        return self.state / "results" / self.student

    @property
    def attempts(self) -> Path:
        """The file that counts how often students were told of hidden checks."""
        return self.state / "attempts.db"


def store(report: Report, push: Push, blobs: Sequence[Blob], place: Place) -> None:
    """Store the staff's report of a commit, and beside it which commit is the last one graded."""
    (item,) = report.submissions
    folder = place.results / push.commit
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{report.assignment}.json", to_json(view(report, Audience.STAFF)).encode(), mode=0o600)
    last = {
        "commit": push.commit,
        "branch": push.name,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "status": item.status,
        "score": item.score,
        "max_score": item.max_score,
        "withheld": item.withheld,
        "blobs": _ids(blobs),
    }
    write_whole(place.results / f"{report.assignment}.json", (json.dumps(last, indent=1) + "\n").encode(), mode=0o600)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The last grading of an assignment: of which files, in which state of the course and grader, and its report.

    The report is as it was before attempts were counted; `withheld` is what the student was not told then.
    """

    blobs: list[list[str]]
    state: str
    report: SubmissionReport
    sandbox: str
    withheld: bool


def known(place: Place, name: str, blobs: Sequence[Blob], state: str | None) -> Known | None:
    """Return the last grading of an assignment, where the same files would be graded in the same way."""
    try:
        found: Known = read_json(_remembered(place, name).read_bytes(), Known)
    except (OSError, ValueError):
        return None
    return found if (found.blobs, found.state) == (_ids(blobs), state) else None


def remember(place: Place, blobs: Sequence[Blob], state: str | None, report: Report, raw: SubmissionReport) -> None:
    """Keep the last grading for a push of the same files; `raw` is its report before attempts were counted.

    What ran out of time, or has no grade, is graded again with the next push: it may have been a busy machine.
    """
    path = _remembered(place, report.assignment)
    withheld = report.submissions[0].withheld
    with contextlib.suppress(OSError):  # the result is stored; this is a way to be faster
        if state is None or raw.status is not SubmissionStatus.GRADED or not raw.settled:
            path.unlink(missing_ok=True)
            return
        last = Known(blobs=_ids(blobs), state=state, report=raw, sandbox=report.sandbox, withheld=withheld)
        write_whole(path, msgspec.json.encode(last), mode=0o600)


def _remembered(place: Place, name: str) -> Path:
    return place.results / f"{name}.known"


def _ids(blobs: Sequence[Blob]) -> list[list[str]]:
    return [[blob.path.encode("utf-8", "backslashreplace").decode(), blob.id] for blob in blobs]


@contextlib.contextmanager
def in_turn(place: Place, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Wait for a student's earlier push, and for one of a few slots: a class that pushes at once is graded in turn.

    Where it has to wait, `waiting` is called first.
    """
    folder = place.state / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / place.student).open("w") as own, contextlib.ExitStack() as stack:
        slots = [stack.enter_context((folder / f".slot-{number}").open("w")) for number in range(_SLOTS)]
        if not (_locked(own) and any(map(_locked, slots))):
            waiting()
            fcntl.flock(own, fcntl.LOCK_EX)
            while not any(map(_locked, slots)):
                time.sleep(0.5)
        yield


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_errors_to(place: Place) -> None:
    """Send standard error, of this process and those it starts, where the instructor finds it."""
    place.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(place.state / "errors.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, sys.stderr.fileno())
    os.close(descriptor)


def log(name: str, text: str) -> None:
    """Write for the instructor to standard error, which `write_errors_to` has sent to `errors.log`.

    A text may hold a student's: its further lines are indented, so that none looks like an entry of its own.
    """
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    lines = clean(f"{name}: {text}").split("\n")
    sys.stderr.write(now + " " + "\n    ".join(lines) + "\n")
    sys.stderr.flush()
