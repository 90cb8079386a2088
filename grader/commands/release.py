"""`grader release`: generate what is handed out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.course_option import course_option
from grader.commands.exits import Exit
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.assignment import Course

__all__ = ["release"]


@click.command(short_help="Generate assignments/ from solutions/.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; fail where assignments/ has drifted from solutions/.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write them there instead."
)
@click.option("--zip", "archive", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Pack them.")
@click.option(
    "--for",
    "roster",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="ROSTER",
    help="Make in --out or --zip a folder for each student of this CSV, with data of their own if it is individual.",
)
@course_option
def release(
    names: tuple[str, ...],
    *,
    check: bool,
    out: Path | None,
    archive: Path | None,
    roster: Path | None,
    course: Path | None,
) -> None:
    """Generate assignments/ from solutions/: stubs, notebooks, visible tests, and the tables of points.

    With --out or --zip, make what is handed out somewhere else, and leave assignments/ alone.
    """
    from grader.course.reading import find_course

    if sum([check, out is not None, archive is not None]) > 1:
        raise UsageError("--check, --out and --zip exclude one another")
    found = find_course(course)
    chosen = names or found.names
    if roster is not None:
        if out is None and archive is None:
            raise UsageError(f"--for {roster}: say --out or --zip, in which each student has a folder")
        _release_for(found, chosen, roster, out, archive)
    elif out is not None:
        from grader.handout.release import hand_out

        click.echo("\n".join(f"wrote {path}" for path in hand_out(found, chosen, out)))
    elif archive is not None:
        from grader.handout.release import zip_out

        zip_out(found, chosen, archive)
        click.echo(f"wrote {archive}")
    elif check:
        sys.exit(_check(found, chosen))
    else:
        from grader.handout.release import write

        click.echo("\n".join(f"wrote {path}" for name in chosen for path in write(found, name)))


def _check(course: Course, names: Sequence[str]) -> Exit:
    """Name the files that have drifted; what was found without drift before is not generated again."""
    from grader.commands.unchanged import Unchanged

    unchanged = Unchanged(course, names)
    if unchanged:
        return Exit.WELL
    from grader.handout.release import drift

    drifted = [path for name in names for path in drift(course, name)]
    for path in drifted:
        click.echo(f"{path} differs from what solutions/ gives; run `grader release`", err=True)
    if drifted:
        return Exit.BROKEN
    unchanged.keep()
    return Exit.WELL


def _release_for(course: Course, names: Iterable[str], roster: Path, out: Path | None, archive: Path | None) -> None:
    """Write a folder for each student of a roster, who stand in the course's register from then on."""
    from grader.classes.register import register
    from grader.classes.roster import read_roster
    from grader.course.reading import load_assignment
    from grader.handout.individual import handouts
    from grader.handout.release import write_files
    from grader.packaging.archive import write_zip

    assignments = [load_assignment(course, name) for name in names]
    if not any(item.individual for item in assignments):
        said = f"none of {', '.join(item.name for item in assignments)} is individual"
        raise UsageError(f"--for {roster}: {said}; write individual = true into its assignment.toml")
    try:
        listed = read_roster(roster)
    except UsageError as error:
        raise UsageError(str(error).replace("--roster", "--for", 1)) from error
    students = register(course, listed, roster)
    made = handouts(assignments, students, roster)
    if archive is not None:
        write_zip(archive, ({f"{item.folder}/{file}": data for file, data in item.files.items()} for item in made))
        click.echo(f"wrote {archive}")
    elif out is not None:
        for item in made:
            write_files(out / item.folder, item.files)
            click.echo(f"wrote {out / item.folder}")
    click.echo(f"Keep {course.secret} and {course.register} private, and with the course: grading needs both.")
