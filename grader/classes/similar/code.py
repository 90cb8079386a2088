"""The traits of code: lines whatever their names are, runs of them, names, constants, comments, and layout.

It reads tokens, and needs no code that Python would take.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from grader.classes.similar.lexing import Line, Token, lines_of
from grader.classes.similar.traits import Kind, Traits, key_of
from grader.classes.similar.words import add_words, plain_words
from grader.syntax.statements import Cell

__all__ = ["CodeLine", "add_code", "add_marks", "code_lines"]

_KEYWORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(dir(builtins))
_PLAIN_NUMBERS = frozenset({"0", "1", "2", "0.0", "1.0", "2.0", "0.", "1.", "2."})
_SPACED = re.compile(r"[-+*/%@&|<>=!]=?|\*\*=?|//=?|->|[,:()\[\]{}]")
_STRING = re.compile(r"(?P<prefix>[a-zA-Z]*)(?P<quote>\"{3}|'{3}|\"|')(?P<body>[\s\S]*?)(?P=quote)?\Z")


class CodeLine(NamedTuple):
    """A logical line where it stands: in which cell, in which function or class, and its form without own names."""

    line: Line
    where: str
    part: str
    form: str


def code_lines(cells: Iterable[Cell], exercises: frozenset[str]) -> Iterator[CodeLine]:
    """Yield the logical lines of all cells in order."""
    for number, cell in enumerate(cells, 1):
        inside = ""
        for line in lines_of(cell.text):
            tokens = line.tokens
            if tokens and not line.indent:
                words = [token.text for token in tokens[:3] if token.text != "async"]
                inside = words[1] if len(words) > 1 and words[0] in ("def", "class") else ""
            place = f"line {line.number}" if not cell.notebook else f"cell {number}, line {line.number}"
            part = inside if inside in exercises else ""
            yield CodeLine(line, f"{place} in {inside}" if inside else place, part, _form(tokens))


def _form(tokens: tuple[Token, ...]) -> str:
    """Return a line as it is whatever its names, strings and numbers are: `$1 = $2.mean(#)`."""
    names: dict[str, str] = {}
    parts: list[str] = []
    before = ""
    for number, token in enumerate(tokens):
        following = tokens[number + 1].text if number + 1 < len(tokens) else ""
        if token.kind == "name":
            api = before == "." and (number < 2 or tokens[number - 2].text != "self")
            keeps = api or token.text in _KEYWORDS or (following == "(" and token.text in _BUILTINS)
            parts.append(token.text if keeps else names.setdefault(token.text, f"${len(names) + 1}"))
        elif token.kind == "number":
            parts.append(token.text if token.text in _PLAIN_NUMBERS else "#")
        elif token.kind == "string":
            parts.append("s")
        elif token.text == "," and following in (")", "]", "}"):
            continue
        else:
            parts.append(token.text)
        before = token.text
    return " ".join(parts)


def add_code(traits: Traits, cells: Iterable[Cell], exercises: frozenset[str]) -> None:
    """Add the traits of the code in these cells; lines in one of the exercises are of that part."""
    before: CodeLine | None = None
    for found in code_lines(cells, exercises):
        _add_comments(traits, found)
        if not found.line.tokens:
            continue
        form = _add_line(traits, found)
        if before is not None and before.part == found.part:
            parent = form if len(found.form) > len(before.form) else key_of(Kind.CODE, "line", before.part, before.form)
            traits.add(
                Kind.CODE,
                "run",
                found.part,
                before.form,
                found.form,
                shown=f"{before.line.text}\n{found.line.text}",
                where=before.where,
                parent=parent,
                part=found.part,
            )
        _add_tokens(traits, found)
        _add_layout(traits, found, form)
        before = found


def _add_line(traits: Traits, found: CodeLine) -> int:
    traits.lines += 1
    return traits.add(
        Kind.CODE,
        "line",
        found.part,
        found.form,
        shown=found.line.indent + found.line.text,
        where=found.where,
        line=traits.lines,
        part=found.part,
    )


def _add_tokens(traits: Traits, found: CodeLine) -> None:
    tokens = found.line.tokens
    before = ""
    for token in tokens:
        if token.kind == "name":
            own = before != "." and token.text not in _KEYWORDS and token.text not in _BUILTINS
            if own:
                traits.add(Kind.NAME, token.text, shown=token.text, where=found.where)
        elif token.kind == "number" and token.text not in _PLAIN_NUMBERS:
            traits.add(Kind.CONSTANT, token.text.lower(), shown=token.text, where=found.where)
        elif token.kind == "string":
            body = _body(token.text)
            if len(tokens) == 1:
                _add_text(traits, body, found.where)
            elif body.strip():
                traits.add(Kind.CONSTANT, "text", body, shown=token.text, where=found.where)
        before = token.text


def _quote(token: Token) -> str:
    """Return how a string begins, as far as its text is nobody's matter."""
    found = _STRING.match(token.text) if token.kind == "string" else None
    return found["prefix"] + found["quote"] if found else ""


