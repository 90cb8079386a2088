"""Say whether numbers are equal but for rounding: every tolerance by its name and with its reason, and who compares.

What rounding may do hangs on what is compared, so there are several tolerances; a relative one is relative to
the largest entry, since that is at whose size a sum is rounded. A suite states its own for each check, by how
the answer is computed. It needs torch alone, and ships to students.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

__all__ = [
    "ALIKE",
    "COARSEST",
    "FACTOR",
    "LOSS_DIGITS",
    "REPEATED",
    "ROUNDING",
    "SMALLEST_FACTOR",
    "SMALLEST_SIZE",
    "TENSOR_DIGITS",
    "ZERO",
    "Digits",
    "distance",
    "is_near",
    "is_repeated",
    "is_within",
    "largest",
    "near_entries",
    "same_factor",
]

ROUNDING = 1e-5
"""Relative, for an answer to one small call: some hundred roundings of float32 (6e-8), in any algebraic form."""
ALIKE = 1e-4
"""Relative, for two programs with one mistake, which may be written otherwise and step thousands of times."""
COARSEST = 1e-3
"""Relative: however loosely a test compares, the ways to be wrong are told apart at least as exactly as this."""
REPEATED = 1e-6
"""Relative, entry by entry, for two calls of one function: threads may add up in another order, and no more."""
FACTOR = 1e-4
"""Relative, for the factor between two answers: a small entry has lost digits of its own before it is divided."""
SMALLEST_FACTOR = 1e-6
"""A factor that is nearer than this to 0 or 1 names no mistake: the answer is nothing, or it is right."""
ZERO = 1e-12
"""Absolute: what is smaller is a zero beside the numbers of any exercise, and agrees with every factor."""
SMALLEST_SIZE = 1e-9
"""The size of an answer of nothing but zeros, so that a tolerance relative to it is not zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """How exactly a number is printed: what may be missing of it, relative to it or absolute."""

    relative: float
    absolute: float

    def show(self, value: float, printed: float) -> bool:
        """Say whether `printed` is `value`, to these digits."""
        return math.isclose(value, printed, rel_tol=self.relative, abs_tol=self.absolute)


TENSOR_DIGITS = Digits(relative=1e-4, absolute=1e-4)
"""torch prints a tensor to four decimals, or to five digits where it needs an exponent."""
LOSS_DIGITS = Digits(relative=1e-6, absolute=6e-5)
"""A loss is printed as a tensor, by half of the fourth decimal and a little, or by `%f` to six decimals."""


def largest(numbers: torch.Tensor, *, least: float = 0.0) -> float:
    """Return the size of the largest finite entry; `least` where none is larger."""
    finite = numbers.detach()[numbers.isfinite()]
    return max(float(finite.abs().max()) if finite.numel() else 0.0, least)


def is_within(one: torch.Tensor, other: torch.Tensor, atol: float, *, nan: bool = False) -> bool:
    """Say whether no entries are further apart than `atol`; infinities are equal or not, and nans with `nan` alone."""
    same = (one - other).abs() <= atol
    same |= one == other  # infinities
    if nan:
        same |= one.isnan() & other.isnan()
    return bool(same.all())


def is_near(one: torch.Tensor, other: torch.Tensor, rtol: float) -> bool:
    """Say whether two answers are the same finite numbers in the same shape, relative to the largest of both."""
    if one.shape != other.shape or not bool(one.isfinite().all()) or not bool(other.isfinite().all()):
        return False
    return is_within(one, other, rtol * max(largest(one), largest(other)))


def near_entries(one: torch.Tensor, other: torch.Tensor, rtol: float) -> list[bool]:
    """Say of each entry of two rows whether it is the same, relative to itself: here small ones count by themselves."""
    return [bool(same) for same in (one - other).abs() <= rtol * other.abs()]


def is_repeated(first: torch.Tensor, second: torch.Tensor) -> bool:
    """Say whether two answers of one function are the same: in shape, dtype, nans, and the last digits but one."""
    alike = first.shape == second.shape and first.dtype == second.dtype
    return alike and torch.allclose(first, second, rtol=REPEATED, atol=0, equal_nan=True)


def same_factor(ratio: float, factor: float) -> bool:
    """Say whether a ratio of two numbers is this factor."""
    return abs(ratio - factor) <= FACTOR * abs(factor)


def distance(one: torch.Tensor, other: torch.Tensor) -> float:
    """Return the relative distance of two rows of numbers; infinity where they are not finite in the same places."""
    finite = one.isfinite() & other.isfinite()
    if not torch.equal(one.nan_to_num(nan=7.0)[~finite], other.nan_to_num(nan=7.0)[~finite]):
        # Beside a nan in both, where a number is an infinity and where a nan is a matter of rounding.
        both = bool((one.isnan() & other.isnan()).any())
        if not both or bool((one.isfinite() | other.isfinite())[~finite].any()):
            return math.inf
    if not bool(finite.any()):
        return 0.0
    first, second = one[finite], other[finite]
    return float((first - second).abs().max()) / max(largest(first), largest(second), SMALLEST_SIZE)
