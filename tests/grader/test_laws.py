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


def squares(x, y, w, b):
    return ((w * x + b - y) ** 2).mean()


def errors(x, y, w, b):
    return w * x + b - y


def test_weights_that_have_no_influence_are_no_first_sample():
    def heights(weights, rate):
        return torch.stack([rate * 9 * torch.ones(()), torch.zeros(())]) * len(weights)

    def outputs(weights, rate):
        return torch.stack([(3 * weights).sum(), (3 * (weights - 3 * rate)).sum()])

    text = said(heights, outputs, {"weights": torch.tensor([2.0, 3.5, 6.0]), "rate": 0.2})

    assert text == "`weights` has no influence on it"


def test_one_sample_is_not_the_only_one_where_it_has_no_influence_either():
    assert "sample" not in said(lambda x, y, w, b: w + b + 0 * x.sum() + 0 * y.sum(), squares, POINT)


def test_sample_that_is_left_out_is_told():
    text = said(lambda x, y, w, b: squares(x[1:], y[1:], w, b), squares, POINT)

    assert text == "the first entry of `x` and `y` has no influence on it"


def test_median_leaves_no_sample_out():
    text = said(lambda **a: (errors(**a) ** 2).median(), squares, POINT)

    assert "influence" not in text


def test_largest_square_leaves_no_sample_out():
    text = said(lambda **a: (errors(**a) ** 2).max(), squares, POINT)

    assert "influence" not in text


def test_argument_that_should_have_no_influence_is_told():
    text = said(lambda x, w: w * x, lambda x, w: x + 0 * w, {"x": X, "w": W})

    assert text == "it is wrong by one factor in all its entries, and that factor changes with `w` alone"

    text = said(lambda x, w: w * x + x**2, lambda x, w: x + 0 * w, {"x": X, "w": W})

    assert text == "`w` has an influence on it, and should have none"


def test_threshold_that_changes_nothing_by_chance_is_not_called_without_influence():
    def steps(x, threshold):
        return (x > threshold).to(x.dtype)

    text = said(lambda x, threshold: steps(x, threshold) + threshold * x.flip(0), steps, {"x": X, "threshold": 0.5})

    assert "should have none" not in text


def test_answer_that_is_rounded_is_told_with_its_decimals():
    text = said(lambda **a: errors(**a).round(decimals=1), errors, {**POINT, "x": X + 0.13})

    assert text == "it is what is expected, rounded to 1 decimal"


def test_loop_that_rounds_is_told_so():
    def rounding(n_epochs, lr, params, x, y):
        for _ in range(n_epochs):
            params = (params - lr * slopes(x, y, *params)).round(decimals=2)
        return params

    text = said(rounding, descend, {**TRAIN, "n_epochs": 4})

    assert text == "with n_epochs=4 all its numbers end after 2 decimals: something is rounded"


def test_zeros_and_ones_are_not_called_rounded():
    assert "rounded" not in said(lambda **a: (errors(**a) > 0).to(torch.float32), errors, POINT)


def test_answer_that_is_off_by_one_amount_is_told_by_it():
    assert said(lambda **a: errors(**a) + 2, errors, POINT) == "it is 2 more than expected"


def test_answer_that_is_off_by_an_amount_of_each_call_is_told_so():
    def centred(x, y, w, b):
        return errors(x - x.mean(), y, w, b)

    text = said(centred, errors, POINT)

    assert text == "in each call all its entries are off by one amount, and not by the same one in all calls"


def test_amount_that_hangs_on_a_sign_is_not_called_one_amount():
    def penalised(n_epochs, lr, params, x, y):
        return descend(n_epochs, lr, params, x, y) - lr * 0.1 * params.sign()

    text = said(penalised, descend, {**TRAIN, "params": torch.tensor([1.5, 3.5])})

    assert "amount" not in text


def test_answer_that_goes_with_another_power_is_told_it():
    text = said(lambda **a: errors(**a) ** 3 / len(a["x"]), errors, POINT)

    assert text == "entry by entry it goes with the third power of what is expected"


def test_step_that_is_too_long_in_one_place_is_told_by_its_way():
    def too_long(n_epochs, lr, params, x, y):
        return params + (descend(n_epochs, lr, params, x, y) - params) * torch.tensor([1.0, 2.0])

    text = said(too_long, descend, TRAIN)

    assert text == ("with n_epochs=1 only [1] is wrong: there the way from `params` is exactly twice what is expected")


def test_factor_of_a_single_number_is_told_by_the_argument_that_it_hangs_on():
    text = said(lambda x, y, w, b: squares(x, y, w, b) / y.var(), squares, POINT)

    assert text == "it is wrong by a factor that changes with `y` alone"


def test_single_number_of_one_argument_has_no_factor_that_hangs_on_it():
    assert "factor" not in said(lambda x: x.abs().sum(), lambda x: (x**2).sum(), {"x": X})


def test_loop_that_takes_one_sample_an_epoch_is_told_with_its_count():
    def by_turns(n_epochs, lr, params, x, y):
        for epoch in range(n_epochs):
            at = slice(epoch % len(x), epoch % len(x) + 1)
            params = params - lr * slopes(x[at], y[at], *params)
        return params

    text = said(by_turns, descend, TRAIN)

    assert text == "with n_epochs=1 only the first sample has an influence on it"
