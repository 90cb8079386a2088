"""The values of a course: its assignments, their exercises and limits, and where each file of them lies.

Reads nothing: what `assignment.toml` says becomes these values in `grader.course.reading`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from grader.errors import CourseError

__all__ = ["Assignment", "Course", "Data", "Exercise", "FeedbackLevel", "FollowThrough", "Limits", "Positive", "says"]

Positive = Annotated[float, msgspec.Meta(gt=0, le=sys.float_info.max)]
"""A finite number above 0, where a file is read."""
_Mebibytes = Annotated[int, msgspec.Meta(gt=0)]


def says(text: str) -> msgspec.Meta:
    """Return what an author reads of a key: docs/authors.md has the table of them, made of these."""
    return msgspec.Meta(description=text)


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


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a submission may use, as the table `[limits]` says; seconds are of CPU time unless the name says otherwise.

    A call is one function call of a suite, and a top-level statement counts as one as well.
    Memory is the address space of the worker, about 0.7 GiB of which is torch itself.
    """

    call_seconds: Annotated[Positive, says("CPU seconds of one call, and of a statement at the top level")] = 10.0
    exercise_seconds: Annotated[Positive, says("CPU seconds of all calls of an exercise")] = 20.0
    load_seconds: Annotated[Positive, says("CPU seconds to load the file")] = 40.0
    wall_factor: Annotated[Positive, says("so many times as long may it take by the clock")] = 3.0
    memory_mib: Annotated[_Mebibytes, says("address space, of which torch itself takes some 700")] = 2048
    output_mib: Annotated[_Mebibytes, says("what may be printed")] = 16


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
class Course:
    """A folder with `solutions/` and `tests/hidden/`, and the names of its assignments, sorted."""

    root: Path
    names: tuple[str, ...]

    @property
    def solutions(self) -> Path:
        """The folder with the private folder of each assignment."""
        return self.root / "solutions"

    @property
    def hidden_tests(self) -> Path:
        """The folder with the hidden suites, and with what they share."""
        return self.root / "tests" / "hidden"

    def released(self, name: str) -> Path:
        """Return the folder with what students get of the assignment `name`."""
        return self.root / "assignments" / name

    def kills_of(self, name: str) -> Path:
        """Return the file that says what each check of the assignment `name` kills alone, which need not be there.

        It stands beside the suites and not among them: a new count there would have every class graded again.
        """
        return self.root / "tests" / "kills" / f"{name}.json"

    @property
    def secret(self) -> Path:
        """The file of the secret from which students' own data follows; there is one as soon as it was handed out."""
        return self.solutions / "individual.secret"

    @property
    def register(self) -> Path:
        """The table of the students to whom data of their own was handed out."""
        return self.solutions / "individual.csv"

    def toml_of(self, name: str) -> Path:
        """Return the file because of which the assignment `name` exists."""
        return self.solutions / name / "assignment.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Which data an assignment has: what its hidden suite draws, by `seed`, and whether each student has their own."""

    seed: int = 0
    individual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One module that a student hands in, as `assignment.toml` describes it.

    `given` are the functions that stand finished in the stub; a submission that lacks them gets them.
    `follow_through` says whether an exercise is judged with right helpers where those it uses are wrong: `full`,
    only where they were `attempted`, or `off`.
    `attempts` and `feedback_every` (seconds) limit how often a student is told of hidden checks; None for no limit.
    `stand_ins` are modules that do nothing where work is graded, beside those that do nothing in every course.
    """

    name: str
    title: str
    course: Course
    exercises: tuple[Exercise, ...]
    given: tuple[str, ...]
    limits: Limits
    feedback: FeedbackLevel
    follow_through: FollowThrough
    attempts: int | None = None
    feedback_every: float | None = None
    data: Data = Data()
    stand_ins: tuple[str, ...] = ()

    @property
    def seed(self) -> int:
        """Which data the hidden suite draws."""
        return self.data.seed

    @property
    def individual(self) -> bool:
        """Whether each student has data of their own."""
        return self.data.individual

    @property
    def folder(self) -> Path:
        """The private folder of the assignment."""
        return self.toml.parent

    @property
    def toml(self) -> Path:
        """The file that describes the assignment."""
        return self.course.toml_of(self.name)

    @property
    def reference(self) -> Path:
        """The lesson, which is the reference as well."""
        return self.folder / f"{self.name}.py"

    @property
    def visible_tests(self) -> Path:
        """The tests that every student gets."""
        return self.folder / f"test_{self.name}.py"

    @property
    def hidden_suite(self) -> Path:
        """The tests that nobody gets."""
        return self.course.hidden_tests / f"test_{self.name}.py"

    @property
    def misconceptions(self) -> Path:
        """The catalogue of wrong variants, which need not be there."""
        return self.folder / "misconceptions.py"

    @property
    def alternatives(self) -> Path:
        """The right submissions in other styles, which need not be there."""
        return self.folder / "alternatives.py"

    @property
    def teaching(self) -> Path:
        """The teaching examples, which need not be there."""
        return self.folder / "teaching.py"

    @property
    def pictures(self) -> Path:
        """What the pictures of the loops ask, which need not be there."""
        return self.folder / "pictures.py"

    @property
    def locale(self) -> Path:
        """The folder with what it says in other languages, which need not be there."""
        return self.folder / "locale"

    @property
    def own_data(self) -> Path:
        """What makes data of one's own for each student, which need not be there."""
        return self.folder / "individual.py"

    @property
    def equivalent(self) -> Path:
        """The mutants that are right solutions, with the reasons, which need not be there."""
        return self.folder / "equivalent.toml"

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
