"""How often a student is told of hidden checks: decisions, the ledger, and what a withheld report still says."""

import itertools
import json
import multiprocessing
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import make_check, make_exercise, make_report, make_submission, unreadable

from grader.course.assignment import FeedbackLevel
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, UsageError
from grader.formats.forms import OF_ONE, Form, render
from grader.outcomes import Counterexample, Diagnosis, Status
from grader.report.attempts import Ledger, decide, without_ledger
from grader.report.fingerprint import fingerprint
from grader.report.report import Audience, Seconds, SubmissionStatus
from grader.report.view import view

HOUR = 3600.0
SECRETS = ("SECRET-title", "SECRET-evidence", "SECRET-summary", "SECRET-diagnosis", "SECRET-call")


@pytest.fixture
def limited(small_course):
    """Return the small assignment with these limits."""

    def load(**limits):
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in limits.items())
        path = small_course.root / "solutions/small/assignment.toml"
        text = path.read_text("utf-8")
        path.write_text(lines + text, "utf-8")
        try:
            return load_assignment(find_course(small_course.root), "small")
        finally:
            path.write_text(text, "utf-8")

    return load


def graded(number=0, **changes):
    return make_submission(sha256=f"{number:064x}", **changes)


def pushes(assignment, times, *, history=()):
    """Push a new source at each of the times; return which were told."""
    told = []
    for number, now in enumerate(times):
        decision = decide(assignment, history, f"source {number}", now)
        history = decision.history
        told.append(decision.tell)
    return told


# --- assignment.toml -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"), [("30m", 1800), ("6h", 21600), ("2d", 172800), ("90s", 90), ("1.5h", 5400)]
)
def test_feedback_every_is_read_as_seconds(limited, text, seconds):
    assert limited(feedback_every=text).feedback_every == seconds


@pytest.mark.parametrize("limits", [{"feedback_every": "6"}, {"feedback_every": "0h"}, {"feedback_every": "soon"},
                                    {"feedback_every": 6}, {"feedback_every": "900d"}, {"attempts": -1},
                                    {"attempts": "10"}, {"attempts": 1.5}, {"attempts": True}])  # fmt: skip
def test_limits_that_make_no_sense_are_refused_by_name(limited, limits):
    with pytest.raises(CourseError, match=rf"assignment\.toml:\d+: {next(iter(limits))} = "):
        limited(**limits)


def test_without_limits_everything_is_told(limited):
    assert pushes(limited(), [0.0] * 50) == [True] * 50
    assert not without_ledger(limited())


def test_limits_that_nothing_counts_are_said(limited):
    assert "--attempts" in without_ledger(limited(attempts=3))


# --- decide ----------------------------------------------------------------------------------------


def test_attempts_are_told_so_many_times(limited):
    assert pushes(limited(attempts=3), range(6)) == [True, True, True, False, False, False]
    assert pushes(limited(attempts=0), range(2)) == [False, False]


def test_feedback_is_told_once_in_the_time(limited):
    times = [0, 1 * HOUR, 5.9 * HOUR, 6 * HOUR, 7 * HOUR, 12 * HOUR]

    assert pushes(limited(feedback_every="6h"), times) == [True, False, False, True, False, True]


def test_same_source_is_told_again_and_counts_once(limited):
    assignment = limited(attempts=1, feedback_every="6h")
    first = decide(assignment, (), "a", 0.0)

    again = decide(assignment, first.history, "a", 1.0)

    assert again.tell
    assert again.history == first.history
    assert not decide(assignment, again.history, "b", 99 * HOUR).tell


def test_source_that_was_not_told_is_told_when_its_time_comes(limited):
    assignment = limited(feedback_every="6h")
    first = decide(assignment, (), "a", 0.0)
    early = decide(assignment, first.history, "b", HOUR)

    later = decide(assignment, early.history, "b", 6 * HOUR)

    assert not early.tell
    assert "1970-01-01 06:00 UTC" in early.text
    assert later.tell


def test_clock_that_jumps_ahead_and_back_lets_one_through_and_locks_nobody_out(limited):
    years = 20 * 365 * 24 * HOUR
    times = [0, years, 1 * HOUR, 2 * HOUR, 6.9 * HOUR, 7 * HOUR, 8 * HOUR]

    assert pushes(limited(feedback_every="6h"), times) == [True, True, False, False, False, True, False]


def test_clock_that_jumps_back_makes_nobody_wait_longer_than_the_time(limited):
    assert pushes(limited(feedback_every="6h"), [100 * HOUR, 0, 5.9 * HOUR, 6 * HOUR]) == [True, False, False, True]


@settings(max_examples=100)
@given(times=st.lists(st.floats(0, 1e6), max_size=30), attempts=st.integers(0, 5))
def test_no_clock_gives_more_attempts(times, attempts):
    assignment = type("Limits", (), {"attempts": attempts, "feedback_every": None, "name": "small"})

    assert sum(pushes(assignment, times)) == min(attempts, len(times))


