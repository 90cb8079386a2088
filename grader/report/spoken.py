"""What is said in a language: texts that are in it already, and words of a format that are to be said in it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.languages.tongue import ENGLISH, Tongue

__all__ = ["Spoken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Something that is read in a language; its texts are, and a format says its own words by `tongue`."""

    tongue: Tongue = ENGLISH
