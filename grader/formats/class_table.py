"""Draw a class on a terminal: a row for each submission, which says in a few words what is not right.

Student-controlled text is drawn as plain text, never as markup; `clean` took what a terminal would obey out of it.
"""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.formats.marks import COLOURS, WIDE, cut, labels, points, score_of, strip_of
from grader.outcomes import Status
from grader.report.report import SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView, View
from grader.report.words import MARKS, WORDS, few_words, shortened

__all__ = ["print_class", "said_of"]

_FOLD = 50  # in a table of more rows, those that all say the same are named together behind it
_RIGHT, _UNTOUCHED = "everything is right", "nothing attempted"
_STYLES = {_RIGHT: "green", _UNTOUCHED: "dim"}


def print_class(console: Console, view: View) -> None:
    """Print a row for each submission; in a large class those that are all right or untouched are named together."""
    rows = list(zip(view.submissions, labels(view.submissions, view.assignment), strict=True))
    together: dict[str, list[str]] = {said: [] for said in (_RIGHT, _UNTOUCHED)}
    console.print(Text(f"{view.assignment}: {len(rows)} submissions", style="bold"))
    console.print()
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("submission", no_wrap=True)
    table.add_column(f"of {max((item.max_score for item in view.submissions), default=0):g}", justify="right")
    table.add_column("exercises", no_wrap=True)
    table.add_column("what is not right", overflow="fold")
    room = min(36, max(8, console.width // 4))
    for item, name in rows:
        said = _alike(item)
        if said is not None and not item.for_staff and len(rows) > _FOLD:
            together[said].append(cut(name, 36))
        else:
            score = score_of(item) if item.score is not None else Text("-")
            words = Text("\n").join(said_of(item, wide=console.width >= WIDE))
            table.add_row(Text(cut(name, room)), score, strip_of(item), words)
    console.print(table)
    console.print()
    for said, names in together.items():
        if names:
            console.print(Text(f"{said} ({len(names)}): ", style=_STYLES[said]) + Text(", ".join(names)))
            console.print()
    _print_legend(console, view)


def _print_legend(console: Console, view: View) -> None:
    exercises = next((item.exercises for item in view.submissions if item.exercises), ())
    if exercises:
        console.print(Text(f"exercises, in order: {', '.join(exercise.exercise for exercise in exercises)}"))
    seen = {exercise.status for item in view.submissions for exercise in item.exercises}
    marks = [Text(f"{mark} {WORDS[status]}", style=COLOURS[status]) for status, mark in MARKS.items() if status in seen]
    console.print(Text("   ").join(marks))
    console.print(Text(f"sandbox: {view.sandbox}", style="dim"))


def _alike(item: SubmissionView) -> str | None:
    """Return what is said of a submission of which nothing else is to be said."""
    if item.status is not SubmissionStatus.GRADED:
        return None
    if item.not_attempted:
        return _UNTOUCHED
    return _RIGHT if all(exercise.status is Status.PASSED for exercise in item.exercises) else None


def said_of(item: SubmissionView, *, wide: bool) -> list[Text]:
    """Return what is said of a submission in a table, a line for each thing; with points where there is room."""
    alike, notes = _alike(item), [Text(note, style="yellow") for note in item.for_staff]
    if alike is not None:
        return [Text(alike, style=_STYLES[alike]), *notes]
    if item.status is not SubmissionStatus.GRADED:
        return [
            Text(f"{item.status}: ", style="yellow") + Text(" ".join(" ".join(item.notes).split()), style="default")
        ]
    wrong = [one for one in item.exercises if one.wrong and one.status is not Status.NOT_ATTEMPTED]
    lines = [_problem(exercise, wide=wide) for exercise in wrong]
    left = [one.exercise for one in item.exercises if one.status is Status.NOT_ATTEMPTED]
    if left:
        lines.append(Text(f"{WORDS[Status.NOT_ATTEMPTED]}: {', '.join(left)}", style=COLOURS[Status.NOT_ATTEMPTED]))
    return lines + notes


def _problem(exercise: ExerciseView, *, wide: bool) -> Text:
    earned = f" {points(exercise)}" if wide else ""
    words = _headline(exercise) or WORDS[exercise.status]
    return Text(f"{exercise.exercise}{earned}", style=COLOURS[exercise.status]) + Text(f": {words}", style="default")


def _headline(exercise: ExerciseView) -> str:
    """Say in one line what is wrong: the diagnosis, else the first thing said of a check of this status."""
    texts = [few_words(found) for found in exercise.diagnosis]
    texts += [shortened(check.feedback) for check in exercise.checks if check.status is exercise.status]
    return next((text for text in texts if text), "")
