"""The visible tests: run `pytest` in this folder, as often as you like.

They check the numbers that the lectures print, the examples that the lesson works by hand, and some
properties that hold for every input. `pytest -m gradient` runs the tests of one exercise. The grade comes
from further tests on other data, which also look at the tools that are not allowed.
"""

import pytest
import torch
from exercises import HINTS, answer, asking, call, expect, function_of, load, show_call, trying
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

student = load("neuron")

# The lecture's two sensors, and the temperatures in degrees. X[7][0] is -4.0; one slide has a misprint there.
X = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
DEGREES = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])
TARGETS = 0.01 * DEGREES
ONES, ZERO = torch.ones(2), torch.zeros(1)
# What the untrained neuron, W = [1, 1] and b = [0], predicts.
UNTRAINED = torch.tensor([0.8022, 1, 1, 1, 1, 1, 0.9973, 0.0198, 1, 1, 1, 0.6225])

examples = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.generate, Phase.shrink],  # what hypothesis would explain is never shown, and takes seconds
)
# The simplest number, at which hypothesis ends, is no zero: zeros hide how an answer is wrong.
number = st.floats(-4, 4, allow_nan=False).map(lambda value: round(1.5 + value, 1))
vectors = st.lists(number, min_size=1, max_size=6).map(lambda values: torch.tensor(values, dtype=torch.float64))


@st.composite
def rows(draw, count):
    """Draw some tensors of one length."""
    size = draw(st.integers(1, 6))
    lists = [draw(st.lists(number, min_size=size, max_size=size)) for _ in range(count)]
    return [torch.tensor(values, dtype=torch.float64) for values in lists]


@st.composite
def neurons(draw):
    """Draw a neuron with one to three inputs, and some samples."""
    size, inputs = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    flat = draw(st.lists(number, min_size=size * inputs, max_size=size * inputs))
    targets = draw(st.lists(st.sampled_from((0.1, 0.4, 0.9)), min_size=size, max_size=size))
    weights = draw(st.lists(st.sampled_from((-0.7, -0.2, 0.3, 0.5)), min_size=inputs, max_size=inputs))
    return {
        "W": torch.tensor(weights, dtype=torch.float64),
        "b": torch.tensor([draw(st.sampled_from((0.4, -0.6, 0.1)))], dtype=torch.float64),
        "X": torch.tensor(flat, dtype=torch.float64).reshape(size, inputs),
        "y": torch.tensor(targets, dtype=torch.float64),
    }


def each(exercises):
    """Repeat a test for several exercises; each time it carries the marker of that one."""
    return pytest.mark.parametrize(
        "exercise", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in exercises]
    )


def fail(name, arguments, wrong):
    pytest.fail(f"{name}: {wrong}\nyou called   {show_call(name, arguments)}", pytrace=False)


def expect_parts(name, arguments, value, expected, *, matters=None, **how):
    """Expect several answers: in a tuple, in a list, or stacked in a tensor. `expected` has their names.

    `matters` says by these names which arguments change which answer.
    """
    ask = asking(student, name)
    stacked = isinstance(value, torch.Tensor) and value.dim() > 0
    if not (stacked or isinstance(value, tuple | list)) or len(value) != len(expected):
        fail(name, arguments, f"it should return {', '.join(expected)}, and it returned {value!r}")
    for place, (part, (label, wanted)) in enumerate(zip(value, expected.items(), strict=True)):
        how |= {"hint": f"this is about {label}. {HINTS[name]}", "matters": (matters or {}).get(label, ())}
        expect(name, arguments, part, wanted, ask=lambda others, place=place: ask(others)[place], **how)


def expect_elementwise(name, before, after, *, matters=None, **how):
    """Expect that a function turns these numbers into those; `how` are its other arguments.

    Those that change what comes out are said to `matter`, by default all.
    """
    first = {"activate": "u", "chain_rule": "x"}.get(name, "z")
    answer(
        student,
        name,
        {first: torch.tensor(before), **how},
        torch.tensor(after),
        atol=1e-4,
        tensor=True,
        hint=HINTS[name],
        matters=(first, *how) if matters is None else matters,
    )


# stage one: the activations


@pytest.mark.binary_step
@pytest.mark.parametrize(
    ("threshold", "fires"), [(0.0, [0.0, 1.0, 1.0]), (1.0, [0.0, 0.0, 1.0]), (2.0, [0.0, 0.0, 1.0])]
)
def test_binary_step_by_hand(threshold, fires):
    expect_elementwise("binary_step", [-1.0, 0.0, 2.0], fires, threshold=threshold, matters=("z",))


