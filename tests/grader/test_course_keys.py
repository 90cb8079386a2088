"""The keys `points`, `given`, `call_seconds` and `exercise_seconds`: how they are read, and what they do to a grade."""

import pytest

from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError
from grader.outcomes import Status

TWO = """
[[exercise]]
name = "f"
points = 2

[[exercise]]
name = "g"
points = 3.5
"""


@pytest.fixture
def load(small_course):
    """Return a function that reads an assignment of this text."""

    def read(toml):
        (small_course.root / "solutions/small/assignment.toml").write_text(toml, "utf-8")
        return load_assignment(find_course(small_course.root), "small")

    return read


# Reading.


def test_sum_of_the_points_may_be_written_and_is_compared(load):
    assert load("points = 5.5\n" + TWO).max_score == 5.5
    assert load(TWO).max_score == 5.5


def test_sum_of_the_points_is_compared_without_the_noise_of_floats(load):
    toml = "points = 0.3\n" + TWO.replace("points = 2", "points = 0.1").replace("points = 3.5", "points = 0.2")

    assert load(toml).max_score == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("points = 5\n", ":1: points = 5, but those of the exercises add up to 5.5"),
        ("points = 6\n", ":1: points = 6, but those of the exercises add up to 5.5"),
        ('title = "T"\n\npoints = 5.49\n', ":3: points = 5.49, but those of the exercises add up to 5.5"),
        ("points = 0\n", ":1: points = 0, but"),
        ("points = -5.5\n", ":1: points = -5.5, but"),
        ("points = inf\n", ":1: points = inf, but"),
        ("points = nan\n", ":1: points = nan, but"),
        ('points = "5.5"\n', ":1: points = '5.5' is a str; it has to be a float"),
        ("points = true\n", ":1: points = True is a bool; it has to be a float"),
        ("points = [5.5]\n", ":1: points = [5.5] is a list; it has to be a float"),
        ("[limits]\npoints = 5.5\n", ":2: unknown key points in [limits]; is it misspelt?"),
    ],
)
def test_wrong_sum_of_the_points_is_named_with_its_line(load, head, said):
    with pytest.raises(CourseError) as caught:
        load(head + TWO)

    assert f"solutions/small/assignment.toml{said}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("points", ["2.125", "1e308"])
def test_points_are_counted_in_whole_cents(load, points):
    # A score is: 2.125 points can never be earned.
    with pytest.raises(CourseError, match="points"):
        load(TWO.replace("points = 2", f"points = {points}"))


def test_given_functions_are_read_in_order(load):
    assert load('given = ["model", "loss_fn"]\n' + TWO).given == ("model", "loss_fn")
    assert load(TWO).given == ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('["f"]', ":2: 'f' is an exercise, or no Python name, so it can't be given"),
        ('["model", "g"]', ":2: 'g' is an exercise"),
        ('["my model"]', ":2: 'my model' is an exercise, or no Python name"),
        ('[""]', ":2: '' is an exercise, or no Python name"),
        ('"model"', ":2: given = 'model' is a str; it has to be a list of names"),
        ("[5]", ":2: given = [5]; it has to be a list of names"),
    ],
)
def test_wrong_given_is_named(load, given, said):
    with pytest.raises(CourseError) as caught:
        load(f'title = "T"\ngiven = {given}\n{TWO}')

    assert f"solutions/small/assignment.toml{said}" in str(caught.value)


def test_seconds_of_an_exercise_are_its_own_or_the_assignments(load):
    found = load(TWO + "call_seconds = 30\nexercise_seconds = 60\n[limits]\ncall_seconds = 3\nexercise_seconds = 4\n")

    seconds = [(item.call_seconds, item.exercise_seconds) for item in found.exercises]
    assert seconds == [(3.0, 4.0), (30.0, 60.0)]
    assert (found.limits.call_seconds, found.limits.exercise_seconds) == (3.0, 4.0)


