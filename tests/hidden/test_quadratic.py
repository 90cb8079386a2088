# PRIVATE chainrule-canary-73b00d19f76f4b19
"""The hidden suite of `quadratic`: every answer against torch's autograd in float64.

Inputs stay away from what hides bugs: 0 and 1, of which the square is no other number, equal parameters, the optimum,
the lecture's own start. Each check says in a comment which wrong solutions it is there for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from shared import (
    FEW_STEPS,
    KNOWN_PARAMS,
    ONE_PASS,
    SEVEN_DIGITS,
    T_C,
    T_UN,
    Case,
    as_type,
    cases_of_every_size,
    descend64,
    draw,
    edge_cases,
    fixed_cases,
    gradient64,
    gradient_scale,
    in_both_precisions,
    kept,
    loop_at_edges,
    loop_ends_at,
    loop_goes_on,
    loop_inputs,
    loop_keeps_dtype,
    loop_prints,
    loop_runs_long,
    loop_states,
    loop_without_epochs,
    loss64,
    moved_on,
    numbers_of,
    path_scale,
    pieces_of,
    sliced,
    stable_rate,
    two_calls,
)

from grader.suite import (
    Kind,
    NotShown,
    Tolerance,
    Word,
    agree,
    call,
    chance,
    check,
    known,
    mismatch,
    readings,
    same_dtype,
    show,
)
from grader.suite import pure as changes_nothing

EPOCHS_PRINTED = range(500, 5001, 500)
STOPS = tuple(epoch - 1 for epoch in EPOCHS_PRINTED)
"""Where a run is cut, so that it is seen from where each of these starts."""
LONG = 1200


@dataclass(frozen=True, eq=False)
class Curve(Case):
    """Readings, temperatures, and a parabola [w2, w1, b] to begin with."""

    @property
    def w2(self) -> torch.Tensor:
        return self.params[0]

    @property
    def w1(self) -> torch.Tensor:
        return self.params[1]

    @property
    def b(self) -> torch.Tensor:
        return self.params[2]

    @property
    def t_p(self) -> torch.Tensor:
        return self.predicted(self.params, self.t_u)

    @property
    def inputs(self) -> dict[str, torch.Tensor]:
        """The arguments of a model of one parabola."""
        return {"t_u": self.t_u, "w2": self.w2, "w1": self.w1, "b": self.b}

    def predicted(self, params: torch.Tensor | Sequence[torch.Tensor], t_u: torch.Tensor) -> torch.Tensor:
        w2, w1, b = params
        return (w2 * t_u + w1) * t_u + b  # Horner's form, which the reference does not use

    @property
    def columns(self) -> torch.Tensor:
        t_u = self.t_u.double()
        return torch.stack([t_u * t_u, t_u, torch.ones_like(t_u)], dim=1)


KNOWN = Curve(T_UN, T_C, torch.tensor([1.0, 1.0, 0.0]))
"""Where the lesson begins."""


def thermometer() -> Curve:
    """The lesson's data, or that of the student who is judged, where students have data of their own."""
    own = readings()
    return KNOWN if own is None else own_curve(own["t_u"], own["t_c"])


@kept
def own_curve(t_u: tuple[float, ...], t_c: tuple[float, ...]) -> Curve:
    return Curve(0.1 * torch.tensor(t_u), torch.tensor(t_c), KNOWN.params)


@kept
def make_curve(n: int, seed: int, decimals: int, dtype: torch.dtype) -> Curve:
    """Draw data of size n: t_u in +-[1.6, 4], t_c in +-[20, 60], w2 in +-[2, 4], w1 in +-[5, 9], b in +-[11, 15]."""
    generator = chance(seed)
    t_u, t_c = draw(generator, (n,), 1.6, 4, decimals), draw(generator, (n,), 20, 60, decimals)
    params = torch.cat([draw(generator, (1,), *ends, decimals) for ends in ((2, 4), (5, 9), (11, 15))])
    return Curve(t_u=t_u.to(dtype), t_c=t_c.to(dtype), params=params.to(dtype))


def curves(*sizes: int) -> st.SearchStrategy[Curve]:
    """Curves in float64 that shrink towards three samples with whole numbers; one sample is an edge of its own."""
    return st.builds(
        make_curve,
        n=st.sampled_from(sizes or (3, 2, 7, 11, 64)),
        seed=st.integers(0, 2**16),
        decimals=st.sampled_from((0, 1, 2, 3)),
        dtype=st.just(torch.float64),
    )


@kept
def quiet_curve(seed: int, n: int = 7) -> Curve:
    """Some samples in float64 whose losses stay below some hundreds, so that printed decimals count."""
    curve = make_curve(n, seed, 3, torch.float64)
    return Curve(curve.t_u, 0.1 * curve.t_c, torch.tensor([0.25, 0.5, 0.25], dtype=torch.float64) * curve.params)


