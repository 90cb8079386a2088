"""The wire: every value comes back as it went, and hostile bytes give a value or a WireError and nothing else."""

import math
import resource
import socket
import struct
import sys

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from grader import wire
from grader.errors import WireError
from grader.wire import MAX_FRAME, Array, Opaque, decode, encode

DTYPES = [
    torch.float32,
    torch.float64,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int32,
    torch.int16,
    torch.int8,
    torch.uint8,
    torch.bool,
    torch.complex64,
    torch.complex128,
]
FLOAT_DTYPES = [dtype for dtype in DTYPES if dtype.is_floating_point or dtype.is_complex]
NUMPY_DTYPES = ["float32", "float64", "float16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex128"]
LARGEST_INT = 10**4300 - 1  # Python itself writes and reads no more than 4,300 digits
# dtype code, flags and number of dimensions come first; then the shape, the strides, the length, the bytes
TENSOR_HEADER = "<cBBB"

texts = st.text(st.characters(), max_size=20)
surrogates = st.text(st.characters(categories=["Cs"]), min_size=1, max_size=5)
ints = st.one_of(st.integers(), st.integers(min_value=-LARGEST_INT, max_value=LARGEST_INT))
scalars = st.one_of(
    st.none(), st.booleans(), ints, st.floats(), texts, surrogates, st.binary(max_size=20), st.builds(Opaque, texts)
)
keys = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts, surrogates)


@st.composite
def tensors(draw, dtypes=tuple(DTYPES)):
    dtype = draw(st.sampled_from(dtypes))
    shape = draw(st.lists(st.integers(0, 3), max_size=4))
    size = math.prod(shape) * dtype.itemsize
    data = draw(st.binary(min_size=size, max_size=size))
    if dtype is torch.bool:
        data = bytes(byte & 1 for byte in data)
    tensor = torch.frombuffer(bytearray(data), dtype=dtype).clone() if data else torch.empty(0, dtype=dtype)
    tensor = tensor.reshape(shape)
    return tensor.requires_grad_(dtype in FLOAT_DTYPES and draw(st.booleans()))


@st.composite
def views(draw):
    """Tensors that are views of another one: permuted, sliced, expanded or conjugated."""
    tensor = draw(tensors()).detach()
    tensor = tensor.permute(*draw(st.permutations(range(tensor.dim())))) if tensor.dim() else tensor
    for dim in range(tensor.dim()):
        start, step = draw(st.integers(0, 2)), draw(st.integers(1, 2))
        tensor = tensor[(slice(None),) * dim + (slice(start, None, step),)]
    if draw(st.booleans()):
        tensor = tensor.expand(3, *tensor.shape)
    return tensor.conj() if draw(st.booleans()) else tensor


values = st.recursive(
    scalars | tensors() | st.builds(Array, tensors()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=12,
)


def raw_bytes(tensor):
    flat = tensor.detach().resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format).reshape(-1)
    return flat.view(torch.uint8).tolist()


def identical(left, right):
    """Compare by type and by every bit, so that nan equals nan and 0.0 differs from -0.0."""
    if type(left) is not type(right):
        return False
    if isinstance(left, torch.Tensor):
        described = [(item.dtype, item.shape, item.requires_grad) for item in (left, right)]
        return described[0] == described[1] and raw_bytes(left) == raw_bytes(right)
    if isinstance(left, Array):
        return identical(left.tensor, right.tensor)
    if isinstance(left, float):
        return struct.pack("<d", left) == struct.pack("<d", right)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(identical, left, right))
    if isinstance(left, dict):
        return identical(list(left.items()), list(right.items()))
    return left == right


def value_or_wire_error(frame, *, strided=False):
    """Decode; anything else than a value or a WireError fails the test."""
    try:
        return decode(frame, strided=strided)
    except WireError as error:
        return error


