"""The option that says where the private course is, the same for every command that reads one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

__all__ = ["course_option"]

_Command = TypeVar("_Command", bound=Callable[..., object])


def course_option(command: _Command) -> _Command:
    """Give a command the option --course."""
    text = "The folder with the private course."
    return click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help=text)(command)
