"""What a file's name says of a submission: one rule, which every channel asks."""

import pytest

from grader.submissions.discover import discover, infer_assignment
from grader.submissions.files import walk
from grader.submissions.found import Found
from grader.submissions.names import Named, best_named, is_source, named, without_copy_mark
from grader.submissions.sources import read_sources

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


@pytest.mark.parametrize("file", ["my_neuron.py", "Neuron.py", "neuron/homework.py", ".py", ""])
def test_other_names_say_no_assignment(file):
    assert named(file, NAMES) is None


def test_exact_names_are_better_than_longer_ones():
    assert best_named(["neuron_old.py", "a/neuron.py", "neuron.ipynb"], "neuron") == {"a/neuron.py", "neuron.ipynb"}
    assert best_named(["neuron_old.py", "neuron2.py", "homework.py"], "neuron") == {"neuron_old.py", "neuron2.py"}
    assert best_named(["homework.py"], "neuron") == frozenset()


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
