"""`grader serve`: keep checkers warm, so that pushes are answered sooner."""

from __future__ import annotations

import os
from pathlib import Path

import click

from grader.commands.course_option import course_option

__all__ = ["serve"]


@click.command(short_help="Keep checkers warm for pushes.")
@click.option(
    "--idle",
    type=click.FloatRange(min=1),
    default=900.0,
    show_default=True,
    metavar="SECONDS",
    help="How long an assignment that nobody asks for stays warm.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    help="Submissions at the same time; the others wait for their turn.",
)
@course_option
def serve(idle: float, jobs: int, course: Path | None) -> None:
    """Keep checkers warm behind a Unix socket that only you can use, until Ctrl-C.

    The hook of `grader hook` asks it where it runs, and grades by itself where it does not.
    """
    from grader.course.reading import find_course
    from grader.service.daemon import serve as run

    run(find_course(course), idle_seconds=idle, jobs=jobs)
