"""See to it that what was taken away from a worker stays away: nothing of Python's own lifts it any more.

An audit hook can't be removed. It refuses what could reach what no name leads to: a look at all objects that there
are, code put in the place of a function's, and native code. Types of ctypes outlive their module, so what they could
call or make is gone from the types themselves. What is left is memory corrupted on purpose (docs/security.md).
"""

from __future__ import annotations

import _ctypes
import ctypes
import gc
import sys
from collections.abc import Callable

from grader.worker.confinement import readable_paths

__all__ = ["hold"]

_REFUSED = (
    "gc.get_objects",
    "gc.get_referrers",
    "gc.get_referents",
    "code.__new__",
    "sys.settrace",
    "sys.setprofile",
    "cpython._PySys_ClearAuditHooks",
)
# Extension modules that call any address, or open an interpreter beside this one.
_NATIVE = (
    "_cffi_backend",
    "_ctypes_test",
    "_testcapi",
    "_testinternalcapi",
    "_testclinic",
    "_xxsubinterpreters",
    "_interpreters",
    "llvmlite",
    "numba",
)
# It reads no name that anybody could bind to something else: the texts are constants of its code.
_HOOK = """
def hook(event, args):
    if event[:7] == "ctypes." or event in {refused!r} or (event == "object.__setattr__" and args[1] == "__code__"):
        raise PermissionError(event + " is refused where a tool is not allowed")
    if event != "import":
        return
    path = args[1] or ""
    names = (args[0], args[0].rsplit(".", 1)[-1], path.rsplit("/", 1)[-1].split(".", 1)[0])
    if names[0] in {native!r} or names[1] in {native!r} or names[2] in {native!r}:
        raise PermissionError("the module " + args[0] + " is refused where a tool is not allowed")
    if path and ("/../" in path or not path.startswith({roots!r})):
        raise PermissionError("the module " + args[0] + " is refused where a tool is not allowed")
"""
_ROOTS = tuple(f"{path}/" for path in readable_paths())
_CODE = compile(_HOOK.format(refused=_REFUSED, native=_NATIVE, roots=_ROOTS), "<hook>", "exec")  # once, for all workers
_CALL, _NEW = 128, 312  # where a type has its tp_call and its tp_new, in every 64-bit CPython so far


def hold() -> None:
    """Close the ways out of this process's own Python. Raises RuntimeError where one stays open."""
    _empty_ctypes()
    sys.addaudithook(_hook())


def _hook() -> Callable[[str, tuple[object, ...]], None]:
    namespace: dict[str, object] = {"__builtins__": {}, "PermissionError": PermissionError}
    exec(_CODE, namespace)  # noqa: S102 - above
    return namespace["hook"]  # type: ignore[return-value]  # as it is written above


def _empty_ctypes() -> None:
    """Let no function pointer be made or called, and no memory be read by its address."""
    modified = ctypes.pythonapi.PyType_Modified
    functions = _kinds(_ctypes.CFuncPtr)
    roots = (_ctypes.Structure, _ctypes.Union, _ctypes.Array, _ctypes._SimpleCData, _ctypes._Pointer, functions[0])
    makers = {type(root) for root in roots}
    made = [kind for root in roots for kind in _kinds(root)]
    slots = [ctypes.c_void_p.from_address(id(kind) + _CALL) for kind in functions]
    slots += [ctypes.c_void_p.from_address(id(kind) + _NEW) for kind in (*made, *makers)]
    emptied: list[tuple[type, tuple[str, ...]]] = [(kind, ("__call__", "__new__")) for kind in roots]
    emptied += [(kind, ("__new__", "from_address", "from_buffer", "from_buffer_copy", "in_dll")) for kind in makers]
    emptied.append((_ctypes._Pointer, ("contents",)))
    for kind, names in emptied:
        entries = gc.get_referents(vars(kind))[0]
        for name in names:
            entries.pop(name, None)
        modified(ctypes.py_object(kind))
    for slot in slots:
        slot.value = None
    try:
        modified(object)
    except TypeError:
        return
    raise RuntimeError("a function of ctypes can still be called")


def _kinds(kind: type) -> list[type]:
    subclasses: list[type] = type.__subclasses__(kind)
    return [kind, *(item for below in subclasses for item in _kinds(below))]
