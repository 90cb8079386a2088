"""What the exit code of a command says."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Exit"]


class Exit(IntEnum):
    """All is well; ours is broken; wrong usage; a score is too low; a grade changes; stopped by a signal."""

    WELL = 0
    BROKEN = 1
    USAGE = 2
    UNDER = 3
    CHANGED = 4
    STOPPED = 130
