"""Write a view as JSON, its public form: one document, or a line for each submission."""

from __future__ import annotations

import json

from grader.report.plain import plain
from grader.report.view import View

__all__ = ["to_json", "to_json_lines"]

SCHEMA = "grader/report/v1"
LINE_SCHEMA = "grader/submission/v1"


def to_json(view: View) -> str:
    """Return the view as one JSON document, `grader/report/v1`."""
    document = {**_head(view, SCHEMA), "submissions": [plain(item) for item in view.submissions]}
    return json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def to_json_lines(view: View) -> str:
    """Return a line of JSON for each submission, each by itself what `to_json` says of it."""
    lines = ({**_head(view, LINE_SCHEMA), **plain(item)} for item in view.submissions)
    return "".join(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n" for line in lines)


def _head(view: View, schema: str) -> dict[str, object]:
    head: dict[str, object] = {
        "schema": schema,
        "assignment": view.assignment,
        "sandbox": view.sandbox,
        "audience": view.audience.value,
    }
    if view.feedback is not None:
        head["feedback"] = view.feedback.value
    return {**head, **({"made_of": dict(view.made_of)} if view.made_of else {})}
