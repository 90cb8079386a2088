"""What a worker leaves running: only one that is not confined can, and it ends with that worker."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Container
from pathlib import Path

__all__ = ["adopt", "end"]

_PR_SET_CHILD_SUBREAPER = 36
_ROUNDS = 1000  # who forks as fast as it is ended is left to the limits
_CHILDREN = Path("/proc/thread-self/children")


def adopt() -> None:
    """Become the parent of whatever this process's descendants leave behind."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end(kept: Container[int]) -> None:
    """End the children of this process, of one thread, but for those that are kept, and what these leave in turn."""
    for _ in range(_ROUNDS):
        orphans = [child for child in map(int, _CHILDREN.read_text().split()) if child not in kept]
        if not orphans:
            return
        for child in orphans:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
