"""Collecting what a student named or packed to mislead: nobody else's folder is reached, and nobody is stopped."""

import io
import os
import re
import stat
import string
import unicodedata
import zipfile
from pathlib import PurePosixPath

import pytest
from collecting import MOODLE, NAMES, folder_of, packed, placed, whose, zip_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.channels.nbgrader.collect import collect
from grader.errors import UsageError


@pytest.mark.parametrize("data", [b"", b"no zip", packed({"anna/gradient_descent.py": "x"})[:-30]])
def test_class_that_is_no_zip_is_a_wrong_use(tmp_path, data):
    path = tmp_path / "class.zip"
    path.write_bytes(data)

    with pytest.raises(UsageError, match="no zip archive"):
        collect(path, NAMES)


def test_class_that_is_a_single_file_is_a_wrong_use(tmp_path):
    path = tmp_path / "gradient_descent.py"
    path.write_text("x")

    with pytest.raises(UsageError, match="name a folder, or the zip"):
        collect(path, NAMES)


@pytest.mark.parametrize("name", ["../anna/gradient_descent.py", "anna/../../gradient_descent.py", "/anna/autograd.py"])
def test_class_whose_zip_leads_out_of_it_is_refused(tmp_path, name):
    path = zip_of(tmp_path / "class.zip", {name: "x", "bob/gradient_descent.py": "y"})

    with pytest.raises(UsageError, match="leads out of it"):
        collect(path, NAMES)


@pytest.mark.parametrize("name", ["../bob/gradient_descent.py", "/bob/gradient_descent.py", "..\\bob\\autograd.py"])
def test_zip_of_a_student_that_leads_out_of_it_reaches_nobody_else(tmp_path, name):
    files = {"anna.zip": packed({name: "anna's"}), "bob/gradient_descent.py": "bob's"}

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert found == {"bob/gradient_descent": {"gradient_descent.py": "bob's"}}
    assert len(problems) == 1


@pytest.mark.parametrize("name", ["bob/gradient_descent.py", "Bob_12_assignsubmission_file_gradient_descent.py"])
def test_zip_of_a_student_that_names_another_is_the_students(tmp_path, name):
    files = {"anna.zip": packed({name: "anna's"}), "bob/gradient_descent.py": "bob's"}

    found, _ = placed(folder_of(tmp_path / "class", files))

    assert found["bob/gradient_descent"] == {"gradient_descent.py": "bob's"}
    assert set(found) <= {"anna/gradient_descent", "bob/gradient_descent"}


@pytest.mark.parametrize("name", ["Bob_12_assignsubmission_file_gradient_descent.py", "bob_12_98_gradient_descent.py"])
@pytest.mark.parametrize("prefix", ["aberganna_4711_99_", f"{MOODLE}_", f"{MOODLE}/"])
def test_students_file_name_can_not_claim_another_number(tmp_path, prefix, name):
    path = folder_of(tmp_path / "class", {f"{prefix}{name}": "anna's"})

    found, _ = collect(path, NAMES)

    assert {item.student.lms_user_id for item in found} <= {"4711"}


