"""Say in a language what is said in English: whole texts as a catalogue has them, and sentences with something in them.

A message is known again by its English words: `it is right where {what} is positive` is found in a line, whatever
stands for the placeholder, and what stands there is put into the translation. So reports, caches and what processes
tell one another stay English, and only what a student reads is another text. What no catalogue knows stays as it is.

What may stand for a placeholder hangs on its name, without the digits at its end: `n` is a whole number, `number` any,
`name` a name, `names` several, `shape` a shape; `said` and `what` are messages themselves, and have to be translated,
else the whole is not; `quantities` lists messages and names; anything else is taken as it stands.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .catalogue import Catalogue, Message, read_catalogue
from .choosing import DEFAULT, where_messages_are
from .particles import settled
from .widths import padded

__all__ = ["ENGLISH", "PLACEHOLDER", "Tongue", "speak"]

PLACEHOLDER = re.compile(r"\{([a-z]+\d*)\}")
_NAME = r"`?[-+\w.\[\]]+`?"
_KINDS = {
    "n": r"\d+",
    "number": r"[-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|inf|nan)",
    "name": r"[\w.\[\]]+",
    "names": rf"{_NAME}(?:, {_NAME})*(?:,? and {_NAME})?",
    "shape": r"\([\d, ]*\)",
}
_ANYTHING = ".+?"
_MESSAGES = ("said", "what", "quantities")  # what stands there is translated itself
_LAST = "{names} and {name}"
_LONGEST = 2000  # letters of a line in which a sentence is looked for; whoever writes more wants to cost time
_DEEPEST = 6  # messages within messages
_LABEL = 13  # cells before the text of a label
_LABELLED = re.compile(r"([a-z][a-z0-9 ]{1,10}?) {2,}(?=\S)")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A message with placeholders: how it is known again, by its longest words first, which cost least.

    Messages with more words of their own come first, of as many those that hold messages: in these all is translated.
    """

    message: Message
    catalogue: Catalogue
    words: str
    pattern: re.Pattern[str]
    turn: tuple[int, int]


