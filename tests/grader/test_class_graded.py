"""A class as a platform hands it out, graded by real checkers: from its zip and roster to the folder of results."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from collecting import packed, zip_of

from grader.classes.results import read_results
from grader.commands.batch import run
from grader.commands.options import Options, Out, Whose
from grader.formats.forms import Form
from grader.report.report import Audience
from grader.sandbox.mode import SandboxMode

RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
WRONG = RIGHT.replace("2 * x", "3 * x")
STUB = "def double(x):\n    raise NotImplementedError\n"
FILES = {
    "bergada_LATE_11_91_small-1.py": RIGHT,
    "bergada_LATE_11_90_small.py": STUB,
    "coxbo_12_92_Untitled.py": WRONG,
    "dohcy_13_93_small.py": STUB,
    "eggeve_14_94_work.zip": packed({"small/small.py": RIGHT}),
}
ROSTER = "Student,ID,SIS Login ID\n" + "".join(
    f'"{name}",{number},{login}\n'
    for name, number, login in (
        ("Berg, Ada", 11, "ada"),
        ("Cox, Bo", 12, "bo"),
        ("Doh, Cy", 13, "cy"),
        ("Fox, Di", 15, "di"),
    )
)


@pytest.fixture
def options(small_course, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "roster.csv").write_text(ROSTER)
    toml = "solutions/small/assignment.toml"
    for limit in (
        "call_seconds = 0.5",
        "exercise_seconds = 1.0",
        "load_seconds = 1.5",
    ):  # a busy machine decides nothing
        small_course.edit(toml, limit, f"{limit.partition(' ')[0]} = 60")
    return Options(
        paths=(str(zip_of(tmp_path / "submissions.zip", FILES)),),
        assignment="small",
        form=Form.CSV,
        audience=Audience.STAFF,
        copies=(),
        sandbox=SandboxMode.AUTO,
        out=Out(folder=tmp_path / "out"),
        fail_under=None,
        course=small_course.root,
        whose=Whose(roster=tmp_path / "roster.csv"),
    )


def rows(folder):
    with (folder / "grades.csv").open() as file:
        return [(row["student"], row["status"], row["score"]) for row in csv.DictReader(file)]


def test_zip_of_a_class_is_graded_and_told_by_its_roster(options, tmp_path, capsys):
    run(options)

    said = capsys.readouterr().err
    assert rows(tmp_path / "out") == [
        ("Berg, Ada (11)", "graded", "6"),
        ("Cox, Bo (12)", "graded", "2"),
        ("Doh, Cy (13)", "not_attempted", "0"),
        ("eggeve (14)", "graded", "6"),
        ("Fox, Di (15)", "missing", ""),
    ]
    results = read_results(tmp_path / "out")
    assert [item.student for item in results.missing] == ["Fox, Di (15)"]
    assert results.submissions[0].notes == (
        "handed in before, and not graded: bergada_LATE_11_90_small.py",
        "marked as late where it was handed in",
    )
    assert [Path(item.submission).name for item in results.submissions] == [
        *("bergada_11", "coxbo_12", "dohcy_13", "eggeve_14"),
    ]
    assert "roster.csv: 3 of 4 students have handed in, and 1 have not" in said
    assert "of nobody on it: eggeve_14" in said


def test_second_run_on_a_zip_grades_what_has_changed(options, tmp_path, capsys):
    run(options)
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    zip_of(tmp_path / "submissions.zip", FILES | {"coxbo_12_92_Untitled.py": RIGHT})
    capsys.readouterr()

    run(options)
    said = capsys.readouterr().err
    changed = {path.name for path in (tmp_path / "out").iterdir() if path.read_bytes() != first[path.name]}
    run(replace(options, whose=Whose()))

    assert "3 of 4 as graded before" in said
    assert changed == {"coxbo_12.json", "coxbo_12.md", "grades.csv"}
    assert not (tmp_path / "out" / "class.json").exists()
    assert json.loads(first["class.json"])["not_on_roster"] == [f"{tmp_path}/submissions.zip/eggeve_14"]
    assert rows(tmp_path / "out")[0] == ("bergada (11)", "graded", "6")
