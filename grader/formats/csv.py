"""Write a view as a table of scores, a row for each submission."""

from __future__ import annotations

import csv
import io

from grader.report.view import View

__all__ = ["table_cell", "to_csv"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and their wide forms


def to_csv(view: View) -> str:
    """Return one row per submission, and one for whoever of the roster has none; no cell is a formula.

    The score is blank where there is none. The status tells a stub that was handed in from work that failed, which
    have the same score; in JSON the statuses of its exercises do.
    """
    names = next(([item.exercise for item in one.exercises] for one in view.submissions if one.exercises), [])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)  # who reads it may split at semicolons
    writer.writerow(["submission", "student", "status", "score", "max_score", *names, "notes"])
    for item in view.submissions:
        scores = {exercise.exercise: exercise.score for exercise in item.exercises}
        row = [
            table_cell(item.submission),
            table_cell(item.student or ""),
            "not_attempted" if item.not_attempted else item.status,
            _points(item.score),
            f"{item.max_score:g}",
        ]
        row += [_points(scores.get(name)) for name in names]
        writer.writerow([*row, table_cell("; ".join(item.notes))])
    maximum = f"{view.submissions[0].max_score:g}" if view.submissions else ""
    for one in view.absent:
        row = ["", table_cell(one.student), one.status, "", maximum, *("" for _ in names), table_cell(one.note)]
        writer.writerow(row)
    return out.getvalue()


def _points(score: float | None) -> str:
    return "" if score is None else f"{score:g}"


def table_cell(text: str) -> str:
    """Return a text as a cell of a table, kept from being run as a formula by a spreadsheet."""
    return f"'{text}" if text.startswith(_FORMULA) else text
