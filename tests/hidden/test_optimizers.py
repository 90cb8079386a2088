# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""The hidden suite of `optimizers`: parameters after each step against torch.optim in float64.

What a loop or an optimizer does, it does to tensors that it was given: so every run is a probe, which
builds the leaves and the optimizer near the student's functions and returns the parameters. Inputs stay
away from what hides bugs: one step alone, gradients that stay the same, one parameter alone, the
lecture's own start. Each check says in a comment which wrong solutions it is there for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from hypothesis import given
from hypothesis import strategies as st
from shared import (
    DTYPES,
    FEW_STEPS,
    FOUR_DECIMALS,
    KNOWN_PARAMS,
    Case,
    as_type,
    cases,
    draw,
    in_both_precisions,
    kept,
    lecture,
    lecture_scaled,
    loss64,
    loss_scale,
    make_case,
    missed,
    moved_on,
    numbers_of,
    pieces_of,
    printing_case,
    sliced,
    stable_rate,
    two_calls,
)
from shared import ONE_PASS as ONE_STEP
from shared import fixed_cases as seeded_cases

from grader.suite import (
    Kind,
    Mismatch,
    Tolerance,
    Word,
    agree,
    chance,
    check,
    epochs_are_printed,
    known,
    mismatch,
    same,
    same_dtype,
    show,
    stand_in,
)

ADAM = Tolerance(
    float32=1e-3,
    float64=2e-4,
    reason="relative to how far the parameters moved: 1 - 0.999 ** t loses four digits where t or beta is a float32 "
    "tensor, and the course does not teach rounding. A wrong rule changes the moves by a hundredth and more",
)
PRECISE = Tolerance(
    float32=1e-4,
    float64=1e-10,
    reason="float64 all the way: each factor here is exact in float32 as well, so nothing but arithmetic in float32 "
    "costs more than the last digits",
)
KNOWN_LOSS = Tolerance(
    float32=2e-5, float64=2e-5, reason="the lectures print float32 losses to seven digits, after 500 steps of rounding"
)

# --- inputs ---------------------------------------------------------------------------------------


fixed_cases = partial(seeded_cases, seed=200)


@dataclass(frozen=True)
class Recipe:
    """How an optimizer of torch.optim is built; `repr` is what one would type."""

    kind: str
    settings: tuple[tuple[str, object], ...]

    def __repr__(self) -> str:
        return f"torch.optim.{self.kind}([params], {', '.join(f'{key}={value!r}' for key, value in self.settings)})"

    def build(self, params: Sequence[torch.Tensor]) -> torch.optim.Optimizer:
        return getattr(torch.optim, self.kind)(params, **dict(self.settings))


def recipe(kind: str, **settings: object) -> Recipe:
    return Recipe(kind, tuple(settings.items()))


@kept
def stable_rate_in_batches(case: Case, share: float) -> float:
    """A learning rate that contracts for every sample alone, however the samples are cut into batches."""
    return round(share / float((case.t_u.double() ** 2).max() + 1), 6)


EXACT = 2.0**-7
"""A learning rate that contracts for every case, and that float32 holds exactly."""
REMEMBERING = ("Adam", "momentum", "fast Adam", "slow momentum")
"""Optimizers whose steps depend on the steps before."""
LECTURES_ADAM = recipe("Adam", lr=0.1)


def recipe_for(case: Case, name: str, share: float = 0.2, *, smallest_batch: int | None = None) -> Recipe:
    rate = stable_rate(case, share) if smallest_batch is None else stable_rate_in_batches(case, share)
    return {
        "plain": recipe("SGD", lr=rate),
        "momentum": recipe("SGD", lr=rate, momentum=0.9),
        "slow momentum": recipe("SGD", lr=rate, momentum=0.5),
        "Adam": recipe("Adam", lr=0.3),
        "fast Adam": recipe("Adam", lr=0.1, betas=(0.6, 0.9)),
    }[name]


# --- the oracle of the loops ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Path:
    """Where torch.optim goes in float64: the parameters before and after each update, and the losses before."""

    params: tuple[torch.Tensor, ...]
    losses: tuple[float, ...]

    @property
    def last(self) -> torch.Tensor:
        return self.params[-1]

    @property
    def scale(self) -> float:
        return max(float(params.abs().max()) for params in self.params) + 1

    @property
    def moved(self) -> float:
        return max(float((params - self.params[0]).abs().max()) for params in self.params)


@kept
def path64(
    case: Case, how: Recipe, n_epochs: int, batch_size: int | None = None, generator_seed: int | None = None
) -> Path:
    """Train by torch.optim in float64, on all samples or in slices of the generator's own permutations."""
    t_u, t_c = case.t_u.double(), case.t_c.double()
    params = case.params.double().clone().requires_grad_()  # a clone: `double()` of a float64 tensor is itself
    optimizer = how.build([params])
    generator = torch.Generator().manual_seed(generator_seed or 0)
    path, losses = [params.detach().clone()], []
    for _ in range(n_epochs):
        everything = torch.arange(len(t_u))
        order = everything if batch_size is None else torch.randperm(len(t_u), generator=generator)
        for batch in order.split(batch_size or len(t_u)):
            params.grad = None
            loss = torch.nn.functional.mse_loss(params[0] * t_u[batch] + params[1], t_c[batch])
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
            path.append(params.detach().clone())
    return Path(params=tuple(path), losses=tuple(losses))


# --- optimizer_step -------------------------------------------------------------------------------


def stepped(module, kind, settings, start, t_u, t_c, n_steps):
    """Build a leaf and an optimizer around it, and make updates; return what became of it all."""
    kept_u, kept_c = t_u.clone(), t_c.clone()
    params = start.clone().requires_grad_()
    optimizer = getattr(torch.optim, kind)([params], **settings)
    losses, path = [], []
    for _ in range(n_steps):
        losses.append(module.optimizer_step(optimizer, params, t_u, t_c))
        path.append(params.detach().clone())
    unchanged = torch.equal(kept_u, t_u) and torch.equal(kept_c, t_c)
    return losses, path, params.is_leaf and params.requires_grad, unchanged


@dataclass(frozen=True)
class Steps:
    """What came back from a worker: any value, until it has been compared."""

    losses: object
    path: object
    stays_leaf: object
    unchanged: object


def run_steps(student, case: Case, how: Recipe, n_steps: int) -> Steps:
    arguments = (how.kind, dict(how.settings), case.params, case.t_u, case.t_c, n_steps)
    losses, path, stays_leaf, unchanged = student.probe(stepped, *arguments)
    return Steps(losses, path, stays_leaf, unchanged)


def step_inputs(case: Case, how: Recipe) -> dict[str, object]:
    return {"optimizer": how, "params": case.params, "t_u": case.t_u, "t_c": case.t_c}


def later(step: int) -> str:
    return "after the first step" if step == 1 else "right after the first step, and later not"


def steps_agree(
    name: str,
    inputs: dict[str, object],
    found: Sequence[object],
    path: Path,
    tolerance: Tolerance,
    scale: float | None = None,
) -> None:
    """Compare the params after each step, and say whether the first one is wrong already."""
    dtype = inputs["t_u"].dtype
    for step, (value, expected) in enumerate(zip(found, path.params[1:], strict=True), 1):
        try:
            agree(name, inputs, value, expected.to(dtype), tolerance=tolerance, scale=scale or path.scale)
        except Mismatch as error:
            raise Mismatch(f"{later(step)}: {error.summary}", f"{error.text}\n(step {step})", error.word) from None


@check("optimizer_step", "one step of plain SGD on fresh data", weight=2)
@in_both_precisions
@given(case=cases(), share=st.sampled_from((0.4, 0.1, 0.25)))
def test_step_sgd(student, case, share, dtype):
    case = as_type(case, dtype)
    # kills: no step, no backward, step before backward, zero_grad between the two, the gradient of a sum
    how = recipe_for(case, "plain", share)
    found = run_steps(student, case, how, 1)
    steps_agree("optimizer_step", step_inputs(case, how), found.path, path64(case, how, 1), ONE_STEP)


