"""Whose each file is, whatever a learning platform or a student calls it; and what lands in `submitted/`."""

import io
import os
import stat
import string
import unicodedata
import zipfile
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.channels.nbgrader.collect import collect
from grader.errors import UsageError
from grader.submissions.discover import MAX_SOURCE_BYTES

NAMES = ("autograd", "gradient_descent")
MOODLE = "Anna Åberg_4711_assignsubmission_file"


def folder_of(root, files):
    """Write files by their names inside a folder, and return it."""
    root.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def packed(files):
    """Return the bytes of a zip; `files` is a dictionary, or pairs where a name comes twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            # By ZipInfo, which leaves a hostile name as it is.
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, data)
    return out.getvalue()


def zip_of(path, files):
    path.write_bytes(packed(files))
    return path


def placed(path):
    """Return the text of what was collected by student and file name, and the problems."""
    found, problems = collect(path, NAMES)
    return {
        f"{item.student.id}/{item.assignment}": {name: data.decode() for name, data in item.files} for item in found
    }, problems


def whose(path):
    """Return (id, name, number) of each student, where nothing is wrong."""
    found, problems = collect(path, NAMES)
    assert problems == []
    return sorted({(item.student.id, item.student.name, item.student.lms_user_id) for item in found})


LAYOUTS = {
    "flat folders": ("anna/{file}", "bob/{file}"),
    "nbgrader's submitted": ("anna/{stem}/{file}", "bob/{stem}/{file}"),
    "deeper folders": ("anna/homework/week 3/{file}", "bob/{file}"),
    "one common folder": ("submissions/anna/{file}", "submissions/bob/{file}"),
    "one common folder around nbgrader's": ("submitted/anna/{stem}/{file}", "submitted/bob/{stem}/{file}"),
}


@pytest.mark.parametrize("packing", ["folder", "zip"])
@pytest.mark.parametrize("suffix", ["py", "ipynb"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_collect_finds_the_student_of_a_layout(tmp_path, layout, suffix, packing):
    anna, bob = (name.format(stem="gradient_descent", file=f"gradient_descent.{suffix}") for name in LAYOUTS[layout])
    files = {anna: "anna's", bob: "bob's"}
    path = folder_of(tmp_path / "class", files) if packing == "folder" else zip_of(tmp_path / "class.zip", files)

    found, problems = placed(path)

    assert problems == []
    assert found == {
        "anna/gradient_descent": {f"gradient_descent.{suffix}": "anna's"},
        "bob/gradient_descent": {f"gradient_descent.{suffix}": "bob's"},
    }


def test_one_student_in_nbgraders_layout_is_the_student(tmp_path):
    path = folder_of(tmp_path / "class", {"anna/gradient_descent/gradient_descent.py": "hers"})

    found, problems = placed(path)

    assert (list(found), problems) == (["anna/gradient_descent"], [])


def test_assignments_of_one_student_are_apart(tmp_path):
    path = folder_of(tmp_path / "class", {"anna/gradient_descent.py": "one", "anna/autograd.ipynb": "two"})

    found, problems = placed(path)

    assert problems == []
    assert found == {
        "anna/gradient_descent": {"gradient_descent.py": "one"},
        "anna/autograd": {"autograd.ipynb": "two"},
    }


def test_module_and_notebook_come_together(tmp_path):
    path = folder_of(tmp_path / "class", {"anna/gradient_descent.py": "one", "anna/gradient_descent.ipynb": "two"})

    found, problems = placed(path)

    assert problems == []
    assert found == {"anna/gradient_descent": {"gradient_descent.py": "one", "gradient_descent.ipynb": "two"}}


@pytest.mark.parametrize(
    "name",
    [
        f"{MOODLE}/gradient_descent.py",
        f"{MOODLE}_/gradient_descent.py",
        f"{MOODLE}_/homework/gradient_descent.py",
        f"{MOODLE}_gradient_descent.py",
    ],
)
@pytest.mark.parametrize("packing", ["folder", "zip"])
def test_moodles_names_say_student_and_number(tmp_path, name, packing):
    files = {name: "x"}
    path = folder_of(tmp_path / "class", files) if packing == "folder" else zip_of(tmp_path / "class.zip", files)

    found = whose(path)

    assert found == [("Anna_Åberg_4711", "Anna Åberg", "4711")]


def test_moodles_folders_in_one_common_folder_are_the_students(tmp_path):
    files = {f"CS101-week 3-88/{MOODLE}_/gradient_descent.py": "x", "CS101-week 3-88/": ""}

    found = whose(zip_of(tmp_path / "class.zip", files))

    assert found == [("Anna_Åberg_4711", "Anna Åberg", "4711")]


def test_moodles_namesakes_are_two_students(tmp_path):
    files = {
        "Anna B_1_assignsubmission_file/gradient_descent.py": "x",
        "Anna B_2_assignsubmission_file/gradient_descent.py": "y",
    }

    found = whose(zip_of(tmp_path / "class.zip", files))

    assert found == [("Anna_B_1", "Anna B", "1"), ("Anna_B_2", "Anna B", "2")]


@pytest.mark.parametrize("late", ["", "LATE_"])
@pytest.mark.parametrize("again", ["", "-1", "-12", " (1)"])
def test_canvas_names_say_student_and_number(tmp_path, late, again):
    files = {f"aberganna_{late}4711_99887_gradient_descent{again}.ipynb": "x"}

    found, problems = collect(zip_of(tmp_path / "class.zip", files), NAMES)

    assert problems == []
    assert [(item.student.id, item.student.lms_user_id, item.files) for item in found] == [
        ("aberganna_4711", "4711", (("gradient_descent.ipynb", b"x"),))
    ]


def test_canvas_last_resubmission_counts(tmp_path):
    files = {
        "aberganna_4711_1_gradient_descent.py": "first",
        "aberganna_4711_2_gradient_descent-1.py": "second",
        "aberganna_LATE_4711_3_gradient_descent-10.py": "last",
        "aberganna_4711_4_gradient_descent-2.py": "third",
    }

    found, problems = placed(zip_of(tmp_path / "class.zip", files))

    assert problems == []
    assert found == {"aberganna_4711/gradient_descent": {"gradient_descent.py": "last"}}


@pytest.mark.parametrize("again", ["{} (1)", "{}(1)", "{}-1"])
def test_copy_counts_as_the_later_one(tmp_path, again):
    copy = again.format("gradient_descent")
    path = folder_of(tmp_path / "class", {"anna/gradient_descent.ipynb": "old", f"anna/{copy}.ipynb": "new"})

    found, problems = placed(path)

    assert problems == []
    assert found == {"anna/gradient_descent": {"gradient_descent.ipynb": "new"}}


def test_exact_name_wins_over_a_longer_one(tmp_path):
    path = folder_of(
        tmp_path / "class", {"anna/gradient_descent.py": "exact", "anna/gradient_descent_old-7.py": "longer"}
    )

    found, problems = placed(path)

    assert problems == []
    assert found == {"anna/gradient_descent": {"gradient_descent.py": "exact"}}


def test_longest_assignment_name_wins(tmp_path):
    path = folder_of(tmp_path / "class", {"anna/autograd_more.py": "x"})

    found, _ = collect(path, ("autograd", "autograd_more"))

    assert [item.assignment for item in found] == ["autograd_more"]


@pytest.mark.parametrize("name", ["anna.zip", "anna/homework.zip", "anna/a/b/homework.zip"])
def test_zip_of_a_student_in_a_folder_is_opened(tmp_path, name):
    path = folder_of(tmp_path / "class", {name: packed({"gradient_descent.py": "x"}), "bob/gradient_descent.py": "y"})

    found, problems = placed(path)

    assert problems == []
    assert found["anna/gradient_descent"] == {"gradient_descent.py": "x"}


def test_zip_of_a_canvas_student_is_the_students(tmp_path):
    files = {
        "aberganna_4711_99_homework.zip": packed({"gradient_descent.py": "x"}),
        "bob_LATE_12_98_gradient_descent.zip": packed({"week 3/gradient_descent.py": "y"}),
    }

    found = whose(folder_of(tmp_path / "class", files))

    assert [(student, number) for student, _, number in found] == [("aberganna_4711", "4711"), ("bob_12", "12")]


def test_zip_of_a_moodle_student_is_the_students(tmp_path):
    files = {
        f"{MOODLE}_homework.zip": packed({"gradient_descent.py": "x"}),
        "Bob_12_assignsubmission_file/homework.zip": packed({"week 3/gradient_descent.py": "y"}),
    }

    found = whose(folder_of(tmp_path / "class", files))

    assert [(student, number) for student, _, number in found] == [("Anna_Åberg_4711", "4711"), ("Bob_12", "12")]


def test_zip_in_a_zip_is_not_opened_and_said(tmp_path):
    inner = packed({"gradient_descent.py": "x"})
    path = zip_of(tmp_path / "class.zip", {"anna.zip": inner, "bob/gradient_descent.py": "y"})

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert problems == ["anna.zip: a zip in a zip is not opened; unpack the outer one, and name its folder"]


@pytest.mark.parametrize("name", ["exercises.py", "conftest.py", "test_gradient_descent.py", "README.md", "notes.txt"])
def test_file_of_nobody_is_passed_over(tmp_path, name):
    files = {f"anna/{name}": "x", "anna/gradient_descent.py": "y", "bob/gradient_descent.py": "z"}

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert problems == []
    assert sorted(found) == ["anna/gradient_descent", "bob/gradient_descent"]


@pytest.mark.parametrize(
    "name", [".ipynb_checkpoints/gradient_descent.ipynb", "__pycache__/gradient_descent.py", "._gradient_descent.py"]
)
def test_debris_of_other_programs_is_passed_over(tmp_path, name):
    files = {f"anna/{name}": "old", "anna/gradient_descent.py": "y", "bob/gradient_descent.py": "z"}

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert problems == []
    assert found["anna/gradient_descent"] == {"gradient_descent.py": "y"}


def test_file_that_is_no_assignments_is_said(tmp_path):
    path = folder_of(tmp_path / "class", {"anna/homework.py": "x", "bob/gradient_descent.py": "y"})

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert problems == [
        "anna/homework.py: no assignment's name begins its name; there is autograd, gradient_descent",
    ]


def test_file_without_a_student_is_said(tmp_path):
    path = folder_of(tmp_path / "class", {"gradient_descent.py": "x", "bob/gradient_descent.py": "y"})

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert problems == [
        "gradient_descent.py: its name does not say whose it is; put it into a folder with the student's name",
    ]


def test_file_beside_the_students_makes_the_common_folder_nobodys(tmp_path):
    files = {
        "class/anna/gradient_descent.py": "same",
        "class/bob/gradient_descent.py": "same",
        "class/solve.py": "the instructor's",
    }

    found, _ = placed(zip_of(tmp_path / "class.zip", files))

    assert "class/gradient_descent" not in found


def test_two_different_files_are_left_to_the_student(tmp_path):
    files = {
        "anna/one/gradient_descent.py": "x",
        "anna/two/gradient_descent.py": "y",
        "anna/gradient_descent.ipynb": "z",
        "bob/gradient_descent.py": "w",
    }

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert list(found) == ["bob/gradient_descent"]
    assert problems == [
        "anna/one/gradient_descent.py and anna/two/gradient_descent.py: only the student can say which one counts",
    ]


def test_two_equal_files_are_one(tmp_path):
    files = {"anna/one/gradient_descent.py": "x", "anna/two/gradient_descent.py": "x", "bob/gradient_descent.py": "y"}

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert problems == []
    assert found["anna/gradient_descent"] == {"gradient_descent.py": "x"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_that_is_twice_in_a_zip_is_left_to_the_student(tmp_path):
    pairs = [("anna/gradient_descent.py", "x"), ("anna/gradient_descent.py", "y"), ("bob/gradient_descent.py", "z")]

    found, problems = placed(zip_of(tmp_path / "class.zip", pairs))

    assert list(found) == ["bob/gradient_descent"]
    assert len(problems) == 1


def test_empty_file_is_collected_for_the_grader_to_say(tmp_path):
    path = folder_of(tmp_path / "class", {"anna/gradient_descent.py": ""})

    found, problems = placed(path)

    assert (found, problems) == ({"anna/gradient_descent": {"gradient_descent.py": ""}}, [])


@pytest.mark.parametrize("packing", ["folder", "zip"])
def test_too_large_file_is_said_and_stops_nobody(tmp_path, packing):
    files = {"anna/gradient_descent.py": b"#" * (MAX_SOURCE_BYTES + 1), "bob/gradient_descent.py": b"y"}
    path = folder_of(tmp_path / "class", files) if packing == "folder" else zip_of(tmp_path / "class.zip", files)

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert len(problems) == 1
    assert "the limit is" in problems[0]


def test_damaged_zip_of_a_student_stops_nobody(tmp_path):
    files = {"anna.zip": packed({"gradient_descent.py": "x"})[:-30], "bob/gradient_descent.py": "y"}

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert list(found) == ["bob/gradient_descent"]
    assert [problem.partition(":")[0] for problem in problems] == ["anna.zip"]


def test_damaged_member_of_a_zip_stops_nobody(tmp_path):
    data = packed({"anna/gradient_descent.py": "here it is", "bob/gradient_descent.py": "y"})
    path = tmp_path / "class.zip"
    path.write_bytes(data.replace(b"here it is", b"there it i"))

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert len(problems) == 1
    assert "can't be taken from the archive" in problems[0]


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
            assert name in (f"{item.assignment}.py", f"{item.assignment}.ipynb")
            owners.setdefault(data, set()).add(item.student.id)
        assert len(item.files) == len(item.origins) <= 2
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
