# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""The hidden suite of `neuron`: every answer against torch, by its functions, autograd and optimizers in float64.

Inputs stay away from what hides bugs: 0 and 1, equal operands, N = F, upstream = 1, the lecture's own start
W = 1, b = 0. Each check says in a comment which wrong solutions it is there for.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from shared import (
    DTYPES,
    EPS,
    FEW_STEPS,
    FOUR_DECIMALS,
    KNOWN_PARAMS,
    ONE_PASS,
    draw,
    in_both_precisions,
    kept,
    missed,
    moved_on,
    numbers_of,
    pieces_of,
    sliced,
    two_calls,
)

from grader.suite import (
    Array,
    Kind,
    Mismatch,
    NotShown,
    Tolerance,
    Word,
    agree,
    call,
    chance,
    check,
    mismatch,
    pure,
    same,
    same_dtype,
    show,
    stand_in,
)

ACTIVATED = Tolerance(
    float32=2e-6,
    float64=1e-6,
    reason="absolute: `exp(z) - 1` and other right forms cancel near zero, so a relative tolerance would refuse "
    "them. In float64 a factor may have gone through float32: the course does not teach rounding",
)
SLOPE = Tolerance(
    float32=24 * EPS[torch.float32],
    float64=1e-6,
    reason="two values are subtracted and divided by dx, so their own roundings come through in float32; there the "
    "scale is the size of the values over dx. In float64 the scale is the slope, and nothing of it is lost",
)
KNOWN = Tolerance(float32=1e-4, float64=1e-4, reason="the lectures print four decimals")

SENSORS = torch.stack(
    [
        torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0, -1.0]),
        torch.tensor([0.9, 12.0, 13.6, 22.8, 8.1, 7.1, 2.9, 0.1, 5.3, 12.0, 19.9, 1.5]),
    ],
    dim=1,
)
DEGREES = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])
TARGETS = 0.01 * DEGREES
UNTRAINED = torch.tensor([0.8022, 1, 1, 1, 1, 1, 0.9973, 0.0198, 1, 1, 1, 0.6225])
ONES, ZERO = torch.ones(2), torch.zeros(1)

VALUES = "values on fresh data"
SHAPES = "one number, a table, sliced inputs"
EDGES = "one sample, sliced inputs"
SIZES = "numbers of every size"
FAR = "finite and right far from zero"
DTYPE = "dtype of the data"
PURE = "arguments stay as they are, and a second call gives the same"


# --- inputs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Numbers:
    """Three tensors of one shape, entry by entry of different size; nobody changes them."""

    x: torch.Tensor
    y: torch.Tensor
    z: torch.Tensor

    def of(self, dtype: torch.dtype) -> Numbers:
        return Numbers(self.x.to(dtype), self.y.to(dtype), self.z.to(dtype))


@kept
def make_numbers(size: tuple[int, ...], seed: int, decimals: int, low: float = 2, high: float = 9) -> Numbers:
    generator = chance(seed)
    x, y, z = (draw(generator, size, low, high, decimals) for _ in range(3))
    return Numbers(x, torch.where(x.abs() == y.abs(), y + 1, y), z)


def numbers(low: float = 2, high: float = 9, least_decimals: int = 0) -> st.SearchStrategy[Numbers]:
    """Numbers in float64 that shrink towards three whole ones; other shapes are an edge of their own."""
    return st.builds(
        make_numbers,
        size=st.sampled_from(((3,), (2,), (7,), (11,), (64,))),
        seed=st.integers(0, 2**16),
        decimals=st.sampled_from(tuple(range(least_decimals, 4))),
        low=st.just(low),
        high=st.just(high),
    )


@dataclass(frozen=True, eq=False)
class Case:
    """A neuron and its data; nobody changes it."""

    X: torch.Tensor
    y: torch.Tensor
    W: torch.Tensor
    b: torch.Tensor

    @property
    def dtype(self) -> torch.dtype:
        return self.X.dtype

    @property
    def batch(self) -> dict[str, torch.Tensor]:
        return {"input": self.X, "target": self.y}

    @property
    def neuron(self) -> dict[str, torch.Tensor]:
        return {"W": self.W, "b": self.b, "X": self.X, "y": self.y}

    def shown(self, **more: object) -> dict[str, object]:
        """The case as a report shows it: X by its rows, so that the count of samples is that of y."""
        return {"W": self.W, "b": self.b, "X": Rows(self.X), "y": self.y, **more}


@dataclass(frozen=True, eq=False)
class Rows:
    table: torch.Tensor

    def __repr__(self) -> str:
        rows = [f"[{', '.join(f'{value:.7g}' for value in row)}]" for row in self.table[:12].tolist()]
        return f"[{', '.join(rows)}{', ...' if len(self.table) > 12 else ''}]"


@kept
def make_case(n: int, f: int, seed: int, decimals: int, dtype: torch.dtype) -> Case:
    """Draw a neuron that is nowhere near saturated: with more inputs the weights are smaller."""
    generator = chance(seed)
    inputs = draw(generator, (n, f), 0.6, 2.4, decimals)
    weights = draw(generator, (f,), 0.2, 0.9 if f < 3 else 0.5, max(decimals, 1))
    bias = draw(generator, (1,), 0.2, 0.8, max(decimals, 1))
    targets = draw(generator, (n,), 0.1, 0.9, max(decimals, 1), signed=False)
    return Case(X=inputs.to(dtype), y=targets.to(dtype), W=weights.to(dtype), b=bias.to(dtype))


def cases(*features: int) -> st.SearchStrategy[Case]:
    """Cases in float64 that shrink towards three samples; one sample is an edge of its own.

    Three and not two, so that a factor of N and a factor of two can be told apart.
    """
    return st.builds(
        make_case,
        n=st.sampled_from((3, 2, 7, 11, 64)),
        f=st.sampled_from(features or (2,)),
        seed=st.integers(0, 2**16),
        decimals=st.sampled_from((1, 0, 2, 3)),
        dtype=st.just(torch.float64),
    )


@kept
def as_type(case: Case, dtype: torch.dtype) -> Case:
    return Case(case.X.to(dtype), case.y.to(dtype), case.W.to(dtype), case.b.to(dtype))


def fixed_cases(*sizes: tuple[int, int]) -> list[Case]:
    """Cases without the engine: one sample, sliced inputs and form, in both precisions."""
    return [make_case(n, f, 100 + n + f, 2, dtype) for n, f in sizes for dtype in DTYPES]


def odd_shapes(dtype: torch.dtype, low: float = 2, high: float = 9) -> list[Numbers]:
    """A single number, a row with one number, a table that lies on its side, and a row with gaps."""
    flat, one, table, row = (make_numbers(size, 9, 2, low, high).of(dtype) for size in ((), (1,), (3, 4), (7,)))
    sides = Numbers(table.x.t(), table.y.t(), table.z.t())
    return [flat, one, sides, Numbers(sliced(row.x), sliced(row.y), sliced(row.z))]


# --- comparing ------------------------------------------------------------------------------------


def size_of(expected: torch.Tensor) -> float:
    return max(1.0, float(expected.abs().max()))


def parts_of(name: str, shown: Mapping[str, object], value: object, count: int) -> list[object]:
    """Take apart an answer of several parts: a tuple, a list, or a tensor that stacks them."""
    tensor = value.tensor if isinstance(value, Array) else value
    if isinstance(tensor, torch.Tensor) and tensor.dim() > 0 and len(tensor) == count:
        return list(tensor.detach().unbind())
    if isinstance(value, list | tuple) and len(value) == count:
        return list(value)
    what = "None; is a `return` missing?" if value is None else "something else"
    raise mismatch(f"{count} answers are asked for, and it returned {what}", name, shown, f"it returned  {show(value)}")


def part_agrees(
    label: str, name: str, shown: Mapping[str, object], value: object, expected: torch.Tensor, **how: object
) -> None:
    try:
        agree(name, shown, value, expected, **how)
    except Mismatch as error:
        raise Mismatch(f"{label}: {error.summary}", error.text, error.word) from None


def graph_is_cut(name: str, shown: Mapping[str, object], found: object) -> Mismatch:
    summary = "nothing can be differentiated through the result: the graph that leads to it is cut"
    return mismatch(summary, name, shown, f"it returned {found}")


def gradients_of(module, name, arguments, leaves):
    """Differentiate the sum of an answer in some arguments; say what came back where that can't be done."""
    given = {key: value.clone().requires_grad_() if key in leaves else value for key, value in arguments.items()}
    answer = getattr(module, name)(*given.values())
    if not isinstance(answer, torch.Tensor) or not answer.requires_grad:
        return f"a {type(answer).__name__} that does not require grad"
    answer.sum().backward()
    found = [given[key].grad for key in leaves]
    return "a tensor that does not lead back to all arguments" if None in [type(g) and g for g in found] else found


def flows(
    student,
    name: str,
    arguments: Mapping[str, torch.Tensor],
    leaves: Sequence[str],
    oracle: Callable[..., torch.Tensor],
) -> None:
    """One can differentiate through the answer, and gets the right gradients."""
    shown = {key: Rows(value) if value.dim() == 2 else value for key, value in arguments.items()}
    found = student.probe(gradients_of, name, dict(arguments), list(leaves))
    if not isinstance(found, list) or len(found) != len(leaves):
        raise graph_is_cut(name, shown, found)
    doubles = {key: value.double().clone() for key, value in arguments.items()}
    inputs = [doubles[key].requires_grad_() for key in leaves]
    wanted = torch.autograd.grad(oracle(*doubles.values()).sum(), inputs)
    for key, value, expected in zip(leaves, found, wanted, strict=True):
        how = {"tolerance": ONE_PASS, "scale": 10 * size_of(expected)}
        part_agrees(f"the gradient in {key}", name, shown, value, expected.to(arguments[key].dtype), **how)


# --- functions of single numbers ------------------------------------------------------------------


def step64(z: torch.Tensor, threshold: float = 0.0) -> torch.Tensor:
    return (z >= threshold).double()


def cube64(x: torch.Tensor) -> torch.Tensor:
    x = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(((x**3 + x**2 + x + 1) ** 3).sum(), x)
    return slope


def sigmoid_slope64(z: torch.Tensor) -> torch.Tensor:
    return torch.sigmoid(z) * torch.sigmoid(-z)


ELEMENTWISE: dict[str, Callable[..., torch.Tensor]] = {
    "binary_step": step64,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z, negative_slope=0.01: torch.where(z > 0, z, negative_slope * z),
    "elu": lambda z, alpha=1.0: torch.where(z > 0, z, alpha * torch.expm1(z.clamp(max=0))),
    "activate": torch.sigmoid,
    "chain_rule": cube64,
    "sigmoid_derivative": sigmoid_slope64,
}


