"""What a student reads after a run of the visible tests: one message an exercise, the first fault first."""

import xml.etree.ElementTree as ET

import pytest
import torch
from visible_runs import run_tests

from grader.course.reading import find_course
from grader.handout.release import hand_out
from grader.kit.telling import called_by
from grader.kit.waiting import waits_for

ASSIGNMENT = """
title = "Small"
not_allowed = ["torch.autograd"]

[[exercise]]
name = "double"
points = 4
hint = "Add it to itself."

[[exercise]]
name = "mean_square"
points = 1
uses = ["double"]
"""
VISIBLE = """
import pytest
import torch
from exercises import HINTS, answer, call, load
from hypothesis import given, settings
from hypothesis import strategies as st

student = load("small")

@pytest.mark.double
@settings(max_examples=5, deadline=None, derandomize=True, database=None)
@given(number=st.integers(1, 50))
def test_double_of_any(number):
    answer(student, "double", {"x": torch.tensor([float(number)])}, torch.tensor([2.0 * number]), tensor=True)

@pytest.mark.double
def test_double_of_three():
    answer(student, "double", {"x": torch.tensor([3.0])}, torch.tensor([6.0]), hint=HINTS["double"])

@pytest.mark.double
def test_double_of_four():
    answer(student, "double", {"x": torch.tensor([4.0])}, torch.tensor([8.0]), hint=HINTS["double"])

@pytest.mark.mean_square
def test_mean_square_of_three():
    value = call(student, "mean_square", {"x": torch.tensor([3.0])})
    assert float(value.reshape(())) == 9
"""
RIGHT = """\
import torch
def double(x):
    return x + x
def mean_square(x):
    return (x * double(x)).mean() / 2
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    from small_course import SmallCourse

    made = SmallCourse(tmp_path_factory.mktemp("course"))
    made.write("solutions/small/assignment.toml", ASSIGNMENT)
    made.write("solutions/small/test_small.py", VISIBLE)
    return find_course(made.root)


@pytest.fixture
def run(course, tmp_path):
    """Return a function that runs the visible tests on a text of the student's, and returns the process."""
    hand_out(course, ["small"], tmp_path)
    folder = tmp_path / "small"

    def runs(text, *arguments):
        if text:
            (folder / "small.py").write_text(text)
        return run_tests(folder, *arguments)

    return runs


def test_right_file_passes_with_a_line_an_exercise_and_nothing_else(run):
    done = run(RIGHT)

    assert done.returncode == 0
    assert done.stdout.splitlines()[1:-1] == [
        "  double        4 points   all 3 tests pass",
        "  mean_square    1 point   its test passes",
        "tested: small.py (small.ipynb is still the stub)",
    ]


def test_untouched_file_is_one_line(run):
    done = run("")

    assert done.returncode == 1
    assert done.stdout.splitlines()[1:-1] == [
        "  not written yet: double, mean_square",
        "tested: small.py (small.ipynb is a stub as well)",
    ]


def test_wrong_helper_is_told_once_and_its_caller_waits(run):
    done = run(RIGHT.replace("return x + x", "return 3 * x"))

    assert done.returncode == 1
    assert done.stdout.count("you called") == 1
    assert "calls that were tried it is `x`, times 3\nyou called   double(x=tensor([3.]))\n" in done.stdout
    assert "  mean_square    1 point   0 of 1 tests pass, waits for `double`\n" in done.stdout


def test_caller_that_is_tested_alone_says_whose_tests_did_not_run(run):
    done = run(RIGHT.replace("return x + x", "return [x]"), "-m", "mean_square")

    assert "it calls     `double`, not tested in this run: `pytest` tests all\n" in done.stdout


def test_fixed_data_comes_before_what_is_drawn(run):
    done = run(RIGHT.replace("return x + x", "return x * x"))

    assert "double(x=tensor([3.]))" in done.stdout
    assert "double(x=tensor([1]))" not in done.stdout