@pytest.mark.binary_step
def test_binary_step_has_the_threshold_0_by_default():
    expect_elementwise("binary_step", [-0.5, 0.0, 0.5], [0.0, 1.0, 1.0])


@pytest.mark.sigmoid
def test_sigmoid_by_hand():
    expect_elementwise("sigmoid", [0.0, 1.4, -1.4], [0.5, 0.8022, 0.1978])


@pytest.mark.sigmoid
@examples
@given(z=vectors)
def test_sigmoid_of_z_and_minus_z_add_up_to_one(z):
    left = call(student, "sigmoid", {"z": -z})
    if isinstance(left, torch.Tensor) and left.is_floating_point():
        answer(student, "sigmoid", {"z": z}, 1 - left, atol=1e-6, tensor=True, hint=HINTS["sigmoid"])
    else:
        expect("sigmoid", {"z": -z}, left, torch.sigmoid(-z), hint=HINTS["sigmoid"])


@pytest.mark.tanh
def test_tanh_by_hand():
    expect_elementwise("tanh", [0.0, 1.0, -1.0, 0.25], [0.0, 0.7616, -0.7616, 0.2449])


@pytest.mark.relu
def test_relu_by_hand():
    expect_elementwise("relu", [-2.0, 0.0, 3.0], [0.0, 0.0, 3.0])


@pytest.mark.leaky_relu
def test_leaky_relu_by_hand():
    expect_elementwise("leaky_relu", [-2.0, 3.0], [-0.02, 3.0])
    expect_elementwise("leaky_relu", [-2.0, 3.0], [-0.5, 3.0], negative_slope=0.25)


@pytest.mark.elu
def test_elu_by_hand():
    expect_elementwise("elu", [-1.0, 0.0, 3.0], [-0.6321, 0.0, 3.0])
    expect_elementwise("elu", [-1.0, 0.0, 3.0], [-1.2642, 0.0, 3.0], alpha=2.0)


# stage one: SimpleDataset


def samples():
    """Make the student's data set and read all of it."""
    with trying("SimpleDataset", "SimpleDataset()"):
        data = function_of(student, "SimpleDataset")()
        return [data[index] for index in range(12)]


def part_of_samples(key):
    items = samples()
    for index, item in enumerate(items):
        if not isinstance(item, dict) or key not in item:
            pytest.fail(
                f'SimpleDataset: a sample is a dict with "input" and "target"; sample {index} is {item!r}',
                pytrace=False,
            )
    return [item[key] for item in items]


@pytest.mark.SimpleDataset
def test_samples_have_the_readings():
    for index, row in enumerate(part_of_samples("input")):
        expect(f'the "input" of sample {index}', {}, row, X[index], hint=HINTS["SimpleDataset"])


@pytest.mark.SimpleDataset
def test_samples_have_the_temperatures_times_one_hundredth():
    part_of_samples("target")
    for index, target in enumerate(part_of_samples("target")):  # of the second data set, which must be like the first
        expect(f'the "target" of sample {index}', {}, target, TARGETS[index], hint=HINTS["SimpleDataset"])


@pytest.mark.SimpleDataset
def test_data_set_tells_its_length():
    with trying("SimpleDataset", "len(SimpleDataset())"):
        found = len(function_of(student, "SimpleDataset")())
    if found != 12:
        pytest.fail(f"SimpleDataset: its len is 12, and it says {found}", pytrace=False)


@pytest.mark.SimpleDataset
def test_data_set_describes_itself():
    expected = "Data Size: 12, Input Shape: torch.Size([12, 2]), Target Shape: torch.Size([12])"
    with trying("SimpleDataset", "str(SimpleDataset())"):
        found = str(function_of(student, "SimpleDataset")())
    if " ".join(found.split()) != expected:
        pytest.fail(f"SimpleDataset: its str is\n    {found}\nand should be\n    {expected}", pytrace=False)


@pytest.mark.SimpleDataset
def test_data_loader_makes_batches():
    with trying("SimpleDataset", "DataLoader(SimpleDataset(), batch_size=12)"):
        data = function_of(student, "SimpleDataset")()
        batch = next(iter(torch.utils.data.DataLoader(data, batch_size=12)))
    if not isinstance(data, torch.utils.data.Dataset):
        pytest.fail("SimpleDataset: it is no Dataset; keep the stub's `class SimpleDataset(Dataset)`", pytrace=False)
    if not isinstance(batch, dict):
        pytest.fail(f"SimpleDataset: a batch should be a dict, and is {batch!r}", pytrace=False)
    expect("the inputs of a batch of 12", {}, batch.get("input"), X, hint=HINTS["SimpleDataset"])
    expect("the targets of a batch of 12", {}, batch.get("target"), TARGETS, hint=HINTS["SimpleDataset"])
    for name, tensor in batch.items():
        if tensor.dtype != torch.float32:
            pytest.fail(f'SimpleDataset: the "{name}" should be float32, and is {tensor.dtype}', pytrace=False)