@settings(max_examples=100)
@given(st.lists(st.floats(0, 100), max_size=30).map(sorted))
def test_between_two_that_are_told_lies_the_time(times):
    assignment = type("Limits", (), {"attempts": None, "feedback_every": 10.0, "name": "small"})

    told = [now for now, tell in zip(times, pushes(assignment, times), strict=True) if tell]

    assert all(later - earlier >= 10 - 1e-9 for earlier, later in itertools.pairwise(told))
    assert not times or told[0] == times[0]


# --- The ledger ------------------------------------------------------------------------------------


def test_ledger_survives_a_new_start(limited, tmp_path):
    assignment = limited(attempts=2)
    path = tmp_path / "deep" / "attempts.db"

    told = [not Ledger(path).apply(assignment, "anna", graded(number), now=0.0).withheld for number in range(4)]

    assert told == [True, True, False, False]


def test_ledger_counts_each_student_and_assignment_apart(limited, tmp_path):
    first = limited(attempts=1)
    second = replace(first, name="other")
    ledger = Ledger(tmp_path / "attempts.db")

    told = [
        not ledger.apply(assignment, student, graded(number), now=float(number)).withheld
        for number, (assignment, student) in enumerate(
            [(first, "anna"), (first, "bob"), (second, "anna"), (first, "anna"), (second, "anna")]
        )
    ]

    assert told == [True, True, True, False, False]


def test_what_is_not_graded_counts_nothing(limited, tmp_path):
    assignment = limited(attempts=1)
    ledger = Ledger(tmp_path / "attempts.db")

    assert ledger.apply(assignment, "anna", unreadable(), now=0.0) == unreadable()
    assert ledger.apply(
        assignment, "anna", replace(graded(), status=SubmissionStatus.BROKEN, score=None), now=0.0
    ).withheld
    stub = graded(exercises=(make_exercise(make_check(status=Status.NOT_ATTEMPTED), status=Status.NOT_ATTEMPTED),))
    assert ledger.apply(assignment, "anna", stub, now=0.0) == stub
    assert not ledger.apply(assignment, "anna", graded(), now=0.0).withheld


def test_stub_that_passes_a_check_is_none_and_counts(limited, tmp_path):
    """Code that is the stub by its source, and raises NotImplementedError for some inputs, asks of the others."""
    assignment = limited(attempts=1)
    ledger = Ledger(tmp_path / "attempts.db")
    stub, passed = make_check(status=Status.NOT_ATTEMPTED), make_check(status=Status.PASSED)
    asking = [
        graded(number, exercises=(make_exercise(*checks, status=Status.NOT_ATTEMPTED),))
        for number, checks in enumerate([(stub, passed), (passed, stub)])
    ]

    told = [not ledger.apply(assignment, "anna", item, now=0.0).withheld for item in asking]

    assert told == [True, False]


def test_same_source_that_answers_otherwise_counts_again(limited, tmp_path):
    """Code that reads a clock or a random device: the same bytes, and other results each time."""
    assignment = limited(attempts=2)
    ledger = Ledger(tmp_path / "attempts.db")
    answers = [graded(0, score=score, exercises=(make_exercise(make_check(score=score)),)) for score in (0.0, 1.0, 2.0)]

    told = [not ledger.apply(assignment, "anna", item, now=0.0).withheld for item in (*answers, *answers)]

    assert told == [True, True, False, True, True, False]


def test_fingerprint_is_of_what_a_student_reads_and_not_of_names_or_times():
    one = graded()

    same = replace(
        one,
        submission="elsewhere.py",
        file="other.py",
        seconds=Seconds(total=9.0, student=0.0),
        notes=("a note",),
        withheld=True,
    )

    assert fingerprint(same, FeedbackLevel.HINT) == fingerprint(one, FeedbackLevel.HINT)
    assert fingerprint(graded(1), FeedbackLevel.HINT) != fingerprint(one, FeedbackLevel.HINT)
    other = replace(one, exercises=(make_exercise(make_check(told="another fault")),))
    assert fingerprint(other, FeedbackLevel.HINT) != fingerprint(one, FeedbackLevel.HINT)
    assert fingerprint(other, FeedbackLevel.SCORE) == fingerprint(one, FeedbackLevel.SCORE)


def _push(path, assignment, start, number, queue):
    start.wait()
    queue.put(Ledger(path).apply(assignment, "anna", graded(number), now=0.0).withheld)


