"""Say what a submission's source holds: which exercises are attempted, and what each one reaches.

Works on syntax trees and runs nothing of the student. It is called in a confined worker that never
runs student code, because parsing hostile text is itself a risk and its answer has to be trusted.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.worker.statements import Statement

__all__ = ["analyse"]

_Function = ast.FunctionDef | ast.AsyncFunctionDef
# What hides from a reader which names it reaches; no exercise needs any of it.
_HIDES = frozenset({"exec", "eval", "compile", "__import__", "globals", "vars"})
_HIDING_CALLS = frozenset({"operator.attrgetter", "operator.methodcaller", "importlib.import_module"})
# The same tools by other names: where torch.autograd is not allowed, neither are these.
_ALSO = {
    "torch.autograd": ("torch._C", "torch._functorch", "functorch", "torch._dynamo", "torch.ops"),
    "torch.func": ("torch._functorch", "functorch"),
}


def analyse(statements: list[Statement], exercises: list[str], not_allowed: dict[str, list[str]]) -> dict[str, object]:
    """Return plain values about the exercises.

    `not_allowed` maps an exercise to dotted names (`torch.autograd`; `torch.Tensor.backward` also
    stands for any method of that name). The answer has `statements` (where, names, error, parsed),
    `stub_left`, `attempted`, `lines` (first and last of the definition that counts) and `reached`: for
    each exercise the words that say which tool it reaches and where, or "".
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
    """One place that binds a name: the statement, and the part of it that gives the value."""

    statement: Statement
    node: ast.AST


class _Module:
    """The names of a module, each with every binding that may hold when a function runs.

    A plain function definition replaces what was there. One that may not run (in an `if`, a `try`), or
    that may raise (a call, a decorator), leaves the earlier ones standing beside it.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.definitions: dict[str, list[_Definition]] = {}
        self.imports: dict[str, list[str]] = {}
        self.stars: list[str] = []
        self.own_methods: set[str] = set()
        self.own_attributes: set[str] = set()
        for statement in statements:
            if statement.node is not None:
                for node in _top_level(statement.node):
                    self._read(statement, node, certain=node is statement.node)

    def _read(self, statement: Statement, node: ast.AST, *, certain: bool) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.stars += _starred(node)
            for name, target in _imported(node).items():
                self.imports.setdefault(name, []).append(target)
        for name, value in _bindings(node):
            if certain and _cannot_raise(node):
                self.imports.pop(name, None)
                self.definitions.pop(name, None)
            self.definitions.setdefault(name, []).append(_Definition(statement, value))
        for item in ast.walk(node) if node is statement.node else ():
            if isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store):
                self.own_attributes.add(item.attr)
        if isinstance(node, ast.ClassDef):
            self.own_methods |= {item.name for item in ast.walk(node) if isinstance(item, _Function)}

    def lines(self, name: str) -> tuple[int, int] | None:
        """Return the first and last line of the last definition of `name`."""
        if name not in self.definitions:
            return None
        definition = self.definitions[name][-1]
        first = getattr(definition.node, "lineno", definition.statement.first)
        return first, getattr(definition.node, "end_lineno", None) or definition.statement.last

    def is_stub(self, name: str) -> bool:
        """Say whether each definition is still the stub's: nothing but a docstring and a placeholder."""
        found = self.definitions.get(name, [])
        return bool(found) and all(_is_stub(definition.node) for definition in found)

    def reached(self, exercise: str, not_allowed: list[str], exercises: list[str]) -> str:
        """Follow the names that an exercise uses, other exercises left out, to a tool not allowed."""
        pending, seen = [exercise], {exercise}
        while pending:
            for definition in self.definitions.get(pending.pop(), []):
                used = _global_names(definition.node)
                found = _Reach(self, definition, used, not_allowed).search()
                if found:
                    return found
                following = used - seen - set(exercises)
                seen |= following
                pending += sorted(following)
        return ""

    def knows(self, name: str) -> bool:
        """Say whether the module binds the name itself."""
        return name in self.definitions or name in self.imports


