"""What the exit code of a command says."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Exit"]


class Exit(IntEnum):
    """All is well; something was broken on our side; wrong usage; a score that is too low; stopped by a signal."""

    WELL = 0
    BROKEN = 1
    USAGE = 2
    UNDER = 3
    STOPPED = 130
