"""The visible tests: run `pytest` in this folder, as often as you like.

They check the numbers of the lesson, and some properties that hold for every input.
`pytest -m grad_fn` runs the tests of one exercise. The grade comes from further tests on other data,
which also look at the tools that are not allowed.
"""

import math
import re

import pytest
import torch
from exercises import HINTS, answer, asking, call, difference, expect, function_of, load, show_call, trying
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

student = load("quadratic")

# The lesson's thermometer: temperatures in degrees Celsius, and scaled readings of an unknown unit.
T_C = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
T_UN = 0.1 * torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
V = (T_UN - 5) / 2
START = torch.tensor([1.0, 1.0, 0.0])


@st.composite
def data(draw, smallest=1):
    """Draw some readings, as many temperatures, and a parabola: everything that the functions take."""
    size = draw(st.integers(smallest, 6))
    t_u, t_c = (
        torch.tensor(draw(st.lists(numbers(simplest), min_size=size, max_size=size)), dtype=torch.float64)
        for simplest in (3, 5)
    )
    w2, w1, b = (torch.tensor(draw(numbers(simplest)), dtype=torch.float64) for simplest in (2, -4, 7))
    return {"t_u": t_u, "t_c": t_c, "w2": w2, "w1": w1, "b": b}


def numbers(simplest):
    """Draw numbers whose simplest is no zero: hypothesis ends at it, and zeros hide how an answer is wrong."""
    return st.floats(-9, 9, allow_nan=False).map(lambda value: round(simplest + value, 1))


examples = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.generate, Phase.shrink],  # what hypothesis would explain is never shown, and takes seconds
)
PARABOLA = ("t_u", "w2", "w1", "b")


def only(drawn, *names):
    return {name: drawn[name] for name in names}


def each(exercises):
    """Repeat a test for several exercises; each time it carries the marker of that one."""
    return pytest.mark.parametrize(
        "exercise", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in exercises]
    )


def parabola(t_u, w2, w1, b):
    return torch.stack([w2 * reading * reading + w1 * reading + b for reading in t_u])


def mean_square(t_u, t_c, params):
    return ((parabola(t_u, *params) - t_c) ** 2).mean()


def slopes_of(t_u, t_c, params):
    """Return the slopes of the loss in w2, w1 and b, by central differences, which are exact for a square."""
    steps = torch.eye(3, dtype=params.dtype)
    return torch.stack([(mean_square(t_u, t_c, params + s) - mean_square(t_u, t_c, params - s)) / 2 for s in steps])


# every exercise on three readings, whose numbers tell mistakes apart

CALLED_BY_TENSORS = [name for name in HINTS if name != "split"]
TRAINS_WITH = ("n_epochs", "learning_rate", "params", "t_u", "t_c")


def arguments_of(exercise, dtype=torch.float32):
    """Return arguments of an exercise, by their names."""
    t_u, t_c = torch.tensor([2.0, 3.0, 5.0], dtype=dtype), torch.tensor([4.0, 9.0, 18.0], dtype=dtype)
    w2, w1, b = (torch.tensor(number, dtype=dtype) for number in (1.5, -4.0, 7.0))
    loop = {"n_epochs": 1, "learning_rate": 1e-3, "params": torch.stack([w2, w1, b]), "t_u": t_u, "t_c": t_c}
    line = {"t_u": t_u, "w2": w2, "w1": w1, "b": b}
    return {
        "model": line,
        "dmodel_dw2": line,
        "dmodel_dw1": line,
        "dmodel_db": line,
        "grad_fn": {"t_u": t_u, "t_c": t_c, "t_p": parabola(t_u, w2, w1, b), "w2": w2, "w1": w1, "b": b},
        "training_loop": loop,
        "fit": {**loop, "training": torch.tensor([2, 0]), "validation": torch.tensor([1])},
    }[exercise]


