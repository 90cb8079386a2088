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
from grader.errors import GraderError
from grader.judge.checker import Checker, CheckerServer, ended_two
from grader.report.report import SubmissionReport, SubmissionStatus, without_score
from grader.submissions.files import digest
from grader.submissions.found import Found

if TYPE_CHECKING:
    from grader.sandbox.mode import SandboxMode

__all__ = ["grade_all"]

_Each = Callable[[Found, SubmissionReport], None]


def grade_all(
    course: Course, name: str, found: Sequence[Found], *, mode: SandboxMode, each: _Each, jobs: int = 1
) -> str:
    """Grade with `jobs` checkers, handing each report to `each`, in any order; return what confined them.

    Raises CourseError and SandboxError where nothing can be graded at all.
    """
    grading = _Grading(partial(CheckerServer, course, name, mode), load_assignment(course, name), found, each)
    try:
        return grading.run(max(1, min(jobs, len(found))))
    finally:
        grading.close()


class _Grading:
    """What is left to grade, and who grades."""

    def __init__(
        self, start: Callable[[], CheckerServer], assignment: Assignment, found: Sequence[Found], each: _Each
    ) -> None:
        self._start = start
        self._servers = [start()]
        self._assignment = assignment
        self._pending = list(reversed(found))
        self._each = each
        self._tried: set[str] = set()
        self._checkers: list[Checker] = []
        self._able = False  # a checker of the last server has been ready

    def run(self, jobs: int) -> str:
        sandbox = ""
        self._checkers = [self._servers[-1].checker() for _ in range(jobs)]
        while self._checkers:
            for connection in wait([checker.connection for checker in self._checkers]):
                checker = next(item for item in self._checkers if item.connection is connection)
                try:
                    report = checker.receive()
                except (EOFError, OSError):
                    self._end(checker)
                    self._bury(checker)
                    continue
                assert checker.ready is not None
                sandbox = checker.ready.sandbox
                self._able = True
                if report is not None and checker.current is not None:
                    self._each(checker.current, report)
                self._feed(checker)
        return sandbox

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
            if not self._able:
                raise GraderError("a grading process ended before it could start")
            self._servers.append(self._start())  # it could once: something has ended the last server
            self._able = False
        elif item.given in self._tried:
            text = ended_two()
            broken = without_score(self._assignment, item.given, digest(item.path), SubmissionStatus.BROKEN, text)
            self._each(item, broken)
        else:
            self._tried.add(item.given)
            self._pending.append(item)
        if self._pending:
            self._checkers.append(self._servers[-1].checker())

    def close(self) -> None:
        """End every process."""
        for server in self._servers:
            server.close()
