"""Look how the numbers of a wrong answer go with those that are expected: off by one amount, rounded, another power.

A law of this kind is seen in several calls or not at all, so all of it takes somebody who says what is right
elsewhere. It needs torch alone, and ships to students.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from .explain import constant_ratio
from .laws import Arguments, Asked, Case, Signature, equal
from .rounding import is_within, largest

__all__ = ["relation_of"]

_MANY = 6
"""So many different numbers are seen at least before it is said what they have in common: fewer agree by chance."""
_DECIMALS = (0, 1, 2, 3)
_ON_THE_GRID = 1e-3
"""In units of the last decimal: what float32 leaves of a rounded number of a few digits."""
_POWERS: tuple[tuple[str, Callable[[torch.Tensor], torch.Tensor]], ...] = (
    ("square", torch.square),
    ("third power", lambda want: want**3),
    ("square root", lambda want: want.abs().sqrt()),
)


def relation_of(asked: Asked) -> Signature | None:
    """Return what all answers have to do with the expected ones, the most telling first, or None."""
    if asked.right is None or not asked.always(lambda case: case[1].shape == case[2].shape):
        return None
    mixed = asked.case(_of_both_signs(asked.arguments))
    if mixed is None:
        return None
    cases: list[Case] = [(asked.arguments, asked.got, asked.want), *asked.elsewhere, mixed]
    return _rounded(asked, cases) or _shifted(asked, cases) or _of_another_power(asked, cases)


def _of_both_signs(arguments: Arguments) -> dict[str, object]:
    """Return the arguments with signs by turns: of one sign, what a sign adds would be one amount."""
    return {name: _by_turns(item) if isinstance(item, torch.Tensor) else item for name, item in arguments.items()}


def _by_turns(item: torch.Tensor) -> torch.Tensor:
    if not item.is_floating_point() or item.numel() < 2:
        return item
    signs = torch.where(torch.arange(item.numel()) % 2 == 0, 1.0, -1.0).to(item.dtype).reshape(item.shape)
    return (item.detach().abs() * signs).requires_grad_(item.requires_grad)


def _rounded(asked: Asked, cases: Sequence[Case]) -> Signature | None:
    """Look for answers that end after a few decimals where the expected ones go on."""
    got = torch.cat([case[1].reshape(-1) for case in cases])
    want = torch.cat([case[2].reshape(-1) for case in cases])
    for decimals in _DECIMALS:
        on = _on_the_grid(got, decimals)
        cut = int((~_on_the_grid(want, decimals)).sum())
        if not bool(on.all()) or min(cut, len(set(got[got != 0].tolist()))) < _MANY:
            continue
        said = f"rounded to {decimals} decimal{'s' * (decimals > 1)}" if decimals else "rounded to whole numbers"
        if is_within(got, want, (0.5 + _ON_THE_GRID) * 10.0**-decimals):
            return Signature("rounded", f"{asked.at}it is what is expected, {said}")
        if decimals in (1, 2):  # what has none may be a count, and what has three may come of the arguments
            text = f"all its numbers end after {decimals} decimal{'s' * (decimals > 1)}: something is rounded"
            return Signature("rounded", asked.at + text)
    return None


def _on_the_grid(numbers: torch.Tensor, decimals: int) -> torch.Tensor:
    scaled = numbers * 10.0**decimals
    return (scaled - scaled.round()).abs() <= _ON_THE_GRID


def _shifted(asked: Asked, cases: Sequence[Case]) -> Signature | None:
    """Look for one amount by which all entries are off."""
    amounts = [_amount(case, asked.rtol) for case in cases]
    first = amounts[0]
    if first is None or None in amounts:
        return None
    if all(amount is not None and abs(amount - first) <= asked.rtol * _size(cases) for amount in amounts):
        more = "more" if first > 0 else "less"
        return Signature("shifted", f"{asked.at}it is {abs(first):.4g} {more} than expected")
    if any(case[2].numel() < 2 or equal(case[2], asked.rtol) for case in cases):
        return None
    text = "in each call all its entries are off by one amount, and not by the same one in all calls"
    return Signature("shifted", asked.at + text)


def _amount(case: Case, rtol: float) -> float | None:
    """Return by how much all entries of one answer are off; None where it is no one amount, or rounding."""
    apart = (case[1] - case[2]).reshape(-1)
    atol = rtol * _size([case])
    amount = float(apart.mean()) if apart.numel() else 0.0
    return amount if is_within(apart, torch.full_like(apart, amount), atol) and abs(amount) > 10 * atol else None


def _size(cases: Sequence[Case]) -> float:
    return max(largest(part) for case in cases for part in case[1:])


def _of_another_power(asked: Asked, cases: Sequence[Case]) -> Signature | None:
    """Look for a power of what is expected to which the entries of each answer are proportional."""
    if any(case[2].numel() < 3 or equal(case[2].abs(), asked.rtol) for case in cases):
        return None
    for name, power in _POWERS:
        if all(_goes_with(case, power) for case in cases):
            text = f"entry by entry it goes with the {name} of what is expected"
            return Signature("other_power", asked.at + text)
    return None


def _goes_with(case: Case, power: Callable[[torch.Tensor], torch.Tensor]) -> bool:
    other = power(case[2])
    same = is_within(case[1], other, 1e-6 * largest(other, least=1e-9))
    return same or constant_ratio(case[1], other) is not None
