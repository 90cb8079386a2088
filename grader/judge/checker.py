"""Whoever has submissions graded: have a process that forks checkers of one assignment, and ask a checker.

What crosses between the processes is our own data, and student code runs in none of them. This module imports
nothing slow: the process does (`grader.judge.server`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.assignment import Course
from grader.course.reading import load_assignment
from grader.course.secret import read_secret
from grader.errors import CourseError, GraderError, SandboxError
from grader.judge.store import store_folder
from grader.report.progress import Progress
from grader.report.report import SubmissionReport, SubmissionStatus, without_score
from grader.sandbox.forkserver import clean_environment
from grader.sandbox.scratch import Scratch
from grader.submissions.files import digest_of
from grader.submissions.found import Found

if TYPE_CHECKING:
    from grader.sandbox.mode import SandboxMode

__all__ = ["Checker", "CheckerServer", "Ready", "Settings", "WarmChecker", "end_on_termination", "ended_two"]

_IDLE_SECONDS = 300.0
_REFUSED_SECONDS = 20.0
_END_SECONDS = 8.0  # to end checkers and zygotes, and remove their folders
_COMMAND = (
    "from grader.worker.forkserver import divide; process, forks = divide(); "
    "from grader.judge.server import serve; serve({descriptor}, process, forks)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server of checkers is for; who asks for nothing during `idle_seconds` lets it end, None never does.

    `kept` is the folder of what is kept between runs (`grader.judge.store`). `secret` is the course's, for data of
    one's own: it is received where no worker comes from any more.
    """

    course: Course
    name: str
    mode: SandboxMode
    idle_seconds: float | None
    kept: Path
    secret: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What a checker says first: its process, and what confines the submissions that it grades."""

    process: int
    sandbox: str


class CheckerServer:
    """A process that has collected and recorded one assignment's suite, and forks checkers: one costs next to nothing.

    One that nobody asks for `idle_seconds` ends, and gives its memory back.
    """

    def __init__(self, course: Course, name: str, mode: SandboxMode, *, idle_seconds: float | None = None) -> None:
        """Start it; it warms up by itself."""
        self._scratch = Scratch()
        ours, theirs = socket.socketpair()
        with theirs:
            # -P: what lies in the current folder is nobody's module.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-c", _COMMAND.format(descriptor=theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=clean_environment(str(self._scratch.path)),
                process_group=0,  # Ctrl-C is for whoever asks, who ends it: while it imports it would print a traceback
            )
        self._control = ours
        self.able = False  # a checker of it has been ready
        with Connection(os.dup(ours.fileno())) as connection:
            connection.send(
                Settings(
                    course=course,
                    name=name,
                    mode=mode,
                    idle_seconds=idle_seconds,
                    kept=store_folder(),
                    secret=_secret_of(course, name),
                )
            )

    def checker(self) -> Checker:
        """Ask for a checker; where the process is gone, the first answer of the checker says so."""
        ours, theirs = socket.socketpair()
        with theirs, contextlib.suppress(OSError):
            socket.send_fds(self._control, [b"c"], [theirs.fileno()])
        return Checker(Connection(ours.detach()), self)

    def close(self) -> None:
        """End it and its checkers, by force where it does not listen."""
        self._control.close()
        self.process.terminate()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._scratch.remove()


class Checker:
    """One process that grades. It sends a `Ready` first, and then for each `Found` a `Progress` or more, and a report.

    A `GraderError` comes instead where nothing can be graded at all. EOFError or OSError on the connection: it is
    dead, or has ended since nobody asked.
    """

    def __init__(self, connection: Connection, server: CheckerServer) -> None:
        self.connection = connection
        self.server = server
        self.current: Found | None = None
        self.ready: Ready | None = None

    def receive(self) -> SubmissionReport | Progress | None:
        """Return what comes next, or None where it says that it is ready; raises GraderError where it sends one."""
        message = self.connection.recv()
        if isinstance(message, GraderError):
            raise message
        if isinstance(message, Ready):
            self.ready = message
            self.server.able = True
            return None
        assert isinstance(message, SubmissionReport | Progress)
        return message


class WarmChecker:
    """A checker that is kept for the next submission, and replaced when it is gone."""

    def __init__(self, course: Course, name: str, mode: SandboxMode, *, idle_seconds: float = _IDLE_SECONDS) -> None:
        """Start nothing yet."""
        self._start = partial(CheckerServer, course, name, mode, idle_seconds=idle_seconds)
        self._assignment = load_assignment(course, name)
        self._server: CheckerServer | None = None
        self._checker: Checker | None = None
        self._refusal: GraderError | None = None
        self._refused_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process that waits for the next submission, while there is one."""
        return self._checker.ready.process if self._checker is not None and self._checker.ready is not None else None

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
                if self._checker is None or self._checker.ready is None:
                    self.close()  # the server is gone, or was ending since nobody asked
                self._forget()
            except GraderError as error:
                self.close()
                if isinstance(error, SandboxError):  # a fault of the author's may be mended at any time
                    self._refusal, self._refused_at = error, time.monotonic()
                raise
        return without_score(self._assignment, found.given, digest_of(found), SubmissionStatus.BROKEN, ended_two())

    def _ask(self, found: Found) -> SubmissionReport:
        if self._checker is not None and self._checker.connection.poll():
            self._forget()  # nothing was asked: it has ended by itself
        if self._server is not None and self._server.process.poll() is not None:
            self.close()
        self._server = self._server or self._start()
        if self._checker is None:
            self._checker = self._server.checker()
            self._checker.receive()
        self._checker.connection.send(found)
        while not isinstance(report := self._checker.receive(), SubmissionReport):
            pass  # whoever grades one after another shows no progress
        return report

    def _forget(self) -> None:
        if self._checker is not None:
            self._checker.connection.close()
            self._checker = None

    def close(self) -> None:
        """End the processes; the next submission starts others."""
        self._forget()
        if self._server is not None:
            self._server.close()
            self._server = None


def _secret_of(course: Course, name: str) -> bytes | None:
    """Return the secret where it is needed; a description that is wrong is told by whoever grades."""
    try:
        return read_secret(course) if load_assignment(course, name).individual else None
    except CourseError:
        return None


def ended_two() -> str:
    """Return what is said of a submission at which two checkers died."""
    return "broken on our side: it ended two grading processes"


def end_on_termination() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that zygotes and temporary folders go with it."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
