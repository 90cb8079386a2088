"""Turn the outcomes of an exercise's checks into points: a pure function, in whole cents.

The rules, from the contract of the course:

- only a `VALUE` check earns by itself; all others earn beside at least one that passes, so a
  constant of the right shape, or the lecture's numbers typed in, earn nothing;
- a fault on ordinary inputs (`VALUE`, `KNOWN`) leaves at most half of the points;
- a fault on edge inputs leaves at least half: the suite's weights are checked for that;
- a tool that is not allowed earns 0;
- a broken check makes the exercise's score null.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.course.assignment import Assignment, Exercise
from grader.errors import CourseError
from grader.outcomes import Check, Kind, Outcome, Status

__all__ = ["Score", "check_weights", "score_exercise", "wrong_weights"]

_MAX_PRINT_POINTS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one check earned and could have earned; `score` is None where the check is broken."""

    score: float | None
    max_score: float


def score_exercise(exercise: Exercise, checks: Sequence[Check], outcomes: Sequence[Outcome]) -> list[Score]:
    """Return the score of each check; their sum is the exercise's score, rounded to 0.01."""
    maxima = _maxima(round(exercise.points * 100), checks)
    if any(outcome.status is Status.BROKEN for outcome in outcomes):
        return [Score(score=None, max_score=cents / 100) for cents in maxima]
    refused = any(outcome.refused for outcome in outcomes)
    passed = [outcome.status is Status.PASSED and not refused for outcome in outcomes]
    ordinary = [check.kind in (Kind.VALUE, Kind.KNOWN) for check in checks]
    gate = any(ok for ok, check in zip(passed, checks, strict=True) if check.kind is Kind.VALUE)
    earned = [cents if ok and gate else 0 for ok, cents in zip(passed, maxima, strict=True)]
    half = round(exercise.points * 100) // 2
    if not all(ok for ok, is_ordinary in zip(passed, ordinary, strict=True) if is_ordinary) and sum(earned) > half:
        earned = _shares(half, earned)
    return [Score(score=cents / 100, max_score=maximum / 100) for cents, maximum in zip(earned, maxima, strict=True)]


def _maxima(total: int, checks: Sequence[Check]) -> list[int]:
    """Divide an exercise's cents among its checks; the ordinary ones get their half in whole cents, too."""
    ordinary = [check.kind in (Kind.VALUE, Kind.KNOWN) for check in checks]
    weights = [check.weight for check in checks]
    theirs = sum(weight for weight, is_ordinary in zip(weights, ordinary, strict=True) if is_ordinary)
    cents = math.ceil(total * theirs / sum(weights) - 1e-9)
    own = iter(_shares(cents, [weight for weight, is_it in zip(weights, ordinary, strict=True) if is_it]))
    rest = iter(_shares(total - cents, [weight for weight, is_it in zip(weights, ordinary, strict=True) if not is_it]))
    return [next(own) if is_ordinary else next(rest) for is_ordinary in ordinary]


def _shares(total: int, weights: Sequence[float]) -> list[int]:
    """Divide whole cents by weight, the remainders to the largest fractions, earlier ones first."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(value) for value in exact]
    by_fraction = sorted(range(len(weights)), key=lambda index: (shares[index] - exact[index], index))
    for index in by_fraction[: total - sum(shares)]:
        shares[index] += 1
    return shares


def check_weights(assignment: Assignment, checks: Sequence[Check]) -> None:
    """Raise CourseError where a suite's weights can't keep the rules, naming the exercise and the fix."""
    found = wrong_weights(assignment, checks)
    if found is not None:
        raise CourseError(f"{assignment.hidden_suite}: {found[1]}")


def wrong_weights(assignment: Assignment, checks: Sequence[Check]) -> tuple[int, str] | None:
    """Return which check breaks a rule first, or the first of its exercise, and what to do; None where none does.

    Where an exercise has no check at all, that is 0.
    """
    for number, check in enumerate(checks):
        if check.exercise not in assignment.names:
            return number, f"{check.name} checks {check.exercise!r}, which assignment.toml does not list"
        if not 0 < check.weight < math.inf:
            return number, f"{check.name} has weight {check.weight}; give it more than 0"
    for exercise in assignment.exercises:
        own = [check for check in checks if check.exercise == exercise.name]
        said = _wrong_sum(exercise, own)
        if said:
            return (checks.index(own[0]) if own else 0), said
    return None


def _wrong_sum(exercise: Exercise, checks: Sequence[Check]) -> str:
    total = sum(check.weight for check in checks)
    ordinary = sum(check.weight for check in checks if check.kind in (Kind.VALUE, Kind.KNOWN))
    printing = sum(check.weight for check in checks if check.kind is Kind.PRINT)
    if not any(check.kind is Kind.VALUE for check in checks):
        return f"{exercise.name} has no check of kind VALUE, so nobody could earn a point"
    if ordinary < total / 2:
        said = f"the ordinary checks of {exercise.name} weigh {ordinary:g} of {total:g}; they need half"
        return f"{said}, since a fault on edge inputs has to leave half of the points"
    if printing and exercise.points * printing / total > _MAX_PRINT_POINTS + 1e-9:
        worth = exercise.points * printing / total
        return f"printing is worth {worth:g} points of {exercise.name}; the limit is {_MAX_PRINT_POINTS:g}"
    return ""
