"""Run the visible tests for a student, once or at each save, and tell what they say (`_course/kit/practice.py`).

The tests run in a process of their own: this one imports neither torch nor pytest, and no code of the student's.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .children import Child, Children, Event
from .folder import Folder
from .hinting import STEPS
from .looking import FirstLook, first_look
from .news import Ended, Gone, Loaded, News, Order, Saved, Tested, Testing, Typed
from .reporting import tell, tell_one, tell_right
from .saves import Saves
from .screen import Screen
from .standing import Round, State

__all__ = ["Practice"]

_SILENCE = 150  # seconds without news, after which a test is one that never ends
_TICK = 0.2
_SPARE = 1.0  # seconds in which most answers are there: then the next process may take the processor
_LONG = 0.3  # seconds of loading a file, from which on a first look is taken before the whole has run
_OURS = 0  # the number of an event that is no process's


class _Quit(Exception):  # noqa: N818 - it is no error
    """The student has had enough."""


@dataclass(slots=True)
class _Memory:
    """What is known of a folder from the runs before: marks of the code, answers, and the tests that took long."""

    known: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    tested: dict[str, Tested] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    loading: float = 0.0


class Practice:
    """The folders that a student works in, tested in their order until one is not right."""

    def __init__(self, screen: Screen, folders: Sequence[Folder], only: str, *, hints: int, command: str) -> None:
        """Prepare, and start the first process; `command` is what the student types to test."""
        self._screen = screen
        self._folders = folders
        self._only = only
        self._hints = hints
        self._command = command
        self._events: queue.Queue[Event] = queue.Queue()
        self._early: dict[int, list[News]] = {}
        self._memory = {folder.name: _Memory() for folder in folders}
        self._children = Children(self._events)
        self._children.optimizers = any("torch.optim" in _text(folder.tests) for folder in folders)
        self._watching = False
        self._look: FirstLook | None = None
        self._above = ""  # what a test said that was told at once

    def once(self) -> bool:
        """Test, tell, and return whether all is right."""
        try:
            run, _ = self._first_not_right()
            tell(self._screen, run, command=self._command, steps=self._hints)
            return run.right
        finally:
            self._children.close()

    def watch(self) -> bool:
        """Test, tell, and do so again at each save, until the student ends it; return whether all was right then."""
        self._watching = True
        files = {file: folder for folder in self._folders for file in (*folder.files, folder.tests)}
        saves = Saves(files, lambda changed: self._events.put((_OURS, Saved(files=changed))))
        if sys.stdin is not None and sys.stdin.isatty():
            threading.Thread(target=self._read_keys, daemon=True).start()
        right = False
        try:
            run, saved = self._first_not_right()
            while True:
                right = run.right
                if saved is None:
                    saved = self._show(run)
                self._screen.clear()
                self._screen.say(f"{time.strftime('%H:%M:%S')}  {saved.files[-1].name} was saved", "dim")
                self._above = ""
                run = Round(folder=files[saved.files[-1]], only=self._only)
                saved = self._play(run)
        except (_Quit, KeyboardInterrupt):
            self._screen.say()
        finally:
            saves.close()
            self._children.close()
        return right

    def _first_not_right(self) -> tuple[Round, Saved | None]:
        """Test the folders in their order, up to the first that is not right or is interrupted by a save."""
        for place, folder in enumerate(self._folders, 1):
            run = Round(folder=folder, only=self._only)
            saved = self._play(run)
            if saved is not None or not run.right or place == len(self._folders):
                break
            self._screen.say(f"{folder.name}: all exercises are right", "green")
        if len(self._folders) > 1:
            self._screen.say(run.folder.name, "bold")
        return run, saved

    def _show(self, run: Round) -> Saved:
        """Tell of a run, answer what is typed, and return the next save."""
        hints, above = self._hints, self._above
        while True:
            if self._screen.terminal:
                self._screen.clear()
                above = ""
            ask = "h and Enter" if sys.stdin is not None and sys.stdin.isatty() else ""
            tell(self._screen, run, command=self._command, steps=hints, ask=ask, above=above)
            self._screen.status("waiting for the next save; q and Enter ends")
            what = self._next_of_ours()
            if isinstance(what, Saved):
                return what
            hints = min(hints + 1, STEPS) if what.line == "h" else hints

    def _next_of_ours(self) -> Saved | Typed:
        while True:
            try:
                number, what = self._events.get(timeout=_TICK)
            except queue.Empty:
                continue  # on Windows only a wait that ends lets Ctrl+C through
            if isinstance(what, Typed) and what.line in ("q", None):
                raise _Quit
            if isinstance(what, Saved | Typed):
                return what
            self._keep(number, what)

    def _keep(self, number: int, news: News) -> None:
        """Keep what a process said before it was asked."""
        self._early.setdefault(number, []).append(news)

    def _play(self, run: Round) -> Saved | None:
        """Run the tests, in another process after each that was lost; return a save that came meanwhile."""
        while True:
            self._screen.status("getting ready ...")
            memory = self._memory[run.folder.name]
            order = Order(
                folder=str(run.folder.path),
                tests=str(run.folder.tests),
                exercises=run.folder.exercises,
                only=run.only,
                without=[name for name in run.tested if run.standing(name).state is not State.UNKNOWN],
                known=memory.known,
                settled=memory.settled,
                slow=sorted(memory.slow),
            )
            self._look = None
            if self._watching and memory.loading >= _LONG and not run.tested:
                self._look = first_look(self._children, order, run, dict(memory.tested), self._screen)
            child = self._children.take()
            child.order(order)
            try:
                how = self._listen(child, run)
            finally:
                child.stop()
                if self._look is not None:
                    self._look.stop()
            if self._watching:
                self._children.prepare()
            if isinstance(how, Saved):
                return how
            if how is None or not run.lose(how):
                return None

    def _listen(self, child: Child, run: Round) -> Saved | Gone | int | None:
        """Hear a process out: None when it is done, else the save, its end, or the seconds of its silence."""
        begun = heard = time.monotonic()
        for number in [number for number in self._early if number <= child.number]:
            early = self._early.pop(number)
            if number == child.number:
                for news in early:
                    self._events.put((number, news))
        limit, spare = _SILENCE, _SPARE + 2 * self._memory[run.folder.name].loading
        while True:
            if self._watching and time.monotonic() - begun > spare:
                self._children.prepare()
            try:
                number, what = self._events.get(timeout=_TICK)
            except queue.Empty:
                if time.monotonic() - heard > limit:
                    return limit
                continue
            if isinstance(what, Saved):
                return what
            if isinstance(what, Typed):
                if what.line in ("q", None):
                    raise _Quit
            elif self._look is not None and number == self._look.number:
                self._look.take(what)
            elif number > child.number:
                self._keep(number, what)
            elif number == child.number:
                heard = time.monotonic()
                run.take(what)
                self._told(run, what)
                if isinstance(what, Testing):
                    limit = _SILENCE + 2 * run.folder.seconds.get(what.exercise, 0)
                if isinstance(what, Ended | Gone):
                    return None if isinstance(what, Ended) or run.problem else what

    def _told(self, run: Round, news: News) -> None:
        """Remember what was said, and tell at once what has changed."""
        memory = self._memory[run.folder.name]
        if isinstance(news, Loaded):
            memory.known, memory.loading = dict(news.own), news.seconds
            self._children.spare = 2 if news.seconds >= _LONG and self._watching else 1
            if self._look is not None:
                self._look.stop()
            run.before = {name: told for name, told in memory.tested.items() if name not in news.changed}
            run.tested |= {name: memory.tested[name] for name in news.kept}
        elif isinstance(news, Testing):
            self._screen.status(f"testing {news.exercise} ...")
        elif isinstance(news, Tested) and run.loaded is not None:
            memory.tested[news.exercise] = news
            if news.text or news.passed == news.tests:
                memory.settled[news.exercise] = run.loaded.whole[news.exercise]
            memory.slow |= set(news.slow)
            if news.exercise in run.loaded.changed:
                item = run.standing(news.exercise)
                told = self._look is not None and self._look.has_told(item)
                if item.state is State.WRONG:
                    if not told:
                        tell_one(self._screen, item, hints=run.folder.hints)
                    self._above = news.text
                elif not told:
                    tell_right(self._screen, item)

    def _read_keys(self) -> None:
        for line in sys.stdin:
            self._events.put((_OURS, Typed(line=line.strip().lower())))
        self._events.put((_OURS, Typed(line=None)))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, ValueError):
        return ""
