"""The pytest plugin: the `student` fixture, the `check` marker, and asking a judge instead of calling.

Whoever drives pytest says who judges: `grader.judge.driver` for `grader grade`, `grader.judge.local` for plain pytest.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from grader.judge.examples import Test
    from grader.suite.student import Student

__all__ = ["Judge", "judge_with"]

_JUDGE = pytest.StashKey["Judge"]()


class Judge(Protocol):
    """What the plugin asks of whoever drives it."""

    def student(self, module: str) -> Student:
        """Return the `student` of a suite's module, the same object every time."""

    def judge(self, test: Test) -> None:
        """Judge one check; raise where pytest is to show it as failing."""

    def summary(self) -> list[str]:
        """Return the lines that end a run on the terminal."""

    def close(self) -> None:
        """End whatever was started; safe to call twice."""


def judge_with(config: pytest.Config, judge: Judge) -> None:
    """Let `judge` decide what becomes of each check in this session."""
    config.stash[_JUDGE] = judge


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and fix the examples before a suite is imported."""
    from grader.suite.settings import use_fixed_examples

    use_fixed_examples()
    text = "check(exercise, title, kind, weight, visible): a check of an exercise; see grader.suite.checks.check"
    config.addinivalue_line("markers", text)


@pytest.fixture(scope="module")
def student(request: pytest.FixtureRequest) -> Student:
    """The submission under judgement; `student.grad_fn(...)` calls one of its functions."""  # noqa: D401 - a noun
    return request.config.stash[_JUDGE].student(request.module.__name__)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Judge a test that is a check; leave every other test to pytest."""
    test = _test_of(pyfuncitem)
    if test is None:
        return None
    pyfuncitem.config.stash[_JUDGE].judge(test)
    return True


def _test_of(item: pytest.Function) -> Test | None:
    """Return a collected test as a `Test`, or None where it is no check."""
    from grader.judge.examples import Test
    from grader.suite.checks import alone_of, check_of

    check = check_of(item)
    if check is None:
        return None
    names = inspect.signature(item.obj).parameters
    fixtures = {name: item.funcargs[name] for name in names if name in item.funcargs}
    return Test(node=item.nodeid, check=check, function=item.obj, fixtures=fixtures, alone=alone_of(item))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many points the judged submission earns."""
    judge = config.stash.get(_JUDGE, None)
    for line in judge.summary() if judge else []:
        terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the zygote."""
    judge = config.stash.get(_JUDGE, None)
    if judge:
        judge.close()
