"""The view: what one audience may read of a report, as frozen values in which nothing else exists.

The one place that decides what is shown, by the level of feedback, by what is hidden and by what is withheld.
Whatever is drawn, written or sent is made of a view, so that no format can forget to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.answers.pictures import Picture
from grader.course.assignment import FeedbackLevel
from grader.languages.tongue import ENGLISH, Tongue
from grader.outcomes import Counterexample, Diagnosis, Kind, Status, gravest
from grader.report.report import (
    Absent,
    Audience,
    CheckReport,
    ExerciseReport,
    OfExercise,
    OfSubmission,
    Report,
    Seconds,
    SubmissionReport,
    SubmissionStatus,
    is_stub,
)
from grader.report.words import call_in_lines
from grader.submissions.found import Student

__all__ = [
    "CheckView",
    "ExerciseView",
    "Explanation",
    "Remark",
    "SubmissionView",
    "View",
    "for_student",
    "view",
    "view_submission",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check, as this audience may call and read it; `told`, for the staff, is what a student reads of it."""

    check: str
    title: str
    kind: Kind
    visible: bool
    status: Status
    score: float | None
    max_score: float
    feedback: str
    told: str = ""


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
    """One exercise, as far as this audience may see it; `tongue` is the language of its texts."""

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
    tongue: Tongue = ENGLISH

    @property
    def wrong(self) -> bool:
        """Whether it is told to be not right."""
        return self.status not in (Status.PASSED, Status.WITHHELD)

    @property
    def explanation(self) -> Explanation:
        """What to say of it in words."""
        remarks: dict[str, Remark] = {}
        for check in self.checks:
            said = Remark(status=check.status, title=check.title, text=check.feedback)
            if said.text:
                remarks.setdefault(said.text, said)
        return Explanation(
            diagnosis=tuple(found.text for found in self.diagnosis),
            counterexample=self.tongue(call_in_lines(self.counterexample)) if self.counterexample else "",
            picture=self.picture,
            remarks=tuple(remarks.values()),
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionView(OfSubmission):
    """One submission; `score` is None where there is none, or it may not be told; no student is told of times.

    `of_file` are the notes on the file, `examples` those on examples that its student wrote.
    `withheld` tells the staff that its student is not told of hidden checks this time.
    """

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
    withheld: bool = False
    tongue: Tongue = ENGLISH

    @property
    def notes(self) -> tuple[str, ...]:
        """All notes."""
        return (*self.of_file, *self.for_staff, *self.examples)

    @property
    def not_attempted(self) -> bool:
        """Say whether it was graded, and is the stub as it was handed out."""
        checks = (check.status for exercise in self.exercises for check in exercise.checks)
        return is_stub(self.status, checks, self.examples)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A graded class of one assignment, as this audience may see it.

    `feedback` tells the staff how much students read of hidden checks; None where that is not known, or not told.
    """

    assignment: str
    sandbox: str
    audience: Audience
    submissions: tuple[SubmissionView, ...]
    made_of: Mapping[str, str] = field(default_factory=dict)
    feedback: FeedbackLevel | None = None
    students: Mapping[str, tuple[Student, ...]] = field(default_factory=dict)
    absent: tuple[Absent, ...] = ()
    tongue: Tongue = ENGLISH


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
        feedback=report.feedback if audience is Audience.STAFF else None,
        students=report.students,
        absent=report.absent,
        submissions=tuple(view_submission(item, report.feedback, audience) for item in report.submissions),
    )


def view_submission(item: SubmissionReport, level: FeedbackLevel, audience: Audience) -> SubmissionView:
    """Return what this audience may read of one submission, where students read this much of hidden checks."""
    if audience is Audience.STAFF:
        return _everything(item)
    return for_student(_everything(_without_hidden(item) if item.withheld else item), level)


def for_student(item: SubmissionView, level: FeedbackLevel) -> SubmissionView:
    """Return what its student may read of what the staff read of a submission, unless it is withheld.

    No times: a submission takes as long as it likes, and could tell by it. No evidence of hidden checks, which may
    hold scored inputs, but at `FULL`; nothing but points of them at `SCORE`.
    """
    return replace(
        item,
        examples=() if level is FeedbackLevel.SCORE else item.examples,
        seconds=None,
        withheld=False,
        for_staff=(),
        exercises=tuple(_exercise_for_student(exercise, level) for exercise in item.exercises),
    )


def _exercise_for_student(item: ExerciseView, level: FeedbackLevel) -> ExerciseView:
    seen = replace(
        item,
        diagnosis=tuple(replace(found, title="") for found in item.diagnosis),
        checks=tuple(_check_for_student(check, level) for check in item.checks),
    )
    if level is FeedbackLevel.SCORE:
        return replace(seen, hint="", diagnosis=(), counterexample=None, picture=None)
    return seen


def _check_for_student(item: CheckView, level: FeedbackLevel) -> CheckView:
    if item.visible:
        return item
    if level is FeedbackLevel.SCORE:
        return replace(item, title="hidden check", feedback="", told="")
    return replace(item, feedback=item.feedback if level is FeedbackLevel.FULL else item.told, told="")


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


def _everything(item: SubmissionReport) -> SubmissionView:
    return SubmissionView(
        submission=item.submission,
        student=item.student,
        file=item.file,
        sha256=item.sha256,
        status=item.status,
        score=item.score,
        max_score=item.max_score,
        of_file=item.notes,
        examples=item.examples,
        seconds=item.seconds,
        withheld=item.withheld,
        for_staff=item.for_staff,
        exercises=tuple(map(_exercise, item.exercises)),
    )


def _exercise(item: ExerciseReport) -> ExerciseView:
    return ExerciseView(
        exercise=item.exercise,
        title=item.title,
        hint=item.hint if item.status not in (Status.PASSED, Status.WITHHELD) else "",
        status=item.status,
        score=item.score,
        max_score=item.max_score,
        follow_through=item.follow_through,
        diagnosis=item.diagnosis,
        counterexample=item.counterexample,
        picture=item.picture,
        checks=tuple(map(_check, item.checks)),
        lines=item.lines,
        code=item.code,
    )


def _check(item: CheckReport) -> CheckView:
    wrong = item.status is not Status.PASSED
    return CheckView(
        check=item.check,
        title=item.title,
        kind=item.kind,
        visible=item.visible,
        status=item.status,
        score=item.score,
        max_score=item.max_score,
        feedback="\n".join(part for part in (item.summary, item.text) if part) if wrong else "",
        told=item.told if wrong and not item.visible else "",
    )
