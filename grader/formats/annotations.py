"""What is not right, as remarks on the lines of the student's own functions; channels write them in their ways.

Values and one pure function; nothing here knows how a channel spells a remark.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from grader.outcomes import Status
from grader.report.report import (
    Audience,
    ExerciseReport,
    Report,
    SubmissionReport,
    SubmissionStatus,
    diagnosis,
    explanation,
    seen_by,
)
from grader.report.words import WORDS

__all__ = ["Annotation", "annotate"]

Level = Literal["error", "warning", "notice"]
_LEVELS: dict[Status, Level] = {Status.NOT_ATTEMPTED: "notice", Status.BROKEN: "warning", Status.PASSED: "notice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A remark on a file; `lines` are the first and last of a function, None where the file has no lines.

    `name` is the exercise, or what became of a submission that was not graded.
    """

    submission: str
    path: str
    lines: tuple[int, int] | None
    level: Level
    name: str
    title: str
    text: str


def annotate(report: Report, audience: Audience) -> tuple[Annotation, ...]:
    """Return a remark for each exercise that is not right or needs a word, as this audience may see it.

    In a class its title begins with whose it is.
    """
    found: list[Annotation] = []
    for item in seen_by(report, audience).submissions:
        remarks = (
            [_not_graded(item, report)] if item.status in (SubmissionStatus.UNREADABLE, SubmissionStatus.BROKEN) else []
        )
        remarks += [
            _of_exercise(exercise, item, report, audience)
            for exercise in item.exercises
            if exercise.status is not Status.PASSED or diagnosis(exercise, report.feedback, audience)
        ]
        whose = f"{PurePosixPath(item.submission).name}: " if len(report.submissions) > 1 else ""
        found += [replace(remark, title=f"{whose}{remark.title}") for remark in remarks]
    return tuple(found)


def _of_exercise(exercise: ExerciseReport, item: SubmissionReport, report: Report, audience: Audience) -> Annotation:
    said = explanation(exercise, report.feedback, audience)
    points = "" if exercise.score is None else f", {exercise.score:g} of {exercise.max_score:g} points"
    remarks = [f"{title}: {text}" for _, title, text in said.remarks]
    hint = [f"hint: {said.hint}"] if said.hint else []
    parts = [*said.diagnosis, said.counterexample, *remarks, *hint]
    return Annotation(
        submission=item.submission,
        path=_path(item),
        lines=exercise.lines,
        level=_LEVELS.get(exercise.status, "error"),
        name=exercise.exercise,
        title=f"{exercise.exercise} {WORDS[exercise.status]}{points}",
        text="\n\n".join(part for part in parts if part) or exercise.title,
    )


def _not_graded(item: SubmissionReport, report: Report) -> Annotation:
    return Annotation(
        submission=item.submission,
        path=_path(item),
        lines=None,
        level="error",
        name=item.status,
        title=f"{report.assignment}: {item.status}",
        text="\n".join(item.notes) or item.status,
    )


def _path(item: SubmissionReport) -> str:
    """Return the path of the judged file: the submission itself, or below it where that is a folder or zip."""
    if item.file is None or PurePosixPath(item.submission).name == item.file:
        return item.submission
    return item.file
