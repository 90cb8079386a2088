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
from grader.classes.similar.evidence import Row, Shared
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
_COUNTED = {
    Kind.ANSWER: ("wrong answer", "wrong answers"),
    Kind.CODE: ("line of code", "lines of code"),
    Kind.NAME: ("name", "names"),
    Kind.CONSTANT: ("constant", "constants"),
    Kind.TEXT: ("comment or word", "comments and words"),
    Kind.LAYOUT: ("habit of layout", "habits of layout"),
    Kind.OUTPUT: ("saved output", "saved outputs"),
    Kind.FILE: ("trace of one file", "traces of one file"),
}
_MAX_SHOWN, _MAX_ROWS, _IN_A_ROW = 3, 14, 8
_MAX_NAME, _MAX_WORD, _MAX_LINE = 40, 30, 200
_MAX_NOTES = 6
_SAID = (
    "This accuses nobody, and changes no grade. Both of a pair have what few others of this class have; who learn "
    "together, or from the same page, do so, too, and nothing says who wrote it first. Short right answers look alike "
    "and count for nothing, so that a copy of one isn't seen here. How to read this, and how to ask: docs/similar.md"
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
    console.print(Text(of, style="bold"))
    if not comparison.pairs:
        console.print(Text("No two of them share anything that few have."))
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0))
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("pair", overflow="fold", ratio=2)
    table.add_column("strength", justify="right", no_wrap=True)
    table.add_column("what both have and few others", overflow="fold", ratio=3)
    for number, pair in enumerate(comparison.pairs, 1):
        table.add_row(str(number), Text(" and ".join(_names(pair))), f"{pair.strength:.1f}", Text(_counts(pair.shared)))
    console.print(table)
    console.print(Text("strength: at most one pair in twenty of this class has more than 1", style="dim"))


def _names(pair: Alike) -> list[str]:
    return [_short(name, _MAX_NAME) for name in pair.names]


def _counts(shared: Sequence[Shared]) -> str:
    counts = {kind: sum(row.rare for item in shared if item.kind is kind for row in item.rows) for kind in Kind}
    said = [f"{count} {_COUNTED[kind][count > 1]}" for kind, count in counts.items() if count]
    return ", ".join(said) or "how common lines follow one another"


def _notes(comparison: Comparison) -> list[str]:
    notes = [" ".join(note.split()) for note in comparison.notes]
    if len(notes) > _MAX_NOTES:
        notes = [*notes[:_MAX_NOTES], f"and {len(notes) - _MAX_NOTES} more notes; --format json has all of them"]
    if not comparison.with_handed_out:
        notes.append(
            "what was handed out is not at hand (name the course with --course), and may stand here as something shared"
        )
    return notes


def _print_pair(console: Console, number: int, pair: Alike, comparison: Comparison) -> None:
    first, second = _names(pair)
    console.print()
    console.print(Text(f"{number}. {first} and {second}", style="bold"), Text(f"strength {pair.strength:.1f}"))
    for kind in Kind:
        items = [item for item in pair.shared if item.kind is kind]
        if not items:
            continue
        console.print(Padding(Text(_TITLES[kind], style="cyan"), (0, 0, 0, 2)))
        words = [item for item in items if _is_word(item)]
        whole = [item for item in items if not _is_word(item)]
        for item in whole[:_MAX_SHOWN]:
            _print_shared(console, item, (first, second), comparison)
        if len(whole) > _MAX_SHOWN:
            console.print(Padding(Text(f"and {len(whole) - _MAX_SHOWN} more", style="dim"), (0, 0, 0, 4)))
        if words:
            console.print(Padding(Text(_in_a_row(words)), (0, 0, 0, 4)))


def _is_word(item: Shared) -> bool:
    """Say whether it is so small that its place tells nothing more."""
    if item.kind in (Kind.NAME, Kind.CONSTANT):
        return True
    return item.kind is Kind.TEXT and item.is_same and len(item.rows[0].first.split()) == 1


def _in_a_row(items: Sequence[Shared]) -> str:
    said = [f"{_short(item.rows[0].first, _MAX_WORD)} ({_others(item.others)})" for item in items[:_IN_A_ROW]]
    return ", ".join(said) + (f", and {len(items) - _IN_A_ROW} more" if len(items) > _IN_A_ROW else "")


def _others(count: int) -> str:
    return "no other" if count == 0 else f"{count} other{'s' if count > 1 else ''}"


def _print_shared(console: Console, item: Shared, names: tuple[str, str], comparison: Comparison) -> None:
    """Print one thing in one column where both wrote the same, else in two; last comes how many others have it."""
    table = Table(box=None, show_header=False, expand=True, padding=(0, 2, 0, 0))
    for _ in range(1 if item.is_same else 2):
        table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    places = (item.first_where, item.second_where)
    said = [f"{name}, {place}" for name, place in zip(names, places, strict=True)]
    of = f"others of {comparison.submissions + comparison.independent - 2}"
    table.add_row(*(Text(text, style="dim") for text in (*([" | ".join(said)] if item.is_same else said), of)))
    for row in item.rows[:_MAX_ROWS]:
        table.add_row(*_cells(row, item))
    if len(item.rows) > 1:
        more = f" (and {len(item.rows) - _MAX_ROWS} lines more)" if len(item.rows) > _MAX_ROWS else ""
        empty = [] if item.is_same else [""]
        table.add_row(
            Text(f"all of it{more}", style="italic"), *empty, Text(str(item.others or "none"), style="italic")
        )
    console.print(Padding(table, (0, 0, 0, 4)))


def _cells(row: Row, item: Shared) -> list[Text]:
    texts = [row.first] if item.is_same else [row.first, row.second]
    style = "" if row.rare else "dim"
    count = "none, and no chance" if item.certain and row.others == 0 else str(row.others or "none")
    return [*(Text(_cut(text), style=style) for text in texts), Text(count, style=style)]


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_LINE else f"{text[:_MAX_LINE]}..."


def _short(text: str, limit: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else f"{plain[: limit - 12]}...{plain[-9:]}"
