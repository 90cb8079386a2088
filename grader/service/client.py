"""Have a submission graded by whoever serves its course; whoever asks does it by itself where nobody does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.course.assignment import Course
from grader.errors import GraderError, WireError
from grader.judge.state import grader_state
from grader.report.progress import AGAIN, Progress
from grader.report.report import SubmissionReport
from grader.service.messages import (
    MAX_REPLY,
    Accepted,
    Declined,
    Failed,
    Grade,
    Graded,
    Reply,
    Told,
    Waiting,
    receive,
    send,
)
from grader.service.place import connected
from grader.submissions.found import Found

__all__ = ["Answer", "ask"]

_ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A report, and what confined the submission."""

    report: SubmissionReport
    sandbox: str


def ask(
    course: Course, name: str, found: Found, *, tell: Callable[[Progress], None], waiting: Callable[[], None]
) -> Answer | None:
    """Return what `grader serve` answers, or None where it does not: then nobody has graded.

    `tell` is called with each exercise that has been checked, and `waiting` where others are before it. Raises
    GraderError where nothing can be graded at all.
    """
    connection = connected(course, seconds=_ANSWER_SECONDS)
    if connection is None:
        return None
    told = False
    with connection:
        try:
            send(connection, _request(name, found))
            seconds: float | None = _ANSWER_SECONDS
            while True:
                match receive(connection, Reply, limit=MAX_REPLY, seconds=seconds):  # type: ignore[arg-type]  # a union
                    case Accepted():
                        seconds = None  # it has limits of its own
                    case Waiting():
                        waiting()
                    case Told(progress=progress):
                        told = True
                        tell(progress)
                    case Graded(report=report, sandbox=sandbox):
                        return Answer(report=report, sandbox=sandbox)
                    case Failed(text=text):
                        raise GraderError(text)
                    case Declined():
                        break
        except (OSError, EOFError, WireError):
            pass  # it is gone, or of another version
    if told:
        tell(AGAIN)
    return None


def _request(name: str, found: Found) -> Grade:
    path = found.path.absolute()
    there = path.lstat()
    return Grade(
        grader=grader_state(),
        assignment=name,
        given=found.given,
        path=str(path),
        depth=found.depth,
        device=there.st_dev,
        inode=there.st_ino,
    )
