"""Have a submission graded by whoever serves its course; whoever asks does it by itself where nobody does."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from dataclasses import dataclass

from grader.course.assignment import Course
from grader.errors import GraderError, WireError
from grader.judge.state import grader_state
from grader.report.progress import AGAIN, Progress
from grader.report.report import SubmissionReport
from grader.service.messages import (
    Accepted,
    Declined,
    Failed,
    Grade,
    Graded,
    Ping,
    Reply,
    Told,
    Waiting,
    receive_reply,
    send,
)
from grader.service.place import connected
from grader.submissions.found import Found

__all__ = ["ANSWER_SECONDS", "PATIENCE_SECONDS", "Answer", "ask"]

ANSWER_SECONDS = 5.0
"""For what is answered at once."""
PATIENCE_SECONDS = 60.0
"""After so long without a word whoever serves is asked whether it is there; how long it takes has limits of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A report, and what confined the submission."""

    report: SubmissionReport
    sandbox: str


def ask(
    course: Course, name: str, found: Found, *, tell: Callable[[Progress], None], waiting: Callable[[], None]
) -> Answer | None:
    """Return what `grader serve` answers, or None where it does not: its report, if there will be one, is nobody's.

    `tell` is called with each exercise that has been checked, and `waiting` where others are before it. Raises
    GraderError where nothing can be graded at all.
    """
    connection = connected(course, seconds=ANSWER_SECONDS)
    if connection is None:
        return None
    told = False
    with connection:
        try:
            send(connection, _request(name, found))
            while True:
                match _receive(connection):
                    case Accepted():
                        pass
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
                _wait(connection, course)
        except (OSError, EOFError, WireError):
            pass  # it is gone, or of another version
    if told:
        tell(AGAIN)
    return None


def _receive(connection: socket.socket) -> Reply:
    return receive_reply(connection, seconds=ANSWER_SECONDS)


def _wait(connection: socket.socket, course: Course) -> None:
    """Wait until something comes; raises OSError or EOFError where whoever serves is not there any more."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    while not poll.poll(PATIENCE_SECONDS * 1000):
        other = connected(course, seconds=ANSWER_SECONDS)
        if other is None:
            raise EOFError("nobody serves the course any more")
        with other:
            send(other, Ping())
            _receive(other)


def _request(name: str, found: Found) -> Grade:
    path = found.path.absolute()
    there = path.lstat()
    return Grade(
        grader=grader_state(),
        assignment=name,
        given=found.given,
        path=str(path),
        device=there.st_dev,
        inode=there.st_ino,
    )
