"""The view: what one audience may read of a report, as frozen values in which nothing else exists.

The one place that decides what is shown, by the level of feedback, by what is hidden and by what is withheld.
Whatever is drawn, written or sent is made of a view, so that no format can forget to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.answers.pictures import Picture
from grader.course.assignment import FeedbackLevel
from grader.outcomes import Counterexample, Diagnosis, Kind, Status, gravest
from grader.report.report import (
    Audience,
    CheckReport,
    ExerciseReport,
    OfExercise,
    Report,
    Seconds,
    SubmissionReport,
    SubmissionStatus,
)
from grader.report.words import call_in_lines

__all__ = ["CheckView", "ExerciseView", "Explanation", "Remark", "SubmissionView", "View", "view", "view_submission"]

_HIDDEN_TITLE = "hidden check"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check: the title that this audience may call it by, and what it may read of it."""

    check: str
    title: str
    kind: Kind
    visible: bool
    status: Status
    score: float | None
    max_score: float
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is said of one check that is not right."""

    status: Status
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What is to be said of an exercise that is not right, the same thing once."""

    diagnosis: tuple[str, ...]
    counterexample: str
    picture: Picture | None
    remarks: tuple[Remark, ...]
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseView(OfExercise):
    """One exercise, as far as this audience may see it."""

    status: Status
    score: float | None
    max_score: float
    follow_through: bool
    diagnosis: tuple[Diagnosis, ...]
    counterexample: Counterexample | None
    picture: Picture | None
    checks: tuple[CheckView, ...]
    lines: tuple[int, int] | None
    code: str

    @property
    def wrong(self) -> bool:
        """Whether it is told to be not right."""
        return self.status not in (Status.PASSED, Status.WITHHELD)

    @property
    def explanation(self) -> Explanation:
        """What to say of it in words."""
        remarks: dict[str, Remark] = {}
        for check in self.checks:
            if check.feedback:
                said = Remark(status=check.status, title=check.title, text=check.feedback)
                remarks.setdefault(check.feedback, said)
        return Explanation(
            diagnosis=tuple(found.text for found in self.diagnosis),
            counterexample=call_in_lines(self.counterexample) if self.counterexample else "",
            picture=self.picture,
            remarks=tuple(remarks.values()),
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionView:
    """One submission; `score` is None where there is none, or it may not be told; no student is told of times.

    `of_file` are the notes on the file, `examples` those on examples that its student wrote.
    """

    submission: str
    student: str | None
    file: str | None
    sha256: str | None
    status: SubmissionStatus
    score: float | None
    max_score: float
    of_file: tuple[str, ...]
    examples: tuple[str, ...]
    seconds: Seconds | None
    exercises: tuple[ExerciseView, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """All notes."""
        return (*self.of_file, *self.examples)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A graded class of one assignment, as this audience may see it."""

    assignment: str
    sandbox: str
    audience: Audience
    submissions: tuple[SubmissionView, ...]
    made_of: Mapping[str, str] = field(default_factory=dict)


def view(report: Report, audience: Audience) -> View:
    """Return what this audience may read of a report.

    Of a submission whose feedback is withheld, a student sees the status of visible checks, and no points:
    those tell of hidden checks, too.
    """
    return View(
        assignment=report.assignment,
        sandbox=report.sandbox,
        audience=audience,
        made_of=report.made_of,
        submissions=tuple(view_submission(item, report.feedback, audience) for item in report.submissions),
    )


def view_submission(item: SubmissionReport, level: FeedbackLevel, audience: Audience) -> SubmissionView:
    """Return what this audience may read of one submission, where students read this much of hidden checks."""
    seen = item if audience is Audience.STAFF or not item.withheld else _without_hidden(item)
    reader = _Reader(audience=audience, level=level)
    return SubmissionView(
        submission=seen.submission,
        student=seen.student,
        file=seen.file,
        sha256=seen.sha256,
        status=seen.status,
        score=seen.score,
        max_score=seen.max_score,
        of_file=seen.notes,
        examples=seen.examples if reader.of_words else (),
        seconds=seen.seconds if reader.of_times else None,
        exercises=tuple(_exercise(exercise, reader) for exercise in seen.exercises),
    )


def _without_hidden(item: SubmissionReport) -> SubmissionReport:
    status = SubmissionStatus.BROKEN if item.status is SubmissionStatus.BROKEN else SubmissionStatus.WITHHELD
    return replace(item, status=status, score=None, exercises=tuple(map(_visible_part, item.exercises)))


def _visible_part(item: ExerciseReport) -> ExerciseReport:
    # As students see them by themselves: beside right helpers they could show what those answer.
    checks = tuple(replace(check.alone or check, score=None) for check in item.checks if check.visible)
    return replace(
        item,
        score=None,
        status=gravest(check.status for check in checks) if checks else Status.WITHHELD,
        follow_through=False,
        diagnosis=(),
        counterexample=None,
        picture=None,
        checks=checks,
        examples="",
        code="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Who reads, and how much the assignment lets a student read of hidden checks."""

    audience: Audience
    level: FeedbackLevel

    @property
    def of_times(self) -> bool:
        """Say whether times are for this reader: a submission takes as long as it likes, and could tell by it."""
        return self.audience is Audience.STAFF

    @property
    def of_words(self) -> bool:
        """Say whether more than points is for this reader."""
        return self.audience is Audience.STAFF or self.level is not FeedbackLevel.SCORE

    @property
    def of_evidence(self) -> bool:
        """Say whether the evidence of hidden checks, which may hold scored inputs, is for this reader."""
        return self.audience is Audience.STAFF or self.level is FeedbackLevel.FULL

    def named(self, found: Diagnosis) -> Diagnosis:
        """Return a diagnosis without the catalogue's name, where that is not for this reader."""
        return found if self.audience is Audience.STAFF else replace(found, title="")


def _exercise(item: ExerciseReport, reader: _Reader) -> ExerciseView:
    return ExerciseView(
        exercise=item.exercise,
        title=item.title,
        hint=item.hint if reader.of_words and item.status not in (Status.PASSED, Status.WITHHELD) else "",
        status=item.status,
        score=item.score,
        max_score=item.max_score,
        follow_through=item.follow_through,
        diagnosis=tuple(reader.named(found) for found in item.diagnosis) if reader.of_words else (),
        counterexample=item.counterexample if reader.of_words else None,
        picture=item.picture if reader.of_words else None,
        checks=tuple(_check(check, reader) for check in item.checks),
        lines=item.lines,
        code=item.code,
    )


def _check(item: CheckReport, reader: _Reader) -> CheckView:
    named = item.visible or reader.of_words
    return CheckView(
        check=item.check,
        title=item.title if named else _HIDDEN_TITLE,
        kind=item.kind,
        visible=item.visible,
        status=item.status,
        score=item.score,
        max_score=item.max_score,
        feedback=_feedback(item, reader) if named and item.status is not Status.PASSED else "",
    )


def _feedback(item: CheckReport, reader: _Reader) -> str:
    if not item.visible and not reader.of_evidence:
        return item.told
    return "\n".join(part for part in (item.summary, item.text) if part)
