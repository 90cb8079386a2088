# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""The hidden suite of `gradient_descent`: every answer against torch's autograd in float64.

Inputs stay away from what hides bugs: 0 and 1, equal operands, w = b, the optimum, the lecture's own
start. Each check says in a comment which wrong solutions it is there for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from hypothesis import given
from hypothesis import strategies as st
from shared import (
    EPS,
    FEW_STEPS,
    FOUR_DECIMALS,
    KNOWN_PARAMS,
    ONE_PASS,
    SEVEN_DIGITS,
    Case,
    as_type,
    cases,
    cases_of_every_size,
    descend64,
    edge_cases,
    fixed_cases,
    gradient64,
    gradient_scale,
    in_both_precisions,
    kept,
    lecture,
    lecture_scaled,
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
    loss_scale,
    make_case,
    missed,
    numbers_of,
    path_scale,
    printing_case,
    sliced,
    stable_rate,
    two_calls,
)

from grader.suite import (
    Kind,
    Mismatch,
    Tolerance,
    Word,
    agree,
    call,
    check,
    known,
    mismatch,
    near,
    numbers_in,
    same_dtype,
)
from grader.suite import pure as changes_nothing

EPOCHS_PRINTED = (1, 2, 3, 10, 11, 99, 100, 4000, 5000)
SHORT = 11  # epochs of a run whose every number is looked for in what it prints
STOPS = tuple(epoch - 1 for epoch in EPOCHS_PRINTED)
"""Where a run is cut, so that it is seen from where each of these starts."""

# --- model ----------------------------------------------------------------------------------------


@check("model", "values on fresh data", weight=3)
@in_both_precisions
@given(case=cases())
def test_model_values(student, case, dtype):
    case = as_type(case, dtype)
    # kills: w and b exchanged, b forgotten, globals read instead of arguments, another shape
    value = student.model(case.t_u, case.w, case.b)
    agree(
        "model", case.inputs, value, case.t_p, tensor=True, tolerance=ONE_PASS, scale=float(case.t_p.abs().max()) + 10
    )


@check(
    "model",
    "the lecture's predictions at w=1, b=0",
    kind=Kind.KNOWN,
    visible=True,
    own_title="your own data's predictions at w=1, b=0",
)
def test_model_known(student):
    inputs = {"t_u": lecture().t_u, "w": torch.ones(()), "b": torch.zeros(())}
    agree("model", inputs, student.model(*inputs.values()), inputs["t_u"], tensor=True, tolerance=SEVEN_DIGITS)


