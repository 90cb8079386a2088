"""The report: clean texts, fixed keys, and what each audience may read."""

import json
import re
import unicodedata

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

from grader.formats.json import to_json
from grader.outcomes import Diagnosis, Status
from grader.report.report import Audience, SubmissionStatus
from grader.report.text import clean
from grader.report.view import view
from grader.report.words import few_words

MAX_TEXT = 2000
ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")

# The keys of issue 2, in its order; more may stand beside them.
REPORT_KEYS = ["schema", "assignment", "sandbox", "submissions"]
SUBMISSION_KEYS = ["submission", "sha256", "status", "score", "max_score", "notes", "seconds", "exercises"]
EXERCISE_KEYS = ["exercise", "score", "max_score", "status", "follow_through", "diagnosis", "checks"]
CHECK_KEYS = ["check", "title", "hidden", "status", "score", "max_score", "feedback"]


def document(report, audience=Audience.STUDENT):
    return json.loads(to_json(view(report, audience)))


def first_check(report, audience=Audience.STUDENT):
    return document(report, audience)["submissions"][0]["exercises"][0]["checks"][0]


# Clean texts.


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=3000))
def test_clean_text_holds_nothing_that_a_terminal_obeys(text):
    kept = clean(text)

    odd = {unicodedata.category(char) for char in kept if char not in "\n\t"}
    assert not odd & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert len(kept) <= MAX_TEXT + 3
    kept.encode()


@given(any_text)
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=100))
def test_ordinary_text_stays_as_it_is(text):
    assert clean(text) == ADDRESS.sub("0x...", text) or "0x" in text


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[31m",
        "\x1b]0;title\x07",
        "\x1b]8;;http://x\x1b\\",
        "\x9b31m",
        "\x08",
        "\x7f",
        "\r",
        "\x00",
        "\u202e",
        "\u2066",
        "\u200f",
        "\u061c",
        "\u200b",
        "\ufeff",
        "\u2028",
        "\u2029",
        "\x85",
        "\ud800",
        "\ue000",
        "\U000e0041",
    ],
)
def test_control_and_direction_characters_are_replaced(sequence):
    kept = clean(f"a{sequence}b")

    assert kept.startswith("a\ufffd")
    assert sequence[0] not in kept


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "é 語 ← ✓ 😀", "[bold]x[/bold]", "a  b"])
def test_lines_tabs_and_letters_of_all_languages_stay(text):
    assert clean(text) == text


def test_line_ends_of_windows_become_plain():
    assert clean("a\r\nb") == "a\nb"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<function f at 0x7f4d2fffbe80>", "<function f at 0x...>"),
        ("<a at 0x7F4D2FFFBE80> and <b at 0x55d0c0ffee>", "<a at 0x...> and <b at 0x...>"),
        ("0x1F", "0x1F"),
        ("color 0xff", "color 0xff"),
    ],
)
def test_addresses_are_taken_out(text, kept):
    assert clean(text) == kept


@settings(max_examples=60)
@given(st.integers(1900, 2010), st.integers(2**44, 2**47 - 1), st.integers(2**44, 2**47 - 1))
def test_addresses_never_make_two_runs_differ(before, one, other):
    first, second = (clean("." * before + f" at {address:#x} {'.' * 200}") for address in (one, other))

    assert first == second


def test_long_text_is_cut_and_says_so():
    assert clean("a" * MAX_TEXT) == "a" * MAX_TEXT
    assert clean("a" * (MAX_TEXT + 1)) == "a" * MAX_TEXT + "..."


def test_long_text_of_addresses_is_cut_and_says_so():
    assert clean("0x7f4d2fffbe80 " * 1000).endswith("...")


def test_very_long_text_is_cut_in_no_time():
    assert len(clean("\x1b" * 10**7)) <= MAX_TEXT + 3


# The document.


def test_document_has_the_keys_of_the_issue():
    found = document(make_report())
    submission = found["submissions"][0]
    exercise = submission["exercises"][0]

    assert [key for key in found if key in REPORT_KEYS] == REPORT_KEYS
    assert [key for key in submission if key in SUBMISSION_KEYS] == SUBMISSION_KEYS
    assert [key for key in exercise if key in EXERCISE_KEYS] == EXERCISE_KEYS
    assert [key for key in exercise["checks"][0] if key in CHECK_KEYS] == CHECK_KEYS
    assert list(submission["seconds"]) == ["total", "student"]
    assert list(exercise["diagnosis"][0]) == ["misconception", "text"]


def test_document_says_its_schema():
    assert document(make_report())["schema"] == "grader/report/v1"


def test_document_holds_the_values_of_the_report():
    submission = document(make_report())["submissions"][0]

    assert submission["submission"] == "class/gradient_descent_ada.py"
    assert submission["sha256"] == "ab" * 32
    assert submission["status"] == "graded"
    assert submission["score"] == 0.0
    assert submission["notes"] == [NOTE]
    assert submission["seconds"] == {"total": None, "student": None}  # a submission could tell by its times
    assert submission["exercises"][0]["follow_through"] is False


def test_submission_that_can_not_be_read_has_nulls_and_its_reason():
    submission = document(make_report(unreadable()))["submissions"][0]

    assert (submission["score"], submission["sha256"], submission["status"]) == (None, None, "unreadable")
    assert submission["notes"] == ["it is empty"]
    assert submission["max_score"] == 2
    assert submission["exercises"] == []


