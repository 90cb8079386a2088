"""Say which statements of a student's file can wait while the exercises are looked at (`_course/kit/later.py`).

Those that train, draw and print: they use what the file defines, and no exercise reads what they make. It is a guess
by names, good enough for a first look; what is said for good comes from a file that has run as a whole.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from ..syntax.statements import Statement
from .telling import global_names

__all__ = ["can_wait"]

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Import = ast.Import | ast.ImportFrom


def can_wait(statements: Sequence[Statement], exercises: Collection[str]) -> list[Statement]:
    """Return the statements that no exercise needs, and that may take long."""
    needed, held = _needed(statements, exercises)
    made = {name for item in statements if isinstance(item.node, _Definition) for name in item.names}
    found: list[Statement] = []
    for item in statements:
        node = item.node
        if node is None or isinstance(node, _Definition) or needed & set(item.names) or held & set(_changed(node)):
            continue
        if isinstance(node, _Import):
            waits = isinstance(node, ast.Import) or (node.module != "__future__" and node.names[0].name != "*")
        else:
            waits = isinstance(node, ast.For | ast.While) or bool(made & _read(node))
        if waits:
            found.append(item)
            made |= set(item.names)  # whatever uses them waits as well
    return found


def _needed(statements: Sequence[Statement], exercises: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the names that the exercises read, themselves or through others, and those of them that hold data."""
    by_name: dict[str, list[ast.stmt]] = {}
    for item in statements:
        for name in item.names if item.node is not None else ():
            by_name.setdefault(name, []).append(item.node)  # type: ignore[arg-type]  # just looked at
    pending, seen = list(exercises), set(exercises)
    while pending:
        for node in by_name.get(pending.pop(), ()):
            new = _read(node) - seen
            seen |= new
            pending += sorted(new)
    held = {name for name in seen if any(not isinstance(node, _Definition | _Import) for node in by_name.get(name, ()))}
    return seen, held


def _changed(node: ast.stmt) -> Iterator[str]:
    """Yield the names whose values a statement sets a part of, or calls a method of."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            whole: ast.AST = part.func.value
        elif isinstance(part, ast.Attribute | ast.Subscript) and isinstance(part.ctx, ast.Store | ast.Del):
            whole = part.value
        else:
            continue
        yield from (name.id for name in ast.walk(whole) if isinstance(name, ast.Name))


def _read(node: ast.stmt) -> set[str]:
    """Return the names of the module that a statement reads, or the functions in it."""
    return global_names(compile(ast.Module(body=[node], type_ignores=[]), "<looked at>", "exec", dont_inherit=True))
