"""Say of each exercise and check of a class how hard it is, and whether it tells the better from the others.

Classical test theory, as pure functions of what an audience may see. The difficulty of an item is the share of its
points that is earned; its discrimination is the corrected item-total correlation, of its points with those of all the
rest. As large assessments do it: who handed in nothing, or only stubs, is not there; an exercise that was left out
before one that was worked at counts as wrong, and one behind the last that was worked at was not reached, and counts
for nobody. A check is an item for those who attempted its exercise. What was broken on our side counts for nobody.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.outcomes import Status
from grader.report.report import SubmissionStatus
from grader.report.view import CheckView, ExerciseView, SubmissionView

__all__ = [
    "ENOUGH",
    "Correlation",
    "Item",
    "check_items",
    "correlation",
    "exercise_items",
    "looks_idle",
    "looks_unfair",
]

ENOUGH = 30
"""So many submissions a correlation needs before anything is made of it: below, it is mostly chance."""
_OF_EACH = 5  # so many must pass, and so many fail: else one or two students are all that it tells of
_NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """A correlation of `number` submissions, and its interval of 95% by Fisher's transformation."""

    value: float
    low: float
    high: float
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An exercise, or one check of it, over the `number` submissions to which it was put.

    `passed` of them have it right. `difficulty` is the share of its points that they earn, from 0 to 1: the higher, the
    easier. `discrimination` is None where there are too few, or all of them earn the same.
    """

    exercise: str
    check: str | None
    title: str
    number: int
    passed: int
    difficulty: float
    discrimination: Correlation | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one submission earns of an item: the share of its points, and the points of all the rest."""

    passed: bool
    share: float
    rest: float


def exercise_items(submissions: Sequence[SubmissionView]) -> tuple[Item, ...]:
    """Return each exercise as an item, in the assignment's order."""
    found: dict[str, list[_Answer]] = {}
    titles: dict[str, str] = {}
    for item, score in _counted(submissions):
        for exercise in _reached(item.exercises):
            titles.setdefault(exercise.exercise, exercise.title)
            if exercise.score is not None and exercise.max_score:
                answer = _Answer(
                    exercise.status is Status.PASSED, exercise.score / exercise.max_score, score - exercise.score
                )
                found.setdefault(exercise.exercise, []).append(answer)
    order = [one.exercise for item, _ in _counted(submissions) for one in item.exercises]
    places = {name: place for place, name in enumerate(dict.fromkeys(order))}
    return tuple(_item(name, None, titles[name], found[name]) for name in sorted(found, key=places.__getitem__))


def check_items(submissions: Sequence[SubmissionView]) -> tuple[Item, ...]:
    """Return each check as an item for those who attempted its exercise, in the suite's order."""
    found: dict[tuple[str, str], list[_Answer]] = {}
    titles: dict[tuple[str, str], str] = {}
    for item, score in _counted(submissions):
        for exercise in item.exercises:
            for check in exercise.checks if exercise.status is not Status.NOT_ATTEMPTED else ():
                key = (exercise.exercise, check.check)
                titles.setdefault(key, check.title)
                if check.status not in (Status.BROKEN, Status.NOT_ATTEMPTED):
                    passed = check.status is Status.PASSED
                    found.setdefault(key, []).append(_Answer(passed, float(passed), score - _points(check)))
    return tuple(_item(*key, titles[key], answers) for key, answers in found.items())


def looks_unfair(item: Item) -> bool:
    """Say whether those who fail an item are otherwise the better ones, and that is no mere chance."""
    found = item.discrimination
    if found is None or found.number < ENOUGH:
        return False
    return found.high < 0 and min(item.passed, item.number - item.passed) >= _OF_EACH


def looks_idle(item: Item, *, kills_alone: int | None) -> bool:
    """Say whether everybody passes a check that also finds nothing alone; None says that this is not known."""
    return kills_alone == 0 and item.number >= ENOUGH and item.passed == item.number


def correlation(first: Sequence[float], second: Sequence[float]) -> Correlation | None:
    """Return how two quantities go together, or None where one is constant or there are fewer than 4 pairs."""
    number = len(first)
    if number < 4 or min(first) == max(first) or min(second) == max(second):
        return None
    value = max(-1.0, min(1.0, statistics.correlation(first, second)))
    place = math.atanh(max(-1 + 1e-12, min(1 - 1e-12, value)))
    reach = _NORMAL_95 / math.sqrt(number - 3)
    return Correlation(value=value, low=math.tanh(place - reach), high=math.tanh(place + reach), number=number)


def _counted(submissions: Sequence[SubmissionView]) -> Iterator[tuple[SubmissionView, float]]:
    """Yield the submissions that tell of items, each with its score."""
    for item in submissions:
        if item.status is SubmissionStatus.GRADED and item.score is not None and not item.not_attempted:
            yield item, item.score


def _reached(exercises: Sequence[ExerciseView]) -> Sequence[ExerciseView]:
    """Return the exercises up to the last one that was worked at."""
    worked_at = [place for place, one in enumerate(exercises) if one.status is not Status.NOT_ATTEMPTED]
    return exercises[: worked_at[-1] + 1] if worked_at else ()


def _points(check: CheckView) -> float:
    return check.score or 0.0


def _item(exercise: str, check: str | None, title: str, answers: Sequence[_Answer]) -> Item:
    return Item(
        exercise=exercise,
        check=check,
        title=title,
        number=len(answers),
        passed=sum(answer.passed for answer in answers),
        difficulty=statistics.fmean(answer.share for answer in answers),
        discrimination=correlation([answer.share for answer in answers], [answer.rest for answer in answers]),
    )
