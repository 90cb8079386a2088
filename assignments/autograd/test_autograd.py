"""The visible tests: run `pytest` in this folder, as often as you like.

They check the numbers that the lectures print, and some properties that hold for every input. `pytest -m
gradient` runs the tests of one exercise. The grade comes from further tests on other data.
"""

import math
import re

import pytest
import torch
from exercises import HINTS, answer, asking, call, expect, function_of, load, trying
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

student = load("autograd")

# The lecture's thermometer: temperatures in degrees Celsius, and the same in an unknown unit.
T_C = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
T_U = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
T_UN = 0.1 * T_U
START = [1.0, 0.0]

# The four readings of the lesson, worked by hand.
FOUR = {"t_u": torch.tensor([1.0, 2.0, 3.0, 4.0]), "t_c": torch.tensor([1.0, 6.0, 7.0, 6.0])}


def leaf(numbers, dtype=torch.float32):
    """Return a tensor that requires a gradient; `call` hands on such a leaf of its own each time."""
    return torch.as_tensor(numbers, dtype=dtype).clone().requires_grad_()


# The simplest number, at which hypothesis ends, is no zero: zeros hide how an answer is wrong.
numbers = st.floats(-9, 9, allow_nan=False).map(lambda value: round(3 + value, 1))
vectors = st.lists(numbers, min_size=1, max_size=6).map(lambda values: torch.tensor(values, dtype=torch.float64))


@st.composite
def data(draw):
    """Draw some readings, as many temperatures, and params [w, b]."""
    t_u = draw(vectors)
    t_c = draw(st.lists(numbers, min_size=len(t_u), max_size=len(t_u)))
    params = draw(st.lists(numbers, min_size=2, max_size=2))
    t_c, params = torch.tensor(t_c, dtype=torch.float64), torch.tensor(params, dtype=torch.float64)
    return {"params": params, "t_u": t_u, "t_c": t_c}


def slopes(params, t_u, t_c):
    """Measure the gradient by central differences, which are exact for a parabola."""

    def loss(w, b):
        return ((w * t_u + b - t_c) ** 2).mean()

    w, b = params
    return torch.stack([(loss(w + 1, b) - loss(w - 1, b)) / 2, (loss(w, b + 1) - loss(w, b - 1)) / 2])


examples = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.generate, Phase.shrink],  # what hypothesis would explain is never shown, and takes seconds
)


# gradient


@pytest.mark.gradient
@pytest.mark.parametrize("requires_grad", [False, True], ids=["plain params", "params that require a gradient"])
def test_gradient_of_four_readings(requires_grad):
    params = torch.tensor([2.0, 1.0], requires_grad=requires_grad)
    arguments = {"params": params, **FOUR}
    answer(student, "gradient", arguments, torch.tensor([6.0, 2.0]), hint=HINTS["gradient"], matters=tuple(arguments))


@pytest.mark.gradient
def test_gradient_at_the_start():
    arguments = {"params": leaf(START), "t_u": T_U, "t_c": T_C}
    expected = torch.tensor([4517.2969, 82.6000])
    answer(student, "gradient", arguments, expected, hint=HINTS["gradient"], matters=tuple(arguments))


@pytest.mark.gradient
@pytest.mark.parametrize("requires_grad", [False, True], ids=["plain params", "params that require a gradient"])
def test_gradient_does_not_pile_up(requires_grad):
    arguments = {"params": torch.tensor([2.0, 1.0], requires_grad=requires_grad), **FOUR}
    expected = torch.tensor([6.0, 2.0])
    for count in ("first", "second", "third"):
        value = call(student, "gradient", arguments, clone=False)
        hint = f"This was the {count} call with the same params. {HINTS['gradient']}"
        expect("gradient", arguments, value, expected, hint=hint)
    arguments["t_c"] = torch.zeros(4)
    value = call(student, "gradient", arguments, clone=False)
    hint = f"This was a call with the same params as before, and other data. {HINTS['gradient']}"
    expect("gradient", arguments, value, torch.tensor([35.0, 12.0]), hint=hint)


