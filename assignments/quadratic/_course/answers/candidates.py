"""Compare what a function gave in several calls with what candidates give: exactly, or by one factor in all of them.

It needs torch alone, and ships to students.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from .elsewhere import many_calls
from .explain import samples_in
from .laws import Arguments, Asked, numbers_of
from .rounding import FACTOR, ZERO, is_near

__all__ = ["Call", "as_what", "calls_of", "enough"]

Call = tuple[Arguments, torch.Tensor]
"""The arguments of a call, and what came back."""
_FEWEST_CALLS = 4
_FEWEST_NUMBERS = 8
"""Fewer calls, or fewer different numbers in them, are another function's by chance."""
_PER_SAMPLE = [0, 1, -1]
"""Powers of N by which a factor may go."""


def calls_of(asked: Asked) -> list[Call]:
    """Ask the student's function for many calls; those are left out in which it raises, or gives no finite numbers."""
    found = [(other, numbers_of(asked.ask, other)) for other in (*many_calls(asked.arguments), *asked.more)]
    others = [(other, got) for other, got in found if got is not None and bool(got.isfinite().all())]
    return [(asked.arguments, asked.got), *others]


def enough(calls: Sequence[Call]) -> bool:
    """Say whether calls are so many, with so many different numbers, that no function agrees with them by chance."""
    numbers = {f"{number:.4g}" for _, got in calls for number in got.reshape(-1).tolist()}
    scalars = all(got.numel() == 1 for _, got in calls)
    return len(calls) >= _FEWEST_CALLS and len(numbers - {"0", "1", "-1"}) >= (
        _FEWEST_CALLS if scalars else _FEWEST_NUMBERS
    )


def as_what(
    calls: Sequence[Call],
    candidates: Sequence[tuple[str, Callable[[Arguments], torch.Tensor]]],
    rtol: float,
    *,
    shifted: bool = False,
    most: int = 1,
) -> list[str]:
    """Return the words of the first candidates that give what came back in every call, or of one with a factor to it.

    With `shifted` an amount may be added as well. Where only a factor is seen that is the same in all calls, it has to
    be so with several numbers of samples, or in answers of several entries.
    """
    exact: list[str] = []
    factors: list[str] = []
    for said, value in candidates:
        pairs = _answers(calls, value, rtol, shifted=shifted)
        if pairs is None:
            continue
        if all(is_near(got, other, rtol) for got, other in pairs):
            exact.append(said)
            if len(exact) == most:
                break
        elif not factors and not exact:
            named = _one_factor(pairs, said, rtol, calls) or (_line(pairs, said, rtol) if shifted else None)
            factors += [named] if named else []
    return exact or factors


def _answers(
    calls: Sequence[Call], value: Callable[[Arguments], torch.Tensor], rtol: float, *, shifted: bool
) -> list[tuple[torch.Tensor, torch.Tensor]] | None:
    """Return what came back with what a candidate gives, None at the first call in which they have nothing to do."""
    pairs: list[tuple[torch.Tensor, torch.Tensor]] = []
    first, before, ways = None, samples_in(calls[0][0]), _PER_SAMPLE
    for arguments, got in calls:
        try:
            other = value(arguments).detach().to(torch.float64)
        except Exception:  # noqa: BLE001 - a function may not be for such numbers, or for such shapes
            return None
        if other.numel() != got.numel() or not bool(other.isfinite().all()):
            return None
        pairs.append((got.reshape(-1), other.reshape(-1)))
        if shifted:
            continue
        factor = _factor(*pairs[-1], rtol)
        if factor is None:
            return None
        first = factor if first is None else first
        size, most = samples_in(arguments), 2 * FACTOR * abs(first)
        ways = [by for by in ways if abs(factor * size**by - first * before**by) <= most]
        if not ways:
            return None
    return pairs


def _factor(got: torch.Tensor, other: torch.Tensor, rtol: float) -> float | None:
    size = float((other * other).sum())
    factor = float((got * other).sum()) / size if size > ZERO else 0.0
    return factor if factor and is_near(got, factor * other, rtol) else None


def _one_factor(
    pairs: Sequence[tuple[torch.Tensor, torch.Tensor]], said: str, rtol: float, calls: Sequence[Call]
) -> str | None:
    """Name a factor that is the same in all calls, or one over N of each."""
    factors = [_factor(*pair, rtol) for pair in pairs]
    if None in factors:
        return None
    sizes = [samples_in(arguments) for arguments, _ in calls]
    for form, by in zip(("{number}", "{number} / N", "{number} N"), _PER_SAMPLE, strict=True):
        scaled = [factor * size**by for factor, size in zip(factors, sizes, strict=True) if factor is not None]
        if all(abs(item - scaled[0]) <= FACTOR * abs(scaled[0]) for item in scaled):
            return f"{said}, times {form.format(number=f'{scaled[0]:.4g}')}"
    return None


def _line(pairs: Sequence[tuple[torch.Tensor, torch.Tensor]], said: str, rtol: float) -> str | None:
    """Name a factor and an amount that are the same in all calls."""
    got, other = (torch.cat(parts) for parts in zip(*pairs, strict=True))
    table = torch.stack([other, torch.ones_like(other)], 1)
    factor, amount = torch.linalg.lstsq(table, got[:, None]).solution[:, 0].tolist()
    if abs(factor) < FACTOR or not is_near(got, factor * other + amount, rtol):
        return None
    return f"{said}, times {factor:.4g}, and {amount:.4g} more"
