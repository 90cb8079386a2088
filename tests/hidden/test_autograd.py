# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""The hidden suite of `autograd`: every answer against torch's autograd in float64, in the checker.

A leaf crosses to the worker as a leaf, and every call gets one of its own with an empty `.grad`, as
the contract promises; only `gradient` is called again with the same one. Inputs stay away from what
hides bugs: 0 and 1, the optimum, the lecture's own start, loops of a single step. Each check says in
a comment which wrong solutions it is there for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from shared import (
    DTYPES,
    FEW_STEPS,
    FOUR_DECIMALS,
    KNOWN_PARAMS,
    ONE_PASS,
    SEVEN_DIGITS,
    SMALL,
    Case,
    as_type,
    cases,
    cases_of_every_size,
    descend64,
    draw,
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
    loop_keeps_dtype,
    loop_prints,
    loop_runs_long,
    loop_without_epochs,
    loss64,
    make_case,
    path_scale,
    printing_case,
    sliced,
    stable_rate,
    two_calls,
)
from shared import loop_inputs as plain_loop_inputs

from grader.suite import (
    Kind,
    Word,
    agree,
    call,
    chance,
    check,
    known,
    mismatch,
    pure,
    same,
    same_dtype,
    show,
)

# --- inputs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Vector:
    """One tensor of an example; nobody changes it."""

    numbers: torch.Tensor

    @property
    def leaf(self) -> torch.Tensor:
        return leaf_of(self.numbers)

    @property
    def sliced(self) -> torch.Tensor:
        return leaf_of(sliced(self.numbers))


THREE_ONES, FOUR_ONES = Vector(torch.ones(3)), Vector(torch.ones(4))


@kept
def make_vector(shape: tuple[int, ...], seed: int, decimals: int, dtype: torch.dtype) -> Vector:
    """Draw numbers in +-[2, 9], so that no two of them cancel to nothing but by design."""
    return Vector(draw(chance(seed), shape, 2, 9, decimals).to(dtype))


@kept
def vector_as(vector: Vector, dtype: torch.dtype) -> Vector:
    return Vector(vector.numbers.to(dtype))


def vectors(*sizes: int) -> st.SearchStrategy[Vector]:
    """One-dimensional tensors in float64, of these sizes."""
    return st.builds(
        make_vector,
        shape=st.sampled_from([(size,) for size in sizes]),
        seed=st.integers(0, 2**16),
        decimals=st.sampled_from((0, 1, 2, 3)),
        dtype=st.just(torch.float64),
    )


leaf_or_not = pytest.mark.parametrize("leaf", [False, True], ids=["plain params", "params that require grad"])


def fixed_vectors(*shapes: tuple[int, ...]) -> list[Vector]:
    return [make_vector(shape, 200 + len(shape), 2, dtype) for shape in shapes for dtype in DTYPES]


def leaf_of(tensor: torch.Tensor) -> torch.Tensor:
    """A fresh leaf that requires a gradient, with the layout that the tensor has."""
    return tensor.detach().requires_grad_()


def differentiated(function: Callable[[torch.Tensor], torch.Tensor], at: torch.Tensor) -> torch.Tensor:
    """The gradient of a function of one tensor, by autograd in float64, in the dtype of `at`."""
    point = at.detach().double().clone().requires_grad_()
    return torch.autograd.grad(function(point), point)[0].to(at.dtype)


# --- gradient -------------------------------------------------------------------------------------


def gradient_inputs(case: Case, *, leaf: bool) -> dict[str, torch.Tensor]:
    params = leaf_of(case.params) if leaf else case.params
    return {"params": params, "t_u": case.t_u, "t_c": case.t_c}


@check("gradient", "values on fresh data", weight=2)
@leaf_or_not
@in_both_precisions
@given(case=cases())
def test_gradient_values(student, case, dtype, leaf):
    case = as_type(case, dtype)
    # kills: params that requires no gradient left so, the .grad of a clone or of w and b, sum for mean, the sign
    inputs = gradient_inputs(case, leaf=leaf)
    value = student.gradient(*inputs.values())
    agree("gradient", inputs, value, gradient64(case), tolerance=ONE_PASS, scale=gradient_scale(case))


@kept
def moved(case: Case, other: Case) -> Case:
    """The data of `other` at the params of `case`."""
    return Case(other.t_u, other.t_c, case.params)


