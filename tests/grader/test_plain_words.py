"""The commonest errors of beginners in plain words: each is provoked in the installed torch."""

# ruff: noqa: PLW0108 - what is provoked is looked up when it is called

import math
import re

import pytest
import torch
from torch import nn

from grader.answers.plain_words import TABLE, plain_words

TWO, ELEVEN, TABLE_OF_SIX = torch.ones(2), torch.ones(11), torch.ones(2, 3)
WHOLE, WIDE, MASK, NUMBER = torch.tensor([1, 2]), torch.ones(2).double(), torch.ones(2) > 0, torch.tensor(1.0)


def leaf():
    return torch.ones(2, requires_grad=True)


def a_step_in_place():
    params = leaf()
    params -= 0.1


def backward_twice():
    loss = (leaf() ** 2).sum()
    loss.backward()
    loss.backward()


def overwritten():
    y = leaf().exp()
    y += 1
    y.sum().backward()


def given_a_gradient_of_another_dtype():
    leaf().grad = WIDE


def given_a_number_as_gradient():
    leaf().grad = 1.0


def used_before_it_has_a_value():
    if TWO.dim() > 1:
        loss = 1
    return loss


def mean_by_its_name():
    return mean(TWO)  # noqa: F821


def weights_of_nobody():
    return weights * 2  # noqa: F821


def two_arguments(w, b):
    return w + b


