"""The view of a submission as plain values: what JSON says of it, and what a fingerprint is made of."""

from __future__ import annotations

from grader.answers.pictures import Picture
from grader.outcomes import Counterexample, Diagnosis
from grader.report.view import CheckView, ExerciseView, SubmissionView

__all__ = ["plain"]


def plain(item: SubmissionView) -> dict[str, object]:
    """Return a submission as dictionaries, lists, texts and numbers, by the keys of `docs/schemas`."""
    return {
        "submission": item.submission,
        "student": item.student,
        "file": item.file,
        "sha256": item.sha256,
        "status": item.status.value,
        "score": item.score,
        "max_score": _number(item.max_score),
        "notes": list(item.notes),
        **({"for_staff": list(item.for_staff)} if item.for_staff else {}),
        **({"examples": list(item.examples)} if item.examples else {}),
        **({"withheld": True} if item.withheld else {}),
        "seconds": _seconds(item),
        "exercises": [_exercise(exercise) for exercise in item.exercises],
    }


def _seconds(item: SubmissionView) -> dict[str, float | None]:
    taken = item.seconds
    return {"total": None, "student": None} if taken is None else {"total": taken.total, "student": taken.student}


def _exercise(item: ExerciseView) -> dict[str, object]:
    return {
        "exercise": item.exercise,
        "title": item.title,
        "lines": None if item.lines is None else list(item.lines),
        **({"code": item.code} if item.code else {}),
        "score": item.score,
        "max_score": _number(item.max_score),
        "status": item.status.value,
        "follow_through": item.follow_through,
        "diagnosis": [_diagnosis(found) for found in item.diagnosis],
        "counterexample": None if item.counterexample is None else _counterexample(item.counterexample),
        **({} if item.picture is None else {"picture": _picture(item.picture)}),
        "hint": item.hint,
        "checks": [_check(check) for check in item.checks],
    }


def _diagnosis(found: Diagnosis) -> dict[str, str]:
    title = {"title": found.title} if found.title else {}
    return {"misconception": found.misconception, **title, "text": found.text}


def _counterexample(shown: Counterexample) -> dict[str, str]:
    return {"call": shown.call, "how": shown.how.value, "returned": shown.returned, "expected": shown.expected}


def _picture(shown: Picture) -> dict[str, object]:
    """Return a picture; the key is there only where there is one, so that no other report is another than before."""
    curves = [{"name": curve.name, "own": list(curve.own), "expected": list(curve.expected)} for curve in shown.curves]
    return {"case": shown.case, "axis": shown.axis, "at": list(shown.at), "curves": curves, "said": list(shown.said)}


def _check(item: CheckView) -> dict[str, object]:
    return {
        "check": item.check,
        "title": item.title,
        "hidden": not item.visible,
        "kind": item.kind.value,
        "status": item.status.value,
        "score": item.score,
        "max_score": _number(item.max_score),
        "feedback": item.feedback,
        **({"told": item.told} if item.told else {}),
    }


def _number(value: float) -> float | int:
    """Write whole points as whole numbers: they are authored that way."""
    return int(value) if value == int(value) else value
