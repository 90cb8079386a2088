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

from grader.channels.git.pushes import Push
from grader.channels.git.repository import Blob
from grader.formats.json import to_json
from grader.report.report import Audience, Report, SubmissionStatus
from grader.report.view import view
from grader.whole import write_whole

__all__ = ["Place", "in_turn", "is_known", "log", "store", "write_errors_to"]

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


def is_known(place: Place, name: str, blobs: Sequence[Blob]) -> bool:
    """Say whether the same files were graded last time, and their student was told all there is to tell."""
    try:
        last = json.loads((place.results / f"{name}.json").read_text("utf-8"))
        return last["blobs"] == _ids(blobs) and last["status"] == SubmissionStatus.GRADED and not last["withheld"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


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
    """Write a line for the instructor to standard error, which `write_errors_to` has sent to `errors.log`."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{now} {name}: {text}\n")
    sys.stderr.flush()
