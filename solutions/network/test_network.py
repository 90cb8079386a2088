"""The visible tests: run `pytest` in this folder, as often as you like.

They check the numbers that the lesson works by hand, and some properties that hold for every input.
`pytest -m backward` runs the tests of one exercise. The grade comes from further tests on other data, which also look
at the tools that are not allowed.
"""

import pytest
import torch
from exercises import HINTS, answer, asking, call, expect, function_of, load, show_call, trying
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

student = load("network")

POINTS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = torch.tensor([0.0, 1.0, 1.0, 0.0])
START = (
    torch.tensor([[0.6, -0.4, 0.3], [0.2, -0.8, -0.5]]),
    torch.tensor([0.1, -0.3, 0.2]),
    torch.tensor([[0.5], [-0.7], [0.4]]),
    torch.tensor([0.2]),
)
# The layer that the lesson works by hand: three samples, two inputs, one unit.
LAYER = {
    "X": torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.0, 2.0]]),
    "W": torch.tensor([[2.0], [-1.0]]),
    "b": torch.tensor([0.5]),
}
# A wider one: four samples, three inputs, two units.
WIDER = {
    "X": torch.tensor([[1.0, 2.0, -1.0], [3.0, -1.0, 2.0], [0.5, 2.0, 4.0], [-2.0, 1.0, 3.0]]),
    "W": torch.tensor([[2.0, -1.0], [0.5, 3.0], [-1.5, 1.0]]),
    "b": torch.tensor([0.5, -2.0]),
}
# The network that the lesson works by hand: one sample, two hidden units.
BY_HAND = {
    "W1": torch.tensor([[1.0, -1.0], [0.5, 0.5]]),
    "b1": torch.tensor([0.0, 0.5]),
    "W2": torch.tensor([[1.0], [-2.0]]),
    "b2": torch.tensor([0.0]),
}
SAMPLE = torch.tensor([[1.0, 2.0]])
NAMES = ("W1", "b1", "W2", "b2")

examples = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.generate, Phase.shrink],  # what hypothesis would explain is never shown, and takes seconds
)
few = settings(examples, max_examples=10)
# The simplest number, at which hypothesis ends, is no zero: zeros hide how an answer is wrong.
number = st.floats(-3, 3, allow_nan=False).map(lambda value: round(1.5 + value, 1))


def tensors(draw, *shape):
    """Draw a tensor of this shape, in float64."""
    size = torch.Size(shape).numel()
    return torch.tensor(draw(st.lists(number, min_size=size, max_size=size)), dtype=torch.float64).reshape(shape)


@st.composite
def rows(draw, count):
    """Draw some tensors of one length."""
    size = draw(st.integers(1, 6))
    return [tensors(draw, size) for _ in range(count)]


@st.composite
def layers(draw):
    """Draw a layer, some samples, and what comes back from behind it."""
    samples, inputs, units = (draw(st.integers(1, 4)) for _ in range(3))
    return {
        "X": tensors(draw, samples, inputs),
        "W": tensors(draw, inputs, units),
        "b": tensors(draw, units),
        "upstream": tensors(draw, samples, units),
    }


@st.composite
def networks(draw):
    """Draw a small network, some samples and their targets."""
    samples, inputs, units = (draw(st.integers(1, 4)) for _ in range(3))
    targets = draw(st.lists(st.sampled_from((0.1, 0.4, 0.9)), min_size=samples, max_size=samples))
    return {
        "X": tensors(draw, samples, inputs) / 2,
        "y": torch.tensor(targets, dtype=torch.float64),
        "W1": tensors(draw, inputs, units) / 4,
        "b1": tensors(draw, units) / 4,
        "W2": tensors(draw, units, 1) / 4,
        "b2": tensors(draw, 1) / 4,
    }


def each(exercises):
    """Repeat a test for several exercises; each time it carries the marker of that one."""
    return pytest.mark.parametrize(
        "exercise", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in exercises]
    )


def fail(name, arguments, wrong):
    pytest.fail(f"{name}: {wrong}\nyou called   {show_call(name, arguments)}", pytrace=False)


def shown(arguments):
    """Show tables row by row; the longest tensor that is left then has one number for each sample."""
    tables = {
        name: [[round(value, 4) for value in row] for row in item.tolist()]
        for name, item in arguments.items()
        if isinstance(item, torch.Tensor) and item.dim() == 2
    }
    return {**arguments, **tables}


