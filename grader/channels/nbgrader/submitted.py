"""What nbgrader reads of a submission: hostile files, of which it gets a notebook that is rebuilt.

Follows no link, and runs nothing.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict
from nbgrader.api import Gradebook
from nbgrader.utils import find_all_files
from traitlets import Unicode

from grader.channels.nbgrader.own_texts import own_texts
from grader.channels.nbgrader.rebuild import MasterCell, read_cells, rebuild
from grader.submissions.names import by_likelihood

__all__ = ["Place", "SubmissionExporter", "name_as_released", "own_files", "place_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which notebook of whom is being graded, by nbgrader's names."""

    student: str
    assignment: str
    notebook: str
    db_url: str


def place_of(resources: Any) -> Place:  # noqa: ANN401 - nbconvert's dictionary
    """Return whose notebook a converter of nbgrader is at."""
    keys = resources["nbgrader"]
    return Place(
        student=keys["student"], assignment=keys["assignment"], notebook=keys["notebook"], db_url=keys["db_url"]
    )


class SubmissionExporter(NotebookExporter):
    """Read a submitted notebook as hostile input, and rebuild it from the gradebook's cells and the student's text."""

    course = Unicode("", help="The folder of the private course, whose own texts are shown as they are.").tag(
        config=True
    )

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401 - nbconvert's
        """Rebuild what was submitted; a notebook that Chainrule has written itself is read as it is."""
        place = place_of(resources)
        converter: Any = self.parent
        coursedir = converter.coursedir
        submitted = Path(coursedir.format_path(coursedir.submitted_directory, place.student, place.assignment))
        if Path(filename).parent != submitted:
            return super().from_filename(filename, resources=resources, **kw)
        with Gradebook(place.db_url) as gradebook:
            masters = _master_cells(gradebook, place)
        cells = [] if submitted.is_symlink() else read_cells(Path(filename))
        book = rebuild(cells, masters, own_texts(self.course))
        return self.from_notebook_node(from_dict(book), resources=resources, **kw)


def _master_cells(gradebook: Gradebook, place: Place) -> list[MasterCell]:
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


def name_as_released(*, assignment: str, student: str, notebooks: list[str]) -> None:  # noqa: ARG001 - nbgrader's hook
    """Copy the likeliest of a submission's notebooks to the released name where that one is missing.

    nbgrader knows a notebook by its name alone, and fails a submission without that one. Which of several counts is
    judged when they are graded; equal ones are one.
    """
    folder = Path(notebooks[0]).parent
    expected = folder / f"{assignment}.ipynb"
    names = [path.name for path in map(Path, notebooks) if not path.is_symlink()]
    candidates = by_likelihood(names, str, assignment, (assignment,))
    if not candidates or os.path.lexists(expected):
        return
    shutil.copyfile(folder / candidates[0][1], expected)
    notebooks[:] = [str(expected)]


def own_files(path: str, exclude: list[str] | None = None) -> list[str]:
    """Return the regular files below a folder, where nbgrader would copy what a student's link points at.

    A link may be to anybody's file, to nothing or to itself; a pipe would never be read to its end.
    """
    if Path(path).is_symlink():
        return []
    files = find_all_files(path, exclude)
    return [file for file in files if stat.S_ISREG(os.lstat(file).st_mode)]
