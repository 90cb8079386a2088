"""How near one answer is to another: the student's, a known misconception's, and the reference's.

Two answers are the same but for rounding, or they are not; of those that are, the distance tells which is
nearest. What a worker says is data of any kind, and is looked at as such.
"""

from __future__ import annotations

import math
import re
from typing import cast

import torch

from grader.answers.explain import as_numbers
from grader.answers.rounding import ALIKE, ROUNDING, distance
from grader.suite.printed import numbers_in
from grader.wire import Array, Value

__all__ = ["distance_of", "finely_apart", "ran_away", "same", "same_values"]

_HUGE = 1e12
_FINELY = 0.01
"""So much of what a variant is off by the student's answer may be off it."""
_LONGEST_MESSAGE = 2000
_NUMBER = re.compile(r"[-+]?\d++(?:\.\d++)?(?:e[-+]?\d++)?")
_QUOTED = re.compile(r"'\w++'")
_ADDRESS = re.compile(r"<[\w.]+ object at 0x[0-9a-f]+>")


def _answers(answer: dict[object, object]) -> list[dict[object, object]]:
    found = answer.get("answers")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def distance_of(
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
        if own.get("raised") != other.get("raised") or _gist(own) != _gist(other):
            return None
        # Where several stop in the same way, the words and the line tell which of them is nearest.
        return 1e-5 * (own.get("message") != other.get("message")) + 1e-6 * (_last_line(own) != _last_line(other))
    value, theirs, expected = (cast("Value", answer.get("value")) for answer in (own, other, right))
    apart = _apart(value, theirs)
    if apart is None:
        return None
    # Where the variant differs from the reference in form alone, the student has to differ in the same way.
    by_value = _apart(theirs, expected) is None
    if not by_value and _form(theirs) != _form(expected) and _form(theirs) != _form(value):
        return None
    # So with what it makes of its arguments; where its value tells, the student may have worked on a copy.
    arguments = other.get("arguments")
    alike = _same_arguments(arguments, right.get("arguments")) or _same_arguments(arguments, own.get("arguments"))
    if not alike and not by_value:
        return None
    prints = [_printed(answer) for answer in (own, other, right)]
    if prints[1] and not prints[0]:
        return None  # what prints nothing where the variant does is another mistake, or has one more
    if prints[1] == prints[2]:
        return apart
    if "raised" in right or by_value:
        # Other values print otherwise, in whatever layout: what tells is the values, and whether anything is printed.
        fits = bool(prints[0]) == bool(prints[1]) or bool(prints[1]) == bool(prints[2])
    else:
        fits = _prints_as(*prints)
    return apart + 1e-5 * (prints[0] != prints[1]) if fits else None


def ran_away(answer: dict[object, object]) -> bool:
    """Say whether numbers came up, in values or in print, that float32 can hardly compute with."""
    return any(
        _is_huge(item.get("value")) or any(abs(number) > _HUGE for number in _printed(item))
        for item in _answers(answer)
    )


def _is_huge(value: object) -> bool:
    numbers = as_numbers(value)
    return numbers is not None and bool((~(numbers.detach().to(torch.float64).abs() < _HUGE)).any())


def _gist(answer: dict[object, object]) -> str:
    """Return what an error says, but for what differs between two that are one.

    Numbers, since sizes and addresses hang on the input and the machine, and the name of a variable of one's own.
    """
    text = _NUMBER.sub("#", str(answer.get("message", ""))[:_LONGEST_MESSAGE])
    return _QUOTED.sub("'...'", text) if answer.get("raised") == "UnboundLocalError" else text


def _last_line(answer: dict[object, object]) -> object:
    frames = answer.get("frames")
    last = frames[-1] if isinstance(frames, list | tuple) and frames else ()
    return last[2] if isinstance(last, tuple) and len(last) == 4 else ""


def same_values(answer: dict[object, object], right: dict[object, object]) -> bool:
    """Say whether a variant returns what the reference does, whatever it prints."""
    pairs = list(zip(_answers(answer), _answers(right), strict=False))
    return all(
        one.get("raised") == other.get("raised")
        and _apart(cast("Value", one.get("value")), cast("Value", other.get("value"))) is not None
        for one, other in pairs
    )


def same(answer: dict[object, object], right: dict[object, object]) -> bool:
    """Say whether a variant answers as the reference does, in value, form, print and arguments."""
    pairs = list(zip(_answers(answer), _answers(right), strict=False))
    return all(
        one.get("raised") == other.get("raised")
        and _apart(cast("Value", one.get("value")), cast("Value", other.get("value"))) is not None
        and _form(cast("Value", one.get("value"))) == _form(cast("Value", other.get("value")))
        and _printed(one) == _printed(other)
        and _same_arguments(one.get("arguments"), other.get("arguments"))
        for one, other in pairs
    )


def finely_apart(own: dict[object, object], variant: dict[object, object], right: dict[object, object]) -> bool:
    """Say whether a variant is a little off what is right, and the student's answer is off by just as much.

    So little that two programs with one mistake may differ by it, and more than a rounding of one call.
    """
    found = zip(_answers(own), _answers(variant), _answers(right), strict=False)
    for answers in found:
        rows = [_numbers(cast("Value", answer.get("value"))) for answer in answers]
        first, second, third = (None if row is None else row.detach().to(torch.float64).reshape(-1) for row in rows)
        if first is None or second is None or third is None or not first.shape == second.shape == third.shape:
            continue
        off = distance(second, third)
        if ROUNDING < off < math.inf and distance(first, second) < _FINELY * off:
            return True
    return False


def _apart(one: Value, other: Value) -> float | None:
    """Return the relative distance of two values, None where it is more than rounding, or their shapes differ."""
    first, second = _numbers(one), _numbers(other)
    if first is None or second is None:
        return _apart_in_parts(one, other)
    if first.shape != second.shape:
        if (
            min(first.dim(), second.dim()) > 0
            or max(first.dim(), second.dim()) > 1
            or not first.numel() * second.numel()
        ):
            return None
        longer = max(first.shape, second.shape, key=len)
        first, second = first.expand(longer), second.expand(longer)  # a number stands for a row of it
    first, second = first.detach().to(torch.float64), second.detach().to(torch.float64)
    apart = distance(first.reshape(-1), second.reshape(-1))
    return apart if apart < ALIKE else None


def _numbers(value: Value) -> torch.Tensor | None:
    """Return the numbers of an answer; an empty list has none, and is a row of none."""
    return torch.zeros(0) if isinstance(value, list | tuple) and not value else as_numbers(value)


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
    if isinstance(one, str) and isinstance(other, str):
        one, other = _ADDRESS.sub("", one), _ADDRESS.sub("", other)
    return 0.0 if type(one) is type(other) and not isinstance(one, torch.Tensor | Array) and one == other else None


def _form(value: Value) -> object:
    """Return what a value is beside its numbers: the shapes and dtypes of its tensors, and which require a gradient."""
    if isinstance(value, torch.Tensor):
        return str(value.dtype), value.requires_grad, tuple(value.shape)
    if isinstance(value, Array):
        return "array", str(value.tensor.dtype), tuple(value.tensor.shape)
    if isinstance(value, list | tuple):
        return tuple(_form(item) for item in value)
    if isinstance(value, dict):
        return tuple((str(key), _form(item)) for key, item in value.items())
    return type(value).__name__


def _printed(answer: dict[object, object]) -> list[float]:
    printed = answer.get("printed")
    return numbers_in(printed) if isinstance(printed, str) else []


def _prints_as(own: list[float], variant: list[float], right: list[float]) -> bool:
    """Say whether a print is nearer to the variant's than to the right one.

    In another layout, with another count of numbers, all that the variant prints has to stand there, and of what is
    right something must be missing.
    """
    if len(own) in (len(variant), len(right)):
        return _printed_apart(own, variant) < _printed_apart(own, right)
    return not _missing(variant, own) and _missing(right, own)


def _missing(numbers: list[float], among: list[float]) -> bool:
    """Say whether one of these numbers is printed less often there."""
    left = sorted(among)
    for number in sorted(numbers):
        near = next((i for i, item in enumerate(left) if abs(item - number) < ALIKE * max(abs(number), 1.0)), None)
        if near is None:
            return True
        del left[near]
    return False


def _printed_apart(one: list[float], other: list[float]) -> float:
    """Return how far two prints are apart, by their numbers; infinity where it is more than the last digits."""
    if len(one) != len(other):
        return math.inf
    parts = [abs(a - b) / max(abs(a), abs(b), 1.0) for a, b in zip(one, other, strict=True)]
    return sum(parts) if all(part < ALIKE for part in parts) else math.inf


def _same_arguments(one: object, other: object) -> bool:
    first = list(one) if isinstance(one, list | tuple) else []
    second = list(other) if isinstance(other, list | tuple) else []
    pairs = list(zip(first, second, strict=False))
    return len(first) == len(second) and all(_apart(a, b) is not None and _form(a) == _form(b) for a, b in pairs)
