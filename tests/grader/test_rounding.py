"""Equal but for rounding: what each comparison takes for the same, and what it does not."""

import math

import pytest
import torch

from grader.answers.rounding import (
    FACTOR,
    LOSS_DIGITS,
    REPEATED,
    ROUNDING,
    SMALLEST_SIZE,
    TENSOR_DIGITS,
    distance,
    is_near,
    is_repeated,
    is_within,
    largest,
    near_entries,
    same_factor,
)

NAN, INF = math.nan, math.inf


def tensor(*values, dtype=torch.float64):
    return torch.tensor(values, dtype=dtype)


EMPTY = tensor()


@pytest.mark.parametrize(
    ("numbers", "size"),
    [
        (tensor(1.0, -3.0), 3.0),
        (tensor(NAN, -2.0, INF), 2.0),
        (tensor(NAN, INF), 0.0),
        (torch.tensor(-4.0), 4.0),
        (EMPTY, 0.0),
    ],
)
def test_largest_is_the_size_of_the_largest_finite_entry(numbers, size):
    assert largest(numbers) == size


def test_largest_of_zeros_is_the_least_that_was_said():
    assert largest(torch.zeros(2), least=SMALLEST_SIZE) == SMALLEST_SIZE


def test_near_is_relative_to_the_largest_entry():
    numbers = tensor(100.0, 1.0)

    assert is_near(numbers, numbers + tensor(0.0, 99 * ROUNDING), ROUNDING)
    assert not is_near(numbers, numbers + tensor(0.0, 101 * ROUNDING), ROUNDING)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (tensor(NAN), tensor(NAN)),
        (tensor(INF), tensor(INF)),
        (tensor(1.0), torch.tensor(1.0, dtype=torch.float64)),
        (tensor(1.0, 1.0), tensor(1.0)),
    ],
)
def test_near_takes_finite_numbers_in_one_shape(one, other):
    assert not is_near(one, other, ROUNDING)


@pytest.mark.parametrize(
    ("one", "other"),
    [(EMPTY, EMPTY), (tensor(0.0), tensor(-0.0)), (torch.tensor(2.0), torch.tensor(2.0))],
    ids=["nothing", "zeros of two signs", "single numbers"],
)
def test_equal_answers_are_near_with_no_tolerance_at_all(one, other):
    assert is_near(one, other, 0.0)


def test_near_entries_holds_each_entry_to_its_own_size():
    assert near_entries(tensor(100.0, 1.001), tensor(100.0, 1.0), 1e-4) == [True, False]


def test_within_takes_infinities_as_equal_and_nans_where_it_is_said():
    both = tensor(INF, NAN)

    assert is_within(tensor(INF, -INF), tensor(INF, -INF), 0.0)
    assert not is_within(tensor(INF), tensor(-INF), 1.0)
    assert not is_within(both, both, 1.0)
    assert is_within(both, both, 0.0, nan=True)
    assert not is_within(tensor(1.0), tensor(NAN), 1.0, nan=True)


def test_repeated_is_the_same_in_dtype_shape_and_all_but_the_last_digits():
    first = tensor(1.0, NAN)

    assert is_repeated(first, first * (1 + 0.9 * REPEATED))
    assert not is_repeated(first, first * (1 + 1.1 * REPEATED))
    assert not is_repeated(first, first.float())
    assert not is_repeated(tensor(1.0), torch.tensor(1.0, dtype=torch.float64))


@pytest.mark.parametrize("factor", [2.0, -0.5, 1 / 7])
def test_factor_is_known_to_its_tolerance(factor):
    assert same_factor(factor * (1 + 0.9 * FACTOR), factor)
    assert not same_factor(factor * (1 + 1.1 * FACTOR), factor)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (tensor(4.0, 1.0), tensor(4.0, 2.0), 0.25),
        (tensor(0.0), tensor(0.0), 0.0),
        (tensor(1e-10), tensor(0.0), 0.1),  # of the smallest size
        (tensor(NAN, INF), tensor(NAN, INF), 0.0),
        (tensor(1.0, INF), tensor(1.0, -INF), INF),
        (tensor(1.0, NAN), tensor(1.0, 2.0), INF),
        (tensor(NAN, NAN, 1.0), tensor(NAN, INF, 1.0), 0.0),  # beside a nan in both
        (tensor(NAN, NAN), tensor(NAN, 1.0), INF),
        (EMPTY, EMPTY, 0.0),
    ],
)
def test_distance_is_of_the_finite_entries_at_the_size_of_the_largest(one, other, apart):
    assert distance(one, other) == pytest.approx(apart)
    assert distance(other, one) == pytest.approx(apart)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.123456, "0.1235"), (123.456789, "123.4568"), (1234567.8, "1.2346e+06"), (-2.5, "-2.5000")],
)
def test_tensor_digits_are_those_that_torch_prints(value, written):
    assert TENSOR_DIGITS.show(value, float(written))
    assert not TENSOR_DIGITS.show(value * 1.01, float(written))


@pytest.mark.parametrize("form", ["{:.4f}", "{:f}", "{!r}"])
def test_loss_digits_are_those_that_a_loop_prints(form):
    loss = 29.9048213

    assert LOSS_DIGITS.show(loss, float(form.format(loss)))
    assert not LOSS_DIGITS.show(loss, float(form.format(loss + 2e-4)))
