"""The warm checkers of a course: servers of each assignment that was asked for, by its files as they are now.

Every submission has a checker of its own, which has graded nothing and is ended afterwards; the next one gets ready
meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, GraderError
from grader.judge.checker import CheckerServer
from grader.judge.parallel import grade_by
from grader.judge.servers import Servers
from grader.judge.state import Stamps, stamps_of
from grader.report.progress import Progress
from grader.report.report import SubmissionReport
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found

__all__ = ["Pool"]


@dataclass(slots=True, kw_only=True, eq=False)
class _Warm:
    """An assignment as its files were when it was started; `users` are the submissions that it is at."""

    assignment: Assignment
    stamps: Stamps
    servers: Servers
    users: int = 0
    used_at: float = field(default_factory=time.monotonic)


class Pool:
    """What is warm; threads may share it."""

    def __init__(self, root: Path, *, idle_seconds: float) -> None:
        """Start nothing yet; `idle_seconds` is how long an assignment that nobody asks for stays warm."""
        self._root = root
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._current: dict[str, _Warm] = {}
        self._all: set[_Warm] = set()  # and those whose files have changed, for as long as they are used
        self.closed = False

    def grade(self, name: str, found: Found, *, tell: Callable[[Progress], None]) -> tuple[SubmissionReport, str]:
        """Grade one submission; return its report and what confined it. Raises GraderError where none can be."""
        warm = self._take(name)
        reports: list[SubmissionReport] = []
        try:
            sandbox = grade_by(
                warm.servers,
                warm.assignment,
                [found],
                each=lambda _, report: reports.append(report),
                tell=lambda _, progress: tell(progress),
            )
            warm.servers.prepare()
        except GraderError:
            self._retire(warm)  # its author may mend it at any time
            raise
        finally:
            self._give_back(warm)
        return reports[0], sandbox

    def tend(self) -> None:
        """End what nobody has asked for in a while."""
        before = time.monotonic() - self._idle_seconds
        with self._lock:
            idle = [warm for warm in self._all if not warm.users and warm.used_at < before]
        for warm in idle:
            self._retire(warm)
            threading.Thread(target=self._end_unused, args=(warm,)).start()  # it may take seconds, and others ask

    def close(self) -> None:
        """End everything; whoever grades gets a GraderError."""
        with self._lock:
            self.closed = True
            every = [*self._all]
        for warm in every:
            warm.servers.close()

    def _take(self, name: str) -> _Warm:
        course = find_course(self._root)
        assignment = load_assignment(course, name)
        try:
            stamps = stamps_of(assignment)
        except OSError as error:
            raise CourseError(f"{error.filename}: {error.strerror}") from error
        with self._lock:
            if self.closed:
                raise GraderError("the grading processes have been ended")
            old = warm = self._current.get(name)
            if warm is None or warm.stamps != stamps:
                servers = Servers(partial(CheckerServer, course, name, SandboxMode.AUTO))
                warm = self._current[name] = _Warm(assignment=assignment, stamps=stamps, servers=servers)
                self._all.add(warm)
            warm.users += 1
        if old is not None and old is not warm:
            self._end_unused(old)
        return warm

    def _give_back(self, warm: _Warm) -> None:
        with self._lock:
            warm.users -= 1
            warm.used_at = time.monotonic()
            unused = not warm.users
        if unused:
            warm.servers.sweep()
        self._end_unused(warm)

    def _retire(self, warm: _Warm) -> None:
        with self._lock:
            if self._current.get(warm.assignment.name) is warm:
                del self._current[warm.assignment.name]

    def _end_unused(self, warm: _Warm) -> None:
        """End what is no longer to be asked, and has no users."""
        with self._lock:
            if warm.users or self._current.get(warm.assignment.name) is warm:
                return
            self._all.discard(warm)
        warm.servers.close()
