"""A view holds what its audience may read, and nothing else exists in it; formats are made of views alone."""

import ast
from dataclasses import replace

import house
import pytest
from reports import (
    DIAGNOSIS,
    EVIDENCE,
    HINT,
    NOTE,
    SUMMARY,
    TITLE,
    make_check,
    make_exercise,
    make_report,
    make_submission,
    unreadable,
)

from grader.course.assignment import FeedbackLevel
from grader.formats.forms import ENTRUSTED, Form, render
from grader.outcomes import Counterexample, How, Status
from grader.report.entrusted import entrust
from grader.report.fingerprint import fingerprint
from grader.report.report import Audience, SubmissionStatus
from grader.report.view import view

CALL = "CALL-of-the-counterexample"
ALL = {EVIDENCE, SUMMARY, DIAGNOSIS, TITLE, HINT, NOTE, CALL}


def told(report, audience):
    """Return which of the texts exist anywhere in a view, whether something renders them or not."""
    return {text for text in ALL if text in repr(view(report, audience))}


def explained(*checks, **changes):
    shown = Counterexample(call=CALL, returned="1", expected="2", how=How.RAISED)
    return make_exercise(*checks, counterexample=shown, follow_through=True, **changes)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (FeedbackLevel.SCORE, {NOTE}),
        (FeedbackLevel.HINT, ALL - {EVIDENCE}),
        (FeedbackLevel.FULL, ALL),
    ],
)
def test_what_a_student_may_not_read_does_not_exist_in_the_view(level, expected):
    report = make_report(make_submission(explained()), level=level)

    assert told(report, Audience.STUDENT) == expected


@pytest.mark.parametrize("level", FeedbackLevel)
@pytest.mark.parametrize("withheld", [False, True])
def test_staff_view_holds_everything(level, withheld):
    report = make_report(make_submission(explained(), withheld=withheld), level=level)

    assert told(report, Audience.STAFF) == ALL
    assert view(report, Audience.STAFF).submissions[0].status is SubmissionStatus.GRADED


def test_withheld_view_holds_visible_checks_without_points():
    hidden = make_check(check="test_hidden", score=1.25)
    shown = make_check(check="test_shown", visible=True, status=Status.PASSED, score=1.75, text="", summary="")
    item = make_submission(explained(hidden, shown, score=1.75), score=1.75, withheld=True)

    seen = view(make_report(item, level=FeedbackLevel.FULL), Audience.STUDENT)

    for secret in ("1.25", "1.75", "test_hidden", EVIDENCE, SUMMARY, DIAGNOSIS, CALL):
        assert secret not in repr(seen)
    ((exercise,),) = (one.exercises for one in seen.submissions)
    assert (exercise.status, exercise.follow_through) == (Status.PASSED, False)


def test_withheld_view_says_of_an_exercise_without_a_visible_check_neither_that_it_passed_nor_a_hint():
    item = make_submission(explained(make_check(check="test_hidden")), withheld=True)

    (seen,) = view(make_report(item, level=FeedbackLevel.FULL), Audience.STUDENT).submissions

    (exercise,) = seen.exercises
    assert (exercise.status, exercise.wrong, exercise.hint) == (Status.WITHHELD, False, "")


@pytest.mark.parametrize("form", [form for form in Form if form not in (*ENTRUSTED, Form.CLASSROOM50)])
def test_no_form_says_that_an_exercise_passed_of_which_nothing_is_told(form):
    hidden = make_check(check="test_hidden", status=Status.PASSED, score=1.25, text="", summary="")
    item = make_submission(explained(hidden, score=1.25), withheld=True)

    text = render(view(make_report(item, level=FeedbackLevel.FULL), Audience.STUDENT), form)

    said = text.partition("</style>")[2] or text
    assert "passed" not in said
    assert "✓" not in said


def test_explanation_says_the_same_thing_once():
    twice = make_check(check="test_again", title="another title")
    (item,) = view(make_report(make_submission(explained(make_check(), twice))), Audience.STUDENT).submissions

    said = item.exercises[0].explanation

    assert [(remark.status, remark.title, remark.text) for remark in said.remarks] == [(Status.FAILED, TITLE, SUMMARY)]
    assert said.counterexample == f"you called   {CALL}\nit raised    1\nexpected     2"


def test_fingerprint_stays_what_files_of_attempts_hold():
    """Another hash of the same report would count it once more for a student who was told of it before."""
    found = fingerprint(make_submission(explained(make_check(), make_check(visible=True))), FeedbackLevel.HINT)

    assert found == "8de90d86bd7a7decb56a3db81c67c9b52d8f963570996dcb59942d62e5449fa9"


def test_what_is_entrusted_says_the_true_score_and_that_it_is_withheld():
    report = make_report(make_submission(explained(), score=0.75, withheld=True), unreadable())

    first, second = entrust(report, Audience.STUDENT).submissions

    assert (first.withheld, first.whole.status, first.whole.score) == (True, SubmissionStatus.GRADED, 0.75)
    assert EVIDENCE not in repr(first)
    assert (second.withheld, second.whole.status) == (False, SubmissionStatus.UNREADABLE)


@pytest.mark.parametrize("form", Form)
def test_no_form_is_made_of_what_is_meant_for_another(form):
    report = replace(make_report(), submissions=(make_submission(withheld=True),))
    wrong = view if form in ENTRUSTED else entrust

    with pytest.raises(TypeError, match=form):
        render(wrong(report, Audience.STUDENT), form)


def test_no_format_knows_reports_or_levels_of_feedback():
    allowed = {"Audience", "SubmissionStatus"}
    known = house.modules()
    formats = [module for module in known if module.startswith("formats.")]

    found = {
        (module, alias.name)
        for module in formats
        for node in ast.walk(ast.parse(known[module].read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "grader.report.report"
        for alias in node.names
        if alias.name not in allowed
    }
    rooms = {house.room_of(target) for module in formats for target in house.imported(module, known)}

    assert len(formats) > 10
    assert found == set()
    assert "course" not in rooms


def test_only_the_form_of_a_service_takes_what_is_entrusted():
    known = house.modules()
    takers = {
        module
        for module in known
        if module.startswith("formats.") and "report.entrusted" in house.imported(module, known)
    }

    assert takers == {"formats.forms", "formats.gradescope"}