@pytest.mark.gradient
@examples
@given(drawn=data())
def test_gradient_is_the_slope_of_the_loss(drawn):
    answer(student, "gradient", drawn, slopes(**drawn), atol=1e-8, hint=HINTS["gradient"])


# training_loop


def trained(arguments, value, params, **how):
    matters = tuple(arguments) if arguments["n_epochs"] else ("n_epochs", "params")
    how |= {"hint": HINTS["training_loop"], "ask": asking(student, "training_loop"), "matters": matters}
    expect("training_loop", arguments, value, torch.tensor(params), **how)


def train(n_epochs, learning_rate=1e-2, params=START, t_u=T_UN, t_c=T_C, capsys=None):
    arguments = {
        "n_epochs": n_epochs,
        "learning_rate": learning_rate,
        "params": leaf(params),
        "t_u": t_u,
        "t_c": t_c,
    }
    value = call(student, "training_loop", arguments)
    return arguments, value, capsys.readouterr().out if capsys else ""


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("n_epochs", "params"), [(0, [2.0, 1.0]), (1, [1.4, 0.8]), (2, [1.8, 0.94]), (3, [1.53, 0.852])]
)
def test_training_on_four_readings(n_epochs, params):
    arguments, value, _ = train(n_epochs, 0.1, [2.0, 1.0], **FOUR)
    trained(arguments, value, params)


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("n_epochs", "params"),
    [(1, [1.7761, 0.1064]), (2, [2.0848, 0.1303]), (3, [2.2094, 0.1217]), (10, [2.3232, -0.0710])],
)
def test_training_for_a_few_epochs(n_epochs, params):
    arguments, value, _ = train(n_epochs)
    trained(arguments, value, params, atol=1e-4)


@pytest.mark.training_loop
def test_training_for_5000_epochs():
    arguments, value, _ = train(5000)
    trained(arguments, value, [5.3671, -17.3012], rtol=1e-4)


@pytest.mark.training_loop
def test_training_prints_every_500_epochs(capsys):
    losses = [7.860116, 3.828538, 3.092191, 2.957698, 2.933134, 2.928648, 2.927830, 2.927679, 2.927652, 2.927647]
    expected = {500 * (index + 1): loss for index, loss in enumerate(losses)}
    _, _, printed = train(5000, capsys=capsys)
    found = dict(re.findall(r"(?i)epoch\W*(\d+)\W+loss\D*([\d.]+)", printed))
    for epoch, loss in expected.items():
        shown = float(found.get(str(epoch), "nan"))
        if not math.isclose(shown, loss, rel_tol=1e-5):
            pytest.fail(
                f'training_loop: "Epoch {epoch}, Loss {loss:.6f}" is expected among what is printed; '
                f"found for epoch {epoch}: {found.get(str(epoch), 'nothing')}\n"
                f"hint         {HINTS['training_loop']}",
                pytrace=False,
            )


@pytest.mark.training_loop
@examples
@given(drawn=data())
def test_training_on_any_data(drawn):
    # Three steps, each along the slopes of the loss, measured by central differences.
    t_u, t_c = drawn["t_u"], drawn["t_c"]
    params = drawn["params"]
    for _ in range(3):
        params = params - 1e-3 * slopes(params, t_u, t_c)
    start = leaf(drawn["params"], torch.float64)
    arguments = {"n_epochs": 3, "learning_rate": 1e-3, "params": start, "t_u": t_u, "t_c": t_c}
    answer(student, "training_loop", arguments, params, rtol=1e-6, atol=1e-6, hint=HINTS["training_loop"])


# descend


def outputs_of(value):
    """Return the outputs as Python numbers, or None where they are none."""
    try:
        return [float(torch.as_tensor(output).detach()) for output in value]
    except (TypeError, ValueError, RuntimeError):
        return None