# What a beginner writes, and a word of what is said about it.
WRITTEN = {
    "in place": (a_step_in_place, "changed in place"),
    "no way back": (lambda: TWO.sum().backward(), "nothing leads from this number back"),
    "several numbers": ((leaf() * 2).backward, "starts at one number"),
    "backward twice": (backward_twice, "called twice"),
    "another leaf": (lambda: torch.autograd.grad(leaf().sum(), [leaf()]), "not computed"),
    "no leaf": (lambda: torch.autograd.grad(leaf().sum(), [TWO]), "does not require one"),
    "overwritten": (overwritten, "overwritten"),
    "numpy": (lambda: leaf().numpy(), "NumPy"),
    "no gradient yet": (lambda: leaf().grad.zero_(), "until the first `backward`"),
    "None in a sum": (lambda: TWO - leaf().grad, "One side of this is None"),
    "None first": (lambda: None * TWO, "One side of this is None"),
    "no leaf to optimize": (lambda: torch.optim.SGD([leaf() * 2], lr=0.1), "computed from others"),
    "no list to optimize": (lambda: torch.optim.SGD(leaf(), lr=0.1), "takes a list"),
    "whole numbers that require grad": (lambda: torch.tensor([1, 2], requires_grad=True), "whole numbers"),
    "whole numbers later": (lambda: WHOLE.clone().requires_grad_(), "whole numbers"),
    "gradient of another dtype": (given_a_gradient_of_another_dtype, "same shape and dtype"),
    "gradient that is a number": (given_a_number_as_gradient, "same shape and dtype"),
    "sizes": (lambda: ELEVEN * TWO, "11 and 2 entries"),
    "product of matrices": (lambda: TABLE_OF_SIX @ TABLE_OF_SIX, "2x3 and 2x3"),
    "matrix and vector": (lambda: TABLE_OF_SIX @ TWO, "do not fit this product"),
    "dot": (lambda: torch.dot(TWO, ELEVEN), "do not fit this product"),
    "stack": (lambda: torch.stack([TWO, NUMBER]), "puts tensors of one shape"),
    "cat": (lambda: torch.cat([NUMBER, NUMBER]), "joins rows"),
    "dimension": (lambda: TWO.mean(dim=1), "no dimension 1"),
    "reshape": (lambda: torch.ones(6).reshape(4, 2), "than the 6"),
    "index": (lambda: TWO[2], "no entry 2"),
    "index of a number": (lambda: NUMBER[0], "single number"),
    "loop over a number": (lambda: list(NUMBER), "single number"),
    "length of a number": (lambda: len(NUMBER), "single number"),
    "dtypes of a product": (lambda: TABLE_OF_SIX.T @ WIDE, "two dtypes"),
    "dtypes of matrices": (lambda: TABLE_OF_SIX.T @ torch.ones(2, 2).double(), "two dtypes"),
    "dtypes of a dot": (lambda: torch.dot(TWO, WIDE), "two dtypes"),
    "float of several": (lambda: float(TWO), "one Python number"),
    "item of several": (lambda: TWO.item(), "one Python number"),
    "math": (lambda: math.exp(TWO), "one Python number"),
    "tensor of tensors": (lambda: torch.tensor([TWO, TWO]), "one Python number"),
    "if": (lambda: 1 if TWO > 0 else 0, "single True or False"),
    "loss that is not made": (lambda: nn.MSELoss(TWO, TWO), "single True or False"),
    "minus of a mask": (lambda: -MASK, "True and False"),
    "one minus a mask": (lambda: 1 - MASK, "True and False"),
    "mask minus mask": (lambda: MASK - MASK, "True and False"),
    "mean of a mask": (lambda: MASK.mean(), "no dtype of its own"),
    "mean of whole numbers": (lambda: WHOLE.mean(), "no dtype of its own"),
    "into whole numbers": (lambda: WHOLE.clone().add_(0.5), "can't be written into"),
    "where": (lambda: torch.where(TWO, 1.0, 0.0), "yes or no"),
    "power": (lambda: TWO ^ 2, "no power"),
    "power of a number": (lambda: 2.0 ^ 2, "no power"),
    "number in torch": (lambda: torch.sqrt(2.0), "got a float"),
    "list in torch": (lambda: torch.mean([1.0, 2.0]), "got a list"),
    "max with zero": (lambda: torch.max(0, TWO), "`max` can't be called"),
    "stack of numbers": (lambda: torch.stack([1.0, 2.0]), "takes a list of tensors"),
    "stack without brackets": (lambda: torch.stack(TWO, TWO), "takes a list of tensors"),
    "method times number": (lambda: TWO.mean * 2, "not called"),
    "method of a method": (lambda: TWO.square.sum(), "not called"),
    "method with an index": (lambda: TWO.tolist[0], "not called"),
    "tensor called": (lambda: TWO(3), "followed by brackets"),
    "shape called": (lambda: TWO.shape(), "followed by brackets"),
    "list minus tensor": (lambda: [1.0, 2.0] - TWO, "A Python list"),
    "tensor minus tuple": (lambda: TWO - (1.0, 2.0), "A Python tuple"),
    "mean": (mean_by_its_name, "no `mean` of its own"),
    "unknown name": (weights_of_nobody, "nothing is called `weights`"),
    "no value yet": (used_before_it_has_a_value, "`loss` is given a value"),
    "layer that is not made": (lambda: nn.Sigmoid(TWO), "more arguments than it has"),
    "too few arguments": (lambda: two_arguments(TWO), "`two_arguments` was called without 'b'"),
    "no method": (lambda: TWO.append(1), "no `.append`"),
    "no function": (lambda: torch.mse_loss(TWO, TWO), "no `mse_loss`"),
}


def error_of(function):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any kind
        function()
    return f"{type(caught.value).__name__}: {caught.value}"


@pytest.mark.parametrize("name", WRITTEN)
def test_error_of_beginners_is_said_in_plain_words(name):
    function, word = WRITTEN[name]

    found = plain_words(error_of(function))

    assert found is not None
    meaning, look = found
    assert word.lower() in meaning.lower()
    assert look


def test_every_line_of_the_table_is_provoked():
    errors = [error_of(function) for function, _ in WRITTEN.values()]

    meant = {next(words for words in TABLE if re.search(words.pattern, error)) for error in errors}

    assert set(TABLE) - meant == set()


def test_other_errors_are_left_as_they_are():
    assert plain_words("ZeroDivisionError: division by zero") is None
    assert plain_words("") is None
