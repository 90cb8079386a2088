"""The values of a course: its assignments, their exercises and limits, as `assignment.toml` describes them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from grader.errors import CourseError

__all__ = ["Assignment", "Course", "Exercise", "FeedbackLevel", "FollowThrough", "Limits"]


class FeedbackLevel(StrEnum):
    """What a student reads of a hidden check: points only, what is wrong, or the evidence as well."""

    SCORE = "score"
    HINT = "hint"
    FULL = "full"


class FollowThrough(StrEnum):
    """Whether an exercise is judged with right helpers where those it uses are wrong, or only where they were tried."""

    FULL = "full"
    ATTEMPTED = "attempted"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a submission may use; seconds are of CPU time unless the name says otherwise.

    A call is one function call of a suite, and a top-level statement counts as one as well.
    Memory is the address space of the worker, about 0.7 GiB of which is torch itself.
    """

    call_seconds: float = 10.0
    exercise_seconds: float = 20.0
    load_seconds: float = 40.0
    wall_factor: float = 3.0
    memory_mib: int = 2048
    output_mib: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One function or class that is graded on its own; its seconds are the assignment's unless it has its own."""

    name: str
    points: float
    title: str
    hint: str
    uses: tuple[str, ...]
    not_allowed: tuple[str, ...]
    gradients: bool
    call_seconds: float
    exercise_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One module that a student hands in, as `assignment.toml` describes it.

    `given` are the functions that stand finished in the stub; a submission that lacks them gets them.
    `follow_through` says whether an exercise is judged with right helpers where those it uses are wrong: `full`,
    only where they were `attempted`, or `off`.
    `attempts` and `feedback_every` (seconds) limit how often a student is told of hidden checks; None for no limit.
    """

    name: str
    title: str
    order: int
    exercises: tuple[Exercise, ...]
    given: tuple[str, ...]
    limits: Limits
    feedback: FeedbackLevel
    follow_through: FollowThrough
    attempts: int | None = None
    feedback_every: float | None = None
    reference: Path
    visible_tests: Path
    hidden_suite: Path

    @property
    def max_score(self) -> float:
        """The points of all exercises together."""
        return sum(exercise.points for exercise in self.exercises)

    def exercise(self, name: str) -> Exercise:
        """Return the exercise called `name`; raises CourseError where there is none."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        raise CourseError(f"{self.name} has no exercise {name!r}; assignment.toml lists {', '.join(self.names)}")

    def used_by(self, name: str) -> frozenset[str]:
        """Return the exercises that `name` uses, and those that they use."""
        direct = self.exercise(name).uses
        return frozenset(direct).union(*(self.used_by(used) for used in direct))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the exercises, in the order of the file."""
        return tuple(exercise.name for exercise in self.exercises)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A folder with `solutions/` and `tests/hidden/`, and the names of its assignments, sorted."""

    root: Path
    names: tuple[str, ...]
