"""Drive pytest: collect a hidden suite once, then let the caller judge any number of submissions by it.

pytest's own loop is replaced by the caller's function, which gets a `Suite` to judge with; fixtures are set up and
torn down for each submission as pytest does it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Generic, TypeVar

import pytest

from grader.backends.reference import Reference
from grader.course.assignment import Assignment
from grader.course.suite_files import suite_files
from grader.errors import CourseError
from grader.judge.driver import Suite
from grader.judge.keeping import Keeping
from grader.judge.plugin import judge_with
from grader.judge.store import Store
from grader.kit.results import QUIETLY
from grader.nested import alone
from grader.suite.chance import use_seed
from grader.suite.checks import check_of

__all__ = ["with_suite"]

_T = TypeVar("_T")


class _Loop(Generic[_T]):
    """The plug-in that takes the place of pytest's loop."""

    def __init__(
        self, assignment: Assignment, body: Callable[[Suite], _T], store: Store | None, reference: Reference | None
    ) -> None:
        self._assignment = assignment
        self._body = body
        self._store = store
        self._reference = reference
        self._suite: Suite | None = None
        self.results: list[_T] = []
        self.error: BaseException | None = None
        self.problem = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what went wrong while collecting."""
        if report.failed:
            self.problem = str(report.longrepr)[-2000:]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Become the judge before the plugin looks for one."""
        if self.problem:
            return
        # What is shown in full comes first: a worker that has seen hidden inputs could tell them there.
        order = {name: number for number, name in enumerate(self._assignment.names)}
        items.sort(key=lambda item: _place(item, order))
        try:
            self._suite = Suite(self._assignment, items)
            judge_with(config, self._suite)
        except CourseError as error:
            self.error = error

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the caller's function instead of the tests."""
        if self._suite is None or session.testsfailed:
            return True
        try:
            keeping = Keeping(self._assignment, self._store) if self._store is not None else None
            self._suite.record(self._reference or Reference(self._assignment), keeping)
            # What is warm now lives as long as the process: the collector need not look at it again.
            gc.collect()
            gc.freeze()
            self.results.append(self._body(self._suite))
        except BaseException as error:  # noqa: BLE001 - carried out of pytest, which would swallow it
            self.error = error
        return True


def with_suite(
    assignment: Assignment,
    body: Callable[[Suite], _T],
    *,
    store: Store | None = None,
    reference: Reference | None = None,
) -> _T:
    """Collect the suite, record its examples or take them from the store, and return what `body` returns.

    Without a store the reference, or the one that is given, is asked everything that the suite asks while it draws.
    Raises CourseError where the suite can't be collected, and whatever `body` raises.
    """
    use_seed(assignment.seed)
    loop = _Loop(assignment, body, store, reference)
    beside = [path.stem for path in suite_files(assignment.hidden_suite)]
    with alone(assignment.hidden_suite, beside=beside):
        status = pytest.main(_arguments(assignment), plugins=[loop])
    if loop.error is not None:
        raise loop.error
    if not loop.results:
        why = loop.problem or f"pytest ended with {status!r}"
        raise CourseError(f"{assignment.hidden_suite} can't be collected: {why}")
    return loop.results[0]


def _place(item: pytest.Item, order: dict[str, int]) -> tuple[int, bool]:
    check = check_of(item)
    return (order.get(check.exercise, -1), not check.visible) if check else (-1, False)


def _arguments(assignment: Assignment) -> list[str]:
    course = assignment.course
    paths = [f"--rootdir={course.root}", f"--confcutdir={course.hidden_tests}"]
    return [str(assignment.hidden_suite), *paths, *QUIETLY, "--capture=no", "-p", "grader.judge.plugin"]
