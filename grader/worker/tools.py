"""How a process loses, for good, the tools that an exercise may not use: what is not allowed is not there.

`take_away` runs once, in the process that forks the zygotes of one kind (`grader.worker.forkserver`), before anything
of a submission is there. The operators go below Python (`grader.worker.removal`); the names that led to them stay as
`Absent`, so that a file that imports them loads, and whoever calls one is told by its name.
"""

from __future__ import annotations

import ctypes
import gc
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from grader.worker.absent import Absent, AbsentModule
from grader.worker.removal import forget_derivatives, refuse_operators, register_no_more
from grader.worker.unused import keep_out_unused
from grader.worker.without import Without

__all__ = ["hidden_folders", "take_away"]


# Where a derivative, a compiler or a tracer begins: the module, and what of it stays.
_AUTOGRAD = {
    "torch.autograd": "Function NestedIOFunction no_grad enable_grad set_grad_enabled inference_mode "
    "set_multithreading_enabled Variable "
    "detect_anomaly set_detect_anomaly grad_mode profiler variable function anomaly_mode graph functional forward_ad "
    "gradcheck profiler_legacy profiler_util",
    "torch.autograd.functional": "",
    "torch.autograd.forward_ad": "unpack_dual UnpackedDualTensor",
    "torch.func": "vmap functional_call stack_module_state",
    "torch.jit": "annotate is_scripting is_tracing unused ignore export isinstance ScriptModule ScriptFunction "
    "TracerWarning Attribute Final",
}
_MORE = {
    "torch": ("compile",),
    "torch._functorch.eager_transforms": [
        "grad_impl",
        "grad_and_value_impl",
        "vjp",
        "jvp",
        "jacrev",
        "jacfwd",
        "hessian",
        "linearize",
    ],
    "torch._C._functorch": ("_grad_increment_nesting", "_jvp_increment_nesting"),
}
_METHODS = ("backward",)
# By these a function is compiled or traced, and its graph differentiated by rules of its own.
_COMPILES = re.compile(
    r"^_jit_(?!get_operation$|get_schemas_for_operator$|get_all_schemas$|resolve_packet$|is_script_object$)"
    r"|^_create_(function|graph|module)|ir_module|^parse_ir$|^_freeze_module$|^_(load|save)_(jit|mobile|for_lite)"
    r"|^_compile_graph|static_module$|graph_executor|^_set_tracing_state$|^_tracer|autodiff"
)
_COMPILERS = re.compile(
    r"^(CompilationUnit|Graph|GraphExecutorState|Gradient|Script\w+|LiteScriptModule|ConcreteModuleType\w*|Code|StaticModule)$"
)
# Whole modules of torch's library: they compile, load what was compiled, or hand out memory by its address.
_NATIVE = ("_aoti", "_export", "_nativert", "_te", "_lazy", "_lazy_ts_backend", "_onnx", "_jit_tree_views")
_KEPT = (
    "__module__",
    "__doc__",
    "__dict__",
    "__weakref__",
    "__hash__",
    "__eq__",
    "__repr__",
    "__members__",
)
_DERIVATIVES = r"backward|_jvp\b|_gamma_grad\b|_dirichlet_grad\b"
_OPTIMIZERS = "^aten::_fused_(sgd|adam|adamw|adagrad)"


def take_away(without: Without) -> None:
    """Let this process, and all that it forks, lack some tools; nothing gives them back."""
    if without & Without.OPTIMIZERS:
        refuse_operators(_OPTIMIZERS, "torch.")
    if without & Without.AUTOGRAD:
        _name_absent()
        _forget_compilers()
        _forget_formulas()
        forget_derivatives()
        refuse_operators(_DERIVATIVES, "torch.ops.aten.")
    if without:
        register_no_more()


