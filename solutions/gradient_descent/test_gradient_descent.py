"""The visible tests: run `pytest` in this folder, as often as you like.

They check the numbers that the lectures print, and some properties that hold for every input.
`pytest -m grad_fn` runs the tests of one exercise. The grade comes from further tests on other data,
which also look at the tools that are not allowed.
"""

import math
import re

import pytest
import torch
from exercises import HINTS, answer, asking, call, expect, function_of, load, trying
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

student = load("gradient_descent")

# The lecture's thermometer: temperatures in degrees Celsius, and the same in an unknown unit.
T_C = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
T_U = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
T_UN = 0.1 * T_U
ONE, ZERO = torch.tensor(1.0), torch.tensor(0.0)
START = torch.tensor([1.0, 0.0])


@st.composite
def data(draw):
    """Draw some readings, as many temperatures, and a line: everything that the functions take."""
    size = draw(st.integers(1, 6))
    t_u, t_c = (
        torch.tensor(draw(st.lists(numbers(simplest), min_size=size, max_size=size)), dtype=torch.float64)
        for simplest in (3, 5)
    )
    w, b = (torch.tensor(draw(numbers(simplest)), dtype=torch.float64) for simplest in (2, -4))
    return {"t_u": t_u, "t_c": t_c, "w": w, "b": b}


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


def only(drawn, *names):
    return {name: drawn[name] for name in names}


def each(exercises):
    """Repeat a test for several exercises; each time it carries the marker of that one."""
    return pytest.mark.parametrize(
        "exercise", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in exercises]
    )


# a single error first, beside which no mean hides what else is done to it


@pytest.mark.loss_fn
def test_loss_of_one_error():
    arguments = {"t_p": torch.tensor([5.0]), "t_c": torch.tensor([2.0])}
    how = {"shapes": [(), (1,)], "hint": HINTS["loss_fn"], "matters": ("t_p", "t_c")}
    answer(student, "loss_fn", arguments, torch.tensor(9.0), **how)


# every exercise on three readings, whose numbers tell mistakes apart

TRAINS_WITH = ("n_epochs", "learning_rate", "params", "t_u", "t_c")


def arguments_of(exercise, dtype=torch.float32):
    """Return arguments of an exercise, by their names."""
    t_u, t_c = torch.tensor([2.0, 3.0, 5.0], dtype=dtype), torch.tensor([4.0, 9.0, 8.0], dtype=dtype)
    w, b = torch.tensor(1.5, dtype=dtype), torch.tensor(-2.0, dtype=dtype)
    t_p = w * t_u + b
    loop = {"n_epochs": 1, "learning_rate": 1e-2, "params": torch.stack([w, b]), "t_u": t_u, "t_c": t_c}
    return {
        "model": {"t_u": t_u, "w": w, "b": b},
        "loss_fn": {"t_p": t_p, "t_c": t_c},
        "loss_rate_of_change": {"t_u": t_u, "t_c": t_c, "w": w, "b": b, "delta": 0.5},
        "dloss_fn": {"t_p": t_p, "t_c": t_c},
        "dmodel_dw": {"t_u": t_u, "w": w, "b": b},
        "dmodel_db": {"t_u": t_u, "w": w, "b": b},
        "grad_fn": {"t_u": t_u, "t_c": t_c, "t_p": t_p, "w": w, "b": b},
        "training_loop": {**loop, "print_params": False},
    }[exercise]


@each(HINTS)
def test_three_readings(exercise):
    expected = {
        "model": [1.0, 2.5, 5.5],
        "loss_fn": 19.166667,
        "loss_rate_of_change": [-25.333333, -8.0],
        "dloss_fn": [-2.0, -4.3333333, -1.6666667],
        "dmodel_dw": [2.0, 3.0, 5.0],
        "dmodel_db": [1.0, 1.0, 1.0],
        "grad_fn": [-25.333333, -8.0],
        "training_loop": [1.7533333, -1.92],
    }[exercise]
    how = {
        "loss_fn": {"shapes": [(), (1,)]},
        "dmodel_db": {"broadcast": True},
    }.get(exercise, {})
    matters = {
        "model": ("t_u", "w", "b"),
        "loss_rate_of_change": ("t_u", "t_c", "w", "b"),
        "dmodel_dw": ("t_u",),
        "dmodel_db": (),
        "grad_fn": ("t_u", "t_c"),
        "training_loop": TRAINS_WITH,
    }.get(exercise, ("t_p", "t_c"))
    tensor = exercise in ("model", "dloss_fn", "dmodel_dw", "dmodel_db")
    arguments = arguments_of(exercise)
    hint = HINTS[exercise]
    answer(student, exercise, arguments, torch.tensor(expected), hint=hint, tensor=tensor, matters=matters, **how)


