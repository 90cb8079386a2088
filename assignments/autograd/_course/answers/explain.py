"""Compare an answer with what was expected, and say in a few lines how it differs.

The visible tests, which run with no grader installed, get this file's text in their folder, and the
hidden suites use it as it is: one comparison, one wording. It needs torch alone and knows no answer.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

import torch

from .rounding import SMALLEST_FACTOR, ZERO, is_within, same_factor

__all__ = [
    "Difference",
    "Fault",
    "as_numbers",
    "constant_ratio",
    "difference",
    "name_factor",
    "name_ratio",
    "readings_of",
    "samples_in",
    "show",
    "show_argument",
    "show_call",
]


class Fault(Enum):
    """In which way an answer is not the one that was expected."""

    VALUE = "value"
    NOT_FINITE = "not finite"
    SHAPE = "shape"
    TYPE = "type"


class Difference(NamedTuple):
    """How an answer differs: in a word, in a line, and by both values."""

    fault: Fault
    summary: str
    evidence: str


_MAX_SHOWN = 12
_MOST_IN_ROWS = 48  # entries of a table that is shown row by row
_MAX_NUMBERS = 10_000  # no exercise answers with a longer list, and looking at one would take long


def show(value: object) -> str:
    """Show a value in one line, a tensor with its shape and dtype."""
    if isinstance(value, torch.Tensor):
        return f"{_numbers(value)}   shape {tuple(value.shape)}, {str(value.dtype).removeprefix('torch.')}"
    text = _shown(value)
    return text if len(text) <= 200 else text[:200] + "..."


def _shown(value: object, depth: int = 2) -> str:
    """Show a value, and what a short list, tuple or dict holds, with all its digits; deeper ones in short."""
    array = getattr(value, "tensor", None)
    if isinstance(array, torch.Tensor):
        return f"array{_numbers(array).removeprefix('tensor')}"
    if isinstance(value, torch.Tensor):
        return _numbers(value)
    if depth and type(value) is dict and len(value) <= _MAX_SHOWN:
        return "{" + ", ".join(f"{_short_repr(key)}: {_shown(item, depth - 1)}" for key, item in value.items()) + "}"
    if depth and type(value) in (list, tuple) and len(value) <= _MAX_SHOWN:  # type: ignore[arg-type]  # just looked at
        items = ", ".join(_shown(item, depth - 1) for item in value)  # type: ignore[attr-defined]
        return f"[{items}]" if isinstance(value, list) else f"({items}{',' if len(value) == 1 else ''})"  # type: ignore[arg-type]
    return _short_repr(value)


def _short_repr(value: object) -> str:
    """Write a value without writing all of a long one first."""
    writer = reprlib.Repr()
    writer.maxother = writer.maxstring = 200
    writer.maxlist = writer.maxtuple = writer.maxdict = _MAX_SHOWN
    return writer.repr(value)


def _numbers(tensor: torch.Tensor) -> str:
    digits = 10 if tensor.dtype == torch.float64 else 7
    if tensor.dim() > 1 and 0 < tensor.numel() <= _MOST_IN_ROWS:
        return f"tensor({_nested(tensor.detach().tolist(), digits)})"
    flat = tensor.detach().reshape(-1)[:_MAX_SHOWN].tolist()
    if tensor.dim() == 0:
        return f"tensor({_number(flat[0], digits)})"
    return f"tensor({_listed(flat, digits, more=tensor.numel() > _MAX_SHOWN)})"


def _nested(values: object, digits: int, *, point: bool = False) -> str:
    """Show rows in rows; with `point` a whole float keeps its point, so that it is a float where it is typed."""
    if isinstance(values, list):
        return f"[{', '.join(_nested(item, digits, point=point) for item in values)}]"
    text = _number(values, digits)  # type: ignore[arg-type]  # what a tensor lists
    return f"{text}." if point and isinstance(values, float) and text.lstrip("-").isdigit() else text


def _listed(values: Sequence[complex], digits: int, *, more: bool = False) -> str:
    return f"[{', '.join(_number(value, digits) for value in values)}{', ...' if more else ''}]"


def _number(value: complex, digits: int) -> str:
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def show_call(name: str, arguments: Mapping[str, object], *, by_position: bool = False) -> str:
    """Show a call so that it can be typed: grad_fn(t_u=tensor([1., 2.]), w=tensor(3.))."""
    shown = {key: show_argument(value) for key, value in arguments.items()}
    return f"{name}({', '.join(value if by_position else f'{key}={value}' for key, value in shown.items())})"


def show_argument(value: object) -> str:
    """Show one argument of a call so that typing it gives the same; one too long for that is cut."""
    if not isinstance(value, torch.Tensor):
        return repr(value)
    leaf = ".requires_grad_()" if value.requires_grad else ""
    if value.numel() > _MOST_IN_ROWS:
        return _numbers(value) + leaf
    digits = 10 if value.dtype == torch.float64 else 7
    text = _nested(value.detach().tolist(), digits, point=True)
    usual = value.dtype in (torch.float32, torch.int64, torch.bool)
    return f"tensor({text}{'' if usual else f', dtype={value.dtype}'}){leaf}"


def samples_in(arguments: Mapping[str, object]) -> int:
    """Return how many samples a call is about: the rows that most of its tensors have, the most of them in doubt."""
    rows = [item.shape[0] for item in arguments.values() if isinstance(item, torch.Tensor) and item.dim() > 0]
    return max(rows, key=lambda count: (rows.count(count), count), default=0)


def as_numbers(value: object) -> torch.Tensor | None:
    """Return the numbers of an answer as one tensor, or None where it holds something else.

    A tensor stays as it is. A number becomes a 0-d tensor, and a tuple or list of single numbers (a
    Python number, or a tensor of shape () or (1,)) one of shape (n,): all of them are accepted where
    several numbers come back.
    """
    if isinstance(value, torch.Tensor):
        return None if value.is_complex() else value
    if type(value).__module__ == "numpy":
        try:
            return as_numbers(torch.as_tensor(value))
        except (TypeError, ValueError, RuntimeError):
            return None
    if isinstance(getattr(value, "tensor", None), torch.Tensor):  # an array that came from a worker
        return as_numbers(value.tensor)  # type: ignore[attr-defined]  # just looked at
    if isinstance(value, bool | int | float):
        try:
            return torch.tensor(float(value), dtype=torch.float64)
        except OverflowError:
            return None
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or not 0 < len(value) <= _MAX_NUMBERS:
        return None
    tensors: list[torch.Tensor] = []
    for item in value:
        if isinstance(item, list | tuple) and len(item) != 1:
            return None  # at once: what is nested may be large
        part = as_numbers(item)
        if part is None or part.numel() != 1 or part.dim() > 1:
            return None
        tensors.append(part.detach().reshape(()))
    given = [part.dtype for part, item in zip(tensors, value, strict=True) if isinstance(item, torch.Tensor)]
    dtype = given[0] if given else torch.float64
    for other in given:
        dtype = torch.promote_types(dtype, other)
    return torch.stack([part.to(dtype) for part in tensors])


def difference(
    value: object,
    expected: torch.Tensor,
    *,
    atol: float,
    shapes: Sequence[tuple[int, ...]] | None = None,
    broadcast: bool = False,
    samples: int = 0,
    tensor: bool = False,
) -> Difference | None:
    """Return None where `value` is `expected` to within `atol`, else what is wrong.

    `shapes` are the accepted ones, by default the expected one alone; with `broadcast`
    whatever broadcasts to the expected shape is accepted as well. `samples` is the number of samples of
    the input, which is what mistakes multiply by. With `tensor` a list or tuple of numbers will not do.
    """
    both = f"it returned  {show(value)}\nexpected     {show(expected)}"
    numbers = None if tensor and isinstance(value, list | tuple) else as_numbers(value)
    if numbers is None:
        return Difference(Fault.TYPE, _not_numbers(value), both)
    numbers = numbers.detach()
    accepted = [tuple(expected.shape)] if shapes is None else list(shapes)
    if broadcast:
        try:
            numbers = numbers.broadcast_to(expected.shape)
        except RuntimeError:
            return Difference(Fault.SHAPE, f"the shape {tuple(numbers.shape)} does not fit", both)
    elif tuple(numbers.shape) not in accepted:
        return Difference(Fault.SHAPE, _wrong_shape(tuple(numbers.shape), accepted), both)
    got = numbers.reshape(expected.shape).to(torch.float64)
    want = expected.detach().to(torch.float64)
    if is_within(got, want, atol):
        return None
    if not bool(got.isfinite().all()) and bool(want.isfinite().all()):
        return Difference(Fault.NOT_FINITE, "there is a nan or an infinity in it", both)
    ratio = constant_ratio(got, want)
    if ratio is None:
        return Difference(Fault.VALUE, "the value is wrong", both)
    if int((want != 0).sum()) < 2:  # two single numbers have a ratio always
        return Difference(Fault.VALUE, "the value is wrong", both)
    named = name_ratio(ratio, samples)
    wrong = (
        f"the value is wrong: in this call it is {named}" if named else "the value is wrong, by one factor everywhere"
    )
    return Difference(Fault.VALUE, wrong, f"{both}\nratio        {ratio:.6g}")


def _not_numbers(value: object) -> str:
    if value is None:
        return "it returned None; is a `return` missing, or is it a `.grad` that `backward` never reached?"
    if isinstance(value, torch.Tensor):
        return "it returned a tensor of complex numbers"
    name = getattr(value, "type_name", None) or type(value).__name__  # what a worker could not send has a name
    return f"it returned a value of type {name}, which is not the tensor that is asked for"


def _wrong_shape(found: tuple[int, ...], accepted: Sequence[tuple[int, ...]]) -> str:
    if len(found) == len(accepted[0]):
        return "the shape is wrong"
    return f"the shape is wrong: {len(found)} dimension{'' if len(found) == 1 else 's'} instead of {len(accepted[0])}"


def constant_ratio(got: torch.Tensor, want: torch.Tensor) -> float | None:
    """Return the one factor between two answers where there is one and it is neither 0 nor 1."""
    both = [(float(a), float(b)) for a, b in zip(got.reshape(-1), want.reshape(-1), strict=True)]
    pair = [(a, b) for a, b in both if abs(a) > ZERO or abs(b) > ZERO]  # zeros agree with every factor
    ratios = [a / b for a, b in pair if math.isfinite(a) and abs(b) > ZERO]
    if not ratios or len(ratios) < len(pair) or min(abs(ratios[0]), abs(ratios[0] - 1)) < SMALLEST_FACTOR:
        return None
    return ratios[0] if all(same_factor(ratio, ratios[0]) for ratio in ratios) else None


def name_ratio(ratio: float, samples: int) -> str:
    """Put the factor of one call into words that hold no number of the input but N, or return ""."""
    named = name_factor(ratio, samples)  # a number of the submission's choosing could tell a hidden input
    size = f" (N = {samples})" if "N" in named else ""
    return f"{named} what is expected{size}" if named else ""


def name_factor(ratio: float, samples: int) -> str:
    """Name a factor, or return ""; where it has two readings, as a two for N = 2, both are named."""
    return ", or ".join(readings_of(ratio, samples)[:2])


def readings_of(ratio: float, samples: int, numbers: Mapping[str, float] | None = None) -> list[str]:
    """Return all names of a factor, the plainest first.

    `numbers` are those of the call, by name: a factor may be one of them, or one over it.
    """
    factors: list[tuple[float, str]] = [
        (2.0, "twice"),
        (0.5, "half of"),
        (-1.0, "minus one times"),
        (-2.0, "minus two times"),
        (-0.5, "minus one half of"),
    ]
    if samples > 1:
        factors += [(float(samples), "N times"), (1 / samples, "1/N of"), (samples / 2, "N/2 times")]
        factors += [
            (samples / (samples - 1), "N/(N - 1) times"),
            (2 / samples, "2/N of"),
            (-1 / samples, "-1/N of"),
            (-float(samples), "minus N times"),
        ]
    for name, number in (numbers or {}).items():
        if number not in (0.0, 1.0, -1.0):
            factors += [(number, f"{name} times"), (1 / number, f"1/{name} times"), (2 * number, f"2 {name} times")]
    return [name for factor, name in factors if factor != 1 and same_factor(ratio, factor)]