def gradients_in_turn(module, params, data):
    """The gradients at one and the same params, for each of the data in turn, as they were when they came."""
    found = []
    for t_u, t_c in data:
        answer = module.gradient(params, t_u, t_c)
        found.append(answer.detach().clone() if isinstance(answer, torch.Tensor) else answer)
    return found


@check("gradient", "the same however often it is called", weight=4)
@leaf_or_not
@given(case=cases(), other=cases())
def test_gradient_each_time(student, case, other, leaf):
    # kills: .grad never emptied, emptied in the first call alone, the first answer kept for ever
    inputs = gradient_inputs(case, leaf=leaf)
    order = [case, case, moved(case, other), case]
    answers = student.probe(gradients_in_turn, inputs["params"], [(item.t_u, item.t_c) for item in order])
    for number, (item, value) in enumerate(zip(order, answers, strict=True), 1):
        shown = {**gradient_inputs(item, leaf=leaf), "call": number}
        agree("gradient", shown, value, gradient64(item), tolerance=ONE_PASS, scale=gradient_scale(item))


@check("gradient", "errors of every size", weight=1)
def test_gradient_sizes(student):
    found = cases_of_every_size()
    calls = [call("gradient", *gradient_inputs(case, leaf=False).values()) for case in found]
    for case, answer in zip(found, student.batch(calls), strict=True):
        inputs = gradient_inputs(case, leaf=False)
        agree("gradient", inputs, answer.value, gradient64(case), tolerance=ONE_PASS, scale=gradient_scale(case))


@check("gradient", "values on fresh data, against finite differences", weight=1)
@given(case=cases())
def test_gradient_finite_differences(student, case):
    # a second oracle, which shares nothing with the first: the central difference of a parabola is exact
    steps = torch.eye(2, dtype=torch.float64)
    slopes = [(loss64(case, case.params + step) - loss64(case, case.params - step)) / 2 for step in steps]
    inputs = gradient_inputs(case, leaf=False)
    value = student.gradient(*inputs.values())
    agree("gradient", inputs, value, torch.stack(slopes), tolerance=ONE_PASS, scale=gradient_scale(case) + 100)


@check(
    "gradient",
    "the lecture's gradient: [4517.2969, 82.6000]",
    kind=Kind.KNOWN,
    visible=True,
    own_title="your own data's gradient at w=1, b=0",
)
def test_gradient_known(student):
    inputs = gradient_inputs(lecture(), leaf=True)
    value = student.gradient(*inputs.values())
    agree("gradient", inputs, value, torch.tensor(known([4517.2969, 82.6])), tolerance=SEVEN_DIGITS)


@check("gradient", "one sample, sliced inputs", kind=Kind.EDGE, weight=2)
def test_gradient_edges(student):
    for case, _ in edge_cases(1, 7):
        for leaf in (False, True):
            inputs = {**gradient_inputs(case, leaf=leaf), "t_u": sliced(case.t_u), "t_c": sliced(case.t_c)}
            value = student.gradient(*inputs.values())
            agree("gradient", inputs, value, gradient64(case), tolerance=ONE_PASS, scale=gradient_scale(case))


@check("gradient", "dtype of the data", kind=Kind.FORM)
def test_gradient_dtype(student):
    for case in fixed_cases(7):
        inputs = gradient_inputs(case, leaf=True)
        same_dtype("gradient", inputs, student.gradient(*inputs.values()), case.dtype)


@check("gradient", "the numbers of the arguments stay as they are", kind=Kind.FORM, weight=2)
def test_gradient_pure(student):
    # kills: params moved, data scaled in place; `requires_grad` that is switched on and a gradient in .grad are no
    # change, but switching it off is one
    for leaf in (False, True):
        for dtype in DTYPES:
            first, other = (gradient_inputs(make_case(7, seed, 2, dtype), leaf=leaf) for seed in (107, 108))
            pure(student, "gradient", first, other, gradients=True)
            still_watched("gradient", first, student.observe("gradient", *first.values()).arguments)


# --- training_loop --------------------------------------------------------------------------------


def loop_inputs(case: Case, n_epochs: int, learning_rate: float) -> dict[str, object]:
    """The arguments of a loop that has autograd compute its gradients: params are a leaf that requires one."""
    return {**plain_loop_inputs(case, n_epochs, learning_rate), "params": leaf_of(case.params)}


