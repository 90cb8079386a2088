"""The option `--lang`, and which language an audience reads of what is graded."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import click

from grader.course.assignment import Assignment
from grader.course.locale import tongue_for
from grader.course.reading import language_of
from grader.languages.choosing import languages, of_locale
from grader.languages.tongue import ENGLISH, Tongue
from grader.report.report import Audience

__all__ = ["lang_option", "tongue_of"]

_Command = TypeVar("_Command", bound=Callable[..., object])


def lang_option(text: str) -> Callable[[_Command], _Command]:
    """Return the option, as `language`, with this help; a language that there is not is a wrong use."""
    return click.option("--lang", "language", metavar="LANGUAGE", callback=_known, help=text)


def _known(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and value not in languages():
        raise click.BadParameter(f"{value!r} is none of {', '.join(languages())}")
    return value


def tongue_of(assignment: Assignment, audience: Audience, said: str | None) -> Tongue:
    """Return what an audience is spoken to in: students as said, else as the course sets, else as the locale says.

    The staff read English: what they compare, look for and report is then the same for everybody.
    """
    if audience is Audience.STAFF:
        return ENGLISH
    return tongue_for(assignment, said or language_of(assignment) or of_locale(os.environ))
