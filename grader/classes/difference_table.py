"""Draw on a terminal how the grades of a class differ: whose, by which check, and at the end what has changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.classes.changes import Change, Difference, Differences, Reason
from grader.classes.difference_words import CHANGES, causes, name_of, reason_words, standing_words, why
from grader.report.words import counted

__all__ = ["print_differences"]

_COLOURS = {Change.HIGHER: "green", Change.LOWER: "red"}


def print_differences(found: Differences, file: TextIO | None = None) -> None:
    """Print to standard output, or to `file`: who changes, each check that ended otherwise, the sums, and the reasons.

    A check has a number, by which it stands beside whom it changes. What students named is plain text, never markup.
    """
    console = Console(highlight=False, file=file)
    common, numbers = _common(found), _numbers(found)
    if found.changed:
        console.print(_students(found, common, numbers))
    if numbers:
        console.print(_checks(found, numbers))
    for line in _summary(found, common):
        console.print(line)


def _students(found: Differences, common: tuple[Reason, ...], numbers: dict[str, int]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=f"{found.assignment}: whose grade changes", title_justify="left")
    table.add_column("submission", overflow="ellipsis", no_wrap=True, max_width=36)
    table.add_column("before", justify="right", no_wrap=True)
    table.add_column("now", justify="right", no_wrap=True)
    table.add_column("by", justify="right", no_wrap=True)
    table.add_column("check, and why" if numbers else "why", overflow="fold")
    maximum, prefix = _maximum(found), f"{found.assignment}_"
    names = [name_of(item) for item in found.changed]
    shorten = all(name.startswith(prefix) for name in names)
    for item, name in zip(found.changed, names, strict=True):
        table.add_row(
            Text(name.removeprefix(prefix) if shorten else name),
            Text(standing_words(item.before, maximum)),
            Text(standing_words(item.now, maximum), style="yellow" if item.change is Change.STATUS else ""),
            Text(_signed(item.points), style=_COLOURS.get(item.change, "")),
            _words(item, found, common, numbers),
        )
    return table


def _words(item: Difference, found: Differences, common: tuple[Reason, ...], numbers: dict[str, int]) -> Text:
    """Return the numbers of the checks, and what has changed for this submission and not for all."""
    if item.change in (Change.NEW, Change.GONE):
        return Text(CHANGES[item.change], style="yellow")
    checks = ", ".join(str(number) for number in sorted({numbers[cause.words] for cause in causes(item)}))
    reason = why(item, found, common)
    return Text.assemble(checks, "; " if checks and reason else "", (reason, "yellow"))


def _numbers(found: Differences) -> dict[str, int]:
    """Return a number for each check that ended otherwise, the one that most submissions have first."""
    times = Counter(cause.words for item in found.items for cause in causes(item))
    return {words: number for number, words in enumerate(sorted(times, key=lambda words: (-times[words], words)), 1)}


def _checks(found: Differences, numbers: dict[str, int]) -> Table:
    times: Counter[str] = Counter()
    points: dict[str, float] = defaultdict(float)
    for cause in (cause for item in found.items for cause in causes(item)):
        times[cause.words] += 1
        points[cause.words] += cause.points
    table = Table(box=box.SIMPLE_HEAD, title="by which check", title_justify="left")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("check", overflow="fold")
    table.add_column("submissions", justify="right")
    table.add_column("points", justify="right")
    for words, number in numbers.items():
        table.add_row(str(number), Text(words), str(times[words]), _signed(points[words]))
    return table


def _summary(found: Differences, common: tuple[Reason, ...]) -> list[Text]:
    """Return the lines at the end: how many, the sums of points, what has changed for all, and what to know besides."""
    before = sum(item.before is not None for item in found.items)
    now = sum(item.now is not None for item in found.items)
    numbers = [
        f"{number} {CHANGES[change]}" for change in Change if change.of_grade and (number := found.number(change))
    ]
    lines = [
        Text(f"{side} {folder}, {counted(number, 'submission')}, {_points(found.total(which))} points in all")
        for side, folder, number, which in (
            ("before:", found.old, before, lambda item: item.before),
            ("now:   ", found.new, now, lambda item: item.now),
        )
    ]
    kept = found.number(Change.SAME) + found.number(Change.CHECKS)
    said = f"{len(found.changed)} of {len(found.items)} grades change: {', '.join(numbers)}"
    other = found.number(Change.CHECKS)
    more = f", {other} of them by other checks" if other else ""
    lines.append(Text(f"{said if numbers else 'no grade changes'}; {kept} as before{more}", style="bold"))
    if common:
        lines.append(Text("what has changed for all:"))
        lines += [Text(f"  {reason_words(reason)}") for reason in common]
    return [*lines, *(Text(f"note: {remark}", style="yellow") for remark in found.remarks)]


def _common(found: Differences) -> tuple[Reason, ...]:
    """Return what has changed alike for all that are in both."""
    both = [item.reasons for item in found.items if item.before is not None and item.now is not None]
    return tuple(reason for reason in both[0] if all(reason in reasons for reasons in both)) if both else ()


def _maximum(found: Differences) -> float:
    """Return the maximum that most have, so that it need not stand beside each grade."""
    known = [one.max_score for item in found.items for one in (item.before, item.now) if one is not None]
    return Counter(known).most_common(1)[0][0]


def _points(total: float) -> str:
    return f"{round(total, 2):.10g}"


def _signed(points: float | None) -> str:
    return "" if points is None else f"{points:+g}" if round(points, 9) else "0"
