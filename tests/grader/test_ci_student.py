"""The student's side of examples/ci, and Classroom 50: what a student reads of the visible tests, without a secret."""

import json
import re
import shutil
import subprocess
import sys

import jsonschema
import pytest
import yaml
from forge import CI, NAME, ROOT, WRONG, commands_in, environment_of, programs_are_needed, remarks_in, run_job

pytestmark = programs_are_needed


# --- the student's side ----------------------------------------------------------------------------

SMALL_CONFTEST = """
def pytest_collection_modifyitems(items):
    for item in items:  # as the released exercises.py does
        item.user_properties += [("exercise", "double")]
"""
SMALL_TEST = """
import pytest

@pytest.mark.double
@pytest.mark.parametrize("x", [1, 2])
def test_double(x):
    %s
"""


def small_assignment(folder, body):
    """Lay out an assignment of one exercise, whose visible tests need neither torch nor hypothesis."""
    folder.mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = double\n", "utf-8")
    (folder / "exercises.py").write_text("POINTS = {'double': 2}\n", "utf-8")
    (folder / "conftest.py").write_text(SMALL_CONFTEST, "utf-8")
    (folder / f"test_{folder.name}.py").write_text(SMALL_TEST % body, "utf-8")
    (folder / f"{folder.name}.py").write_text("def double(x):\n    return 2 * x\n", "utf-8")


def student_repository(folder, script_folder):
    """Make what a student has: an assignment that is not begun, one that is right, and the script."""
    small_assignment(folder / "later", "pytest.fail('`double` is not written yet', pytrace=False)")
    small_assignment(folder / "right", "assert 2 * x")
    (folder / script_folder).mkdir()
    shutil.copy(CI / "student" / "visible_tests.py", folder / script_folder)


def test_student_workflow_marks_the_lines_of_the_function_that_is_wrong(tmp_path):
    text = WRONG.read_text("utf-8") + '\nprint("::error::gotcha")\nprint("##[add-mask]gotcha")\n'
    text += 'raise ValueError("\\n::error::gotcha")\n'  # told in the log, as what was left out
    text = text.replace("dloss_dtp = ", 'print("::error::gotcha"); dloss_dtp = ')
    student_repository(tmp_path / "repository", ".github")
    shutil.copytree(ROOT / "assignments" / NAME, tmp_path / "repository" / NAME)
    (tmp_path / "repository" / NAME / f"{NAME}.py").write_text(text, "utf-8")
    first = 1 + text.splitlines().index("def grad_fn(t_u, t_c, t_p, w, b):")

    run = run_job(
        "student/visible-tests.yml",
        tmp_path / "repository",
        tmp_path / "temporary",
        {},
        **environment_of(tmp_path / "home"),
    )

    assert run.skipped == [
        "actions/checkout",
        "actions/setup-python",
        "Install torch and pytest",
        "actions/upload-artifact",
    ]
    assert run.codes == {"Run the visible tests": 1}
    assert any(line.startswith("::error::gotcha") for line in run.log.splitlines())
    assert {name for name, _ in commands_in(run.log)} == {"stop-commands", "error"}
    gradient, training = remarks_in(run.log)
    where = f"file={NAME}/{NAME}.py,line={first},endLine={first + 5}"
    assert gradient.startswith(f"::error {where},title=grad_fn%3A 2 of 5 tests pass::grad_fn: in this call it is 1/N")
    assert ",title=training_loop%3A " in training
    assert "grad_fn              2 of 5 tests pass" in run.summary
    assert "## `later`\n\n```text\ndouble  not written yet\n```" in run.summary
    assert "## `right`\n\n```text\ndouble  2 of 2 tests pass\n```" in run.summary
    assert "gotcha" not in run.summary
    reports = sorted(path.name for path in (tmp_path / "temporary" / "reports").iterdir())
    assert reports == [f"{NAME}.xml", "later.xml", "right.xml"]


@pytest.mark.parametrize(("body", "code"), [("assert 2 * x", 0), ("assert x == 1", 1)])
def test_student_script_fails_where_a_test_does(tmp_path, body, code):
    student_repository(tmp_path, ".github")
    small_assignment(tmp_path / "more" / "mine", body)
    command = [sys.executable, ".github/visible_tests.py", "--form", "github", "--reports", "reports"]

    done = subprocess.run(
        command, cwd=tmp_path, env=environment_of(tmp_path / "home"), capture_output=True, text=True, check=False
    )

    assert done.returncode == code, done.stderr
    expected = ["::error file=more/mine/mine.py,line=1,endLine=2,title=double%3A 1 of 2 tests pass::"]
    assert [re.sub("::x? .*|::[^:]*$", "::", line) for line in remarks_in(done.stdout)] == expected[:code]


