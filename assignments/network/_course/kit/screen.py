"""Write on a terminal, in a pipe or in a file: colour, width, indentation, and how much (`_course/kit/screen.py`).

It knows the form of what tests say, a line and below it labels with texts, and nothing of what they mean.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TextIO

from ..languages.tongue import ENGLISH, Tongue
from ..languages.widths import fitting, padded, wrapped

__all__ = ["Screen", "cut_lists"]

_COLOURS = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "bold": "1", "dim": "2"}
_OF_LABELS = {"it returned": "red", "expected": "green", "in words": "blue", "look at": "blue", "it printed": "dim"}
_LABEL = 13  # letters before the text of a label
_LABELLED = re.compile(r"([a-z][a-z0-9 ]{1,10}?) {2,}(?=\S)")
_SHORT_BRACKET, _GLUE = re.compile(r"\([^()]{1,40}\)|\[[^\[\]]{1,40}\]"), "\x1f"  # no line ends within one
_WIDEST, _NARROWEST = 120, 40
_MOST_ITEMS, _FIRST_ITEMS = 12, 4  # of a list; a longer one is cut to its first
_MOST_LINES = 8  # of one text


class Screen:
    """Where a student reads: `width` cells wide, with colour or without, in one language whatever is written."""

    def __init__(self, stream: TextIO, *, colour: bool | None = None, tongue: Tongue = ENGLISH) -> None:
        """Take a stream; by default there is colour on a terminal, unless NO_COLOR is set."""
        self._stream = stream
        self._tongue = tongue
        self.terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._colour = (self.terminal and not os.environ.get("NO_COLOR")) if colour is None else colour
        self._status = False
        if self.terminal and os.name == "nt":
            os.system("")  # noqa: S605 - it lets an old console of Windows understand what is no letter

    @property
    def width(self) -> int:
        """How many cells fit; the window may have changed since the last line."""
        return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))

    def say(self, text: str = "", colour: str = "", *, indent: int = 0, hanging: int = 0) -> None:
        """Write a text, wrapped, its later lines indented by `hanging` more than the first."""
        first, later = " " * indent, " " * (indent + hanging)
        for line in self._tongue(text).splitlines() or [""]:
            for part in _wrapped(line, self.width, first, later):
                self._write(self.painted(part, colour))

    def labelled(self, label: str, text: str, colour: str = "", *, room: int = _LABEL) -> None:
        """Write a label and behind it a text, whose further lines stand below its first; a long text is cut."""
        first, later = f"  {padded(self._tongue(label), room)}", " " * (2 + room)
        lines = _wrapped(cut_lists(self._tongue(text)), self.width, first, later)
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], f"{later}..."]
        for line in lines:
            self._write(self.painted(line, colour))

    def message(self, text: str) -> None:
        """Write what a test said: a bold line, then labels and lines of code."""
        head, *lines = text.splitlines() or [""]
        for part in _wrapped(cut_lists(self._tongue(head)), self.width, "", "  "):
            self._write(self.painted(part, "bold"))
        for line in lines:
            found = _LABELLED.match(line)
            if found and found.end() == _LABEL:
                self.labelled(found[1], line[found.end() :], _OF_LABELS.get(found[1], ""))
            else:
                self.say(cut_lists(line), indent=2, hanging=2)

    def status(self, text: str) -> None:
        """Show on a terminal what is going on; the next line takes its place."""
        if self.terminal:
            self._stream.write(f"\r\033[K{self.painted(fitting(self._tongue(text), self.width - 1), 'dim')}")
            self._stream.flush()
            self._status = True

    def clear(self) -> None:
        """Begin a new page on a terminal, and elsewhere after an empty line."""
        if self.terminal:
            self._stream.write("\033[H\033[2J")
            self._status = False
        else:
            self.say()

    def painted(self, text: str, colour: str) -> str:
        """Return a text in a colour, or as it is."""
        return f"\033[{_COLOURS[colour]}m{text}\033[0m" if colour and self._colour and text.strip() else text

    def _write(self, line: str) -> None:
        if self._status:
            self._stream.write("\r\033[K")
            self._status = False
        self._stream.write(f"{line.rstrip()}\n")
        self._stream.flush()


def _wrapped(text: str, width: int, first: str, later: str) -> list[str]:
    own = text[: len(text) - len(text.lstrip())]  # of a line of code
    whole = _SHORT_BRACKET.sub(lambda found: found[0].replace(" ", _GLUE), text.lstrip())
    return [line.replace(_GLUE, " ") for line in wrapped(whole, width, first + own, later + own)] or [first.rstrip()]


def cut_lists(text: str) -> str:
    """Return a text in which each list of many items is cut to its first ones: [1., 2., 3., 4., ...]."""
    parts: list[list[str]] = [[""]]  # the items of each bracket that is open, the text outside first
    opened: list[str] = []
    for letter in text:
        if letter in "[(":
            parts.append([""])
            opened.append(letter)
        elif letter in "])" and opened:
            items, bracket = parts.pop(), opened.pop()
            if bracket == "[" and len(items) > _MOST_ITEMS:
                items = [*items[:_FIRST_ITEMS], " ..."]
            parts[-1][-1] += f"{bracket}{','.join(items)}{letter}"
        elif letter == "," and opened:
            parts[-1].append("")
        else:
            parts[-1][-1] += letter
    while opened:  # a bracket that nothing closes stays as it is
        items = parts.pop()
        parts[-1][-1] += f"{opened.pop()}{','.join(items)}"
    return parts[0][0]
