"""Grade in several checkers at the same time, each a process with a zygote of its own.

A checker that dies takes only the submission that it was at: that one is tried once more, and is
`broken` if it ends a second checker.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from grader.course.assignment import Course
from grader.course.reading import load_assignment
from grader.errors import GraderError
from grader.judge.checker import Checker, ended_two
from grader.report.report import SubmissionReport, SubmissionStatus, without_score
from grader.submissions.files import digest
from grader.submissions.found import Found

if TYPE_CHECKING:
    from grader.sandbox.mode import SandboxMode

__all__ = ["grade_in_processes"]

_Each = Callable[[Found, SubmissionReport], None]


def grade_in_processes(
    course: Course, name: str, found: list[Found], *, mode: SandboxMode, jobs: int, each: _Each
) -> str:
    """Grade with `jobs` processes, as `grade_all` does; the reports come in any order."""
    pending = list(reversed(found))
    tried: set[str] = set()
    sandbox = ""
    checkers = [Checker(course, name, mode) for _ in range(min(jobs, len(found)))]
    try:
        while checkers:
            for connection in wait([checker.connection for checker in checkers]):
                checker = next(item for item in checkers if item.connection is connection)
                try:
                    message = checker.connection.recv()
                except (EOFError, OSError):
                    checkers.remove(checker)
                    checker.close()
                    _bury(checker, pending, tried, each, course, name)
                    if pending:
                        checkers.append(Checker(course, name, mode))
                    continue
                if isinstance(message, GraderError):
                    raise message
                if isinstance(message, str):
                    sandbox = message
                    checkers.remove(checker)
                    checker.process.wait()
                    if checker.current is not None:  # it ended for idleness: this machine slept, or stood still
                        pending.append(checker.current)
                        checkers.append(Checker(course, name, mode))
                    continue
                if isinstance(message, SubmissionReport) and checker.current is not None:
                    each(checker.current, message)
                checker.current = pending.pop() if pending else None
                with contextlib.suppress(OSError):  # where it is gone, the next message says so
                    checker.connection.send(checker.current)
    finally:
        for checker in checkers:
            checker.process.terminate()  # all of them at once, and then wait for each
        for checker in checkers:
            checker.close()
    return sandbox


def _bury(checker: Checker, pending: list[Found], tried: set[str], each: _Each, course: Course, name: str) -> None:
    """Take back what a dead checker was at, once."""
    item = checker.current
    if item is None:
        raise GraderError(f"a grading process ended before it could start (exit code {checker.process.returncode})")
    if item.given in tried:
        each(
            item,
            without_score(
                load_assignment(course, name), item.given, digest(item.path), SubmissionStatus.BROKEN, ended_two()
            ),
        )
    else:
        tried.add(item.given)
        pending.append(item)