@each(name for name in CALLED_BY_TENSORS if name != "fit")
def test_three_readings(exercise):
    expected = {
        "model": [5.0, 8.5, 24.5],
        "dmodel_dw2": [4.0, 9.0, 25.0],
        "dmodel_dw1": [2.0, 3.0, 5.0],
        "dmodel_db": [1.0, 1.0, 1.0],
        "grad_fn": [108.0, 22.0, 4.6666667],
        "training_loop": [1.392, -4.022, 6.9953333],
    }[exercise]
    matters = {
        "model": PARABOLA,
        "dmodel_dw2": ("t_u",),
        "dmodel_dw1": ("t_u",),
        "grad_fn": ("t_u", "t_c"),
        "training_loop": TRAINS_WITH,
    }.get(exercise, ())
    tensor = exercise not in ("grad_fn", "training_loop")
    how = {"hint": HINTS[exercise], "tensor": tensor, "matters": matters, "broadcast": exercise == "dmodel_db"}
    answer(student, exercise, arguments_of(exercise), torch.tensor(expected), **how)


# model


@pytest.mark.model
def test_model_without_a_bend_is_a_line():
    arguments = {"t_u": T_UN, "w2": torch.tensor(0.0), "w1": torch.tensor(5.3677), "b": torch.tensor(-17.3048)}
    answer(student, "model", arguments, 5.3677 * T_UN - 17.3048, hint=HINTS["model"], matters=PARABOLA)


@pytest.mark.model
@examples
@given(drawn=data())
def test_model_is_a_parabola(drawn):
    arguments = only(drawn, *PARABOLA)
    answer(student, "model", arguments, parabola(*arguments.values()), atol=1e-9, hint=HINTS["model"])


# dmodel_dw2, dmodel_dw1, dmodel_db


@pytest.mark.dmodel_dw2
@examples
@given(drawn=data())
def test_dmodel_dw2_is_the_slope_of_the_model(drawn):
    arguments = only(drawn, *PARABOLA)
    t_u, w2, w1, b = arguments.values()
    expected = parabola(t_u, w2 + 1, w1, b) - parabola(t_u, w2, w1, b)
    answer(student, "dmodel_dw2", arguments, expected, atol=1e-9, hint=HINTS["dmodel_dw2"])


@pytest.mark.dmodel_dw1
@examples
@given(drawn=data())
def test_dmodel_dw1_is_the_slope_of_the_model(drawn):
    arguments = only(drawn, *PARABOLA)
    t_u, w2, w1, b = arguments.values()
    expected = parabola(t_u, w2, w1 + 1, b) - parabola(t_u, w2, w1, b)
    answer(student, "dmodel_dw1", arguments, expected, atol=1e-9, hint=HINTS["dmodel_dw1"])


@pytest.mark.dmodel_db
@examples
@given(drawn=data())
def test_dmodel_db_is_the_slope_of_the_model(drawn):
    arguments = only(drawn, *PARABOLA)
    t_u, w2, w1, b = arguments.values()
    expected = parabola(t_u, w2, w1, b + 1) - parabola(t_u, w2, w1, b)
    answer(student, "dmodel_db", arguments, expected, atol=1e-9, broadcast=True, hint=HINTS["dmodel_db"])


# grad_fn


@pytest.mark.grad_fn
def test_gradient_by_hand():
    t_u, t_c = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 5.0, 6.0, 9.0])
    w2, w1, b = torch.tensor(1.0), torch.tensor(-2.0), torch.tensor(3.0)
    arguments = {"t_u": t_u, "t_c": t_c, "t_p": torch.tensor([2.0, 3.0, 6.0, 11.0]), "w2": w2, "w1": w1, "b": b}
    answer(student, "grad_fn", arguments, torch.tensor([12.5, 2.5, 0.5]), hint=HINTS["grad_fn"])


@pytest.mark.grad_fn
def test_gradient_at_the_start():
    w2, w1, b = START
    arguments = {"t_u": T_UN, "t_c": T_C, "t_p": T_UN**2 + T_UN, "w2": w2, "w1": w1, "b": b}
    answer(student, "grad_fn", arguments, torch.tensor([1739.5315, 279.6790, 48.1760]), hint=HINTS["grad_fn"])


