"""Judge an exercise with right helpers where those that it uses are wrong: a fault is charged once, where it is.

The student's file is loaded in a fresh worker with stubs in the place of the helpers at fault, and the exercise's
short checks that fail run again. A check that is passed then is passed. Where that is so of all that compare values,
the long ones are looked at, too: with the student's own helpers where that shows that they are right, else with
right ones, which take long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.backends.analysis import Analysis
from grader.backends.containers import Container
from grader.backends.session import Session
from grader.course.assignment import Assignment, FollowThrough
from grader.judge.driver import Account, Suite
from grader.outcomes import Diagnosis, Kind, Outcome, Status, gravest

__all__ = ["Followed", "follow_through"]

_MAY_BE_ANOTHERS = (Status.FAILED, Status.CRASHED, Status.TIMED_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What became of an exercise with right helpers: the outcomes that count, and which helpers are at fault.

    `account` is what was asked of it there, and what came back.
    """

    outcomes: tuple[Outcome, ...]
    culprits: tuple[str, ...]
    credited: bool
    account: Account

    @property
    def right(self) -> bool:
        """Say whether everything is passed with right helpers."""
        return all(outcome.status is Status.PASSED for outcome in self.outcomes)

    def diagnosis(self, exercise: str) -> Diagnosis | None:
        """Say that the exercise is credited, and what is at fault; None where it fails by itself."""
        if not self.credited:
            return None
        quoted = [f"`{name}`" for name in self.culprits]
        names = " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
        verb = "is" if len(self.culprits) == 1 else "are"
        return Diagnosis(misconception="follow_through", text=f"credited: {names} {verb} at fault, not `{exercise}`")


def follow_through(
    assignment: Assignment,
    suite: Suite,
    session: Session,
    analysis: Analysis,
    outcomes: Sequence[Outcome],
    accounts: Mapping[str, Account],
) -> dict[str, Followed]:
    """Return what changes, by exercise; nothing runs where everything is passed, or the assignment says `off`."""
    followed: dict[str, Followed] = {}
    boxed: set[str] = set()  # right helpers that are charged for the list they answer in
    if assignment.follow_through is FollowThrough.OFF:
        return followed
    own = {
        name: [outcome for check, outcome in zip(suite.checks, outcomes, strict=True) if check.exercise == name]
        for name in assignment.names
    }
    statuses = {name: gravest(outcome.status for outcome in found) for name, found in own.items()}
    for name in assignment.names:
        used = assignment.used_by(name)
        if statuses[name] not in _MAY_BE_ANOTHERS or any(outcome.refused for outcome in own[name]):
            continue
        helpers = [helper for helper in assignment.names if helper in used]
        # What is right with right helpers stays the student's own: it may answer in a class of theirs.
        wrong = [
            helper
            for helper in helpers
            if helper in boxed
            or (statuses[helper] is not Status.PASSED and not (helper in followed and followed[helper].right))
        ]
        if not wrong:
            charged = _with_tensors(suite, session, analysis, name, helpers, own)
            followed |= charged
            boxed |= charged.keys() - {name}
            continue
        if assignment.follow_through is FollowThrough.ATTEMPTED and not analysis.attempted.issuperset(wrong):
            continue
        containers = {helper: kind for helper, kind in session.containers.items() if helper not in boxed}
        short = _failing(suite, name, own[name], long=False)
        again: dict[str, Outcome] = {}
        account = Account()
        if short:
            again, account = suite.grade_with_helpers(session, analysis, name, wrong, containers, among=short)
        if not _all_passed(again):  # what else it answers helps to say why
            again, account = suite.grade_with_helpers(session, analysis, name, wrong, containers)
        unusual = any(containers.get(helper) not in (None, "tensor") for helper in wrong)
        if unusual and not _all_passed(again):
            # The container may be what is wrong with the helper: a loss that is a Python float.
            plain, account = suite.grade_with_helpers(session, analysis, name, wrong, {})
            again = {key: plain[key] if plain[key].status is Status.PASSED else again[key] for key in again}
        if _right(suite, name, again):
            failing = _failing(suite, name, own[name], long=True)
            asked = accounts.get(name, Account())
            late, last = _long_ones(suite, session, analysis, name, failing, asked, wrong, containers)
            again |= late
            account = account if _all_passed(late) else last
        followed[name] = _merged(suite, name, own[name], again, tuple(wrong), account)
    return followed


