"""The command of a student: `grader test`, and `python -m _course` where only the release is there.

A student has this file as `_course/kit/student.py`. It needs nothing but Python until tests run.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ..languages.choosing import DEFAULT, languages, of_locale
from ..languages.tongue import speak
from .folder import NotFoundHere, folders_at, pick
from .practice import Practice
from .screen import Screen

__all__ = ["main", "test"]


def test(name: str, *, watch: bool, hints: int, command: str, language: str) -> int:
    """Test what `name` means in this folder: an assignment, an exercise, a folder, or all that is there.

    It speaks the `language`, or that of the locale where it is "", else English.
    Returns 0 where all exercises are right, else 1; raises NotFoundHere where there is nothing of that name.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a student's text may hold what an old console of Windows can't show
            stream.reconfigure(errors="replace")
    here = Path.cwd()
    if name and (here / name).is_dir():
        here, name = here / name, ""
    elif name.count("/") > 1 or name.startswith((".", "/")):
        raise NotFoundHere(f"there is no folder {name}")
    folders, only = pick(folders_at(here.resolve()), name)
    language = language or of_locale(os.environ) or DEFAULT
    tongue = speak(language, [folder.locale for folder in folders])
    practice = Practice(Screen(sys.stdout, tongue=tongue), folders, only, hints=hints, command=command)
    return 0 if (practice.watch() if watch else practice.once()) else 1


def main(command: str, arguments: Sequence[str] | None = None) -> int:
    """Run the command line of a release, which is called by `command`; return its exit code, 2 for a wrong use."""
    parser = argparse.ArgumentParser(
        prog=command,
        description="Test your work by the visible tests: what is done, one thing that is not right yet, what is next.",
        epilog="Exit code 0: all exercises are right; 1: not yet; 2: wrong use.",
    )
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="test this exercise alone")
    parser.add_argument("--watch", action="store_true", help="test again at each save")
    parser.add_argument("--hint", action="count", default=0, help="give a hint; a further one where it stands twice")
    parser.add_argument("--lang", choices=languages(), default="", help="the language; by default the locale's")
    given = parser.parse_args(arguments)
    try:
        return test(given.name, watch=given.watch, hints=given.hint, command=command, language=given.lang)
    except NotFoundHere as error:
        said = speak(given.lang or of_locale(os.environ) or DEFAULT)(str(error))
        print(f"{command}: {said}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return 130
