"""A TOML file that knows where its values stand, so that whoever finds one wrong can name the line.

Knows nothing of what the values mean.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError

__all__ = ["Steps", "TomlFile", "open_toml"]

Steps = tuple[str | int, ...]
"""The way to a value: ("exercise", 0, "points") leads to the points of the first exercise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFile:
    """The text of a file, and what the TOML reader made of it."""

    path: Path
    text: str
    table: dict[str, object]

    def value(self, steps: Steps) -> object:
        """Return the value at these steps; raises LookupError where there is none."""
        return _value(self.table, steps)

    def wrong(self, said: str, *steps: str | int) -> CourseError:
        """Return the error that says this of the value at these steps, or of what should hold it."""
        while steps and not _has(self.table, steps):
            steps = steps[:-1]
        line = f":{self._line_of(steps)}" if steps else ""
        return CourseError(f"{self.path}{line}: {said}")

    def _line_of(self, steps: Steps) -> int:
        """Return the line where a value begins: the one behind the longest beginning of the text that lacks it."""
        lines = self.text.replace("\r\n", "\n").split("\n")
        lacking = 0
        for number in range(1, len(lines) + 1):
            try:
                table = tomllib.loads("\n".join(lines[:number]))
            except tomllib.TOMLDecodeError:  # it ends inside a value
                continue
            if _has(table, steps):
                break
            lacking = number
        return lacking + 1


def open_toml(path: Path) -> TomlFile:
    """Read a file; raises CourseError where it is no TOML."""
    try:
        text = path.read_text("utf-8")
        return TomlFile(path=path, text=text, table=tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path}: {error}") from error


def _value(found: object, steps: Steps) -> object:
    for step in steps:
        match found, step:
            case dict(), str():
                found = found[step]
            case list(), int():
                found = found[step]
            case _:
                raise LookupError(step)
    return found


def _has(table: object, steps: Steps) -> bool:
    try:
        _value(table, steps)
    except LookupError:
        return False
    return True
