"""Draw a comparison on a terminal: a line for each pair, and then what each pair shares, side by side.

A student's text is drawn as plain text, never as markup; `clean` took what a terminal would obey out of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.classes.similar.comparing import Alike, Comparison
from grader.classes.similar.evidence import Shared
from grader.classes.similar.traits import Kind

__all__ = ["print_comparison"]

_TITLES = {
    Kind.ANSWER: "wrong answers",
    Kind.CODE: "code",
    Kind.NAME: "names",
    Kind.CONSTANT: "constants",
    Kind.TEXT: "comments and texts",
    Kind.LAYOUT: "layout",
    Kind.OUTPUT: "saved outputs",
    Kind.FILE: "traces of one file",
}
_BESIDE = {Kind.ANSWER: 4, Kind.CODE: 4, Kind.TEXT: 3, Kind.LAYOUT: 3, Kind.OUTPUT: 3, Kind.FILE: 4}
_IN_A_ROW = 10
_MAX_NAME, _MAX_WORD = 40, 30
_MAX_NOTES = 8
_SAID = (
    "Nobody is accused here, and no grade changes. A pair stands high because both have what few others of this class "
    "have; who learns together, or from the same page, shares such things, too, and nothing says who wrote it first. "
    "Short right answers look alike, and count for nothing: a copy of one can't be seen. "
    "docs/similar.md says how to read this, and how to ask."
)


def print_comparison(comparison: Comparison) -> None:
    """Print the comparison to standard output."""
    console = Console(highlight=False)
    _print_ranking(console, comparison)
    for number, pair in enumerate(comparison.pairs, 1):
        _print_pair(console, number, pair, comparison)
    console.print()
    for note in _notes(comparison):
        console.print(Text(f"note: {note}", style="yellow"))
    console.print(Text(_SAID))


def _print_ranking(console: Console, comparison: Comparison) -> None:
    of = f"{comparison.assignment}: {comparison.submissions} submissions, {comparison.of_pairs} pairs"
    if not comparison.pairs:
        console.print(Text(f"{of}; no two share anything that few have"))
        return
    table = Table(box=box.SIMPLE_HEAD, title=f"{of}; those that share most of what few have")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("pair", overflow="fold", ratio=3)
    table.add_column("strength", justify="right", no_wrap=True)
    table.add_column("what both have", overflow="fold", ratio=4)
    for number, pair in enumerate(comparison.pairs, 1):
        names = " and ".join(_short(name, _MAX_NAME) for name in pair.names)
        table.add_row(str(number), Text(names), f"{pair.strength:.1f}", Text(_counts(pair.shared)))
    console.print(table)
    console.print(Text("strength: 1 is what one pair in twenty of this class reaches or exceeds"))


def _counts(shared: Sequence[Shared]) -> str:
    counts = {kind: sum(item.lines for item in shared if item.kind is kind) for kind in Kind}
    said = [f"{_TITLES[kind]} {count}" for kind, count in counts.items() if count]
    return ", ".join(said) or "only how its lines follow one another"


def _notes(comparison: Comparison) -> list[str]:
    notes = list(comparison.notes)
    if len(notes) > _MAX_NOTES:
        notes = [*notes[:_MAX_NOTES], f"and {len(notes) - _MAX_NOTES} more; --format json has all of them"]
    if not comparison.with_handed_out:
        notes.append("what was handed out is not at hand (--course), so only how many have a thing says it is nobody's")
    return notes


def _print_pair(console: Console, number: int, pair: Alike, comparison: Comparison) -> None:
    console.print()
    names = tuple(_short(name, _MAX_NAME) for name in pair.names)
    console.print(Text(f"{number}. {names[0]} and {names[1]}", style="bold"), Text(f"strength {pair.strength:.1f}"))
    for kind in Kind:
        items = [item for item in pair.shared if item.kind is kind]
        single = [item for item in items if item.first == item.second and " " not in item.first and item.lines == 1]
        beside = [item for item in items if item not in single] if kind in _BESIDE else []
        row = [item for item in items if item not in beside]
        if not items:
            continue
        console.print(Padding(Text(_TITLES[kind], style="cyan"), (0, 0, 0, 2)))
        for item in beside[: _BESIDE.get(kind, 0)]:
            _print_beside(console, item, names, comparison)
        more = len(beside) - _BESIDE.get(kind, 0)
        if more > 0:
            console.print(Padding(Text(f"and {more} more", style="dim"), (0, 0, 0, 4)))
        if row:
            console.print(Padding(Text(_in_a_row(row)), (0, 0, 0, 4)))


def _in_a_row(items: Sequence[Shared]) -> str:
    said = [f"{_short(' '.join(item.first.split()), _MAX_WORD)} ({_others(item)})" for item in items[:_IN_A_ROW]]
    more = f", and {len(items) - _IN_A_ROW} more" if len(items) > _IN_A_ROW else ""
    return ", ".join(said) + more


def _others(item: Shared) -> str:
    return "no other" if item.others == 0 else f"{item.others} other{'s' if item.others > 1 else ''}"


def _print_beside(console: Console, item: Shared, names: tuple[str, ...], comparison: Comparison) -> None:
    total = comparison.submissions + comparison.independent - 2
    rare = f"{_others(item)} of {total}" + (", at least in one line" if item.lines > 1 else "")
    rare += "; chance can't be" if item.certain else ""
    if item.first == item.second:
        where = (
            item.first_where if item.first_where == item.second_where else f"{item.first_where}; {item.second_where}"
        )
        console.print(Padding(Text(f"{where} ({rare})", style="dim"), (0, 0, 0, 4)))
        console.print(Padding(Text(item.first), (0, 0, 0, 6)))
        return
    table = Table(box=None, show_header=False, expand=True, padding=(0, 2, 0, 0))
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    heads = [f"{name}, {where}" for name, where in zip(names, (item.first_where, item.second_where), strict=True)]
    table.add_row(*(Text(head, style="dim") for head in heads))
    table.add_row(Text(item.first), Text(item.second))
    console.print(Padding(Text(f"({rare})", style="dim"), (0, 0, 0, 4)))
    console.print(Padding(table, (0, 0, 0, 6)))


def _short(text: str, limit: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else f"{plain[: limit - 12]}...{plain[-9:]}"
