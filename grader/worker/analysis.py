"""Say what a submission's source holds: which exercises are attempted, and what each one reaches.

Works on syntax trees and runs nothing of the student. It is called in a confined worker that never
runs student code, because parsing hostile text is itself a risk and its answer has to be trusted.
"""

from __future__ import annotations

import ast
import builtins
import symtable

from grader.syntax.choice import is_python
from grader.syntax.definitions import (
    Definition,
    Definitions,
    Function,
    bindings,
    code_mark,
    imported_names,
    text_of,
    top_level,
)
from grader.syntax.statements import Cell, Statement, split
from grader.worker.independence import independent
from grader.worker.own_code import own_code

__all__ = ["analyse"]

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
# What hides from a reader which names it reaches; no exercise needs any of it.
_HIDES = frozenset({"exec", "eval", "compile", "__import__", "globals", "vars"})
_HIDING_CALLS = frozenset({"operator.attrgetter", "operator.methodcaller", "importlib.import_module"})
# The same tools by other names: where torch.autograd is not allowed, neither are these.
_ALSO = {
    "torch.autograd": ("torch._C", "torch._functorch", "functorch", "torch._dynamo", "torch.ops"),
    "torch.func": ("torch._functorch", "functorch"),
}


def analyse(cells: list[Cell], exercises: list[str], not_allowed: dict[str, list[str]]) -> dict[str, object]:
    """Return plain values about the exercises.

    `not_allowed` maps an exercise to dotted names (`torch.autograd`; `torch.Tensor.backward` also
    stands for any method of that name). The answer has `statements` (where, names, error),
    `is_python`, `definitions` and `independent` (of each statement), `stub_left`, `attempted`, `tried`,
    `covered` (where the answer is, and the stub behind it), `code` (equal where two files define the same), `lines`
    (first and last of the definition that counts), `written` (that definition as its student wrote it), `arguments`
    (the names that it gives them) and `reached`: for each exercise the words that say which tool it reaches and where,
    or "".
    """
    statements = split(cells)
    module = _Module(statements)
    lines = {name: module.found.lines(name) for name in exercises}
    return {
        "statements": [{"where": item.where, "names": list(item.names), "error": item.error} for item in statements],
        "is_python": is_python(statements),
        "definitions": [_is_definition(item, set(exercises)) for item in statements],
        "independent": independent(statements, exercises),
        "stub_left": [name for name in exercises if module.found.is_stub(name)],
        "attempted": module.found.attempted(exercises),
        "tried": module.found.tried(exercises),
        "covered": {
            name: [item.where for item in pair]
            for name in exercises
            if (pair := module.found.covered(name)) is not None
        },
        "code": code_mark(statements),
        "lines": {name: list(span) for name, span in lines.items() if span},
        "written": {name: own_code(cells, statements, module.found, name) for name in exercises},
        "arguments": {name: module.found.arguments(name) for name in exercises},
        "reached": {
            name: module.reached(name, not_allowed[name], exercises) for name in exercises if not_allowed.get(name)
        },
    }


