"""Find what a source defines, and which exercises are attempted in it: no more than their names' own stubs.

Reads syntax trees and runs nothing. The grader uses it in a worker, and the visible tests in the student's
folder (`_course/syntax/definitions.py` there), so that both choose the same file of two.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .statements import Statement

__all__ = [
    "Definition",
    "Definitions",
    "Function",
    "arguments_of",
    "bindings",
    "code_mark",
    "imported_names",
    "text_of",
    "top_level",
]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Definition:
    """One place that binds a name: the statement, and the part of it that gives the value."""

    statement: Statement
    node: ast.AST


class Definitions:
    """The names of a module, each with every binding that may hold when a function runs.

    A plain function definition replaces what was there. One that may not run (in an `if`, a `try`), or
    that may raise (a call, a decorator), leaves the earlier ones standing beside it.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.by_name: dict[str, list[Definition]] = {}
        self._covered: dict[str, list[Definition]] = {}
        self._lost: set[str] = set()
        self.imports: dict[str, list[str]] = {}
        for statement in statements:
            if statement.node is None:
                self._lost.update(statement.names)
            else:
                for node in top_level(statement.node):
                    self._read(statement, node, certain=node is statement.node)

    def _read(self, statement: Statement, node: ast.AST, *, certain: bool) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name, target in imported_names(node).items():
                self.imports.setdefault(name, []).append(target)
        for name, value in bindings(node):
            if certain and _cannot_raise(node):
                self.imports.pop(name, None)
                self._covered.setdefault(name, []).extend(self.by_name.pop(name, []))
            self.by_name.setdefault(name, []).append(Definition(statement, value))

    def lines(self, name: str) -> tuple[int, int] | None:
        """Return the first and last line of the last definition of `name`."""
        if name not in self.by_name:
            return None
        definition = self.by_name[name][-1]
        first = getattr(definition.node, "lineno", definition.statement.first)
        return first, getattr(definition.node, "end_lineno", None) or definition.statement.last

    def arguments(self, name: str) -> list[str]:
        """Return the names of what the last definition of `name` takes by position."""
        return arguments_of(self.by_name[name][-1].node) if name in self.by_name else []

    def is_stub(self, name: str) -> bool:
        """Say whether each definition is still the stub's: nothing but a docstring and a placeholder."""
        found = self.by_name.get(name, [])
        return bool(found) and all(_is_stub(definition.node) for definition in found)

    def attempted(self, names: Iterable[str]) -> list[str]:
        """Return the names that are defined by more than the stub."""
        return [name for name in names if name in self.by_name and not self.is_stub(name)]

    def tried(self, names: Iterable[str]) -> list[str]:
        """Return the names at which somebody has worked: attempted, or in a text that can't be read, or covered."""
        return [name for name in names if self.attempted([name]) or name in self._lost or self.covered(name)]

    def covered(self, name: str) -> tuple[Statement, Statement] | None:
        """Return the last answer to an exercise that the stub behind it takes the place of, and that stub."""
        answers = [item for item in self._covered.get(name, []) if not _is_stub(item.node)]
        return (answers[-1].statement, self.by_name[name][-1].statement) if answers and self.is_stub(name) else None


def code_mark(statements: Iterable[Statement]) -> str:
    """Return a mark that is the same for two files which define the same, however they are laid out and shown."""
    mark = hashlib.sha256()
    for statement in statements:
        if statement.names:
            try:
                said = statement.error if statement.node is None else ast.dump(statement.node)
            except RecursionError:
                said = f"{statement.filename}, {statement.where}"
            mark.update(repr((statement.names, said)).encode("utf-8", "backslashreplace"))
    return mark.hexdigest()


def text_of(node: ast.expr) -> str | None:
    """Return the text of a constant string, or None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def arguments_of(node: ast.AST) -> list[str]:
    """Return the names of what a function takes by position, or a class to make an object; none for other values."""
    if isinstance(node, ast.ClassDef):
        makers = [item for item in node.body if isinstance(item, Function) and item.name == "__init__"]
        return arguments_of(makers[-1])[1:] if makers else []
    if not isinstance(node, Function | ast.Lambda):
        return []
    return [item.arg for item in (*node.args.posonlyargs, *node.args.args)]


def top_level(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements that run when a top-level statement does, not the bodies of functions."""
    yield node
    if isinstance(node, Function | ast.ClassDef | ast.Lambda):
        return
    if isinstance(node, ast.If) and _is_main_guard(node.test):
        for statement in node.orelse:
            yield from top_level(statement)
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case | ast.NamedExpr):
            yield from top_level(child)


def _is_main_guard(test: ast.expr) -> bool:
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    return isinstance(test, ast.Compare) and "__name__" in names and any(isinstance(op, ast.Eq) for op in test.ops)


def bindings(node: ast.AST) -> list[tuple[str, ast.AST]]:
    """Return the names that one statement binds itself, each with what gives the value."""
    if isinstance(node, Function | ast.ClassDef):
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
        return text_of(target.slice) or ""
    return ""


def _cannot_raise(node: ast.AST) -> bool:
    """Say whether a definition surely takes the place of an earlier one: it calls nothing."""
    if isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Lambda | ast.Constant)
    if not isinstance(node, Function) or node.decorator_list:
        return False
    defaults = [*node.args.defaults, *(item for item in node.args.kw_defaults if item is not None)]
    return all(isinstance(item, ast.Constant | ast.Name | ast.UnaryOp) for item in defaults)


def _is_stub(node: ast.AST) -> bool:
    if isinstance(node, ast.ClassDef):
        methods = [item for item in node.body if isinstance(item, Function)]
        rest = [item for item in _without_docstring(node.body) if not isinstance(item, Function)]
        return bool(methods) and not rest and all(_is_stub(method) for method in methods)
    if not isinstance(node, Function):
        return False
    return all(_is_placeholder(statement) for statement in _without_docstring(node.body))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    return body[1:] if isinstance(body[0], ast.Expr) and text_of(body[0].value) is not None else body


def _is_placeholder(node: ast.stmt) -> bool:
    if isinstance(node, ast.Pass):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and node.value.value is Ellipsis
    if not isinstance(node, ast.Raise):
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def imported_names(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
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