# stage one: the neuron and its losses


@pytest.mark.activate
def test_activate_is_the_sigmoid():
    expect_elementwise("activate", [0.0, 1.4, -3.9], [0.5, 0.8022, 0.0198])


@pytest.mark.model
def test_model_by_hand():
    first = X[:1]
    how = {"atol": 1e-4, "tensor": True, "hint": HINTS["model"], "matters": ("X", "W", "b")}
    answer(
        student,
        "model",
        {"X": first, "W": ONES, "b": ZERO},
        torch.tensor([0.8022]),
        **how,
    )
    other = {"X": first, "W": torch.tensor([2.0, -1.0]), "b": torch.tensor([0.5])}
    answer(student, "model", other, torch.tensor([0.6457]), **how)


@pytest.mark.model
def test_model_on_the_lectures_data():
    answer(student, "model", {"X": X, "W": ONES, "b": ZERO}, UNTRAINED, atol=1e-4, tensor=True, hint=HINTS["model"])


@pytest.mark.model
@examples
@given(drawn=neurons())
def test_model_activates_an_affine_sum(drawn):
    sums = [sum(row[j] * drawn["W"][j] for j in range(len(row))) + drawn["b"][0] for row in drawn["X"]]
    expected = 1 / (1 + torch.exp(-torch.stack(sums)))
    arguments = {name: drawn[name] for name in ("X", "W", "b")}
    answer(student, "model", arguments, expected, atol=1e-6, tensor=True, hint=HINTS["model"])


LOSSES = ("loss_fn", "rmse_loss", "mae_loss")


@each(LOSSES)
def test_loss_of_one_error(exercise):
    arguments = {"y_pred": torch.tensor([5.0]), "y": torch.tensor([2.0])}
    expected = torch.tensor(9.0 if exercise == "loss_fn" else 3.0)
    how = {"shapes": [(), (1,)], "hint": HINTS[exercise], "matters": ("y_pred", "y")}
    answer(student, exercise, arguments, expected, **how)


@each(LOSSES)
def test_loss_by_hand(exercise):
    arguments = {"y_pred": torch.tensor([0.8, 0.3]), "y": torch.tensor([0.5, 0.7])}
    expected = torch.tensor({"loss_fn": 0.125, "rmse_loss": 0.353553, "mae_loss": 0.35}[exercise])
    how = {"shapes": [(), (1,)], "hint": HINTS[exercise], "matters": ("y_pred", "y")}
    answer(student, exercise, arguments, expected, **how)


@each(LOSSES)
def test_loss_of_the_untrained_neuron(exercise):
    in_degrees, scaled = {
        "loss_fn": (2673.9028, 0.1798),
        "rmse_loss": (51.7098, 0.4240),
        "mae_loss": (49.0382, 0.4041),
    }[exercise]
    predictions = torch.sigmoid(X.sum(dim=1))
    for y, loss in ((DEGREES, in_degrees), (TARGETS, scaled)):
        arguments = {"y_pred": predictions, "y": y}
        expected = torch.tensor(loss)
        how = {"atol": 6e-5, "shapes": [(), (1,)], "hint": HINTS[exercise], "matters": ("y_pred", "y")}
        answer(student, exercise, arguments, expected, **how)


@each(LOSSES)
@examples
@given(drawn=rows(2))
def test_loss_counts_both_signs(exercise, drawn):
    y_pred, y = drawn
    sizes = torch.stack([abs(p - t) for p, t in zip(y_pred, y, strict=True)])
    squares = sum(size * size for size in sizes) / len(sizes)
    expected = {"loss_fn": squares, "rmse_loss": squares**0.5, "mae_loss": sum(sizes) / len(sizes)}[exercise]
    arguments = {"y_pred": y_pred, "y": y}
    answer(student, exercise, arguments, expected, atol=1e-6, shapes=[(), (1,)], hint=HINTS[exercise])


