"""What a file's name says of a submission: one rule, which every channel asks."""

import pytest
from submission_files import read_sources

from grader.submissions.discover import discover, infer_assignment
from grader.submissions.files import walk
from grader.submissions.found import Found
from grader.submissions.names import Named, by_likelihood, is_source, named, without_copy_mark

NAMES = ("autograd", "autograd_extra", "neuron")


@pytest.mark.parametrize(
    ("file", "assignment", "exact"),
    [
        ("neuron.py", "neuron", True),
        ("week 3/neuron.ipynb", "neuron", True),
        ("neuron", "neuron", True),
        ("neuron_final.py", "neuron", False),
        ("neuron (1).py", "neuron", False),
        ("autograd_extra.py", "autograd_extra", True),
        ("autograd_ext.py", "autograd", False),
    ],
)
def test_longest_name_that_begins_a_files_name_is_its_assignments(file, assignment, exact):
    assert named(file, NAMES) == Named(assignment=assignment, exact=exact)


@pytest.mark.parametrize(
    "file",
    [
        *("my_neuron.py", "Neuron.py", "NEURON (2).PY", "Copy of neuron.ipynb", "Kopie von neuron.ipynb"),
        *("neuron-Copy1.ipynb", "anna berg neuron.py", "n e u r o n.py"),
    ],
)
def test_names_that_people_and_programs_make_say_the_assignment(file):
    assert named(file, NAMES) == Named(assignment="neuron", exact=False)


@pytest.mark.parametrize("file", ["neuron/homework.py", "Untitled.ipynb", ".py", ""])
def test_other_names_say_no_assignment(file):
    assert named(file, NAMES) is None


def test_likeliest_file_comes_first_and_another_assignments_is_none():
    files = [
        "z.py",
        "neuron_old.py",
        "a/neuron.py",
        "autograd.py",
        "autograd/z.py",
        "neuron/y.py",
        "autograd/neuron.py",
    ]

    found = by_likelihood(files, str, "neuron", NAMES)

    assert found == [
        *((0, "a/neuron.py"), (0, "autograd/neuron.py"), (1, "neuron_old.py")),
        *((2, "neuron/y.py"), (2, "z.py")),
    ]


@pytest.mark.parametrize("name", ["neuron.py", "a/b/neuron.IPYNB", "homework 3.PY", "course/neuron.py", "_course.py"])
def test_module_or_notebook_may_be_a_students(name):
    assert is_source(name)


@pytest.mark.parametrize(
    "name",
    [
        *("exercises.py", "a/conftest.py", "test_neuron.py", "neuron.txt", "neuron"),
        *(".neuron.py", "__pycache__/neuron.py", ".ipynb_checkpoints/neuron.ipynb", "__MACOSX/a/neuron.py"),
        *("_course/neuron.py", "a/_course/neuron.py", "_course/deep/neuron.ipynb"),
    ],
)
def test_what_is_the_courses_or_another_programs_is_nobodys(name):
    assert not is_source(name)


@pytest.mark.parametrize(
    ("file", "plain", "number"),
    [
        ("neuron.py", "neuron.py", 0),
        ("neuron-2.py", "neuron.py", 2),
        ("neuron (3).ipynb", "neuron.ipynb", 3),
        ("neuron(4).py", "neuron.py", 4),
        ("neuron-a.py", "neuron-a.py", 0),
        ("neuron-1234567890.py", "neuron-1234567890.py", 0),
    ],
)
def test_mark_of_a_copy_is_told_apart(file, plain, number):
    assert without_copy_mark(file) == (plain, number)


def test_folder_of_the_course_in_a_submission_is_passed_over(tmp_path):
    kit = tmp_path / "class" / "ada" / "_course"
    kit.mkdir(parents=True)
    (kit / "neuron_checks.py").write_text("x = 1\n")
    (kit / "neuron.py").symlink_to("nowhere")
    (kit.parent / "neuron.py").write_text("y = 2\n")
    submission = Found(given="ada", path=kit.parent)

    assert [name for name, _ in walk(kit.parent)] == ["neuron.py"]
    assert infer_assignment(submission, NAMES) == "neuron"
    assert [source.filename for source in read_sources(submission, "neuron")] == ["neuron.py"]


def test_folder_of_the_course_in_a_class_is_no_submission(tmp_path):
    (tmp_path / "_course").mkdir()
    (tmp_path / "ada.py").write_text("x = 1\n")

    assert [item.path.name for item in discover([str(tmp_path)])] == ["ada.py"]
