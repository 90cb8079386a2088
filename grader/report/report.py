"""The report: what is known of a graded class, as frozen values.

Every text in a report is clean: no control
characters, no addresses, no length without limit, whoever wrote it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from grader.course.assignment import Assignment, FeedbackLevel
from grader.outcomes import Counterexample, Diagnosis, Kind, Status, gravest

__all__ = [
    "Audience",
    "CheckReport",
    "ExerciseReport",
    "Explanation",
    "Report",
    "SubmissionReport",
    "SubmissionStatus",
    "clean",
    "counterexample",
    "diagnosis",
    "explanation",
    "feedback",
    "nothing_written",
    "seen_by",
    "title",
    "without_score",
]


class Audience(StrEnum):
    """Who reads a report: a student, or the staff, who see everything."""

    STUDENT = "student"
    STAFF = "staff"


class SubmissionStatus(StrEnum):
    """What became of a submission; `WITHHELD` is what its student sees of one whose feedback is not told this time."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    BROKEN = "broken"
    WITHHELD = "withheld"


_MAX_TEXT = 2000
# What GitHub's runner takes as a command: `::` at the beginning of a line, and the older form anywhere.
_COMMAND = re.compile(r"^(\s*:)(?=:)", re.MULTILINE)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_HIDDEN_TITLE = "hidden check"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """One check: `summary` is for the student, `text` the evidence, which may hold scored inputs."""

    check: str
    title: str
    kind: Kind
    visible: bool
    status: Status
    score: float | None
    max_score: float
    summary: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseReport:
    """One exercise with its checks; `score` is None where something of ours broke, or nothing is told of it.

    `lines` are the first and last line of its definition in a module; None in a notebook, or where there is none.
    """

    exercise: str
    title: str
    hint: str
    status: Status
    score: float | None
    max_score: float
    follow_through: bool
    diagnosis: tuple[Diagnosis, ...]
    checks: tuple[CheckReport, ...]
    counterexample: Counterexample | None = None
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReport:
    """One submission; `score` is None unless it was graded.

    `file` is the module or notebook that was judged, below the submission where that is a folder or zip.
    `withheld` says that its student is not told of hidden checks this time; `seen_by` acts on it.
    """

    submission: str
    sha256: str | None
    status: SubmissionStatus
    score: float | None
    max_score: float
    notes: tuple[str, ...]
    seconds_total: float
    seconds_student: float
    exercises: tuple[ExerciseReport, ...]
    file: str | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A graded class of one assignment."""

    assignment: str
    sandbox: str
    feedback: FeedbackLevel
    submissions: tuple[SubmissionReport, ...]


def clean(text: str) -> str:
    """Make a text safe to print: no control or direction characters, no addresses or commands, limited length."""
    kept = _ADDRESS.sub("0x...", text.replace("\r\n", "\n"))
    kept = "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else "\ufffd"
        for char in kept[: _MAX_TEXT + 1]
    )
    kept = _COMMAND.sub(r"\1 ", kept).replace("##[", "## [")
    return kept if len(kept) <= _MAX_TEXT else kept[:_MAX_TEXT] + "..."


def nothing_written(item: SubmissionReport) -> bool:
    """Say whether every exercise is still the stub."""
    return item.status is SubmissionStatus.GRADED and all(one.status is Status.NOT_ATTEMPTED for one in item.exercises)


def without_score(
    assignment: Assignment, given: str, sha256: str | None, status: SubmissionStatus, why: str, *, seconds: float = 0.0
) -> SubmissionReport:
    """Return the report of a submission that was not judged, with the reason as its note."""
    return SubmissionReport(
        submission=clean(given),
        sha256=sha256,
        status=status,
        score=None,
        max_score=assignment.max_score,
        notes=(clean(why),),
        seconds_total=seconds,
        seconds_student=0.0,
        exercises=(),
    )


def seen_by(report: Report, audience: Audience) -> Report:
    """Return the report without what is withheld from this audience; whatever renders one begins with it.

    Of a submission whose feedback is withheld, a student sees the status of visible checks, and no points:
    those tell of hidden checks, too.
    """
    if audience is Audience.STAFF:
        return report
    return replace(report, submissions=tuple(map(_without_hidden, report.submissions)))


def _without_hidden(item: SubmissionReport) -> SubmissionReport:
    if not item.withheld:
        return item
    status: SubmissionStatus = (
        SubmissionStatus.BROKEN if item.status is SubmissionStatus.BROKEN else SubmissionStatus.WITHHELD
    )
    return replace(item, status=status, score=None, exercises=tuple(map(_visible_part, item.exercises)))


def _visible_part(item: ExerciseReport) -> ExerciseReport:
    checks = tuple(replace(check, score=None) for check in item.checks if check.visible)
    return replace(
        item,
        score=None,
        status=gravest([check.status for check in checks]),
        follow_through=False,
        diagnosis=(),
        counterexample=None,
        checks=checks,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What an audience may read of an exercise that is not right: `remarks` are (status, title, text) of its checks."""

    diagnosis: tuple[str, ...]
    counterexample: str
    remarks: tuple[tuple[Status, str, str], ...]
    hint: str


