"""`grader grade --against`: say at the end whose grade is another one than an earlier run has written."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from grader.classes.results import ClassResults, read_results
from grader.commands.options import Options
from grader.commands.results import no_commands
from grader.errors import UsageError
from grader.report.report import Report
from grader.report.view import view

__all__ = ["earlier_results", "print_against"]


def earlier_results(options: Options, assignment: str) -> ClassResults | None:
    """Return the results to compare with, if any, before anything is graded.

    Raises UsageError for those that can't be read or are of another assignment, and for the folder of `--out`: they
    would be gone before anybody has read what changes.
    """
    folder = options.against
    if folder is None:
        return None
    if options.out is not None and os.path.realpath(options.out.folder) == os.path.realpath(folder):
        raise UsageError(
            f"--against {folder}: that is the folder of --out, and its results would be written over; "
            "give --out another folder, or leave it out to see what would change"
        )
    found = read_results(folder)
    if found.view.assignment != assignment:
        raise UsageError(f"--against {folder}: that holds results of {found.view.assignment}, and this is {assignment}")
    return found


def print_against(old: ClassResults | None, report: Report, options: Options, *, whole: bool) -> None:
    """Print the differences: below the table, or on standard error where another form is printed.

    The report is seen as the old results' reader sees it. Unless it is of the `whole` class, only who is in it counts.
    """
    if old is None:
        return
    from grader.classes.difference_table import print_differences
    from grader.classes.differences import differences

    seen = view(report, old.view.audience)
    new = ClassResults(
        folder=options.out.folder if options.out is not None else Path("this run"),
        view=seen,
        files={},
        made_of={item.submission: seen.made_of for item in seen.submissions},
        unread=(),
    )
    found = differences(old, new, whole=whole)
    if options.form is None:
        with no_commands():
            print_differences(found)
    else:
        print_differences(found, sys.stderr)
