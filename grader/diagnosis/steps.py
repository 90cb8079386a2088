"""Look how a loop steps: it is asked for no step, one, two and more, and each step is held beside the right one.

The right step is that from where the student's loop stands, where the right loop keeps nothing from step to step;
else that of the right way, where its steps don't hang on the place. That is looked at by asking the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from grader.answers.elsewhere import in_float64
from grader.answers.laws import Arguments

__all__ = ["Parts", "Run", "run_of", "starts_of"]

Parts = Callable[[Arguments], Mapping[str, torch.Tensor] | None]
"""Ask for the parts of an answer; None where it raises, or answers otherwise."""

_MOST = 6
_FEWEST = 3
_SAME = 1e-7
"""Relative to the longest step: what is left of float64 where steps are subtracted from places."""
_FARTHEST = 1e6
"""So many times its first distance from 0, or 1, a loop goes before it has run away: it is followed no further."""
_STARTS = ("params", "parameters", "weights", "start")


@dataclass(frozen=True, slots=True)
class Run:
    """A loop from one start: where it stands after 0, 1, 2 ... steps, and the right step from each place but the last.

    Rows are places, of all parts in a row; `right_way` are the places of the right loop, and `anew` gives the right
    step from any place for the step of this number, where it can be asked: it is None where the right loop remembers.
    """

    arguments: Arguments
    count: str
    parts: tuple[tuple[str, str], ...]
    sizes: tuple[int, ...]
    places: torch.Tensor
    right_way: torch.Tensor
    right_steps: torch.Tensor
    anew: Callable[[torch.Tensor, Arguments], torch.Tensor | None] | None

    @property
    def steps(self) -> torch.Tensor:
        """The steps that were made, one a row."""
        return self.places[1:] - self.places[:-1]

    @property
    def atol(self) -> float:
        """How far apart two steps may be that are one but for rounding."""
        steps = torch.cat([self.steps, self.right_steps])
        return max(_SAME * float(steps.abs().max()), 1e-13 * float(self.places.abs().max()))

    def of_part(self, part: str) -> Run:
        """Return the run of one part alone; the right step from elsewhere can't be asked of it."""
        place = [key for key, _ in self.parts].index(part)
        start = sum(self.sizes[:place])
        at = slice(start, start + self.sizes[place])
        rows = {name: getattr(self, name)[:, at] for name in ("places", "right_way", "right_steps")}
        return replace(self, parts=self.parts[place : place + 1], sizes=self.sizes[place : place + 1], **rows)

    def same(self, one: torch.Tensor, other: torch.Tensor) -> bool:
        """Say whether steps are the same."""
        return one.shape == other.shape and bool(((one - other).abs() <= self.atol).all())


def starts_of(part: str, answer: Mapping[str, torch.Tensor], arguments: Arguments) -> tuple[tuple[str, str], ...]:
    """Return the parts of an answer that are trained, with the arguments at which they start; () where `part` is none.

    A part is the argument of its name, or that with "new_" before it; a whole answer is the one that has such a name.
    """
    new = part.startswith("new_")
    found: list[tuple[str, str]] = []
    for key, value in answer.items():
        names = _STARTS if key == "" else (key.removeprefix("new_"),) if key.startswith("new_") == new else ()
        for name in names:
            item = arguments.get(name)
            if isinstance(item, torch.Tensor) and item.is_floating_point() and item.shape == value.shape:
                found.append((key, name))
                break
    return tuple(found) if part in dict(found) else ()


