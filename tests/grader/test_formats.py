"""The forms of a report that other programs read: JSON by its schema, JSON lines, JUnit, Markdown."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_report import any_text, make_check, make_exercise, make_report, make_submission, unreadable

from grader.files import to_csv
from grader.junit import to_junit
from grader.markdown import to_markdown
from grader.outcomes import Counterexample, Diagnosis, Status
from grader.report import clean, to_json, to_json_lines

OURS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "br", "strong"}
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
NASTY = [
    '=HYPERLINK("http://x","y")',
    "a,b;c\t'd\" \\ e",
    "<script>alert(1)</script> <!-- --> ]]> &amp; <b>bold</b>",
    "::error file=a.py,line=1::gotcha",
    "``` end of block\n# heading\n| a | b |\n[x](javascript:alert(1)) ![y](z) ~~~",
    "`` ` ``",
    "\u202eright to left\u202c \u0645\u0631\u062d\u0628\u0627 \U0001f600",
    "control \x00\x07\x1b[31m \ufffe\uffff \u2028 end",
    "-1+2",
    "@everyone #1 !1",
]


def report_of(text, **changes):
    text = clean(text)
    check = make_check(check="test_f", title=text, summary=text, text=text)
    exercise = make_exercise(
        check,
        make_check(check="test_passed", status=Status.PASSED, score=2.0),
        hint=text,
        diagnosis=(Diagnosis(misconception="m", text=text),),
        counterexample=Counterexample(call=text, returned=text, expected=text),
    )
    return make_report(make_submission(exercise, submission=text, notes=(text,)), **changes)


def schema(name):
    found = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


# --- JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["student", "staff"])
@pytest.mark.parametrize("level", ["score", "hint", "full"])
@pytest.mark.parametrize("text", NASTY)
def test_json_and_its_lines_fit_their_schemas(text, level, audience):
    report = report_of(text, level=level)
    report = replace(report, submissions=(*report.submissions, unreadable()))

    schema("report-v1").validate(json.loads(to_json(report, audience)))
    lines = to_json_lines(report, audience).splitlines()
    assert len(lines) == 2
    for line in lines:
        schema("submission-v1").validate(json.loads(line))


def test_schema_refuses_what_is_missing_or_unknown():
    whole = json.loads(to_json(make_report(), "student"))
    less = {key: value for key, value in whole.items() if key != "sandbox"}

    for wrong in (less, {**whole, "more": 1}, {**whole, "schema": "grader/report/v2"}):
        with pytest.raises(jsonschema.ValidationError):
            schema("report-v1").validate(wrong)


def test_a_line_says_what_the_document_says():
    report = make_report()
    (line,) = to_json_lines(report, "student").splitlines()
    (one,) = json.loads(to_json(report, "student"))["submissions"]

    found = json.loads(line)

    assert found["schema"] == "grader/submission/v1"
    assert {key: found[key] for key in one} == one


# --- JUnit -----------------------------------------------------------------------------------------


def suites(report, audience="student"):
    return ET.fromstring(to_junit(report, audience))


@pytest.mark.parametrize("text", NASTY)
def test_junit_is_xml_and_keeps_the_words(text):
    root = suites(report_of(text), "staff")

    (suite,) = root
    assert suite.get("name").split() == clean(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd").split()
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["2", "1", "0", "0"]
    assert suite.find("testcase/failure").text


def test_junit_tells_failures_errors_and_what_was_not_attempted_apart():
    statuses = [Status.FAILED, Status.TIMED_OUT, Status.CRASHED, Status.BROKEN, Status.NOT_ATTEMPTED, Status.PASSED]
    checks = [make_check(check=f"test_{status}", status=status) for status in statuses]

    (suite,) = suites(make_report(make_submission(make_exercise(*checks))))

    tags = [[child.tag for child in case] for case in suite.iter("testcase")]
    assert tags == [["failure"], ["failure"], ["error"], ["error"], ["skipped"], []]
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["6", "2", "2", "1"]


def test_junit_says_what_is_not_graded_as_an_error_with_the_reason():
    root = suites(make_report(make_submission(), unreadable()))

    assert root.get("errors") == "1"
    assert root[1].find("testcase/error").text == "it is empty"
    scores = {item.get("name"): item.get("value") for item in root[1].iter("property")}
    assert (scores["status"], scores["score"]) == ("unreadable", "")


def test_junit_shows_a_student_no_evidence_of_a_hidden_check():
    secret = make_check(text="the scored input is 4711", title="its title")
    report = make_report(make_submission(make_exercise(secret)))

    assert "4711" not in to_junit(report, "student")
    assert "4711" in to_junit(report, "staff")
    assert "its title" not in to_junit(replace(report, feedback="score"), "student")


@settings(max_examples=60)
@given(any_text)
def test_junit_of_any_text_is_xml(text):
    suites(report_of(text), "staff")


# --- Markdown --------------------------------------------------------------------------------------


def html_of(report, audience="student"):
    """Render as a forge does: CommonMark with tables, and no raw HTML that is ours."""
    return MarkdownIt("commonmark").enable("table").render(to_markdown(report, audience))


def without_code(html):
    return re.sub(r"<(code|pre)\b.*?</\1>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("text", NASTY)
def test_markdown_shows_what_a_student_wrote_as_code_alone(text, count):
    report = report_of(text)
    report = replace(report, submissions=report.submissions * count)

    outside = without_code(html_of(report, "staff"))

    assert set(re.findall(r"<(\w+)", outside)) <= OURS
    for word in ("HYPERLINK", "alert", "gotcha", "javascript", "everyone", "heading"):
        assert word not in outside
    assert outside.count("<h2>") == 1


@settings(max_examples=60)
@given(st.text(st.sampled_from("`|<>*_[]()#~\\\n -=&!a"), max_size=40))
def test_markdown_of_any_text_has_no_markup_but_ours(text):
    outside = without_code(html_of(report_of(text), "staff"))

    assert not re.findall(r"<(a|img|em|del|h1|hr|blockquote|script)\b", outside)


def test_markdown_of_a_class_has_a_row_for_each_submission():
    html = html_of(make_report(make_submission(), unreadable(), make_submission()))

    assert html.count("<tr>") == 4
    assert "it is empty" in html


def test_markdown_says_points_words_counterexample_and_hint():
    text = to_markdown(report_of("what is wrong"), "student")

    for said in ("0.00 / 2", "| `f` | 0 / 2 | ✗ failed |", "you called   what is wrong", "Hint: `what is wrong`"):
        assert said in text


def test_markdown_says_that_nothing_confined_the_submissions():
    assert "without a sandbox" in to_markdown(replace(make_report(), sandbox="none"), "student")


# --- CSV -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", NASTY)
def test_csv_reads_back_and_runs_nothing(text):
    (row,) = csv.DictReader(io.StringIO(to_csv(report_of(text)), newline=""))

    assert row["submission"].removeprefix("'") == clean(text)
    assert not row["submission"].startswith(("=", "+", "-", "@", "\t", "\r"))
