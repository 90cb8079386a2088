"""Hand over what was graded: print it, and write the files that were asked for.

Everything that can be written is, and only then is said what can't.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from grader.commands.options import Options
from grader.commands.out_folder import OutFolder
from grader.errors import GraderError, UsageError
from grader.formats.forms import ENTRUSTED, Form, render
from grader.languages.tongue import Tongue
from grader.report.entrusted import entrust
from grader.report.in_language import entrusted_in_language, in_language
from grader.report.report import Audience, Report
from grader.report.view import View, view
from grader.whole import write_whole

__all__ = ["hand_over", "no_commands", "print_form"]


def hand_over(report: Report, options: Options, out: OutFolder | None, tongue_of: Callable[[Audience], Tongue]) -> None:
    """Write and print everything that can be, each in its reader's language, and only then raise what can't."""
    errors: list[str] = []
    for copy in options.copies:
        try:
            write_whole(copy.path, _written(report, copy.audience, copy.form, tongue_of(copy.audience)).encode())
        except OSError as error:
            errors.append(f"--write {copy.form}={copy.path}: {error.strerror}")
        except GraderError as error:
            errors.append(f"--write {copy.form}={copy.path}: {error}")
    if out is not None:
        try:
            out.finish()
        except UsageError as error:
            errors.append(str(error))
    try:
        _print(report, options, tongue_of(options.audience))
    except GraderError as error:
        errors.append(str(error))
    if errors:
        raise UsageError("; ".join(errors))


def _written(report: Report, audience: Audience, form: Form, tongue: Tongue) -> str:
    if form in ENTRUSTED:
        return render(entrusted_in_language(entrust(report, audience), tongue), form)
    return render(in_language(view(report, audience), tongue), form)


def _print(report: Report, options: Options, tongue: Tongue) -> None:
    """Print the report in the form that is asked for."""
    if options.form is None:
        seen = view(report, options.audience)
        print_form(in_language(seen, tongue) if len(seen.submissions) == 1 else seen, None)  # a class is the staff's
    else:
        sys.stdout.write(_written(report, options.audience, options.form, tongue))


def print_form(seen: View, form: Form | None) -> None:
    """Print a view in a form, or draw it as a table, a class with its summary; what draws is loaded only for that."""
    if form is not None:
        sys.stdout.write(render(seen, form))
        return
    from grader.formats.table import print_view

    with no_commands():
        print_view(seen)
        if len(seen.submissions) > 1 or seen.absent:
            from grader.classes.screen import print_summary

            print_summary(seen)


@contextmanager
def no_commands() -> Iterator[None]:
    """In a job of GitHub's, let its runner take nothing that is printed here as a command: a line may be folded."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        yield
        return
    mark = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{mark}\n")
    yield
    sys.stdout.write(f"::{mark}::\n")
