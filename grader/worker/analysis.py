"""Say what a submission's source holds: which exercises are attempted, and what each one reaches.

Works on syntax trees and runs nothing of the student. It is called in a confined worker that never
runs student code, because parsing hostile text is itself a risk and its answer has to be trusted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from grader.worker.statements import Statement

__all__ = ["analyse"]

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_RUNS_TEXT = frozenset({"exec", "eval", "compile", "__import__"})


def analyse(statements: list[Statement], exercises: list[str], not_allowed: dict[str, list[str]]) -> dict[str, object]:
    """Return plain values about the exercises.

    `not_allowed` maps an exercise to dotted names (`torch.autograd`; `torch.Tensor.backward` also
    stands for any method of that name). The answer has `statements` (where, names, error),
    `stub_left`, `lines` (first and last of the definition that counts) and `reached`: for each
    exercise the sentence that says which tool it reaches and where, or "".
    """
    module = _Module(statements)
    lines = {name: module.lines(name) for name in exercises}
    return {
        "statements": [
            {"where": item.where, "names": list(item.names), "error": item.error, "parsed": item.node is not None}
            for item in statements
        ],
        "stub_left": [name for name in exercises if module.is_stub(name)],
        "attempted": [name for name in exercises if name in module.definitions and not module.is_stub(name)],
        "lines": {name: list(span) for name, span in lines.items() if span},
        "reached": {
            name: module.reached(name, not_allowed[name], exercises) for name in exercises if not_allowed.get(name)
        },
    }


@dataclass(frozen=True, slots=True)
class _Definition:
    statement: Statement
    node: ast.AST


class _Module:
    """The names of a module and what the last top-level statement that binds each one says."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.definitions: dict[str, _Definition] = {}
        self.imports: dict[str, str] = {}
        self.own_methods: set[str] = set()
        for statement in statements:
            if statement.node is not None:
                self._read(statement, statement.node)

    def _read(self, statement: Statement, node: ast.AST) -> None:
        for child in _top_level(node):
            if isinstance(child, _Function | ast.ClassDef):
                self._define(child.name, statement, child)
            elif isinstance(child, ast.Import | ast.ImportFrom):
                self._import(child)
            elif isinstance(child, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.With | ast.NamedExpr):
                for name in _stored(child):
                    self._define(name, statement, child)
            if isinstance(child, ast.ClassDef):
                self.own_methods |= {item.name for item in ast.walk(child) if isinstance(item, _Function)}

    def _define(self, name: str, statement: Statement, node: ast.AST) -> None:
        self.definitions[name] = _Definition(statement, node)
        self.imports.pop(name, None)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for name, target in _imported(node).items():
            self.imports[name] = target
            self.definitions.pop(name, None)

    def lines(self, name: str) -> tuple[int, int] | None:
        definition = self.definitions.get(name)
        if definition is None:
            return None
        first = getattr(definition.node, "lineno", definition.statement.first)
        return first, getattr(definition.node, "end_lineno", None) or definition.statement.last

    def is_stub(self, name: str) -> bool:
        """Say whether the definition is still the stub's: nothing but a docstring and a placeholder."""
        definition = self.definitions.get(name)
        return definition is not None and _is_stub(definition.node)

    def reached(self, exercise: str, not_allowed: list[str], exercises: list[str]) -> str:
        """Follow the names that an exercise uses, other exercises left out, to a tool not allowed."""
        pending, seen = [exercise], {exercise}
        while pending:
            definition = self.definitions.get(pending.pop())
            if definition is None:
                continue
            found = _Reach(self, definition, not_allowed).search()
            if found:
                return found
            for name in _used_names(definition.node):
                if name not in seen and name not in exercises:
                    seen.add(name)
                    pending.append(name)
        return ""