def _with_tensors(
    suite: Suite,
    session: Session,
    analysis: Analysis,
    name: str,
    helpers: Sequence[str],
    own: dict[str, list[Outcome]],
) -> dict[str, Followed]:
    """Look whether an exercise fails because a right helper answers in a list or the like, and charge that one.

    A list of the right numbers is a right answer, but not where the rest of the submission computes with a
    tensor, as the reference does: where right helpers in the student's own containers fail it, and such in
    tensors do not.
    """
    listed = [
        helper
        for helper in helpers
        if isinstance(session.containers.get(helper), tuple) and not isinstance(suite.containers.get(helper), tuple)
    ]
    checks = {helper: [check for check in suite.checks if check.exercise == helper] for helper in listed}
    form = {
        helper: number
        for helper in listed
        for number, check in reversed(list(enumerate(checks[helper])))
        if check.kind is Kind.FORM
    }
    short = [check.name for check in suite.checks if check.exercise == name and not check.long]
    failing = {outcome.check for outcome in own[name] if outcome.status is not Status.PASSED}
    if not listed or len(form) < len(listed) or failing.isdisjoint(short):
        return {}
    again, account = suite.grade_with_helpers(session, analysis, name, listed, {})
    if _right(suite, name, again) and (late := _failing(suite, name, own[name], long=True)):
        again |= suite.grade_with_helpers(session, analysis, name, listed, {}, among=late)[0]
    found = _merged(suite, name, own[name], again, tuple(listed), account)
    if not found.right:
        return {}
    control, _ = suite.grade_with_helpers(session, analysis, name, listed, session.containers)
    if _all_passed(control):
        return {}  # what they come in is not why it fails
    text = f"it returns its numbers in a list or tuple, and your `{name}` computes with a tensor: return one tensor"
    charged: dict[str, Followed] = {name: found}
    for helper in listed:
        outcomes = list(own[helper])
        outcomes[form[helper]] = Outcome(
            check=checks[helper][form[helper]].name,
            status=Status.FAILED,
            summary=text,
            of_file=True,
            diagnosis=Diagnosis(misconception="not_a_tensor", text=text),
        )
        charged[helper] = Followed(outcomes=tuple(outcomes), culprits=(), credited=False, account=Account())
    return charged


def _long_ones(
    suite: Suite,
    session: Session,
    analysis: Analysis,
    name: str,
    failing: Sequence[str],
    account: Account,
    wrong: Sequence[str],
    containers: Mapping[str, Container],
) -> tuple[dict[str, Outcome], Account]:
    """Return what the long checks that fail come to, since nothing is credited unseen, and what they were answered."""
    seen = suite.passed_alone(session, analysis, name, account, failing) if failing else {}
    unseen = [check for check in failing if check not in seen]
    if not unseen:
        return seen, Account()
    found, answered = suite.grade_with_helpers(session, analysis, name, wrong, containers, among=unseen)
    return seen | found, answered


def _failing(suite: Suite, name: str, outcomes: Sequence[Outcome], *, long: bool) -> list[str]:
    """Return the short or the long checks of an exercise that fail."""
    checks = [check for check in suite.checks if check.exercise == name]
    pairs = zip(checks, outcomes, strict=True)
    return [check.name for check, outcome in pairs if check.long is long and outcome.status is not Status.PASSED]


def _all_passed(outcomes: Mapping[str, Outcome]) -> bool:
    return all(outcome.status is Status.PASSED for outcome in outcomes.values())


def _right(suite: Suite, name: str, again: Mapping[str, Outcome]) -> bool:
    """Say whether every check of values that ran again is passed."""
    values = {check.name for check in suite.checks if check.exercise == name and check.kind in (Kind.VALUE, Kind.KNOWN)}
    return _all_passed({check: outcome for check, outcome in again.items() if check in values})


def _merged(
    suite: Suite,
    name: str,
    before: Sequence[Outcome],
    again: Mapping[str, Outcome],
    culprits: tuple[str, ...],
    account: Account,
) -> Followed:
    """Count a check as passed that is passed either way; what still fails is shown as it fails with right helpers."""
    checks = [check for check in suite.checks if check.exercise == name]
    merged = [
        outcome if outcome.status is Status.PASSED else again.get(check.name, outcome)
        for check, outcome in zip(checks, before, strict=True)
    ]
    credited = sum(item.status is Status.PASSED for item in merged) > sum(
        item.status is Status.PASSED for item in before
    )
    return Followed(outcomes=tuple(merged), culprits=culprits, credited=credited, account=account)