@each(("activate", "model", *LOSSES))
def test_one_can_differentiate_through_it(exercise):
    inputs = torch.tensor([[0.5, -1.0], [2.0, 1.0]])
    arguments, leaf, right = {
        "activate": ({"u": torch.tensor([0.0, 1.4])}, "u", [0.25, 0.1587]),
        "model": ({"X": inputs, "W": torch.tensor([1.0, 0.5]), "b": torch.zeros(1)}, "W", [0.2652, -0.1799]),
        "loss_fn": ({"y_pred": torch.tensor([0.8, 0.3]), "y": torch.tensor([0.5, 0.7])}, "y_pred", [0.3, -0.4]),
        "rmse_loss": ({"y_pred": torch.tensor([0.8, 0.3]), "y": torch.tensor([0.5, 0.7])}, "y_pred", [0.4243, -0.5657]),
        "mae_loss": ({"y_pred": torch.tensor([0.8, 0.3]), "y": torch.tensor([0.5, 0.7])}, "y_pred", [0.5, -0.5]),
    }[exercise]
    leaves = {name: value.clone().requires_grad_() if name == leaf else value for name, value in arguments.items()}
    value = call(student, exercise, leaves, clone=False)
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        fail(exercise, arguments, f"nothing leads from the answer back to {leaf}; return a tensor that was computed")
    value.sum().backward()
    expect(f"the gradient of {exercise} in {leaf}", arguments, leaves[leaf].grad, torch.tensor(right), atol=1e-4)


# stage two: slopes


class Named:
    """A function that shows its formula."""

    def __init__(self, formula, function):
        self.formula, self.function = formula, function

    def __call__(self, x):
        return self.function(x)

    def __repr__(self):
        return f"<{self.formula}>"


SQUARE = Named("x^2", lambda x: x * x)
CUBE = Named("x^3", lambda x: x * x * x)


@pytest.mark.forward_difference
@pytest.mark.parametrize(("x", "slope"), [([3.0, -2.0, 0.5], [6.1, -3.9, 1.1]), (3.0, 6.1)], ids=["three", "one"])
def test_forward_difference_by_hand(x, slope):
    arguments = {"f": SQUARE, "x": torch.tensor(x, dtype=torch.float64), "dx": 0.1}
    how = {"tensor": True, "hint": HINTS["forward_difference"], "matters": ("x", "dx")}
    answer(student, "forward_difference", arguments, torch.tensor(slope, dtype=torch.float64), **how)


@pytest.mark.forward_difference
@examples
@given(x=vectors, dx=st.sampled_from((0.1, 0.5, 2.0)))
def test_forward_difference_of_a_square_is_off_by_dx(x, dx):
    arguments = {"f": SQUARE, "x": x, "dx": dx}
    answer(
        student, "forward_difference", arguments, 2 * x + dx, atol=1e-9, tensor=True, hint=HINTS["forward_difference"]
    )


@pytest.mark.central_difference
@pytest.mark.parametrize(("x", "slope"), [([3.0, -2.0, 0.5], [6.0, -4.0, 1.0]), (3.0, 6.0)], ids=["three", "one"])
def test_central_difference_by_hand(x, slope):
    # Of a square it is exact, whatever dx is.
    arguments = {"f": SQUARE, "x": torch.tensor(x, dtype=torch.float64), "dx": 0.1}
    how = {"tensor": True, "hint": HINTS["central_difference"], "matters": ("x",)}
    answer(student, "central_difference", arguments, torch.tensor(slope, dtype=torch.float64), **how)


@pytest.mark.central_difference
@examples
@given(x=vectors, dx=st.sampled_from((0.1, 0.5, 2.0)))
def test_central_difference_of_a_cube_is_off_by_dx_squared(x, dx):
    arguments = {"f": CUBE, "x": x, "dx": dx}
    answer(
        student,
        "central_difference",
        arguments,
        3 * x**2 + dx**2,
        atol=1e-8,
        tensor=True,
        hint=HINTS["central_difference"],
    )


@pytest.mark.chain_rule
def test_chain_rule_by_hand():
    expect_elementwise("chain_rule", [1.0, 2.0, 0.0, -1.0], [288.0, 11475.0, 3.0, 0.0])


@pytest.mark.chain_rule
@examples
@given(x=vectors)
def test_chain_rule_agrees_with_measured_slopes(x):
    def f(x):
        return (x**3 + x**2 + x + 1) ** 3

    measured = (f(x + 1e-4) - f(x - 1e-4)) / 2e-4
    answer(student, "chain_rule", {"x": x}, measured, rtol=1e-5, atol=1e-4, tensor=True, hint=HINTS["chain_rule"])


# stage two: gates


