"""`grader verify`: prove that a course is whole."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.commands.exits import Exit
from grader.errors import UsageError

__all__ = ["verify"]

_HYPOTHESIS = "HYPOTHESIS_STORAGE_DIRECTORY"


@click.command(short_help="Prove that a course is whole.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--mutants", is_flag=True, help="Also change the references place by place: which changes cost no points?"
)
@click.option("--catalogue", is_flag=True, help="Also grade every misconception and every alternative.")
@click.option("--draft", is_flag=True, help="Print misconceptions to choose from, made of mutants, and nothing else.")
@click.option("--watch", is_flag=True, help="Prove again at each save, until Ctrl+C.")
@course_option
def verify(
    names: tuple[str, ...], *, mutants: bool, catalogue: bool, draft: bool, watch: bool, course: Path | None
) -> None:
    """Prove each assignment: stub, reference, visible tests, points, release, lesson; one line for each.

    Exit code 0 where everything holds, else 1, and every failure says what to do. What warns is no failure.
    """
    from grader.course.reading import find_course

    if draft and (mutants or catalogue or watch):
        raise UsageError("--draft stands alone: what it prints is Python, for misconceptions.py")
    found = find_course(course)
    chosen = names or found.names
    if watch:
        from grader.authoring.watching import watch as watch_saves

        options = [*(["--mutants"] if mutants else []), *(["--catalogue"] if catalogue else [])]
        watch_saves(found, chosen, [*names, *options], click.echo)
        return
    sys.dont_write_bytecode = True  # a course's own files are imported; nothing is left beside them
    from grader.commands.watching import counting

    if draft:
        from grader.authoring.drafts import drafts_of

        with _drawing_elsewhere(), counting() as progress:
            for name in chosen:
                click.echo(drafts_of(found, name, progress))
        return
    from grader.authoring.proving import prove

    here = f"{Path.cwd()}{os.sep}"
    held = True
    with _ended_quietly(), _drawing_elsewhere(), counting() as progress:
        for name in chosen:
            for finding in prove(found, name, mutants=mutants, catalogue=catalogue, progress=progress):
                held &= finding.holds
                click.echo(f"{finding.level:4}  {name:18}  {finding.text.replace(here, '')}")
    sys.exit(Exit.WELL if held else Exit.BROKEN)


@contextlib.contextmanager
def _drawing_elsewhere() -> Iterator[None]:
    """Have hypothesis keep its files in a folder that goes away: nothing is left in a course."""
    before = os.environ.get(_HYPOTHESIS)
    with tempfile.TemporaryDirectory(prefix="chainrule-") as folder:
        os.environ[_HYPOTHESIS] = folder
        try:
            yield
        finally:
            os.environ.pop(_HYPOTHESIS)
            if before is not None:
                os.environ[_HYPOTHESIS] = before


@contextlib.contextmanager
def _ended_quietly() -> Iterator[None]:
    """End at SIGTERM, which `--watch` sends at a save, as at Ctrl+C: what was started ends, no folder is left."""
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True
        raise KeyboardInterrupt  # pytest takes any other exception for a failure of a test

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        if not ended:
            raise
        sys.exit(Exit.STOPPED)
    finally:
        signal.signal(signal.SIGTERM, before)