def expect_parts(name, arguments, value, expected, *, matters=None, single=(), **how):
    """Expect several answers, in a tuple or a list, or stacked where they have one shape. `expected` has their names.

    `matters` says by these names which arguments change which answer; those that are `single` may have no axis.
    """
    ask = asking(student, name)
    stacked = isinstance(value, torch.Tensor) and value.dim() > 0
    if not (stacked or isinstance(value, tuple | list)) or len(value) != len(expected):
        fail(name, shown(arguments), f"it should return {', '.join(expected)}, and it returned {value!r}")
    for place, (part, (label, wanted)) in enumerate(zip(value, expected.items(), strict=True)):
        how |= {"hint": f"this is about {label}. {HINTS[name]}", "matters": (matters or {}).get(label, ())}
        how["shapes"] = [(1,), ()] if label in single and wanted.shape == (1,) else None
        expect(name, arguments, part, wanted, ask=lambda others, place=place: ask(others)[place], **how)


def slopes_of(function, arguments, names, step=1e-4):
    """Measure how a number changes with each entry of these arguments, which are in float64."""
    found = {}
    for name in names:
        moves = step * torch.eye(arguments[name].numel(), dtype=torch.float64)
        pairs = [
            [
                function({**arguments, name: arguments[name] + sign * move.reshape(arguments[name].shape)})
                for sign in (1, -1)
            ]
            for move in moves
        ]
        found[f"d{name}"] = torch.stack([(up - down) / (2 * step) for up, down in pairs]).reshape(arguments[name].shape)
    return found


def sums(arguments):
    """The sums of a layer, one by one."""
    X, W, b = arguments["X"], arguments["W"], arguments["b"]
    return torch.stack([torch.stack([(row * W[:, k]).sum() + b[k] for k in range(len(b))]) for row in X])


def predicted(arguments):
    """What a network predicts."""
    hidden = torch.tanh(sums({"X": arguments["X"], "W": arguments["W1"], "b": arguments["b1"]}))
    return torch.sigmoid(sums({"X": hidden, "W": arguments["W2"], "b": arguments["b2"]}))[:, 0]


def loss_of(arguments):
    return ((predicted(arguments) - arguments["y"]) ** 2).mean()


# a layer


@pytest.mark.affine
def test_affine_by_hand():
    expected = torch.tensor([[0.5], [7.5], [-1.5]])
    answer(student, "affine", LAYER, expected, tensor=True, hint=HINTS["affine"], matters=("X", "W", "b"))


@pytest.mark.affine
def test_affine_of_two_units():
    expected = torch.tensor([[5.0, 2.0], [3.0, -6.0], [-3.5, 7.5], [-7.5, 6.0]])
    answer(student, "affine", WIDER, expected, tensor=True, hint=HINTS["affine"], matters=("X", "W", "b"))


@pytest.mark.affine
@examples
@given(layer=layers())
def test_affine_adds_up_for_each_unit(layer):
    del layer["upstream"]
    answer(student, "affine", layer, sums(layer), atol=1e-9, tensor=True, hint=HINTS["affine"])


def layer_matters():
    return {"dX": ("W", "upstream"), "dW": ("X", "upstream"), "db": ("upstream",)}


@pytest.mark.affine_backward
def test_affine_backward_by_hand():
    arguments = {**LAYER, "upstream": torch.tensor([[1.0], [2.0], [-1.0]])}
    expected = {
        "dX": torch.tensor([[2.0, -1.0], [4.0, -2.0], [-2.0, 1.0]]),
        "dW": torch.tensor([[7.0], [-2.0]]),
        "db": torch.tensor([2.0]),
    }
    value = call(student, "affine_backward", arguments)
    expect_parts("affine_backward", arguments, value, expected, matters=layer_matters(), single=("db",))


