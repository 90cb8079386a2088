"""Teaching examples: small questions to an exercise that show a student what is wrong, and are never scored.

`solutions/<name>/teaching.py` lists them in `TEACHING`, for each exercise the smallest first. A file without
it is no fault: its students read no counterexamples.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

from grader.answers.explain import show_argument, show_call
from grader.answers.rounding import ROUNDING
from grader.course.assignment import Assignment
from grader.errors import CourseError

__all__ = ["Teaching", "read_teaching", "teaching"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """The examples of one exercise: arguments by name, in the order of the call, the smallest example first.

    With a `probe` they go to that function of the author's, which runs near the student's objects and gets
    the student's module before them; `shown` is then the text of what it does, with {name} for each
    argument. `free` are the arguments that need not have an influence, `rtol` how exact the answers are.
    `derived` computes the arguments that follow from others, by name, so that other numbers fit together as well.
    """

    exercise: str
    examples: tuple[Mapping[str, object], ...]
    probe: Callable[..., object] | None
    shown: str
    free: frozenset[str]
    rtol: float
    derived: Mapping[str, Callable[[Mapping[str, object]], object]]

    def consistent(self, arguments: Mapping[str, object]) -> Mapping[str, object]:
        """Return arguments in which those that follow from others do."""
        return {**arguments, **{name: make(arguments) for name, make in self.derived.items()}}

    def call(self, arguments: Mapping[str, object]) -> str:
        """Return the question so that it can be typed, by position as it was asked."""
        if not self.shown:
            return show_call(self.exercise, arguments, by_position=True)
        return self.shown.format(**{name: show_argument(value) for name, value in arguments.items()})


def teaching(
    exercise: str,
    *examples: Mapping[str, object],
    probe: Callable[..., object] | None = None,
    shown: str = "",
    free: Sequence[str] = (),
    rtol: float = ROUNDING,
    derived: Mapping[str, Callable[[Mapping[str, object]], object]] | None = None,
) -> Teaching:
    """Describe the teaching examples of one exercise; raises ValueError where a probe's text is missing."""
    if not examples or (probe is None) != (not shown):
        raise ValueError(f"{exercise}: give at least one example, and `shown` with a probe and only there")
    return Teaching(
        exercise=exercise,
        examples=examples,
        probe=probe,
        shown=shown,
        free=frozenset(free),
        rtol=rtol,
        derived=derived or {},
    )


def read_teaching(assignment: Assignment) -> dict[str, list[Teaching]]:
    """Return the teaching examples by exercise, in their order; raises CourseError where the file does not fit."""
    path = assignment.teaching
    if not path.is_file():
        return {}
    spec = importlib.util.spec_from_file_location(f"teaching_of_{assignment.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        with torch.random.fork_rng():
            spec.loader.exec_module(module)
        found: list[Teaching] = list(module.TEACHING)
    except Exception as error:
        raise CourseError(f"{path} does not load: {type(error).__name__}: {error}") from error
    by_exercise: dict[str, list[Teaching]] = {}
    for item in found:
        if item.exercise not in assignment.names:
            raise CourseError(f"{path}: {item.exercise!r} is no exercise that assignment.toml lists")
        by_exercise.setdefault(item.exercise, []).append(item)
    return by_exercise
