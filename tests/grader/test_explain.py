"""The explanation of a difference: accepted conventions are accepted, and a fault is named without its numbers."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.answers.explain import as_numbers, constant_ratio, difference, name_ratio, show, show_call
from grader.wire import Array, Opaque

ATOL = 1e-9  # float64 arithmetic on numbers of order one
EXPECTED = torch.tensor([3.0, -5.0], dtype=torch.float64)

numbers = st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-3)


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


def fault(value, expected=EXPECTED, **options):
    """The text that names the fault; fails where there is none."""
    found = difference(value, expected, atol=ATOL, **options)
    assert found is not None
    return found.summary


# Showing.


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (torch.tensor(1.5), "tensor(1.5)   shape (), float32"),
        (torch.tensor([1.0, 2.0], dtype=torch.float64), "tensor([1, 2])   shape (2,), float64"),
        (torch.tensor([True, False]), "tensor([True, False])   shape (2,), bool"),
        (torch.tensor([1, 2]), "tensor([1, 2])   shape (2,), int64"),
        (torch.zeros(0), "tensor([])   shape (0,), float32"),
        (torch.tensor([math.nan, math.inf]), "tensor([nan, inf])   shape (2,), float32"),
        (torch.ones(2, requires_grad=True), "tensor([1, 1])   shape (2,), float32"),
        (Array(torch.tensor([1.0])), "array([1])"),
        (Opaque("builtins.object"), "Opaque(type_name='builtins.object')"),
        (None, "None"),
        ("text", "'text'"),
        ([1, 2], "[1, 2]"),
    ],
)
def test_value_is_shown_in_one_line(value, shown):
    assert show(value) == shown


def test_long_tensor_is_cut():
    shown = show(torch.arange(1000.0))

    assert "..." in shown
    assert len(shown) < 200


@given(st.lists(st.integers() | st.text(max_size=5), max_size=300))
def test_long_value_is_cut(value):
    assert len(show(value)) <= 203
    assert "\n" not in show(value)


def test_call_is_shown_as_one_could_type_it():
    shown = show_call("grad_fn", {"t_u": torch.tensor([1.0, 2.5]), "w": torch.tensor(3.0), "n": 2})

    assert shown == "grad_fn(t_u=tensor([1., 2.5]), w=tensor(3.), n=2)"


# Numbers.


@pytest.mark.parametrize(
    ("value", "shape", "dtype"),
    [
        (torch.ones(2, 3), (2, 3), torch.float32),
        (2, (), torch.float64),
        (2.5, (), torch.float64),
        (True, (), torch.float64),
        ((1.0, 2.0), (2,), torch.float64),
        ([torch.tensor(1.0), torch.tensor([2.0])], (2,), torch.float32),
        ([torch.tensor(1.0), 2.0], (2,), torch.float32),
        ([torch.tensor(1.0), torch.tensor(2.0, dtype=torch.float64)], (2,), torch.float64),
        ([torch.tensor(1), torch.tensor(2.5)], (2,), torch.float32),
        (Array(torch.ones(2)), (2,), torch.float32),
        ((Array(torch.tensor(1.0)), 2.0), (2,), torch.float64),
        (np.ones(3), (3,), torch.float64),
        (np.float32(2), (), torch.float32),
    ],
)
def test_answers_of_accepted_kinds_are_numbers(value, shape, dtype):
    found = as_numbers(value)

    assert tuple(found.shape) == shape
    assert found.dtype == dtype


@pytest.mark.parametrize(
    "value",
    [
        None,
        "1.0",
        b"1",
        [],
        (),
        {},
        {"w": 1.0},
        [None, 1.0],
        ["1", "2"],
        [torch.ones(2), torch.ones(2)],
        [[1.0, 2.0], [3.0, 4.0]],
        [torch.ones(1, 1)],
        torch.ones(2, dtype=torch.complex64),
        1j,
        10**400,
        [10**400, 1.0],
        Opaque("builtins.object"),
        Array(torch.ones(1, dtype=torch.complex64)),
        object(),
    ],
)
def test_answers_of_other_kinds_are_none(value):
    assert as_numbers(value) is None


@pytest.mark.parametrize(
    "value",
    [np.arange(3.0)[::-1], np.array(["a"]), np.array([None]), np.ones(2, dtype=">f8"), np.array([], dtype="M8[s]")],
    ids=["reversed", "text", "object", "byte order", "dates"],
)
def test_numpy_array_of_any_kind_is_numbers_or_none(value):
    found = as_numbers(value)

    assert found is None or found.tolist() == value.tolist()


# Differences.


@pytest.mark.parametrize(
    "value",
    [
        EXPECTED,
        EXPECTED.clone().requires_grad_(),
        EXPECTED.to(torch.float32),
        [3.0, -5.0],
        (3, -5),
        [torch.tensor(3.0), torch.tensor([-5.0])],
        Array(EXPECTED),
        np.array([3.0, -5.0]),
        torch.tensor([3, -5]),
        EXPECTED + ATOL / 2,
    ],
)
def test_right_answer_in_any_container_has_no_difference(value):
    assert difference(value, EXPECTED, atol=ATOL) is None


@given(st.lists(numbers, min_size=1, max_size=6))
def test_answer_does_not_differ_from_itself(values):
    assert difference(tensor(*values), tensor(*values), atol=0.0) is None
    assert difference(values, tensor(*values), atol=0.0) is None


@given(st.lists(numbers, min_size=1, max_size=6), st.integers(0, 5), st.floats(1e-3, 1e3), st.booleans())
def test_one_wrong_entry_is_a_difference(values, at, error, negative):
    wrong = list(values)
    wrong[at % len(values)] += -error if negative else error

    assert difference(tensor(*wrong), tensor(*values), atol=1e-6) is not None


def test_shape_has_to_be_an_accepted_one():
    column = tensor(3.0).reshape(1)

    assert difference(column, tensor(3.0).reshape(()), atol=ATOL) is not None
    assert difference(column, tensor(3.0).reshape(()), atol=ATOL, shapes=[(), (1,)]) is None
    assert "shape is wrong" in fault(EXPECTED.reshape(2, 1))
    assert "2 dimensions" in fault(EXPECTED.reshape(2, 1))


def test_broadcasting_accepts_what_broadcasts():
    ones = torch.ones(3, dtype=torch.float64)

    for value in (1, 1.0, True, torch.tensor(1.0), torch.ones(1), ones):
        assert difference(value, ones, atol=ATOL, broadcast=True) is None
    assert "does not fit" in fault(torch.ones(2), ones, broadcast=True)
    assert "value is wrong" in fault(2.0, ones, broadcast=True)


def test_list_will_not_do_where_a_tensor_is_asked_for():
    assert "not the tensor" in fault([3.0, -5.0], tensor=True)
    assert difference(EXPECTED, EXPECTED, atol=ATOL, tensor=True) is None


@pytest.mark.parametrize(
    "value", [None, "3", {}, [None], Opaque("x.Y"), torch.ones(2, dtype=torch.complex64), object()]
)
def test_answer_that_is_no_number_is_a_difference(value):
    assert difference(value, EXPECTED, atol=ATOL) is not None


def test_missing_return_is_named():
    assert "return" in fault(None)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_are_named(value):
    assert "nan or an infinity" in fault(tensor(3.0, value))


def test_infinity_agrees_with_the_same_infinity_only():
    expected = tensor(math.inf, 1.0)

    assert difference(tensor(math.inf, 1.0), expected, atol=ATOL) is None
    assert difference(tensor(-math.inf, 1.0), expected, atol=ATOL) is not None
    assert difference(tensor(1e300, 1.0), expected, atol=ATOL) is not None


def test_nan_is_never_right_where_a_number_is_expected():
    assert difference(tensor(math.nan, math.nan), EXPECTED, atol=1e9) is not None


def test_empty_answers_agree():
    assert difference(torch.zeros(0), torch.zeros(0), atol=ATOL) is None


def test_bool_and_huge_answers_are_compared_as_numbers():
    assert difference(torch.tensor([True]), tensor(1.0), atol=ATOL) is None
    assert difference(torch.tensor([2**62]), tensor(1.0), atol=ATOL) is not None


def test_constant_ratio_of_no_name_stands_in_the_evidence_alone():
    _, text, evidence = difference(EXPECTED * 3.7, EXPECTED, atol=ATOL, samples=11)

    assert text == "the value is wrong, by one factor everywhere"
    assert "ratio        3.7" in evidence


@pytest.mark.parametrize(
    ("factor", "named"),
    [
        (2.0, "twice what is expected"),
        (0.5, "half of what is expected"),
        (-1.0, "minus one times what is expected"),
        (11.0, "N times what is expected (N = 11)"),
        (1 / 11, "1/N of what is expected (N = 11)"),
    ],
)
def test_constant_ratio_is_named(factor, named):
    _, text, evidence = difference(EXPECTED * factor, EXPECTED, atol=ATOL, samples=11)

    assert text == f"the value is wrong: in this call it is {named}"
    assert f"ratio        {factor:.6g}" in evidence


@pytest.mark.parametrize(("factor", "readings"), [(2.0, ("twice", "N times")), (0.5, ("half of", "1/N of"))])
def test_two_samples_give_both_readings_of_a_factor(factor, readings):
    named = name_ratio(factor, 2)

    assert all(reading in named for reading in readings)
    assert "N = 2" in named


def test_one_sample_is_never_called_n():
    assert "N" not in name_ratio(1.0, 1)
    assert "N" not in name_ratio(2.0, 0)


@given(st.lists(numbers, min_size=1, max_size=6), st.floats(-100, 100).filter(lambda factor: abs(factor) > 0.01))
def test_constant_ratio_is_found(values, factor):
    assume(abs(factor - 1) > 1e-3)

    ratio = constant_ratio(tensor(*values) * factor, tensor(*values))

    assert ratio == pytest.approx(factor, rel=1e-9)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (tensor(1.0, 2.0), tensor(1.0, 2.0)),
        (tensor(0.0, 0.0), tensor(1.0, 2.0)),
        (tensor(2.0, 2.0), tensor(1.0, 2.0)),
        (tensor(0.0, 0.0), tensor(0.0, 0.0)),
        (tensor(math.inf, 2.0), tensor(1.0, 1.0)),
        (tensor(math.nan, 2.0), tensor(1.0, 1.0)),
        (tensor(), tensor()),
    ],
)
def test_no_ratio_is_given_where_none_is_certain(got, want):
    assert constant_ratio(got, want) is None


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=5))
def test_name_of_a_fault_holds_no_number_of_the_answer(pairs):
    value, expected = (tensor(*column) for column in zip(*pairs, strict=True))
    assume(constant_ratio(value, expected) is None)

    found = difference(value, expected, atol=1e-3)

    assert found is None or not re.search(r"\d", found.summary)


def test_evidence_shows_both_values():
    *_, evidence = difference(tensor(1.0, 2.0), EXPECTED, atol=ATOL)

    assert evidence == (
        "it returned  tensor([1, 2])   shape (2,), float64\nexpected     tensor([3, -5])   shape (2,), float64"
    )
