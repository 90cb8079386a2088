"""The catalogues that a student gets: what the grader says, and titles and hints of the assignment, in other languages.

By allow-list: a catalogue of misconceptions or of hidden checks stays where they are.
"""

from __future__ import annotations

from grader.course.assignment import Assignment
from grader.languages.choosing import DEFAULT, languages, where_messages_are

__all__ = ["LESSON", "catalogues_of"]

LESSON = "lesson"
"""The name of an assignment's catalogue of what students get anyway; all others are private."""


def catalogues_of(assignment: Assignment) -> dict[str, bytes]:
    """Return the compiled catalogues by their places in a release; none of a language that the grader lacks."""
    found: dict[str, bytes] = {}
    for language in languages():
        inside = f"{language}/LC_MESSAGES"
        own = assignment.locale / inside / f"{LESSON}.mo"
        if language != DEFAULT:
            found[f"_course/languages/{inside}/grader.mo"] = (where_messages_are() / inside / "grader.mo").read_bytes()
        if own.is_file():
            found[f"_course/locale/{inside}/{LESSON}.mo"] = own.read_bytes()
    return found