@each(("add_gate", "multiply_gate", "max_gate"))
@pytest.mark.parametrize("upstream", [1.0, 2.5])
def test_gate_by_hand(exercise, upstream):
    x, y, slopes = {
        "add_gate": (4.0, -3.0, (1.0, 1.0)),
        "multiply_gate": (4.0, -3.0, (-3.0, 4.0)),
        "max_gate": (4.0, 2.0, (1.0, 0.0)),
    }[exercise]
    arguments = {"x": torch.tensor(x), "y": torch.tensor(y), "upstream": torch.tensor(upstream)}
    expected = {f"the slope in {name}": torch.tensor(s * upstream) for name, s in zip("xy", slopes, strict=True)}
    matters = {
        "add_gate": (("upstream",), ("upstream",)),
        "multiply_gate": (("y", "upstream"), ("x", "upstream")),
        "max_gate": (("upstream",), ()),
    }[exercise]
    said = dict(zip(expected, matters, strict=True))
    expect_parts(exercise, arguments, call(student, exercise, arguments), expected, matters=said)


@each(("add_gate", "multiply_gate", "max_gate"))
@examples
@given(drawn=rows(3))
def test_gate_agrees_with_measured_slopes(exercise, drawn):
    x, y, upstream = drawn
    y = y + 0.05  # no ties
    gate = {"add_gate": torch.add, "multiply_gate": torch.mul, "max_gate": torch.maximum}[exercise]
    step = 0.01  # smaller than the smallest distance of x and y
    expected = {
        "the slope in x": upstream * (gate(x + step, y) - gate(x - step, y)) / (2 * step),
        "the slope in y": upstream * (gate(x, y + step) - gate(x, y - step)) / (2 * step),
    }
    arguments = {"x": x, "y": y, "upstream": upstream}
    expect_parts(exercise, arguments, call(student, exercise, arguments), expected, atol=1e-9, broadcast=True)


@pytest.mark.backward
def test_backward_by_hand():
    arguments = {"x": torch.tensor(-2.0), "y": torch.tensor(5.0), "z": torch.tensor(-4.0)}
    slopes = (-4.0, -4.0, 3.0)
    expected = {f"the slope in {name}": torch.tensor(s) for name, s in zip("xyz", slopes, strict=True)}
    matters = dict(zip(expected, (("z",), ("z",), ("x", "y")), strict=True))
    expect_parts("backward", arguments, call(student, "backward", arguments), expected, matters=matters)


@pytest.mark.backward
@examples
@given(drawn=rows(3))
def test_backward_agrees_with_measured_slopes(drawn):
    x, y, z = drawn
    expected = {
        "the slope in x": ((x + 1 + y) * z - (x - 1 + y) * z) / 2,
        "the slope in y": ((x + y + 1) * z - (x + y - 1) * z) / 2,
        "the slope in z": ((x + y) * (z + 1) - (x + y) * (z - 1)) / 2,
    }
    arguments = {"x": x, "y": y, "z": z}
    expect_parts("backward", arguments, call(student, "backward", arguments), expected, atol=1e-9)


# stage three


@pytest.mark.sigmoid_derivative
def test_sigmoid_derivative_by_hand():
    expect_elementwise("sigmoid_derivative", [0.0, 1.4, -1.4, 50.0], [0.25, 0.1587, 0.1587, 0.0])


@pytest.mark.sigmoid_derivative
@examples
@given(z=vectors)
def test_sigmoid_derivative_agrees_with_measured_slopes(z):
    measured = (torch.sigmoid(z + 1e-4) - torch.sigmoid(z - 1e-4)) / 2e-4
    answer(student, "sigmoid_derivative", {"z": z}, measured, atol=1e-7, tensor=True, hint=HINTS["sigmoid_derivative"])


def shown(arguments):
    """Show X row by row; the longest tensor that is left then has one number for each sample."""
    rows = [[round(value, 4) for value in row] for row in arguments["X"].tolist()]
    return {**arguments, "X": rows}


def expect_gradient(arguments, in_weights, in_bias, **how):
    value = call(student, "gradient", arguments)
    if not isinstance(value, tuple | list) or len(value) != 2:
        fail("gradient", shown(arguments), f"it should return W_grad and b_grad, and it returned {value!r}")
    hint = HINTS["gradient"]
    expect("gradient", shown(arguments), value[0], in_weights, hint=f"this is about W_grad. {hint}", **how)
    bias = {"hint": f"this is about b_grad. {hint}", "shapes": [(1,), ()], **how}
    expect("gradient", shown(arguments), value[1], in_bias, **bias)


