"""No law from one call: what is said of all calls was seen in several, in which no chance agrees."""

import torch

from grader.answers.explain import difference
from grader.answers.signatures import signature_of

X, Y = torch.tensor([2.0, 3.0, 7.0, 4.0, 6.0]), torch.tensor([5.0, 4.0, 9.0, -2.0, 8.0])
W, B = torch.tensor(1.5), torch.tensor(-4.0)


def slopes(x, y, w, b, delta=0.1):
    """Measure both slopes of the loss; delta has no influence on a quadratic."""
    wrong = w * x + b - y
    return torch.stack([(2 * wrong * x).mean(), (2 * wrong).mean()]) + 0 * delta


def descend(n_epochs, lr, params, x, y, *, every=1):
    for epoch in range(1, n_epochs + 1):
        if epoch % every == 0:
            params = params - lr * slopes(x, y, *params)
    return params


POINT = {"x": X, "y": Y, "w": W, "b": B}
TRAIN = {"n_epochs": 1, "lr": 0.01, "params": torch.tensor([1.5, -4.0]), "x": X, "y": Y}


def said(wrong, right, arguments):
    sign = signature_of(
        arguments, wrong(**arguments), right(**arguments), lambda a: wrong(**a), right=lambda a: right(**a)
    )
    return "" if sign is None else sign.text


def test_factor_that_is_n_by_chance_is_not_called_n():
    text = said(lambda **a: slopes(**a) * 5, slopes, POINT)

    assert text == "it is 5 times what is expected"


def test_factor_that_is_n_is_called_n():
    assert (
        said(lambda **a: slopes(**a) * len(a["x"]), slopes, POINT) == "it is exactly N times what is expected (N = 5)"
    )


def test_factor_that_hangs_on_an_argument_is_said_to():
    def measured(delta, **a):
        return slopes(**a, delta=delta) * 2 * delta / 0.2

    text = said(measured, slopes, {**POINT, "delta": 0.5})

    assert "one factor in all its entries, and that factor changes with `delta` alone" in text


def test_loop_that_steps_in_every_second_epoch_is_told_no_law():
    text = said(lambda **a: descend(**a, every=2), descend, TRAIN)

    assert text == "with n_epochs=1 it is `params` as it was given"


def test_loop_that_never_steps_is_told_so():
    text = said(lambda params, **_: params, descend, TRAIN)

    assert text == "it is `params` as it was given: nothing moves"


def test_component_that_is_wrong_here_alone_is_not_said_to_be():
    def wrong(x, y, w, b):
        return slopes(x, y, w, b) * torch.stack([torch.ones(()), 1 + (w > 0)])

    assert "only [1]" not in said(wrong, slopes, POINT)


def test_length_that_is_wrong_by_another_factor_each_time_is_told_by_its_direction():
    text = said(lambda **a: slopes(**a) / slopes(**a).norm(), slopes, POINT)

    assert text.startswith("its direction is right, and its length is not")


def test_entries_that_are_right_for_one_sign_are_told_by_it():
    text = said(lambda z: z.abs(), lambda z: z.clone(), {"z": torch.tensor([-2.0, 3.0, 5.0, -1.5])})

    assert text == "it is right where `z` is positive, and wrong where it is negative"


def test_component_whose_sign_never_changes_is_told_by_its_place():
    def wrong(**a):
        return descend(**a) + torch.tensor([0.0, 1.0])

    assert said(wrong, descend, TRAIN) == "with n_epochs=1 only [1] is wrong"


def test_count_that_has_an_influence_at_first_is_not_said_to_have_none():
    def stops(n_epochs, **more):
        return descend(min(n_epochs, 3), **more)

    text = said(stops, descend, {**TRAIN, "n_epochs": 5})

    assert text == "with n_epochs=3, 4, 5, 6, 7, 8 and 11 it is the same"


def test_law_has_to_hold_for_further_calls():
    once, often = {**TRAIN, "n_steps": torch.ones(1)}, {**TRAIN, "n_steps": torch.ones(4)}

    def moves(n_steps, params, far, **_):
        return params - far * (1 if len(n_steps) == 1 else 3)

    def wrong(**a):
        return moves(far=2.0 if len(a["n_steps"]) == 1 else 5.0, **{key: a[key] for key in ("n_steps", "params")})

    def right(**a):
        return moves(far=1.0, **{key: a[key] for key in ("n_steps", "params")})

    def sign(more):
        return signature_of(
            {**once, "n_epochs": 1},
            wrong(**once),
            right(**once),
            lambda a: wrong(**a),
            right=lambda a: right(**a),
            more=more,
        )

    assert sign([]).name == "step_factor"
    assert sign([often]) is None or sign([often]).name != "step_factor"


def test_single_number_has_no_factor_everywhere():
    found = difference(torch.tensor(6.0), torch.tensor(2.0), atol=1e-6, samples=3)

    assert found.summary == "the value is wrong"
