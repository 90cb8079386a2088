"""Say from where a loop steps, with which samples, and where it goes on, if not where it should."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from grader.answers.formulas import OF_ENTRIES, Formula
from grader.answers.laws import Arguments
from grader.diagnosis.step_numbers import places_of
from grader.diagnosis.steps import Run

__all__ = ["cut_places", "from_where_others_moved", "goes_on_elsewhere", "of_one_sample", "on_the_way"]

_OFTEN = 3
"""So often at least a bound is met before it is said to be one."""
_AFTER = {
    said: formula
    for said, formula in OF_ENTRIES.items()
    if any(word in said for word in ("cut", "over", "absolute value of", "ReLU of", "rounded", "less its mean", "tanh"))
}
_OF_THE_WAY: tuple[tuple[str, Callable[[torch.Tensor], list[torch.Tensor]]], ...] = (
    (
        "the mean of all places on the right way, the start among them",
        lambda way: [way[: last + 1].mean(0) for last in range(1, len(way))],
    ),
    (
        "the mean of all places on the right way, without the start",
        lambda way: [way[1 : last + 1].mean(0) for last in range(1, len(way))],
    ),
    ("the middle of the last two places on the right way", lambda way: list((way[1:] + way[:-1]) / 2)),
    ("the middle of the start and the last place on the right way", lambda way: list((way[1:] + way[0]) / 2)),
    ("the sum of all places on the right way", lambda way: [way[: last + 1].sum(0) for last in range(1, len(way))]),
    ("the last step on the right way", lambda way: list(way[1:] - way[:-1])),
    ("the way from the start to the right place", lambda way: list(way[1:] - way[0])),
)


def from_where_others_moved(runs: Sequence[Run]) -> str | None:
    """Look for parts, or entries, that step from where others have moved already."""
    for reverse in (False, True):
        found = [_moved_before(run, reverse=reverse) for run in runs]
        if found[0] and all(item == found[0] for item in found):
            return found[0]
    return None


def _moved_before(run: Run, *, reverse: bool) -> str | None:
    if run.anew is None or (run.places.shape[1] > 8 and len(run.parts) == 1):
        return None
    order = list(places_of(run))[:: -1 if reverse else 1]
    for place, step in zip(run.places[:-1], run.steps, strict=True):
        moved = place.clone()
        for _, at in order:
            right = run.anew(moved, run.arguments)
            if right is None or not run.same(step[at], right[at]):
                return None
            moved[at] = place[at] + step[at]
    return f"{order[-1][0]} steps from where {order[0][0]} has moved already"


def of_one_sample(runs: Sequence[Run]) -> str | None:
    """Look for steps that are those of one sample alone, one after another."""
    for run in runs:
        rows = _rows(run)
        if run.anew is None or not rows:
            return None
        size = len(next(iter(rows.values())))
        for number, (place, step) in enumerate(zip(run.places[:-1], run.steps, strict=True)):
            at = number % size
            alone: Arguments = {**run.arguments, **{name: item[at : at + 1] for name, item in rows.items()}}
            right = run.anew(place, alone)
            if right is None or not run.same(step, right):
                return None
    return "each of its steps is the right one for one sample alone: the first, then the second, and so on"


def _rows(run: Run) -> dict[str, torch.Tensor]:
    starts = {name for _, name in run.parts}
    found = {
        name: item
        for name, item in run.arguments.items()
        if isinstance(item, torch.Tensor) and item.dim() and name not in starts
    }
    return found if len({len(item) for item in found.values()}) == 1 else {}


def goes_on_elsewhere(runs: Sequence[Run]) -> str | None:
    """Look for something that is made of the parameters after each step."""
    names = [name for _, name in runs[0].parts]
    for said, formula in _AFTER.items():
        for part in (None, *range(len(names))) if len(names) > 1 else (None,):
            if all(_goes_on_to(run, formula, part) for run in runs):
                return f"after each right step it goes on with {said.format(name=names[part or 0])}"
    return None


def _goes_on_to(run: Run, formula: Formula, part: int | None) -> bool:
    """Say whether a part, or all of it, is made of the right place after each step."""
    start = sum(run.sizes[: part or 0])
    at = slice(None) if part is None else slice(start, start + run.sizes[part])
    for place, step, right in zip(run.places[:-1], run.steps, run.right_steps, strict=True):
        following = place + right
        following[at] = formula(following[at])
        if not run.same(place + step, following):
            return False
    return True


def cut_places(runs: Sequence[Run]) -> str | None:
    """Look for one bound that no entry passes, above or below."""
    for sign, said in ((1, "larger"), (-1, "smaller")):
        bounds = [bound for run in runs for bound in _bounds(run, sign)]
        if len(bounds) >= _OFTEN and max(bounds) - min(bounds) <= 1e-9 * max(map(abs, bounds)):
            bound = bounds[0]
            if all(_is_cut(run, bound, sign) for run in runs):
                return f"after each step no entry is {said} than {bound:.4g}; else its steps are right"
    return None


def _bounds(run: Run, sign: int) -> list[float]:
    """Return the entries of places that are short of where the right step would have led."""
    following = run.places[:-1] + run.right_steps
    short = (following - run.places[1:]) * sign > run.atol
    return [float(item) for item in run.places[1:][short]]


def _is_cut(run: Run, bound: float, sign: int) -> bool:
    following = run.places[:-1] + run.right_steps
    cut = following.clamp(max=bound) if sign > 0 else following.clamp(min=bound)
    return run.same(run.places[1:], cut)


def on_the_way(runs: Sequence[Run]) -> str | None:
    """Look for answers that are made of the places of the right way."""
    for said, made in _OF_THE_WAY:
        if all(run.same(run.places[1:], torch.stack(made(run.right_way))) for run in runs):
            return f"it is {said}"
    return None