@pytest.mark.gradient
def test_gradient_by_hand():
    # z is 0 for each sample, so the sigmoid is 1/2 there, and its slope 1/4. Three samples and two inputs: what lines
    # up one with the other does not fit.
    arguments = {
        "W": torch.tensor([0.5, -1.0]),
        "b": torch.tensor([0.0]),
        "X": torch.tensor([[6.0, 3.0], [0.0, 0.0], [-3.0, -1.5]]),
        "y": torch.tensor([0.3, 0.7, 0.9]),
    }
    expect_gradient(arguments, torch.tensor([0.4, 0.2]), torch.tensor([-0.0666667]), atol=1e-6)


@pytest.mark.gradient
def test_gradient_of_the_untrained_neuron():
    arguments = {"W": ONES, "b": ZERO, "X": X, "y": TARGETS}
    expect_gradient(arguments, torch.tensor([-0.003623, 0.030879]), torch.tensor([0.024414]), atol=2e-6)


def measured_gradient(drawn):
    """Measure how the loss changes with each weight and with the bias."""
    weights, bias = drawn["W"], drawn["b"]
    step = 1e-4

    def loss(weights, bias):
        return ((torch.sigmoid((drawn["X"] * weights).sum(dim=1) + bias) - drawn["y"]) ** 2).mean()

    moves = step * torch.eye(len(weights), dtype=torch.float64)
    in_weights = [(loss(weights + move, bias) - loss(weights - move, bias)) / (2 * step) for move in moves]
    in_bias = (loss(weights, bias + step) - loss(weights, bias - step)) / (2 * step)
    return torch.stack(in_weights), in_bias.reshape(1)


@pytest.mark.gradient
@examples
@given(drawn=neurons())
def test_gradient_agrees_with_measured_slopes(drawn):
    expect_gradient(drawn, *measured_gradient(drawn), atol=1e-7)


# stage four


class Batches(list):
    """A loader with one batch in it, which counts how often it is asked for it."""

    asked = 0

    def __iter__(self):
        self.asked += 1
        return super().__iter__()

    def __repr__(self):
        return "[one batch]"


def descend(n_epochs, learning_rate, drawn):
    """Step against the measured gradient."""
    for _ in range(n_epochs):
        in_weights, in_bias = measured_gradient(drawn)
        drawn = {**drawn, "W": drawn["W"] - learning_rate * in_weights, "b": drawn["b"] - learning_rate * in_bias}
    return drawn["W"], drawn["b"]


def learning(exercise, drawn, n_epochs, learning_rate=None, loader=Batches):
    """Return the arguments of one of the three exercises, with leaves where it trains in place."""
    batch = {"input": drawn["X"], "target": drawn["y"]}
    in_place = exercise != "learn"
    weights, bias = (drawn[name].clone().requires_grad_(in_place) for name in "Wb")
    arguments = {"W": weights, "b": bias, "train_data_loader": loader([batch])}
    if exercise == "learn_with_optimizer":
        arguments["optimizer"] = torch.optim.SGD([weights, bias], lr=learning_rate or 0.01)
    arguments["max_epochs"] = n_epochs
    if learning_rate is not None and exercise != "learn_with_optimizer":
        arguments["learning_rate"] = learning_rate
    return arguments


def from_samples(batches):
    """Make a DataLoader that gives this batch."""
    (batch,) = batches
    pairs = [{"input": row, "target": target} for row, target in zip(batch["input"], batch["target"], strict=True)]
    return torch.utils.data.DataLoader(pairs, batch_size=len(pairs))


def train(exercise, arguments):
    """Train with the arguments themselves, not with copies, and return the pair (W, b) that comes back."""
    pair = call(student, exercise, arguments, clone=False)
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        fail(exercise, without_optimizer(arguments), f"it should return (W, b), and it returned {pair!r}")
    return pair


def without_optimizer(arguments):
    return {name: value for name, value in arguments.items() if name != "optimizer"}


LEARNING = ("learn", "learn_with_autograd", "learn_with_optimizer")
BY_HAND = {
    "W": torch.tensor([0.5, -1.0]),
    "b": torch.tensor([0.0]),
    "X": torch.tensor([[2.0, 1.0], [0.0, 0.0]]),
    "y": torch.tensor([0.3, 0.7]),
}
SENSORS = {"W": ONES, "b": ZERO, "X": X, "y": TARGETS}


