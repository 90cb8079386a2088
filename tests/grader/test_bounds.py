"""One submission has one wall budget, one for loading everything, and a limit on the checker's own time."""

import contextlib
import time

import pytest

from grader.backends.budgets import Budgets
from grader.course.reading import find_course, load_assignment
from grader.judge.bounds import TooMuch, bounded
from grader.sandbox.worker import TimedOut


def budgets() -> Budgets:
    return Budgets(load_assignment(find_course(), "gradient_descent"))


def compute_for_ever():
    while True:
        time.process_time()


def swallow_once():
    with contextlib.suppress(TooMuch):
        compute_for_ever()
    compute_for_ever()


@pytest.mark.parametrize("long", [compute_for_ever, swallow_once])
def test_checker_that_takes_too_long_is_stopped_wherever_it_is(long):
    with pytest.raises(TooMuch), bounded(0.05):
        long()


def test_what_ends_in_time_is_not_stopped_later():
    with bounded(0.05):
        pass
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass


def test_checker_that_asks_for_too_much_memory_is_refused_it_and_has_it_back():
    with bounded(60.0, size=2**26), pytest.raises(MemoryError):
        bytearray(2**27)
    assert len(bytearray(2**27)) == 2**27


def test_waiting_has_one_limit_for_the_whole_file():
    found = budgets()
    found.wait(100.0)
    allowed = found.allow("model")
    found.charge("grad_fn", cpu=0.0, wall=100.0)

    assert 0 < allowed.wall <= allowed.cpu + 20.0
    with pytest.raises(TimedOut, match="120 s in all"):
        found.allow("model")
    assert found.load_wall_seconds == 40.0  # what it computes is another limit


def test_computing_is_no_waiting():
    found = budgets()
    found.charge("grad_fn", cpu=500.0, wall=500.0)

    assert found.allow("model").cpu == 10.0


def test_everything_is_loaded_for_so_many_exercises_as_its_time_allows():
    found = budgets()
    found.charge_full_load(119.0)
    assert found.may_load_fully
    found.charge_full_load(2.0)
    assert not found.may_load_fully
