"""In what kind of container an answer came: a tensor, numbers in a tuple, a numpy array.

A helper that stands in for a student's own has to answer in the same kind, or right code around it fails:
`torch.stack(grad_fn(...))` is right where `grad_fn` returns a tuple.
"""

from __future__ import annotations

import torch

from grader.wire import Array, Value
from grader.worker.answering import Container

__all__ = ["Container", "container_of", "note_containers"]


def container_of(value: Value) -> Container | None:
    """Return the kind of a student's answer; None for what is no answer of numbers."""
    if isinstance(value, torch.Tensor):
        return "column" if value.shape == (1,) else "tensor"
    if isinstance(value, Array):
        return "array"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return "number"
    if isinstance(value, list | tuple) and 0 < len(value) <= 8:
        items = tuple(container_of(item) for item in value)
        if None not in items:
            return ("list" if isinstance(value, list) else "tuple", tuple(item for item in items if item is not None))
    return None


def note_containers(found: dict[str, Container], message: dict[str, object], answer: dict[object, object]) -> None:
    """Note in what kind of container each function that was called first answered, for whoever stands in for it."""
    calls, answers = message.get("calls"), answer.get("answers")
    if isinstance(calls, list) and isinstance(answers, list):
        for asked, item in zip(calls, answers, strict=False):
            if asked["name"] not in found and isinstance(item, dict) and "value" in item:
                container = container_of(item["value"])
                if container is not None:
                    found[asked["name"]] = container
