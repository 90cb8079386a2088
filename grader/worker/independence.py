"""Say which statements of a module can be left out, and no exercise feels it: training runs, plots, prints.

A careful guess by names, made where no student code runs. A statement counts as felt where it or what it calls shares
a variable with what the exercises reach, sets something on an object that it did not make, or has ways to reach any
name. It decides nothing of a grade alone: such a statement has run once already, and what it raised is noted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from grader.syntax.statements import Statement

__all__ = ["independent"]

_CODE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_ANY_NAME = frozenset(
    {"__builtins__", "__import__", "builtins", "delattr", "eval", "exec", "gc", "globals", "importlib", "inspect"}
    | {"locals", "setattr", "sys", "vars"}
)


def independent(statements: list[Statement], exercises: Iterable[str]) -> list[bool]:
    """Return for each statement whether leaving it out can be felt by no exercise."""
    inside: dict[str, set[str]] = {}
    variables: set[str] = set()
    for statement in statements:
        node = statement.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside.setdefault(node.name, set()).update(_free(node))
        elif node is not None and not isinstance(node, _CODE):
            variables |= _bound(node)
            for name in _bound(node):  # what a variable is made of is needed where it is
                inside.setdefault(name, set()).update(_names(node) - {name})
    needed = _closure(set(exercises), inside)
    return [_is_independent(statement.node, inside, variables, needed) for statement in statements]


def _is_independent(node: ast.stmt | None, inside: dict[str, set[str]], variables: set[str], needed: set[str]) -> bool:
    if node is None or isinstance(node, _CODE):
        return False
    touched = _closure(_names(node), inside)
    if touched & (variables | _bound(node)) & needed or touched & _ANY_NAME or _bound(node) & needed:
        return False
    own = _bound(node)
    return all(_is_quiet(item, own) for item in ast.walk(node))


def _is_quiet(node: ast.AST, own: set[str]) -> bool:
    """Say whether a part of a statement sets nothing but what the statement itself has bound."""
    if isinstance(node, (*_CODE, ast.Global, ast.Nonlocal, ast.Delete)):
        return False
    if isinstance(node, ast.Attribute) and node.attr.startswith(("set_", "seed", "manual_seed", "use_deterministic")):
        return False
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        root: ast.expr = node
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        return isinstance(root, ast.Name) and root.id in own
    return True


def _free(node: ast.AST) -> set[str]:
    """Return the names that code uses beside its own arguments and variables."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        body = node.body if isinstance(node.body, list) else [node.body]
        arguments = {item.arg for item in ast.walk(node.args) if isinstance(item, ast.arg)}
        shared = {name for item in ast.walk(node) if isinstance(item, ast.Global) for name in item.names}
        used = set[str]().union(*(_names(item) for item in body))
        own = set[str]().union(arguments, *(_bound(item) for item in body)) - shared
        outside = [*node.args.defaults, *(item for item in node.args.kw_defaults if item)]
        return (used - own).union(*(_names(item) for item in outside))
    if isinstance(node, ast.ClassDef):
        return set[str]().union(*(_free(item) for item in ast.iter_child_nodes(node)))
    return _names(node)


def _names(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}


def _bound(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load)}


def _closure(names: set[str], inside: dict[str, set[str]]) -> set[str]:
    """Return these names, and those that the functions and classes among them use, and so on."""
    found, pending = set(names), list(names)
    while pending:
        more = inside.get(pending.pop(), set()) - found
        found |= more
        pending += more
    return found
