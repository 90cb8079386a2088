"""What somebody who slips may write instead: operators on the nodes of a syntax tree; runs and judges nothing.

An operator takes a node and where it stands, and yields what could stand there instead, each under a tag.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["OPERATORS", "New", "Node", "Operator", "Place", "Tagged", "is_self", "listed"]

Node = ast.expr | ast.stmt | ast.keyword
New = ast.AST | list[ast.stmt] | tuple[ast.stmt, ...]
"""A node, the statements in the place of one, or, as a tuple, in the place of it and of the next one."""
_SYMBOLS: dict[type[ast.AST], str] = dict(
    (
        *((ast.Add, "+"), (ast.Sub, "-"), (ast.Mult, "*"), (ast.Div, "/"), (ast.Pow, "**"), (ast.Mod, "%")),
        *((ast.Lt, "<"), (ast.LtE, "<="), (ast.Gt, ">"), (ast.GtE, ">="), (ast.Eq, "=="), (ast.NotEq, "!=")),
        *((ast.Is, "is"), (ast.IsNot, "is not"), (ast.In, "in"), (ast.NotIn, "not in")),
    )
)
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_NOT_COMMUTATIVE = (ast.Sub, ast.Div, ast.Pow, ast.Mod)
_COMPARISONS = ((ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn))
_FUNCTIONS = dict(
    (
        *(("mean", "sum max median"), ("sum", "mean prod"), ("zeros_like", "ones_like"), ("ones_like", "zeros_like")),
        *(("square", "abs"), ("abs", "square"), ("sqrt", "square abs"), ("exp", "exp2 expm1"), ("numel", "dim")),
        *(("isfinite", "isnan isinf"), ("stack", "cat"), ("split", "chunk"), ("unsqueeze", "squeeze")),
        *(("add_", "sub_"), ("sub_", "add_"), ("mul_", "div_"), ("zero_", "abs_"), ("detach", "clone")),
        *(("no_grad", "enable_grad"), ("step", "zero_grad")),
    )
)
_KEYWORDS = {"min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: `parent.field`, or `parent.field[index]`, in a function; the names that are known there."""

    parent: ast.AST
    field: str
    index: int | None
    names: tuple[str, ...]
    attributes: tuple[str, ...]
    function: ast.FunctionDef


Tagged = Iterator[tuple[str, New]]
Operator = Callable[[Node, Place], Tagged]


def is_self(node: ast.expr) -> bool:
    """Say whether a node is the name `self`."""
    return isinstance(node, ast.Name) and node.id == "self"


def listed(new: New) -> list[ast.AST]:
    """Return what takes the place of a node, as a list."""
    return list(new) if isinstance(new, list | tuple) else [new]


def _number(value: float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _shifted(node: ast.expr, by: int) -> ast.expr:
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


def _constant(node: Node, place: Place) -> Tagged:
    match node:
        case ast.Constant(value=bool() as value):
            yield str(not value), ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            others = (value + 1, value - 1, *(type(value)(number) for number in (0, 1, 2)), -value)
            yield from ((repr(other), _number(other)) for other in dict.fromkeys(others) if other != value)
        case ast.Constant(value=str() as value) if value and not isinstance(place.parent, ast.JoinedStr):
            yield "empty", ast.Constant("")


def _arithmetic(node: Node, _: Place) -> Tagged:
    if isinstance(node, ast.BinOp) and not (isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)):
        more = (ast.Pow,) if isinstance(node.op, ast.Mult) else ()
        for kind in (*_ARITHMETIC, *more):
            if not isinstance(node.op, kind):
                yield _SYMBOLS[kind], ast.BinOp(node.left, kind(), node.right)


def _operand(node: Node, _: Place) -> Tagged:
    if isinstance(node, ast.BinOp):
        yield "left", node.left
        yield "right", node.right
        if isinstance(node.op, _NOT_COMMUTATIVE):
            yield "swapped", ast.BinOp(node.right, node.op, node.left)


def _comparison(node: Node, _: Place) -> Tagged:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        group = next(kinds for kinds in _COMPARISONS if isinstance(node.ops[0], kinds))
        for kind in group:
            if not isinstance(node.ops[0], kind):
                yield _SYMBOLS[kind], ast.Compare(node.left, [kind()], node.comparators)


