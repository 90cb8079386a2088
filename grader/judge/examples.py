"""The tests of a suite, with what hypothesis drew for them, and the smallest failure of one.

A hypothesis test is recorded once against the reference, which draws its examples, and is replayed for each submission
without the engine (2 ms an example). The engine runs again only where a replay fails, to shrink the failure, within a
budget of executions: counts, not seconds, so that two runs give the same bytes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from grader.backends.protocol import Judged
from grader.outcomes import Check
from grader.suite.checks import Alone, NotShown
from grader.suite.student import Student, bind

__all__ = ["Examples", "Test", "shrunk"]

_SHRINK_EXECUTIONS = 150
_Example = dict[str, Any]  # what hypothesis drew for a test's parameters: any value


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One collected test: its check, and how to call it with its fixtures."""

    node: str
    check: Check
    function: Callable[..., object]
    fixtures: dict[str, object]
    alone: Alone | None = None

    @property
    def is_property(self) -> bool:
        """Say whether hypothesis draws its examples."""
        return hasattr(self.function, "hypothesis")


@dataclass(slots=True)
class Examples:
    """The examples of each property, as the reference met them, and the tests that it fails."""

    drawn: dict[str, list[_Example]] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    def record(self, test: Test, student: Student, reference: Judged) -> None:
        """Run a test against the reference, once; what it fails is our fault and judges nobody."""
        if test.node in self.drawn or test.node in self.broken:
            return
        drawn: list[_Example] = []
        bind(student, reference)
        reference.begin(test.check.exercise)
        try:
            if test.is_property:
                with _inner_test(test, _recorder(drawn)):
                    test.function(**test.fixtures)
            else:
                test.function(**test.fixtures)
            if test.alone is not None:
                test.alone(student)
        except (Exception, NotShown) as error:  # noqa: BLE001 - whatever the reference fails is reported as broken
            self.broken[test.node] = f"the reference fails this check: {type(error).__name__}: {error}"
        else:
            self.drawn[test.node] = drawn
        finally:
            bind(student, None)


def _recorder(drawn: list[_Example]) -> Callable[[Callable[..., object], _Example], None]:
    def record(run: Callable[..., object], example: _Example) -> None:
        drawn.append(example)
        run(**example)

    return record


@contextlib.contextmanager
def _inner_test(test: Test, replacement: Callable[[Callable[..., object], _Example], None]) -> Iterator[None]:
    """Let hypothesis call `replacement(run, example)` instead of the test's body."""
    handle = test.function.hypothesis  # type: ignore[attr-defined]  # callers have looked
    original = handle.inner_test
    handle.inner_test = lambda **example: replacement(original, example)
    try:
        yield
    finally:
        handle.inner_test = original


class _Enough(BaseException):
    """The budget for shrinking is spent; a BaseException, so that hypothesis lets it through."""


def shrunk(test: Test, found: Exception) -> Exception:
    """Return the failure of the smallest example that the engine finds within the budget.

    While it shrinks, the engine tries only candidates that are smaller than its best, so the last
    one that failed in the same way is the smallest so far.
    """
    best = found
    left: int | None = None

    def attempt(run: Callable[..., object], example: _Example) -> None:
        nonlocal best, left
        if left is not None:
            left -= 1
            if left < 0:
                raise _Enough
        try:
            run(**example)
        except Exception as error:
            if left is None:
                left = _SHRINK_EXECUTIONS
            if type(error) is type(found):
                best = error
            raise

    # The engine's own verdict does not matter: an answer that differs between two calls makes it
    # raise Flaky, and a failure that only comes after many calls makes it pass.
    with contextlib.suppress(Exception, _Enough), _inner_test(test, attempt):
        test.function(**test.fixtures)
    return best