HOSTILE = {
    "a newline": "an\nna",
    "a terminal's escape": "an\x1b[31mna",
    "a leading dash": "-rf",
    "a leading equals sign": "=anna",
    "emoji": "anna\N{SNAKE}",
    "right to left": "\u202eanna",
    "a zero width space": "an\u200bna",
    "backslashes": "an\\..\\na",
    "spaces": "  anna  ",
    "a star and a question mark": "a*n?na",
    "braces and a percent sign": "{anna}%s",
    "shell": "anna; rm -rf $HOME `id`",
    "markup": "<script>anna<",
    "very long": "a" * 250,
    "long letters of four bytes": "\U00010330" * 60,
    "bytes that are no text": "anna\udcff",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_name_of_a_folder_becomes_a_plain_one(tmp_path, name):
    path = folder_of(tmp_path / "class", {f"{name}/gradient_descent.py": "x", "bob/gradient_descent.py": "y"})

    found, problems = collect(path, NAMES)

    assert problems == []
    assert len(found) == 2
    for item in found:
        assert_plain(item.student.id)


def test_folder_of_a_long_name_is_one_that_a_file_system_takes(tmp_path):
    name = "\U00010330" * 200
    path = zip_of(tmp_path / "class.zip", {f"{name}_4711_assignsubmission_file/gradient_descent.py": "x"})

    found, _ = collect(path, NAMES)

    for item in found:
        assert_plain(item.student.id)


@pytest.mark.parametrize("name", ["\N{SNAKE}", "---", "...", "  ", "***", "\u202e"])
def test_name_of_which_nothing_is_left_is_said(tmp_path, name):
    path = zip_of(tmp_path / "class.zip", {f"{name}/gradient_descent.py": "x", "bob/gradient_descent.py": "y"})

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert len(problems) <= 1  # a name that begins with a dot is a hidden file, which is passed over


def test_names_that_become_one_folder_are_not_mixed(tmp_path):
    files = {"anna b/gradient_descent.py": "one", "anna_b/gradient_descent.py": "two"}

    found, problems = placed(zip_of(tmp_path / "class.zip", files))

    assert found == {"anna_b/gradient_descent": {"gradient_descent.py": "one"}}
    assert problems == ["anna_b/gradient_descent.py: 'anna_b' and 'anna b' would share one folder; rename one"]


def test_names_that_differ_only_by_case_are_not_mixed(tmp_path):
    files = {"Anna/gradient_descent.py": "one", "anna/gradient_descent.py": "two"}

    found, problems = placed(zip_of(tmp_path / "class.zip", files))

    assert len(found) == 1
    assert len(problems) == 1
    assert "would share one folder" in problems[0]


def test_names_composed_and_decomposed_are_one_student(tmp_path):
    files = {
        f"{unicodedata.normalize(form, 'Åberg')}/{name}.py": "x"
        for form, name in (("NFC", "autograd"), ("NFD", "gradient_descent"))
    }

    found = whose(zip_of(tmp_path / "class.zip", files))

    assert found == [("Åberg", "Åberg", "")]


@pytest.mark.parametrize("part", ["an\x1b[2Jna", "an\nna", "an\rna", "\u202eanna", "an\u009bna"])
@pytest.mark.parametrize("file", ["gradient_descent.py", "homework.py", "deeper.zip"])
def test_lines_about_hostile_names_are_safe_to_print(tmp_path, part, file):
    data = b"no zip" if file.endswith(".zip") else b"x"
    path = folder_of(tmp_path / "class", {f"{part}/{file}": data, "bob/gradient_descent.py": b"y"})

    found, problems = collect(path, NAMES)

    lines = [*problems, *(origin for item in found for origin in item.origins)]
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for line in lines for char in line)


def test_endless_number_in_a_name_stops_nobody(tmp_path):
    files = {f"anna/gradient_descent-{'9' * 5000}.py": "x", "bob/gradient_descent.py": "y"}

    found, _ = placed(zip_of(tmp_path / "class.zip", files))

    assert found["bob/gradient_descent"] == {"gradient_descent.py": "y"}


def test_symbolic_link_of_one_student_stops_nobody(tmp_path):
    path = folder_of(tmp_path / "class", {"bob/gradient_descent.py": "y", "anna/notes.txt": ""})
    (path / "anna" / "gradient_descent.py").symlink_to("/etc/passwd")

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert len(problems) == 1


def test_linked_folder_is_not_followed(tmp_path):
    path = folder_of(tmp_path / "class", {"bob/gradient_descent.py": "y", "other.txt": ""})
    folder_of(tmp_path / "outside", {"gradient_descent.py": "secret"})
    (path / "anna").symlink_to(tmp_path / "outside")

    found, _ = placed(path)

    assert list(found) == ["bob/gradient_descent"]


def test_linked_zip_is_not_followed(tmp_path):
    path = folder_of(tmp_path / "class", {"bob/gradient_descent.py": "y"})
    (path / "anna.zip").symlink_to(zip_of(tmp_path / "secret.zip", {"gradient_descent.py": "secret"}))

    found, _ = placed(path)

    assert list(found) == ["bob/gradient_descent"]


