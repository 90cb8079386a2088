"""See whether what an author wrote beside the lesson speaks of exercises that there are: read as text, and not run.

A name that is computed is left to who runs the file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.written import PLAIN, is_mark, last, marks, parsed, tests, text_of
from grader.course.assignment import Assignment
from grader.course.near import meant, nearest

__all__ = ["wrong_names"]

_MARKS = ("parametrize", "skip", "skipif", "xfail", "usefixtures", "filterwarnings")  # pytest's own
_OF_STUDENT = ("batch", "observe", "probe")
_SECOND, _FIRST = ("answer", "call", "asking", "function_of"), ("trying", "expect")  # where the kit takes a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name of an exercise as it was written, and the line."""

    name: str
    line: int


def wrong_names(assignment: Assignment) -> Iterator[str]:
    """Yield what is wrong with each name that is of no exercise, with file, line, and what was meant."""
    yield from _in_suite(assignment)
    if assignment.visible_tests.is_file():
        yield from _in_visible_tests(assignment)
    for path, names in (
        (assignment.teaching, _in_teaching),
        (assignment.misconceptions, _in_misconceptions),
        (assignment.pictures, _in_pictures),
    ):
        for item in names(parsed(path)) if path.is_file() else ():
            if item.name not in assignment.names:
                yield f"{path}:{item.line}: {item.name!r} is no exercise; {meant(item.name, assignment.names)}"


def _in_suite(assignment: Assignment) -> Iterator[str]:
    path = assignment.hidden_suite
    tree = parsed(path)
    for mark in marks(tree):
        name = text_of(mark, 0, "exercise")
        if name is not None and name not in assignment.names:
            yield f"{path}:{mark.lineno}: {name!r} is no exercise; {meant(name, assignment.names)}"
    for test in tests(tree):
        if not any(is_mark(item) for item in test.decorator_list) and all(map(_is_plain, test.decorator_list)):
            yield f"{path}:{test.lineno}: {test.name} has no @check, so it would never count"
    known = {*assignment.names, *_defined(assignment), *_OF_STUDENT}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "student":
            near = nearest(node.attr, sorted(known)) if node.attr not in known else ""
            if near:
                yield f"{path}:{node.lineno}: student.{node.attr}: the lesson has none; did you mean {near}?"


def _in_visible_tests(assignment: Assignment) -> Iterator[str]:
    path = assignment.visible_tests
    tree = parsed(path)
    everywhere = any(
        isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0]) for node in tree.body
    )
    for test in tests(tree):
        marks = [mark for item in test.decorator_list if (mark := _pytest_mark(item))]
        for mark in marks:
            if mark not in (*_MARKS, *assignment.names):
                said = f"{test.name} is marked @pytest.mark.{mark}, which is no exercise"
                yield f"{path}:{test.lineno}: {said}; {meant(mark, assignment.names)}"
        plain = all(_pytest_mark(item) or _is_plain(item) for item in test.decorator_list)
        if plain and not everywhere and not set(marks) - set(_MARKS):
            yield f"{path}:{test.lineno}: {test.name} is of no exercise; mark it with @pytest.mark.<exercise>"
    known = {*assignment.names, *_defined(assignment)}
    for item in _asked(tree):
        near = nearest(item.name, sorted(known)) if item.name not in known else ""
        if near:
            yield f"{path}:{item.line}: {item.name!r} is no exercise; did you mean {near}?"


def _asked(tree: ast.Module) -> Iterator[Named]:
    """Yield the names that visible tests hand to the kit, and those of which they want the hint."""
    for node in ast.walk(tree):
        found: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = 1 if node.func.id in _SECOND else 0 if node.func.id in _FIRST else len(node.args)
            found = node.args[place] if place < len(node.args) else None
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "HINTS":
            found = node.slice
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield Named(name=found.value, line=found.lineno)


def _in_teaching(tree: ast.Module) -> Iterator[Named]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "teaching":
            name = text_of(node, 0, "exercise")
            if name is not None:
                yield Named(name=name, line=node.lineno)


def _in_misconceptions(tree: ast.Module) -> Iterator[Named]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list:
            yield Named(name=node.name, line=node.lineno)


def _in_pictures(tree: ast.Module) -> Iterator[Named]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PICTURES":
            for key in node.value.keys if isinstance(node.value, ast.Dict) else ():
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield Named(name=key.value, line=key.lineno)


def _is_plain(decorator: ast.expr) -> bool:
    """Say whether a decorator is one that is known to be no check."""
    return last(decorator) in PLAIN or bool(_pytest_mark(decorator))


def _pytest_mark(decorator: ast.expr) -> str:
    """Return the X of `@pytest.mark.X`, "" for another decorator."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    text = ast.unparse(called)
    return text.removeprefix("pytest.mark.") if text.startswith("pytest.mark.") else ""


def _defined(assignment: Assignment) -> set[str]:
    """Return the functions and classes of the lesson."""
    kinds = ast.FunctionDef | ast.ClassDef
    return {node.name for node in parsed(assignment.reference).body if isinstance(node, kinds)}
