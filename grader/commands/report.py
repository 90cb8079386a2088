"""`grader report`: write the page of a class from the results of `grader grade --out`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.course_option import course_option

__all__ = ["report"]


@click.command(short_help="Write the page of a class.")
@click.argument("results", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The page; without this, report.html in the folder of results.",
)
@click.option("--students", is_flag=True, help="Write a page for each student as well, into a folder beside it.")
@course_option
def report(results: Path, out: Path | None, students: bool, course: Path | None) -> None:  # noqa: FBT001 - click's
    """Write the page of a class, from the RESULTS that `grader grade CLASS --out RESULTS` has left.

    It is one file of HTML that needs no other: scores, exercises, the commonest mistakes with an example of each, what
    the checks are worth, and every student. Nothing is graded. What each check finds alone is read from the course.
    """
    from grader.commands.reporting import write_report

    for line in write_report(results, out or results / "report.html", students=students, course=course):
        click.echo(line)