class _Reach:
    """Look for tools that are not allowed in one definition."""

    def __init__(self, module: _Module, definition: _Definition, used: set[str], not_allowed: list[str]) -> None:
        self._module = module
        self._node = definition.node
        self._statement = definition.statement
        self._used = used
        self._not_allowed = [*not_allowed, *(other for name in not_allowed for other in _ALSO.get(name, ()))]
        self._local_imports: dict[str, list[str]] = {}
        self._local_values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self._node):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name, target in _imported(node).items():
                    self._local_imports.setdefault(name, []).append(target)
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
                for name, value in _bindings(node):
                    if isinstance(value, ast.expr):
                        self._local_values.setdefault(name, []).append(value)

    def search(self) -> str:
        """Return what is reached and where, or ""."""
        for node in ast.walk(self._node):
            tool = self._tool(node)
            if tool:
                line = getattr(node, "lineno", self._statement.first)
                where = self._statement.where.rpartition("line ")[0] + f"line {line}"
                return f"`{tool}` in {where}"
        return ""

    def _tool(self, node: ast.AST) -> str:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [*_imported(node).values(), *_starred(node)]
            return next((name for name in names if self._is_forbidden(name)), "")
        if isinstance(node, ast.Call):
            indirect = self._indirect(node)
            if indirect:
                return indirect
        if isinstance(node, ast.Attribute | ast.Name):
            found = sorted(name for name in self._dotted(node) if self._is_forbidden(name))
            if found:
                return found[0]
        if isinstance(node, ast.Attribute):
            return self._method(node.attr) or self._submodule(node)
        if isinstance(node, ast.Name) and node.id in _HIDES & self._used and not self._module.knows(node.id):
            return f"{node.id}, which hides what it calls,"
        return ""

    def _submodule(self, node: ast.Attribute) -> str:
        """Match `[torch][0].optim`: a module that bears a tool's name, of an owner that can't be followed."""
        names = {name.rpartition(".")[2] for name in ("torch.autograd", "torch.optim") if name in self._not_allowed}
        if node.attr in names - self._module.own_attributes and not self._dotted(node.value):
            return f".{node.attr}"
        return ""

    def _method(self, attribute: str) -> str:
        """Match `loss.backward`; a method of that name in the student's own class is left to the run."""
        for name in self._not_allowed:
            owner, _, method = name.rpartition(".")
            if owner == "torch.Tensor" and attribute == method and method not in self._module.own_methods:
                return f".{method}"
        return ""

    def _indirect(self, node: ast.Call) -> str:
        """Match `getattr(loss, "back" + "ward")` and its like: calls that end at a tool, or hide where they end."""
        called = self._dotted(node.func)
        if "getattr" in called and len(node.args) >= 2:
            attribute = _text(node.args[1])
            if attribute is None:
                return "getattr with a computed name, which hides what it calls,"
            for owner in sorted(self._dotted(node.args[0])):
                if self._is_forbidden(f"{owner}.{attribute}"):
                    return f"{owner}.{attribute}"
            return self._method(attribute)
        hiding = sorted(called & _HIDING_CALLS)
        return f"{hiding[0]}, which hides what it calls," if hiding else ""

    def _roots(self) -> set[str]:
        return {name.partition(".")[0] for name in self._not_allowed} | {"sys"}

    def _is_forbidden(self, name: str) -> bool:
        root = name.partition(".")[0]
        if name.startswith("sys.modules") or (name.endswith(".__dict__") and root in self._roots()):
            return True
        return any(name == tool or name.startswith(tool + ".") for tool in self._not_allowed)

    def _dotted(self, node: ast.AST, seen: frozenset[str] = frozenset(), *, of_module: bool = False) -> set[str]:
        """Return the dotted names that an expression may stand for, through imports and aliases.

        `seen` are the aliases that led here; `of_module` says that the expression stands at the module's
        top level, where all of its names are seen.
        """
        if isinstance(node, ast.Attribute):
            return {f"{owner}.{node.attr}" for owner in self._dotted(node.value, seen, of_module=of_module)}
        if not isinstance(node, ast.Name) or node.id in seen:
            return set()
        name = node.id
        seen |= {name}
        found: set[str] = set()
        if not of_module:
            found |= set(self._local_imports.get(name, []))
            for value in self._local_values.get(name, []):
                found |= self._dotted(value, seen)
        if of_module or name in self._used:
            found |= set(self._module.imports.get(name, []))
            for definition in self._module.definitions.get(name, []):
                found |= self._dotted(definition.node, seen, of_module=True)
            if not self._module.knows(name) and not hasattr(builtins, name):
                found |= {f"{star}.{name}" for star in self._module.stars}
            found = found or {name}
        return found


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """Map each name that an import binds to the dotted name that it stands for; stars bind none here."""
    if isinstance(node, ast.Import):
        return {
            alias.asname or alias.name.partition(".")[0]: alias.name if alias.asname else alias.name.partition(".")[0]
            for alias in node.names
        }
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for alias in node.names
        if node.module and alias.name != "*"
    }


