"""Write the results of a class into a folder: JSON and Markdown of each submission, and grades.csv."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from dataclasses import replace
from pathlib import Path, PurePath

from grader.errors import UsageError
from grader.markdown import to_markdown
from grader.report import Audience, Report, seen_by, to_json
from grader.whole import write_whole

__all__ = ["prepare", "table_cell", "to_csv", "write_files"]

_MAX_NAME_BYTES = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and their wide forms


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


def to_csv(report: Report, audience: Audience) -> str:
    """Return one row per submission; the score is blank where there is none, and no cell is a formula."""
    report = seen_by(report, audience)
    names = next(([item.exercise for item in one.exercises] for one in report.submissions if one.exercises), [])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)  # who reads it may split at semicolons
    writer.writerow(["submission", "status", "score", "max_score", *names, "notes"])
    for item in report.submissions:
        scores = {exercise.exercise: exercise.score for exercise in item.exercises}
        row = [table_cell(item.submission), item.status, _points(item.score), f"{item.max_score:g}"]
        row += [_points(scores.get(name)) for name in names]
        writer.writerow([*row, table_cell("; ".join(item.notes))])
    return out.getvalue()


def _points(score: float | None) -> str:
    return "" if score is None else f"{score:g}"


def table_cell(text: str) -> str:
    """Return a text as a cell of a table, kept from being run as a formula by a spreadsheet."""
    return f"'{text}" if text.startswith(_FORMULA) else text
