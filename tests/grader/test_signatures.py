"""The general signatures: each is seen where it is there, and nothing is said of what is right."""

import pytest
import torch

from grader.answers.explain import as_numbers
from grader.answers.signatures import signature_of

X, Y = torch.tensor([2.0, 3.0, 7.0]), torch.tensor([5.0, 4.0, 9.0])
W, B = torch.tensor(1.5), torch.tensor(-4.0)
POINT = {"x": X, "y": Y, "w": W, "b": B}
PARAMS = torch.tensor([1.5, -4.0])
TRAIN = {"n_epochs": 3, "learning_rate": 0.01, "params": PARAMS, "x": X, "y": Y}


def errors(x, y, w, b):
    return w * x + b - y


def slopes(x, y, w, b):
    wrong = errors(x, y, w, b)
    return torch.stack([(2 * wrong * x).mean(), (2 * wrong).mean()])


def train(n_epochs, learning_rate, params, x, y):
    for _ in range(n_epochs):
        params = params - learning_rate * slopes(x, y, *params)
    return params


def loss(x, y, w, b):
    return (errors(x, y, w, b) ** 2).mean()


def predict(x, w, b):
    return w * x + b


def measured(x, delta):
    return ((x + delta) ** 2 - (x - delta) ** 2) / (2 * delta)


class Counting:
    def __init__(self):
        self.calls = 0

    def __call__(self, **arguments):
        self.calls += 1
        return slopes(**arguments) * (1 + self.calls / 7)


class Piling:
    """Adds each gradient to those before it, within one call."""

    def __call__(self, n_epochs, learning_rate, params, x, y):
        total = torch.zeros(2)
        for _ in range(n_epochs):
            total = total + slopes(x, y, *params)
            params = params - learning_rate * total
        return params


def found(wrong, right, arguments, *, helped, free=(), matters=None):
    def ask(others):
        return wrong(**others)

    return signature_of(
        arguments,
        wrong(**arguments),
        torch.as_tensor(as_numbers(right(**arguments))),
        ask,
        right=(lambda others: right(**others)) if helped else None,
        free=frozenset(free),
        matters=frozenset(arguments if matters is None else matters),
    )


LINE = {"x": X, "w": W, "b": B}
CASES = {
    "N times": (
        lambda **a: len(a["x"]) * slopes(**a),
        slopes,
        POINT,
        "constant_factor",
        "N times what is expected (N = 3)",
    ),
    "1/N": (lambda **a: slopes(**a) / len(a["x"]), slopes, POINT, "constant_factor", "1/N of"),
    "twice": (lambda **a: 2 * slopes(**a), slopes, POINT, "constant_factor", "exactly twice"),
    "half": (lambda **a: slopes(**a) / 2, slopes, POINT, "constant_factor", "exactly half of"),
    "minus": (lambda **a: -slopes(**a), slopes, POINT, "constant_factor", "minus one times"),
    "minus half": (lambda **a: -slopes(**a) / 2, slopes, POINT, "constant_factor", "minus one half of"),
    "delta": (
        lambda x, delta: measured(x, delta) * delta,
        measured,
        {"x": X, "delta": 0.3},
        "constant_factor",
        "delta",
    ),
    "one over lr": (lambda x, lr: x, lambda x, lr: x * lr, {"x": X, "lr": 0.3}, "constant_factor", "1/lr times"),
    "exchanged": (lambda **a: slopes(**a).flip(0), slopes, POINT, "exchanged", "components are exchanged"),
    "reversed": (lambda **a: predict(**a).flip(0), predict, LINE, "exchanged", "reverse order"),
    "equal": (lambda **a: slopes(**a)[:1].expand(2), slopes, POINT, "equal_components", "only [0]"),
    "one component": (
        lambda **a: slopes(**a) * torch.tensor([1.0, 3.0]),
        slopes,
        POINT,
        "some_components",
        "only [1] is wrong: it is 3 times",
    ),
    "column": (lambda **a: predict(**a)[:, None], predict, LINE, "wrong_shape", "with the right numbers"),
    "broadcast": (lambda x, w, b: w * x[:, None] + 0 * x + b, predict, LINE, "broadcast", "(3, 3) instead of (3,)"),
    "not reduced": (lambda **a: errors(**a) ** 2, loss, POINT, "not_reduced", "the mean of these"),
    "nan": (lambda **a: slopes(**a) * torch.nan, slopes, POINT, "not_finite", "nan"),
    "transposed": (
        lambda m: m,
        lambda m: m.T,
        {"m": torch.arange(6.0).reshape(2, 3)},
        "transposed",
        "transposed",
    ),
    "state": (Counting(), slopes, POINT, "global_state", "second call"),
    "no influence": (lambda x, w, b: w * x - 3.0, predict, LINE, "no_influence", "`b` has no influence"),
    "first sample": (lambda **a: errors(**a)[0] ** 2, loss, POINT, "one_sample", "only the first sample"),
    "last sample": (lambda **a: errors(**a)[-1] ** 2, loss, POINT, "one_sample", "only the last sample"),
    "one epoch less": (lambda n_epochs, **a: train(n_epochs - 1, **a), train, TRAIN, "off_by_one", "one too few"),
    "one epoch more": (lambda n_epochs, **a: train(n_epochs + 1, **a), train, TRAIN, "off_by_one", "one too many"),
    "never moves": (lambda params, **_: params, train, TRAIN, "never_moves", "nothing moves"),
    "uphill": (
        lambda **a: 2 * a["params"] - train(**a),
        train,
        TRAIN,
        "uphill",
        "moves uphill",
    ),
    "long steps": (
        lambda learning_rate, **a: train(learning_rate=2 * learning_rate, **a),
        train,
        {**TRAIN, "n_epochs": 1},
        "step_factor",
        "exactly twice",
    ),
    "zero": (lambda **a: 0 * slopes(**a), slopes, POINT, "zero", "it is zero everywhere"),
    "twice what was given": (lambda p: 2 * p, lambda p: p, {"p": X}, "constant_factor", "exactly twice"),
    "as given": (lambda p: p, lambda p: 2 * p, {"p": X}, "constant_factor", "half of"),
    "epochs ignored": (lambda n_epochs, **a: train(7, **a), train, TRAIN, "no_influence", "`n_epochs`"),
}


