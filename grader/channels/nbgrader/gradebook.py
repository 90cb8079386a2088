"""Read and write nbgrader's gradebook: its students, and the scores that nbgrader keeps of them."""

from __future__ import annotations

import contextlib
import math
import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from grader.errors import UsageError
from grader.formats.gradebook import ExerciseScore, StudentScores, SubmissionScores
from grader.report.text import harmless

__all__ = [
    "add_students",
    "find_own_scripts",
    "gradebook_of",
    "make_gradebook",
    "number_in",
    "open_course",
    "read_scores",
    "scores_in",
    "text_in",
]

_DAMAGE = (SQLAlchemyError, AssertionError)  # the latter of SQLAlchemy, too, for a cell of no kind that it knows


def make_gradebook(folder: Path) -> str:
    """Make the tables of the gradebook that a course's configuration names, where there are none; return its URL."""
    find_own_scripts()
    with gradebook_of(folder) as gradebook:
        return str(gradebook.engine.url.render_as_string(hide_password=True))


def add_students(folder: Path, students: list[tuple[str, str, str]]) -> None:
    """Enter students by id, name and the learning platform's number, where the gradebook knows no better."""
    with gradebook_of(folder) as gradebook:
        for student_id, name, number in students:
            try:
                known = gradebook.find_student(student_id)
            except MissingEntry:
                known = gradebook.add_student(student_id)
            first, _, last = name.rpartition(" ")
            known.first_name = known.first_name or first or None
            known.last_name = known.last_name or (last if first else None)
            known.lms_user_id = known.lms_user_id or number or None
        gradebook.db.commit()


def read_scores(folder: Path, assignments: tuple[str, ...]) -> list[StudentScores]:
    """Return every student's scores in the chosen assignments, or in all; raises UsageError."""
    with gradebook_of(folder) as gradebook:
        names = [assignment.name for assignment in gradebook.assignments]
        for name in assignments:
            if name not in names:
                raise UsageError(f"the gradebook of {folder} has no assignment {name!r}; it has {', '.join(names)}")
        return scores_in(gradebook, assignments)


def scores_in(gradebook: Gradebook, chosen: tuple[str, ...]) -> list[StudentScores]:
    """Return every student's scores in the chosen assignments, or in all where none is chosen."""
    wanted = [item for item in gradebook.assignments if not chosen or item.name in chosen]
    return [
        StudentScores(
            student=text_in(student.id),
            last_name=text_in(student.last_name),
            first_name=text_in(student.first_name),
            email=text_in(student.email),
            lms_user_id=text_in(student.lms_user_id),
            submissions=tuple(_submission(gradebook, assignment, student.id) for assignment in wanted),
        )
        for student in sorted(gradebook.students, key=lambda student: str(student.id))
    ]


def _submission(gradebook: Gradebook, assignment: Any, student: str) -> SubmissionScores:  # noqa: ANN401 - a row
    cells = {
        (notebook.name, text_in(cell.name)): number_in(cell.max_score) or 0.0
        for notebook in assignment.notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    }
    scores: dict[tuple[str, str], float | None] = {}
    penalty = 0.0
    try:
        submission = gradebook.find_submission(assignment.name, student)
    except MissingEntry:
        submission = None
    if submission is not None:
        penalty = number_in(submission.late_submission_penalty) or 0.0
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                automatic, manual = number_in(grade.auto_score), number_in(grade.manual_score)
                points = automatic if manual is None else manual
                extra = number_in(grade.extra_credit) or 0.0
                scores[notebook.name, grade.name] = None if points is None else points + extra
    return SubmissionScores(
        assignment=assignment.name,
        handed_in=submission is not None,
        late_penalty=penalty,
        exercises=tuple(
            ExerciseScore(exercise=key[1], score=scores.get(key), max_score=maximum) for key, maximum in cells.items()
        ),
    )


def open_course(folder: Path) -> tuple[CourseDirectory, Any]:
    """Return a course's folders, and its configuration; raises UsageError where it is no course of nbgrader's."""
    if not (folder / "nbgrader_config.py").is_file():
        raise UsageError(f"{folder} holds no nbgrader_config.py, so it is no course; see grader nbgrader init")
    app = NbGrader()
    with contextlib.chdir(folder):  # nbgrader reads the configuration of the current folder
        app.load_config_file()
    return CourseDirectory(parent=app, root=str(folder.resolve())), app.config


@contextlib.contextmanager
def gradebook_of(folder: Path, coursedir: CourseDirectory | None = None) -> Iterator[Gradebook]:
    """Open the gradebook that the configuration in a course's folder names.

    Raises UsageError where it can't be read: a database may be damaged, and SQLite puts any value into any column.
    """
    coursedir = open_course(folder)[0] if coursedir is None else coursedir
    try:
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            yield gradebook
    except (*_DAMAGE, ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        said = " ".join(str(error).split())[:200]
        raise UsageError(f"the gradebook of {folder} can't be read: {type(error).__name__}: {said}") from error


def number_in(value: object) -> float | None:
    """Return a number of the gradebook, None where there is none; raises TypeError for anything else."""
    if value is None:
        return None
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{value!r} stands where points do")
    return float(value)


def text_in(value: object) -> str:
    """Return a text of the gradebook, "" where there is none; raises TypeError for anything else."""
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r} stands where a name does")
    return harmless(value or "")


def find_own_scripts() -> None:
    """Let nbgrader find `alembic`, which it calls by its name, also where the environment is not activated.

    So up to nbgrader 0.9.6; it may go when nbgrader runs alembic as a module.
    """
    scripts = sysconfig.get_path("scripts")
    found = os.environ.get("PATH", os.defpath)
    if scripts not in found.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((scripts, found))
