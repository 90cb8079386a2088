"""`grader cache`: show and clear what is kept between runs."""

from __future__ import annotations

import click

__all__ = ["cache"]


@click.command(short_help="Show or clear what is kept between runs.")
@click.option("--clear", is_flag=True, help="Remove all of it; the next run of each assignment computes it again.")
def cache(clear: bool) -> None:  # noqa: FBT001 - click's
    """Show what is kept between runs: of each assignment its drawn examples, and what is expected of them.

    It is only a way to be faster, holds nothing of any submission, and is read by its owner alone.
    """
    from grader.errors import GraderError
    from grader.judge.store import Store, store_folder

    store = Store(folder=store_folder())
    problem = store.problem()
    try:
        if clear:
            click.echo(f"{store.folder}: {store.clear()} removed")
            return
        entries = store.entries()
    except OSError as error:
        raise GraderError(f"{store.folder}: {error.strerror}") from error
    click.echo(f"{store.folder}: {'nothing is kept' if not entries else f'{len(entries)} kept'}")
    for name, size in entries:
        click.echo(f"  {name.partition('.')[0]:<40} {size / 2**20:6.2f} MiB")
    if problem:
        click.echo(f"not used: {problem}")
