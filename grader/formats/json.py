"""Write a report as JSON, its public form: one document, or a line for each submission."""

from __future__ import annotations

import json

from grader.course.assignment import FeedbackLevel
from grader.outcomes import Counterexample
from grader.report.report import (
    Audience,
    CheckReport,
    ExerciseReport,
    Report,
    SubmissionReport,
    counterexample,
    diagnosis,
    feedback,
    hint,
    seen_by,
    title,
)

__all__ = ["to_json", "to_json_lines"]

SCHEMA = "grader/report/v1"
LINE_SCHEMA = "grader/submission/v1"


def to_json(report: Report, audience: Audience) -> str:
    """Return the report as one JSON document, `grader/report/v1`, as this audience may see it."""
    report = seen_by(report, audience)
    document = {
        "schema": SCHEMA,
        "assignment": report.assignment,
        "sandbox": report.sandbox,
        "audience": audience,
        "submissions": [_submission(item, report.feedback, audience) for item in report.submissions],
    }
    return json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def to_json_lines(report: Report, audience: Audience) -> str:
    """Return a line of JSON for each submission, each by itself what `to_json` says of it."""
    report = seen_by(report, audience)
    head = {"schema": LINE_SCHEMA, "assignment": report.assignment, "sandbox": report.sandbox, "audience": audience}
    lines = ({**head, **_submission(item, report.feedback, audience)} for item in report.submissions)
    return "".join(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n" for line in lines)


def _submission(item: SubmissionReport, level: FeedbackLevel, audience: Audience) -> dict[str, object]:
    return {
        "submission": item.submission,
        "file": item.file,
        "sha256": item.sha256,
        "status": item.status,
        "score": item.score,
        "max_score": _number(item.max_score),
        "notes": list(item.notes),
        "seconds": {"total": item.seconds_total, "student": item.seconds_student},
        "exercises": [_exercise(exercise, level, audience) for exercise in item.exercises],
    }


def _exercise(item: ExerciseReport, level: FeedbackLevel, audience: Audience) -> dict[str, object]:
    return {
        "exercise": item.exercise,
        "title": item.title,
        "lines": None if item.lines is None else list(item.lines),
        "score": item.score,
        "max_score": _number(item.max_score),
        "status": item.status.value,
        "follow_through": item.follow_through,
        "diagnosis": [
            {"misconception": found.misconception, "text": found.text} for found in diagnosis(item, level, audience)
        ],
        "counterexample": _counterexample(counterexample(item, level, audience)),
        "hint": hint(item, level, audience),
        "checks": [_check(check, level, audience) for check in item.checks],
    }


def _check(item: CheckReport, level: FeedbackLevel, audience: Audience) -> dict[str, object]:
    return {
        "check": item.check,
        "title": title(item, level, audience),
        "hidden": not item.visible,
        "kind": item.kind.value,
        "status": item.status.value,
        "score": item.score,
        "max_score": _number(item.max_score),
        "feedback": feedback(item, level, audience),
    }


def _counterexample(found: Counterexample | None) -> dict[str, str] | None:
    return (
        None
        if found is None
        else {
            "call": found.call,
            "how": found.how,
            "returned": found.returned,
            "expected": found.expected,
        }
    )


def _number(value: float) -> float | int:
    """Write whole points as whole numbers: they are authored that way."""
    return int(value) if value == int(value) else value
