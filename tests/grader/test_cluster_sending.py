"""A submission as bytes for another machine: it is read there as it is here, or not sent at all."""

import asyncio
import os
import re
import shutil
import stat
import tracemalloc
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import make_submission
from small_course import SmallCourse

from grader.cluster.messages import Answer, Graded, answers, read_answer, write_answer
from grader.cluster.plugin import Checkers
from grader.cluster.sending import MAX_SENT_BYTES, pack, read_batch, unpack, write_batch
from grader.course.reading import find_course, load_assignment
from grader.errors import Unreadable, WireError
from grader.judge import state
from grader.judge.state import parts_of
from grader.submissions.files import digest_of
from grader.submissions.found import Found, Wanted
from grader.submissions.sources import read_sources

RIGHT = "def double(x):\n    return 2 * x\n"
WANTED = Wanted(assignment="small", exercises=("double",), assignments=("small", "large"))


def read(found):
    try:
        return read_sources(found, WANTED)
    except Unreadable as error:
        return str(error)


def there(found, folder):
    """Return a submission as another machine has it."""
    folder.mkdir()
    (sent,) = read_batch(write_batch([pack(found)]))
    return unpack(sent, folder)


def folder_with(root, **names):
    for name, data in names.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


@pytest.mark.parametrize("packed", [False, True])
def test_part_of_a_class_that_a_platform_hands_out_is_read_there_as_here(tmp_path, packed):
    files = {"ada_1_11_small.py": RIGHT, "ada_1_12_notes.docx": "x", "bo_2_21_small.py": RIGHT.replace("2", "3")}
    root = folder_with(tmp_path / "class", **files)
    if packed:
        root = tmp_path / "class.zip"
        with zipfile.ZipFile(root, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    parts = (("small.py", "ada_1_11_small.py"), ("notes.docx", "ada_1_12_notes.docx"))
    found = Found(given=str(root / "ada"), path=root, student="Ada (1)", files=parts, earlier=("x",), late=True)

    sent = there(found, tmp_path / "there")

    assert read(sent) == read(found)
    assert digest_of(sent) == digest_of(found)
    assert sent.remarks == found.remarks
    assert len(sent.remarks) == 2
    assert "".join(cell.text for source in read(sent).sources for cell in source.cells) == RIGHT


@pytest.mark.parametrize(
    "names",
    [
        {"small.py": RIGHT},
        {"a/b/c/my.py": RIGHT, "a/other.txt": "", ".git/small.py": RIGHT},
        {"small.ipynb": "{", "small (1).py": RIGHT},
        {"large.py": RIGHT, "small.docx": "x", "notes.md": "x"},
        {"1/2/3/4/5/6/7/small.py": RIGHT},
        {},
        {"small.py": "", "b/small.py": "def ("},
    ],
)
def test_folder_is_read_there_as_here(tmp_path, names):
    (tmp_path / "ada").mkdir()
    found = Found(given="class/ada", path=folder_with(tmp_path / "ada", **names), earlier=("before",), student="Ada")

    other = there(found, tmp_path / "there")

    assert read(other) == read(found)
    assert other.path.name == "ada"
    assert (other.given, other.earlier, other.student) == ("class/ada", ("before",), "Ada")


@pytest.mark.parametrize("link", ["small.py", "other.py", "data.csv", "more"])
def test_link_is_one_there_too_and_leads_nowhere(tmp_path, link):
    folder = folder_with(tmp_path / "ada", **{"mine.py": RIGHT})
    os.symlink("/etc/passwd", folder / link)
    found = Found(given="ada", path=folder)

    other = there(found, tmp_path / "there")

    assert read(other) == read(found)
    assert os.readlink(other.path / link) == os.devnull


def test_zip_and_file_are_read_there_as_here(tmp_path):
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("small.py", RIGHT)
    (tmp_path / "bo.py").write_text(RIGHT)
    shutil.copytree(tmp_path, tmp_path / "both")

    for number, name in enumerate(("ada.zip", "bo.py", "both")):
        found = Found(given=name, path=tmp_path / name)
        assert read(there(found, tmp_path / f"there-{number}")) == read(found)


def test_any_name_and_content_arrives(tmp_path):
    name = b"\xff \xe2\x80\xae\n'$(x).py"
    path = os.fsencode(tmp_path) + b"/" + name
    with open(path, "wb") as file:
        file.write(bytes(range(256)))
    found = Found(given="z", path=tmp_path / os.fsdecode(name))

    other = there(found, tmp_path / "there")

    assert os.fsencode(other.path.name) == name
    assert other.path.read_bytes() == bytes(range(256))
    assert stat.S_IMODE(other.path.stat().st_mode) == 0o600


def test_what_can_not_be_sent_as_it_is_is_not_sent(tmp_path):
    with (tmp_path / "large.py").open("wb") as file:
        file.truncate(MAX_SENT_BYTES + 1)
    os.symlink(tmp_path / "large.py", tmp_path / "link.py")
    os.mkfifo(tmp_path / "pipe.py")
    folder = tmp_path / "folder"
    folder.mkdir()
    os.mkfifo(folder / "pipe")

    for name in ("large.py", "link.py", "pipe.py", "folder", "nowhere"):
        assert pack(Found(given=name, path=tmp_path / name)) is None, name


@pytest.mark.parametrize("packed", [False, True])
def test_files_that_are_too_large_together_are_not_sent_nor_read_whole(tmp_path, packed):
    root = tmp_path / "class"
    root.mkdir()
    names = [f"{number}.py" for number in range(4)]
    for name in names:
        with (root / name).open("wb") as file:
            file.truncate(MAX_SENT_BYTES // 3)
    if packed:
        with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.write(root / name, name)
        root = tmp_path / "class.zip"
    found = Found(given="ada", path=root, files=tuple((name, name) for name in names))

    tracemalloc.start()
    try:
        sent = pack(found)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert sent is None
    assert most < 2 * MAX_SENT_BYTES
    assert pack(replace(found, files=found.files[:2])) is not None


@pytest.mark.parametrize("name", [b"../out.py", b"/out.py", b"a/../../out.py", b"", b".", b"a//b", b"a\0b"])
def test_name_that_leads_out_is_refused(tmp_path, name):
    sent = pack(Found(given="ada", path=folder_with(tmp_path / "ada", **{"small.py": RIGHT})))
    (file,) = sent.files
    (tmp_path / "there").mkdir()

    with pytest.raises(WireError):
        unpack(replace(sent, files=(replace(file, name=name),)), tmp_path / "there")
    with pytest.raises(WireError):
        unpack(replace(sent, name=name), tmp_path / "there")
    assert not (tmp_path / "out.py").exists()


@given(data=st.binary(max_size=200))
def test_other_bytes_are_no_submissions_and_no_answer(data):
    with pytest.raises(WireError):
        read_batch(b"\xc1" + data)
    with pytest.raises(ValueError, match="no JSON of this shape"):
        read_answer(b"\xc1" + data)


def test_message_of_another_shape_is_no_submission(tmp_path):
    sent = pack(Found(given="ada", path=folder_with(tmp_path / "ada", **{"small.py": RIGHT})))

    for wrong in (replace(sent, folder=False, files=()), {"given": 1}, None):
        with pytest.raises(WireError):
            read_batch(msgspec.msgpack.encode([wrong]))


def test_answer_is_read_as_it_was_written():
    answer = Answer(machine="aa", graded=(Graded(given="ada", sandbox="all", report=make_submission()),))

    assert read_answer(write_answer(answer)) == answer


def test_answer_is_of_the_submissions_that_were_sent_each_once():
    def graded(given, submission):
        return Graded(given=given, sandbox="all", report=make_submission(submission=submission))

    ada, bo = graded("ada", "ada"), graded("b\x1bo", "b\ufffdo")

    assert answers(Answer(graded=(bo, ada)), {"ada": 1, "b\x1bo": 2})
    for wrong in ((ada,), (ada, ada), (ada, bo, bo), (ada, graded("b\x1bo", "ada")), (ada, graded("x", "x"))):
        assert not answers(Answer(graded=wrong), {"ada": 1, "b\x1bo": 2})


@pytest.fixture
def two_courses(tmp_path, monkeypatch):
    """Return the course where the run is started, the one on a worker's disk, and what the worker answers to it."""
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    here, there = SmallCourse(tmp_path / "here"), SmallCourse(tmp_path / "there")
    assignment = load_assignment(find_course(here.root), "small")

    made_of = parts_of(assignment)

    def answer(packages=()):
        checkers = Checkers("x", str(here.root), "small", "auto", {**made_of, **dict(packages)})
        worker = SimpleNamespace(address="tcp://worker:1")
        checkers.setup(worker)
        try:
            return checkers.grade(write_batch([]))
        finally:
            asyncio.run(checkers.teardown(worker))

    return here, there, answer, monkeypatch


def test_worker_with_the_same_course_elsewhere_grades(two_courses):
    _, there, answer, monkeypatch = two_courses
    monkeypatch.setenv("GRADER_COURSE", str(there.root))

    found = answer()

    assert found.refusal == ""
    assert len(found.machine) == 16


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("tests/hidden/test_small.py", "one product", "another"), "suite"),
        (("solutions/small/assignment.toml", "points = 2", "points = 3"), "settings"),
        (("solutions/small/small.py", "return 2 * x", "return x + x"), "reference"),
    ],
)
def test_worker_with_another_course_refuses_and_says_what_differs(two_courses, change, what):
    _, there, answer, monkeypatch = two_courses
    monkeypatch.setenv("GRADER_COURSE", str(there.root))
    there.edit(*change)

    refusal = answer().refusal

    assert "(tcp://worker:1): it would grade otherwise: " + what + " is " in refusal
    assert ";" not in refusal.partition("otherwise: ")[2].partition("; install")[0]  # and nothing else


def test_worker_that_lacks_a_package_refuses_and_says_which(two_courses):
    _, _, answer, monkeypatch = two_courses
    packages = {"torch": "9.9", "numpy": "none"}

    refusal = answer(packages).refusal

    assert re.search(
        r"otherwise: numpy is [\d.]+ there, none here; torch is [\d.+a-z]+ there, 9.9 here; install", refusal
    )
    monkeypatch.setattr(state, "_PACKAGES", ("hypothesis", "numpy", "pytest", "no-such-package"))
    assert "torch is None there" in answer().refusal
    assert state.parts_of(load_assignment(find_course(two_courses[0].root), "small"))["no-such-package"] == "none"


def test_worker_without_a_course_refuses_and_says_where_it_looked(two_courses):
    here, there, answer, monkeypatch = two_courses
    shutil.rmtree(here.root / "solutions")
    assert f"there is no course at {here.root}: put the course there, or set GRADER_COURSE" in answer().refusal

    monkeypatch.setenv("GRADER_COURSE", str(there.root / "none"))
    assert f"there is no course at GRADER_COURSE={there.root / 'none'}" in answer().refusal
