"""Compare an answer with what was expected, and fail with words that teach (`_course/kit/expecting.py` for a student).

It knows no answer: the visible tests say what they expect, and the hidden suites have their own.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch

from ..answers.explain import difference, samples_in, show_call
from ..answers.rounding import COARSEST, ROUNDING, largest
from ..answers.signatures import Ask, signature_of

__all__ = ["expect"]


def expect(
    name: str,
    arguments: Mapping[str, object],
    value: object,
    expected: torch.Tensor,
    *,
    rtol: float = ROUNDING,
    atol: float = 0.0,
    shapes: list[tuple[int, ...]] | None = None,
    broadcast: bool = False,
    tensor: bool = False,
    hint: str = "",
    ask: Ask | None = None,
    matters: tuple[str, ...] = (),
) -> None:
    """Fail, and say how, unless `value` is `expected` to within `rtol` of its largest entry, or `atol`.

    `ask` calls the function again with other arguments, to see in which way it is wrong. `matters` are those with
    which the right answer changes here, and with each row of which, for each sample: that one has no influence is said
    of these alone. With `tensor` a list or tuple of numbers will not do.
    """
    samples = samples_in(arguments)
    scale = largest(expected)
    tolerance = max(atol, rtol * scale)
    how = {"shapes": shapes, "broadcast": broadcast, "samples": samples, "tensor": tensor}
    found = difference(value, expected, atol=tolerance, **how)  # type: ignore[arg-type]  # by their names
    if found:
        near = min(COARSEST, tolerance / scale) if scale else 0.0
        sign = signature_of(arguments, value, expected, ask or _nobody, matters=frozenset(matters), rtol=near)
        summary = found.summary
        if callable(value):
            summary = "it returned a function; are the brackets missing, as in `x.mean()`?"
        lines = [
            f"{name}: {sign.text if sign else summary}",
            f"you called   {show_call(name, arguments)}",
            found.evidence,
        ]
        pytest.fail("\n".join([*lines, f"hint         {hint}"] if hint else lines), pytrace=False)


def _nobody(_: Mapping[str, object]) -> object:
    raise LookupError("there is nobody to ask")
