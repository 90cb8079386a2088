"""What is said of a submission while it is graded: a word on each exercise whose checks have run.

A word is only given where the report can't say otherwise afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.course.assignment import Assignment
from grader.report.attempts import limits
from grader.report.report import Audience

__all__ = ["AGAIN", "Progress", "Verdict", "is_told", "line_of"]


class Verdict(StrEnum):
    """What is known of an exercise; `CHECKED` where that depends on what comes, `AGAIN` takes back all before it."""

    RIGHT = "right"
    WRONG = "not right"
    NOT_WRITTEN = "not written"
    CHECKED = "checked"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An exercise whose checks have run, and what is known of it; of `AGAIN` the exercise is ""."""

    exercise: str
    verdict: Verdict


AGAIN = Progress(exercise="", verdict=Verdict.AGAIN)
"""A process of ours has ended, and the submission is graded from the beginning."""


def is_told(assignment: Assignment, audience: Audience) -> bool:
    """Say whether this audience may read it as it comes.

    Students may not where attempts are limited: whether hidden checks are told is known at the end, and how long an
    exercise takes tells of them, too.
    """
    return audience is Audience.STAFF or not limits(assignment)


def line_of(progress: Progress) -> str:
    """Return it as a line of text."""
    if progress.verdict is Verdict.AGAIN:
        return "  once more from the beginning: a process of ours ended"
    return f"  {progress.exercise}: {progress.verdict}"
