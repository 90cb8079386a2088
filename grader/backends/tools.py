"""Which tools the worker lacks in which an exercise is judged: those that it may not use."""

from __future__ import annotations

from grader.course.assignment import Exercise
from grader.worker.without import Without

__all__ = ["TOOLS", "without"]

_TOOLS = {
    "torch.autograd": Without.AUTOGRAD,
    "torch.func": Without.AUTOGRAD,
    "torch.Tensor.backward": Without.AUTOGRAD,
    "torch.optim": Without.OPTIMIZERS,
}


TOOLS = tuple(_TOOLS)
"""The names that take a tool away; any other is only looked for in the source."""


def without(exercise: Exercise) -> Without:
    """Return them: what assignment.toml does not allow, and automatic differentiation where gradients are off."""
    found = Without.NOTHING if exercise.gradients else Without.AUTOGRAD
    for name in exercise.not_allowed:
        found |= next((tool for known, tool in _TOOLS.items() if _overlap(name, known)), Without.NOTHING)
    return found


def _overlap(name: str, known: str) -> bool:
    return f"{name}.".startswith(f"{known}.") or f"{known}.".startswith(f"{name}.")
