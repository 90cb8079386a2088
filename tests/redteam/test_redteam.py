"""No attack earns what honest work would not, tells its student anything hidden, or touches another submission."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from evidence import PROOF
from redteam.attacks import ATTACKS, HONEST, Attack

from grader.course.assignment import FeedbackLevel
from grader.course.reading import find_course, load_assignment
from grader.formats.forms import ENTRUSTED, Form, render
from grader.judge.parallel import grade_all
from grader.outcomes import Status
from grader.report.report import Audience, Report, SubmissionReport
from grader.report.view import view
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

COURSE = find_course(Path(__file__).parents[2])
CANARY = "chainrule-canary"
EVERY = 1 if PROOF else 16  # of the attacks; `make proof` tries them all
ALWAYS = {"neuron_oracle", "optim_source", "derivative_forward_mode", "kernel_mse_decomposed", "cost_threads"}
SLOW = (
    "cost_sleep",
    "cost_computes",
    "found_atime",
    "answer_million",
)  # half a minute of the clock each, or ten seconds at each load
ASSIGNMENTS = sorted({attack.assignment for attack in ATTACKS.values()})
CHOSEN = {
    name: attack
    for number, (name, attack) in enumerate(ATTACKS.items())
    if (number % EVERY == 0 and (PROOF or not name.startswith(SLOW))) or name in ALWAYS
}


class Class:
    """One class of attacks, with honest work before, between and after them, as it was graded."""

    def __init__(self, folder: Path, assignment: str) -> None:
        self.assignment = load_assignment(COURSE, assignment)
        self.attacks = {name: item for name, item in CHOSEN.items() if item.assignment == assignment}
        self.reports: dict[str, SubmissionReport] = {}
        self.children_before = children()
        for number, (name, attack) in enumerate(self.attacks.items()):
            if number % 8 == 0:
                self._write(folder, number, f"honest_{number}", HONEST[assignment])
            self._write(folder, number, name, attack.text)
        self._write(folder, 999, "honest_last", HONEST[assignment])
        grade_all(
            COURSE,
            assignment,
            discover([str(folder)]),
            mode=SandboxMode.AUTO,
            each=lambda found, report: self.reports.__setitem__(found.path.stem.split("__")[1], report),
        )

    def _write(self, folder: Path, number: int, name: str, text: str) -> None:
        (folder / f"{self.assignment.name}_{number:03}__{name}.py").write_text(text, "utf-8")

    @property
    def honest(self) -> list[str]:
        return [name for name in self.reports if name.startswith("honest")]

    def document(self, name: str) -> dict[str, object]:
        found = json.loads(self.told(name, Form.JSON, Audience.STAFF))["submissions"][0]
        return {key: value for key, value in found.items() if key not in ("submission", "file", "seconds")}

    def told(self, name: str, form: Form, audience: Audience) -> str:
        report = replace(self.reports[name], submission="s", file="f")
        whole = Report(assignment=self.assignment.name, sandbox="", feedback=FeedbackLevel.HINT, submissions=(report,))
        return render(view(whole, audience), form)


def children() -> set[str]:
    """Return the processes that this one has begun."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if f"PPid:\t{os.getpid()}\n" in status.read_text():
                found.add(status.parent.name)
    return found


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Class]:
    with pytest.MonkeyPatch.context() as patched:
        temporary = tmp_path_factory.mktemp("temporary")
        patched.setattr("tempfile.tempdir", str(temporary))
        found = {name: Class(tmp_path_factory.mktemp(name), name) for name in ASSIGNMENTS}
        left = sorted(path.name for path in temporary.iterdir())
    assert left == []
    return found


def report_of(classes: dict[str, Class], name: str) -> SubmissionReport:
    return classes[ATTACKS[name].assignment].reports[name]


@pytest.mark.parametrize(("name", "attack"), CHOSEN.items(), ids=CHOSEN)
def test_attack_earns_nothing_beside_honest_work(classes: dict[str, Class], name: str, attack: Attack):
    report = report_of(classes, name)

    assert report.status == "graded", report.notes
    earned = {item.exercise: item.score for item in report.exercises if item.score}
    honest = {item.exercise: item.score for item in report.exercises if item.exercise in attack.keeps}
    assert earned == honest, attack.goal
    kept = [item for item in report.exercises if item.exercise in attack.keeps]
    assert all(item.score == item.max_score for item in kept if item.status is not Status.TIMED_OUT)


@pytest.mark.parametrize("name", CHOSEN)
def test_student_reads_nothing_hidden_in_any_form(classes: dict[str, Class], name: str):
    found = classes[ATTACKS[name].assignment]

    for form in Form:
        if form in ENTRUSTED or form is Form.CLASSROOM50:  # the one is not for a student, the other has points alone
            continue
        told = without_teaching(found, name, found.told(name, form, Audience.STUDENT))
        assert not re.search(r"LEAK[ _]?-?\d", told), form
        assert CANARY not in told


def without_teaching(found: Class, name: str, told: str) -> str:
    """Take out what the teaching example showed: its inputs are no secret."""
    for exercise in found.reports[name].exercises:
        if exercise.counterexample is not None:
            for text in re.findall(r"LEAK[ _]?-?[\d.]+", repr(exercise.counterexample)):
                told = told.replace(text, "")
        for check in exercise.checks:
            if check.visible:
                for text in re.findall(r"LEAK[ _]?-?[\d.]+", f"{check.summary} {check.text}"):
                    told = told.replace(text, "")
    return told


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_honest_work_beside_attacks_keeps_its_bytes(classes: dict[str, Class], assignment: str):
    found = classes[assignment]

    assert len(found.honest) >= 2
    assert len({json.dumps(found.document(name), sort_keys=True) for name in found.honest}) == 1


def test_no_process_is_left(classes: dict[str, Class]):
    assert children() <= classes["gradient_descent"].children_before
