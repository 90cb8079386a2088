"""What was asked and answered: kept for the diagnosis, and read once more by a check that would ask the same."""

import pytest
import torch

from grader.backends.exchanges import Earlier, Exchange, Recorder, Room
from grader.diagnosis.nearness import same, same_values


class Counting:
    """A backend that answers with how often it was asked."""

    def __init__(self, value=0.0):
        self.asked = []
        self.value = value

    def gradients(self, exercise):
        return exercise == "f"

    def request(self, message):
        self.asked.append(message)
        return {"answers": [{"value": self.value, "printed": f"{len(self.asked)}", "arguments": []}]}


def question(n_epochs=5000):
    call = {"name": "f", "args": [torch.tensor([1.0, 2.0]), n_epochs], "kwargs": {}, "gradients": False}
    return {"op": "call", "calls": [call]}


def test_later_check_reads_the_answer_to_the_same_words():
    backend, answers, exchanges = Counting(), {}, []
    first = Earlier(Recorder(backend, exchanges), answers)
    answer = first.request(question())
    first.keep()

    later = Earlier(Recorder(backend, exchanges), answers)

    assert later.request(question()) == answer
    assert len(backend.asked) == len(exchanges) == 1
    assert later.request(question(4999)) != answer
    assert len(backend.asked) == len(exchanges) == 2


def test_check_that_asks_twice_is_answered_twice():
    backend = Counting()
    check = Earlier(backend, {})

    answers = [check.request(question()), check.request(question())]

    assert answers[0] != answers[1]
    assert len(backend.asked) == 2


@pytest.mark.parametrize("kept", [False, True])
def test_answer_counts_for_later_checks_once_the_check_has_ended(kept):
    backend, answers = Counting(), {}
    first = Earlier(backend, answers)
    first.request(question())
    if kept:
        first.keep()

    Earlier(backend, answers).request(question())

    assert len(backend.asked) == (1 if kept else 2)


def test_large_answer_is_asked_for_again():
    backend, answers = Counting(torch.zeros(2**18, dtype=torch.float64)), {}
    first = Earlier(backend, answers)
    first.request(question())
    first.keep()

    assert answers == {}


def test_gradients_are_those_of_the_backend():
    assert [Earlier(Counting(), {}).gradients(name) for name in ("f", "g")] == [True, False]


def answered(value, printed=""):
    return {"answers": [{"value": value, "printed": printed, "arguments": []}]}


def test_values_are_the_same_whatever_is_printed():
    right = answered(torch.tensor([1e19, -3e17]), "Epoch 1, Loss 1.0\n")
    other = answered(torch.tensor([1e19, -3e17]), "Epoch 0, Loss 1.0\n")
    nans = answered(torch.tensor([float("nan")] * 2), "Epoch 1, Loss 1.0\n")

    assert same_values(other, right)
    assert not same(other, right)
    assert not same_values(nans, right)
    assert not same_values({"answers": [{"raised": "ValueError", "message": "no"}]}, right)
    assert same_values(right, right)


def test_exchange_holds_the_question_and_the_answer():
    backend, exchanges = Counting(), []

    answer = Recorder(backend, exchanges).request(question())

    assert [(item.message["op"], item.answer) for item in exchanges] == [("call", answer)]
    assert isinstance(exchanges[0], Exchange)


def test_what_is_kept_of_a_submission_has_one_limit_whatever_its_checks_are():
    backend, room = Counting(), Room(1000)
    first, second = [], []

    Recorder(backend, first, room).request(question())
    for _ in range(3):
        Recorder(backend, second, room).request(question())

    assert len(first) == 1
    assert not second
