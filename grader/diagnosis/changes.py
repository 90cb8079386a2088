"""Change one place of a definition at a time, by every operator; runs and judges nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.diagnosis.operators import OPERATORS, New, Node, Operator, Place, is_self, listed

__all__ = ["Change", "changes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One place changed: `line` and `column` are the file's; `text` takes the place of the lines first to last.

    Those are the whole statement of the function's body around the place, `indent` columns to the right.
    """

    line: int
    column: int
    operator: str
    tag: str
    before: str
    after: str
    first: int
    last: int
    indent: int
    text: str


def changes(
    definition: ast.FunctionDef | ast.ClassDef, lines: frozenset[int], operators: Sequence[Operator] = OPERATORS
) -> Iterator[Change]:
    """Yield every change of what stands in these lines, each once, in the order of the text."""
    stored = [item for item in ast.walk(definition) if isinstance(item, ast.Attribute)]
    attributes = dict.fromkeys(item.attr for item in stored if isinstance(item.ctx, ast.Store) and is_self(item.value))
    functions = [definition] if isinstance(definition, ast.FunctionDef) else definition.body
    for function in functions:
        if not isinstance(function, ast.FunctionDef):
            continue
        for index, statement in enumerate(function.body):
            if statement.lineno in lines:
                yield from _in_statement(function, index, tuple(attributes), operators)


def _in_statement(
    function: ast.FunctionDef, index: int, attributes: tuple[str, ...], operators: Sequence[Operator]
) -> Iterator[Change]:
    statement = function.body[index]
    own = Place(function, "body", index, _names_in(function), attributes, function)
    seen = {(1, ast.unparse(statement))}
    for node, place in [(statement, own), *_places(statement, own)]:
        for operator in operators:
            for tag, new in list(operator(node, place)):
                taken = 2 if node is statement and isinstance(new, tuple) else 1
                text = _with(function, index, node, place, new)
                if (taken, text) in seen:
                    continue
                seen.add((taken, text))
                last = function.body[index + taken - 1]
                yield Change(
                    line=_position(node)[0],
                    column=_position(node)[1],
                    operator=operator.__name__.strip("_"),
                    tag=tag,
                    before=_in_a_line(_taken(node, place) if isinstance(new, tuple) else [node]),
                    after=_in_a_line(listed(new)),
                    first=statement.lineno,
                    last=last.end_lineno or last.lineno,
                    indent=statement.col_offset,
                    text=text,
                )


def _taken(node: Node, place: Place) -> list[ast.AST]:
    """Return a statement and what follows it in its block, of which the order changes."""
    following = getattr(place.parent, place.field) if place.index is not None else [node]
    return list(following[place.index or 0 : (place.index or 0) + 2])


def _places(node: ast.AST, around: Place) -> Iterator[tuple[Node, Place]]:
    """Yield what stands in a node, each with its own place; `around` has what is known there."""
    if isinstance(node, ast.FunctionDef):
        around = replace(around, names=tuple(dict.fromkeys([*around.names, *_names_in(node)])))
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "args") and not isinstance(node, ast.Call):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, Node):
                yield child, replace(around, parent=node, field=field, index=index)
            if isinstance(child, ast.AST):
                yield from _places(child, around)


def _names_in(function: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names of the arguments and of what is assigned, in order."""
    arguments = [item.arg for item in ast.walk(function.args) if isinstance(item, ast.arg) and item.arg != "self"]
    nodes = [item for item in ast.walk(function) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)]
    stored = sorted(nodes, key=lambda item: (item.lineno, item.col_offset))
    return tuple(dict.fromkeys([*arguments, *(item.id for item in stored)]))


def _position(node: Node) -> tuple[int, int]:
    """Return where a node's own sign stands, so that no two nodes of a kind share it."""
    match node:
        case ast.BinOp(left=first) | ast.Compare(left=first) | ast.Call(func=first):
            return first.end_lineno or 0, first.end_col_offset or 0
        case ast.Attribute(value=first) | ast.Subscript(value=first):
            return first.end_lineno or 0, first.end_col_offset or 0
    return node.lineno, node.col_offset


def _with(function: ast.FunctionDef, index: int, node: Node, place: Place, new: New) -> str:
    """Return a statement's source with `new` in the place of a node in it; the tree stays as it was."""
    if place.parent is function:
        return "\n".join(map(ast.unparse, listed(new)))
    statement = function.body[index]
    value = getattr(place.parent, place.field)
    if place.index is None:
        setattr(place.parent, place.field, new)
        text = ast.unparse(statement)
        setattr(place.parent, place.field, node)
        return text
    kept = list(value)
    value[place.index : place.index + (2 if isinstance(new, tuple) else 1)] = listed(new)
    text = ast.unparse(statement)
    value[:] = kept
    return text


def _in_a_line(nodes: Sequence[ast.AST]) -> str:
    texts = [ast.unparse(node).split("\n") for node in nodes]
    return "; ".join(lines[0] if len(lines) == 1 else f"{lines[0]} ..." for lines in texts)