def expect_trained(exercise, start, pair, weights, bias, what="what it returned", **how):
    for name, value, wanted in (("W", pair[0], weights), ("b", pair[1], bias)):
        hint = f"this is about {name}, {what}. {HINTS[exercise]}"
        expect(exercise, start, value, wanted, hint=hint, shapes=None if name == "W" else [(1,), ()], **how)


@each(LEARNING)
def test_one_epoch_by_hand(exercise):
    arguments = learning(exercise, BY_HAND, 1, 0.1)
    start = {**without_optimizer(arguments), "W": BY_HAND["W"], "b": BY_HAND["b"]}
    expected = torch.tensor([0.49, -1.005]), torch.tensor([0.0])
    expect_trained(exercise, start, train(exercise, arguments), *expected, atol=1e-5)


@each(LEARNING)
@pytest.mark.parametrize(
    ("n_epochs", "weights", "bias"),
    [(0, [1.0, 1.0], 0.0), (1, [1.000036, 0.999691], -0.000244), (100, [1.003355, 0.969358], -0.024280)],
)
def test_a_few_epochs_on_the_lectures_data(exercise, n_epochs, weights, bias):
    arguments = learning(exercise, SENSORS, n_epochs)
    start = {**without_optimizer(arguments), "W": ONES, "b": ZERO}
    pair = train(exercise, arguments)
    expect_trained(exercise, start, pair, torch.tensor(weights), torch.tensor([bias]), atol=2e-6)


@each(LEARNING)
@examples
@given(drawn=neurons(), n_epochs=st.sampled_from((1, 2, 3)), rate=st.sampled_from((0.1, 1.0)))
def test_epochs_on_any_data(exercise, drawn, n_epochs, rate):
    arguments = learning(exercise, drawn, n_epochs, rate)
    start = {**without_optimizer(arguments), "W": drawn["W"], "b": drawn["b"]}
    pair = train(exercise, arguments)
    expect_trained(exercise, start, pair, *descend(n_epochs, rate, drawn), atol=1e-6)


@each(LEARNING)
def test_data_may_come_from_a_data_loader(exercise):
    arguments = learning(exercise, BY_HAND, 1, 0.1, loader=from_samples)
    start = {**without_optimizer(arguments), "W": BY_HAND["W"], "b": BY_HAND["b"], "train_data_loader": "a DataLoader"}
    expected = torch.tensor([0.49, -1.005]), torch.tensor([0.0])
    expect_trained(exercise, start, train(exercise, arguments), *expected, atol=1e-5)


@each(LEARNING)
def test_each_epoch_takes_a_batch(exercise):
    arguments = learning(exercise, BY_HAND, 3, 0.1)
    train(exercise, arguments)
    asked = arguments["train_data_loader"].asked
    if asked < 3:
        fail(
            exercise,
            without_optimizer(arguments),
            f"3 epochs take a batch each, and the loader was asked {asked} times",
        )


@each(LEARNING[:2])
def test_learn_for_20000_epochs(exercise):
    arguments = learning(exercise, SENSORS, 20000)
    del arguments["max_epochs"]  # that many is the default
    start = {**without_optimizer(arguments), "W": ONES, "b": ZERO}
    pair = train(exercise, arguments)
    expect_trained(exercise, start, pair, torch.tensor([0.13588, -0.07157]), torch.tensor([-0.65943]), atol=1e-4)


@pytest.mark.learn
def test_learn_leaves_the_callers_neuron_alone():
    arguments = learning("learn", BY_HAND, 3, 0.1)
    train("learn", arguments)
    for name in "Wb":
        if not torch.equal(arguments[name], BY_HAND[name]):
            fail("learn", arguments, f"it changed {name}, which it was given; make new tensors")


@each(LEARNING[1:])
def test_the_callers_neuron_is_trained(exercise):
    arguments = learning(exercise, BY_HAND, 1, 0.1)
    start = {**without_optimizer(arguments), "W": BY_HAND["W"], "b": BY_HAND["b"]}
    train(exercise, arguments)
    pair = [arguments["W"].detach(), arguments["b"].detach()]
    expected = torch.tensor([0.49, -1.005]), torch.tensor([0.0])
    expect_trained(exercise, start, pair, *expected, what="the caller's own", atol=1e-5)


