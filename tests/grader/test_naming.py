"""Arguments that are given by name reach a function that has other names for them."""

import pytest

from grader.worker.naming import in_its_own_names

SENT = {"t_p": 1, "t_c": 2}
OTHERS = "def double(value):\n    return 2 * value\n\ndef mean_square(x):\n    return (x * x).mean()\n"


@pytest.mark.parametrize(
    ("function", "own"),
    [
        (lambda t_p, t_c: 0, None),
        (lambda predicted, actual: 0, {"predicted": 1, "actual": 2}),
        (lambda predicted, t_c: 0, {"predicted": 1, "t_c": 2}),
        (lambda t_p, actual, scale=1: 0, {"t_p": 1, "actual": 2}),
        (lambda **more: 0, None),
        (lambda *more: 0, None),
        (lambda predicted: 0, None),
        (lambda a, b, c: 0, None),
        (lambda t_p, t_c=0: 0, None),
        (max, None),
        (3, None),
    ],
)
def test_strangers_take_the_names_that_are_left(function, own):
    assert in_its_own_names(function, [], SENT) == own


def test_other_names_cost_nothing_and_are_noted(small_course):
    small_course.edit("tests/hidden/test_small.py", "student.double(x), 2 * x", "student.double(x=x), 2 * x")

    report = small_course.grade(anna=OTHERS)["anna"]

    assert report.score == 6.0
    assert report.notes == ("double has other names for its arguments than the stub: they were given in its order",)
