"""The numbers of a class: how the scores lie, how many get each exercise right, which mistakes are common.

Pure functions of what an audience may see of the submissions; draws nothing.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from grader.outcomes import USES_WHAT_IS_WRONG, Status
from grader.report.report import SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView
from grader.report.words import few_words

__all__ = [
    "Bin",
    "Distribution",
    "ExerciseFigures",
    "Mistake",
    "Summary",
    "commonest_mistakes",
    "distribution_of",
    "exercise_figures",
    "hardest_exercises",
    "summary_of",
]

_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """How many scores lie from `low` up to `high`, in points; only the last bin has its `high` in it."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """How the scores lie, in points of `max_score`; `scores` ascend."""

    scores: tuple[float, ...]
    max_score: float
    mean: float
    median: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseFigures:
    """How one exercise went: of `number` graded submissions so many passed it, so many did not attempt it.

    `mean` is of its points, of `max_score`; an exercise that was not attempted counts as none.
    """

    exercise: str
    title: str
    max_score: float
    number: int
    passed: int
    not_attempted: int
    mean: float

    @property
    def pass_rate(self) -> float:
        """Return the share that passed, from 0 to 1."""
        return self.passed / self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One diagnosis of one exercise, in a few words, and the names of the submissions that have it, sorted.

    Where they are said in several words, those that are said most often stand behind "e.g.".
    """

    exercise: str
    misconception: str
    words: str
    submissions: tuple[str, ...]

    @property
    def count(self) -> int:
        """Return how many have it."""
        return len(self.submissions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A class as a whole.

    `statuses` has the number of submissions of each status, and `untouched` how many of the graded ones are as they
    were handed out. `missing` are those of whom nothing was handed in. `exercises` are in the assignment's order,
    `mistakes` commonest first.
    """

    statuses: dict[SubmissionStatus, int]
    untouched: int
    missing: tuple[str, ...]
    distribution: Distribution | None
    exercises: tuple[ExerciseFigures, ...]
    mistakes: tuple[Mistake, ...]


def summary_of(submissions: Sequence[SubmissionView], missing: Sequence[str] = ()) -> Summary:
    """Return the numbers of a class; `missing` are the names of those of whom there is no submission."""
    return Summary(
        statuses={status: sum(item.status is status for item in submissions) for status in SubmissionStatus},
        untouched=sum(item.not_attempted for item in submissions),
        missing=tuple(missing),
        distribution=distribution_of(submissions),
        exercises=exercise_figures(submissions),
        mistakes=commonest_mistakes(submissions),
    )


def distribution_of(submissions: Sequence[SubmissionView], *, bins: int = _BINS) -> Distribution | None:
    """Return how the scores lie, in bins of one width from 0 to the maximum; None where there is no score."""
    scores = sorted(item.score for item in submissions if item.score is not None)
    if not scores:
        return None
    highest = max(item.max_score for item in submissions)
    places = Counter(min(bins - 1, int(bins * score / highest + 1e-9)) if highest else 0 for score in scores)
    return Distribution(
        scores=tuple(scores),
        max_score=highest,
        mean=statistics.fmean(scores),
        median=statistics.median(scores),
        bins=tuple(
            Bin(low=highest * place / bins, high=highest * (place + 1) / bins, count=places[place])
            for place in range(bins)
        ),
    )


def exercise_figures(submissions: Sequence[SubmissionView]) -> tuple[ExerciseFigures, ...]:
    """Return the figures of each exercise over the graded submissions, in the assignment's order.

    What was broken on our side counts for no exercise, and an exercise without a verdict is left out.
    """
    found: dict[str, list[ExerciseView]] = {}
    for item in submissions:
        for exercise in item.exercises if item.status is SubmissionStatus.GRADED else ():
            if exercise.score is not None:
                found.setdefault(exercise.exercise, []).append(exercise)
    return tuple(
        ExerciseFigures(
            exercise=name,
            title=answers[0].title,
            max_score=answers[0].max_score,
            number=len(answers),
            passed=sum(answer.status is Status.PASSED for answer in answers),
            not_attempted=sum(answer.status is Status.NOT_ATTEMPTED for answer in answers),
            mean=statistics.fmean(answer.score for answer in answers if answer.score is not None),
        )
        for name, answers in found.items()
    )


def hardest_exercises(figures: Sequence[ExerciseFigures], number: int = 3) -> tuple[ExerciseFigures, ...]:
    """Return those that fewest get right, hardest first; of two that are alike the one of which less is earned."""
    ranked = sorted(figures, key=lambda item: (item.pass_rate, item.mean / item.max_score if item.max_score else 0.0))
    return tuple(item for item in ranked if item.passed < item.number)[:number]


def commonest_mistakes(submissions: Sequence[SubmissionView]) -> tuple[Mistake, ...]:
    """Return every diagnosis of the exercises that are not right, commonest first, then by the exercise's place.

    An exercise of which is only known that another one, which it uses, is wrong tells of no mistake of its own.
    """
    who: dict[tuple[str, str], dict[str, str]] = {}
    for item in submissions:
        for exercise in item.exercises if item.status is SubmissionStatus.GRADED else ():
            for found in exercise.diagnosis if exercise.status is not Status.PASSED else ():
                if found.misconception != USES_WHAT_IS_WRONG:
                    names = who.setdefault((exercise.exercise, found.misconception), {})
                    names[item.submission] = few_words(found)
    order = {name: place for item in submissions for place, name in enumerate(one.exercise for one in item.exercises)}
    mistakes = (
        Mistake(
            exercise=exercise,
            misconception=misconception,
            words=_usual(tuple(words.values())),
            submissions=tuple(sorted(words)),
        )
        for (exercise, misconception), words in who.items()
    )
    return tuple(sorted(mistakes, key=lambda one: (-one.count, order[one.exercise], one.misconception)))


def _usual(words: Sequence[str]) -> str:
    usual = min(Counter(words).items(), key=lambda one: (-one[1], one[0]))[0]
    return usual if len(set(words)) == 1 else f"e.g. {usual}"
