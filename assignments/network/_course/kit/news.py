"""What a process that runs tests tells the one that asked it, a line of JSON each (`_course/kit/news.py`).

Plain values only: the two processes may be of two copies of this kit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = [
    "Ended",
    "Gone",
    "Loaded",
    "Missing",
    "News",
    "Order",
    "Problem",
    "Ready",
    "Saved",
    "Tested",
    "Testing",
    "Typed",
    "read",
    "written",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to test: `only` one exercise, or all but those `without`.

    `known` has the marks of the code that was loaded last, `settled` those of what was answered, and `slow` the tests
    that took long. A `first_look` is at what has changed alone, and leaves out what can wait.
    """

    folder: str
    tests: str
    exercises: Sequence[str]
    only: str = ""
    without: Sequence[str] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    slow: Sequence[str] = ()
    first_look: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Everything is imported, and an order may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A package is not installed."""

    package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The student's file is loaded: which it is, what was left out of it, and which exercise calls which others.

    `own` and `whole` are marks of the exercises; the answers of those `kept` hold still. It took so many `seconds`;
    `waits` has the places of what a first look has left out.
    """

    file: str
    said: str
    lost: Sequence[str]
    calls: Mapping[str, Sequence[str]]
    own: Mapping[str, str]
    whole: Mapping[str, str]
    changed: Sequence[str]
    kept: Sequence[str]
    seconds: float = 0.0
    waits: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Testing:
    """A test of this exercise begins."""

    exercise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """How far an exercise is: it fails with `text`, or so many of its tests pass, and all of them in the end.

    `not_written` is the exercise that was found to be a stub still.
    """

    exercise: str
    passed: int
    tests: int
    text: str = ""
    not_written: str = ""
    printed: str = ""
    slow: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Nothing can be tested, and why."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """All that was ordered is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The process is gone: with which code, and the last that it wrote as an error."""

    code: int
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Files were saved; no process says this one, nor the next."""

    files: Sequence[Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A line was typed; None at the end of the input."""

    line: str | None


News = Order | Ready | Missing | Loaded | Testing | Tested | Problem | Ended | Gone | Saved | Typed
_KINDS = {kind.__name__: kind for kind in (Order, Ready, Missing, Loaded, Testing, Tested, Problem, Ended)}


def written(news: News) -> str:
    """Write news as one line."""
    return json.dumps([type(news).__name__, asdict(news)]) + "\n"


def read(line: str) -> News:
    """Read what `written` wrote."""
    kind, values = json.loads(line)
    return _KINDS[kind](**values)
