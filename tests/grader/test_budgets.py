"""The seconds of a submission: each exercise has its own, and what is said of a limit is the same in every run."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from grader.backends.budgets import Budgets
from grader.course.reading import find_course, load_assignment
from grader.sandbox.worker import TimedOut

FIRST, SECOND = "model", "loss_fn"


@pytest.fixture(scope="module")
def assignment():
    found = load_assignment(find_course(Path(__file__).parents[2]), "gradient_descent")
    limits = msgspec.structs.replace(
        found.limits, call_seconds=2.0, exercise_seconds=5.0, load_seconds=10.0, wall_factor=3.0
    )
    exercises = tuple(replace(item, call_seconds=2.0, exercise_seconds=5.0) for item in found.exercises)
    return replace(found, limits=limits, exercises=exercises)


@pytest.fixture
def budgets(assignment):
    return Budgets(assignment)


def refusal(budgets, exercise):
    with pytest.raises(TimedOut) as caught:
        budgets.allow(exercise)
    return caught.value.reason


def test_call_may_take_its_seconds(budgets):
    allowed = budgets.allow(FIRST)

    assert (allowed.cpu, allowed.wall, allowed.of_call) == (2.0, 6.0, True)


def test_call_may_take_no_more_than_its_exercise_has_left(budgets):
    budgets.charge(FIRST, cpu=4.0, wall=14.0)

    allowed = budgets.allow(FIRST)

    assert (allowed.cpu, allowed.wall, allowed.of_call) == (1.0, 1.0, False)


def test_exercise_that_used_up_its_seconds_costs_no_other(budgets):
    budgets.charge(FIRST, cpu=5.0, wall=5.0)

    assert refusal(budgets, FIRST) == "this exercise used up its 5 s of CPU time"
    assert budgets.allow(SECOND).cpu == 2.0


def test_exercise_that_waits_for_too_long_is_told_of_the_clock(budgets):
    budgets.charge(FIRST, cpu=0.0, wall=15.0)

    assert refusal(budgets, FIRST) == "this exercise did not end within 15 s of the clock"


def test_seconds_are_given_back(budgets):
    for exercise in (FIRST, SECOND):
        budgets.charge(exercise, cpu=5.0, wall=15.0)

    budgets.give_back(FIRST)

    assert budgets.allow(FIRST).cpu == 2.0
    refusal(budgets, SECOND)
    budgets.give_all_back()
    assert budgets.allow(SECOND).cpu == 2.0


@pytest.mark.parametrize(
    ("spent", "waiting", "said"),
    [
        (0.0, False, "a call took more than 2 s of CPU time"),
        (0.0, True, "a call did not end within 6 s of the clock"),
        (4.0, False, "this exercise used up its 5 s of CPU time"),
        (4.0, True, "a call did not end within 6 s of the clock"),
    ],
)
def test_time_out_of_a_call_names_the_limit(budgets, spent, waiting, said):
    budgets.charge(FIRST, cpu=spent, wall=spent)

    allowed = budgets.allow(FIRST)

    assert budgets.call_took_too_long(FIRST, TimedOut("late", waiting=waiting), allowed) == said


def test_time_out_of_a_statement_speaks_of_it(budgets):
    assert budgets.statement_took_too_long(TimedOut("late")) == "it took more than 2 s of CPU time"
    assert budgets.statement_took_too_long(TimedOut("late", waiting=True)) == "it did not end within 6 s of the clock"
