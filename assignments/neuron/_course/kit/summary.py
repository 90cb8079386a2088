"""End a run of the visible tests with a line for each exercise, and with what was tested (`_course/kit/summary.py`).

Counts tests and gives no points: those come from the hidden suite.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ..syntax.loading import Raised
from .calling import NotWritten
from .tested import Lost

__all__ = ["note_exercises", "note_unwritten", "worth_saying", "write_summary"]

_EXERCISES = pytest.StashKey[dict[str, list[str]]]()
"""Of which exercises a test is, by its id."""
_UNWRITTEN = pytest.StashKey[dict[str, str]]()
"""Which exercise a test failed for, since it is not written, by its id."""


def note_exercises(config: pytest.Config, items: list[pytest.Item], points: Mapping[str, float]) -> None:
    """Keep which exercises each test is of, also for a JUnit file."""
    config.stash[_EXERCISES] = {
        item.nodeid: [mark.name for mark in item.iter_markers() if mark.name in points] for item in items
    }
    for item in items:
        item.user_properties += [("exercise", name) for name in config.stash[_EXERCISES][item.nodeid]]


def note_unwritten(config: pytest.Config, test: str, error: BaseException) -> None:
    """Keep which exercise a test, by its id, found not written."""
    if isinstance(error, NotWritten):
        config.stash.setdefault(_UNWRITTEN, {})[test] = error.not_written


def write_summary(terminal: pytest.TerminalReporter, config: pytest.Config, points: Mapping[str, float]) -> None:
    """Write one line for each exercise, and which file was tested and what was left out of it."""
    exercises = config.stash.get(_EXERCISES, {})
    unwritten = config.stash.get(_UNWRITTEN, {})
    reports = [*terminal.stats.get("passed", []), *terminal.stats.get("failed", [])]
    reports = [report for report in reports if report.nodeid in exercises]
    width = max(map(len, points))
    for name, worth in points.items():
        own = [report for report in reports if name in exercises[report.nodeid]]
        if own:
            said = f"{worth:g} point{'' if worth == 1 else 's'}"
            terminal.write_line(f"  {name:{width}}  {said:>9}   {_state_of(name, own, unwritten)}")
    tested = next(
        (module for module in list(sys.modules.values()) if "__tested__" in getattr(module, "__dict__", {})), None
    )
    if tested is not None:
        for lost in worth_saying(tested.__dict__["__lost__"]):
            terminal.write_line(f"left out of {Path(str(tested.__file__)).name}: {lost}")
        terminal.write_line(tested.__dict__["__tested__"])


def worth_saying(lost: Mapping[str, Lost]) -> list[Lost]:
    """Return each loss once, but for calls of a stub, and for what only needs a name that was lost before."""
    return [
        item
        for item in dict.fromkeys(lost.values())
        if not isinstance(item.why, Raised) or (item.why.kind != "NotImplementedError" and item.why.missing not in lost)
    ]


def _state_of(name: str, reports: list[pytest.TestReport], unwritten: Mapping[str, str]) -> str:
    passed = sum(report.passed for report in reports)
    if passed == len(reports):
        return f"all {passed} tests pass" if passed > 1 else "its test passes"
    if all(unwritten.get(report.nodeid) == name for report in reports if report.failed):
        return "not written yet"
    return f"{passed} of {len(reports)} tests pass"
