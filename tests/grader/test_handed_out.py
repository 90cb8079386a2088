"""What learning platforms hand out: whose each file is, which attempt counts, and that a zip reads as its folder."""

from pathlib import Path

import pytest
from collecting import folder_of, packed, zip_of
from submission_files import CODE, NAME, NAMES, read_sources

from grader.channels.nbgrader.collect import collect
from grader.errors import Unreadable, UsageError
from grader.submissions.discover import discover, infer_assignment, is_of_others
from grader.submissions.found import Student
from grader.submissions.platforms import Platform, platform_of, read_name

A = "gradient_descent"
MOODLE = "Anna Åberg_4711_assignsubmission_file"
BB = "Gradient Descent_{}_attempt_2026-{}_{}"
GRADESCOPE = """\
submission_31:
  :submitters:
  - :name: Anna Åberg
    :sid: '0047'
    :email: anna@uni.example
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score: 2.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    output: |-
      submission_32:
        :submitters:
        - :name: Mallory
submission_32:
  :submitters:
  - :name: Bo
    :sid:
    :email: bo@uni.example
  - :name: Cy
    :sid: 49
  :history: []
"""
# For each form: the files of a class, and for each submission its name, student, and what it holds.
FORMS = {
    "Canvas": (
        {
            f"aberganna_4711_99_{A}.ipynb": "nb",
            "aberganna_4711_98_notes.md": "text",
            f"bergbo_LATE_12_77_{A}-2.py": "second",
            f"bergbo_LATE_12_70_{A}-1.py": "first",
            "cy_13_71_homework.zip": packed({f"week 3/{A}.py": "zipped"}),
        },
        [
            ("aberganna_4711", "aberganna (4711)", {f"{A}.ipynb", "notes.md"}),
            ("bergbo_12", "bergbo (12)", {f"{A}-2.py"}),
            ("cy_13", "cy (13)", {"homework.zip"}),
        ],
    ),
    "Canvas, anonymous": (
        {f"anon_aB3dE_99_{A}.py": "x", f"LATE_anon_Zz9yX_98_{A}.py": "y", f"anon_Qq1wE_97_{A}.py": "z"},
        [
            ("anon_Qq1wE", "anon (Qq1wE)", {f"{A}.py"}),
            ("anon_Zz9yX", "anon (Zz9yX)", {f"{A}.py"}),
            ("anon_aB3dE", "anon (aB3dE)", {f"{A}.py"}),
        ],
    ),
    "Moodle in folders": (
        {
            f"{MOODLE}_/{A}.py": "x",
            "Anna Åberg_4712_assignsubmission_file/Untitled.ipynb": "namesake",
            "Bo B_12_assignsubmission_file/a/x.py": "his",
            "Bo B_12_assignsubmission_onlinetext/onlinetext.html": "<p>see file",
        },
        [
            ("Anna Åberg_4711", "Anna Åberg (4711)", {f"{A}.py"}),
            ("Anna Åberg_4712", "Anna Åberg (4712)", {"Untitled.ipynb"}),
            ("Bo B_12", "Bo B (12)", {"a/x.py", "onlinetext.html"}),
        ],
    ),
    "Moodle side by side": (
        {f"{MOODLE}_{A}.py": "x", f"{MOODLE}_notes.md": "n", f"Bo_12_assignsubmission_file_{A}.ipynb": "his"},
        [
            ("Anna Åberg_4711", "Anna Åberg (4711)", {f"{A}.py", "notes.md"}),
            ("Bo_12", "Bo (12)", {f"{A}.ipynb"}),
        ],
    ),
    "Brightspace in folders": (
        {
            f"11-99 - Anna Åberg - Sep 9, 2026 1130 PM/{A}.py": "second",
            f"11-99 - Anna Åberg - Sep 9, 2026 900 AM/{A}.py": "first",
            f"12-99 - Anna Åberg - Oct 1, 2026 1215 AM/{A}.py": "namesake",
            "index.html": "<html>",
        },
        [("Anna Åberg_11", "Anna Åberg (11)", {f"{A}.py"}), ("Anna Åberg_12", "Anna Åberg (12)", {f"{A}.py"})],
    ),
    "Brightspace side by side": (
        {
            f"11-99 - Anna Åberg - Sep 9, 2026 1130 PM - {A}.py": "second",
            f"11-99 - Anna Åberg - Sep 9, 2026 900 AM - {A}.py": "first",
            "12-99 - Bo - Sep 9, 2026 900 AM - Untitled.ipynb": "his",
            "index.html": "<html>",
        },
        [("Anna Åberg_11", "Anna Åberg (11)", {f"{A}.py"}), ("Bo_12", "Bo (12)", {"Untitled.ipynb"})],
    ),
    "Blackboard": (
        {
            BB.format("aaberg", "09-01-10-00-00", f"{A}.py"): "first",
            BB.format("aaberg", "09-02-10-00-00", f"{A}.py"): "second",
            BB.format("aaberg", "09-02-10-00-00", "notes.md"): "n",
            BB.format("aaberg", "09-02-10-00-00", "")[:-1] + ".txt": "Name: Anna Åberg (aaberg)\nAssignment: x\n",
            BB.format("bo_b", "09-02-10-00-00", f"{A}.py"): "his",
            BB.format("bo_b", "09-02-10-00-00", "")[:-1] + ".txt": "Name: Bo B (bo_b)\r\nAssignment: x\r\n",
            BB.format("cy_b", "09-02-10-00-00", f"{A}.py"): "hers",
            BB.format("cy_b", "09-02-10-00-00", "")[:-1] + ".txt": "Name: Cy B (cy_b)\r\nAssignment: x\r\n",
        },
        [
            ("aaberg", "Anna Åberg (aaberg)", {f"{A}.py", "notes.md"}),
            ("bo_b", "Bo B (bo_b)", {f"{A}.py"}),
            ("cy_b", "Cy B (cy_b)", {f"{A}.py"}),
        ],
    ),
    "Gradescope": (
        {
            "assignment_7_export/submission_metadata.yml": GRADESCOPE,
            f"assignment_7_export/submission_31/{A}.py": "x",
            f"assignment_7_export/submission_32/src/{A}.py": "y",
            "assignment_7_export/submission_33/a.py": "of nobody known",
        },
        [
            ("Anna Åberg_0047", "Anna Åberg (0047)", {f"{A}.py"}),
            ("Bo_bo@uni.example", "Bo (bo@uni.example), Cy (49)", {f"src/{A}.py"}),
            ("submission_33", "", {"a.py"}),
        ],
    ),
    "ILIAS": (
        {
            f"Übung 3/Abgaben/Aberg_Anna Lena_aaberg_4711/{A}.py": "x",
            "Übung 3/Abgaben/Berg_Bo_bo.berg_12/Untitled.ipynb": "y",
            "Übung 3/Übung 3.xlsx": "table",
        },
        [
            ("Aberg_Anna Lena_aaberg_4711", "Anna Lena Aberg (4711)", {f"{A}.py"}),
            ("Berg_Bo_bo.berg_12", "Bo Berg (12)", {"Untitled.ipynb"}),
        ],
    ),
    "ILIAS, teams": (
        {
            f"Ue/Submissions/Team 210343/Aberg_Anna_aaberg_4711/{A}.py": "x",
            "Ue/Submissions/Team 210343/Berg_Bo_bberg_12/more.py": "y",
            f"Ue/Submissions/Team 210344/Cy_C_ccy_13/{A}.py": "z",
        },
        [
            (
                "Team 210343",
                "Anna Aberg (4711), Bo Berg (12)",
                {f"Aberg_Anna_aaberg_4711/{A}.py", "Berg_Bo_bberg_12/more.py"},
            ),
            ("Team 210344", "C Cy (13)", {f"Cy_C_ccy_13/{A}.py"}),
        ],
    ),
}


