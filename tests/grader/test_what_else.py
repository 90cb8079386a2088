"""Other arguments, other answers, and how a loop steps: each is said where all calls show it, and not else."""

import pytest
import torch
from what_else import searched

X = torch.tensor([2.0, 3.0, 7.0, 4.0, 6.0, 2.5, 5.5], dtype=torch.float64)
Y = torch.tensor([5.0, 4.0, 9.0, -2.0, 8.0, 6.5, -3.0], dtype=torch.float64)
W, B = torch.tensor(1.5, dtype=torch.float64), torch.tensor(-4.0, dtype=torch.float64)
LINE = {"x": X, "w": W, "b": B}
POINT = {**LINE, "y": Y}
PARAMS = torch.stack([W, B])
TRAIN = {"n_epochs": 1, "learning_rate": 0.01, "params": PARAMS, "x": X, "y": Y}
MORE = {"n_epochs": 4, "learning_rate": 0.02, "params": torch.tensor([0.5, 2.0]).double(), "x": Y / 2, "y": X}


def line(x, w, b):
    return w * x + b


def slopes(x, w, b, y):
    wrong = 2 * (w * x + b - y) / len(x)
    return torch.stack([(wrong * x).sum(), wrong.sum()])


def loop(step, after=lambda params: params):
    """Return a loop whose step is made of its gradient, its params, its number and all gradients before it."""

    def train(n_epochs, learning_rate, params, x, y):
        before = []
        for epoch in range(1, n_epochs + 1):
            gradient = slopes(x, *params, y)
            before.append(gradient)
            params = after(params - learning_rate * step(gradient, params, epoch, before))
        return params

    return train


right_loop = loop(lambda g, *_: g)


def averaged(n_epochs, learning_rate, params, x, y):
    return torch.stack([right_loop(k, learning_rate, params, x, y) for k in range(n_epochs + 1)]).mean(0)


def one_after_the_other(n_epochs, learning_rate, params, x, y):
    w, b = params
    for _ in range(n_epochs):
        w = w - learning_rate * slopes(x, w, b, y)[0]
        b = b - learning_rate * slopes(x, w, b, y)[1]
    return torch.stack([w, b])


def of_one_sample(n_epochs, learning_rate, params, x, y):
    for k in range(n_epochs):
        at = slice(k % len(x), k % len(x) + 1)
        params = params - learning_rate * slopes(x[at], *params, y[at])
    return params


