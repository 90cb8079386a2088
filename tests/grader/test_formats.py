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
from reports import any_text, make_check, make_exercise, make_report, make_submission, unreadable

from grader.course.assignment import FeedbackLevel
from grader.errors import UsageError
from grader.formats.annotations import annotate
from grader.formats.classroom50 import submission_from, to_classroom50
from grader.formats.csv import to_csv
from grader.formats.forms import ENTRUSTED, Form, render
from grader.formats.github import to_github
from grader.formats.gitlab import to_codequality
from grader.formats.json import to_json, to_json_lines
from grader.formats.junit import to_junit
from grader.formats.markdown import to_markdown
from grader.outcomes import Counterexample, Diagnosis, Status
from grader.report.entrusted import entrust
from grader.report.report import Audience, SubmissionStatus
from grader.report.text import clean
from grader.report.view import view

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


def written(report, form, audience):
    """Return a report in a form, as `grader grade` writes it for an audience."""
    return render(entrust(report, audience) if form in ENTRUSTED else view(report, audience), form)


def schema(name):
    found = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


# --- JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("level", ["score", "hint", "full"])
@pytest.mark.parametrize("text", NASTY)
def test_json_and_its_lines_fit_their_schemas(text, level, audience):
    report = report_of(text, level=level)
    report = replace(report, submissions=(*report.submissions, unreadable()))

    schema("report-v1").validate(json.loads(to_json(view(report, audience))))
    lines = to_json_lines(view(report, audience)).splitlines()
    assert len(lines) == 2
    for line in lines:
        schema("submission-v1").validate(json.loads(line))


def test_schema_refuses_what_is_missing_or_unknown():
    whole = json.loads(to_json(view(make_report(), Audience.STUDENT)))
    less = {key: value for key, value in whole.items() if key != "sandbox"}

    for wrong in (less, {**whole, "more": 1}, {**whole, "schema": "grader/report/v2"}):
        with pytest.raises(jsonschema.ValidationError):
            schema("report-v1").validate(wrong)


def test_a_line_says_what_the_document_says():
    report = make_report()
    (line,) = to_json_lines(view(report, Audience.STUDENT)).splitlines()
    (one,) = json.loads(to_json(view(report, Audience.STUDENT)))["submissions"]

    found = json.loads(line)

    assert found["schema"] == "grader/submission/v1"
    assert {key: found[key] for key in one} == one


# --- JUnit -----------------------------------------------------------------------------------------


def suites(report, audience=Audience.STUDENT):
    return ET.fromstring(to_junit(view(report, audience)))


@pytest.mark.parametrize("text", NASTY)
def test_junit_is_xml_and_keeps_the_words(text):
    root = suites(report_of(text), Audience.STAFF)

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

    assert "4711" not in to_junit(view(report, Audience.STUDENT))
    assert "4711" in to_junit(view(report, Audience.STAFF))
    assert "its title" not in to_junit(view(replace(report, feedback=FeedbackLevel.SCORE), Audience.STUDENT))


@settings(max_examples=60)
@given(any_text)
def test_junit_of_any_text_is_xml(text):
    suites(report_of(text), Audience.STAFF)


# --- Markdown --------------------------------------------------------------------------------------


def html_of(report, audience=Audience.STUDENT):
    """Render as a forge does: CommonMark with tables, and no raw HTML that is ours."""
    return MarkdownIt("commonmark").enable("table").render(to_markdown(view(report, audience)))


