"""Faults that depend on something, and faults in pairs: that nothing hides what it is asked for.

`python -m proof --part faults` judges, in this process, a reference that is wrong under one condition alone (an epoch,
an optimizer, a number of samples, a dtype), and one with two faults in one exercise, each of which is found alone;
with one fault each in two exercises it is graded in full, in the sandbox: both have to lose points, and no third.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grader.authoring.mutants import Mutant, changed, equivalent, make_mutants, survivors
from grader.authoring.transplants import grade
from grader.course.assignment import Assignment, Course
from grader.course.lesson import reference_source
from grader.course.reading import load_assignment
from proof.conditional import CONDITIONAL
from proof.mutants import lost_in

__all__ = ["conditionally_right", "run", "two_in_one", "two_in_two"]

TWO_IN_ONE = 12  # pairs of faults in each exercise
TWO_IN_TWO = 40  # pairs of exercises in each assignment
_Progress = Callable[[str], None]


def conditionally_right() -> dict[str, str]:
    """Return the references that are wrong under a condition alone and right all the same, and why: by id."""
    table = tomllib.loads((Path(__file__).parent / "conditional.toml").read_text("utf-8"))
    return {key: item["reason"] for item in table["equivalent"] for key in item["mutants"]}


def two_in_one(assignment: Assignment, mutants: Sequence[Mutant], most: int = TWO_IN_ONE) -> Iterator[Mutant]:
    """Yield mutants with two faults in one exercise, made of these, evenly from all that are possible."""
    lines = reference_source(assignment).split("\n")
    for name in assignment.names:
        own = [mutant for mutant in mutants if mutant.exercise == name]
        apart = [(a, b) for a, b in itertools.combinations(own, 2) if a.change.last < b.change.first]
        for first, second in apart[:: max(len(apart) // most, 1)][:most]:
            source = changed(changed(lines, second.change).split("\n"), first.change)
            yield _pair(first, second, source)


def two_in_two(
    assignment: Assignment, mutants: Sequence[Mutant], most: int = TWO_IN_TWO
) -> Iterator[tuple[Mutant, set[str]]]:
    """Yield mutants with a fault in each of two exercises, and these two."""
    lines = reference_source(assignment).split("\n")
    own = {name: [mutant for mutant in mutants if mutant.exercise == name] for name in assignment.names}
    apart = [pair for pair in itertools.combinations(own, 2) if own[pair[0]] and own[pair[1]]]
    for number, (one, other) in enumerate(apart[:: max(len(apart) // most, 1)][:most]):
        first, second = (own[name][(7 * number) % len(own[name])] for name in (one, other))
        later, earlier = sorted((first.change, second.change), key=lambda change: -change.first)
        yield _pair(first, second, changed(changed(lines, later).split("\n"), earlier)), {one, other}


def _pair(first: Mutant, second: Mutant, source: str) -> Mutant:
    return Mutant(
        id=f"{first.id} and {second.id.partition('/')[2]}",
        assignment=first.assignment,
        exercise=first.exercise,
        operator="pair",
        description=f"{first.description}; {second.description}",
        source=source,
        change=second.change,
    )


def _alive(course: Course, assignment: Assignment, mutants: Sequence[Mutant], progress: _Progress) -> dict[str, str]:
    """Return what is left of mutants when the whole grader has seen what survives in the checker."""
    alive = survivors(assignment, mutants, progress)
    reports = grade(course, assignment.name, {mutant.id: mutant.source for mutant in alive})
    return {mutant.id: mutant.description for mutant in alive if mutant.exercise not in lost_in(reports[mutant.id])}


def _of_one(course: Course, name: str, progress: _Progress) -> dict[str, object]:
    assignment = load_assignment(course, name)
    right = conditionally_right()
    conditional = make_mutants(assignment, CONDITIONAL)
    alive = _alive(course, assignment, conditional, progress)
    everything = make_mutants(assignment)
    listed = equivalent(assignment, everything)
    plain = [mutant for mutant in everything if mutant.id not in listed]
    in_one = list(two_in_one(assignment, plain))
    in_two = list(two_in_two(assignment, plain))
    hidden = _alive(course, assignment, in_one, progress)
    reports = grade(course, name, {mutant.id: mutant.source for mutant, _ in in_two})
    lost = {mutant.id: lost_in(reports[mutant.id]) for mutant, _ in in_two}
    wrong = {mutant.id: f"lost points: {sorted(lost[mutant.id])}" for mutant, both in in_two if lost[mutant.id] != both}
    return {
        "conditional": len(conditional),
        "conditional_killed": len(conditional) - len(alive),
        "conditional_equivalent": sum(key in right for key in alive),
        "survivors": {key: text for key, text in alive.items() if key not in right},
        "two_in_one": len(in_one),
        "two_in_one_hidden": hidden,
        "two_in_two": len(in_two),
        "two_in_two_wrong": wrong,
    }


def run(course: Course, progress: _Progress, *, names: Sequence[str] | None = None) -> dict[str, object]:
    """Return the evidence for each assignment: plain values, the same in each run."""
    return {name: _of_one(course, name, progress) for name in names or course.names}
