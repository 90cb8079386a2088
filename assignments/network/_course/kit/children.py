"""Start the processes that run tests, keep one ready, and hear what they say (`_course/kit/children.py`).

A process is started as a program, with pipes: the same on every system. Its news come by a queue.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from .news import Gone, News, Order, Ready, read, written

__all__ = ["Child", "Children", "Event"]

Event = tuple[int, News]
"""The number of a process, and what it said."""

# The kit's own place, as this process has found it: a release's `_course`, or the grader.
_KIT = Path(__file__).resolve().parent
_PROGRAM = (
    "import sys; place = sys.argv[1]; sys.path.insert(0, place); "
    f"from {_KIT.parent.name}.{_KIT.name}.running import main; sys.path.remove(place); "
    "main(optimizers='optimizers' in sys.argv)"
)
_LAST = 2000  # letters of what a process wrote as an error


class Child:
    """A process that waits for one order."""

    def __init__(self, number: int, events: queue.Queue[Event], *, optimizers: bool) -> None:
        """Start it; it may be ordered at once."""
        self.number = number
        self.ready = False
        self._events = events
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it is read when the process has ended
        # -P: a student's file called random.py or torch.py stays out of what is imported before the tests are.
        command = [sys.executable, "-P", "-c", _PROGRAM, str(_KIT.parents[1]), *(["optimizers"] if optimizers else [])]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def order(self, order: Order) -> None:
        """Say what to test; a process that has ended tells so by its news."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(written(order))
            self._process.stdin.flush()

    def stop(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines, self._errors:
            for line in lines:
                news = read(line)
                self.ready |= isinstance(news, Ready)
                self._events.put((self.number, news))
            code = self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip()
        self._events.put((self.number, Gone(code=code, said=said[-_LAST:])))


class Children:
    """Gives a process for each order; `prepare` has the next ones import what they need meanwhile: so many `spare`."""

    def __init__(self, events: queue.Queue[Event]) -> None:
        """Start nothing yet."""
        self.optimizers = False
        self._events = events
        self.spare = 1
        self._number = 0
        self._waiting: list[Child] = []

    def prepare(self) -> None:
        """Have the spare processes ready, or on their way."""
        while len(self._waiting) < self.spare:
            self._number += 1
            self._waiting.append(Child(self._number, self._events, optimizers=self.optimizers))

    @property
    def ready(self) -> int:
        """How many processes wait for an order, with all that they need."""
        return sum(child.ready for child in self._waiting)

    def take(self) -> Child:
        """Return the process that was begun first, or a new one."""
        self.prepare()
        return self._waiting.pop(0)

    def close(self) -> None:
        """End those that nobody has taken."""
        while self._waiting:
            self._waiting.pop().stop()
