"""What is drawn in the visible tests may take its time, on whatever machine."""

import time

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import DeadlineExceeded, FailedHealthCheck

from grader.kit.kit import Kit


def slow_draws():
    @settings(max_examples=4, database=None, phases=[Phase.generate])
    @given(st.integers().map(lambda number: (time.sleep(0.55), number)[1]))
    def drawn(number):
        assert number == int(number)

    drawn()


def slow_calls():
    @settings(max_examples=2, database=None, phases=[Phase.generate])
    @given(st.integers())
    def called(number):
        time.sleep(0.25)
        assert number == int(number)

    called()


@pytest.mark.parametrize(("slow", "error"), [(slow_draws, FailedHealthCheck), (slow_calls, DeadlineExceeded)])
def test_what_is_slow_is_no_mistake_of_a_student(tmp_path, slow, error):
    before = settings.get_current_profile_name()
    try:
        settings.load_profile("default")
        with pytest.raises(error):
            slow()
        Kit(folder=tmp_path, points={}, seconds={})
        slow()
    finally:
        settings.load_profile(before)
