"""Other arguments for a call: what a law has to hold for beside the one call in which it was seen.

Numbers of other signs and sizes, other parameters, and another number of samples, so that no factor that agrees
by chance agrees again. It needs torch alone, and ships to students.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

import torch

from .explain import samples_in

__all__ = [
    "OTHERS",
    "counts_in",
    "in_float64",
    "keeping",
    "like",
    "many_calls",
    "other_calls",
    "other_counts",
    "others_for_each",
]


def _near_by(item: torch.Tensor) -> torch.Tensor:
    """Return other numbers of the same signs and order, each changed by another factor, so that nothing cancels."""
    steps = torch.arange(1, item.numel() + 1, dtype=item.dtype).reshape(item.shape)
    return item * (1.2 + 0.07 * steps) + 0.31


def _far_off(item: torch.Tensor) -> torch.Tensor:
    """Return numbers of other signs in another order."""
    return -0.7 * _near_by(item).flip(0) if item.dim() else -0.7 * _near_by(item)


OTHERS = (_near_by, _far_off)


def other_calls(arguments: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Yield the arguments with other numbers everywhere, with other parameters, and with fewer samples.

    Counts stay: how often something is done is asked by itself.
    """
    for other, factor in ((_near_by, 0.7), (_far_off, 1.3)):
        yield {
            name: _with(item, other) if _moves(item) else factor * item if isinstance(item, float) else item
            for name, item in arguments.items()
        }
    for name, values in others_for_each(arguments):
        if isinstance(arguments[name], float):
            yield {**arguments, name: values[0]}
    size = samples_in(arguments)
    for fewer in sorted({max(size - 1, 2), max(size - 2, 2)} - {size}) if size > 2 else ():
        yield {
            name: item[:fewer].detach().clone().requires_grad_(item.requires_grad)
            if isinstance(item, torch.Tensor) and item.dim() and item.shape[0] == size
            else item
            for name, item in arguments.items()
        }


def many_calls(arguments: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Yield more calls: other numbers twice over, and other counts and sizes; for what is said of all of them."""
    first = list(other_calls(arguments))
    yield from first
    for base in first[:2]:
        yield from itertools.islice(other_calls(base), 2)
    for name, item in arguments.items():
        if type(item) is int and item >= 0:
            yield {**first[0], name: item + 1}
            yield {**first[1], name: item + 3}


def like(arguments: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Yield calls of other sizes and signs, in float64: what an example shows nothing of may show in them."""
    wide = in_float64(arguments)
    for change in (lambda item: 3 * item, lambda item: -item, lambda item: -0.5 * item.flip(0) if item.dim() else item):
        yield {name: _with(item, change) if _moves(item) else item for name, item in wide.items()}


def others_for_each(arguments: Mapping[str, object]) -> Iterator[tuple[str, list[object]]]:
    """Yield each tensor and each number with other values in its place."""
    for name, item in arguments.items():
        if _moves(item):
            yield name, [_with(item, other) for other in OTHERS]
        elif isinstance(item, float):
            yield name, [1.5 * item + (item == 0), 0.4 * item]


def keeping(item: torch.Tensor, other: Callable[[torch.Tensor], torch.Tensor], kept: int) -> torch.Tensor:
    """Return a copy in which every row but one is another."""
    changed = other(item.detach()) if item.is_floating_point() else item.flip(0)
    changed[kept] = item[kept].detach()
    return changed.requires_grad_(item.requires_grad)


def in_float64(arguments: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments with float64 in the place of other floating dtypes."""
    return {name: _wide(item) if isinstance(item, torch.Tensor) else item for name, item in arguments.items()}


def _wide(item: torch.Tensor) -> torch.Tensor:
    if not item.is_floating_point():
        return item
    return item.detach().to(torch.float64).clone().requires_grad_(item.requires_grad)


def counts_in(arguments: Mapping[str, object]) -> list[tuple[str, int]]:
    """Return the arguments that say how often something is done."""
    return [
        (name, item)
        for name, item in arguments.items()
        if type(item) is int and item >= 0 and ("epoch" in name or "step" in name)
    ]


def other_counts(count: int) -> tuple[int, ...]:
    """Return the counts that a law about one is asked of: both odd and even ones."""
    return (count + 1, count + 2, count + 3, count + 6)


def _moves(item: object) -> bool:
    return isinstance(item, torch.Tensor) and item.is_floating_point() and item.numel() > 0


def _with(item: object, other: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    assert isinstance(item, torch.Tensor)
    return other(item.detach()).requires_grad_(item.requires_grad)
