"""Read and write nbgrader's gradebook: its students, and the scores that nbgrader keeps of them."""

from __future__ import annotations

import contextlib
import os
import sysconfig
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory

from grader.errors import UsageError
from grader.formats.gradebook import ExerciseScore, StudentScores, SubmissionScores

__all__ = ["add_students", "find_own_scripts", "make_gradebook", "open_course", "read_scores", "scores_in"]


def make_gradebook(folder: Path) -> str:
    """Make the tables of the gradebook that a course's configuration names, where there are none; return its URL."""
    find_own_scripts()
    with _gradebook_of(folder) as gradebook:
        return str(gradebook.engine.url.render_as_string(hide_password=True))


def add_students(folder: Path, students: list[tuple[str, str, str]]) -> None:
    """Enter students by id, name and the learning platform's number, where the gradebook knows no better."""
    with _gradebook_of(folder) as gradebook:
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
    with _gradebook_of(folder) as gradebook:
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
            student=student.id,
            last_name=student.last_name or "",
            first_name=student.first_name or "",
            email=student.email or "",
            lms_user_id=student.lms_user_id or "",
            submissions=tuple(_submission(gradebook, assignment, student.id) for assignment in wanted),
        )
        for student in sorted(gradebook.students, key=lambda student: str(student.id))
    ]


def _submission(gradebook: Gradebook, assignment: Any, student: str) -> SubmissionScores:  # noqa: ANN401 - a row
    cells = {
        (notebook.name, cell.name): cell.max_score
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
        penalty = submission.late_submission_penalty or 0.0
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                missing = grade.auto_score is None and grade.manual_score is None
                scores[notebook.name, grade.name] = None if missing else grade.score
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


def _gradebook_of(folder: Path) -> Gradebook:
    """Open the gradebook that the configuration in a course's folder names."""
    coursedir, _ = open_course(folder)
    return Gradebook(coursedir.db_url, coursedir.course_id)


def find_own_scripts() -> None:
    """Let nbgrader find `alembic`, which it calls by its name, also where the environment is not activated.

    So up to nbgrader 0.9.6; it may go when nbgrader runs alembic as a module.
    """
    scripts = sysconfig.get_path("scripts")
    found = os.environ.get("PATH", os.defpath)
    if scripts not in found.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((scripts, found))