@check("optimizer_step", "five steps, also with momentum and Adam", weight=3)
@given(case=cases(), name=st.sampled_from(("plain", *REMEMBERING)))
def test_step_five(student, case, name):
    # kills: no zero_grad, an update by hand that reads only the learning rate, another optimizer, two steps in one
    how = recipe_for(case, name)
    found = run_steps(student, case, how, 5)
    steps_agree("optimizer_step", step_inputs(case, how), found.path, path64(case, how, 5), FEW_STEPS)


@check("optimizer_step", "returns the loss before the step", weight=2)
@given(case=cases(), name=st.sampled_from(("plain", "Adam", "momentum")))
def test_step_loss(student, case, name):
    # kills: the loss after the step, no return, the sum, the params returned
    how = recipe_for(case, name)
    losses = run_steps(student, case, how, 3).losses
    path = path64(case, how, 3)
    for step, (value, loss) in enumerate(zip(losses, path.losses, strict=True)):
        scale = loss_scale(case, path.params[step])
        expected = torch.tensor(loss, dtype=torch.float64)
        inputs = {**step_inputs(case, how), "params": path.params[step]}
        agree("optimizer_step", inputs, value, expected, tolerance=FEW_STEPS, scale=scale, shapes=[(), (1,)])


@check(
    "optimizer_step",
    "the lectures' steps: [0.95483, -8.26e-4] at 1e-5, [1.7761, 0.1064] at 1e-2",
    kind=Kind.KNOWN,
    visible=True,
    own_title="the first steps on your own data, at 1e-5 and scaled at 1e-2",
)
def test_step_known(student):
    for case, rate, expected, loss in (
        (lecture(), 1e-5, [0.95483, -8.26e-4], 1763.8846),
        (lecture_scaled(), 1e-2, [1.7761, 0.1064], 80.364342),
    ):
        how = recipe("SGD", lr=rate)
        inputs = step_inputs(case, how)
        found = run_steps(student, case, how, 1)
        agree(
            "optimizer_step", inputs, found.path[0], torch.tensor(known(expected)), tolerance=FOUR_DECIMALS, scale=1.0
        )
        shapes = [(), (1,)]
        agree("optimizer_step", inputs, found.losses[0], torch.tensor(known(loss)), tolerance=KNOWN_LOSS, shapes=shapes)