def size_of(curve: Curve) -> float:
    """The largest prediction, as the size of the terms that are added up for it."""
    return float(curve.predicted(curve.params.abs(), curve.t_u.abs()).max())


# --- model ----------------------------------------------------------------------------------------


@check("model", "values on fresh data", weight=3)
@in_both_precisions
@given(curve=curves())
def test_model_values(student, curve, dtype):
    curve = as_type(curve, dtype)
    # kills: parameters exchanged, w2 squared with the reading, no square, a term forgotten, globals for arguments
    value = student.model(*curve.inputs.values())
    agree("model", curve.inputs, value, curve.t_p, tensor=True, tolerance=ONE_PASS, scale=size_of(curve))


@check("model", "a parabola that does not bend is a line: the thermometer's", kind=Kind.KNOWN, visible=True)
def test_model_known(student):
    t_u = thermometer().t_u
    inputs = {"t_u": t_u, "w2": torch.zeros(()), "w1": torch.tensor(5.3677), "b": torch.tensor(-17.3048)}
    value = student.model(*inputs.values())
    agree("model", inputs, value, 5.3677 * t_u - 17.3048, tensor=True, tolerance=SEVEN_DIGITS, scale=44.0)


@check("model", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_model_edges(student):
    for curve, _ in edge_cases(1, 7, make=make_curve):
        inputs = {**curve.inputs, "t_u": sliced(curve.t_u)}
        value = student.model(*inputs.values())
        agree("model", inputs, value, curve.t_p, tensor=True, tolerance=ONE_PASS, scale=size_of(curve))


@check("model", "dtype of the data", kind=Kind.FORM)
def test_model_dtype(student):
    keeps_dtype(student, "model", lambda curve: curve.inputs)


@check("model", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_model_pure(student):
    pure(student, "model", lambda curve: curve.inputs)


# --- dmodel_dw2, dmodel_dw1, dmodel_db ------------------------------------------------------------


def slope_agrees(student, name: str, curve: Curve, *, column: int, t_u: torch.Tensor | None = None) -> None:
    """Compare with the slope of the model in one parameter; that in b may be a single number."""
    inputs = curve.inputs if t_u is None else {**curve.inputs, "t_u": t_u}
    value = getattr(student, name)(*inputs.values())
    expected = curve.columns[:, column].to(curve.dtype)
    agree(name, inputs, value, expected, tensor=True, tolerance=ONE_PASS, scale=20, broadcast=column == 2)


@check("dmodel_dw2", "values on fresh data", weight=3)
@in_both_precisions
@given(curve=curves())
def test_dw2_values(student, curve, dtype):
    # kills: the rule for a square where the reading does not move, the reading itself, w2 kept, a sum over samples
    slope_agrees(student, "dmodel_dw2", as_type(curve, dtype), column=0)


@check("dmodel_dw2", "the thermometer's readings", kind=Kind.KNOWN, visible=True)
def test_dw2_known(student):
    slope_agrees(student, "dmodel_dw2", thermometer(), column=0)


@check("dmodel_dw2", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_dw2_edges(student):
    for curve in fixed_cases(1, 7, make=make_curve):
        slope_agrees(student, "dmodel_dw2", curve, column=0, t_u=sliced(curve.t_u))


@check("dmodel_dw2", "dtype of the data", kind=Kind.FORM)
def test_dw2_dtype(student):
    keeps_dtype(student, "dmodel_dw2", lambda curve: curve.inputs)


@check("dmodel_dw2", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_dw2_pure(student):
    pure(student, "dmodel_dw2", lambda curve: curve.inputs)


@check("dmodel_dw1", "values on fresh data", weight=3)
@in_both_precisions
@given(curve=curves())
def test_dw1_values(student, curve, dtype):
    # kills: the derivative in the reading, w2 in it, w1, a constant, a sum over samples
    slope_agrees(student, "dmodel_dw1", as_type(curve, dtype), column=1)


@check("dmodel_dw1", "the thermometer's readings", kind=Kind.KNOWN, visible=True)
def test_dw1_known(student):
    slope_agrees(student, "dmodel_dw1", thermometer(), column=1)


@check("dmodel_dw1", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_dw1_edges(student):
    for curve in fixed_cases(1, 7, make=make_curve):
        slope_agrees(student, "dmodel_dw1", curve, column=1, t_u=sliced(curve.t_u))


@check("dmodel_dw1", "dtype of the data", kind=Kind.FORM)
def test_dw1_dtype(student):
    keeps_dtype(student, "dmodel_dw1", lambda curve: curve.inputs)


@check("dmodel_dw1", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_dw1_pure(student):
    pure(student, "dmodel_dw1", lambda curve: curve.inputs)


@check("dmodel_db", "values on fresh data", weight=3)
@in_both_precisions
@given(curve=curves())
def test_db_values(student, curve, dtype):
    # kills: 0 ("b is a constant"), b, the reading; 1, 1.0 and ones of any shape that broadcasts are right
    slope_agrees(student, "dmodel_db", as_type(curve, dtype), column=2)


@check("dmodel_db", "the thermometer's readings", kind=Kind.KNOWN, visible=True)
def test_db_known(student):
    slope_agrees(student, "dmodel_db", thermometer(), column=2)


@check("dmodel_db", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_db_edges(student):
    for curve in fixed_cases(1, 7, make=make_curve):
        slope_agrees(student, "dmodel_db", curve, column=2, t_u=sliced(curve.t_u))


@check("dmodel_db", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_db_pure(student):
    pure(student, "dmodel_db", lambda curve: curve.inputs)


# --- grad_fn --------------------------------------------------------------------------------------


def grad_inputs(curve: Curve) -> dict[str, torch.Tensor]:
    return {"t_u": curve.t_u, "t_c": curve.t_c, "t_p": curve.t_p, "w2": curve.w2, "w1": curve.w1, "b": curve.b}


@check("grad_fn", "values on fresh data, against autograd", weight=5)
@in_both_precisions
@given(curve=curves())
def test_grad_values(student, curve, dtype):
    curve = as_type(curve, dtype)
    # kills: no chain rule, components exchanged or missing, sum and mean mixed up, no sum, t_p and t_c exchanged
    inputs = grad_inputs(curve)
    value = student.grad_fn(*inputs.values())
    agree("grad_fn", inputs, value, gradient64(curve), tolerance=ONE_PASS, scale=gradient_scale(curve))


@check("grad_fn", "values on fresh data, against finite differences", weight=2)
@given(curve=curves())
def test_grad_finite_differences(student, curve):
    # a second oracle, which shares nothing with the first: for a square central differences are exact
    steps = torch.eye(3, dtype=torch.float64)
    slopes = [(loss64(curve, curve.params + step) - loss64(curve, curve.params - step)) / 2 for step in steps]
    inputs = grad_inputs(curve)
    value = student.grad_fn(*inputs.values())
    agree("grad_fn", inputs, value, torch.stack(slopes), tolerance=ONE_PASS, scale=gradient_scale(curve) + 100)


@check("grad_fn", "errors of every size", weight=1.5)
def test_grad_sizes(student):
    found = cases_of_every_size(make_curve)
    answers = student.batch([call("grad_fn", *grad_inputs(curve).values()) for curve in found])
    for curve, answer in zip(found, answers, strict=True):
        inputs = grad_inputs(curve)
        agree("grad_fn", inputs, answer.value, gradient64(curve), tolerance=ONE_PASS, scale=gradient_scale(curve))


@check(
    "grad_fn",
    "the thermometer's first gradient: [1739.5315, 279.6790, 48.1760]",
    kind=Kind.KNOWN,
    visible=True,
    own_title="your own data's first gradient",
)
def test_grad_known(student):
    inputs = grad_inputs(thermometer())
    expected = torch.tensor(known([1739.5315, 279.6790, 48.1760]))
    agree("grad_fn", inputs, student.grad_fn(*inputs.values()), expected, tolerance=SEVEN_DIGITS)


@check("grad_fn", "one sample, sliced inputs", kind=Kind.EDGE, weight=2)
def test_grad_edges(student):
    for curve, _ in edge_cases(1, 7, make=make_curve):
        inputs = grad_inputs(curve)
        inputs |= {name: sliced(inputs[name]) for name in ("t_u", "t_c", "t_p")}
        value = student.grad_fn(*inputs.values())
        agree("grad_fn", inputs, value, gradient64(curve), tolerance=ONE_PASS, scale=gradient_scale(curve))


@check("grad_fn", "dtype of the data", kind=Kind.FORM)
def test_grad_dtype(student):
    keeps_dtype(student, "grad_fn", grad_inputs)


@check("grad_fn", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_grad_pure(student):
    pure(student, "grad_fn", grad_inputs)


@check("grad_fn", "many calls in a row", kind=Kind.FORM, weight=1)
def test_grad_in_a_row(student):
    # kills: state that builds up, such as a gradient that accumulates from call to call
    found = fixed_cases(2, 7, make=make_curve)
    answers = student.batch([call("grad_fn", *grad_inputs(curve).values()) for curve in found * 2])
    for curve, answer in zip(found * 2, answers, strict=True):
        inputs, scale = grad_inputs(curve), gradient_scale(curve)
        agree("grad_fn", inputs, answer.value, gradient64(curve), tolerance=ONE_PASS, scale=scale)


# --- training_loop --------------------------------------------------------------------------------


@check("training_loop", "one step is the gradient times the learning rate", weight=3)
@given(curve=curves(), rate=st.sampled_from((0.25, 0.01, 1.0)))
def test_loop_one_step(student, curve, rate):
    # kills: uphill, the rate forgotten or applied twice, only some of the parameters moved
    inputs = loop_inputs(curve, 1, rate)
    expected, _, path = descend64(curve, 1, rate)
    value = student.training_loop(*inputs.values())
    scale = path_scale(path) + rate * gradient_scale(curve)
    agree("training_loop", inputs, value, expected, tolerance=ONE_PASS, scale=scale)


@check("training_loop", "1, 2, 3 and 5 epochs on fresh data", weight=6)
@given(curve=curves(), n_epochs=st.sampled_from((2, 3, 5, 1)), share=st.sampled_from((0.4, 0.1, 0.25)))
def test_loop_epochs(student, curve, n_epochs, share):
    # kills: an epoch more or less, stale predictions or gradients, one parameter after the other, the start returned
    rate = stable_rate(curve, share)
    inputs = loop_inputs(curve, n_epochs, rate)
    expected, _, path = descend64(curve, n_epochs, rate)
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path))


def goes_on_for_long(student):
    loop_goes_on(student, loop_inputs, thermometer(), 5000, 1e-4, *STOPS)


@kept
def long_curve() -> tuple[Curve, float]:
    """The run whose params and whose prints are judged; it is asked once."""
    curve = quiet_curve(42)
    return curve, stable_rate(curve, 0.02)


@check("training_loop", "1,200 epochs on fresh data", weight=1.5, long=True, alone=goes_on_for_long)
def test_loop_many_epochs(student):
    curve, rate = long_curve()
    loop_runs_long(student, loop_inputs(curve, LONG, rate), curve, LONG, rate)


@check("training_loop", "3, 10 and 30 epochs on fresh data in float32", weight=2)
@given(curve=curves(), n_epochs=st.sampled_from((3, 10, 30)))
def test_loop_float32(student, curve, n_epochs):
    curve = as_type(curve, torch.float32)
    rate = stable_rate(curve, 0.3)
    inputs = loop_inputs(curve, n_epochs, rate)
    expected, _, path = descend64(curve, n_epochs, rate)
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path) + 10)


@check(
    "training_loop",
    "5,000 epochs at 1e-4: [0.5570, -0.8881, -0.8753]",
    kind=Kind.KNOWN,
    visible=True,
    weight=2,
    long=True,
    alone=goes_on_for_long,
    own_title="5,000 epochs at 1e-4 on your own data",
)
def test_loop_known_long(student):
    loop_ends_at(student, loop_inputs(thermometer(), 5000, 1e-4), [0.55700, -0.88807, -0.87535], KNOWN_PARAMS)


@check("training_loop", "no epochs return the start", kind=Kind.EDGE)
def test_loop_no_epochs(student):
    loop_without_epochs(student, loop_inputs, make_curve)


@check("training_loop", "one sample, sliced inputs", kind=Kind.EDGE)
def test_loop_edges(student):
    loop_at_edges(student, loop_inputs, make_curve)


@check("training_loop", "a negative learning rate walks uphill", kind=Kind.EDGE, weight=0.5)
def test_loop_negative_rate(student):
    curve = make_curve(7, 5, 2, torch.float64)
    rate = -stable_rate(curve, 0.2)
    inputs = loop_inputs(curve, 3, rate)
    expected, _, path = descend64(curve, 3, rate)
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path))


@check("training_loop", "dtype of the data", kind=Kind.FORM)
def test_loop_dtype(student):
    loop_keeps_dtype(student, loop_inputs, make_curve)


@check(
    "training_loop", "the caller's params stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2
)
def test_loop_pure(student):
    # kills: params -= ..., state kept from call to call
    pure(student, "training_loop", lambda curve: loop_inputs(curve, 3, 0.001))


def answer_after_change(module, name, arguments):
    """Train, then overwrite the caller's params: the answer must not be a view of them."""
    answer = getattr(module, name)(*arguments.values())
    arguments["params"].fill_(777.0)
    return answer


@check("training_loop", "the answer is a new tensor", kind=Kind.FORM)
def test_loop_new_tensor(student):
    for curve in fixed_cases(7, make=make_curve):
        inputs = loop_inputs(curve, 2, 0.001)
        expected, _, path = descend64(curve, 2, 0.001)
        value = student.probe(answer_after_change, "training_loop", inputs, gradients=False)
        agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path) + 10)


def prints_for_long(student):
    """Prints the loss that the student's own functions have at the params with which an epoch begins."""
    inputs = loop_inputs(thermometer(), 5000, 1e-4)
    states = loop_states(student, inputs, *STOPS)
    losses = {}
    for epoch in EPOCHS_PRINTED:
        loss = student.loss_fn(student.model(thermometer().t_u, *states[epoch - 1]), thermometer().t_c)
        losses[epoch] = float(numbers_of(loss, ()))
    loop_prints(student, inputs, losses)


@check(
    "training_loop",
    "prints the loss every 500 epochs",
    kind=Kind.PRINT,
    weight=2.5,
    long=True,
    alone=prints_for_long,
)
def test_loop_prints_losses(student):
    # kills: the loss after the step, epochs counted from 0, another set of epochs, two decimals
    curve, rate = long_curve()
    _, losses, _ = descend64(curve, LONG, rate)
    loop_prints(student, loop_inputs(curve, LONG, rate), {epoch: losses[epoch - 1] for epoch in (500, 1000)})
    for n in (1, 2):
        few = quiet_curve(44, n)
        rate = stable_rate(few, 1e-4)  # so small that the loss stays a number that decimals show
        _, losses, _ = descend64(few, 500, rate)
        loop_prints(student, loop_inputs(few, 500, rate), {500: losses[-1]})


LOSSES = (10.708596, 8.642083, 7.171005, 6.123477, 5.377227, 4.845285, 4.465788, 4.194724, 4.000802, 3.861744)


@check(
    "training_loop",
    "prints the thermometer's losses up to epoch 5000",
    kind=Kind.PRINT,
    weight=2.5,
    long=True,
    alone=prints_for_long,
)
def test_loop_prints_late_losses(student):
    # kills: a set of epochs that ends early
    losses = dict(zip(EPOCHS_PRINTED, known(list(LOSSES)), strict=True))
    loop_prints(student, loop_inputs(thermometer(), 5000, 1e-4), losses)


# --- split ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Division:
    """How many samples there are, the share of validation, and the seed of the generator."""

    n: int
    share: float
    seed: int

    @property
    def inputs(self) -> dict[str, object]:
        generator = Text(f"torch.Generator().manual_seed({self.seed})")
        return {"n": self.n, "validation_share": self.share, "generator": generator}


class Text:
    """What stands in a message for an argument that is made near the student's objects."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def divided(module, n, validation_share, seed):
    """Split by a fresh generator; return the answer, what the generator draws next, and whether torch's own drew."""
    generator = torch.Generator().manual_seed(seed)
    before = torch.random.get_rng_state()
    answer = module.split(n, validation_share, generator)
    return [answer, torch.randperm(9, generator=generator), torch.equal(before, torch.random.get_rng_state())]


def drawn(how: Division) -> tuple[torch.Tensor, int, torch.Tensor]:
    """The order of all indices, how many of them are for training, and what is drawn after it."""
    generator = torch.Generator().manual_seed(how.seed)
    order = torch.randperm(how.n, generator=generator)
    return order, how.n - int(how.n * how.share), torch.randperm(9, generator=generator)


def two_parts(name: str, inputs: dict[str, object], value: object, n: int) -> list[object]:
    """Return what an answer consists of; an empty list is an empty tensor."""
    if not isinstance(value, list | tuple) or len(value) != n:
        summary = f"{n} things are asked for, and it does not return a tuple of {n}"
        raise mismatch(summary, name, inputs, f"it returned  {show(value)}", word=Word.TYPE)
    return [torch.tensor([]) if isinstance(part, list | tuple) and not part else part for part in value]


EXACT = Tolerance(float32=0.0, float64=1e-9, reason="indices are whole numbers")


def split_agrees(student, how: Division, *which: int) -> None:
    """Compare the training indices (0) or those of validation (1), in their order."""
    answer, _, _ = student.probe(divided, how.n, how.share, how.seed)
    found = two_parts("split", how.inputs, answer, 2)
    order, n_training, _ = drawn(how)
    expected = order[:n_training], order[n_training:]
    for part in which or (0, 1):
        name = ("training", "validation")[part]
        agree("split", how.inputs, found[part], expected[part], tolerance=EXACT, scale=1.0, part=name)


SHARES = (0.5, 0.25, 0.3, 0.4, 0.15, 0.7)
"""None of which times a number of samples is a hair beside a whole number."""


def divisions(*sizes: int) -> st.SearchStrategy[Division]:
    return st.builds(Division, n=st.sampled_from(sizes), share=st.sampled_from(SHARES), seed=st.integers(0, 2**16))


@check("split", "training and validation", weight=4)
@pytest.mark.parametrize("part", [0, 1], ids=["training", "validation"])
@given(how=divisions(7, 11, 13, 37))
def test_split_values(student, how, part):
    # something is kept back of each; nothing kept back is an edge of its own
    # kills: no order, another generator, the first ones for validation, rounded up or to the nearest, parts exchanged
    split_agrees(student, how, part)


@check("split", "hundreds of samples", weight=1)
@given(how=divisions(101, 211, 499))
def test_split_many(student, how):
    # kills: a fixed number of samples, what changes from some number on
    split_agrees(student, how)


@check("split", "the thermometer's eleven, by the seed 4", kind=Kind.KNOWN, visible=True)
def test_split_known(student):
    split_agrees(student, Division(11, 0.2, 4))


@check("split", "nothing kept back, or everything", kind=Kind.EDGE, weight=2)
def test_split_all_or_nothing(student):
    # kills: order[:-0] and order[-0:], at least one in each part
    for how in (Division(7, 0.0, 21), Division(7, 1.0, 22), Division(7, 0.1, 23), Division(1, 0.0, 24)):
        split_agrees(student, how)


@check("split", "one sample, and two", kind=Kind.EDGE)
def test_split_of_few(student):
    for how in (Division(1, 0.5, 25), Division(2, 0.5, 26), Division(2, 0.4, 27), Division(1, 1.0, 28)):
        split_agrees(student, how)


@check("split", "shares that divide without rest", kind=Kind.EDGE)
def test_split_without_rest(student):
    # kills: one more or less than n times the share
    for how in (Division(8, 0.25, 29), Division(12, 0.5, 30), Division(16, 0.75, 31), Division(4, 0.25, 32)):
        split_agrees(student, how)


@check("split", "draws one order from the generator and nothing else", kind=Kind.FORM, weight=2)
def test_split_draws_once(student):
    # kills: a second draw, a generator that is seeded anew, torch's own generator drawn from or seeded
    for how in (Division(7, 0.3, 33), Division(11, 0.0, 34)):
        answer, after, alone = student.probe(divided, how.n, how.share, how.seed)
        evidence = f"it returned  {show(answer)}"
        if not isinstance(after, torch.Tensor) or not torch.equal(after, drawn(how)[2]):
            summary = "the generator draws something else after it than after one order of the n indices"
            raise mismatch(summary, "split", how.inputs, evidence, word=Word.OTHER)
        if alone is not True:
            summary = "it draws from torch's own generator, or seeds it"
            raise mismatch(summary, "split", how.inputs, evidence, word=Word.OTHER)


@check("split", "the parts are indices", kind=Kind.FORM)
def test_split_indices(student):
    # kills: floats, which index nothing
    how = Division(7, 0.3, 35)
    answer, _, _ = student.probe(divided, how.n, how.share, how.seed)
    for part in two_parts("split", how.inputs, answer, 2):
        if isinstance(part, torch.Tensor) and part.is_floating_point():
            raise mismatch(
                "floats are no indices", "split", how.inputs, f"it returned  {show(answer)}", word=Word.DTYPE
            )


def divided_again(module, n, validation_share, seed):
    """Split twice by generators that are seeded alike, and once by a third one in between."""
    first = module.split(n, validation_share, torch.Generator().manual_seed(seed))
    module.split(n + 2, validation_share, torch.Generator().manual_seed(seed + 1))
    return [first, module.split(n, validation_share, torch.Generator().manual_seed(seed))]


@check("split", "a second call gives the same", kind=Kind.FORM)
def test_split_pure(student):
    # kills: an order that is kept from call to call
    how = Division(7, 0.3, 36)
    order, n_training, _ = drawn(how)
    for answer in student.probe(divided_again, how.n, how.share, how.seed):
        parts = two_parts("split", how.inputs, answer, 2)
        for part, expected in zip(parts, (order[:n_training], order[n_training:]), strict=True):
            agree("split", how.inputs, part, expected, tolerance=EXACT, scale=1.0)


# --- fit ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parts:
    """Indices to train on and to validate on."""

    training: tuple[int, ...]
    validation: tuple[int, ...]


@kept
def parts_of(n: int, seed: int, kept_back: int, left_out: int) -> Parts:
    """Draw parts of n samples, in any order; some are in neither of the two."""
    order = torch.randperm(n, generator=chance(seed)).tolist()
    inside = order[left_out:]
    return Parts(tuple(inside[kept_back:]), tuple(inside[:kept_back]))


@kept
def on_part(curve: Curve, indices: tuple[int, ...]) -> Curve:
    return Curve(curve.t_u[list(indices)], curve.t_c[list(indices)], curve.params)


@kept
def fit64(
    curve: Curve, parts: Parts, n_epochs: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, float]:
    """The final params in the curve's dtype, both kinds of losses, and the largest number of the path."""
    expected, losses, path = descend64(on_part(curve, parts.training), n_epochs, rate)
    held_out = on_part(curve, parts.validation)
    validation = [float(loss64(held_out, params)) for params in path[:-1]]
    return expected, as_losses(losses), as_losses(validation), path_scale(path)


def as_losses(losses: Sequence[float]) -> torch.Tensor:
    return torch.tensor(losses, dtype=torch.float64)


def fit_inputs(curve: Curve, parts: Parts, n_epochs: int, rate: float) -> dict[str, object]:
    found = {name: torch.tensor(getattr(parts, name)) for name in ("training", "validation")}
    return {**loop_inputs(curve, n_epochs, rate), **found}


LOSS_OF_FEW_STEPS = Tolerance(
    float32=4e-4,
    float64=4e-6,
    reason="of a loss the params of a few steps are squared, so its roundings are some of theirs; the size is that of "
    "the largest loss, and a loss of another epoch differs from it by far more",
)


def fit_agrees(
    curve: Curve,
    parts: Parts,
    inputs: dict[str, object],
    value: object,
    which: Sequence[str] = ("params", "training", "validation"),
) -> None:
    """Compare what `fit` returned: its params, its losses on training, its losses on validation."""
    n_epochs, rate = inputs["n_epochs"], inputs["learning_rate"]
    params, *losses, scale = fit64(curve, parts, n_epochs, rate)
    found = dict(zip(("params", "training", "validation"), two_parts("fit", inputs, value, 3), strict=True))
    if "params" in which:
        agree("fit", inputs, found["params"], params, tolerance=FEW_STEPS, scale=scale + 10, part="params")
    for part, expected in zip(("training", "validation"), losses, strict=True):
        if part in which:
            size = float(expected.max()) if expected.numel() else 1.0
            wanted = expected.to(curve.dtype)
            how = {"tolerance": LOSS_OF_FEW_STEPS, "scale": size, "part": f"losses on {part}"}
            agree("fit", inputs, found[part], wanted, **how)


fits = {
    "curve": curves(5, 7, 11),
    "seed": st.integers(0, 2**16),
    "kept_back": st.sampled_from((2, 1, 3)),
    "left_out": st.sampled_from((0, 1)),
    "n_epochs": st.sampled_from((2, 3, 5, 1)),
}


@check("fit", "a few epochs on fresh data", weight=4)
@pytest.mark.parametrize("which", ["params", "training", "validation"])
@given(**fits)
def test_fit_values(student, curve, seed, kept_back, left_out, n_epochs, which):
    # kills: all samples trained on, the parts exchanged, validation losses on training or of other params, losses after
    # the step, an epoch more or less, the loss of all samples
    parts = parts_of(len(curve.t_u), seed, kept_back, left_out)
    rate = stable_rate(on_part(curve, parts.training), 0.3)
    inputs = fit_inputs(curve, parts, n_epochs, rate)
    fit_agrees(curve, parts, inputs, student.fit(*inputs.values()), (which,))


@check("fit", "3, 10 and 30 epochs on fresh data in float32", weight=2)
@given(curve=curves(7, 11, 64), seed=st.integers(0, 2**16), n_epochs=st.sampled_from((3, 10, 30)))
def test_fit_float32(student, curve, seed, n_epochs):
    curve = as_type(curve, torch.float32)
    parts = parts_of(len(curve.t_u), seed, 3, 1)
    rate = stable_rate(on_part(curve, parts.training), 0.3)
    inputs = fit_inputs(curve, parts, n_epochs, rate)
    fit_agrees(curve, parts, inputs, student.fit(*inputs.values()))


@check("fit", "what is kept back has no influence on what is learned", weight=2)
def test_fit_keeps_apart(student):
    # kills: validation samples in the gradient, the best or the last params by validation, a stop by it
    curve = make_curve(11, 61, 3, torch.float64)
    parts = parts_of(11, 62, 3, 2)
    rate = stable_rate(on_part(curve, parts.training), 0.2)
    for temperature in (1e4, -1e4, 0.5):
        t_c = curve.t_c.clone()
        t_c[[*parts.validation, *(i for i in range(11) if i not in (*parts.training, *parts.validation))]] = temperature
        other = Curve(curve.t_u, t_c, curve.params)
        inputs = fit_inputs(other, parts, 20, rate)
        fit_agrees(other, parts, inputs, student.fit(*inputs.values()), ("params", "training"))


def fit_goes_on(student):
    """A long run ends where many short ones end, each begun where the one before it ended, with their losses."""
    for slower in (1.0, 1e-3, 1e-6):
        curve, parts, rate = long_fit()
        inputs = fit_inputs(curve, parts, LONG, slower * rate)
        try:
            return fit_in_pieces(student, inputs)
        except NotShown:
            continue
    raise NotShown


def fit_in_pieces(student, inputs: dict[str, object]) -> None:
    states, losses = [inputs["params"]], ([], [])
    for piece in pieces_of(inputs["n_epochs"]):
        value = student.fit(*{**inputs, "n_epochs": piece, "params": states[-1]}.values())
        if not isinstance(value, list | tuple) or len(value) != 3:
            raise NotShown
        states.append(numbers_of(value[0], (3,)))
        for found, part in zip(losses, value[1:], strict=True):
            found.extend(float(loss) for loss in part)
    whole = two_parts("fit", inputs, student.fit(*inputs.values()), 3)
    for part, expected in zip(whole[1:], losses, strict=True):
        if not expected or not max(expected) < 1e12:
            raise NotShown
        agree("fit", inputs, part, as_losses(expected), tolerance=LOSS_OF_FEW_STEPS, scale=max(expected), part="losses")
    moved_on("fit", inputs, whole[0], states)


@kept
def long_fit() -> tuple[Curve, Parts, float]:
    curve = quiet_curve(63)
    parts = parts_of(7, 64, 2, 0)
    return curve, parts, stable_rate(on_part(curve, parts.training), 0.02)


@check("fit", "1,200 epochs on fresh data", weight=1.5, long=True, alone=fit_goes_on)
def test_fit_many_epochs(student):
    # kills: what changes after so many epochs, a stop where the loss hardly falls
    curve, parts, rate = long_fit()
    inputs = fit_inputs(curve, parts, LONG, rate)
    fit_agrees(curve, parts, inputs, student.fit(*inputs.values()))


FITTED = torch.tensor([1.0574222, -1.9733333, 3.0080444])


@check("fit", "the lesson's example: losses 1.6667, 1.5033 and 4, 8.0278", kind=Kind.KNOWN, visible=True)
def test_fit_known(student):
    curve = Curve(
        torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 5.0, 6.0, 9.0]), torch.tensor([1.0, -2.0, 3.0])
    )
    inputs = fit_inputs(curve, Parts((0, 1, 2), (3,)), 2, 0.01)
    params, *losses = two_parts("fit", inputs, student.fit(*inputs.values()), 3)
    agree("fit", inputs, params, FITTED, tolerance=SEVEN_DIGITS, part="params")
    expected = {"training": [1.6666667, 1.5033333], "validation": [4.0, 8.0277778]}
    for found, (part, numbers) in zip(losses, expected.items(), strict=True):
        agree("fit", inputs, found, torch.tensor(numbers), tolerance=SEVEN_DIGITS, part=f"losses on {part}")


