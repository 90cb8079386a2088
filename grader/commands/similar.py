"""`grader similar`: pairs of a class that share what honest work does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.course_option import course_option

if TYPE_CHECKING:
    from grader.classes.results import ClassResults
    from grader.classes.similar.works import Given, Works
    from grader.course.assignment import Assignment
    from grader.submissions.found import Wanted

__all__ = ["similar"]

_TOP = 10


@click.command(short_help="Show which submissions share what few have.")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--top", type=click.IntRange(min=1), default=_TOP, show_default=True, help="So many pairs.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="What is printed.",
)
@click.option("--assignment", metavar="NAME", help="The assignment, where no file name says it.")
@click.option(
    "--submissions",
    type=click.Path(exists=True, path_type=Path),
    metavar="CLASS",
    help="Where what was graded lies now, if FOLDER has results and it has been moved.",
)
@course_option
def similar(
    folder: Path, *, top: int, form: str, assignment: str | None, submissions: Path | None, course: Path | None
) -> None:
    """Rank pairs by what they share and few others have: wrong answers, lines, names, comments, layout, traces.

    FOLDER is what `grader grade CLASS --out FOLDER` has filled, or a folder of submissions. It says what is shared and
    how rare that is in this class; it accuses nobody, and changes no grade.
    """
    from grader.classes.similar.comparing import compare
    from grader.classes.similar.document import to_document
    from grader.classes.similar.table import print_comparison

    works = _read(folder, assignment, submissions, course)
    comparison = compare(works, top=top)
    if form == "json":
        click.echo(to_document(comparison), nl=False)
    else:
        print_comparison(comparison)


def _read(folder: Path, assignment: str | None, submissions: Path | None, course: Path | None) -> Works:
    """Read a folder of results, or of submissions beside which other programs may have left JSON."""
    from grader.classes.results import read_results
    from grader.errors import UsageError
    from grader.submissions.names import SUFFIXES

    if any(folder.glob("*.json")):
        try:
            return _of_results(read_results(folder), submissions, course)
        except UsageError:
            if not any(path.is_dir() or path.suffix.lower() in (*SUFFIXES, ".zip") for path in folder.iterdir()):
                raise
    return _of_class(folder, assignment, course)


def _of_results(results: ClassResults, submissions: Path | None, explicit: Path | None) -> Works:
    """Read a graded class; what was handed out is known where its course is at hand."""
    from grader.classes.similar.works import Given, from_results
    from grader.course.reading import find_course, load_assignment
    from grader.errors import CourseNotFound
    from grader.submissions.found import Wanted

    name = results.view.assignment
    exercises = next((item.exercises for item in results.submissions if item.exercises), ())
    names = tuple(item.exercise for item in exercises)
    wanted, given = Wanted(assignment=name, exercises=names, assignments=(name,)), Given()
    try:
        course = find_course(explicit)
    except CourseNotFound:
        if explicit is not None:
            raise
        course = None
    if course is not None and name in course.names:
        wanted, given = _known(load_assignment(course, name))
    return from_results(results, wanted, given, sources=submissions)


def _of_class(folder: Path, said: str | None, explicit: Path | None) -> Works:
    """Read a folder of submissions, which needs the course: only it says what they are of."""
    from grader.classes.similar.works import from_found
    from grader.classes.telling_apart import told_apart
    from grader.course.reading import find_course, load_assignment
    from grader.submissions.discover import discover, is_of_others, the_assignment

    course = find_course(explicit)
    found = told_apart(discover([str(folder)], course.names))
    name = the_assignment(said, found, course.names)
    wanted, given = _known(load_assignment(course, name))
    return from_found([item for item in found if not is_of_others(item, name, course.names)], wanted, given)


def _known(assignment: Assignment) -> tuple[Wanted, Given]:
    """Return what is looked for, and what is nobody's own: what was handed out, and the right work of the authors."""
    from grader.classes.similar.works import read_given
    from grader.course.catalogue import read_alternatives
    from grader.errors import CourseError
    from grader.submissions.found import Wanted

    released = assignment.course.released(assignment.name)
    names = (f"{assignment.name}.py", f"{assignment.name}.ipynb", f"test_{assignment.name}.py", "exercises.py")
    others = [*read_alternatives(assignment).values(), assignment.reference.read_text("utf-8")]
    wanted = Wanted(assignment=assignment.name, exercises=assignment.names, assignments=assignment.course.names)
    try:
        files = {name: (released / name).read_bytes() for name in names if (released / name).is_file()}
        return wanted, read_given(files, others, assignment.names)
    except (OSError, ValueError) as error:
        raise CourseError(f"{released}: {error}; `grader release {assignment.name}` writes it anew") from error