def _body(text: str) -> str:
    found = _STRING.match(text)
    return found["body"] if found else text


def _add_comments(traits: Traits, found: CodeLine) -> None:
    for comment in (*found.line.above, *filter(None, [found.line.comment])):
        _add_text(traits, comment.lstrip("#! "), found.where, of_code=found)


def _add_text(traits: Traits, text: str, where: str, *, of_code: CodeLine | None = None) -> None:
    """Add a comment or a string that stands for one: the whole, the words, and what it is said of."""
    words = plain_words(text)
    if words:
        traits.add(Kind.TEXT, "whole", " ".join(words), shown=text.strip(), where=where)
        add_words(traits, words, where)
        if of_code is not None:
            parent = key_of(Kind.CODE, "line", of_code.part, of_code.form)
            traits.add(
                Kind.LAYOUT, "comment", of_code.form, shown=f"a comment: {text.strip()}", where=where, parent=parent
            )


def _add_layout(traits: Traits, found: CodeLine, form: int) -> None:
    """Add how the line is set: its spaces, breaks, quotes and last commas, blank lines before it, and its habits."""
    line = found.line
    text, where = line.text, found.where
    setting = "|".join(_space(token.before) + _quote(token) for token in line.tokens)
    traits.add(Kind.LAYOUT, "set", found.form, setting, shown=text, where=where, parent=form)
    if line.indent:
        traits.add(Kind.LAYOUT, "indent", line.indent, shown=f"{line.indent!r} before: {text}", where=where)
    if line.blank:
        traits.add(
            Kind.LAYOUT,
            "blank",
            str(line.blank),
            found.form,
            shown=f"{line.blank} blank before: {text}",
            where=where,
            parent=form,
        )
    if line.spare:
        traits.add(Kind.LAYOUT, "spare", found.form, shown=f"spaces at the end of: {text}", where=where, parent=form)
    for number, token in enumerate(line.tokens):
        after = line.tokens[number + 1].before if number + 1 < len(line.tokens) else ""
        if (token.before or after) and token.kind == "sign" and _SPACED.fullmatch(token.text):
            habit = f"{_space(token.before)}{token.text}{_space(after)}"
            traits.add(Kind.LAYOUT, "habit", habit, shown=text, where=where)


def add_marks(traits: Traits, data: bytes) -> None:
    """Add what the program that saved a module leaves in its bytes."""
    marks = {
        "a byte order mark": data.startswith(b"\xef\xbb\xbf"),
        "lines that end as on Windows": b"\r\n" in data,
        "no end of the last line": not data.endswith((b"\n", b"\r")),
        "more than one line's end at the end": data.endswith((b"\n\n", b"\r\n\r\n")),
    }
    for mark in (mark for mark, there in marks.items() if there):
        traits.add(Kind.LAYOUT, "saved", mark, shown=mark, where="the file")


def _space(before: str) -> str:
    """Return a space of a line as it is, and the lines of a break without what indents them."""
    return "\\n" if "\n" in before else before
