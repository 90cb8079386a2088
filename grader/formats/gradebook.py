"""What a gradebook says of a class, exercise by exercise, and the tables that other programs import.

Values and pure functions; the channel of nbgrader reads them from nbgrader's database.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from grader.formats.csv import table_cell
from grader.formats.forms import ScoreTable
from grader.report.view import SubmissionView, View
from grader.submissions.found import Student

__all__ = [
    "ExerciseScore",
    "StudentScores",
    "SubmissionScores",
    "students_of",
    "to_canvas",
    "to_moodle",
    "to_table",
    "ungraded",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseScore:
    """The points of one exercise; None where nobody and nothing has graded it yet."""

    exercise: str
    score: float | None
    max_score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionScores:
    """One student's scores in one assignment; `exercises` without any score where nothing was handed in."""

    assignment: str
    handed_in: bool
    late_penalty: float
    exercises: tuple[ExerciseScore, ...]

    @property
    def score(self) -> float | None:
        """The sum without the late penalty, at least 0; None unless everything is graded."""
        scores = [item.score for item in self.exercises]
        if not self.handed_in or None in scores:
            return None
        return max(0.0, round(sum(score for score in scores if score is not None) - self.late_penalty, 2))

    @property
    def status(self) -> str:
        """`graded`, `ungraded` where a score is missing, or `missing` where nothing was handed in."""
        if not self.handed_in:
            return "missing"
        return "ungraded" if self.score is None else "graded"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentScores:
    """One student with the scores in each assignment; `lms_user_id` is the learning platform's."""

    student: str
    last_name: str
    first_name: str
    email: str
    lms_user_id: str
    submissions: tuple[SubmissionScores, ...]


def students_of(view: View) -> list[StudentScores]:
    """Return the scores of a view: a row for each student, who is known by the submission's name where by no more."""
    exercises = next((one.exercises for one in view.submissions if one.exercises), ())
    known = {item.exercise: item.max_score for item in exercises}
    return [
        _student_scores(student, item, view.assignment, known)
        for item in view.submissions
        for student in view.students.get(item.submission) or (Student(login=PurePath(item.submission).name),)
    ]


def _student_scores(
    student: Student, item: SubmissionView, assignment: str, known: Mapping[str, float]
) -> StudentScores:
    last, comma, first = student.name.partition(",")
    scores = {one.exercise: one.score for one in item.exercises} if item.score is not None else {}
    return StudentScores(
        student=student.login or student.sid or student.email or student.name,
        last_name=last.strip() if comma else "",
        first_name=first.strip() if comma else student.name,
        email=student.email,
        lms_user_id=student.number,
        submissions=(
            SubmissionScores(
                assignment=assignment,
                handed_in=True,
                late_penalty=0.0,
                exercises=tuple(
                    ExerciseScore(exercise=name, score=scores.get(name), max_score=maximum)
                    for name, maximum in known.items()
                ),
            ),
        ),
    )


def to_canvas(view: View) -> str:
    """Return the scores of a view as Canvas imports them."""
    return to_table(students_of(view), ScoreTable.CANVAS)


def to_moodle(view: View) -> str:
    """Return the scores of a view as Moodle imports them."""
    return to_table(students_of(view), ScoreTable.MOODLE)


def ungraded(students: Iterable[StudentScores]) -> list[str]:
    """Return `student: assignment` for whatever was handed in and has no score."""
    return [
        f"{student.student}: {item.assignment}"
        for student in students
        for item in student.submissions
        if item.status == "ungraded"
    ]


def to_table(students: Sequence[StudentScores], form: ScoreTable) -> str:
    """Return the scores as CSV: plain, or as Canvas or Moodle import it.

    What has no score is blank, never 0. No cell is a formula. Points carry a decimal point.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)  # who reads it may split at semicolons
    head, row = {
        ScoreTable.CSV: (_plain_head, _plain_row),
        ScoreTable.CANVAS: (_canvas_head, _canvas_row),
        ScoreTable.MOODLE: (_moodle_head, _moodle_row),
    }[form]
    items = students[0].submissions if students else ()
    late = any(item.late_penalty for student in students for item in student.submissions)
    writer.writerows(head(items, late=late))
    writer.writerows(row(student, late=late) for student in students)
    return out.getvalue()


def _plain_head(items: Sequence[SubmissionScores], *, late: bool) -> list[list[str]]:  # noqa: ARG001 - as the others
    head = ["student", "last_name", "first_name", "email"]
    for item in items:
        columns = ["status", "score", "max_score", "late_penalty", *(one.exercise for one in item.exercises)]
        head += [f"{item.assignment}.{column}" for column in columns]
    return [head]


def _plain_row(student: StudentScores, *, late: bool) -> list[str]:  # noqa: ARG001 - as the others
    row = [table_cell(text) for text in (student.student, student.last_name, student.first_name, student.email)]
    for item in student.submissions:
        maximum = sum(one.max_score for one in item.exercises)
        row += [item.status, _points(item.score), _points(maximum), _points(item.late_penalty)]
        row += [_points(one.score) for one in item.exercises]
    return row


def _canvas_head(items: Sequence[SubmissionScores], *, late: bool) -> list[list[str]]:
    """Return Canvas's five columns and one for each exercise, and its row of possible points."""
    possible = [_points(one.max_score) for item in items for one in item.exercises]
    possible += ["0"] * (len(items) if late else 0)
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *_titles(items, late=late)]
    return [head, ["    Points Possible", "", "", "", "", *possible]]


def _canvas_row(student: StudentScores, *, late: bool) -> list[str]:
    name = ", ".join(part for part in (student.last_name, student.first_name) if part) or student.student
    login = "" if student.lms_user_id else student.student
    return [table_cell(name), table_cell(student.lms_user_id), "", table_cell(login), "", *_scores(student, late=late)]


def _moodle_head(items: Sequence[SubmissionScores], *, late: bool) -> list[list[str]]:
    """Return the columns of Moodle's grading worksheet, whose grade is of one assignment, and one for each exercise."""
    grade = ["Grade", "Maximum grade"] if len(items) == 1 else []
    return [["Identifier", "Full name", "Email address", "Username", *grade, *_titles(items, late=late)]]


def _moodle_row(student: StudentScores, *, late: bool) -> list[str]:
    identifier = f"Participant {student.lms_user_id}" if student.lms_user_id else ""
    name = " ".join(part for part in (student.first_name, student.last_name) if part)
    row = [table_cell(text) for text in (identifier, name, student.email, student.student)]
    if len(student.submissions) == 1:
        item = student.submissions[0]
        row += [_points(item.score), _points(sum(one.max_score for one in item.exercises))]
    return [*row, *_scores(student, late=late)]


def _titles(items: Sequence[SubmissionScores], *, late: bool) -> list[str]:
    titles = [f"{item.assignment}: {one.exercise}" for item in items for one in item.exercises]
    return titles + [f"{item.assignment}: late penalty" for item in items if late]


def _scores(student: StudentScores, *, late: bool) -> list[str]:
    scores = [_points(one.score) for item in student.submissions for one in item.exercises]
    return scores + ([_points(_deducted(item)) for item in student.submissions] if late else [])


def _deducted(item: SubmissionScores) -> float | None:
    """Return what a late penalty takes away, no more than there is; None for no penalty."""
    earned = sum(one.score or 0.0 for one in item.exercises)
    return -min(item.late_penalty, earned) if item.late_penalty else None


def _points(score: float | None) -> str:
    return "" if score is None else f"{round(score, 2):.10g}"
