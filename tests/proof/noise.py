"""Right solutions keep their points when every arithmetic result is moved by one unit in the last place.

The noise stands in the submission's own text, so that it runs where the submission does. Its direction is drawn from
the number and the place in the text: the same call gives the same answer, and a long loop meets both directions alike.
Integers, bools and exact zeros stay as they are. An in-place operation has its operand moved, and keeps its target.

    PYTHONPATH=.:tests python -m proof.noise [--sample K] [--jobs N] [--out FILE] [assignment ...]
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from grader.authoring.transplants import grade
from grader.course.assignment import Assignment, Course
from grader.course.catalogue import read_alternatives
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.report.report import SubmissionReport

__all__ = ["noisy", "run"]

_ROOT = Path(__file__).parents[2]
_MOVED = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
_WHOLE = {"ceil", "floor", "int", "range", "round"}  # a number below a whole one becomes another whole one
_NAME = "_one_ulp"
_HELPER = """
def _one_ulp(value, place):
    import math
    import numpy
    import torch
    if type(value) is float:
        if value == 0 or not math.isfinite(value):
            return value
        spread = value * 1e9 + place
        return math.nextafter(value, math.inf if math.isfinite(spread) and math.sin(spread) > 0 else -math.inf)
    if isinstance(value, torch.Tensor):
        if not value.dtype.is_floating_point or (value.is_leaf and value.requires_grad):
            return value
        plain = value.detach()
        step = torch.nextafter(plain, torch.sin(plain * 1e9 + place) * math.inf) - plain
        return value + torch.where((plain != 0) & step.isfinite(), step, torch.zeros_like(step))
    if isinstance(value, (numpy.ndarray, numpy.floating)) and value.dtype.kind == "f":
        with numpy.errstate(all="ignore"):
            to = (numpy.sin(value * value.dtype.type(1e9) + value.dtype.type(place)) * numpy.inf).astype(value.dtype)
            moved = numpy.nextafter(value, to)
            moved = numpy.where((value != 0) & numpy.isfinite(moved), moved, value).astype(value.dtype)
        return moved if isinstance(value, numpy.ndarray) else value.dtype.type(moved)
    return value
"""


def noisy(source: str, *, returns: bool = True) -> tuple[str, int]:
    """Return a source whose arithmetic results, and returned values unless told otherwise, are moved; and how many."""
    tree = ast.parse(source)
    noise = _Noise(returns=returns)
    tree = noise.visit(tree)
    first = sum(
        (isinstance(node, ast.ImportFrom) and node.module == "__future__") or _is_text(node) for node in tree.body[:2]
    )
    tree.body[first:first] = ast.parse(_HELPER).body
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n", noise.places


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Noise(ast.NodeTransformer):
    """Wraps what is computed in a call of the helper."""

    def __init__(self, *, returns: bool) -> None:
        self._returns = returns
        self._parameters: list[set[str]] = []
        self.places = 0

    def _moved(self, node: ast.expr) -> ast.expr:
        self.places += 1
        return ast.Call(ast.Name(_NAME, ast.Load()), [node, ast.Constant(self.places)], [])

    def _returned(self, node: ast.expr) -> ast.expr:
        """Move a returned value, but no argument that is given back: it may have to be the same object."""
        if isinstance(node, ast.Tuple):
            node.elts = [self._returned(item) for item in node.elts]
            return node
        wrapped = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == _NAME
        given = isinstance(node, ast.Name) and node.id in self._parameters[-1]
        kept = isinstance(node, ast.Attribute | ast.Constant | ast.Starred | ast.Lambda)
        return node if wrapped or given or kept or not self._returns else self._moved(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self._parameters.append(_parameters(node.args))
        self.generic_visit(node)
        self._parameters.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self._parameters.append(_parameters(node.args))
        self.generic_visit(node)
        node.body = self._returned(node.body)
        self._parameters.pop()
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        if node.value is not None:
            node.value = self._returned(node.value)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return self._moved(node) if isinstance(node.op, _MOVED) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        node.value = self.visit(node.value)
        wrapped = isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == _NAME
        if isinstance(node.op, _MOVED) and not wrapped:
            node.value = self._moved(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return node if name in _WHOLE else self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        node.value = self.visit(node.value)  # an index is whole
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node  # what is printed is rounded anyway


def _parameters(arguments: ast.arguments) -> set[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return {item.arg for item in every if item is not None}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(
    course: Course,
    *,
    names: Iterable[str] = (),
    sample: int = 1,
    jobs: int = 1,
    progress: Callable[[str], None] = _say,
) -> dict[str, object]:
    """Return by assignment which right solutions lost points; with `sample` of every so-many-th alternative."""
    return {
        name: _prove(course, load_assignment(course, name), sample, jobs, progress) for name in names or course.names
    }


def _prove(
    course: Course, assignment: Assignment, sample: int, jobs: int, progress: Callable[[str], None]
) -> dict[str, object]:
    name = assignment.name
    sources = dict(list(read_alternatives(assignment).items())[::sample])
    sources["reference"] = reference_source(assignment)
    progress(f"{name}: {len(sources)} right solutions with noise")
    full = {key: noisy(source) for key, source in sources.items()}
    found = grade(course, name, {key: text for key, (text, _) in full.items()}, jobs=jobs)
    suspects = [key for key, report in found.items() if _lost(report)]
    # A returned tensor that is moved is another object, which may be wrong where the very tensor is wanted.
    partly = {key: noisy(sources[key], returns=False) for key in suspects}
    again = grade(course, name, {key: text for key, (text, _) in partly.items()}, jobs=jobs)
    return {
        "graded": len(found),
        "places": sum(places for _, places in full.values()),
        "returned_values_left_out": {
            key: {"because": _lost(found[key]), "places": full[key][1] - partly[key][1]}
            for key, report in again.items()
            if not _lost(report)
        },
        "lost_points": {key: _lost(report) for key, report in again.items() if _lost(report)},
    }


def _lost(report: SubmissionReport) -> list[str]:
    """Return each exercise that lost points, how many, and the first check that it lost them by."""
    lost = [
        (item, next(check for check in item.checks if check.score < check.max_score))
        for item in report.exercises
        if item.score < item.max_score
    ]
    return [
        f"{item.exercise}: -{item.max_score - item.score:g}, {check.check} {check.status.value}: {check.summary}"
        for item, check in lost
    ]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="proof.noise")
    parser.add_argument("names", nargs="*", metavar="assignment")
    parser.add_argument("--sample", type=int, default=1, metavar="K", help="every K-th alternative only")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    found = run(find_course(_ROOT), names=options.names, sample=options.sample, jobs=options.jobs)
    text = json.dumps(found, indent=1)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