@pytest.mark.affine_backward
def test_affine_backward_of_two_units():
    upstream = torch.tensor([[1.0, -2.0], [0.5, 3.0], [-1.5, 1.0], [2.0, 0.5]])
    expected = {
        "dX": torch.tensor([[4.0, -5.5, -3.5], [-2.0, 9.25, 2.25], [-4.0, 2.25, 3.25], [3.5, 2.5, -2.5]]),
        "dW": torch.tensor([[-2.25, 6.5], [0.5, -4.5], [0.0, 13.5]]),
        "db": torch.tensor([2.0, 2.5]),
    }
    arguments = {**WIDER, "upstream": upstream}
    value = call(student, "affine_backward", arguments)
    expect_parts("affine_backward", arguments, value, expected, matters=layer_matters())


@pytest.mark.affine_backward
@examples
@given(layer=layers())
def test_affine_backward_agrees_with_measured_slopes(layer):
    expected = slopes_of(lambda moved: (moved["upstream"] * sums(moved)).sum(), layer, ("X", "W", "b"))
    value = call(student, "affine_backward", layer)
    expect_parts("affine_backward", layer, value, expected, atol=1e-7, single=("db",))


# the bends


BENDS = {"tanh_backward": torch.tanh, "sigmoid_backward": torch.sigmoid}


@each(BENDS)
def test_bend_by_hand(exercise):
    z, upstream, expected = {
        "tanh_backward": ([0.0, 0.5, -1.0], [2.0, 2.0, -3.0], [2.0, 1.5729, -1.2599]),
        "sigmoid_backward": ([0.0, 1.4, -1.0], [2.0, -1.0, 3.0], [0.5, -0.1587, 0.5898]),
    }[exercise]
    arguments = {"z": torch.tensor(z), "upstream": torch.tensor(upstream)}
    how = {"atol": 1e-4, "tensor": True, "hint": HINTS[exercise], "matters": ("z", "upstream")}
    answer(student, exercise, arguments, torch.tensor(expected), **how)


@each(BENDS)
@examples
@given(drawn=rows(2))
def test_bend_agrees_with_measured_slopes(exercise, drawn):
    z, upstream = drawn
    bend = BENDS[exercise]
    expected = upstream * (bend(z + 1e-4) - bend(z - 1e-4)) / 2e-4
    answer(student, exercise, {"z": z, "upstream": upstream}, expected, atol=1e-6, tensor=True, hint=HINTS[exercise])


@each(BENDS)
def test_far_from_zero_nothing_comes_back(exercise):
    arguments = {
        "z": torch.tensor([-1000.0, -100.0, 100.0, 1000.0]),
        "upstream": torch.tensor([2.0, -1.0, 3.0, 0.5]),
    }
    answer(student, exercise, arguments, torch.zeros(4), atol=1e-6, tensor=True, hint=HINTS[exercise])


@each(BENDS)
def test_bend_of_a_table_is_taken_number_by_number(exercise):
    z = torch.tensor([[-1.5, 0.5, 2.0], [1.0, -0.25, -3.0]])
    upstream = torch.tensor([[2.0, -1.0, 0.5], [1.5, 3.0, -2.0]])
    flat = call(student, exercise, {"z": z.reshape(-1), "upstream": upstream.reshape(-1)})
    expected = flat.reshape(2, 3) if isinstance(flat, torch.Tensor) and flat.numel() == 6 else torch.zeros(2, 3)
    answer(student, exercise, {"z": z, "upstream": upstream}, expected, atol=1e-6, tensor=True, hint=HINTS[exercise])


# fan-out


@pytest.mark.fan_out_backward
def test_fan_out_backward_by_hand():
    arguments = {"x": torch.tensor(2.0), "y": torch.tensor(3.0), "z": torch.tensor(-1.0)}
    expected = {
        "the slope in x": torch.tensor(11.0),
        "the slope in y": torch.tensor(4.0),
        "the slope in z": torch.tensor(2.0),
    }
    matters = dict(zip(expected, (("x", "y", "z"), ("x",), ("x",)), strict=True))
    value = call(student, "fan_out_backward", arguments)
    expect_parts("fan_out_backward", arguments, value, expected, matters=matters)


@pytest.mark.fan_out_backward
@examples
@given(drawn=rows(3))
def test_fan_out_backward_agrees_with_measured_slopes(drawn):
    x, y, z = drawn

    def f(x, y, z):
        return (x * y + z) * x

    expected = {
        "the slope in x": (f(x + 1, y, z) - f(x - 1, y, z)) / 2,
        "the slope in y": (f(x, y + 1, z) - f(x, y - 1, z)) / 2,
        "the slope in z": (f(x, y, z + 1) - f(x, y, z - 1)) / 2,
    }
    arguments = {"x": x, "y": y, "z": z}
    expect_parts("fan_out_backward", arguments, call(student, "fan_out_backward", arguments), expected, atol=1e-9)


