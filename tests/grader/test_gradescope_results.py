"""What Gradescope says of a submission, and what results.json says to it."""

import json
from dataclasses import replace

import pytest
from gradescope_files import COURSE, NAME, TIMES, checked, metadata_of
from hypothesis import given, settings
from reports import any_text, make_check, make_exercise, make_report, make_submission, unreadable
from test_formats import NASTY, report_of

from grader.channels.gradescope.run import Metadata, limited, read_metadata
from grader.course.assignment import FeedbackLevel
from grader.course.reading import load_assignment
from grader.errors import UsageError
from grader.formats.forms import Visibility
from grader.formats.gradescope import to_gradescope
from grader.outcomes import Status
from grader.report.attempts import Told
from grader.report.entrusted import entrust
from grader.report.fingerprint import fingerprint
from grader.report.report import Audience, SubmissionStatus

# --- what Gradescope says of a submission ----------------------------------------------------------

NOW = 1788282000.0  # 2026-09-01T10:00:00-07:00
SHA = "ab" * 32


def read(tmp_path, document):
    path = tmp_path / "submission_metadata.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return read_metadata(path)


def results_with(told, key=SHA):
    return {"score": 1, "extra_data": {"grader": {"fingerprint": key, "told": told}}}


@pytest.mark.parametrize(
    "document",
    [
        "",
        "no JSON",
        "[" * 100_000,
        "[]",
        "null",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        {},
        {"created_at": 5, "previous_submissions": []},
        {"created_at": "yesterday", "previous_submissions": []},
        {"created_at": TIMES[0], "previous_submissions": "none"},
        {"created_at": "0001-01-01T00:00:00+23:59", "previous_submissions": {}},
        {"created_at": "9" * 5000, "users": [{"email": ["x"]}, 5, None, {"name": "\u202e\x00"}]},
    ],
)
def test_odd_metadata_stops_nothing_and_is_said(tmp_path, document):
    found = read(tmp_path, document)

    assert found.problem.startswith("submission_metadata.json")
    assert found.history == ()
    assert found.student


def test_missing_metadata_stops_nothing_and_is_said(tmp_path):
    assert "No such file" in read_metadata(tmp_path / "submission_metadata.json").problem


def test_student_is_named_by_address_else_by_name_without_what_a_terminal_obeys(tmp_path):
    users = [{"email": "a@x.org", "name": "A"}, {"name": "B\x1b]0;t\x07\n\u202eC"}, {"email": 5}, {"name": "D" * 500}]

    found = read(tmp_path, metadata_of(TIMES[0], users=users))

    assert found.student.startswith("a@x.org, B\ufffd]0;t\ufffd \ufffdC, DDD")
    assert len(found.student) == 200


def test_history_is_what_earlier_results_say_was_told(tmp_path):
    previous = [
        {"submission_time": "2026-08-30T17:00:00Z", "results": results_with(told=True)},
        {"submission_time": "2026-08-31T17:00:00", "results": results_with(told=False)},
        {"submission_time": "2026-08-31T17:00:00Z", "results": {"score": 0}},
        {"submission_time": None, "results": results_with(told=True, key="cd" * 32)},
        {"submission_time": TIMES[1], "results": results_with(told=True, key="ef" * 32)},
        {"submission_time": "2026-08-31T17:00:00Z", "results": results_with(told="yes")},
        {"submission_time": "2026-08-31T17:00:00Z", "results": {"extra_data": [{"grader": 5}]}},
        "odd",
        None,
    ]

    found = read(tmp_path, metadata_of(TIMES[0], previous_submissions=previous))

    assert found.now == NOW
    assert found.problem == ""
    assert found.history == (Told(fingerprint=SHA, at=NOW - 2 * 86400), Told(fingerprint="cd" * 32, at=0.0))


def test_submission_that_may_still_run_counts_as_told_for_an_hour(tmp_path):
    previous = [
        {"submission_time": time, "results": results}
        for time in ("2026-09-01T16:59:59Z", "2026-09-01T15:00:00Z", TIMES[0])
        for results in ({}, None)
    ]

    found = read(tmp_path, metadata_of(TIMES[0], previous_submissions=previous))

    assert [told.at for told in found.history] == [NOW - 1, NOW - 1]
    assert len({told.fingerprint for told in found.history}) == 2


def known(*told, now=NOW, problem=""):
    return Metadata(student="ada", now=now, history=told, problem=problem)


def assignment_with(**changes):
    return replace(load_assignment(COURSE, NAME), **changes)


def test_feedback_every_counts_by_the_clock_of_gradescope():
    every = assignment_with(feedback_every=3600.0)
    before = Told(fingerprint="cd" * 32, at=NOW - 3000)

    assert limited(every, make_submission(), known(before)).withheld
    assert not limited(every, make_submission(), known(before, now=NOW + 600)).withheld
    same = Told(fingerprint=fingerprint(make_submission(), every.feedback), at=NOW - 3000)
    assert not limited(every, make_submission(), known(same)).withheld


def test_limit_that_cannot_be_counted_withholds_and_no_limit_does_not():
    problem = known(problem="submission_metadata.json: it is odd")

    item = limited(assignment_with(attempts=5), make_submission(), problem)

    assert item.withheld
    assert "attempts can't be counted (submission_metadata.json: it is odd)" in item.notes[-1]
    assert limited(assignment_with(), make_submission(), problem) == make_submission()
    assert not limited(assignment_with(attempts=5), unreadable(), problem).withheld