def test_one_of_the_two_seconds_is_enough(load):
    found = load(TWO + "exercise_seconds = 60\n[limits]\ncall_seconds = 3\nexercise_seconds = 4\n")

    assert (found.exercise("g").call_seconds, found.exercise("g").exercise_seconds) == (3.0, 60.0)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("call_seconds = 0", ":9: g: call_seconds = 0; it has to be more than 0, and finite"),
        ("call_seconds = -1", ":9: g: call_seconds = -1; it has to be more than 0, and finite"),
        ("call_seconds = 30", ":6: g: call_seconds = 30, exercise_seconds = 20; an exercise has no less than a call"),
        ("exercise_seconds = 5", ":6: g: call_seconds = 10, exercise_seconds = 5; an exercise has no less than a call"),
        ("exercise_seconds = inf", ":9: g: exercise_seconds = inf; it has to be more than 0, and finite"),
        ("call_seconds = nan", ":9: g: call_seconds = nan; it has to be more than 0, and finite"),
        ("exercise_seconds = nan", ":9: g: exercise_seconds = nan; it has to be more than 0, and finite"),
        ('call_seconds = "5"', ":9: g: call_seconds = '5' is a str; it has to be a float"),
        ("call_seconds = true", ":9: g: call_seconds = True is a bool; it has to be a float"),
        ("load_seconds = 5", ":9: unknown key load_seconds in [[exercise]]; did you mean call_seconds?"),
    ],
)
def test_wrong_seconds_of_an_exercise_are_named(load, keys, said):
    with pytest.raises(CourseError) as caught:
        load(TWO + keys)

    assert str(caught.value).endswith(f"/solutions/small/assignment.toml{said}")


def test_limits_that_leave_a_call_more_than_its_exercise_are_refused(load):
    with pytest.raises(CourseError, match="f: call_seconds = 30, exercise_seconds = 20"):
        load(TWO + "[limits]\ncall_seconds = 30\n")


# Grading.


ASSIGNMENT = """
points = 7
given = ["helper", "unused"]
gradients = false

[limits]
call_seconds = 0.3
exercise_seconds = 0.6
load_seconds = 3
wall_factor = 20

[[exercise]]
name = "double"
points = 4

[[exercise]]
name = "mean_square"
points = 2
uses = ["double"]

[[exercise]]
name = "patient"
points = 1
call_seconds = 1.5
exercise_seconds = 1.8
"""
REFERENCE = """
# %%
import torch

# %%
def helper(x):
    return torch.add(x, x)

# %%
def unused(x: torch.Tensor, y=3) -> torch.Tensor:
    raise AssertionError("nobody calls it")

# %%
def double(x):
    ### BEGIN SOLUTION
    return helper(x)
    ### END SOLUTION

# %%
def mean_square(x):
    ### BEGIN SOLUTION
    return (x * x).mean()
    ### END SOLUTION

# %%
def patient(x):
    ### BEGIN SOLUTION
    return 3 * x
    ### END SOLUTION
"""
SUITE = """

@check("patient", "values")
def test_patient_values(student):
    x = torch.tensor([3.0])
    agree("patient", {"x": x}, student.patient(x), 3 * x, tolerance=TIGHT)

@check("patient", "a second one", weight=0.5)
def test_patient_again(student):
    x = torch.tensor([4.0])
    agree("patient", {"x": x}, student.patient(x), 3 * x, tolerance=TIGHT)

@check("patient", "a third one", weight=0.5)
def test_patient_at_last(student):
    x = torch.tensor([5.0])
    agree("patient", {"x": x}, student.patient(x), 3 * x, tolerance=TIGHT)
"""
SPIN = """
import time, torch
def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""
REST = """
def mean_square(x):
    return (x * x).mean()
