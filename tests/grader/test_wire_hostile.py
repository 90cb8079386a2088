"""The wire's limits, and hostile bytes: these give a value or a WireError and nothing else."""

import resource
import struct

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_values import identical, values, views

from grader import wire
from grader.errors import WireError
from grader.wire import MAX_FRAME, Array, Opaque, decode, encode

# dtype code, flags and number of dimensions come first; then the shape, the strides, the length, the bytes
TENSOR_HEADER = "<cBBB"


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
