"""`grader release`: what a student gets is generated, reproducible, checked for drift, and teaches."""

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from evidence import PROOF
from visible_runs import run_tests

from grader.commands.cli import root
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, UsageError
from grader.handout.release import bytes_of, drift, files_of, hand_out, stub, write, zip_out

ROOT = Path(__file__).parents[2]
NAME = "gradient_descent"
NAMES = find_course(ROOT).names
GRADER = ROOT / "grader"
ROOMS = ("answers", "kit", "languages", "syntax")
ORIGINALS = [path for room in ROOMS for path in sorted((GRADER / room).glob("*.py"))]


@pytest.fixture
def course(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions", ignore=ignored)
    shutil.copytree(ROOT / "tests" / "hidden", tmp_path / "tests" / "hidden", ignore=ignored)
    return find_course(tmp_path)


def edit(course, old, new):
    path = course.root / "solutions" / NAME / f"{NAME}.py"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_committed_release_has_no_drift(name):
    assert drift(find_course(ROOT), name) == []


def test_release_is_the_same_bytes_twice(course):
    first = {path: path.read_bytes() for path in write(course, NAME)}
    second = {path: path.read_bytes() for path in write(course, NAME)}

    assert first == second
    folder = course.root / "assignments" / NAME
    assert {path.relative_to(folder).as_posix() for path in first} == {
        "README.md",
        "_course/__init__.py",
        "_course/__main__.py",
        *(f"_course/{path.relative_to(GRADER).as_posix()}" for path in ORIGINALS),
        "_course/languages/ko/LC_MESSAGES/grader.mo",
        "_course/locale/ko/LC_MESSAGES/lesson.mo",
        "_course/pictures.py",
        "conftest.py",
        "exercises.py",
        "gradient_descent.ipynb",
        "gradient_descent.py",
        "pictures/data.svg",
        "pictures/fitted.svg",
        "pictures/loss_curves.svg",
        "pictures/loss_valley.svg",
        "pytest.ini",
        "test_gradient_descent.py",
    }


def test_release_carries_the_originals_byte_for_byte(course):
    write(course, NAME)

    folder = course.root / "assignments" / NAME / "_course"
    assert [path for path in ORIGINALS if (folder / path.relative_to(GRADER)).read_bytes() != path.read_bytes()] == []


@pytest.mark.parametrize("path", ORIGINALS, ids=lambda path: path.relative_to(GRADER).as_posix())
def test_original_says_what_it_is_and_imports_no_grader(path):
    tree = ast.parse(path.read_text("utf-8"))

    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not any(alias.name.partition(".")[0] == "grader" for alias in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert node.module.partition(".")[0] != "grader"


def test_drift_names_a_changed_a_missing_and_a_foreign_file(course):
    folder = course.root / "assignments" / NAME
    write(course, NAME)
    (folder / "README.md").write_text("mine")
    (folder / f"{NAME}.py").unlink()
    (folder / "notes.txt").write_text("mine")
    (folder / "_course" / "kit" / "mine.py").write_text("mine")
    (folder / "_course" / "kit" / "calling.py").write_text("mine")
    (folder / "_course" / "kit" / "__pycache__").mkdir()
    (folder / "_course" / "kit" / "__pycache__" / "calling.pyc").write_text("Python's own")

    assert {path.relative_to(folder).as_posix() for path in drift(course, NAME)} == {
        "README.md",
        f"{NAME}.py",
        "notes.txt",
        "_course/kit/mine.py",
        "_course/kit/calling.py",
    }


def test_hand_out_writes_what_write_writes(course, tmp_path):
    folder = course.root / "assignments" / NAME
    released = {path.relative_to(folder).as_posix(): path.read_bytes() for path in write(course, NAME)}

    handed = hand_out(course, [NAME], tmp_path / "out")

    assert {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in handed} == {
        f"{NAME}/{name}": data for name, data in released.items()
    }


def test_hand_out_overwrites_no_other_content_and_writes_nothing_then(course, tmp_path):
    mine = tmp_path / "out" / "neuron" / "neuron.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("my work")

    with pytest.raises(UsageError, match="is there already, with another content"):
        hand_out(course, course.names, tmp_path / "out")
    assert mine.read_text() == "my work"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["neuron"]


def test_zip_is_reproducible_and_holds_every_file(course, tmp_path):
    zip_out(course, course.names, tmp_path / "a.zip")
    zip_out(course, course.names, tmp_path / "deep" / "b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "deep" / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {
        f"{name}/{file}": data
        for name in course.names
        for file, data in bytes_of(load_assignment(course, name)).items()
    }


def test_command_refuses_two_ways_at_once(tmp_path):
    with pytest.raises(UsageError, match="exclude one another"):
        CliRunner().invoke(
            root, ["release", "--check", "--out", str(tmp_path)], catch_exceptions=False, standalone_mode=False
        )


@pytest.fixture
def checked(course, tmp_path, monkeypatch):
    """A release without drift, as `--check` has found once; returns how to check again, and for what it generates."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write(course, NAME)
    generated = []

    def counted(*asked):
        generated.append(asked)
        return drift(*asked)

    monkeypatch.setattr("grader.handout.release.drift", counted)

    def check(*names):
        command = ["release", "--check", "--course", str(course.root), *(names or [NAME])]
        done = CliRunner().invoke(root, command)
        return done.exit_code, done.stderr, len(generated)

    assert check() == (0, "", 1)
    return check


def test_a_release_found_without_drift_is_not_generated_again(checked):
    assert checked() == (0, "", 1)


@pytest.mark.parametrize(
    "place", [f"solutions/{NAME}/assignment.toml", "solutions/autograd/teaching.py", f"assignments/{NAME}/README.md"]
)
def test_a_check_is_made_again_where_a_file_has_changed(course, checked, place):
    path = course.root / place
    path.write_text(path.read_text("utf-8") + "\n# another line\n", "utf-8")

    code, said, generated = checked()

    assert generated == 2
    assert (code, "README.md differs" in said) == ((1, True) if "assignments" in place else (0, False))


def test_a_release_that_has_drifted_is_told_each_time(course, checked):
    (course.released(NAME) / "README.md").unlink()

    assert [checked()[0], checked()[0]] == [1, 1]


def test_what_is_kept_of_one_assignment_says_nothing_of_another(checked):
    code, said, generated = checked(NAME, "autograd")

    assert (code, generated) == (1, 3)
    assert "autograd" in said


def test_a_file_that_is_not_released_any_more_or_never_was_is_seen(course, checked):
    (course.released(NAME) / "extra.txt").write_text("not of a release")

    code, said, _ = checked()

    assert code == 1
    assert "extra.txt differs" in said


@pytest.mark.parametrize("name", NAMES)
def test_stub_keeps_signatures_and_docstrings_and_raises(name):
    assignment = load_assignment(find_course(ROOT), name)
    text = stub(assignment)

    compile(text, "stub", "exec")
    for exercise in assignment.exercises:
        definition = re.search(rf"(?ms)^(?:def|class) {exercise.name}\b.*?(?=^# %%|\Z)", text)[0]
        assert "raise NotImplementedError(" in definition
        assert '"""' in definition
    assert "demonstration" not in text


@pytest.mark.parametrize("name", NAMES)
def test_stub_only_imports_defines_and_makes_data(name):
    tree = ast.parse(stub(load_assignment(find_course(ROOT), name)))

    allowed = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign
    assert [ast.unparse(node) for node in tree.body if not isinstance(node, allowed)] == []
    assignments = [node for node in tree.body if isinstance(node, ast.Assign)]
    called = {ast.unparse(call.func) for node in assignments for call in ast.walk(node) if isinstance(call, ast.Call)}
    assert called <= {"torch.tensor"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    ### END SOLUTION\n", "", "this solution never ends"),
        ("    ### BEGIN SOLUTION\n", "", "without a ### BEGIN SOLUTION"),
        ("### BEGIN SOLUTION", "### BEGIN SOLUTIONS", "is no mark"),
        ("def dmodel_db(", "def dmodel_dbb(", "`dmodel_db` is not defined"),
    ],
)
def test_release_says_file_and_line_of_a_wrong_mark(course, old, new, said):
    edit(course, old, new)

    with pytest.raises(CourseError, match=said) as caught:
        files_of(load_assignment(course, NAME))
    assert re.search(rf"{NAME}\.py:\d+: ", str(caught.value))


@pytest.fixture
def handed_out(tmp_path):
    folder = tmp_path / "student"
    shutil.copytree(ROOT / "assignments" / NAME, folder)
    return folder


def put_reference(folder, name=NAME):
    shutil.copy(ROOT / "solutions" / name / f"{name}.py", folder / f"{name}.py")


@pytest.mark.skipif(not PROOF, reason="in make test, test_course_is_proved.py does it of one assignment")
@pytest.mark.parametrize("name", NAMES)
def test_visible_tests_fail_on_the_stub_and_pass_on_the_reference(name, tmp_path):
    folder = tmp_path / "student"
    shutil.copytree(ROOT / "assignments" / name, folder)

    on_stub = run_tests(folder)
    put_reference(folder, name)
    on_reference = run_tests(folder)

    (failed,) = re.findall(r"(\d+) failed in", on_stub.stdout)
    (passed,) = re.findall(r"(\d+) passed in", on_reference.stdout)
    assert failed == passed
    assert (on_stub.returncode, on_reference.returncode) == (1, 0)
    assert on_stub.stdout.count("not written yet") > len(load_assignment(find_course(ROOT), name).names)
    assert f"tested: {name}.py ({name}.ipynb is still the stub)" in on_reference.stdout


def test_visible_tests_need_no_grader(handed_out):
    (handed_out / "grader.py").write_text("raise ImportError('grader is not installed')")
    put_reference(handed_out)

    command = [sys.executable, "-m", "pytest", "-q", "-k", "start"]
    done = subprocess.run(command, cwd=handed_out, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_visible_failure_teaches(handed_out):
    shutil.copy(ROOT / "examples/class/gradient_descent/gradient_descent_dmitri.py", handed_out / f"{NAME}.py")

    done = run_tests(handed_out, "-k", "gradient_at_the_start")

    for said in (
        "grad_fn: in this call it is 1/N of what is expected (N = 11)",
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

    done = run_tests(handed_out, "-k", "gradient_at_the_start")

    assert "there is no `grad_fn` in gradient_descent.py; keep the stub's names" in done.stdout


def test_marker_runs_the_tests_of_one_exercise(handed_out):
    put_reference(handed_out)

    done = run_tests(handed_out, "-m", "dmodel_db")

    lines = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    assert len(lines) == 1
    assert lines[0].split() == ["dmodel_db", "1", "point", "all", "3", "tests", "pass"]
