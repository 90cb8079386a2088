"""What is wrong under a condition alone: operators as in proof/operators.py, for the conditions of a place."""

from __future__ import annotations

import ast

from grader.diagnosis.operators import Node, Operator, Place, Tagged
from proof.conditions import conditions_of

__all__ = ["CONDITIONAL"]


def _value(node: Node, place: Place) -> Tagged:
    """A value that is one hundredth off where a condition holds, and right elsewhere."""
    stored = isinstance(place.parent, ast.Assign | ast.AugAssign | ast.Return) and place.field == "value"
    listed_there = isinstance(place.parent, ast.Tuple) and isinstance(place.parent.ctx, ast.Load)
    if isinstance(node, ast.expr) and not isinstance(node, ast.Tuple) and (stored or listed_there):
        off = ast.parse(f"1.01 * ({ast.unparse(node)}) + 0.01", mode="eval").body
        for condition in conditions_of(place.function, place.attributes):
            if condition.holds_in(node.lineno):
                yield condition.text, ast.IfExp(condition.test(), off, node)


def _skipped(node: Node, place: Place) -> Tagged:
    """A statement that is left out where a condition holds."""
    if isinstance(node, ast.Expr | ast.AugAssign):
        for condition in conditions_of(place.function, place.attributes):
            if condition.holds_in(node.lineno):
                yield condition.text, ast.If(ast.UnaryOp(ast.Not(), condition.test()), [node], [])


CONDITIONAL: tuple[Operator, ...] = (_value, _skipped)
"""What depends on the epoch, the optimizer, the number of samples or the dtype."""