# the network


@pytest.mark.forward
def test_forward_by_hand():
    arguments = {"X": SAMPLE, **BY_HAND}
    how = {"atol": 1e-4, "tensor": True, "hint": HINTS["forward"], "matters": ("X", *NAMES)}
    answer(student, "forward", arguments, torch.tensor([0.5099]), **how)


@pytest.mark.forward
def test_forward_at_the_start():
    arguments = {"X": POINTS, **dict(zip(NAMES, START, strict=True))}
    expected = torch.tensor([0.6301, 0.6877, 0.7521, 0.7671])
    how = {"atol": 1e-4, "tensor": True, "hint": HINTS["forward"], "matters": ("X", *NAMES)}
    answer(student, "forward", arguments, expected, **how)


@pytest.mark.forward
@examples
@given(network=networks())
def test_forward_is_two_layers(network):
    del network["y"]
    answer(student, "forward", network, predicted(network), atol=1e-9, tensor=True, hint=HINTS["forward"])


GRADIENTS = tuple(f"d{name}" for name in NAMES)


@pytest.mark.backward
def test_backward_by_hand():
    arguments = {"X": SAMPLE, "y": torch.tensor([1.0]), **BY_HAND}
    slopes = (
        torch.tensor([[-0.0173, 0.3852], [-0.0346, 0.7705]]),
        torch.tensor([-0.0173, 0.3852]),
        torch.tensor([[-0.2361], [-0.1132]]),
        torch.tensor([-0.2449]),
    )
    expected = dict(zip(GRADIENTS, slopes, strict=True))
    everything = dict.fromkeys(GRADIENTS, ("X", "y", *NAMES))
    value = call(student, "backward", arguments)
    expect_parts("backward", arguments, value, expected, atol=1e-4, matters=everything, single=("db2",))


@pytest.mark.backward
def test_backward_at_the_start():
    arguments = {"X": POINTS, "y": TARGETS, **dict(zip(NAMES, START, strict=True))}
    doubles = {name: item.double() for name, item in arguments.items()}
    expected = {name: slope.float() for name, slope in slopes_of(loss_of, doubles, NAMES).items()}
    everything = dict.fromkeys(GRADIENTS, ("X", "y", *NAMES))
    value = call(student, "backward", arguments)
    expect_parts("backward", arguments, value, expected, atol=1e-6, matters=everything, single=("db2",))


@pytest.mark.backward
@examples
@given(network=networks())
def test_backward_agrees_with_measured_slopes(network):
    expected = slopes_of(loss_of, network, NAMES)
    value = call(student, "backward", network)
    expect_parts("backward", network, value, expected, atol=1e-7, single=("db1", "db2"))


# measuring


class Function:
    """A function with a text, so that a failing test can show which one it was."""

    def __init__(self, text, function):
        self.text, self.function = text, function

    def __call__(self, x):
        return self.function(x)

    def __repr__(self):
        return self.text


PRODUCT = Function("<x[0]^2 * x[1]>", lambda x: x[0] ** 2 * x[1])
# Each entry has a slope of its own; of squares, a central difference is exact.
SQUARES = Function(
    "<the sum of (1, 2, 3, ...) * x^2>", lambda x: (torch.arange(1, x.numel() + 1) * x.reshape(-1) ** 2).sum()
)


def expect_measured(f, x, expected, **more):
    arguments = {"f": f, "x": x, **more}
    how = {"atol": 1e-4, "tensor": True, "hint": HINTS["numerical_gradient"]}
    answer(student, "numerical_gradient", arguments, expected, **how)


@pytest.mark.numerical_gradient
def test_numerical_gradient_by_hand():
    expect_measured(PRODUCT, torch.tensor([3.0, 2.0], dtype=torch.float64), torch.tensor([12.0, 9.0]).double(), dx=0.1)


