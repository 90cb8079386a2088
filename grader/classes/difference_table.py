"""Draw on a terminal how the grades of a class differ: whose, by which check, and at the end what has changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.classes.changes import Change, Differences, Reason, Standing
from grader.classes.difference_words import CHANGES, by_which, name_of, reason_words, standing_words, turn, why

__all__ = ["print_differences"]

_COLOURS = {Change.HIGHER: "green", Change.LOWER: "red", Change.STATUS: "yellow"}
_MAX_CHECKS = 12  # rows of the summary, which has to fit one screen


def print_differences(found: Differences, file: TextIO | None = None) -> None:
    """Print to standard output, or to `file`: who changes, each check that ended otherwise, the sums, and the reasons.

    What students named is drawn as plain text, never as markup.
    """
    console = Console(highlight=False, file=file)
    common = _common(found)
    if found.changed:
        console.print(_students(found, common))
    checks = _checks(found)
    if checks is not None:
        console.print(checks)
    for line in _summary(found, common):
        console.print(line)


def _students(found: Differences, common: tuple[Reason, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=f"{found.assignment}: whose grade changes", title_justify="left")
    table.add_column("submission", overflow="ellipsis", no_wrap=True, max_width=24)
    table.add_column("before", justify="right", no_wrap=True)
    table.add_column("now", justify="right", no_wrap=True)
    table.add_column("by", justify="right", no_wrap=True)
    table.add_column("which check, and why", overflow="fold")
    maximum = _maximum(found)
    for item in found.changed:
        reason = why(item, found, common)
        lines = [Text(line) for line in by_which(item)]
        if item.change in (Change.NEW, Change.GONE):
            lines = [Text(CHANGES[item.change], style="yellow")]
        if reason:
            lines.append(Text(f"why: {reason}", style="dim"))
        table.add_row(
            Text(name_of(item)),
            Text(standing_words(item.before, maximum)),
            Text(standing_words(item.now, maximum)),
            Text(_signed(item.points), style=_COLOURS.get(item.change, "")),
            Text("\n").join(lines),
        )
    return table


def _checks(found: Differences) -> Table | None:
    """Return a row for each check and what became of it, the one that most submissions have first."""
    numbers: Counter[str] = Counter()
    points: dict[str, float] = defaultdict(float)
    for item in found.items:
        for exercise in item.exercises:
            for check in exercise.checks:
                name = f"{exercise.exercise}, {check.title}: {turn(check, points=False)}"
                numbers[name] += 1
                points[name] += _score(check.now) - _score(check.before)
    if not numbers:
        return None
    table = Table(box=box.SIMPLE_HEAD, title="by check", title_justify="left")
    table.add_column("check", overflow="fold")
    table.add_column("submissions", justify="right")
    table.add_column("points", justify="right")
    rows = sorted(numbers.items(), key=lambda row: (-row[1], row[0]))
    for name, number in rows[:_MAX_CHECKS]:
        table.add_row(Text(name), f"{number}", _signed(points[name]))
    if len(rows) > _MAX_CHECKS:
        table.add_row(f"{len(rows) - _MAX_CHECKS} more; --format csv has them", "", "")
    return table


def _summary(found: Differences, common: tuple[Reason, ...]) -> list[Text]:
    """Return the lines at the end: how many, the sums of points, what has changed for all, and what to know besides."""
    before = sum(item.before is not None for item in found.items)
    now = sum(item.now is not None for item in found.items)
    numbers = [
        f"{number} {CHANGES[change]}" for change in Change if change.of_grade and (number := found.number(change))
    ]
    lines = [
        Text(f"before: {found.old}, {before} submissions, {found.total(lambda item: item.before):g} points in all"),
        Text(f"now:    {found.new}, {now} submissions, {found.total(lambda item: item.now):g} points in all"),
    ]
    kept = found.number(Change.SAME) + found.number(Change.CHECKS)
    said = (
        f"{len(found.changed)} of {len(found.items)} grades change: {', '.join(numbers)}"
        if numbers
        else "no grade changes"
    )
    other = found.number(Change.CHECKS)
    more = f", {other} of them by other checks" if other else ""
    lines.append(Text(f"{said}; {kept} as before{more}", style="bold"))
    if common:
        lines.append(Text("what has changed for all:"))
        lines += [Text(f"  {reason_words(reason)}") for reason in common]
    return [*lines, *(Text(f"note: {remark}", style="yellow") for remark in found.remarks)]


def _common(found: Differences) -> tuple[Reason, ...]:
    """Return what has changed alike for all that are in both."""
    both = [item.reasons for item in found.items if item.before is not None and item.now is not None]
    return tuple(reason for reason in both[0] if all(reason in reasons for reasons in both)) if both else ()


def _maximum(found: Differences) -> float | None:
    """Return the maximum where it is the same everywhere, so that it need not stand beside each grade."""
    known = {one.max_score for item in found.items for one in (item.before, item.now) if one is not None}
    return known.pop() if len(known) == 1 else None


def _score(item: Standing | None) -> float:
    return 0.0 if item is None or item.score is None else item.score


def _signed(points: float | None) -> str:
    return "" if points is None else f"{points:+g}"
