"""Compare a loop's steps with the right ones by numbers: one factor, and what a number may go by in all runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch

from grader.answers.pictures import listed
from grader.answers.rounding import FACTOR
from grader.diagnosis.steps import Run

__all__ = ["RATES", "factors_of", "in_all", "is_one", "places_of", "trained_in"]

RATES = ("learning_rate", "lr")


def trained_in(run: Run) -> str:
    """Return how a place is called: the argument that is trained, or all of them."""
    return listed([f"`{name}`" for _, name in run.parts])


def factor_of(step: torch.Tensor, right: torch.Tensor, atol: float) -> float | None:
    size = float((right * right).sum())
    if size <= atol**2:
        return None
    factor = float((step * right).sum()) / size
    return factor if bool(((step - factor * right).abs() <= atol).all()) else None


def factors_of(run: Run, places: slice = slice(None)) -> list[float] | None:
    """Return how long each step is beside the right one, None where one goes elsewhere."""
    pairs = zip(run.steps[:, places], run.right_steps[:, places], strict=True)
    found = [factor_of(step, right, run.atol) for step, right in pairs]
    return None if None in found else [0.0 if abs(item) < FACTOR else item for item in found if item is not None]


def is_one(numbers: Sequence[float]) -> bool:
    """Say whether all are one number, and there is one."""
    return len(numbers) > 0 and all(abs(item - numbers[0]) <= FACTOR * abs(numbers[0]) for item in numbers)


def places_of(run: Run) -> Iterator[tuple[str, slice]]:
    """Yield each part by its name, or each entry where there is one part."""
    if len(run.parts) == 1:
        yield from ((f"[{place}]", slice(place, place + 1)) for place in range(run.sizes[0]))
        return
    start = 0
    for (_, name), size in zip(run.parts, run.sizes, strict=True):
        yield f"`{name}`", slice(start, start + size)
        start += size


def in_all(runs: Sequence[Run], numbers: Sequence[float]) -> str:
    """Name a number that is the same in all runs, or one number times what each was given; else return "".

    A run in which it is infinite says nothing of it.
    """
    pairs = [(run, number) for run, number in zip(runs, numbers, strict=False) if math.isfinite(number)]
    if len(numbers) < len(runs) or len(pairs) < 2:
        return ""
    scales = [_scales(run) for run, _ in pairs]
    for name in scales[0]:
        if all(name in scale and scale[name] for scale in scales):
            scaled = [number / scale[name] for (_, number), scale in zip(pairs, scales, strict=True)]
            if is_one(scaled):
                number = f"{scaled[0]:.4g}"
                return f"{number} {name}".replace("1 ", "", 1) if name and number == "1" else f"{number} {name}".strip()
    return ""


def _scales(run: Run) -> dict[str, float]:
    """Return by what a number may go: nothing, the learning rate, other settings, and both."""
    numbers = {name: item for name, item in run.arguments.items() if isinstance(item, float)}
    rates = {"": 1.0, **{f"`{name}`": numbers[name] for name in RATES if name in numbers}}
    others = {"": 1.0}
    for name, item in numbers.items():
        if name not in RATES:
            others |= {f"`{name}`": item, f"(1 - `{name}`)": 1 - item}
    return {f"{one} {other}".strip(): rates[one] * others[other] for other in others for one in rates}
