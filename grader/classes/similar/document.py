"""Write a comparison as JSON, as docs/schemas/similar-v1.json describes it."""

from __future__ import annotations

import json

from grader.classes.similar.comparing import Alike, Comparison
from grader.classes.similar.evidence import Shared
from grader.classes.similar.works import Work

__all__ = ["SCHEMA", "to_document"]

SCHEMA = "grader/similar/v1"


def to_document(comparison: Comparison) -> str:
    """Return the whole comparison as JSON: the same text for the same class."""
    document = {
        "schema": SCHEMA,
        "assignment": comparison.assignment,
        "submissions": comparison.submissions,
        "of_pairs": comparison.of_pairs,
        "with_handed_out": comparison.with_handed_out,
        "independent": comparison.independent,
        "notes": list(comparison.notes),
        "pairs": [_pair(pair) for pair in comparison.pairs],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _pair(pair: Alike) -> dict[str, object]:
    return {
        "first": _work(pair.first),
        "second": _work(pair.second),
        "strength": round(pair.strength, 3),
        "shared": [_shared(item) for item in pair.shared],
    }


def _work(work: Work) -> dict[str, str]:
    return {"submission": work.submission, "student": work.student}


def _shared(item: Shared) -> dict[str, object]:
    return {
        "kind": item.kind.value,
        "certain": item.certain,
        "others": item.others,
        "first_where": item.first_where,
        "second_where": item.second_where,
        "rows": [{"first": row.first, "second": row.second, "others": row.others} for row in item.rows],
    }
