"""Who answers for a student's wrong helpers: what asks is student code."""

import contextlib

import pytest
import torch
from confinement import zygote_fixture  # noqa: F401 - a fixture
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.backends.containers import container_of
from grader.judge.right_helpers import Helpers, Means
from grader.wire import Array, Opaque
from grader.worker.answering import contained

SOURCE = """
import time
def double(x, *_): return 2 * x
def square(x, _): return x * x
def power(x, count): return x * 2 ** int(count)
def wait(x):
    while True: time.process_time()
def hungry(x): return bytearray(2 ** 40)
def ends(x): import os; os._exit(1)
"""
NAMES = ("double", "square", "power", "wait", "hungry", "ends")


@pytest.fixture(name="helpers")
def helpers_fixture(zygote):
    load = {
        "op": "load",
        "name": "reference_small",
        "cells": [("small.py", SOURCE, False)],
        "given": "",
        "exercises": list(NAMES),
        "skip": [],
        "output": 2**20,
        "stubs": [],
    }
    with contextlib.ExitStack() as stack:

        def make(*, gradients: bool = True) -> Helpers:
            means = Means(worker=lambda: zygote.spawn(cpu_seconds=60), load=load, seconds=2.0)
            made = Helpers(means, dict.fromkeys(NAMES), {}, {name: {} for name in NAMES}, gradients=gradients)
            stack.enter_context(contextlib.closing(made))
            made.begin(50)
            return made

        yield make


def question(**changes):
    return {"ask": "value", "name": "double", "args": [torch.tensor(2.0)], "kwargs": {}, **changes}


def test_helper_answers_with_its_value(helpers):
    assert helpers().answer(question()) == {"value": torch.tensor(4.0)}


@pytest.mark.parametrize(
    "asked",
    [
        None,
        7,
        {},
        question(name="secret"),
        question(name=torch.tensor(1)),
        question(args="x"),
        question(kwargs=[1]),
        question(args=[Opaque("function")]),
        question(ask="near"),
        question(ask="vjp", grads=None),
        question(args=[torch.zeros(2**11), torch.zeros(2**11, 1), torch.zeros(2**4)]),
        question(args=[torch.zeros(2**21)]),
        question(args=["x", 2**30, ""], name="square"),
    ],
)
def test_question_that_makes_no_sense_is_refused(helpers, asked):
    assert "raised" in helpers().answer(asked)


def test_helper_answers_no_more_than_it_may(helpers):
    limited = helpers()

    answers = [limited.answer(question()) for _ in range(52)]

    assert sum("value" in answer for answer in answers) == 50


@pytest.mark.parametrize("name", ["wait", "hungry", "ends"])
def test_question_that_takes_too_much_costs_the_one_who_asks(helpers, name):
    asked = helpers()

    found = asked.answer(question(name=name))

    assert "raised" in found
    assert asked.answer(question()).keys() == ({"raised", "message"} if name == "wait" else {"value"})


def test_who_has_ended_the_process_too_often_gets_no_answer(helpers):
    asked = helpers()

    answers = [asked.answer(question(name="ends")) for _ in range(4)]

    assert "again and again" in answers[-1]["message"]
    assert "value" not in asked.answer(question())


def test_closed_helper_answers_nothing(helpers):
    asked = helpers()
    asked.close()

    assert "raised" in asked.answer(question())


def test_product_of_a_helper_is_the_gradient_of_each_argument(helpers):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    unused = torch.tensor(3.0, requires_grad=True)
    asked = question(ask="vjp", name="square", args=[x, unused], grads=[torch.tensor([1.0, 10.0])])

    found = helpers().answer(asked)

    assert found["value"][0].tolist() == [2.0, 40.0]
    assert found["value"][1] is None


def test_no_product_where_gradients_are_off(helpers):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    asked = question(ask="vjp", name="square", args=[x, x], grads=[torch.ones(2)])

    found = helpers(gradients=False).answer(asked)

    assert found["value"].tolist() == [1.0, 4.0]  # it is taken for a question after the value
    assert not any(stub["gradients"] for stub in helpers(gradients=False).stubs)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(torch.ones(2)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    asked=anything
    | st.fixed_dictionaries({"ask": anything, "name": st.just("double"), "args": anything, "kwargs": anything})
)
def test_no_question_ends_the_checker(helpers, asked):
    assert helpers().answer(asked).keys() <= {"value", "raised", "message"}


@pytest.mark.parametrize(
    ("given_value", "right"),
    [
        (torch.ones(2), torch.tensor([3.0, 4.0])),
        ((torch.tensor(1.0), torch.tensor(2.0)), torch.tensor([3.0, 4.0])),
        ([1.0, 2.0], torch.tensor([3.0, 4.0])),
        (torch.ones(2), (torch.tensor(3.0), torch.tensor(4.0))),
        (1.5, torch.tensor(3.0)),
        (torch.ones(1), torch.tensor(3.0)),
        (Array(torch.ones(2)), torch.tensor([3.0, 4.0])),
    ],
)
def test_right_answer_comes_in_the_container_that_was_given(given_value, right):
    found = contained(right, container_of(given_value))

    assert container_of(found) == container_of(given_value)


@pytest.mark.parametrize("given_value", [None, "text", Opaque("thing"), [], {"w": 1.0}, (1.0, 2.0, 3.0)])
def test_right_answer_stays_as_it_is_where_the_container_does_not_fit(given_value):
    right = torch.tensor([3.0, 4.0])

    assert contained(right, container_of(given_value)) is right
