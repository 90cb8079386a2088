"""The commands as a user types them: what they print, write and return."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.commands.cli import root
from grader.commands.options import parse_copy
from grader.errors import UsageError
from grader.report.report import Audience
from grader.submissions.names import student_of

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "examples" / "class" / "gradient_descent"
RIGHT, WRONG, EMPTY = "gradient_descent_amara.py", "gradient_descent_dmitri.py", "gradient_descent_mele.py"


def grader(*arguments, cwd=ROOT, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GRADER_", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=cwd,
        env={**environment, "COLUMNS": "140", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def small_class(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    for name in (RIGHT, WRONG, EMPTY):
        shutil.copy(CLASS / name, folder)
    return folder


def without_seconds(text):
    document = json.loads(text)
    for item in document["submissions"]:
        item["seconds"] = None
    return document


def test_help_answers_without_importing_torch():
    done = grader("--help")

    assert done.returncode == 0
    assert "grade" in done.stdout
    code = "import sys, grader.commands.cli; assert 'torch' not in sys.modules and 'rich' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture(scope="module")
def graded(small_class, tmp_path_factory):
    """Grade the class once, for both audiences; return what was printed and the folder with what was written."""
    folder = tmp_path_factory.mktemp("written")
    copies = ["--write", f"json={folder / 'student.json'}", "--write", f"staff:json={folder / 'staff.json'}"]
    return grader("grade", small_class, "--out", folder / "out", *copies), folder


def test_grade_prints_a_table_of_the_class_and_writes_one_json_each_and_the_grades(graded):
    done, tmp_path = graded

    assert done.returncode == 0, done.stderr
    for said in (
        "20.00",
        "everything is right",
        "grad_fn 0/4: Your gradient is exactly 1/N",
        "unreadable: the file is empty",
    ):
        assert said in done.stdout
    assert "exercises, in order: model, loss_fn" in done.stdout
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {f"{name}.{kind}" for name in (RIGHT, WRONG, EMPTY) for kind in ("json", "md")} | {"grades.csv"}
    one = json.loads((tmp_path / "out" / f"{RIGHT}.json").read_text("utf-8"))
    assert [item["score"] for item in one["submissions"]] == [20.0]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "grades.csv").read_text("utf-8"))))
    assert [(row["status"], row["score"]) for row in rows] == [("graded", "20"), ("graded", "16"), ("unreadable", "")]


def test_grade_prints_the_feedback_of_one_submission_and_fails_a_low_score():
    done = grader("grade", CLASS / WRONG, "--fail-under", "80.1")

    assert done.returncode == 3, done.stderr
    for said in ("grad_fn: The gradient by the chain rule", "1/N of what is expected", "hint: "):
        assert said in done.stdout
    assert (
        "you called   grad_fn(tensor([2., 3., 7., 4., 6., 2.5, 5.5])" in done.stdout
    )  # the counterexample, and no scored input


def test_json_has_the_fixed_keys_and_says_no_scored_input_to_a_student(graded):
    document = json.loads((graded[1] / "student.json").read_text("utf-8"))

    assert {"schema", "assignment", "sandbox", "submissions"} <= set(document)
    assert document["schema"] == "grader/report/v1"
    submission = document["submissions"][0]
    keys = {"submission", "sha256", "status", "score", "max_score", "notes", "seconds", "exercises"}
    assert keys <= set(submission)
    assert set(submission["seconds"]) == {"total", "student"}
    exercise = submission["exercises"][0]
    keys = {"exercise", "score", "max_score", "status", "follow_through", "diagnosis", "checks"}
    assert keys <= set(exercise)
    assert {"check", "title", "hidden", "status", "score", "max_score", "feedback"} <= set(exercise["checks"][0])
    hidden = [
        check
        for item in document["submissions"]
        for exercise in item["exercises"]
        for check in exercise["checks"]
        if check["hidden"]
    ]
    assert hidden
    assert not any("tensor(" in check["feedback"] for check in hidden)


def test_staff_see_the_evidence_and_two_jobs_say_the_same(small_class, graded):
    first = (graded[1] / "staff.json").read_text("utf-8")
    second = grader("grade", small_class, "--format", "json", "--audience", "staff", "--jobs", "2")

    assert without_seconds(first) == without_seconds(second.stdout)
    found = {Path(item["submission"]).name: item for item in json.loads(first)["submissions"]}
    checks = [check for item in found[WRONG]["exercises"] for check in item["checks"]]
    assert any("you called" in check["feedback"] and check["hidden"] for check in checks)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["grade"], 2, "Missing argument"),
        (["grade", "nowhere.py"], 2, "no such file or folder"),
        (["grade", str(CLASS / RIGHT), "--jobs", "0"], 2, "--jobs"),
        (["grade", str(CLASS / RIGHT), "--assignment", "calculus"], 2, "there is no such assignment"),
        (["grade", str(ROOT / "LICENSE")], 2, "no assignment's name begins"),
        (["grade", str(CLASS / RIGHT), "--course", str(ROOT / "docs")], 2, "no course there"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments, code, said):
    done = grader(*arguments)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_course_is_found_by_variable_and_what_cannot_be_read_fails_under_anything(tmp_path):
    outside = grader("grade", CLASS / EMPTY, cwd=tmp_path)
    by_variable = grader("grade", CLASS / EMPTY, "--fail-under", "0", cwd=tmp_path, GRADER_COURSE=str(ROOT))

    assert outside.returncode == 2
    assert "no course found" in outside.stderr
    assert by_variable.returncode == 3, by_variable.stderr


def test_sandbox_none_is_said_in_the_report_and_a_high_score_is_not_failed(small_course):
    path = small_course.write(
        "small.py", "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()"
    )

    done = grader("grade", path, "--sandbox", "none", "--format", "json", "--fail-under", "100", cwd=small_course.root)

    document = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert document["sandbox"] == "none"
    assert document["submissions"][0]["score"] == 6.0


def test_doctor_says_what_this_machine_has():
    done = grader("doctor")

    assert done.returncode == 0, done.stdout
    for said in ("torch", "landlock", "seccomp", "self-test", "can grade here"):
        assert said in done.stdout


def test_release_check_passes_on_the_committed_files():
    assert grader("release", "--check").returncode == 0


def test_a_check_that_the_reference_fails_is_broken_and_credits_nobody(small_course):
    small_course.edit("tests/hidden/test_small.py", "(x * x).mean()", "(x * x).sum()")
    path = small_course.write("small.py", "def double(x):\n    return 2 * x\n")

    done = grader("grade", path, "--format", "json", cwd=small_course.root)

    submission = json.loads(done.stdout)["submissions"][0]
    assert done.returncode == 1
    assert (submission["status"], submission["score"]) == ("broken", None)
    assert {item["exercise"]: item["score"] for item in submission["exercises"]} == {"double": 4.0, "mean_square": None}


def test_a_suite_that_does_not_import_is_an_error_that_names_it(small_course):
    small_course.write("tests/hidden/test_small.py", "import nothing_of_that_name")
    path = small_course.write("small.py", "def double(x):\n    return 2 * x\n")

    done = grader("grade", path, cwd=small_course.root)

    assert done.returncode == 1
    assert "can't be collected" in done.stderr
    assert "nothing_of_that_name" in done.stderr


# --- --write, --attempts, --student ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("json", "FORMAT=FILE"),
        ("xml=a", "a format of json"),
        ("json=", "FORMAT=FILE"),
        ("json=-", "FORMAT=FILE"),
        ("boss:json=a", "student:|staff:"),
    ],
)
def test_copy_that_is_misspelt_is_refused_with_an_example(text, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        parse_copy(text, Audience.STUDENT)


def test_copy_is_for_the_audience_unless_it_says_another():
    assert [parse_copy(text, Audience.STAFF).audience for text in ("json=a", "student:json=a")] == ["staff", "student"]


@pytest.mark.parametrize(
    ("submission", "student"),
    [
        ("class/anna", "anna"),
        ("class/anna.b", "anna.b"),
        ("anna/small.py", "anna"),
        ("small.py", "small"),
        ("class/small_anna.ipynb", "anna"),
        ("class/anna-small.py", "anna"),
        ("class/small_4711.py", "4711"),
        ("class/small-2.py", "small-2"),
        ("class/small (1).py", "small (1)"),
        ("class/smallest.py", "smallest"),
        ("class/anna.zip", "anna"),
    ],
)
def test_attempts_are_those_of_who_the_name_says(submission, student):
    assert student_of(submission, ("small",)) == student


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["class", "--write", "json=class/anna/small.py", "--write", "csv=class/anna/small.py"], "written already"),
        (["class/anna/small.py", "--write", "json=class/anna/small.py"], "that is the submission"),
        (["class/anna/small.py", "--attempts", "a.db", "--write", "json=./a.db"], "the file of --attempts"),
        (["class", "--write", "gradescope=results.json"], "gradescope is of one submission, and there are 2"),
        (["class", "--format", "classroom50"], "classroom50 is of one submission"),
        (["class/anna/small.py", "--format", "classroom50"], "CLASSROOM, ASSIGNMENT"),
        (["class", "--student", "anna"], "that names one submission, and there are 2"),
        (["class/anna/small.py", "x/anna/small.py", "--attempts", "a.db"], "several submissions of anna"),
        (["class", "--write", "json=nowhere/a.json"], "a folder that is there"),
        (["class", "--write", "json=class"], "name a plain file"),
    ],
)
def test_what_would_fail_or_destroy_something_is_refused_before_the_grading(small_course, monkeypatch, arguments, said):
    for name in ("class/anna", "class/bob", "x/anna"):
        small_course.write(f"{name}/small.py", "x = 1\n")
    monkeypatch.chdir(small_course.root)
    monkeypatch.setattr("grader.commands.batch.end_on_termination", lambda: None)

    result = CliRunner().invoke(root, ["grade", "--assignment", "small", *arguments], standalone_mode=False)

    assert isinstance(result.exception, UsageError), result.exception
    assert said in str(result.exception)
    assert (small_course.root / "class/anna/small.py").read_text("utf-8") == "x = 1\n"


def test_everything_is_written_that_can_be_and_what_is_withheld_gates_nothing(small_course):
    small_course.edit("solutions/small/assignment.toml", 'title = "Small"', 'title = "Small"\nattempts = 0')
    small_course.write("class/anna/small.py", "def double(x):\n    return 2 * x\n")
    small_course.write("class/bob/small.py", "def double(x):\n    raise ValueError('x\\n::error::gotcha')\n")
    small_course.write("out/anna.json/in_the_way", "")
    files = ["--out", "out", "--write", "staff:jsonl=all.jsonl", "--write", "csv=grades.csv"]

    done = grader("grade", "class", *files, "--attempts", "a.db", "--fail-under", "100", cwd=small_course.root)

    assert done.returncode == 2
    assert "anna.json" in done.stderr
    root = small_course.root
    scores = [json.loads(line)["score"] for line in (root / "all.jsonl").read_text("utf-8").splitlines()]
    assert scores == [4.0, 0.0]
    assert (root / "out" / "bob.json").is_file()
    assert (root / "out" / "anna.md").is_file()
    rows = list(csv.DictReader(io.StringIO((root / "grades.csv").read_text("utf-8"))))
    assert [(row["status"], row["score"]) for row in rows] == [("withheld", "")] * 2
    assert "withheld" in done.stdout
    assert "4.00" not in done.stdout
    shutil.rmtree(root / "out")
    done = grader("grade", "class", "--attempts", "a.db", "--fail-under", "100", cwd=root, GITHUB_ACTIONS="true")
    assert done.returncode == 0
    first, *_, last = done.stdout.splitlines()
    assert first.replace("stop-commands::", "") + "::" == last