@check("training_loop", "one step is the gradient times the learning rate", weight=3)
@given(case=cases(), rate=st.sampled_from((0.25, 0.01, 1.0)))
def test_loop_one_step(student, case, rate):
    # kills: uphill, the rate forgotten or applied twice, one parameter moved, zeroed before the step
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
    # kills: no zeroing, a graph walked twice (retained or not), params bound anew inside no_grad or outside it,
    # an epoch more or less, globals for arguments, the start returned
    rate = stable_rate(case, share)
    inputs = loop_inputs(case, n_epochs, rate)
    expected, _, path = descend64(case, n_epochs, rate)
    value = student.training_loop(*inputs.values())
    agree("training_loop", inputs, value, expected, tolerance=FEW_STEPS, scale=path_scale(path))


@check("training_loop", "1,501 epochs on fresh data", weight=1.5)
def test_loop_many_epochs(student):
    case, rate = long_run()
    loop_runs_long(student, loop_inputs(case, LONG, rate), case, LONG, rate)


LONG = 1501  # no multiple of 500: it is the epoch that is printed, and not their number


def long_run() -> tuple[Case, float]:
    """The run whose params and whose prints are judged; it is asked once. Its losses change to the end."""
    for seed in range(42, 62):
        case = printing_case(seed, 1.0, 1.0)
        rate = stable_rate(case, 0.0005)
        losses = descend64(case, LONG, rate)[1]
        if all(
            abs(losses[epoch] - losses[epoch - 1]) > 1e-3 for epoch in (500, 1000, 1500)
        ):  # else later ones were right
            return case, rate
    raise AssertionError("no seed gives a run that is slow enough")


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
    "the lecture's first epochs on the scaled data",
    kind=Kind.KNOWN,
    visible=True,
    own_title="the first epochs on your own data, scaled",
)
def test_loop_known_short(student):
    for n_epochs, params in ((1, [1.7761, 0.1064]), (2, [2.0848, 0.1303]), (3, [2.2094, 0.1217])):
        loop_ends_at(student, loop_inputs(lecture_scaled(), n_epochs, 1e-2), params, FOUR_DECIMALS, scale=1.0)


@check(
    "training_loop",
    "5,000 epochs on the scaled data: [5.3671, -17.3012]",
    kind=Kind.KNOWN,
    visible=True,
    weight=2,
    own_title="5,000 epochs on your own data, scaled",
)
def test_loop_known_long(student):
    loop_ends_at(student, loop_inputs(lecture_scaled(), 5000, 1e-2), [5.3671, -17.3012], KNOWN_PARAMS)


@check("training_loop", "no epochs return the start", kind=Kind.EDGE)
def test_loop_no_epochs(student):
    # kills: the loss or the gradient used behind a loop that never ran
    loop_without_epochs(student, loop_inputs)


@check("training_loop", "one sample, sliced inputs", kind=Kind.EDGE)
def test_loop_edges(student):
    loop_at_edges(student, loop_inputs)


@check("training_loop", "dtype of the data", kind=Kind.FORM)
def test_loop_dtype(student):
    loop_keeps_dtype(student, loop_inputs)


@check("training_loop", "the data stays as it is, and a second run gives the same", kind=Kind.FORM, weight=2)
def test_loop_pure(student):
    # kills: data scaled in place, params or an optimizer kept from call to call
    for inputs, others in two_calls(lambda seed, dtype: loop_inputs(make_case(7, seed, 2, dtype), 3, 0.001)):
        runs_alike(student, "training_loop", inputs, others, trained="params")


@check(
    "training_loop",
    "prints the lecture's losses: 7.860116 at 500 to 2.927647 at 5000",
    kind=Kind.PRINT,
    visible=True,
    weight=1.25,
    own_title="prints your own data's losses, at 500 to 5000",
)
def test_loop_prints_known(student):
    # kills: a list of epochs typed in, some of them missing, or one that ends early
    early = {500: 7.860116, 1000: 3.828538, 1500: 3.092191, 2000: 2.957698, 2500: 2.933134}
    late = {3000: 2.928648, 3500: 2.927830, 4000: 2.927679, 4500: 2.927652, 5000: 2.927647}
    losses = {epoch: known(loss) for epoch, loss in (early | late).items()}
    loop_prints(student, loop_inputs(lecture_scaled(), 5000, 1e-2), losses)  # the run of the known params, asked once


