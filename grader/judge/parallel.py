"""Grade a list of submissions, in one checker or in several at the same time.

A checker that dies takes only the submission that it was at: that one is tried once more, and is
`broken` if it ends a second checker.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from grader.course.assignment import Assignment, Course
from grader.course.reading import load_assignment
from grader.judge.checker import Checker, CheckerServer, ended_two
from grader.judge.servers import Servers
from grader.report.progress import AGAIN, Progress
from grader.report.report import SubmissionReport, SubmissionStatus, without_score
from grader.submissions.files import digest_of
from grader.submissions.found import Found

if TYPE_CHECKING:
    from grader.sandbox.mode import SandboxMode

__all__ = ["grade_all", "grade_by"]

_Each = Callable[[Found, SubmissionReport], None]
_Tell = Callable[[Found, Progress], None]


def grade_all(
    course: Course,
    name: str,
    found: Sequence[Found],
    *,
    mode: SandboxMode,
    each: _Each,
    tell: _Tell | None = None,
    confined: Callable[[str], None] = lambda _: None,
    jobs: int = 1,
) -> str:
    """Grade with `jobs` checkers, handing each report to `each`, in any order; return what confined them.

    `tell` is called with each exercise whose checks have run, and `confined` before any report with what confines
    them. Raises CourseError and SandboxError where nothing can be graded at all.
    """
    servers = Servers(partial(CheckerServer, course, name, mode))
    try:
        assignment = load_assignment(course, name)
        return grade_by(servers, assignment, found, each=each, tell=tell, confined=confined, jobs=jobs)
    finally:
        servers.close()


def grade_by(
    servers: Servers,
    assignment: Assignment,
    found: Sequence[Found],
    *,
    each: _Each,
    tell: _Tell | None = None,
    confined: Callable[[str], None] = lambda _: None,
    jobs: int = 1,
) -> str:
    """Grade as `grade_all` does, by servers that go on living."""
    grading = _Grading(servers, assignment, found, each, tell or (lambda _, __: None), confined)
    try:
        return grading.run(max(1, min(jobs, len(found))))
    finally:
        grading.close()


class _Grading:
    """What is left to grade, and who grades."""

    def __init__(
        self,
        servers: Servers,
        assignment: Assignment,
        found: Sequence[Found],
        each: _Each,
        tell: _Tell,
        confined: Callable[[str], None],
    ) -> None:
        self._servers = servers
        self._assignment = assignment
        self._pending = list(reversed(found))
        self._each = each
        self._tell = tell
        self._confined = confined
        self._tried: set[str] = set()
        self._checkers: list[Checker] = []

    def run(self, jobs: int) -> str:
        sandbox = ""
        for _ in range(jobs):
            self._add()
        while self._checkers:
            for connection in wait([checker.connection for checker in self._checkers]):
                checker = next(item for item in self._checkers if item.connection is connection)
                try:
                    message = checker.receive()
                except (EOFError, OSError):
                    self._end(checker)
                    self._bury(checker)
                    continue
                assert checker.ready is not None
                if checker.ready.sandbox != sandbox:
                    sandbox = checker.ready.sandbox
                    self._confined(sandbox)
                if isinstance(message, Progress):
                    assert checker.current is not None
                    self._tell(checker.current, message)
                    continue
                if message is not None and checker.current is not None:
                    self._each(checker.current, message)
                self._feed(checker)
        return sandbox

    def _add(self) -> None:
        checker = self._servers.checker()
        self._checkers.append(checker)
        if checker.ready is not None:
            self._feed(checker)

    def _feed(self, checker: Checker) -> None:
        if not self._pending:
            self._end(checker)
            return
        checker.current = self._pending.pop()
        with contextlib.suppress(OSError):  # where it is gone, the next message says so
            checker.connection.send(checker.current)

    def _end(self, checker: Checker) -> None:
        self._checkers.remove(checker)
        checker.connection.close()

    def _bury(self, checker: Checker) -> None:
        """Take back what a dead checker was at, once."""
        item = checker.current
        if item is None:
            self._servers.replace(checker)
        elif item.given in self._tried:
            text = ended_two()
            broken = without_score(self._assignment, item.given, digest_of(item), SubmissionStatus.BROKEN, text)
            self._each(item, broken)
        else:
            self._tried.add(item.given)
            self._pending.append(item)
            self._add()
            self._tell(item, AGAIN)
            return
        if self._pending:
            self._add()

    def close(self) -> None:
        """End every checker that is left."""
        for checker in [*self._checkers]:
            self._end(checker)
