"""The visible tests: run `pytest` in this folder, as often as you like.

They check the numbers that the lectures print, the examples worked by hand in the lesson, and some
properties that hold for every input. The grade comes from further tests on other data, which also look
at dtypes, at what is printed, and at the tools that are not allowed. `pytest -m SGD` runs the tests of
one exercise.
"""

import contextlib
import math
import re
from dataclasses import dataclass

import pytest
import torch
from exercises import HINTS, difference, expect, function_of, load, show_call, trying
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

student = load("optimizers")

# The lecture's thermometer: temperatures in degrees Celsius, and the same in an unknown unit.
T_C = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
T_U = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
T_UN = 0.1 * T_U
START = torch.tensor([1.0, 0.0])
# The two samples of the lesson, with the gradients [-8, -5] and then [-2.5, -1.6].
TWO_U, TWO_C = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 5.0])

examples = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.generate, Phase.shrink],  # what hypothesis would explain is never shown, and takes seconds
)
# The simplest number, at which hypothesis ends, is no zero: zeros hide how an answer is wrong.
number = st.floats(-9, 9, allow_nan=False).map(lambda value: round(3 + value, 1))


@dataclass
class Written:
    """Code that stands in a message as one would type it."""

    text: str

    def __repr__(self):
        return self.text


def sgd(lr, momentum=0.0):
    said = f"torch.optim.SGD([params], lr={lr}{f', momentum={momentum}' if momentum else ''})"
    return Written(said), lambda params: torch.optim.SGD([params], lr=lr, momentum=momentum)


def adam(lr):
    return Written(f"torch.optim.Adam([params], lr={lr})"), lambda params: torch.optim.Adam([params], lr=lr)


def expect_params(name, said, value, expected, *, start=START, rtol=1e-5, atol=0.0):
    """Fail unless the parameters are now `expected`; they were changed in place, so nothing was returned."""
    tolerance = max(atol, rtol * float(expected.abs().max()))
    found = difference(value.detach(), expected, atol=tolerance)
    if found:
        evidence = found.evidence.replace("it returned  ", "params are   ")
        stayed = torch.equal(value.detach(), start.to(value.dtype))
        lines = [
            f"{name}: {'params did not move' if stayed else f'params after it: {found.summary}'}",
            f"you called   {said}",
            evidence,
            f"hint         {HINTS[name]}",
        ]
        pytest.fail("\n".join(lines), pytrace=False)


def line_through(params, t_u, t_c):
    """The loss of a line, written here once more, so that your own classes are tested by themselves."""
    return ((params[0] * t_u + params[1] - t_c) ** 2).mean()


# optimizer_step


def update(optimizer, start, t_u, t_c, n_steps=1):
    """Make updates from a fresh start; return what to say of them, the params and the last loss."""
    written, build = optimizer
    params = start.clone().requires_grad_()
    built = build(params)
    function = function_of(student, "optimizer_step")
    said = show_call("optimizer_step", {"optimizer": written, "params": start, "t_u": t_u, "t_c": t_c})
    said += f", {n_steps} times" if n_steps > 1 else ""
    with trying("optimizer_step", said):
        for _ in range(n_steps):
            loss = function(built, params, t_u, t_c)
    return said, params, loss


def expect_loss(said, value, expected):
    tolerance = 1e-5 * abs(expected)
    found = difference(value, torch.tensor(expected), atol=tolerance, shapes=[(), (1,)])
    if found:
        lines = [f"optimizer_step: the loss before the update: {found.summary}", f"you called   {said}", found.evidence]
        pytest.fail("\n".join([*lines, f"hint         {HINTS['optimizer_step']}"]), pytrace=False)


@pytest.mark.optimizer_step
def test_one_update_worked_by_hand():
    said, params, loss = update(sgd(0.1), START, TWO_U, TWO_C)
    expect_params("optimizer_step", said, params, torch.tensor([1.8, 0.5]))
    expect_loss(said, loss, 6.5)


