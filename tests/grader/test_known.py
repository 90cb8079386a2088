"""Another function that is well known is told by its name, where its numbers are the student's in all calls."""

import pytest
import torch
from torch.nn import functional
from what_else import searched

from grader.answers.signatures import signature_of

P, Y = torch.tensor([2.5, 6.0, 13.0, -3.0, 7.0, 4.5, -8.0]), torch.tensor([5.0, 4.0, 9.0, -2.0, 8.0, 6.5, -3.0])
LOSS = {"p": P.double(), "y": Y.double()}
NEAR = {"p": (P / 7).double(), "y": (Y / 9).double()}
Z = {"z": torch.tensor([-0.7, 1.3, 2.4, -3.5], dtype=torch.float64)}
ELU = {**Z, "alpha": 1.7}


def squares(p, y):
    return ((p - y) ** 2).mean()


def slopes(p, y):
    return 2 * (p - y) / len(p)


def huber(p, y):
    return functional.huber_loss(p, y)


def tanh(z):
    return torch.tanh(z)


def relu(z):
    return torch.relu(z)


def elu(z, alpha):
    return torch.where(z > 0, z, alpha * torch.expm1(z.clamp(max=0)))


CASES = {
    "median": (lambda p, y: ((p - y) ** 2).median(), squares, LOSS, "the median of the squared differences"),
    "huber": (huber, squares, LOSS, "the mean of Huber's losses of `p` and `y`"),
    "log cosh": (lambda p, y: (p - y).cosh().log().mean(), squares, LOSS, "the logarithms of cosh"),
    "relative": (lambda p, y: (((p - y) / y) ** 2).mean(), squares, LOSS, "over the square of `y`"),
    "variance": (
        lambda p, y: (p - y).var(),
        squares,
        LOSS,
        "the variance of the differences of `p` and `y`, over N - 1",
    ),
    "over a variance": (
        lambda p, y: ((p - y) ** 2).mean() / y.var(unbiased=False),
        squares,
        LOSS,
        "over the variance of `y`",
    ),
    "a factor": (lambda p, y: 0.3 * (p - y).abs().max(), squares, LOSS, "the largest of the absolute differences"),
    "slope of another loss": (
        lambda p, y: (p - y).clamp(-1, 1) / len(p),
        slopes,
        NEAR,
        "the derivative of the mean of Huber's losses of `p` and `y` in `p`",
    ),
    "silu": (lambda z: z * torch.sigmoid(z), relu, Z, "the SiLU of `z`"),
    "stretched": (
        lambda z: 3 * torch.sigmoid(z) - 1,
        tanh,
        Z,
        "the sigmoid of `z`, times 3, and -1 more",
    ),
    "slope of an activation": (
        lambda z: 1 - torch.tanh(z) ** 2,
        lambda z: torch.sigmoid(z) * (1 - torch.sigmoid(z)),
        Z,
        "the derivative of tanh of `z`",
    ),
    "powers": (
        lambda z: torch.sigmoid(z) ** 2,
        lambda z: torch.sigmoid(z) * (1 - torch.sigmoid(z)),
        Z,
        "it is s^2, where s is the sigmoid of `z`",
    ),
    "with a number": (lambda z, alpha: alpha * functional.elu(z), elu, ELU, "`alpha` times the ELU of `z`"),
}


@pytest.mark.parametrize("case", CASES)
def test_known_function_is_named(case):
    wrong, right, arguments, text = CASES[case]

    found = searched(wrong, right, arguments)

    assert text in found
    assert found.startswith("in all ")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda p, y: (p - y).abs().mean() + 0.1 * (p * y).mean() - 0.7 * (p * p).median(),
        lambda p, y: ((p - y) ** 2)[:-1].mean() + p[0] / (3 + y[2] ** 2),
    ],
)
def test_nothing_is_said_of_what_is_no_known_function(wrong):
    assert searched(wrong, squares, LOSS) == ""


def test_what_agrees_in_the_first_calls_alone_is_not_named():
    def wrong(z):  # from 5 on it is no ReLU6
        return torch.where(z < 5, z.clamp(0, 6), z / 3)

    assert "ReLU6" not in searched(wrong, relu, {"z": torch.tensor([-1.0, 2.0, 3.0, 4.0])})


def test_student_is_told_without_anybody_who_knows_what_is_right():
    found = signature_of(LOSS, CASES["median"][0](**LOSS), squares(**LOSS), lambda others: CASES["median"][0](**others))

    assert found is not None
    assert found.name == "another_function"


def test_constant_is_no_known_function():
    found = signature_of(Z, torch.full((4,), 0.25), torch.relu(Z["z"]), lambda _: torch.full((4,), 0.25))

    assert found is None or found.name != "another_function"


def test_of_one_sample_no_loss_is_named():
    one = {"p": torch.tensor([3.0]), "y": torch.tensor([5.0])}

    found = signature_of(one, squares(**one) / 2, squares(**one), lambda others: squares(**others) / 2)

    assert found is None or found.name != "another_function"
