"""The traits of what was judged: in which way an exercise is wrong, and with which numbers."""

from __future__ import annotations

from grader.classes.similar.traits import Kind, Traits
from grader.outcomes import How, Status
from grader.report.view import ExerciseView, SubmissionView

__all__ = ["add_answers"]

_CAME = {How.RETURNED: "returned", How.RAISED: "raised", How.CHANGED: "afterwards"}


def add_answers(traits: Traits, item: SubmissionView) -> None:
    """Add the wrong answers of a submission: a mistake, its small call, and all that is said of it."""
    for exercise in item.exercises:
        if exercise.status not in (Status.PASSED, Status.NOT_ATTEMPTED, Status.BROKEN):
            _add_wrong(traits, exercise)


def _add_wrong(traits: Traits, exercise: ExerciseView) -> None:
    where, mistake = exercise.exercise, ""
    parent: int | None = None
    for found in exercise.diagnosis:
        mistake = found.misconception
        parent = traits.add(Kind.ANSWER, where, mistake, shown=found.text, where=where)
    shown = exercise.counterexample
    if shown is not None:
        said = f"{shown.call} {_CAME[shown.how]} {shown.returned}"
        parent = traits.add(Kind.ANSWER, where, mistake, said, shown=said, where=where, parent=parent)
    remarks = [remark.text for remark in exercise.explanation.remarks]
    if remarks:
        traits.add(Kind.ANSWER, where, mistake, "", *remarks, shown=remarks[0], where=where, parent=parent)
