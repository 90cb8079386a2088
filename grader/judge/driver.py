"""A collected hidden suite, which judges any number of submissions."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from grader.answers.pictures import Picture
from grader.backends.analysis import Analysis
from grader.backends.containers import Container
from grader.backends.exchanges import Exchange
from grader.backends.protocol import Judged
from grader.backends.reference import Reference
from grader.backends.session import Session
from grader.course.assignment import Assignment
from grader.diagnosis.counterexample import Evidence
from grader.errors import CourseError, GraderError
from grader.judge.bounds import TooMuch
from grader.judge.examples import Examples, Test
from grader.judge.keeping import Keeping
from grader.judge.right_helpers import Answering
from grader.judge.run import Run
from grader.judge.scoring import check_weights
from grader.judge.showing import Showing
from grader.outcomes import Check, Outcome, Status
from grader.suite.checks import check_of
from grader.suite.stand_ins import stand_ins_in
from grader.suite.student import Student

__all__ = ["Account", "Checked", "Suite"]

Checked = Callable[[str, Sequence[Outcome]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What an exercise was asked and answered, worker by worker, and what goes wrong in a small call.

    `right` are some that it answered rightly, where `exchanges` may take long: whoever answers those otherwise is out.
    `long_answers` are what its long checks were answered, by the question as a frame.
    """

    exchanges: tuple[tuple[Exchange, ...], ...] = ()
    right: tuple[Exchange, ...] = ()
    long_answers: Mapping[bytes, dict[object, object]] = field(default_factory=dict)
    evidence: Evidence | None = None
    picture: Picture | None = None