@pytest.mark.numerical_gradient
def test_numerical_gradient_has_the_shape_of_x():
    table = torch.tensor([[0.5, -1.5, 2.0], [1.0, -0.25, 3.0]], dtype=torch.float64)
    places = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype=torch.float64)
    expect_measured(SQUARES, table, 2 * places * table, dx=0.5)
    expect_measured(SQUARES, table[1, 2], torch.tensor(6.0, dtype=torch.float64), dx=0.5)
    sides = table.T  # its rows are columns of another table: neighbours in it are none in memory
    expect_measured(SQUARES, sides, 2 * torch.arange(1, 7).reshape(3, 2) * sides, dx=0.5)


@pytest.mark.numerical_gradient
def test_numerical_gradient_steps_by_a_thousandth_by_default():
    x = torch.tensor([2.0, -3.0], dtype=torch.float64)
    waves = Function("<the sum of sin(500 x)>", lambda x: torch.sin(500 * x).sum())
    expect_measured(waves, x, 500 * torch.cos(500 * x) * torch.sin(torch.tensor(0.5)) / 0.5)


@pytest.mark.numerical_gradient
def test_numerical_gradient_leaves_x_as_it_is():
    x = torch.tensor([[0.3, -1.7], [2.9, 0.1]])
    before = x.clone()
    call(student, "numerical_gradient", {"f": SQUARES, "x": x, "dx": 0.25}, clone=False)
    if not torch.allclose(x, before, rtol=0, atol=1e-6):
        fail("numerical_gradient", {"f": SQUARES, "x": before, "dx": 0.25}, f"it changed x, which it was given, to {x}")


# training


class Parameters(tuple):
    """A tuple of tensors with a text on one line."""

    __slots__ = ()

    def __repr__(self):
        parts = [torch.round(part.double(), decimals=4).tolist() for part in self]
        return f"({', '.join(f'tensor({numbers})' for numbers in parts)})"


def copies(parameters):
    """Copy parameters: who trains in place changes no other test."""
    return tuple(part.clone() for part in parameters)


def train(start, X, y, n_epochs, learning_rate):
    """Train from this start itself, and not from a copy; return the arguments, the new parameters and the losses."""
    before = Parameters(copies(start))
    arguments = {"parameters": before, "X": X, "y": y, "n_epochs": n_epochs, "learning_rate": learning_rate}
    found = call(student, "train", {**arguments, "parameters": Parameters(start)}, clone=False)
    if not isinstance(found, tuple | list) or len(found) != 2:
        fail("train", arguments, f"it should return (the new tuple, the list of losses), and it returned {found!r}")
    parameters, losses = found
    if not isinstance(parameters, tuple | list) or len(parameters) != 4:
        fail("train", arguments, f"the new parameters should be a tuple of four tensors, and they are {parameters!r}")
    if not isinstance(losses, tuple | list | torch.Tensor) or len(losses) != n_epochs:
        fail("train", arguments, f"there should be {n_epochs} losses, one of each epoch, and they are {losses!r}")
    return arguments, parameters, [float(loss) for loss in losses]


def expect_trained(arguments, parameters, expected, **how):
    for name, value, wanted in zip(NAMES, parameters, expected, strict=True):
        hint = f"this is about the new {name}. {HINTS['train']}"
        shapes = [(1,), ()] if name == "b2" else None
        expect("train", arguments, value, wanted, hint=hint, shapes=shapes, **how)


def expect_losses(arguments, losses, expected, **how):
    hint = f"this is about the losses. {HINTS['train']}"
    expect("train", arguments, torch.tensor(losses, dtype=torch.float64), expected, hint=hint, **how)


@pytest.mark.train
def test_train_by_hand():
    arguments, parameters, losses = train(copies(BY_HAND.values()), SAMPLE, torch.tensor([1.0]), 1, 0.1)
    expected = (
        torch.tensor([[1.0017, -1.0385], [0.5035, 0.4230]]),
        torch.tensor([0.0017, 0.4615]),
        torch.tensor([[1.0236], [-1.9887]]),
        torch.tensor([0.0245]),
    )
    expect_losses(arguments, losses, torch.tensor([0.2402], dtype=torch.float64), atol=1e-4)
    expect_trained(arguments, parameters, expected, atol=1e-4)


@pytest.mark.train
def test_train_without_epochs():
    arguments, parameters, _ = train(copies(START), POINTS, TARGETS, 0, 0.5)
    expect_trained(arguments, parameters, START, atol=1e-6)


