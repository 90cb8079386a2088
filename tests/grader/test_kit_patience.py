"""What is drawn in the visible tests may take its time, on whatever machine."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kit.kit import Kit


def test_slow_draws_and_slow_calls_are_no_mistake_of_a_student(tmp_path):
    before = settings.get_current_profile_name()
    Kit(folder=tmp_path, points={}, seconds={})
    try:
        seen = []

        @settings(max_examples=5, database=None)
        @given(st.integers().map(lambda number: (time.sleep(0.25), number)[1]))
        def drawn_slowly(number):
            seen.append(number)

        drawn_slowly()  # by hypothesis's own settings it fails, since drawing takes more than a second
    finally:
        settings.load_profile(before)

    assert len(seen) == 5