@pytest.mark.optimizer_step
def test_second_update_worked_by_hand():
    # Wrong here and right after one update: the first gradient is still there when the second one is added.
    said, params, loss = update(sgd(0.1), START, TWO_U, TWO_C, n_steps=2)
    expect_params("optimizer_step", said, params, torch.tensor([2.05, 0.66]))
    expect_loss(said, loss, 0.65)


@pytest.mark.optimizer_step
@pytest.mark.parametrize(
    ("t_u", "lr", "params", "loss"),
    [(T_U, 1e-5, [0.95483, -8.26e-4], 1763.8846), (T_UN, 1e-2, [1.7761, 0.1064], 80.364342)],
    ids=["raw", "scaled"],
)
def test_one_update_of_the_lectures(t_u, lr, params, loss):
    said, now, before = update(sgd(lr), START, t_u, T_C)
    expect_params("optimizer_step", said, now, torch.tensor(params), atol=6e-5)
    expect_loss(said, before, loss)


@pytest.mark.optimizer_step
def test_update_is_left_to_the_optimizer():
    # Adam's first step is lr, whatever the gradient is.
    said, params, _ = update(adam(0.1), START, T_U, T_C)
    expect_params("optimizer_step", said, params, torch.tensor([0.9, -0.1]), atol=1e-5)


@pytest.mark.optimizer_step
def test_optimizer_remembers_from_call_to_call():
    # Its second step goes on with nine tenths of the first one: [2.05, 0.66] is what comes out without that.
    said, params, _ = update(sgd(0.1, momentum=0.9), START, TWO_U, TWO_C, n_steps=2)
    expect_params("optimizer_step", said, params, torch.tensor([2.77, 1.11]))


@pytest.mark.optimizer_step
@examples
@given(
    samples=st.lists(st.tuples(number, number), min_size=1, max_size=6),
    w=number,
    b=number,
    lr=st.sampled_from((0.1, 1)),
)
def test_update_walks_against_the_gradient(samples, w, b, lr):
    t_u, t_c = torch.tensor(samples, dtype=torch.float64).T
    errors = w * t_u + b - t_c
    gradient = torch.stack([2 * (errors * t_u).mean(), 2 * errors.mean()])
    start = torch.tensor([w, b], dtype=torch.float64)
    said, params, _ = update(sgd(lr), start, t_u, t_c)
    expect_params("optimizer_step", said, params, start - lr * gradient, start=start, rtol=1e-6, atol=1e-7)


# training_loop


def train(n_epochs, optimizer, t_u, t_c, *, epochs_before=0):
    """Train from a fresh start, after some epochs of another call; return what to say, the params and the answer."""
    written, build = optimizer
    params = START.clone().requires_grad_()
    built = build(params)
    function = function_of(student, "training_loop")
    arguments = {"n_epochs": n_epochs, "optimizer": written, "params": START, "t_u": t_u, "t_c": t_c}
    said = show_call("training_loop", arguments)
    if epochs_before:
        said += f"\nafter a first call with n_epochs={epochs_before}, and the same optimizer and params"
    with trying("training_loop", said):
        if epochs_before:
            function(epochs_before, built, params, t_u, t_c)
            params.grad = None  # as a first call finds it
        value = function(n_epochs, built, params, t_u, t_c)
    return said, params, value


def expect_returned(said, params, value):
    found = difference(value, params.detach(), atol=1e-6)
    if found:
        text = f"training_loop: it has to return params: {found.summary}\nyou called   {said}\n{found.evidence}"
        pytest.fail(text, pytrace=False)


@pytest.mark.training_loop
def test_training_worked_by_hand():
    said, params, _ = train(2, sgd(0.1), TWO_U, TWO_C)
    expect_params("training_loop", said, params, torch.tensor([2.05, 0.66]))


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("n_epochs", "expected"),
    [(0, [1.0, 0.0]), (1, [1.7761, 0.1064]), (2, [2.0848, 0.1303]), (3, [2.2094, 0.1217]), (10, [2.3232, -0.0710])],
)
def test_training_for_a_few_epochs(n_epochs, expected):
    said, params, _ = train(n_epochs, sgd(1e-2), T_UN, T_C)
    expect_params("training_loop", said, params, torch.tensor(expected), atol=1e-4)


