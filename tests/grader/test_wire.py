"""The wire: every value comes back as it went, whatever its type, and frames arrive whole."""

import math
import socket
import struct
import sys

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from wire_values import DTYPES, FLOAT_DTYPES, LARGEST_INT, identical, ints, tensors, values, views

from grader import wire
from grader.errors import WireError
from grader.wire import MAX_FRAME, Array, Opaque, decode, encode

NUMPY_DTYPES = ["float32", "float64", "float16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex128"]


# What goes comes back.


@settings(max_examples=150)
@given(values)
def test_value_comes_back_as_it_went(value):
    back = decode(encode(value))

    assert identical(back, value)


@settings(max_examples=60)
@given(values)
def test_encoding_is_deterministic(value):
    frames = {encode(value), encode(value), encode(decode(encode(value)))}

    assert len(frames) == 1


@given(ints)
@example(LARGEST_INT)
@example(-LARGEST_INT)
@example(2**64)
@example(0)
def test_int_of_any_size_comes_back(value):
    back = decode(encode(value))

    assert type(back) is int
    assert back == value


@pytest.mark.parametrize("value", [math.nan, -math.nan, math.inf, -math.inf, -0.0, 5e-324, sys.float_info.max])
def test_special_float_comes_back_bit_for_bit(value):
    back = decode(encode(value))

    assert struct.pack("<d", back) == struct.pack("<d", value)


@pytest.mark.parametrize("value", ["\ud800", "a\udfffb", "\udcff.py", "\x00", "\U0001f600", "e\u0301"])
def test_odd_text_comes_back(value):
    back = decode(encode(value))

    assert back == value


@settings(max_examples=100)
@given(tensors())
def test_tensor_comes_back_with_dtype_shape_and_flag(tensor):
    back = decode(encode(tensor))

    assert identical(back, tensor)
    assert back.is_contiguous()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 0, 2), (2, 3), (1,) * 16])
def test_tensor_of_each_dtype_and_shape_comes_back(dtype, shape):
    tensor = torch.ones(shape, dtype=dtype)

    back = decode(encode(tensor))

    assert identical(back, tensor)


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
def test_tensor_that_requires_grad_comes_back_as_a_leaf(dtype):
    tensor = torch.ones(2, dtype=dtype, requires_grad=True)

    back = decode(encode(tensor))

    assert back.requires_grad
    assert back.is_leaf


def test_result_of_a_graph_comes_back_as_a_leaf_that_requires_grad():
    tensor = torch.ones(3, requires_grad=True) * 2

    back = decode(encode(tensor))

    assert back.requires_grad
    assert back.grad_fn is None
    assert back.tolist() == [2.0, 2.0, 2.0]


def test_flag_of_a_parameter_survives_no_grad():
    parameter = torch.nn.Parameter(torch.ones(2))

    with torch.no_grad():
        back = decode(encode(parameter))

    assert type(back) is torch.Tensor
    assert back.requires_grad


@settings(max_examples=100)
@given(views())
def test_view_comes_back_contiguous_with_its_numbers(tensor):
    back = decode(encode(tensor))

    assert identical(back, tensor.resolve_conj())
    assert back.is_contiguous()


@settings(max_examples=100)
@given(views())
def test_view_keeps_its_strides_towards_the_worker(tensor):
    assume(not tensor.is_contiguous() and 0 not in tensor.stride())

    back = decode(encode(tensor, strided=True), strided=True)

    assert identical(back, tensor.resolve_conj())
    assert back.stride() == tensor.stride()


def test_expanded_tensor_crosses_by_its_numbers():
    tensor = torch.tensor([5.0]).expand(3)

    back = decode(encode(tensor, strided=True), strided=True)

    assert back.tolist() == [5.0, 5.0, 5.0]


@settings(max_examples=60)
@given(values)
def test_value_comes_back_with_strides_admitted(value):
    back = decode(encode(value, strided=True), strided=True)

    assert identical(back, value)


def test_column_of_a_matrix_crosses_without_its_neighbours_beyond_the_span():
    matrix = torch.arange(1000.0).reshape(10, 100)

    frame = encode(matrix[:2, 99], strided=True)

    assert len(frame) < 101 * 4 + 60


def test_decoded_tensor_owns_its_memory():
    frame = encode(torch.ones(4))

    first, second = decode(frame), decode(frame)
    first.mul_(7)

    assert second.tolist() == [1.0] * 4
    assert decode(frame).tolist() == [1.0] * 4
    assert first.untyped_storage().nbytes() == 16


@pytest.mark.parametrize("strided", [False, True])
@pytest.mark.parametrize("shape", [(), (2,), (2, 3)])
def test_decoded_tensor_can_be_detached_in_place(shape, strided):
    tensor = decode(encode(torch.ones(shape, requires_grad=True), strided=strided), strided=strided)

    tensor.detach_()  # torch refuses this on a view

    assert not tensor.requires_grad


def test_decoded_strided_tensor_can_be_changed_in_place():
    tensor = decode(encode(torch.ones(4, 4)[:, ::2], strided=True), strided=True)

    tensor.add_(1)

    assert tensor.tolist() == [[2.0, 2.0]] * 4


# Subclasses, arrays, and what can't cross.


class HostileTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        raise RuntimeError(f"no {func} for you")


