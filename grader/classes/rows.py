"""Make a row of each submission of a class, as its table on a page has it: whose it is, and what is not right."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from grader.classes.results import ClassResults
from grader.formats.marks import labels
from grader.outcomes import USES_WHAT_IS_WRONG, Status
from grader.report.report import SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView
from grader.report.words import WORDS, few_words, shortened

__all__ = ["Row", "in_need", "rows_of"]

_MOST_WRONG = 3
_DIGITS = re.compile(r"(\d{1,18})")  # Python refuses to read a number of thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A submission: `wrong` has exercises with a few words on each, of which `more` are left out.

    `said` stands in their place where there are none. `path` is "" where it says no more than the name, and nobody else
    has that. `href` leads to the feedback.
    """

    submission: str
    name: str
    path: str
    href: str
    score: float | None
    max_score: float
    marks: tuple[tuple[str, Status], ...]
    passed: int
    wrong: tuple[tuple[str, str], ...]
    more: int
    said: str
    untouched: bool


def rows_of(results: ClassResults, students: str | None) -> list[Row]:
    """Return a row for each submission, by name; `students` is the folder of their own pages, seen from the class's."""
    names = _names(results)
    times = Counter(names)
    rows = []
    for number, (item, name) in enumerate(zip(results.submissions, names, strict=True), start=1):
        page = f"{results.files[item.submission]}.html"
        href = f"#feedback-{number}" if students is None else quote(f"{students}/{page}")
        rows.append(_row(item, name, href, alone=times[name] == 1))
    return sorted(rows, key=lambda row: (_place(row.name), row.submission))


def in_need(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Return who needs a word, by the reason: without a grade, nothing attempted, less than half of the points."""
    graded = [row for row in rows if row.score is not None]
    found = [
        ("without a grade", [row for row in rows if row.score is None]),
        ("with nothing attempted", [row for row in graded if row.untouched]),
        (
            "with less than half of the points",
            [row for row in graded if not row.untouched and 2 * (row.score or 0) < row.max_score],
        ),
    ]
    return [(reason, those) for reason, those in found if those]


def _place(name: str) -> list[str | int]:
    """Return by what names are sorted as people do it: whatever their case and accents, and 9 before 10."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    parts = _DIGITS.split(letters.casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def _row(item: SubmissionView, name: str, href: str, *, alone: bool) -> Row:
    wrong = [one for one in item.exercises if one.wrong]
    told = [] if item.not_attempted else [(one.exercise, _words(one)) for one in wrong]
    return Row(
        submission=item.submission,
        name=name,
        path="" if alone and name in item.submission else item.submission,
        href=href,
        score=item.score,
        max_score=item.max_score,
        marks=tuple((one.exercise, one.status) for one in item.exercises),
        passed=len(item.exercises) - len(wrong),
        wrong=tuple(told[:_MOST_WRONG]),
        more=max(0, len(told) - _MOST_WRONG),
        said=_said(item, wrong),
        untouched=item.not_attempted,
    )


def _names(results: ClassResults) -> list[str]:
    """Return for each submission whose it is, or where that is not known of all a name that no other one has."""
    names = [item.student or "" for item in results.submissions]
    prefix = f"{results.view.assignment}_"
    if not all(names):
        return labels(results.submissions, results.view.assignment)
    if all(name.startswith(prefix) and name != prefix for name in names):
        return [name.removeprefix(prefix) for name in names]
    return names


def _said(item: SubmissionView, wrong: Sequence[ExerciseView]) -> str:
    """Say what became of a submission of which no single exercise is to be named."""
    if item.status is not SubmissionStatus.GRADED:
        return f"{item.status}: {shortened(' '.join(item.notes))}" if item.notes else item.status
    if item.not_attempted:
        return "nothing attempted"
    return "" if wrong else "everything is right"


def _words(one: ExerciseView) -> str:
    named = [found for found in one.diagnosis if found.misconception != USES_WHAT_IS_WRONG]
    if named:
        return few_words(named[0])
    return "another one, which it uses, is not right" if one.diagnosis else WORDS[one.status]