def without_code(html):
    return re.sub(r"<(code|pre)\b.*?</\1>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("text", NASTY)
def test_markdown_shows_what_a_student_wrote_as_code_alone(text, count):
    report = report_of(text)
    report = replace(report, submissions=report.submissions * count)

    outside = without_code(html_of(report, Audience.STAFF))

    assert set(re.findall(r"<(\w+)", outside)) <= OURS
    for word in ("HYPERLINK", "alert", "gotcha", "javascript", "everyone", "heading"):
        assert word not in outside
    assert outside.count("<h2>") == 1


@settings(max_examples=60)
@given(st.text(st.sampled_from("`|<>*_[]()#~\\\n -=&!a"), max_size=40))
def test_markdown_of_any_text_has_no_markup_but_ours(text):
    outside = without_code(html_of(report_of(text), Audience.STAFF))

    assert not re.findall(r"<(a|img|em|del|h1|hr|blockquote|script)\b", outside)


def test_markdown_of_a_class_has_a_row_for_each_submission():
    html = html_of(make_report(make_submission(), unreadable(), make_submission()))

    assert html.count("<tr>") == 4
    assert "it is empty" in html


def test_markdown_says_points_words_counterexample_and_hint():
    text = to_markdown(view(report_of("what is wrong"), Audience.STUDENT))

    for said in ("0.00 / 2", "| `f` | 0 / 2 | ✗ failed |", "you called   what is wrong", "Hint: `what is wrong`"):
        assert said in text


def test_markdown_says_that_nothing_confined_the_submissions():
    assert "without a sandbox" in to_markdown(view(replace(make_report(), sandbox="none"), Audience.STUDENT))


# --- CSV -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", NASTY)
def test_csv_reads_back_and_runs_nothing(text):
    (row,) = csv.DictReader(io.StringIO(to_csv(view(report_of(text), Audience.STAFF)), newline=""))

    assert row["submission"].removeprefix("'") == clean(text)
    assert not row["submission"].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("form", [Form.CANVAS, Form.MOODLE])
@pytest.mark.parametrize("text", NASTY)
def test_tables_of_learning_platforms_have_a_column_for_each_exercise_and_run_nothing(text, form):
    report = report_of(text)
    report = replace(report, submissions=(*report.submissions, unreadable()))

    head, *rows = csv.reader(io.StringIO(written(report, form, Audience.STUDENT), newline=""))

    assert head[-1] == "gradient_descent: f"
    assert len({len(row) for row in (head, *rows)}) == 1
    assert [row[-1] for row in rows[-2:]] == ["0", ""]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


# --- Annotations: GitHub and GitLab ----------------------------------------------------------------

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def unescaped(text):
    """Read a command's value as GitHub's runner does."""
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def commands(report, audience=Audience.STUDENT):
    """Read workflow commands as GitHub's runner does: (level, properties, text) of each line."""
    for line in to_github(view(report, audience)).splitlines():
        level, properties, text = COMMAND.fullmatch(line).groups()
        pairs = (item.split("=", 1) for item in properties.split(","))
        yield level, {name: unescaped(value) for name, value in pairs}, unescaped(text)


def test_github_marks_the_lines_of_the_function_with_what_is_wrong():
    exercise = make_exercise(lines=(7, 12), score=0.5)
    report = make_report(make_submission(exercise, submission="class/anna", file="work/gradient_descent.py"))

    ((level, properties, text),) = commands(report)

    assert level == "error"
    assert properties == {
        "file": "work/gradient_descent.py",
        "line": "7",
        "endLine": "12",
        "title": "f failed, 0.5 of 2 points",
    }
    assert "DIAGNOSIS-of-the-fault" in text
    assert "EVIDENCE" not in text


def test_github_names_the_file_alone_where_it_has_no_lines():
    report = make_report(make_submission(submission="anna/work.ipynb", file="work.ipynb"))

    ((_, properties, _),) = commands(report)

    assert properties["file"] == "anna/work.ipynb"
    assert "line" not in properties


@pytest.mark.parametrize("text", [*NASTY, "100%25 %0A::error::x", "##[error]x", "  ::set-output name=x::y"])
def test_github_writes_one_command_a_line_whatever_the_texts_are(text):
    report = report_of(text)
    report = replace(report, submissions=(*report.submissions, unreadable()))

    first, second = commands(report, Audience.STAFF)

    assert first[2].startswith(clean(text).splitlines()[0])
    assert second[0] == "error"
    assert second[2] == "it is empty"


@settings(max_examples=80)
@given(any_text)
def test_github_of_any_text_is_read_back(text):
    ((_, properties, said),) = commands(report_of(text), Audience.STAFF)

    assert properties["file"] == clean(text)
    assert clean(text) in said


def test_what_passes_is_marked_only_where_something_is_to_be_said():
    right = {"status": Status.PASSED, "score": 2.0, "follow_through": True}
    credited = make_exercise(make_check(status=Status.PASSED), lines=(1, 2), **right)
    silent = make_exercise(make_check(status=Status.PASSED), diagnosis=(), **right)

    (found,) = annotate(view(make_report(make_submission(credited, silent)), Audience.STUDENT))

    assert (found.level, found.lines) == ("notice", (1, 2))


CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


@pytest.mark.parametrize("text", NASTY)
def test_code_quality_fits_what_gitlab_documents(text):
    report = report_of(text)
    report = replace(report, submissions=(*report.submissions, unreadable()))

    found = json.loads(to_codequality(view(report, Audience.STUDENT)))

    jsonschema.validate(found, CODE_QUALITY)
    assert clean(text) in found[0]["description"]
    assert found[1]["description"].endswith("it is empty")


def test_fingerprints_tell_remarks_apart_and_stay_while_texts_change():
    two = [make_exercise(exercise=name) for name in ("f", "g")]
    report = make_report(make_submission(*two), make_submission(*two, submission="class/bob.py"))
    other = replace(two[0], diagnosis=(), score=1.0)

    found = [item["fingerprint"] for item in json.loads(to_codequality(view(report, Audience.STUDENT)))]

    assert len(set(found)) == 4
    assert (
        json.loads(to_codequality(view(make_report(make_submission(other)), Audience.STUDENT)))[0]["fingerprint"]
        == found[0]
    )


# --- Classroom 50 ----------------------------------------------------------------------------------

RUNNER = {
    "CLASSROOM": "cs-1",
    "ASSIGNMENT": "line",
    "USERNAME": "anna",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://forge.example/o/r/commit/a1b2c3d",
    "RELEASE_URL": "https://forge.example/o/r/releases/tag/t",
}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"}
NAME = {"type": "string", "minLength": 1}
POINTS = {"type": "integer", "minimum": 0}
# The rules of classroom50/result/v1: no other keys at the top, whole points, more keys allowed in a test.
CLASSROOM50 = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release",
                 "review", "datetime", "score", "max-score", "tests"],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **dict.fromkeys(["classroom", "assignment", "owner", "commit", "release", "review"], NAME),
        "assignment_type": {"enum": ["individual", "group", "team"]},
        "submission": {"type": "string", "pattern": "^submit/"},
        "datetime": TIME,
        "graded_at": TIME,
        "score": POINTS,
        "max-score": POINTS,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {"test-name": NAME, "passed": {"type": "boolean"}, "score": POINTS, "max-score": POINTS},
            },
        },
        "submitted_by": {},
    },
}  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_classroom50_fits_its_schema(text):
    found = json.loads(to_classroom50(view(report_of(text), Audience.STUDENT), submitted=submission_from(RUNNER)))

    jsonschema.validate(found, CLASSROOM50)
    assert found["datetime"] == "2026-06-01T14:32:05Z"
    assert found["review"] == RUNNER["COMMIT_URL"]
    assert (found["score"], found["max-score"]) == (0, 200)
    for test in found["tests"]:
        assert test["score"] <= test["max-score"]
    assert found["tests"][0]["test-name"].startswith("f: ")


