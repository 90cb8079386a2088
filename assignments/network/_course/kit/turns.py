"""In which order the visible tests run, and which of them need not: a plug-in of pytest that tells as it goes.

A student has this file as `_course/kit/turns.py`. What has changed comes first and what took long last, data that is
fixed before data that is drawn; an exercise ends at its first failure, since one is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest

from .marks import Marks
from .news import Loaded, News, Order, Problem, Tested, Testing
from .results import VisibleResult, problem_of, result_of
from .summary import worth_saying
from .tested import loaded

__all__ = ["Turns"]

_SLOW = 0.5  # seconds, of a test that runs after all others the next time
_PRINTED = 2000  # letters of what a test printed


class Turns:
    """The plug-in: `tell` gets news of each exercise."""

    def __init__(self, order: Order, tell: Callable[[News], None]) -> None:
        """Prepare; nothing is collected yet."""
        self._order = order
        self._tell = tell
        self._namespace: dict[str, object] = {}
        self._left: dict[str, list[str]] = {}
        self._passed: dict[str, int] = {}
        self._closed: set[str] = set()
        self._enough = False  # the only exercise is right, or not written yet: what it calls does not matter
        self._slow: list[str] = []
        self._began = 0.0

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tell why the tests could not be collected."""
        if problem := problem_of(report):
            self._tell(Problem(text=problem))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Tell what was loaded, and put the tests in their order."""
        module = loaded()
        if module is None:
            return
        names, order = self._order.exercises, self._order
        self._namespace = vars(module)
        marks = Marks(self._namespace, names, Path(order.tests))
        own, whole = marks.own(), marks.whole()
        changed = [name for name in names if order.known.get(name, own[name]) != own[name]]
        kept = [name for name in names if order.settled.get(name) == whole[name]]
        wanted = self._wanted(changed, marks)
        if order.first_look:
            wanted, kept = [name for name in wanted if name in changed], []
        elif not order.without and set(wanted) <= set(kept):  # it was saved as it is: then it is tested again
            kept = []
        self._tell(
            Loaded(
                file=Path(str(module.__file__)).name,
                said=module.__dict__["__tested__"].removeprefix("tested: "),
                lost=[str(lost) for lost in worth_saying(module.__dict__["__lost__"])],
                calls=marks.calls,
                own=own,
                whole=whole,
                changed=changed,
                kept=kept,
                seconds=module.__dict__["__seconds__"],
                waits=module.__dict__["__waits__"],
            )
        )
        wanted = [name for name in wanted if name not in (*order.without, *kept)]
        items[:] = self._sorted(
            [item for item in items if any(name in wanted for name in _marked(item, names))], wanted
        )
        for name in wanted:
            self._left[name] = [item.nodeid for item in items if name in _marked(item, names)]
            self._passed[name] = 0
        if order.first_look:
            items[:] = [item for item in items if item.nodeid not in order.slow]

    def _wanted(self, changed: Sequence[str], marks: Marks) -> list[str]:
        """Return the exercises to test: one and, behind it, those that it needs; or what changed, its callers, all."""
        if self._order.only:
            return [self._order.only, *marks.behind(self._order.only)]
        callers = [name for name in self._order.exercises if set(marks.behind(name)) & set(changed)]
        return list(dict.fromkeys([*changed, *callers, *self._order.exercises]))

    def _sorted(self, items: list[pytest.Item], wanted: Sequence[str]) -> list[pytest.Item]:
        def turn(item: pytest.Item) -> tuple[bool, int, bool, bool]:
            first = min(wanted.index(name) for name in _marked(item, wanted))
            slow = item.nodeid in self._order.slow
            return slow and not self._order.only, first, slow, hasattr(getattr(item, "obj", None), "hypothesis")

        return sorted(items, key=turn)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Leave out a test whose exercises have all failed, or are no longer asked for."""
        names = [name for name in _marked(item, self._order.exercises) if name in self._left]
        if self._enough or self._closed.issuperset(names):
            return True
        self._tell(Testing(exercise=next(name for name in names if name not in self._closed)))
        self._began = time.monotonic()
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the result of a test, and tell how its exercises are."""
        report = yield
        result = result_of(item, call, exercises=self._order.exercises, namespace=self._namespace)
        if result is not None:
            if time.monotonic() - self._began > _SLOW:
                self._slow.append(item.nodeid)
            for name in result.exercises:
                if name in self._left and name not in self._closed and item.nodeid in self._left[name]:
                    self._take(name, item.nodeid, result, report.capstdout)
        return report

    def _take(self, name: str, test: str, result: VisibleResult, printed: str) -> None:
        self._left[name].remove(test)
        self._passed[name] += result.passed
        tests = self._passed[name] + len(self._left[name]) + (not result.passed)
        if not result.passed:
            self._closed.add(name)
            self._enough |= name == self._order.only == result.not_written
        elif any(other not in self._order.slow for other in self._left[name]):
            return  # more of it comes at once
        else:
            self._enough |= name == self._order.only and not self._left[name]
        self._tell(
            Tested(
                exercise=name,
                passed=self._passed[name],
                tests=tests,
                text=result.text,
                not_written=result.not_written,
                printed="" if result.passed else printed[-_PRINTED:],
                slow=self._slow,
            )
        )


def _marked(item: pytest.Item, names: Sequence[str]) -> list[str]:
    marks = {mark.name for mark in item.iter_markers()}
    return [name for name in names if name in marks]
