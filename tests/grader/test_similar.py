"""`grader similar`: what it reads of results and of folders, and what it prints of them."""

import hashlib
import json
import os
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from reports import make_check, make_exercise, make_submission
from small_course import SmallCourse
from test_class_results import written

from grader.commands.cli import root
from grader.errors import CourseError
from grader.outcomes import Counterexample, Diagnosis, How, Status

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "similar-v1.json").read_text())
ODD = "def double(x):\n    acc = x.flatten()\n    # no idea why\n    return acc + acc.reshape(x.shape)\n"
PLAIN = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def course(tmp_path):
    return SmallCourse(tmp_path / "course")


@pytest.fixture
def class_folder(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    for name in "abcdefg":
        (folder / f"small_{name}.py").write_text(f"{PLAIN}\n{name}_own = '{name}'\n")
    for name in ("y", "z"):
        (folder / f"small_{name}.py").write_text(ODD.replace("acc", f"{name}1"))
    return folder


def run(*arguments, columns=80, code=0):
    done = CliRunner(env={"COLUMNS": str(columns)}).invoke(root, ["similar", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def document(*arguments):
    found = json.loads(run(*arguments, "--format", "json"))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(found, SCHEMA)
    return found


def names(pair):
    return [Path(pair[side]["submission"]).name for side in ("first", "second")]


def test_folder_of_submissions_is_compared(course, class_folder):
    found = document(class_folder, "--course", course.root)

    assert (found["submissions"], found["of_pairs"], found["assignment"]) == (9, 36, "small")
    assert names(found["pairs"][0]) == ["small_y.py", "small_z.py"]
    assert {item["kind"] for item in found["pairs"][0]["shared"]} >= {"code", "texts"}


def test_same_class_gives_the_same_bytes_whatever_the_order(course, class_folder, tmp_path):
    one = run(class_folder, "--course", course.root, "--format", "json")
    for name in ("small_y.py", "small_a.py"):
        shutil.move(class_folder / name, tmp_path)
        shutil.move(tmp_path / name, class_folder)

    assert run(class_folder, "--course", course.root, "--format", "json") == one


def test_page_says_what_is_shared_how_rare_it_is_and_what_that_does_not_say(course, class_folder):
    text = run(class_folder, "--course", course.root, "--top", "1")

    assert "y and z" in text
    assert re.search(r"return y1 \+\s+return z1 \+\s+none", text)
    said = " ".join(text.split())
    assert "accuses nobody, and changes no grade" in said
    assert not re.search(r"cheat|plagiar|guilt|suspect|fraud|stole", text, re.IGNORECASE)


def test_what_cannot_be_read_is_named(course, class_folder):
    (class_folder / "small_q.py").write_bytes(b"")
    (class_folder / "small_r.ipynb").write_bytes(b"{")

    notes = document(class_folder, "--course", course.root)["notes"]

    assert [re.search(r"small_\w\.\w+ is not compared: it is|small_q", note) is not None for note in notes] == [
        True
    ] * 2
    assert "the file is empty" in notes[0]


HOSTILE = "\x1b[31m\u202e<script>alert(1)</script>[bold]=1+1" + "x" * 300


def test_hostile_texts_and_names_are_plain(course, class_folder):
    hostile = f"# {HOSTILE}\n# [red]no[/red] idea {'y' * 5000}\n" + ODD
    (class_folder / "small_p\n\x1b[2J.py").write_bytes(b"")
    for name in ("\x1b[2Jm", "<b>n", "l\ni", "o" * 200, "=p()"):
        (class_folder / f"small_{name.replace('/', '')}.py").write_text(hostile)

    for columns in (80, 120):
        text = run(class_folder, "--course", course.root, "--top", "30", columns=columns)
        assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", text)
        assert max(map(len, text.splitlines())) <= columns
        assert "[red]no[/red] idea" in " ".join(text.split())
    found = run(class_folder, "--course", course.root, "--format", "json")
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", found)


@pytest.mark.parametrize("text", ["(" * 300_000, "'''" + "\\" * 300_000, "x\n" * 150_000])
def test_text_without_end_is_compared_in_part(course, class_folder, text):
    (class_folder / "small_q.py").write_text(f"double = 1\n{text}")

    found = document(class_folder, "--course", course.root)

    assert names(found["pairs"][0]) == ["small_y.py", "small_z.py"]
    assert [note for note in found["notes"] if "small_q" in note and "in part" in note]


def test_json_beside_submissions_is_no_result(course, class_folder):
    (class_folder / "settings.json").write_text("{}")

    assert document(class_folder, "--course", course.root)["submissions"] == 9


def test_what_was_handed_out_is_read_in_the_course(course, class_folder):
    course.write("assignments/small/small.py", ODD.replace("acc", "y1"))

    found = document(class_folder, "--course", course.root)

    assert found["with_handed_out"]
    assert found["pairs"] == []


def test_released_notebook_that_is_damaged_is_the_courses_fault(course, class_folder):
    course.write("assignments/small/small.ipynb", "{")

    done = CliRunner().invoke(root, ["similar", str(class_folder), "--course", str(course.root)])

    assert isinstance(done.exception, CourseError)
    assert "grader release small" in str(done.exception)


def test_several_files_of_one_are_one_work(course, class_folder):
    (class_folder / "small_w").mkdir()
    for name in ("small.py", "notes.py"):
        (class_folder / "small_w" / name).write_text(ODD if name == "notes.py" else PLAIN)

    found = document(class_folder, "--course", course.root, "--top", "1000")

    assert ["small_w", "small_y.py"] in [names(pair) for pair in found["pairs"]]


# --- results --------------------------------------------------------------------------------------

WRONG = make_exercise(
    make_check(told="", summary="", text=""),
    exercise="double",
    code=ODD,
    diagnosis=(Diagnosis(misconception="m", text="Doubles twice."),),
    counterexample=Counterexample(call="double(3)", how=How.RETURNED, returned="12.75", expected="6"),
)
RIGHT = make_exercise(make_check(), exercise="double", diagnosis=(), code="", counterexample=None)


def results_of(folder, classes, **sha256):
    """Write results: y and z have the same wrong answer, the rest a right one."""
    items = []
    for path in sorted(classes.iterdir()):
        wrong = path.stem[-1] in "yz"
        exercise = WRONG if wrong else replace(RIGHT, status=Status.PASSED)
        digest = sha256.get(path.stem[-1]) or hashlib.sha256(path.read_bytes()).hexdigest()
        items.append(make_submission(exercise, submission=str(path), student=path.stem[-1], sha256=digest))
    folder.mkdir()
    written(folder, *items, assignment="small")
    return folder


def test_results_are_compared_with_the_files_behind_them(course, class_folder, tmp_path):
    results = results_of(tmp_path / "results", class_folder)

    found = document(results, "--course", course.root)

    assert names(found["pairs"][0]) == ["small_y.py", "small_z.py"]
    assert {item["kind"] for item in found["pairs"][0]["shared"]} >= {"answers", "code", "texts"}
    assert found["notes"] == []


@pytest.mark.parametrize("where", ["there", "moved", "unpacked"])
def test_results_of_a_platforms_zip_are_compared_with_what_is_in_it(course, class_folder, tmp_path, monkeypatch, where):
    monkeypatch.chdir(tmp_path)
    files = sorted(class_folder.iterdir())
    packed = {f"student{path.stem[-1]}_{place}1_{place}2_{path.name}": path for place, path in enumerate(files, 1)}
    with zipfile.ZipFile("class.zip", "w") as archive:
        for name, path in packed.items():
            archive.write(path, name)
    results = results_of(tmp_path / "results", class_folder)
    for file in results.glob("*.json"):
        found = json.loads(file.read_text())
        number = 1 + [str(path) for path in files].index(found["submissions"][0]["submission"])
        found["submissions"][0]["submission"] = f"class.zip/student{files[number - 1].stem[-1]}_{number}1"
        file.write_text(json.dumps(found))
    options = []
    if where != "there":
        options = ["--submissions", tmp_path / "other.zip"]
        os.rename("class.zip", "other.zip")
    if where == "unpacked":
        with zipfile.ZipFile("other.zip") as archive:
            archive.extractall("other")
        options[1] = tmp_path / "other"

    found = document(results, "--course", course.root, *options)

    assert found["notes"] == []
    assert names(found["pairs"][0]) == ["studenty_81", "studentz_91"]
    assert {item["kind"] for item in found["pairs"][0]["shared"]} >= {"answers", "code", "texts"}


def test_results_alone_give_wrong_answers_and_say_that_files_are_missing(class_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    results = results_of(tmp_path / "results", class_folder)
    os.rename(class_folder, tmp_path / "elsewhere")

    found = document(results)

    (pair,) = found["pairs"]
    assert names(pair) == ["small_y.py", "small_z.py"]
    answers = [item["rows"][0]["first"] for item in pair["shared"] if item["kind"] == "answers"]
    assert "double(3) returned 12.75" in answers
    assert "9 files are not there" in found["notes"][0]
    assert not found["with_handed_out"]


def test_files_that_have_been_moved_are_found_by_their_names(course, class_folder, tmp_path):
    results = results_of(tmp_path / "results", class_folder)
    os.rename(class_folder, tmp_path / "elsewhere")

    found = document(results, "--course", course.root, "--submissions", tmp_path / "elsewhere")

    assert found["notes"] == []


def test_file_that_is_another_than_was_graded_is_not_taken_for_it(course, class_folder, tmp_path):
    results = results_of(tmp_path / "results", class_folder, a="0" * 64)

    (note,) = document(results, "--course", course.root)["notes"]

    assert "1 files are not there, or are others than those that were graded" in note
    assert "small_a.py" in note


@pytest.mark.parametrize("name", ["none", "empty"])
def test_folder_with_nothing_in_it_is_a_wrong_use(course, tmp_path, name):
    (tmp_path / "empty").mkdir()

    done = CliRunner().invoke(root, ["similar", str(tmp_path / name), "--course", str(course.root)])

    assert done.exception is not None
    assert "empty" in str(done.exception) or "no such" in str(done.exception)
