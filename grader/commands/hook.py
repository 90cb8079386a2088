"""`grader hook`: grade what is pushed to a bare repository."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.commands.course_option import course_option

__all__ = ["hook"]


@click.group(short_help="Grade what is pushed to a bare repository.")
def hook() -> None:
    """Grade on each push to a bare git repository, with nothing but git: a post-receive hook."""


@hook.command(short_help="Put the hook into a repository.")
@click.argument("repository", metavar="REPO.git", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--student", metavar="NAME", help="Whose repository it is; its own name if left out.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Results and attempts go there, of many repositories; into the repository's folder if left out.",
)
@course_option
def install(repository: Path, *, student: str | None, state: Path | None, course: Path | None) -> None:
    """Put a post-receive hook into a bare repository: who pushes reads the feedback, and the result is stored.

    Pushes have to come in through an account that students have no shell on: the hook reads the course.
    """
    from grader.channels.git.install import install as put
    from grader.course.reading import find_course

    click.echo("\n".join(put(repository, find_course(course), state=state, student=student)))


@hook.command(hidden=True)
@click.argument("repository", type=click.Path(path_type=Path))
def run(repository: Path) -> None:
    """Grade the push whose refs git writes to standard input."""
    from grader.channels.git.hook import receive

    receive(repository, sys.stdin.buffer)