def test_error_is_told_with_the_line_plain_words_and_the_call(run):
    done = run(RIGHT.replace("return x + x", "return x ^ 2"))

    told = done.stdout[done.stdout.index("double: ") :].splitlines()[:5]
    assert told == [
        "double: NotImplementedError: \"bitwise_xor_cpu\" not implemented for 'Float'",
        "  double, line 3: return x ^ 2",
        "in words     `^` is no power in Python",
        "look at      write `x ** 2`, or `x * x`",
        "you called   double(x=tensor([3.]))",
    ]


def test_line_with_a_comprehension_is_shown_once(run):
    done = run(RIGHT.replace("return x + x", "return [part[7] for part in x]"))

    assert done.stdout.count("line 3: return [part[7] for part in x]") == 1


def test_answer_that_a_test_can_not_use_is_no_traceback_of_the_test(run):
    done = run(RIGHT.replace("(x * double(x)).mean() / 2", "torch.ones(3)"))

    assert "mean_square: what it returned can't be used: RuntimeError: shape '[]' is invalid for" in done.stdout
    assert "test_small.py" not in done.stdout
    assert "Traceback" not in done.stdout


def test_method_that_is_not_called_is_said(run):
    done = run(RIGHT.replace("return x + x", "return (x + x).mean"))

    assert "double: it returned a function; are the brackets missing, as in `x.mean()`?" in done.stdout


def test_list_is_refused_where_a_tensor_is_asked_for(run):
    done = run(RIGHT.replace("return x + x", "return [float(part + part) for part in x]"))

    assert "double: it returned a value of type list, which is not the tensor that is asked for\n" in done.stdout


@pytest.mark.parametrize(
    "way",
    [
        "(leaf * leaf).sum().backward()",
        "leaf.grad, = torch.autograd.grad((leaf * leaf).sum(), [leaf])",
        "(x * x).sum().backward()",
    ],
    ids=["backward", "grad", "where nothing requires a gradient"],
)
def test_tool_that_is_not_allowed_is_refused(run, way):
    lines = f"leaf = x.clone().requires_grad_()\n    {way}\n    return leaf.grad"

    done = run(RIGHT.replace("return x + x", lines))

    assert done.returncode == 1
    assert "double: it uses torch.autograd, which this exercise may not use; it would earn nothing" in done.stdout


def test_every_failing_test_is_in_a_junit_file_in_the_same_words(run, tmp_path):
    path = tmp_path / "results.xml"

    done = run(RIGHT.replace("return x + x", "return 3 * x"), f"--junitxml={path}")

    suite = ET.parse(path).getroot()[0]
    assert done.returncode == 1
    assert (suite.get("tests"), suite.get("failures")) == ("4", "4")
    said = [case.find("failure").text for case in suite.iter("testcase") if "test_double" in case.get("name")]
    assert len(said) == 3
    assert all("you called   double(" in text for text in said)


def test_every_message_comes_by_asking_for_it(run):
    done = run(RIGHT.replace("return x + x", "return 3 * x"), "--tb=short")

    assert done.stdout.count("you called   double(") == 3


# Whose fault it is.


def test_names_that_code_reads_are_followed_through_functions_of_its_own():
    namespace = {"torch": torch}
    exec("def one(x): return x\ndef sigmoid(x): return x\ndef own(x): return one(x)", namespace)
    exec("def two(x):\n    return [own(part) for part in torch.sigmoid(x)]", namespace)

    found = called_by(namespace, "two", ["one", "two", "sigmoid"])

    assert found == ["one"]


def test_methods_of_a_class_are_followed():
    namespace = {}
    exec("def one(x): return x\nclass Two:\n    def step(self): return one(3)", namespace)

    assert called_by(namespace, "Two", ["one", "Two"]) == ["one"]


@pytest.mark.parametrize(
    ("failing", "roots"),
    [
        (["loop"], []),
        (["grad", "loop"], ["grad"]),
        (["part", "grad", "loop"], ["part"]),
        (["model", "part", "grad", "loop"], ["model", "part"]),
    ],
)
def test_an_exercise_waits_for_the_first_that_is_wrong(failing, roots):
    calls = {"loop": ["model", "grad"], "grad": ["part"], "model": [], "part": []}

    assert waits_for("loop", failing, calls) == roots


def test_exercises_that_call_each_other_wait_for_nobody():
    calls = {"one": ["two"], "two": ["one"]}

    assert waits_for("one", ["one", "two"], calls) == []
