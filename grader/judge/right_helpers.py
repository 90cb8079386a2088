"""Answer for helpers that a student got wrong, by the reference, in the checker's process.

What asks is student code: the questions are checked, counted and limited before the reference sees them.
Nothing is kept between two questions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import torch

from grader.backends.containers import Container, contained
from grader.suite.stand_ins import StandIn
from grader.wire import Array, Opaque, Value
from grader.worker.stubs import Near, Stub, tensors_in

__all__ = ["Helpers"]

_MAX_ELEMENTS = 2**20
_MAX_BROADCAST = 2**24  # elements of what shapes that differ could broadcast to
_MAX_WORK = 2**28  # and of all of these together


class Helpers:
    """The reference's functions for some names, each answering in a container of its own kind."""

    def __init__(
        self,
        functions: Mapping[str, Callable[..., object]],
        containers: Mapping[str, Container],
        stand_ins: Mapping[str, StandIn],
        *,
        gradients: bool,
    ) -> None:
        """Answer for these; without `gradients` for values alone, since the exercise has to find its own."""
        self._functions = functions
        self._containers = containers
        self._stand_ins = stand_ins
        self._gradients = gradients
        self._left = 0
        self._work = 0

    def begin(self, questions: int) -> None:
        """Answer so many questions from now on, and no more."""
        self._left = questions
        self._work = 0

    @property
    def stubs(self) -> list[Stub]:
        """What a worker needs for its stubs: a name, and the near half of a stand-in."""
        found = [(name, self._stand_ins.get(name)) for name in sorted(self._functions)]
        return [
            Stub(
                name=name,
                near=Near(source=near.source, function=near.function) if near else None,
                gradients=self._gradients,
            )
            for name, near in found
        ]

    def answer(self, question: object) -> dict[str, object]:
        """Return {"value"} or {"raised", "message"}; raises nothing, whatever was asked."""
        self._left -= 1
        try:
            return {"value": self._answer(question)}
        except Exception as error:  # noqa: BLE001 - the reference on a student's arguments; it is the student's error
            name = type(error).__name__ if type(error).__module__ == "builtins" else "RuntimeError"
            return {"raised": name, "message": str(error)[:500]}

    def _answer(self, question: object) -> object:
        if self._left < 0:
            raise RuntimeError("a function of this assignment was called too often")
        if not isinstance(question, dict) or question.get("name") not in self._functions:
            raise TypeError("nothing stands for this function")
        name, args, kwargs = str(question["name"]), question.get("args"), question.get("kwargs")
        if (
            not isinstance(args, list)
            or not isinstance(kwargs, dict)
            or not all(isinstance(key, str) for key in kwargs)
        ):
            raise TypeError("the arguments can't be read")
        tensors = self._checked([*args, *kwargs.values()])
        args, kwargs = _plain(args), _plain(kwargs)
        if question.get("ask") == "near":
            return self._stand_ins[name].far(*cast("list[object]", args))
        if question.get("ask") == "vjp" and self._gradients:
            return self._vjp(name, cast("list[object]", args), cast("dict[str, object]", kwargs), tensors, question)
        with torch.enable_grad():  # a reference may go backwards itself
            return _detached(self._value(name, cast("list[object]", args), cast("dict[str, object]", kwargs)))

    def _checked(self, values: list[Value]) -> list[torch.Tensor]:
        """Return the tensors among the arguments; raises where the reference would compute on too much."""
        tensors = tensors_in(values)
        shapes = {tuple(tensor.shape) for tensor in tensors}
        size = math.prod(max(1, math.prod(shape)) for shape in shapes)
        self._work += size
        if sum(tensor.numel() for tensor in tensors) > _MAX_ELEMENTS or size > _MAX_BROADCAST:
            raise ValueError(f"the shapes {sorted(shapes)} are too large here")
        if self._work > _MAX_WORK:
            raise RuntimeError("a function of this assignment was called on too much")
        return tensors

    def _value(self, name: str, args: Sequence[object], kwargs: Mapping[str, object]) -> Value:
        value = cast("Value", self._functions[name](*args, **kwargs))
        return contained(value, self._containers.get(name))

    def _vjp(
        self,
        name: str,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        tensors: Sequence[torch.Tensor],
        question: Mapping[object, object],
    ) -> list[torch.Tensor | None]:
        """Return the gradient of each argument that requires one, None where it has no influence."""
        grads = question.get("grads")
        inputs = [tensor for tensor in tensors if tensor.requires_grad]
        with torch.enable_grad():
            outputs = tensors_in(self._value(name, args, kwargs))
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
        found = torch.autograd.grad(wanted, inputs, list(given), allow_unused=True)
        return list(found)


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
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    return value