def test_symbolic_link_in_a_students_zip_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("gradient_descent.py")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    path = folder_of(tmp_path / "class", {"anna.zip": out.getvalue(), "bob/gradient_descent.py": "y"})

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert problems == ["anna.zip: the archive holds a symbolic link: 'gradient_descent.py'"]


def test_pipe_is_said_and_not_waited_for(tmp_path):
    path = folder_of(tmp_path / "class", {"anna/notes.txt": "", "bob/gradient_descent.py": "y"})
    os.mkfifo(path / "anna" / "gradient_descent.py")

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert problems == ["anna/gradient_descent.py: gradient_descent.py is no regular file"]


def test_collecting_writes_nothing_and_runs_nothing(tmp_path):
    path = folder_of(
        tmp_path / "class", {"anna/gradient_descent.py": f"open({str(tmp_path / 'ran')!r}, 'w')", "bob/autograd.py": ""}
    )
    before = sorted(tmp_path.rglob("*"))

    collect(path, NAMES)

    assert sorted(tmp_path.rglob("*")) == before


def assert_plain(student_id):
    """Assert that an id is one component of a path, on any system, and no option of a command."""
    assert PurePosixPath(student_id).parts == (student_id,)
    assert student_id not in ("", ".", "..")
    assert not set(student_id) & set('/\\:*?"<>|\0')
    assert not student_id.startswith(("-", "."))
    assert not any(unicodedata.category(char).startswith(("C", "Z")) for char in student_id)
    assert len(student_id.encode()) <= 255, "longer than a file system takes"


characters = st.sampled_from(
    [*string.printable, "\0", "\N{SNAKE}", "\u202e", "é", "\u0301", "\U00010330", "ß", "\ufb01"]
)
parts = st.one_of(
    st.text(characters, min_size=1, max_size=12),
    st.sampled_from(["..", ".", "anna", "Anna", "gradient_descent", "gradient_descent.py", "autograd (1).ipynb"]),
    st.sampled_from([f"{MOODLE}_gradient_descent.py", "anna_4711_99_gradient_descent-1.py", f"{MOODLE}_", "a.zip"]),
)
# Names as they are in a zip, where nothing stops them; most end as an assignment's file.
names = st.builds(
    lambda folders, file: "/".join([*folders, file]),
    st.lists(parts, max_size=3),
    st.one_of(parts, st.sampled_from(["gradient_descent.py", "gradient_descent.ipynb", "autograd-2.py"])),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(names, min_size=1, max_size=6, unique=True))
def test_any_names_give_plain_folders_and_each_file_to_one_student(tmp_path, found):
    files = {name: f"file {number}" for number, name in enumerate(found)}
    path = zip_of(tmp_path / "class.zip", files)

    try:
        collected, problems = collect(path, NAMES)
    except UsageError:
        return  # a name that leads out of the zip

    owners = {}
    for item in collected:
        assert_plain(item.student.id)
        assert item.assignment in NAMES
        for name, data in item.files:
            assert re.fullmatch(r"[^\W.-][\w.@() -]*\.\w+", name)
            owners.setdefault(data, set()).add(item.student.id)
        assert len(item.files) == len(item.origins)
    assert all(len(students) == 1 for students in owners.values())
    assert len({(item.student.id.casefold(), item.assignment) for item in collected}) == len(collected)
    assert len({item.student.id.casefold() for item in collected}) == len({item.student.id for item in collected})
    assert all(isinstance(problem, str) and problem for problem in problems)


@settings(max_examples=300, deadline=None)
@given(first=st.text(min_size=1, max_size=200), second=st.text(min_size=1, max_size=200))
def test_two_students_never_share_a_folder(tmp_path_factory, first, second):
    usable = [name for name in (first, second) if "/" not in name and "\0" not in name and "\\" not in name]
    folder = tmp_path_factory.getbasetemp()
    files = {
        f"{name}/gradient_descent.py": f"{name!r}" for name in usable if name.encode("utf-8", "ignore").decode() == name
    }
    if not files:
        return

    try:
        collected, _ = collect(zip_of(folder / "pair.zip", files), NAMES)
    except UsageError:
        return

    assert len({item.student.id.casefold() for item in collected}) == len(collected)
    for item in collected:
        assert_plain(item.student.id)
