"""Switch gradients for one call, and for the threads that it starts, so that no student's code switches them back.

Leans on private names of torch's, which tests/grader/test_policy.py watches.
"""

from __future__ import annotations

import _thread
import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

import torch

__all__ = ["Gradients", "gradients"]


class Gradients:
    """Whether the latest call has gradients."""

    def __init__(self) -> None:
        self._on = True

    @contextlib.contextmanager
    def switched(self, *, on: bool) -> Iterator[None]:
        """Set gradients for one call."""
        self._on = on
        with gradients(on=on):
            yield

    def guard_threads(self) -> None:
        """Let a new thread begin with gradients as its call has them; torch keeps that by thread."""
        for module, name in (
            (_thread, "start_new_thread"),
            (threading, "_start_new_thread"),
            (threading, "_start_joinable_thread"),
        ):
            start = getattr(module, name, None)
            if start is not None:
                setattr(module, name, self._guarded(start))

    def _guarded(self, start: Callable[..., object]) -> Callable[..., object]:
        def start_guarded(function: Callable[..., object], *args: object, **kwargs: object) -> object:
            on = self._on

            def run(*args: object, **kwargs: object) -> object:
                with gradients(on=on):
                    return function(*args, **kwargs)

            return start(run, *args, **kwargs)

        return start_guarded


@contextlib.contextmanager
def gradients(*, on: bool) -> Iterator[None]:
    """Set gradients for a while; off means below autograd, so that `enable_grad` does not bring it back."""
    if on:
        with torch.enable_grad():
            yield
        return
    below = torch._C._AutoDispatchBelowAutograd()  # noqa: SLF001 - enable_grad undoes no_grad alone
    with torch.no_grad(), below, _without_transforms():
        yield


@contextlib.contextmanager
def _without_transforms() -> Iterator[None]:
    """Let torch.func's differentiating transforms raise: they work below autograd, too. vmap stays."""
    modules = [sys.modules.get(name) for name in ("torch._C._functorch", "torch._functorch.eager_transforms")]
    places = [(module, name) for module in modules for name in _TRANSFORMS if hasattr(module, name)]
    kept = [getattr(module, name) for module, name in places]
    try:
        for module, name in places:
            setattr(module, name, _TRANSFORMS[name])
        yield
    finally:
        for (module, name), function in zip(places, kept, strict=True):
            setattr(module, name, function)


def _undo(*_: object, **__: object) -> None:
    """Leave a level of transforms that was refused; torch does so in a `finally`, and would hide the refusal."""


def _refuse(*_: object, **__: object) -> None:
    message = "torch.func is switched off in this exercise, which does not require grad"
    raise RuntimeError(message)


_TRANSFORMS = {
    "_grad_increment_nesting": _refuse,
    "_grad_decrement_nesting": _undo,
    "_jvp_increment_nesting": _refuse,
    "_jvp_decrement_nesting": _undo,
}
