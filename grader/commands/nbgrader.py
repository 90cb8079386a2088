"""`grader nbgrader`: work with a course of nbgrader."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.commands.exits import Exit
from grader.errors import UsageError
from grader.formats.forms import ScoreTable

__all__ = ["nbgrader"]


@click.group(short_help="Work with a course of nbgrader.")
def nbgrader() -> None:
    """Make a course for nbgrader, collect submissions into it, and export its grades; say what a new grading changes.

    Everything else is nbgrader's own: `nbgrader generate_assignment`, `autograde`, `generate_feedback`.
    """


@nbgrader.command(short_help="Make a course for nbgrader, or add to one.")
@click.argument("folder", metavar="COURSE_DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--db", metavar="URL", help="The gradebook's database; gradebook.db in COURSE_DIR if left out.")
@click.option("--force", is_flag=True, help="Overwrite files in source/ that differ from what is released now.")
@course_option
def init(folder: Path, *, db: str | None, force: bool, course: Path | None) -> None:
    """Write nbgrader_config.py, gradebook.db, and source/ with every assignment, without any solution.

    What is there already is kept, and said.
    """
    from grader.channels.nbgrader.command import init as make
    from grader.course.reading import find_course

    click.echo("\n".join(make(folder, find_course(course), db_url=db, force=force)))


@nbgrader.command(short_help="Copy what students handed in into submitted/.")
@click.argument("path", metavar="FOLDER|ZIP", type=click.Path(exists=True, path_type=Path))
@click.option("--into", "folder", default=".", metavar="COURSE_DIR", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what a student handed in before.")
@click.option("--assignment", metavar="NAME", help="What files are of whose names and folders say no assignment.")
def collect(path: Path, *, folder: Path, force: bool, assignment: str | None) -> None:
    """Collect modules and notebooks from a folder with one for each student, or a learning platform's zip.

    Exit code 1 where something could not be placed, or was kept as it is; everything else is collected then.
    """
    from grader.channels.nbgrader.command import collect_into

    lines, problems = collect_into(folder, path, force=force, assignment=assignment)
    click.echo("\n".join([*lines, f"{len(lines)} submissions collected or unchanged, {len(problems)} not"]))
    for problem in problems:
        click.echo(f"not collected: {problem}", err=True)
    sys.exit(Exit.BROKEN if problems else Exit.WELL)


@nbgrader.command(short_help="Export the grades by exercise.")
@click.argument("folder", metavar="[COURSE_DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice([item.value for item in ScoreTable]),
    default=ScoreTable.CSV.value,
    show_default=True,
)
@click.option("--assignment", "assignments", multiple=True, metavar="NAME", help="Only this one; may be repeated.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write there.")
def export(folder: Path, form: str, assignments: tuple[str, ...], to: Path | None) -> None:
    """Write the points of every exercise as CSV, as Canvas and Moodle import it, or plain.

    What is not graded is blank, and named on standard error.
    """
    from grader.channels.nbgrader.command import export as table

    text, without = table(folder, ScoreTable(form), assignments)
    if to is None:
        click.echo(text, nl=False)
    else:
        try:
            to.write_text(text, "utf-8", newline="")
        except OSError as error:
            raise UsageError(f"--to {to}: {error.strerror}") from error
        click.echo(f"wrote {to}")
    for line in without:
        click.echo(f"not graded: {line}", err=True)


@nbgrader.command(short_help="Say whose score a new autograde would change.")
@click.argument("assignment", metavar="ASSIGNMENT")
@click.argument("folder", metavar="[COURSE_DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Submissions at the same time.")
@click.option("--exit-code", is_flag=True, help="Exit with 4 where a score would change, or somebody is new.")
def diff(assignment: str, folder: Path, *, form: str, jobs: int, exit_code: bool) -> None:
    """Grade what lies in submitted/ as it is, and compare it with the gradebook, which stays as it is.

    To be run before `nbgrader autograde ASSIGNMENT --force`, when a check was mended.
    """
    from grader.channels.nbgrader.command import regrading
    from grader.commands.differing import end_with

    handed_in = regrading(folder, assignment)
    with click.progressbar(
        length=len(handed_in.found), label=f"grading {len(handed_in.found)}", file=sys.stderr
    ) as bar:
        found = handed_in.differences(jobs=jobs, each=lambda: bar.update(1))
    sys.exit(end_with(found, form, exit_code=exit_code))