def test_broken_exercise_has_a_null_score():
    broken = make_exercise(make_check(score=None, status=Status.BROKEN), score=None, status=Status.BROKEN)

    found = document(make_report(make_submission(broken, status=SubmissionStatus.BROKEN, score=None)))

    exercise = found["submissions"][0]["exercises"][0]
    assert (exercise["score"], exercise["status"], exercise["checks"][0]["score"]) == (None, "broken", None)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.WITHHELD])
def test_status_is_written_as_the_issue_spells_it(status):
    found = document(make_report(make_submission(make_exercise(make_check(status=status), status=status))))

    exercise = found["submissions"][0]["exercises"][0]
    assert exercise["status"] == exercise["checks"][0]["status"] == status.value
    assert status.value in ("passed", "failed", "not_attempted", "crashed", "timed_out", "broken")


def test_document_is_the_same_bytes_twice():
    assert to_json(view(make_report(), Audience.STAFF)) == to_json(view(make_report(), Audience.STAFF))


@given(any_text)
def test_document_is_ascii_and_ends_with_a_newline(text):
    written = to_json(view(make_report(make_submission(notes=(text,))), Audience.STUDENT))

    assert written.isascii()
    assert written.endswith("}\n")
    assert json.loads(written)["submissions"][0]["notes"] == [text]


def test_points_are_whole_numbers_where_they_are_authored_so():
    written = to_json(
        view(make_report(make_submission(make_exercise(max_score=2.5), max_score=20.0)), Audience.STUDENT)
    )

    assert '"max_score": 20,' in written
    assert '"max_score": 2.5,' in written


# What each audience may read.


@pytest.mark.parametrize("level", ["score", "hint"])
def test_student_never_reads_the_evidence_of_a_hidden_check(level):
    report = make_report(level=level)

    assert EVIDENCE not in to_json(view(report, Audience.STUDENT))


def test_student_reads_the_summary_of_a_hidden_check_at_hint():
    check = first_check(make_report(level="hint"))

    assert check["feedback"] == SUMMARY
    assert check["title"] == TITLE
    assert check["hidden"] is True


def test_student_reads_points_only_of_a_hidden_check_at_score():
    check = first_check(make_report(level="score"))

    assert check["feedback"] == ""
    assert check["title"] != TITLE
    assert (check["score"], check["max_score"], check["status"]) == (0.0, 2, "failed")


def test_student_reads_no_diagnosis_at_score():
    written = to_json(view(make_report(level="score"), Audience.STUDENT))

    assert SUMMARY not in written
    assert DIAGNOSIS not in written


def test_student_reads_all_of_a_hidden_check_at_full():
    assert first_check(make_report(level="full"))["feedback"] == f"{SUMMARY}\n{EVIDENCE}"


@pytest.mark.parametrize("level", ["score", "hint", "full"])
def test_staff_read_all_of_every_check(level):
    check = first_check(make_report(level=level), Audience.STAFF)

    assert check["feedback"] == f"{SUMMARY}\n{EVIDENCE}"
    assert check["title"] == TITLE


@pytest.mark.parametrize("level", ["score", "hint", "full"])
@pytest.mark.parametrize("audience", Audience)
def test_visible_check_is_shown_in_full(level, audience):
    report = make_report(make_submission(make_exercise(make_check(visible=True))), level=level)

    check = first_check(report, audience)

    assert check["feedback"] == f"{SUMMARY}\n{EVIDENCE}"
    assert check["hidden"] is False


@pytest.mark.parametrize("audience", Audience)
def test_passed_check_has_no_feedback(audience):
    passed = make_exercise(make_check(status=Status.PASSED), status=Status.PASSED)

    assert first_check(make_report(make_submission(passed), level="full"), audience)["feedback"] == ""


def test_hint_is_for_what_is_not_passed():
    passed = make_exercise(make_check(status=Status.PASSED), status=Status.PASSED)

    assert HINT in to_json(view(make_report(), Audience.STUDENT))
    assert HINT not in to_json(view(make_report(make_submission(passed)), Audience.STUDENT))


def test_document_says_its_audience_but_not_the_other_ones_text():
    assert document(make_report(), Audience.STUDENT)["audience"] == "student"
    assert document(make_report(), Audience.STAFF)["audience"] == "staff"


@pytest.mark.parametrize("level", ["score", "hint", "full"])
def test_the_catalogues_name_of_a_mistake_is_for_the_staff_alone(level):
    named = Diagnosis(misconception="m", text="You add.", title="TITLE-that-holds-what-is-right")
    report = make_report(make_submission(make_exercise(diagnosis=(named,))), level=level)

    assert named.title in to_json(view(report, Audience.STAFF))
    assert named.title not in to_json(view(report, Audience.STUDENT))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You stretch by b; it is exchanged. Call it.", "You stretch by b; it is exchanged"),
        ("in this call only [0] is wrong", "in this call only [0] is wrong"),
        ("At 5 the sigmoid is 0.9933, and not yet 1. Print it.", "At 5 the sigmoid is 0.9933, and not yet 1"),
        ("", ""),
        ("\n two  words\nlines", "two words"),
        ("word " * 30, "word " * 13 + "word …"),
        ("x" * 100, "x" * 71 + " …"),
    ],
)
def test_a_diagnosis_is_its_first_sentence_in_a_few_words(text, words):
    assert few_words(Diagnosis(misconception="m", text=text)) == words
    assert few_words(Diagnosis(misconception="m", text=text, title="adds up")) == "adds up"