def test_classroom50_keeps_partial_points_as_hundredths():
    check = make_check(score=1.33, max_score=2.0)
    report = make_report(make_submission(make_exercise(check, score=1.33), score=1.33))

    found = json.loads(
        to_classroom50(view(report, Audience.STUDENT), submitted=submission_from({**RUNNER, "MODE": "Group"}))
    )

    assert (found["score"], found["max-score"], found["tests"][0]["score"]) == (133, 200, 133)
    assert found["assignment_type"] == "group"


@pytest.mark.parametrize("name", list(RUNNER))
def test_classroom50_names_what_its_runner_did_not_say(name):
    with pytest.raises(UsageError, match=name):
        submission_from({key: value for key, value in RUNNER.items() if key != name})


def test_classroom50_refuses_another_tag():
    with pytest.raises(UsageError, match="main"):
        submission_from({**RUNNER, "SUBMISSION_TAG": "main"})


@pytest.mark.parametrize("form", [Form.CLASSROOM50, Form.GRADESCOPE])
def test_form_of_one_submission_refuses_two_and_what_is_broken(form, monkeypatch):
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)
    broken = make_submission(status=SubmissionStatus.BROKEN, score=None)

    for report in (make_report(make_submission(), make_submission()), make_report(broken)):
        with pytest.raises(UsageError, match=r"one submission|not graded|no score"):
            written(report, form, Audience.STUDENT)


# --- All -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", Form)
def test_no_form_shows_a_student_what_the_staff_alone_may_read(form, monkeypatch):
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)
    report = make_report(make_submission(make_exercise(make_check(text="scored 4711"), lines=(3, 4))))

    assert "4711" not in written(report, form, Audience.STUDENT)
