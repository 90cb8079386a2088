"""Faults of others' kinds: each is one definition of an exercise, called as the reference is."""

import ast

import pytest
from proof.foreign import FAULTS
from proof.foreign_held import HELD
from proof.foreign_more import MORE
from test_catalogue import COURSE

from grader.course.lesson import reference_source
from grader.course.reading import load_assignment

LISTS = {"first": FAULTS, "more": MORE, "held": HELD}


def called(source, exercise):
    """Return the arguments of what a source defines under this name, of each method where it is a class."""
    (node,) = (node for node in ast.parse(source).body if getattr(node, "name", "") == exercise)
    methods = [node] if isinstance(node, ast.FunctionDef) else [item for item in node.body if hasattr(item, "args")]
    return {item.name: [arg.arg for arg in item.args.args] for item in methods}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, faults in LISTS.items() for name in faults])
def test_fault_is_called_as_the_reference_is(kind, name):
    reference = reference_source(load_assignment(COURSE, name))

    for key, (exercise, source) in LISTS[kind][name].items():
        assert called(source, exercise) == called(reference, exercise), key


def test_held_out_faults_are_ten_an_assignment_and_no_name_is_used_twice():
    assert {name: len(faults) for name, faults in HELD.items()} == dict.fromkeys(COURSE.names, 10)
    for name in COURSE.names:
        keys = [key for faults in LISTS.values() for key in faults.get(name, {})]
        assert len(keys) == len(set(keys))