# model


@pytest.mark.model
def test_model_at_the_start():
    arguments = {"t_u": T_U, "w": ONE, "b": ZERO}
    answer(student, "model", arguments, T_U, hint=HINTS["model"], matters=("t_u", "w", "b"))


@pytest.mark.model
@examples
@given(drawn=data())
def test_model_scales_and_shifts(drawn):
    arguments = only(drawn, "t_u", "w", "b")
    expected = torch.stack([drawn["w"] * reading + drawn["b"] for reading in drawn["t_u"]])
    answer(student, "model", arguments, expected, atol=1e-9, hint=HINTS["model"])


# loss_fn


@pytest.mark.loss_fn
@pytest.mark.parametrize(("t_p", "loss"), [(T_U, 1763.8846), (T_UN, 80.364342)], ids=["raw", "scaled"])
def test_loss_at_the_start(t_p, loss):
    arguments = {"t_p": t_p, "t_c": T_C}
    answer(student, "loss_fn", arguments, torch.tensor(loss), shapes=[(), (1,)], hint=HINTS["loss_fn"])


@pytest.mark.loss_fn
def test_loss_of_two_opposite_errors():
    arguments = {"t_p": torch.tensor([1.0, 5.0]), "t_c": torch.tensor([2.0, 4.0])}
    answer(student, "loss_fn", arguments, torch.tensor(1.0), shapes=[(), (1,)], hint=HINTS["loss_fn"])


@pytest.mark.loss_fn
def test_loss_can_be_differentiated():
    t_p = torch.tensor([3.0, 5.0], requires_grad=True)
    loss = call(student, "loss_fn", {"t_p": t_p, "t_c": torch.tensor([1.0, 1.0])}, clone=False)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        pytest.fail("loss_fn: nothing leads from the loss back to t_p; return the tensor itself", pytrace=False)
    if loss.numel() != 1:
        pytest.fail(f"loss_fn: a loss is one number, and it returned {loss.numel()} of them", pytrace=False)
    loss.sum().backward()
    expect("the gradient of loss_fn", {"t_p": t_p.detach()}, t_p.grad, torch.tensor([2.0, 4.0]))


# loss_rate_of_change


@pytest.mark.loss_rate_of_change
def test_slopes_at_the_start():
    arguments = {"t_u": T_U, "t_c": T_C, "w": ONE, "b": ZERO}
    expected = torch.tensor([4517.297, 82.600])
    answer(student, "loss_rate_of_change", arguments, expected, hint=HINTS["loss_rate_of_change"])


@pytest.mark.loss_rate_of_change
@pytest.mark.parametrize("delta", [0.1, 0.5, 4.0])
def test_slopes_of_a_parabola_are_exact(delta):
    # One sample: the loss is (2 w + b - 1)^2, its slopes at w=3, b=5 are 2 * 10 * 2 and 2 * 10.
    one = torch.ones(1, dtype=torch.float64)
    arguments = {"t_u": 2 * one, "t_c": one, "w": 3 * one[0], "b": 5 * one[0], "delta": delta}
    expected = torch.tensor([40.0, 20.0], dtype=torch.float64)
    answer(student, "loss_rate_of_change", arguments, expected, hint=HINTS["loss_rate_of_change"])


# dloss_fn


@pytest.mark.dloss_fn
def test_dloss_of_two_predictions():
    arguments = {"t_p": torch.tensor([3.0, 5.0]), "t_c": torch.tensor([1.0, 6.0])}
    answer(student, "dloss_fn", arguments, torch.tensor([2.0, -1.0]), hint=HINTS["dloss_fn"])


@pytest.mark.dloss_fn
@examples
@given(drawn=data())
def test_dloss_is_the_slope_of_the_loss(drawn):
    # A square's central difference is exact, so each entry can be measured.
    t_p, t_c = drawn["t_u"], drawn["t_c"]
    steps = torch.eye(len(t_p), dtype=torch.float64)
    expected = torch.stack([(((t_p + e - t_c) ** 2).mean() - ((t_p - e - t_c) ** 2).mean()) / 2 for e in steps])
    answer(student, "dloss_fn", {"t_p": t_p, "t_c": t_c}, expected, atol=1e-9, hint=HINTS["dloss_fn"])


