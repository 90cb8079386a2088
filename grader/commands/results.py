"""Write the results of a class into a folder: JSON and Markdown of each submission, and grades.csv."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path, PurePath

from grader.errors import UsageError
from grader.formats.csv import to_csv
from grader.formats.json import to_json
from grader.formats.markdown import to_markdown
from grader.report.report import Audience, Report
from grader.whole import write_whole

__all__ = ["prepare", "write_files"]

_MAX_NAME_BYTES = 200


def prepare(folder: Path) -> None:
    """Make the folder and try to write there; raises UsageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"--out {folder}: {error.strerror}") from error


def write_files(report: Report, folder: Path, audience: Audience) -> None:
    """Write `<submission>.json` and `.md` for each submission, and `grades.csv`, as this audience may see them.

    Whatever can be written is; then raises UsageError with what can't.
    """
    texts: dict[str, str] = {}
    taken: set[str] = set()
    for item in report.submissions:
        one = replace(report, submissions=(item,))
        name = _file_name(item.submission, taken)
        texts |= {f"{name}.json": to_json(one, audience), f"{name}.md": to_markdown(one, audience)}
    texts["grades.csv"] = to_csv(report, audience)
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