class Tongue:
    """A language; called with a text, it says it."""

    def __init__(self, name: str, catalogues: Sequence[Catalogue] = ()) -> None:
        """Take the catalogues, of which the first that has a message counts."""
        self.name = name
        self._whole: dict[str, str] = {}
        found: list[_Sentence] = []
        for catalogue in catalogues:
            for message in catalogue.messages:
                if PLACEHOLDER.search(message.said + message.plural):
                    found += _sentences(message, catalogue)
                else:
                    self._whole.setdefault(message.said, catalogue.translated(message))
        self.sentences = sorted(found, key=lambda one: one.turn)
        self._last = next((one for one in found if one.message.said == _LAST), None)
        self._found = functools.lru_cache(maxsize=4096)(self._search)

    def __call__(self, text: str) -> str:
        """Return a text in this language, line by line; what is not known is returned as it is."""
        if not self._whole or not text:
            return text
        whole = self._whole.get(text)
        return whole if whole is not None else "\n".join(map(self._line, text.split("\n")))

    def _line(self, line: str) -> str:
        """Say a line, its indentation as it is, and a label before it in as many cells."""
        labelled = _LABELLED.match(line)
        if labelled and labelled.end() == _LABEL and labelled[1] in self._whole:
            label, rest = padded(self._whole[labelled[1]], _LABEL), line[_LABEL:]
            return f"{label if label.endswith(' ') else f'{label} '}{self._line(rest)}"
        body = line.strip()
        said = self._found(body, 0) if body and len(body) <= _LONGEST else self._whole.get(body)
        return line if said is None else line.replace(body, said, 1)

    def _search(self, text: str, depth: int) -> str | None:
        """Return a sentence in this language, or None: as a whole, else by the message that has most words of it."""
        whole = self._whole.get(text)
        if whole is not None or depth > _DEEPEST:
            return whole
        for sentence in self.sentences:
            if sentence.words in text and (found := sentence.pattern.fullmatch(text)):
                values = self._values(found.groupdict(), depth)
                if values is not None:
                    number = next((int(value) for name, value in values.items() if _kind(name) == "n"), 1)
                    translation = sentence.catalogue.translated(sentence.message, number)
                    return self._filled(translation, {"n": str(number), **values})  # "one test" may not say it
        return None

    def _values(self, found: Mapping[str, str], depth: int) -> dict[str, str] | None:
        """Return what to put in the place of each placeholder; None where a message in it is not known."""
        values: dict[str, str] = {}
        for name, text in found.items():
            kind = _kind(name)
            said = self._value(kind, text, depth)
            if said is None:
                return None
            values[name] = said
        return values

    def _value(self, kind: str, text: str, depth: int) -> str | None:
        """Return what to put in the place of a placeholder of this kind."""
        if kind == "quantities":
            return self._quantities(text)
        if kind in _MESSAGES:
            return self._found(text, depth + 1)
        return self._listed(text) if kind == "names" else text

    def _quantities(self, text: str) -> str | None:
        """Say several quantities, each of them a message or a name as it is; None where one is neither."""
        parts = re.split(", | and ", text)
        said = [self._whole.get(part, part) for part in parts if part in self._whole or re.fullmatch(_NAME, part)]
        if len(said) < len(parts):
            return None
        return self._listed(" and ".join(filter(None, (", ".join(said[:-1]), said[-1]))))

    def _listed(self, names: str) -> str:
        """Say several names as one says them in this language."""
        head, conjunction, last = names.rpartition(" and ")
        if not conjunction or self._last is None:
            return names
        translation = self._last.catalogue.translated(self._last.message)
        return self._filled(translation, {"names": head.rstrip(","), "name": last})

    def _filled(self, text: str, values: Mapping[str, str]) -> str:
        """Return a translation with what stands for its placeholders, which stays as it is, letter by letter."""
        parts = PLACEHOLDER.split(text)
        said = parts[0]
        for name, words in zip(parts[1::2], parts[2::2], strict=True):
            said += values.get(name, f"{{{name}}}")
            said += settled(words, said[-1:]) if self.name == "ko" else words
        return said


def _kind(name: str) -> str:
    return name.rstrip("0123456789")


def _sentences(message: Message, catalogue: Catalogue) -> Iterator[_Sentence]:
    for text in (message.said, message.plural):
        if text:
            parts = PLACEHOLDER.split(text)
            words, names = parts[::2], parts[1::2]
            pattern = _pattern(words, names)
            loose = sum(_kind(name) not in (*_KINDS, *_MESSAGES) for name in names)
            turn = loose - sum(map(len, words)), -sum(_kind(name) in _MESSAGES for name in names)
            yield _Sentence(message, catalogue, max(words, key=len), re.compile(pattern), turn)


def _pattern(words: Sequence[str], names: Sequence[str]) -> str:
    """Return what a message is known by: whatever stands for a placeholder ends where the next words begin first.

    So it is found in one turn, or not at all: no text, whoever wrote it, is tried in every way that it could be cut.
    """
    pieces = [re.escape(words[0])]
    for name, behind in zip(names, words[1:], strict=True):
        kind = _KINDS.get(_kind(name))
        piece = f"(?P<{name}>{kind or _ANYTHING}){re.escape(behind)}"
        if kind is None:
            pieces.append(piece)
        else:
            pieces[-1] += piece
    return "".join([pieces[0], *(f"(?>{piece})" for piece in pieces[1:-1]), *pieces[1:][-1:]])


ENGLISH = Tongue(DEFAULT)
"""What says everything as it is."""


def speak(language: str, folders: Sequence[Path] = ()) -> Tongue:
    """Return a language with the grader's own catalogue, and those in the `folders` of a course.

    Each folder has `<language>/LC_MESSAGES/*.mo`, or nothing: then its texts are said in English.
    """
    if language == DEFAULT:
        return ENGLISH
    places = [folder / language / "LC_MESSAGES" for folder in (where_messages_are(), *folders)]
    found = [read_catalogue(path) for place in places for path in sorted(place.glob("*.mo"))]
    return Tongue(language, [catalogue for catalogue in found if catalogue is not None])
