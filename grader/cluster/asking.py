"""Ask a cluster something that has no end of its own where the other side hangs, and stay interruptible."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

__all__ = ["asked"]

_Answer = TypeVar("_Answer")


def asked(ask: Callable[[], _Answer], seconds: float, waiting: Callable[[], None]) -> _Answer:
    """Return what `ask` returns, or raise what it raises; call `waiting` whenever so many seconds have passed.

    Where `waiting` raises, or somebody interrupts, the question is left to itself.
    """
    answers: queue.SimpleQueue[Callable[[], _Answer]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answer = ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where it was asked
            raised = error

            def again() -> _Answer:
                raise raised

            answers.put(again)
        else:
            answers.put(lambda: answer)

    threading.Thread(target=run, daemon=True).start()
    while True:
        try:
            found = answers.get(timeout=seconds)
        except queue.Empty:
            waiting()
        else:
            return found()