def cube_scale(x: torch.Tensor) -> float:
    """The size of the terms that any form of the derivative adds up."""
    largest = float(x.abs().max())
    return 3 * (largest**3 + largest**2 + largest + 1) ** 2 * (3 * largest**2 + 2 * largest + 1)


def elementwise(student, name: str, arguments: Mapping[str, object]) -> None:
    """Compare the answer for the first argument, a tensor, with the oracle's."""
    elementwise_agrees(name, arguments, getattr(student, name)(*arguments.values()))


def elementwise_agrees(name: str, arguments: Mapping[str, object], value: object) -> None:
    z, *settings = arguments.values()
    expected = ELEMENTWISE[name](z.double(), *settings).to(z.dtype)
    tolerance, scale = (ONE_PASS, cube_scale(z)) if name == "chain_rule" else (ACTIVATED, size_of(expected))
    agree(name, arguments, value, expected, tensor=True, tolerance=tolerance, scale=scale)


def any_shape(student, name: str, key: str = "z", **settings: float) -> None:
    for dtype in DTYPES:
        for found in odd_shapes(dtype, 0.1, 4):
            elementwise(student, name, {key: found.x, **settings})


WHOLE_RANGE = dict.fromkeys(DTYPES, 500.0)
FORMULA = {torch.float32: 10.0, torch.float64: 100.0}
"""What every formula on paper can do: e^(2z) is finite. What only a careful one can do is an edge."""


def every_size(student, name: str, largest: Mapping[torch.dtype, float], key: str = "z") -> None:
    """Compare at thousandths, and so on up to twice the largest size, each size by itself."""
    # kills: another rule from some number on, small numbers taken for zero
    shown = [
        {key: size * make_numbers((7,), 130 + number, 3, 0.5, 2).of(dtype).x}
        for dtype in DTYPES
        for number, size in enumerate((0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 500.0))
        if size <= largest[dtype]
    ]
    answers = student.batch([call(name, *arguments.values()) for arguments in shown])
    for arguments, answer in zip(shown, answers, strict=True):
        elementwise_agrees(name, arguments, answer.value)


def far_out(student, name: str, key: str = "z") -> None:
    far = torch.tensor([-1000.0, -746.0, -105.0, -90.0, -40.0, 40.0, 90.0, 105.0, 746.0, 1000.0])
    for dtype in DTYPES:
        elementwise(student, name, {key: far.to(dtype)})


def own_dtype(student, name: str, key: str = "z") -> None:
    for dtype in DTYPES:
        z = make_numbers((7,), 107, 2, 0.1, 4).of(dtype).x
        same_dtype(name, {key: z}, getattr(student, name)(z), dtype)


def stays_pure(student, name: str, key: str = "z", *, gradients: bool = True) -> None:
    for first, other in two_calls(lambda seed, dtype: make_numbers((7,), seed, 2, 0.1, 4).of(dtype).x):
        pure(student, name, {key: first}, {key: other}, gradients=gradients)


# --- binary_step ----------------------------------------------------------------------------------


@check("binary_step", VALUES, weight=2)
@in_both_precisions
@given(drawn=numbers(0.1, 6, 1))
def test_step_values(student, drawn, dtype):
    # kills: the sign for the step, z where it fires, the wrong side
    elementwise(student, "binary_step", {"z": drawn.x.to(dtype)})


@check("binary_step", "other thresholds than 0", weight=3)
@given(drawn=numbers(0.1, 6, 1), threshold=st.sampled_from((0.4567, -1.2345, 2.3456)))
def test_step_thresholds(student, drawn, threshold):
    # kills: the threshold ignored, or added
    elementwise(student, "binary_step", {"z": drawn.x, "threshold": threshold})


@check("binary_step", "1 at the threshold itself", kind=Kind.EDGE, weight=2)
def test_step_at_threshold(student):
    # kills: > for >=, a half there
    for dtype in DTYPES:
        elementwise(student, "binary_step", {"z": torch.tensor([-1.0, 0.0, 1.0], dtype=dtype)})
        for threshold in (0.5, -1.25, 2.0):
            z = torch.tensor([threshold - 1, threshold, threshold + 1], dtype=dtype)
            elementwise(student, "binary_step", {"z": z, "threshold": threshold})


@check("binary_step", SIZES, weight=1.5)
def test_step_sizes(student):
    every_size(student, "binary_step", WHOLE_RANGE)


@check("binary_step", SHAPES, kind=Kind.EDGE)
def test_step_shapes(student):
    any_shape(student, "binary_step", threshold=0.4567)


@check("binary_step", FAR, kind=Kind.EDGE, weight=0.5)
def test_step_far(student):
    far_out(student, "binary_step")


@check("binary_step", DTYPE, kind=Kind.FORM)
def test_step_dtype(student):
    # kills: a tensor of bools or integers, float32 whatever came in
    own_dtype(student, "binary_step")


@check("binary_step", PURE, kind=Kind.FORM)
def test_step_pure(student):
    stays_pure(student, "binary_step")


# --- sigmoid --------------------------------------------------------------------------------------


@check("sigmoid", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers(0.1, 6))
def test_sigmoid_values(student, drawn, dtype):
    # kills: e^z for e^-z, a minus before the 1, tanh
    elementwise(student, "sigmoid", {"z": drawn.x.to(dtype)})


@check("sigmoid", "1/2 at 0, and 0.8022 at 1.4", kind=Kind.KNOWN, visible=True)
def test_sigmoid_known(student):
    z = torch.tensor([0.0, 1.4])
    agree("sigmoid", {"z": z}, student.sigmoid(z), torch.tensor([0.5, 0.8022]), tensor=True, tolerance=KNOWN)


@check("sigmoid", SIZES, weight=1.5)
def test_sigmoid_sizes(student):
    every_size(student, "sigmoid", FORMULA)


