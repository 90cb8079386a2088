"""Who has attempted nothing: one meaning, in the table of grades, on the page of a class, on a terminal and by git."""

import csv

import pytest
from reports import make_check, make_exercise, make_report, make_submission, unreadable

from grader.classes.results import read_results
from grader.classes.rows import rows_of
from grader.classes.summary import summary_of
from grader.commands.batch import run
from grader.commands.options import Options, Out, Whose
from grader.formats.class_table import said_of
from grader.formats.csv import to_csv
from grader.formats.forms import Form
from grader.outcomes import Status
from grader.report.report import Audience, nothing_written
from grader.report.view import view
from grader.sandbox.mode import SandboxMode

STUB = "def double(x):\n    raise NotImplementedError\n\ndef mean_square(x):\n    raise NotImplementedError\n"
CLASS = {
    "untouched": STUB,
    "commented": f"# my name\n{STUB}".replace("    raise", "    # I do not know\n    raise", 1),
    "shortened": "import torch\n",
    "examples": f"{STUB}\ndef examples_double():\n    return [((2.0,), 4.0)]\n",
    "attempted": STUB.replace("raise NotImplementedError", "return 3 * x", 1),
    "half": STUB.replace("raise NotImplementedError", "return 2 * x if len(x) == 1 else 1 / 0", 1),
    "unreadable": "",
}


@pytest.fixture
def graded(small_course, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    small_course.be_patient()
    for name, source in CLASS.items():
        path = small_course.root / "class" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    roster = small_course.write("roster.csv", "login\n" + "\n".join([*CLASS, "missing"]) + "\n")
    run(
        Options(
            paths=(str(small_course.root / "class"),),
            assignment="small",
            form=Form.CSV,
            audience=Audience.STAFF,
            copies=(),
            sandbox=SandboxMode.AUTO,
            out=Out(folder=tmp_path / "out"),
            fail_under=None,
            course=small_course.root,
            whose=Whose(roster=roster),
        )
    )
    return tmp_path / "out"


def test_table_and_page_agree_on_who_has_attempted_nothing(graded):
    with (graded / "grades.csv").open() as file:
        statuses = {row["student"]: row["status"] for row in csv.DictReader(file)}
    results = read_results(graded)
    rows = {row.name: row for row in rows_of(results, None)}
    terminal = {item.student: said_of(item, wide=True)[0].plain for item in results.submissions}

    assert statuses == {
        "untouched": "not_attempted",
        "commented": "not_attempted",
        "shortened": "not_attempted",
        "examples": "graded",
        "attempted": "graded",
        "half": "graded",
        "unreadable": "unreadable",
        "missing": "missing",
    }
    nothing = {name for name, status in statuses.items() if status == "not_attempted"}
    assert {name for name, row in rows.items() if row.untouched} == nothing
    assert {name for name, row in rows.items() if row.said == "nothing attempted"} == nothing
    assert {name for name, said in terminal.items() if said == "nothing attempted"} == nothing
    assert summary_of(results.submissions).untouched == len(nothing)


def exercise(name, *statuses):
    worst = max(statuses, key=[Status.PASSED, Status.NOT_ATTEMPTED, Status.FAILED].index)
    return make_exercise(*(make_check(status=status) for status in statuses), exercise=name, status=worst)


@pytest.mark.parametrize(
    ("submission", "expected"),
    [
        (make_submission(exercise("f", Status.NOT_ATTEMPTED), exercise("g", Status.NOT_ATTEMPTED)), True),
        (make_submission(exercise("f", Status.NOT_ATTEMPTED), exercise("g", Status.FAILED)), False),
        # The stub by its source, which passes a check all the same: it tells of its inputs.
        (make_submission(exercise("f", Status.NOT_ATTEMPTED, Status.PASSED)), False),
        (unreadable(), False),
    ],
)
def test_whoever_asks_of_a_report_or_a_view_gets_one_answer(submission, expected):
    (seen,) = view(make_report(submission), Audience.STAFF).submissions

    assert nothing_written(submission) is expected
    assert seen.not_attempted is expected
    assert ("not_attempted" in to_csv(view(make_report(submission), Audience.STAFF))) is expected
    assert summary_of([seen]).untouched == expected
    assert (said_of(seen, wide=False)[0].plain == "nothing attempted") is expected
