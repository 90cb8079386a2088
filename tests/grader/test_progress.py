"""What is said while a submission is graded: at once, in order, and never what the report says otherwise."""

import os
import subprocess
import sys

import pytest

from grader.course.reading import find_course, load_assignment
from grader.judge.parallel import grade_all
from grader.report.progress import AGAIN, Progress, Verdict, is_told, line_of
from grader.report.report import Audience
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

RIGHT = """
def double(x):
    return 2 * x

def mean_square(x):
    return (x * double(x)).mean() / 2
"""
SUBMISSIONS = {
    "right": RIGHT,
    "wrong_helper": RIGHT.replace("2 * x", "3 * x"),
    "wrong_alone": RIGHT.replace("/ 2", "/ 3"),
    "list_helper": RIGHT.replace("return 2 * x", "return (2 * x).tolist()"),
    "stub": RIGHT.replace("return 2 * x", "raise NotImplementedError"),
    "refused": RIGHT + "\nimport torch\ndef mean_square(x):\n    return torch.func.vmap(lambda v: v * v)(x).mean()\n",
}
STAYS = {"passed": "right", "failed": "not right", "crashed": "not right", "not_attempted": "not written"}


@pytest.fixture(scope="module")
def told_and_reports(tmp_path_factory):
    """Return what was told of each submission, and the reports, of one class."""
    from small_course import SmallCourse

    course = SmallCourse(tmp_path_factory.mktemp("course"))
    again = "torch.equal(student.double(x), student.double(x))"
    course.edit("tests/hidden/test_small.py", again, "student.double(x) is not None")  # of a list, too
    for name, source in SUBMISSIONS.items():
        course.write(f"class/{name}/small.py", source)
    told = {name: [] for name in SUBMISSIONS}
    reports = {}
    grade_all(
        find_course(course.root),
        "small",
        discover([str(course.root / "class")]),
        mode=SandboxMode.AUTO,
        each=lambda item, report: reports.__setitem__(item.path.name, report),
        tell=lambda item, progress: told[item.path.name].append((progress.exercise, progress.verdict.value)),
    )
    return told, reports


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("right", ["right", "right"]),
        ("wrong_helper", ["not right", "checked"]),
        ("wrong_alone", ["right", "not right"]),
        ("list_helper", ["checked", "checked"]),
        ("stub", ["not written", "checked"]),
        ("refused", ["right", "not right"]),
    ],
)
def test_progress_says_only_what_is_final(told_and_reports, name, words):
    told, reports = told_and_reports

    assert told[name] == [("double", words[0]), ("mean_square", words[1])]
    for (_, word), exercise in zip(told[name], reports[name].exercises, strict=True):
        assert word in ("checked", STAYS[exercise.status])


def test_follow_through_changes_what_was_only_said_to_be_checked(told_and_reports):
    told, reports = told_and_reports

    credited, charged = reports["wrong_helper"].exercises[1], reports["list_helper"].exercises[0]
    assert (credited.status, charged.status) == ("passed", "failed")
    assert told["wrong_helper"][1] == ("mean_square", "checked")
    assert told["list_helper"][0] == ("double", "checked")


def test_students_whose_attempts_are_limited_read_nothing_before_the_end(small_course):
    course = find_course(small_course.root)
    free = load_assignment(course, "small")
    small_course.edit("solutions/small/assignment.toml", 'title = "Small"', 'title = "Small"\nfeedback_every = "6h"')
    limited = load_assignment(course, "small")

    assert [is_told(item, Audience.STUDENT) for item in (free, limited)] == [True, False]
    assert is_told(limited, Audience.STAFF)


def test_line_of_progress_names_the_exercise_and_a_new_start_names_none():
    assert line_of(Progress(exercise="double", verdict=Verdict.WRONG)) == "  double: not right"
    assert line_of(AGAIN) == "  once more from the beginning: a process of ours ended"


def test_terminal_sees_progress_and_standard_output_is_the_same(small_course):
    path = small_course.write("small.py", RIGHT.replace("2 * x", "3 * x"))
    command = [sys.executable, "-m", "grader", "grade", str(path), "--course", str(small_course.root)]
    terminal, other_end = os.openpty()

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=other_end) as shown:
        os.close(other_end)
        output = shown.stdout.read()
    said = os.read(terminal, 10_000).decode()
    os.close(terminal)
    quiet = subprocess.run(command, capture_output=True, check=True)

    assert said.splitlines() == [f"grading {path} ...", "  double: not right", "  mean_square: checked"]
    assert (output, quiet.stderr) == (quiet.stdout, b"")
