"""Answer for a helper that a student got wrong, in a worker that holds the reference and none of the student's code.

What asks is student code, so that it runs confined, in limits, and is never asked in the checker. The answer comes in
the kind of container in which the student's own helper answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import TypeAlias, TypedDict, Union, cast

import torch

from grader.wire import Array, Opaque, Value
from grader.worker.stubs import Near, tensors_in

__all__ = ["Container", "Question", "contained", "the_answer"]

Container: TypeAlias = Union[str, "tuple[str, tuple[Container, ...]]"]
"""`tensor`, `column` (one number in shape (1,)), `number`, `array`, or `list` or `tuple` with those of its items."""


class Question(TypedDict):
    """What is asked: the value of a function, the product of a vector with its Jacobian, or the far half's numbers."""

    ask: str
    name: str
    args: list[Value]
    kwargs: dict[str, Value]
    grads: Value
    container: Container | None
    far: Near | None


def the_answer(module: ModuleType, question: Question) -> object:
    """Return it; raises whatever the function raises, and TypeError where a question can't be answered."""
    args, kwargs = cast("list[object]", _plain(question["args"])), cast("dict[str, object]", _plain(question["kwargs"]))
    far = question["far"]
    if far is not None:
        namespace: dict[str, object] = {"torch": torch}
        exec(compile(far["source"], "<stand-in>", "exec"), namespace)  # noqa: S102 - the suite's own
        return cast("Callable[..., object]", namespace[far["function"]])(*args)

    def value() -> Value:
        found = getattr(module, question["name"])(*args, **kwargs)
        return contained(cast("Value", found), question["container"])

    if question["ask"] == "vjp":
        return _vjp(value, tensors_in([args, kwargs]), question["grads"])
    with torch.enable_grad():  # a reference may go backwards itself
        return _detached(value())


def _vjp(value: Callable[[], Value], tensors: Sequence[torch.Tensor], grads: Value) -> list[torch.Tensor | None]:
    """Return the gradient of each argument that requires one, None where it has no influence."""
    inputs = [tensor for tensor in tensors if tensor.requires_grad]
    with torch.enable_grad():
        outputs = tensors_in(value())
    if not isinstance(grads, list) or len(grads) != len(outputs):
        raise TypeError("there is not one gradient for each answer")
    pairs = [
        (output, grad)
        for output, grad in zip(outputs, grads, strict=True)
        if output.requires_grad and isinstance(grad, torch.Tensor)
    ]
    if not pairs:
        return [None for _ in inputs]
    wanted, given = zip(*pairs, strict=True)
    return list(torch.autograd.grad(wanted, inputs, list(given), allow_unused=True))


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


def _detached(value: object) -> object:
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, dict):
        return {key: _detached(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_detached(item) for item in value)
    return value


def _plain(value: object) -> object:
    """Return arguments as a student's own function would see them; what can't cross is refused."""
    if isinstance(value, Opaque):
        raise TypeError(f"an argument of type {value.type_name} is not understood here")
    if isinstance(value, Array):
        return value.tensor.numpy()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    return value
