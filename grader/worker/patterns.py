"""Say whether a source bears out what an explanation says of it: patterns on the syntax tree.

A pattern is Python: `_p = _p - _`, or a bare word. A name that begins with an underscore stands for any expression,
and each time for the same one but for `_` itself; a word alone is found wherever it is a name, an attribute or a
keyword. Parses hostile text: it is called in a worker that runs no student code.
"""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterator, Sequence

from grader.syntax.definitions import Definitions
from grader.syntax.statements import Statement

__all__ = ["bears_out"]


def bears_out(statements: list[Statement], exercise: str, others: Sequence[str], patterns: Sequence[str]) -> bool:
    """Say whether one of the patterns is found in an exercise, or in what it uses beside the other exercises."""
    found = Definitions(statements)
    nodes = [node for root in _reached(found, exercise, set(others)) for node in ast.walk(root)]
    return any(_is_found(pattern, nodes) for pattern in patterns)


def _reached(found: Definitions, exercise: str, others: set[str]) -> Iterator[ast.AST]:
    pending, seen = [exercise], {exercise}
    while pending:
        for definition in found.by_name.get(pending.pop(), []):
            yield definition.node
            names = {node.id for node in ast.walk(definition.node) if isinstance(node, ast.Name)}
            pending += sorted(names - seen - others)
            seen |= names


def _is_found(pattern: str, nodes: Sequence[ast.AST]) -> bool:
    if pattern.isidentifier() and not keyword.iskeyword(pattern):
        return any(pattern in _words(node) for node in nodes)
    (wanted,) = ast.parse(pattern).body
    if isinstance(wanted, ast.Expr):
        return any(isinstance(node, ast.expr) and _fits(wanted.value, node, {}) for node in nodes)
    return any(isinstance(node, ast.stmt) and _fits(wanted, node, {}) for node in nodes)


def _words(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute):
        return {node.attr}
    return {node.arg} if isinstance(node, ast.keyword) and node.arg else set()


def _fits(wanted: object, node: object, bound: dict[str, str]) -> bool:
    """Say whether a part of a tree is as wanted; `bound` is what the wildcards stand for so far."""
    if isinstance(wanted, ast.Name) and wanted.id.startswith("_") and isinstance(node, ast.expr):
        text = ast.unparse(node)
        return wanted.id == "_" or bound.setdefault(wanted.id, text) == text
    if isinstance(wanted, list):
        return (
            isinstance(node, list)
            and len(wanted) == len(node)
            and all(_fits(one, other, bound) for one, other in zip(wanted, node, strict=True))
        )
    if isinstance(wanted, ast.expr_context):
        return True
    if isinstance(wanted, ast.AST):
        return type(wanted) is type(node) and all(
            _fits(getattr(wanted, field, None), getattr(node, field, None), bound)
            for field in wanted._fields
            if field not in ("kind", "type_comment")
        )
    return type(wanted) is type(node) and wanted == node
