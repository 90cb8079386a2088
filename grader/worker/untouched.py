"""Say whether what a name is bound to, after all statements have run, is still the stub that was handed out.

Who hands in a stub is asked nothing: it would raise NotImplementedError at the first call. What a worker says of it
can be forged, and who forges it earns nothing.
"""

from __future__ import annotations

import ast
import types

from grader.syntax.statements import Statement

__all__ = ["is_untouched"]


def is_untouched(thing: object, statement: Statement) -> bool:
    """Say whether `thing` is made by this definition, and raises NotImplementedError whenever it is called."""
    node = statement.node
    if isinstance(node, ast.FunctionDef):
        return _is_raising(thing, node, statement.filename)
    if not isinstance(node, ast.ClassDef) or node.decorator_list or node.bases or node.keywords:
        return False
    if type(thing) is not type:
        return False
    found = {name: item for name, item in vars(thing).items() if isinstance(item, types.FunctionType)}
    methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
    return (
        "__init__" in methods
        and found.keys() == methods.keys()
        and all(_is_raising(found[name], method, statement.filename) for name, method in methods.items())
    )


def _is_raising(thing: object, node: ast.FunctionDef, filename: str) -> bool:
    if type(thing) is not types.FunctionType or node.decorator_list:
        return False
    code = thing.__code__
    made_here = (code.co_filename, code.co_name, code.co_firstlineno) == (filename, node.name, node.lineno)
    return made_here and _raises_at_once(node.body)


def _raises_at_once(body: list[ast.stmt]) -> bool:
    """Say whether a body is nothing but `raise NotImplementedError`, behind a docstring."""
    rest = body[1:] if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) else body
    if len(rest) != 1 or not isinstance(rest[0], ast.Raise):
        return False
    error = rest[0].exc.func if isinstance(rest[0].exc, ast.Call) else rest[0].exc
    return isinstance(error, ast.Name) and error.id == NotImplementedError.__name__