def test_gitlab_student_job_reports_junit_and_code_quality(tmp_path):
    job = yaml.safe_load((CI / "gitlab" / "student" / ".gitlab-ci.yml").read_text("utf-8"))["visible-tests"]
    assert all(line.startswith("pip install ") for line in job["before_script"])
    student_repository(tmp_path / "repository", ".gitlab")
    small_assignment(tmp_path / "repository" / "ended", "import os; os._exit(0)")

    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(job["script"])],
        cwd=tmp_path / "repository",
        env=environment_of(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    reports = tmp_path / "repository" / "reports"
    (entry,) = json.loads((reports / "codequality.json").read_text("utf-8"))
    assert entry["location"] == {"path": "ended/ended.py", "lines": {"begin": 1}}
    assert entry["description"].startswith("ended: 0 of 1 test pass\nno test ran to its end")
    assert sorted(path.name for path in reports.glob("*.xml")) == ["later.xml", "right.xml"]
    assert "stop-commands" not in done.stdout


# --- Classroom 50 ----------------------------------------------------------------------------------

URL = {"type": "string", "minLength": 1}
WHOLE = {"type": "integer", "minimum": 0}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
RESULT = {  # classroom50/result/v1
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        "classroom": URL,
        "assignment": URL,
        "assignment_type": {"enum": ["individual", "group", "team"]},
        "owner": URL,
        "submission": {"type": "string", "pattern": "^submit/"},
        "commit": URL,
        "release": URL,
        "review": URL,
        "datetime": TIME,
        "graded_at": TIME,
        "submitted_by": {"type": "object"},
        "score": WHOLE,
        "max-score": WHOLE,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {"test-name": URL, "passed": {"type": "boolean"}, "score": WHOLE, "max-score": WHOLE},
            },
        },
    },
}
RESULT["required"] = sorted(set(RESULT["properties"]) - {"graded_at", "submitted_by"})


def autograde(folder, **files):
    """Run the autograder as Classroom 50's runner does; return result.json and what was printed."""
    bundle, checkout = folder / "bundle", folder / "checkout"
    bundle.mkdir(parents=True)
    checkout.mkdir()
    for name in (f"test_{NAME}.py", "exercises.py", "conftest.py", "pytest.ini"):
        shutil.copy(ROOT / "assignments" / NAME / name, bundle)
    shutil.copytree(ROOT / "assignments" / NAME / "_course", bundle / "_course")
    shutil.copy(CI / "classroom50" / "autograder.py", bundle)
    for name, text in files.items():
        (checkout / f"{name}.py").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, str(bundle / "autograder.py")],
        cwd=checkout,
        env=environment_of(
            folder / "home",
            CLASSROOM="ml-101",
            ASSIGNMENT="gradient-descent",
            USERNAME="dmitri",
            SUBMISSION_TAG="submit/2026-11-22T11-20-30Z-abc1234",
            COMMIT_URL="https://forge.test/commit/abc1234",
            RELEASE_URL="https://forge.test/release",
            MODE="individual",
            CLASSROOM50_BUNDLE_DIR=str(bundle),
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads((checkout / "result.json").read_text("utf-8"))
    jsonschema.validate(result, RESULT)
    assert result["datetime"] == "2026-11-22T11:20:30Z"
    return result


def test_classroom50_gives_the_points_of_the_exercises_whose_tests_pass(tmp_path):
    mine = {"conftest": "raise SystemExit", "exercises": "POINTS = {}", "pytest": "raise SystemExit"}

    result = autograde(tmp_path, gradient_descent=WRONG.read_text("utf-8"), **mine)

    scores = {item["test-name"]: item["score"] for item in result["tests"]}
    assert (result["score"], result["max-score"]) == (10, 20)
    assert (scores["model"], scores["grad_fn"], scores["training_loop"]) == (1, 0, 0)
    (wrong,) = [item for item in result["tests"] if item["test-name"] == "grad_fn"]
    assert wrong["message"].startswith("2 of 5 tests pass\ngrad_fn: in this call it is 1/N")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "there is neither gradient_descent.py nor gradient_descent.ipynb"),
        ({"gradient_descent": "import os\nos._exit(0)\n"}, "the tests ended early"),
    ],
)
def test_classroom50_says_why_nothing_was_tested(tmp_path, files, said):
    result = autograde(tmp_path, **files)

    assert (result["score"], result["max-score"]) == (0, 20)
    assert all(said in item["message"] for item in result["tests"])


# --- the files themselves --------------------------------------------------------------------------


def test_the_students_side_has_no_secret():
    for path in (CI / "github" / "student", CI / "gitlab" / "student", CI / "student", CI / "classroom50"):
        for file in path.rglob("*"):
            if file.suffix in (".yml", ".py"):
                text = file.read_text("utf-8")
                assert not re.search(r"\bsecrets\.[A-Z]|TOKEN|tests/hidden|solutions/", text), file