def patient(x):
    return 3 * x
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    from small_course import SmallCourse

    course = SmallCourse(tmp_path_factory.mktemp("course"))
    suite = (course.root / "tests/hidden/test_small.py").read_text("utf-8")
    course.write("solutions/small/assignment.toml", ASSIGNMENT)
    course.write("solutions/small/small.py", REFERENCE)
    course.write("tests/hidden/test_small.py", suite + SUITE)
    return course.grade(
        with_helper="import torch\ndef helper(x):\n    return x + x\ndef double(x):\n    return helper(x)\n" + REST,
        without_helper="import torch\ndef double(x):\n    return helper(x)\n" + REST,
        own_helper="def helper(x):\n    return 3 * x\ndef double(x):\n    return helper(x)\n" + REST,
        own_helper_below="def double(x):\n    return helper(x)\nhelper = lambda x: 3 * x\n" + REST,
        broken_helper="import torch\ndef helper(x)\n    return 3 * x\ndef double(x):\n    return helper(x)\n" + REST,
        helper_at_load="import torch\nfour = helper(torch.tensor(2.0))\ndouble = lambda x: x * four / 2\n" + REST,
        no_torch="def double(x):\n    return 2 * x if 'torch' not in globals() else None\n" + REST,
        slow_call=SPIN + "def double(x):\n    spin(1)\n    return 2 * x\n" + REST,
        slow_altogether=SPIN + "def double(x):\n    spin(0.2)\n    return 2 * x\n" + REST,
        patient=SPIN + REST.replace("return 3", "spin(0.5)\n    return 3") + "def double(x):\n    return 2 * x\n",
        too_patient=SPIN + REST.replace("return 3", "spin(0.75)\n    return 3") + "def double(x):\n    return 2 * x\n",
        endless=SPIN + REST.replace("return 3", "spin(9)\n    return 3") + "def double(x):\n    return 2 * x\n",
    )


def scores(report):
    return {item.exercise: item.score for item in report.exercises}


def checks(report, name):
    return [check for item in report.exercises if item.exercise == name for check in item.checks]


RIGHT = {"double": 4.0, "mean_square": 2.0, "patient": 1.0}


@pytest.mark.parametrize("name", ["with_helper", "without_helper", "helper_at_load", "broken_helper"])
def test_given_function_is_there_with_or_without_the_students_copy(graded, name):
    assert scores(graded[name]) == RIGHT


def test_given_functions_leave_no_note(graded):
    assert graded["without_helper"].notes == ()


@pytest.mark.parametrize("name", ["own_helper", "own_helper_below"])
def test_own_function_of_a_given_name_is_kept(graded, name):
    assert scores(graded[name]) == {**RIGHT, "double": 0.0}


def test_given_function_brings_no_other_name_into_the_submission(graded):
    assert scores(graded["no_torch"]) == RIGHT


def test_assignments_seconds_are_the_budget_of_an_exercise_without_its_own(graded):
    found = checks(graded["slow_call"], "double")

    assert found[0].status is Status.TIMED_OUT
    assert found[0].summary == "a call took more than 0.3 s of CPU time"
    assert scores(graded["slow_call"]) == {**RIGHT, "double": 0.0}


def test_calls_that_are_short_enough_add_up_to_the_exercises_seconds(graded):
    summaries = [check.summary for check in checks(graded["slow_altogether"], "double")]

    assert "this exercise used up its 0.6 s of CPU time" in summaries


def test_exercise_with_seconds_of_its_own_has_those(graded):
    assert scores(graded["patient"]) == RIGHT


def test_seconds_of_its_own_end_as_well(graded):
    altogether, one = (checks(graded[name], "patient") for name in ("too_patient", "endless"))

    assert [check.status for check in altogether] == [Status.PASSED, Status.PASSED, Status.TIMED_OUT]
    assert altogether[2].summary == "this exercise used up its 1.8 s of CPU time"
    assert one[0].summary == "a call took more than 1.5 s of CPU time"
    assert {name: scores(graded["endless"])[name] for name in ("double", "mean_square")} == {
        "double": 4.0,
        "mean_square": 2.0,
    }