@pytest.mark.grad_fn
@examples
@given(drawn=data())
def test_gradient_is_the_slope_of_the_loss(drawn):
    t_u, t_c, *params = drawn.values()
    expected = slopes_of(t_u, t_c, torch.stack(params))
    t_p = parabola(t_u, *params)
    arguments = {"t_u": t_u, "t_c": t_c, "t_p": t_p, **only(drawn, "w2", "w1", "b")}
    answer(student, "grad_fn", arguments, expected, rtol=1e-9, atol=1e-7, hint=HINTS["grad_fn"])


# training_loop


def trained(arguments, value, params, **how):
    how |= {"hint": HINTS["training_loop"], "ask": asking(student, "training_loop"), "matters": TRAINS_WITH}
    if arguments["n_epochs"] == 0:
        how["matters"] = ("n_epochs", "params")
    expect("training_loop", arguments, value, torch.tensor(params), **how)


def train(n_epochs, learning_rate, capsys=None):
    arguments = {"n_epochs": n_epochs, "learning_rate": learning_rate, "params": START, "t_u": T_UN, "t_c": T_C}
    value = call(student, "training_loop", arguments)
    return arguments, value, capsys.readouterr().out if capsys else ""


@pytest.mark.training_loop
def test_training_leaves_the_callers_params_alone():
    params = START.clone()
    arguments = {"n_epochs": 3, "learning_rate": 1e-4, "params": params, "t_u": T_UN, "t_c": T_C}
    call(student, "training_loop", arguments, clone=False)
    if not torch.equal(params, START):
        pytest.fail(f"training_loop: it changed the params that it was given to {params}", pytrace=False)


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("n_epochs", "params"),
    [
        (0, [1.0, 1.0, 0.0]),
        (1, [0.8260469, 0.9720321, -0.0048176]),
        (2, [0.6929254, 0.9504489, -0.0085821]),
        (3, [0.5910581, 0.9337529, -0.0115406]),
    ],
)
def test_training_for_a_few_epochs(n_epochs, params):
    arguments, value, _ = train(n_epochs, 1e-4)
    trained(arguments, value, params, atol=1e-5)


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("learning_rate", "params"),
    [(1e-4, [0.55700, -0.88807, -0.87535]), (1e-5, [0.315538, 0.540066, -0.171212])],
    ids=["1e-4", "1e-5"],
)
def test_training_for_5000_epochs(learning_rate, params):
    arguments, value, _ = train(5000, learning_rate)
    trained(arguments, value, params, rtol=1e-4)


@pytest.mark.training_loop
def test_training_on_moved_readings():
    arguments = {"n_epochs": 200, "learning_rate": 0.2, "params": START, "t_u": V, "t_c": T_C}
    trained(arguments, call(student, "training_loop", arguments), [1.132173, 10.612944, 8.806662], rtol=1e-4)


def printed_losses(printed):
    """Return the loss of each epoch that is printed."""
    found = re.finditer(r"(?i)epoch\W*(\d+)\W+loss\D*?(inf|[\d.]+(?:e[-+]?\d+)?)", printed)
    return {int(head[1]): head[2] for head in found}


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("learning_rate", "losses"),
    [
        (1e-4, [10.708596, 8.642083, 7.171005, 6.123477, 5.377227, 4.845285, 4.465788, 4.194724, 4.000802, 3.861744]),
        (1e-5, [13.269523, 12.944256]),
    ],
    ids=["1e-4", "1e-5"],
)
def test_training_prints_every_500_epochs(learning_rate, losses, capsys):
    _, _, printed = train(500 * len(losses), learning_rate, capsys)
    found = printed_losses(printed)
    for epoch, loss in zip(range(500, 5001, 500), losses, strict=False):
        shown = found.get(epoch, "nan")
        if not math.isclose(float(shown), loss, rel_tol=1e-5):
            pytest.fail(
                f'training_loop: "Epoch {epoch}, Loss {loss:.6f}" is expected among what is printed; '
                f"found for epoch {epoch}: {'nothing' if shown == 'nan' else shown}\n"
                f"hint         {HINTS['training_loop']}",
                pytrace=False,
            )


