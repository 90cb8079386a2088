"""Judge a trusted source in this process: no worker, no confinement, a limit on time alone.

For sources of the course's own, such as mutants of the reference; a student's never comes here. It
answers by the worker's code and through the same frames, as `grader.backends.reference` does.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Collection, Iterator, Sequence

from grader.backends.analysis import Analysis, to_analysis
from grader.backends.protocol import Loss
from grader.backends.reference import ask_here, load_message
from grader.course.assignment import Assignment
from grader.course.lesson import exercise_arguments, reference_source
from grader.errors import WireError
from grader.judge.driver import Suite
from grader.judge.examples import Test
from grader.judge.scoring import score_exercise
from grader.outcomes import Outcome, Status
from grader.sandbox.worker import TimedOut
from grader.worker.runtime import Runtime

__all__ = ["InChecker", "Judge"]

_AGAIN_SECONDS = 0.2  # an exception that lands in a callback of C is lost, so it comes again


class InChecker:
    """A source as a backend that a suite can judge; each request has a limit of CPU seconds."""

    def __init__(self, assignment: Assignment, source: str, *, seconds: float | None = None) -> None:
        self._runtime = Runtime()
        self._exercise = ""
        self._gradients = {exercise.name: exercise.gradients for exercise in assignment.exercises}
        self._limits = {exercise.name: seconds or exercise.call_seconds for exercise in assignment.exercises}
        self._seconds = assignment.limits.load_seconds
        self.losses: dict[str, Loss] = {}
        self.tools: dict[str, str] = {}
        self.untouched: frozenset[str] = frozenset()
        self.unloadable: Loss | None = None
        self.defined: frozenset[str] = frozenset()
        try:
            answer = self.request(load_message(assignment, f"judged_{assignment.name}", source))
        except TimedOut as error:
            self.unloadable = Loss(status=Status.TIMED_OUT, text=error.reason)
            return
        defined = answer["defined"]
        assert isinstance(defined, list)
        self.defined = frozenset(map(str, defined))
        if answer["notes"]:
            self.unloadable = Loss(status=Status.CRASHED, text=str(answer["notes"]))

    def begin(self, exercise: str) -> None:
        """Take the exercise's limit for what follows."""
        self._exercise = exercise
        self._seconds = self._limits[exercise]

    def load_fully(self) -> bool:
        """Say no: it is loaded as a whole."""
        return False

    def source_line(self, filename: str, line: int) -> str:  # noqa: ARG002 - nobody reads them
        """Return "": the source is one that we made."""
        return ""

    def gradients(self, exercise: str) -> bool:
        """Say whether calls of this exercise, "" for the one that was begun, are made with gradients on."""
        return self._gradients.get(exercise or self._exercise, True)

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Answer a request as a worker does; raises TimedOut where it takes too long."""
        try:
            with _limited(self._seconds):
                return ask_here(self._runtime, message)
        except WireError as error:
            return {"unsendable": str(error)}


class Judge:
    """A suite's checks, sorted by exercise, and ready for any number of sources."""

    def __init__(self, assignment: Assignment, suite: Suite) -> None:
        self.assignment = assignment
        self._suite = suite
        self._analysis = analysis_of(assignment, reference_source(assignment))
        self.tests: dict[str, tuple[Test, ...]] = {}
        for name in assignment.names:
            own = [test for test in suite.tests() if test.check.exercise == name]
            self.tests[name] = tuple(sorted(own, key=lambda test: test.check.long))  # the long ones last

    def outcomes(
        self,
        source: str,
        exercise: str,
        *,
        enough: int | None = None,
        enough_for_long: int | None = None,
        analysis: Analysis | None = None,
        seconds: float | None = None,
        names: Collection[str] | None = None,
    ) -> list[Outcome]:
        """Return the outcomes of an exercise's checks, in the order of `tests`; with `names` of these functions alone.

        No more are asked when `enough` have failed, and no long ones when `enough_for_long` have.
        """
        backend = InChecker(self.assignment, source, seconds=seconds)
        run = self._suite.run(backend, analysis or self._analysis, shrink=False)  # nobody reads the smallest example
        found: list[Outcome] = []
        failed = 0
        for test in self.tests[exercise]:
            if names is not None and test.check.name.partition("[")[0] not in names:
                continue
            if failed == enough or (test.check.long and enough_for_long is not None and failed >= enough_for_long):
                break
            found.append(run.judge(test))
            failed += found[-1].status is not Status.PASSED
        return found

    def score(self, exercise: str, outcomes: Sequence[Outcome]) -> float:
        """Return the exercise's score; a check that was not asked counts as passed."""
        checks = [test.check for test in self.tests[exercise]]
        rest = [Outcome(check=check.name, status=Status.PASSED) for check in checks[len(outcomes) :]]
        scores = score_exercise(self.assignment.exercise(exercise), checks, [*outcomes, *rest])
        assert all(score.score is not None for score in scores), f"the reference fails a check of {exercise}"
        return round(sum(score.score or 0.0 for score in scores), 2)

    def loses_points(self, source: str, exercise: str) -> bool:
        """Say whether a source loses points in an exercise, and ask no more than that takes."""
        outcomes = self.outcomes(source, exercise, enough=1)
        return self.score(exercise, outcomes) < self.assignment.exercise(exercise).points


def analysis_of(assignment: Assignment, source: str) -> Analysis:
    """Return what the analysis finds in a source; made here, since the source is the course's own."""
    not_allowed = {item.name: list(item.not_allowed) for item in assignment.exercises}
    found = Runtime().handle(
        {"id": 0, "op": "analyse", "cells": _cells(assignment, source), "exercises": list(assignment.names)}
        | {"not_allowed": not_allowed},
        lambda _: None,
    )["analysis"]
    assert isinstance(found, dict)
    return to_analysis(found, exercise_arguments(assignment))


def _cells(assignment: Assignment, source: str) -> list[tuple[str, str, bool]]:
    return [(f"{assignment.name}.py", source, False)]


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise TimedOut in what takes longer, and after it where that was caught: the runtime catches everything."""
    late = False

    def stop(*_: object) -> None:
        nonlocal late
        late = True
        raise TimedOut(f"it took more than {seconds:g} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    if late:
        raise TimedOut(f"it took more than {seconds:g} s")
