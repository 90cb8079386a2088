"""Draw a view on a terminal: a table of the class, or one submission with its feedback.

Student-controlled text is drawn as plain text, never as markup; `clean` took what a terminal would obey out of it.
"""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.answers.characters import in_characters
from grader.formats.class_table import print_class
from grader.formats.marks import COLOURS, points, score_of
from grader.report.view import ExerciseView, SubmissionView, View
from grader.report.words import MARKS, WORDS

__all__ = ["print_view"]


def print_view(view: View) -> None:
    """Print the view to standard output."""
    console = Console(highlight=False)
    if len(view.submissions) == 1:
        _print_one(console, view, view.submissions[0])
    else:
        print_class(console, view)
    if view.sandbox == "none":
        said = view.tongue("Graded without a sandbox, as asked: nothing confined these submissions.")
        console.print(Text(said, style="yellow"))


def _print_one(console: Console, view: View, item: SubmissionView) -> None:
    say = item.tongue
    console.print(Text(f"{item.submission} ({view.assignment})", style="bold"))
    if item.exercises:
        table = Table(box=box.SIMPLE_HEAD)
        table.add_column(say("exercise"))
        table.add_column(say("points"), justify="right")
        table.add_column(say("status"))
        for exercise in item.exercises:
            status = exercise.status
            status_text = Text(f"{MARKS[status]} {say(WORDS[status])}", style=COLOURS[status])
            table.add_row(Text(exercise.exercise), points(exercise), status_text)
        console.print(table)
    total = score_of(item)
    if item.score is not None:
        total.append(f" / {item.max_score:g}")
    console.print(Text(f"{say('score:')} ", style="bold") + total)
    for note in item.notes:
        console.print(Text(say(f"note: {note}")))
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
        console.print(
            Padding(Text(in_characters(said.picture, console.encoding, tongue=exercise.tongue)), (0, 0, 0, 6))
        )
    for remark in said.remarks:
        console.print(Text(f"  {MARKS[remark.status]} {remark.title}"))
        console.print(Padding(Text(remark.text), (0, 0, 0, 6)))
    if said.hint:
        console.print(Padding(Text(exercise.tongue(f"hint: {said.hint}"), style="cyan"), (0, 0, 0, 2)))
