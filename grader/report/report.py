"""The report: what is known of a graded class, as frozen values.

Every text in a report is clean: no control characters, no addresses, no length without limit, whoever wrote it.
It holds everything; what somebody may read of it is a `View`, and nothing else is ever rendered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from grader.answers.pictures import Picture
from grader.course.assignment import Assignment, FeedbackLevel
from grader.outcomes import Counterexample, Diagnosis, Kind, Status
from grader.report.text import clean
from grader.submissions.found import Student

__all__ = [
    "Absent",
    "AbsentStatus",
    "Audience",
    "CheckReport",
    "ExerciseReport",
    "OfExercise",
    "OfSubmission",
    "Report",
    "Seconds",
    "SubmissionReport",
    "SubmissionStatus",
    "is_stub",
    "nothing_written",
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


class AbsentStatus(StrEnum):
    """Why a student of the roster has no submission; `UNCLEAR` where what was handed in could be another's as well."""

    MISSING = "missing"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A student of the roster of whom no submission is."""

    student: str
    status: AbsentStatus
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """One check: `told` is what a student reads where it is hidden; `summary` and `text` may hold scored inputs.

    `alone` is what a visible one came to with the student's own helpers, where right ones have stood in for them.
    """

    check: str
    title: str
    kind: Kind
    visible: bool
    status: Status
    score: float | None
    max_score: float
    told: str
    summary: str
    text: str
    alone: CheckReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfExercise:
    """Of which exercise something is; `hint` is "" where it is right, or may not be read."""

    exercise: str
    title: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseReport(OfExercise):
    """One exercise with its checks; `score` is None where something of ours broke, or nothing is told of it.

    `lines` are the first and last line of its definition in a module; None in a notebook, or where there is none.
    `picture` is of a loop that fails, and made of no scored input.
    `examples` is what is told of the examples of it that its student wrote, or "".
    `code` is the definition that counted, as its student wrote it, where it is not right; "" where it can't be shown.
    """

    status: Status
    score: float | None
    max_score: float
    follow_through: bool
    diagnosis: tuple[Diagnosis, ...]
    checks: tuple[CheckReport, ...]
    counterexample: Counterexample | None = None
    lines: tuple[int, int] | None = None
    picture: Picture | None = None
    examples: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """How long a submission took: by the clock in all, and of its student's code in CPU."""

    total: float
    student: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSubmission:
    """Of which submission something is; `for_staff` are notes for the staff alone."""

    submission: str
    for_staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReport(OfSubmission):
    """One submission; `score` is None unless it was graded.

    `file` is the module or notebook that was judged, below the submission where that is a folder or zip.
    `withheld` says that its student is not told of hidden checks this time; `view` acts on it.
    `timed_out` says that something of it ran out of time, wherever, or was killed.
    `student` is whose it is, where a name of a file or folder says it.
    """

    sha256: str | None
    status: SubmissionStatus
    score: float | None
    max_score: float
    notes: tuple[str, ...]
    seconds: Seconds
    exercises: tuple[ExerciseReport, ...]
    file: str | None = None
    withheld: bool = False
    timed_out: bool = False
    student: str | None = None

    @property
    def settled(self) -> bool:
        """Say whether grading it again gives the same: on another machine, or a quieter one, more may end in time."""
        statuses = {check.status for exercise in self.exercises for check in exercise.checks}
        ended = self.status in (SubmissionStatus.GRADED, SubmissionStatus.UNREADABLE)
        return ended and not self.timed_out and Status.BROKEN not in statuses

    @property
    def examples(self) -> tuple[str, ...]:
        """What is told of the examples that its student wrote."""
        return tuple(exercise.examples for exercise in self.exercises if exercise.examples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A graded class of one assignment.

    `made_of` has a digest or a version of each thing that its grades depend on, by name, where that is known.
    `students` are those who handed in each submission, by its name, where more than that name says so.
    `absent` is whoever of the roster has no submission, where there is a roster.
    """

    assignment: str
    sandbox: str
    feedback: FeedbackLevel
    submissions: tuple[SubmissionReport, ...]
    made_of: Mapping[str, str] = field(default_factory=dict)
    students: Mapping[str, tuple[Student, ...]] = field(default_factory=dict)
    absent: tuple[Absent, ...] = ()


def nothing_written(item: SubmissionReport) -> bool:
    """Say whether it was graded, and is the stub as it was handed out."""
    return is_stub(
        item.status, (check.status for exercise in item.exercises for check in exercise.checks), item.examples
    )


def is_stub(status: SubmissionStatus, checks: Iterable[Status], examples: Sequence[str]) -> bool:
    """Say whether every exercise is still the stub, by each of its checks, and there are no examples of any.

    One that is passed beside others that are not attempted tells of its inputs, and is no stub.
    """
    stubs = all(check is Status.NOT_ATTEMPTED for check in checks)
    return status is SubmissionStatus.GRADED and stubs and not examples


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
        seconds=Seconds(total=seconds, student=0.0),
        exercises=(),
    )
