"""The kit of the visible tests, bound to one assignment: a student's `exercises.py` makes one and hands it on.

A student has this file as `_course/kit/kit.py`. It keeps nothing from test to test.
"""

from __future__ import annotations

import contextlib
import io
import time
import types
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch

from ..answers.explain import show_call
from ..answers.signatures import Ask
from .calling import NeverEnds, copied, trying
from .expecting import expect
from .summary import note_exercises, note_failing, write_summary
from .tested import choose, function_of, load
from .tools import watching

__all__ = ["Kit"]

_SECONDS_TO_ASK = 3


def _take_time() -> None:
    """Let drawn tests that set nothing else take their time: a slow or busy machine is no mistake of a student's."""
    with contextlib.suppress(ImportError):
        from hypothesis import HealthCheck, settings

        settings.register_profile("exercises", deadline=None, suppress_health_check=[HealthCheck.too_slow])
        settings.load_profile("exercises")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What the tests of one folder need: `points` has its exercises, `seconds` those that may take longer.

    `not_allowed` has the tools that an exercise may not use.
    """

    folder: Path
    points: Mapping[str, float]
    seconds: Mapping[str, int]
    not_allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin: from here on what is drawn may take its time."""
        _take_time()

    def load(self, name: str) -> types.ModuleType:
        """Return the student's module: that of the notebook which asks, else the one file of `name` that counts."""
        return load(self.folder, name, self.points)

    def choose(self, name: str) -> tuple[Path, str]:
        """Return the file to test, and say so in words."""
        return choose(self.folder, name, self.points)

    def call(
        self, module: types.ModuleType, name: str, arguments: Mapping[str, object], *, clone: bool = True
    ) -> object:
        """Call a function, with copies of the tensors or with themselves; explain where it raises.

        A copy of a leaf that requires grad is such a leaf.
        """
        __tracebackhide__ = True
        function = function_of(module, name)
        copies = [copied(value) if clone else value for value in arguments.values()]
        with self.trying(name, show_call(name, arguments)):
            return function(*copies)

    @contextlib.contextmanager
    def trying(self, name: str, said: str) -> Iterator[None]:
        """Run code of the exercise `name`, and explain what it raises; `said` is what was called, in words.

        Fails where it uses a tool that it may not use.
        """
        __tracebackhide__ = True
        limited = trying(name, said, seconds=self.seconds.get(name), exercises=self.points)
        with watching(self.not_allowed.get(name, ())) as used:
            try:
                with limited:
                    yield
            except Exception:
                if not used:
                    raise
        if used:  # also where it has raised: how to use the tool is no help
            wrong = f"{name}: it uses {used[0]}, which this exercise may not use; it would earn nothing"
            pytest.fail(f"{wrong}\nyou called   {said}", pytrace=False)

    def answer(
        self,
        module: types.ModuleType,
        name: str,
        arguments: Mapping[str, object],
        expected: torch.Tensor,
        **how: object,
    ) -> object:
        """Call a function, expect its answer, and return it; `how` goes to `expect`."""
        __tracebackhide__ = True
        value = self.call(module, name, arguments)
        ask = self.asking(module, name)
        expect(name, arguments, value, expected, ask=ask, **how)  # type: ignore[arg-type]  # it says what
        return value

    def asking(self, module: types.ModuleType, name: str) -> Ask:
        """Return what calls a function again, to see in which way it is wrong: quietly, and only raising errors.

        It is not asked again once that has taken some seconds.
        """
        end = time.monotonic() + _SECONDS_TO_ASK

        def ask(arguments: Mapping[str, object]) -> object:
            if time.monotonic() > end:
                raise LookupError(name)
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    return self.call(module, name, arguments)
            except (pytest.fail.Exception, NeverEnds) as error:
                raise LookupError(name) from error

        return ask

    # pytest calls these three by their names: conftest.py hands them on.

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep which exercises each test is of."""
        note_exercises(config, items, self.points)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what a failing test says."""
        report = yield
        if report.failed and call.excinfo is not None:
            note_failing(item, report, call.excinfo.value)
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """End with one line for each exercise."""
        write_summary(terminalreporter, config, self.points, self.folder)
