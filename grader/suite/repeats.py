"""Checks that every function owes: it changes no argument, and gives the same answer each time."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch

from grader.answers.explain import show
from grader.answers.rounding import is_repeated
from grader.outcomes import Word
from grader.suite.checks import mismatch
from grader.suite.student import Student
from grader.wire import Array

__all__ = ["pure", "same"]


def pure(
    student: Student,
    name: str,
    inputs: Mapping[str, object],
    others: Mapping[str, object],
    *,
    gradients: bool = False,
) -> None:
    """Raise Mismatch where an argument changes, a second call differs, or a later call changes an answer.

    `others` are arguments of another call, made after the two with `inputs`. Tensors are compared by
    value, so what a function adds to them (`requires_grad`, `.grad`) is no change.
    """
    seen = student.observe(name, *inputs.values())
    for (key, sent), now in zip(inputs.items(), seen.arguments, strict=True):
        if isinstance(sent, torch.Tensor | list | tuple | dict) and not same(sent, now):
            raise mismatch(
                "an argument was changed", name, inputs, f"after the call {key} is {show(now)}", word=Word.ARGUMENT
            )
    answers = student.probe(_three_times, name, dict(inputs), dict(others), gradients=gradients)
    if not isinstance(answers, tuple) or len(answers) != 3:
        evidence = f"the answers were {show(answers)}"
        raise mismatch("a second call gives no answer", name, inputs, evidence, word=Word.AGAIN)
    kept, second, first = answers
    if not same(kept, second) or not same(kept, seen.value):
        evidence = f"first {show(kept)}\nthen  {show(second)}"
        raise mismatch("a second call gives another answer", name, inputs, evidence, word=Word.AGAIN)
    if not same(kept, first):
        evidence = f"it returned {show(kept)}\nlater it is {show(first)}"
        raise mismatch("an answer changes when the function is called again", name, inputs, evidence, word=Word.AGAIN)


def _three_times(
    module: object, name: str, arguments: dict[str, object], others: dict[str, object]
) -> tuple[object, ...]:
    """Call twice with the same objects, then with others; return both answers, and the first as it is after all."""

    def copy(value: object) -> object:
        kind = type(value)  # not isinstance: `__class__` can claim anything
        if issubclass(kind, torch.Tensor):
            return value.detach().clone()  # type: ignore[attr-defined]  # just looked at
        if kind.__module__ == "numpy" and hasattr(value, "copy"):
            return value.copy()
        if kind in (list, tuple):
            return [copy(item) for item in value]  # type: ignore[attr-defined]
        return {key: copy(item) for key, item in value.items()} if kind is dict else value  # type: ignore[attr-defined]

    function = getattr(module, name)
    first = function(*arguments.values())
    kept = copy(first)
    second = copy(function(*arguments.values()))
    function(*others.values())
    return kept, second, first


def same(first: object, second: object) -> bool:
    """Say whether two answers of one function are equal, in their last digits but one."""
    if isinstance(first, Array) and isinstance(second, Array):
        return same(first.tensor, second.tensor)
    if isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor):
        return is_repeated(first, second)
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(same(a, b) for a, b in zip(first, second, strict=True))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, torch.Tensor) or isinstance(second, torch.Tensor):
        return False
    both_nan = isinstance(first, float) and isinstance(second, float) and math.isnan(first) and math.isnan(second)
    return both_nan or first == second
