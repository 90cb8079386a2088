"""End a run of the visible tests: one message an exercise, and a line for each (`_course/kit/summary.py`).

Counts tests and gives no points: those come from the hidden suite.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from ..answers.characters import in_characters
from ..answers.pictures import Picture
from ..languages.choosing import DEFAULT, of_locale
from ..languages.tongue import Tongue, speak
from ..languages.widths import cells
from ..syntax.loading import Raised
from .calling import NotWritten
from .picturing import picture_of
from .telling import Failing, called_by, first_of, said
from .tested import Lost, loaded
from .waiting import listed, waits_for

__all__ = ["note_exercises", "note_failing", "worth_saying", "write_summary"]

_EXERCISES = pytest.StashKey[dict[str, list[str]]]()
"""Of which exercises a test is, by its id."""
_FAILING = pytest.StashKey[dict[str, Failing]]()
"""What failing tests say, by their ids."""


def note_exercises(config: pytest.Config, items: list[pytest.Item], points: Mapping[str, float]) -> None:
    """Keep which exercises each test is of, also for a JUnit file."""
    config.stash[_EXERCISES] = {
        item.nodeid: [mark.name for mark in item.iter_markers() if mark.name in points] for item in items
    }
    for item in items:
        item.user_properties += [("exercise", name) for name in config.stash[_EXERCISES][item.nodeid]]


def note_failing(item: pytest.Item, report: pytest.TestReport, error: BaseException) -> None:
    """Keep what a failing test says, and report that in the place of a traceback, unless one is asked for."""
    module, names = loaded(), item.config.stash[_EXERCISES].get(item.nodeid, [])
    text = said(error, ", ".join(names), vars(module) if module else {})
    not_written = error.not_written if isinstance(error, NotWritten) else ""
    drawn = hasattr(getattr(item, "obj", None), "hypothesis")
    failing = Failing(text=text, not_written=not_written, drawn=drawn)
    item.config.stash.setdefault(_FAILING, {})[item.nodeid] = failing
    if item.config.getoption("tbstyle") in ("no", "short"):
        report.longrepr = _tongue(item.config.rootpath)(text)


def write_summary(
    terminal: pytest.TerminalReporter, config: pytest.Config, points: Mapping[str, float], folder: Path
) -> None:
    """Write what is wrong, then one line for each exercise, and which file was tested and what was left out of it."""
    say = _tongue(folder)
    exercises = config.stash.get(_EXERCISES, {})
    failing = config.stash.get(_FAILING, {})
    reports = [*terminal.stats.get("passed", []), *terminal.stats.get("failed", [])]
    own = {name: [report for report in reports if name in exercises.get(report.nodeid, ())] for name in points}
    own = {name: found for name, found in own.items() if found}
    wrong = {name: [failing[at.nodeid] for at in found if at.nodeid in failing] for name, found in own.items()}
    wrong = {name: found for name, found in wrong.items() if found}
    module = loaded()
    calls = {name: called_by(vars(module) if module else {}, name, points) for name in wrong}
    untouched = [name for name, found in wrong.items() if is_untouched(name, found)]
    waiting = {name: roots for name in wrong if name not in untouched and (roots := waits_for(name, wrong, calls))}
    if config.getoption("tbstyle") == "no":
        told = {name: found for name, found in wrong.items() if name not in untouched and name not in waiting}
        silent = {name: [other for other in calls[name] if other not in own] for name in told}
        pictures = {name: picture_of(folder, name, vars(module)) for name in told if module is not None}
        _write_wrong(terminal, say, told, silent, pictures)
    width = max(map(len, points))
    worths = {name: say(f"{worth:g} point{'' if worth == 1 else 's'}") for name, worth in points.items()}
    room = max(9, *map(cells, worths.values()))
    for name, found in own.items():
        if name not in untouched:
            worth = " " * (room - cells(worths[name])) + worths[name]
            waits = say(f", waits for {listed(waiting[name])}") if name in waiting else ""
            terminal.write_line(f"  {name:{width}}  {worth}   {say(_state_of(found))}{waits}")
    if untouched:
        terminal.write_line(say(f"  not written yet: {', '.join(untouched)}"))
    if module is not None:
        for lost in worth_saying(module.__dict__["__lost__"]):
            terminal.write_line(say(f"left out of {Path(str(module.__file__)).name}: {lost}"))
        terminal.write_line(say(module.__dict__["__tested__"]))


@functools.cache
def _tongue(folder: Path) -> Tongue:
    """Return the language of the locale, with the texts of the assignment in this folder."""
    return speak(of_locale(os.environ) or DEFAULT, [folder / "_course" / "locale"])


def _write_wrong(
    terminal: pytest.TerminalReporter,
    say: Tongue,
    told: Mapping[str, Sequence[Failing]],
    silent: Mapping[str, Sequence[str]],
    pictures: Mapping[str, Picture | None],
) -> None:
    """Write one message for each exercise; `silent` has those that it calls and whose tests did not run."""
    for report in terminal.stats.get("error", []):  # what is not even collected, and has no exercise
        terminal.write_line(report.longreprtext)
    for name, found in told.items():
        terminal.write_sep("_", name)
        terminal.write_line(say(first_of(found).text))
        picture = pictures.get(name)
        if picture is not None:
            terminal.write_line(in_characters(picture.told(say), sys.stdout.encoding, tongue=say))
        if silent[name]:
            terminal.write_line(say(f"it calls     {listed(silent[name])}, not tested in this run: `pytest` tests all"))
    if told:
        terminal.write_line("")


def is_untouched(name: str, failing: Iterable[Failing]) -> bool:
    """Say whether all that is wrong with an exercise is that it is not written yet."""
    return all(one.not_written == name for one in failing)


def worth_saying(lost: Mapping[str, Lost]) -> list[Lost]:
    """Return each loss once, but for calls of a stub, and for what only needs a name that was lost before."""
    return [item for item in dict.fromkeys(lost.values()) if not _is_of_another(item.why, lost)]


def _is_of_another(why: Raised | str, lost: Mapping[str, Lost]) -> bool:
    """Say whether a loss only follows from a stub or from another loss; `Raised` may be of the student's `_course`."""
    if isinstance(why, str):
        return False
    return why.kind == "NotImplementedError" or why.missing in lost


def _state_of(reports: Sequence[pytest.TestReport]) -> str:
    passed = sum(report.passed for report in reports)
    if passed == len(reports):
        return f"all {passed} tests pass" if passed > 1 else "its test passes"
    return f"{passed} of {len(reports)} tests pass"
