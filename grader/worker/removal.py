"""Take operators away from torch in this process, below every name that Python has for them.

Torch calls a kernel by the operator and a dispatch key. Where the kernels of the key Autograd fall through, nothing is
recorded, in no mode, by no transform and on no thread or device: `enable_grad`, forward mode, torch.func and traced
graphs all rest on them. An operator whose own kernels raise can be reached by any name, and does nothing. What was
registered is undone by its handle alone, and that is kept where no Python object refers to it.

Leans on private names of torch's, which tests/grader/test_removal.py watches.
"""

from __future__ import annotations

import ctypes
import re
import warnings
from collections.abc import Callable, Iterable

import torch

from grader.worker.absent import NotAllowed

__all__ = ["forget_derivatives", "refuse_operators", "register_no_more"]

_ALIAS = "Autograd"
_HEAD = object.__basicsize__
_COMPOSITE = ("CompositeImplicitAutograd", "CompositeExplicitAutograd", "CompositeExplicitAutogradNonFunctional")
_FALL_THROUGH = torch.library.fallthrough_kernel


def forget_derivatives() -> None:
    """Let no operator record how it is differentiated, for as long as this process lives."""
    # The alias first: it stands for every key that has no kernel of its own.
    aliased = (name for name in torch._C._dispatch_get_all_op_names() if _has_kernel(name, _ALIAS))
    _register((name, _ALIAS, _FALL_THROUGH) for name in aliased)
    for key in _keys():
        if key.startswith(_ALIAS):
            names = torch._C._dispatch_get_registrations_for_dispatch_key(key)
            _register((name, key, _FALL_THROUGH) for name in names)


def refuse_operators(pattern: str, said: str) -> None:
    """Let operators whose name matches raise, however they are called; `said` is what stands before their name."""
    wanted = re.compile(pattern)
    keys = [*(key for key in _keys() if not key.startswith("Auto")), *_COMPOSITE]
    _register(
        (name, key, _refusal(said + name.partition("::")[2].partition(".")[0]))
        for key in keys
        for name in torch._C._dispatch_get_registrations_for_dispatch_key(key)
        if wanted.search(name)
    )


def register_no_more() -> None:
    """Take away what registers kernels, or undoes it; who found such an object in memory could do nothing by it."""
    torch._C._dispatch_library = lambda *_: _Inert()  # type: ignore[assignment]  # modules of torch's register at import
    for name in ("reset", "impl", "impl_with_aoti_compile", "define", "fallback", "fallback_fallthrough"):
        if hasattr(torch._C._DispatchModule, name):
            delattr(torch._C._DispatchModule, name)


class _Inert:
    """Takes every registration, and registers nothing."""

    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_, **__: None


def _refusal(name: str) -> Callable[..., object]:
    def refuse(*_: object, **__: object) -> object:
        raise NotAllowed(f"{name} is not allowed in this exercise, and is not there")

    return refuse


def _keys() -> list[str]:
    """Return the dispatch keys that torch's own functions know by name."""
    table = torch._C._dispatch_dump_table("aten::mul.Tensor")
    return [key for key in re.findall(r"^(\w+):", table, re.MULTILINE) if _is_known(key)]


def _is_known(key: str) -> bool:
    try:
        torch._C._dispatch_key_parse(key)
    except RuntimeError:
        return False
    return True


def _has_kernel(name: str, key: str) -> bool:
    return bool(torch._C._dispatch_has_kernel_for_dispatch_key(name, key))


def _register(kernels: Iterable[tuple[str, str, object]]) -> None:
    """Register them for good: what would undo it hangs on no Python object any more."""
    libraries: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it overrides what is there, and says so
        for name, key, kernel in kernels:
            namespace, _, operator = name.partition("::")
            if namespace not in libraries:
                libraries[namespace] = torch._C._dispatch_library("IMPL", namespace, "", __file__, 0)
            libraries[namespace].impl(operator, key, kernel)  # type: ignore[attr-defined]  # torch says no types
    for library in libraries.values():
        _let_go(library)


def _let_go(library: object) -> None:
    """Leave what a wrapper of pybind11's holds where it is, and let the wrapper hold nothing.

    Behind its head it has a pointer to the thing and one that owns it; where they are not the same, it is none of
    the wrappers that are meant, and keeps its thing for as long as this process lives.
    """
    value = ctypes.c_void_p.from_address(id(library) + _HEAD)
    owner = ctypes.c_void_p.from_address(id(library) + _HEAD + ctypes.sizeof(ctypes.c_void_p))
    if value.value is not None and value.value == owner.value:
        value.value = owner.value = None
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))  # it is never taken down, whatever it holds