# dmodel_dw


@pytest.mark.dmodel_dw
@examples
@given(drawn=data())
def test_dmodel_dw_is_the_slope_of_the_model(drawn):
    t_u, w, b = drawn["t_u"], drawn["w"], drawn["b"]
    expected = ((w + 1) * t_u + b) - (w * t_u + b)
    answer(student, "dmodel_dw", only(drawn, "t_u", "w", "b"), expected, atol=1e-9, hint=HINTS["dmodel_dw"])


# dmodel_db


@pytest.mark.dmodel_db
@examples
@given(drawn=data())
def test_dmodel_db_is_the_slope_of_the_model(drawn):
    t_u, w, b = drawn["t_u"], drawn["w"], drawn["b"]
    expected = (w * t_u + b + 1) - (w * t_u + b)
    arguments = only(drawn, "t_u", "w", "b")
    answer(student, "dmodel_db", arguments, expected, atol=1e-9, broadcast=True, hint=HINTS["dmodel_db"])


# grad_fn


@pytest.mark.grad_fn
def test_gradient_at_the_start():
    arguments = {"t_u": T_U, "t_c": T_C, "t_p": T_U, "w": ONE, "b": ZERO}
    answer(student, "grad_fn", arguments, torch.tensor([4517.2969, 82.6000]), hint=HINTS["grad_fn"])


@pytest.mark.grad_fn
@examples
@given(drawn=data())
def test_gradient_is_the_slope_of_the_loss(drawn):
    t_u, t_c, w, b = (drawn[name] for name in ("t_u", "t_c", "w", "b"))

    def loss(w, b):
        return ((w * t_u + b - t_c) ** 2).mean()

    expected = torch.stack([(loss(w + 1, b) - loss(w - 1, b)) / 2, (loss(w, b + 1) - loss(w, b - 1)) / 2])
    arguments = {"t_u": t_u, "t_c": t_c, "t_p": w * t_u + b, "w": w, "b": b}
    answer(student, "grad_fn", arguments, expected, atol=1e-8, hint=HINTS["grad_fn"])


# training_loop


def trained(arguments, value, params, **how):
    how |= {"hint": HINTS["training_loop"], "ask": asking(student, "training_loop"), "matters": TRAINS_WITH}
    if arguments["n_epochs"] == 0:
        how["matters"] = ("n_epochs", "params")
    expect("training_loop", arguments, value, torch.tensor(params), **how)


def train(n_epochs, learning_rate, t_u, capsys=None):
    arguments = {"n_epochs": n_epochs, "learning_rate": learning_rate, "params": START, "t_u": t_u, "t_c": T_C}
    value = call(student, "training_loop", arguments)
    return arguments, value, capsys.readouterr().out if capsys else ""


@pytest.mark.training_loop
def test_training_leaves_the_callers_params_alone():
    params = START.clone()
    arguments = {"n_epochs": 3, "learning_rate": 1e-2, "params": params, "t_u": T_UN, "t_c": T_C}
    call(student, "training_loop", arguments, clone=False)
    if not torch.equal(params, START):
        pytest.fail(f"training_loop: it changed the params that it was given to {params}", pytrace=False)


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("n_epochs", "params"),
    [(0, [1.0, 0.0]), (1, [1.7761, 0.1064]), (2, [2.0848, 0.1303]), (3, [2.2094, 0.1217]), (10, [2.3232, -0.0710])],
)
def test_training_for_a_few_epochs(n_epochs, params):
    arguments, value, _ = train(n_epochs, 1e-2, T_UN)
    trained(arguments, value, params, atol=1e-4)


@pytest.mark.training_loop
def test_training_for_5000_epochs():
    arguments, value, _ = train(5000, 1e-2, T_UN)
    trained(arguments, value, [5.3671, -17.3012], rtol=1e-4)


@pytest.mark.training_loop
def test_training_slowly_on_the_raw_data():
    arguments, value, _ = train(100, 1e-4, T_U)
    trained(arguments, value, [0.2327, -0.0438], atol=1e-4)


