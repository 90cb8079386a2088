"""`grader verify`: prove that a course is whole."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.commands.exits import Exit

__all__ = ["verify"]


@click.command(short_help="Prove that a course is whole.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@course_option
def verify(names: tuple[str, ...], *, course: Path | None) -> None:
    """Prove each assignment: stub, reference, visible tests, points, release, lesson; one line for each.

    Exit code 0 where everything holds, else 1, and every failure says what to do.
    """
    from grader.commands.proving import prove
    from grader.course.reading import find_course

    found = find_course(course)
    held = True
    for name in names or found.names:
        for finding in prove(found, name):
            held &= finding.holds
            click.echo(f"{'ok  ' if finding.holds else 'FAIL'}  {name:18}  {finding.text}")
    sys.exit(Exit.WELL if held else Exit.BROKEN)
