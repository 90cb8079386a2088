"""Grade in several checkers at the same time, each a process with a zygote of its own.

A checker that dies takes only the submission that it was at: that one is tried once more, and is
`broken` if it ends a second checker. What crosses between these processes is our own data.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from grader.course import Course, load_assignment
from grader.errors import GraderError
from grader.grading import grade_all, without_score
from grader.report import SubmissionReport
from grader.sandbox import SandboxMode
from grader.submissions import Found

__all__ = ["end_on_termination", "grade_in_processes"]

_END_SECONDS = 5.0  # to end a zygote and remove its folder
_Each = Callable[[Found, SubmissionReport], None]


def grade_in_processes(
    course: Course, name: str, found: list[Found], *, mode: SandboxMode, jobs: int, each: _Each
) -> str:
    """Grade with `jobs` processes, as `grade_all` does; the reports come in any order."""
    pending = list(reversed(found))
    tried: set[str] = set()
    sandbox = ""
    checkers = [_start(course, name, mode) for _ in range(min(jobs, len(found)))]
    try:
        while checkers:
            for connection in wait([checker.connection for checker in checkers]):
                checker = next(item for item in checkers if item.connection is connection)
                try:
                    message = checker.connection.recv()
                except (EOFError, OSError):
                    checkers.remove(checker)
                    _bury(checker, pending, tried, each, course, name)
                    if pending:
                        checkers.append(_start(course, name, mode))
                    continue
                if isinstance(message, GraderError):
                    raise message
                if isinstance(message, str):
                    sandbox = message
                    checkers.remove(checker)
                    checker.process.join()
                    continue
                if isinstance(message, SubmissionReport) and checker.current is not None:
                    each(checker.current, message)
                checker.current = pending.pop() if pending else None
                checker.connection.send(checker.current)
    finally:
        for checker in checkers:
            checker.process.terminate()
        for checker in checkers:
            checker.process.join(_END_SECONDS)
            checker.process.kill()
            checker.process.join()
    return sandbox


def end_on_termination() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that zygotes and temporary folders go with it."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


@dataclass(slots=True)
class _Checker:
    process: SpawnProcess
    connection: Connection
    current: Found | None = None


def _start(course: Course, name: str, mode: SandboxMode) -> _Checker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_check, args=(theirs, course, name, mode), daemon=True)
    process.start()
    theirs.close()
    return _Checker(process, ours)


def _bury(checker: _Checker, pending: list[Found], tried: set[str], each: _Each, course: Course, name: str) -> None:
    """Take back what a dead checker was at, once."""
    checker.process.join()
    item = checker.current
    if item is None:
        raise GraderError(f"a grading process ended before it could start (exit code {checker.process.exitcode})")
    if item.given in tried:
        text = "broken on our side: it ended two grading processes"
        each(item, without_score(load_assignment(course, name), item, "broken", text))
    else:
        tried.add(item.given)
        pending.append(item)


def _check(connection: Connection, course: Course, name: str, mode: SandboxMode) -> None:
    """Be a checker: ask for a submission, send its report, and at the end what confined them all."""
    end_on_termination()

    def items() -> Iterator[Found]:
        connection.send(None)
        while (item := connection.recv()) is not None:
            yield item

    try:
        connection.send(grade_all(course, name, items(), mode=mode, each=lambda _, report: connection.send(report)))
    except GraderError as error:
        connection.send(error)
    except KeyboardInterrupt:
        return  # the parent knows
