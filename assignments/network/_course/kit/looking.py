"""Tell what has changed before the whole of a student's file has run (`_course/kit/looking.py` for a student).

A process of its own looks at it, and says nothing that is kept: what holds comes from the one that runs the whole file,
as the grader does, beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .children import Child, Children
from .news import Loaded, News, Order, Tested
from .reporting import tell_one, tell_right
from .screen import Screen
from .standing import Round, Standing, State

__all__ = ["FirstLook", "first_look"]


class FirstLook:
    """What a process says of an exercise while cells that train still run in another one."""

    def __init__(self, child: Child, run: Round, before: Mapping[str, Tested], screen: Screen) -> None:
        """Take a process that has its order; `before` is what the last run said."""
        self.number = child.number
        self._child = child
        self._before = before
        self._screen = screen
        self._run = Round(folder=run.folder, only=run.only)
        self._told: dict[str, tuple[State, str]] = {}

    def take(self, news: News) -> None:
        """Take in what the process said, and tell how an exercise is, and what still runs."""
        self._run.take(news)
        if isinstance(news, Loaded):
            self._run.before = {name: told for name, told in self._before.items() if name not in news.changed}
        if not isinstance(news, Tested) or self._run.loaded is None:
            return
        item = self._run.standing(news.exercise)
        if item.state is State.WRONG:
            tell_one(self._screen, item, hints=self._run.folder.hints)
        elif not news.text:
            tell_right(self._screen, item)
        else:
            return  # it waits for another one, or is not written: the table says so
        self._told[item.name] = (item.state, news.text)
        waits = self._run.loaded.waits
        which = f"{waits[0]} has" if len(waits) == 1 else f"{waits[0]} and {len(waits) - 1} more statements have"
        self._screen.say(f"A first look, before {which} run; the whole follows.", "dim", hanging=2)
        self._screen.status("the rest of your file is running ...")

    def has_told(self, item: Standing) -> bool:
        """Say whether the same was told at the first look, and where it was not the same, that it is another now."""
        told = self._told.get(item.name)
        text = item.tested.text if item.tested is not None else ""
        if told is not None and told != (item.state, text):
            self._screen.say("Now that your whole file has run:")
        return told == (item.state, text)

    def stop(self) -> None:
        """End the process: the whole is at hand."""
        self._child.stop()


def first_look(
    children: Children, order: Order, run: Round, before: Mapping[str, Tested], screen: Screen
) -> FirstLook | None:
    """Have a process look at what has changed, where two are ready: the other one is for the whole."""
    if children.ready < 2:
        return None
    child = children.take()
    child.order(replace(order, first_look=True))
    return FirstLook(child, run, before, screen)
