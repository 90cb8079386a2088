"""Write how the grades of a class differ for other programs: as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json

from grader.classes.changes import Change, Difference, Differences, ExerciseChange, Reason, Standing
from grader.classes.difference_words import causes, why
from grader.formats.csv import table_cell

__all__ = ["differences_csv", "differences_json"]

_SCHEMA = "grader/differences/v1"


def differences_csv(found: Differences) -> str:
    """Return a row for each submission, also of those that are as before, so that each column of scores has its sum.

    A score is blank where there is none, and no cell is a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)  # who reads it may split at semicolons
    sides = ("before", "now")
    scores = [f"{what}_{side}" for what in ("status", "score", "max_score") for side in sides]
    writer.writerow(["submission", "student", "change", *scores, "points", "checks", "why"])
    for item in found.items:
        both = (item.before, item.now)
        row = [table_cell(item.submission), table_cell(item.student or ""), item.change.value]
        row += ["" if one is None else one.status for one in both]
        row += ["" if one is None else _points(one.score) for one in both]
        row += ["" if one is None else _points(one.max_score) for one in both]
        reasons = why(item, found) if item.change is not Change.SAME else ""
        writer.writerow(
            [
                *row,
                _points(item.points),
                table_cell("; ".join(cause.words for cause in causes(item))),
                table_cell(reasons),
            ]
        )
    return out.getvalue()


def differences_json(found: Differences) -> str:
    """Return one document, `grader/differences/v1`, of all submissions."""
    document = {
        "schema": _SCHEMA,
        "assignment": found.assignment,
        "before": {"results": found.old, "score": _rounded(found.total(lambda item: item.before))},
        "now": {"results": found.new, "score": _rounded(found.total(lambda item: item.now))},
        "changed": len(found.changed),
        "notes": list(found.remarks),
        "submissions": [_plain(item, found) for item in found.items],
    }
    return json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _plain(item: Difference, found: Differences) -> dict[str, object]:
    return {
        "submission": item.submission,
        "student": item.student,
        "change": item.change.value,
        "before": _standing(item.before),
        "now": _standing(item.now),
        "points": _rounded(item.points),
        "exercises": [_exercise(exercise) for exercise in item.exercises],
        "reasons": [_reason(reason) for reason in item.reasons],
        "why": why(item, found) if item.change is not Change.SAME else "",
    }


def _exercise(item: ExerciseChange) -> dict[str, object]:
    checks = [
        {"check": one.check, "title": one.title, "before": _standing(one.before), "now": _standing(one.now)}
        for one in item.checks
    ]
    return {
        "exercise": item.exercise,
        "before": _standing(item.before),
        "now": _standing(item.now),
        "checks": checks,
    }


def _standing(item: Standing | None) -> dict[str, object] | None:
    return None if item is None else {"status": item.status, "score": item.score, "max_score": item.max_score}


def _reason(item: Reason) -> dict[str, object]:
    return {"what": item.what, "before": item.before, "now": item.now}


def _rounded(points: float | None) -> float | None:
    """Return points without what adding them up has left behind the ninth place."""
    return None if points is None else round(points, 9)


def _points(score: float | None) -> str:
    return "" if score is None else f"{_rounded(score):g}"
