"""`grader doctor`: check whether this machine can grade."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.commands.exits import Exit

__all__ = ["doctor"]


@click.command(short_help="Check whether this machine can grade.")
@click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help="Prove that this course can't be read.")
def doctor(course: Path | None) -> None:
    """Say what this machine has for grading, what is missing, and what to do about it."""
    from grader.commands.machine import examine

    lines, able = examine(course)
    click.echo("\n".join(lines))
    sys.exit(Exit.WELL if able else Exit.BROKEN)