@pytest.mark.descend
def test_descend_like_stairs():
    arguments = {"weights": leaf([1.0, 1.0, 1.0, 1.0]), "n_steps": 3, "learning_rate": 0.1}
    value = call(student, "descend", arguments)
    found = outputs_of(value)
    piled = [12.0, 8.4, 1.2, -9.6]
    if found is not None and found == pytest.approx(piled, abs=1e-4):
        pytest.fail(
            "descend: 12, 8.4, 1.2, -9.6 are the outputs of a loop whose gradients pile up, 3, then 6, then 9; "
            "12, 8.4, 4.8, 1.2 are expected\n"
            f"hint         {HINTS['descend']}",
            pytrace=False,
        )
    how = {"hint": HINTS["descend"], "ask": asking(student, "descend"), "matters": tuple(arguments)}
    expect("descend", arguments, value, torch.tensor([12.0, 8.4, 4.8, 1.2]), **how)


@pytest.mark.descend
@pytest.mark.parametrize(("n_steps", "outputs"), [(0, [9.0]), (1, [9.0, 7.2]), (4, [9.0, 7.2, 5.4, 3.6, 1.8])])
def test_descend_returns_one_output_more_than_steps(n_steps, outputs):
    arguments = {"weights": leaf([1.0, 2.0]), "n_steps": n_steps, "learning_rate": 0.1}
    shapes = [(1,), ()] if n_steps == 0 else None
    answer(student, "descend", arguments, torch.tensor(outputs), shapes=shapes, hint=HINTS["descend"])


@pytest.mark.descend
@examples
@given(weights=vectors, rate=st.sampled_from([0.5, 0.25, 0.1]))
def test_descend_takes_the_same_from_every_weight(weights, rate):
    # Each of three steps takes 3 * rate from each weight, and each weight counts three times.
    expected = 3 * weights.sum() - 9 * rate * len(weights) * torch.arange(4, dtype=torch.float64)
    arguments = {"weights": leaf(weights, torch.float64), "n_steps": 3, "learning_rate": rate}
    answer(student, "descend", arguments, expected, atol=1e-6, hint=HINTS["descend"])


@pytest.mark.descend
def test_descend_with_a_table_of_weights():
    arguments = {"weights": leaf([[1.0, 2.0], [3.0, 4.0]]), "n_steps": 2, "learning_rate": 0.5}
    expected = torch.tensor([30.0, 12.0, -6.0])
    answer(student, "descend", arguments, expected, hint=HINTS["descend"], matters=tuple(arguments))


# intermediate_gradients


def gradients_are(arguments, expected):
    """Call, and compare what the dict has under each key, from z on backwards: a fault shows in all that follow.

    One number for equal entries is right as well.
    """
    name = "intermediate_gradients"
    value = call(student, name, arguments)
    if not isinstance(value, dict):
        pytest.fail(f"{name}: a dict is expected, and it returned {value!r}", pytrace=False)
    for key, gradient in expected.items():
        if value.get(key) is None:
            what = "is None" if key in value else "is missing"
            pytest.fail(f"{name}: {key!r} {what} in the dict\nhint         {HINTS[name]}", pytrace=False)
        how = {"shapes": [(), (1,)]} if key == "z" else {"broadcast": True}
        hint = f"This is what stands under {key!r} in the dict. {HINTS[name]}"
        expect(name, arguments, value[key], gradient, hint=hint, **how)


@pytest.mark.intermediate_gradients
def test_intermediate_gradients_of_three_ones():
    ones = torch.ones(3)
    expected = {"z": torch.tensor(1.0), "y": ones / 3, "x": ones, "w": ones}
    gradients_are({"w": leaf([1.0, 1.0, 1.0]), "c": 2}, expected)


@pytest.mark.intermediate_gradients
def test_intermediate_gradients_of_two_entries():
    ones = torch.ones(2)
    expected = {"z": torch.tensor(1.0), "y": 0.5 * ones, "x": 1.5 * ones, "w": 1.5 * ones}
    gradients_are({"w": leaf([4.0, -1.0]), "c": -3.5}, expected)


@pytest.mark.intermediate_gradients
@examples
@given(w=vectors, c=numbers)
def test_intermediate_gradients_depend_on_the_size_alone(w, c):
    ones = torch.ones_like(w)
    size = len(w)
    expected = {"z": ones[0], "y": ones / size, "x": 3 * ones / size, "w": 3 * ones / size}
    gradients_are({"w": leaf(w, torch.float64), "c": c}, expected)