# --- results.json of any report --------------------------------------------------------------------


@pytest.mark.parametrize("hidden", Visibility)
@pytest.mark.parametrize("level", ["score", "hint", "full"])
@pytest.mark.parametrize("text", NASTY)
def test_results_fit_the_schema_and_are_plain_text(text, level, hidden):
    report = report_of(text, level=level)
    (item,) = report.submissions

    for withheld in (False, True):
        one = replace(report, submissions=(replace(item, withheld=withheld),))
        results = checked(to_gradescope(entrust(one, Audience.STUDENT), hidden=hidden))
        assert {results[key] for key in ("output_format", "test_output_format", "test_name_format")} == {"text"}
        assert results["extra_data"]["grader"]["told"] == (not withheld and hidden in ("visible", "after_due_date"))


@settings(max_examples=60)
@given(any_text)
def test_results_of_any_text_fit_the_schema(text):
    checked(to_gradescope(entrust(report_of(text), Audience.STUDENT)))
    checked(to_gradescope(entrust(make_report(replace(unreadable(), notes=(text,))), Audience.STUDENT)))


@pytest.mark.parametrize(
    ("hidden", "withheld", "expected"),
    [
        ("visible", False, "visible"),
        ("visible", True, "after_published"),
        ("after_due_date", False, "after_due_date"),
        ("after_due_date", True, "after_published"),  # who hands in late would read it at once
        ("after_published", True, "after_published"),
        ("hidden", True, "hidden"),
    ],
)
def test_hidden_check_is_seen_when_it_may_be(hidden, withheld, expected):
    shown = make_check(check="test_shown", visible=True, title="shown")
    report = make_report(make_submission(make_exercise(shown, make_check()), withheld=withheld))

    tests = checked(to_gradescope(entrust(report, Audience.STUDENT), hidden=Visibility(hidden)))["tests"]

    assert [test["visibility"] for test in tests] == ["visible", expected]


def test_visible_check_tells_nothing_of_hidden_ones_while_these_are_not_shown():
    shown = make_check(check="test_shown", visible=True, title="shown", summary="its summary", text="")
    report = make_report(make_submission(make_exercise(shown, make_check(), hint="the hint"), notes=()))

    told = checked(to_gradescope(entrust(report, Audience.STUDENT)))
    withheld = checked(to_gradescope(entrust(report, Audience.STUDENT), hidden=Visibility.AFTER_PUBLISHED))

    assert "the hint" in told["tests"][0]["output"]
    assert told["tests"][0]["score"] == 0
    assert told["output"] == "f: 0 of 2"
    assert withheld["tests"][0]["output"] == "its summary"
    assert "score" not in withheld["tests"][0]
    assert withheld["output"] == ""
    assert "the hint" in withheld["tests"][1]["output"]
    assert withheld["score"] == told["score"]


def test_results_show_no_evidence_of_a_hidden_check():
    report = make_report(make_submission(make_exercise(make_check(text="the scored input is 4711", title="its title"))))

    assert "4711" not in to_gradescope(entrust(report, Audience.STUDENT))
    assert "its title" not in to_gradescope(entrust(replace(report, feedback=FeedbackLevel.SCORE), Audience.STUDENT))


@pytest.mark.parametrize("withheld", [False, True])
def test_results_for_the_staff_say_everything_and_show_a_student_nothing(withheld):
    shown = make_check(check="test_shown", visible=True, title="shown", status=Status.PASSED, score=1.0)
    hidden = make_check(text="the scored input is 4711", title="its title", score=0.5)
    item = make_submission(make_exercise(shown, hidden, hint="the hint"), score=1.5, withheld=withheld)

    results = checked(to_gradescope(entrust(make_report(item, level="score"), Audience.STAFF)))

    assert {results["visibility"], results["stdout_visibility"]} == {"hidden"}
    assert [test["visibility"] for test in results["tests"]] == ["hidden", "hidden"]
    assert results["extra_data"]["grader"]["told"] is False
    assert (results["score"], [test["score"] for test in results["tests"]]) == (1.5, [1.0, 0.5])
    assert results["tests"][1]["name"] == "f: its title"
    for said in ("4711", "the hint"):
        assert said in results["tests"][1]["output"]


@pytest.mark.parametrize("hidden", Visibility)
def test_visibility_of_hidden_checks_shows_a_student_nothing_of_what_is_for_the_staff(hidden):
    report = make_report(make_submission(make_exercise(make_check(visible=True), make_check())))

    results = checked(to_gradescope(entrust(report, Audience.STAFF), hidden=hidden))

    assert {results["visibility"], *(test["visibility"] for test in results["tests"])} == {"hidden"}


def test_reason_for_the_staff_why_nothing_can_be_read_is_hidden():
    results = checked(to_gradescope(entrust(make_report(unreadable()), Audience.STAFF)))

    assert results["visibility"] == "hidden"
    assert "it is empty" in results["output"]


def test_broken_submission_has_no_results():
    check = make_check(status=Status.BROKEN, score=None)
    item = make_submission(make_exercise(check, score=None), status=SubmissionStatus.BROKEN, score=None, notes=())

    with pytest.raises(UsageError, match="was not graded: test_f is broken"):
        to_gradescope(entrust(make_report(item), Audience.STUDENT))


def test_class_has_no_results():
    with pytest.raises(UsageError, match="there are 2"):
        to_gradescope(entrust(make_report(make_submission(), unreadable()), Audience.STUDENT))
