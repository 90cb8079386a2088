# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""The hidden suite of `network`: every answer against torch's autograd in float64.

Inputs stay away from what hides bugs: 0 and 1, equal numbers of samples, inputs and units (but for a check of just
that), upstream = 1, the lesson's own start. Each check says in a comment which wrong solutions it is there for.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from hypothesis import given
from hypothesis import strategies as st
from shared import (
    DTYPES,
    EPS,
    FEW_STEPS,
    KNOWN_PARAMS,
    ONE_PASS,
    draw,
    in_both_precisions,
    kept,
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
)

SLOPE = Tolerance(
    float32=24 * EPS[torch.float32],
    float64=1e-6,
    reason="two values are subtracted and divided by dx, so their own roundings come through in float32; there the "
    "scale is the size of the values over dx. In float64 the scale is the slope, and nothing of it is lost",
)
BY_HAND = Tolerance(float32=1e-4, float64=1e-4, reason="the lesson works with four decimals")
LOSSES_KNOWN = Tolerance(
    float32=2e-6,
    float64=2e-6,
    reason="absolute: thousands of float32 steps in any algebraic form; those that were tried differ by 1e-7",
)

POINTS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = torch.tensor([0.0, 1.0, 1.0, 0.0])
START = (
    torch.tensor([[0.6, -0.4, 0.3], [0.2, -0.8, -0.5]]),
    torch.tensor([0.1, -0.3, 0.2]),
    torch.tensor([[0.5], [-0.7], [0.4]]),
    torch.tensor([0.2]),
)
XOR_LOSSES = {1: 0.286091, 100: 0.207780, 1000: 0.002875, 5000: 0.000321}
"""Of the start above, by the epoch, with the rate 0.5, as the lesson has them; `test_train_known` computes them."""

PARAMETERS = ("W1", "b1", "W2", "b2")
VALUES = "values on fresh data"
SHAPES = "one number, a table, three axes, sliced inputs"
SIZES = "numbers of every size"
FAR = "finite and right far from zero"
ONE_OF_EACH = "one sample, one input, one unit"
SQUARE = "as many samples as inputs and units"
SLICED = "sliced and transposed inputs"
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
def make_numbers(size: tuple[int, ...], seed: int, decimals: int, low: float, high: float) -> Numbers:
    """Draw x in +-[low, high], and y and z in +-[2, 9]."""
    generator = chance(seed)
    x = draw(generator, size, low, high, decimals)
    return Numbers(x, draw(generator, size, 2, 9, decimals), draw(generator, size, 2, 9, decimals))


def numbers(low: float = 2, high: float = 9) -> st.SearchStrategy[Numbers]:
    """Numbers in float64 that shrink towards three; other shapes are an edge of their own."""
    return st.builds(
        make_numbers,
        size=st.sampled_from(((3,), (2,), (7,), (11,), (64,))),
        seed=st.integers(0, 2**16),
        decimals=st.sampled_from((1, 2, 3)),
        low=st.just(low),
        high=st.just(high),
    )


def odd_shapes(dtype: torch.dtype, low: float = 2, high: float = 9) -> list[Numbers]:
    """A single number, a row with one number, a table that lies on its side, three axes, and a row with gaps."""
    sizes = ((), (1,), (3, 4), (2, 3, 2), (7,))
    flat, one, table, box, row = (make_numbers(size, 9, 2, low, high).of(dtype) for size in sizes)
    sides = Numbers(table.x.t(), table.y.t(), table.z.t())
    return [flat, one, sides, box, Numbers(sliced(row.x), sliced(row.y), sliced(row.z))]


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer, its inputs, and what comes back from behind it; nobody changes it."""

    X: torch.Tensor
    W: torch.Tensor
    b: torch.Tensor
    upstream: torch.Tensor

    def of(self, dtype: torch.dtype) -> Layer:
        return Layer(*(item.to(dtype) for item in (self.X, self.W, self.b, self.upstream)))

    @property
    def inputs(self) -> dict[str, torch.Tensor]:
        return {"X": self.X, "W": self.W, "b": self.b}

    @property
    def all(self) -> dict[str, torch.Tensor]:
        return {**self.inputs, "upstream": self.upstream}

    @property
    def sides(self) -> Layer:
        """The same numbers in other places of memory: tables that lie on their side, rows with gaps."""
        tables = (item.t().contiguous().t() for item in (self.X, self.W))
        return Layer(*tables, sliced(self.b), sliced(self.upstream))


@kept
def make_layer(n: int, f: int, h: int, seed: int, decimals: int) -> Layer:
    generator = chance(seed)
    inputs, weights = draw(generator, (n, f), 0.6, 3, decimals), draw(generator, (f, h), 0.6, 3, decimals)
    return Layer(inputs, weights, draw(generator, (h,), 2, 9, decimals), draw(generator, (n, h), 0.6, 3, decimals))


WIDTHS = ((4, 2, 3), (3, 5, 2), (2, 3, 5), (7, 3, 4), (11, 2, 6), (64, 5, 3))
"""How many samples, inputs and units: three different numbers each."""


def layers() -> st.SearchStrategy[Layer]:
    """Layers in float64 that shrink towards four samples, two inputs and three units."""
    return st.builds(
        lambda size, seed, decimals: make_layer(*size, seed, decimals),
        size=st.sampled_from(WIDTHS),
        seed=st.integers(0, 2**16),
        decimals=st.sampled_from((1, 2, 3)),
    )


@dataclass(frozen=True, eq=False)
class Case:
    """A network and its data; nobody changes it."""

    X: torch.Tensor
    y: torch.Tensor
    parameters: tuple[torch.Tensor, ...]

    @property
    def dtype(self) -> torch.dtype:
        return self.X.dtype

    @property
    def named(self) -> dict[str, torch.Tensor]:
        return dict(zip(PARAMETERS, self.parameters, strict=True))

    @property
    def inputs(self) -> dict[str, torch.Tensor]:
        """The arguments of `forward`."""
        return {"X": self.X, **self.named}

    @property
    def all(self) -> dict[str, torch.Tensor]:
        """The arguments of `backward`."""
        return {"X": self.X, "y": self.y, **self.named}

    def of(self, dtype: torch.dtype) -> Case:
        return Case(self.X.to(dtype), self.y.to(dtype), tuple(part.to(dtype) for part in self.parameters))

    @property
    def sides(self) -> Case:
        """The same numbers in other places of memory."""
        weights, *others = self.parameters
        turned = weights.t().contiguous().t(), *map(sliced, others)
        return Case(self.X.t().contiguous().t(), sliced(self.y), turned)

    def times(self, size: float, onward: float) -> Case:
        """The same with other sizes of the first layer and of the second."""
        first, second = self.parameters[:2], self.parameters[2:]
        return Case(self.X, self.y, (*(size * part for part in first), *(onward * part for part in second)))


@kept
def make_case(n: int, f: int, h: int, seed: int, decimals: int) -> Case:
    """Draw a network that is nowhere near saturated."""
    generator = chance(seed)
    inputs = draw(generator, (n, f), 0.6, 1.8, decimals)
    y = draw(generator, (n,), 0.1, 0.9, max(decimals, 1), signed=False)
    parameters = (
        draw(generator, (f, h), 0.2, 0.7 if f < 4 else 0.4, decimals),
        draw(generator, (h,), 0.2, 0.6, decimals),
        draw(generator, (h, 1), 0.5, 1.4 if h < 4 else 0.8, decimals),
        draw(generator, (1,), 0.2, 0.8, decimals),
    )
    return Case(inputs, y, parameters)


def cases(*sizes: tuple[int, int, int]) -> st.SearchStrategy[Case]:
    """Cases in float64 that shrink towards four samples, two inputs and three units."""
    return st.builds(
        lambda size, seed, decimals: make_case(*size, seed, decimals),
        size=st.sampled_from(sizes or WIDTHS),
        seed=st.integers(0, 2**16),
        decimals=st.sampled_from((1, 2, 3)),
    )


XOR = Case(POINTS, TARGETS, START)
SINGLE = ((1, 2, 3), (4, 1, 3), (4, 2, 1), (1, 1, 1), (2, 1, 1), (1, 3, 1))
EQUAL = ((3, 3, 3), (2, 2, 2), (4, 4, 2), (2, 4, 4), (5, 3, 5))


def fixed_layers(*sizes: tuple[int, int, int]) -> list[Layer]:
    return [make_layer(*size, 100 + sum(size), 2).of(dtype) for size in sizes for dtype in DTYPES]


def fixed_cases(*sizes: tuple[int, int, int]) -> list[Case]:
    return [make_case(*size, 100 + sum(size), 2).of(dtype) for size in sizes for dtype in DTYPES]


@dataclass(frozen=True, eq=False)
class Aside:
    """A tensor as a report shows it, whose rows are no samples."""

    tensor: torch.Tensor

    def __repr__(self) -> str:
        return show(self.tensor)


def shown(arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments as a report shows them: the samples are the rows of X, and no others."""
    return {
        name: Aside(item) if isinstance(item, torch.Tensor) and "X" in arguments and name != "X" else item
        for name, item in arguments.items()
    }