def run_of(
    arguments: Arguments, count: str, part: str, own: Parts, right: Parts, shape: Mapping[str, torch.Tensor]
) -> Run | None:
    """Return how a loop runs from the start in these arguments; None where it is no such loop, or can't be followed."""
    arguments = in_float64(arguments)
    parts = starts_of(part, shape, arguments)
    if not parts:
        return _growing(arguments, count, part, own, right)
    places = _way(arguments, count, parts, own)
    right_way = _way(arguments, count, parts, right)
    length = min(len(places), len(right_way))
    if length <= _FEWEST:
        return None
    stood, should = torch.stack(places[:length]), torch.stack(right_way[:length])
    sizes = tuple(shape[key].numel() for key, _ in parts)
    scale = float((should[1:] - should[:-1]).abs().max())

    def anew(place: torch.Tensor, base: Arguments) -> torch.Tensor | None:
        moved = _at(base, parts, sizes, place)
        found = _row(right({**moved, count: 1}), parts)
        return None if found is None else found - place

    def near(one: torch.Tensor | None, other: torch.Tensor) -> bool:
        return one is not None and bool(((one - other).abs() <= 1e-6 * scale).all())

    if near(anew(should[1], arguments), should[2] - should[1]):
        steps = [anew(place, arguments) for place in stood[:-1]]
        known = [step for step in steps if step is not None]
        if len(known) < len(steps):
            return None
        return Run(arguments, count, parts, sizes, stood, should, torch.stack(known), anew)
    elsewhere = _way(_at(arguments, parts, sizes, should[0] + 0.37), count, parts, right)
    if len(elsewhere) < length or not near(torch.stack(elsewhere[:length]), should + 0.37):
        return None
    moves = (should[1:] != should[:-1]).any(1).tolist()
    length = [*moves, False].index(False) + 1  # behind it there is nothing to step by
    if length <= _FEWEST:
        return None
    stood, should = stood[:length], should[:length]
    return Run(arguments, count, parts, sizes, stood, should, should[1:] - should[:-1], None)


def _growing(arguments: Arguments, count: str, part: str, own: Parts, right: Parts) -> Run | None:
    """Return how an answer goes on that has an entry for each step, and one before them, where its steps stay anywhere.

    Its places are these entries; that they stay is seen by other numbers in each tensor that it starts from.
    """
    longest = {**arguments, count: _MOST}
    rows = [answer[part].reshape(-1) for ask in (own, right) if (answer := ask(longest)) is not None and part in answer]
    if [len(row) for row in rows] != [_MOST + 1] * 2:
        return None
    moved = {name: _moved(item) for name, item in longest.items()}
    other = right(moved)
    places, should = (row.detach().to(torch.float64)[:, None] for row in rows)
    steps = should[1:] - should[:-1]
    if other is None or other[part].numel() != len(should) or not bool(places.isfinite().all()):
        return None
    elsewhere = other[part].detach().to(torch.float64).reshape(-1, 1)
    if not bool(((elsewhere[1:] - elsewhere[:-1] - steps).abs() <= 1e-6 * steps.abs().max()).all()):
        return None
    return Run(arguments, count, (), (1,), places, should, steps, None)


def _moved(item: object) -> object:
    if not isinstance(item, torch.Tensor) or not item.is_floating_point():
        return item
    return (item.detach() + 0.37).requires_grad_(item.requires_grad)


def _way(arguments: Arguments, count: str, parts: Sequence[tuple[str, str]], ask: Parts) -> list[torch.Tensor]:
    """Return where a loop stands after each number of steps, as far as it can be asked."""
    places: list[torch.Tensor] = []
    for number in range(_MOST + 1):
        row = _row(ask({**arguments, count: number}), parts)
        if row is None and number == 0:  # a question that takes a step at least
            row = torch.cat([_flat(arguments[name]) for _, name in parts])
        if row is None or (places and (row.shape != places[0].shape or _is_far(row, places[0]))):
            break
        places.append(row)
    return places


def _flat(item: object) -> torch.Tensor:
    assert isinstance(item, torch.Tensor)
    return item.detach().to(torch.float64).reshape(-1)


def _is_far(row: torch.Tensor, start: torch.Tensor) -> bool:
    return not bool((row.abs() <= _FARTHEST * max(1.0, float(start.abs().max()))).all())


def _row(answer: Mapping[str, torch.Tensor] | None, parts: Sequence[tuple[str, str]]) -> torch.Tensor | None:
    if answer is None or not all(key in answer for key, _ in parts):
        return None
    return torch.cat([_flat(answer[key]) for key, _ in parts])


def _at(
    arguments: Arguments, parts: Sequence[tuple[str, str]], sizes: Sequence[int], place: torch.Tensor
) -> dict[str, object]:
    """Return the arguments with another start."""
    found = dict(arguments)
    for (_, name), values in zip(parts, torch.split(place, list(sizes)), strict=True):
        given = arguments[name]
        assert isinstance(given, torch.Tensor)
        found[name] = values.reshape(given.shape).clone().requires_grad_(given.requires_grad)
    return found
