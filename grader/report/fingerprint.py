"""The fingerprint of a report: two that tell their student the same have the same one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from grader.course.assignment import FeedbackLevel
from grader.report.plain import plain
from grader.report.report import Audience, SubmissionReport
from grader.report.view import view_submission

__all__ = ["fingerprint"]


def fingerprint(item: SubmissionReport, level: FeedbackLevel) -> str:
    """Return a hash of the source and of all that its student would read of its checks.

    Not of the source alone: code that reads a clock or a random device answers otherwise each time, and who is told
    again for the same bytes would have as many attempts as they like.
    A picture is left out: it is made of no scored input, and reports were counted before there were pictures. So is
    the student's own code, of which `sha256` says more.
    It is kept in files of attempts and in results of Gradescope: another hash would count each report once more.
    """
    exercises = tuple(replace(exercise, picture=None, code="") for exercise in item.exercises)
    seen = view_submission(replace(item, withheld=False, exercises=exercises), level, Audience.STUDENT)
    told = plain(seen)
    return hashlib.sha256(json.dumps([told["sha256"], told["exercises"], *seen.examples]).encode()).hexdigest()
