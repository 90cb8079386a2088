"""Read the catalogue of an assignment: wrong variants of its exercises, each named and explained, and right ones.

`misconceptions.py` and `alternatives.py` are private; this module holds none of them. They are read as text: a
variant runs only where `grader.diagnosis.diagnoser` loads it, or in a confined process.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from grader.course.assignment import Assignment
from grader.errors import CourseError

__all__ = ["Misconception", "misconception", "read_alternatives", "read_catalogue"]

_MARK_OF = "grader.course.catalogue"
_T = TypeVar("_T", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """One wrong variant: `source` defines it, behind the catalogue's imports; `explanation` is for the student.

    An explanation that speaks of code has patterns on the syntax tree (`grader.worker.patterns`): one of them has to be
    found in the student's source before it is given.
    """

    id: str
    exercise: str
    name: str
    explanation: str
    source: str
    patterns: tuple[str, ...] = ()


def misconception(
    _id: str,
    *,
    name: str,  # noqa: ARG001 - read from the text
    explanation: str,  # noqa: ARG001
    patterns: Sequence[str] = (),  # noqa: ARG001
) -> Callable[[_T], _T]:
    """Mark the function or class that follows as a wrong variant of the exercise of its name."""
    return lambda variant: variant


def read_catalogue(assignment: Assignment) -> tuple[Misconception, ...]:
    """Return the misconceptions in the order of the file, none where there is no file.

    Raises CourseError, with file and line, for one that is incomplete or twice there.
    """
    path = assignment.misconceptions
    if not path.is_file():
        return ()
    text = path.read_text("utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: {error.msg}") from error
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom) and not _ours(path, node)]
    preamble = "".join(f"{ast.unparse(node)}\n" for node in imports)
    found: dict[str, Misconception] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list:
            item = _misconception(path, node, preamble)
            if item.id in found:
                raise CourseError(f"{path}:{node.lineno}: {item.id} is there twice; give each an id of its own")
            found[item.id] = item
    return tuple(found.values())


def read_alternatives(assignment: Assignment) -> dict[str, str]:
    """Return the right submissions of `alternatives.py` by name, none where there is no file; nothing of it runs here.

    Raises CourseError where it is no dict of texts.
    """
    path = assignment.alternatives
    if not path.is_file():
        return {}
    try:
        for node in ast.parse(path.read_text("utf-8")).body:
            if (
                isinstance(node, ast.AnnAssign)
                and ast.unparse(node.target) == "ALTERNATIVES"
                and node.value is not None
            ):
                found: dict[str, str] = ast.literal_eval(node.value)
                return found
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{path}: {error}; write the sources as texts, and nothing that is computed") from error
    raise CourseError(f"{path}: write ALTERNATIVES: dict[str, str] = {{name: source}}")


def _ours(path: Path, node: ast.Import | ast.ImportFrom) -> bool:
    """Say whether an import is of the catalogue's own mark; raises CourseError for another one of the grader."""
    named = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    if any(name.partition(".")[0] == "grader" for name in named) and named != [_MARK_OF]:
        where = f"{path}:{node.lineno}"
        raise CourseError(f"{where}: a variant can't use the grader; import `misconception` from {_MARK_OF}, no more")
    return named in ([_MARK_OF], ["__future__"])


def _misconception(path: Path, node: ast.FunctionDef | ast.ClassDef, preamble: str) -> Misconception:
    mark = node.decorator_list[0]
    try:
        assert isinstance(mark, ast.Call)
        (identifier,) = [ast.literal_eval(item) for item in mark.args]
        texts = {str(item.arg): ast.literal_eval(item.value) for item in mark.keywords}
        name, explanation, patterns = texts["name"], texts["explanation"], tuple(texts.get("patterns", ()))
        assert all(len(ast.parse(item).body) == 1 for item in patterns)
    except (AssertionError, ValueError, KeyError, SyntaxError, TypeError) as error:
        where = f"{path}:{node.lineno}"
        raise CourseError(f'{where}: write @misconception("ID", name="...", explanation="...") before it') from error
    node.decorator_list = node.decorator_list[1:]
    source = preamble + ast.unparse(node)
    return Misconception(
        id=identifier, exercise=node.name, name=name, explanation=explanation, source=source, patterns=patterns
    )
