"""The seconds of a submission: CPU and clock, of a call, an exercise and loading, each apart from the others.

So one exercise's time-out never eats another's time; waiting without computing has one limit for all. It says in words
which limit was passed, in numbers that are the same in every run, and neither asks nor ends a worker.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from grader.course.assignment import Assignment, Exercise, Limits
from grader.sandbox.worker import TimedOut

__all__ = ["Allowance", "Budgets"]

_FULL_LOADS = 3  # as long ones as they may be; most take milliseconds
_CONFINING_SECONDS = 30  # forking and confining count for the kernel's own limit, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one call may take: CPU seconds, and seconds of the clock.

    `of_call` says that the CPU seconds are those of any call, and not the last that its exercise has left.
    """

    cpu: float
    wall: float
    of_call: bool


class Budgets:
    """What the exercises of one submission have left; `ended` is the CPU time of its workers that are gone."""

    def __init__(self, assignment: Assignment) -> None:
        self._limits = assignment.limits
        self._exercises = {exercise.name: exercise for exercise in assignment.exercises}
        self._spent: dict[str, float] = {}
        self._waited: dict[str, float] = {}
        self._idle_left = self._wall(self._limits.load_seconds)
        self._loads_left = _FULL_LOADS * self._limits.load_seconds
        self.ended = 0.0

    def allow(self, exercise: str) -> Allowance:
        """Return what the next call of this exercise may take; raises TimedOut where nothing is left."""
        limits = self._of(exercise)
        left = limits.exercise_seconds - self._spent.get(exercise, 0.0)
        if left <= 0:
            raise TimedOut(_used_up(limits))
        if self._idle_left <= 0:
            raise TimedOut(f"the file waited without computing for {self._wall(self._limits.load_seconds):g} s in all")
        wall_left = self._wall(limits.exercise_seconds) - self._waited.get(exercise, 0.0)
        if wall_left <= 0:
            raise TimedOut(f"this exercise did not end within {self._wall(limits.exercise_seconds):g} s of the clock")
        cpu = min(left, limits.call_seconds)
        wall = min(wall_left, self._wall(limits.call_seconds), cpu + self._idle_left)
        return Allowance(cpu=cpu, wall=wall, of_call=left > limits.call_seconds)

    def charge(self, exercise: str, *, cpu: float, wall: float) -> None:
        """Take off what a call of this exercise took, or what loading its definitions did."""
        self._spent[exercise] = self._spent.get(exercise, 0.0) + cpu
        self._waited[exercise] = self._waited.get(exercise, 0.0) + wall
        self.wait(wall - cpu)

    def wait(self, seconds: float) -> None:
        """Take off what was waited without computing; on a busy machine everybody waits, so there is much of it."""
        self._idle_left -= max(0.0, seconds)

    def charge_full_load(self, cpu: float) -> None:
        """Take off what loading everything for an exercise took."""
        self._loads_left -= cpu

    @property
    def may_load_fully(self) -> bool:
        """Say whether everything may be loaded for one more exercise."""
        return self._loads_left > 0

    def give_back(self, exercise: str) -> None:
        """Let this exercise begin anew."""
        self._spent.pop(exercise, None)
        self._waited.pop(exercise, None)

    def give_all_back(self) -> None:
        """Let every exercise begin anew."""
        self._spent.clear()
        self._waited.clear()

    def call_took_too_long(self, exercise: str, error: TimedOut, allowed: Allowance) -> str:
        """Say which limit a call of this exercise passed."""
        limits = self._of(exercise)
        return self._too_long("a call", limits, error) if error.waiting or allowed.of_call else _used_up(limits)

    @property
    def life_seconds(self) -> int:
        """The most CPU seconds that any worker could use: one that loads, and serves every exercise."""
        whole = self._limits.load_seconds + sum(item.exercise_seconds for item in self._exercises.values())
        return int(whole) + _CONFINING_SECONDS

    @property
    def load_seconds(self) -> float:
        """The CPU seconds of one load."""
        return self._limits.load_seconds

    @property
    def load_wall_seconds(self) -> float:
        """The seconds of the clock of one load."""
        return min(self._wall(self._limits.load_seconds), self._limits.load_seconds + max(0.0, self._idle_left))

    def allow_statement(self, cpu_spent: float, wall_end: float) -> tuple[float, float]:
        """Return the CPU and clock seconds of a load's next statement; none are left where one is not above 0."""
        cpu = min(self._limits.load_seconds - cpu_spent, self._limits.call_seconds)
        return cpu, min(wall_end - time.monotonic(), self._wall(self._limits.call_seconds))

    def statement_took_too_long(self, error: TimedOut) -> str:
        """Say which limit a statement passed while it was loaded."""
        return self._too_long("it", self._limits, error)

    def load_took_too_long(self) -> str:
        """Say that the statements passed the limit of a load together."""
        return f"the file's own statements took more than {self._limits.load_seconds:g} s"

    def _too_long(self, who: str, limits: Limits | Exercise, error: TimedOut) -> str:
        if error.waiting:
            return f"{who} did not end within {self._wall(limits.call_seconds):g} s of the clock"
        return f"{who} took more than {limits.call_seconds:g} s of CPU time"

    def _of(self, exercise: str) -> Limits | Exercise:
        return self._exercises.get(exercise, self._limits)

    def _wall(self, seconds: float) -> float:
        return self._limits.wall_factor * seconds


def _used_up(limits: Limits | Exercise) -> str:
    return f"this exercise used up its {limits.exercise_seconds:g} s of CPU time"
