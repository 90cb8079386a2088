"""`grader diff`: whose grade changes between two gradings of a class, by which check, and why."""

from __future__ import annotations

import sys
from pathlib import Path

import click

__all__ = ["diff"]


@click.command(short_help="Say whose grade changes between two gradings.")
@click.argument("old", metavar="RESULTS-OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="RESULTS-NEW", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--exit-code", is_flag=True, help="Exit with 4 where a grade changes, or somebody is new or gone.")
def diff(old: Path, new: Path, *, form: str, exit_code: bool) -> None:
    """Compare two folders that `grader grade CLASS --out FOLDER` has filled.

    Says whose grade changes, by which check, from what to what, and what has changed: what was handed in, the
    hidden suite, assignment.toml, the reference, the grader, versions, the machine. Grades nothing.
    """
    from grader.classes.differences import differences
    from grader.classes.results import read_results
    from grader.commands.differing import end_with

    sys.exit(end_with(differences(read_results(old), read_results(new)), form, exit_code=exit_code))