@pytest.mark.training_loop
@examples
@given(drawn=data())
def test_training_on_any_data(drawn):
    # Three steps, each along the slopes of the loss, measured by central differences.
    t_u, t_c, *start = drawn.values()
    start = params = torch.stack(start)
    for _ in range(3):
        params = params - 1e-5 * slopes_of(t_u, t_c, params)
    arguments = {"n_epochs": 3, "learning_rate": 1e-5, "params": start, "t_u": t_u, "t_c": t_c}
    answer(student, "training_loop", arguments, params, rtol=1e-6, atol=1e-6, hint=HINTS["training_loop"])


# split


def divided(n, validation_share, seed):
    """Split by a fresh generator; return the call in words, both parts, and what the generator draws next."""
    said = f"split({n}, {validation_share}, torch.Generator().manual_seed({seed}))"
    generator = torch.Generator().manual_seed(seed)
    with trying("split", said):
        value = function_of(student, "split")(n, validation_share, generator)
    if not isinstance(value, tuple | list) or len(value) != 2:
        pytest.fail(f"split: two things have to come back, and it returned {value}\nyou called   {said}", pytrace=False)
    return said, value, torch.randperm(5, generator=generator)


def expect_parts(n, validation_share, seed, training, validation):
    said, found, _ = divided(n, validation_share, seed)
    for name, part, expected in zip(("training", "validation"), found, (training, validation), strict=True):
        numbers = torch.tensor([]) if isinstance(part, list | tuple) and not part else part
        wrong = difference(numbers, torch.tensor(expected, dtype=torch.int64), atol=0.0)
        if wrong:
            pytest.fail(
                f"split: of the {name} indices {wrong.summary}\nyou called   {said}\n{wrong.evidence}\n"
                f"hint         {HINTS['split']}",
                pytrace=False,
            )


@pytest.mark.split
@pytest.mark.parametrize(
    ("n", "validation_share", "seed", "training", "validation"),
    [
        (5, 0.5, 2, [3, 4, 1], [0, 2]),
        (11, 0.2, 4, [10, 5, 6, 8, 1, 7, 0, 4, 3], [2, 9]),
        (5, 0.0, 2, [3, 4, 1, 0, 2], []),
        (5, 1.0, 2, [], [3, 4, 1, 0, 2]),
    ],
    ids=["of five", "of the thermometer", "nothing is kept back", "everything is kept back"],
)
def test_split_of_the_lesson(n, validation_share, seed, training, validation):
    expect_parts(n, validation_share, seed, training, validation)


@pytest.mark.split
@examples
@given(n=st.integers(1, 30), validation_share=st.sampled_from((0.25, 0.5, 0.75, 0.375)), seed=st.integers(0, 1000))
def test_split_cuts_the_order_that_is_drawn(n, validation_share, seed):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist()
    n_training = n - math.floor(n * validation_share)
    expect_parts(n, validation_share, seed, order[:n_training], order[n_training:])


@pytest.mark.split
def test_split_draws_one_order_and_nothing_else():
    said, _, after = divided(7, 0.3, 5)
    generator = torch.Generator().manual_seed(5)
    torch.randperm(7, generator=generator)
    if not torch.equal(after, torch.randperm(5, generator=generator)):
        pytest.fail(
            "split: after it the generator has to draw what comes after one order of the n indices, and it draws "
            f"something else\nyou called   {said}\nhint         {HINTS['split']}",
            pytrace=False,
        )


# fit


def expect_fit(arguments, value, params, on_training, on_validation, rtol=1e-5, atol=0.0):
    """Compare the three things that come back, and say which of them differs."""
    said = f"you called   {show_call('fit', arguments)}"
    if not isinstance(value, tuple | list) or len(value) != 3:
        pytest.fail(f"fit: three things have to come back, and it returned {value}\n{said}", pytrace=False)
    names = ("the params", "the losses on training", "the losses on validation")
    for name, found, expected in zip(names, value, (params, on_training, on_validation), strict=True):
        part = torch.tensor([]) if isinstance(found, list | tuple) and not found else found
        wanted = torch.as_tensor(expected)
        near = max(atol, rtol * float(wanted.abs().max())) if wanted.numel() else 0.0
        wrong = difference(part, wanted, atol=near)
        if wrong:
            text = f"fit: of {name} {wrong.summary}\n{said}\n{wrong.evidence}\nhint         {HINTS['fit']}"
            pytest.fail(text, pytrace=False)


