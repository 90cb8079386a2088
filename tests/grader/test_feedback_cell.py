"""What a graded cell of a notebook shows: one page of HTML in which no text of a student's is markup."""

import re

import pytest
from reports import make_check, make_exercise, make_report, make_submission
from test_formats import NASTY, report_of

from grader.channels.nbgrader.feedback_cell import exercise_outputs, notes_text
from grader.outcomes import Counterexample, Status
from grader.report.report import Audience
from grader.report.view import view

TAGS = {"<div", "<p", "<pre", "<i", "</div", "</p", "</pre", "</i"}


def shown(report, points=0.5):
    (item,) = view(report, Audience.STUDENT).submissions
    return exercise_outputs(item.exercises[0], points)


def html_of(report):
    return shown(report)[0]["data"]["text/html"]


@pytest.mark.parametrize("text", NASTY)
def test_text_of_a_student_is_no_markup(text):
    page = html_of(report_of(text))

    assert set(re.findall(r"</?\w+", page)) <= TAGS
    assert len(re.findall("<[^>]*style='[^']*'", page)) == len(re.findall(" style=", page))


def test_page_is_one_line_of_what_is_said_in_order():
    exercise = make_exercise(counterexample=Counterexample(call="f(1)", returned="2", expected="<3>"))

    page = html_of(make_report(make_submission(exercise)))

    pre = (
        "<pre style='white-space:pre-wrap;overflow-wrap:anywhere;font-family:monospace;font-size:90%;"
        "margin:.2em 0 .5em 1.2em;padding:0;border:none;background:none;color:inherit'>"
    )
    assert page == (
        "<div style='border-left:4px solid #cf222e;padding:.2em .8em;margin:.3em 0'>"
        "<div style='color:#cf222e;font-weight:bold'>✗ f: failed</div>"
        "<p style='margin:.4em 0'>DIAGNOSIS-of-the-fault</p>"
        f"{pre}you called   f(1)\nit returned  2\nexpected     &lt;3&gt;</pre>"
        f"<div>✗ TITLE-of-the-check</div>{pre}SUMMARY-of-the-fault</pre>"
        "<p style='margin:.4em 0'><i>Hint: HINT-of-the-exercise</i></p></div>"
    )


def test_plain_text_says_what_the_page_says():
    plain = shown(make_report())[0]["data"]["text/plain"]

    assert plain.splitlines() == [
        "✗ f: failed",
        "DIAGNOSIS-of-the-fault",
        "✗ TITLE-of-the-check",
        "SUMMARY-of-the-fault",
        "hint: HINT-of-the-exercise",
    ]


def test_what_is_right_is_green_and_has_its_points():
    right = make_exercise(make_check(status=Status.PASSED), status=Status.PASSED, diagnosis=())

    page, result = shown(make_report(make_submission(right)), points=2.0)

    assert "#1a7f37" in page["data"]["text/html"]
    assert result["data"] == {"text/plain": "2.0"}


def test_cell_without_points_has_no_result():
    assert len(shown(make_report(), points=None)) == 1


def test_notes_stand_in_a_block_of_code():
    (item,) = view(make_report(make_submission(notes=("one\n<b>two</b>",))), Audience.STUDENT).submissions

    assert notes_text(item) == "**The grader notes:**\n\n    one\n    <b>two</b>"
