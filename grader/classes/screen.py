"""Draw the summary of a class on a terminal: at most 24 lines of 80 columns, whatever the class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.classes.summary import Distribution, ExerciseFigures, Summary, hardest_exercises, summary_of
from grader.formats.marks import cut, labels
from grader.report.report import AbsentStatus, SubmissionStatus
from grader.report.view import View

__all__ = ["print_summary"]

_SHOWN = 3  # exercises, and mistakes
_ENOUGH = 10  # scores, for a picture of how they lie
_ROWS = 4  # of the highest bar
_BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
_MAX_BAR = 8
_MAX_NAME = 28
_MAX_COLUMNS = 120


def print_summary(view: View) -> None:
    """Print the numbers of a class to standard output."""
    console = Console(highlight=False)
    console.width = min(console.width, _MAX_COLUMNS)
    found = summary_of(view.submissions, _absent(view, AbsentStatus.MISSING))
    console.print()
    console.print(_counts(found, view.assignment, len(_absent(view, AbsentStatus.UNCLEAR))))
    if found.distribution is not None:
        console.print(_scores(found, found.distribution))
        if len(found.distribution.scores) >= _ENOUGH:
            console.print()
            for row in _histogram(found.distribution, console.width):
                console.print(row, no_wrap=True, crop=True)
    _print_rows(console, "hardest exercises", list(_hardest(hardest_exercises(found.exercises, _SHOWN))))
    common = [one for one in found.mistakes if one.count > 1][:_SHOWN]
    _print_rows(console, "commonest mistakes", [(f"{one.count} \u00d7", one.exercise, one.words) for one in common])
    without = [(said, names) for said, names in _without_grade(view) if names]
    if without:
        console.print()
    for said, names in without:
        line = f"{said}: {_some(names, console.width - len(said) - 2)}"
        console.print(Text(line, no_wrap=True, overflow="ellipsis"))


def _counts(found: Summary, assignment: str, unclear: int) -> Text:
    parts = [f"{count} {status}" for status, count in found.statuses.items() if count]
    parts += [f"{len(found.missing)} missing"] if found.missing else []
    parts += [f"{unclear} unclear"] if unclear else []
    return Text(assignment, style="bold") + Text(f": {', '.join(parts)}", style="not bold")


def _scores(found: Summary, scores: Distribution) -> Text:
    text = f"mean {scores.mean:.2f}, median {scores.median:.2f} of {scores.max_score:g} points"
    full = sum(score == scores.max_score for score in scores.scores)
    text += f"; all points: {full}" if full else ""
    return Text(text + (f"; nothing attempted: {found.untouched}" if found.untouched else ""))


def _histogram(scores: Distribution, columns: int) -> Iterator[Text]:
    """Return a bar for each bin with its count upon it, and below where the bins begin, in points."""
    wide = max(3, min(_MAX_BAR, (columns - 13) // len(scores.bins) - 1))
    highest = max(one.count for one in scores.bins)
    heights = [-(-8 * _ROWS * one.count // highest) for one in scores.bins]
    for row in range(_ROWS, -1, -1):
        line = Text("  ")
        for one, height in zip(scores.bins, heights, strict=True):
            left = height - 8 * row
            if left > 0:
                line.append(_BARS[min(8, left) - 1] * wide, style="cyan")
            elif left > -8 and one.count:
                line.append(f"{one.count:^{wide}}")
            else:
                line.append(" " * wide)
            line.append(" ")
        if line.plain.strip():
            yield line
    begins = "".join(f"{f'{one.low:g}':<{wide + 1}}" for one in scores.bins)
    yield Text(f"  {begins}{scores.max_score:g} points", style="dim")


def _hardest(figures: Sequence[ExerciseFigures]) -> Iterator[tuple[str, str, str]]:
    for one in figures:
        left = f", {one.not_attempted} not attempted" if one.not_attempted else ""
        yield f"{100 * one.pass_rate:.0f} %", one.exercise, f"{one.passed} of {one.number} right{left}"


def _print_rows(console: Console, title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print a figure, an exercise and a few words in each row; nothing at all where there is none."""
    if not rows:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis")
    for figure, exercise, words in rows:
        table.add_row(f"  {figure}", Text(cut(exercise, _MAX_NAME)), Text(words))
    console.print()
    console.print(Text(title, style="bold"))
    console.print(table)


def _without_grade(view: View) -> Iterator[tuple[str, list[str]]]:
    """Return each way to have no grade, with the names of those whom it met."""
    names = labels(view.submissions, view.assignment)
    for status in (SubmissionStatus.UNREADABLE, SubmissionStatus.BROKEN):
        yield status, [name for item, name in zip(view.submissions, names, strict=True) if item.status is status]
    for absent in AbsentStatus:
        yield absent, _absent(view, absent)


def _absent(view: View, status: AbsentStatus) -> list[str]:
    return [" ".join(item.student.split()) for item in view.absent if item.status is status]


def _some(names: Sequence[str], columns: int) -> str:
    """Return as many of the names as fit on a line, and how many more there are."""
    said, left = cut(names[0], _MAX_NAME), len(names) - 1
    for name in names[1:]:
        longer = f"{said}, {cut(name, _MAX_NAME)}"
        if cell_len(longer) + len(f" and {left} more") > columns:
            break
        said, left = longer, left - 1
    return f"{said} and {left} more" if left else said
