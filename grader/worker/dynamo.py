"""Let torch.optim compute without torch._dynamo, torch's compiler, whose import costs as much as half of torch's own.

The first step of an optimizer imports it, to switch it off for four methods and to end a graph that nobody records;
the first gradient of `torch.func`, to switch off what is not on. That is said here beforehand; who asks for anything
else of torch._dynamo gets the real module. The names are torch's private ones: where one is missing, nothing is done,
and torch imports what it likes (tests/grader/test_dynamo.py says whether they are there). It may go when torch stops
importing it.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
import types
from typing import Any

import torch

__all__ = ["leave_out_dynamo"]

_NAME = "torch._dynamo"
_KEPT = "__dynamo_disable"  # where torch._compile keeps a function that is switched off


class _StandIn(types.ModuleType):
    """`torch._dynamo`, until anything is asked of it but what optimizers and `torch.func` ask."""

    compiled_autograd = types.SimpleNamespace(_disable=contextlib.nullcontext)

    def graph_break(self, msg: str = "") -> None:
        """End the graph that is recorded: there is none."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real module has
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)  # `inspect` looks at every module, and asks for nothing
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME]
            del torch._dynamo  # noqa: SLF001 - torch's own name of it
        return getattr(importlib.import_module(_NAME), name)


def leave_out_dynamo() -> bool:
    """Put the stand-in in its place; say no where the module is there already, or torch is not as expected."""
    methods = [
        wrapped
        for method in vars(torch.optim.Optimizer).values()
        if getattr(method, "__code__", None) and method.__code__.co_filename.endswith("_compile.py")
        if (wrapped := getattr(method, "__wrapped__", None)) is not None
    ]
    spec = importlib.util.find_spec(_NAME) if _NAME not in sys.modules else None
    if not methods or spec is None:
        return False
    for method in methods:
        if not hasattr(method, _KEPT):
            setattr(method, _KEPT, method)
    stand_in = _StandIn(_NAME)
    stand_in.__file__ = spec.origin
    sys.modules[_NAME] = stand_in
    torch._dynamo = stand_in  # noqa: SLF001 - see above
    return True
