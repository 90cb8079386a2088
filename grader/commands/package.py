"""`grader package`: pack an assignment for a service that runs the grader."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.formats.forms import Visibility

__all__ = ["package"]


@click.group(short_help="Pack an assignment for a service that runs the grader.")
def package() -> None:
    """Pack an assignment with its private course and the grader, for a service that runs it."""


@package.command(short_help="Make an autograder for Gradescope.")
@click.argument("name", metavar="NAME")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write there; NAME-gradescope.zip if left out.",
)
@click.option(
    "--hidden",
    type=click.Choice([item.value for item in Visibility]),
    default=Visibility.VISIBLE.value,
    show_default=True,
    help="When students see the results of hidden checks.",
)
@course_option
def gradescope(name: str, *, out: Path | None, hidden: str, course: Path | None) -> None:
    """Write the zip that an instructor uploads as an assignment's autograder.

    It holds the solutions and the hidden tests: keep it private.
    """
    from grader.channels.gradescope.package import package_gradescope
    from grader.course.reading import find_course

    target = out or Path(f"{name}-gradescope.zip")
    click.echo("\n".join(package_gradescope(find_course(course), name, target, hidden=Visibility(hidden))))
