"""Write a graded submission as Gradescope's results.json.

Each check is a test. Where feedback is withheld from the student, tests of hidden checks are for the staff until
the grades are published, and Gradescope keeps the student's total back as long; the score counts all the same.
What tells of hidden checks goes with them: explanations, and the points of visible checks, which hang on hidden ones.
A pure function. Source: "Autograder specifications" in Gradescope's documentation.
"""

from __future__ import annotations

import json
from typing import Literal

from grader.errors import UsageError
from grader.outcomes import Status
from grader.report.attempts import fingerprint
from grader.report.report import (
    Audience,
    CheckReport,
    ExerciseReport,
    Report,
    SubmissionReport,
    SubmissionStatus,
    explanation,
    feedback,
    title,
)

__all__ = ["BEFORE_GRADES", "VISIBILITIES", "Visibility", "to_gradescope"]

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
VISIBILITIES: tuple[Visibility, ...] = ("visible", "after_due_date", "after_published", "hidden")
BEFORE_GRADES: tuple[Visibility, ...] = ("visible", "after_due_date")
"""With these a student may read of hidden checks before the grades are published: who may hand in late does."""


def to_gradescope(report: Report, *, hidden: Visibility = "visible") -> str:
    """Return results.json of the one submission; `hidden` is the visibility of hidden checks.

    Every text is what a student may read, and of a hidden check that is what `feedback` in assignment.toml allows.
    Raises UsageError unless there is one submission, and it has a score: no score is better than a wrong one.
    """
    if len(report.submissions) != 1:
        raise UsageError(f"results.json is of one submission, and there are {len(report.submissions)}")
    (item,) = report.submissions
    if item.status is SubmissionStatus.UNREADABLE:
        return _dump(_unreadable(item))
    if item.score is None:
        raise UsageError(f"{item.submission} was not graded: {'; '.join((*item.notes, *_broken(item)))}")
    early = hidden in BEFORE_GRADES
    shown: Visibility = "after_published" if item.withheld and early else hidden
    tests = [_test(check, exercise, report, shown) for exercise in item.exercises for check in exercise.checks]
    lines = [f"{exercise.exercise}: {_points(exercise)}" for exercise in item.exercises] if shown == "visible" else []
    return _dump(
        {
            "score": item.score,
            "execution_time": round(item.seconds_total),
            "output": "\n".join([*lines, *(f"note: {text}" for text in item.notes)]),
            "output_format": "text",
            "test_output_format": "text",
            "test_name_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "tests": tests,
            "extra_data": {
                "grader": {"fingerprint": fingerprint(item, report.feedback), "told": not item.withheld and early}
            },
        }
    )


def _unreadable(item: SubmissionReport) -> dict[str, object]:
    """Return what a student can mend: 0 points for what can't be read, and the reason."""
    return {
        "score": 0,
        "output": "This could not be read, so nothing is graded: " + "; ".join(item.notes),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": {"grader": {"told": False}},
    }


def _broken(item: SubmissionReport) -> list[str]:
    checks = [check for exercise in item.exercises for check in exercise.checks]
    return [f"{check.check} is broken" for check in checks if check.status is Status.BROKEN]


def _test(check: CheckReport, exercise: ExerciseReport, report: Report, hidden: Visibility) -> dict[str, object]:
    text = feedback(check, report.feedback, Audience.STUDENT)
    told = hidden == "visible"
    failing = [one for one in exercise.checks if one.status is not Status.PASSED and (told or not one.visible)]
    if failing and check is failing[0]:  # what is said of the exercise stands at the first check that fails
        said = explanation(exercise, report.feedback, Audience.STUDENT)
        hint = f"hint: {said.hint}" if said.hint else ""
        text = "\n\n".join(part for part in (*said.diagnosis, said.counterexample, text, hint) if part)
    points = {"score": check.score, "max_score": check.max_score} if told or not check.visible else {}
    return {
        "name": f"{exercise.exercise}: {title(check, report.feedback, Audience.STUDENT)}",
        **points,
        "status": "passed" if check.status is Status.PASSED else "failed",
        "output": text,
        "visibility": "visible" if check.visible else hidden,
        "tags": [exercise.exercise, check.kind.value],
    }


def _points(exercise: ExerciseReport) -> str:
    return f"{'?' if exercise.score is None else f'{exercise.score:g}'} of {exercise.max_score:g}"


def _dump(document: dict[str, object]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"
