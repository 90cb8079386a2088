"""What the whole grader says of the course's own files: the example classes, misconceptions, right alternatives.

`cases/<name>.json` holds the golden grades of the examples, and names the exercises that follow-through
credits: they fail only because they call a wrong one. Here stands a fixed sample of each; the whole
catalogue and all alternatives are graded by `make proof`.
"""

import functools
import json
from pathlib import Path

import pytest
from evidence import PROOF

from grader.authoring.transplants import transplanted
from grader.course.catalogue import read_alternatives, read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.judge.parallel import grade_all
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
ALL = {name: json.loads((Path(__file__).parent / "cases" / f"{name}.json").read_text("utf-8")) for name in COURSE.names}
GOLDEN = {name: {key: cases[key] for key in sorted(cases)[:: 1 if PROOF else 16]} for name, cases in ALL.items()}
CASES = [(name, submission) for name in COURSE.names for submission in sorted(GOLDEN[name])]


@functools.cache
def variants_of(name):
    """Return the misconceptions of the sample, read when they are asked for: every worker collects this file."""
    return read_catalogue(load_assignment(COURSE, name))[40::320]


@functools.cache
def alternatives_of(name):
    """Return the right alternatives of the sample."""
    return dict(list(read_alternatives(load_assignment(COURSE, name)).items())[5::16])


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Return what grades an assignment's files, all of them in one run, when they are asked for at first."""

    @functools.cache
    def grade(name):
        folder = tmp_path_factory.mktemp(name)
        source = reference_source(load_assignment(COURSE, name))
        variants = {item.id: transplanted(source, item.exercise, item.source, source) for item in variants_of(name)}
        for key, text in (variants | alternatives_of(name)).items():
            (folder / f"{name}_{key}.py").write_text(text, "utf-8")
        examples = discover([str(ROOT / "examples" / "class" / name)])
        files = [*(item for item in examples if item.path.name in GOLDEN[name]), *discover([str(folder)])]
        found = {}

        def each(item, report):
            key = item.path.stem.removeprefix(f"{name}_")
            found[key if item.path.parent == folder else item.path.name] = report

        grade_all(COURSE, name, files, mode=SandboxMode.AUTO, each=each)
        return found

    return grade


# --- the example classes -----------------------------------------------------------------------------


def test_every_example_has_a_golden_grade():
    for name in COURSE.names:
        found = discover([str(ROOT / "examples" / "class" / name)])
        assert sorted(item.path.name for item in found) == sorted(ALL[name])


@pytest.mark.parametrize(("name", "submission"), CASES)
def test_grade_is_the_golden_one(reports, name, submission):
    golden, report = GOLDEN[name][submission], reports(name)[submission]

    grades = {
        item.exercise: [item.score, item.status.value, *(found.misconception for found in item.diagnosis)]
        for item in report.exercises
        if item.status != "passed"
    }

    assert (report.status, report.score, grades) == (golden["status"], golden["score"], golden["not_passed"])


@pytest.mark.parametrize("name", COURSE.names)
def test_a_right_submission_keeps_every_point_and_a_wrong_one_loses_some(reports, name):
    for submission, golden in GOLDEN[name].items():
        report = reports(name)[submission]
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
            assert lost(reports(name)[submission]) <= set(golden["at_fault"]), submission


@pytest.mark.parametrize("name", COURSE.names)
def test_credit_is_said_and_names_the_exercise_at_fault(reports, name):
    for submission, golden in GOLDEN[name].items():
        credited = [item for item in reports(name)[submission].exercises if item.follow_through]
        assert [item.exercise for item in credited] == golden["follow_through"]
        for item in credited:
            assert item.status != "passed" or "at fault, not" in item.diagnosis[0].text


# --- misconceptions, and right alternatives -----------------------------------------------------------


def lost(report):
    return {item.exercise for item in report.exercises if item.score < item.max_score}


@pytest.mark.parametrize("name", COURSE.names)
def test_misconception_costs_its_exercise_alone_and_is_named(reports, name):
    for variant in variants_of(name):
        report = reports(name)[variant.id]
        assert lost(report) == {variant.exercise}, variant.id
        exercise = next(item for item in report.exercises if item.exercise == variant.exercise)
        assert [found.misconception for found in exercise.diagnosis] == [variant.id]


@pytest.mark.parametrize("name", COURSE.names)
def test_right_alternative_keeps_every_point_and_is_given_no_name(reports, name):
    for key in alternatives_of(name):
        report = reports(name)[key]
        assert lost(report) == set(), key
        assert [item.diagnosis for item in report.exercises if item.diagnosis] == [], key


@pytest.mark.parametrize("name", COURSE.names)
def test_counterexample_is_shown_of_what_goes_wrong_and_of_nothing_else(reports, name):
    shown = [item for report in reports(name).values() for item in report.exercises if item.counterexample is not None]

    assert shown
    for item in shown:
        assert item.status in ("failed", "crashed")
        assert item.counterexample.returned != item.counterexample.expected
