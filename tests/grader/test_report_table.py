"""The table of a report: what is drawn, for whom, and in which width."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import (
    DIAGNOSIS,
    EVIDENCE,
    HINT,
    NOTE,
    SUMMARY,
    TITLE,
    any_text,
    make_check,
    make_exercise,
    make_report,
    make_submission,
    unreadable,
)

from grader.formats.table import print_view
from grader.outcomes import Diagnosis, Status
from grader.report.report import Audience, SubmissionStatus, clean
from grader.report.view import view


@pytest.fixture
def printed(capsys, monkeypatch):
    """Print a report on a terminal of some width, and return what stands there."""

    def show(report, audience=Audience.STUDENT, *, columns=200):
        monkeypatch.setenv("COLUMNS", str(columns))
        print_view(view(report, audience))
        return capsys.readouterr().out

    return show


# What each audience may read.


def test_student_never_reads_the_evidence_of_a_hidden_check_in_a_table(printed):
    for level in ("score", "hint"):
        report = make_report(level=level)

        assert EVIDENCE not in printed(report)
        assert EVIDENCE not in printed(replace(report, submissions=report.submissions * 2))


def test_student_reads_no_diagnosis_and_no_summary_at_score_in_a_table(printed):
    report = make_report(level="score")
    without_diagnosis = make_report(make_submission(make_exercise(diagnosis=())), level="score")

    for shown in (report, without_diagnosis):
        for text in (printed(shown), printed(replace(shown, submissions=shown.submissions * 2))):
            assert SUMMARY not in text
            assert DIAGNOSIS not in text
            assert TITLE not in text


# The table.


@pytest.mark.parametrize(
    "text",
    ["[bold]x[/bold]", "[/]", "[red", "[link=http://x]y[/link]", ":smile:", "😀 語 é", "[[f]]", "\\[bold]", "100%"],
)
@pytest.mark.parametrize("copies", [1, 2])
def test_students_text_is_drawn_as_it_is(printed, text, copies):
    check = make_check(summary=text, title=text, visible=True, text=text)
    diagnosis = (Diagnosis(misconception="m", text=text),)
    item = make_submission(make_exercise(check, diagnosis=diagnosis), submission=text, notes=(text,))

    shown = printed(make_report(*[item] * copies))

    assert text in shown
    assert "\x1b" not in shown


@settings(max_examples=40)
@given(text=any_text.map(clean), columns=st.sampled_from([20, 80, 200]), copies=st.integers(1, 2))
def test_any_clean_text_is_drawn(text, columns, copies):
    check = make_check(summary=text, text=text, title=text)
    exercise = make_exercise(check, title=text, hint=text, diagnosis=(Diagnosis(misconception=text, text=text),))
    report = make_report(*[make_submission(exercise, submission=text, notes=(text,))] * copies)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        for audience in Audience:
            print_view(view(report, audience))


def test_table_of_a_class_shows_scores_and_words(printed):
    right = make_exercise(make_check(status=Status.PASSED, score=2.0), status=Status.PASSED, score=2.0, diagnosis=())
    class_of_three = make_report(
        make_submission(right, submission="gradient_descent_ada.py", score=2.0),
        make_submission(submission="gradient_descent_eve.py", score=0.0),
        unreadable(),
    )

    shown = printed(class_of_three)

    assert re.search(r"ada\.py +2\.00 / 2 +✓ +everything is right", shown)
    assert re.search(r"eve\.py +0\.00 / 2 +✗ +f 0/2 failed", shown)
    assert re.search(r"bob\.py +unreadable .*it is empty", shown)
    assert "2 graded, mean 1.00 of 2, 1 unreadable; sandbox: landlock" in shown


def test_table_of_one_shows_its_feedback(printed):
    shown = printed(make_report())

    assert "score: 0.00 / 2" in shown
    assert f"note: {NOTE}" in shown
    assert DIAGNOSIS in shown
    assert SUMMARY in shown
    assert f"hint: {HINT}" in shown


def test_table_of_one_shows_the_staff_the_evidence(printed):
    assert EVIDENCE in printed(make_report(), Audience.STAFF)


def test_table_says_where_nothing_confined_the_submissions(printed):
    unconfined = replace(make_report(), sandbox="none")

    assert "without a sandbox" in printed(unconfined)
    assert "without a sandbox" not in printed(make_report())


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_every_status_is_drawn_in_every_width(printed, status, columns):
    score = None if status is Status.BROKEN else 0.0
    exercise = make_exercise(make_check(status=status, score=score), status=status, score=score)
    item = make_submission(
        exercise, score=score, status=SubmissionStatus.BROKEN if score is None else SubmissionStatus.GRADED
    )

    assert printed(make_report(item), columns=columns)
    assert printed(make_report(item, item), columns=columns)


@pytest.mark.parametrize("text", ["", "\n", "\n\n", " "])
@pytest.mark.parametrize("copies", [1, 2])
def test_empty_texts_are_drawn(printed, text, copies):
    exercise = make_exercise(make_check(summary=text, text=text), diagnosis=(Diagnosis(misconception="", text=text),))

    assert "0.00 / 2" in printed(make_report(*[make_submission(exercise)] * copies))
