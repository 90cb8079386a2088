"""Write a graded submission as Classroom 50's result.json, `classroom50/result/v1`.

Its scores are integers, so points are written in hundredths: the score of 17.5 points is 1750 of 2000.
A pure function, but for `for_runner`, which takes what Classroom 50's runner says from the environment.
Source: schemas/result-v1.schema.json and validate_result in foundation50/classroom50.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from grader.errors import UsageError
from grader.outcomes import Status
from grader.report.view import View

__all__ = ["Submitted", "for_runner", "submission_from", "to_classroom50"]

_SCALE = 100
_TAG = re.compile(r"submit/(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z-[0-9a-f]+")
_TYPES = ("individual", "group", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What Classroom 50 knows of a submission; `time` is that of its tag, in UTC."""

    classroom: str
    assignment: str
    kind: str
    owner: str
    tag: str
    time: str
    commit: str
    release: str
    review: str


def submission_from(environment: Mapping[str, str]) -> Submitted:
    """Read the variables of Classroom 50's runner; raises UsageError naming what is missing or wrong."""
    names = ("CLASSROOM", "ASSIGNMENT", "USERNAME", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise UsageError(f"classroom50: {', '.join(missing)} is not set; Classroom 50's runner sets it")
    tag = environment["SUBMISSION_TAG"]
    found = _TAG.fullmatch(tag)
    if found is None:
        raise UsageError(f"classroom50: SUBMISSION_TAG={tag!r}; it has to be submit/<time>-<commit>")
    mode = environment.get("MODE", "").strip().lower()
    return Submitted(
        classroom=environment["CLASSROOM"],
        assignment=environment["ASSIGNMENT"],
        kind=mode if mode in _TYPES else "individual",
        owner=environment["USERNAME"],
        tag=tag,
        time=f"{found[1]}T{found[2]}:{found[3]}:{found[4]}Z",
        commit=environment["COMMIT_URL"],
        release=environment["RELEASE_URL"],
        review=environment.get("REVIEW_URL") or environment["COMMIT_URL"],
    )


def for_runner(view: View) -> str:
    """Return result.json for the runner that this process is run by."""
    return to_classroom50(view, submitted=submission_from(os.environ))


def to_classroom50(view: View, *, submitted: Submitted) -> str:
    """Return result.json of the one submission; raises UsageError unless there is one, and it has a score."""
    if len(view.submissions) != 1:
        raise UsageError(f"result.json is of one submission, and there are {len(view.submissions)}")
    (item,) = view.submissions
    if item.score is None:
        raise UsageError(f"{item.submission} has no score to write: {'; '.join(item.notes)}")
    tests = [
        {
            "test-name": f"{exercise.exercise}: {check.title}",
            "passed": check.status is Status.PASSED,
            "score": _hundredths(check.score),
            "max-score": _hundredths(check.max_score),
            "message": check.feedback,
        }
        for exercise in item.exercises
        for check in exercise.checks
    ]
    document = {
        "schema": "classroom50/result/v1",
        "classroom": submitted.classroom,
        "assignment": submitted.assignment,
        "assignment_type": submitted.kind,
        "owner": submitted.owner,
        "submission": submitted.tag,
        "commit": submitted.commit,
        "release": submitted.release,
        "review": submitted.review,
        "datetime": submitted.time,
        "score": _hundredths(item.score),
        "max-score": _hundredths(item.max_score),
        "tests": tests,
    }
    return json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _hundredths(points: float | None) -> int:
    return round((points or 0.0) * _SCALE)
