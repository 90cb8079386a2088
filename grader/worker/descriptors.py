"""Let a forked process keep some open files, and nothing else that its parent had open."""

from __future__ import annotations

import os

__all__ = ["keep_only"]


def keep_only(*descriptors: int, standard: tuple[int, ...] = (0, 1, 2)) -> None:
    """Close every other descriptor, and open a null device of its own as standard input, output and error."""
    null = os.open("/dev/null", os.O_RDWR)
    for number in standard:
        os.dup2(null, number)
    kept = sorted(descriptors)
    for last, following in zip([2, *kept], [*kept, 4096], strict=True):
        os.closerange(last + 1, following)
