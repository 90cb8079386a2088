"""The checks of a hidden suite as its text has them: which exercise, how they count, and the line."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.outcomes import Check, Kind

__all__ = ["PLAIN", "Written", "checks_in", "is_mark", "last", "marks", "parsed", "tests", "text_of"]

PLAIN = ("given", "example", "settings", "seed")
"""Decorators that are no check, hide none, and make no several of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A check as it is written; `check` is None where only running tells how often it counts, and how much."""

    name: str
    line: int
    check: Check | None


def checks_in(assignment: Assignment) -> list[Written] | None:
    """Return the checks of the hidden suite; None where the exercise of one is computed."""
    found: list[Written] = []
    functions = [node for node in ast.walk(parsed(assignment.hidden_suite)) if isinstance(node, ast.FunctionDef)]
    for test in functions:
        for mark in test.decorator_list:
            if isinstance(mark, ast.Call) and is_mark(mark):
                name = text_of(mark, 0, "exercise")
                if name is None:
                    return None
                found.append(Written(name=name, line=mark.lineno, check=_check(test, mark, name)))
    return found


def _check(test: ast.FunctionDef, mark: ast.Call, exercise: str) -> Check | None:
    given = {item.arg: item.value for item in mark.keywords}
    kind, weight = given.get("kind"), given.get("weight", ast.Constant(1.0))
    repeated = any(not is_mark(item) and last(item) not in PLAIN for item in test.decorator_list)
    if repeated or None in given or not isinstance(weight, ast.Constant) or not isinstance(weight.value, int | float):
        return None
    if kind is not None and not (isinstance(kind, ast.Attribute) and kind.attr in Kind.__members__):
        return None
    return Check(
        name=test.name,
        exercise=exercise,
        title=text_of(mark, 1, "title") or "",
        kind=Kind[kind.attr] if isinstance(kind, ast.Attribute) else Kind.VALUE,
        weight=float(weight.value),
        visible=False,
        long=False,
    )


def parsed(path: Path) -> ast.Module:
    """Return the tree of a file; raises CourseError, with its line, where it is no Python."""
    try:
        return ast.parse(path.read_text("utf-8"), str(path))
    except SyntaxError as error:
        where = f"{path}:{error.lineno}" if error.lineno else str(path)  # a null byte has no line
        raise CourseError(f"{where}: {error.msg}") from error
    except ValueError as error:
        raise CourseError(f"{path}: {error}; save it as UTF-8") from error


def tests(tree: ast.Module) -> list[ast.FunctionDef]:
    """Return the tests of a file."""
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]


def marks(tree: ast.Module) -> list[ast.Call]:
    """Return the marks of checks in a file."""
    return [
        item
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for item in node.decorator_list
        if isinstance(item, ast.Call) and is_mark(item)
    ]


def is_mark(decorator: ast.expr) -> bool:
    """Say whether a decorator marks a check."""
    return isinstance(decorator, ast.Call) and last(decorator.func) == "check"


def last(node: ast.expr) -> str:
    """Return the last word of a dotted name, "" of anything else."""
    if isinstance(node, ast.Call):
        return last(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def text_of(call: ast.Call, place: int, key: str) -> str | None:
    """Return the text that a call has at a place, or by a key; None where it is computed."""
    given = [*call.args[place : place + 1], *(item.value for item in call.keywords if item.arg == key)]
    found = given[0] if given else None
    return found.value if isinstance(found, ast.Constant) and isinstance(found.value, str) else None
