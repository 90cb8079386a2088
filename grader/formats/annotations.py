"""What is not right, as remarks on the lines of the student's own functions; channels write them in their ways.

Values and one pure function; nothing here knows how a channel spells a remark.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from grader.answers.characters import in_characters
from grader.outcomes import Status
from grader.report.report import SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView, View
from grader.report.words import WORDS

__all__ = ["Annotation", "Level", "annotate"]


class Level(StrEnum):
    """How grave a remark is, as forges tell it."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


_LEVELS = {Status.NOT_ATTEMPTED: Level.NOTICE, Status.BROKEN: Level.WARNING, Status.PASSED: Level.NOTICE}


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


def annotate(view: View) -> tuple[Annotation, ...]:
    """Return a remark for each exercise that is not right or needs a word.

    In a class its title begins with whose it is.
    """
    found: list[Annotation] = []
    for item in view.submissions:
        ungraded = item.status in (SubmissionStatus.UNREADABLE, SubmissionStatus.BROKEN)
        remarks = [_not_graded(item, view)] if ungraded else []
        remarks += [_of_exercise(exercise, item) for exercise in item.exercises if exercise.wrong or exercise.diagnosis]
        whose = f"{PurePosixPath(item.submission).name}: " if len(view.submissions) > 1 else ""
        found += [replace(remark, title=f"{whose}{remark.title}") for remark in remarks]
    return tuple(found)


def _of_exercise(exercise: ExerciseView, item: SubmissionView) -> Annotation:
    said = exercise.explanation
    points = "" if exercise.score is None else f", {exercise.score:g} of {exercise.max_score:g} points"
    say = exercise.tongue
    remarks = [f"{remark.title}: {remark.text}" for remark in said.remarks]
    hint = [say(f"hint: {said.hint}")] if said.hint else []
    picture = [in_characters(said.picture, tongue=say)] if said.picture else []
    parts = [*said.diagnosis, said.counterexample, *picture, *remarks, *hint]
    return Annotation(
        submission=item.submission,
        path=_path(item),
        lines=exercise.lines,
        level=_LEVELS.get(exercise.status, Level.ERROR),
        name=exercise.exercise,
        title=f"{exercise.exercise} {say(WORDS[exercise.status])}{say(points)}",
        text="\n\n".join(part for part in parts if part) or exercise.title,
    )


def _not_graded(item: SubmissionView, view: View) -> Annotation:
    return Annotation(
        submission=item.submission,
        path=_path(item),
        lines=None,
        level=Level.ERROR,
        name=item.status,
        title=f"{view.assignment}: {item.tongue(item.status)}",
        text="\n".join(item.notes) or item.tongue(item.status),
    )


def _path(item: SubmissionView) -> str:
    """Return the path of the judged file: the submission itself, or below it where that is a folder or zip."""
    if item.file is None or PurePosixPath(item.submission).name == item.file:
        return item.submission
    return item.file
