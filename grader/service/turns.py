"""Let so many at a time do something, and the others in the order in which they came."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator

__all__ = ["Turns"]


class Turns:
    """So many turns, for threads."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._queue: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def turn(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Have a turn for as long as this lasts; where it has to be waited for, `waiting` is called first."""
        mine = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                mine.set()
            else:
                self._queue.append(mine)
        try:
            if not mine.is_set():
                waiting()
                mine.wait()
            yield
        finally:
            self._give_back(mine)

    def _give_back(self, mine: threading.Event) -> None:
        with self._lock:
            if mine in self._queue:  # whoever waits is gone
                self._queue.remove(mine)
            elif self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1