FUNCTIONS = {
    "centred": (lambda x, w, b: w * (x - x.mean()) + b, line, LINE, "what is right for `x` less its mean"),
    "either": (lambda x, w, b: 0.1 * w * x + b, line, LINE, "for `x` times 0.1, or for `w` times 0.1"),
    "sign": (lambda x, w, b: w * x - b, line, LINE, "for minus `b`"),
    "exchanged": (lambda x, w, b: b * x + w, line, LINE, "for `b` and `w` exchanged"),
    "first half": (
        lambda x, w, b, y: slopes(x[: len(x) // 2], w, b, y[: len(x) // 2]),
        slopes,
        POINT,
        "the first half of the samples alone",
    ),
    "normalised": (lambda **a: slopes(**a) / slopes(**a).norm(), slopes, POINT, "`r` over its length"),
    "squashed": (lambda **a: torch.tanh(line(**a)), line, LINE, "tanh of `r`"),
    "one part more": (lambda x, w, b: w * x + b + 0.3 * x**2, line, LINE, "0.3 times the square of `x` more"),
    "cut": (lambda x, w, b: (w * x + b).clamp(max=2.0), line, LINE, "`r`, and 2 at most"),
}
LOOPS = {
    "decay": (loop(lambda g, p, t, _: g / t), "1, 0.5, 0.333, 0.25 and 0.2 times as long as they should be"),
    "half": (loop(lambda g, *_: g / 2), "each of its steps is 0.5 times what it should be"),
    "skipped": (loop(lambda g, p, t, _: g * (t % 2)), "1, 0, 1, 0 and 1 times"),
    "weight decay": (
        loop(lambda g, p, *_: g + 0.1 * p),
        "the right one, -0.1 `learning_rate` * `params` as they stand",
    ),
    "lasso": (loop(lambda g, p, *_: g + 0.3 * p.sign()), "-0.3 `learning_rate` * the signs of `params`"),
    "signs": (loop(lambda g, *_: g.sign()), "the right sign, and the size `learning_rate`"),
    "cut entries": (loop(lambda g, *_: g.clamp(-2, 2)), "no entry of a step is larger than 2 `learning_rate`"),
    "cut length": (loop(lambda g, *_: g * min(1, 1 / float(g.norm()))), "none is longer than `learning_rate`"),
    "late": (loop(lambda g, p, t, before: before[-2] if t > 1 else 0 * g), "the right one of the step before"),
    "piled up": (loop(lambda g, p, t, before: sum(before)), "the sum of all right ones so far"),
    "one entry": (loop(lambda g, *_: g * torch.tensor([1.0, -3.0])), "each step of [1] is -3 times what it should be"),
    "unit length": (loop(lambda g, *_: g, lambda p: p / p.norm()), "goes on with `params` over its length"),
    "averaged": (averaged, "the mean of all places on the right way, the start among them"),
    "one after the other": (one_after_the_other, "[1] steps from where [0] has moved already"),
    "one sample": (of_one_sample, "the right one for one sample alone"),
}


@pytest.mark.parametrize("case", FUNCTIONS)
def test_what_else_an_answer_is_is_said(case):
    wrong, right, arguments, text = FUNCTIONS[case]

    assert text in searched(wrong, right, arguments)


@pytest.mark.parametrize("case", LOOPS)
def test_how_a_loop_steps_is_said(case):
    wrong, text = LOOPS[case]

    assert text in searched(wrong, right_loop, TRAIN, MORE)


@pytest.mark.parametrize(
    "wrong",
    [
        loop(lambda g, p, t, _: g + torch.sin(p * t) * g.flip(0) ** 2 / 50),
        loop(lambda g, p, t, _: g if t < 5 else g + torch.cos(7 * p) * g.flip(0)),
    ],
)
def test_nothing_is_said_of_a_loop_that_keeps_no_law(wrong):
    later = {**TRAIN, "n_epochs": 5}

    found = searched(wrong, right_loop, later, MORE)

    assert "step" not in found


def test_law_of_one_run_alone_is_not_said():
    def wrong(n_epochs, learning_rate, params, x, y):
        decays = 0.1 if float(x[0]) == float(X[0]) else 0.7
        return loop(lambda g, p, *_: g + decays * p)(n_epochs, learning_rate, params, x, y)

    assert "params` as they stand" not in searched(wrong, right_loop, TRAIN, MORE)


def test_step_that_is_right_where_it_is_short_is_not_said_to_be_of_one_size():
    wrong = LOOPS["cut entries"][0]

    assert "the right sign" not in searched(wrong, right_loop, TRAIN, MORE)


def test_parts_are_told_by_their_names():
    def right(n_epochs, lr, w, b, x, y):
        w, b = right_loop(n_epochs, lr, torch.stack([w, b]), x, y)
        return {"new_w": w, "new_b": b}

    def wrong(n_epochs, lr, w, b, x, y):
        moved = loop(lambda g, *_: g * torch.tensor([1.0, 2.0]))(n_epochs, lr, torch.stack([w, b]), x, y)
        return {"new_w": moved[0], "new_b": moved[1]}

    examples = [
        {"n_epochs": one["n_epochs"], "lr": one["learning_rate"], "w": one["params"][0], "b": one["params"][1]}
        | {"x": one["x"], "y": one["y"]}
        for one in (TRAIN, MORE)
    ]

    assert searched(wrong, right, *examples, part="new_b") == "each step of `b` is 2 times what it should be"
