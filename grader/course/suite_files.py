"""Which files a hidden suite is made of: itself, what pytest loads beside it, and what they import from there.

Reads the imports of those files, and runs none.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from grader.errors import CourseError

__all__ = ["suite_files"]

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def suite_files(suite: Path) -> list[Path]:
    """Return the files of a hidden suite, sorted; raises CourseError where one is no Python."""
    folder = suite.parent
    pending, found = [suite, folder / "conftest.py"], list[Path]()
    while pending:
        path = pending.pop()
        if path in found or not path.is_file():
            continue
        found.append(path)
        stat = path.stat()
        pending += [folder / f"{name}.py" for name in _imported(path, (stat.st_ino, stat.st_size, stat.st_mtime_ns))]
    return sorted(found)


@lru_cache(maxsize=256)
def _imported(path: Path, stamp: tuple[int, ...]) -> frozenset[str]:  # noqa: ARG001 - part of the key
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{path}: {error}") from error
    names: set[str] = set()
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
        for field in _BLOCKS:  # an import is a statement, and stands in no expression
            pending += getattr(node, field, ())
    return frozenset(names)