def hidden_folders(without: Without) -> list[Path]:
    """Return where torch has the source of what is taken away, so that nobody can read it there."""
    folders = {
        Without.OPTIMIZERS: ("torch/optim",),
        Without.AUTOGRAD: ("torch/_decomp", "torch/nested/_internal", "torchgen/packaged/autograd"),
    }
    packages = Path(torch.__file__).resolve().parents[1]
    return [packages / name for tool, names in folders.items() if without & tool for name in names]


def _name_absent() -> None:
    """Put what says that it is not allowed in the place of each entry, wherever it has been imported."""
    gone: dict[int, Absent] = {}
    kept: list[object] = []  # an identity is one only while the thing lives
    for name, stays in _AUTOGRAD.items():
        module = sys.modules[name]
        for key in [key for key in getattr(module, "__all__", vars(module)) if key not in stays.split()]:
            thing = getattr(module, key, None)
            if callable(thing) and not key.startswith("__"):
                gone[id(thing)] = Absent(f"{name}.{key}")
                kept.append(thing)
    for name, keys in _MORE.items():
        for key in keys:
            thing = getattr(sys.modules.get(name), key, None)
            if thing is not None:
                gone[id(thing)] = Absent(f"{name}.{key}")
                kept.append(thing)
    for module in _torch_modules():
        for key, value in list(vars(module).items()):
            if id(value) in gone:
                setattr(module, key, gone[id(value)])
    for method in _METHODS:
        setattr(torch.Tensor, method, Absent(f"torch.Tensor.{method}"))
    sys.modules["torch._dynamo"] = AbsentModule("torch._dynamo")


def _forget_formulas() -> None:
    """Take away the derivatives of operators that torch has in Python, for its compiler."""
    if not keep_out_unused(AbsentModule):
        torch.vmap(torch.neg)(torch.zeros(1))  # which registers some of them for itself when it runs first
    for module in _torch_modules():
        for key, value in list(vars(module).items()):
            if "backward" in key and isinstance(value, types.FunctionType):
                setattr(module, key, Absent(f"{module.__name__}.{key}"))
    for tables in vars(sys.modules.get("torch._decomp", object)).get("global_decomposition_table", {}).values():
        tables.clear()


def _forget_compilers() -> None:
    """Delete from torch what compiles or traces, and empty the types that hold a graph."""
    library = torch._C
    forever: Any = 2**62  # so often is a graph seen before it is differentiated; torch's own type for it is wrong
    library._jit_set_num_profiled_runs(forever)
    gone = {id(value): key for key, value in vars(library).items() if _COMPILES.search(key)}
    for module in _torch_modules():
        for key, value in list(vars(module).items()):
            if id(value) in gone and not isinstance(value, types.ModuleType):
                delattr(module, key)
    table = sys.modules.get("torch.jit._builtins")
    if table is not None:
        vars(table).get("_builtin_ops", []).clear()  # the compiler's, and it names them again
    state = sys.modules.get("torch.jit._state")
    if state is not None:
        vars(state)["_python_cu"] = None
    kinds = [value for key, value in vars(library).items() if isinstance(value, type) and _COMPILERS.match(key)]
    for name in _NATIVE:
        module = vars(library).pop(name, None)
        sys.modules.pop(f"torch._C.{name}", None)
        kinds += [value for value in vars(module or types).values() if module and isinstance(value, type)]
        if module is not None:
            vars(module).clear()
    for kind in kinds:
        _empty(kind)
    _empty(library._ImperativeEngine, ("run_backward", "queue_callback"))


def _empty(kind: type, names: tuple[str, ...] | None = None) -> None:
    """Take these methods away from a type, or all of them, and with them every way to make one."""
    entries = gc.get_referents(vars(kind))[0]
    for name in [name for name in entries if (name in names if names else name not in _KEPT)]:
        del entries[name]
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _torch_modules() -> Iterator[types.ModuleType]:
    for name, module in list(sys.modules.items()):
        if f"{name}.".startswith("torch.") and isinstance(module, types.ModuleType):
            yield module