@pytest.mark.training_loop
def test_training_for_5000_epochs():
    said, params, value = train(5000, sgd(1e-2), T_UN, T_C)
    expect_params("training_loop", said, params, torch.tensor([5.3671, -17.3012]), rtol=1e-4)
    expect_returned(said, params, value)


@pytest.mark.training_loop
def test_training_by_adam_on_the_raw_data():
    said, params, value = train(2000, adam(0.1), T_U, T_C)
    expect_params("training_loop", said, params, torch.tensor([0.5367, -17.3021]), rtol=1e-4)
    expect_returned(said, params, value)


@pytest.mark.training_loop
def test_training_keeps_what_adam_remembers():
    # Five epochs of Adam; an optimizer built anew in each of them would always step by lr: to [0.5, -0.5].
    said, params, _ = train(5, adam(0.1), T_U, T_C)
    expect_params("training_loop", said, params, torch.tensor([0.5127273, -0.4880523]), atol=1e-4)


@pytest.mark.training_loop
def test_training_returns_the_params():
    said, params, value = train(3, sgd(1e-2), T_UN, T_C)
    expect_returned(said, params, value)


LATE = [2.927830, 2.927680, 2.927652, 2.927647]  # at epochs 3,500 to 5,000 of both runs
FRESH = [7.860116, 3.828538, 3.092191, 2.957697, 2.933134, 2.928648, *LATE]
ONE_EPOCH_LATER = [7.843371, 3.825484, 3.091631, 2.957596, 2.933116, 2.928646, *LATE]


def expect_prints(said, printed, losses):
    """Expect these losses at epochs 500, 1000 and so on."""
    found = re.findall(r"(?i)epoch\W*(\d+)\W+loss\D*([\d.]+)", printed)
    for number, loss in enumerate(losses, 1):
        epoch = 500 * number
        shown = [float(text) for at, text in found if int(at) == epoch]
        if not any(math.isclose(value, loss, rel_tol=1e-5) for value in shown):
            pytest.fail(
                f'training_loop: "Epoch {epoch}, Loss {loss:.6f}" is expected among what is printed; '
                f"found for epoch {epoch}: {shown or 'nothing'}\nyou called   {said}\n"
                f"hint         {HINTS['training_loop']}",
                pytrace=False,
            )


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("epochs_before", "losses"), [(0, FRESH), (1, ONE_EPOCH_LATER)], ids=["fresh", "after one epoch"]
)
def test_training_prints_every_500_epochs(epochs_before, losses, capsys):
    said, _, _ = train(5000, sgd(1e-2), T_UN, T_C, epochs_before=epochs_before)
    expect_prints(said, capsys.readouterr().out, losses)


@pytest.mark.training_loop
def test_training_prints_every_500_epochs_of_adam(capsys):
    said, _, _ = train(2000, adam(0.1), T_U, T_C)
    expect_prints(said, capsys.readouterr().out, [7.612903, 3.086700, 2.928578, 2.927646])


# SGD and Adam

of_both = pytest.mark.parametrize(
    "name", [pytest.param("SGD", marks=pytest.mark.SGD), pytest.param("Adam", marks=pytest.mark.Adam)]
)
ORDINARY = {"SGD": {"lr": 0.1, "momentum": 0.9}, "Adam": {"lr": 0.1}}


def typed(how):
    return ", ".join(f"{key}={value}" for key, value in how.items())


def trying_of(module, name, said):
    """Run code that uses the student's optimizer, or torch's own, which is no tool of the exercise."""
    return trying(name, said) if module is student else contextlib.nullcontext()