@check("training_loop", "prints every 500 epochs, with the loss before the step", kind=Kind.PRINT, weight=1.25)
def test_loop_prints_losses(student):
    # kills: the loss after the step, epochs counted from 0, every 1000, at the end alone, two decimals
    case, rate = long_run()
    _, losses, _ = descend64(case, LONG, rate)
    loop_prints(student, loop_inputs(case, LONG, rate), {epoch: losses[epoch - 1] for epoch in (500, 1000, 1500)})


# --- descend --------------------------------------------------------------------------------------


def descend_inputs(vector: Vector, n_steps: int, learning_rate: float) -> dict[str, object]:
    return {"weights": vector.leaf, "n_steps": n_steps, "learning_rate": learning_rate}


@kept
def outputs64(vector: Vector, n_steps: int, learning_rate: float) -> tuple[torch.Tensor, float]:
    """The outputs by autograd in float64, in the dtype of the weights, and the size of their terms."""
    weights = vector.numbers.double()
    size = float(3 * weights.abs().sum())
    outputs = []
    for _ in range(n_steps + 1):
        outputs.append((weights * 3).sum())
        weights = weights - learning_rate * differentiated(lambda weights: (weights * 3).sum(), weights)
    found = torch.stack(outputs)
    return found.to(vector.numbers.dtype), size + float(found.abs().max())


def outputs_agree(vector: Vector, inputs: dict[str, object], value: object, *, bare: bool = False) -> None:
    """Compare the outputs; with `bare`, a single one may come back as a number."""
    expected, scale = outputs64(vector, inputs["n_steps"], inputs["learning_rate"])
    shapes = [(1,), ()] if bare else None
    agree("descend", inputs, value, expected, tolerance=ONE_PASS, scale=scale, shapes=shapes)


@check("descend", "outputs for fresh weights", weight=4)
@in_both_precisions
@given(
    vector=vectors(3, 2, 4, 7, 33),
    n_steps=st.sampled_from((2, 3, 5, 1)),
    rate=st.sampled_from((0.25, 0.1, 0.03, 0.7)),
)
def test_descend_outputs(student, vector, n_steps, rate, dtype):
    vector = vector_as(vector, dtype)
    # kills: no zeroing, one output too few, the last one twice, zeroed before the step, uphill, four weights or a
    # rate of 0.1 taken for granted, a mean, a graph walked twice
    inputs = descend_inputs(vector, n_steps, rate)
    outputs_agree(vector, inputs, student.descend(*inputs.values()))


@check("descend", "four ones, three steps: 12, 8.4, 4.8, 1.2", kind=Kind.KNOWN, visible=True)
def test_descend_known(student):
    inputs = descend_inputs(FOUR_ONES, 3, 0.1)
    value = student.descend(*inputs.values())
    agree("descend", inputs, value, torch.tensor([12.0, 8.4, 4.8, 1.2]), tolerance=SEVEN_DIGITS)


@check("descend", "no steps give one output", kind=Kind.EDGE)
def test_descend_no_steps(student):
    # kills: the output of a loop that never ran used behind it, outputs rounded to some decimals
    for vector in fixed_vectors((5,)):
        for found in (vector, Vector(SMALL * vector.numbers)):
            inputs = descend_inputs(found, 0, 0.1)
            outputs_agree(found, inputs, student.descend(*inputs.values()), bare=True)


@check("descend", "forty steps, and some hundreds", kind=Kind.EDGE)
def test_descend_many_steps(student):
    # kills: what changes after some steps; a right one may call itself for each, and Python lets it 1,000 times
    for vector in fixed_vectors((4,)):
        whole = Vector(vector.numbers.round())  # and a power of two, so that no step of these is rounded
        for n_steps in (40, 250):
            inputs = descend_inputs(whole, n_steps, 2**-6)
            outputs_agree(whole, inputs, student.descend(*inputs.values()))


@check("descend", "weights of other shapes", kind=Kind.EDGE)
def test_descend_shapes(student):
    # kills: loops over the first dimension
    for vector in fixed_vectors((1,), (2, 3), ()):
        inputs = descend_inputs(vector, 3, 0.2)
        outputs_agree(vector, inputs, student.descend(*inputs.values()))


@check("descend", "dtype of the weights", kind=Kind.FORM)
def test_descend_dtype(student):
    for vector in fixed_vectors((5,)):
        inputs = descend_inputs(vector, 2, 0.1)
        same_dtype("descend", inputs, student.descend(*inputs.values()), vector.numbers.dtype)


