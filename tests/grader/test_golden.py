"""The grades of the example class: every submission, every exercise, by the whole grader.

`cases/gradient_descent.json` also marks the exercises that follow-through will credit: they fail now
only because they call a wrong one.
"""

import json
from pathlib import Path

import pytest

from grader.course import find_course
from grader.grading import grade_all
from grader.submissions import discover

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "examples" / "class" / "gradient_descent"
GOLDEN = json.loads((Path(__file__).parent / "cases" / "gradient_descent.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def reports():
    found = {}
    grade_all(
        find_course(ROOT),
        "gradient_descent",
        discover([str(CLASS)]),
        mode="auto",
        each=lambda item, report: found.__setitem__(item.path.name, report),
    )
    return found


def test_every_example_has_a_golden_grade(reports):
    assert set(reports) == set(GOLDEN)


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_grade_is_the_golden_one(reports, name):
    golden, report = GOLDEN[name], reports[name]

    grades = {
        item.exercise: [item.score, item.status.value, *(found.misconception for found in item.diagnosis)]
        for item in report.exercises
        if item.status != "passed"
    }

    assert (report.status, report.score, grades) == (golden["status"], golden["score"], golden["not_passed"])


def test_a_right_submission_keeps_every_point_and_a_wrong_one_loses_some(reports):
    for name, golden in GOLDEN.items():
        if golden["kind"] == "right":
            assert reports[name].score == 20, name
        if golden["kind"] == "mistake":
            at_fault = [item for item in reports[name].exercises if item.exercise in golden["at_fault"]]
            assert at_fault, name
            assert all(item.score < item.max_score for item in at_fault), name


def test_only_the_exercise_at_fault_and_its_callers_lose_points(reports):
    for name, golden in GOLDEN.items():
        if golden["kind"] == "mistake":
            lost = {item.exercise for item in reports[name].exercises if item.score < item.max_score}
            assert lost <= {*golden["at_fault"], *golden["follow_through"]}, name
