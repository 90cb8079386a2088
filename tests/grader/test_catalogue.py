"""The catalogue of misconceptions: read as text, whole, and each named where it is made."""

import ast
import importlib.util
from pathlib import Path

import pytest
from evidence import PROOF

from grader.catalogue import read_catalogue
from grader.course import find_course, load_assignment
from grader.errors import CourseError
from grader.grading import grade_all
from grader.lesson import reference_source
from grader.submissions import discover

COURSE = find_course(Path(__file__).parents[2])
CATALOGUES = {name: read_catalogue(load_assignment(COURSE, name)) for name in COURSE.names}


def alternatives(name):
    path = COURSE.root / "solutions" / name / "alternatives.py"
    spec = importlib.util.spec_from_file_location(f"alternatives_of_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ALTERNATIVES


ALTERNATIVES = {name: alternatives(name) for name in COURSE.names}


def grade(name, folder, sources):
    """Grade sources as one class; return the exercises of each by name."""
    for key, source in sources.items():
        (folder / f"{name}_{key}.py").write_text(source, "utf-8")
    found = {}

    def each(item, report):
        assert report.status == "graded", report.notes
        found[item.path.stem.removeprefix(f"{name}_")] = {one.exercise: one for one in report.exercises}

    grade_all(COURSE, name, discover([str(folder)]), mode="auto", each=each)
    return found


def transplanted(source, variant):
    """Return a submission in which one exercise is a variant of the catalogue."""
    lines = source.split("\n")
    for node in ast.parse(source).body:
        if getattr(node, "name", "") == variant.exercise:
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            lines[first - 1 : node.end_lineno] = [""] * (node.end_lineno - first + 1)
    return "\n".join(lines) + f"\n\n{variant.source}\n"


def test_catalogue_is_large_enough():
    assert sum(len(items) for items in CATALOGUES.values()) >= 150


@pytest.mark.parametrize("name", COURSE.names)
def test_every_misconception_is_of_an_exercise_and_explained_in_words(name):
    exercises = load_assignment(COURSE, name).names
    for item in CATALOGUES[name]:
        assert item.exercise in exercises, item.id
        assert 0 < len(item.name) <= 60, item.id
        assert 40 < len(item.explanation) < 700, item.id


@pytest.mark.parametrize("name", COURSE.names)
def test_every_exercise_has_misconceptions(name):
    assert {item.exercise for item in CATALOGUES[name]} == set(load_assignment(COURSE, name).names)


def test_catalogue_with_one_id_twice_is_refused_with_file_and_line(small_course):
    text = '@misconception("M1", name="n", explanation="e")\ndef double(x):\n    return x\n\n'
    small_course.write("solutions/small/misconceptions.py", text + text)

    with pytest.raises(CourseError, match=r"misconceptions.py:6: M1 is there twice"):
        read_catalogue(load_assignment(COURSE.__class__(root=small_course.root, names=("small",)), "small"))


@pytest.mark.parametrize("name", COURSE.names)
def test_right_alternative_keeps_every_point_and_is_given_no_name(name, tmp_path):
    sources = dict(list(ALTERNATIVES[name].items())[:: 1 if PROOF else 12])

    found = grade(name, tmp_path, sources)

    assert len(ALTERNATIVES[name]) >= 15
    for key, exercises in found.items():
        assert {item.exercise for item in exercises.values() if item.score < item.max_score} == set(), key
        assert [item.diagnosis for item in exercises.values() if item.diagnosis] == [], key


@pytest.mark.parametrize("name", COURSE.names)
def test_misconception_costs_its_exercise_alone_and_is_named(name, tmp_path):
    variants = CATALOGUES[name][:: 1 if PROOF else 60]
    source = reference_source(load_assignment(COURSE, name))

    found = grade(name, tmp_path, {item.id: transplanted(source, item) for item in variants})

    for item in variants:
        exercises = found[item.id]
        lost = {one.exercise for one in exercises.values() if one.score < one.max_score}
        assert lost == {item.exercise}, item.id
        assert [one.misconception for one in exercises[item.exercise].diagnosis] == [item.id]