@check("sigmoid", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_sigmoid_shapes(student):
    any_shape(student, "sigmoid")


@check("sigmoid", FAR, kind=Kind.EDGE, weight=1.5)
def test_sigmoid_far(student):
    # kills: e^z / (1 + e^z)
    far_out(student, "sigmoid")


@check("sigmoid", DTYPE, kind=Kind.FORM)
def test_sigmoid_dtype(student):
    own_dtype(student, "sigmoid")


@check("sigmoid", PURE, kind=Kind.FORM)
def test_sigmoid_pure(student):
    # kills: z.neg_(), z.exp_(), z.sigmoid_()
    stays_pure(student, "sigmoid")


# --- tanh -----------------------------------------------------------------------------------------


@check("tanh", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers(0.1, 6))
def test_tanh_values(student, drawn, dtype):
    # kills: 2 s(z) - 1, s(2z), the fraction upside down
    elementwise(student, "tanh", {"z": drawn.x.to(dtype)})


@check("tanh", SIZES, weight=1.5)
def test_tanh_sizes(student):
    every_size(student, "tanh", FORMULA)


@check("tanh", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_tanh_shapes(student):
    any_shape(student, "tanh")


@check("tanh", FAR, kind=Kind.EDGE, weight=2)
def test_tanh_far(student):
    # kills: the textbook's fraction
    far_out(student, "tanh")


@check("tanh", DTYPE, kind=Kind.FORM)
def test_tanh_dtype(student):
    own_dtype(student, "tanh")


@check("tanh", PURE, kind=Kind.FORM)
def test_tanh_pure(student):
    stays_pure(student, "tanh")


# --- relu -----------------------------------------------------------------------------------------


@check("relu", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers(0.1, 6))
def test_relu_values(student, drawn, dtype):
    # kills: the absolute value, the negative half, 1 for z
    elementwise(student, "relu", {"z": drawn.x.to(dtype)})


@check("relu", SIZES, weight=1.5)
def test_relu_sizes(student):
    every_size(student, "relu", WHOLE_RANGE)


@check("relu", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_relu_shapes(student):
    any_shape(student, "relu")


@check("relu", FAR, kind=Kind.EDGE)
def test_relu_far(student):
    far_out(student, "relu")


@check("relu", DTYPE, kind=Kind.FORM)
def test_relu_dtype(student):
    # kills: torch.where(z > 0, z, zeros of another dtype)
    own_dtype(student, "relu")


@check("relu", PURE, kind=Kind.FORM, weight=1.5)
def test_relu_pure(student):
    # kills: z[z < 0] = 0
    stays_pure(student, "relu")


# --- leaky_relu -----------------------------------------------------------------------------------


@check("leaky_relu", VALUES, weight=2)
@in_both_precisions
@given(drawn=numbers(0.1, 6))
def test_leaky_values(student, drawn, dtype):
    # kills: relu, the slope on the positive side, another default
    elementwise(student, "leaky_relu", {"z": drawn.x.to(dtype)})


@check("leaky_relu", "other slopes than 0.01", weight=3)
@given(drawn=numbers(0.1, 6), negative_slope=st.sampled_from((0.25, 0.1, 0.7)))
def test_leaky_slopes(student, drawn, negative_slope):
    # kills: 0.01 in the body, the slope as a constant, minus the slope
    elementwise(student, "leaky_relu", {"z": drawn.x, "negative_slope": negative_slope})


@check("leaky_relu", SIZES, weight=1.5)
def test_leaky_sizes(student):
    every_size(student, "leaky_relu", WHOLE_RANGE)


@check("leaky_relu", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_leaky_shapes(student):
    any_shape(student, "leaky_relu", negative_slope=0.3)


@check("leaky_relu", FAR, kind=Kind.EDGE)
def test_leaky_far(student):
    far_out(student, "leaky_relu")


@check("leaky_relu", DTYPE, kind=Kind.FORM)
def test_leaky_dtype(student):
    own_dtype(student, "leaky_relu")


@check("leaky_relu", PURE, kind=Kind.FORM)
def test_leaky_pure(student):
    stays_pure(student, "leaky_relu")


# --- elu ------------------------------------------------------------------------------------------


@check("elu", VALUES, weight=2)
@in_both_precisions
@given(drawn=numbers(0.1, 6))
def test_elu_values(student, drawn, dtype):
    # kills: e^z without the -1, relu, the branch on the wrong side
    elementwise(student, "elu", {"z": drawn.x.to(dtype)})


@check("elu", "other alphas than 1", weight=3)
@given(drawn=numbers(0.1, 6), alpha=st.sampled_from((2.0, 0.5, 1.7)))
def test_elu_alphas(student, drawn, alpha):
    # kills: alpha ignored, alpha e^z - 1, alpha on both sides, e^(alpha z)
    elementwise(student, "elu", {"z": drawn.x, "alpha": alpha})


@check("elu", SIZES, weight=1.5)
def test_elu_sizes(student):
    every_size(student, "elu", FORMULA)


@check("elu", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_elu_shapes(student):
    any_shape(student, "elu", alpha=1.7)


@check("elu", FAR, kind=Kind.EDGE, weight=1.5)
def test_elu_far(student):
    # kills: branches multiplied by 0 and 1 and added
    far_out(student, "elu")


@check("elu", DTYPE, kind=Kind.FORM)
def test_elu_dtype(student):
    own_dtype(student, "elu")


@check("elu", PURE, kind=Kind.FORM)
def test_elu_pure(student):
    stays_pure(student, "elu")


# --- SimpleDataset --------------------------------------------------------------------------------


EXACT = Tolerance(float32=1e-6, float64=1e-6, reason="numbers that are typed in, once times 0.01, in float32")


def items(module, again):
    """Read the items of a data set that is made after others."""
    for _ in range(again):
        module.SimpleDataset()
    found = module.SimpleDataset()
    return [found[index] for index in range(12)]


def length(module):
    return len(module.SimpleDataset())


def text(module):
    return str(module.SimpleDataset())


def is_dataset(module):
    return isinstance(module.SimpleDataset(), torch.utils.data.Dataset)


def samples_agree(found: object, key: str, expected: torch.Tensor) -> None:
    name, shown = "SimpleDataset", {}
    for index, item in enumerate(found if isinstance(found, list) else [found]):
        if not isinstance(item, dict) or key not in item:
            evidence = f"item {index} is {show(item)}"
            raise mismatch('an item is no dict with "input" and "target"', name, shown, evidence)
        part_agrees(f'"{key}" of item {index}', name, shown, item[key], expected[index], tolerance=EXACT)


@check("SimpleDataset", "the inputs of all twelve items", weight=3)
def test_dataset_inputs(student):
    # kills: the misprinted 4.0, a tuple for a dict, the columns exchanged or apart
    samples_agree(student.probe(items, 0), "input", SENSORS)


@check("SimpleDataset", "the targets of all twelve items", weight=3)
def test_dataset_targets(student):
    # kills: degrees that are not scaled, scaled to 0..1, targets of shape (1,)
    samples_agree(student.probe(items, 0), "target", TARGETS)


def loaded(module, size):
    """Load the data set in batches, in order."""
    loader = torch.utils.data.DataLoader(module.SimpleDataset(), batch_size=size)
    return [[batch["input"], batch["target"]] for batch in loader]


@check("SimpleDataset", "in batches of a DataLoader", weight=2)
@pytest.mark.parametrize("size", [12, 5], ids=["12 at once", "5 at a time"])
def test_dataset_batches(student, size):
    # kills: a wrong length, lists for tensors
    batches = student.probe(loaded, size)
    shown = {"batch_size": size}
    for number, batch in enumerate(batches):
        rows = slice(number * size, (number + 1) * size)
        for label, value, expected in zip(("input", "target"), batch, (SENSORS, TARGETS), strict=True):
            part_agrees(f"a batch's {label}", "DataLoader", shown, value, expected[rows], tolerance=EXACT)
    if len(batches) != -(-12 // size):
        raise mismatch("the number of batches is wrong", "DataLoader", shown, f"there were {len(batches)}")


@check("SimpleDataset", "its length: 12", kind=Kind.KNOWN, visible=True)
def test_dataset_length(student):
    agree("len of a SimpleDataset", {}, student.probe(length), torch.tensor(12.0), tolerance=EXACT)


@check("SimpleDataset", "its text", kind=Kind.FORM, visible=True)
def test_dataset_text(student):
    found = student.probe(text)
    expected = "Data Size: 12, Input Shape: torch.Size([12, 2]), Target Shape: torch.Size([12])"
    if " ".join(str(found).split()) != expected:
        evidence = f"it is      {show(found)}\nexpected   {expected!r}"
        raise mismatch("its text is not the one asked for", "str", {}, evidence)


@check("SimpleDataset", "a torch.utils.data.Dataset", kind=Kind.FORM)
def test_dataset_base(student):
    if student.probe(is_dataset) is not True:
        raise mismatch("it is no torch.utils.data.Dataset", "SimpleDataset", {}, "the class does not derive from it")


@check("SimpleDataset", "float32 tensors, the same in each data set that is made", kind=Kind.FORM, weight=1.5)
def test_dataset_again(student):
    # kills: the shared temperatures scaled in place, so that they shrink with each data set
    again = student.probe(items, 2)
    samples_agree(again, "target", TARGETS)
    samples_agree(again, "input", SENSORS)
    for item in again:
        for key in ("input", "target"):
            same_dtype("SimpleDataset", {}, item[key], torch.float32)


# --- activate -------------------------------------------------------------------------------------


@check("activate", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers(0.1, 6))
def test_activate_values(student, drawn, dtype):
    # kills: another activation, twice the sigmoid, the slope of it
    elementwise(student, "activate", {"u": drawn.x.to(dtype)})


@check("activate", "one can differentiate through it", weight=2)
@given(drawn=numbers(0.1, 6))
def test_activate_flows(student, drawn):
    # kills: .item(), detach, torch.tensor(...), numpy, no_grad
    flows(student, "activate", {"u": drawn.x}, ["u"], torch.sigmoid)


@check("activate", SIZES, weight=1.5)
def test_activate_sizes(student):
    every_size(student, "activate", FORMULA, "u")


@check("activate", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_activate_shapes(student):
    any_shape(student, "activate", "u")


@check("activate", FAR, kind=Kind.EDGE)
def test_activate_far(student):
    far_out(student, "activate", "u")


@check("activate", DTYPE, kind=Kind.FORM)
def test_activate_dtype(student):
    own_dtype(student, "activate", "u")


@check("activate", PURE, kind=Kind.FORM, weight=1.5)
def test_activate_pure(student):
    stays_pure(student, "activate", "u")


# --- model ----------------------------------------------------------------------------------------


def neuron64(inputs: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return torch.sigmoid((inputs * weights).sum(dim=1) + bias)


def model_agrees(student, case: Case, **instead: torch.Tensor) -> None:
    arguments = {"X": case.X, "W": case.W, "b": case.b, **instead}
    value = student.model(*arguments.values())
    expected = neuron64(case.X.double(), case.W.double(), case.b.double()).to(case.dtype)
    shown = {**arguments, "X": Rows(case.X), "W": case.W}
    agree("model", shown, value, expected, tensor=True, tolerance=ONE_PASS, scale=1.0)


@check("model", VALUES, weight=3)
@in_both_precisions
@given(case=cases())
def test_model_values(student, case, dtype):
    # kills: no bias, the bias behind the activation, no activation, two of them, a sum over the samples
    model_agrees(student, as_type(case, dtype))


@check("model", "three and five inputs", weight=2)
@given(case=cases(3, 5))
def test_model_features(student, case):
    # kills: W[0] and W[1] written out
    model_agrees(student, case)


@check("model", "one can differentiate through it", weight=3)
@given(case=cases(2, 3))
def test_model_flows(student, case):
    # kills: W[0].item(), detach, torch.tensor(...), numpy, no_grad
    flows(student, "model", {"X": case.X, "W": case.W, "b": case.b}, ["W", "b"], neuron64)


@check("model", "the lecture's predictions: 0.8022, ..., 0.0198, ..., 0.6225", kind=Kind.KNOWN, visible=True)
def test_model_known(student):
    shown = {"X": Rows(SENSORS), "W": ONES, "b": ZERO}
    agree("model", shown, student.model(SENSORS, ONES, ZERO), UNTRAINED, tensor=True, tolerance=KNOWN)


@check("model", "one sample, one input, sliced inputs", kind=Kind.EDGE, weight=3)
def test_model_edges(student):
    # kills: squeeze
    for case in fixed_cases((1, 2), (1, 1), (7, 1), (7, 3), (1, 4)):
        model_agrees(student, case, X=sliced(case.X), W=sliced(case.W))


@check("model", DTYPE, kind=Kind.FORM)
def test_model_dtype(student):
    for case in fixed_cases((7, 2)):
        value = student.model(case.X, case.W, case.b)
        same_dtype("model", {"X": Rows(case.X), "W": case.W, "b": case.b}, value, case.dtype)


@check("model", PURE, kind=Kind.FORM, weight=2)
def test_model_pure(student):
    for first, other in two_calls(lambda seed, dtype: make_case(7, 2, seed, 2, dtype)):
        inputs, others = ({"X": case.X, "W": case.W, "b": case.b} for case in (first, other))
        pure(student, "model", inputs, others, gradients=True)


# --- loss_fn, rmse_loss, mae_loss -----------------------------------------------------------------


LOSSES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "loss_fn": torch.nn.functional.mse_loss,
    "rmse_loss": lambda y_pred, y: torch.sqrt(((y_pred - y) ** 2).mean()),
    "mae_loss": torch.nn.functional.l1_loss,
}


def loss_agrees(student, name: str, y_pred: torch.Tensor, y: torch.Tensor) -> None:
    loss_is(name, y_pred, y, getattr(student, name)(y_pred, y))


def loss_is(name: str, y_pred: torch.Tensor, y: torch.Tensor, value: object) -> None:
    arguments = {"y_pred": y_pred, "y": y}
    expected = LOSSES[name](y_pred.double(), y.double()).to(y.dtype)
    scale = LOSSES[name](y_pred.double().abs() + y.double().abs(), torch.zeros_like(y, dtype=torch.float64))
    agree(name, arguments, value, expected, tolerance=ONE_PASS, scale=float(scale), shapes=[(), (1,)])


def loss_sizes(student, name: str) -> None:
    # kills: small errors taken for zero, large ones cut off, another rule on either side of some number
    found = [
        Numbers(*(size * part for part in (drawn.x, drawn.y, drawn.z)))
        for dtype in DTYPES
        for number, size in enumerate((1e-3, 0.03, 0.3, 3.0, 100.0))
        for drawn in [make_numbers((7,), 140 + number, 3, 0.3, 3).of(dtype)]
    ]
    answers = student.batch([call(name, drawn.x, drawn.y) for drawn in found])
    for drawn, answer in zip(found, answers, strict=True):
        loss_is(name, drawn.x, drawn.y, answer.value)


def loss_edges(student, name: str) -> None:
    for dtype in DTYPES:
        for size in ((1,), (7,)):
            drawn = make_numbers(size, 9, 2).of(dtype)
            loss_agrees(student, name, sliced(drawn.x), sliced(drawn.y))


def loss_dtype(student, name: str) -> None:
    for dtype in DTYPES:
        drawn = make_numbers((7,), 107, 2).of(dtype)
        value = getattr(student, name)(drawn.x, drawn.y)
        same_dtype(name, {"y_pred": drawn.x, "y": drawn.y}, value, dtype)


def loss_pure(student, name: str) -> None:
    for first, other in two_calls(lambda seed, dtype: make_numbers((7,), seed, 2).of(dtype)):
        inputs, others = ({"y_pred": drawn.x, "y": drawn.y} for drawn in (first, other))
        pure(student, name, inputs, others, gradients=True)


def loss_known(student, name: str, in_degrees: float, scaled: float) -> None:
    for y, loss in ((DEGREES, in_degrees), (TARGETS, scaled)):
        # predictions in full: rounded to the four decimals that are printed, they would change the last digit
        y_pred = neuron64(SENSORS, ONES, ZERO)
        value = getattr(student, name)(y_pred, y)
        how = {"tolerance": FOUR_DECIMALS, "scale": size_of(y / 10), "shapes": [(), (1,)]}
        agree(name, {"y_pred": y_pred, "y": y}, value, torch.tensor(loss), **how)


@check("loss_fn", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers())
def test_loss_values(student, drawn, dtype):
    # kills: sum for mean, half the square, absolute errors, the root, square after the mean, N = 12
    drawn = drawn.of(dtype)
    loss_agrees(student, "loss_fn", drawn.x, drawn.y)


@check("loss_fn", "one can differentiate through it", weight=2)
@given(drawn=numbers())
def test_loss_flows(student, drawn):
    # kills: .item(), float(), detach, torch.tensor(...), numpy, no_grad
    flows(student, "loss_fn", {"y_pred": drawn.x, "y": drawn.y}, ["y_pred"], LOSSES["loss_fn"])


@check("loss_fn", "the lecture's losses: 2673.9028 in degrees, 0.1798 scaled", kind=Kind.KNOWN, visible=True)
def test_loss_known(student):
    loss_known(student, "loss_fn", 2673.9028, 0.1798)


@check("loss_fn", "errors of every size", weight=1.5)
def test_loss_sizes(student):
    loss_sizes(student, "loss_fn")


@check("loss_fn", EDGES, kind=Kind.EDGE, weight=1.5)
def test_loss_edges(student):
    loss_edges(student, "loss_fn")


@check("loss_fn", DTYPE, kind=Kind.FORM)
def test_loss_dtype(student):
    loss_dtype(student, "loss_fn")


@check("loss_fn", PURE, kind=Kind.FORM, weight=2)
def test_loss_pure(student):
    # kills: y -= y_pred
    loss_pure(student, "loss_fn")


@check("rmse_loss", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers())
def test_rmse_values(student, drawn, dtype):
    # kills: no root, no mean, the root before the mean, a root of N
    drawn = drawn.of(dtype)
    loss_agrees(student, "rmse_loss", drawn.x, drawn.y)


@check("rmse_loss", "the lecture's data: 51.7098 in degrees, 0.4240 scaled", kind=Kind.KNOWN, visible=True)
def test_rmse_known(student):
    loss_known(student, "rmse_loss", 51.7098, 0.4240)


@check("rmse_loss", "errors of every size", weight=1.5)
def test_rmse_sizes(student):
    loss_sizes(student, "rmse_loss")


@check("rmse_loss", EDGES, kind=Kind.EDGE, weight=1.5)
def test_rmse_edges(student):
    loss_edges(student, "rmse_loss")


@check("rmse_loss", "one can differentiate through it", kind=Kind.FORM)
def test_rmse_flows(student):
    drawn = make_numbers((7,), 107, 2)
    flows(student, "rmse_loss", {"y_pred": drawn.x, "y": drawn.y}, ["y_pred"], LOSSES["rmse_loss"])


@check("rmse_loss", DTYPE, kind=Kind.FORM)
def test_rmse_dtype(student):
    loss_dtype(student, "rmse_loss")


@check("rmse_loss", PURE, kind=Kind.FORM, weight=2)
def test_rmse_pure(student):
    loss_pure(student, "rmse_loss")


@check("mae_loss", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers())
def test_mae_values(student, drawn, dtype):
    # kills: squares, no absolute values, the absolute value of the mean, a sum
    drawn = drawn.of(dtype)
    loss_agrees(student, "mae_loss", drawn.x, drawn.y)


@check("mae_loss", "the lecture's data: 49.0382 in degrees, 0.4041 scaled", kind=Kind.KNOWN, visible=True)
def test_mae_known(student):
    loss_known(student, "mae_loss", 49.0382, 0.4041)


@check("mae_loss", "errors of every size", weight=1.5)
def test_mae_sizes(student):
    loss_sizes(student, "mae_loss")


@check("mae_loss", EDGES, kind=Kind.EDGE, weight=1.5)
def test_mae_edges(student):
    loss_edges(student, "mae_loss")


@check("mae_loss", "one can differentiate through it", kind=Kind.FORM)
def test_mae_flows(student):
    drawn = make_numbers((7,), 107, 2)
    flows(student, "mae_loss", {"y_pred": drawn.x, "y": drawn.y}, ["y_pred"], LOSSES["mae_loss"])


@check("mae_loss", DTYPE, kind=Kind.FORM)
def test_mae_dtype(student):
    loss_dtype(student, "mae_loss")


@check("mae_loss", PURE, kind=Kind.FORM, weight=2)
def test_mae_pure(student):
    loss_pure(student, "mae_loss")


# --- forward_difference, central_difference -------------------------------------------------------


def measured(module, name, curve, x, dx):
    """Measure the slope of a curve; functions can't cross, so it is made here from a kind and two numbers."""
    kind, p, q = curve

    def f(v):
        if kind == "cubic":
            return p * v * v * v + q * v * v - v + 5
        if kind == "wave":
            return p * torch.sin(v) + q * v * v
        return p * torch.exp(0.5 * v) - q * v

    return getattr(module, name)(f, x, dx)


# The same curves, measured right.
RULER = types.SimpleNamespace(
    forward_difference=lambda f, x, dx: (f(x + dx) - f(x)) / dx,
    central_difference=lambda f, x, dx: (f(x + dx) - f(x - dx)) / (2 * dx),
)
CURVES = tuple((kind, p, q) for kind in ("cubic", "wave", "growth") for p, q in ((3.0, -2.0), (-1.5, 4.0)))


def slope_agrees(
    student, name: str, curve: tuple[str, float, float], x: torch.Tensor, dx: float, *, keyword: bool = False
) -> None:
    value = student.probe(measured, name, list(curve), x, dx, gradients=False)
    expected = measured(RULER, name, curve, x.double(), dx).to(x.dtype)
    far = float(x.abs().max()) + dx
    kind, p, q = curve
    values = abs(p) * {"cubic": far**3, "wave": 1.0, "growth": 2.72 ** (far / 2)}[kind] + abs(q) * far**2 + far + 5
    scale = size_of(expected) if x.dtype == torch.float64 else 3 * values / dx
    agree(name, {"f": Curve(curve), "x": x, "dx": dx}, value, expected, tensor=True, tolerance=SLOPE, scale=scale)


@dataclass(frozen=True)
class Curve:
    """A curve as a report shows it."""

    curve: tuple[str, float, float]

    def __repr__(self) -> str:
        kind, p, q = self.curve
        forms = {"cubic": "{p} x^3 + {q} x^2 - x + 5", "wave": "{p} sin(x) + {q} x^2", "growth": "{p} e^(x/2) - {q} x"}
        return f"<{forms[kind].format(p=p, q=q)}>"


def slope_edges(student, name: str) -> None:
    for dtype in DTYPES:
        for drawn in odd_shapes(dtype, 0.5, 3):
            slope_agrees(student, name, CURVES[0], drawn.x, 0.5)


def slope_dtype(student, name: str) -> None:
    for dtype in DTYPES:
        x = make_numbers((7,), 107, 2, 0.5, 3).of(dtype).x
        value = student.probe(measured, name, list(CURVES[0]), x, 0.5, gradients=False)
        same_dtype(name, {"f": Curve(CURVES[0]), "x": x, "dx": 0.5}, value, dtype)


def measured_twice(module, name, x, other):
    """Measure twice, and once more elsewhere; return the first answer before and after, the second, and x."""
    function = getattr(module, name)
    first = function(lambda v: v * v * v, x, 0.5)
    before = first.clone()
    second = function(lambda v: v * v * v, x, 0.5)
    function(lambda v: v * v, other, 0.25)
    return before, first, second, x


def slope_pure(student, name: str) -> None:
    for x, other in two_calls(lambda seed, dtype: make_numbers((7,), seed, 2, 0.5, 3).of(dtype).x):
        answers = student.probe(measured_twice, name, x, other, gradients=False)
        shown = {"f": "<x^3>", "x": x, "dx": 0.5}
        before, first, second, now = answers
        if not same(x, now):
            evidence = f"after the call x is {show(now)}"
            raise mismatch("an argument was changed", name, shown, evidence, word=Word.ARGUMENT)
        if not same(before, second) or not same(before, first):
            evidence = f"first {show(before)}\nthen  {show(second)}\nlater the first is {show(first)}"
            raise mismatch("a second call gives another answer", name, shown, evidence, word=Word.AGAIN)


STEPS = st.sampled_from((0.5, 0.01, 0.1, 2.0))
WIDE_STEPS = st.sampled_from((0.5, 0.25, 1.0))


@check("forward_difference", VALUES, weight=4)
@given(drawn=numbers(0.5, 3, 1), curve=st.sampled_from(CURVES), dx=STEPS)
def test_forward_values(student, drawn, curve, dx):
    # kills: a step to the left or to both sides, no division, a bracket missing, dx ignored
    slope_agrees(student, "forward_difference", curve, drawn.x, dx)


@check("forward_difference", "values in float32", weight=2)
@given(drawn=numbers(0.5, 3, 1), curve=st.sampled_from(CURVES), dx=WIDE_STEPS)
def test_forward_float32(student, drawn, curve, dx):
    # kills: a step of one's own, so small that float32 rounds it away
    slope_agrees(student, "forward_difference", curve, drawn.of(torch.float32).x, dx)


def square_measured(module, name):
    """Measure the slope of the lecture's x^2 at 3."""
    return getattr(module, name)(lambda v: v * v, torch.tensor(3.0, dtype=torch.float64), 0.1)


def square_known(student, name: str, expected: float) -> None:
    value = student.probe(square_measured, name, gradients=False)
    shown = {"f": "<x^2>", "x": torch.tensor(3.0, dtype=torch.float64), "dx": 0.1}
    agree(name, shown, value, torch.tensor(expected, dtype=torch.float64), tolerance=ONE_PASS)


@check("forward_difference", "x^2 at 3 with dx = 0.1: 6.1", kind=Kind.KNOWN, visible=True)
def test_forward_known(student):
    square_known(student, "forward_difference", 6.1)


@check("forward_difference", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_forward_edges(student):
    slope_edges(student, "forward_difference")


@check("forward_difference", DTYPE, kind=Kind.FORM)
def test_forward_dtype(student):
    slope_dtype(student, "forward_difference")


@check("forward_difference", PURE, kind=Kind.FORM, weight=1.5)
def test_forward_pure(student):
    # kills: x += dx
    slope_pure(student, "forward_difference")


@check("central_difference", VALUES, weight=4)
@given(drawn=numbers(0.5, 3, 1), curve=st.sampled_from(CURVES), dx=STEPS)
def test_central_values(student, drawn, curve, dx):
    # kills: a step to one side, dx for 2 dx, half a step to either side, twice the same side
    slope_agrees(student, "central_difference", curve, drawn.x, dx)


@check("central_difference", "values in float32", weight=2)
@given(drawn=numbers(0.5, 3, 1), curve=st.sampled_from(CURVES), dx=WIDE_STEPS)
def test_central_float32(student, drawn, curve, dx):
    slope_agrees(student, "central_difference", curve, drawn.of(torch.float32).x, dx)


@check("central_difference", "x^2 at 3 with dx = 0.1: 6", kind=Kind.KNOWN, visible=True)
def test_central_known(student):
    square_known(student, "central_difference", 6.0)


@check("central_difference", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_central_edges(student):
    slope_edges(student, "central_difference")


@check("central_difference", DTYPE, kind=Kind.FORM)
def test_central_dtype(student):
    slope_dtype(student, "central_difference")


@check("central_difference", PURE, kind=Kind.FORM, weight=1.5)
def test_central_pure(student):
    slope_pure(student, "central_difference")


def difference_numbers(what: str, first: torch.Tensor, second: torch.Tensor, dx: float) -> object:
    """The numbers of a forward difference: its points, and the slope between two values there."""
    return (first + dx, first) if what == "points" else (first - second) / dx


@stand_in("forward_difference", far=difference_numbers)
def difference_for(ask, f, x, dx):
    right, left = ask("points", x, x, dx)
    return ask("slope", f(right), f(left), dx)


# --- chain_rule -----------------------------------------------------------------------------------


@check("chain_rule", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers(0.2, 3, 1))
def test_chain_values(student, drawn, dtype):
    # kills: the inner or the outer slope forgotten, the outer one at x, the function for its slope
    elementwise(student, "chain_rule", {"x": drawn.x.to(dtype)})


@check("chain_rule", "288 at 1, 11475 at 2", kind=Kind.KNOWN, visible=True)
def test_chain_known(student):
    x = torch.tensor([1.0, 2.0])
    value = student.chain_rule(x)
    agree("chain_rule", {"x": x}, value, torch.tensor([288.0, 11475.0]), tensor=True, tolerance=ONE_PASS)


@check("chain_rule", SIZES)
def test_chain_sizes(student):
    every_size(student, "chain_rule", FORMULA, "x")


@check("chain_rule", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_chain_shapes(student):
    any_shape(student, "chain_rule", "x")


@check("chain_rule", DTYPE, kind=Kind.FORM)
def test_chain_dtype(student):
    own_dtype(student, "chain_rule", "x")


@check("chain_rule", PURE, kind=Kind.FORM)
def test_chain_pure(student):
    stays_pure(student, "chain_rule", "x", gradients=False)


# --- add_gate, multiply_gate, max_gate ------------------------------------------------------------


GATES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "add_gate": lambda x, y: x + y,
    "multiply_gate": lambda x, y: x * y,
    "max_gate": torch.maximum,
}


def slopes64(forward: Callable[..., torch.Tensor], arguments: Sequence[torch.Tensor], upstream: object) -> list:
    leaves = [argument.double().clone().requires_grad_() for argument in arguments]
    found = torch.autograd.grad((forward(*leaves) * upstream).sum(), leaves)
    return [slope.to(argument.dtype) for slope, argument in zip(found, arguments, strict=True)]


def gate_agrees(student, name: str, drawn: Numbers) -> None:
    gate_is(name, drawn, getattr(student, name)(drawn.x, drawn.y, drawn.z), 100.0)


def gate_is(name: str, drawn: Numbers, value: object, scale: float) -> None:
    arguments = {"x": drawn.x, "y": drawn.y, "upstream": drawn.z}
    expected = slopes64(GATES[name], [drawn.x, drawn.y], drawn.z.double())
    for key, part, slope in zip("xy", parts_of(name, arguments, value, 2), expected, strict=True):
        how = {"tolerance": ONE_PASS, "scale": scale, "broadcast": True}
        part_agrees(f"the slope in {key}", name, arguments, part, slope, **how)


def gate_sizes(student, name: str) -> None:
    # kills: another rule from some number on, small numbers taken for zero
    found = [
        Numbers(size * drawn.x, size * drawn.y, size * drawn.z)
        for number, size in enumerate((1e-3, 0.05, 1.0, 100.0))
        for drawn in [make_numbers((7,), 150 + number, 3, 0.3, 3)]
    ]
    answers = student.batch([call(name, drawn.x, drawn.y, drawn.z) for drawn in found])
    for drawn, answer in zip(found, answers, strict=True):
        size = float(drawn.z.abs().max())
        gate_is(name, drawn, answer.value, size * (size if name == "multiply_gate" else 1.0))


def gate_known(student, name: str, x: float, y: float, expected: tuple[float, float]) -> None:
    arguments = {"x": torch.tensor(x), "y": torch.tensor(y), "upstream": torch.tensor(1.0)}
    parts = parts_of(name, arguments, getattr(student, name)(*arguments.values()), 2)
    for key, part, slope in zip("xy", parts, expected, strict=True):
        part_agrees(f"the slope in {key}", name, arguments, part, torch.tensor(slope), tolerance=ONE_PASS, scale=1.0)


def gate_edges(student, name: str) -> None:
    for dtype in DTYPES:
        for drawn in odd_shapes(dtype):
            gate_agrees(student, name, drawn)


def gate_dtype(student, name: str) -> None:
    for dtype in DTYPES:
        drawn = make_numbers((7,), 107, 2).of(dtype)
        arguments = {"x": drawn.x, "y": drawn.y, "upstream": drawn.z}
        same_dtype(name, arguments, getattr(student, name)(*arguments.values()), dtype)


def gate_pure(student, name: str) -> None:
    for first, other in two_calls(lambda seed, dtype: make_numbers((7,), seed, 2).of(dtype)):
        inputs, others = ({"x": drawn.x, "y": drawn.y, "upstream": drawn.z} for drawn in (first, other))
        pure(student, name, inputs, others)


@check("add_gate", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers())
def test_add_values(student, drawn, dtype):
    # kills: upstream ignored, x and y for 1, half to each
    gate_agrees(student, "add_gate", drawn.of(dtype))


@check("add_gate", "(1, 1) at 4, -3", kind=Kind.KNOWN, visible=True)
def test_add_known(student):
    gate_known(student, "add_gate", 4.0, -3.0, (1.0, 1.0))


@check("add_gate", SIZES)
def test_add_sizes(student):
    gate_sizes(student, "add_gate")


@check("add_gate", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_add_edges(student):
    gate_edges(student, "add_gate")


@check("add_gate", DTYPE, kind=Kind.FORM)
def test_add_dtype(student):
    gate_dtype(student, "add_gate")


@check("add_gate", PURE, kind=Kind.FORM, weight=1.5)
def test_add_pure(student):
    gate_pure(student, "add_gate")


@check("multiply_gate", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers())
def test_multiply_values(student, drawn, dtype):
    # kills: x and y not exchanged, upstream ignored or on one side only
    gate_agrees(student, "multiply_gate", drawn.of(dtype))


@check("multiply_gate", "(-3, 4) at 4, -3", kind=Kind.KNOWN, visible=True)
def test_multiply_known(student):
    gate_known(student, "multiply_gate", 4.0, -3.0, (-3.0, 4.0))


@check("multiply_gate", SIZES)
def test_multiply_sizes(student):
    gate_sizes(student, "multiply_gate")


@check("multiply_gate", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_multiply_edges(student):
    gate_edges(student, "multiply_gate")


@check("multiply_gate", DTYPE, kind=Kind.FORM)
def test_multiply_dtype(student):
    gate_dtype(student, "multiply_gate")


@check("multiply_gate", PURE, kind=Kind.FORM, weight=1.5)
def test_multiply_pure(student):
    gate_pure(student, "multiply_gate")


@check("max_gate", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers())
def test_max_values(student, drawn, dtype):
    # kills: the value for the slope, the smaller one, x alone, absolute values, one winner for all, upstream ignored
    gate_agrees(student, "max_gate", drawn.of(dtype))


@check("max_gate", "(1, 0) at 4, 2", kind=Kind.KNOWN, visible=True)
def test_max_known(student):
    gate_known(student, "max_gate", 4.0, 2.0, (1.0, 0.0))


@check("max_gate", SIZES)
def test_max_sizes(student):
    gate_sizes(student, "max_gate")


@check("max_gate", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_max_edges(student):
    gate_edges(student, "max_gate")


@check("max_gate", DTYPE, kind=Kind.FORM)
def test_max_dtype(student):
    gate_dtype(student, "max_gate")


@check("max_gate", PURE, kind=Kind.FORM, weight=1.5)
def test_max_pure(student):
    gate_pure(student, "max_gate")


# --- backward -------------------------------------------------------------------------------------


def backward_agrees(student, arguments: Mapping[str, torch.Tensor]) -> None:
    value = student.backward(*arguments.values())
    expected = slopes64(lambda x, y, z: (x + y) * z, list(arguments.values()), 1.0)
    for key, part, slope in zip("xyz", parts_of("backward", arguments, value, 3), expected, strict=True):
        part_agrees(f"the slope in {key}", "backward", arguments, part, slope, tolerance=ONE_PASS, scale=20.0)


def single(drawn: Numbers, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """The first three numbers, each by itself."""
    return {key: tensor[0].to(dtype) for key, tensor in (("x", drawn.x), ("y", drawn.y), ("z", drawn.z))}


@check("backward", VALUES, weight=4)
@in_both_precisions
@given(drawn=numbers())
def test_backward_values(student, drawn, dtype):
    # kills: 1 for z, x y for the slope in z, another order, the sum for the slope, the value of f among them
    backward_agrees(student, single(drawn, dtype))


@check("backward", "(-4, -4, 3) at -2, 5, -4", kind=Kind.KNOWN, visible=True)
def test_backward_known(student):
    arguments = {"x": torch.tensor(-2.0), "y": torch.tensor(5.0), "z": torch.tensor(-4.0)}
    parts = parts_of("backward", arguments, student.backward(*arguments.values()), 3)
    for key, part, slope in zip("xyz", parts, (-4.0, -4.0, 3.0), strict=True):
        how = {"tolerance": ONE_PASS, "scale": 1.0}
        part_agrees(f"the slope in {key}", "backward", arguments, part, torch.tensor(slope), **how)


@check("backward", "many numbers at once, sliced inputs", kind=Kind.EDGE, weight=2)
def test_backward_edges(student):
    for dtype in DTYPES:
        for drawn in odd_shapes(dtype):
            if drawn.x.dim() < 2:
                backward_agrees(student, {"x": drawn.x, "y": drawn.y, "z": drawn.z})


@check("backward", DTYPE, kind=Kind.FORM)
def test_backward_dtype(student):
    for dtype in DTYPES:
        arguments = single(make_numbers((7,), 107, 2), dtype)
        same_dtype("backward", arguments, student.backward(*arguments.values()), dtype)


@check("backward", PURE, kind=Kind.FORM, weight=2)
def test_backward_pure(student):
    for first, other in two_calls(lambda seed, dtype: single(make_numbers((7,), seed, 2), dtype)):
        pure(student, "backward", first, other)


# --- sigmoid_derivative ---------------------------------------------------------------------------


@check("sigmoid_derivative", VALUES, weight=4)
@in_both_precisions
@given(drawn=numbers(0.1, 6))
def test_slope_values(student, drawn, dtype):
    # kills: s (1 + s), z (1 - z), the sigmoid taken twice, s - 1, the sigmoid itself, 1 - tanh^2
    elementwise(student, "sigmoid_derivative", {"z": drawn.x.to(dtype)})


@check("sigmoid_derivative", "0.25 at 0, and 0.1587 at 1.4", kind=Kind.KNOWN, visible=True)
def test_slope_known(student):
    z = torch.tensor([0.0, 1.4])
    value = student.sigmoid_derivative(z)
    agree("sigmoid_derivative", {"z": z}, value, torch.tensor([0.25, 0.1586849]), tensor=True, tolerance=ONE_PASS)


@check("sigmoid_derivative", SIZES)
def test_slope_sizes(student):
    every_size(student, "sigmoid_derivative", FORMULA)


@check("sigmoid_derivative", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_slope_shapes(student):
    any_shape(student, "sigmoid_derivative")


@check("sigmoid_derivative", FAR, kind=Kind.EDGE, weight=1.5)
def test_slope_far(student):
    # kills: e^-z / (1 + e^-z)^2
    far_out(student, "sigmoid_derivative")


@check("sigmoid_derivative", DTYPE, kind=Kind.FORM)
def test_slope_dtype_of_data(student):
    own_dtype(student, "sigmoid_derivative")


@check("sigmoid_derivative", PURE, kind=Kind.FORM, weight=2)
def test_slope_stays_pure(student):
    stays_pure(student, "sigmoid_derivative", gradients=False)


# --- gradient -------------------------------------------------------------------------------------


def loss64(inputs: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.mse_loss(neuron64(inputs, weights, bias), targets)


@kept
def gradient64(case: Case) -> tuple[torch.Tensor, torch.Tensor]:
    """(dL/dW, dL/db) by autograd, in the case's dtype."""
    weights, bias = (item.double().clone().requires_grad_() for item in (case.W, case.b))
    found = torch.autograd.grad(loss64(case.X.double(), case.y.double(), weights, bias), (weights, bias))
    return found[0].to(case.dtype), found[1].to(case.dtype)


@kept
def gradient_scale(case: Case) -> float:
    """The size of the terms that any form of the gradient adds up: 2 (1 + y) / 4 times the largest input."""
    largest = torch.maximum(case.X.abs().amax(dim=1), torch.ones_like(case.y))
    return float(((1 + case.y) / 2 * largest).mean())


def gradient_of(student, case: Case, **instead: torch.Tensor) -> list[object]:
    arguments = {**case.neuron, **instead}
    value = student.gradient(*arguments.values())
    return parts_of("gradient", case.shown(), value, 2)


def weights_agree(case: Case, value: object) -> None:
    how = {"tolerance": ONE_PASS, "scale": gradient_scale(case)}
    part_agrees("W_grad", "gradient", case.shown(), value, gradient64(case)[0], **how)


def bias_agrees(case: Case, value: object) -> None:
    how = {"tolerance": ONE_PASS, "scale": gradient_scale(case), "shapes": [(1,), ()]}
    part_agrees("b_grad", "gradient", case.shown(), value, gradient64(case)[1], **how)


@check("gradient", "W_grad on fresh data, against autograd", weight=5)
@in_both_precisions
@given(case=cases())
def test_gradient_weights(student, case, dtype):
    # kills: sum for mean, no 2, the sign, a slope of the sigmoid that is missing, of s, of z, or s (1 + s),
    # N = 12, a mean over the inputs, weights exchanged, the pair exchanged
    case = as_type(case, dtype)
    weights_agree(case, gradient_of(student, case)[0])


@check("gradient", "b_grad on fresh data, against autograd", weight=2.5)
@in_both_precisions
@given(case=cases())
def test_gradient_bias(student, case, dtype):
    # kills: one number for each sample, the input's factor left in, a sum
    case = as_type(case, dtype)
    bias_agrees(case, gradient_of(student, case)[1])


@check("gradient", "three and five inputs", weight=3)
@given(case=cases(3, 5))
def test_gradient_features(student, case):
    # kills: two weights written out; no column for d, which broadcasts where N is F
    in_weights, in_bias = gradient_of(student, case)
    weights_agree(case, in_weights)
    bias_agrees(case, in_bias)


@check("gradient", "values on fresh data, against finite differences", weight=2)
@given(case=cases(2, 4))
def test_gradient_finite_differences(student, case):
    # a second oracle, which shares nothing with the first
    step = 1e-4
    moves = step * torch.eye(case.W.numel() + 1, dtype=torch.float64)
    slopes = [
        loss64(case.X, case.y, case.W + move[:-1], case.b + move[-1])
        - loss64(case.X, case.y, case.W - move[:-1], case.b - move[-1])
        for move in moves
    ]
    expected = torch.stack(slopes) / (2 * step)
    in_weights, in_bias = gradient_of(student, case)
    how = {"tolerance": ONE_PASS, "scale": 1 + gradient_scale(case)}
    part_agrees("W_grad", "gradient", case.shown(), in_weights, expected[:-1], **how)
    part_agrees("b_grad", "gradient", case.shown(), in_bias, expected[-1:], shapes=[(1,), ()], **how)


@check("gradient", "the lecture's data: [-0.003623, 0.030879], [0.024414]", kind=Kind.KNOWN, weight=2, visible=True)
def test_gradient_known(student):
    case = Case(X=SENSORS, y=TARGETS, W=ONES, b=ZERO)
    in_weights, in_bias = gradient_of(student, case)
    # A reading of 28 saturates the sigmoid: in float32 the rounding of 1 - s counts 28 times, in each of twelve terms.
    how = {"tolerance": Tolerance(float32=1e-5, float64=1e-6, reason="six decimals; saturation"), "scale": 1.0}
    part_agrees("W_grad", "gradient", case.shown(), in_weights, torch.tensor([-0.003623, 0.030879]), **how)
    part_agrees("b_grad", "gradient", case.shown(), in_bias, torch.tensor([0.024414]), shapes=[(1,), ()], **how)


@check("gradient", "one sample, one input", kind=Kind.EDGE, weight=3)
def test_gradient_single(student):
    # kills: squeeze
    for case in fixed_cases((1, 2), (7, 1), (1, 1), (1, 4)):
        in_weights, in_bias = gradient_of(student, case)
        weights_agree(case, in_weights)
        bias_agrees(case, in_bias)


@check("gradient", "sliced inputs", kind=Kind.EDGE, weight=2)
def test_gradient_edges(student):
    # kills: view
    for case in fixed_cases((7, 2), (2, 3)):
        strides = {"W": sliced(case.W), "X": sliced(case.X), "y": sliced(case.y)}
        in_weights, in_bias = gradient_of(student, case, **strides)
        weights_agree(case, in_weights)
        bias_agrees(case, in_bias)


@check("gradient", DTYPE, kind=Kind.FORM, weight=2)
def test_gradient_dtype(student):
    for case in fixed_cases((7, 2)):
        same_dtype("gradient", case.shown(), gradient_of(student, case), case.dtype)


@check("gradient", PURE, kind=Kind.FORM, weight=3)
def test_gradient_pure(student):
    for first, other in two_calls(lambda seed, dtype: make_case(7, 2, seed, 2, dtype)):
        pure(student, "gradient", first.neuron, other.neuron)


# --- learning -------------------------------------------------------------------------------------


@kept
def descend64(case: Case, n_epochs: int, rate: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Train by gradient descent, autograd and float64."""
    return follow64((case,), n_epochs, "SGD", ("lr", rate))


@kept
def follow64(
    turns: tuple[Case, ...], n_epochs: int, kind: str, *settings: tuple[str, float]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train the first case's neuron by an optimizer, in float64; each epoch uses the next case's data."""
    weights, bias = (item.double().clone().requires_grad_() for item in (turns[0].W, turns[0].b))
    optimizer = getattr(torch.optim, kind)([weights, bias], **dict(settings))
    for epoch in range(n_epochs):
        case = turns[epoch % len(turns)]
        optimizer.zero_grad()
        loss64(case.X.double(), case.y.double(), weights, bias).backward()
        optimizer.step()
    return weights.detach().to(turns[0].dtype), bias.detach().to(turns[0].dtype)


def trained_agree(
    name: str,
    shown: Mapping[str, object],
    value: object,
    expected: tuple[torch.Tensor, torch.Tensor],
    *,
    label: str = "",
    tolerance: Tolerance = FEW_STEPS,
) -> None:
    """Compare a pair (W, b) after training."""
    for key, part, wanted in zip("Wb", parts_of(name, shown, value, 2), expected, strict=True):
        how = {"tolerance": tolerance, "scale": size_of(wanted), "shapes": [(1,), ()] if key == "b" else None}
        part_agrees(f"{label}{key}", name, shown, part, wanted, **how)


RATES = st.sampled_from((0.5, 0.1, 2.0))
LECTURE = Case(X=SENSORS, y=TARGETS, W=ONES, b=ZERO)
ABOUT_LECTURE = {"W": ONES, "b": ZERO, "train_data_loader": "<one batch of the lecture's data>"}


def trained(module, name, start, batch, loader, options, optimizer, leaves):
    """Train copies of W and b; return them as they are afterwards, and what came back.

    The data comes as one batch in a list, or from a DataLoader over its samples.
    """
    weights, bias = (item.clone().requires_grad_(leaves) for item in start)
    batches = [batch]
    if loader == "DataLoader":
        pairs = zip(batch["input"], batch["target"], strict=True)
        samples = [{"input": row, "target": target} for row, target in pairs]
        batches = torch.utils.data.DataLoader(samples, batch_size=len(samples))
    arguments = {"W": weights, "b": bias, "train_data_loader": batches}
    if optimizer:
        kind, settings = optimizer
        arguments["optimizer"] = getattr(torch.optim, kind)([weights, bias], **settings)
    arguments.update(options)
    function = getattr(module, name)
    value = function(*arguments.values())
    return [weights.detach().clone(), bias.detach().clone()], value


def train(
    student,
    name: str,
    case: Case,
    n_epochs: int,
    *,
    rate: float | None = None,
    optimizer: tuple[str, dict[str, float]] | None = None,
    loader: str = "list",
) -> tuple[object, object]:
    """Train near the student's functions; return the pair that was trained, and what came back."""
    options: dict[str, object] = {"max_epochs": n_epochs} | ({} if rate is None else {"learning_rate": rate})
    leaves = name != "learn"
    settings = [name, [case.W, case.b], case.batch, loader, options, optimizer, leaves]
    found = student.probe(trained, *settings, gradients=leaves)
    if not isinstance(found, tuple) or len(found) != 2:
        raise mismatch("the training gives no answer", name, case.shown(), f"it returned {show(found)}")
    return found


def by_turns(module, name, start, batches, options, optimizer, leaves):
    """Train with a loader that holds another batch each time that it is asked."""

    class Turns:
        def __init__(self):
            self.turn = 0

        def __len__(self):
            return 1

        def __iter__(self):
            self.turn += 1
            return iter([batches[(self.turn - 1) % len(batches)]])

    weights, bias = (item.clone().requires_grad_(leaves) for item in start)
    if optimizer:
        kind, settings = optimizer
        options = {"optimizer": getattr(torch.optim, kind)([weights, bias], **settings), **options}
    value = getattr(module, name)(weights, bias, Turns(), *options.values())
    return value if value is not None else [weights.detach(), bias.detach()]


def takes_turns(student, name: str, options: dict[str, object], optimizer: object = None) -> None:
    """Each epoch takes the loader's next batch; which one comes first is not our business."""
    turns = tuple(make_case(5, 2, seed, 2, torch.float64) for seed in (11, 12, 13))
    start, leaves = [turns[0].W, turns[0].b], name != "learn"
    batches = [case.batch for case in turns]
    value = student.probe(by_turns, name, start, batches, options, optimizer, leaves, gradients=leaves)
    shown = {"W": turns[0].W, "b": turns[0].b, "train_data_loader": "<another batch each time>", **options}
    ways = []
    for first in range(len(turns)):
        shifted = [turns[(first + number) % len(turns)] for number in range(len(turns))]
        data = tuple(Case(X=case.X, y=case.y, W=turns[0].W, b=turns[0].b) for case in shifted)
        ways.append(follow64(data, 4, "SGD", ("lr", 0.5)))
    failure = missed(partial(trained_agree, name, shown, value, expected) for expected in ways)
    if failure is not None:
        raise Mismatch("it does not take one batch of the loader in each epoch", failure.text)


# --- learn ----------------------------------------------------------------------------------------


def learn_inputs(case: Case, n_epochs: int, rate: float) -> dict[str, object]:
    batches = [case.batch]
    return {"W": case.W, "b": case.b, "train_data_loader": batches, "max_epochs": n_epochs, "learning_rate": rate}


def learn_agrees(student, case: Case, n_epochs: int, rate: float) -> None:
    arguments = learn_inputs(case, n_epochs, rate)
    value = student.learn(*arguments.values())
    shown = case.shown(max_epochs=n_epochs, learning_rate=rate)
    trained_agree("learn", shown, value, descend64(case, n_epochs, rate))


@check("learn", "1, 2, 3 and 5 epochs on fresh data", weight=6)
@given(case=cases(), n_epochs=st.sampled_from((2, 3, 5, 1)), rate=RATES)
def test_learn_epochs(student, case, n_epochs, rate):
    # kills: uphill, an epoch more or less, the rate or max_epochs ignored, one parameter moved, b's gradient at
    # the new W, a stale gradient, the start returned, nothing returned, globals for the batch
    learn_agrees(student, case, n_epochs, rate)


@check("learn", "3, 10 and 30 epochs on fresh data in float32", weight=2)
@given(case=cases(), n_epochs=st.sampled_from((3, 10, 30)))
def test_learn_float32(student, case, n_epochs):
    learn_agrees(student, as_type(case, torch.float32), n_epochs, 0.5)


@check("learn", "batches from a DataLoader", weight=2)
@given(case=cases(), n_epochs=st.sampled_from((3, 1, 2)))
def test_learn_from_loader(student, case, n_epochs):
    # kills: train_data_loader[0]
    _, value = train(student, "learn", case, n_epochs, rate=0.5, loader="DataLoader")
    trained_agree("learn", case.shown(max_epochs=n_epochs), value, descend64(case, n_epochs, 0.5))


@check("learn", "300 epochs on fresh data", weight=1.5)
def test_learn_many_epochs(student):
    # kills: what changes after so many epochs, the lecture's answer to every long run
    learn_agrees(student, long_case(), 300, 0.02)


def long_case() -> Case:
    """A neuron that learns so slowly that each epoch of a long run still counts."""
    return make_case(7, 2, 14, 3, torch.float64)


def learn_goes_on(student):
    """A long run ends where many short ones end, whatever `gradient` is."""
    weights, bias = ONES, ZERO
    states = [torch.cat([weights, bias])]
    for piece in pieces_of(20_000):
        found = student.learn(weights, bias, [LECTURE.batch], piece)
        if not isinstance(found, list | tuple) or len(found) != 2:
            raise NotShown
        weights, bias = numbers_of(found[0], (2,)), numbers_of(found[1], (1,))
        states.append(torch.cat([weights, bias]))
    whole = student.learn(ONES, ZERO, [LECTURE.batch])
    whole = torch.cat(list(whole)) if isinstance(whole, list | tuple) else whole
    moved_on("learn", ABOUT_LECTURE, whole, states)


@check(
    "learn",
    "20,000 epochs on the lecture's data",
    kind=Kind.KNOWN,
    weight=2,
    visible=True,
    long=True,
    alone=learn_goes_on,
)
def test_learn_known(student):
    # kills: other defaults
    value = student.learn(ONES, ZERO, [LECTURE.batch])
    expected = torch.tensor([0.13588, -0.07157]), torch.tensor([-0.65943])
    trained_agree("learn", ABOUT_LECTURE, value, expected, tolerance=KNOWN_PARAMS)


@check("learn", "no epochs return the start", kind=Kind.EDGE)
def test_learn_no_epochs(student):
    for case in fixed_cases((7, 2)):
        learn_agrees(student, case, 0, 0.1)


@check("learn", "one sample, other numbers of inputs", kind=Kind.EDGE, weight=1.5)
def test_learn_edges(student):
    for case in fixed_cases((1, 2), (7, 1), (7, 3), (1, 1)):
        learn_agrees(student, case, 3, 0.5)


@check("learn", "one batch of the loader in each epoch", kind=Kind.EDGE, weight=0.5)
def test_learn_turns(student):
    # kills: one batch taken before the loop
    takes_turns(student, "learn", {"max_epochs": 4, "learning_rate": 0.5})


@check("learn", DTYPE, kind=Kind.FORM)
def test_learn_dtype(student):
    for case in fixed_cases((7, 2)):
        value = student.learn(*learn_inputs(case, 2, 0.1).values())
        shown = case.shown(max_epochs=2, learning_rate=0.1)
        same_dtype("learn", shown, parts_of("learn", shown, value, 2), case.dtype)


@check(
    "learn", "the caller's W, b and data stay as they are, and a second call gives the same", kind=Kind.FORM, weight=3
)
def test_learn_pure(student):
    # kills: W -= ..., X *= ..., state kept from call to call
    for first, other in two_calls(lambda seed, dtype: learn_inputs(make_case(7, 2, seed, 2, dtype), 3, 0.1)):
        pure(student, "learn", first, other)
        batches = student.observe("learn", *first.values()).arguments[2]
        if not same(batches, first["train_data_loader"]):
            shown = {"W": first["W"], "b": first["b"]}
            raise mismatch(
                "the batch was changed", "learn", shown, f"after the call it is {show(batches)}", word=Word.ARGUMENT
            )


# --- learn_with_autograd --------------------------------------------------------------------------


@check("learn_with_autograd", "W and b trained in place: 1, 2, 3 and 5 epochs on fresh data", weight=5)
@given(case=cases(), n_epochs=st.sampled_from((2, 3, 5, 1)), rate=RATES)
def test_autograd_epochs(student, case, n_epochs, rate):
    # kills: gradients that add up, or are emptied before the step, W = W - ..., another tensor trained, uphill
    found, _ = train(student, "learn_with_autograd", case, n_epochs, rate=rate)
    shown = case.shown(max_epochs=n_epochs, learning_rate=rate)
    expected = descend64(case, n_epochs, rate)
    trained_agree("learn_with_autograd", shown, found, expected, label="the caller's ")


@check("learn_with_autograd", "returns the trained W and b", weight=3)
@given(case=cases(), n_epochs=st.sampled_from((3, 1, 5)))
def test_autograd_returns(student, case, n_epochs):
    # kills: no return, the losses returned
    _, value = train(student, "learn_with_autograd", case, n_epochs, rate=0.5)
    trained_agree("learn_with_autograd", case.shown(max_epochs=n_epochs), value, descend64(case, n_epochs, 0.5))


@check("learn_with_autograd", "5, 10 and 20 epochs on fresh data in float32", weight=2)
@given(case=cases(), n_epochs=st.sampled_from((5, 10, 20)))
def test_autograd_float32(student, case, n_epochs):
    case = as_type(case, torch.float32)
    found, _ = train(student, "learn_with_autograd", case, n_epochs, rate=0.5)
    trained_agree("learn_with_autograd", case.shown(max_epochs=n_epochs), found, descend64(case, n_epochs, 0.5))


@check("learn_with_autograd", "batches from a DataLoader", weight=2)
@given(case=cases(), n_epochs=st.sampled_from((3, 1, 2)))
def test_autograd_from_loader(student, case, n_epochs):
    # kills: train_data_loader[0]
    found, _ = train(student, "learn_with_autograd", case, n_epochs, rate=0.5, loader="DataLoader")
    trained_agree("learn_with_autograd", case.shown(max_epochs=n_epochs), found, descend64(case, n_epochs, 0.5))


@check("learn_with_autograd", "1,050 epochs on fresh data", weight=1.5)
def test_autograd_many_epochs(student):
    # kills: what changes after so many epochs, the lecture's answer to every long run
    found, value = train(student, "learn_with_autograd", long_case(), 1050, rate=0.02)
    for pair in (found, value):
        expected = descend64(long_case(), 1050, 0.02)
        trained_agree("learn_with_autograd", long_case().shown(max_epochs=1050), pair, expected)


@check("learn_with_autograd", "100 epochs on the lecture's data", kind=Kind.KNOWN, weight=1.5, visible=True)
def test_autograd_known(student):
    # kills: another default rate
    found, _ = train(student, "learn_with_autograd", LECTURE, 100)
    expected = torch.tensor([1.003355, 0.969358]), torch.tensor([-0.024280])
    trained_agree("learn_with_autograd", {**ABOUT_LECTURE, "max_epochs": 100}, found, expected, tolerance=ONE_PASS)


@check("learn_with_autograd", "no epochs leave the start", kind=Kind.EDGE)
def test_autograd_no_epochs(student):
    for case in fixed_cases((7, 2)):
        for pair in train(student, "learn_with_autograd", case, 0, rate=0.5):
            trained_agree("learn_with_autograd", case.shown(max_epochs=0), pair, (case.W, case.b))


@check("learn_with_autograd", "one sample, other numbers of inputs", kind=Kind.EDGE, weight=1.5)
def test_autograd_edges(student):
    for case in fixed_cases((1, 2), (7, 1), (7, 3), (1, 1)):
        found, _ = train(student, "learn_with_autograd", case, 3, rate=0.5)
        trained_agree("learn_with_autograd", case.shown(max_epochs=3), found, descend64(case, 3, 0.5))


@check("learn_with_autograd", "one batch of the loader in each epoch", kind=Kind.EDGE, weight=0.5)
def test_autograd_turns(student):
    takes_turns(student, "learn_with_autograd", {"max_epochs": 4, "learning_rate": 0.5})


@check("learn_with_autograd", DTYPE, kind=Kind.FORM)
def test_autograd_dtype(student):
    trained_dtype(student, "learn_with_autograd", rate=0.5)


@check("learn_with_autograd", "the data stays as it is, and a second training gives the same", kind=Kind.FORM, weight=2)
def test_autograd_again(student):
    trains_again(student, "learn_with_autograd", {"max_epochs": 3, "learning_rate": 0.5}, None)


def trained_dtype(student, name: str, **how: object) -> None:
    for case in fixed_cases((7, 2)):
        for pair in train(student, name, case, 2, **how):
            same_dtype(name, case.shown(), parts_of(name, case.shown(), pair, 2), case.dtype)


def trained_again(module, name, start, batch, options, optimizer):
    """Train two neurons on the same data, one after the other; return both, and the data."""
    found = []
    for _ in range(2):
        weights, bias = (item.clone().requires_grad_() for item in start)
        made = {}
        if optimizer:
            made["optimizer"] = getattr(torch.optim, optimizer[0])([weights, bias], **optimizer[1])
        getattr(module, name)(weights, bias, [batch], *made.values(), *options.values())
        found.append([weights.detach(), bias.detach()])
    return found, batch


def trains_again(student, name: str, options: dict[str, object], optimizer: object) -> None:
    for case in fixed_cases((7, 2)):
        found = student.probe(trained_again, name, [case.W, case.b], case.batch, options, optimizer)
        (first, second), batch = found
        if not same(first, second):
            evidence = f"first {show(first)}\nthen  {show(second)}"
            raise mismatch(
                "a second training gives another answer", name, case.shown(**options), evidence, word=Word.AGAIN
            )
        if not same(batch, case.batch):
            raise mismatch(
                "the batch was changed",
                name,
                case.shown(**options),
                f"after the call it is {show(batch)}",
                word=Word.ARGUMENT,
            )


# --- learn_with_optimizer -------------------------------------------------------------------------


OTHERS = st.sampled_from((("SGD", ("lr", 0.3), ("momentum", 0.9)), ("Adam", ("lr", 0.05)), ("Adagrad", ("lr", 0.2))))


def optimized(
    student, case: Case, n_epochs: int, how: tuple[object, ...], *, loader: str = "list"
) -> tuple[object, object, dict[str, object], tuple[torch.Tensor, torch.Tensor]]:
    """Return the trained pair, what came back, how to show the call, and what is right."""
    kind, *settings = how
    optimizer = (kind, dict(settings))
    found = train(student, "learn_with_optimizer", case, n_epochs, optimizer=optimizer, loader=loader)
    shown = case.shown(optimizer=f"<torch.optim.{kind}, {dict(settings)}>", max_epochs=n_epochs)
    return *found, shown, follow64((case,), n_epochs, kind, *settings)


@check("learn_with_optimizer", "W and b trained by SGD: 1, 2, 3 and 5 epochs on fresh data", weight=4)
@given(case=cases(), n_epochs=st.sampled_from((2, 3, 5, 1)), rate=RATES)
def test_optimizer_epochs(student, case, n_epochs, rate):
    # kills: gradients that add up, or are emptied before the step, no step, an optimizer of one's own
    found, _, shown, expected = optimized(student, case, n_epochs, ("SGD", ("lr", rate)))
    trained_agree("learn_with_optimizer", shown, found, expected, label="the caller's ")


@check("learn_with_optimizer", "momentum, Adam and others: 2, 3 and 5 epochs on fresh data", weight=4)
@given(case=cases(), n_epochs=st.sampled_from((3, 2, 5)), how=OTHERS)
def test_optimizer_others(student, case, n_epochs, how):
    # kills: a step made by hand with the optimizer's rate, an optimizer that is made anew in each epoch
    found, _, shown, expected = optimized(student, case, n_epochs, how)
    trained_agree("learn_with_optimizer", shown, found, expected, label="the caller's ")


@check("learn_with_optimizer", "returns the trained W and b", weight=3)
@given(case=cases(), n_epochs=st.sampled_from((3, 1, 5)))
def test_optimizer_returns(student, case, n_epochs):
    _, value, shown, expected = optimized(student, case, n_epochs, ("SGD", ("lr", 0.5)))
    trained_agree("learn_with_optimizer", shown, value, expected)


@check("learn_with_optimizer", "5, 10 and 20 epochs on fresh data in float32", weight=2)
@given(case=cases(), n_epochs=st.sampled_from((5, 10, 20)))
def test_optimizer_float32(student, case, n_epochs):
    case = as_type(case, torch.float32)
    found, _, shown, expected = optimized(student, case, n_epochs, ("SGD", ("lr", 0.2), ("momentum", 0.5)))
    trained_agree("learn_with_optimizer", shown, found, expected)


@check("learn_with_optimizer", "batches from a DataLoader", weight=2)
@given(case=cases(), n_epochs=st.sampled_from((3, 1, 2)))
def test_optimizer_from_loader(student, case, n_epochs):
    # kills: train_data_loader[0]
    found, _, shown, expected = optimized(student, case, n_epochs, ("SGD", ("lr", 0.5)), loader="DataLoader")
    trained_agree("learn_with_optimizer", shown, found, expected)


@check("learn_with_optimizer", "1,050 epochs on fresh data", weight=1.5)
def test_optimizer_many_epochs(student):
    # kills: what changes after so many epochs, the lecture's answer to every long run
    found, value, shown, expected = optimized(student, long_case(), 1050, ("SGD", ("lr", 0.02)))
    for pair in (found, value):
        trained_agree("learn_with_optimizer", shown, pair, expected)


@check("learn_with_optimizer", "100 epochs on the lecture's data", kind=Kind.KNOWN, weight=1.5, visible=True)
def test_optimizer_known(student):
    found, _, _, _ = optimized(student, LECTURE, 100, ("SGD", ("lr", 0.01)))
    expected = torch.tensor([1.003355, 0.969358]), torch.tensor([-0.024280])
    shown = {**ABOUT_LECTURE, "optimizer": "<torch.optim.SGD, lr=0.01>", "max_epochs": 100}
    trained_agree("learn_with_optimizer", shown, found, expected, tolerance=ONE_PASS)


@check("learn_with_optimizer", "no epochs leave the start", kind=Kind.EDGE)
def test_optimizer_no_epochs(student):
    for case in fixed_cases((7, 2)):
        found, value, shown, _ = optimized(student, case, 0, ("SGD", ("lr", 0.5)))
        for pair in (found, value):
            trained_agree("learn_with_optimizer", shown, pair, (case.W, case.b))


@check("learn_with_optimizer", "one sample, other numbers of inputs", kind=Kind.EDGE, weight=1.5)
def test_optimizer_edges(student):
    for case in fixed_cases((1, 2), (7, 1), (7, 3), (1, 1)):
        found, _, shown, expected = optimized(student, case, 3, ("SGD", ("lr", 0.5)))
        trained_agree("learn_with_optimizer", shown, found, expected)


@check("learn_with_optimizer", "one batch of the loader in each epoch", kind=Kind.EDGE, weight=0.5)
def test_optimizer_turns(student):
    takes_turns(student, "learn_with_optimizer", {"max_epochs": 4}, ("SGD", {"lr": 0.5}))


@check("learn_with_optimizer", DTYPE, kind=Kind.FORM)
def test_optimizer_dtype(student):
    trained_dtype(student, "learn_with_optimizer", optimizer=("SGD", {"lr": 0.5}))


@check(
    "learn_with_optimizer", "the data stays as it is, and a second training gives the same", kind=Kind.FORM, weight=2
)
def test_optimizer_again(student):
    trains_again(student, "learn_with_optimizer", {"max_epochs": 3}, ("SGD", {"lr": 0.5, "momentum": 0.9}))
