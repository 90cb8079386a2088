"""The catalogue of misconceptions: read as text, whole, each explained in words; test_grades.py makes some."""

import functools
from pathlib import Path

import pytest

from grader.course.catalogue import read_alternatives, read_catalogue
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError

COURSE = find_course(Path(__file__).parents[2])


@functools.cache
def catalogue(name):
    """Read one when it is asked for: every worker collects this file."""
    return read_catalogue(load_assignment(COURSE, name))


def test_catalogue_is_large_enough():
    assert sum(len(catalogue(name)) for name in COURSE.names) >= 150


@pytest.mark.parametrize("name", COURSE.names)
def test_every_misconception_is_of_an_exercise_and_explained_in_words(name):
    exercises = load_assignment(COURSE, name).names
    for item in catalogue(name):
        assert item.exercise in exercises, item.id
        assert 0 < len(item.name) <= 60, item.id
        assert 40 < len(item.explanation) < 700, item.id


@pytest.mark.parametrize("name", COURSE.names)
def test_every_exercise_has_misconceptions(name):
    assert {item.exercise for item in catalogue(name)} == set(load_assignment(COURSE, name).names)


@pytest.mark.parametrize("line", ["from grader.suite import pure", "import grader", "from grader.catalogue import x"])
def test_catalogue_that_uses_the_grader_is_refused_with_file_and_line(small_course, line):
    text = f'import torch\n{line}\n\n@misconception("M1", name="n", explanation="e")\ndef double(x):\n    return x\n'
    small_course.write("solutions/small/misconceptions.py", text)

    with pytest.raises(CourseError, match=r"misconceptions.py:2: a variant can't use the grader; import"):
        read_catalogue(load_assignment(COURSE.__class__(root=small_course.root, names=("small",)), "small"))


def test_catalogue_with_one_id_twice_is_refused_with_file_and_line(small_course):
    text = '@misconception("M1", name="n", explanation="e")\ndef double(x):\n    return x\n\n'
    small_course.write("solutions/small/misconceptions.py", text + text)

    with pytest.raises(CourseError, match=r"misconceptions.py:6: M1 is there twice"):
        read_catalogue(load_assignment(COURSE.__class__(root=small_course.root, names=("small",)), "small"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ALTERNATIVES = {}\n", "write ALTERNATIVES: dict"),
        ("ALTERNATIVES: dict[str, str] = {name: 'x' for name in 'ab'}\n", "nothing that is computed"),
        ("ALTERNATIVES: dict[str, str] = {\n", "write the sources as texts"),
    ],
)
def test_alternatives_are_a_dict_of_texts(small_course, text, said):
    small_course.write("solutions/small/alternatives.py", text)

    with pytest.raises(CourseError, match=said):
        read_alternatives(load_assignment(find_course(small_course.root), "small"))


def test_course_without_alternatives_has_none(small_course):
    assert read_alternatives(load_assignment(find_course(small_course.root), "small")) == {}
