"""Draw the data of a suite: the same for every submission, and other data where the assignment has another `seed`."""

from __future__ import annotations

import torch

from grader.suite.kept import forget

__all__ = ["chance", "use_seed"]

_FAR = 1_000_003  # so that two seeds of a suite and two of an assignment never meet
_seed = 0


def use_seed(seed: int) -> None:
    """Draw by this seed of an assignment from now on; what was drawn by another is forgotten."""
    global _seed  # noqa: PLW0603 - a suite's functions take no assignment
    if seed != _seed:
        forget()
    _seed = seed


def chance(seed: int) -> torch.Generator:
    """Return a generator for one of a suite's own seeds."""
    return torch.Generator().manual_seed(seed + _FAR * _seed)
