"""Grade a notebook's submission in the sandbox, and save its points: what stands in the place of nbgrader's Execute.

What is graded are the student's files as they were submitted; the notebook only shows the results.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_locked
from traitlets import Enum, Unicode

from grader.channels.nbgrader.cell_points import cell_points
from grader.channels.nbgrader.feedback_cell import exercise_outputs, notes_text
from grader.channels.nbgrader.rebuild import code_cell, text_cell
from grader.channels.nbgrader.submitted import Place, place_of
from grader.course.assignment import Course
from grader.course.locale import tongue_for
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError
from grader.judge.checker import WarmChecker
from grader.judge.state import stamps_of
from grader.outcomes import Status
from grader.report.in_language import submission_in_language
from grader.report.report import Audience, SubmissionReport, SubmissionStatus
from grader.report.view import SubmissionView, view_submission
from grader.sandbox.mode import SandboxMode
from grader.submissions.files import digest, read_regular_file
from grader.submissions.found import Found
from grader.syntax.decoding import python_text
from grader.syntax.notebooks import code_cells

__all__ = ["SandboxExecute", "SaveGrades"]


class SandboxExecute(NbGraderPreprocessor):
    """Grade what was submitted in the sandbox, and give each graded cell its points and its feedback.

    Stands in the place of nbgrader's Execute. The notebook at hand is only where the results are shown: what
    is graded are the student's files as they were submitted, exactly as `grader grade` does it.
    """

    course = Unicode("", help="The folder of the private course, with solutions/ and tests/hidden/.").tag(config=True)
    sandbox = Enum(
        [mode.value for mode in SandboxMode], SandboxMode.AUTO.value, help="auto, or none to grade without a sandbox."
    ).tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ANN401 - nbconvert's
        """Fill in the outputs; `resources["nbgrader"]` gets the report, for SaveGrades."""
        place = place_of(resources)
        coursedir = self.parent.parent.coursedir
        folder = Path(coursedir.format_path(coursedir.submitted_directory, place.student, place.assignment))
        course = find_course(Path(self.course) if self.course else None)
        assignment = load_assignment(course, place.notebook)
        checker = _checker(course, place.notebook, SandboxMode(self.sandbox), stamps_of(assignment))
        report = checker.grade(Found(given=f"{place.student}/{place.assignment}", path=folder))
        tongue = tongue_for(assignment)
        seen = submission_in_language(view_submission(report, assignment.feedback, Audience.STUDENT), tongue)
        exercises = {item.exercise: item for item in seen.exercises}
        for cell in nb.cells:
            nbgrader = cell.metadata.get("nbgrader", {})
            item = exercises.get(nbgrader.get("grade_id", ""))
            if cell.cell_type == "code" and nbgrader.get("grade") and item is not None:
                points = cell_points(item.score, item.max_score, nbgrader["points"], report)
                cell.outputs = [from_dict(output) for output in exercise_outputs(item, points)]
        self._say(report, place)
        _insert_notes(nb, seen, folder, graded="" if report.file == f"{place.notebook}.ipynb" else report.file or "")
        resources["nbgrader"]["report"] = report
        return nb, resources

    def _say(self, report: SubmissionReport, place: Place) -> None:
        """Write what became of a submission into nbgrader's log."""
        if report.status is SubmissionStatus.GRADED:
            self.log.info("%s: %g of %g points for %s", place.student, report.score, report.max_score, place.notebook)
            for note in report.notes:
                self.log.warning("%s, %s: %s", place.student, place.notebook, note)
        else:
            self.log.warning("%s is not graded (%s): %s", place.student, report.status, "; ".join(report.notes))


def _insert_notes(nb: Any, seen: SubmissionView, folder: Path, *, graded: str) -> None:  # noqa: ANN401 - nbformat's
    """Show, on top, what is to be said of the whole submission, and what was graded if that is not this notebook."""
    cells = []
    notes = notes_text(seen)
    if notes:
        cells.append(text_cell("grader-notes", notes))
    path = folder / graded
    if graded and seen.sha256 is not None and digest(path) == seen.sha256:
        cells.append(
            code_cell("graded-module", f"# {seen.tongue(f'{graded}, which is what was graded')}\n\n{_text_of(path)}")
        )
    nb.cells[:0] = [from_dict(cell) for cell in cells]


def _text_of(path: Path) -> str:
    """Return the code of a module or a notebook that was graded, so that it can be read."""
    data = read_regular_file(path)
    if path.suffix.lower() != ".ipynb":
        return python_text(data)
    return "\n\n".join(cell.text for cell in code_cells(data, path.name) if cell.text)


@cache
def _checker(course: Course, name: str, mode: SandboxMode, state: object) -> WarmChecker:  # noqa: ARG001 - part of the key
    """Return the checker of this process for an assignment: nbgrader makes a new preprocessor for each notebook."""
    return WarmChecker(course, name, mode)


class SaveGrades(SaveAutoGrades):
    """Save the points as nbgrader does, but leave ungraded what has none, where nbgrader would give full marks."""

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ANN401 - nbconvert's
        """Save, and then raise GraderError where something of ours broke, so that nbgrader's run says so."""
        nb, resources = super().preprocess(nb, resources)
        report = resources["nbgrader"].pop("report")
        if report.status is SubmissionStatus.BROKEN:
            raise GraderError(f"{report.submission} is not graded: {'; '.join(report.notes)}")
        return nb, resources

    def _add_score(self, cell: Any, resources: Any) -> None:  # noqa: ANN401 - nbconvert's
        super()._add_score(cell, resources)
        if is_locked(cell) and not any(out.output_type == "execute_result" for out in cell.get("outputs", [])):
            grade = self.gradebook.find_grade(
                cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
            )
            grade.auto_score = None
            grade.needs_manual_grade = True
            self.gradebook.db.commit()

    def _add_comment(self, cell: Any, resources: Any) -> None:  # noqa: ANN401 - nbconvert's
        super()._add_comment(cell, resources)
        report: SubmissionReport = resources["nbgrader"]["report"]
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        attempted = [
            f"solution-{item.exercise}" for item in report.exercises if item.status is not Status.NOT_ATTEMPTED
        ]
        if grade_id in attempted:  # in the module, where the notebook is as it was handed out
            comment = self.gradebook.find_comment(grade_id, self.notebook_id, self.assignment_id, self.student_id)
            comment.auto_comment = None
            self.gradebook.db.commit()
