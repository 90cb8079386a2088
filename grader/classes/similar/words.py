"""The words of what a student wrote for people: comments and the text cells of a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grader.classes.similar.traits import Kind, Traits

__all__ = ["add_words", "plain_words", "sentences"]

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SENTENCE = re.compile(r"[^.!?\n]+")
_MAX_LETTERS, _LEAST_LETTERS = 40, 4


def plain_words(text: str) -> list[str]:
    """Return the words of a text without capitals, in order."""
    return [found.group().casefold()[:_MAX_LETTERS] for found in _WORD.finditer(text)]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, roughly: a line ends one."""
    return [found.group().strip() for found in _SENTENCE.finditer(text) if found.group().strip()]


def add_words(traits: Traits, words: Iterable[str], where: str) -> None:
    """Add the words that are long enough to be somebody's choice."""
    for word in words:
        if len(word) >= _LEAST_LETTERS:
            traits.add(Kind.TEXT, "word", word, shown=word, where=where)