class Suite:
    """A collected hidden suite; `grade` is called once for each submission.

    It is also the judge that the pytest plugin asks (`student`, `judge`, `summary`, `close`).
    """

    def __init__(self, assignment: Assignment, items: list[pytest.Item]) -> None:
        """Take the collected tests. Raises CourseError where one is no check, or the weights break a rule."""
        self._items = items
        self._student = Student()
        self._examples = Examples()
        self._each: Callable[[Test], None] = lambda _: None
        checks = [check_of(item) for item in items]
        for item, check in zip(items, checks, strict=True):
            if check is None:
                raise CourseError(f"{assignment.hidden_suite}: {item.name} has no @check, so it would never count")
        self.checks: tuple[Check, ...] = tuple(check for check in checks if check is not None)
        check_weights(assignment, self.checks)
        self._reference: Reference | None = None
        self._stand_ins = stand_ins_in(getattr(item, "module", None) for item in items)
        self.showing = Showing(assignment)

    def record(self, reference: Reference, keeping: Keeping | None = None) -> None:
        """Draw every property's examples and see the reference pass, or take both as kept; called once."""
        self._reference = reference
        if keeping is not None and keeping.take(self._examples, reference, self._student):
            return
        self._pass_over(self._items, lambda test: self._examples.record(test, self._student, reference))
        if keeping is not None:
            keeping.keep(self._examples, reference)

    @property
    def reference(self) -> Reference:
        """The reference, once it has been seen to pass."""
        assert self._reference is not None
        return self._reference

    @property
    def answering(self) -> Answering:
        """What answers for helpers."""
        return Answering(load=self.reference.load, stand_ins=self._stand_ins)

    @property
    def containers(self) -> Mapping[str, Container]:
        """In what kind of container each of the reference's functions answers, as far as they were called by name."""
        return self._reference.containers if self._reference is not None else {}

    @property
    def broken(self) -> dict[str, str]:
        """The checks that the reference fails, and how: our fault, and nobody is judged by them."""
        return dict(self._examples.broken)

    def grade(
        self, session: Session, analysis: Analysis, checked: Checked | None = None
    ) -> tuple[list[Outcome], dict[str, Account]]:
        """Return the outcome of each check, in the order of `checks`, and the account of each exercise.

        `checked` is called with each exercise and its outcomes as soon as its checks have run.
        """
        found, accounts = self._judge(session, analysis, self._items, checked)
        outcomes = [
            found.get(item.nodeid, Outcome(check=item.name, status=Status.BROKEN, text="the check did not run"))
            for item in self._items
        ]
        return outcomes, accounts

    def grade_with_helpers(
        self,
        session: Session,
        analysis: Analysis,
        exercise: str,
        helpers: Iterable[str],
        containers: Mapping[str, Container],
        among: Collection[str] | None = None,
    ) -> tuple[dict[str, Outcome], Account]:
        """Return the outcomes of one exercise's checks with right helpers in a fresh worker, and its account there.

        Of those `among`, by default of all but the long ones. The helpers answer in these containers, and otherwise
        in the reference's own.
        """
        kinds = {name: containers.get(name) for name in helpers}
        items = self._items_of(exercise, among)
        with contextlib.closing(self.answering.helpers(session, analysis, exercise, kinds)) as right:
            session.help_by(right, exercise)
            found, accounts = self._judge(session, analysis, items)
        return {outcome.check: outcome for outcome in found.values()}, accounts.get(exercise, Account())

    def passed_alone(
        self, session: Session, analysis: Analysis, exercise: str, account: Account, among: Collection[str]
    ) -> dict[str, Outcome]:
        """Return the long checks `among` that are passed with the student's own helpers.

        What is not may still be right: a helper that remembers something gives other answers in another run.
        """
        session.help_by(None, exercise)
        run = self.run(session, analysis)
        found: dict[str, Outcome] = {}

        def each(test: Test) -> None:
            outcome = run.alone(test, account.long_answers)
            if outcome is not None and outcome.status is Status.PASSED:
                found[test.check.name] = outcome

        self._safely(self._items_of(exercise, among), each)
        return found

    def _items_of(self, exercise: str, among: Collection[str] | None) -> list[pytest.Item]:
        pairs = zip(self._items, self.checks, strict=True)
        own = [(item, check) for item, check in pairs if check.exercise == exercise]
        return [item for item, check in own if (not check.long if among is None else check.name in among)]

    def _judge(
        self, session: Session, analysis: Analysis, items: list[pytest.Item], checked: Checked | None = None
    ) -> tuple[dict[str, Outcome], dict[str, Account]]:
        """Return the outcomes by node, and the accounts by exercise; raises the GraderError that a check met."""
        run = self.run(session, analysis)
        outcomes: dict[str, Outcome] = {}
        accounts: dict[str, Account] = {}
        left = Counter(check.exercise for item in items if (check := check_of(item)) is not None)
        own: dict[str, list[tuple[Test, Outcome]]] = {}

        def each(test: Test) -> None:
            exercise = test.check.exercise
            outcomes[test.node] = run.judge(test)
            own.setdefault(exercise, []).append((test, outcomes[test.node]))
            left[exercise] -= 1
            if not left[exercise]:
                accounts[exercise] = self._account(session, run, exercise, own[exercise])
                if checked is not None:
                    checked(exercise, [outcome for _, outcome in own[exercise]])

        self._safely(items, each)
        return outcomes, accounts

    def _safely(self, items: list[pytest.Item], each: Callable[[Test], None]) -> None:
        """Hand each test to `each`; raises past pytest what is no outcome, and hands over nothing after it."""
        errors: list[BaseException] = []

        def safely(test: Test) -> None:
            try:
                if not errors:
                    each(test)
            except (GraderError, OSError, TooMuch, MemoryError) as error:  # whoever waits may be gone
                errors.append(error)

        self._pass_over(items, safely)
        if errors:
            raise errors[0]

    def _account(self, session: Session, run: Run, exercise: str, judged: Sequence[tuple[Test, Outcome]]) -> Account:
        """Return what an exercise was asked, whose checks have run, and what goes wrong in a small call."""
        evidence = self.showing.evidence(session, self.reference, exercise, judged)
        picture = self.showing.picture(session, self.reference, exercise, judged, evidence)
        failing = [test for test, outcome in judged if outcome.status is not Status.PASSED]
        # A long run is asked of each misconception only where nothing else tells.
        only_long = bool(failing) and all(test.check.long for test in failing)
        asked = run.exchanges(exercise, long=only_long)
        # What hypothesis draws is short, and tells most of them apart: where it fails, nothing need be asked before.
        right = () if any(test.is_property for test in failing) else run.right(exercise)
        return Account(
            exchanges=(*(evidence.exchanges if evidence else ()), asked),
            right=right,
            long_answers=run.long_answers(exercise),
            evidence=evidence,
            picture=picture,
        )

    def tests(self) -> list[Test]:
        """Return the tests with their fixtures, as pytest hands them over."""
        found: list[Test] = []
        self._pass_over(self._items, found.append)
        return found

    def run(self, backend: Judged, analysis: Analysis, *, shrink: bool = True) -> Run:
        """Return a way through this suite for whatever answers; without `shrink` no failure is made smaller."""
        return Run(self._student, backend, analysis, self._examples, shrink=shrink)

    def _pass_over(self, items: list[pytest.Item], each: Callable[[Test], None]) -> None:
        """Let pytest set up and tear down each test, and hand it to `each`."""
        self._each = each
        for item, nextitem in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)

    def student(self, module: str) -> Student:  # noqa: ARG002 - one module is collected, so there is one student
        """Return the one student of this suite."""
        return self._student

    def judge(self, test: Test) -> None:
        """Record a test at first, and judge by it afterwards."""
        self._each(test)

    def summary(self) -> list[str]:
        """Return nothing: the report says it all."""
        return []

    def close(self) -> None:
        """Do nothing: whoever drives owns the zygote."""
