"""A report for `fuzz.py`, and what a run does with each report that it has read."""

from dataclasses import replace

from fuzz_submitted import ASSIGNMENT

from grader.course.assignment import FeedbackLevel
from grader.formats.csv import to_csv
from grader.formats.json import to_json
from grader.formats.markdown import to_markdown
from grader.outcomes import Counterexample, Diagnosis, Kind, Status
from grader.report.report import (
    Audience,
    CheckReport,
    ExerciseReport,
    Report,
    Seconds,
    SubmissionReport,
    SubmissionStatus,
)
from grader.report.view import view

__all__ = ["class_of", "render", "report"]


def report():
    """Return a report with a part of every kind."""
    check = CheckReport(
        check="c", title="t", kind=Kind.VALUE, visible=False, status=Status.FAILED, score=0.0, max_score=2.0,
        told="It differs.", summary="s", text="x",
    )  # fmt: skip
    shown = replace(check, check="d", visible=True, status=Status.PASSED, score=2.0)
    exercise = ExerciseReport(
        exercise="model", title="t", hint="h", status=Status.FAILED, score=2.0, max_score=4.0, follow_through=False,
        diagnosis=(Diagnosis(misconception="m", text="x"),), checks=(check, shown), lines=(3, 9),
        counterexample=Counterexample(call="model(1.0)", returned="1.0", expected="2.0"),
    )  # fmt: skip
    return SubmissionReport(
        submission="anna.py", sha256="0" * 64, status=SubmissionStatus.GRADED, score=2.0, max_score=4.0, notes=("n",),
        seconds=Seconds(total=1.0, student=0.5), exercises=(exercise,), file="a.py",
    )  # fmt: skip


def class_of(item):
    """Return the class of this submission alone."""
    return Report(assignment=ASSIGNMENT, sandbox="s", feedback=FeedbackLevel.FULL, submissions=(item,))


def render(item):
    """Write what was read in the ways in which a run does."""
    for audience in Audience:
        seen = view(class_of(item), audience)
        for form in (to_json, to_csv, to_markdown):
            form(seen).encode()
