"""The tools that a worker can lack, by themselves, since who asks for one has no torch."""

from __future__ import annotations

from enum import IntFlag

__all__ = ["Without"]


class Without(IntFlag):
    """What a kind of workers lacks."""

    NOTHING = 0
    AUTOGRAD = 1
    OPTIMIZERS = 2
