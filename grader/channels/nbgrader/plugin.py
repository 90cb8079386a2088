"""Grade under nbgrader: `configure` puts our sandbox where nbgrader would execute the student's notebook.

The only module that imports nbgrader. Everything that nbgrader does besides stays its own: its
commands, its gradebook, late penalties, manual grades and comments, formgrader, feedback and export.
"""

from __future__ import annotations

import contextlib
import csv
import os
import shutil
import stat
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bleach
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import from_dict
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.converters import base as converter_base
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    GetGrades,
    LimitOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import find_all_files, is_locked
from traitlets import Unicode

from grader.channels.nbgrader.feedback_cell import exercise_outputs, notes_text
from grader.channels.nbgrader.rebuild import MasterCell, code_cell, read_cells, rebuild, text_cell
from grader.course.assignment import Course
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError, UsageError
from grader.formats.csv import table_cell
from grader.formats.gradebook import ExerciseScore, StudentScores, SubmissionScores
from grader.judge.checker import WarmChecker
from grader.outcomes import Status
from grader.report.report import SubmissionReport, SubmissionStatus
from grader.submissions.files import digest, read_regular_file
from grader.submissions.found import Found

if TYPE_CHECKING:
    from grader.sandbox.mode import SandboxMode

__all__ = ["SandboxExecute", "SaveGrades", "SubmissionExporter", "configure", "make_gradebook"]

_TEMPLATES = Path(__file__).parent / "templates"
_TAGS = {
    *bleach.ALLOWED_TAGS,
    *("br", "del", "div", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre", "span", "sub", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr"),
}

