"""Split Python text into lines of tokens without Python's own parser, which a text can crash.

One pass, in time linear in the text; any text has tokens, Python or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Line", "Token", "lines_of"]

_TOKEN = re.compile(
    r"""
      (?P<space>(?:[ \t\f]|\\\r?\n)++)
    | (?P<newline>\r?\n|\r)
    | (?P<comment>\#[^\r\n]*+)
    | (?P<string>[rbuftRBUFT]{0,2}(?:\"{3}(?:[^"\\]|\\[\s\S]|\"(?!\"\"))*+(?:\"{3})?
        |'{3}(?:[^'\\]|\\[\s\S]|'(?!''))*+(?:'{3})?
        |\"(?:[^"\\\r\n]|\\[\s\S])*+\"?|'(?:[^'\\\r\n]|\\[\s\S])*+'?))
    | (?P<name>[^\W\d]\w*+)
    | (?P<number>0[xXoObB][\da-fA-F_]++|(?:\d[\d_]*+\.?[\d_]*+|\.\d[\d_]*+)(?:[eE][+-]?\d[\d_]*+)?[jJ]?)
    | (?P<sign>\*\*=?|//=?|>>=?|<<=?|->|:=|\.\.\.|[-+*/%@&|^=<>!]=|[\s\S])
    """,
    re.VERBOSE,
)
_BEGINS = frozenset({"def", "class", "import", "from", "async", "@"})


class Token(NamedTuple):
    """A token: its kind (`name`, `number`, `string` or `sign`), its text, and the space and line breaks before it."""

    kind: str
    text: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A logical line: from `number` of the text on, so many blank lines after the one before.

    `comment` is what is said at its end, `above` the lines of comment that stand before it. The last line of a text
    may be one of comments alone, without tokens. `spare` says whether spaces end it that nobody sees.
    """

    number: int
    indent: str
    blank: int
    tokens: tuple[Token, ...]
    comment: str
    above: tuple[str, ...]
    text: str
    spare: bool


def lines_of(text: str) -> Iterator[Line]:
    """Yield the logical lines of a text; one that never closes its brackets ends where a definition begins."""
    reader = _Reader(text)
    for found in _TOKEN.finditer(text):
        line = reader.take(str(found.lastgroup), found.group(), found.start())
        if line is not None:
            yield line
    line = reader.take("newline", "", len(text)) or reader.rest()
    if line is not None:
        yield line


class _Reader:
    """The line that is being read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._number = 1
        self._above: list[str] = []
        self._blank = self._blanks = 0
        self._begin()

    def _begin(self) -> None:
        self._tokens: list[Token] = []
        self._space: list[str] = []
        self._comments: list[str] = []
        self._indent = ""
        self._depth = 0
        self._first = 0
        self._span = (0, 0)

    def take(self, kind: str, text: str, at: int) -> Line | None:
        """Take one more token; return the line that it ends."""
        done = None
        if kind == "newline":
            done = self._newline(text, at)
        elif kind == "space":
            self._space.append(text)
        elif kind == "comment":
            self._comments.append(text)
            self._space = []  # it ends no line
        else:
            if self._depth and text in _BEGINS and self._space[-1:] == ["\n"]:
                self._depth, done = 0, self._line(spare=False)
                self._begin()
            self._token(kind, text, at)
        self._number += text.count("\n")
        return done

    def _token(self, kind: str, text: str, at: int) -> None:
        if not self._tokens:
            self._first, self._indent = self._number, "".join(self._space)
            self._span, self._space = (at, at), []
        self._tokens.append(Token(kind, text, "".join(self._space)))
        self._span, self._space = (self._span[0], at + len(text)), []
        if kind == "sign":
            self._depth = max(0, self._depth + (text in "([{") - (text in ")]}"))

    def _newline(self, text: str, at: int) -> Line | None:  # noqa: ARG002 - one form for what takes a token
        if self._depth and text:
            self._space.append("\n")
            return None
        done = None
        if self._tokens:
            done = self._line(spare=bool(self._space))
        elif self._comments:
            if not self._above:
                self._blank = self._blanks
            self._above.extend(self._comments)
            self._blanks = 0
        else:
            self._blanks += 1
        self._begin()
        return done

    def _line(self, *, spare: bool) -> Line:
        blank = self._blank if self._above else self._blanks
        line = Line(
            number=self._first,
            indent=self._indent,
            blank=blank,
            tokens=tuple(self._tokens),
            comment="\n".join(self._comments),
            above=tuple(self._above),
            text=self._text[slice(*self._span)],
            spare=spare,
        )
        self._above, self._blank, self._blanks = [], 0, 0
        return line

    def rest(self) -> Line | None:
        """Return the comments after the last line, as a line without tokens."""
        if not self._above:
            return None
        self._first = self._number
        return self._line(spare=False)