@check("descend", "a second run gives the same, and leaves the first one's outputs alone", kind=Kind.FORM)
def test_descend_pure(student):
    # kills: outputs or weights kept from call to call
    fresh_each_time(student, "descend", lambda vector: descend_inputs(vector, 3, 0.1), trained="weights")


# --- intermediate_gradients -----------------------------------------------------------------------


@kept
def intermediate64(vector: Vector, c: float) -> dict[str, torch.Tensor]:
    """The gradient in each of the four, as that of what is still to come, by autograd in float64."""
    w = vector.numbers
    x = w + c
    y = 3 * x
    return {
        "w": differentiated(lambda w: (3 * (w + c)).mean(), w),
        "x": differentiated(lambda x: (3 * x).mean(), x),
        "y": differentiated(lambda y: y.mean(), y),
        "z": differentiated(lambda z: z, y.mean()),
    }


def intermediate_agree(vector: Vector, inputs: dict[str, object], value: object, *keys: str) -> None:
    """Compare these gradients; all entries of each are equal, so one number for them is right as well."""
    if not isinstance(value, dict):
        raise mismatch("it returned no dict", "intermediate_gradients", inputs, f"it returned  {show(value)}")
    expected = intermediate64(vector, float(inputs["c"]))
    for key in keys:
        name = f"intermediate_gradients[{key!r}]"
        if key not in value:
            raise mismatch(f"there is no {key!r} in the dict", name, inputs, f"it returned  {show(value)}")
        if value[key] is None:
            summary = f"{key!r} is None in the dict: no gradient was kept for it"
            raise mismatch(summary, name, inputs, f"it returned  {show(value)}")
        if key == "z":
            agree(name, inputs, value[key], expected[key], tolerance=ONE_PASS, shapes=[(), (1,)])
        else:
            agree(name, inputs, value[key], expected[key], tolerance=ONE_PASS, broadcast=True)


@check("intermediate_gradients", "gradients for fresh w and c", weight=1.5)
@pytest.mark.parametrize("keys", ["w", "x", "yz"], ids=["in w", "in x", "in y and z"])
@in_both_precisions
@given(vector=vectors(2, 7, 3, 5, 33), c=st.sampled_from((2, 5.5, -3, 0.25)))
def test_intermediate_values(student, vector, c, dtype, keys):
    vector = vector_as(vector, dtype)
    # kills: None where no gradient was retained, sum for mean, the 3 forgotten or kept for y, three entries taken
    # for granted, gradients exchanged, the tensors returned in place of their gradients
    inputs = {"w": vector.leaf, "c": c}
    intermediate_agree(vector, inputs, student.intermediate_gradients(*inputs.values()), *keys)


@check("intermediate_gradients", "three ones and c = 2, as in the lecture", kind=Kind.KNOWN, visible=True)
def test_intermediate_known(student):
    inputs = {"w": THREE_ONES.leaf, "c": 2}
    intermediate_agree(THREE_ONES, inputs, student.intermediate_gradients(*inputs.values()), "w", "x", "y", "z")


@check("intermediate_gradients", "one number, c as a tensor, sliced w", kind=Kind.EDGE, weight=2)
def test_intermediate_edges(student):
    for vector in fixed_vectors((1,), (4,)):
        for c in (torch.tensor(2.5, dtype=vector.numbers.dtype), 0, -1.5):
            inputs = {"w": vector.sliced, "c": c}
            intermediate_agree(vector, inputs, student.intermediate_gradients(*inputs.values()), "w", "x", "y", "z")


@check("intermediate_gradients", "w stays as it is, and a second call gives the same", kind=Kind.FORM)
def test_intermediate_pure(student):
    # kills: c added to w itself, w detached or told to require no gradient
    fresh_each_time(student, "intermediate_gradients", lambda vector: {"w": vector.leaf, "c": 2.5})


# --- detached_gradient ----------------------------------------------------------------------------


@kept
def detached64(vector: Vector) -> torch.Tensor:
    return differentiated(lambda x: (2 * x + (3 + x.detach())).sum(), vector.numbers)


def detached_agree(vector: Vector, inputs: dict[str, torch.Tensor], value: object) -> None:
    """Compare the gradient; all of its entries are equal, so one number for them is right as well."""
    agree("detached_gradient", inputs, value, detached64(vector), tolerance=ONE_PASS, broadcast=True)