# What nobody can compare with the right answer elsewhere is said of this call alone.
OF_ONE_CALL = {
    "N times": "in this call it is",
    "1/N": "in this call it is",
    "twice": "in this call it is twice",
    "half": "in this call it is half of",
    "minus": "in this call it is minus one times",
    "minus half": "in this call it is minus one half of",
    "delta": "in this call it is delta times",
    "one over lr": "in this call it is 1/lr times",
    "exchanged": "in this call the two components",
    "one component": "in this call only [1] is wrong",
    "one epoch less": "with n_epochs=4 it gives what n_epochs=3 should",
    "one epoch more": "with n_epochs=2 it gives what n_epochs=3 should",
    "uphill": "in this call it moves uphill",
    "long steps": "with n_epochs=1 the way from `params` is twice",
    "zero": "in this call it is zero",
    "twice what was given": "in this call it is twice",
    "as given": "in this call it is half of",
}


@pytest.mark.parametrize("helped", [False, True], ids=["alone", "beside the right answer"])
@pytest.mark.parametrize("case", CASES)
def test_signature_is_seen(case, helped):
    wrong, right, arguments, name, text = CASES[case]

    sign = found(wrong, right, arguments, helped=helped)

    assert sign.name == name
    assert (text if helped else OF_ONE_CALL.get(case, text)) in sign.text


def test_what_piles_up_is_seen_beside_the_right_answer():
    sign = found(Piling(), train, TRAIN, helped=True)

    assert sign.name == "accumulates"
    assert "with n_epochs=1 it is right, and with n_epochs=2 it is not" in sign.text


@pytest.mark.parametrize("right", [slopes, loss, errors])
def test_nothing_is_said_of_what_is_right(right):
    assert found(right, right, POINT, helped=True) is None


@pytest.mark.parametrize("value", [None, "x", [torch.ones(2), torch.ones(3)]])
def test_nothing_is_said_of_what_is_no_number(value):
    assert signature_of(POINT, value, torch.ones(2), lambda _: value) is None


def test_argument_that_is_not_known_to_matter_is_not_named():
    def wrong(x, delta):
        return 2 * x**2 + x.sum() / (1 + x)

    arguments = {"x": X, "delta": 0.3}

    assert found(wrong, measured, arguments, helped=False, matters=["x"]) is None
    assert found(wrong, measured, arguments, helped=True) is None  # the right answer does not move with it
    assert found(wrong, measured, arguments, helped=False).text == "`delta` has no influence on it"


def test_argument_that_is_free_is_not_named():
    def cubed(x, delta):
        return x**3

    def raised(x, delta):
        return x**2 + delta

    arguments = {"x": X, "delta": 0.3}

    assert found(cubed, raised, arguments, helped=True).text == "`delta` has no influence on it"
    assert found(cubed, raised, arguments, helped=True, free=["delta"]) is None


@pytest.mark.parametrize("case", ["no influence", "first sample", "last sample", "epochs ignored"])
def test_no_influence_is_missed_where_nobody_knows_of_one(case):
    wrong, right, arguments, _, _ = CASES[case]

    assert found(wrong, right, arguments, helped=False, matters=()) is None


def test_function_that_raises_when_asked_again_is_no_error():
    def wrong(x, w, b):
        if not torch.equal(x, X):
            raise ValueError("other data")
        return w * x**2 + b

    assert found(wrong, predict, LINE, helped=True) is None


def test_arguments_keep_what_they_are_when_others_are_tried():
    leaf = PARAMS.clone().requires_grad_()
    seen = []

    def wrong(params, x):
        seen.append((params.requires_grad, params.is_leaf, params.shape, params.dtype))
        return (params * x[:2] ** 2).detach()

    found(wrong, lambda params, x: (params * x[:2]).detach(), {"params": leaf, "x": X}, helped=False)

    assert set(seen) == {(True, True, torch.Size([2]), torch.float32)}
    assert torch.equal(leaf, PARAMS)


def test_part_that_should_stay_as_it_was_given_is_named():
    def ask(_):
        raise LookupError

    sign = signature_of({"w": X}, 2 * X, X, ask, part="w")

    assert (sign.name, sign.text) == ("argument_changed", "`w` should stay as it was given")