# detached_gradient


@pytest.mark.detached_gradient
@pytest.mark.parametrize("x", [[2.0, 5.0, -1.5], [1.0, 1.0, 1.0], [-2.5]], ids=["three", "ones", "one"])
def test_detached_gradient_comes_through_one_branch(x):
    arguments = {"x": leaf(x)}
    expected = torch.full((len(x),), 2.0)
    answer(student, "detached_gradient", arguments, expected, broadcast=True, hint=HINTS["detached_gradient"])


# untracked_double


@pytest.mark.untracked_double
@pytest.mark.parametrize("a", [[1.0, -2.0], [[0.5, 3.0], [-1.0, 7.0]]], ids=["a row", "a table"])
def test_double_has_no_history(a):
    arguments = {"a": leaf(a)}
    value = answer(
        student,
        "untracked_double",
        arguments,
        2 * torch.tensor(a),
        tensor=True,
        hint=HINTS["untracked_double"],
        matters=("a",),
    )
    if isinstance(value, torch.Tensor) and value.requires_grad:
        pytest.fail(
            f"untracked_double: the numbers are right, but the result still requires a gradient: {value}\n"
            f"hint         {HINTS['untracked_double']}",
            pytrace=False,
        )


@pytest.mark.untracked_double
def test_double_leaves_a_as_it_was():
    a = leaf([1.0, -2.0])
    call(student, "untracked_double", {"a": a}, clone=False)
    if not a.requires_grad:
        pytest.fail("untracked_double: a no longer requires a gradient, and nobody can train it now", pytrace=False)
    if not torch.equal(a, torch.tensor([1.0, -2.0])):
        pytest.fail(f"untracked_double: it changed a, which it was given, to {a.tolist()}", pytrace=False)


# every exercise


def arguments_of(exercise, dtype=torch.float32):
    """Return arguments of an exercise by their names."""
    t_u, t_c = torch.tensor([2.0, 3.0, 5.0], dtype=dtype), torch.tensor([4.0, 9.0, 8.0], dtype=dtype)
    params = leaf([1.5, -2.0], dtype)
    return {
        "gradient": {"params": params, "t_u": t_u, "t_c": t_c},
        "training_loop": {"n_epochs": 2, "learning_rate": 1e-2, "params": params, "t_u": t_u, "t_c": t_c},
        "descend": {"weights": leaf(t_u, dtype), "n_steps": 2, "learning_rate": 0.1},
        "intermediate_gradients": {"w": leaf(t_u, dtype), "c": 2.5},
        "detached_gradient": {"x": leaf(t_u, dtype)},
        "untracked_double": {"a": leaf(t_u, dtype)},
    }[exercise]


# These two may train what they are given; everything else stays as it is.
TRAINED = {"training_loop": "params", "descend": "weights"}

each_exercise = pytest.mark.parametrize(
    "exercise", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in HINTS]
)


@each_exercise
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_answer_has_the_dtype_of_the_data(exercise, dtype):
    value = call(student, exercise, arguments_of(exercise, dtype))
    parts = value.values() if isinstance(value, dict) else value
    for part in parts if isinstance(value, list | tuple | dict) else [value]:
        if isinstance(part, torch.Tensor) and part.dtype != dtype:
            pytest.fail(f"{exercise}: the data is {dtype}, and it returned {part.dtype}", pytrace=False)


@each_exercise
def test_arguments_stay_as_they_are(exercise):
    arguments = arguments_of(exercise)
    before = arguments_of(exercise)
    with trying(exercise, f"{exercise}({', '.join(f'{name}=...' for name in arguments)})"):
        function_of(student, exercise)(*arguments.values())
    for name, value in arguments.items():
        if name == TRAINED.get(exercise) or not isinstance(value, torch.Tensor):
            continue
        if not torch.equal(value, before[name]):
            pytest.fail(f"{exercise}: it changed {name}, which it was given, to {value}", pytrace=False)
        if before[name].requires_grad and not value.requires_grad:
            pytest.fail(f"{exercise}: {name}, which it was given, no longer requires a gradient", pytrace=False)