@pytest.mark.train
@few
@given(network=networks(), n_epochs=st.sampled_from((1, 2, 3)), rate=st.sampled_from((0.5, 2.0)))
def test_train_steps_against_the_measured_gradient(network, n_epochs, rate):
    drawn, before = network, []
    for _ in range(n_epochs):
        before.append(loss_of(drawn))
        slopes = slopes_of(loss_of, drawn, NAMES)
        drawn = {**drawn, **{name: drawn[name] - rate * slopes[f"d{name}"] for name in NAMES}}
    start = copies(network[name] for name in NAMES)
    arguments, parameters, losses = train(start, network["X"], network["y"], n_epochs, rate)
    expect_losses(arguments, losses, torch.stack(before), atol=1e-6)
    expect_trained(arguments, parameters, [drawn[name] for name in NAMES], atol=1e-6)


@pytest.mark.train
def test_train_learns_xor_in_5000_epochs():
    arguments, _, losses = train(copies(START), POINTS, TARGETS, 5000, 0.5)
    told = torch.tensor([losses[epoch - 1] for epoch in (1, 100, 1000, 5000)], dtype=torch.float64)
    expected = torch.tensor([0.286091, 0.207780, 0.002875, 0.000321], dtype=torch.float64)
    hint = f"this is about the losses in the epochs 1, 100, 1000 and 5000. {HINTS['train']}"
    expect("train", arguments, told, expected, hint=hint, atol=2e-6)


@pytest.mark.train
def test_train_leaves_the_callers_network_alone():
    start = copies(START)
    arguments, _, _ = train(start, POINTS, TARGETS, 3, 0.5)
    for name, now, before in zip(NAMES, start, START, strict=True):
        if not torch.equal(now, before):
            fail(
                "train",
                {**arguments, "parameters": "<the start>"},
                f"it changed {name}, which it was given; make new tensors",
            )


# every exercise


def arguments_of(exercise, dtype=torch.float32):
    """Return arguments of an exercise, by their names."""
    layer = {name: item.to(dtype, copy=True) for name, item in WIDER.items()}
    x, y, z = (torch.tensor(values, dtype=dtype) for values in ([2.0, -3.0, 1.5], [4.0, 0.5, -2.0], [0.3, 0.4, 0.6]))
    parameters = dict(zip(NAMES, (part.to(dtype, copy=True) for part in START), strict=True))
    data = {"X": torch.stack([x, y], dim=1), "y": z}
    return {
        "affine": layer,
        "affine_backward": {**layer, "upstream": layer["X"][:, :2] / 4},
        "tanh_backward": {"z": x, "upstream": y},
        "sigmoid_backward": {"z": x, "upstream": y},
        "fan_out_backward": {"x": x, "y": y, "z": z},
        "forward": {"X": data["X"], **parameters},
        "backward": {**data, **parameters},
        "numerical_gradient": {"f": SQUARES, "x": layer["W"], "dx": 0.5},
        "train": {"parameters": tuple(parameters.values()), **data, "n_epochs": 2, "learning_rate": 0.5},
    }[exercise]


def tensors_in(value):
    """Return the tensors of an answer, or of an argument."""
    if isinstance(value, list | tuple):
        return [found for part in value for found in tensors_in(part)]
    return [value] if isinstance(value, torch.Tensor) else []


@each(tuple(HINTS))
def test_answer_has_the_dtype_of_the_data(exercise):
    for dtype in (torch.float32, torch.float64):
        for part in tensors_in(call(student, exercise, arguments_of(exercise, dtype), clone=False)):
            if part.dtype != dtype:
                pytest.fail(f"{exercise}: the data is {dtype}, and it returned {part.dtype}", pytrace=False)


@each(tuple(HINTS))
def test_arguments_stay_as_they_are(exercise):
    arguments, before = arguments_of(exercise), arguments_of(exercise)
    with trying(exercise, f"{exercise}({', '.join(f'{name}=...' for name in arguments)})"):
        function_of(student, exercise)(*arguments.values())
    for name, value in arguments.items():
        for now, was in zip(tensors_in(value), tensors_in(before[name]), strict=True):
            if not torch.allclose(now, was, rtol=1e-6, atol=1e-6):
                pytest.fail(f"{exercise}: it changed {name}, which it was given, to {value}", pytrace=False)