@pytest.mark.learn_with_optimizer
def test_an_optimizer_that_remembers():
    # With momentum the second step adds nine tenths of the first one.
    arguments = learning("learn_with_optimizer", BY_HAND, 2, 0.1)
    arguments["optimizer"] = torch.optim.SGD([arguments["W"], arguments["b"]], lr=0.1, momentum=0.9)
    start = {**without_optimizer(arguments), "W": BY_HAND["W"], "b": BY_HAND["b"], "optimizer": "<SGD, momentum 0.9>"}
    doubles = {name: value.double() for name, value in BY_HAND.items()}
    once, twice = descend(1, 0.1, doubles), descend(2, 0.1, doubles)
    first = [after - before for after, before in zip(once, (doubles["W"], doubles["b"]), strict=True)]
    expected = [(after + 0.9 * step).float() for after, step in zip(twice, first, strict=True)]
    expect_trained("learn_with_optimizer", start, train("learn_with_optimizer", arguments), *expected, atol=1e-5)


# far from zero, and of any shape

ANY_SHAPE = ("binary_step", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "activate", "sigmoid_derivative")


@each(ANY_SHAPE)
def test_far_from_zero_it_is_still_right(exercise):
    far = [-1000.0, -100.0, 100.0, 1000.0]
    right = {
        "binary_step": [0.0, 0.0, 1.0, 1.0],
        "tanh": [-1.0, -1.0, 1.0, 1.0],
        "relu": [0.0, 0.0, 100.0, 1000.0],
        "leaky_relu": [-10.0, -1.0, 100.0, 1000.0],
        "elu": [-1.0, -1.0, 100.0, 1000.0],
        "sigmoid_derivative": [0.0, 0.0, 0.0, 0.0],
    }
    expect_elementwise(exercise, far, right.get(exercise, [0.0, 0.0, 1.0, 1.0]), matters=())


@each((*ANY_SHAPE, "chain_rule"))
def test_any_shape_is_treated_number_by_number(exercise):
    first = {"activate": "u", "chain_rule": "x"}.get(exercise, "z")
    table = torch.tensor([[-1.5, 0.5, 2.0], [1.0, -0.25, -3.0]])
    flat = call(student, exercise, {first: table.reshape(-1)})
    expected = flat.reshape(2, 3) if isinstance(flat, torch.Tensor) and flat.numel() == 6 else torch.zeros(2, 3)
    answer(student, exercise, {first: table}, expected, atol=1e-6, tensor=True, hint=HINTS[exercise])
    answer(student, exercise, {first: table[0, 2]}, expected[0, 2], atol=1e-6, tensor=True, hint=HINTS[exercise])


# every exercise


def arguments_of(exercise, dtype=torch.float32):
    """Return arguments of an exercise, by their names."""
    x, y, z = (torch.tensor(values, dtype=dtype) for values in ([2.0, -3.0, 1.5], [4.0, 0.5, -2.0], [0.3, 0.4, 0.6]))
    drawn = {"W": x[:2] / 4, "b": y[:1] / 8, "X": torch.stack([x, y], dim=1), "y": z}
    if exercise in LEARNING:
        return learning(exercise, drawn, 2, 0.1)
    if exercise == "gradient":
        return drawn
    others = {
        "activate": {"u": x},
        "model": {name: drawn[name] for name in ("X", "W", "b")},
        "forward_difference": {"f": SQUARE, "x": x, "dx": 0.5},
        "central_difference": {"f": SQUARE, "x": x, "dx": 0.5},
        "chain_rule": {"x": x},
        "backward": {"x": x[0], "y": y[0], "z": z[0]},
        **{name: {"y_pred": x, "y": y} for name in LOSSES},
        **{name: {"x": x, "y": y, "upstream": z} for name in ("add_gate", "multiply_gate", "max_gate")},
    }
    return others.get(exercise, {"z": x})


FUNCTIONS = [name for name in HINTS if name != "SimpleDataset"]


@each(FUNCTIONS)
def test_answer_has_the_dtype_of_the_data(exercise):
    for dtype in (torch.float32, torch.float64):
        value = call(student, exercise, arguments_of(exercise, dtype), clone=False)
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, torch.Tensor) and part.dtype != dtype:
                pytest.fail(f"{exercise}: the data is {dtype}, and it returned {part.dtype}", pytrace=False)


@each(FUNCTIONS)
def test_arguments_stay_as_they_are(exercise):
    arguments, before = arguments_of(exercise), arguments_of(exercise)
    with trying(exercise, f"{exercise}({', '.join(f'{name}=...' for name in arguments)})"):
        function_of(student, exercise)(*arguments.values())
    trained = ("W", "b") if exercise in LEARNING[1:] else ()
    for name, value in arguments.items():
        if isinstance(value, torch.Tensor) and name not in trained and not torch.equal(value, before[name]):
            pytest.fail(f"{exercise}: it changed {name}, which it was given, to {value}", pytrace=False)
