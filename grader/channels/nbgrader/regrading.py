"""Say whose score in the gradebook `nbgrader autograde --force` would change, without changing anything.

Grades what lies in submitted/ as autograde does, and reads the gradebook; writes neither there nor into a folder.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from grader.channels.nbgrader.cell_points import cell_points
from grader.channels.nbgrader.gradebook import gradebook_of, number_in, open_course, text_in
from grader.classes.changes import Change, Difference, Differences, ExerciseChange, Standing, change_of
from grader.course.reading import find_course
from grader.errors import UsageError
from grader.judge.parallel import grade_all
from grader.report.report import SubmissionReport, SubmissionStatus
from grader.report.text import clean
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found

__all__ = ["Regrading"]

_GRADED, _UNGRADED = "graded", "ungraded"
_UNKNOWN = "the gradebook knows neither single checks nor what it was graded with, so that no reasons are known"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A cell of the gradebook with one student's points; None for what is not there."""

    maximum: float
    automatic: float | None
    manual: float | None
    extra: float

    def score(self, automatic: float | None) -> float | None:
        """Return what counts where these are the automatic points: what was typed in goes before."""
        points = automatic if self.manual is None else self.manual
        return None if points is None else points + self.extra


class Regrading:
    """What is handed in of one assignment, against what the gradebook says of it."""

    def __init__(self, folder: Path, assignment: str) -> None:
        """Read the course. Raises UsageError where it is none, has no such assignment, or nothing is handed in."""
        self._coursedir, config = open_course(folder)
        self._folder, self._assignment = folder, assignment
        settings = config.get("SandboxExecute", {})
        if "course" not in settings:
            raise UsageError(f"{folder}/nbgrader_config.py does not call `configure` of grader.nbgrader")
        self._mode = SandboxMode(settings.get("sandbox", SandboxMode.AUTO.value))
        with contextlib.chdir(folder):  # as autograde has it, where no course is named
            self._course = find_course(Path(settings["course"]) if settings["course"] else None)
        if assignment not in self._course.names:
            raise UsageError(f"there is no assignment {assignment!r}; there is {', '.join(self._course.names)}")
        with gradebook_of(folder, self._coursedir) as gradebook:
            self._cells, self._late = _cells(gradebook, assignment)
        self.found = _handed_in(self._coursedir, assignment)
        if not self.found:
            raise UsageError(f"{folder}: no notebook in submitted/*/{assignment}; see grader nbgrader collect")

    def differences(self, *, jobs: int, each: Callable[[], None]) -> Differences:
        """Grade, calling `each` after each submission. Raises CourseError and SandboxError."""
        reports: dict[str, SubmissionReport] = {}

        def keep(item: Found, report: SubmissionReport) -> None:
            reports[item.student] = report
            each()

        grade_all(self._course, self._assignment, self.found, mode=self._mode, each=keep, jobs=jobs)
        return self.compared(reports)

    def compared(self, reports: Mapping[str, SubmissionReport]) -> Differences:
        """Compare what was graded, by student, with the gradebook."""
        students = sorted({*self._cells.students, *reports})
        return Differences(
            assignment=self._assignment,
            old="the gradebook",
            new="autograde --force",
            items=tuple(self._difference(student, reports.get(student)) for student in students),
            remarks=tuple(self._remarks(reports)),
            silent=True,
        )

    def _difference(self, student: str, report: SubmissionReport | None) -> Difference:
        """Compare one student; without a report nothing is handed in any more, and autograde leaves the gradebook."""
        cells = self._cells.students.get(student)
        known = cells if cells is not None else self._cells.blank
        before = {name: _standing(cell.score(cell.automatic), cell.maximum) for name, cell in known.items()}
        now = before if report is None else _graded(known, report)
        changes = tuple(
            ExerciseChange(exercise=clean(name), before=before[name], now=now[name], checks=())
            for name in known
            if cells is not None and change_of(before[name], now[name]) is not Change.SAME
        )
        whole = _sum(before, _UNGRADED)
        return Difference(
            submission=clean(student),
            student=clean(student),
            before=whole if cells is not None else None,
            now=_sum(now, _ended(whole, report)),
            exercises=changes,
        )

    def _remarks(self, reports: Mapping[str, SubmissionReport]) -> list[str]:
        remarks = [_UNKNOWN]
        by_hand = sum(cell.manual is not None for cells in self._cells.students.values() for cell in cells.values())
        if by_hand:
            remarks.append(f"scores of exercises that were typed in by hand, and stay: {by_hand}")
        if self._late:
            remarks.append("late penalties are not in these points; autograde reckons them anew")
        gone = sorted(self._cells.students.keys() - reports.keys())
        if gone:
            shown = ", ".join([*(clean(name) for name in gone[:5]), *(["..."] if len(gone) > 5 else [])])
            remarks.append(f"no notebook in submitted/, so that the score stays: {shown}")
        return remarks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """The graded cells of an assignment, by student, and those of a student who has no submission yet."""

    students: dict[str, dict[str, _Cell]]
    blank: dict[str, _Cell]