# --- comparing ------------------------------------------------------------------------------------


def size_of(expected: torch.Tensor) -> float:
    return max(1.0, float(expected.abs().max()))


def parts_of(name: str, arguments: Mapping[str, object], value: object, count: int) -> list[object]:
    """Take apart an answer of several parts: a tuple, a list, or a tensor that stacks them."""
    tensor = value.tensor if isinstance(value, Array) else value
    if isinstance(tensor, torch.Tensor) and tensor.dim() > 0 and len(tensor) == count:
        return list(tensor.detach().unbind())
    if isinstance(value, list | tuple) and len(value) == count:
        return list(value)
    what = "None; is a `return` missing?" if value is None else "something else"
    told = f"{count} answers are asked for, and it returned {what}"
    raise mismatch(told, name, arguments, f"it returned  {show(value)}")


def part_agrees(
    label: str, name: str, arguments: Mapping[str, object], value: object, expected: torch.Tensor, **how: object
) -> None:
    shapes = [(1,), ()] if expected.shape == (1,) else None  # a single number may have an axis or not
    try:
        agree(name, arguments, value, expected, shapes=shapes, **how)
    except Mismatch as error:
        raise Mismatch(f"{label}: {error.summary}", error.text, error.word) from None


def slopes64(forward: Callable[..., torch.Tensor], arguments: Sequence[torch.Tensor], upstream: object) -> list:
    """How the sum of an answer times upstream changes with each argument: by autograd in float64."""
    leaves = [argument.double().clone().requires_grad_() for argument in arguments]
    found = torch.autograd.grad((forward(*leaves) * upstream).sum(), leaves)
    return [slope.to(argument.dtype) for slope, argument in zip(found, arguments, strict=True)]


# --- affine ---------------------------------------------------------------------------------------


def sums64(inputs: torch.Tensor, weights: torch.Tensor, biases: torch.Tensor) -> torch.Tensor:
    return torch.einsum("nf,fh->nh", inputs, weights) + biases


def affine_agrees(student, layer: Layer, size: float = 1.0) -> None:
    affine_is(layer, student.affine(*layer.inputs.values()), size)


def affine_is(layer: Layer, value: object, size: float = 1.0) -> None:
    expected = sums64(*(item.double() for item in layer.inputs.values())).to(layer.X.dtype)
    scale = float(sums64(*(item.double().abs() for item in layer.inputs.values())).max())
    agree("affine", shown(layer.inputs), value, expected, tensor=True, tolerance=ONE_PASS, scale=max(scale, size))


@check("affine", VALUES, weight=4)
@in_both_precisions
@given(layer=layers())
def test_affine_values(student, layer, dtype):
    # kills: no bias, the bias first or for each sample, W transposed, number by number, a sum over the samples
    affine_agrees(student, layer.of(dtype))


TWO_UNITS = Layer(
    X=torch.tensor([[1.0, 2.0, -1.0], [3.0, -1.0, 2.0], [0.5, 2.0, 4.0], [-2.0, 1.0, 3.0]]),
    W=torch.tensor([[2.0, -1.0], [0.5, 3.0], [-1.5, 1.0]]),
    b=torch.tensor([0.5, -2.0]),
    upstream=torch.tensor([[1.0, -2.0], [0.5, 3.0], [-1.5, 1.0], [2.0, 0.5]]),
)
"""Of the visible tests. The lesson's own example has one unit, which is an edge."""


@check("affine", "the example of two units", kind=Kind.KNOWN, visible=True)
def test_affine_known(student):
    arguments = TWO_UNITS.inputs
    expected = torch.tensor([[5.0, 2.0], [3.0, -6.0], [-3.5, 7.5], [-7.5, 6.0]])
    agree("affine", shown(arguments), student.affine(*arguments.values()), expected, tensor=True, tolerance=ONE_PASS)


UNITS = (1e-3, 0.05, 20.0, 1000.0)


@check("affine", SIZES, weight=1.5)
def test_affine_sizes(student):
    # kills: another rule from some number on, small numbers taken for zero
    drawn = [make_layer(7, 3, 4, 160 + place, 3) for place in range(len(UNITS))]
    found = [Layer(unit * one.X, one.W, unit * one.b, one.upstream) for unit, one in zip(UNITS, drawn, strict=True)]
    answers = student.batch([call("affine", *layer.inputs.values()) for layer in found])
    for unit, layer, answer in zip(UNITS, found, answers, strict=True):
        affine_is(layer, answer.value, unit)


@check("affine", ONE_OF_EACH, kind=Kind.EDGE, weight=1.5)
def test_affine_single(student):
    # kills: squeeze
    for layer in fixed_layers(*SINGLE):
        affine_agrees(student, layer)


@check("affine", SQUARE, weight=1.5)
def test_affine_square(student):
    # kills: what is transposed only where it fits, a bias for each sample where there are as many
    for layer in fixed_layers(*EQUAL):
        affine_agrees(student, layer)


@check("affine", SLICED, kind=Kind.EDGE)
def test_affine_sliced(student):
    # kills: view
    for layer in fixed_layers((4, 2, 3)):
        affine_agrees(student, layer.sides)


@check("affine", DTYPE, kind=Kind.FORM)
def test_affine_dtype(student):
    for layer in fixed_layers((4, 2, 3)):
        same_dtype("affine", shown(layer.inputs), student.affine(*layer.inputs.values()), layer.X.dtype)


@check("affine", PURE, kind=Kind.FORM, weight=1.5)
def test_affine_pure(student):
    for first, other in two_calls(lambda seed, dtype: make_layer(4, 2, 3, seed, 2).of(dtype).inputs):
        pure(student, "affine", first, other)


