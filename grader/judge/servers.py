"""Have checkers for as long as they are wanted: one server that forks them, and another in its place once it is gone.

Several threads may ask. Who closes it while others grade lets those end with a GraderError.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from grader.errors import GraderError
from grader.judge.checker import Checker, CheckerServer

__all__ = ["Servers"]


class Servers:
    """The server of one assignment, started when a checker is wanted first."""

    def __init__(self, start: Callable[[], CheckerServer]) -> None:
        """Start nothing yet."""
        self._start = start
        self._lock = threading.Lock()
        self._current: CheckerServer | None = None
        self._gone: list[CheckerServer] = []  # checkers of theirs may still grade
        self._spare: Checker | None = None
        self._closed = False

    def checker(self) -> Checker:
        """Return a checker that nobody else has, and that has graded nothing; it may be ready already."""
        with self._lock:
            spare, self._spare = self._spare, None
            if spare is not None and _is_alive(spare):
                return spare
            return self._ask()

    def prepare(self) -> None:
        """Have the next checker get ready while nobody waits for it."""
        with self._lock:
            if self._current is not None and self._spare is None and not self._closed:
                self._spare = self._current.checker()

    def replace(self, checker: Checker) -> None:
        """Let another server be started, since one ended this checker before it was ready.

        Raises GraderError where none of its checkers ever was.
        """
        with self._lock:
            if checker.server is not self._current:
                return
            if not checker.server.able:
                raise GraderError("a grading process ended before it could start")
            self._gone.append(checker.server)
            self._current = None
            self._drop_spare()

    def sweep(self) -> None:
        """Close what was replaced; only for whoever knows that nobody grades."""
        with self._lock:
            gone, self._gone = self._gone, []
        for server in gone:
            server.close()

    def close(self) -> None:
        """End every process."""
        with self._lock:
            self._closed = True
            self._drop_spare()
            if self._current is not None:
                self._gone.append(self._current)
                self._current = None
        self.sweep()

    def _ask(self) -> Checker:
        if self._closed:
            raise GraderError("the grading processes have been ended")
        if self._current is None:
            self._current = self._start()
        return self._current.checker()

    def _drop_spare(self) -> None:
        if self._spare is not None:
            self._spare.connection.close()
            self._spare = None


def _is_alive(checker: Checker) -> bool:
    """Take what a checker that waits has said: that it is ready, if anything, where it is alive."""
    try:
        while checker.connection.poll():
            checker.receive()
    except (EOFError, OSError, GraderError):
        checker.connection.close()
        return False
    return True