class LyingTensor(torch.Tensor):
    @property
    def shape(self):
        return torch.Size([10**9])

    @property
    def dtype(self):
        return torch.int8

    def numel(self):
        return 0

    def detach(self):
        return torch.zeros(99)

    def as_subclass(self, cls):
        return torch.full((3,), 42.0)


class PlainSubclass(torch.Tensor):
    pass


@pytest.mark.parametrize("kind", [PlainSubclass, HostileTensor, LyingTensor, torch.nn.Parameter])
def test_tensor_subclass_comes_back_plain(kind):
    plain = torch.tensor([1.0, 2.0])
    value = kind(plain) if kind is torch.nn.Parameter else plain.as_subclass(kind)

    back = decode(encode([value]))[0]

    assert type(back) is torch.Tensor
    assert back.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("name", NUMPY_DTYPES)
def test_numpy_array_comes_back_as_array(name):
    value = np.ones((2, 3), dtype=name)

    back = decode(encode(value))

    assert isinstance(back, Array)
    assert tuple(back.tensor.shape) == (2, 3)
    assert str(back.tensor.dtype).removeprefix("torch.") == name


@pytest.mark.parametrize("value", [np.float32(1.5), np.int64(3), np.bool_(True)])
def test_numpy_scalar_comes_back_as_array_of_no_dimensions(value):
    back = decode(encode(value))

    assert isinstance(back, Array)
    assert back.tensor.dim() == 0
    assert back.tensor.item() == value.item()


def test_numpy_view_comes_back_with_its_numbers():
    back = decode(encode(np.arange(12.0).reshape(3, 4)[:, ::2].T))

    assert back.tensor.tolist() == [[0.0, 4.0, 8.0], [2.0, 6.0, 10.0]]


@pytest.mark.parametrize("name", ["uint16", "uint32", "uint64"])
def test_numpy_array_of_a_dtype_without_code_can_be_decoded(name):
    back = decode(encode([np.ones(2, dtype=name)]))

    assert isinstance(back[0], Opaque | Array)


@pytest.mark.parametrize(
    "value", [np.array(["a"]), np.array([None]), np.array([], dtype="datetime64[s]"), np.ones(2, dtype=">f8")]
)
def test_numpy_array_of_no_numbers_comes_back_opaque(value):
    back = decode(encode(value))

    assert back == Opaque("numpy.ndarray")


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (object(), "builtins.object"),
        ({1, 2}, "builtins.set"),
        (len, "builtins.builtin_function_or_method"),
        (1j, "builtins.complex"),
        (torch.float32, "torch.dtype"),
        (torch.nn.Linear(1, 1), "torch.nn.modules.linear.Linear"),
        (torch, "builtins.module"),
        (iter([]), "builtins.list_iterator"),
    ],
)
def test_value_of_another_type_comes_back_opaque_with_its_name(value, named):
    back = decode(encode([value, 1]))

    assert back == [Opaque(named), 1]


@pytest.mark.parametrize(
    "tensor",
    [
        torch.ones(2, 2).to_sparse(),
        torch.ones(2, device="meta"),
        torch.ones(2, dtype=torch.uint16),
        torch.zeros(2, dtype=torch.float8_e4m3fn),
    ],
)
def test_tensor_that_can_not_cross_comes_back_opaque(tensor):
    back = decode(encode(tensor))

    assert isinstance(back, Opaque)
    assert "Tensor" in back.type_name


class LoudInt(int):
    def __repr__(self):
        return "999"

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = int.__hash__


class LoudList(list):
    def __iter__(self):
        raise RuntimeError

    def __len__(self):
        return 10**9


class LoudDict(dict):
    def items(self):
        return [("forged", 1)]


class LoudFloat(float):
    def __float__(self):
        return 99.0


class LoudText(str):
    __slots__ = ()

    def encode(self, *args):
        return b"forged"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (LoudInt(5), 5),
        (LoudList([1, 2]), [1, 2]),
        (LoudDict(a=1), {"a": 1}),
        (LoudFloat(1.5), 1.5),
        (LoudText("a"), "a"),
    ],
)
def test_subclass_of_a_plain_type_comes_back_plain(value, plain):
    back = decode(encode(value))

    assert identical(back, plain)


class ClaimsToBeInt:
    @property
    def __class__(self):
        return int


def test_object_that_claims_another_class_can_be_encoded():
    back = decode(encode(ClaimsToBeInt()))

    assert isinstance(back, Opaque)


def test_long_type_name_is_cut():
    value = type("A" * 10_000, (), {})()

    back = decode(encode(value))

    assert len(back.type_name) == 200


# The socket.


def test_frames_arrive_whole_and_in_order():
    here, there = socket.socketpair()
    frames = [encode(None), encode("a" * 10_000), b""]

    with here, there:
        for frame in frames:
            wire.send(here, frame)
        received = [wire.receive(there) for _ in frames]

    assert received == frames


def test_announced_frame_above_the_limit_is_refused_unread():
    here, there = socket.socketpair()

    with here, there:
        here.sendall(struct.pack("<I", MAX_FRAME + 1))

        with pytest.raises(WireError, match="announces"):
            wire.receive(there)


@pytest.mark.parametrize("sent", [b"", b"\x04\x00", b"\x04\x00\x00\x00ab"])
def test_closed_connection_is_an_end_of_file(sent):
    here, there = socket.socketpair()

    with there:
        here.sendall(sent)
        here.close()

        with pytest.raises(EOFError):
            wire.receive(there)
