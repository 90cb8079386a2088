"""What a student is shown of an exercise that fails, out of the author's examples: one small call, and a picture.

Nothing scored is asked here, and each example is asked in a worker that has seen nothing scored.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from grader.answers.pictures import Picture
from grader.backends.reference import Reference
from grader.backends.session import Session
from grader.course.assignment import Assignment
from grader.course.teaching import read_teaching
from grader.diagnosis.counterexample import Evidence, find_evidence
from grader.diagnosis.near_reference import near_references
from grader.diagnosis.own_picture import Pictures
from grader.judge.examples import Test
from grader.outcomes import How, Kind, Outcome, Status
from grader.sandbox.worker import TimedOut, WorkerDied

__all__ = ["Showing"]

Judged = Sequence[tuple[Test, Outcome]]


class Showing:
    """The examples of an assignment; raises CourseError where they can't be read."""

    def __init__(self, assignment: Assignment) -> None:
        self.teaching = read_teaching(assignment)
        self._pictures = Pictures(assignment)
        self._near = functools.partial(near_references, assignment)

    def evidence(self, session: Session, reference: Reference, exercise: str, judged: Judged) -> Evidence | None:
        """Return a counterexample to an exercise whose checks ran to their end, and fail."""
        if exercise not in self.teaching or not _may_be_asked(session, exercise, judged):
            return None
        try:
            fresh = functools.partial(session.forget, exercise)
            return find_evidence(self.teaching[exercise], session, reference, fresh, self._near)
        except (TimedOut, WorkerDied):
            return None  # what is known of it has been said by the checks

    def picture(
        self, session: Session, reference: Reference, exercise: str, judged: Judged, evidence: Evidence | None
    ) -> Picture | None:
        """Return the picture of a loop that fails; none of one that raises, or prints the wrong thing and is right.

        Its worker is that of the counterexample. What takes long is asked only where a long check fails.
        """
        failing = [test.check for test, outcome in judged if outcome.status is not Status.PASSED]
        raises = evidence is not None and evidence.counterexample.how is How.RAISED
        only_prints = all(check.kind is Kind.PRINT for check in failing)
        if raises or only_prints or not _may_be_asked(session, exercise, judged):
            return None
        if exercise not in self.teaching:  # then its worker has seen scored inputs
            session.forget(exercise)
        late = any(check.long for check in failing) and not session.helped  # thousands of messages
        try:
            return self._pictures.draw(exercise, session, reference, late=late)
        except (TimedOut, WorkerDied):
            return None


def _may_be_asked(session: Session, exercise: str, judged: Judged) -> bool:
    """Say whether the checks of an exercise ran to their end, and it fails."""
    statuses = {outcome.status for _, outcome in judged}
    refused = any(outcome.refused for _, outcome in judged)
    failing = statuses & {Status.FAILED, Status.CRASHED} and Status.TIMED_OUT not in statuses
    return bool(failing) and not refused and exercise in session.defined