@check("optimizer_step", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_step_edges(student):
    for case in fixed_cases(1, 7):
        how = recipe_for(case, "plain")
        cut = Case(sliced(case.t_u), sliced(case.t_c), case.params)
        found = run_steps(student, cut, how, 2)
        path = path64(case, how, 2)
        steps_agree("optimizer_step", step_inputs(cut, how), found.path, path, ONE_STEP)
        expected, shapes = torch.tensor(path.losses[0], dtype=case.dtype), [(), (1,)]
        scale = loss_scale(case, case.params)
        inputs = step_inputs(cut, how)
        agree("optimizer_step", inputs, found.losses[0], expected, tolerance=FEW_STEPS, scale=scale, shapes=shapes)


@check("optimizer_step", "t_u and t_c stay as they are, and other steps in between change nothing", kind=Kind.FORM)
def test_step_pure(student):
    # kills: state kept in globals, data changed in place
    for case, other in pairs():
        how = recipe_for(case, "Adam")
        first, _, again = (run_steps(student, item, how, 2) for item in (case, other, case))
        unchanged_and_same("optimizer_step", step_inputs(case, how), again.unchanged, first.path, again.path)


def pairs() -> list[tuple[Case, Case]]:
    return two_calls(lambda seed, dtype: make_case(7, seed, 2, dtype), seeds=(207, 208))


def unchanged_and_same(name: str, inputs: dict[str, object], unchanged: object, first: object, again: object) -> None:
    if unchanged is not True:
        raise mismatch("t_u or t_c was changed", name, inputs, "they differ after the call", word=Word.ARGUMENT)
    if not same(first, again):
        raise mismatch(
            "the same start does not lead to the same end", name, inputs, f"first {show(first)}\nthen  {show(again)}"
        )


@check("optimizer_step", "params stay the leaf that they were, of the same dtype", kind=Kind.FORM)
def test_step_form(student):
    # kills: arithmetic in float32 for data of float64
    for case in fixed_cases(7):
        how = recipe("SGD", lr=EXACT)
        found = run_steps(student, case, how, 2)
        inputs = step_inputs(case, how)
        steps_agree("optimizer_step", inputs, found.path, path64(case, how, 2), PRECISE)
        stays_a_leaf("optimizer_step", inputs, found.stays_leaf)
        for value in (*found.losses, *found.path):
            same_dtype("optimizer_step", inputs, value, case.dtype)


def stays_a_leaf(name: str, inputs: dict[str, object], found: object) -> None:
    if found is not True:
        raise mismatch("params is no longer a leaf that requires grad", name, inputs, "is_leaf or requires_grad is off")


def loss_and_gradient(params: torch.Tensor, t_u: torch.Tensor, t_c: torch.Tensor) -> list[torch.Tensor]:
    """The numbers of one step, for whoever stands in for a student's own `optimizer_step`."""
    params = params.detach().clone().requires_grad_()
    with torch.enable_grad():
        loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
    return [loss.detach(), *torch.autograd.grad(loss, params)]


@stand_in("optimizer_step", far=loss_and_gradient)
def stepped_for(ask, optimizer, params, t_u, t_c):
    loss, params.grad = ask(params, t_u, t_c)
    optimizer.step()
    optimizer.zero_grad()
    return loss


# --- training_loop --------------------------------------------------------------------------------


def trained(module, kind, settings, start, t_u, t_c, parts):
    """Train a leaf by an optimizer, in one or more calls; return what became of it all."""
    kept_u, kept_c = t_u.clone(), t_c.clone()
    params = start.clone().requires_grad_()
    optimizer = getattr(torch.optim, kind)([params], **settings)
    for n_epochs in parts:
        params.grad = None
        returned = module.training_loop(n_epochs, optimizer, params, t_u, t_c)
    unchanged = torch.equal(kept_u, t_u) and torch.equal(kept_c, t_c)
    return params.detach().clone(), returned, params.is_leaf and params.requires_grad, unchanged


@dataclass(frozen=True)
class Trained:
    """What came back from a worker: any value, until it has been compared."""

    params: object
    returned: object
    stays_leaf: object
    unchanged: object


def train(student, case: Case, how: Recipe, *parts: int) -> Trained:
    arguments = (how.kind, dict(how.settings), case.params, case.t_u, case.t_c, list(parts))
    params, returned, stays_leaf, unchanged = student.probe(trained, *arguments)
    return Trained(params, returned, stays_leaf, unchanged)


def loop_inputs(case: Case, how: Recipe, n_epochs: int) -> dict[str, object]:
    return {"n_epochs": n_epochs, **step_inputs(case, how)}


def loop_agrees(case: Case, how: Recipe, n_epochs: int, value: object, tolerance: Tolerance = FEW_STEPS) -> None:
    path = path64(case, how, n_epochs)
    expected = path.last.to(case.dtype)
    inputs = loop_inputs(case, how, n_epochs)
    agree("training_loop", inputs, value, expected, tolerance=tolerance, scale=path.scale)


@check("training_loop", "1, 2, 3 and 5 epochs of plain SGD on fresh data", weight=4)
@given(case=cases(), n_epochs=st.sampled_from((2, 3, 5, 1)), share=st.sampled_from((0.4, 0.1, 0.25)))
def test_loop_sgd(student, case, n_epochs, share):
    # kills: an epoch more or less, no zero_grad, zero_grad before step, no step, stale predictions, globals read
    how = recipe_for(case, "plain", share)
    loop_agrees(case, how, n_epochs, train(student, case, how, n_epochs).params)


@check("training_loop", "2, 3, 5 and 8 epochs with momentum and Adam", weight=4)
@given(case=cases(), n_epochs=st.sampled_from((3, 5, 8, 2)), name=st.sampled_from(REMEMBERING))
def test_loop_remembering(student, case, n_epochs, name):
    # kills: an optimizer built anew in each epoch or call, an update by hand, a clone of the params trained
    how = recipe_for(case, name)
    loop_agrees(case, how, n_epochs, train(student, case, how, n_epochs).params)


@check("training_loop", "3, 10 and 20 epochs in float32", weight=2)
@given(case=cases(), n_epochs=st.sampled_from((3, 10, 20)), name=st.sampled_from(("plain", "slow momentum", "Adam")))
def test_loop_float32(student, case, n_epochs, name):
    case = as_type(case, torch.float32)
    how = recipe_for(case, name)
    loop_agrees(case, how, n_epochs, train(student, case, how, n_epochs).params)


def goes_on(student, case: Case, how: Recipe, n_epochs: int, whole: object) -> None:
    """A long run ends where many short ones with the same optimizer end, whatever `optimizer_step` does."""
    pieces = pieces_of(n_epochs)
    states = [case.params, numbers_of(train(student, case, how, *pieces[: len(pieces) // 2]).params, (2,))]
    states.append(numbers_of(train(student, case, how, *pieces).params, (2,)))
    moved_on("training_loop", loop_inputs(case, how, n_epochs), whole, states)


def slow_one_goes_on(student):
    case, how, _ = slow_run()
    goes_on(student, case, how, LONG, trained_aloud(student, case, how, LONG).params)


@check(
    "training_loop",
    "1,501 epochs on data that is not the lecture's",
    weight=1.5,
    long=True,
    alone=slow_one_goes_on,
)
def test_loop_many_epochs(student):
    # kills: what changes after so many epochs, the lecture's answer to every long run
    case, how, _ = slow_run()
    loop_agrees(case, how, LONG, trained_aloud(student, case, how, LONG).params)


@check("training_loop", "returns the trained params", weight=2)
@given(
    case=cases(3, 2, 7, 1),
    n_epochs=st.sampled_from((3, 1, 2, 12)),
    name=st.sampled_from(("plain", "Adam", "slow momentum")),
)
def test_loop_returns(student, case, n_epochs, name):
    # kills: no return, the loss, the start
    how = recipe_for(case, name)
    loop_agrees(case, how, n_epochs, train(student, case, how, n_epochs).returned)


def printing(module, kind, settings, start, t_u, t_c, n_epochs):
    """Train, and return the params and what was printed; a probe's own answer has no place for it."""
    text = importlib.import_module("io").StringIO()  # noqa: F821 - a probe sees importlib
    params = start.clone().requires_grad_()
    optimizer = getattr(torch.optim, kind)([params], **settings)
    with importlib.import_module("contextlib").redirect_stdout(text):  # noqa: F821 - a probe sees importlib
        module.training_loop(n_epochs, optimizer, params, t_u, t_c)
    return params.detach().clone(), text.getvalue()[:300_000]


@dataclass(frozen=True)
class Aloud:
    """What came back of a run whose prints are read."""

    params: object
    printed: str


def trained_aloud(student, case: Case, how: Recipe, n_epochs: int) -> Aloud:
    arguments = (how.kind, dict(how.settings), case.params, case.t_u, case.t_c, n_epochs)
    params, printed = student.probe(printing, *arguments)
    if not isinstance(printed, str):
        inputs = loop_inputs(case, how, n_epochs)
        raise mismatch("what is printed can't be read", "training_loop", inputs, "no text came back", word=Word.PRINTED)
    return Aloud(params, printed)


def loss_agrees(case: Case, how: Recipe, n_epochs: int, params: object, expected: float) -> None:
    """Compare the loss at the trained params, computed here in float64, with one that the lectures print."""
    inputs = loop_inputs(case, how, n_epochs)
    if not isinstance(params, torch.Tensor) or params.shape != (2,):
        raise mismatch("params are no longer two numbers", "training_loop", inputs, f"they are {show(params)}")
    w, b = params.detach().double()
    loss = torch.nn.functional.mse_loss(w * case.t_u.double() + b, case.t_c.double())
    try:
        agree("training_loop", inputs, loss, torch.tensor(known(expected)), tolerance=KNOWN_LOSS)
    except Mismatch as error:
        evidence = error.text.replace("it returned  ", "its loss is  ")
        raise Mismatch(f"the loss of the trained params: {error.summary}", evidence, error.word) from None


def sgd_goes_on(student):
    how = recipe("SGD", lr=1e-2)
    goes_on(student, lecture_scaled(), how, 499, train(student, lecture_scaled(), how, 499).params)


def adam_goes_on(student):
    goes_on(student, lecture(), LECTURES_ADAM, 2000, trained_aloud(student, lecture(), LECTURES_ADAM, 2000).params)


@check(
    "training_loop",
    "499 epochs of SGD on the scaled data, to the loss 7.860116 that epoch 500 begins with",
    kind=Kind.KNOWN,
    visible=True,
    long=True,
    alone=sgd_goes_on,
    own_title="499 epochs of SGD on your own data, scaled, to the loss that epoch 500 begins with",
)
def test_loop_known_sgd(student):
    # kills: an epoch more or less, which 5,000 epochs would hide
    how = recipe("SGD", lr=1e-2)
    loss_agrees(lecture_scaled(), how, 499, train(student, lecture_scaled(), how, 499).params, 7.860116)


@check(
    "training_loop",
    "2,000 epochs of Adam on the raw data: [0.5367, -17.3021]",
    kind=Kind.KNOWN,
    visible=True,
    long=True,
    alone=adam_goes_on,
    own_title="2,000 epochs of Adam on your own raw data",
)
def test_loop_known_adam(student):
    params = trained_aloud(student, lecture(), LECTURES_ADAM, 2000).params
    inputs = loop_inputs(lecture(), LECTURES_ADAM, 2000)
    agree("training_loop", inputs, params, torch.tensor(known([0.5367, -17.3021])), tolerance=KNOWN_PARAMS)
    loss_agrees(lecture(), LECTURES_ADAM, 2000, params, 2.927646)


@check("training_loop", "going on with the same optimizer is the same as not stopping", kind=Kind.EDGE)
def test_loop_goes_on(student):
    # kills: what an optimizer remembers thrown away at the beginning of a call
    for case in fixed_cases(7):
        for name in ("momentum", "Adam"):
            how = recipe_for(case, name)
            loop_agrees(case, how, 5, train(student, case, how, 2, 3).params)


@check("training_loop", "no epochs leave and return the start", kind=Kind.EDGE)
def test_loop_no_epochs(student):
    for case in fixed_cases(7):
        how = recipe_for(case, "Adam")
        found = train(student, case, how, 0)
        loop_agrees(case, how, 0, found.params)
        loop_agrees(case, how, 0, found.returned)


@check("training_loop", "one sample, sliced inputs", kind=Kind.EDGE)
def test_loop_edges(student):
    for case in fixed_cases(1, 7):
        how = recipe_for(case, "momentum")
        cut = Case(sliced(case.t_u), sliced(case.t_c), case.params)
        loop_agrees(case, how, 3, train(student, cut, how, 3).params)


@check("training_loop", "t_u and t_c stay as they are, and one training does not change another", kind=Kind.FORM)
def test_loop_pure(student):
    for case, other in pairs():
        how = recipe_for(case, "Adam")
        first, _, again = (train(student, item, how, 3) for item in (case, other, case))
        inputs = loop_inputs(case, how, 3)
        unchanged_and_same("training_loop", inputs, again.unchanged, first.params, again.params)


@check("training_loop", "params stay the leaf that they were, of the same dtype", kind=Kind.FORM)
def test_loop_form(student):
    # kills: arithmetic in float32 for data of float64
    for case in fixed_cases(7):
        how = recipe("SGD", lr=EXACT)
        found = train(student, case, how, 2)
        loop_agrees(case, how, 2, found.params, PRECISE)
        inputs = loop_inputs(case, how, 2)
        stays_a_leaf("training_loop", inputs, found.stays_leaf)
        same_dtype("training_loop", inputs, found.params, case.dtype)
        same_dtype("training_loop", inputs, found.returned, case.dtype)


def printing_slowly(seed: int) -> tuple[Case, Recipe, list[float]] | None:
    """A case, a recipe so slow that its losses still change in their third decimal, and these, or None."""
    case = printing_case(seed, 0.1, 0.1)
    how = recipe_for(case, "slow momentum", 0.00025)
    losses = path64(case, how, LONG).losses
    steps = [losses[epoch + before] - losses[epoch + before + 1] for epoch in (498, 998, 1498) for before in (0, 1)]
    return (case, how, losses) if min(steps) > 1e-3 else None


LONG = 1501  # no multiple of 500: it is the epoch that is printed, and not their number


def slow_run() -> tuple[Case, Recipe, list[float]]:
    """The run whose params and whose prints are judged; it is asked once."""
    return next(found for seed in range(42, 62) if (found := printing_slowly(seed)) is not None)


def prints_on(student, case: Case, how: Recipe, n_epochs: int, epochs: tuple[int, ...]) -> None:
    """Prints the loss at the params with which an epoch begins, wherever the student's own step has led them."""
    losses = {}
    for epoch in epochs:
        params = numbers_of(train(student, case, how, *pieces_of(epoch - 1)).params, (2,))
        losses[epoch] = float(loss64(case, params.double()))
    printed = trained_aloud(student, case, how, n_epochs).printed
    epochs_are_printed(printed, losses, "training_loop", loop_inputs(case, how, n_epochs))


def slow_one_prints_on(student):
    case, how, _ = slow_run()
    prints_on(student, case, how, LONG, (500, 1000, 1500))


@check(
    "training_loop",
    "prints every 500 epochs, and the loss before the step",
    kind=Kind.PRINT,
    weight=2,
    long=True,
    alone=slow_one_prints_on,
)
def test_loop_prints(student):
    # kills: the loss after the step, epochs counted from 0, another interval, nothing printed
    case, how, losses = slow_run()
    printed = trained_aloud(student, case, how, LONG).printed
    expected = {epoch: losses[epoch - 1] for epoch in (500, 1000, 1500)}
    epochs_are_printed(printed, expected, "training_loop", loop_inputs(case, how, LONG))


def adam_prints_on(student):
    prints_on(student, lecture(), LECTURES_ADAM, 2000, (500, 1000, 1500, 2000))


@check(
    "training_loop",
    "prints every 500 of 2,000 epochs with Adam",
    kind=Kind.PRINT,
    weight=1,
    long=True,
    alone=adam_prints_on,
)
def test_loop_prints_adam(student):
    # kills: another interval, a list of epochs that ends early
    printed = trained_aloud(student, lecture(), LECTURES_ADAM, 2000).printed  # the run of the known params, asked once
    losses = {500: known(7.612901), 1000: known(3.086700), 1500: known(2.928579), 2000: known(2.927646)}
    epochs_are_printed(printed, losses, "training_loop", loop_inputs(lecture(), LECTURES_ADAM, 2000))


# --- SGD and Adam: the oracle ---------------------------------------------------------------------

SHAPES: dict[str, tuple[tuple[int, ...], ...]] = {
    "one": ((3,),),
    "equal": ((2,), (2,)),
    "different": ((2,), (3, 2), (1,)),
    "with 0-d": ((), (2,), ()),
    "large": ((12,), (3, 5)),
}
Gradients = tuple[tuple[torch.Tensor | None, ...] | None, ...]


@dataclass(frozen=True, eq=False)
class Drive:
    """Parameters and the gradients that they meet, step by step; nobody changes it.

    A gradient of None is a parameter that the loss did not use; None for a whole step leaves the
    gradients of the step before where they are.
    """

    starts: tuple[torch.Tensor, ...]
    gradients: Gradients

    @property
    def dtype(self) -> torch.dtype:
        return self.starts[0].dtype


@kept
def make_drive(shapes: str, n_steps: int, seed: int, dtype: torch.dtype) -> Drive:
    """Draw starts in +-[1, 3], and gradients in +-[0.3, 4] whose size changes from step to step."""
    generator = chance(seed)
    starts = tuple(draw(generator, shape, 1, 3, 3).to(dtype) for shape in SHAPES[shapes])
    sizes = (1.0, 3.0, 0.5, 7.0, 1.0, 0.25, 2.0)
    gradients = tuple(
        tuple((size * draw(generator, shape, 0.3, 4, 3)).to(dtype) for shape in SHAPES[shapes])
        for size in itertools.islice(itertools.cycle(sizes), n_steps)
    )
    return Drive(starts, gradients)


@kept
def drive_as(drive: Drive, dtype: torch.dtype) -> Drive:
    gradients = tuple(
        None if step is None else tuple(None if item is None else item.to(dtype) for item in step)
        for step in drive.gradients
    )
    return Drive(tuple(start.to(dtype) for start in drive.starts), gradients)


def drives(*n_steps: int) -> st.SearchStrategy[Drive]:
    """Drives in float32: an optimizer that fails in float64 alone keeps half of its points."""
    return st.builds(
        make_drive,
        shapes=st.sampled_from(("one", "equal", "different")),
        n_steps=st.sampled_from(n_steps),
        seed=st.integers(0, 2**16),
        dtype=st.just(torch.float32),
    )


Settings = tuple[tuple[str, object], ...]
Moves = list[list[torch.Tensor]]


def settings_of(**values: object) -> Settings:
    return tuple(values.items())


def in_order(name: str, settings: Settings) -> list[object]:
    """The settings of an optimizer as they are handed over by position: one that stands between has its default."""
    defaults = {"SGD": {"lr": None, "momentum": 0.0}, "Adam": {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8}}[name]
    given = dict(settings)
    last = max((number for number, key in enumerate(defaults, 1) if key in given), default=0)
    return [given.get(key, default) for key, default in list(defaults.items())[:last]]


def driven(module, name, settings, starts, gradients):
    """Build an optimizer around leaves, hand it gradients, and return the leaves after each step, and their form."""
    params = [start.clone().requires_grad_() for start in starts]
    optimizer = getattr(module, name)(params, *settings)
    moves = []
    for step in gradients:
        if step is not None:
            for param, gradient in zip(params, step, strict=True):
                param.grad = None if gradient is None else gradient.clone()
        optimizer.step()
        moves.append([param.detach().clone() for param in params])
    return moves, all(param.is_leaf and param.requires_grad for param in params)


@kept
def moves64(drive: Drive, name: str, settings: Settings) -> Moves:
    """The parameters after each step of torch.optim, in float64: a probe, run here on torch's own."""
    drive = drive_as(drive, torch.float64)
    moves, _ = driven(torch.optim, name, in_order(name, settings), drive.starts, drive.gradients)
    return moves


def run(student, drive: Drive, name: str, settings: Settings) -> tuple[object, object]:
    drawn = (list(drive.starts), nested(drive.gradients))
    moves, leaves = student.probe(driven, name, in_order(name, settings), *drawn)
    return moves, leaves


def nested(gradients: Gradients) -> list[list[torch.Tensor | None] | None]:
    return [None if step is None else list(step) for step in gradients]


def drive_inputs(drive: Drive, settings: Settings) -> dict[str, object]:
    return {"params": list(drive.starts), **dict(settings), "gradients": nested(drive.gradients)}


def moves_agree(
    name: str, inputs: dict[str, object], found: object, expected: Moves, starts: Sequence[torch.Tensor]
) -> None:
    """Compare every parameter after every step, and say whether the first step is wrong already."""
    if not isinstance(found, list) or len(found) != len(expected):
        raise mismatch("the steps can't be read", name, inputs, f"found {show(found)}")
    pairs = [pair for step in expected for pair in zip(step, starts, strict=True)]
    size = max(float(param.abs().max()) for param, _ in pairs) + 1
    moved = max(float((param - start).abs().max()) for param, start in pairs)
    tolerance, scale = (ADAM, moved) if name == "Adam" else (FEW_STEPS, size)
    for step, (values, wanted) in enumerate(zip(found, expected, strict=True), 1):
        for number, (value, want) in enumerate(zip(values, wanted, strict=True), 1):
            try:
                agree(name, inputs, value, want.to(starts[0].dtype), tolerance=tolerance, scale=scale)
            except Mismatch as error:
                evidence = f"{error.text}\n(parameter {number} of {len(wanted)}, after step {step})"
                raise Mismatch(f"{later(step)}: {error.summary}", evidence, error.word) from None


SIZES = (1e-3, 0.03, 30.0, 1e3)


@kept
def of_size(size: float) -> Drive:
    """Starts and gradients of about this size."""
    drive = make_drive("different", 4, 44, torch.float32)
    return Drive(tuple(size * start for start in drive.starts), scaled(drive, size).gradients)


def expect_moves(student, drive: Drive, name: str, settings: Settings) -> None:
    found, _ = run(student, drive, name, settings)
    expected = moves64(drive, name, settings)
    moves_agree(name, drive_inputs(drive, settings), found, expected, drive.starts)


def descended(module, name, settings, start, t_u, t_c, n_epochs):
    """Fit a line with the student's optimizer, as a training loop would; return the params after each epoch."""
    params = start.clone().requires_grad_()
    optimizer = getattr(module, name)([params], *settings)
    path = []
    for _ in range(n_epochs):
        loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        path.append(params.detach().clone())
    return path


def descent_inputs(case: Case, how: Recipe) -> dict[str, object]:
    return {**step_inputs(case, how), "optimizer": Text(repr(how).removeprefix("torch.optim."))}


def expect_descent(student, case: Case, how: Recipe, n_epochs: int) -> None:
    found = student.probe(
        descended, how.kind, in_order(how.kind, how.settings), case.params, case.t_u, case.t_c, n_epochs
    )
    path = path64(case, how, n_epochs)
    tolerance, scale = (ADAM, path.moved) if how.kind == "Adam" else (FEW_STEPS, path.scale)
    steps_agree("a training loop", descent_inputs(case, how), found, path, tolerance, scale)


@dataclass(frozen=True)
class Text:
    """Words that stand in a shown call as they are."""

    text: str

    def __repr__(self) -> str:
        return self.text


def emptied(module, name, settings, starts, weights):
    """Call zero_grad before any gradient and after one; return all gradients, the last after one more backward."""
    params = [start.clone().requires_grad_() for start in starts]
    optimizer = getattr(module, name)(params, *settings)
    used = list(zip(params[1:], weights[1:], strict=True))  # the loss does not use the first one

    def gradients():
        return [None if param.grad is None else param.grad.clone() for param in params]

    optimizer.zero_grad()
    found = [gradients()]
    sum((param * weight).sum() for param, weight in used).backward()
    optimizer.zero_grad()
    found.append(gradients())
    sum((2 * param * weight).sum() for param, weight in used).backward()
    found.append(gradients())
    return found, [param.detach() for param in params]


def expect_empty_gradients(student, name: str, settings: Settings) -> None:
    """None and zero are both right; what stands in .grad after the next backward is that gradient alone."""
    for dtype in DTYPES:
        drive = make_drive("different", 1, 31, dtype)
        weights = drive.gradients[0]
        found, values = student.probe(emptied, name, in_order(name, settings), list(drive.starts), list(weights))
        inputs = {"params": list(drive.starts), **dict(settings)}
        at_first, after, fresh = found
        for gradient in (*at_first, *after, fresh[0]):
            if gradient is not None and not (isinstance(gradient, torch.Tensor) and not gradient.any()):
                evidence = f"after zero_grad there is a gradient of {show(gradient)}"
                raise mismatch("zero_grad leaves a gradient that is neither None nor zero", name, inputs, evidence)
        for gradient, weight in zip(fresh[1:], weights[1:], strict=True):
            agree(f"backward after {name}.zero_grad", inputs, gradient, 2 * weight, tolerance=ONE_STEP)
        for value, start in zip(values, drive.starts, strict=True):
            if not (isinstance(value, torch.Tensor) and torch.equal(value, start)):
                raise mismatch("it moves a parameter without a step", name, inputs, f"it is now {show(value)}")


def expect_form(student, name: str, settings: Settings) -> None:
    """The leaves stay leaves, and what is kept from step to step has their dtype; the settings are exact in float32."""
    for dtype in DTYPES:
        drive = scaled(make_drive("different", 3, 32, dtype), 2.0**14)  # so large that eps plays no part
        moves, leaves = run(student, drive, name, settings)
        inputs = drive_inputs(drive, settings)
        stays_a_leaf(name, inputs, leaves)
        for values, wanted in zip(moves, moves64(drive, name, settings), strict=True):
            for value, want in zip(values, wanted, strict=True):
                same_dtype(name, inputs, value, dtype)
                scale = max(float(want.abs().max()), 1.0)
                agree(name, inputs, value, want.to(dtype), tolerance=PRECISE, scale=scale)


def in_turn(module, name, first, second, starts, others, gradients, more):
    """Two optimizers step in turn, each on leaves of its own, or on the same ones where `others` is None."""
    left = [start.clone().requires_grad_() for start in starts]
    right = left if others is None else [start.clone().requires_grad_() for start in others]
    optimizers = [(left, getattr(module, name)(left, *first)), (right, getattr(module, name)(right, *second))]
    moves = []
    for steps in zip(gradients, more, strict=True):
        for (params, optimizer), step in zip(optimizers, steps, strict=True):
            for param, gradient in zip(params, step, strict=True):
                param.grad = gradient.clone()
            optimizer.step()
        moves.append([param.detach().clone() for param in (*left, *right)])
    return moves


def expect_in_turn(student, name: str, first: Settings, second: Settings, *, shared: bool) -> None:
    drive, other = make_drive("equal", 4, 33, torch.float64), make_drive("equal", 4, 34, torch.float64)
    others = None if shared else list(other.starts)
    drawn = (list(drive.starts), others, nested(drive.gradients), nested(other.gradients))
    both = in_order(name, first), in_order(name, second)
    found = student.probe(in_turn, name, *both, *drawn)
    expected = in_turn(torch.optim, name, *both, *drawn)
    starts = drive.starts * 2 if shared else (*drive.starts, *other.starts)
    moves_agree(name, drive_inputs(drive, first), found, expected, starts)


def with_others(drive: Drive, places: Sequence[tuple[int, int]], *, zero: bool = False) -> Drive:
    """The same drive, with no gradient, or one of zero, at these (step, parameter)."""
    gradients = tuple(
        tuple(
            item if (number, place) not in places else torch.zeros_like(item) if zero else None
            for place, item in enumerate(step)
        )
        for number, step in enumerate(drive.gradients)
    )
    return Drive(drive.starts, gradients)


@kept
def scaled(drive: Drive, factor: float) -> Drive:
    """The same drive, with its gradients multiplied."""
    return Drive(drive.starts, tuple(tuple(factor * item for item in step) for step in drive.gradients))


def staying(drive: Drive, *numbers: int) -> Drive:
    """The same drive, whose steps of these numbers use the gradients of the step before once more."""
    return Drive(drive.starts, tuple(None if n in numbers else step for n, step in enumerate(drive.gradients)))


# Made once, so that what the oracle says of them is kept.
NEVER = {dtype: with_others(make_drive("different", 4, 36, dtype), [(n, 1) for n in range(4)]) for dtype in DTYPES}
SOMETIMES = {dtype: with_others(make_drive("different", 5, 37, dtype), [(1, 0), (2, 0), (3, 2)]) for dtype in DTYPES}
BELATED = {dtype: with_others(make_drive("equal", 5, 38, dtype), [(0, 1), (1, 1)]) for dtype in DTYPES}
ZEROS = {
    dtype: with_others(
        make_drive("with 0-d", 5, 39, dtype),
        [(0, 0), (0, 1), (1, 0), (2, 0), (3, 1), (4, 1), (4, 2)],
        zero=True,
    )
    for dtype in DTYPES
}
FIRST_SGD, SECOND_SGD = settings_of(lr=0.1, momentum=0.9), settings_of(lr=0.05, momentum=0.5)
FIRST_ADAM, SECOND_ADAM = settings_of(lr=0.1), settings_of(lr=0.05, betas=(0.5, 0.9))
STAYING = {dtype: staying(make_drive("different", 4, 40, dtype), 1, 3) for dtype in DTYPES}


# --- SGD ------------------------------------------------------------------------------------------


@check("SGD", "without momentum, step for step", weight=2)
@given(drive=drives(2, 1, 3, 6), lr=st.sampled_from((0.1, 0.5, 0.02)))
def test_sgd_plain(student, drive, lr):
    # kills: the sign, lr forgotten or applied twice, a momentum by default, only the first parameter moved
    expect_moves(student, drive, "SGD", settings_of(lr=lr))


@check("SGD", "with momentum, step for step", weight=3)
@given(drive=drives(3, 2, 5, 7), lr=st.sampled_from((0.1, 0.02)), momentum=st.sampled_from((0.9, 0.5, 0.25)))
def test_sgd_momentum(student, drive, lr, momentum):
    # kills: momentum ignored, (1 - momentum) * grad, one velocity for all parameters, Nesterov's step,
    # velocities that begin at the first gradient twice, lr inside and outside
    expect_moves(student, drive, "SGD", settings_of(lr=lr, momentum=momentum))


@check("SGD", "float64, with and without momentum", kind=Kind.EDGE, weight=1.5)
@given(drive=drives(3, 1, 5, 7), momentum=st.sampled_from((0.0, 0.9, 0.5)))
def test_sgd_float64(student, drive, momentum):
    expect_moves(student, drive_as(drive, torch.float64), "SGD", settings_of(lr=0.1, momentum=momentum))


@check("SGD", "200 steps with momentum", weight=1.5)
def test_sgd_many_steps(student):
    # kills: what changes after so many steps
    expect_moves(student, make_drive("one", 200, 42, torch.float32), "SGD", settings_of(lr=0.02, momentum=0.9))


@check("SGD", "parameters of many numbers", kind=Kind.EDGE, weight=0.5)
def test_sgd_large(student):
    for momentum in (0.0, 0.9):
        drive = make_drive("large", 4, 47, torch.float32)
        expect_moves(student, drive, "SGD", settings_of(lr=0.1, momentum=momentum))


@check("SGD", "gradients of every size")
def test_sgd_sizes(student):
    # kills: long gradients cut off, small ones taken for none
    for size in SIZES:
        expect_moves(student, of_size(size), "SGD", settings_of(lr=0.1, momentum=0.5))


@check("SGD", "in a training loop: zero_grad, backward, step", weight=3)
@given(case=cases(), n_epochs=st.sampled_from((3, 5, 2)), name=st.sampled_from(("momentum", "plain", "slow momentum")))
def test_sgd_descends(student, case, n_epochs, name):
    # kills: zero_grad that does nothing, or fails before the first backward; a velocity that is the gradient itself
    case = as_type(case, torch.float32)
    expect_descent(student, case, recipe_for(case, name), n_epochs)


@check(
    "SGD",
    "the lectures' steps: [0.95483, -8.26e-4], [1.7761, 0.1064]",
    kind=Kind.KNOWN,
    visible=True,
    own_title="the first steps on your own data",
)
def test_sgd_known(student):
    for case, rate, n_epochs, expected in (
        (lecture(), 1e-5, 1, [0.95483, -8.26e-4]),
        (lecture_scaled(), 1e-2, 1, [1.7761, 0.1064]),
        (lecture_scaled(), 1e-2, 3, [2.2094, 0.1217]),
    ):
        how = recipe("SGD", lr=rate)
        arguments = ("SGD", in_order("SGD", how.settings), case.params, case.t_u, case.t_c, n_epochs)
        value = student.probe(descended, *arguments)[-1]
        inputs = {"n_epochs": n_epochs, **descent_inputs(case, how)}
        agree("a training loop", inputs, value, torch.tensor(known(expected)), tolerance=FOUR_DECIMALS, scale=1.0)


@check("SGD", "a parameter without a gradient is skipped", kind=Kind.EDGE, weight=1.5)
def test_sgd_skips(student):
    # kills: None taken for zero (the velocity would roll on), an exception, all that follow skipped as well
    for dtype in DTYPES:
        for drive in (NEVER[dtype], SOMETIMES[dtype], BELATED[dtype]):
            expect_moves(student, drive, "SGD", settings_of(lr=0.1, momentum=0.9))


@check("SGD", "gradients of zero, and parameters of shape ()", kind=Kind.EDGE)
def test_sgd_zeros(student):
    # kills: a gradient of zero taken for none: with momentum the parameter rolls on
    for dtype in DTYPES:
        expect_moves(student, ZEROS[dtype], "SGD", settings_of(lr=0.1, momentum=0.9))


@check("SGD", "a second step on the same gradient", kind=Kind.EDGE, weight=0.5)
def test_sgd_stays(student):
    # kills: a step that changes or empties the gradient
    for dtype in DTYPES:
        expect_moves(student, STAYING[dtype], "SGD", settings_of(lr=0.1, momentum=0.5))


@check("SGD", "several instances side by side", kind=Kind.EDGE)
def test_sgd_side_by_side(student):
    # kills: settings or velocities in the class or in globals
    expect_in_turn(student, "SGD", FIRST_SGD, SECOND_SGD, shared=False)


@check("SGD", "two instances of the same parameters", kind=Kind.EDGE, weight=0.5)
def test_sgd_same_parameters(student):
    # kills: velocities kept on the tensors, parameters' values remembered
    expect_in_turn(student, "SGD", FIRST_SGD, SECOND_SGD, shared=True)


@check("SGD", "zero_grad leaves None or zero", kind=Kind.FORM)
def test_sgd_zero_grad(student):
    expect_empty_gradients(student, "SGD", settings_of(lr=0.1, momentum=0.9))


@check("SGD", "parameters stay the leaves that they were, of the same dtype", kind=Kind.FORM)
def test_sgd_form(student):
    # kills: velocities of float32 for parameters of float64
    expect_form(student, "SGD", settings_of(lr=0.5, momentum=0.5))


# --- Adam -----------------------------------------------------------------------------------------


@check("Adam", "the first step", weight=2)
@given(drive=drives(1), lr=st.sampled_from((0.1, 0.5, 0.02)))
def test_adam_first_step(student, drive, lr):
    # kills: no bias correction, t that begins at 0 or 2, no root, the sign
    expect_moves(student, drive, "Adam", settings_of(lr=lr))


@check("Adam", "2 to 7 steps with the default betas", weight=3)
@given(drive=drives(3, 2, 5, 7), lr=st.sampled_from((0.1, 0.5, 0.02)))
def test_adam_steps(student, drive, lr):
    # kills: t that stays 1, means corrected in place, m or v for all parameters together, the square of the mean,
    # beta and 1 - beta exchanged, no memory
    expect_moves(student, drive, "Adam", settings_of(lr=lr))


@check("Adam", "other betas", weight=2)
@given(drive=drives(3, 2, 5), betas=st.sampled_from(((0.5, 0.9), (0.8, 0.5), (0.0, 0.99), (0.95, 0.7))))
def test_adam_betas(student, drive, betas):
    # kills: betas ignored or exchanged, one of them used for both
    expect_moves(student, drive, "Adam", settings_of(lr=0.1, betas=betas))


@check("Adam", "float64", kind=Kind.EDGE, weight=1.5)
@given(drive=drives(3, 1, 5, 7), betas=st.sampled_from(((0.9, 0.999), (0.5, 0.9))))
def test_adam_float64(student, drive, betas):
    expect_moves(student, drive_as(drive, torch.float64), "Adam", settings_of(lr=0.1, betas=betas))


@check("Adam", "200 steps with the default betas", weight=1.5)
def test_adam_many_steps(student):
    # kills: t that stops somewhere, a bias correction that ends
    expect_moves(student, make_drive("one", 200, 43, torch.float32), "Adam", settings_of(lr=0.1))


@check("Adam", "parameters of many numbers", kind=Kind.EDGE, weight=0.5)
def test_adam_large(student):
    expect_moves(student, make_drive("large", 4, 48, torch.float32), "Adam", settings_of(lr=0.1))


@check("Adam", "gradients of every size")
def test_adam_sizes(student):
    # kills: long gradients cut off, small ones taken for none
    for size in SIZES:
        expect_moves(student, of_size(size), "Adam", settings_of(lr=0.1 * size))


@check("Adam", "in a training loop: zero_grad, backward, step", weight=3)
@given(case=cases(), n_epochs=st.sampled_from((3, 5, 2)), name=st.sampled_from(("Adam", "fast Adam")))
def test_adam_descends(student, case, n_epochs, name):
    # kills: zero_grad that does nothing, or fails before the first backward
    case = as_type(case, torch.float32)
    expect_descent(student, case, recipe_for(case, name), n_epochs)


@check(
    "Adam",
    "the lecture's raw data at 0.1: [0.9, -0.1] after one step",
    kind=Kind.KNOWN,
    visible=True,
    own_title="your own raw data at 0.1: [0.9, -0.1] after one step",
)
def test_adam_known(student):
    # kills: no bias correction, which 2,000 epochs would hide
    how = recipe("Adam", lr=0.1)
    case = lecture()
    value = student.probe(descended, "Adam", in_order("Adam", how.settings), case.params, case.t_u, case.t_c, 1)[-1]
    inputs = {"n_epochs": 1, **descent_inputs(case, how)}
    agree("a training loop", inputs, value, torch.tensor([0.9, -0.1]), tolerance=FOUR_DECIMALS, scale=1.0)


@check("Adam", "defaults: lr=1e-3 and betas=(0.9, 0.999)")
@given(drive=drives(3, 2, 5))
def test_adam_defaults(student, drive):
    # kills: another default
    expect_moves(student, drive, "Adam", ())


PLACEMENTS = ("behind the root", "before the correction", "inside the root")


def adam64(drive: Drive, lr: float, eps: float, placement: str, *, one_count: bool = False) -> Moves:
    """Adam by its formula, with eps where torch has it, where torch once had it, or inside the root.

    With `one_count` the steps are counted for all parameters together, as textbooks do.
    """
    beta1, beta2 = 0.9, 0.999
    params = [start.double().clone() for start in drive.starts]
    means, squares = ([torch.zeros_like(param) for param in params] for _ in range(2))
    counts = [0 for _ in params]
    moves: Moves = []
    for number, step in enumerate(drive.gradients, 1):
        for place, gradient in enumerate(step):
            if gradient is not None:
                counts[place] = t = number if one_count else counts[place] + 1
                means[place] = beta1 * means[place] + (1 - beta1) * gradient.double()
                squares[place] = beta2 * squares[place] + (1 - beta2) * gradient.double() ** 2
                mean, square = means[place] / (1 - beta1**t), squares[place] / (1 - beta2**t)
                below = {
                    "behind the root": square.sqrt() + eps,
                    "before the correction": square.sqrt() + eps / math.sqrt(1 - beta2**t),
                    "inside the root": (square + eps).sqrt(),
                }[placement]
                params[place] = params[place] - lr * mean / below
        moves.append([param.clone() for param in params])
    return moves


def one_of(student, drive: Drive, settings: Settings, accepted: Sequence[Moves], wrong: str) -> None:
    """Raise Mismatch unless one of several right ways is gone from the first step to the last."""
    found, _ = run(student, drive, "Adam", settings)
    compare = partial(moves_agree, "Adam", drive_inputs(drive, settings), found, starts=drive.starts)
    failure = missed(partial(compare, expected) for expected in accepted)
    if failure is not None:
        raise Mismatch(f"{wrong}: {failure.summary}", failure.text, failure.word)


@kept
def tiny(size: float) -> Drive:
    """Gradients of about this size, and starts near zero, so that small moves count."""
    drive = scaled(make_drive("equal", 3, 43, torch.float64), size)
    return Drive(tuple(0.01 * start for start in drive.starts), drive.gradients)


@check("Adam", "eps, where the gradients are no larger", kind=Kind.EDGE, weight=1.5)
def test_adam_eps(student):
    # kills: eps ignored, or another default. Where it stands is not judged: all of torch's places, then and now,
    # and the one inside the root are right
    for settings, size, eps in (
        (settings_of(lr=0.1, eps=0.5), 0.2, 0.5),
        (settings_of(lr=0.1, eps=1e-3), 1e-3, 1e-3),
        (settings_of(lr=0.1), 1e-8, 1e-8),
    ):
        accepted = [adam64(tiny(size), 0.1, eps, placement) for placement in PLACEMENTS]
        one_of(student, tiny(size), settings, accepted, "eps has not the effect that it should")


@check("Adam", "a parameter without a gradient is skipped", kind=Kind.EDGE, weight=1.5)
def test_adam_skips(student):
    # kills: None taken for zero (m would roll on), an exception, all that follow skipped as well. How its steps are
    # counted is the next check's
    for dtype in DTYPES:
        for drive in (NEVER[dtype], SOMETIMES[dtype], BELATED[dtype]):
            accepted = [adam64(drive, 0.1, 1e-8, PLACEMENTS[0], one_count=one_count) for one_count in (False, True)]
            one_of(student, drive, settings_of(lr=0.1), accepted, "one parameter has no gradient in some steps")


@check("Adam", "a parameter that is skipped at times counts its own steps", kind=Kind.EDGE, weight=0.5)
def test_adam_counts(student):
    # kills: one count of steps for all parameters
    for dtype in DTYPES:
        for drive in (SOMETIMES[dtype], BELATED[dtype]):
            expect_moves(student, drive, "Adam", settings_of(lr=0.1))


@check("Adam", "gradients of zero, and parameters of shape ()", kind=Kind.EDGE)
def test_adam_zeros(student):
    # kills: 0 / 0 where eps is ignored, a gradient of zero taken for none
    for dtype in DTYPES:
        expect_moves(student, ZEROS[dtype], "Adam", settings_of(lr=0.1))


@check("Adam", "a second step on the same gradient", kind=Kind.EDGE, weight=0.5)
def test_adam_stays(student):
    # kills: a step that changes or empties the gradient
    for dtype in DTYPES:
        expect_moves(student, STAYING[dtype], "Adam", settings_of(lr=0.1))


@check("Adam", "several instances side by side", kind=Kind.EDGE)
def test_adam_side_by_side(student):
    # kills: settings, means or the count of steps in the class or in globals
    expect_in_turn(student, "Adam", FIRST_ADAM, SECOND_ADAM, shared=False)


@check("Adam", "two instances of the same parameters", kind=Kind.EDGE, weight=0.5)
def test_adam_same_parameters(student):
    # kills: means kept on the tensors
    expect_in_turn(student, "Adam", FIRST_ADAM, SECOND_ADAM, shared=True)


@check("Adam", "zero_grad leaves None or zero", kind=Kind.FORM)
def test_adam_zero_grad(student):
    expect_empty_gradients(student, "Adam", settings_of(lr=0.1))


@check("Adam", "parameters stay the leaves that they were, of the same dtype", kind=Kind.FORM)
def test_adam_form(student):
    # kills: means of float32 for parameters of float64
    expect_form(student, "Adam", settings_of(lr=0.5, betas=(0.5, 0.5)))


# --- minibatch_training_loop ----------------------------------------------------------------------


def trained_in_batches(module, kind, settings, start, t_u, t_c, batch_size, seed, parts):
    """Train a leaf in minibatches, in one or more calls with one generator; return what became of it all."""
    kept_u, kept_c = t_u.clone(), t_c.clone()
    generator = torch.Generator().manual_seed(seed)
    params = start.clone().requires_grad_()
    optimizer = getattr(torch.optim, kind)([params], **settings)
    for n_epochs in parts:
        params.grad = None
        returned = module.minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator)
    unchanged = torch.equal(kept_u, t_u) and torch.equal(kept_c, t_c)
    return params.detach().clone(), returned, params.is_leaf and params.requires_grad, unchanged


@dataclass(frozen=True)
class Batches:
    """How the samples are cut, and the seed of the generator."""

    size: int
    seed: int


def train_in_batches(student, case: Case, how: Recipe, batches: Batches, *parts: int) -> Trained:
    arguments = (case.params, case.t_u, case.t_c, batches.size, batches.seed, list(parts))
    params, returned, stays_leaf, unchanged = student.probe(
        trained_in_batches, how.kind, dict(how.settings), *arguments
    )
    return Trained(params, returned, stays_leaf, unchanged)


def batch_inputs(case: Case, how: Recipe, batches: Batches, n_epochs: int) -> dict[str, object]:
    generator = Text(f"torch.Generator().manual_seed({batches.seed})")
    return {**loop_inputs(case, how, n_epochs), "batch_size": batches.size, "generator": generator}


def batches_agree(
    case: Case, how: Recipe, batches: Batches, n_epochs: int, value: object, tolerance: Tolerance = FEW_STEPS
) -> None:
    path = path64(case, how, n_epochs, batches.size, batches.seed)
    inputs = batch_inputs(case, how, batches, n_epochs)
    expected = path.last.to(case.dtype)
    agree("minibatch_training_loop", inputs, value, expected, tolerance=tolerance, scale=path.scale)


cuts = st.builds(Batches, size=st.sampled_from((2, 3, 4)), seed=st.integers(0, 2**16))


@check("minibatch_training_loop", "one epoch of plain SGD, slices that do not fit", weight=2)
@given(case=cases(5, 7, 11), batches=cuts)
def test_batches_one_epoch(student, case, batches):
    # kills: no permutation, another source of chance, the last slice dropped, with replacement, one step an epoch,
    # t_u and t_c shuffled apart, no zero_grad
    how = recipe_for(case, "plain", 0.6, smallest_batch=1)
    params = train_in_batches(student, case, how, batches, 1).params
    batches_agree(case, how, batches, 1, params)


@check("minibatch_training_loop", "2 and 3 epochs, also with momentum and Adam", weight=4)
@given(
    case=cases(5, 7),
    batches=cuts,
    n_epochs=st.sampled_from((2, 3)),
    name=st.sampled_from(("plain", "Adam", "slow momentum")),
)
def test_batches_epochs(student, case, batches, n_epochs, name):
    # kills: one permutation for all epochs, the generator seeded anew, an optimizer built anew, an epoch more or less
    how = recipe_for(case, name, 0.3, smallest_batch=1)
    params = train_in_batches(student, case, how, batches, n_epochs).params
    batches_agree(case, how, batches, n_epochs, params)


@check("minibatch_training_loop", "40 epochs")
def test_batches_many_epochs(student):
    # kills: what changes after so many epochs
    case = make_case(7, 51, 2, torch.float64)
    how = recipe_for(case, "plain", 0.1, smallest_batch=1)
    batches = Batches(3, 52)
    batches_agree(case, how, batches, 40, train_in_batches(student, case, how, batches, 40).params)


@check("minibatch_training_loop", "2 epochs in float32")
@given(case=cases(5, 7), batches=cuts, name=st.sampled_from(("plain", "slow momentum")))
def test_batches_float32(student, case, batches, name):
    case = as_type(case, torch.float32)
    how = recipe_for(case, name, 0.3, smallest_batch=1)
    params = train_in_batches(student, case, how, batches, 2).params
    batches_agree(case, how, batches, 2, params)


@check("minibatch_training_loop", "returns the trained params")
@in_both_precisions
@given(
    case=cases(5, 7, 1, 2),
    batches=cuts,
    n_epochs=st.sampled_from((2, 1, 12)),
    name=st.sampled_from(("plain", "Adam", "slow momentum")),
)
def test_batches_returns(student, case, batches, n_epochs, name, dtype):
    # kills: no return, the start
    case = as_type(case, dtype)
    how = recipe_for(case, name, 0.3, smallest_batch=1)
    returned = train_in_batches(student, case, how, batches, n_epochs).returned
    batches_agree(case, how, batches, n_epochs, returned)


@check(
    "minibatch_training_loop",
    "all samples in one batch: [2.2094, 0.1217] after 3",
    kind=Kind.KNOWN,
    visible=True,
    own_title="all samples of your own data in one batch, 3 epochs",
)
def test_batches_known(student):
    how = recipe("SGD", lr=1e-2)
    batches = Batches(11, 0)
    params = train_in_batches(student, lecture_scaled(), how, batches, 3).params
    inputs = batch_inputs(lecture_scaled(), how, batches, 3)
    expected = torch.tensor(known([2.2094, 0.1217]))
    agree("minibatch_training_loop", inputs, params, expected, tolerance=FOUR_DECIMALS, scale=1.0)


@check("minibatch_training_loop", "batches of one, of all, and larger than that; one sample", kind=Kind.EDGE, weight=2)
def test_batches_edges(student):
    for case, sizes in (
        (make_case(6, 44, 2, torch.float64), (1, 6, 7, 100, 3)),
        (make_case(1, 45, 2, torch.float64), (1, 3)),
    ):
        for size in sizes:
            how = recipe_for(case, "slow momentum", 0.3, smallest_batch=1)
            batches = Batches(size, 46)
            params = train_in_batches(student, case, how, batches, 2).params
            batches_agree(case, how, batches, 2, params)


@check("minibatch_training_loop", "going on with the same generator and optimizer; no epochs", kind=Kind.EDGE)
def test_batches_go_on(student):
    # kills: more drawn from the generator than one order an epoch, a generator seeded anew in each call
    case = make_case(7, 47, 2, torch.float64)
    how = recipe_for(case, "slow momentum", 0.3, smallest_batch=1)
    batches = Batches(3, 48)
    params = train_in_batches(student, case, how, batches, 2, 0, 2).params
    batches_agree(case, how, batches, 4, params)
    found = train_in_batches(student, case, how, batches, 0)
    batches_agree(case, how, batches, 0, found.params)
    batches_agree(case, how, batches, 0, found.returned)


@check("minibatch_training_loop", "sliced inputs", kind=Kind.EDGE)
def test_batches_arguments(student):
    for case in fixed_cases(7):
        how = recipe_for(case, "plain", 0.3, smallest_batch=1)
        batches = Batches(3, 49)
        cut = Case(sliced(case.t_u), sliced(case.t_c), case.params)
        found = train_in_batches(student, cut, how, batches, 2)
        batches_agree(case, how, batches, 2, found.params)


@check("minibatch_training_loop", "t_u and t_c stay as they are, params the leaf that they were", kind=Kind.FORM)
def test_batches_form(student):
    # kills: data shuffled in place, state kept from call to call, arithmetic in float32 for data of float64
    for case, other in pairs():
        how = recipe("SGD", lr=EXACT / 2)
        batches = Batches(3, 50)
        first, _, again = (train_in_batches(student, item, how, batches, 2) for item in (case, other, case))
        inputs = batch_inputs(case, how, batches, 2)
        unchanged_and_same("minibatch_training_loop", inputs, again.unchanged, first.params, again.params)
        batches_agree(case, how, batches, 2, first.params, PRECISE)
        stays_a_leaf("minibatch_training_loop", inputs, first.stays_leaf)
        same_dtype("minibatch_training_loop", inputs, first.params, case.dtype)
        same_dtype("minibatch_training_loop", inputs, first.returned, case.dtype)