@check("model", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_model_edges(student):
    for case, unit in edge_cases(1, 7):
        inputs = {**case.inputs, "t_u": sliced(case.t_u)}
        agree(
            "model", inputs, student.model(*inputs.values()), case.t_p, tensor=True, tolerance=ONE_PASS, scale=50 * unit
        )


@check("model", "dtype of the data", kind=Kind.FORM)
def test_model_dtype(student):
    for case in fixed_cases(7):
        same_dtype("model", case.inputs, student.model(case.t_u, case.w, case.b), case.dtype)


@check("model", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_model_pure(student):
    pure(student, "model", lambda case: case.inputs)


# --- loss_fn --------------------------------------------------------------------------------------


@check("loss_fn", "values on fresh data", weight=3)
@in_both_precisions
@given(case=cases())
def test_loss_values(student, case, dtype):
    case = as_type(case, dtype)
    # kills: sum for mean, half the square, absolute errors, square after the mean, a fixed N
    value = student.loss_fn(case.t_p, case.t_c)
    inputs = {"t_p": case.t_p, "t_c": case.t_c}
    expected = loss64(case).to(case.dtype)
    agree("loss_fn", inputs, value, expected, tolerance=ONE_PASS, scale=loss_scale(case), shapes=[(), (1,)])


def loss_gradient(module, t_p, t_c):
    leaf = t_p.clone().requires_grad_()
    loss = module.loss_fn(leaf, t_c)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        return type(loss).__name__
    loss.reshape(()).backward()
    return leaf.grad


@check("loss_fn", "the loss can be differentiated in the predictions", weight=2)
@given(case=cases())
def test_loss_is_differentiable(student, case):
    # kills: .item(), float(), detach, torch.tensor(...), numpy, no_grad
    found = student.probe(loss_gradient, case.t_p, case.t_c, gradients=True)
    inputs = {"t_p": case.t_p, "t_c": case.t_c}
    if isinstance(found, str):
        raise mismatch(
            "nothing can be differentiated through the result: the graph from t_p to it is cut",
            "loss_fn",
            inputs,
            f"it returned a {found} that does not lead back to t_p",
            word=Word.GRAPH,
        )
    t_p = case.t_p.double().clone().requires_grad_()
    (expected,) = torch.autograd.grad(torch.nn.functional.mse_loss(t_p, case.t_c.double()), t_p)
    agree("the gradient of loss_fn", inputs, found, expected.to(case.dtype), tolerance=ONE_PASS, scale=200)


@check("loss_fn", "errors of every size", weight=1.5)
def test_loss_sizes(student):
    found = cases_of_every_size()
    for case, answer in zip(found, student.batch([call("loss_fn", case.t_p, case.t_c) for case in found]), strict=True):
        inputs, expected = {"t_p": case.t_p, "t_c": case.t_c}, loss64(case).to(case.dtype)
        how = {"tolerance": ONE_PASS, "scale": loss_scale(case), "shapes": [(), (1,)]}
        agree("loss_fn", inputs, answer.value, expected, **how)


@check(
    "loss_fn",
    "the lecture's losses: 1763.8846 and 80.364342",
    kind=Kind.KNOWN,
    visible=True,
    own_title="your own data's losses, raw and scaled",
)
def test_loss_known(student):
    for case, expected in ((lecture(), 1763.8846), (lecture_scaled(), 80.364342)):
        inputs = {"t_p": case.t_u, "t_c": case.t_c}
        value = student.loss_fn(*inputs.values())
        agree("loss_fn", inputs, value, torch.tensor(known(expected)), tolerance=SEVEN_DIGITS, shapes=[(), (1,)])


@check("loss_fn", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_loss_edges(student):
    for case, _ in edge_cases(1, 7):
        inputs = {"t_p": sliced(case.t_p), "t_c": sliced(case.t_c)}
        expected = loss64(case).to(case.dtype)
        value = student.loss_fn(*inputs.values())
        agree("loss_fn", inputs, value, expected, tolerance=ONE_PASS, scale=loss_scale(case), shapes=[(), (1,)])


@check("loss_fn", "dtype of the data", kind=Kind.FORM)
def test_loss_dtype(student):
    for case in fixed_cases(7):
        same_dtype("loss_fn", {"t_p": case.t_p, "t_c": case.t_c}, student.loss_fn(case.t_p, case.t_c), case.dtype)


@check("loss_fn", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_loss_pure(student):
    pure(student, "loss_fn", lambda case: {"t_p": case.t_p, "t_c": case.t_c})


# --- loss_rate_of_change --------------------------------------------------------------------------


@kept
def slope_scale(case: Case, delta: float) -> float:
    """The size of rounding in a difference of two losses over 2 delta, in units of a float's eps."""
    return loss_scale(case, case.params.abs() + delta) / delta


SLOPE = Tolerance(
    float32=24 * EPS[torch.float32],
    float64=64 * EPS[torch.float64],
    reason="two losses are subtracted and divided by delta: their own roundings, of some eps each, come through. "
    "A forward difference is off by delta times half the curvature, which is far more in float64",
)


def slopes_agree(case: Case, delta: float, value: object, inputs: dict[str, object]) -> None:
    """The central difference of a quadratic is its derivative, for every delta."""
    scale = slope_scale(case, delta)
    agree("loss_rate_of_change", inputs, value, gradient64(case), tolerance=SLOPE, scale=scale)


@check("loss_rate_of_change", "exact for a quadratic, for several deltas", weight=6)
@given(case=cases(), delta=st.sampled_from((0.5, 0.01, 0.1, 2.0, 10.0)))
def test_slope_values(student, case, delta):
    # kills: a forward difference, delta for 2 delta, no division, b measured at a moved w, both moved together
    inputs = {"t_u": case.t_u, "t_c": case.t_c, "w": case.w, "b": case.b, "delta": delta}
    value = student.loss_rate_of_change(case.t_u, case.t_c, case.w, case.b, delta)
    slopes_agree(case, delta, value, inputs)


@check("loss_rate_of_change", "float32, with the default delta", weight=2)
@given(case=cases())
def test_slope_default_delta(student, case):
    case = as_type(case, torch.float32)
    # kills: a default delta so small that float32 rounds it away
    inputs = {"t_u": case.t_u, "t_c": case.t_c, "w": case.w, "b": case.b}
    slopes_agree(case, 0.1, student.loss_rate_of_change(*inputs.values()), inputs)


@check(
    "loss_rate_of_change",
    "the lecture's slopes: about [4517.297, 82.600]",
    kind=Kind.KNOWN,
    visible=True,
    own_title="your own data's slopes",
)
def test_slope_known(student):
    inputs = {"t_u": lecture().t_u, "t_c": lecture().t_c, "w": torch.ones(()), "b": torch.zeros(())}
    value = student.loss_rate_of_change(*inputs.values())
    expected = torch.tensor(known([4517.297, 82.600]))
    # float32 rounding of losses near 1764, over 2 * 0.1, is worth 0.01
    agree("loss_rate_of_change", inputs, value, expected, tolerance=Tolerance(float32=1e-5, float64=1e-5, reason=""))


@check("loss_rate_of_change", "one sample, sliced inputs", kind=Kind.EDGE, weight=2)
def test_slope_edges(student):
    for case in fixed_cases(1, 7):
        inputs = {"t_u": sliced(case.t_u), "t_c": sliced(case.t_c), "w": case.w, "b": case.b, "delta": 0.25}
        slopes_agree(case, 0.25, student.loss_rate_of_change(*inputs.values()), inputs)


@check("loss_rate_of_change", "dtype of the data", kind=Kind.FORM)
def test_slope_dtype(student):
    for case in fixed_cases(7):
        inputs = {"t_u": case.t_u, "t_c": case.t_c, "w": case.w, "b": case.b}
        same_dtype("loss_rate_of_change", inputs, student.loss_rate_of_change(*inputs.values()), case.dtype)


@check("loss_rate_of_change", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_slope_pure(student):
    pure(student, "loss_rate_of_change", lambda case: {"t_u": case.t_u, "t_c": case.t_c, "w": case.w, "b": case.b})


# --- dloss_fn -------------------------------------------------------------------------------------


@kept
def dloss64(case: Case) -> torch.Tensor:
    t_p = case.t_p.double().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(torch.nn.functional.mse_loss(t_p, case.t_c.double()), t_p)
    return gradient.to(case.dtype)


@check("dloss_fn", "values on fresh data", weight=4)
@in_both_precisions
@given(case=cases())
def test_dloss_values(student, case, dtype):
    case = as_type(case, dtype)
    # kills: no 1/N, 1/N twice, no 2, the sign, one number for all, the derivative in t_c
    inputs = {"t_p": case.t_p, "t_c": case.t_c}
    value = student.dloss_fn(case.t_p, case.t_c)
    scale = float((case.t_p.abs() + case.t_c.abs()).max()) * 2 / case.t_p.numel()
    agree("dloss_fn", inputs, value, dloss64(case), tensor=True, tolerance=ONE_PASS, scale=scale)


@check("dloss_fn", "errors of every size", weight=1.5)
def test_dloss_sizes(student):
    found = cases_of_every_size()
    answers = student.batch([call("dloss_fn", case.t_p, case.t_c) for case in found])
    for case, answer in zip(found, answers, strict=True):
        inputs = {"t_p": case.t_p, "t_c": case.t_c}
        scale = float((case.t_p.abs() + case.t_c.abs()).max()) * 2 / case.t_p.numel()
        agree("dloss_fn", inputs, answer.value, dloss64(case), tensor=True, tolerance=ONE_PASS, scale=scale)


OWN_DATA = "your own data at w=1, b=0"


@check("dloss_fn", "the lecture's data at w=1, b=0", kind=Kind.KNOWN, visible=True, own_title=OWN_DATA)
def test_dloss_known(student):
    inputs = {"t_p": lecture().t_u, "t_c": lecture().t_c}
    expected = 2 * (inputs["t_p"] - inputs["t_c"]) / 11
    value = student.dloss_fn(*inputs.values())
    agree("dloss_fn", inputs, value, expected, tensor=True, tolerance=SEVEN_DIGITS)


@check("dloss_fn", "one sample, sliced inputs", kind=Kind.EDGE, weight=2)
def test_dloss_edges(student):
    for case, unit in edge_cases(1, 7):
        inputs = {"t_p": sliced(case.t_p), "t_c": sliced(case.t_c)}
        agree(
            "dloss_fn",
            inputs,
            student.dloss_fn(*inputs.values()),
            dloss64(case),
            tensor=True,
            tolerance=ONE_PASS,
            scale=200 * unit,
        )


@check("dloss_fn", "dtype of the data", kind=Kind.FORM)
def test_dloss_dtype(student):
    for case in fixed_cases(7):
        same_dtype("dloss_fn", {"t_p": case.t_p, "t_c": case.t_c}, student.dloss_fn(case.t_p, case.t_c), case.dtype)


@check("dloss_fn", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_dloss_pure(student):
    pure(student, "dloss_fn", lambda case: {"t_p": case.t_p, "t_c": case.t_c})


# --- dmodel_dw, dmodel_db -------------------------------------------------------------------------


@check("dmodel_dw", "values on fresh data", weight=3)
@in_both_precisions
@given(case=cases())
def test_dw_values(student, case, dtype):
    case = as_type(case, dtype)
    # kills: w, b or a constant for t_u, a sum over the samples, the derivative in the input
    value = student.dmodel_dw(case.t_u, case.w, case.b)
    agree("dmodel_dw", case.inputs, value, case.t_u, tensor=True, tolerance=ONE_PASS, scale=20)


@check("dmodel_dw", "the lecture's data at w=1, b=0", kind=Kind.KNOWN, visible=True, own_title=OWN_DATA)
def test_dw_known(student):
    inputs = {"t_u": lecture().t_u, "w": torch.ones(()), "b": torch.zeros(())}
    value = student.dmodel_dw(*inputs.values())
    agree("dmodel_dw", inputs, value, inputs["t_u"], tensor=True, tolerance=SEVEN_DIGITS)


@check("dmodel_dw", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_dw_edges(student):
    for case in fixed_cases(1, 7):
        inputs = {**case.inputs, "t_u": sliced(case.t_u)}
        agree(
            "dmodel_dw",
            inputs,
            student.dmodel_dw(*inputs.values()),
            case.t_u,
            tensor=True,
            tolerance=ONE_PASS,
            scale=20,
        )


@check("dmodel_dw", "dtype of the data", kind=Kind.FORM)
def test_dw_dtype(student):
    for case in fixed_cases(7):
        same_dtype("dmodel_dw", case.inputs, student.dmodel_dw(case.t_u, case.w, case.b), case.dtype)


@check("dmodel_dw", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_dw_pure(student):
    pure(student, "dmodel_dw", lambda case: case.inputs)


@check("dmodel_db", "values on fresh data", weight=3)
@in_both_precisions
@given(case=cases())
def test_db_values(student, case, dtype):
    case = as_type(case, dtype)
    # kills: 0 ("b is a constant"), b, t_u; 1, 1.0 and ones of any shape that broadcasts are right
    value = student.dmodel_db(case.t_u, case.w, case.b)
    ones = torch.ones_like(case.t_u)
    agree("dmodel_db", case.inputs, value, ones, tensor=True, tolerance=ONE_PASS, broadcast=True)


@check("dmodel_db", "the lecture's data at w=1, b=0", kind=Kind.KNOWN, visible=True, own_title=OWN_DATA)
def test_db_known(student):
    inputs = {"t_u": lecture().t_u, "w": torch.ones(()), "b": torch.zeros(())}
    value = student.dmodel_db(*inputs.values())
    agree(
        "dmodel_db", inputs, value, torch.ones_like(inputs["t_u"]), tensor=True, tolerance=SEVEN_DIGITS, broadcast=True
    )


@check("dmodel_db", "one sample, sliced inputs", kind=Kind.EDGE, weight=1.5)
def test_db_edges(student):
    for case in fixed_cases(1, 7):
        inputs = {**case.inputs, "t_u": sliced(case.t_u)}
        value = student.dmodel_db(*inputs.values())
        agree("dmodel_db", inputs, value, torch.ones_like(case.t_u), tensor=True, tolerance=ONE_PASS, broadcast=True)


@check("dmodel_db", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_db_pure(student):
    pure(student, "dmodel_db", lambda case: case.inputs)


# --- grad_fn --------------------------------------------------------------------------------------


def grad_inputs(case: Case) -> dict[str, torch.Tensor]:
    return {"t_u": case.t_u, "t_c": case.t_c, "t_p": case.t_p, "w": case.w, "b": case.b}


@check("grad_fn", "values on fresh data, against autograd", weight=5)
@in_both_precisions
@given(case=cases())
def test_grad_values(student, case, dtype):
    case = as_type(case, dtype)
    # kills: no chain rule, components exchanged or equal, sum and mean mixed up, no sum, t_p and t_c exchanged
    inputs = grad_inputs(case)
    value = student.grad_fn(*inputs.values())
    agree("grad_fn", inputs, value, gradient64(case), tolerance=ONE_PASS, scale=gradient_scale(case))


@check("grad_fn", "values on fresh data, against finite differences", weight=2)
@given(case=cases())
def test_grad_finite_differences(student, case):
    # a second oracle, which shares nothing with the first
    step = 1.0
    w, b = case.w, case.b
    slopes = [
        (loss64(case, w + step, b) - loss64(case, w - step, b)) / (2 * step),
        (loss64(case, w, b + step) - loss64(case, w, b - step)) / (2 * step),
    ]
    inputs = grad_inputs(case)
    value = student.grad_fn(*inputs.values())
    agree("grad_fn", inputs, value, torch.stack(slopes), tolerance=ONE_PASS, scale=gradient_scale(case) + 100)


@check("grad_fn", "errors of every size", weight=1.5)
def test_grad_sizes(student):
    found = cases_of_every_size()
    answers = student.batch([call("grad_fn", *grad_inputs(case).values()) for case in found])
    for case, answer in zip(found, answers, strict=True):
        inputs = grad_inputs(case)
        agree("grad_fn", inputs, answer.value, gradient64(case), tolerance=ONE_PASS, scale=gradient_scale(case))


@check(
    "grad_fn",
    "the lecture's gradient: [4517.2969, 82.6000]",
    kind=Kind.KNOWN,
    visible=True,
    own_title="your own data's gradient at w=1, b=0",
)
def test_grad_known(student):
    t_u, t_c = lecture().t_u, lecture().t_c
    inputs = {"t_u": t_u, "t_c": t_c, "t_p": t_u, "w": torch.ones(()), "b": torch.zeros(())}
    expected = torch.tensor(known([4517.2969, 82.6000]))
    agree("grad_fn", inputs, student.grad_fn(*inputs.values()), expected, tolerance=SEVEN_DIGITS)


@check("grad_fn", "one sample, sliced inputs", kind=Kind.EDGE, weight=2)
def test_grad_edges(student):
    for case, _ in edge_cases(1, 7):
        inputs = {**grad_inputs(case), "t_u": sliced(case.t_u), "t_c": sliced(case.t_c), "t_p": sliced(case.t_p)}
        value = student.grad_fn(*inputs.values())
        agree("grad_fn", inputs, value, gradient64(case), tolerance=ONE_PASS, scale=gradient_scale(case))


@check("grad_fn", "dtype of the data", kind=Kind.FORM)
def test_grad_dtype(student):
    for case in fixed_cases(7):
        inputs = grad_inputs(case)
        same_dtype("grad_fn", inputs, student.grad_fn(*inputs.values()), case.dtype)


@check("grad_fn", "arguments stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2)
def test_grad_pure(student):
    pure(student, "grad_fn", grad_inputs)


# --- training_loop --------------------------------------------------------------------------------


@check("training_loop", "one step is the gradient times the learning rate", weight=3)
@given(case=cases(), rate=st.sampled_from((0.25, 0.01, 1.0)))
def test_loop_one_step(student, case, rate):
    # kills: uphill, the rate forgotten or applied twice, only one parameter moved
    inputs = loop_inputs(case, 1, rate)
    expected, _, path = descend64(case, 1, rate)
    value = student.training_loop(*inputs.values())
    scale = path_scale(path) + rate * gradient_scale(case)
    agree("training_loop", inputs, value, expected, tolerance=ONE_PASS, scale=scale)


@check("training_loop", "1, 2, 3 and 5 epochs on fresh data", weight=6)
@given(
    case=cases(),
    n_epochs=st.sampled_from((2, 3, 5, 1)),
    share=st.sampled_from((0.4, 0.1, 0.25)),
)
def test_loop_epochs(student, case, n_epochs, share):
    # kills: an epoch more or less, stale predictions or gradients, globals for arguments, the start returned
    rate = stable_rate(case, share)
    inputs = loop_inputs(case, n_epochs, rate)
    expected, _, path = descend64(case, n_epochs, rate)
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path))


def goes_on_for_long(student):
    loop_goes_on(student, loop_inputs, lecture_scaled(), 5000, 1e-2, *STOPS)


@check("training_loop", "1,200 epochs on fresh data", weight=1.5, long=True, alone=goes_on_for_long)
def test_loop_many_epochs(student):
    case, rate, inputs = long_run()
    loop_runs_long(student, inputs, case, LONG, rate)


LONG = 1200


def long_run() -> tuple[Case, float, dict[str, object]]:
    """The run whose params and whose prints are judged; it is asked once."""
    case = printing_case(42, 1.0, 0.1)
    rate = stable_rate(case, 0.02)
    return case, rate, {**loop_inputs(case, LONG, rate), "print_params": False}


@check("training_loop", "3, 10 and 30 epochs on fresh data in float32", weight=2)
@given(case=cases(), n_epochs=st.sampled_from((3, 10, 30)))
def test_loop_float32(student, case, n_epochs):
    case = as_type(case, torch.float32)
    rate = stable_rate(case, 0.3)
    inputs = loop_inputs(case, n_epochs, rate)
    expected, _, path = descend64(case, n_epochs, rate)
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path) + 10)


@check(
    "training_loop",
    "100 epochs at 1e-4 on the raw data: [0.2327, -0.0438]",
    kind=Kind.KNOWN,
    visible=True,
    own_title="100 epochs at 1e-4 on your own raw data",
)
def test_loop_known_slow(student):
    loop_ends_at(student, loop_inputs(lecture(), 100, 1e-4), [0.2327, -0.0438], FOUR_DECIMALS, scale=1.0)


@check(
    "training_loop",
    "5,000 epochs on the scaled data: [5.3671, -17.3012]",
    kind=Kind.KNOWN,
    visible=True,
    weight=2,
    long=True,
    alone=goes_on_for_long,
    own_title="5,000 epochs on your own data, scaled",
)
def test_loop_known_long(student):
    loop_ends_at(student, loop_inputs(lecture_scaled(), 5000, 1e-2), [5.3671, -17.3012], KNOWN_PARAMS)


@check("training_loop", "no epochs return the start", kind=Kind.EDGE)
def test_loop_no_epochs(student):
    loop_without_epochs(student, loop_inputs)


@check("training_loop", "one sample, sliced inputs", kind=Kind.EDGE)
def test_loop_edges(student):
    loop_at_edges(student, loop_inputs)


@check("training_loop", "a negative learning rate walks uphill", kind=Kind.EDGE, weight=0.5)
def test_loop_negative_rate(student):
    case = make_case(7, 5, 2, torch.float64)
    rate = -stable_rate(case, 0.2)
    inputs = loop_inputs(case, 3, rate)
    expected, _, path = descend64(case, 3, rate)
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path))


@check(
    "training_loop",
    "diverges on the raw data at 1e-2: [-1.8590e+19, -3.2746e+17]",
    kind=Kind.EDGE,
    weight=2,
    own_title="diverges on your own raw data at 1e-2",
)
def test_loop_divergence(student):
    # kills: no stop (nan comes back), a stop before the step, the start returned, numbers that are only large
    inputs = loop_inputs(lecture(), 100, 1e-2)
    value = student.training_loop(*inputs.values())
    # At epoch 11 the mean of the squares still fits into float32, and their sum does not: which of the two a
    # right solution forms decides whether its loss is infinite at epoch 11, as in the lecture, or later.
    _, _, path = descend64(lecture(), 22, 1e-2)
    accepted = [params.float() for params in path[11:] if params.float().isfinite().all()]
    one_of(value, accepted, inputs)


@check("training_loop", "stops after the first epoch whose loss is not finite", kind=Kind.EDGE, weight=2)
def test_loop_stops(student):
    # Here the loss passes the largest float32, 3.4e38, from far below it to far above it within one epoch,
    # and the params do not: every form of the loss is infinite at the same epoch.
    steep = make_case(7, 3, 2, torch.float32)
    inputs = loop_inputs(steep, 50, 1e6)
    value = student.training_loop(*inputs.values())
    _, losses, path = descend64(steep, 8, 1e6)
    stop = next(epoch for epoch, loss in enumerate(losses, 1) if loss > 1e40)
    assert losses[stop - 2] < 1e36
    assert path[stop].float().isfinite().all()
    one_of(value, [path[stop].float()], inputs)


def one_of(value: object, accepted: list[torch.Tensor], inputs: dict[str, object]) -> None:
    compare = partial(agree, "training_loop", inputs, value, tolerance=KNOWN_PARAMS)
    failure = missed(partial(compare, params) for params in accepted)
    if failure is not None:
        raise Mismatch("it does not return the params after the first epoch whose loss is not finite", failure.text)


@check("training_loop", "dtype of the data", kind=Kind.FORM)
def test_loop_dtype(student):
    loop_keeps_dtype(student, loop_inputs)


@check(
    "training_loop", "the caller's params stay as they are, and a second call gives the same", kind=Kind.FORM, weight=2
)
def test_loop_pure(student):
    # kills: params -= ..., state kept from call to call
    pure(student, "training_loop", lambda case: loop_inputs(case, 3, 0.001))


def answer_after_change(module, arguments):
    """Train, then overwrite the caller's params: the answer must not be a view of them."""
    answer = module.training_loop(*arguments.values())
    arguments["params"].fill_(777.0)
    return answer


@check("training_loop", "the answer is a new tensor", kind=Kind.FORM)
def test_loop_new_tensor(student):
    for case in fixed_cases(7):
        inputs = loop_inputs(case, 2, 0.001)
        expected, _, path = descend64(case, 2, 0.001)
        value = student.probe(answer_after_change, inputs, gradients=False)
        agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path) + 10)


def prints_for_long(student):
    """Prints the loss that the student's own functions have at the params with which an epoch begins."""
    case = lecture_scaled()
    inputs = loop_inputs(case, 5000, 1e-2)
    states = loop_states(student, inputs, *STOPS)
    losses = {}
    for epoch in EPOCHS_PRINTED:
        loss = student.loss_fn(student.model(case.t_u, *states[epoch - 1]), case.t_c)
        losses[epoch] = float(numbers_of(loss, ()))
    loop_prints(student, inputs, losses)


@check(
    "training_loop",
    "prints the epochs and their losses",
    kind=Kind.PRINT,
    weight=1.5,
    long=True,
    alone=prints_for_long,
)
def test_loop_prints_losses(student):
    # kills: the loss after the step, epochs counted from 0, another set of epochs, two decimals
    case, rate, inputs = long_run()
    _, losses, _ = descend64(case, LONG, rate)
    loop_prints(student, inputs, {epoch: losses[epoch - 1] for epoch in EPOCHS_PRINTED if epoch <= LONG})


@check(
    "training_loop",
    "prints epochs 4000 and 5000, too",
    kind=Kind.PRINT,
    weight=1,
    long=True,
    alone=prints_for_long,
)
def test_loop_prints_late_losses(student):
    # kills: a set of epochs that ends early
    losses = {4000: known(2.927680), 5000: known(2.927648)}
    loop_prints(student, loop_inputs(lecture_scaled(), 5000, 1e-2), losses)  # the known run, asked once


@check("training_loop", "prints the params and the gradient, unless told not to", kind=Kind.PRINT)
def test_loop_prints_params(student):
    # kills: print_params off by default, params or gradient left out, wrong or stale at a later epoch or for few
    # samples, both printed in any case
    for case in (printing_case(43, 1.0, 0.1), *fixed_cases(1, 2)):
        rate = stable_rate(case, 0.02)
        _, _, path = descend64(case, SHORT, rate)
        inputs = loop_inputs(case, SHORT, rate)
        calls = [call("training_loop", *inputs.values(), *print_params) for print_params in ((), (True,), (False,))]
        *loudly, quietly = (found.printed for found in student.batch(calls))
        printed_at = [epoch for epoch in EPOCHS_PRINTED if epoch <= SHORT]
        for epoch in printed_at:
            around, gradient = path[epoch - 1 : epoch + 1], (path[epoch - 1] - path[epoch]) / rate
            # Params before or after the step are both right; torch prints four decimals, or five digits.
            printed = next((text for text in loudly if not shows_both(text, around, gradient)), None)
            if printed is not None:
                expected = f"expected among it at epoch {epoch}: {around[1].tolist()} and {gradient.tolist()}"
                raise mismatch(
                    "the params or the gradient are not printed",
                    "training_loop",
                    inputs,
                    f"printed:\n{printed[:1200]}\n{expected}",
                    word=Word.PRINTED,
                )
        for epoch in (printed_at[0], printed_at[-1]):
            if all_shown((path[epoch - 1] - path[epoch]) / rate, quietly) or all_shown(path[epoch], quietly):
                raise mismatch(
                    "print_params=False prints the params or the gradient",
                    "training_loop",
                    inputs,
                    f"printed with print_params=False:\n{quietly[:600]}",
                    word=Word.PRINTED,
                )


def shows_both(printed: str, params: list[torch.Tensor], gradient: torch.Tensor) -> bool:
    """Say whether the gradient is printed, and the params before or after the step."""
    return all_shown(gradient, printed) and any(all_shown(value, printed) for value in params)


def all_shown(values: torch.Tensor, printed: str) -> bool:
    """Say whether each of these numbers stands in what was printed."""
    return all(near(float(value), numbers_in(printed)) for value in values)


# --- shared ---------------------------------------------------------------------------------------


def pure(student, name: str, inputs_of: Callable[[Case], dict[str, object]]) -> None:
    """No argument changes, the same arguments give the same answer, and no later call changes an earlier answer."""
    for first, other in two_calls(lambda seed, dtype: inputs_of(make_case(7, seed, 2, dtype))):
        changes_nothing(student, name, first, other)


@check("grad_fn", "many calls in a row", kind=Kind.FORM, weight=1)
def test_grad_in_a_row(student):
    # kills: state that builds up, such as a gradient that accumulates from call to call
    found = fixed_cases(2, 7)
    answers = student.batch([call("grad_fn", *grad_inputs(case).values()) for case in found * 2])
    for case, answer in zip(found * 2, answers, strict=True):
        scale = gradient_scale(case)
        agree("grad_fn", grad_inputs(case), answer.value, gradient64(case), tolerance=ONE_PASS, scale=scale)
