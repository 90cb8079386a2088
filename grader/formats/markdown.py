"""Write a view as Markdown, for a job's summary, a comment or a web page of a forge.

Whatever a student may have written stands in a block or a span of code, where nothing of it is markup.
A pure function of a view.
"""

from __future__ import annotations

import re

from grader.answers.characters import in_characters
from grader.report.report import SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView, View
from grader.report.words import MARKS, WORDS

__all__ = ["to_markdown"]


def to_markdown(view: View) -> str:
    """Return the view: one submission with its feedback, or a table of the class."""
    one = len(view.submissions) == 1
    lines = _one(view.submissions[0], view) if one else _class(view)
    if view.sandbox == "none":
        lines += ["", f"**{view.tongue('Graded without a sandbox, as asked: nothing confined these submissions.')}**"]
    return "\n".join(lines) + "\n"


def _class(view: View) -> list[str]:
    say = view.tongue
    heads = map(say, ("submission", "score", "exercises", "what is not right"))
    lines = [f"## {view.assignment}: {say(f'{len(view.submissions)} submissions')}", ""]
    lines += [f"| {' | '.join(heads)} |", "|---|---:|---|---|"]
    for item in view.submissions:
        marks = "".join(MARKS[exercise.status] for exercise in item.exercises)
        lines.append(f"| {_code(item.submission)} | {_score(item)} | {_code(marks)} | {_problems(item)} |")
    return lines


def _problems(item: SubmissionView) -> str:
    if item.status is not SubmissionStatus.GRADED:
        return _code(" ".join(item.notes))
    wrong = [exercise for exercise in item.exercises if exercise.wrong]
    said = []
    for exercise in wrong:
        texts = [_code(found.text) for found in exercise.diagnosis]
        said.append(
            f"`{exercise.exercise}` {item.tongue(WORDS[exercise.status])}{': ' if texts else ''}{' '.join(texts)}"
        )
    return "<br>".join(said) or item.tongue("everything is right")


def _one(item: SubmissionView, view: View) -> list[str]:
    say = item.tongue
    lines = [f"## {view.assignment}: {_score(item)}", "", say(f"Submission: {_code(item.submission)}")]
    if item.exercises:
        lines += ["", f"| {say('exercise')} | {say('points')} | |", "|---|---:|---|"]
        for exercise in item.exercises:
            points = f"{'?' if exercise.score is None else f'{exercise.score:g}'} / {exercise.max_score:g}"
            lines.append(
                f"| `{exercise.exercise}` | {points} | {MARKS[exercise.status]} {say(WORDS[exercise.status])} |"
            )
    if item.notes:
        lines += ["", *_block("\n".join(item.notes))]
    for exercise in item.exercises:
        if exercise.wrong or exercise.diagnosis:
            lines += ["", *_feedback(exercise)]
    return lines


def _feedback(exercise: ExerciseView) -> list[str]:
    said = exercise.explanation
    lines = [f"### `{exercise.exercise}`", ""]
    if said.diagnosis:
        lines += _block("\n".join(said.diagnosis))
    if said.counterexample:
        lines += ["", *_block(said.counterexample)]
    if said.picture:
        lines += ["", *_block(in_characters(said.picture, tongue=exercise.tongue))]
    for remark in said.remarks:
        lines += ["", f"- {MARKS[remark.status]} {_code(remark.title)}", "", *_block(remark.text, indent="  ")]
    if said.hint:
        lines += ["", exercise.tongue(f"Hint: {_code(said.hint)}")]
    return lines


def _score(item: SubmissionView) -> str:
    return item.tongue(item.status) if item.score is None else f"{item.score:.2f} / {item.max_score:g}"


def _code(text: str) -> str:
    """Return a text as a span of code on one line, that also fits into a cell of a table."""
    line = " ".join(text.split()).replace("|", "\u2502")  # a bar ends a cell even in code
    if not line:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def _block(text: str, *, indent: str = "") -> list[str]:
    """Return a text as a block of code whose fence is longer than any in it."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return [f"{indent}{line}" for line in (f"{fence}text", *text.splitlines(), fence)]
