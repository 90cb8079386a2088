"""How many cells of a terminal a text takes, and lines of so many: a letter of Korean takes two."""

from __future__ import annotations

import re
import textwrap
import unicodedata

__all__ = ["cells", "fitting", "padded", "wrapped"]

_SPACE = re.compile(r"\s")


def cells(text: str) -> int:
    """Return the width of a text in cells."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def padded(text: str, width: int) -> str:
    """Return a text with as many spaces behind it as fill so many cells."""
    return text + " " * (width - cells(text))


def fitting(text: str, width: int) -> str:
    """Return as much of the begin of a text as fits into so many cells."""
    for place, letter in enumerate(text):
        width -= _width(letter)
        if width < 0:
            return text[:place]
    return text


def wrapped(text: str, width: int, first: str, later: str) -> list[str]:
    """Return lines of at most so many cells, of which `first` and `later` begin the first one and the others.

    Where no letter is wide, they are those of `textwrap`; a word that is wider than a line is broken.
    """
    if cells(first + later + text) == len(first + later + text):
        wrapper = textwrap.TextWrapper(
            width=width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
        )
        return wrapper.wrap(text)
    lines: list[str] = []
    line, begun = first, False
    for word in _SPACE.sub(" ", text).split(" "):
        if begun and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line, begun = later, False
        line, begun = (f"{line} {word}" if begun else line + word), True
        while cells(line) > width:
            kept = fitting(line, width)
            if len(kept) <= len(later):
                break
            lines.append(kept)
            line = later + line[len(kept) :]
    return [*lines, line] if line.strip() else lines
