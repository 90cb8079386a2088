"""A checker: a process of its own that grades submissions to one assignment, one after another.

Whoever holds a `Checker` sends it a `Found` and gets its `SubmissionReport`. What crosses between the two
is our own data, and student code runs in neither. This module imports nothing slow: the process does.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from grader.course.assignment import Course
from grader.course.reading import load_assignment
from grader.errors import GraderError, SandboxError
from grader.report.report import SubmissionReport, SubmissionStatus, without_score
from grader.submissions.files import digest
from grader.submissions.found import Found

if TYPE_CHECKING:
    from grader.sandbox.mode import SandboxMode

__all__ = ["Checker", "WarmChecker", "end_on_termination", "ended_two"]

_IDLE_SECONDS = 300.0
_REFUSED_SECONDS = 20.0
_END_SECONDS = 5.0  # to end a zygote and remove its folder
_COMMAND = "from grader.judge.checker import serve; serve({descriptor})"


class Checker:
    """One process. It sends None when it is ready, and then a report for each `Found`.

    A `GraderError` comes instead where nothing can be graded at all; what confined the submissions, a
    text, comes back for the None that ends it. EOFError or OSError on the connection: it is dead.
    One that nobody asks for `idle_seconds` ends, and gives its memory back.
    """

    def __init__(self, course: Course, name: str, mode: SandboxMode, *, idle_seconds: float = _IDLE_SECONDS) -> None:
        """Start it; it warms up by itself."""
        ours, theirs = socket.socketpair()
        with theirs:
            command = _COMMAND.format(descriptor=theirs.fileno())
            # -P: what lies in the current folder is nobody's module.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", command], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        self.connection = Connection(ours.detach())
        self.connection.send((course, name, mode, idle_seconds))
        self.current: Found | None = None

    def close(self) -> None:
        """End it, by force where it does not listen."""
        self.connection.close()
        self.process.terminate()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class WarmChecker:
    """A checker that is kept for the next submission, and started anew when it is gone."""

    def __init__(self, course: Course, name: str, mode: SandboxMode, *, idle_seconds: float = _IDLE_SECONDS) -> None:
        """Start nothing yet."""
        self._start = partial(Checker, course, name, mode, idle_seconds=idle_seconds)
        self._assignment = load_assignment(course, name)
        self._checker: Checker | None = None
        self._refusal: GraderError | None = None
        self._refused_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process that waits for the next submission, while there is one."""
        return self._checker.process.pid if self._checker is not None else None

    def grade(self, found: Found) -> SubmissionReport:
        """Grade one submission; raises GraderError where none can be graded at all.

        What was refused a moment ago is refused again at once: a class of 300 need not try 300 times.
        """
        if self._refusal is not None and time.monotonic() - self._refused_at < _REFUSED_SECONDS:
            raise self._refusal
        for _ in range(2):
            try:
                return self._ask(found)
            except (EOFError, OSError):
                self.close()
        return without_score(self._assignment, found.given, digest(found.path), SubmissionStatus.BROKEN, ended_two())

    def _ask(self, found: Found) -> SubmissionReport:
        if self._checker is not None and self._checker.connection.poll():
            self.close()  # nothing was asked: it has ended by itself
        if self._checker is None:
            self._checker = self._start()
            self._receive(self._checker)
        self._checker.connection.send(found)
        report = self._receive(self._checker)
        if isinstance(report, SubmissionReport):
            return report
        raise EOFError("it ended for idleness while it was asked")

    def _receive(self, checker: Checker) -> object:
        message = checker.connection.recv()
        if isinstance(message, GraderError):
            self.close()
            if isinstance(message, SandboxError):  # a fault of the author's may be mended at any time
                self._refusal, self._refused_at = message, time.monotonic()
            raise message
        return message

    def close(self) -> None:
        """End the process; the next submission starts another."""
        if self._checker is not None:
            self._checker.close()
            self._checker = None


def ended_two() -> str:
    """Return what is said of a submission at which two checkers died."""
    return "broken on our side: it ended two grading processes"


def end_on_termination() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that zygotes and temporary folders go with it."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def serve(descriptor: int) -> None:
    """Be the process: ask for submissions, send their reports, and at the end what confined them all."""
    end_on_termination()
    connection = Connection(descriptor)
    try:
        course, name, mode, idle_seconds = connection.recv()
        connection.send(_grade(connection, course, name, mode, idle_seconds))
    except GraderError as error:
        connection.send(error)
    except (KeyboardInterrupt, EOFError, OSError):
        return  # whoever asked is gone, or knows


def _grade(connection: Connection, course: Course, name: str, mode: SandboxMode, idle_seconds: float) -> str:
    from grader.judge.grading import grade_all

    def items() -> Iterator[Found]:
        connection.send(None)
        while connection.poll(idle_seconds) and (item := connection.recv()) is not None:
            yield item

    def each(_: Found, report: SubmissionReport) -> None:
        connection.send(report)

    return grade_all(course, name, items(), mode=mode, each=each)