class _Reach:
    """Look for tools that are not allowed in one definition."""

    def __init__(self, module: _Module, definition: _Definition, not_allowed: list[str]) -> None:
        self._node = definition.node
        self._not_allowed = not_allowed
        self._statement = definition.statement
        self._own_methods = module.own_methods
        local = _local_names(self._node)
        self._imports = {name: target for name, target in module.imports.items() if name not in local}
        self._aliases: dict[str, ast.expr] = {}
        for node in ast.walk(self._node):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._imports.update(_imported(node))
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self._aliases[node.targets[0].id] = node.value
        for name, defined in module.definitions.items():
            value = getattr(defined.node, "value", None)
            if isinstance(defined.node, ast.Assign | ast.AnnAssign) and isinstance(value, ast.expr):
                self._aliases.setdefault(name, value)

    def search(self) -> str:
        for node in ast.walk(self._node):
            tool = self._tool(node)
            if tool:
                line = getattr(node, "lineno", self._statement.first)
                where = self._statement.where.rpartition("line ")[0] + f"line {line}"
                return f"`{tool}` in {where}"
        return ""

    def _tool(self, node: ast.AST) -> str:
        if isinstance(node, ast.Import | ast.ImportFrom):
            return next((name for name in _imported(node).values() if self._is_forbidden(name)), "")
        if isinstance(node, ast.Call):
            indirect = self._indirect(node)
            if indirect:
                return indirect
        if isinstance(node, ast.Attribute | ast.Name):
            name = self._dotted(node)
            if name and self._is_forbidden(name):
                return name
        if isinstance(node, ast.Attribute):
            return self._method(node)
        if isinstance(node, ast.Name) and node.id in _RUNS_TEXT and isinstance(node.ctx, ast.Load):
            return f"{node.id}, which hides what it calls,"
        return ""

    def _method(self, node: ast.Attribute) -> str:
        """Match `loss.backward`; a method of that name in the student's own class is left to the run."""
        for name in self._not_allowed:
            owner, _, method = name.rpartition(".")
            if owner == "torch.Tensor" and node.attr == method and method not in self._own_methods:
                return f".{method}"
        return ""

    def _indirect(self, node: ast.Call) -> str:
        """Match `getattr(torch, ...)` and `importlib.import_module(...)` that end at a tool, or may."""
        called = self._dotted(node.func) or ""
        if called == "getattr" and len(node.args) >= 2:
            owner = self._dotted(node.args[0])
            attribute = _text(node.args[1])
            if attribute is None and owner and owner.partition(".")[0] in self._roots():
                return f"getattr({owner}, ...), which hides what it calls,"
            if attribute is not None:
                if owner and self._is_forbidden(f"{owner}.{attribute}"):
                    return f"{owner}.{attribute}"
                return self._method(ast.Attribute(value=node.args[0], attr=attribute, ctx=ast.Load()))
        if called == "importlib.import_module" and node.args:
            target = _text(node.args[0])
            if target is None or self._is_forbidden(target):
                return f"import_module({target or '...'})"
        return ""

    def _roots(self) -> set[str]:
        return {name.partition(".")[0] for name in self._not_allowed} | {"sys"}

    def _is_forbidden(self, name: str) -> bool:
        root = name.partition(".")[0]
        if name.startswith("sys.modules") or (name.endswith(".__dict__") and root in self._roots()):
            return True
        return any(name == tool or name.startswith(tool + ".") for tool in self._not_allowed)

    def _dotted(self, node: ast.AST, depth: int = 0) -> str | None:
        """Return the dotted name that an expression stands for, through imports and aliases."""
        if depth > 20:
            return None
        if isinstance(node, ast.Attribute):
            owner = self._dotted(node.value, depth + 1)
            return f"{owner}.{node.attr}" if owner else None
        if isinstance(node, ast.Name):
            if node.id in self._imports:
                return self._imports[node.id]
            if node.id in self._aliases:
                return self._dotted(self._aliases[node.id], depth + 1)
            return node.id
        return None


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """Map each name that an import binds to the dotted name that it stands for."""
    if isinstance(node, ast.Import):
        return {
            alias.asname or alias.name.partition(".")[0]: alias.name if alias.asname else alias.name.partition(".")[0]
            for alias in node.names
        }
    if node.module == "torch" and any(alias.name == "*" for alias in node.names):
        # `from torch import *` binds torch's public names; these are the ones that rules are about
        return {"optim": "torch.optim", "autograd": "torch.autograd", "func": "torch.func"}
    return {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names if node.module}


def _top_level(node: ast.AST) -> Iterable[ast.AST]:
    """Yield the statements that run when a top-level statement does, not the bodies of functions."""
    yield node
    if isinstance(node, _Function | ast.ClassDef | ast.Lambda):
        return
    if isinstance(node, ast.If) and _is_main_guard(node.test):
        for statement in node.orelse:
            yield from _top_level(statement)
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case | ast.NamedExpr | ast.Expr):
            yield from _top_level(child)


def _is_main_guard(test: ast.expr) -> bool:
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    return isinstance(test, ast.Compare) and "__name__" in names and any(isinstance(op, ast.Eq) for op in test.ops)


def _stored(node: ast.AST) -> set[str]:
    """Return the names that one statement binds, not those that the statements inside it do."""
    targets: list[ast.AST] = []
    if isinstance(node, ast.With):
        targets += [item.optional_vars for item in node.items if item.optional_vars]
    elif isinstance(node, ast.Assign):
        targets += node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For | ast.NamedExpr):
        targets.append(node.target)
    names = (item for target in targets for item in ast.walk(target) if isinstance(item, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}  # `x[0] = 1` binds no name


def _local_names(node: ast.AST) -> set[str]:
    """Return the names that a function binds itself: they hide the module's imports."""
    if not isinstance(node, _Function | ast.Lambda):
        return set()
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)} | {
        item.arg for item in ast.walk(node) if isinstance(item, ast.arg)
    }


def _used_names(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}


def _is_stub(node: ast.AST) -> bool:
    if isinstance(node, ast.ClassDef):
        methods = [item for item in node.body if isinstance(item, _Function)]
        rest = [item for item in _without_docstring(node.body) if not isinstance(item, _Function)]
        return bool(methods) and not rest and all(_is_stub(method) for method in methods)
    if not isinstance(node, _Function):
        return False
    return all(_is_placeholder(statement) for statement in _without_docstring(node.body))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    return body[1:] if isinstance(body[0], ast.Expr) and _text(body[0].value) is not None else body


def _is_placeholder(node: ast.stmt) -> bool:
    if isinstance(node, ast.Pass):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and node.value.value is Ellipsis
    if not isinstance(node, ast.Raise):
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
