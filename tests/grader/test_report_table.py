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
from rich.cells import cell_len

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

    assert re.search(r"submission +of 2 +exercises", shown)
    assert re.search(r"ada\.py +2\.00 +✓ +everything is right", shown)
    assert re.search(f"eve\\.py +0\\.00 +✗ +f 0/2: {DIAGNOSIS}", shown)
    assert re.search(r"bob\.py +- +unreadable: it is empty", shown)
    assert "sandbox: landlock" in shown


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
    exercise = make_exercise(
        make_check(told=text, summary=text, text=text), diagnosis=(Diagnosis(misconception="", text=text),)
    )

    shown = printed(make_report(*[make_submission(exercise)] * copies))

    assert ("0.00 / 2" if copies == 1 else "f 0/2: failed") in shown


NARROW = 80


def lines_of(printed, *submissions, columns=NARROW, audience=Audience.STAFF):
    shown = printed(make_report(*submissions), audience, columns=columns)
    assert all(cell_len(line) <= columns for line in shown.splitlines())
    return shown.splitlines()


def test_table_says_the_catalogues_name_to_the_staff_and_the_first_sentence_to_students(printed):
    named = Diagnosis(misconception="m", text="You add them up. Print it.", title="sums instead of averaging")
    item = make_submission(make_exercise(diagnosis=(named,)))

    shown = {audience: "\n".join(lines_of(printed, item, item, audience=audience)) for audience in Audience}

    assert "f: sums instead of averaging" in shown[Audience.STAFF]
    assert "f: You add them up" in shown[Audience.STUDENT]
    assert named.title not in shown[Audience.STUDENT]
    assert "Print it" not in "".join(shown.values())


def test_table_without_a_diagnosis_says_what_the_check_says_or_its_status(printed):
    crashed = make_exercise(
        make_check(status=Status.CRASHED, summary="it raised NameError"), status=Status.CRASHED, diagnosis=()
    )
    silent = make_exercise(make_check(summary="", text=""), diagnosis=(), exercise="g")
    left = [make_exercise(status=Status.NOT_ATTEMPTED, exercise=name, diagnosis=()) for name in ("h", "k")]

    shown = "\n".join(lines_of(printed, *[make_submission(crashed, silent, *left)] * 2))

    for said in ("f: it raised NameError", "g: failed", "not attempted: h, k"):
        assert said in shown


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize(
    "name", ["n" * 150 + "MIDDLE" + "n" * 140 + "1234", "語" * 90 + "1234", "a\nb\tc " * 9 + "1234"]
)
def test_long_name_loses_its_middle_and_no_line_is_too_long(printed, name, columns):
    lines = lines_of(printed, make_submission(submission=name), make_submission(submission="b"), columns=columns)

    (row,) = [line for line in lines if "\u2026" in line and "0.00" in line]
    assert row.startswith(" ".join(name.split())[:2])
    assert "1234 " in row
    assert "MIDDLE" not in row


def test_rows_are_named_by_what_tells_them_apart(printed):
    def first_words(*submissions):
        lines = lines_of(printed, *submissions)
        return [line.split()[0] for line in lines if "0.00" in line]

    path = "class/{}/gradient_descent.py".format
    assert first_words(*(make_submission(submission=path(name)) for name in "ab")) == ["a", "b"]
    assert first_words(make_submission(submission="a/x.py"), make_submission(submission="b/x.py/y.py")) == [
        "x.py",
        "y.py",
    ]
    assert first_words(make_submission(submission="a/x/1.py"), make_submission(submission="b/x/1.py")) == ["a/x", "b/x"]
    named = [make_submission(submission=path(name), student=f"gradient_descent_{name}") for name in "ab"]
    assert first_words(*named) == ["a", "b"]
    assert first_words(*(replace(item, student="Ada") for item in named)) == ["a", "b"]


@pytest.mark.parametrize("number", [50, 51])
def test_large_class_names_together_those_of_whom_nothing_else_is_said(printed, number):
    right = make_exercise(make_check(status=Status.PASSED, score=2.0), status=Status.PASSED, score=2.0, diagnosis=())
    stub = make_exercise(make_check(status=Status.NOT_ATTEMPTED), status=Status.NOT_ATTEMPTED, diagnosis=())
    wrong = [make_submission(submission=f"w{place}") for place in range(number - 3)]
    alike = [make_submission(right, submission="r1", score=2.0), make_submission(right, submission="r2", score=2.0)]

    lines = lines_of(printed, *alike, *wrong, make_submission(stub, submission="u1"))

    text = "\n".join(lines)
    assert all(f"\n{item.submission} " in text for item in wrong)
    folded = ["everything is right (2): r1, r2", "nothing attempted (1): u1"]
    assert [line for line in lines if "right (" in line or "attempted (" in line] == (folded if number > 50 else [])
    assert text.count("everything is right") == (1 if number > 50 else 2)
