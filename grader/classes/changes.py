"""How the grades of a class differ between two gradings of it, as frozen values.

Compares no results and draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from grader.outcomes import Status

__all__ = [
    "Change",
    "CheckChange",
    "Difference",
    "Differences",
    "ExerciseChange",
    "Reason",
    "Standing",
    "change_of",
    "is_close",
]

_CLOSE = 1e-9  # points that differ by less are the same: they are sums of floating-point numbers


class Change(StrEnum):
    """What became of a grade.

    `HIGHER` and `LOWER`: other points, or the same of another maximum. `STATUS`: it has a score in one of the two
    alone, or none for another reason. `CHECKS`: the grade is the same, though a check ended otherwise.
    """

    HIGHER = "higher"
    LOWER = "lower"
    STATUS = "status"
    NEW = "new"
    GONE = "gone"
    CHECKS = "checks"
    SAME = "same"

    @property
    def of_grade(self) -> bool:
        """Say whether a grade is another one, or somebody's who is in one of the two alone."""
        return self not in (Change.CHECKS, Change.SAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a submission, or a check of it, came to in one grading; `score` is None where there is none."""

    status: str
    score: float | None
    max_score: float

    @property
    def lost(self) -> float:
        """How many points it costs; none where it has no score."""
        return 0.0 if self.score is None else self.max_score - self.score


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckChange:
    """A check that ended otherwise, or costs other points; a side is None where that grading has no such check.

    One that is passed is as if it were not there, whatever it earns: where an author gives a check another weight, all
    others of its exercise have other points.
    """

    check: str
    title: str
    before: Standing | None
    now: Standing | None

    @property
    def otherwise(self) -> bool:
        """Say whether it ended otherwise, whatever it costs."""
        before, now = (Status.PASSED.value if one is None else one.status for one in (self.before, self.now))
        return before != now

    @property
    def gain(self) -> float:
        """How many points less it costs now."""
        before, now = (0.0 if one is None else one.lost for one in (self.before, self.now))
        return before - now


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseChange:
    """An exercise whose points are others, or one of whose checks ended otherwise."""

    exercise: str
    before: Standing | None
    now: Standing | None
    checks: tuple[CheckChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Something that a grade depends on, by its name, and what it was; None where that is not known."""

    what: str
    before: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One submission in two gradings; a side is None where it is not in it.

    `exercises` are those that differ. `reasons` is all that is known to have changed.
    """

    submission: str
    student: str | None
    before: Standing | None
    now: Standing | None
    exercises: tuple[ExerciseChange, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def change(self) -> Change:
        """What became of the grade."""
        found = change_of(self.before, self.now)
        return Change.CHECKS if found is Change.SAME and self.exercises else found

    @property
    def points(self) -> float | None:
        """How many points more there are now; None where one of the two has none."""
        if self.before is None or self.now is None or self.before.score is None or self.now.score is None:
            return None
        return self.now.score - self.before.score


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Two gradings of an assignment, submission by submission, sorted by name.

    `old` and `new` name them. `remarks` are what a reader has to know of either, and `silent` says that the reasons of
    changes can't be known, since one of them does not say what it was graded with.
    """

    assignment: str
    old: str
    new: str
    items: tuple[Difference, ...]
    remarks: tuple[str, ...] = ()
    silent: bool = False

    @property
    def changed(self) -> tuple[Difference, ...]:
        """The submissions whose grade is another one, and who is in one of the two alone."""
        return tuple(item for item in self.items if item.change.of_grade)

    def number(self, change: Change) -> int:
        """Return of how many submissions the grade has become so."""
        return sum(item.change is change for item in self.items)

    def total(self, side: Callable[[Difference], Standing | None]) -> float:
        """Return the sum of all scores of one side, `before` or `now`."""
        found = [side(item) for item in self.items]
        return sum(one.score for one in found if one is not None and one.score is not None)


def is_close(one: float, other: float) -> bool:
    """Say whether two sums of points are the same."""
    return abs(one - other) <= _CLOSE


def change_of(before: Standing | None, now: Standing | None) -> Change:
    """Return what became of a grade, by itself."""
    if before is None or now is None:
        return Change.NEW if before is None else Change.GONE
    if before.status != now.status or (before.score is None) is not (now.score is None):
        return Change.STATUS
    if before.score is None or now.score is None:
        return Change.SAME
    points = now.score, before.score
    if is_close(*points):
        points = now.score * before.max_score, before.score * now.max_score  # the same points, perhaps of others
    return Change.SAME if is_close(*points) else Change.HIGHER if points[0] > points[1] else Change.LOWER
