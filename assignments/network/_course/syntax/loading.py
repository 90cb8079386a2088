"""Load a student's file statement by statement: what raises costs itself and nothing else, and is noted.

One rule for both who load: a confined worker of the grader, and the visible tests on the student's own machine
(`_course/syntax/loading.py` there). Which statements are run, and what stops them, is the caller's. It judges nothing.
"""

from __future__ import annotations

import ast
import contextlib
import linecache
import sys
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .statements import Cell, Statement, future_flags

__all__ = ["Loading", "Raised", "message_of", "new_module", "remember_lines", "silence_check", "without_check"]

_MAX_MESSAGE = 2000
_MAX_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What a statement raised: its type's name, its message, and the name that it found undefined, or ""."""

    kind: str
    message: str
    missing: str = ""

    def __str__(self) -> str:
        """Say it as Python does."""
        return f"{self.kind}: {self.message}"


class Loading:
    """A module's namespace while statements are run in it; what one imports from `__future__` holds for the later."""

    def __init__(self, namespace: dict[str, object], *, catching: tuple[type[BaseException], ...]) -> None:
        """Prepare; what is not `catching` ends the loading."""
        self._namespace = namespace
        self._catching = catching
        self._flags = 0

    def run(self, statement: Statement) -> Raised | None:
        """Run one statement, which can be read, and return what it raised."""
        node = statement.node
        assert node is not None
        self._flags |= future_flags(node)
        try:
            tree = ast.Module(body=[node], type_ignores=[])
            code = compile(tree, statement.filename, "exec", flags=self._flags, dont_inherit=True)
            exec(code, self._namespace)  # noqa: S102 - in a worker, or on the student's own machine
        except self._catching as error:
            return _raised(error)
        return None


def _raised(error: BaseException) -> Raised:
    said, name = message_of(error), error.name if type(error) is NameError else None
    missing = ""
    # Whoever raises one may name anything; and a variable that is empty yet is no name that a statement lost.
    if type(name) is str and len(name) <= _MAX_NAME and said.startswith(f"name {name!r} is not defined"):
        missing = name
    return Raised(kind=type(error).__name__, message=said, missing=missing)


def message_of(error: BaseException) -> str:
    """Return the message of an exception, of limited length; the student's own `__str__` may do anything."""
    try:
        return str.__getitem__(str(error), slice(_MAX_MESSAGE))  # their own kind of text may cut itself otherwise
    except BaseException:  # noqa: BLE001 - the student's own __str__ may raise anything
        return "(its message can't be shown)"


def remember_lines(cells: Iterable[Cell]) -> None:
    """Let tracebacks show the lines of these cells, which lie in no file of that name."""
    for cell in cells:
        linecache.cache[cell.filename] = (len(cell.text), None, cell.text.splitlines(keepends=True), cell.filename)


def new_module(name: str, file: str) -> types.ModuleType:
    """Return an empty module in which what only a notebook has, `display` and `get_ipython`, does nothing."""
    module = types.ModuleType(name)
    module.__file__ = file
    module.__dict__.update(display=_nothing, get_ipython=_nothing)
    return module


def _nothing(*_: object, **__: object) -> None:
    """Stand for what exists in notebooks alone."""


def silence_check() -> types.ModuleType | None:
    """Let the `check` cells of a notebook do nothing from now on: these tests, or hidden ones, are what they would run.

    Return the module that stood in the place of the stand-in.
    """
    kept = sys.modules.get("grader")
    stand_in = types.ModuleType("grader")
    stand_in.__dict__["check"] = _nothing
    sys.modules["grader"] = stand_in
    return kept


@contextlib.contextmanager
def without_check() -> Iterator[None]:
    """Let the `check` cells of a notebook do nothing while it is loaded."""
    kept = silence_check()
    try:
        yield
    finally:
        del sys.modules["grader"]
        if kept is not None:
            sys.modules["grader"] = kept
