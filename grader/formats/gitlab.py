"""Write a view as GitLab's code quality report: remarks that a merge request shows on the student's lines.

A pure function of a view. Source: "Code Quality report format" in GitLab's documentation.
"""

from __future__ import annotations

import hashlib
import json

from grader.formats.annotations import Annotation, Level, annotate
from grader.report.view import View

__all__ = ["to_codequality"]

_SEVERITY = {Level.ERROR: "major", Level.WARNING: "blocker", Level.NOTICE: "info"}


def to_codequality(view: View) -> str:
    """Return a JSON list with one entry for each remark; its fingerprint stays while the same exercise fails."""
    entries = [_entry(item, view.assignment) for item in annotate(view)]
    return json.dumps(entries, indent=1, ensure_ascii=True) + "\n"


def _entry(item: Annotation, assignment: str) -> dict[str, object]:
    key = json.dumps([assignment, item.submission, item.path, item.name])
    return {
        "description": f"{item.title}\n{item.text}",
        "check_name": f"{assignment}.{item.name}",
        "fingerprint": hashlib.sha256(key.encode()).hexdigest(),
        "severity": _SEVERITY[item.level],
        "location": {
            "path": item.path.removeprefix("./"),
            "lines": {"begin": 1 if item.lines is None else item.lines[0]},
        },
    }