def holds(item):
    """Return the student's names of what a submission is."""
    if item.files:
        return {name for name, _ in item.files}
    below = [path for path in item.path.rglob("*") if path.is_file()]
    return {str(path.relative_to(item.path)) for path in below} or {item.path.name}


@pytest.mark.parametrize("form", FORMS)
def test_zip_of_a_platform_is_its_class(tmp_path, form):
    files, expected = FORMS[form]
    path = zip_of(tmp_path / "class.zip", files)

    found = discover([str(path)], NAMES)

    assert [(Path(item.given).name, item.student, holds(item)) for item in found] == expected


@pytest.mark.parametrize("form", FORMS)
def test_folder_of_a_platform_has_the_same_submissions_as_its_zip(tmp_path, form):
    files, expected = FORMS[form]
    folder_of(tmp_path / "class", files)

    found = discover([str(tmp_path / "class")], NAMES)

    assert [(Path(item.given).name, item.student) for item in found] == [(name, who) for name, who, _ in expected]
    assert [item.students for item in found] == [
        item.students for item in discover([str(zip_of(tmp_path / "class.zip", files))], NAMES)
    ]


def test_last_attempt_counts_and_earlier_ones_are_named(tmp_path):
    files = FORMS["Blackboard"][0] | FORMS["Canvas"][0]
    first = [name for name in files if "09-01" in name or name.endswith("-1.py")]
    for form in ("Blackboard", "Canvas"):
        folder_of(tmp_path / form, FORMS[form][0])

    found = discover([str(tmp_path / "Blackboard"), str(tmp_path / "Canvas")], NAMES)

    assert [item.earlier for item in found if item.earlier] == [(name,) for name in first]


