"""What the picture of a loop asks, and how a picture becomes of the answers: `pictures.py` of an assignment says it.

That file has no import but torch's: PICTURES is a table of plain values and functions, so that the checker can send
one of the functions to a worker, and a student's own folder can run the same one. Answers are a student's: any value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from .explain import as_numbers
from .pictures import Curve, Picture, compare

__all__ = ["Case", "Loop", "Points", "Views", "draw", "loops_in", "views_of"]

_MOST = 64
Points = list[tuple[float, ...] | str]
"""The numbers after each epoch, or why there are none."""
Views = dict[str, Points]
"""What came back, or what became of an argument: its points, by the name that the author gave to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question: a function of the author's that runs the loop up to each of these epochs, and its arguments.

    It gets the module, the arguments by name and `epochs`, and returns for each view a list with an answer for each
    epoch. `late` says that it takes long, and tells what is wrong late.
    """

    said: str
    epochs: tuple[int, ...]
    ask: Callable[..., object]
    arguments: Mapping[str, object]
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """The pictures of one exercise: the names of the numbers in an answer, what loss they have, and the cases."""

    axis: str
    names: tuple[str, ...]
    cases: tuple[Case, ...]
    loss: Callable[..., object] | None = None
    views: Mapping[str, str] = field(default_factory=dict)


def loops_in(table: Mapping[str, Any]) -> dict[str, Loop]:
    """Read PICTURES; raises TypeError or KeyError where it has another form."""
    return {
        name: Loop(**{**entry, "cases": tuple(Case(**case) for case in entry["cases"])})
        for name, entry in table.items()
    }


def views_of(loop: Loop, case: Case, answer: object) -> Views:
    """Return the points of an answer, whatever it is."""
    found = answer if isinstance(answer, dict) else {}
    return {view: _points(found.get(view), len(loop.names), case) for view in loop.views}


def draw(
    loop: Loop, expected: Callable[[Case], Views], own: Callable[[Case], Views | None], *, late: bool
) -> Picture | None:
    """Return the picture of the first case and view in which one sees a difference, or a word that there is none.

    None where the loop raises: `own` is None then. Without `late` no case is asked that takes long.
    """
    asked = [case for case in loop.cases if late or not case.late]
    for case in asked:
        views = own(case)
        if views is None:
            return None
        right = expected(case)
        for view, title in loop.views.items():
            picture = _compared(loop, case, title, views[view], right[view])
            if picture is not None:
                return picture
    nothing = "Drawn over a small example, your numbers lie on the expected ones: what is wrong shows elsewhere."
    return Picture(case="", axis=loop.axis, said=(nothing,))


def _compared(loop: Loop, case: Case, title: str, own: Points, right: Points) -> Picture | None:
    quantities = [("loss", lambda point: _loss(loop, case, point))] if loop.loss is not None else []
    quantities += [(name, _entry(place)) for place, name in enumerate(loop.names)]
    curves = [
        Curve(name=name, own=tuple(map(of, _filled(own, right))), expected=tuple(map(of, right)))
        for name, of in quantities
    ]
    lacking = [point if isinstance(point, str) else None for point in _filled(own, right)]
    return compare(f"{case.said}; drawn are {title}" if title else case.said, loop.axis, case.epochs, curves, lacking)


def _filled(own: Points, right: Points) -> Points:
    """Return as many points as are expected."""
    return [*own, *["nothing came back"] * (len(right) - len(own))][: len(right)]


def _entry(place: int) -> Callable[[tuple[float, ...] | str], float | None]:
    return lambda point: None if isinstance(point, str) else _finite(point[place])


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _loss(loop: Loop, case: Case, point: tuple[float, ...] | str) -> float | None:
    if isinstance(point, str) or loop.loss is None:
        return None
    return _finite(float(loop.loss(torch.tensor(point, dtype=torch.float64), **case.arguments)))  # type: ignore[arg-type]  # a tensor of one number


def _points(answers: object, size: int, case: Case) -> Points:
    if not isinstance(answers, list | tuple):
        return []
    return [_point(item, size) for item in answers[: len(case.epochs)]]


def _point(value: object, size: int) -> tuple[float, ...] | str:
    """Return the numbers of an answer, or why there are none."""
    found = _flat(value, depth=2)
    if not found:
        return "what came back has another form"
    if len(found) != size:
        count = f"{_MOST} numbers or more" if len(found) > _MOST else f"{len(found)} number{'s' * (len(found) != 1)}"
        return f"{count} came back where {size} {'are' if size > 1 else 'is'} expected"
    return tuple(found)


def _flat(value: object, depth: int) -> list[float] | None:
    """Return the numbers in a value, the first of them; None where it holds something else, or none."""
    if not isinstance(value, list | tuple):
        numbers = as_numbers(value)
        return None if numbers is None else list(map(float, numbers.detach().reshape(-1)[: _MOST + 1].tolist()))
    parts = [_flat(item, depth - 1) for item in value[: _MOST + 1]] if depth else [None]
    if None in parts:
        return None
    return [item for part in parts if part is not None for item in part][: _MOST + 1]
