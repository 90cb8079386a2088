"""How a process loses, for good, the tools that an exercise may not use: what is not allowed is not there.

`take_away` runs once, in the process that forks the zygotes of one kind (`grader.worker.forkserver`), before anything
of a submission is there. The operators go below Python (`grader.worker.removal`); the names that led to them stay as
`Absent`, so that a file that imports them loads, and whoever calls one is told by its name.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import torch

from grader.worker.absent import Absent, AbsentModule
from grader.worker.removal import forget_derivatives, refuse_operators
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
_COMPILERS = ("CompilationUnit", "Graph", "GraphExecutorState", "Gradient", "ScriptFunction", "ScriptMethod", "Code")
_DERIVATIVES = "backward"
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


def hidden_folders(without: Without) -> list[Path]:
    """Return where torch has the source of what is taken away, so that nobody can read it there."""
    folders = {Without.OPTIMIZERS: "optim", Without.AUTOGRAD: "_decomp"}
    return [Path(torch.__file__).resolve().parent / name for tool, name in folders.items() if without & tool]


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
    torch.vmap(torch.neg)(torch.zeros(1))  # which registers some of them for itself when it runs first
    for module in _torch_modules():
        for key, value in list(vars(module).items()):
            if _DERIVATIVES in key and isinstance(value, types.FunctionType):
                setattr(module, key, Absent(f"{module.__name__}.{key}"))
    for tables in vars(sys.modules.get("torch._decomp", object)).get("global_decomposition_table", {}).values():
        tables.clear()


def _forget_compilers() -> None:
    """Delete from torch what compiles or traces, and empty the types that hold a graph."""
    library = torch._C
    gone = {id(value): key for key, value in vars(library).items() if _COMPILES.search(key)}
    for module in _torch_modules():
        for key, value in list(vars(module).items()):
            if id(value) in gone and not isinstance(value, types.ModuleType):
                delattr(module, key)
    table = sys.modules.get("torch.jit._builtins")
    if table is not None:
        vars(table).get("_builtin_ops", []).clear()  # the compiler's, and it names them again
    for name in _COMPILERS:
        kind = getattr(library, name, None)
        for key in [key for key in vars(kind or object) if kind is not None and not key.startswith("__")]:
            delattr(kind, key)
        if kind is not None and "__init__" in vars(kind):
            del kind.__init__


def _torch_modules() -> Iterator[types.ModuleType]:
    for name, module in list(sys.modules.items()):
        if f"{name}.".startswith("torch.") and isinstance(module, types.ModuleType):
            yield module
