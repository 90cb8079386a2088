"""See which exercises a save has changed, and which answers it leaves as they were (`_course/kit/marks.py`).

By the text of the student's file, so that a decorator or a comment counts as well. What reaches a function without its
name, as `globals()["f"]` does, is not seen: a run without `--watch`, and a save of the same text, test everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..syntax.statements import split
from .telling import called_by, reached
from .tested import cells_of

__all__ = ["Marks"]


class Marks:
    """The marks of a student's module: `calls` has the exercises that each one calls."""

    def __init__(self, namespace: Mapping[str, object], exercises: Sequence[str], tests: Path) -> None:
        """Read the file that the module was loaded from."""
        self.calls = {name: called_by(namespace, name, exercises) for name in exercises}
        self._namespace = namespace
        self._exercises = exercises
        self._texts: dict[str, str] = {}
        self._rest = tests.read_text("utf-8")
        cells = cells_of(Path(str(namespace["__file__"])))
        lines = {cell.filename: cell.text.splitlines() for cell in cells}
        for statement in split(cells):
            text = "\n".join(lines[statement.filename][statement.first - 1 : statement.last]) + "\n"
            for name in statement.names:
                self._texts[name] = self._texts.get(name, "") + text
            if not set(statement.names) & set(exercises):
                self._rest += text

    def own(self) -> dict[str, str]:
        """Return a mark of each exercise, which changes with its text and with that of the functions it calls."""
        others = set(self._exercises)
        return {
            name: self._mark(sorted(reached(self._namespace, name, others) - (others - {name})), "")
            for name in self._exercises
        }

    def whole(self) -> dict[str, str]:
        """Return a mark of each exercise, which changes with whatever its tests may feel."""
        return {name: self._mark(sorted({name, *self.behind(name)}), self._rest) for name in self._exercises}

    def behind(self, name: str) -> list[str]:
        """Return the exercises that one calls, itself or through others."""
        found = [name]
        for caller in found:  # which grows meanwhile
            found += [other for other in self.calls[caller] if other not in found]
        return found[1:]

    def _mark(self, names: Sequence[str], rest: str) -> str:
        texts = [(name, self._texts.get(name)) for name in names]
        return hashlib.sha256(repr((texts, rest)).encode("utf-8", "replace")).hexdigest()
