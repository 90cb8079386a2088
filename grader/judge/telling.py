"""Say of each exercise, as soon as its checks have run, what can't change any more.

Follow-through comes after all checks: it may credit an exercise that uses a wrong one, and charge a right one that
answers in a list. Whoever may still be credited or charged is said to be checked, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.backends.session import Session
from grader.course.assignment import Assignment, FollowThrough
from grader.judge.driver import Suite
from grader.outcomes import Outcome, Status, gravest
from grader.report.progress import Progress, Verdict

__all__ = ["Tell", "Telling"]

Tell = Callable[[Progress], None]


class Telling:
    """One submission's: `checked` is called with the outcomes of an exercise, in the order in which they are judged."""

    def __init__(self, assignment: Assignment, suite: Suite, session: Session, tell: Tell) -> None:
        self._assignment = assignment
        self._suite = suite
        self._session = session
        self._tell = tell
        self._right: set[str] = set()  # for good, and no helper that could be charged

    def checked(self, exercise: str, outcomes: Sequence[Outcome]) -> None:
        """Tell of an exercise whose checks have all run."""
        status = gravest(outcome.status for outcome in outcomes)
        if status is Status.PASSED:
            verdict = Verdict.RIGHT if self._stays_right(exercise) else Verdict.CHECKED
            if not self._may_be_charged(exercise):
                self._right.add(exercise)
        elif status is Status.NOT_ATTEMPTED:
            verdict = Verdict.NOT_WRITTEN
        elif status is Status.BROKEN:
            verdict = Verdict.CHECKED
        else:
            refused = any(outcome.refused for outcome in outcomes)
            verdict = Verdict.WRONG if refused or self._stays_wrong(exercise) else Verdict.CHECKED
        self._tell(Progress(exercise=exercise, verdict=verdict))

    @property
    def _follows(self) -> bool:
        return self._assignment.follow_through is not FollowThrough.OFF

    def _stays_right(self, exercise: str) -> bool:
        used = any(exercise in self._assignment.used_by(other) for other in self._assignment.names)
        return not (self._follows and used and self._may_be_charged(exercise))

    def _stays_wrong(self, exercise: str) -> bool:
        return not self._follows or self._assignment.used_by(exercise) <= self._right

    def _may_be_charged(self, exercise: str) -> bool:
        """Say whether a right helper may turn out to answer in a list; it stays what it was at the first call."""
        container = self._session.containers.get(exercise)
        return container is None or (
            isinstance(container, tuple) and not isinstance(self._suite.containers.get(exercise), tuple)
        )