@check("detached_gradient", "the gradient for fresh x", weight=3)
@in_both_precisions
@given(vector=vectors(3, 2, 7, 33))
def test_detached_values(student, vector, dtype):
    vector = vector_as(vector, dtype)
    # kills: nothing detached (3), the other branch detached (1), the graph walked twice (4), a mean for the sum;
    # a constant that is right is right
    inputs = {"x": vector.leaf}
    detached_agree(vector, inputs, student.detached_gradient(*inputs.values()))


@check("detached_gradient", "three ones: twos", kind=Kind.KNOWN, visible=True)
def test_detached_known(student):
    inputs = {"x": THREE_ONES.leaf}
    value = student.detached_gradient(*inputs.values())
    agree("detached_gradient", inputs, value, torch.full((3,), 2.0), tolerance=SEVEN_DIGITS, broadcast=True)


@check("detached_gradient", "one number, sliced x", kind=Kind.EDGE)
def test_detached_edges(student):
    # kills: a size of 3
    for vector in fixed_vectors((1,), (4,)):
        inputs = {"x": vector.sliced}
        detached_agree(vector, inputs, student.detached_gradient(*inputs.values()))


@check("detached_gradient", "x stays as it is, and a second call gives the same", kind=Kind.FORM)
def test_detached_pure(student):
    # kills: x.detach_(), writing into the detached x, which is x
    fresh_each_time(student, "detached_gradient", lambda vector: {"x": vector.leaf})


# --- untracked_double -----------------------------------------------------------------------------


def double_agree(inputs: dict[str, torch.Tensor], value: object) -> None:
    """Compare with 2a, and see that it requires no gradient; a tensor that requires none has no grad_fn either."""
    (a,) = inputs.values()
    agree("untracked_double", inputs, value, 2 * a.detach(), tensor=True, tolerance=ONE_PASS)
    if isinstance(value, torch.Tensor) and value.requires_grad:
        summary = "the result requires a gradient: its history was recorded"
        raise mismatch(summary, "untracked_double", inputs, f"it returned  {show(value)}")


@check("untracked_double", "2a without history, for fresh a", weight=3)
@in_both_precisions
@given(vector=vectors(3, 2, 7, 33))
def test_double_values(student, vector, dtype):
    # kills: 2 * a, a * a, a itself, a copy that is doubled with its history
    inputs = {"a": vector_as(vector, dtype).leaf}
    double_agree(inputs, student.untracked_double(*inputs.values()))


@check("untracked_double", "a still requires a gradient afterwards", weight=4)
@in_both_precisions
@given(vector=vectors(3, 2, 7))
def test_double_leaves_a_watched(student, vector, dtype):
    # kills: a.requires_grad_(False), a.detach_(); the result counts here, too, or doing nothing would be right
    inputs = {"a": vector_as(vector, dtype).leaf}
    seen = student.observe("untracked_double", *inputs.values())
    double_agree(inputs, seen.value)
    still_watched("untracked_double", inputs, seen.arguments)


@check("untracked_double", "a table of numbers, as in the lecture", kind=Kind.KNOWN, visible=True)
def test_double_known(student):
    inputs = {"a": torch.tensor([[0.5, 3.0], [-1.0, 7.0]], requires_grad=True)}
    double_agree(inputs, student.untracked_double(*inputs.values()))


@check("untracked_double", "one number, sliced a", kind=Kind.EDGE)
def test_double_edges(student):
    for vector in fixed_vectors((1,), (4,)):
        inputs = {"a": vector.sliced}
        double_agree(inputs, student.untracked_double(*inputs.values()))


@check("untracked_double", "dtype of a", kind=Kind.FORM)
def test_double_dtype(student):
    for vector in fixed_vectors((5,)):
        inputs = {"a": vector.leaf}
        same_dtype("untracked_double", inputs, student.untracked_double(*inputs.values()), vector.numbers.dtype)


@check("untracked_double", "a keeps its numbers, and a second call gives the same", kind=Kind.FORM, weight=3)
def test_double_pure(student):
    # kills: writing into the detached a, which is a; a.data *= 2
    for dtype in DTYPES:
        first, other = ({"a": make_vector((7,), seed, 2, dtype).leaf} for seed in (107, 108))
        pure(student, "untracked_double", first, other, gradients=True)


