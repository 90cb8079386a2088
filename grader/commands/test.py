"""`grader test`: a student's own run of the visible tests."""

from __future__ import annotations

import os
import sys

import click

from grader.commands.lang_option import lang_option
from grader.errors import UsageError

__all__ = ["test"]


@click.command(short_help="Test your own work by the visible tests.")
@click.argument("name", default="")
@click.option("--watch", is_flag=True, help="Test again at each save, first what has changed.")
@click.option("--hint", "hints", count=True, help="Give a hint; a further one where it stands twice.")
@lang_option("The language that it speaks.  [default: the locale's]")
def test(name: str, *, watch: bool, hints: int, language: str | None) -> None:
    """Say what is done, one thing that is not right yet, and what comes next.

    Run it in the folder of an assignment as it was handed out, or in one with several of them. NAME is an exercise,
    an assignment, or both as assignment/exercise. Your code runs on this machine as you would run it, unconfined.

    Exit code 0 where all exercises are right, 1 where they are not, 2 for a wrong use.
    """
    from grader.kit import student
    from grader.kit.folder import NotFoundHere
    from grader.languages.choosing import DEFAULT, of_locale
    from grader.languages.tongue import speak

    try:
        sys.exit(student.test(name, watch=watch, hints=hints, command="grader test", language=language or ""))
    except NotFoundHere as error:
        tongue = speak(language or of_locale(os.environ) or DEFAULT)
        raise UsageError(tongue(str(error))) from error
