"""Say what is open at the end of some lines, brackets or strings, whether or not they can be read as Python.

It reads hostile text line by line, each once.
"""

from __future__ import annotations

import re

__all__ = ["Open"]

_STRING = re.compile(
    r"(?P<comment>#.*)|(?P<triple>\"\"\"|''')|(?P<short>\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?)|(?P<bracket>[()\[\]{}])"
)


class Open:
    """What is open at the end of the lines that were read: brackets, a string of several lines, or a line's end."""

    def __init__(self) -> None:
        self.string = ""
        self._depth = 0
        self._goes_on = False

    def __bool__(self) -> bool:
        return bool(self.string) or self._depth > 0 or self._goes_on

    def read(self, line: str) -> None:
        """Read one more line."""
        position = 0
        while position < len(line):
            if self.string:
                end = re.compile(rf"(?:\\.|(?!{self.string}).)*{self.string}").match(line, position)
                if end is None:
                    return
                self.string, position = "", end.end()
            found = _STRING.search(line, position)
            if found is None:
                break
            position = found.end()
            if found["triple"]:
                self.string = found["triple"]
            elif found["bracket"]:
                self._depth = max(0, self._depth + (1 if found["bracket"] in "([{" else -1))
        self._goes_on = line.endswith("\\")
