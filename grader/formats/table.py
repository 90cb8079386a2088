"""Draw a view on a terminal: a table of the class, or one submission with its feedback.

Student-controlled text is drawn as plain text, never as markup; `clean` took what a terminal would obey out of it.
"""

from __future__ import annotations

from pathlib import PurePath

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.answers.characters import in_characters
from grader.outcomes import Status
from grader.report.report import Audience, SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView, View
from grader.report.words import MARKS, WORDS

__all__ = ["print_view"]

_WIDE = 110
_COLOURS = {
    Status.PASSED: "green",
    Status.FAILED: "red",
    Status.CRASHED: "red",
    Status.TIMED_OUT: "yellow",
    Status.NOT_ATTEMPTED: "dim",
    Status.BROKEN: "magenta",
    Status.WITHHELD: "yellow",
}


def print_view(view: View) -> None:
    """Print the view to standard output."""
    console = Console(highlight=False)
    if len(view.submissions) == 1:
        _print_one(console, view, view.submissions[0])
    else:
        _print_class(console, view)
    if view.sandbox == "none":
        console.print(Text("Graded without a sandbox, as asked: nothing confined these submissions.", style="yellow"))


def _print_class(console: Console, view: View) -> None:
    """Print a row per submission; what is wrong is said in words where the terminal is wide enough."""
    table = Table(box=box.SIMPLE_HEAD, title=f"{view.assignment}: {len(view.submissions)} submissions")
    table.add_column("submission", overflow="ellipsis", no_wrap=True, max_width=36)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("exercises", no_wrap=True)
    table.add_column("what is not right", overflow="fold")
    names = [PurePath(item.submission).name for item in view.submissions]
    prefix = f"{view.assignment}_"
    shorten = all(name.startswith(prefix) for name in names)
    for item, name in zip(view.submissions, names, strict=True):
        shown = name.removeprefix(prefix) if shorten else name
        table.add_row(Text(shown), _score(item), _strip(item), _problems(item, words=console.width >= _WIDE))
    console.print(table)
    exercises = next((item.exercises for item in view.submissions if item.exercises), ())
    if exercises:
        order = ", ".join(exercise.exercise for exercise in exercises)
        console.print(Text(f"exercises, in order: {order}"))
    marks = [
        Text(f"{mark} {WORDS[status]}", style=_COLOURS[status])
        for status, mark in MARKS.items()
        if status is not Status.WITHHELD or view.audience is Audience.STUDENT
    ]
    console.print(Text("   ").join(marks))
    console.print(_counts(view))


def _counts(view: View) -> Text:
    scores = [item.score for item in view.submissions if item.score is not None]
    maximum = view.submissions[0].max_score
    text = f"{len(scores)} graded"
    if scores:
        text += f", mean {sum(scores) / len(scores):.2f} of {maximum:g}"
    for status in (SubmissionStatus.UNREADABLE, SubmissionStatus.BROKEN, SubmissionStatus.WITHHELD):
        count = sum(item.status == status for item in view.submissions)
        text += f", {count} {status}" if count else ""
    return Text(f"{text}; sandbox: {view.sandbox}")


def _score(item: SubmissionView) -> Text:
    if item.score is None:
        return Text(item.status, style="magenta" if item.status is SubmissionStatus.BROKEN else "yellow")
    return Text(f"{item.score:.2f} / {item.max_score:g}", style="green" if item.score == item.max_score else "")


def _strip(item: SubmissionView) -> Text:
    text = Text()
    for exercise in item.exercises:
        text.append(MARKS[exercise.status], style=_COLOURS[exercise.status])
    return text


def _problems(item: SubmissionView, *, words: bool) -> Text:
    if item.status is not SubmissionStatus.GRADED:
        return Text(" ".join(item.notes))
    if all(exercise.status is Status.NOT_ATTEMPTED for exercise in item.exercises):
        return Text("nothing attempted", style="dim")
    wrong = [exercise for exercise in item.exercises if exercise.wrong]
    if not wrong:
        return Text("everything is right", style="green")
    lines = []
    for exercise in wrong:
        line = f"{exercise.exercise} {_points(exercise)} {WORDS[exercise.status]}"
        headline = _headline(exercise) if words else ""
        lines.append(f"{line}: {headline}" if headline else line)
    return Text("\n".join(lines))


def _headline(exercise: ExerciseView) -> str:
    """Say in one line what is wrong: the diagnosis, else the first thing said of a check of this status."""
    texts = [found.text for found in exercise.diagnosis]
    texts += [check.feedback for check in exercise.checks if check.status is exercise.status]
    return next((text.splitlines()[0] for text in texts if text), "")


def _points(exercise: ExerciseView) -> str:
    return f"{'?' if exercise.score is None else f'{exercise.score:g}'}/{exercise.max_score:g}"


def _print_one(console: Console, view: View, item: SubmissionView) -> None:
    console.print(Text(f"{item.submission} ({view.assignment})", style="bold"))
    if item.exercises:
        table = Table(box=box.SIMPLE_HEAD)
        table.add_column("exercise")
        table.add_column("points", justify="right")
        table.add_column("status")
        for exercise in item.exercises:
            status = exercise.status
            status_text = Text(f"{MARKS[status]} {WORDS[status]}", style=_COLOURS[status])
            table.add_row(Text(exercise.exercise), _points(exercise), status_text)
        console.print(table)
    console.print(Text("score: ", style="bold") + _score(item))
    for note in item.notes:
        console.print(Text(f"note: {note}"))
    for exercise in item.exercises:
        if exercise.wrong:
            _print_feedback(console, exercise)


def _print_feedback(console: Console, exercise: ExerciseView) -> None:
    console.print()
    console.print(Text(f"{exercise.exercise}: {exercise.title}", style="bold"))
    said = exercise.explanation
    for text in said.diagnosis:
        console.print(Padding(Text(text), (0, 0, 0, 2)))
    if said.counterexample:
        console.print(Padding(Text(said.counterexample), (0, 0, 0, 6)))
    if said.picture:
        console.print(Padding(Text(in_characters(said.picture, console.encoding)), (0, 0, 0, 6)))
    for remark in said.remarks:
        console.print(Text(f"  {MARKS[remark.status]} {remark.title}"))
        console.print(Padding(Text(remark.text), (0, 0, 0, 6)))
    if said.hint:
        console.print(Padding(Text(f"hint: {said.hint}", style="cyan"), (0, 0, 0, 2)))
