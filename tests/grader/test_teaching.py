"""The teaching examples: whole, answered, no scored input among them, and telling of wrong variants."""

from dataclasses import replace
from pathlib import Path

import pytest
from evidence import PROOF, sample

from grader.authoring.scored import numbers_in, scored_inputs
from grader.backends.reference import Reference, Variant
from grader.course.catalogue import read_alternatives, read_catalogue
from grader.course.pictures import read_pictures
from grader.course.reading import find_course, load_assignment
from grader.course.teaching import read_teaching
from grader.diagnosis.counterexample import find_evidence
from grader.suite.student import Student, bind
from grader.worker.stubs import tensors_in

COURSE = find_course(Path(__file__).parents[2])
ASSIGNMENTS = {name: load_assignment(COURSE, name) for name in COURSE.names}
TEACHING = {name: read_teaching(assignment) for name, assignment in ASSIGNMENTS.items()}
QUESTIONS = {name: [item for items in found.values() for item in items] for name, found in TEACHING.items()}


@pytest.fixture(scope="module")
def references():
    return {name: Reference(assignment) for name, assignment in ASSIGNMENTS.items()}


def written_otherwise(reference, source):
    """Return the reference with one exercise written in another way, as a backend."""
    return Variant(reference, compile(source, "<variant>", "exec"))


def ask(item, example, backend):
    student = Student()
    bind(student, backend)
    if item.probe is None:
        return student.observe(item.exercise, *example.values()).value
    return student.probe(item.probe, *example.values())


def told(reference, items, sources):
    """Say of each source whether the questions tell it from the reference."""
    wrong = {key: written_otherwise(reference, source) for key, source in sources}
    return {key: find_evidence(items, found, reference, lambda: None) is not None for key, found in wrong.items()}


@pytest.mark.parametrize("name", COURSE.names)
def test_every_exercise_has_teaching_examples(name):
    assert set(TEACHING[name]) == set(ASSIGNMENTS[name].names)


@pytest.mark.parametrize("name", COURSE.names)
def test_reference_answers_every_teaching_example_with_numbers(name, references):
    for item in QUESTIONS[name]:
        for example in item.examples:
            assert tensors_in(ask(item, example, references[name])), item.call(example)


@pytest.mark.parametrize("name", sample(COURSE.names, "autograd"))
def test_no_teaching_example_is_a_scored_input(name):
    scored = scored_inputs(ASSIGNMENTS[name])

    drawn = [case.arguments for loop in read_pictures(ASSIGNMENTS[name]).values() for case in loop.cases]

    assert len(scored) > 100
    for arguments in drawn:
        asked = numbers_in(list(arguments.values()))
        assert not [one for one in scored if asked <= one], arguments
    for item in QUESTIONS[name]:
        for example in item.examples:
            asked = numbers_in(example)
            assert not [one for one in scored if asked and asked <= one], item.call(example)


@pytest.mark.parametrize("name", sample(COURSE.names, "autograd"))
def test_smallest_teaching_example_tells_half_of_the_misconceptions(name, references):
    for exercise, (item, *_) in TEACHING[name].items():
        smallest = [replace(item, examples=item.examples[:1])]
        known = [one for one in read_catalogue(ASSIGNMENTS[name]) if one.exercise == exercise]
        variants = [(one.id, one.source) for one in known if not one.name.startswith("prints")]  # it prints nothing

        found = told(references[name], smallest, variants)

        assert 2 * sum(found.values()) >= len(found), (exercise, found)


@pytest.mark.skipif(not PROOF, reason="part of the long evidence")
@pytest.mark.parametrize("name", COURSE.names)
def test_right_alternatives_agree_with_the_reference_on_every_teaching_example(name, references):
    right = read_alternatives(ASSIGNMENTS[name])

    for exercise, items in TEACHING[name].items():
        found = told(references[name], items, right.items())

        assert [key for key, is_told in found.items() if is_told] == [], exercise