# --- affine_backward ------------------------------------------------------------------------------


def layer_slopes(student, layer: Layer, wanted: str = "XWb", size: float = 1.0) -> None:
    layer_slopes_are(layer, student.affine_backward(*layer.all.values()), wanted, size)


def layer_slopes_are(layer: Layer, value: object, wanted: str = "XWb", size: float = 1.0) -> None:
    arguments = shown(layer.all)
    expected = slopes64(sums64, list(layer.inputs.values()), layer.upstream.double())
    inputs, weights, upstream = (item.double().abs() for item in (layer.X, layer.W, layer.upstream))
    scales = (upstream @ weights.T, inputs.T @ upstream, upstream.sum(dim=0))
    parts = parts_of("affine_backward", arguments, value, 3)
    for key, part, slope, scale in zip("XWb", parts, expected, scales, strict=True):
        if key in wanted:
            how = {"tolerance": ONE_PASS, "scale": max(float(scale.max()), size), "tensor": True}
            part_agrees(f"d{key}", "affine_backward", arguments, part, slope, **how)


@check("affine_backward", "dX on fresh data, against autograd", weight=3)
@in_both_precisions
@given(layer=layers())
def test_layer_slopes_of_inputs(student, layer, dtype):
    # kills: W not transposed, a sum over the units that is missing, another order, upstream ignored
    layer_slopes(student, layer.of(dtype), "X")


@check("affine_backward", "dW on fresh data, against autograd", weight=3)
@in_both_precisions
@given(layer=layers())
def test_layer_slopes_of_weights(student, layer, dtype):
    # kills: a mean over the samples, X not transposed, the answer transposed, another order
    layer_slopes(student, layer.of(dtype), "W")


@check("affine_backward", "db on fresh data, against autograd", weight=2)
@in_both_precisions
@given(layer=layers())
def test_layer_slopes_of_biases(student, layer, dtype):
    # kills: one for each sample, a mean, a sum over the units, ones
    layer_slopes(student, layer.of(dtype), "b")


@check("affine_backward", "values on fresh data, against finite differences", weight=2)
@given(layer=layers())
def test_layer_slopes_finite_differences(student, layer):
    # a second oracle, which shares nothing with the first; each answer is of first degree, so a step of 1 is exact
    arguments = shown(layer.all)
    parts = parts_of("affine_backward", arguments, student.affine_backward(*layer.all.values()), 3)
    for key, part in zip("XWb", parts, strict=True):
        item = layer.inputs[key]
        moves = torch.eye(item.numel(), dtype=torch.float64).reshape(-1, *item.shape)
        ends = [[sums64(*{**layer.inputs, key: item + sign * move}.values()) for sign in (1, -1)] for move in moves]
        slopes = torch.stack([((up - down) * layer.upstream).sum() / 2 for up, down in ends]).reshape(item.shape)
        part_agrees(f"d{key}", "affine_backward", arguments, part, slopes, tolerance=ONE_PASS, scale=20 * len(layer.X))


@check("affine_backward", "the example of two units", kind=Kind.KNOWN, weight=2, visible=True)
def test_layer_slopes_known(student):
    layer = TWO_UNITS
    expected = (
        torch.tensor([[4.0, -5.5, -3.5], [-2.0, 9.25, 2.25], [-4.0, 2.25, 3.25], [3.5, 2.5, -2.5]]),
        torch.tensor([[-2.25, 6.5], [0.5, -4.5], [0.0, 13.5]]),
        torch.tensor([2.0, 2.5]),
    )
    parts = parts_of("affine_backward", shown(layer.all), student.affine_backward(*layer.all.values()), 3)
    for key, part, slope in zip("XWb", parts, expected, strict=True):
        part_agrees(f"d{key}", "affine_backward", shown(layer.all), part, slope, tolerance=ONE_PASS)


@check("affine_backward", SIZES, weight=1.5)
def test_layer_slopes_sizes(student):
    # kills: another rule from some number on, small numbers taken for zero, slopes cut off
    drawn = [make_layer(7, 3, 4, 170 + place, 3) for place in range(len(UNITS))]
    found = [Layer(one.X, one.W, one.b, unit * one.upstream) for unit, one in zip(UNITS, drawn, strict=True)]
    answers = student.batch([call("affine_backward", *layer.all.values()) for layer in found])
    for unit, layer, answer in zip(UNITS, found, answers, strict=True):
        layer_slopes_are(layer, answer.value, size=unit)


@check("affine_backward", ONE_OF_EACH, kind=Kind.EDGE, weight=3)
def test_layer_slopes_single(student):
    # kills: squeeze, the case of one sample by itself
    for layer in fixed_layers(*SINGLE):
        layer_slopes(student, layer)


@check("affine_backward", SQUARE, weight=3)
def test_layer_slopes_square(student):
    # kills: what is transposed only where it fits
    for layer in fixed_layers(*EQUAL):
        layer_slopes(student, layer)


@check("affine_backward", SLICED, kind=Kind.EDGE, weight=1.5)
def test_layer_slopes_sliced(student):
    # kills: view
    for layer in fixed_layers((4, 2, 3)):
        layer_slopes(student, layer.sides)


@check("affine_backward", DTYPE, kind=Kind.FORM, weight=1.5)
def test_layer_slopes_dtype(student):
    for layer in fixed_layers((4, 2, 3)):
        value = student.affine_backward(*layer.all.values())
        same_dtype("affine_backward", shown(layer.all), value, layer.X.dtype)


@check("affine_backward", PURE, kind=Kind.FORM, weight=2)
def test_layer_slopes_pure(student):
    # kills: state kept from call to call, upstream *= ...
    for first, other in two_calls(lambda seed, dtype: make_layer(4, 2, 3, seed, 2).of(dtype).all):
        pure(student, "affine_backward", first, other)


# --- tanh_backward, sigmoid_backward --------------------------------------------------------------


BENDS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "tanh_backward": lambda z: 4 * torch.sigmoid(2 * z) * torch.sigmoid(-2 * z),
    "sigmoid_backward": lambda z: torch.sigmoid(z) * torch.sigmoid(-z),
}
"""The slopes, in the form that loses no digits far from zero; `test_bends` holds them to autograd."""
FAR_OUT = torch.tensor([-1000.0, -746.0, -105.0, -90.0, -40.0, 40.0, 90.0, 105.0, 746.0, 1000.0])


def bend_agrees(student, name: str, z: torch.Tensor, upstream: torch.Tensor) -> None:
    bend_is(name, z, upstream, getattr(student, name)(z, upstream))


def bend_is(name: str, z: torch.Tensor, upstream: torch.Tensor, value: object) -> None:
    expected = (upstream.double() * BENDS[name](z.double())).to(z.dtype)
    how = {"tensor": True, "tolerance": ONE_PASS, "scale": float(upstream.abs().max()) / 2}
    agree(name, {"z": z, "upstream": upstream}, value, expected, **how)


def bend_against_autograd(student, name: str, function: Callable[[torch.Tensor], torch.Tensor], drawn: Numbers) -> None:
    arguments = {"z": drawn.x, "upstream": drawn.y}
    (expected,) = slopes64(function, [drawn.x], drawn.y)
    value = getattr(student, name)(*arguments.values())
    agree(name, arguments, value, expected, tensor=True, tolerance=ONE_PASS, scale=float(drawn.y.abs().max()) / 2)