def path_of(n_epochs, learning_rate, t_u):
    """Return the params at the start and after each epoch, by the formula of the slopes."""
    path = [START.double()]
    for _ in range(n_epochs):
        errors = path[-1][0] * t_u + path[-1][1] - T_C
        path.append(path[-1] - learning_rate * 2 * torch.stack([(errors * t_u).mean(), errors.mean()]))
    return path


@pytest.mark.training_loop
def test_training_that_diverges_stops():
    # The loss becomes infinite at epoch 11; where it is added up in another way, an epoch or so later.
    _, value, _ = train(100, 1e-2, T_U)
    try:
        last = torch.stack([torch.as_tensor(part).double() for part in value])
    except (TypeError, ValueError, RuntimeError):
        last = torch.full((2,), math.nan, dtype=torch.float64)
    if not any(torch.allclose(last, params, rtol=1e-3) for params in path_of(16, 1e-2, T_U)[11:]):
        pytest.fail(
            "training_loop: with a learning rate of 1e-2 the raw data diverges. Stop after the first epoch whose "
            f"loss is not finite: [-1.8590e+19, -3.2746e+17] is expected, and it returned {value}",
            pytrace=False,
        )


def printed_by_epoch(printed):
    """Return the loss and the text of each epoch that is printed."""
    heads = list(re.finditer(r"(?i)epoch\W*(\d+)\W+loss\D*?(inf|[\d.]+(?:e[-+]?\d+)?)", printed))
    ends = [*(head.start() for head in heads), len(printed)][1:]
    return {int(head[1]): (head[2], printed[head.end() : end]) for head, end in zip(heads, ends, strict=True)}


def expect_losses(printed, losses):
    found = printed_by_epoch(printed)
    for epoch, loss in losses.items():
        shown = found.get(epoch, ("nan", ""))[0]
        if not math.isclose(float(shown), loss, rel_tol=1e-5):
            later = math.isclose(float(shown), losses.get(epoch + 1, math.nan), rel_tol=1e-5)
            pytest.fail(
                f'training_loop: "Epoch {epoch}, Loss {loss:.6f}" is expected among what is printed; '
                f"found for epoch {epoch}: {'nothing' if shown == 'nan' else shown}"
                f"{f', which is the loss of epoch {epoch + 1}' if later else ''}\n"
                f"hint         {HINTS['training_loop']}",
                pytrace=False,
            )


@pytest.mark.training_loop
def test_training_prints_epochs_and_losses(capsys):
    early = {1: 80.364342, 2: 37.574917, 3: 30.871077, 10: 29.030487, 11: 28.941875, 99: 22.214186, 100: 22.148710}
    _, _, printed = train(5000, 1e-2, T_UN, capsys)
    expect_losses(printed, {**early, 4000: 2.927680, 5000: 2.927648})