def test_late_marks_of_canvas_are_kept(tmp_path):
    folder_of(tmp_path, FORMS["Canvas"][0])

    assert [item.late for item in discover([str(tmp_path)], NAMES)] == [False, True, False]


@pytest.mark.parametrize("packing", ["folder", "zip"])
@pytest.mark.parametrize(("form", "place"), [("Canvas", 1), ("Moodle in folders", 0), ("Blackboard", 0), ("ILIAS", 0)])
def test_work_is_read_where_it_lies(tmp_path, form, place, packing):
    files = {name: CODE if name.endswith(".py") else data for name, data in FORMS[form][0].items()}
    path = folder_of(tmp_path / "c", files) if packing == "folder" else zip_of(tmp_path / "c.zip", files)

    (source,) = read_sources(discover([str(path)], NAMES)[place], NAME)

    assert source.cells[0].text == CODE.decode()


@pytest.mark.parametrize("packing", ["folder", "zip"])
def test_zip_of_a_student_is_opened_in_either(tmp_path, packing):
    files = {**FORMS["Canvas"][0], "cy_13_71_homework.zip": packed({f"week 3/{A}.py": CODE})}
    path = folder_of(tmp_path / "c", files) if packing == "folder" else zip_of(tmp_path / "c.zip", files)

    (source,) = read_sources(discover([str(path)], NAMES)[2], NAME)

    assert source.cells[0].text == CODE.decode()


def test_file_that_has_gone_since_is_unreadable(tmp_path):
    path = zip_of(tmp_path / "c.zip", FORMS["Canvas"][0])
    found = discover([str(path)], NAMES)
    zip_of(path, {"x.py": "y"})

    with pytest.raises(Unreadable, match=r"no longer in c\.zip"):
        read_sources(found[0], NAME)


@pytest.mark.parametrize("form", FORMS)
def test_assignment_is_said_by_the_students_files(tmp_path, form):
    path = zip_of(tmp_path / "c.zip", FORMS[form][0])

    said = {infer_assignment(item, NAMES) for item in discover([str(path)], NAMES)}

    assert said - {None} == {A}


def test_plain_zip_is_one_submission(tmp_path):
    path = zip_of(tmp_path / "c.zip", {f"anna/{A}.py": "x", f"bo/{A}.py": "y"})

    assert [(item.path, item.files) for item in discover([str(path)], NAMES)] == [(path, ())]


@pytest.mark.parametrize(
    "names",
    [
        [f"{A}_anna.py", f"{A}_bo.py", "x_1_2_y.py"],
        ["neuron_1_2_anna.py", "neuron_2_2_bo.py"],
        ["hw_1_1_anna.py", "hw_2_1_bo.py"],
        ["anna_lee_week_12", "bo_lee_week_12"],
        ["anna", "bo", "Team 1"],
    ],
)
def test_names_of_people_are_taken_for_no_platforms(tmp_path, names):
    folder_of(tmp_path, {f"{name}/x.py" if "." not in name else name: "x" for name in names})

    assert [Path(item.given).name for item in discover([str(tmp_path)], NAMES)] == sorted(names)


