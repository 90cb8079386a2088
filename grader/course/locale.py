"""What an assignment says in other languages: the catalogues in its folder, beside the grader's own."""

from __future__ import annotations

from grader.course.assignment import Assignment
from grader.course.reading import language_of
from grader.languages.choosing import DEFAULT
from grader.languages.tongue import Tongue, speak

__all__ = ["tongue_for"]


def tongue_for(assignment: Assignment, language: str = "") -> Tongue:
    """Return a language with an assignment's own texts, by default the one that its assignment.toml sets."""
    return speak(language or language_of(assignment) or DEFAULT, [assignment.locale])
