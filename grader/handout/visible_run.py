"""Run an assignment's visible tests on functions that are at hand, in this process.

For the student's own notebook, and for the course's proof of itself; never for grading, since here the
tests share a process with what they test.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Collection, Generator, Sequence
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.kit.results import QUIETLY, VisibleResult, problem_of, result_of
from grader.nested import alone

__all__ = ["run_visible_tests"]


class _Collector:
    """The plug-in that keeps each test's result."""

    def __init__(self, exercises: tuple[str, ...], namespace: dict[str, object]) -> None:
        self._exercises = exercises
        self._namespace = namespace
        self.results: list[VisibleResult] = []
        self.problem = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why the tests could not be collected."""
        self.problem = problem_of(report) or self.problem

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the result of a test, or of the set-up that it failed in."""
        report = yield
        result = result_of(item, call, exercises=self._exercises, namespace=self._namespace)
        if result is not None:
            self.results.append(result)
        return report


def run_visible_tests(
    tests: Path,
    name: str,
    namespace: dict[str, object],
    exercises: tuple[str, ...],
    *,
    only: Sequence[str] = (),
    named: Collection[str] = (),
) -> list[VisibleResult]:
    """Run the tests in the file `tests` on the functions of `namespace`, as if it were the module `name`.

    `only` has the exercises whose tests run, by default all; where some tests are `named`, no others run. Raises
    GraderError where they can't be collected.
    """
    if not tests.is_file():
        raise GraderError(f"there is no {tests.name} in {tests.parent}: keep the files together that were handed out")
    module = types.ModuleType(name)
    module.__dict__.update({key: value for key, value in namespace.items() if not key.startswith("__")})
    module.__file__ = "this notebook"
    collector = _Collector(exercises, namespace)
    before = sys.modules.get(name)
    with alone(tests):
        sys.modules[name] = module
        try:
            chosen = [f"{tests}::{test}" for test in named] or [str(tests)]
            arguments = [*chosen, f"--rootdir={tests.parent}", "--noconftest", *QUIETLY, "--capture=sys"]
            status = pytest.main([*arguments, *(["-m", " or ".join(only)] if only else [])], plugins=[collector])
        finally:
            del sys.modules[name]
            if before is not None:
                sys.modules[name] = before
    if collector.problem:
        raise GraderError(f"{tests} can't be run: {collector.problem}")
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise GraderError(f"{tests} can't be run: pytest ended with {status!r}")
    if only and not collector.results:
        raise GraderError(f"{tests} has no test of {' or '.join(only)}")
    return collector.results
