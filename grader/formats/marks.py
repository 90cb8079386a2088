"""What the drawings on a terminal share: colours, marks and scores of a submission, and names that fit and differ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text

from grader.outcomes import Status
from grader.report.report import SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView
from grader.report.words import MARKS

__all__ = ["COLOURS", "WIDE", "cut", "label", "labels", "points", "score_of", "strip_of"]

WIDE = 110  # columns from which on there is room for more than the few words
COLOURS = {
    Status.PASSED: "green",
    Status.FAILED: "red",
    Status.CRASHED: "red",
    Status.TIMED_OUT: "yellow",
    Status.NOT_ATTEMPTED: "dim",
    Status.BROKEN: "magenta",
    Status.WITHHELD: "yellow",
}


def strip_of(item: SubmissionView) -> Text:
    """Return a mark for each exercise."""
    text = Text()
    for exercise in item.exercises:
        text.append(MARKS[exercise.status], style=COLOURS[exercise.status])
    return text


def score_of(item: SubmissionView) -> Text:
    """Return the score with two digits, or the status where there is none."""
    if item.score is None:
        return Text(item.tongue(item.status), style="magenta" if item.status is SubmissionStatus.BROKEN else "yellow")
    return Text(f"{item.score:.2f}", style="green" if item.score == item.max_score else "")


def label(item: SubmissionView, assignment: str) -> str:
    """Return whose a submission is, or what it is called, on one line and without the assignment's name before it."""
    (found,) = labels([item], assignment)
    return found


def labels(submissions: Sequence[SubmissionView], assignment: str) -> list[str]:
    """Return a name for each submission, each on one line, and another for each where their paths differ.

    Whose it is, where that is known of all and tells them apart, else the shortest end of its path that does.
    The assignment's name is left out where all begin with it.
    """
    names = [item.student or "" for item in submissions]
    if not all(names) or len(set(names)) < len(names):
        names = _ends([PurePath(item.submission).parts for item in submissions])
    prefix = f"{assignment}_"
    if all(name.startswith(prefix) and name != prefix for name in names):
        names = [name.removeprefix(prefix) for name in names]
    return [" ".join(name.split()) for name in names]


def _ends(paths: Sequence[tuple[str, ...]]) -> list[str]:
    if len(paths) > 1 and len({parts[-1:] for parts in paths}) == 1 and all(len(parts) > 1 for parts in paths):
        paths = [parts[:-1] for parts in paths]  # each in a folder of its own, all called as the assignment
    found = ["" for _ in paths]
    for number in range(1, max(map(len, paths), default=0) + 1):
        found = ["/".join(parts[-number:]) for parts in paths]
        if len(set(found)) == len(set(paths)):
            break
    return found


def cut(name: str, width: int) -> str:
    """Return a name in at most so many cells of a terminal: what is too long loses its middle, since ends differ."""
    if cell_len(name) <= width:
        return name
    first = (width - 1) // 2
    return f"{_fitting(name, first)}\u2026{_fitting(name[::-1], width - 1 - first)[::-1]}"


def _fitting(text: str, width: int) -> str:
    for number, char in enumerate(text):
        width -= get_character_cell_size(char)
        if width < 0:
            return text[:number]
    return text


def points(item: ExerciseView) -> str:
    """Return what an exercise earned of what it could, as in `2.5/3`."""
    return f"{'?' if item.score is None else f'{item.score:g}'}/{item.max_score:g}"