def history_afterwards(module, a):
    """Double, then compute something else with a leaf: does that still have a history?"""
    module.untracked_double(a)
    return (3 * torch.ones(2, requires_grad=True)).requires_grad


@check("untracked_double", "what is computed afterwards has a history again", kind=Kind.FORM)
def test_double_leaves_torch_watching(student):
    # kills: torch.set_grad_enabled(False), a no_grad that is entered and never left
    inputs = {"a": make_vector((7,), 109, 2, torch.float64).leaf}
    if student.probe(history_afterwards, *inputs.values()) is not True:
        summary = "after the call nothing has a history any more: gradients were switched off and not on again"
        raise mismatch(summary, "untracked_double", inputs, "3 * another leaf requires no gradient")


# --- shared ---------------------------------------------------------------------------------------


def twice_afresh(module, name, arguments, others):
    """Call twice with fresh leaves, then with others; return both answers, and the first as it is after all."""

    def copy(value):
        if isinstance(value, torch.Tensor):
            return value.detach().clone().requires_grad_(value.requires_grad)
        return value

    def kept(value):
        if isinstance(value, torch.Tensor):
            return value.detach().clone()
        if isinstance(value, (list, tuple)):
            return [kept(item) for item in value]
        return {key: kept(item) for key, item in value.items()} if isinstance(value, dict) else value

    def run(arguments):
        return getattr(module, name)(*[copy(value) for value in arguments.values()])

    first = run(arguments)
    early = kept(first)
    second = kept(run(arguments))
    run(others)
    return early, second, kept(first)


def still_watched(name: str, inputs: dict[str, object], arguments: tuple[object, ...], trained: str = "") -> None:
    """Raise Mismatch where an argument required a gradient before the call and requires none after it."""
    for (key, sent), now in zip(inputs.items(), arguments, strict=True):
        if key == trained or not isinstance(sent, torch.Tensor) or not sent.requires_grad:
            continue
        if not isinstance(now, torch.Tensor) or not now.requires_grad:
            evidence = f"after the call {key} is {show(now)}, and requires no gradient"
            raise mismatch("an argument no longer requires a gradient", name, inputs, evidence)


def fresh_each_time(student, name: str, inputs_of: Callable[[Vector], dict[str, object]], *, trained: str = "") -> None:
    """As `pure`, with a leaf of its own for each call, since a call may fill its leaf's .grad.

    `trained` names the argument that may be moved.
    """
    for inputs, others in two_calls(lambda seed, dtype: inputs_of(make_vector((7,), seed, 2, dtype))):
        runs_alike(student, name, inputs, others, trained=trained)


def runs_alike(student, name: str, inputs: dict[str, object], others: dict[str, object], *, trained: str = "") -> None:
    seen = student.observe(name, *inputs.values())
    for (key, sent), now in zip(inputs.items(), seen.arguments, strict=True):
        if key == trained or not isinstance(sent, torch.Tensor):
            continue
        if not isinstance(now, torch.Tensor) or not torch.equal(sent, now):
            raise mismatch(
                "an argument was changed", name, inputs, f"after the call {key} is {show(now)}", word=Word.ARGUMENT
            )
    still_watched(name, inputs, seen.arguments, trained)
    early, second, late = student.probe(twice_afresh, name, inputs, others)
    if not same(early, second) or not same(early, seen.value):
        evidence = f"it returned  {show(seen.value)}\nthen  {show(early)}\nthen  {show(second)}"
        raise mismatch("a second call gives another answer", name, inputs, evidence, word=Word.AGAIN)
    if not same(early, late):
        evidence = f"it returned {show(early)}\nlater it is {show(late)}"
        raise mismatch("an answer changes when the function is called again", name, inputs, evidence, word=Word.AGAIN)


@check("training_loop", "many runs in a row", kind=Kind.FORM)
def test_loop_in_a_row(student):
    # kills: state that builds up from run to run
    found = fixed_cases(2, 7)
    rates = [stable_rate(case, 0.3) for case in found]
    runs = [loop_inputs(case, 3, rate) for case, rate in zip(found, rates, strict=True)] * 2
    answers = student.batch([call("training_loop", *inputs.values()) for inputs in runs])
    for case, rate, inputs, answer in zip(found * 2, rates * 2, runs, answers, strict=True):
        expected, _, path = descend64(case, 3, rate)
        agree("training_loop", inputs, answer.value, expected, tolerance=FEW_STEPS, scale=path_scale(path) + 50)