@check("fit", "no epochs return the start and no losses", kind=Kind.EDGE)
def test_fit_no_epochs(student):
    for curve in fixed_cases(7, make=make_curve):
        parts = parts_of(7, 65, 2, 0)
        inputs = fit_inputs(curve, parts, 0, 0.1)
        fit_agrees(curve, parts, inputs, student.fit(*inputs.values()))


@check("fit", "one sample in each part, sliced inputs, parts that share a sample", kind=Kind.EDGE, weight=1.5)
def test_fit_edges(student):
    # kills: sizes other than those of the parts, indices taken for a number of samples
    for curve, _ in edge_cases(1, 2, 7, make=make_curve):
        n = len(curve.t_u)
        apart = (Parts((n - 1,), (0,)), Parts((0,), (n - 1,)))  # the same one, where there is one alone
        shared = (Parts((n - 1, 0), (0, 1, n - 1)), Parts((0, 0, 1), (1,))) if n > 1 else ()
        for parts in (*apart, *shared):
            rate = stable_rate(on_part(curve, parts.training), 0.2)
            inputs = {**fit_inputs(curve, parts, 3, rate), "t_u": sliced(curve.t_u), "t_c": sliced(curve.t_c)}
            fit_agrees(curve, parts, inputs, student.fit(*inputs.values()))