def _cells(gradebook: Gradebook, assignment: str) -> tuple[_Cells, bool]:
    """Return the graded cells of every submission in the gradebook, and whether one of them was late."""
    try:
        found = gradebook.find_assignment(assignment)
    except MissingEntry:
        raise UsageError(
            f"the gradebook has no assignment {assignment!r}; run `nbgrader generate_assignment {assignment}`"
        ) from None
    maxima = {
        text_in(cell.name): number_in(cell.max_score) or 0.0
        for notebook in found.notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    }
    blank = {name: _Cell(maximum=of, automatic=None, manual=None, extra=0.0) for name, of in maxima.items()}
    students, late = {}, False
    for submission in gradebook.assignment_submissions(assignment):
        late |= bool(number_in(submission.late_submission_penalty))
        grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
        students[text_in(submission.student.id)] = {
            name: _cell(grades[name], cell.maximum) if name in grades else cell for name, cell in blank.items()
        }
    return _Cells(students=students, blank=blank), late


def _cell(grade: Any, maximum: float) -> _Cell:  # noqa: ANN401 - a row
    return _Cell(
        maximum=maximum,
        automatic=number_in(grade.auto_score),
        manual=number_in(grade.manual_score),
        extra=number_in(grade.extra_credit) or 0.0,
    )


def _handed_in(coursedir: CourseDirectory, assignment: str) -> list[Found]:
    """Return the submissions that autograde would look at: those with a notebook, whatever it is called."""
    shape = coursedir.format_path(coursedir.submitted_directory, "(?P<student>.*)", assignment, escape=True)
    found = []
    for folder in sorted(glob(coursedir.format_path(coursedir.submitted_directory, "*", assignment))):
        known = re.fullmatch(shape, folder)
        if known is not None and any(Path(folder).glob("*.ipynb")):
            student = known["student"]
            found.append(Found(given=f"{student}/{assignment}", path=Path(folder), student=student))
    return found


def _graded(cells: Mapping[str, _Cell], report: SubmissionReport) -> dict[str, Standing]:
    """Return what each cell would come to; one that is no exercise of ours stays as it is."""
    exercises = {item.exercise: item for item in report.exercises}
    found = {}
    for name, cell in cells.items():
        item = exercises.get(name)
        if item is not None:
            points = cell_points(item.score, item.max_score, cell.maximum, report)
        else:
            points = cell.automatic if report.status is SubmissionStatus.GRADED else None
        found[name] = _standing(cell.score(points), cell.maximum)
    return found


def _standing(score: float | None, maximum: float) -> Standing:
    return Standing(status=_UNGRADED if score is None else _GRADED, score=score, max_score=maximum)


def _sum(cells: Mapping[str, Standing], otherwise: str) -> Standing:
    """Return the score of all cells, which is none where one of them has none."""
    scores = [cell.score for cell in cells.values()]
    known = [score for score in scores if score is not None]
    whole = len(known) == len(scores)
    return Standing(
        status=_GRADED if whole else otherwise,
        score=sum(known) if whole else None,
        max_score=sum(cell.max_score for cell in cells.values()),
    )


def _ended(before: Standing, report: SubmissionReport | None) -> str:
    """Return what to call it that a submission gets no score; as before, where it has none now either."""
    if report is None or before.score is None or report.status is SubmissionStatus.GRADED:
        return _UNGRADED
    return report.status.value
