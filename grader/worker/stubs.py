"""Stand in for a function that the student got wrong: ask the checker for its values and gradients.

What stands here holds no answer. A stub sends its arguments and gets back a value; behind that hangs an
autograd function whose backward asks for the vector-Jacobian product, so that a loss that goes through the
stub can be differentiated. A stand-in written by a suite (for what changes its arguments, or calls a
function) runs here as a probe does, and asks the checker for its numbers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypedDict, cast

import torch

from grader.wire import Array, Value

__all__ = ["Ask", "Near", "Stub", "as_numpy", "make_stub", "tensors_in"]

Ask = Callable[[dict[str, object]], dict[str, object]]
"""Send a question to the checker: {"ask", "name", "args", "kwargs", "grads"}; raises what it says was raised."""


class Near(TypedDict):
    """A half of a suite's stand-in: a function, in its source."""

    source: str
    function: str


class Stub(TypedDict):
    """What a worker is told of a stub; without `gradients` nothing behind it can be differentiated.

    `names` are those by which the submission hands over arguments, each with the one that is understood.
    """

    name: str
    names: dict[str, str]
    near: Near | None
    gradients: bool


def make_stub(made: Stub, ask: Ask) -> Callable[..., object]:
    """Return the function that is called in the place of the student's."""
    name, names, stand_in = made["name"], made["names"], made["near"]
    if stand_in is not None:
        namespace: dict[str, object] = {"torch": torch}
        exec(compile(stand_in["source"], "<stand-in>", "exec"), namespace)  # noqa: S102 - the suite's own
        near = cast("Callable[..., object]", namespace[stand_in["function"]])
        return _named(name, names, functools.partial(near, lambda *args: _asked(ask, "near", name, args, {})))
    if not made["gradients"]:
        return _named(name, names, lambda *args, **kwargs: _asked(ask, "value", name, args, kwargs))

    def stub(*args: object, **kwargs: object) -> object:
        tensors = [item for item in tensors_in([args, kwargs]) if item.requires_grad]
        if not (torch.is_grad_enabled() and tensors):
            return _asked(ask, "value", name, args, kwargs)
        skeleton: list[object] = []
        values = _Asked.apply(ask, name, args, kwargs, skeleton, *tensors)  # type: ignore[no-untyped-call]  # torch says no types
        return _filled(skeleton[0], list(values))

    return _named(name, names, stub)


def _named(name: str, names: dict[str, str], function: Callable[..., object]) -> Callable[..., object]:
    def call(*args: object, **kwargs: object) -> object:
        return function(*args, **{names.get(key, key): value for key, value in kwargs.items()})

    call.__name__ = call.__qualname__ = name
    return call


class _Asked(torch.autograd.Function):
    """The value of a stub, with the checker's vector-Jacobian product behind it."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401 - torch's context
        ask: Ask,
        name: str,
        args: tuple[object, ...],
        kwargs: dict[str, object],
        skeleton: list[object],
        *tensors: torch.Tensor,  # noqa: ARG004 - autograd gives gradients to what is given to apply
    ) -> tuple[torch.Tensor, ...]:
        # As they are now: what the student changes in place before going backwards is another question.
        ctx.question = (ask, name, _frozen(args), _frozen(kwargs))
        value = _asked(ask, "value", name, args, kwargs)
        found: list[torch.Tensor] = []
        skeleton.append(_emptied(value, found))
        return tuple(found)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[object, ...]:  # noqa: ANN401 - torch's context
        ask, name, args, kwargs = ctx.question
        found = cast("list[object]", _asked(ask, "vjp", name, args, kwargs, grads=list(grads)))
        return (None, None, None, None, None, *found)


def _asked(ask: Ask, what: str, name: str, args: Sequence[object], kwargs: dict[str, object], **more: object) -> object:
    return ask({"ask": what, "name": name, "args": list(args), "kwargs": kwargs, **more})["value"]


def tensors_in(value: object) -> list[torch.Tensor]:
    """Return the tensors in a value; stub and checker both go by this order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        return [tensor for item in value.values() for tensor in tensors_in(item)]
    if isinstance(value, list | tuple):
        return [tensor for item in value for tensor in tensors_in(item)]
    return []


def _frozen(value: Any) -> Any:  # noqa: ANN401 - whatever a student passes
    """Return a copy of a value whose tensors nobody else changes."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_frozen(item) for item in value]
    return value


def _emptied(value: object, found: list[torch.Tensor]) -> object:
    """Collect the tensors of a value and leave their numbers in their places."""
    if isinstance(value, torch.Tensor):
        found.append(value)
        return _Place(len(found) - 1)
    if isinstance(value, list | tuple):
        return type(value)(_emptied(item, found) for item in value)
    return value


class _Place:
    def __init__(self, number: int) -> None:
        self.number = number


def _filled(skeleton: object, tensors: Sequence[torch.Tensor]) -> object:
    if isinstance(skeleton, _Place):
        return tensors[skeleton.number]
    if isinstance(skeleton, list | tuple):
        return type(skeleton)(_filled(item, tensors) for item in skeleton)
    return skeleton


def as_numpy(value: Value) -> object:
    """Return an answer with its `Array`s as numpy arrays, as the student's own function gave them."""
    if isinstance(value, Array):
        return value.tensor.numpy()
    if isinstance(value, list):
        return [as_numpy(item) for item in value]
    return tuple(as_numpy(item) for item in value) if isinstance(value, tuple) else value
