"""`grader translate`: bring the catalogues of an assignment's texts in another language up to date."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.commands.exits import Exit

__all__ = ["translate"]


@click.command(short_help="Keep what an assignment says in another language.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--lang", "language", metavar="LANGUAGE", required=True, help="The language, such as ko.")
@course_option
def translate(names: tuple[str, ...], language: str, course: Path | None) -> None:
    """Write solutions/<name>/locale/<language>/ anew, and say how much of it is translated.

    Write what is missing into the `.po` files there, and run it again: it compiles them. What is missing is said in
    English. Exit code 1 where a translation lacks a placeholder of its message, or has another one.
    """
    from grader.authoring.translations import faults, lacking, read, refresh_course
    from grader.course.reading import find_course, load_assignment

    found = find_course(course)
    well = True
    for name in names or found.names:
        for path in refresh_course(load_assignment(found, name), language):
            if path.suffix == ".po":
                catalogue = read(path, language)
                left = len(lacking(catalogue))
                click.echo(f"{path}: {len(catalogue) - left} of {len(catalogue)} translated")
                for fault in faults(catalogue):
                    click.echo(f"  {fault}", err=True)
                    well = False
    sys.exit(Exit.WELL if well else Exit.BROKEN)