def _unary(node: Node, _: Place) -> Tagged:
    if isinstance(node, ast.UnaryOp):
        yield "dropped", node.operand


def _sign(node: Node, place: Place) -> Tagged:
    if not isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.BinOp | ast.Subscript):
        return
    known = not isinstance(node, ast.Name) or node.id in place.names
    where = isinstance(place.parent, ast.BinOp | ast.Return) or place.field in ("args", "elts", "values")
    where = where or (isinstance(place.parent, ast.Assign) and place.field == "value")
    if known and where and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        yield "-", ast.UnaryOp(ast.USub(), node)


def _condition(node: Node, place: Place) -> Tagged:
    if isinstance(node, ast.expr) and place.field in ("test", "ifs"):
        yield "negated", ast.UnaryOp(ast.Not(), node)


def _name(node: Node, place: Place) -> Tagged:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in place.names:
        yield from ((other, ast.Name(other)) for other in place.names if other != node.id)


def _attribute(node: Node, place: Place) -> Tagged:
    called = isinstance(place.parent, ast.Call) and place.field == "func"
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and not called:
        if not (isinstance(node.value, ast.Name) and node.value.id == "torch"):
            yield "dropped", node.value
        if is_self(node.value):
            for other in place.attributes:
                if other != node.attr:
                    yield other, ast.Attribute(node.value, other)


def _function(node: Node, _: Place) -> Tagged:
    if isinstance(node, ast.Attribute):
        yield from ((other, ast.Attribute(node.value, other)) for other in _FUNCTIONS.get(node.attr, "").split())


def _argument(node: Node, _: Place) -> Tagged:
    if not isinstance(node, ast.Call):
        return
    for first, second in itertools.combinations(range(len(node.args)), 2):
        swapped = list(node.args)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        yield f"{first + 1} and {second + 1} swapped", ast.Call(node.func, swapped, node.keywords)
    for index in range(len(node.args)):
        kept = [*node.args[:index], *node.args[index + 1 :]]
        yield f"{index + 1} dropped", ast.Call(node.func, kept, node.keywords)
    for keyword in node.keywords:
        kept_keywords = [item for item in node.keywords if item is not keyword]
        yield f"{keyword.arg} dropped", ast.Call(node.func, node.args, kept_keywords)


def _keyword(node: Node, _: Place) -> Tagged:
    if isinstance(node, ast.keyword) and node.arg in _KEYWORDS:
        yield _KEYWORDS[node.arg], ast.keyword(_KEYWORDS[node.arg], node.value)


def _unwrapped(node: Node, place: Place) -> Tagged:
    """Leave out a call, and put what it was called on or with in its place."""
    if isinstance(node, ast.Starred):
        yield "star", node.value
    if not isinstance(node, ast.Call) or isinstance(place.parent, ast.Expr):
        return
    if isinstance(node.func, ast.Attribute) and not (
        isinstance(node.func.value, ast.Name) and node.func.value.id == "torch"
    ):
        yield "receiver", node.func.value
    for index, argument in enumerate(node.args, 1):
        if not isinstance(argument, ast.Starred):
            yield f"argument {index}", argument


def _off_by_one(node: Node, place: Place) -> Tagged:
    """Shift indices, the ends of slices and the arguments of `range`; constants are changed elsewhere."""
    in_range = (
        isinstance(place.parent, ast.Call) and ast.unparse(place.parent.func) == "range" and place.field == "args"
    )
    in_index = isinstance(place.parent, ast.Subscript | ast.Slice) and place.field in ("slice", "lower", "upper")
    if (in_range or in_index) and not isinstance(node, ast.Constant | ast.Slice | ast.Tuple):
        assert isinstance(node, ast.expr)
        yield "+1", _shifted(node, 1)
        yield "-1", _shifted(node, -1)
    if in_index and isinstance(node, ast.Name):
        yield "0", ast.Constant(0)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield "dropped", node.value