# What the lectures print: the params after an epoch, and the gradient.
ON_SCALED_DATA = {
    1: ([1.7761, 0.1064], [-77.6140, -10.6400]),
    2: ([2.0848, 0.1303], [-30.8623, -2.3864]),
    3: ([2.2094, 0.1217], [-12.4631, 0.8587]),
    10: ([2.3232, -0.0710], [-0.5355, 2.9295]),
    11: ([2.3284, -0.1003], [-0.5240, 2.9264]),
    99: ([2.7508, -2.4910], [-0.4453, 2.5208]),
    100: ([2.7553, -2.5162], [-0.4446, 2.5165]),
}
SLOWLY_ON_RAW_DATA = {
    1: ([0.5483, -0.0083], [4517.2969, 82.6000]),
    2: ([0.3623, -0.0118], [1859.5493, 35.7843]),
    3: ([0.2858, -0.0135], [765.4667, 16.5122]),
    10: ([0.2324, -0.0166], [1.4803, 3.0544]),
    11: ([0.2323, -0.0169], [0.5781, 3.0384]),
    99: ([0.2327, -0.0435], [-0.0533, 3.0226]),
    100: ([0.2327, -0.0438], [-0.0532, 3.0226]),
}
DIVERGING = {
    1: ([-44.1730, -0.8260], [4517.2969, 82.6000]),
    2: ([2568.4014, 45.1637], [-261257.4219, -4598.9712]),
    3: ([-148527.7344, -2616.3933], [15109614.0, 266155.7188]),
    10: ([3.2144e17, 5.6621e15], [-3.2700e19, -5.7600e17]),
    11: ([-1.8590e19, -3.2746e17], [1.8912e21, 3.3313e19]),
}


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("t_u", "learning_rate", "expected"),
    [(T_UN, 1e-2, ON_SCALED_DATA), (T_U, 1e-4, SLOWLY_ON_RAW_DATA), (T_U, 1e-2, DIVERGING)],
    ids=["scaled", "raw and slow", "raw and diverging"],
)
def test_training_prints_params_and_gradient(t_u, learning_rate, expected, capsys):
    # The params before a step and those after it are both right.
    path = path_of(100, learning_rate, t_u)
    _, _, printed = train(100, learning_rate, t_u, capsys)
    found = printed_by_epoch(printed)
    for epoch, (params, gradient) in expected.items():
        _, text = found.get(epoch, ("", ""))
        if epoch == 11 and epoch not in found and expected is DIVERGING:
            continue  # it may stop before it prints
        numbers = [float(number) for number in re.findall(r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?", text)]

        def shown(values, numbers=numbers):
            near = [any(math.isclose(v, n, rel_tol=1e-3, abs_tol=2e-4) for n in numbers) for v in values]
            return all(near)

        if not (shown(params) or shown(path[epoch - 1].tolist())) or not shown(gradient):
            pytest.fail(
                "training_loop: with print_params=True, which is the default, the params and the gradient are "
                f"expected among what is printed, in epoch {epoch} {params} and {gradient}; found there\n{text}",
                pytrace=False,
            )


@pytest.mark.training_loop
@pytest.mark.parametrize(
    ("learning_rate", "losses"),
    [
        (
            1e-4,
            {1: 1763.884644, 2: 323.090546, 3: 78.929634, 10: 29.105242, 11: 29.104168, 99: 29.023582, 100: 29.022669},
        ),
        (1e-2, {1: 1763.884644, 2: 5802485.5, 3: 19408035840.0, 10: 9.0901154706620645e34}),
    ],
    ids=["slow", "diverging"],
)
def test_training_prints_losses_on_the_raw_data(learning_rate, losses, capsys):
    _, _, printed = train(100, learning_rate, T_U, capsys)
    expect_losses(printed, losses)
    loss, _ = printed_by_epoch(printed).get(11, ("inf", ""))
    if learning_rate == 1e-2 and float(loss) < 3e38:  # it may stop before it prints, or add up in another way
        pytest.fail(f'training_loop: "Epoch 11, Loss inf" is expected, and "{loss}" is printed', pytrace=False)


@pytest.mark.training_loop
@examples
@given(drawn=data())
def test_training_on_any_data(drawn):
    # Three steps, each along the slopes of the loss, measured by central differences.
    t_u, t_c = drawn["t_u"], drawn["t_c"]
    start = torch.stack([drawn["w"], drawn["b"]])

    def loss(w, b):
        return ((w * t_u + b - t_c) ** 2).mean()

    params = start
    for _ in range(3):
        w, b = params
        slopes = [(loss(w + 1, b) - loss(w - 1, b)) / 2, (loss(w, b + 1) - loss(w, b - 1)) / 2]
        params = params - 1e-3 * torch.stack(slopes)
    arguments = {"n_epochs": 3, "learning_rate": 1e-3, "params": start, "t_u": t_u, "t_c": t_c, "print_params": False}
    answer(student, "training_loop", arguments, params, rtol=1e-6, atol=1e-6, hint=HINTS["training_loop"])


# every exercise


# The derivative in b may be a plain number, whatever its dtype: it changes no other tensor's.
@each(name for name in HINTS if name != "dmodel_db")
def test_answer_has_the_dtype_of_the_data(exercise):
    for dtype in (torch.float32, torch.float64):
        value = call(student, exercise, arguments_of(exercise, dtype))
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, torch.Tensor) and part.dtype != dtype:
                pytest.fail(f"{exercise}: the data is {dtype}, and it returned {part.dtype}", pytrace=False)


@each(HINTS)
def test_arguments_stay_as_they_are(exercise):
    arguments, before = arguments_of(exercise), arguments_of(exercise)
    with trying(exercise, f"{exercise}({', '.join(f'{name}=...' for name in arguments)})"):
        function_of(student, exercise)(*arguments.values())
    for name, value in arguments.items():
        if isinstance(value, torch.Tensor) and not torch.equal(value, before[name]):
            pytest.fail(f"{exercise}: it changed {name}, which it was given, to {value}", pytrace=False)
