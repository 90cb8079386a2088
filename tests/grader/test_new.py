"""`grader new`: an assignment that is proved, released and graded at once, and that overwrites nothing."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from grader.authoring.proving import prove
from grader.authoring.scaffold import begin, place_of
from grader.commands.cli import root as command
from grader.course.lesson import PRIVATE_LINE
from grader.course.reading import find_course, load_assignment
from grader.errors import UsageError
from grader.handout.release import drift, stub, write

FILES = [
    "assignments/first_fit/",
    "solutions/first_fit/alternatives.py",
    "solutions/first_fit/assignment.toml",
    "solutions/first_fit/equivalent.toml",
    "solutions/first_fit/first_fit.py",
    "solutions/first_fit/misconceptions.py",
    "solutions/first_fit/teaching.py",
    "solutions/first_fit/test_first_fit.py",
    "tests/hidden/test_first_fit.py",
]


def new(*arguments, cwd):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRADER_")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "grader", "new", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def canary_of(path):
    return PRIVATE_LINE.search(path.read_text("utf-8"))[0].split()[2]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """An empty folder in which the command has begun an assignment."""
    folder = tmp_path_factory.mktemp("course")
    done = new("first_fit", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return find_course(folder), done.stdout


def test_empty_folder_becomes_a_course_with_the_files_that_are_said(course):
    found, said = course

    written = {path.relative_to(found.root).as_posix() for path in found.root.rglob("*") if path.is_file()}

    assert sorted(line.split()[0] for line in said.splitlines()[:9]) == FILES
    assert {path for path in written if not path.startswith("assignments/")} == set(FILES[1:])
    assert "grader verify first_fit" in said


def test_everything_is_proved_at_once_catalogue_and_mutants_included(course):
    found, _ = course

    findings = list(prove(found, "first_fit", catalogue=True, mutants=True))

    assert [item.text for item in findings if item.level != "ok"] == []
    assert any(item.text.startswith("misconceptions: each of 4 costs") for item in findings)
    assert any(item.text.startswith("alternatives: each of 2 keeps") for item in findings)
    assert sum(item.text.startswith("mutants of") for item in findings) == 2


def test_what_is_left_to_do_is_counted_and_gone_when_it_is_done(tmp_path):
    begin(tmp_path, "first_fit")
    for path in (*tmp_path.rglob("*.py"), *tmp_path.rglob("*.toml")):
        path.write_text(path.read_text("utf-8").replace("TODO: ", "Done: "), "utf-8")
    write(find_course(tmp_path), "first_fit")

    findings = list(prove(find_course(tmp_path), "first_fit"))

    assert [item.text for item in findings if item.level != "ok" or "TODO" in item.text] == []


def test_release_has_not_drifted_and_its_stub_has_no_solution(course):
    found, _ = course

    text = stub(load_assignment(found, "first_fit"))

    assert drift(found, "first_fit") == []
    assert text.count("raise NotImplementedError") == 2
    assert "x.mean()" not in text


def test_private_files_carry_one_canary_that_is_no_other_assignments(tmp_path):
    first, second = (begin(tmp_path, name) for name in ("one", "two"))

    canaries = [
        {canary_of(path) for path in paths if path.stem != f"test_{name}" or "hidden" in path.parts}
        for name, paths in (("one", first), ("two", second))
    ]

    assert [len(found) for found in canaries] == [1, 1]
    assert canaries[0] != canaries[1]
    assert {text.rpartition("-")[0] for found in canaries for text in found} == {"one-canary"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2nd", "is no Python name"),
        ("first-fit", "is no Python name"),
        ("größe", "is no Python name"),
        ("", "is no Python name"),
        ("../out", "is no Python name"),
        ("lambda", "is a word of Python's"),
        ("match", "is a word of Python's"),
        ("con", "is a device on Windows"),
        ("LPT1", "is a device on Windows"),
        ("random", "is a module of Python's own"),
        ("torch", "is a module that is installed here"),
        ("grader", "is a module that is installed here"),
        ("exercises", "is a module that stands beside the tests"),
        ("test_fit", "begins with test_"),
        ("x" * 41, "has more than 40 letters"),
    ],
)
def test_name_that_no_assignment_can_have_is_refused_with_the_reason(tmp_path, name, said):
    done = CliRunner().invoke(command, ["new", "--course", str(tmp_path), "--", name])

    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "file", ["solutions/fit/notes.txt", "solutions/Fit/notes.txt", "tests/hidden/test_fit.py", "assignments/fit/fit.py"]
)
def test_nothing_that_is_there_is_overwritten(tmp_path, file):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text("mine", "utf-8")

    with pytest.raises(UsageError, match="is there already, and nothing is overwritten"):
        begin(tmp_path, "fit")

    assert [item for item in tmp_path.rglob("*") if item.is_file()] == [path]
    assert path.read_text("utf-8") == "mine"


def test_second_assignment_goes_into_the_course_around(course):
    found, _ = course

    assert place_of(None, start=found.solutions / "first_fit") == found.root


def test_course_is_named_where_it_is_not_the_folder_at_hand(tmp_path):
    done = new("second_fit", "--course", tmp_path / "course", cwd=tmp_path)

    assert done.stdout.startswith(f"in {tmp_path / 'course'}:\nsolutions/second_fit/assignment.toml ")


def test_folder_that_is_no_course_and_not_empty_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("text", "utf-8")

    done = new("first_fit", cwd=tmp_path)

    assert done.returncode == 2
    assert "is no course, and not empty" in done.stderr
    assert "--course DIR" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_course_without_an_assignment_says_how_to_begin_one(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "tests/hidden").mkdir(parents=True)

    assert place_of(tmp_path) == tmp_path
    with pytest.raises(Exception, match="begin one by `grader new NAME`"):
        find_course(tmp_path)
