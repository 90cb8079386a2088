"""In what kind of container an answer came: a tensor, numbers in a tuple, a numpy array.

A helper that stands in for a student's own has to answer in the same kind, or right code around it fails:
`torch.stack(grad_fn(...))` is right where `grad_fn` returns a tuple.
"""

from __future__ import annotations

from typing import TypeAlias, Union

import torch

from grader.wire import Array, Value

__all__ = ["Container", "contained", "container_of", "note_containers"]

Container: TypeAlias = Union[str, "tuple[str, tuple[Container, ...]]"]
"""`tensor`, `column` (one number in shape (1,)), `number`, `array`, or `list` or `tuple` with those of its items."""


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


def contained(value: Value, container: Container | None) -> Value:
    """Return a right answer in a container of this kind, where it fits; tensors stay differentiable."""
    if isinstance(container, tuple):
        kind, kinds = container
        parts = list(value) if isinstance(value, list | tuple) else _parts(value)
        if parts is None or len(parts) != len(kinds):
            return value
        made = [contained(part, one) for part, one in zip(parts, kinds, strict=True)]
        return made if kind == "list" else tuple(made)
    if isinstance(value, list | tuple) and container in ("tensor", "array"):
        tensors = [item for item in value if isinstance(item, torch.Tensor)]
        if len(tensors) != len(value) or len({tensor.shape for tensor in tensors}) != 1:
            return value
        value = torch.stack(tensors)
    if not isinstance(value, torch.Tensor):
        return value
    if container == "array":
        return Array(value.detach())
    if value.dim() == 0 and container in ("column", "number"):
        return value.reshape(1) if container == "column" else float(value.detach())
    return value


def _parts(value: Value) -> list[Value] | None:
    return list(value.unbind()) if isinstance(value, torch.Tensor) and value.dim() > 0 else None
