"""Name what is wrong with an exercise: find the known misconception that answers as the student's code did.

Each variant of the catalogue is asked, in the checker, what the student was asked, in the same order, and is
left at the first answer that differs. One that answers everything alike, and not as the reference does, is it.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch

from grader import wire
from grader.catalogue import Misconception, read_catalogue
from grader.course import Assignment
from grader.errors import WireError
from grader.explain import as_numbers
from grader.outcomes import Diagnosis
from grader.reference import Reference
from grader.suite.printed import numbers_in
from grader.suite.run import Exchange
from grader.wire import Array, Value
from grader.worker.runtime import Runtime

__all__ = ["Diagnoser"]

_NOTHING = compile("", "nothing", "exec")


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a variant fits: how often it differs from the reference as the student does, and how close it comes."""

    misconception: Misconception
    explained: int
    distance: float


class Diagnoser:
    """The catalogue of one assignment, with the reference beside it."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment

    @functools.cached_property
    def _catalogue(self) -> list[tuple[Misconception, types.CodeType]]:
        """Read it when something fails at first: most submissions of a class are right."""
        return [(item, compile(item.source, item.id, "exec")) for item in read_catalogue(self._assignment)]

    @functools.cached_property
    def _reference(self) -> Reference:
        return Reference(self._assignment)

    def name(self, exercise: str, asked: Sequence[Exchange]) -> Diagnosis | None:
        """Return the misconception that answers these exchanges as the student did, or None.

        Of several the one that explains most counts, then the nearest, then the first of the catalogue.
        """
        variants = [(item, code) for item, code in self._catalogue if item.exercise == exercise]
        if not variants or not asked:
            return None
        right = self._reference.with_variant(_NOTHING)
        expected = [_ask(right, exchange.message) for exchange in asked]
        found = [match for item, code in variants if (match := self._match(item, code, asked, expected)) is not None]
        if not found:
            return None
        best = max(found, key=lambda match: (match.explained, -match.distance))
        return Diagnosis(misconception=best.misconception.id, text=best.misconception.explanation)

    def _match(
        self,
        item: Misconception,
        code: types.CodeType,
        asked: Sequence[Exchange],
        expected: Sequence[dict[object, object]],
    ) -> _Match | None:
        variant = self._reference.with_variant(code)
        explained, distance = 0, 0.0
        for exchange, right in zip(asked, expected, strict=True):
            answer = _ask(variant, exchange.message)
            apart = _distance(exchange.answer, answer, right)
            if apart is None:
                return None
            distance += apart
            explained += not _same(answer, right)
        return _Match(item, explained, distance) if explained else None


def _ask(runtime: Runtime, message: dict[str, object]) -> dict[object, object]:
    """Ask as a worker is asked, through the same frames."""
    request = cast("dict[str, object]", wire.decode(wire.encode({**message, "id": 0}, strided=True), strided=True))
    try:
        return cast("dict[object, object]", wire.decode(wire.encode(runtime.handle(request, lambda _: None))))
    except WireError as error:
        return {"unsendable": str(error)}


def _answers(answer: dict[object, object]) -> list[dict[object, object]]:
    found = answer.get("answers")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _distance(
    student: dict[object, object], variant: dict[object, object], right: dict[object, object]
) -> float | None:
    """Return how far a variant's answers are from the student's, None where they are others."""
    pairs = list(zip(_answers(student), _answers(variant), _answers(right), strict=False))
    if len(_answers(student)) != len(_answers(variant)) or not pairs:
        return None
    total = 0.0
    for own, other, reference in pairs:
        apart = _one_distance(own, other, reference)
        if apart is None:
            return None
        total += apart
    return total


def _one_distance(own: dict[object, object], other: dict[object, object], right: dict[object, object]) -> float | None:
    if "raised" in own or "raised" in other:
        if own.get("raised") != other.get("raised"):
            return None
        # Where several stop in the same way, what is said and the line tell which of them is nearest.
        return 1e-5 * (own.get("message") != other.get("message")) + 1e-6 * (_last_line(own) != _last_line(other))
    value, theirs = cast("Value", own.get("value")), cast("Value", other.get("value"))
    apart = _apart(value, theirs)
    if apart is None:
        return None
    # Where the variant differs from the reference in form alone, the student has to differ in the same way.
    if _form(theirs) != _form(cast("Value", right.get("value"))) and _form(theirs) != _form(value):
        return None
    for key, same in (("printed", _same_print), ("arguments", _same_arguments)):
        if not same(other.get(key), right.get(key)) and not same(other.get(key), own.get(key)):
            return None
    return apart


def _last_line(answer: dict[object, object]) -> object:
    frames = answer.get("frames")
    last = frames[-1] if isinstance(frames, list | tuple) and frames else ()
    return last[2] if isinstance(last, tuple) and len(last) == 4 else ""


def _same(answer: dict[object, object], right: dict[object, object]) -> bool:
    """Say whether a variant answers as the reference does, in value, form, print and arguments."""
    pairs = list(zip(_answers(answer), _answers(right), strict=False))
    return all(
        one.get("raised") == other.get("raised")
        and _apart(cast("Value", one.get("value")), cast("Value", other.get("value"))) is not None
        and _form(cast("Value", one.get("value"))) == _form(cast("Value", other.get("value")))
        and _same_print(one.get("printed"), other.get("printed"))
        and _same_arguments(one.get("arguments"), other.get("arguments"))
        for one, other in pairs
    )


def _apart(one: Value, other: Value) -> float | None:
    """Return the relative distance of two values, None where it is more than rounding, or their shapes differ."""
    first, second = as_numbers(one), as_numbers(other)
    if first is None or second is None:
        return _apart_in_parts(one, other)
    first, second = first.detach().to(torch.float64), second.detach().to(torch.float64)
    if first.shape != second.shape and (first.numel() != 1 or second.numel() != 1 or first.dim() + second.dim() > 1):
        return None
    first, second = first.reshape(-1), second.reshape(-1)
    finite = first.isfinite() & second.isfinite()
    if not torch.equal(first.nan_to_num(nan=7.0)[~finite], second.nan_to_num(nan=7.0)[~finite]):
        return None
    if not bool(finite.any()):
        return 0.0
    scale = float(torch.maximum(first[finite].abs().max(), second[finite].abs().max()))
    apart = float((first[finite] - second[finite]).abs().max()) / max(scale, 1e-9)
    return apart if apart < 1e-4 else None


def _apart_in_parts(one: Value, other: Value) -> float | None:
    if isinstance(one, dict) and isinstance(other, dict):
        if set(one) != set(other):
            return None
        one, other = [one[key] for key in sorted(one, key=str)], [other[key] for key in sorted(one, key=str)]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        parts = [_apart(first, second) for first, second in zip(one, other, strict=False)]
        if len(one) != len(other) or None in parts:
            return None
        return sum(part for part in parts if part is not None)
    return 0.0 if type(one) is type(other) and not isinstance(one, torch.Tensor | Array) and one == other else None


def _form(value: Value) -> object:
    """Return what a value is beside its numbers: the dtypes of its tensors, whether they require a gradient."""
    if isinstance(value, torch.Tensor):
        return str(value.dtype), value.requires_grad
    if isinstance(value, Array):
        return "array", str(value.tensor.dtype)
    if isinstance(value, list | tuple):
        return tuple(_form(item) for item in value)
    if isinstance(value, dict):
        return tuple((str(key), _form(item)) for key, item in value.items())
    return type(value).__name__


def _same_print(one: object, other: object) -> bool:
    return numbers_in(str(one or "")) == numbers_in(str(other or ""))


def _same_arguments(one: object, other: object) -> bool:
    first = list(one) if isinstance(one, list | tuple) else []
    second = list(other) if isinstance(other, list | tuple) else []
    pairs = list(zip(first, second, strict=False))
    return len(first) == len(second) and all(_apart(a, b) is not None and _form(a) == _form(b) for a, b in pairs)
