"""Notice when an exercise uses a tool that it may not use, as the grader does (`_course/kit/tools.py` for a student).

The exercise runs as it is, and what it used is told afterwards. This is advice, and no lock: the grader's own way to
look at tools finds more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from typing import Any

import torch

__all__ = ["watching"]

# Where the tools meet, whatever name they are reached by: `backward` and `grad` both start the engine.
_PLACES: tuple[tuple[str, Any, str], ...] = (
    ("torch.autograd", torch.autograd, "_engine_run_backward"),
    ("torch.optim", torch.optim.Optimizer, "__init__"),
)


@contextlib.contextmanager
def watching(not_allowed: Collection[str]) -> Iterator[list[str]]:
    """Give a list that gets the names of those tools, of `not_allowed`, that are used meanwhile."""
    used: list[str] = []
    with contextlib.ExitStack() as stack:
        for tool, owner, attribute in _PLACES:
            if tool in not_allowed and hasattr(owner, attribute):
                before = getattr(owner, attribute)
                setattr(owner, attribute, _noting(tool, before, used))
                stack.callback(setattr, owner, attribute, before)
        yield used


def _noting(tool: str, function: Callable[..., object], used: list[str]) -> Callable[..., object]:
    def noting(*arguments: object, **named: object) -> object:
        used.append(tool)
        return function(*arguments, **named)

    return noting