def bend_sizes(student, name: str) -> None:
    # kills: another rule from some number on, small numbers taken for zero, an upstream that is cut off
    drawn = [
        Numbers(size * one.x, back * one.y, one.z)
        for dtype in DTYPES
        for place, (size, back) in enumerate(((1e-3, 1.0), (0.05, 1e-3), (0.5, 1e-6), (1.0, 30.0), (3.0, 1e4)))
        for one in [make_numbers((7,), 180 + place, 3, 0.3, 2).of(dtype)]
    ]
    answers = student.batch([call(name, one.x, one.y) for one in drawn])
    for one, answer in zip(drawn, answers, strict=True):
        bend_is(name, one.x, one.y, answer.value)


def bend_known(student, name: str, z: list[float], upstream: list[float], expected: list[float]) -> None:
    arguments = {"z": torch.tensor(z), "upstream": torch.tensor(upstream)}
    value = getattr(student, name)(*arguments.values())
    agree(name, arguments, value, torch.tensor(expected), tensor=True, tolerance=BY_HAND, scale=1.0)


def bend_shapes(student, name: str) -> None:
    for dtype in DTYPES:
        for one in odd_shapes(dtype, 0.1, 3):
            bend_agrees(student, name, one.x, one.y)


def bend_far(student, name: str) -> None:
    for dtype in DTYPES:
        bend_agrees(student, name, FAR_OUT.to(dtype), torch.linspace(1.5, 6, 10, dtype=dtype))


def bend_dtype(student, name: str) -> None:
    for dtype in DTYPES:
        one = make_numbers((7,), 107, 2, 0.1, 3).of(dtype)
        same_dtype(name, {"z": one.x, "upstream": one.y}, getattr(student, name)(one.x, one.y), dtype)


def bend_pure(student, name: str) -> None:
    # kills: z.tanh_(), upstream *= ...
    for first, other in two_calls(lambda seed, dtype: make_numbers((7,), seed, 2, 0.1, 3).of(dtype)):
        pure(student, name, *({"z": one.x, "upstream": one.y} for one in (first, other)))


@check("tanh_backward", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers(0.1, 3))
def test_tanh_values(student, drawn, dtype):
    # kills: 1 - tanh, 1 + tanh^2, the slope at the activated z, z^2, upstream ignored or added, that of the sigmoid
    bend_agrees(student, "tanh_backward", drawn.x.to(dtype), drawn.y.to(dtype))


@check("tanh_backward", "values on fresh data, against autograd", weight=2)
@given(drawn=numbers(0.1, 3))
def test_tanh_autograd(student, drawn):
    bend_against_autograd(student, "tanh_backward", torch.tanh, drawn)


@check("tanh_backward", "the example by hand", kind=Kind.KNOWN, visible=True)
def test_tanh_known(student):
    bend_known(student, "tanh_backward", [0.0, 0.5, -1.0], [2.0, 2.0, -3.0], [2.0, 1.5729, -1.2599])


@check("tanh_backward", SIZES, weight=1.5)
def test_tanh_sizes(student):
    bend_sizes(student, "tanh_backward")


