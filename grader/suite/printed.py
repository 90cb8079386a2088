"""Read what a training loop printed, by its numbers and not by its exact spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from grader.answers.rounding import LOSS_DIGITS, TENSOR_DIGITS
from grader.outcomes import Word
from grader.suite.checks import mismatch

__all__ = ["epochs_are_printed", "near", "numbers_in", "printed_losses"]

_LONGEST = 2_000_000  # characters; five thousand epochs with params and gradient are 600,000
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


def printed_losses(printed: str) -> dict[int, list[float]]:
    """Read every "Epoch 3, Loss 1.25"; an epoch may stand there more than once."""
    found: dict[int, list[float]] = {}
    pattern = rf"(?i)epoch\D{{0,4}}(\d{{1,9}})(?!\d)\D{{0,3}}?\W*loss[^\d\n+-]{{0,12}}?({_NUMBER}|inf|nan)"
    for epoch, loss in re.findall(pattern, printed[:_LONGEST]):
        found.setdefault(int(epoch), []).append(float(loss))
    return found


def epochs_are_printed(printed: str, losses: Mapping[int, float], name: str, inputs: Mapping[str, object]) -> None:
    """Raise Mismatch unless the loss of each of these epochs is printed; further lines are right as well.

    Where nothing at all is printed, that is what is said.

    `%f` gives six decimals, and a printed tensor four: keep the losses below some hundreds.
    """
    if losses and not printed.strip():
        raise mismatch("it prints nothing", name, inputs, f"expected the losses of {list(losses)}", word=Word.SILENT)
    found = printed_losses(printed)
    for epoch, expected in losses.items():
        if not any(LOSS_DIGITS.show(expected, loss) for loss in found.get(epoch, [])):
            got = ", ".join(f"{loss:.6f}" for loss in found.get(epoch, [])) or "nothing"
            evidence = f"printed for epoch {epoch}: {got}; expected the loss {expected:.6f}"
            raise mismatch("what is printed for an epoch is not its loss", name, inputs, evidence, word=Word.PRINTED)


def numbers_in(printed: str) -> list[float]:
    """Return every number that stands in a text."""
    return [float(text) for text in re.findall(_NUMBER, printed[:_LONGEST])]


def near(value: float, numbers: Sequence[float]) -> bool:
    """Say whether one of the numbers is `value`, to the four decimals or five digits that torch prints."""
    return any(TENSOR_DIGITS.show(value, number) for number in numbers)
