"""Split a file in jupytext's percent format into cells, each with the line where it begins.

Knows only the headers that lessons use, and no exercise; why jupytext does not do it is in
docs/decisions/0016-the-percent-format-is-read-here.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError

__all__ = ["RawCell", "split"]

_HEADER = re.compile(r"# %%(?: \[markdown\])?(?: tags=\[\"demonstration\"\])?")
_LIKE_A_HEADER = re.compile(r"\s*#\s*%%")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCell:
    """A header, and the lines below it; `first` is the number of the first of them."""

    header: str
    first: int
    lines: tuple[str, ...]

    @property
    def is_text(self) -> bool:
        """Whether its lines are comments that hold Markdown."""
        return "[markdown]" in self.header

    @property
    def is_demonstration(self) -> bool:
        """Whether it is for the notebook alone."""
        return "demonstration" in self.header


def split(path: Path, text: str) -> tuple[RawCell, ...]:
    """Return the cells of a file's text; raises CourseError, with file and line, for what is no cell."""
    lines = text.split("\n")
    starts = [index for index, line in enumerate(lines) if _LIKE_A_HEADER.match(line)]
    before = lines[: starts[0]] if starts else lines
    for number, line in enumerate(before, 1):
        if line.strip():
            raise CourseError(f"{path}:{number}: text before the first cell; begin it with `# %%` or `# %% [markdown]`")
    if not starts:
        raise CourseError(f"{path}:1: there is no cell in it; begin each with `# %%` or `# %% [markdown]`")
    ends = [*starts[1:], len(lines)]
    return tuple(_cell(path, lines[start:end], start + 1) for start, end in zip(starts, ends, strict=True))


def _cell(path: Path, lines: list[str], number: int) -> RawCell:
    """Return the cell whose header is the first of these lines, at this number."""
    header = lines[0].rstrip()
    if not _HEADER.fullmatch(header):
        raise CourseError(
            f"{path}:{number}: {header.strip()!r} is no header of a cell; write `# %%`, `# %% [markdown]` or "
            '`# %% tags=["demonstration"]`, at the beginning of the line'
        )
    cell = RawCell(header=header, first=number + 1, lines=tuple(lines[1:]))
    for place, line in enumerate(cell.lines, cell.first):
        if cell.is_text and line.strip() and not line.startswith("#"):
            raise CourseError(f"{path}:{place}: code in a text cell; begin a cell for it with `# %%`")
    return cell