@check("fit", "dtype of the data", kind=Kind.FORM)
def test_fit_dtype(student):
    for curve in fixed_cases(7, make=make_curve):
        inputs = fit_inputs(curve, parts_of(7, 66, 2, 0), 2, 0.001)
        value = two_parts("fit", inputs, student.fit(*inputs.values()), 3)
        same_dtype("fit", inputs, value[0], curve.dtype)


@check("fit", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_fit_pure(student):
    # kills: params -= ..., losses collected in lists that are kept from call to call
    parts = parts_of(7, 67, 2, 0)
    pure(student, "fit", lambda curve: fit_inputs(curve, parts, 3, 0.001))


@check("fit", "the params are a new tensor", kind=Kind.FORM)
def test_fit_new_tensor(student):
    parts = parts_of(7, 68, 2, 0)
    for curve in fixed_cases(7, make=make_curve):
        inputs = fit_inputs(curve, parts, 2, 0.001)
        value = student.probe(answer_after_change, "fit", inputs, gradients=False)
        fit_agrees(curve, parts, inputs, value)


# --- shared ---------------------------------------------------------------------------------------


def pure(student, name: str, inputs_of: Callable[[Curve], dict[str, object]]) -> None:
    """No argument changes, the same arguments give the same answer, and no later call changes an earlier answer."""
    for first, other in two_calls(lambda seed, dtype: inputs_of(make_curve(7, seed, 2, dtype))):
        changes_nothing(student, name, first, other)


def keeps_dtype(student, name: str, inputs_of: Callable[[Curve], dict[str, torch.Tensor]]) -> None:
    for curve in fixed_cases(7, make=make_curve):
        inputs = inputs_of(curve)
        same_dtype(name, inputs, getattr(student, name)(*inputs.values()), curve.dtype)