def test_file_called_as_another_platforms_is_its_students(tmp_path):
    bait = "x_victim_attempt_2030-01-01-00-00-00_gradient_descent.py"
    names = [BB.format("mallory", "09-01-10-00-00", bait), BB.format("victim", "09-01-10-00-00", f"{A}.py")]
    canvas = [f"mallory_13_98_{bait}", f"victim_12_99_{A}.py"]
    moodle = [f"mallory_1_2_victim_12_assignsubmission_file_{A}.py", f"victim_12_99_{A}.py"]

    assert read_name(names[0], Platform.BLACKBOARD).student == Student(login="mallory")
    assert read_name(names[0], Platform.BLACKBOARD).file == bait
    assert [platform_of(given, []) for given in (canvas, moodle)] == [Platform.CANVAS, Platform.CANVAS]
    assert read_name(moodle[0], Platform.CANVAS).student == Student(name="mallory", number="1")


def test_students_of_one_name_and_file_are_two(tmp_path):
    files = {f"lee_1_10_{A}.py": "x", f"lee_2_11_{A}.py": "y", f"bo_3_12_{A}.py": "z"}

    found = discover([str(folder_of(tmp_path, files))], NAMES)

    assert [item.student for item in found] == ["bo (3)", "lee (1)", "lee (2)"]


@pytest.mark.parametrize("text", ["a: [", "[1, 2]", "x: &a [*a, *b]", "[" * 5000, "\x00"])
def test_metadata_that_can_not_be_read_is_said(tmp_path, text):
    folder_of(tmp_path, {"submission_metadata.yml": text, f"submission_1/{A}.py": "x"})

    with pytest.raises(UsageError, match=r"submission_metadata\.yml: it .*download the export again"):
        discover([str(tmp_path)], NAMES)


def test_hostile_name_of_gradescopes_leads_nowhere(tmp_path):
    metadata = 'submission_1:\n  :submitters:\n  - :name: "../../x\\e[31m"\n    :sid: ../y\n'
    path = zip_of(tmp_path / "c.zip", {"submission_metadata.yml": metadata, f"submission_1/{A}.py": "x"})

    (item,) = discover([str(path)], NAMES)

    assert Path(item.given).parent == path


def test_link_in_a_class_is_not_followed(tmp_path):
    folder_of(tmp_path / "class", {f"bo_3_12_{A}.py": "z", f"lee_2_11_{A}.py": "y"})
    (tmp_path / "secret.py").write_bytes(CODE)
    for name in (f"eve_4_13_{A}.py", "eve_4_14_more.py"):
        (tmp_path / "class" / name).symlink_to(tmp_path / "secret.py")

    eve = discover([str(tmp_path / "class")], NAMES)[1]

    assert eve.student == "eve (4)"
    with pytest.raises(Unreadable):
        read_sources(eve, NAME)


def test_student_of_nbgraders_with_other_assignments_alone_has_handed_in_nothing(tmp_path):
    files = {
        f"anna/{A}/{A}.ipynb": "x",
        "anna/neuron/neuron.ipynb": "x",
        "bo/neuron/neuron.ipynb": "x",
        "cy/neuron.py": "x",
    }
    found = discover([str(folder_of(tmp_path, files))], NAMES)

    assert [is_of_others(item, A, NAMES) for item in found] == [False, True, False]


@pytest.mark.parametrize(
    ("form", "students"),
    [
        ("Blackboard", [("aaberg", ""), ("bo_b", ""), ("cy_b", "")]),
        ("ILIAS", [("Anna_Lena_Aberg_4711", "4711")]),
        ("Gradescope", [("Anna_Åberg_0047", ""), ("Cy_49", ""), ("bo@uni.example", "")]),
    ],
)
@pytest.mark.parametrize("packing", ["folder", "zip"])
def test_nbgraders_folders_are_filled_by_the_same_rule(tmp_path, form, students, packing):
    files = FORMS[form][0]
    path = folder_of(tmp_path / "c", files) if packing == "folder" else zip_of(tmp_path / "c.zip", files)

    found, _ = collect(path, NAMES)

    ours = [(item.student.id, item.student.lms_user_id) for item in found if item.student.name != "submission_33"]
    assert ours == students