_EXPORTED = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def configure(c: Any, *, course: str | os.PathLike[str] = "", sandbox: str = "auto") -> None:  # noqa: ANN401 - traitlets
    """Set nbgrader's configuration `c` so that Chainrule grades; `course` is the folder of the private course.

    Without `course` it is found as on the command line: by GRADER_COURSE, or above the current folder.
    """
    _find_own_scripts()
    converter_base.find_all_files = _own_files  # nbgrader has no setting for it
    c.Autograde.pre_convert_hook = _name_as_released
    c.SandboxExecute.course = os.fspath(course)
    c.SandboxExecute.sandbox = sandbox
    c.Autograde.exporter_class = SubmissionExporter
    c.Autograde.sanitize_preprocessors = [
        ClearOutput,
        DeduplicateIds,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    c.Autograde.autograde_preprocessors = [
        SandboxExecute,
        LimitOutput,
        SaveGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = [ShowGrades, CSSHTMLHeaderPreprocessor]
    c.FeedbackExporter.template_name = "chainrule_feedback"
    c.FeedbackExporter.extra_template_basedirs = [str(_TEMPLATES)]
    c.ExportApp.plugin_class = ScoresExport
    c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write your code here")'}
    # What a student writes in Markdown is shown on formgrader's pages, where a script could give grades.
    c.HTMLExporter.filters = {"markdown2html": _harmless_html}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Which notebook of whom is being graded, by nbgrader's names."""

    student: str
    assignment: str
    notebook: str
    db_url: str


def _place(resources: Any) -> _Place:  # noqa: ANN401 - nbconvert's dictionary
    keys = resources["nbgrader"]
    return _Place(
        student=keys["student"], assignment=keys["assignment"], notebook=keys["notebook"], db_url=keys["db_url"]
    )


class SubmissionExporter(NotebookExporter):
    """Read a submitted notebook as hostile input, and rebuild it from the gradebook's cells and the student's text."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401 - nbconvert's
        """Rebuild what was submitted; a notebook that Chainrule has written itself is read as it is."""
        place = _place(resources)
        converter: Any = self.parent
        coursedir = converter.coursedir
        submitted = Path(coursedir.format_path(coursedir.submitted_directory, place.student, place.assignment))
        if Path(filename).parent != submitted:
            return super().from_filename(filename, resources=resources, **kw)
        with Gradebook(place.db_url) as gradebook:
            masters = _master_cells(gradebook, place)
        book = rebuild([] if submitted.is_symlink() else read_cells(Path(filename)), masters)
        return self.from_notebook_node(from_dict(book), resources=resources, **kw)


def _name_as_released(*, assignment: str, student: str, notebooks: list[str]) -> None:  # noqa: ARG001 - nbgrader's hook
    """Copy a submission's one notebook to the released name where a browser or a student gave it another.

    nbgrader knows a notebook by its name alone, and fails a submission without that one.
    """
    folder = Path(notebooks[0]).parent
    expected = folder / f"{assignment}.ipynb"
    candidates = [path for path in notebooks if Path(path).name.casefold().startswith(assignment.casefold())]
    if len(candidates) != 1 or expected.exists() or Path(candidates[0]).is_symlink():
        return
    shutil.copyfile(candidates[0], expected)
    notebooks[:] = [str(expected)]


def _own_files(path: str, exclude: list[str] | None = None) -> list[str]:
    """Return the regular files below a folder, where nbgrader would copy what a student's link points at.

    A link may be to anybody's file, to nothing or to itself; a pipe would never be read to its end.
    """
    if Path(path).is_symlink():
        return []
    files = find_all_files(path, exclude)
    return [file for file in files if stat.S_ISREG(os.lstat(file).st_mode)]


def _master_cells(gradebook: Gradebook, place: _Place) -> list[MasterCell]:
    """Return what the gradebook knows of a notebook's cells."""
    notebook = gradebook.find_notebook(place.notebook, place.assignment)
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    graded = {cell.name for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    cells = []
    for cell in notebook.source_cells:
        metadata: dict[str, object] = {
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "grade": cell.name in graded,
            "grade_id": cell.name,
            "locked": cell.locked,
            "schema_version": 3,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
        }
        if cell.name in points:
            metadata["points"] = points[cell.name]
        cells.append(
            MasterCell(
                grade_id=cell.name,
                kind=cell.cell_type,
                source=cell.source,
                locked=cell.locked,
                grade=cell.name in points,
                metadata=metadata,
            )
        )
    return cells


class SandboxExecute(NbGraderPreprocessor):
    """Grade what was submitted in the sandbox, and give each graded cell its points and its feedback.

    Stands in the place of nbgrader's Execute. The notebook at hand is only where the results are shown: what
    is graded are the student's files as they were submitted, exactly as `grader grade` does it.
    """

    course = Unicode("", help="The folder of the private course, with solutions/ and tests/hidden/.").tag(config=True)
    sandbox = Unicode("auto", help="auto, or none to grade without a sandbox.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ANN401 - nbconvert's
        """Fill in the outputs; `resources["nbgrader"]` gets the report, for SaveGrades."""
        place = _place(resources)
        coursedir = self.parent.parent.coursedir
        folder = Path(coursedir.format_path(coursedir.submitted_directory, place.student, place.assignment))
        course = find_course(Path(self.course) if self.course else None)
        assignment = load_assignment(course, place.notebook)
        checker = _checker(course, place.notebook, SandboxMode(self.sandbox), _state(course, place.notebook))
        report = checker.grade(Found(given=f"{place.student}/{place.assignment}", path=folder, depth=0))
        exercises = {item.exercise: item for item in report.exercises}
        for cell in nb.cells:
            nbgrader = cell.metadata.get("nbgrader", {})
            item = exercises.get(nbgrader.get("grade_id", ""))
            if cell.cell_type == "code" and nbgrader.get("grade") and item is not None:
                points = _points(item.score, item.max_score, nbgrader["points"], report)
                cell.outputs = [from_dict(output) for output in exercise_outputs(item, assignment.feedback, points)]
        self._say(report, place)
        _insert_notes(nb, report, folder / f"{place.notebook}.py")
        resources["nbgrader"]["report"] = report
        return nb, resources

    def _say(self, report: SubmissionReport, place: _Place) -> None:
        """Write what became of a submission into nbgrader's log."""
        if report.status is SubmissionStatus.GRADED:
            self.log.info("%s: %g of %g points for %s", place.student, report.score, report.max_score, place.notebook)
        else:
            self.log.warning("%s is not graded (%s): %s", place.student, report.status, "; ".join(report.notes))


def _points(score: float | None, of: float, maximum: float, report: SubmissionReport) -> float | None:
    """Return the points as the gradebook counts them: the exercise's own, unless its author gave the cell others."""
    if score is None or report.status is not SubmissionStatus.GRADED:
        return None
    points = score if of == maximum else round(score * maximum / of, 2)
    return min(max(points, 0.0), float(maximum))


def _insert_notes(nb: Any, report: SubmissionReport, module: Path) -> None:  # noqa: ANN401 - nbformat's
    """Show, on top, what is to be said of the whole submission, and the module if that is what was graded."""
    cells = []
    notes = notes_text(report)
    if notes:
        cells.append(text_cell("grader-notes", notes))
    if report.sha256 is not None and digest(module) == report.sha256:
        text = read_regular_file(module).decode("utf-8", "replace")
        cells.append(code_cell("graded-module", f"# {module.name}, which is what was graded\n\n{text}"))
    nb.cells[:0] = [from_dict(cell) for cell in cells]


def _state(course: Course, name: str) -> tuple[tuple[str, int], ...]:
    """Return what changes when an author changes an assignment, so that no warm checker grades by the old one."""
    files = [*(course.root / "solutions" / name).iterdir(), course.root / "tests" / "hidden" / f"test_{name}.py"]
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in files if path.is_file()))


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


class ShowGrades(GetGrades):
    """Put the gradebook's scores and comments into a notebook, and say which cells have no score yet."""

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ANN401 - nbconvert's
        """Say of the whole notebook, too, whether something has no score yet."""
        nb, resources = super().preprocess(nb, resources)
        cells = [cell.metadata.get("nbgrader", {}) for cell in nb.cells]
        resources["nbgrader"]["ungraded"] = any(cell.get("ungraded", False) for cell in cells)
        return nb, resources

    def _get_score(self, cell: Any, resources: Any) -> None:  # noqa: ANN401 - nbconvert's
        super()._get_score(cell, resources)
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata["nbgrader"]["ungraded"] = grade.auto_score is None and grade.manual_score is None


class FeedbackExporter(HTMLExporter):
    """The page of feedback, by a template of our own: nbgrader's writes 0 for what is not graded."""


def _harmless_html(source: str) -> str:
    """Return Markdown as HTML without scripts, styles, pictures, formulas and links that run something.

    MathJax would make a link of a formula, and run it.
    """
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    clean = bleach.clean(MarkdownWithMath(renderer=renderer).render(source), tags=_TAGS)
    return f'<div class="tex2jax_ignore mathjax_ignore">{clean}</div>'


class ScoresExport(ExportPlugin):
    """`nbgrader export` with its own columns; what is not graded is blank there, where nbgrader writes 0."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV to `--to`, or to grades.csv."""
        chosen = tuple(str(name) for name in self.assignment)
        students = _scores(gradebook, chosen)
        with open(self.to or "grades.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_EXPORTED)
            for name in [
                assignment.name for assignment in gradebook.assignments if assignment.name in chosen or not chosen
            ]:
                for student in students:
                    if not self.student or student.student in [str(item) for item in self.student]:
                        writer.writerow(_exported(gradebook, name, student))
        self.log.info("Exported the grades to %s", self.to or "grades.csv")


def _exported(gradebook: Gradebook, name: str, student: StudentScores) -> list[str]:
    """Return one row in nbgrader's columns."""
    item = next(one for one in student.submissions if one.assignment == name)
    raw = "" if item.status == "ungraded" else str(sum(one.score or 0.0 for one in item.exercises))
    score = {"missing": "0.0", "ungraded": ""}.get(item.status, str(item.score))
    dates = ["", ""]
    dates[0] = str(gradebook.find_assignment(name).duedate or "")
    if item.handed_in:
        dates[1] = str(gradebook.find_submission(name, student.student).timestamp or "")
    texts = [table_cell(text) for text in (student.student, student.last_name, student.first_name, student.email)]
    maximum = str(sum(one.max_score for one in item.exercises))
    return [name, *dates, *texts, raw, str(item.late_penalty), score, maximum]


def read_scores(folder: Path, assignments: tuple[str, ...]) -> list[StudentScores]:
    """Return every student's scores in the chosen assignments, or in all; raises UsageError."""
    with _gradebook_of(folder) as gradebook:
        names = [assignment.name for assignment in gradebook.assignments]
        for name in assignments:
            if name not in names:
                raise UsageError(f"the gradebook of {folder} has no assignment {name!r}; it has {', '.join(names)}")
        return _scores(gradebook, assignments)


def _scores(gradebook: Gradebook, chosen: tuple[str, ...]) -> list[StudentScores]:
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


def _gradebook_of(folder: Path) -> Gradebook:
    """Open the gradebook that the configuration in a course's folder names."""
    if not (folder / "nbgrader_config.py").is_file():
        raise UsageError(f"{folder} holds no nbgrader_config.py, so it is no course; see grader nbgrader init")
    app = NbGrader()
    with contextlib.chdir(folder):  # nbgrader reads the configuration of the current folder
        app.load_config_file()
    coursedir = CourseDirectory(parent=app, root=str(folder.resolve()))
    return Gradebook(coursedir.db_url, coursedir.course_id)


def _find_own_scripts() -> None:
    """Let nbgrader find `alembic`, which it calls by its name, also where the environment is not activated.

    So up to nbgrader 0.9.6; it may go when nbgrader runs alembic as a module.
    """
    scripts = sysconfig.get_path("scripts")
    found = os.environ.get("PATH", os.defpath)
    if scripts not in found.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((scripts, found))


def make_gradebook(folder: Path) -> str:
    """Make the tables of the gradebook that a course's configuration names, where there are none; return its URL."""
    _find_own_scripts()
    with _gradebook_of(folder) as gradebook:
        return str(gradebook.engine.url.render_as_string(hide_password=True))
