"""Hand over what was graded: print it, write the files that were asked for, and fill the folder of `--out`.

Everything that can be written is, and only then is said what can't.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath

from grader.commands.options import Options
from grader.errors import GraderError, UsageError
from grader.formats.csv import to_csv
from grader.formats.forms import ENTRUSTED, Form, render
from grader.formats.json import to_json
from grader.formats.markdown import to_markdown
from grader.report.entrusted import entrust
from grader.report.report import Audience, Report
from grader.report.view import View, view
from grader.whole import write_whole

__all__ = ["hand_over", "prepare", "write_files"]

_MAX_NAME_BYTES = 200


def hand_over(report: Report, options: Options) -> None:
    """Write and print everything that can be, and only then raise what can't."""
    errors: list[str] = []
    for copy in options.copies:
        try:
            write_whole(copy.path, _written(report, copy.audience, copy.form).encode())
        except OSError as error:
            errors.append(f"--write {copy.form}={copy.path}: {error.strerror}")
        except GraderError as error:
            errors.append(f"--write {copy.form}={copy.path}: {error}")
    if options.out is not None:
        try:
            write_files(view(report, options.audience), options.out)
        except UsageError as error:
            errors.append(str(error))
    try:
        _print(report, options)
    except GraderError as error:
        errors.append(str(error))
    if errors:
        raise UsageError("; ".join(errors))


def _written(report: Report, audience: Audience, form: Form) -> str:
    return render(entrust(report, audience) if form in ENTRUSTED else view(report, audience), form)


def _print(report: Report, options: Options) -> None:
    """Print the report in the form that is asked for; what draws a table is loaded only where one is."""
    if options.form is None:
        from grader.formats.table import print_view

        with _no_commands():
            print_view(view(report, options.audience))
    else:
        sys.stdout.write(_written(report, options.audience, options.form))


@contextmanager
def _no_commands() -> Iterator[None]:
    """In a job of GitHub's, let its runner take nothing that is printed here as a command: a line may be folded."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        yield
        return
    mark = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{mark}\n")
    yield
    sys.stdout.write(f"::{mark}::\n")


def prepare(folder: Path) -> None:
    """Make the folder and try to write there; raises UsageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"--out {folder}: {error.strerror}") from error


def write_files(seen: View, folder: Path) -> None:
    """Write `<submission>.json` and `.md` for each submission, and `grades.csv`.

    Whatever can be written is; then raises UsageError with what can't.
    """
    texts: dict[str, str] = {}
    taken: set[str] = set()
    for item in seen.submissions:
        one = replace(seen, submissions=(item,))
        name = _file_name(item.submission, taken)
        texts |= {f"{name}.json": to_json(one), f"{name}.md": to_markdown(one)}
    texts["grades.csv"] = to_csv(seen)
    problems: list[str] = []
    for name, text in texts.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, text.encode())
        except OSError as error:
            problems.append(f"{error.strerror}: {folder / name}")
    if problems:
        raise UsageError(f"--out {folder}: {'; '.join(problems)}")


def _file_name(submission: str, taken: set[str]) -> str:
    """Return a file name for a submission that no other one has, whatever its own name is."""
    plain = re.sub(r"[^\w.() -]", "_", PurePath(submission).name).strip(". ")
    plain = plain.encode()[:_MAX_NAME_BYTES].decode(errors="ignore") or "submission"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.casefold())
    return name