def explanation(item: ExerciseReport, level: FeedbackLevel, audience: Audience) -> Explanation:
    """Return what to say of an exercise, the same thing once."""
    remarks: dict[str, tuple[Status, str, str]] = {}
    for check in item.checks:
        text = feedback(check, level, audience)
        if text:
            remarks.setdefault(text, (check.status, check.title, text))
    texts = tuple(found.text for found in diagnosis(item, level, audience))
    shown = counterexample(item, level, audience)
    return Explanation(
        diagnosis=texts,
        counterexample=_in_lines(shown) if shown else "",
        remarks=tuple(remarks.values()),
        hint=hint(item, level, audience),
    )


def _in_lines(shown: Counterexample) -> str:
    label = {"returned": "it returned ", "raised": "it raised   ", "changed": "afterwards  "}[shown.how]
    return f"you called   {shown.call}\n{label} {shown.returned}\nexpected     {shown.expected}"


def shows_words(level: FeedbackLevel, audience: Audience) -> bool:
    """Say whether this audience reads more than points."""
    return audience is Audience.STAFF or level is not FeedbackLevel.SCORE


def hint(item: ExerciseReport, level: FeedbackLevel, audience: Audience) -> str:
    """Return the exercise's hint where it is wanted and may be read, else ""."""
    return item.hint if item.status is not Status.PASSED and shows_words(level, audience) else ""


def counterexample(item: ExerciseReport, level: FeedbackLevel, audience: Audience) -> Counterexample | None:
    """Return the small call that goes wrong, where this audience may read of it."""
    return item.counterexample if shows_words(level, audience) else None


def diagnosis(item: ExerciseReport, level: FeedbackLevel, audience: Audience) -> tuple[Diagnosis, ...]:
    """Return what this audience may read of what is wrong with an exercise."""
    return item.diagnosis if shows_words(level, audience) else ()


def shows_summary(item: CheckReport, level: FeedbackLevel, audience: Audience) -> bool:
    """Say whether this audience may read the title and summary of a check."""
    return item.visible or shows_words(level, audience)


def title(item: CheckReport, level: FeedbackLevel, audience: Audience) -> str:
    """Return what this audience may call a check."""
    return item.title if shows_summary(item, level, audience) else _HIDDEN_TITLE


def feedback(item: CheckReport, level: FeedbackLevel, audience: Audience) -> str:
    """Return what this audience may read of a check; the evidence of a hidden one is for the staff."""
    if item.status is Status.PASSED or not shows_summary(item, level, audience):
        return ""
    evidence = audience is Audience.STAFF or item.visible or level is FeedbackLevel.FULL
    return "\n".join(part for part in (item.summary, item.text if evidence else "") if part)
