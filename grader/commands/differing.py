"""Print how the grades of a class differ, and say by an exit code whether they do."""

from __future__ import annotations

import sys

from grader.classes.changes import Differences
from grader.commands.exits import Exit
from grader.commands.results import no_commands

__all__ = ["end_with"]


def end_with(found: Differences, form: str, *, exit_code: bool) -> Exit:
    """Print differences as a table, as csv or as json; return the exit code, which tells of them where it is to."""
    if form == "table":
        from grader.classes.difference_table import print_differences

        with no_commands():
            print_differences(found)
    else:
        from grader.classes.difference_forms import differences_csv, differences_json

        sys.stdout.write(differences_csv(found) if form == "csv" else differences_json(found))
    return Exit.CHANGED if exit_code and found.changed else Exit.WELL
