"""Say on standard error how far a run is: a table that moves where somebody watches, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.report.view import SubmissionView

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live
    from rich.table import Table
    from rich.text import Text

__all__ = ["Pace", "counting", "watched"]

_QUIET_SECONDS = 30.0  # between two lines where nobody watches
_SHOWN = 8  # last results
_A_SECOND = 4  # times that the table is drawn


@contextmanager
def watched(total: int, assignment: str) -> Iterator[Callable[[SubmissionView], None]]:
    """Return what is called with each submission that is graded, as somebody may read it; one alone is not told of."""
    pace = Pace(total, time.monotonic())
    if total < 2:
        yield lambda _: None
    elif not sys.stderr.isatty():
        yield _Lines(pace).add
    else:
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False)
        if not console.is_interactive:
            yield _Lines(pace).add
            return
        table = _Moving(pace, assignment, console)
        with Live(get_renderable=table.drawn, console=console, transient=True, refresh_per_second=_A_SECOND):
            yield table.add


@contextmanager
def counting() -> Iterator[Callable[[int, int], None]]:
    """Return what is called with how many of how many are done, from 0 on; it may begin again with others."""
    count = _Counting()
    try:
        yield count.tell
    finally:
        count.end()


class Pace:
    """How many are graded of how many, how fast, and how long it will take; times are in seconds."""

    def __init__(self, total: int, start: float) -> None:
        self.total = total
        self.done = 0
        self._start = start

    def text(self, now: float) -> str:
        """Say it in a line; there is no rate before the first is graded."""
        if self.done == 0:
            return f"0 of {self.total} graded, {_duration(now - self._start)} so far"
        each = (now - self._start) / self.done
        rate = f"{60 / each:.0f} a minute" if each < 40 else f"{3600 / each:.0f} an hour"
        return f"{self.done} of {self.total} graded, {rate}, {_duration(each * (self.total - self.done))} left"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


class _Lines:
    """How far a run is, in a line of a log."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._said = time.monotonic()

    def add(self, _: SubmissionView) -> None:
        self.count(self._pace.done + 1)

    def count(self, done: int) -> None:
        self._pace.done = done
        now = time.monotonic()
        if now - self._said < _QUIET_SECONDS or self._pace.done == self._pace.total:
            return
        self._said = now
        sys.stderr.write(f"grader: {self._pace.text(now)}\n")


class _Counting:
    """How far a run is that has nothing else to show: a line that moves, or a line of a log."""

    def __init__(self) -> None:
        self._lines: _Lines | None = None
        self._live: Live | None = None
        self._pace = Pace(0, 0.0)

    def tell(self, done: int, total: int) -> None:
        if done == 0:
            self._begin(total)
        elif self._lines is not None:
            self._lines.count(done)
        self._pace.done = done
        if done == total:
            self.end()

    def end(self) -> None:
        if self._live is not None:
            self._live.stop()
        self._live = None

    def _begin(self, total: int) -> None:
        self.end()
        self._pace = Pace(total, time.monotonic())
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True, highlight=False)
            if console.is_interactive:
                self._live = Live(
                    get_renderable=lambda: _bar(self._pace, console),
                    console=console,
                    transient=True,
                    refresh_per_second=_A_SECOND,
                    redirect_stdout=False,
                    redirect_stderr=False,
                )
                self._live.start()
                return
        self._lines = _Lines(self._pace)


def _bar(pace: Pace, console: Console) -> Table:
    """Draw how far a run is in a line."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    bar = ProgressBar(total=pace.total, completed=pace.done, width=min(30, console.width // 3))
    line = Table.grid(padding=(0, 2, 0, 0))
    line.add_row(bar, Text(pace.text(time.monotonic()), no_wrap=True, overflow="ellipsis"))
    return line


class _Moving:
    """The last results in a table, the newest at the bottom, and under it how far the run is."""

    def __init__(self, pace: Pace, assignment: str, console: Console) -> None:
        self._pace = pace
        self._assignment = assignment
        self._console = console
        self._last: deque[SubmissionView] = deque(maxlen=_SHOWN)

    def add(self, item: SubmissionView) -> None:
        self._pace.done += 1
        self._last.append(item)

    def drawn(self) -> RenderableType:
        from rich.console import Group

        return Group(self._results(), _bar(self._pace, self._console))

    def _results(self) -> Text:
        from rich.cells import cell_len
        from rich.text import Text

        from grader.formats.class_table import said_of
        from grader.formats.marks import cut, label, score_of, strip_of

        last = list(self._last)[-max(1, self._console.height - 4) :]
        names = [cut(label(item, self._assignment), max(8, self._console.width // 4)) for item in last]
        room = max(map(cell_len, names), default=0)
        lines = []
        for item, name in zip(last, names, strict=True):
            score = score_of(item) if item.score is not None else Text("-")
            score.align("right", 6)
            line = Text(name + " " * (room - cell_len(name) + 2)) + score + Text("  ") + strip_of(item) + Text("  ")
            line += Text("; ").join(said_of(item, wide=False))
            line.truncate(self._console.width - 1, overflow="ellipsis")
            lines.append(line)
        return Text("\n").join(lines)
