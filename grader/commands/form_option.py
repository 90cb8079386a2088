"""The option `--format` of commands that draw a table where no other form is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from grader.formats.forms import Form

__all__ = ["form_of", "form_option"]

_TABLE = "table"  # it is drawn, and no form
_Command = TypeVar("_Command", bound=Callable[..., Any])


def form_option(forms: Iterable[Form]) -> Callable[[_Command], _Command]:
    """Return the option, as `form`, with the table and these forms."""
    return click.option(
        "--format",
        "form",
        type=click.Choice([_TABLE, *(item.value for item in forms)]),
        default=_TABLE,
        show_default=True,
        help="What is printed.",
    )


def form_of(text: str) -> Form | None:
    """Return the form that the option names, None for the table."""
    return None if text == _TABLE else Form(text)