def tensor_frame(code=0, flags=0, shape=(), numbers=(), data=b"", announced=None):
    header = struct.pack(TENSOR_HEADER, b"X", code, flags, len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
    layout = struct.pack(f"<{len(numbers)}Q", *numbers)
    return header + layout + struct.pack("<Q", len(data) if announced is None else announced) + data


def peak_mebibytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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


# Limits.


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def test_depth_up_to_the_limit_comes_back():
    assert decode(encode(nested(wire.MAX_DEPTH))) == nested(wire.MAX_DEPTH)


def test_depth_beyond_the_limit_is_refused_by_both_sides():
    with pytest.raises(WireError, match="nested"):
        encode(nested(wire.MAX_DEPTH + 1))
    with pytest.raises(WireError, match="nested"):
        decode(b"L\x01\x00\x00\x00" * (wire.MAX_DEPTH + 1) + b"N")


def test_array_at_the_limit_of_depth_comes_back():
    value = Array(torch.ones(1))
    for _ in range(wire.MAX_DEPTH):
        value = [value]

    back = decode(encode(value))

    assert identical(back, value)


def test_list_that_holds_itself_is_refused():
    value = []
    value.append(value)

    with pytest.raises(WireError):
        encode(value)


def test_too_many_items_are_refused_by_both_sides():
    frame = b"L" + struct.pack("<I", wire.MAX_ITEMS) + b"N" * wire.MAX_ITEMS

    with pytest.raises(WireError, match="parts"):
        encode([None] * wire.MAX_ITEMS)
    with pytest.raises(WireError, match="parts"):
        decode(frame)


def test_int_beyond_the_limit_is_refused():
    with pytest.raises(WireError):
        encode(10**4300)


def test_int_of_too_many_digits_is_refused_by_the_decoder():
    with pytest.raises(WireError):
        decode(b"I" + struct.pack("<I", 4301) + b"1" * 4301)


@pytest.mark.parametrize("shape", [(2**25,), (2**13, 2**13), (1,) * 17])
def test_tensor_too_large_to_cross_is_refused(shape):
    with pytest.raises(WireError, match="too large"):
        encode(torch.zeros(1, dtype=torch.float64).expand(shape))


def test_text_longer_than_a_frame_is_refused():
    with pytest.raises(WireError, match="limit"):
        encode("a" * (MAX_FRAME + 1))


@pytest.mark.parametrize("key", [(1, 2), b"a", Opaque("a")])
def test_dict_key_that_can_not_cross_is_refused(key):
    with pytest.raises(WireError, match="key"):
        encode({key: 1})


# Hostile frames.


@settings(max_examples=400)
@given(st.binary(max_size=200), st.booleans())
def test_random_bytes_give_a_value_or_a_wire_error(frame, strided):
    value_or_wire_error(frame, strided=strided)


@settings(max_examples=400)
@given(st.sampled_from(b"NTFIDSBLUMXAO"), st.lists(st.sampled_from(b"NTFLUMXA\x00\x01\x02\x03\xff"), max_size=60))
def test_bytes_that_look_like_values_give_a_value_or_a_wire_error(tag, rest):
    value_or_wire_error(bytes([tag, *rest]))


@settings(max_examples=150)
@given(values, st.data())
def test_truncated_frame_is_refused(value, data):
    frame = encode(value)

    cut = data.draw(st.integers(0, len(frame) - 1))

    with pytest.raises(WireError):
        decode(frame[:cut])


@settings(max_examples=150)
@given(values, st.binary(min_size=1, max_size=9))
def test_bytes_after_the_value_are_refused(value, rest):
    frame = encode(value)

    with pytest.raises(WireError, match="follow"):
        decode(frame + rest)


@settings(max_examples=400)
@given(values, st.data())
def test_flipped_bits_give_a_value_or_a_wire_error(value, data):
    frame = bytearray(encode(value))

    for position in data.draw(st.lists(st.integers(0, len(frame) * 8 - 1), min_size=1, max_size=4)):
        frame[position // 8] ^= 1 << position % 8

    value_or_wire_error(bytes(frame))


@settings(max_examples=300)
@given(views(), st.data())
def test_flipped_bits_of_a_strided_frame_give_a_value_or_a_wire_error(tensor, data):
    frame = bytearray(encode(tensor, strided=True))

    position = data.draw(st.integers(0, len(frame) * 8 - 1))
    frame[position // 8] ^= 1 << position % 8

    value_or_wire_error(bytes(frame), strided=True)


@settings(max_examples=300)
@given(
    st.integers(0, 255),
    st.integers(0, 255),
    st.lists(st.sampled_from([0, 1, 2, 3, 2**20, 2**26, 2**31, 2**32, 2**62, 2**63, 2**64 - 1]), max_size=16),
    st.binary(max_size=64),
    st.booleans(),
)
def test_forged_tensor_gives_a_value_or_a_wire_error(code, flags, shape, data, strided):
    value_or_wire_error(tensor_frame(code % 14, flags % 5, shape, data=data), strided=strided)


@pytest.mark.parametrize("ones", [1, 2, 3, 15])
def test_empty_tensor_with_huge_other_dimensions_gives_a_value_or_a_wire_error(ones):
    value_or_wire_error(tensor_frame(shape=(0, *[MAX_FRAME] * ones)))


@pytest.mark.parametrize(
    "frame",
    [
        *[tag + struct.pack("<I", 2**32 - 1) for tag in (b"S", b"B", b"L", b"U", b"M", b"I", b"O")],
        *[tag + struct.pack("<I", 2**31) + b"N" * 100 for tag in (b"S", b"B", b"L", b"U", b"M", b"I", b"O")],
        tensor_frame(shape=(2**24,), announced=2**26),
        tensor_frame(shape=(2**64 - 1,), announced=2**64 - 1),
        tensor_frame(code=11, shape=(2**13, 2**13), announced=2**30),
        tensor_frame(shape=(2**63, 2), announced=0),
        b"L\x02\x00\x00\x00" * 31 + b"L" + struct.pack("<I", 2**32 - 1),
    ],
)
def test_announced_size_far_above_what_is_there_allocates_nothing(frame):
    before = peak_mebibytes()

    with pytest.raises(WireError):
        decode(frame)

    assert peak_mebibytes() - before < 32


def test_bomb_of_nested_lists_is_refused():
    with pytest.raises(WireError):
        decode((b"L" + struct.pack("<I", 2**32 - 1)) * 1_000)


@pytest.mark.parametrize("data", [b"\x02", b"\x00\xff\x01", b"\x80"])
def test_bool_tensor_with_other_bytes_than_0_and_1_is_refused(data):
    with pytest.raises(WireError, match="neither 0 nor 1"):
        decode(tensor_frame(code=9, shape=(len(data),), data=data))


@pytest.mark.parametrize("code", [12, 13, 255])
def test_unknown_dtype_is_refused(code):
    with pytest.raises(WireError, match="dtype code"):
        decode(tensor_frame(code=code))


@pytest.mark.parametrize("flags", [4, 8, 128, 255])
def test_unknown_flags_are_refused(flags):
    with pytest.raises(WireError, match="flags"):
        decode(tensor_frame(flags=flags, data=bytes(4)))


@pytest.mark.parametrize("size", [0, 3, 5, 8])
def test_tensor_with_more_or_fewer_bytes_than_its_shape_is_refused(size):
    with pytest.raises(WireError, match="bytes, not"):
        decode(tensor_frame(data=bytes(size)))


def test_strides_are_refused_where_they_are_not_admitted():
    frame = encode(torch.ones(3, 3).T[:2], strided=True)

    with pytest.raises(WireError, match="strides"):
        decode(frame)


@pytest.mark.parametrize(
    ("shape", "numbers"),
    [
        ((2,), (5, 2)),  # reaches beyond the storage
        ((2,), (2**63, 2)),
        ((2,), (2**64 - 1, 2)),  # minus one, if it were read as signed
        ((3, 3), (0, 2, 2)),
        ((), (2,)),  # a span that is not that of a single number
    ],
)
def test_strides_that_leave_the_storage_are_refused(shape, numbers):
    with pytest.raises(WireError):
        decode(tensor_frame(flags=2, shape=shape, numbers=numbers, data=bytes(8)), strided=True)


@pytest.mark.parametrize("digits", [b"", b"-", b"+1", b" 1", b"1_0", b"0x1", b"1e3", "\u0663".encode(), b"--1", b"1\n"])
def test_int_that_is_not_in_decimal_digits_is_refused(digits):
    with pytest.raises(WireError):
        decode(b"I" + struct.pack("<I", len(digits)) + digits)


@pytest.mark.parametrize("data", [b"\xff", b"\xc0\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82"])
def test_text_that_is_not_utf8_is_refused(data):
    with pytest.raises(WireError, match="UTF-8"):
        decode(b"S" + struct.pack("<I", len(data)) + data)


@pytest.mark.parametrize("inner", [b"N", b"L\x00\x00\x00\x00", b"A" + encode(torch.ones(1)), b"O\x00\x00\x00\x00"])
def test_array_that_holds_no_tensor_is_refused(inner):
    with pytest.raises(WireError, match="array"):
        decode(b"A" + inner)


@pytest.mark.parametrize("key", [[], {}, torch.ones(1), (1,), b"a"])
def test_dict_with_a_key_that_can_not_cross_is_refused(key):
    with pytest.raises(WireError, match="key"):
        decode(b"M\x01\x00\x00\x00" + encode(key) + b"N")


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