def test_pushes_at_the_same_time_share_the_attempts(limited, tmp_path):
    assignment = limited(attempts=3)
    context = multiprocessing.get_context("forkserver")
    start, queue = context.Event(), context.Queue()
    path = tmp_path / "attempts.db"
    processes = [context.Process(target=_push, args=(path, assignment, start, number, queue)) for number in range(8)]
    for process in processes:
        process.start()

    start.set()

    withheld = [queue.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert sorted(withheld) == [False] * 3 + [True] * 5


def test_what_was_told_under_an_earlier_name_counts_once(limited, tmp_path):
    ledger = Ledger(tmp_path / "attempts.db")
    assignment = limited(attempts=2)
    ledger.apply(assignment, "small_anna", graded(0), now=0.0)

    told = [
        ledger.apply(assignment, "anna", graded(number), now=1.0, formerly="small_anna").withheld
        for number in (0, 0, 1, 2)
    ]

    assert told == [False, False, False, True]
    assert not ledger.apply(assignment, "bo", graded(0), now=1.0, formerly="small_bo").withheld


def test_file_that_is_no_ledger_is_refused_by_name(tmp_path):
    path = tmp_path / "attempts.db"
    path.write_text("this is no database, but it is long enough to be taken for one" * 20)

    with pytest.raises(UsageError, match=r"attempts\.db"):
        Ledger(path)
    with pytest.raises(UsageError, match="--attempts"):
        Ledger(path / "below" / "a-file")


@pytest.mark.parametrize("row", [("source", "soon"), ("source", b"\xff"), (b"\xff", 0.0)])
def test_ledger_with_a_damaged_row_withholds(limited, tmp_path, row):
    path = tmp_path / "attempts.db"
    ledger = Ledger(path)
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO told VALUES ('anna', 'small', ?, ?)", row)

    item = ledger.apply(limited(attempts=3), "anna", graded(), now=0.0)

    assert item.withheld
    assert "can't be counted (a row in it is damaged)" in item.notes[-1]


def test_ledger_with_a_damaged_name_is_refused(tmp_path):
    path = tmp_path / "attempts.db"
    Ledger(path)
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE told", b"CREATE TABLE \xc1old"))

    with pytest.raises(UsageError, match=r"attempts\.db"):
        Ledger(path)


def test_ledger_that_fails_later_withholds(limited, tmp_path):
    path = tmp_path / "attempts.db"
    ledger = Ledger(path)
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE told")

    item = ledger.apply(limited(attempts=3), "anna", graded(), now=0.0)

    assert item.withheld
    assert "can't be counted" in item.notes[-1]
    assert item.score == 0.0


# --- What a withheld report says -------------------------------------------------------------------


def withheld_report():
    hidden = make_check(title="SECRET-title", text="SECRET-evidence", summary="SECRET-summary", score=0.25)
    visible = make_check(check="test_v", title="seen", visible=True, status=Status.PASSED, score=1.75, text="")
    exercise = make_exercise(
        hidden,
        visible,
        score=1.75,
        diagnosis=(Diagnosis(misconception="SECRET-diagnosis", text="SECRET-diagnosis"),),
        counterexample=Counterexample(call="SECRET-call", returned="1", expected="2"),
        follow_through=True,
    )
    return make_report(make_submission(exercise, score=1.75, withheld=True, notes=("told later",)))


@pytest.mark.parametrize("form", [form for form in Form if form not in OF_ONE])
def test_withheld_report_tells_a_student_nothing_of_hidden_checks(form):
    text = render(view(withheld_report(), Audience.STUDENT), form)

    for secret in (*SECRETS, "1.75", "0.25"):
        assert secret not in text


@pytest.mark.parametrize("form", [Form.JSON, Form.JSONL, Form.JUNIT, Form.MARKDOWN, Form.CSV, Form.CANVAS, Form.MOODLE])
def test_withheld_report_tells_the_staff_the_score(form):
    assert "1.75" in render(view(withheld_report(), Audience.STAFF), form)


def test_withheld_report_shows_visible_checks_and_says_why():
    (item,) = json.loads(render(view(withheld_report(), Audience.STUDENT), Form.JSON))["submissions"]

    assert (item["status"], item["score"], item["notes"]) == ("withheld", None, ["told later"])
    (exercise,) = item["exercises"]
    assert [(check["check"], check["status"], check["score"]) for check in exercise["checks"]] == [
        ("test_v", "passed", None)
    ]
    assert (exercise["status"], exercise["score"], exercise["follow_through"]) == ("passed", None, False)


def test_broken_report_that_is_withheld_stays_broken_and_tells_nothing():
    report = withheld_report()
    report = replace(report, submissions=(replace(report.submissions[0], status=SubmissionStatus.BROKEN, score=None),))

    text = render(view(report, Audience.STUDENT), Form.JSON)

    assert json.loads(text)["submissions"][0]["status"] == "broken"
    assert not any(secret in text for secret in SECRETS)


def test_withheld_is_no_failure_in_junit():
    text = render(view(withheld_report(), Audience.STUDENT), Form.JUNIT)

    assert "<skipped" in text
    assert "<error" not in text
    assert "<failure" not in text


def test_withheld_markdown_and_table_show_no_points(capsys):
    from grader.formats.table import print_view

    print_view(view(withheld_report(), Audience.STUDENT))

    text = capsys.readouterr().out + render(view(withheld_report(), Audience.STUDENT), Form.MARKDOWN)
    assert "withheld" in text
    assert "told later" in text
    assert not any(secret in text for secret in (*SECRETS, "1.75"))
