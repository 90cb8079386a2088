"""The traits of a notebook beside its code: texts, ids and metadata of cells, and what outputs were saved.

All of it is hostile JSON; nothing of it is believed but that it is the same elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from grader.classes.similar.traits import MAX_SHOWN, Kind, Traits
from grader.classes.similar.words import add_words, plain_words, sentences
from grader.syntax.notebooks import parse_notebook

__all__ = ["add_notebook"]

_MAX_VALUES, _MAX_DEPTH = 2000, 6
_MAX_OUTPUT_LINES, _MAX_OUTPUT = 400, 100_000
_LEAST_WORDS, _LEAST_VALUE, _LEAST_OUTPUT = 4, 8, 6
# What a program draws at random: letters and digits mixed, as in ids of cells, hashes and keys.
_RANDOM = re.compile(r"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[\w-]{8,64}")
_CLOCK = re.compile(r"\d{13,19}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3,}\S*")
# An address in memory, the number of a process, a time to four digits: another run has another one.
_OF_A_RUN = re.compile(
    r"0x[0-9a-fA-F]{8,16}\b|\bipykernel_\d{3,10}\b|\b(?=[\d.]{5,20} ?(?:ns|\u00b5s|us|ms|s|sec|seconds)\b)\d+\.\d+ ?\w+"
)


def add_notebook(traits: Traits, data: bytes) -> None:
    """Add what a notebook has beside its code. Raises ValueError where it is none."""
    lines = 0
    for number, (kind, text, raw) in enumerate(parse_notebook(data), 1):
        where = f"cell {number}"
        if kind == "markdown":
            _add_prose(traits, text, where)
        identity = raw.get("id")
        if isinstance(identity, str):
            _add_value(traits, "id", identity, where)
        for name, value in _values(raw.get("metadata")):
            if len(value) >= _LEAST_VALUE:
                _add_value(traits, name, value, where)
        for line in _output_lines(raw.get("outputs")):
            lines += 1
            if lines > _MAX_OUTPUT_LINES:
                break
            _add_output(traits, line, where)


def _add_prose(traits: Traits, text: str, where: str) -> None:
    for sentence in sentences(text):
        words = plain_words(sentence)
        if len(words) >= _LEAST_WORDS:
            traits.add(Kind.TEXT, "whole", " ".join(words), shown=sentence, where=where)
        add_words(traits, words, where)


def _add_value(traits: Traits, name: str, value: str, where: str) -> None:
    value = value[:MAX_SHOWN]
    drawn = _RANDOM.fullmatch(value) is not None or _CLOCK.fullmatch(value) is not None
    traits.add(Kind.FILE, name, value, shown=f"{name} of a cell: {value}", where=where, by_chance=not drawn)


def _values(metadata: object) -> Iterator[tuple[str, str]]:
    """Yield the texts and numbers in metadata, each with its name, as far as they go."""
    pending: list[tuple[str, object, int]] = [("metadata", metadata, 0)]
    for _ in range(_MAX_VALUES):
        if not pending:
            return
        name, value, depth = pending.pop()
        if isinstance(value, dict) and depth < _MAX_DEPTH:
            pending += [(str(key)[:MAX_SHOWN], inner, depth + 1) for key, inner in value.items()][:_MAX_VALUES]
        elif isinstance(value, list) and depth < _MAX_DEPTH:
            pending += [(name, inner, depth + 1) for inner in value[:_MAX_VALUES]]
        elif isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 10**20):
            yield name, str(value)


def _output_lines(outputs: object) -> Iterator[str]:
    """Yield the lines of text that were saved below a cell, and a digest for each picture."""
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        data = output.get("data")
        data = data if isinstance(data, dict) else {}
        for value in (output.get("text"), output.get("traceback"), data.get("text/plain")):
            yield from _joined(value)[:_MAX_OUTPUT].splitlines()
        picture = _joined(data.get("image/png"))
        if picture:
            yield f"a picture {hashlib.sha256(picture.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _joined(value: object) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _add_output(traits: Traits, line: str, where: str) -> None:
    line = line.strip()[: 2 * MAX_SHOWN]
    for found in _OF_A_RUN.finditer(line):
        traits.add(Kind.OUTPUT, "run", found.group(), shown=line, where=where, by_chance=False)
    rest = _OF_A_RUN.sub("", line)
    if len(rest) >= _LEAST_OUTPUT:
        traits.add(Kind.OUTPUT, "line", rest, shown=line, where=where)
