"""A second run on one `--out`: what was graded as it is stays, byte for byte; an interrupted run loses nothing."""

import fcntl
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from known_class import RIGHT, WRONG, KnownClass

from grader.commands import grading
from grader.commands.options import Out
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, UsageError
from grader.judge.results import Kept, Results, clear_results, kept_results
from grader.judge.state import parts_of, state_of, whole_state_of
from grader.judge.store import Store, store_folder
from grader.outcomes import Status
from grader.report.report import SubmissionStatus
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover
from grader.submissions.found import Found


@pytest.fixture
def small_class(small_course, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    return KnownClass(small_course, monkeypatch)


@pytest.fixture
def graded_class(small_class, monkeypatch):
    """One that real checkers grade."""
    monkeypatch.setattr(grading, "grade_all", small_class.grade_all)
    small_class.run()
    return small_class


def test_second_run_grades_nothing_and_writes_the_same_bytes(small_class, capsys):
    small_class.run()
    first, printed = small_class.files(), capsys.readouterr().out
    assert small_class.graded == ["ada", "bo", "cy"]

    small_class.run()

    said = capsys.readouterr()
    assert small_class.graded == []
    assert small_class.files() == first
    assert said.out == printed
    assert "3 of 3 as graded before (--regrade grades them again)" in said.err


def test_second_run_grades_what_has_changed(small_class):
    small_class.run()
    small_class.write("bo", RIGHT)

    small_class.run()

    assert small_class.graded == ["bo"]
    assert small_class.table() == {"ada": "6", "bo": "6", "cy": "0"}


@pytest.mark.parametrize(
    "change",
    [
        ("tests/hidden/test_small.py", "one product", "one product, rounded once"),
        ("solutions/small/assignment.toml", "points = 2", "points = 3"),
        ("solutions/small/small.py", "return 2 * x", "return x + x"),
    ],
    ids=["suite", "settings", "reference"],
)
def test_whole_class_is_graded_again_where_the_course_has_changed(small_class, change):
    small_class.run()
    small_class.course.edit(*change)

    small_class.run()

    assert small_class.graded == ["ada", "bo", "cy"]
    assert [number for _, number, _ in kept_results(store_folder())] == [3]  # those of before are gone


def test_sandbox_is_part_of_what_a_result_depends_on(small_class):
    small_class.run()

    small_class.run(sandbox=SandboxMode.NONE)

    assert small_class.graded == ["ada", "bo", "cy"]


def test_all_are_graded_again_where_that_is_said(small_class):
    small_class.run()

    small_class.run(out=Out(folder=small_class.out, regrade=True))

    assert small_class.graded == ["ada", "bo", "cy"]


def test_without_a_folder_nothing_is_kept(small_class):
    small_class.run(out=None)

    assert kept_results(store_folder()) == []


def test_interrupted_run_has_written_what_it_graded_and_the_next_goes_on(small_class):
    small_class.run()
    whole = small_class.table()
    clear_results(store_folder())
    small_class.interrupt_after = "bo"
    with pytest.raises(KeyboardInterrupt):
        small_class.run()
    assert small_class.table() == {"ada": "6", "bo": whole["bo"]}  # no old row beside new ones
    assert not any("cy" in name for name in small_class.files())

    small_class.run()

    assert small_class.graded == ["cy"]
    assert small_class.table() == whole


def test_files_of_who_is_no_longer_there_go_and_others_stay(small_class):
    small_class.run()
    mine = small_class.out / "all.json"
    mine.write_text(json.dumps({"schema": "grader/report/v1", "assignment": "small", "submissions": []}))
    other = json.loads((small_class.out / "ada.json").read_text())
    (small_class.out / "ada-2.json").write_text(json.dumps({**other, "assignment": "large"}))
    (small_class.course.root / "class" / "bo" / "small.py").unlink()
    (small_class.course.root / "class" / "bo").rmdir()

    small_class.run()

    assert sorted(small_class.files()) == [
        "ada-2.json",
        "ada.json",
        "ada.md",
        "all.json",
        "cy.json",
        "cy.md",
        "grades.csv",
    ]
    assert small_class.table() == {"ada": "6", "cy": "0"}


def test_where_nothing_can_be_graded_what_is_there_stays(small_class, monkeypatch):
    small_class.run()
    first = small_class.files()
    small_class.course.edit("tests/hidden/test_small.py", "one product", "another reason")

    def refuse(*_, **__):
        raise CourseError("the suite can't be collected")

    monkeypatch.setattr(grading, "grade_all", refuse)
    with pytest.raises(CourseError):
        small_class.run()

    assert small_class.files() == first


def test_one_submission_by_itself_leaves_those_of_others(small_class):
    small_class.run()

    small_class.run(paths=(str(small_class.course.root / "class" / "bo" / "small.py"),))

    assert {"ada.json", "ada.md", "bo.json", "cy.json", "small.py.json"} < set(small_class.files())


def test_own_files_of_such_names_stay(small_class):
    small_class.run()
    result = (small_class.out / "bo.json").read_bytes()
    own = {"bo-1.json": result, "bo-old.json": result, "bo-2.md": b"my own words", "more.md": b"## small: mine"}
    for name, data in {**own, "bo-2.json": result, ".writing-abc": b"half"}.items():
        (small_class.out / name).write_bytes(data)

    small_class.run()

    files = small_class.files()
    assert {name: files.get(name) for name in own} == own
    assert not {"bo-2.json", ".writing-abc"} & set(files)


def test_two_runs_on_one_folder_are_refused(small_class):
    small_class.out.mkdir()
    descriptor = os.open(small_class.out, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        with pytest.raises(UsageError, match="another run of the grader writes there"):
            small_class.run()
    finally:
        os.close(descriptor)

    small_class.run()
    assert small_class.graded == ["ada", "bo", "cy"]


@pytest.mark.parametrize("damage", ["cut", "another version", "open to others"])
def test_result_that_can_not_be_trusted_is_as_if_it_were_not_there(small_class, damage):
    small_class.run()
    for path in store_folder().rglob("results/*/*.kept"):
        match damage:
            case "cut":
                path.write_bytes(path.read_bytes()[:-1])
            case "another version":
                path.write_bytes(b"chainrule kept 0\n" + path.read_bytes())
            case _:
                path.chmod(0o644)

    small_class.run()

    assert small_class.graded == ["ada", "bo", "cy"]


@pytest.fixture
def kept(small_class):
    """One submission of the class, its results, and a report of it."""
    small_class.run()
    course = find_course(small_class.course.root)
    results = Results(load_assignment(course, "small"), SandboxMode.AUTO, store_folder())
    found = discover([str(small_class.course.root / "class")])[0]
    taken = results.take(found)
    clear_results(store_folder())
    return found, results, taken


def keeps(found, results, kept, report=None):
    results.keep(results.fingerprint(found), found, replace(kept, report=report or kept.report))
    return results.take(found) is not None


def test_what_ran_out_of_time_or_broke_is_not_kept(kept):
    found, results, taken = kept
    exercise = taken.report.exercises[0]
    assert keeps(*kept)
    clear_results(store_folder())
    broken = replace(exercise, checks=(replace(exercise.checks[0], status=Status.BROKEN),))

    assert not keeps(found, results, taken, replace(taken.report, timed_out=True))
    assert not keeps(found, results, taken, replace(taken.report, exercises=(broken,)))
    assert not keeps(found, results, taken, replace(taken.report, status=SubmissionStatus.BROKEN))


def test_submission_that_changes_while_it_is_graded_is_not_kept(kept):
    found, results, taken = kept
    before = results.fingerprint(found)
    (found.path / "small.py").write_text(WRONG)

    results.keep(before, found, taken)

    assert results.take(found) is None


def test_result_is_one_of_the_bytes_and_names_of_a_submission(kept, tmp_path):
    found, results, _ = kept
    first = results.fingerprint(found)
    assert first == results.fingerprint(found)
    assert first != results.fingerprint(replace(found, given="another"))
    (found.path / "more.py").write_text("")
    assert first != results.fingerprint(found)
    os.mkfifo(found.path / "pipe")
    assert results.fingerprint(found) is None
    assert results.fingerprint(replace(found, path=tmp_path / "nowhere")) is None


def test_fingerprints_of_a_class_are_those_of_each_in_folders_and_zips(kept, tmp_path):
    found, results, _ = kept
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name in ("a", "b"):
            archive.writestr(f"{name}.py", name)
    (tmp_path / "none.zip").write_bytes(b"PK")
    packed = Found(given="ada", path=tmp_path / "class.zip", files=(("small.py", "a.py"), ("more.py", "b.py")))
    items = [
        found,
        packed,
        replace(packed, given="late", late=True),
        replace(packed, given="bo", files=(("small.py", "b.py"),)),
        replace(packed, given="lost", files=(("small.py", "c.py"),)),
        replace(packed, given="none", path=tmp_path / "none.zip"),
    ]

    together = results.fingerprints(items)

    assert together == {item.given: results.fingerprint(item) for item in items}
    assert [name for name, value in together.items() if value is None] == ["lost", "none"]
    assert len(set(together.values())) == 5


def test_state_in_one_is_the_state_by_itself_and_its_parts(small_class):
    assignment = load_assignment(find_course(small_class.course.root), "small")

    both = whole_state_of(assignment)

    assert (both.digest, both.parts) == (state_of(assignment), parts_of(assignment))
    small_class.course.edit("tests/hidden/test_small.py", "one product", "another")
    after = whole_state_of(assignment)
    assert after.digest != both.digest
    assert {name for name in both.parts if both.parts[name] != after.parts[name]} == {"suite"}


def test_what_other_machines_have_graded_is_kept_apart(kept, small_class):
    found, results, taken = kept
    assignment = load_assignment(find_course(small_class.course.root), "small")
    elsewhere = Results(assignment, SandboxMode.AUTO, store_folder(), elsewhere=True)
    theirs = replace(taken, machine="another")

    elsewhere.keep(elsewhere.fingerprint(found), found, theirs)

    assert elsewhere.take(found) == theirs
    assert results.take(found) is None


def test_kept_result_is_read_as_it_was_written(kept):
    found, results, taken = kept
    assert isinstance(taken, Kept)
    results.keep(results.fingerprint(found), found, taken)
    assert results.take(found) == taken


@pytest.mark.parametrize("body", [b'{"sandbox": "\xff"}', b'{"x": ' + b"[" * 50_000, b"{}", b""])
def test_kept_result_that_is_none_by_its_contents_is_as_if_it_were_not_there(kept, body):
    found, results, _ = kept
    assert keeps(*kept)
    (path,) = store_folder().rglob("results/*/*.kept")
    Store(folder=path.parent).write(*path.name.split(".")[:2], body)

    assert results.take(found) is None


def test_run_that_finds_everything_kept_imports_no_torch_and_says_the_same(graded_class):
    root, first = graded_class.course.root, graded_class.files()
    where = ["grade", root / "class", "--assignment", "small", "--course", root, "--out", root / "out"]

    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "grader", *where, "--audience", "staff"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert graded_class.table() == {"ada": "6", "bo": "2", "cy": "0"}
    assert graded_class.files() == first
    assert "3 of 3 as graded before" in done.stderr
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "click" in imported
    assert not imported & {"torch", "numpy", "pytest", "hypothesis"}


@pytest.mark.parametrize("place", ["class", "class/results", "class/ada/../results/new"])
def test_results_in_the_class_itself_are_refused_before_anything_is_written(small_class, place):
    root = small_class.course.root
    before = sorted(root.rglob("*"))

    with pytest.raises(UsageError, match="name a folder outside of it"):
        small_class.run(out=Out(folder=root / place))

    assert sorted(root.rglob("*")) == before