def _elements(node: Node, _: Place) -> Tagged:
    match node:
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for first, second in itertools.combinations(range(len(items)), 2):
                swapped = list(items)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                yield f"{first + 1} and {second + 1} swapped", type(node)(swapped, node.ctx)
            if isinstance(node.ctx, ast.Load):
                for index in range(len(items)):
                    yield f"{index + 1} dropped", type(node)([*items[:index], *items[index + 1 :]], node.ctx)
        case ast.JoinedStr(values=items):
            for index in range(len(items)):
                yield f"{index + 1} dropped", ast.JoinedStr([*items[:index], *items[index + 1 :]])
        case ast.Set(elts=items):
            for index in range(len(items)):
                yield f"{index + 1} dropped", ast.Set([*items[:index], *items[index + 1 :]])
        case ast.Dict(keys=keys, values=values):
            for first, second in itertools.combinations(range(len(values)), 2):
                swapped = list(values)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                yield f"{first + 1} and {second + 1} swapped", ast.Dict(keys, swapped)
            for index in range(len(keys)):
                yield (
                    f"{index + 1} dropped",
                    ast.Dict([*keys[:index], *keys[index + 1 :]], [*values[:index], *values[index + 1 :]]),
                )


def _removed(node: Node, _: Place) -> Tagged:
    if isinstance(node, ast.stmt) and not isinstance(node, ast.Pass):
        yield "", ast.Pass()


def _block(node: Node, place: Place) -> Tagged:
    """Take off a block's head, leave a loop after one pass, put a statement on the wrong side of a block's edge."""
    if isinstance(node, ast.With | ast.If):
        yield "unwrapped", node.body
    if isinstance(node, ast.For):
        yield "one pass", _with_body(node, [*node.body, ast.Break()])
        for following in _next(node, place):
            yield "next one inside", (_with_body(node, [*node.body, following]),)
    if isinstance(node, ast.With | ast.If | ast.For) and len(node.body) > 1:
        yield "first one before it", [node.body[0], _with_body(node, node.body[1:])]
        yield "last one behind it", [_with_body(node, node.body[:-1]), node.body[-1]]


def _with_body(node: ast.With | ast.If | ast.For, body: list[ast.stmt]) -> ast.stmt:
    fields = {**dict(ast.iter_fields(node)), "body": body}
    return type(node)(**fields, lineno=node.lineno)


def _order(node: Node, place: Place) -> Tagged:
    """Two statements in the other order; one behind a `return` would be one that is removed."""
    for following in _next(node, place):
        if isinstance(node, ast.stmt) and not isinstance(following, ast.Return):
            yield "later", (following, node)


def _next(node: Node, place: Place) -> list[ast.stmt]:
    """Return the statement that follows in the same block, if there is one."""
    if not isinstance(node, ast.stmt) or place.index is None:
        return []
    block: list[ast.stmt] = getattr(place.parent, place.field)
    return block[place.index + 1 : place.index + 2]


def _update(node: Node, _: Place) -> Tagged:
    """`x -= y` and `x = x - y`: another sign, the value alone, and the one in the place of the other."""
    match node:
        case ast.AugAssign(target=target, op=op, value=value):
            for kind in _ARITHMETIC:
                if not isinstance(op, kind):
                    yield f"{_SYMBOLS[kind]}=", ast.AugAssign(target, kind(), value)
            yield "=", ast.Assign([target], value, lineno=node.lineno)
            yield "rebound", ast.Assign([target], ast.BinOp(target, op, value), lineno=node.lineno)
        case ast.Assign(targets=[target], value=ast.BinOp(left=left, op=op, right=right)):
            if ast.unparse(target) == ast.unparse(left):
                yield "in place", ast.AugAssign(target, op, right)  # type: ignore[arg-type]  # no tuple has arithmetic
        case ast.Assign(targets=[_, _, *_] as targets, value=value):
            for index, target in enumerate(targets):
                kept = [*targets[:index], *targets[index + 1 :]]
                yield f"{ast.unparse(target)} dropped", ast.Assign(kept, value, lineno=node.lineno)


def _jump(node: Node, place: Place) -> Tagged:
    match node:
        case ast.Break():
            yield "continue", ast.Continue()
        case ast.Continue():
            yield "break", ast.Break()
        case ast.Return(value=value) if not isinstance(value, ast.Name):
            yield from ((f"return {name}", ast.Return(ast.Name(name))) for name in place.names)


OPERATORS: tuple[Operator, ...] = (
    *(_constant, _arithmetic, _operand, _comparison, _unary, _sign, _condition, _name, _attribute, _function),
    *(_argument, _keyword, _unwrapped, _off_by_one, _elements, _removed, _block, _order, _update, _jump),
)
