"""`grader release`: the stub and what goes with it are generated, reproducible, and checked for drift."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import find_course, load_assignment
from grader.errors import CourseError
from grader.release import drift, files_of, stub, write

ROOT = Path(__file__).parents[2]
NAME = "gradient_descent"


@pytest.fixture
def course(tmp_path):
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    shutil.copytree(ROOT / "tests" / "hidden", tmp_path / "tests" / "hidden")
    return find_course(tmp_path)


def edit(course, old, new):
    path = course.root / "solutions" / NAME / f"{NAME}.py"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_committed_release_has_no_drift():
    assert drift(find_course(ROOT), NAME) == []


def test_release_is_the_same_bytes_twice(course):
    first = {path: path.read_bytes() for path in write(course, NAME)}
    second = {path: path.read_bytes() for path in write(course, NAME)}

    assert first == second


def test_drift_names_a_changed_a_missing_and_a_foreign_file(course):
    folder = course.root / "assignments" / NAME
    write(course, NAME)
    (folder / "README.md").write_text("mine")
    (folder / f"{NAME}.py").unlink()
    (folder / "notes.txt").write_text("mine")

    assert {path.name for path in drift(course, NAME)} == {"README.md", f"{NAME}.py", "notes.txt"}


def test_stub_keeps_signatures_and_docstrings_and_raises():
    text = stub(load_assignment(find_course(ROOT), NAME))

    assert text.count("raise NotImplementedError") == 8
    assert "print_params: bool = True" in text
    assert "Returns w * t_u + b" in text
    compile(text, "stub", "exec")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    ### END SOLUTION\n", "", "begins inside the one of line"),
        ("    ### BEGIN SOLUTION\n", "", "without a ### BEGIN SOLUTION"),
        ("### BEGIN SOLUTION", "### BEGIN SOLUTIONS", "is no mark"),
        ("def dmodel_db(", "def dmodel_dbb(", "no definition of dmodel_db"),
    ],
)
def test_stub_says_file_and_line_of_a_wrong_mark(course, old, new, said):
    edit(course, old, new)

    with pytest.raises(CourseError, match=said) as caught:
        files_of(load_assignment(course, NAME))
    assert f"{NAME}.py:" in str(caught.value)


def run_visible_tests(folder, *arguments):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def handed_out(tmp_path):
    folder = tmp_path / "student"
    shutil.copytree(ROOT / "assignments" / NAME, folder)
    return folder


def test_visible_tests_fail_on_the_stub_and_say_what_to_write(handed_out):
    done = run_visible_tests(handed_out)

    assert done.returncode == 1
    assert "25 failed" in done.stdout
    assert "`grad_fn` is not written yet" in done.stdout


def test_visible_tests_pass_on_the_reference(handed_out):
    shutil.copy(ROOT / "solutions" / NAME / f"{NAME}.py", handed_out)

    done = run_visible_tests(handed_out)

    assert done.returncode == 0, done.stdout
    assert "25 passed" in done.stdout


def test_visible_tests_need_no_grader(handed_out):
    (handed_out / "grader.py").write_text("raise ImportError('grader is not installed')")
    shutil.copy(ROOT / "solutions" / NAME / f"{NAME}.py", handed_out)

    done = run_visible_tests(handed_out, "-k", "start")

    assert done.returncode == 0, done.stdout


def test_visible_failure_teaches(handed_out):
    shutil.copy(ROOT / "examples/class/gradient_descent/gradient_descent_dmitri.py", handed_out / f"{NAME}.py")

    done = run_visible_tests(handed_out, "-k", "gradient_at_the_start")

    for said in (
        "grad_fn: the value is wrong: it is exactly 1/N of what is expected (N = 11)",
        "you called   grad_fn(t_u=tensor([35.7, 55.9,",
        "it returned  tensor([410.66",
        "expected     tensor([4517.297, 82.6])   shape (2,), float32",
        "ratio        0.0909091",
        "hint         ",
    ):
        assert said in done.stdout
    assert "Traceback" not in done.stdout


def test_visible_tests_name_a_missing_function(handed_out):
    (handed_out / f"{NAME}.py").write_text("import torch\n")

    done = run_visible_tests(handed_out, "-k", "gradient_at_the_start")

    assert "there is no `grad_fn` in gradient_descent.py; keep the stub's names" in done.stdout
