"""Judge by plain pytest: the reference, or the one file that `--submission` names.

A plug-in of its own, loaded with `-p grader.judge.plugin -p grader.judge.local`: every check that is not passed
is a failing test.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.backends.reference import Reference
from grader.backends.session import Session
from grader.course.assignment import Assignment
from grader.course.reading import find_course, load_assignment
from grader.judge.examples import Examples, Test
from grader.judge.opening import open_submission, zygotes_for
from grader.judge.plugin import judge_with
from grader.judge.run import Run
from grader.judge.scoring import check_weights, score_exercise
from grader.outcomes import Check, Outcome, Status
from grader.report.text import clean
from grader.sandbox.mode import SandboxMode
from grader.sandbox.zygotes import Zygotes
from grader.submissions.found import Found
from grader.suite.chance import use_seed
from grader.suite.checks import check_of
from grader.suite.student import Student

__all__ = ["Local"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--submission FILE`."""
    parser.addoption(
        "--submission",
        metavar="FILE",
        default=None,
        help="judge this submission by the hidden suite instead of the reference",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where there are checks, judge the reference or the given file."""
    if any(check_of(item) for item in items):
        given = config.getoption("submission")
        judge_with(config, Local(Path(given) if given else None))


class Local:
    """The plugin's judge when nobody drives: one assignment a module."""

    def __init__(self, submission: Path | None) -> None:
        self._submission = submission
        self._modules: dict[str, _Module] = {}

    def student(self, module: str) -> Student:
        """Return the student of a suite's module."""
        return self._open(module).student

    def judge(self, test: Test) -> None:
        """Judge one check; a check that is not passed fails the test."""
        module = self._open(Path(test.node.partition("::")[0]).stem)
        use_seed(module.seed)
        module.judge(test)

    def summary(self) -> list[str]:
        """Return the points of each module."""
        return [line for module in self._modules.values() for line in module.summary()]

    def close(self) -> None:
        """End the workers and their zygotes."""
        for module in self._modules.values():
            module.close()

    def _open(self, module: str) -> _Module:
        if module not in self._modules:
            course = find_course(start=Path.cwd())
            assignment = load_assignment(course, module.removeprefix("test_"))
            self._modules[module] = _Module(assignment, self._submission)
        return self._modules[module]


class _Module:
    def __init__(self, assignment: Assignment, submission: Path | None) -> None:
        self._assignment = assignment
        self.seed = assignment.seed
        self._reference = Reference(assignment)
        self._examples = Examples()
        self._submission = submission
        self._results: list[tuple[Check, Outcome]] = []
        self._zygotes: Zygotes | None = None
        self._session: Session | None = None
        self._run: Run | None = None
        self.student = Student()
        if submission is not None:
            self._zygotes = zygotes_for(assignment, mode=SandboxMode.AUTO)
            self._zygotes.start()
            self._zygotes.wait_until_ready()
            found = Found(given=str(submission), path=submission)
            _, analysis, self._session = open_submission(self._zygotes, found, assignment)
            self._run = Run(self.student, self._session, analysis, self._examples)

    def judge(self, test: Test) -> None:
        self._examples.record(test, self.student, self._reference)
        if self._run is not None:
            outcome = self._run.judge(test)
        elif test.node in self._examples.broken:
            outcome = Outcome(check=test.check.name, status=Status.BROKEN, text=self._examples.broken[test.node])
        else:
            outcome = Outcome(check=test.check.name, status=Status.PASSED)
        self._results.append((test.check, outcome))
        if outcome.status is not Status.PASSED:
            said = "\n".join(part for part in (outcome.summary, outcome.text) if part)
            pytest.fail(clean(f"{test.check.exercise}: {test.check.title}\n{outcome.status}: {said}"), pytrace=False)

    def summary(self) -> list[str]:
        """Return the points, where the whole suite ran."""
        judged = [check for check, _ in self._results]
        lines: list[str] = []
        total = 0.0
        for exercise in self._assignment.exercises:
            pairs = [(check, outcome) for check, outcome in self._results if check.exercise == exercise.name]
            if not pairs:
                return [f"{self._assignment.name}: only some checks ran, so there is no score"]
            scores = score_exercise(exercise, [check for check, _ in pairs], [outcome for _, outcome in pairs])
            if any(score.score is None for score in scores):
                return [f"{self._assignment.name}: {exercise.name} has a broken check, so there is no score"]
            earned = sum(score.score or 0.0 for score in scores)
            total += earned
            lines.append(f"  {exercise.name}: {earned:.2f} of {exercise.points:g}")
        check_weights(self._assignment, judged)
        who = self._submission or "the reference"
        return [f"{who} earns {total:.2f} of {self._assignment.max_score:g} points in {self._assignment.name}", *lines]

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        if self._zygotes is not None:
            self._zygotes.close()