def follow(name, how, starts, gradients, *, module=student):
    """Let an optimizer meet gradients; return the leaves, and all their values after each step."""
    leaves = [start.clone().requires_grad_() for start in starts]
    build = function_of(module, name)
    said = f"{name}(params, {typed(how)})"
    path = []
    with trying_of(module, name, said):
        optimizer = build(leaves, *how.values())
        for step in gradients:
            for leaf, gradient in zip(leaves, step, strict=True):
                leaf.grad = None if gradient is None else gradient.clone()
            optimizer.step()
            path.append([leaf.detach().clone() for leaf in leaves])
    return leaves, path


def expect_path(name, how, starts, gradients, path, expected):
    """Compare each parameter after each step, and tell the first that differs, with the gradients until then."""
    moved = max(
        float((want - start).abs().max()) for step in expected for want, start in zip(step, starts, strict=True)
    )
    atol = 1e-6 + 2e-4 * moved  # so that a t or a beta of float32 will do
    for step, (values, wanted) in enumerate(zip(path, expected, strict=True), 1):
        for place, (value, want) in enumerate(zip(values, wanted, strict=True)):
            found = difference(value, want, atol=atol)
            if found:
                met = [gradient[place] for gradient in gradients[:step]]
                wrong = "it did not move" if torch.equal(value, starts[place]) else found.summary
                lines = [
                    f"{name}: parameter {place} of {len(starts)} after step {step}: {wrong}",
                    f"you built    {name}(params, {typed(how)})",
                    f"it began at  {starts[place].tolist()}",
                    f"gradients    {[None if gradient is None else gradient.tolist() for gradient in met]}",
                    found.evidence.replace("it returned  ", "it is now    "),
                    f"hint         {HINTS[name]}",
                ]
                pytest.fail("\n".join(lines), pytrace=False)


def same_as_torch(name, how, starts, gradients):
    """Step for step what the optimizer of the same name in torch.optim does."""
    _, path = follow(name, how, starts, gradients)
    _, expected = follow(name, how, starts, gradients, module=torch.optim)
    expect_path(name, how, starts, gradients, path, expected)


def alone(*numbers):
    """Gradients of one parameter, step by step."""
    return [[torch.tensor(value)] for value in numbers]


@st.composite
def runs(draw):
    """Draw a few parameters, some of the same shape, and their gradients in a few steps."""
    shapes = draw(st.sampled_from([[(3,)], [(2,), (2,)], [(2,), (3, 2)]]))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 1000)))

    def tensors():
        return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]

    return tensors(), [tensors() for _ in range(draw(st.integers(1, 6)))]


@pytest.mark.SGD
@pytest.mark.parametrize(
    ("momentum", "expected"),
    [(0.0, [0.6, 0.4, 0.4]), (0.5, [0.6, 0.2, 0.0])],
    ids=["without momentum", "with momentum"],
)
def test_rolling_ball_worked_by_hand(momentum, expected):
    how, starts, gradients = {"lr": 0.1, "momentum": momentum}, [torch.tensor(1.0)], alone(4.0, 2.0, 0.0)
    _, path = follow("SGD", how, starts, gradients)
    expect_path("SGD", how, starts, gradients, path, [[torch.tensor(value)] for value in expected])


@pytest.mark.SGD
@examples
@given(
    run=runs(), how=st.fixed_dictionaries({"lr": st.sampled_from([0.1, 0.5]), "momentum": st.sampled_from([0.0, 0.9])})
)
def test_sgd_of_torch_does_the_same(run, how):
    same_as_torch("SGD", how, *run)


@pytest.mark.SGD
def test_sgd_like_stairs():
    # The output of (w * 3).sum() is 12, 8.4, 4.8 and 1.2: each step takes 0.3 from each of four weights.
    how, starts, gradients = {"lr": 0.1}, [torch.ones(4)], [[torch.full((4,), 3.0)]] * 3
    _, path = follow("SGD", how, starts, gradients)
    expect_path("SGD", how, starts, gradients, path, [[torch.full((4,), value)] for value in (0.7, 0.4, 0.1)])


