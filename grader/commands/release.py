"""`grader release`: generate what is handed out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.commands.exits import Exit
from grader.errors import UsageError

__all__ = ["release"]


@click.command(short_help="Generate assignments/ from solutions/.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; fail where assignments/ has drifted from solutions/.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write them there instead."
)
@click.option("--zip", "archive", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Pack them.")
@course_option
def release(
    names: tuple[str, ...], *, check: bool, out: Path | None, archive: Path | None, course: Path | None
) -> None:
    """Generate assignments/ from solutions/: stubs, notebooks, visible tests, and the tables of points.

    With --out or --zip, make what is handed out somewhere else, and leave assignments/ alone.
    """
    from grader.course.reading import find_course
    from grader.handout.release import drift, hand_out, write, zip_out

    if sum([check, out is not None, archive is not None]) > 1:
        raise UsageError("--check, --out and --zip exclude one another")
    found = find_course(course)
    chosen = names or found.names
    if out is not None:
        click.echo("\n".join(f"wrote {path}" for path in hand_out(found, chosen, out)))
    elif archive is not None:
        zip_out(found, chosen, archive)
        click.echo(f"wrote {archive}")
    elif check:
        drifted = [path for name in chosen for path in drift(found, name)]
        for path in drifted:
            click.echo(f"{path} differs from what solutions/ gives; run `grader release`", err=True)
        sys.exit(Exit.BROKEN if drifted else Exit.WELL)
    else:
        click.echo("\n".join(f"wrote {path}" for name in chosen for path in write(found, name)))
