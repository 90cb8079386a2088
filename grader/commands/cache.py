"""`grader cache`: show and clear what is kept between runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.course_option import course_option

if TYPE_CHECKING:
    from grader.judge.store import Store

__all__ = ["cache"]


@click.command(short_help="Show or clear what is kept between runs.")
@click.option("--clear", is_flag=True, help="Remove all of it; the next run of each assignment computes it again.")
@click.option("--fill", is_flag=True, help="Compute it now, as in an image from which each submission starts anew.")
@course_option
def cache(*, clear: bool, fill: bool, course: Path | None) -> None:
    """Show what is kept between runs: of each assignment its examples with what is expected of them, and its results.

    It is only a way to be faster, and is read by its owner alone. Results are those of runs with --out.
    """
    from grader.errors import GraderError, UsageError
    from grader.judge.results import clear_results, kept_results
    from grader.judge.store import Store, store_folder

    store = Store(folder=store_folder())
    problem = store.problem()
    if clear and fill:
        raise UsageError("--clear and --fill: take one of them")
    if fill:
        _fill(course, store)
    try:
        if clear:
            click.echo(f"{store.folder}: {store.clear() + clear_results(store.folder)} removed")
            return
        entries, results = store.entries(), kept_results(store.folder)
    except OSError as error:
        raise GraderError(f"{store.folder}: {error.strerror}") from error
    click.echo(f"{store.folder}: {'nothing is kept' if not entries else f'{len(entries)} kept'}")
    for name, size in entries:
        click.echo(f"  {name.partition('.')[0]:<40} {size / 2**20:6.2f} MiB")
    for name, number, size in results:
        click.echo(f"  {name:<40} {size / 2**20:6.2f} MiB in {number} results")
    if problem:
        click.echo(f"not used: {problem}")


def _fill(course: Path | None, store: Store) -> None:
    from grader.course.reading import find_course, load_assignment
    from grader.judge.collecting import with_suite

    found = find_course(course)
    for name in found.names:
        with_suite(load_assignment(found, name), lambda _: None, store=store)