@pytest.mark.Adam
def test_two_adaptive_steps_worked_by_hand():
    how, starts, gradients = {"lr": 0.1, "betas": (0.5, 0.5)}, [torch.tensor(1.0)], alone(2.0, 4.0)
    _, path = follow("Adam", how, starts, gradients)
    expect_path("Adam", how, starts, gradients, path, [[torch.tensor(0.9)], [torch.tensor(0.8037749)]])


@pytest.mark.Adam
def test_first_adaptive_step_is_the_learning_rate():
    # [0.6838, -0.3162] is what comes out without the bias correction.
    how, starts, gradients = {"lr": 0.1}, [START], [[torch.tensor([4517.2969, 82.6])]]
    _, path = follow("Adam", how, starts, gradients)
    expect_path("Adam", how, starts, gradients, path, [[torch.tensor([0.9, -0.1])]])


@pytest.mark.Adam
@examples
@given(
    run=runs(),
    how=st.sampled_from([{"lr": 0.1}, {}, {"lr": 0.1, "betas": (0.5, 0.9)}, {"lr": 0.02, "betas": (0.8, 0.7)}]),
)
def test_adam_of_torch_does_the_same(run, how):
    same_as_torch("Adam", how, *run)


@pytest.mark.Adam
def test_adaptive_step_with_a_gradient_of_zero():
    same_as_torch("Adam", {"lr": 0.1}, [START], [[torch.zeros(2)], [torch.ones(2)]])


@of_both
def test_parameter_without_a_gradient_is_skipped(name):
    one = torch.ones(2)
    same_as_torch(name, ORDINARY[name], [START, START], [[one, None], [None, one], [one, one]])


@of_both
def test_two_optimizers_do_not_share_what_they_remember(name):
    first, second = ([[torch.tensor([value])] for value in values] for values in ((4.0, 1.0), (1.0, -3.0)))
    starts = [torch.tensor([1.0])]
    leaves = [start.clone().requires_grad_() for start in starts * 2]
    build = function_of(student, name)
    paths = [[], []]
    with trying(name, f"{name}(...) twice"):
        both = [build([leaf], *ORDINARY[name].values()) for leaf in leaves]
        for steps in zip(first, second, strict=True):
            for optimizer, leaf, (gradient,), path in zip(both, leaves, steps, paths, strict=True):
                leaf.grad = gradient.clone()
                optimizer.step()
                path.append([leaf.detach().clone()])
    for gradients, path in zip((first, second), paths, strict=True):
        _, expected = follow(name, ORDINARY[name], starts, gradients, module=torch.optim)
        expect_path(name, ORDINARY[name], starts, gradients, path, expected)


@of_both
def test_leaves_stay_leaves(name):
    (leaf,), _ = follow(name, ORDINARY[name], [START], alone([1.0, 2.0]))
    if not (leaf.is_leaf and leaf.requires_grad):
        pytest.fail(f"{name}: after a step the parameter is no longer a leaf that requires grad", pytrace=False)


@of_both
def test_zero_grad_lets_the_next_gradient_begin_anew(name):
    leaf = START.clone().requires_grad_()
    build = function_of(student, name)
    with trying(name, f"{name}([leaf], lr=0.1).zero_grad()"):
        optimizer = build([leaf], 0.1)
        optimizer.zero_grad()  # there is no gradient yet: that must not be an error
        (3 * leaf).sum().backward()
        optimizer.zero_grad()
    left = leaf.grad
    if left is not None and left.any():
        pytest.fail(f"{name}: zero_grad leaves the gradient {left}; None or zeros are expected", pytrace=False)
    (5 * leaf).sum().backward()
    expect(f"the gradient after {name}.zero_grad and backward", {}, leaf.grad, torch.tensor([5.0, 5.0]))


