"""How each exercise of an assignment stands, and which one to tell of (`_course/kit/standing.py` for a student).

Facts of one run, without a word for a screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from .folder import Folder
from .news import Gone, Loaded, Missing, News, Problem, Tested, Testing
from .waiting import waits_for

__all__ = ["Round", "Standing", "State"]


class State(Enum):
    """How an exercise stands; `UNKNOWN` where its tests have not run."""

    RIGHT = "right"
    WRONG = "wrong"
    WAITING = "waiting"
    UNWRITTEN = "unwritten"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one exercise stands, for which others it waits, and what its tests said."""

    name: str
    state: State
    waits: Sequence[str] = ()
    tested: Tested | None = None


@dataclass(slots=True, kw_only=True)
class Round:
    """One run of the visible tests of a folder, of `only` one exercise or of all; it takes in news as they come.

    `before` is what the last run said of code that has not changed since; it counts until the tests have run again.
    """

    folder: Folder
    before: Mapping[str, Tested] = field(default_factory=dict)
    only: str = ""
    loaded: Loaded | None = None
    problem: str = ""
    under_test: str = ""
    tested: dict[str, Tested] = field(default_factory=dict)
    crashed: list[str] = field(default_factory=list)

    def take(self, news: News) -> None:
        """Take in what a process said."""
        if isinstance(news, Loaded):
            self.loaded = news if self.loaded is None else self.loaded  # after a crash it is loaded again
        elif isinstance(news, Testing):
            self.under_test = news.exercise
        elif isinstance(news, Tested):
            self.tested[news.exercise] = news
        elif isinstance(news, Problem):
            self.problem = news.text
        elif isinstance(news, Missing):
            self.problem = f"{news.package} is not installed for this Python"

    def lose(self, how: Gone | int) -> bool:
        """Take in that the process has ended, or has said nothing for so many seconds; say whether others can go on."""
        said = _loss(how)
        if not self.under_test:
            self.problem = f"{self.folder.name}: while your file was loaded, {said}"
            if isinstance(how, Gone) and how.said:
                self.problem += "\n" + "\n".join(how.said.splitlines()[-3:])
            return False
        name, self.under_test = self.under_test, ""
        before = self.tested.get(name)
        self.crashed.append(name)
        self.tested[name] = Tested(
            exercise=name,
            passed=before.passed if before else 0,
            tests=before.tests if before else 0,
            text=f"{name}: {said}",
        )
        return not self.only

    @property
    def names(self) -> Sequence[str]:
        """The exercises that this is about."""
        return self.folder.exercises if not self.only else (self.only,)

    def standing(self, name: str) -> Standing:
        """Return how an exercise stands, as far as is known."""
        tested = self.tested.get(name)
        if tested is None:
            return Standing(name=name, state=State.UNKNOWN)
        if not tested.text:
            complete = tested.passed == tested.tests
            return Standing(name=name, state=State.RIGHT if complete else State.UNKNOWN, tested=tested)
        if tested.not_written == name:
            return Standing(name=name, state=State.UNWRITTEN, tested=tested)
        known = {**self.before, **self.tested}
        failing = [other for other in self.folder.exercises if other in known and known[other].text]
        waits = waits_for(name, failing, self.loaded.calls if self.loaded else {})
        state = State.WAITING if waits else State.WRONG
        return Standing(name=name, state=state, waits=waits, tested=tested)

    def standings(self) -> list[Standing]:
        """Return how each exercise stands."""
        return [self.standing(name) for name in self.names]

    @property
    def right(self) -> bool:
        """Whether every exercise is right."""
        return not self.problem and all(item.state is State.RIGHT for item in self.standings())

    def current(self, changed: Sequence[str] = ()) -> Standing | None:
        """Return the exercise to tell of: a wrong one, of those that changed first; else the first not written yet."""
        standings = self.standings()
        if self.only and standings[0].state is State.WAITING:
            return self.standing(standings[0].waits[0])
        wrong = [item for item in standings if item.state is State.WRONG]
        wrong.sort(key=lambda item: item.name not in changed)
        unwritten = [item for item in standings if item.state is State.UNWRITTEN]
        return next(iter([*wrong, *unwritten]), None)


def _loss(how: Gone | int) -> str:
    if isinstance(how, int):
        return f"nothing came for {how} s: does a loop in it never end?"
    if how.code < 0:
        return f"Python itself crashed (signal {-how.code})"
    return f"Python ended with exit code {how.code}: is there an `exit` in it?"
