"""Bound what one submission may cost the checker itself, which decodes, compares and shows what a worker sends."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Iterator

__all__ = ["MOST_BYTES", "MOST_SECONDS", "TooMuch", "bounded"]

MOST_SECONDS = 300.0
MOST_BYTES = 4 * 2**30
_AGAIN_SECONDS = 1.0


class TooMuch(BaseException):
    """The checker has spent too long on one submission; a BaseException, so that no check takes it for its own."""


@contextlib.contextmanager
def bounded(seconds: float = MOST_SECONDS, size: int = MOST_BYTES) -> Iterator[None]:
    """Raise TooMuch once this process has used so many seconds of CPU, and again where that was swallowed.

    And let it ask for no more than `size` bytes beside those that it has: whoever does meets a MemoryError.
    For the main thread of a process that has no other use for SIGPROF.
    """

    def stop(*_: object) -> None:
        raise TooMuch

    before = signal.signal(signal.SIGPROF, stop)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    room = _address_space() + size
    if all(limit in (resource.RLIM_INFINITY, -1) or limit > room for limit in limits):
        resource.setrlimit(resource.RLIMIT_AS, (room, limits[1]))
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        resource.setrlimit(resource.RLIMIT_AS, limits)


def _address_space() -> int:
    """Return how many bytes of addresses this process has; Linux counts them in pages."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
