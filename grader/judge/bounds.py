"""Bound what one submission may cost the checker itself, which decodes, compares and shows what a worker sends."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

__all__ = ["MOST_SECONDS", "TooMuch", "bounded"]

MOST_SECONDS = 300.0
_AGAIN_SECONDS = 1.0


class TooMuch(BaseException):
    """The checker has spent too long on one submission; a BaseException, so that no check takes it for its own."""


@contextlib.contextmanager
def bounded(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Raise TooMuch once this process has used so many seconds of CPU, and again where that was swallowed.

    For the main thread of a process that has no other use for SIGPROF.
    """

    def stop(*_: object) -> None:
        raise TooMuch

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
