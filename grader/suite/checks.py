"""What the author of a hidden suite writes with: the `check` mark, tolerances and comparisons.

A suite is ordinary pytest tests against a `student` fixture. Each test is one check of one exercise;
`check` says which, how it counts, and what a student may read of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest
import torch

from grader.answers.explain import as_numbers, difference, samples_in, show, show_call
from grader.outcomes import Check, Kind, Word
from grader.suite.student import Student
from grader.wire import Array

__all__ = [
    "Alone",
    "Mismatch",
    "NotShown",
    "Tolerance",
    "agree",
    "alone_of",
    "check",
    "check_of",
    "mismatch",
    "same_dtype",
]

Alone = Callable[[Student], None]
"""What a long check asks where a helper is wrong, of the student's own; it may raise NotShown, as Mismatch."""

_NO_SCALE = 1e-30  # of an answer all of whose terms are zeros


class Mismatch(AssertionError):  # noqa: N818 - pytest and hypothesis take it for a failing assertion
    """An answer that is not what was expected.

    `word` is all that a student reads of it where the check is hidden, `summary` what is said of it in a line, and
    `text` the whole evidence.
    """

    def __init__(self, summary: str, text: str, word: Word = Word.OTHER) -> None:
        super().__init__(f"{summary}\n{text}")
        self.summary = summary
        self.text = text
        self.word = word


class NotShown(BaseException):
    """The student's own helpers are such that nothing can be seen, as where all numbers run away.

    A BaseException, so that no check takes it for a failure.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far two right answers may lie apart, relative to the size of the terms that were added up."""

    float32: float
    float64: float
    reason: str

    def of(self, value: object, scale: float) -> float:
        """Return the absolute tolerance for an answer; one of lower precision is held to its own."""
        numbers = as_numbers(value)
        low = numbers is not None and numbers.dtype in (torch.float32, torch.float16, torch.bfloat16)
        return (self.float32 if low else self.float64) * max(scale, _NO_SCALE)


def check(
    exercise: str,
    title: str,
    *,
    kind: Kind = Kind.VALUE,
    weight: float = 1.0,
    visible: bool = False,
    long: bool = False,
    alone: Alone | None = None,
    own_title: str = "",
) -> pytest.MarkDecorator:
    """Mark a test as a check of `exercise`; `weight` is its share among the exercise's checks.

    A `long` one, of more than some 200 epochs, takes seconds with right helpers, which answer one call at a time.
    Where the exercise is followed through and its other checks are passed so, `alone` may show with the student's own
    helpers that the long run is right, as one that ends where many short ones end. Where it does not, the check itself
    is run with right helpers. Judged by a student's own data it is called by its `own_title`, where it has one.
    """
    if alone is not None and not long:
        raise ValueError(f"{title!r} has `alone` and is not long: it is run again as it is")
    return pytest.mark.check(
        exercise=exercise,
        title=title,
        kind=kind,
        weight=weight,
        visible=visible,
        long=long,
        alone=alone,
        own_title=own_title,
    )


def check_of(item: pytest.Item) -> Check | None:
    """Return what the mark on a collected test says, or None for a test that is no check."""
    mark = item.get_closest_marker("check")
    if mark is None:
        return None
    kwargs = {key: value for key, value in mark.kwargs.items() if key != "alone"}
    case = getattr(item, "callspec", None)
    if case is not None:
        titles = {key: kwargs[key] for key in ("title", "own_title") if kwargs.get(key)}
        kwargs |= {key: f"{text} ({case.id})" for key, text in titles.items()}
    return Check(name=item.name, **kwargs)


def alone_of(item: pytest.Item) -> Alone | None:
    """Return what a long check asks where a helper is wrong."""
    mark = item.get_closest_marker("check")
    found: Alone | None = mark.kwargs.get("alone") if mark is not None else None
    return found


def agree(
    name: str,
    arguments: Mapping[str, object],
    value: object,
    expected: torch.Tensor,
    *,
    tolerance: Tolerance,
    scale: float | None = None,
    shapes: Sequence[tuple[int, ...]] | None = None,
    broadcast: bool = False,
    tensor: bool = False,
    part: str = "",
) -> None:
    """Raise Mismatch unless `value` is `expected`, to within the tolerance at the scale of its terms.

    `scale` is the sum of the absolute terms behind the answer, by default its largest entry. Where the
    inputs are float32 an answer of higher precision is held to what its inputs allow. With `tensor` a
    list or tuple of numbers will not do. Where several things come back, `part` says of which this is one.
    """
    finite = expected.detach().abs().to(torch.float64)
    size = scale if scale is not None else float(finite.max()) if finite.numel() else 1.0
    atol = tolerance.of(value, size)
    if expected.dtype == torch.float32:
        atol = max(atol, tolerance.float32 * size)
    if not math.isfinite(atol):
        atol = 0.0
    samples = samples_in(arguments)
    found = difference(value, expected, atol=atol, shapes=shapes, broadcast=broadcast, samples=samples, tensor=tensor)
    if found:
        summary = f"{part}: {found.summary}" if part else found.summary
        raise mismatch(summary, name, arguments, found.evidence, word=Word[found.fault.name])


def same_dtype(name: str, arguments: Mapping[str, object], value: object, dtype: torch.dtype) -> None:
    """Raise Mismatch unless an answer that has a dtype has this one; Python numbers have none.

    A numpy array is no tensor, whatever its numbers.
    """
    parts = list(value) if isinstance(value, list | tuple) else [value]
    for part in parts:
        if isinstance(part, Array) and part.tensor.dim() > 0:
            returned = f"it returned  {show(value)}"
            raise mismatch("it is a numpy array, not a tensor", name, arguments, returned, word=Word.TYPE)
        if isinstance(part, torch.Tensor) and part.dtype != dtype:
            summary = f"the dtype is {_short(part.dtype)} for data of {_short(dtype)}"
            raise mismatch(summary, name, arguments, f"it returned  {show(value)}", word=Word.DTYPE)


def mismatch(
    summary: str, name: str, arguments: Mapping[str, object], evidence: str, *, word: Word = Word.OTHER
) -> Mismatch:
    """Build the Mismatch of a check that compares in its own way; `word` is for a student who can't see it."""
    return Mismatch(summary, f"you called   {show_call(name, arguments)}\n{evidence}", word)


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
