"""The grades of the example classes: every submission, every exercise, by the whole grader.

`cases/<name>.json` also names the exercises that follow-through credits: they fail only because they
call a wrong one.
"""

import json
from pathlib import Path

import pytest
from evidence import PROOF

from grader.course import find_course, load_assignment
from grader.grading import grade_all
from grader.submissions import discover

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
ALL = {name: json.loads((Path(__file__).parent / "cases" / f"{name}.json").read_text("utf-8")) for name in COURSE.names}
# Every second one in `make test`, and all of them in `make proof`.
GOLDEN = {name: {key: cases[key] for key in sorted(cases)[:: 1 if PROOF else 2]} for name, cases in ALL.items()}
CASES = [(name, submission) for name in COURSE.names for submission in sorted(GOLDEN[name])]


@pytest.fixture(scope="module")
def reports():
    found = {}
    for name in COURSE.names:
        grade_all(
            COURSE,
            name,
            [item for item in discover([str(ROOT / "examples" / "class" / name)]) if item.path.name in GOLDEN[name]],
            mode="auto",
            each=lambda item, report: found.__setitem__(item.path.name, report),
        )
    return found


def test_every_example_has_a_golden_grade():
    for name in COURSE.names:
        found = discover([str(ROOT / "examples" / "class" / name)])
        assert sorted(item.path.name for item in found) == sorted(ALL[name])


@pytest.mark.parametrize(("name", "submission"), CASES)
def test_grade_is_the_golden_one(reports, name, submission):
    golden, report = GOLDEN[name][submission], reports[submission]

    grades = {
        item.exercise: [item.score, item.status.value, *(found.misconception for found in item.diagnosis)]
        for item in report.exercises
        if item.status != "passed"
    }

    assert (report.status, report.score, grades) == (golden["status"], golden["score"], golden["not_passed"])


@pytest.mark.parametrize("name", COURSE.names)
def test_a_right_submission_keeps_every_point_and_a_wrong_one_loses_some(reports, name):
    for submission, golden in GOLDEN[name].items():
        report = reports[submission]
        if golden["kind"] == "right":
            assert report.score == load_assignment(COURSE, name).max_score, submission
        if golden["kind"] == "mistake":
            at_fault = [item for item in report.exercises if item.exercise in golden["at_fault"]]
            assert at_fault, submission
            assert all(item.score < item.max_score for item in at_fault), submission


@pytest.mark.parametrize("name", COURSE.names)
def test_only_the_exercise_at_fault_loses_points(reports, name):
    for submission, golden in GOLDEN[name].items():
        if golden["kind"] == "mistake":
            lost = {item.exercise for item in reports[submission].exercises if item.score < item.max_score}
            assert lost <= set(golden["at_fault"]), submission


@pytest.mark.parametrize("name", COURSE.names)
def test_credit_is_said_and_names_the_exercise_at_fault(reports, name):
    for submission, golden in GOLDEN[name].items():
        credited = [item for item in reports[submission].exercises if item.follow_through]
        assert [item.exercise for item in credited] == golden["follow_through"]
        for item in credited:
            assert item.status != "passed" or "at fault, not" in item.diagnosis[0].text
