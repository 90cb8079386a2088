"""Find the file of a student's folder that counts, and load it as the grader does (`_course/kit/tested.py` there).

What can't be used is said by `pytest.fail`, in one line and without a traceback. It calls none of its functions.
"""

from __future__ import annotations

import sys
import time
import types
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..syntax.choice import BothDiffer, Candidate, Chosen, is_python
from ..syntax.choice import choose as choose_of
from ..syntax.decoding import python_text
from ..syntax.definitions import Definitions, code_mark
from ..syntax.loading import Loading, Raised, new_module, remember_lines, without_check
from ..syntax.notebooks import code_cells
from ..syntax.statements import Cell, split
from .later import can_wait

__all__ = ["Lost", "cells_of", "choose", "function_of", "load", "loaded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A statement that was left out: where it stands, and what it raised or why it can't be read."""

    where: str
    why: Raised | str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.where}: {self.why}"


def load(folder: Path, name: str, exercises: Collection[str], *, first_look: bool = False) -> types.ModuleType:
    """Return the student's module: that of the notebook which asks, else the one file of `name` that counts.

    A statement that raises is left out and noted, as the grader does; so is what is no Python. For a first look what
    can wait is left out as well.
    """
    if name in sys.modules:
        return sys.modules[name]
    path, said = choose(folder, name, exercises)
    module = new_module(name, str(path))
    lost: dict[str, Lost] = {}
    begun, statements = time.monotonic(), split(cells_of(path))
    waiting = can_wait(statements, exercises) if first_look else []
    module.__dict__.update(__tested__=said, __lost__=lost, __waits__=[item.where for item in waiting])
    sys.modules[name] = module
    loading = Loading(module.__dict__, catching=(Exception, SystemExit))
    with without_check():
        for statement in statements:
            if statement in waiting:
                continue
            why = loading.run(statement) if statement.node is not None else statement.error
            if why:
                names = statement.names or [statement.where]
                lost.update(dict.fromkeys(names, Lost(where=statement.where, why=why)))
    module.__dict__["__seconds__"] = time.monotonic() - begun
    return module


def loaded() -> types.ModuleType | None:
    """Return the module that `load` has loaded, or None."""
    return next((item for item in list(sys.modules.values()) if "__tested__" in getattr(item, "__dict__", {})), None)


def choose(folder: Path, name: str, exercises: Collection[str]) -> tuple[Path, str]:
    """Return the file to test, and say so in words: of two candidates the one that differs from the stub.

    Fails where both do and differ, or where there is none. One that can't be read may hold the work: the stub beside it
    is not tested in its place.
    """
    found = [path for suffix in (".py", ".ipynb") if (path := folder / f"{name}{suffix}").is_file()]
    if not found:
        pytest.fail(f"there is neither {name}.py nor {name}.ipynb in {folder}", pytrace=False)
    if len(found) == 1:
        return found[0], f"tested: {found[0].name}"
    readable = {path: candidate for path in found if (candidate := _candidate(path, exercises))}
    choice = choose_of(list(readable.values()))
    if isinstance(choice, BothDiffer):
        pytest.fail(
            f"{' and '.join(path.name for path in choice.files)} both differ from the stub, and only one can be "
            "handed in: keep the one that you work in, and put the other away",
            pytrace=False,
        )
    unread = [path for path in found if path not in readable]
    if not isinstance(choice, Chosen) or (unread and not choice.attempted):
        return unread[0], f"tested: {unread[0].name}"  # loading that one says what is wrong with it
    other = next(path for path in found if path != choice.file)
    if other in unread:
        beside = "can't be read"
    elif readable[other].attempted:
        beside = "defines the same"
    else:
        beside = "is still the stub" if choice.attempted else "is a stub as well"
    return choice.file, f"tested: {choice.file.name} ({other.name} {beside})"


def _candidate(path: Path, exercises: Collection[str]) -> Candidate[Path] | None:
    """Return a file as one that may count, or None where it can't be read."""
    try:
        statements = split(cells_of(path))
    except pytest.fail.Exception:
        return None
    if not is_python(statements):
        return None
    tried = Definitions(statements).tried(exercises)
    return Candidate(file=path, attempted=bool(tried), code=code_mark(statements))


def cells_of(path: Path) -> list[Cell]:
    """Return the cells of code in a file; fails where it is no text, or no notebook."""
    try:
        if path.suffix == ".py":
            return [Cell(filename=str(path), text=python_text(path.read_bytes()))]
        cells = code_cells(path.read_bytes(), path.name)
    except ValueError as error:
        wrong = str(error)
    else:
        remember_lines(cells)
        return list(cells)
    pytest.fail(f"{path.name} can't be read: {wrong}", pytrace=False)


def function_of(module: types.ModuleType, name: str) -> Callable[..., object]:
    """Return the function or class called `name`, or fail with what to do about a missing one."""
    function: Callable[..., object] | None = getattr(module, name, None)
    if not callable(function):
        lost = module.__dict__.get("__lost__", {}).get(name)
        file = Path(str(module.__file__)).name
        what = f"it does not load: {lost}" if lost else "keep the stub's names"
        pytest.fail(f"there is no `{name}` in {file}; {what}", pytrace=False)
    return function