def _is_definition(statement: Statement, exercises: set[str]) -> bool:
    """Say whether a statement binds an exercise, or only defines or imports, so that it costs next to nothing."""
    node = statement.node
    if exercises.intersection(statement.names) or isinstance(node, _DEFINES):
        return True
    return isinstance(node, ast.Assign) and not any(
        isinstance(item, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
        or (isinstance(item, ast.Call) and isinstance(item.func, ast.Name))
        for item in ast.walk(node)
    )


class _Module:
    """What one must know of a module to follow its names: definitions, star imports, own methods and attributes."""

    def __init__(self, statements: list[Statement]) -> None:
        self.found = Definitions(statements)
        self.stars: list[str] = []
        self.own_methods: set[str] = set()
        self.own_attributes: set[str] = set()
        for statement in statements:
            for node in top_level(statement.node) if statement.node is not None else ():
                if isinstance(node, ast.Import | ast.ImportFrom):
                    self.stars += _starred(node)
                if isinstance(node, ast.ClassDef):
                    self.own_methods |= {item.name for item in ast.walk(node) if isinstance(item, Function)}
            for item in ast.walk(statement.node) if statement.node is not None else ():
                if isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store):
                    self.own_attributes.add(item.attr)

    def reached(self, exercise: str, not_allowed: list[str], exercises: list[str]) -> str:
        """Follow the names that an exercise uses, other exercises left out, to a tool not allowed."""
        pending, seen = [exercise], {exercise}
        while pending:
            name = pending.pop()
            imported = self._imported_tool(name, not_allowed)
            if imported:
                return imported
            for definition in self.found.by_name.get(name, []):
                used = _global_names(definition.node)
                found = _Reach(self, definition, used, not_allowed).search()
                if found:
                    return found
                following = used - seen - set(exercises)
                seen |= following
                pending += sorted(following)
        return ""

    def _imported_tool(self, name: str, not_allowed: list[str]) -> str:
        """Return the tool that a name is imported as, in the place of a definition, or ""."""
        if name in self.found.by_name:  # which of the two is bound at last, the loaded module tells
            return ""
        targets = self.found.imports.get(name, []) or [f"{star}.{name}" for star in self.stars]
        return next((f"`{target}`, imported," for target in targets if _is_tool(target, not_allowed)), "")

    def knows(self, name: str) -> bool:
        """Say whether the module binds the name itself."""
        return name in self.found.by_name or name in self.found.imports


class _Reach:
    """Look for tools that are not allowed in one definition."""

    def __init__(self, module: _Module, definition: Definition, used: set[str], not_allowed: list[str]) -> None:
        self._module = module
        self._node = definition.node
        self._statement = definition.statement
        self._used = used
        self._not_allowed = [*not_allowed, *(other for name in not_allowed for other in _ALSO.get(name, ()))]
        self._local_imports: dict[str, list[str]] = {}
        self._local_values: dict[str, list[ast.expr]] = {}
        # `vars(self)` is an object's own attributes; `self` may be no other name of a tool's module.
        self._of_self = {
            node.func
            for node in ast.walk(self._node)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "vars"
            and [ast.unparse(item) for item in node.args] == ["self"]
        }
        for node in ast.walk(self._node):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name, target in imported_names(node).items():
                    self._local_imports.setdefault(name, []).append(target)
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
                for name, value in bindings(node):
                    if isinstance(value, ast.expr):
                        self._local_values.setdefault(name, []).append(value)

    def search(self) -> str:
        """Return what is reached and where, or ""."""
        if self._dotted(ast.Name("self", ast.Load())):  # it is another name of something
            self._of_self = set()
        for node in ast.walk(self._node):
            tool = self._tool(node)
            if tool:
                line = getattr(node, "lineno", self._statement.first)
                where = self._statement.where.rpartition("line ")[0] + f"line {line}"
                return f"`{tool}` in {where}"
        return ""

    def _tool(self, node: ast.AST) -> str:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [*imported_names(node).values(), *_starred(node)]
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
        hides = isinstance(node, ast.Name) and node.id in _HIDES & self._used and not self._module.knows(node.id)
        if isinstance(node, ast.Name) and hides and node not in self._of_self:
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
            attribute = text_of(node.args[1])
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
        return _is_tool(name, self._not_allowed)

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
            found |= set(self._module.found.imports.get(name, []))
            for definition in self._module.found.by_name.get(name, []):
                found |= self._dotted(definition.node, seen, of_module=True)
            if not self._module.knows(name) and not hasattr(builtins, name):
                found |= {f"{star}.{name}" for star in self._module.stars}
            found = found or {name}
        return found


def _is_tool(name: str, not_allowed: list[str]) -> bool:
    return any(name == tool or name.startswith(tool + ".") for tool in not_allowed)


def _starred(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the module whose public names `from module import *` binds."""
    if isinstance(node, ast.ImportFrom) and node.module and any(alias.name == "*" for alias in node.names):
        return [node.module]
    return []


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
