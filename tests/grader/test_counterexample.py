"""The small call that a failing exercise shows: right words, a fresh worker, and nothing that is scored."""

import textwrap
from pathlib import Path

import pytest
import torch
from proof.foreign_more import MORE

from grader.backends.reference import Reference, Variant
from grader.course.catalogue import read_catalogue
from grader.course.reading import find_course, load_assignment
from grader.course.teaching import read_teaching
from grader.diagnosis.counterexample import find_evidence
from grader.diagnosis.diagnoser import Diagnoser
from grader.diagnosis.nearness import distance_of, ran_away
from grader.worker.runtime import Runtime

TEACHING = """
# PRIVATE canary
import torch
from grader.course.teaching import teaching

TEACHING = [
    teaching("double", {"x": torch.tensor([1.5, 4.0, -2.5])}, {"x": torch.tensor([0.5], dtype=torch.float64)}),
    teaching("mean_square", {"x": torch.tensor([1.5, 4.0, -2.5])}),
]
"""
RIGHT = "def mean_square(x):\n    return (x * x).mean()\n"


SOURCES = {
    "right": "def double(x):\n    return 2 * x",
    "half": "def double(x):\n    return x / 1",
    "raises": "def double(x):\n    raise ValueError('no\\nexpected  7')",
    "none": "def double(x):\n    pass",
    "first": "import torch\nseen = []\ndef double(x):\n    seen.extend(x.tolist())\n    return torch.tensor(seen)",
    "counts": "calls = []\ndef double(x):\n    calls.append(1)\n    return 2.0 * x + len(calls)",
    "endless": "def double(x):\n    while len(x) == 3: pass\n    return 3 * x",
    "slow": """
        import time
        time.sleep(0.3)
        SCALE = [float(i) for i in range(4)]
        def double(x):
            return SCALE[3] * x
    """,
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade all sources of `double` beside a right `mean_square`; return the report of `double`, by name."""
    from small_course import SmallCourse

    course = SmallCourse(tmp_path_factory.mktemp("course"))
    course.write("solutions/small/teaching.py", TEACHING)
    found = course.grade(**{name: textwrap.dedent(text) + "\n" + RIGHT for name, text in SOURCES.items()})
    assert all(report.status == "graded" for report in found.values())
    return {name: report.exercises[0] for name, report in found.items()}


def test_failing_exercise_shows_one_small_call_and_says_in_which_way_it_is_wrong(graded):
    assert graded["right"].counterexample is None
    half = graded["half"].counterexample
    assert half.call == "double(tensor([1.5, 4., -2.5]))"
    assert half.returned.startswith("tensor([1.5, 4, -2.5])")
    assert half.expected.startswith("tensor([3, 8, -5])")
    assert [item.text for item in graded["half"].diagnosis] == ["it is exactly half of what is expected"]
    raises = graded["raises"].counterexample
    assert (raises.how, raises.returned) == ("raised", "ValueError: no expected 7")
    assert graded["none"].counterexample.returned == "None"


def test_worker_that_is_shown_has_seen_nothing_scored(graded):
    assert graded["first"].counterexample.returned.startswith("tensor([1.5, 4, -2.5])")
    assert graded["counts"].counterexample.returned.startswith("tensor([4, 9, -4])")  # its first call
    assert graded["counts"].diagnosis[0].misconception == "global_state"


def test_call_that_never_ends_shows_nothing_and_is_graded(graded):
    assert graded["endless"].score < graded["endless"].max_score


def test_file_that_is_slow_to_load_is_shown_with_everything_loaded(graded):
    assert graded["slow"].counterexample.returned.startswith("tensor([4.5, 12, -7.5])")


# --- what else is asked -----------------------------------------------------------------------------------


def named(source):
    """Return what a `training_loop` of `optimizers` is called by its answers to the teaching examples alone."""
    assignment = load_assignment(find_course(Path(__file__).parents[2]), "optimizers")
    reference = Reference(assignment)
    own = Variant(reference, compile(source, "own", "exec"))
    evidence = find_evidence(read_teaching(assignment)["training_loop"], own, reference, lambda: None)
    found = Diagnoser(assignment).name("training_loop", evidence.exchanges)
    return found.misconception if found else ""


def test_misconception_that_answers_alike_in_one_epoch_alone_is_not_named():
    never_backward = next(
        item.source
        for item in read_catalogue(load_assignment(find_course(Path(__file__).parents[2]), "optimizers"))
        if item.id == "M115"
    )

    assert named(never_backward) == "M115"
    assert named(MORE["optimizers"]["loop_accumulates"][1]) == ""


# --- hostile answers, as they are looked at for a diagnosis ---------------------------------------------


@pytest.mark.parametrize("printed", [torch.ones(2), ["1"], {"1": 2}, 7, None, b"1"])
def test_print_of_another_kind_is_no_print(printed):
    answer = {"answers": [{"value": 1.0, "printed": printed, "arguments": []}]}
    right = {"answers": [{"value": 1.0, "printed": "", "arguments": []}]}

    assert distance_of(answer, right, right) == 0.0
    assert not ran_away(answer)


def test_message_of_a_text_that_cuts_itself_otherwise_is_cut():
    source = """
        class Text(str):
            def __getitem__(self, index):
                return "a" * 10_000_000
        class Wrong(Exception):
            def __str__(self):
                return Text("b" * 5000)
        def double(x):
            raise Wrong
    """
    runtime = Runtime()
    cells = [("small.py", textwrap.dedent(source), False)]
    load = {"id": 0, "op": "load", "name": "hostile", "cells": cells, "given": "", "exercises": ["double"], "skip": []}
    runtime.handle({**load, "definitions_only": False, "output": 2**20, "stubs": []}, lambda _: None)

    call = {"name": "double", "args": [1.0], "kwargs": {}, "gradients": True}
    (answer,) = runtime.handle({"id": 1, "op": "call", "calls": [call]}, lambda _: None)["answers"]

    assert answer["message"] == "b" * 2000
