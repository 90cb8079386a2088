"""Let a forked process keep one open file, and nothing else that its parent had open."""

from __future__ import annotations

import os

__all__ = ["keep_only"]


def keep_only(descriptor: int, *, standard: tuple[int, ...] = (0, 1, 2)) -> None:
    """Close every other descriptor, and open a null device of its own as standard input, output and error."""
    null = os.open("/dev/null", os.O_RDWR)
    for number in standard:
        os.dup2(null, number)
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 4096)
