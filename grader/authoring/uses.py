"""Compare what `uses` says with what the reference and the alternatives call, read from their text.

Follow-through hangs on it: a wrong helper is forgiven only where `uses` names it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from grader.course.assignment import Assignment
from grader.course.catalogue import read_alternatives
from grader.course.lesson import reference_source

__all__ = ["untrue_uses"]

_Definition = ast.FunctionDef | ast.ClassDef


def untrue_uses(assignment: Assignment) -> dict[str, list[str]]:
    """Return, by exercise, what is untrue of its `uses`, in words.

    An exercise that is a class may be called through an object, and one that is an argument by another name, so that
    nobody calls it by its own proves nothing there.
    """
    defined = _definitions(reference_source(assignment))
    others = [_definitions(source) for source in read_alternatives(assignment).values()]
    said: dict[str, list[str]] = {}
    for exercise in assignment.exercises:
        called = _reached(exercise.name, defined, set(assignment.names))
        somewhere = called.union(*(_reached(exercise.name, found, set(assignment.names)) for found in others))
        lines = [
            f"the reference calls {name}, which is not named there"
            for name in assignment.names
            if name in called and name not in assignment.used_by(exercise.name)
        ]
        if not _takes_a_function(defined[exercise.name]):
            lines += [
                f"neither the reference nor an alternative calls {name}"
                for name in exercise.uses
                if name not in somewhere and isinstance(defined[name], ast.FunctionDef)
            ]
        if lines:
            said[exercise.name] = lines
    return said


def _definitions(source: str) -> dict[str, _Definition]:
    return {node.name: node for node in ast.parse(source).body if isinstance(node, _Definition)}


def _reached(name: str, defined: Mapping[str, _Definition], exercises: set[str]) -> set[str]:
    """Return the other exercises that a definition names, itself or through what is no exercise."""
    pending, seen, found = [name] if name in defined else [], {name}, set[str]()
    while pending:
        node = defined[pending.pop()]
        for other in sorted(_names(node) & set(defined) - seen):
            seen.add(other)
            if other in exercises:
                found.add(other)
            else:
                pending.append(other)
    return found


def _names(node: _Definition) -> set[str]:
    """Return the names that a definition reads, but for what it is given or makes itself."""
    inside = list(ast.walk(node))
    own = {item.arg for item in inside if isinstance(item, ast.arg)}
    own |= {item.name for item in inside if isinstance(item, _Definition) and item is not node}
    stored = {item.id for item in inside if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    read = {item.id for item in inside if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}
    return read - own - stored


def _takes_a_function(node: _Definition) -> bool:
    """Say whether a definition calls what it is given."""
    inside = list(ast.walk(node))
    given = {item.arg for item in inside if isinstance(item, ast.arg)}
    return any(
        isinstance(item, ast.Call) and isinstance(item.func, ast.Name) and item.func.id in given for item in inside
    )
