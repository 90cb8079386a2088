"""Make of the outcomes of checks what is reported of each exercise: points, headline, and its student's own lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.backends.analysis import Written
from grader.backends.session import Session
from grader.course.assignment import Assignment
from grader.judge.driver import Suite
from grader.judge.follow_through import Followed
from grader.judge.scoring import Score, score_exercise
from grader.outcomes import USES_WHAT_IS_WRONG, Check, Diagnosis, Outcome, Status, gravest
from grader.report.report import CheckReport, ExerciseReport
from grader.report.text import clean
from grader.suite.individual import is_own

__all__ = ["cleaned", "exercise_reports"]

_NOTHING_TO_SHOW = (Status.PASSED, Status.NOT_ATTEMPTED)


def cleaned(found: Diagnosis) -> Diagnosis:
    """Return a headline that is safe to print."""
    return replace(found, text=clean(found.text), title=clean(found.title))


def exercise_reports(
    assignment: Assignment,
    suite: Suite,
    outcomes: list[Outcome],
    followed: dict[str, Followed],
    session: Session,
    written: Mapping[str, Written],
) -> tuple[ExerciseReport, ...]:
    """Return what is known of each exercise once its checks have run."""
    reports: list[ExerciseReport] = []
    for exercise in assignment.exercises:
        alone = [
            (check, outcome)
            for check, outcome in zip(suite.checks, outcomes, strict=True)
            if check.exercise == exercise.name
        ]
        follow = followed.get(exercise.name)
        pairs = alone
        if follow is not None:
            pairs = list(zip([check for check, _ in alone], follow.outcomes, strict=True))
        scores = score_exercise(exercise, [check for check, _ in pairs], [outcome for _, outcome in pairs])
        checks = tuple(
            replace(
                _check_report(check, outcome, score),
                alone=_check_report(check, before, score) if check.visible and outcome != before else None,
            )
            for (check, outcome), (_, before), score in zip(pairs, alone, scores, strict=True)
        )
        status = gravest(outcome.status for _, outcome in pairs)
        own = written[exercise.name]
        broken = any(score.score is None for score in scores)
        reports.append(
            ExerciseReport(
                exercise=exercise.name,
                title=exercise.title,
                hint=exercise.hint,
                status=status,
                score=None if broken else round(sum(score.score or 0.0 for score in scores), 2),
                max_score=exercise.points,
                follow_through=follow is not None and follow.credited,
                diagnosis=_diagnosis(exercise.name, [outcome for _, outcome in pairs], follow, session),
                checks=checks,
                lines=own.lines,
                code="" if status in _NOTHING_TO_SHOW else clean(own.text),
            )
        )
    return tuple(_blame_what_it_uses(report, assignment, reports, followed) for report in reports)


def _check_report(check: Check, outcome: Outcome, score: Score) -> CheckReport:
    return CheckReport(
        check=check.name,
        title=check.own_title if check.own_title and is_own() else check.title,
        kind=check.kind,
        visible=check.visible,
        status=outcome.status,
        score=score.score,
        max_score=score.max_score,
        told=clean(outcome.told),
        summary=clean(outcome.summary),
        text=clean(outcome.text),
    )


def _blame_what_it_uses(
    report: ExerciseReport,
    assignment: Assignment,
    reports: list[ExerciseReport],
    followed: dict[str, Followed],
) -> ExerciseReport:
    """Where an exercise fails for no reason of its own that is known, name those it uses that fail too."""
    if report.status not in (Status.FAILED, Status.CRASHED) or report.diagnosis or followed.get(report.exercise):
        return report
    uses = assignment.exercise(report.exercise).uses
    wrong = [f"`{item.exercise}`" for item in reports if item.exercise in uses and item.status is not Status.PASSED]
    if not wrong:
        return report
    names, verb = " and ".join(wrong), "is" if len(wrong) == 1 else "are"
    text = f"{names}, which this exercise uses, {verb} not right: put that right first"
    return replace(report, diagnosis=(Diagnosis(misconception=USES_WHAT_IS_WRONG, text=text),))


def _diagnosis(
    exercise: str, outcomes: list[Outcome], follow: Followed | None, session: Session
) -> tuple[Diagnosis, ...]:
    """Return at most one headline for an exercise."""
    if follow is not None and follow.credited and gravest(outcome.status for outcome in outcomes) is Status.PASSED:
        credited = follow.diagnosis(exercise)
        return () if credited is None else (credited,)
    found = next((outcome.diagnosis for outcome in outcomes if outcome.diagnosis is not None), None)
    loss = session.losses.get(exercise)
    if found is None and loss is not None and exercise not in session.defined and loss.status is Status.CRASHED:
        found = Diagnosis(misconception="does_not_load", text=loss.text)
    return () if found is None else (cleaned(found),)
