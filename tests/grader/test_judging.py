"""How a submission is judged: outcomes, budgets, shrinking, loading; on a small course with short limits."""

import pytest

from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError
from grader.judge.collecting import with_suite
from grader.outcomes import Status
from grader.sandbox.mode import SandboxMode

RIGHT = """
import torch
def double(x):
    return x + x
def mean_square(x):
    return (x ** 2).sum() / x.numel()
"""


def with_double(body, top=""):
    return f"import torch\n{top}\ndef double(x):\n    {body}\ndef mean_square(x):\n    return (x ** 2).mean()\n"


def statuses(report):
    return {item.exercise: item.status.value for item in report.exercises}


def check_of(report, name):
    return next(check for item in report.exercises for check in item.checks if check.check == name)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Many submissions in one run: each must be judged as if it were alone."""
    from small_course import SmallCourse

    return SmallCourse(tmp_path_factory.mktemp("course")).grade(
        right=RIGHT,
        wrong=with_double("return 3 * x"),
        constant=with_double("return torch.tensor([6.0])"),
        edge=with_double("return 2 * x if x.numel() != 3 else x"),
        random=with_double("return 2 * x + torch.rand(1)"),
        raising=with_double("raise ValueError(x.tolist())"),
        raising_sometimes=with_double("return 2 * x if x.numel() < 4 else x / 0 + undefined"),
        none=with_double("pass; y = 2 * x"),
        text=with_double("return 'six'"),
        stub=with_double("raise NotImplementedError('write your code here')"),
        calls_stub="def double(x):\n    raise NotImplementedError\ndef mean_square(x):\n    return double(x)\n",
        missing="def mean_square(x):\n    return (x * x).mean()\n",
        endless=with_double("while True: pass"),
        sleeping=with_double("import time; time.sleep(60)"),
        exiting=with_double("import os; os._exit(0)"),
        segfault=with_double("import faulthandler; faulthandler._read_null()"),
        leaving=with_double("import sys; sys.exit(0)"),
        hungry=with_double("return torch.ones(2**34)"),
        flooding=with_double("[print('x' * 2**20) for _ in range(40)]; return 2 * x"),
        broken_text="def double(x)\n    return 2 * x\ndef mean_square(x):\n    return (x * x).mean()\n",
        load_raises=with_double("return 2 * x", top="import scipy9\nscipy9.set()\nscipy9.go()\n1 / 0"),
        load_endless=with_double("return 2 * x", top="while True: pass"),
        load_exits=with_double("return 2 * x", top="import os\nos._exit(3)"),
        load_slow=with_double(
            "return 2 * x", top="def spin():\n    for _ in range(4 * 10**6): pass\n" + "spin()\n" * 60
        ),
        exercise_lost="import os\nmean_square = lambda x: (x * x).mean()\ndouble = os._exit(1)\n",
        autograd=with_double("y = (x * x).sum(); y.backward(); return x.grad"),
        hidden_autograd="""
            import torch
            class Tape:
                def backward(self): pass
            def double(x):
                x = x.requires_grad_()
                with torch.enable_grad():
                    y = (x * x).sum()
                y.backward()
                return x.grad
            def mean_square(x):
                return (x * x).mean()
            """,
    )


def test_right_submission_earns_everything(graded):
    assert graded["right"].score == 6.0
    assert graded["right"].notes == ()


def test_every_submission_is_graded_whatever_the_others_do(graded):
    assert {report.status for report in graded.values()} == {"graded"}
    assert all(statuses(report)["mean_square"] == "passed" for name, report in graded.items() if name != "calls_stub")


def test_wrong_value_leaves_nothing_where_no_value_check_passes(graded):
    assert statuses(graded["wrong"])["double"] == "failed"
    assert graded["wrong"].score == 2.0


def test_constant_of_the_right_shape_earns_nothing(graded):
    assert check_of(graded["constant"], "test_double_known").status is Status.PASSED
    assert graded["constant"].score == 2.0


def test_failing_example_is_shrunk(graded):
    text = check_of(graded["edge"], "test_double_values").text

    assert "x=tensor([2., 2., 2.]" in text


def test_answers_that_differ_between_calls_are_failed_and_never_broken(graded):
    assert statuses(graded["random"])["double"] == "failed"


def test_exception_is_crashed_and_its_message_is_for_the_staff_alone(graded):
    check = check_of(graded["raising"], "test_double_values")

    assert check.status is Status.CRASHED
    assert "it raised ValueError in line 4: raise ValueError(x.tolist())" in check.summary
    assert "[2" not in check.summary
    assert "[2" in check.text


def test_exception_on_some_inputs_is_shrunk_too(graded):
    check = check_of(graded["raising_sometimes"], "test_double_values")

    assert (check.status, "NameError" in check.summary) == (Status.CRASHED, True)


@pytest.mark.parametrize("name", ["none", "text"])
def test_answer_that_cannot_be_compared_is_failed(graded, name):
    assert statuses(graded[name])["double"] == "failed"


@pytest.mark.parametrize("name", ["stub", "missing"])
def test_stub_and_missing_function_are_not_attempted(graded, name):
    assert statuses(graded[name])["double"] == "not_attempted"
    assert graded[name].score == 2.0


def test_exercise_that_calls_a_stub_is_judged_with_a_right_helper(graded):
    check = check_of(graded["calls_stub"], "test_mean_square_values")

    assert check.status is Status.FAILED
    assert check.summary.startswith("the shape is wrong")


def test_exercise_that_calls_a_stub_is_not_called_unattempted(small_course):
    small_course.edit("solutions/small/assignment.toml", "title =", 'follow_through = "off"\ntitle =')
    found = small_course.grade(
        it="def double(x):\n    raise NotImplementedError\ndef mean_square(x):\n    return double(x)\n"
    )
    check = check_of(found["it"], "test_mean_square_values")

    assert check.status is Status.CRASHED
    assert check.summary == "it calls `double`, which is not written yet"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("endless", "a call took more than 0.5 s of CPU time"),
        ("sleeping", "a call did not end within 1.5 s of the clock"),
    ],
)
def test_time_out_names_its_exercise_and_ends_its_checks(graded, name, said):
    checks = [check for item in graded[name].exercises if item.exercise == "double" for check in item.checks]

    assert [check.status for check in checks] == [Status.TIMED_OUT] * 3
    assert checks[0].summary == said
    assert all(check.summary.startswith("not run") for check in checks[1:])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("exiting", "it ended its process, or broke its connection"),
        ("segfault", "its process died of signal 11"),
        ("leaving", "it raised SystemExit"),
        ("hungry", "it raised RuntimeError"),
        ("flooding", "it printed more than it may"),
    ],
)
def test_crash_costs_its_exercise_and_no_other(graded, name, said):
    check = check_of(graded[name], "test_double_values")

    assert check.status is Status.CRASHED
    assert said in check.summary


def test_syntax_error_costs_its_statement_and_is_named(graded):
    report = graded["broken_text"]

    assert statuses(report) == {"double": "crashed", "mean_square": "passed"}
    assert report.exercises[0].diagnosis[0].text == "line 1: SyntaxError: expected ':'"


def test_statement_that_raises_is_noted_once_with_what_needed_it(graded):
    report = graded["load_raises"]

    assert report.score == 6.0
    said = "scipy9 is not there when this is graded, and what uses it is lost"
    assert report.notes == (
        f"left out line 2, with 2 later statements that need it: {said}",
        "left out line 5: ZeroDivisionError: division by zero",
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("load_endless", "left out line 2: it took more than 0.5 s of CPU time"),
        ("load_exits", "left out line 3: it ended its process"),
        ("load_slow", "the file's own statements took more than 1.5 s"),
    ],
)
def test_statement_that_ends_or_stalls_the_load_costs_no_point(graded, name, said):
    report = graded[name]

    assert report.score == 6.0
    assert any(said in note for note in report.notes)


def test_exercise_whose_statement_was_lost_is_crashed_with_the_reason(graded):
    check = check_of(graded["exercise_lost"], "test_double_known")

    assert (check.status, check.summary) == (
        Status.CRASHED,
        "line 3: it ended its process, or broke its connection to the grader",
    )


@pytest.mark.parametrize("name", ["autograd", "hidden_autograd"])
def test_tool_that_is_not_allowed_earns_nothing_for_its_exercise(graded, name):
    report = graded[name]

    assert report.score == 2.0
    assert [found.misconception for found in report.exercises[0].diagnosis] == ["not_allowed"]
    assert report.exercises[0].status is Status.FAILED


def test_result_is_the_same_without_a_sandbox_for_a_harmless_submission(small_course):
    (report,) = small_course.grade(mode=SandboxMode.NONE, right=RIGHT).values()

    assert report.score == 6.0


def test_check_that_the_reference_fails_is_broken(small_course):
    small_course.edit("tests/hidden/test_small.py", "x = torch.tensor([3.0])\n    agree", "x = 1 / 0\n    agree")

    (report,) = small_course.grade(right=RIGHT).values()

    assert (report.status, report.score) == ("broken", None)
    assert [item.score for item in report.exercises] == [None, 2.0]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("tests/hidden/test_small.py", '@check("double", "called again", kind=Kind.FORM)\n', "", "has no @check"),
        ("tests/hidden/test_small.py", '"double", "called again"', '"dubble", "called again"', "does not list"),
        ("tests/hidden/test_small.py", "kind=Kind.FORM", "kind=Kind.FORM, weight=9", "they need half"),
        ("solutions/small/small.py", "def mean_square", "def mean_sqare", "`mean_square` is not defined"),
        ("solutions/small/small.py", "import torch", "import torch_that_is_not_there", "does not load"),
        ("solutions/small/assignment.toml", "points = 4", "points = -4", "more than 0"),
        ("solutions/small/assignment.toml", 'name = "double"', 'name = "probe"', "method of `student`"),
    ],
)
def test_mistake_of_the_author_is_an_error_that_says_where(small_course, name, old, new, said):
    small_course.edit(name, old, new)

    with pytest.raises(CourseError, match=said):
        with_suite(load_assignment(find_course(small_course.root), "small"), lambda suite: suite)
