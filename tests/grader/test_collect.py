"""Whose each file is, whatever a learning platform calls it; and what lands in `submitted/`."""

from pathlib import Path

import pytest
from collecting import MOODLE, NAMES, folder_of, packed, placed, whose, zip_of

from grader.channels.nbgrader.collect import collect
from grader.submissions.files import MAX_SOURCE_BYTES

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
def test_copy_comes_with_what_it_is_a_copy_of(tmp_path, again):
    copy = again.format("gradient_descent")
    path = folder_of(tmp_path / "class", {"anna/gradient_descent.ipynb": "old", f"anna/{copy}.ipynb": "new"})

    found, problems = placed(path)

    assert problems == []
    assert found == {"anna/gradient_descent": {"gradient_descent.ipynb": "old", f"{copy}.ipynb": "new"}}


def test_exact_name_comes_with_a_longer_one(tmp_path):
    path = folder_of(
        tmp_path / "class", {"anna/gradient_descent.py": "exact", "anna/gradient_descent_old-7.py": "longer"}
    )

    found, problems = placed(path)

    assert problems == []
    assert found == {"anna/gradient_descent": {"gradient_descent.py": "exact", "gradient_descent_old-7.py": "longer"}}


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


def test_class_by_a_link_that_is_named_is_collected(tmp_path):
    folder_of(tmp_path / "class", {"anna/gradient_descent.py": "x"})
    (tmp_path / "link").symlink_to("class")

    found, problems = placed(tmp_path / "link")

    assert (found, problems) == ({"anna/gradient_descent": {"gradient_descent.py": "x"}}, [])


@pytest.mark.parametrize("name", ["exercises.py", "conftest.py", "test_gradient_descent.py", "README.md", "notes.txt"])
def test_file_of_nobody_is_passed_over(tmp_path, name):
    files = {f"anna/{name}": "x", "anna/gradient_descent.py": "y", "bob/gradient_descent.py": "z"}

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert problems == []
    assert sorted(found) == ["anna/gradient_descent", "bob/gradient_descent"]


@pytest.mark.parametrize(
    "name",
    [
        ".ipynb_checkpoints/gradient_descent.ipynb",
        "_course/kit/gradient_descent.py",
        "__pycache__/gradient_descent.py",
        "._gradient_descent.py",
    ],
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
        "anna/homework.py: its name says no assignment; say --assignment, autograd, gradient_descent",
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


def test_two_different_files_are_left_to_who_grades(tmp_path):
    files = {
        "anna/one/gradient_descent.py": "x",
        "anna/two/gradient_descent.py": "y",
        "anna/gradient_descent.ipynb": "z",
        "bob/gradient_descent.py": "w",
    }

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert problems == []
    assert found["anna/gradient_descent"] == {
        "gradient_descent.py": "y",
        "gradient_descent (2).py": "x",
        "gradient_descent.ipynb": "z",
    }


def test_two_equal_files_are_one(tmp_path):
    files = {"anna/one/gradient_descent.py": "x", "anna/two/gradient_descent.py": "x", "bob/gradient_descent.py": "y"}

    found, problems = placed(folder_of(tmp_path / "class", files))

    assert problems == []
    assert found["anna/gradient_descent"] == {"gradient_descent.py": "x"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_that_is_twice_in_a_zip_is_left_to_who_grades(tmp_path):
    pairs = [("anna/gradient_descent.py", "x"), ("anna/gradient_descent.py", "y"), ("bob/gradient_descent.py", "z")]

    found, problems = placed(zip_of(tmp_path / "class.zip", pairs))

    assert problems == []
    assert sorted(found["anna/gradient_descent"].values()) == ["x", "y"]


@pytest.mark.parametrize("name", ["Untitled.ipynb", "Kopie von Untitled.ipynb", "homework.py"])
def test_file_of_any_name_is_of_the_assignment_that_is_said(tmp_path, name):
    path = folder_of(tmp_path / "class", {f"anna/{name}": "x", f"bob/gradient_descent/{name}": "y"})

    found, problems = collect(path, NAMES, assignment="autograd")

    released = f"autograd{Path(name).suffix}"
    assert problems == []
    assert [(item.student.id, item.assignment, item.files) for item in found] == [
        ("anna", "autograd", ((released, b"x"),)),
        ("bob", "gradient_descent", ((f"gradient_descent{Path(name).suffix}", b"y"),)),
    ]


def test_brightspaces_attempts_are_one_student_and_the_last_counts(tmp_path):
    files = {
        "11-99 - Anna Åberg - Sep 9, 2026 1130 PM/gradient_descent.py": "second",
        "11-99 - Anna Åberg - Sep 9, 2026 900 AM/gradient_descent.py": "first",
        "11-99 - Anna Åberg - Oct 1, 2026 1215 AM/Gradient Descent (1).ipynb": "third",
        "12-99 - Bob - Sep 9, 2026 1000 AM/gradient_descent.py": "his",
        "index.html": "<html>",
    }

    found, problems = placed(zip_of(tmp_path / "class.zip", files))

    assert problems == []
    assert found == {
        "Anna_Åberg_11/gradient_descent": {"gradient_descent.ipynb": "third"},
        "Bob_12/gradient_descent": {"gradient_descent.py": "his"},
    }


def test_work_waits_beside_what_can_not_be_read(tmp_path):
    path = folder_of(tmp_path / "class", {"anna/gradient_descent.py": "stub", "bob/gradient_descent.py": "his"})
    with (path / "anna" / "gradient_descent.ipynb").open("wb") as file:
        file.truncate(17 * 2**20)

    found, problems = placed(path)

    assert list(found) == ["bob/gradient_descent"]
    assert any("anna/gradient_descent.py: waits" in problem for problem in problems)


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