@of_both
def test_line_fitted_in_a_loop_of_your_own(name):
    """The whole of it: zero_grad, backward, step, for twenty epochs on the lecture's data."""
    how = {"SGD": {"lr": 1e-2, "momentum": 0.5}, "Adam": {"lr": 0.1}}[name]
    fitted = []
    for module in (student, torch.optim):
        params = START.clone().requires_grad_()
        build = function_of(module, name)
        with trying_of(module, name, f"{name}([params], ...) in a training loop"):
            optimizer = build([params], *how.values())
            for _ in range(20):
                loss = line_through(params, T_UN, T_C)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        fitted.append(params.detach())
    said = f"{name}([params], {typed(how)}), then 20 times zero_grad, backward, step"
    expect_params(name, said, *fitted, rtol=1e-4)


# minibatch_training_loop


def train_in_batches(n_epochs, optimizer, t_u, t_c, batch_size, *, seed=0):
    written, build = optimizer
    params = torch.tensor([1.0, 0.0], dtype=t_u.dtype).requires_grad_()
    built = build(params)
    function = function_of(student, "minibatch_training_loop")
    arguments = {"n_epochs": n_epochs, "optimizer": written, "params": START, "t_u": t_u, "t_c": t_c}
    chance = Written(f"torch.Generator().manual_seed({seed})")
    said = show_call("minibatch_training_loop", {**arguments, "batch_size": batch_size, "generator": chance})
    with trying("minibatch_training_loop", said):
        value = function(n_epochs, built, params, t_u, t_c, batch_size, torch.Generator().manual_seed(seed))
    return said, params, value


@pytest.mark.minibatch_training_loop
@pytest.mark.parametrize("batch_size", [11, 100])
def test_minibatch_of_all_samples_is_gradient_descent(batch_size):
    said, params, _ = train_in_batches(3, sgd(1e-2), T_UN, T_C, batch_size)
    expect_params("minibatch_training_loop", said, params, torch.tensor([2.2094, 0.1217]), atol=1e-4)


def in_the_orders_that_are_drawn(n_epochs, t_u, t_c, batch_size, seed):
    """Follow the gradient, worked by hand, through each epoch's random order, slice by slice."""
    generator = torch.Generator().manual_seed(seed)
    expected = torch.tensor([1.0, 0.0], dtype=t_u.dtype)
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator).tolist()
        for first in range(0, len(order), batch_size):
            batch = order[first : first + batch_size]
            errors = expected[0] * t_u[batch] + expected[1] - t_c[batch]
            expected = expected - 0.01 * torch.stack([2 * (errors * t_u[batch]).mean(), 2 * errors.mean()])
    return expected


@pytest.mark.minibatch_training_loop
@pytest.mark.parametrize("n_epochs", [1, 2])
def test_minibatches_of_the_lectures_readings(n_epochs):
    said, params, _ = train_in_batches(n_epochs, sgd(0.01), T_UN, T_C, 4)
    expected = in_the_orders_that_are_drawn(n_epochs, T_UN, T_C, 4, seed=0)
    expect_params("minibatch_training_loop", said, params, expected, atol=1e-4)


@pytest.mark.minibatch_training_loop
@examples
@given(
    samples=st.lists(st.tuples(number, number), min_size=1, max_size=7),
    batch_size=st.integers(1, 4),
    n_epochs=st.integers(0, 3),
    seed=st.integers(0, 100),
)
def test_minibatches_go_through_the_orders_that_are_drawn(samples, batch_size, n_epochs, seed):
    t_u, t_c = torch.tensor(samples, dtype=torch.float64).T
    expected = in_the_orders_that_are_drawn(n_epochs, t_u, t_c, batch_size, seed)
    said, params, _ = train_in_batches(n_epochs, sgd(0.01), t_u, t_c, batch_size, seed=seed)
    expect_params("minibatch_training_loop", said, params, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.minibatch_training_loop
def test_minibatches_return_the_params():
    said, params, value = train_in_batches(2, sgd(1e-3), T_UN, T_C, 4)
    found = difference(value, params.detach(), atol=1e-6)
    if found:
        text = (
            f"minibatch_training_loop: it has to return params: {found.summary}\nyou called   {said}\n{found.evidence}"
        )
        pytest.fail(text, pytrace=False)