def _starred(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the module whose public names `from module import *` binds."""
    if isinstance(node, ast.ImportFrom) and node.module and any(alias.name == "*" for alias in node.names):
        return [node.module]
    return []


def _top_level(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements that run when a top-level statement does, not the bodies of functions."""
    yield node
    if isinstance(node, _Function | ast.ClassDef | ast.Lambda):
        return
    if isinstance(node, ast.If) and _is_main_guard(node.test):
        for statement in node.orelse:
            yield from _top_level(statement)
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case | ast.NamedExpr):
            yield from _top_level(child)


def _is_main_guard(test: ast.expr) -> bool:
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    return isinstance(test, ast.Compare) and "__name__" in names and any(isinstance(op, ast.Eq) for op in test.ops)


def _bindings(node: ast.AST) -> list[tuple[str, ast.AST]]:
    """Return the names that one statement binds itself, each with what gives the value."""
    if isinstance(node, _Function | ast.ClassDef):
        return [(node.name, node)]
    targets: list[tuple[ast.AST, ast.AST]] = []
    if isinstance(node, ast.Assign):
        targets = [(target, node.value) for target in node.targets]
        by_globals: list[tuple[str, ast.AST]] = [
            (name, node.value) for target in node.targets if (name := _set_by_globals(target))
        ]
        if by_globals:
            return by_globals
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
        targets = [(node.target, node.value)]
    elif isinstance(node, ast.For | ast.AsyncFor):
        targets = [(node.target, node.iter)]
    elif isinstance(node, ast.With | ast.AsyncWith):
        targets = [(item.optional_vars, item.context_expr) for item in node.items if item.optional_vars]
    return [
        (name.id, value)
        for target, value in targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)  # `x[0] = 1` binds no name
    ]


def _set_by_globals(target: ast.AST) -> str:
    """Return the name that `globals()["name"] = ...` binds, or ""."""
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Call):
        return ""
    called = target.value.func
    if isinstance(called, ast.Name) and called.id in ("globals", "vars", "locals"):
        return _text(target.slice) or ""
    return ""


def _cannot_raise(node: ast.AST) -> bool:
    """Say whether a definition surely takes the place of an earlier one: it calls nothing."""
    if isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Lambda | ast.Constant)
    if not isinstance(node, _Function) or node.decorator_list:
        return False
    defaults = [*node.args.defaults, *(item for item in node.args.kw_defaults if item is not None)]
    return all(isinstance(item, ast.Constant | ast.Name | ast.UnaryOp) for item in defaults)


def _global_names(node: ast.AST) -> set[str]:
    """Return the module's names that a definition uses, by Python's own scoping."""
    text = f"({ast.unparse(node)})" if isinstance(node, ast.expr) else ast.unparse(node)
    found: set[str] = set()
    pending = [symtable.symtable(text, "<definition>", "exec")]
    while pending:
        table = pending.pop()
        top = table.get_type() == "module"
        found |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if (symbol.is_referenced() if top else symbol.is_global())
        }
        pending += table.get_children()
    return found


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
