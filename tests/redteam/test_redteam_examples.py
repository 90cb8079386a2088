"""Examples that attack whoever judges them: none earns, tells, is obeyed, stops a run, or goes round a limit."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from redteam.examples import EXAMPLES, Catalogued
from redteam.vault import (
    Attack,
    Graded,
    assert_earns,
    assert_is_plain,
    assert_leaves_nothing,
    assert_tells_nothing,
    chosen,
)

from grader.course.assignment import FeedbackLevel
from grader.course.reading import find_course, load_assignment
from grader.formats.forms import ENTRUSTED, Form, Visibility, render
from grader.formats.gradescope import to_gradescope
from grader.outcomes import Status
from grader.report.attempts import Ledger
from grader.report.entrusted import entrust
from grader.report.report import Audience, Report, SubmissionReport
from grader.report.view import view, view_submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

CHOSEN = chosen(
    EXAMPLES, "frames_text", "question_as_large_as_a_frame", "question_that_takes_for_ever", "line_that_is_obeyed"
)
STUB = "import torch\n\ndef double(x):\n    raise NotImplementedError\n"
WITHOUT_TEXT = {*ENTRUSTED, Form.CLASSROOM50}
ORACLE = "\ndef examples_double():\n    assert double(torch.tensor(3.0)) == 6\n"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Catalogued:
    return Catalogued(tmp_path_factory.mktemp("catalogued"))


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, vault: Catalogued) -> Graded:
    return Graded(tmp_path_factory.mktemp("graded"), vault, CHOSEN)


@pytest.mark.parametrize(("name", "attack"), CHOSEN.items(), ids=CHOSEN)
def test_examples_earn_nothing_and_stop_nothing(graded: Graded, name: str, attack: Attack):
    assert_earns(graded.reports[name], attack)


def test_class_with_examples_that_attack_tells_nothing_and_leaves_nothing(graded: Graded):
    assert_tells_nothing(graded.texts())
    assert_is_plain(graded.texts())
    assert graded.code == 0
    assert len({graded.document(name) for name in graded.honest}) == 1
    assert_leaves_nothing(graded)


# What a right `double` says of 7 is 14, and of 7.5 is 15: both ask for it where they are judged beside right helpers.
SHOWS = """import torch
def double(x):
    return 3 * x
def mean_square(x):
    return double(torch.tensor(7.0))
"""
COMPARES = """import torch
def double(x):
    return 3 * x
def mean_square(x):
    return (x * x).mean() if double(torch.tensor(7.5)) == 15 else x
"""
DIES = """import os, torch
def double(x):
    return 3 * x
def mean_square(x):
    return double(x).sum() + 1
def leak(number):
    if double(torch.tensor(7.0)) == number:
        os._exit(0)
def at_13(x=leak(13)): pass
def at_14(x=leak(14)): pass
"""


@pytest.fixture(scope="module")
def reports(vault: Catalogued) -> dict[str, Report]:
    """Return reports of two that are stubs but for their examples, and of some that ask right helpers."""
    more = {"shows": SHOWS, "compares": COMPARES, "dies": DIES}
    found = vault.grade(stub=STUB + ORACLE, other=STUB + ORACLE.replace("6", "7"), **more)
    return {name: reported(replace(item, submission=name)) for name, item in found.items()}


def reported(item: SubmissionReport, feedback: FeedbackLevel = FeedbackLevel.HINT) -> Report:
    return Report(assignment="small", sandbox="", feedback=feedback, submissions=(item,))


def told(report: Report) -> set[str]:
    """Return the forms in which a student reads of their examples."""
    drawn = {str(form): render(view(report, Audience.STUDENT), form) for form in Form if form not in WITHOUT_TEXT}
    entrusted = entrust(report, Audience.STUDENT)
    drawn |= {f"gradescope, {item}": to_gradescope(entrusted, hidden=item) for item in Visibility}
    return {form for form, text in drawn.items() if "your examples" in text}


def test_examples_are_no_way_round_a_limit_of_attempts(vault: Catalogued, reports: dict[str, Report], tmp_path: Path):
    assignment = replace(load_assignment(find_course(vault.root), "small"), attempts=1)
    ledger = Ledger(tmp_path / "attempts.sqlite")

    first, second = (ledger.apply(assignment, "anna", reports[name].submissions[0]) for name in ("stub", "other"))

    assert not first.withheld
    assert second.withheld
    assert "json" in told(reported(first))
    assert told(reported(second)) == set()


def test_examples_are_told_no_sooner_than_hidden_checks(reports: dict[str, Report]):
    assert {form for form in told(reports["stub"]) if "gradescope" in form} == {"gradescope, visible"}


def test_examples_are_not_told_where_points_alone_are(reports: dict[str, Report]):
    report = reported(reports["stub"].submissions[0], FeedbackLevel.SCORE)

    assert told(report) == set()
    assert "your examples" in render(view(report, Audience.STAFF), Form.JSON)


@pytest.mark.parametrize("name", ["shows", "compares", "dies"])
def test_what_right_helpers_answer_is_withheld_with_hidden_checks(reports: dict[str, Report], name: str):
    item = replace(reports[name].submissions[0], withheld=True)

    seen = view_submission(item, FeedbackLevel.HINT, Audience.STUDENT)

    (check,) = seen.exercises[1].checks
    assert seen.notes == ()
    assert check.status is Status.FAILED
    assert "14" not in check.feedback


def test_notes_tell_nothing_of_a_load_beside_right_helpers(reports: dict[str, Report]):
    assert reports["dies"].submissions[0].notes == ()