@pytest.mark.fit
def test_fit_by_hand():
    arguments = {
        "n_epochs": 2,
        "learning_rate": 0.01,
        "params": torch.tensor([1.0, -2.0, 3.0]),
        "t_u": torch.tensor([1.0, 2.0, 3.0, 4.0]),
        "t_c": torch.tensor([1.0, 5.0, 6.0, 9.0]),
        "training": torch.tensor([0, 1, 2]),
        "validation": torch.tensor([3]),
    }
    value = call(student, "fit", arguments)
    expect_fit(arguments, value, [1.0574222, -1.9733333, 3.0080444], [1.6666667, 1.5033333], [4.0, 8.0277778])


@pytest.mark.fit
def test_fit_of_the_thermometer():
    training, validation = torch.tensor([10, 5, 6, 8, 1, 7, 0, 4, 3]), torch.tensor([2, 9])
    arguments = {"n_epochs": 200, "learning_rate": 0.2, "params": START, "t_u": V, "t_c": T_C}
    arguments |= {"training": training, "validation": validation}
    value = call(student, "fit", arguments)
    if isinstance(value, tuple | list) and len(value) == 3 and all(len(losses) == 200 for losses in value[1:]):
        value = [value[0], [value[1][0], value[1][-1]], [value[2][0], value[2][-1]]]
    params = [1.154762, 10.634510, 8.787378]
    expect_fit(arguments, value, params, [152.214325, 1.955566], [178.532761, 2.702828], rtol=1e-4)


@pytest.mark.fit
@examples
@given(drawn=data(smallest=2), n_epochs=st.integers(0, 3), kept_back=st.integers(1, 5), seed=st.integers(0, 1000))
def test_fit_learns_from_training_samples_alone(drawn, n_epochs, kept_back, seed):
    t_u, t_c, *start = drawn.values()
    start = params = torch.stack(start)
    order = torch.randperm(len(t_u), generator=torch.Generator().manual_seed(seed))
    cut = max(1, len(t_u) - kept_back)
    training, validation = order[:cut], order[cut:]
    losses = [], []
    for _ in range(n_epochs):
        for found, part in zip(losses, (training, validation), strict=True):
            found.append(mean_square(t_u[part], t_c[part], params))
        params = params - 1e-5 * slopes_of(t_u[training], t_c[training], params)
    arguments = {"n_epochs": n_epochs, "learning_rate": 1e-5, "params": start, "t_u": t_u, "t_c": t_c}
    arguments |= {"training": training, "validation": validation}
    value = call(student, "fit", arguments)
    expect_fit(arguments, value, params, *(torch.tensor(found) for found in losses), rtol=1e-6, atol=1e-6)


# every exercise


# The derivative in b may be a plain number, whatever its dtype: it changes no other tensor's.
@each(name for name in CALLED_BY_TENSORS if name != "dmodel_db")
def test_answer_has_the_dtype_of_the_data(exercise):
    for dtype in (torch.float32, torch.float64):
        value = call(student, exercise, arguments_of(exercise, dtype))
        parts = value[:1] if exercise == "fit" and value else value
        for part in parts if isinstance(parts, list | tuple) else [parts]:
            if isinstance(part, torch.Tensor) and part.dtype != dtype:
                pytest.fail(f"{exercise}: the data is {dtype}, and it returned {part.dtype}", pytrace=False)


@each(CALLED_BY_TENSORS)
def test_arguments_stay_as_they_are(exercise):
    arguments, before = arguments_of(exercise), arguments_of(exercise)
    with trying(exercise, f"{exercise}({', '.join(f'{name}=...' for name in arguments)})"):
        function_of(student, exercise)(*arguments.values())
    for name, value in arguments.items():
        if isinstance(value, torch.Tensor) and not torch.equal(value, before[name]):
            pytest.fail(f"{exercise}: it changed {name}, which it was given, to {value}", pytrace=False)