@check("tanh_backward", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_tanh_shapes(student):
    bend_shapes(student, "tanh_backward")


@check("tanh_backward", FAR, kind=Kind.EDGE, weight=1.5)
def test_tanh_far(student):
    # kills: the textbook's fraction, 1 / cosh(z)^2 in a form that is inf / inf
    bend_far(student, "tanh_backward")


@check("tanh_backward", DTYPE, kind=Kind.FORM)
def test_tanh_dtype(student):
    bend_dtype(student, "tanh_backward")


@check("tanh_backward", PURE, kind=Kind.FORM, weight=1.5)
def test_tanh_pure(student):
    bend_pure(student, "tanh_backward")


@check("sigmoid_backward", VALUES, weight=3)
@in_both_precisions
@given(drawn=numbers(0.1, 5))
def test_sigmoid_values(student, drawn, dtype):
    # kills: s (1 + s), z (1 - z), the sigmoid taken twice, s alone, upstream ignored or added, that of tanh
    bend_agrees(student, "sigmoid_backward", drawn.x.to(dtype), drawn.y.to(dtype))


@check("sigmoid_backward", "values on fresh data, against autograd", weight=2)
@given(drawn=numbers(0.1, 5))
def test_sigmoid_autograd(student, drawn):
    bend_against_autograd(student, "sigmoid_backward", torch.sigmoid, drawn)


@check("sigmoid_backward", "the example by hand", kind=Kind.KNOWN, visible=True)
def test_sigmoid_known(student):
    bend_known(student, "sigmoid_backward", [0.0, 1.4, -1.0], [2.0, -1.0, 3.0], [0.5, -0.1587, 0.5898])


@check("sigmoid_backward", SIZES, weight=1.5)
def test_sigmoid_sizes(student):
    bend_sizes(student, "sigmoid_backward")


@check("sigmoid_backward", SHAPES, kind=Kind.EDGE, weight=1.5)
def test_sigmoid_shapes(student):
    bend_shapes(student, "sigmoid_backward")


@check("sigmoid_backward", FAR, kind=Kind.EDGE, weight=1.5)
def test_sigmoid_far(student):
    # kills: e^-z / (1 + e^-z)^2
    bend_far(student, "sigmoid_backward")


@check("sigmoid_backward", DTYPE, kind=Kind.FORM)
def test_sigmoid_dtype(student):
    bend_dtype(student, "sigmoid_backward")


@check("sigmoid_backward", PURE, kind=Kind.FORM, weight=1.5)
def test_sigmoid_pure(student):
    bend_pure(student, "sigmoid_backward")


# --- fan_out_backward -----------------------------------------------------------------------------


def fan_out_agrees(student, drawn: Numbers, scale: float = 200.0) -> None:
    fan_out_is(drawn, student.fan_out_backward(drawn.x, drawn.y, drawn.z), scale)


def fan_out_is(drawn: Numbers, value: object, scale: float) -> None:
    arguments = {"x": drawn.x, "y": drawn.y, "z": drawn.z}
    expected = slopes64(lambda x, y, z: (x * y + z) * x, list(arguments.values()), 1.0)
    for key, part, slope in zip("xyz", parts_of("fan_out_backward", arguments, value, 3), expected, strict=True):
        part_agrees(f"the slope in {key}", "fan_out_backward", arguments, part, slope, tolerance=ONE_PASS, scale=scale)


@check("fan_out_backward", VALUES, weight=4)
@in_both_precisions
@given(drawn=numbers())
def test_fan_out_values(student, drawn, dtype):
    # kills: one of the two ways lost, the two multiplied, 1 for x in z, y for x, another order
    fan_out_agrees(student, drawn.of(dtype))


@check("fan_out_backward", "(11, 4, 2) at 2, 3, -1", kind=Kind.KNOWN, visible=True)
def test_fan_out_known(student):
    arguments = {"x": torch.tensor(2.0), "y": torch.tensor(3.0), "z": torch.tensor(-1.0)}
    parts = parts_of("fan_out_backward", arguments, student.fan_out_backward(*arguments.values()), 3)
    for key, part, slope in zip("xyz", parts, (11.0, 4.0, 2.0), strict=True):
        how = {"tolerance": ONE_PASS, "scale": 1.0}
        part_agrees(f"the slope in {key}", "fan_out_backward", arguments, part, torch.tensor(slope), **how)


@check("fan_out_backward", SIZES, weight=1.5)
def test_fan_out_sizes(student):
    # kills: another rule from some number on, small numbers taken for zero
    found = [
        (size, Numbers(size * drawn.x, size * drawn.y, size**2 * drawn.z))
        for place, size in enumerate((1e-3, 0.05, 1.0, 100.0))
        for drawn in [make_numbers((7,), 190 + place, 3, 0.6, 5)]
    ]
    answers = student.batch([call("fan_out_backward", drawn.x, drawn.y, drawn.z) for _, drawn in found])
    for (size, drawn), answer in zip(found, answers, strict=True):
        fan_out_is(drawn, answer.value, 20 * min(size, size**2))


@check("fan_out_backward", SHAPES, kind=Kind.EDGE, weight=2)
def test_fan_out_shapes(student):
    for dtype in DTYPES:
        for drawn in odd_shapes(dtype):
            fan_out_agrees(student, drawn)


@check("fan_out_backward", DTYPE, kind=Kind.FORM)
def test_fan_out_dtype(student):
    for dtype in DTYPES:
        drawn = make_numbers((7,), 107, 2, 2, 9).of(dtype)
        arguments = {"x": drawn.x, "y": drawn.y, "z": drawn.z}
        same_dtype("fan_out_backward", arguments, student.fan_out_backward(*arguments.values()), dtype)


@check("fan_out_backward", PURE, kind=Kind.FORM, weight=1.5)
def test_fan_out_pure(student):
    for first, other in two_calls(lambda seed, dtype: make_numbers((7,), seed, 2, 2, 9).of(dtype)):
        pure(student, "fan_out_backward", *({"x": one.x, "y": one.y, "z": one.z} for one in (first, other)))


# --- forward --------------------------------------------------------------------------------------


def network64(inputs: torch.Tensor, *parameters: torch.Tensor) -> torch.Tensor:
    hidden = torch.tanh(sums64(inputs, *parameters[:2]))
    return torch.sigmoid(sums64(hidden, *parameters[2:])).reshape(-1)


def forward_agrees(student, case: Case) -> None:
    value = student.forward(*case.inputs.values())
    expected = network64(*(item.double() for item in case.inputs.values())).to(case.dtype)
    agree("forward", shown(case.inputs), value, expected, tensor=True, tolerance=ONE_PASS, scale=1.0)


@check("forward", VALUES, weight=4)
@in_both_precisions
@given(case=cases())
def test_forward_values(student, case, dtype):
    # kills: a bend left out, at the wrong place or taken twice, a bias left out, a column for a row
    forward_agrees(student, case.of(dtype))


@check("forward", "XOR at the start: 0.6301, 0.6877, 0.7521, 0.7671", kind=Kind.KNOWN, visible=True)
def test_forward_known(student):
    expected = torch.tensor([0.6301, 0.6877, 0.7521, 0.7671])
    value = student.forward(*XOR.inputs.values())
    agree("forward", shown(XOR.inputs), value, expected, tensor=True, tolerance=BY_HAND)


@check("forward", "pre-activations of every size, up to some tens", weight=1.5)
def test_forward_sizes(student):
    # kills: another rule from some number on, a bend that is only near to tanh or the sigmoid
    for place, (size, onward) in enumerate(((0.01, 1.0), (0.3, 4.0), (1.0, 10.0), (3.0, 0.1), (8.0, 6.0))):
        forward_agrees(student, make_case(7, 3, 4, 200 + place, 3).times(size, onward))


@check("forward", ONE_OF_EACH, kind=Kind.EDGE, weight=2.5)
def test_forward_single(student):
    # kills: squeeze without an axis
    for case in fixed_cases(*SINGLE):
        forward_agrees(student, case)


@check("forward", SQUARE, weight=1.5)
def test_forward_square(student):
    for case in fixed_cases(*EQUAL):
        forward_agrees(student, case)


@check("forward", SLICED, kind=Kind.EDGE)
def test_forward_sliced(student):
    for case in fixed_cases((4, 2, 3)):
        forward_agrees(student, case.sides)


@check("forward", DTYPE, kind=Kind.FORM)
def test_forward_dtype(student):
    for case in fixed_cases((4, 2, 3)):
        same_dtype("forward", shown(case.inputs), student.forward(*case.inputs.values()), case.dtype)


@check("forward", PURE, kind=Kind.FORM, weight=1.5)
def test_forward_pure(student):
    for first, other in two_calls(lambda seed, dtype: make_case(4, 2, 3, seed, 2).of(dtype).inputs):
        pure(student, "forward", first, other)


# --- backward -------------------------------------------------------------------------------------


def loss64(inputs: torch.Tensor, y: torch.Tensor, *parameters: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.mse_loss(network64(inputs, *parameters), y)


@kept
def gradient64(case: Case) -> tuple[torch.Tensor, ...]:
    """How the loss changes with each parameter, in the case's dtype."""
    leaves = [part.double().clone().requires_grad_() for part in case.parameters]
    found = torch.autograd.grad(loss64(case.X.double(), case.y.double(), *leaves), leaves)
    return tuple(slope.to(case.dtype) for slope in found)


def gradient_of(student, case: Case) -> list[object]:
    value = student.backward(*case.all.values())
    return parts_of("backward", shown(case.all), value, 4)


def gradient_agrees(case: Case, parts: Sequence[object], *wanted: str, scale: float | None = None) -> None:
    """Compare some of the four, by default all; the scale is that of each, or a given one."""
    for name, part, slope in zip(PARAMETERS, parts, gradient64(case), strict=True):
        if not wanted or name in wanted:
            size = gradient_scale(case, name) if scale is None else scale
            how = {"tolerance": ONE_PASS, "scale": size, "tensor": True}
            part_agrees(f"d{name}", "backward", shown(case.all), part, slope, **how)


@kept
def gradient_scale(case: Case, name: str) -> float:
    """The size of the terms that any form of a gradient adds up: 2 (1 + y) / 4, times what each sample meets."""
    error = (1 + case.y.double()) / 2
    onward = float(case.parameters[2].abs().max())
    inputs = case.X.double().abs().amax(dim=1)
    met = {"W1": onward * inputs, "b1": onward * torch.ones_like(error)}.get(name, torch.ones_like(error))
    return float((error * met).mean())


@check("backward", "dW2 and db2 on fresh data, against autograd", weight=2.5)
@in_both_precisions
@given(case=cases())
def test_backward_second_layer(student, case, dtype):
    # kills: a sum for the mean, no 2, the sign, the sigmoid's slope left out or at the activated z, (N,) against (N, 1)
    case = case.of(dtype)
    gradient_agrees(case, gradient_of(student, case), "W2", "b2")


@check("backward", "dW1 and db1 on fresh data, against autograd", weight=3.5)
@in_both_precisions
@given(case=cases())
def test_backward_first_layer(student, case, dtype):
    # kills: W2 left out or not transposed, tanh's slope left out or at the activated z, the mean taken twice
    case = case.of(dtype)
    gradient_agrees(case, gradient_of(student, case), "W1", "b1")


@check("backward", "values on fresh data, against finite differences", weight=2)
@given(case=cases())
def test_backward_finite_differences(student, case):
    # a second oracle, which shares nothing with the first
    step, parts = 1e-4, gradient_of(student, case)
    for place, name in enumerate(PARAMETERS):
        item = case.parameters[place]
        moves = step * torch.eye(item.numel(), dtype=torch.float64).reshape(-1, *item.shape)
        slopes = []
        for move in moves:
            up, down = (
                loss64(case.X, case.y, *case.parameters[:place], item + sign * move, *case.parameters[place + 1 :])
                for sign in (1, -1)
            )
            slopes.append((up - down) / (2 * step))
        expected = torch.stack(slopes).reshape(item.shape)
        part_agrees(f"d{name}", "backward", shown(case.all), parts[place], expected, tolerance=ONE_PASS, scale=1.0)


@check("backward", "XOR at the start", kind=Kind.KNOWN, weight=2, visible=True)
def test_backward_known(student):
    gradient_agrees(XOR, gradient_of(student, XOR), scale=1.0)


@check("backward", "small and large errors and weights", weight=2)
def test_backward_sizes(student):
    # kills: small errors taken for zero, large ones cut off, another rule from some number on
    for place, (size, onward, far) in enumerate(((0.05, 0.1, 0.0), (1.0, 4.0, 0.0), (3.0, 1.0, 0.0), (0.3, 1.0, 50.0))):
        drawn = make_case(7, 3, 4, 210 + place, 3).times(size, onward)
        case = Case(drawn.X, drawn.y + far, drawn.parameters)
        scale = max(1.0, far) * max(1.0, onward)
        gradient_agrees(case, gradient_of(student, case), scale=scale * min(1.0, max(onward, size)))


NEARLY_MET = 1e-4


@check("backward", "targets that are nearly met", weight=1)
def test_backward_near(student):
    # kills: small errors taken for zero
    drawn = make_case(7, 3, 4, 220, 3)
    near = network64(*drawn.inputs.values()) + NEARLY_MET * (drawn.y - 0.5)
    case = Case(drawn.X, near, drawn.parameters)
    gradient_agrees(case, gradient_of(student, case), scale=NEARLY_MET)


@check("backward", ONE_OF_EACH, kind=Kind.EDGE, weight=3)
def test_backward_single(student):
    # kills: squeeze without an axis
    for case in fixed_cases(*SINGLE):
        gradient_agrees(case, gradient_of(student, case))


@check("backward", SQUARE, weight=2)
def test_backward_square(student):
    # kills: what is transposed only where it fits, no column where N is H
    for case in fixed_cases(*EQUAL):
        gradient_agrees(case, gradient_of(student, case))


@check("backward", SLICED, kind=Kind.EDGE, weight=1.5)
def test_backward_sliced(student):
    # kills: view
    for case in fixed_cases((4, 2, 3)):
        gradient_agrees(case.sides, gradient_of(student, case.sides))


@check("backward", "saturated units: pre-activations of some tens", kind=Kind.EDGE, weight=1)
def test_backward_saturated(student):
    for dtype in DTYPES:
        case = make_case(7, 3, 4, 230, 3).times(8, 6).of(dtype)
        gradient_agrees(case, gradient_of(student, case), scale=6.0)


@check("backward", DTYPE, kind=Kind.FORM, weight=1.5)
def test_backward_dtype(student):
    for case in fixed_cases((4, 2, 3)):
        same_dtype("backward", shown(case.all), gradient_of(student, case), case.dtype)


@check("backward", PURE, kind=Kind.FORM, weight=2.5)
def test_backward_pure(student):
    for first, other in two_calls(lambda seed, dtype: make_case(4, 2, 3, seed, 2).of(dtype).all):
        pure(student, "backward", first, other)


# --- numerical_gradient ---------------------------------------------------------------------------


def measured(module, kind, factors, x, settings):
    """Measure the slope of a function of a tensor; functions can't cross, so it is made here from its kind."""

    def f(v):
        if kind == "cubic":
            return (factors * v * v * v - v * v).sum() + 5
        if kind == "product":
            return (v + factors).prod()
        if kind == "wave":
            return (torch.sin(factors * v) + v).sum()
        mixed = (factors * v).sum()
        return mixed * mixed + torch.exp(0.3 * v).sum()

    return module.numerical_gradient(f, x, *settings)


def ruled(f, x, dx=1e-3):
    """The same, measured right."""
    moves = dx * torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
    return torch.stack([(f(x + move) - f(x - move)) / (2 * dx) for move in moves]).reshape(x.shape)


RULER = types.SimpleNamespace(numerical_gradient=ruled)
KINDS = ("cubic", "mixed", "product")


@dataclass(frozen=True)
class Function:
    """A function as a report shows it."""

    kind: str

    def __repr__(self) -> str:
        forms = {
            "cubic": "sum of c x^3 - x^2, plus 5",
            "product": "product of all x + c",
            "wave": "sum of sin(c x) + x",
            "mixed": "(sum of c x)^2 + sum of e^(0.3 x)",
        }
        return f"<{forms[self.kind]}>"


def measured_agrees(student, kind: str, factors: torch.Tensor, x: torch.Tensor, *settings: float) -> None:
    value = student.probe(measured, kind, factors, x, list(settings))
    expected = measured(RULER, kind, factors.double(), x.double(), settings).to(x.dtype)
    scale = size_of(expected)
    if x.dtype == torch.float32:
        scale = 3 * values_of(kind, factors.double(), x.double(), settings[0]) / settings[0]
    arguments = {"f": Function(kind), "x": x, **({"dx": settings[0]} if settings else {})}
    agree("numerical_gradient", arguments, value, expected, tensor=True, tolerance=SLOPE, scale=scale)


def values_of(kind: str, factors: torch.Tensor, x: torch.Tensor, dx: float) -> float:
    """The size of the terms that a function adds up, near x."""
    far, factors = x.abs() + dx, factors.abs()
    if kind == "cubic":
        return float((factors * far**3 + far**2).sum()) + 5
    if kind == "product":
        return float((far + factors).prod())
    return float((factors * far).sum() ** 2 + torch.exp(0.3 * far).sum())


@kept
def make_place(size: tuple[int, ...], seed: int) -> Numbers:
    """Draw a place to measure at, as x, and factors of a function, as y."""
    generator = chance(seed)
    x, factors = draw(generator, size, 0.5, 1.6, 2), draw(generator, size, 0.4, 1.5, 2)
    return Numbers(x, factors, x)


def places(*sizes: tuple[int, ...]) -> st.SearchStrategy[Numbers]:
    return st.builds(
        make_place, size=st.sampled_from(sizes or ((3,), (2, 3), (4, 2), (5,), (2,))), seed=st.integers(0, 2**16)
    )


@check("numerical_gradient", VALUES, weight=4)
@given(drawn=places(), kind=st.sampled_from(KINDS), dx=st.sampled_from((0.5, 0.1, 0.01, 1.5)))
def test_measured_values(student, drawn, kind, dx):
    # kills: one side alone, dx for 2 dx, all entries moved at once, dx ignored, a step that stays, ones alone
    measured_agrees(student, kind, drawn.y, drawn.x, dx)


@check("numerical_gradient", "values in float32", weight=2)
@given(drawn=places(), kind=st.sampled_from(KINDS), dx=st.sampled_from((0.5, 0.25, 1.0)))
def test_measured_float32(student, drawn, kind, dx):
    # kills: a step of one's own, so small that float32 rounds it away
    measured_agrees(student, kind, drawn.of(torch.float32).y, drawn.of(torch.float32).x, dx)


@check("numerical_gradient", "a step of 1e-3 by default", weight=1.5)
def test_measured_default(student):
    # kills: another default; at the factor 500 a step of 1e-3 measures 4 % less than the slope is
    for seed in (21, 22):
        drawn = make_place((2, 3), seed)
        measured_agrees(student, "wave", 400 + 60 * drawn.y, drawn.x)


def product_measured(module):
    """Measure x[0]^2 * x[1] at [3, 2]."""
    x = torch.tensor([3.0, 2.0], dtype=torch.float64)
    return module.numerical_gradient(lambda v: v[0] * v[0] * v[1], x, 0.1)


@check("numerical_gradient", "x[0]^2 * x[1] at [3, 2] with dx = 0.1: [12, 9]", kind=Kind.KNOWN, visible=True)
def test_measured_known(student):
    shown_as = {"f": "<x[0]^2 * x[1]>", "x": torch.tensor([3.0, 2.0], dtype=torch.float64), "dx": 0.1}
    value = student.probe(product_measured)
    agree("numerical_gradient", shown_as, value, torch.tensor([12.0, 9.0], dtype=torch.float64), tolerance=ONE_PASS)


@check(
    "numerical_gradient", "any shape: one number, three axes, tables that lie on their side", kind=Kind.EDGE, weight=2
)
def test_measured_shapes(student):
    # kills: x.view(-1), x.reshape(-1) where it is a copy, len(x), two axes alone
    for dtype in DTYPES:
        drawn = [make_place(size, 31).of(dtype) for size in ((), (1,), (3, 4), (2, 3, 2), (4, 1), (7,))]
        number, one, table, box, column, row = drawn
        turned = Numbers(table.x.t(), table.y.t(), table.z)
        for place in (number, one, turned, box, column, Numbers(sliced(row.x), sliced(row.y), row.z)):
            measured_agrees(student, "cubic", place.y, place.x, 0.5)


@check("numerical_gradient", "places and steps of every size", weight=1.5)
def test_measured_sizes(student):
    # kills: another rule from some number on, small slopes taken for zero
    for place, (size, dx) in enumerate(((1e-3, 1e-4), (0.1, 0.02), (10.0, 0.5), (300.0, 5.0))):
        drawn = make_place((2, 3), 240 + place)
        measured_agrees(student, "mixed" if size < 10 else "cubic", drawn.y, size * drawn.x, dx)


def measured_thrice(module, x, other, dx):
    """Measure twice, then elsewhere; return the first answer before and after, the second, x, and what f saw."""
    seen = []

    def f(v):
        seen.append((v.shape == x.shape, v.dtype == x.dtype))
        return (v * v * v).sum()

    first = module.numerical_gradient(f, x, dx)
    before = first.clone()
    second = module.numerical_gradient(f, x, dx)
    module.numerical_gradient(lambda v: (v * v).sum(), other, dx)
    return before, first, second, x, all(shape for shape, _ in seen), all(kind for _, kind in seen)


def measured_three_times(student, dtype: torch.dtype) -> tuple[dict[str, object], torch.Tensor, list[object]]:
    x, other = (make_place((2, 3), seed).of(dtype).x for seed in (107, 108))
    about = {"f": "<sum of x^3>", "x": x, "dx": 0.3}
    answers = student.probe(measured_thrice, x, other, 0.3)
    if not isinstance(answers, tuple) or len(answers) != 6:
        raise mismatch(
            "a second call gives no answer", "numerical_gradient", about, f"the answers were {show(answers)}"
        )
    return about, x, list(answers)


@check("numerical_gradient", DTYPE, kind=Kind.FORM)
def test_measured_dtype(student):
    for dtype in DTYPES:
        about, _, (_, first, _, _, _, kinds) = measured_three_times(student, dtype)
        same_dtype("numerical_gradient", about, first, dtype)
        if kinds is not True:
            summary = "f was given a tensor of another dtype than that of x"
            raise mismatch(summary, "numerical_gradient", about, "f gets x, moved", word=Word.DTYPE)


@check(
    "numerical_gradient",
    "x stays as it is, f gets its shape, and a second call gives the same",
    kind=Kind.FORM,
    weight=2,
)
def test_measured_pure(student):
    # kills: x moved and not put back, y = x, a flat x for f, answers kept from call to call
    for dtype in DTYPES:
        about, x, (before, first, second, now, shapes, _) = measured_three_times(student, dtype)
        if not same(x, now):
            evidence = f"after the call x is {show(now)}"
            raise mismatch("an argument was changed", "numerical_gradient", about, evidence, word=Word.ARGUMENT)
        if not same(before, second) or not same(before, first):
            evidence = f"first {show(before)}\nthen  {show(second)}\nlater the first is {show(first)}"
            raise mismatch("a second call gives another answer", "numerical_gradient", about, evidence, word=Word.AGAIN)
        if shapes is not True:
            summary = "f was given a tensor of another shape than that of x"
            raise mismatch(summary, "numerical_gradient", about, "f gets x, moved", word=Word.SHAPE)


# --- train ----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Path:
    """Where gradient descent leads: the parameters at the end, and the loss before each step."""

    parameters: tuple[torch.Tensor, ...]
    losses: tuple[float, ...]
    late: float


@kept
def descend64(case: Case, n_epochs: int, rate: float) -> Path:
    """Train by gradient descent, autograd and float64; `late` is how far the last step went."""
    parameters = [part.double() for part in case.parameters]
    losses, late = [], 0.0
    for _ in range(n_epochs):
        leaves = [part.clone().requires_grad_() for part in parameters]
        loss = loss64(case.X.double(), case.y.double(), *leaves)
        gradients = torch.autograd.grad(loss, leaves)
        parameters = [part - rate * slope for part, slope in zip(parameters, gradients, strict=True)]
        losses.append(float(loss.detach()))
        late = rate * max(float(slope.abs().max()) for slope in gradients)
    return Path(tuple(part.to(case.dtype) for part in parameters), tuple(losses), late)


def train_inputs(case: Case, n_epochs: int, rate: float) -> dict[str, object]:
    return {"parameters": case.parameters, "X": case.X, "y": case.y, "n_epochs": n_epochs, "learning_rate": rate}


def about(inputs: Mapping[str, object]) -> dict[str, object]:
    """The arguments as a report shows them."""
    return {**shown(inputs), "parameters": [Aside(part) for part in inputs["parameters"]]}


def trained(student, inputs: Mapping[str, object]) -> tuple[list[object], list[object]]:
    """Train; return the new parameters and the losses."""
    parameters, losses = parts_of("train", about(inputs), student.train(*inputs.values()), 2)
    try:
        return parts_of("train", about(inputs), parameters, 4), parts_of(
            "train", about(inputs), losses, inputs["n_epochs"]
        )
    except Mismatch as error:
        raise Mismatch(
            f"it should return (the new tuple, the losses): {error.summary}", error.text, error.word
        ) from None


def parameters_agree(inputs: Mapping[str, object], parts: Sequence[object], path: Path, **how: object) -> None:
    for name, part, wanted in zip(PARAMETERS, parts, path.parameters, strict=True):
        options = {"tolerance": FEW_STEPS, "scale": size_of(wanted), **how}
        part_agrees(f"the new {name}", "train", about(inputs), part, wanted, **options)


def losses_agree(inputs: Mapping[str, object], losses: Sequence[object], path: Path, *, least: float = 1e-2) -> None:
    expected = torch.tensor(path.losses, dtype=inputs["X"].dtype)
    scale = max([least, *path.losses])
    part_agrees("the losses", "train", about(inputs), list(losses), expected, tolerance=FEW_STEPS, scale=scale)


def train_agrees(student, case: Case, n_epochs: int, rate: float) -> None:
    inputs = train_inputs(case, n_epochs, rate)
    parts, losses = trained(student, inputs)
    path = descend64(case, n_epochs, rate)
    parameters_agree(inputs, parts, path)
    if n_epochs:
        losses_agree(inputs, losses, path)


@check("train", "the new parameters after 1, 2, 3 and 5 epochs on fresh data", weight=4)
@given(case=cases(), n_epochs=st.sampled_from((2, 3, 5, 1)), rate=st.sampled_from((0.5, 0.1, 2.0)))
def test_train_parameters(student, case, n_epochs, rate):
    # kills: one epoch more or less, uphill, the rate ignored, one layer moved before the other's gradient, one alone
    inputs = train_inputs(case, n_epochs, rate)
    parameters_agree(inputs, trained(student, inputs)[0], descend64(case, n_epochs, rate))


@check("train", "the losses of 1, 2, 3 and 5 epochs on fresh data", weight=3)
@given(case=cases(), n_epochs=st.sampled_from((2, 3, 5, 1)), rate=st.sampled_from((0.5, 0.1, 2.0)))
def test_train_losses(student, case, n_epochs, rate):
    # kills: losses after the step, the last one alone, sums, the best so far
    inputs = train_inputs(case, n_epochs, rate)
    losses_agree(inputs, trained(student, inputs)[1], descend64(case, n_epochs, rate))


@check("train", "3, 10 and 30 epochs on fresh data in float32", weight=2)
@given(case=cases((4, 2, 3), (3, 5, 2), (7, 3, 4)), n_epochs=st.sampled_from((3, 10, 30)))
def test_train_float32(student, case, n_epochs):
    train_agrees(student, case.of(torch.float32), n_epochs, 0.5)


@check("train", "targets that are nearly met", weight=1)
def test_train_near(student):
    # kills: an end where the loss is small enough, small losses taken for zero
    drawn = make_case(7, 3, 4, 250, 3)
    near = network64(*drawn.inputs.values()) + 100 * NEARLY_MET * (drawn.y - 0.5)
    inputs = train_inputs(Case(drawn.X, near, drawn.parameters), 5, 0.5)
    path = descend64(Case(drawn.X, near, drawn.parameters), 5, 0.5)
    parts, losses = trained(student, inputs)
    parameters_agree(inputs, parts, path, scale=100 * NEARLY_MET)
    losses_agree(inputs, losses, path, least=0.0)


@check("train", "150 epochs on fresh data", weight=1.5)
def test_train_many_epochs(student):
    # kills: what changes after so many epochs, another rule of steps, a rate that falls
    train_agrees(student, long_case(), 150, 0.02)


LONG = 1050


def long_case() -> Case:
    """A network that learns so slowly that each epoch of a long run still counts."""
    return make_case(5, 2, 3, 14, 3)


def train_goes_on(student):
    """A long run ends where many short ones end, and has their losses, whatever `forward` and `backward` are."""
    inputs = train_inputs(XOR.of(torch.float64), 5000, 0.5)
    shapes = [tuple(part.shape) for part in START]
    parameters, states, losses = inputs["parameters"], [flat(inputs["parameters"])], []
    for piece in pieces_of(inputs["n_epochs"]):
        found = student.train(*{**inputs, "parameters": parameters, "n_epochs": piece}.values())
        if not isinstance(found, list | tuple) or len(found) != 2 or not isinstance(found[0], list | tuple):
            raise NotShown
        if len(found[0]) != len(shapes) or not isinstance(found[1], list | tuple):
            raise NotShown
        parameters = tuple(numbers_of(part, shape) for part, shape in zip(found[0], shapes, strict=True))
        states.append(flat(parameters))
        losses += found[1]
    parts, whole = trained(student, inputs)
    if not all(isinstance(part, torch.Tensor) for part in parts):
        raise NotShown
    moved_on("train", about(inputs), flat(parts), states)
    if not same([float(loss) for loss in whole], [float(loss) for loss in losses]):
        evidence = f"in one run   {show(whole[-5:])}\nin pieces    {show(losses[-5:])}"
        raise mismatch("a long run has other losses than its pieces", "train", about(inputs), evidence, word=Word.AGAIN)


def flat(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    return torch.cat([part.detach().reshape(-1) for part in parts])


@check("train", "1,050 epochs on fresh data", weight=1.5, long=True, alone=train_goes_on)
def test_train_long(student):
    # kills: what changes after so many epochs, the lesson's answer to every long run
    assert descend64(long_case(), LONG, 0.01).late > 20 * FEW_STEPS.float64
    train_agrees(student, long_case(), LONG, 0.01)


@check(
    "train",
    "XOR: the losses in the epochs 1, 100, 1000 and 5000",
    kind=Kind.KNOWN,
    weight=2,
    visible=True,
    long=True,
    alone=train_goes_on,
)
def test_train_known(student):
    # kills: what changes late, the parameters of another epoch
    path = descend64(XOR, 5000, 0.5)
    assert all(abs(path.losses[epoch - 1] - loss) < 6e-7 for epoch, loss in XOR_LOSSES.items())
    inputs = train_inputs(XOR, 5000, 0.5)
    parts, losses = trained(student, inputs)
    expected = torch.tensor(path.losses, dtype=torch.float32)
    part_agrees("the losses", "train", about(inputs), losses, expected, tolerance=LOSSES_KNOWN, scale=1.0)
    parameters_agree(inputs, parts, path, tolerance=KNOWN_PARAMS)


@check("train", "no epochs return the start and no losses", kind=Kind.EDGE)
def test_train_no_epochs(student):
    for case in fixed_cases((4, 2, 3)):
        train_agrees(student, case, 0, 0.5)


@check("train", ONE_OF_EACH, kind=Kind.EDGE, weight=1.5)
def test_train_edges(student):
    for case in fixed_cases((1, 2, 3), (4, 1, 3), (4, 2, 1), (1, 1, 1)):
        train_agrees(student, case, 3, 0.5)


@check("train", "a negative learning rate walks uphill", kind=Kind.EDGE, weight=0.5)
def test_train_uphill(student):
    train_agrees(student, make_case(4, 2, 3, 15, 3), 3, -0.5)


@check("train", DTYPE, kind=Kind.FORM)
def test_train_dtype(student):
    for case in fixed_cases((4, 2, 3)):
        inputs = train_inputs(case, 2, 0.5)
        same_dtype("train", about(inputs), trained(student, inputs)[0], case.dtype)


@check(
    "train",
    "the caller's parameters and data stay as they are, and a second call gives the same",
    kind=Kind.FORM,
    weight=3,
)
def test_train_pure(student):
    # kills: p -= ..., losses kept from call to call
    for first, other in two_calls(lambda seed, dtype: train_inputs(make_case(4, 2, 3, seed, 2).of(dtype), 3, 0.5)):
        pure(student, "train", first, other)
