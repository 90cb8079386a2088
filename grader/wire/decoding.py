"""Read a frame from the other side, which may be hostile: any bytes give a value or a WireError, and nothing else."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

import torch

from grader.errors import WireError
from grader.wire.values import (
    DTYPES,
    MAX_DEPTH,
    MAX_DIMS,
    MAX_FRAME,
    MAX_ITEMS,
    REQUIRES_GRAD,
    STRIDED,
    Array,
    Opaque,
    Value,
)

__all__ = ["decode"]

_LENGTH, _DOUBLE = struct.Struct("<I").unpack_from, struct.Struct("<d").unpack
_SIZES = [struct.Struct(f"<{count}Q").unpack for count in range(2 * MAX_DIMS + 3)]


def decode(frame: bytes, *, strided: bool = False) -> Value:
    """Decode one frame; `strided` admits tensors with strides, which only our own side may send.

    Raises WireError for anything that `encode` would not have written.
    """
    reader = _Reader(frame, strided=strided)
    value = _decode(reader, 0)
    if reader.position != len(frame):
        raise WireError(f"{len(frame) - reader.position} bytes follow the value")
    return value


class _Reader:
    """Read a frame front to back, never past its end."""

    __slots__ = ("frame", "items", "position", "strided")

    def __init__(self, frame: bytes, *, strided: bool) -> None:
        self.frame = frame
        self.position = 0
        self.items = MAX_ITEMS
        self.strided = strided

    def take(self, size: int) -> bytes:
        end = self.position + size
        if size < 0 or end > len(self.frame):
            raise WireError(f"the frame ends {end - len(self.frame)} bytes early")
        data = self.frame[self.position : end]
        self.position = end
        return data

    def length(self) -> int:
        position, self.position = self.position, self.position + 4
        if self.position > len(self.frame):
            raise WireError(f"the frame ends {self.position - len(self.frame)} bytes early")
        value: int = _LENGTH(self.frame, position)[0]
        return value

    def sizes(self, count: int) -> list[int]:
        return list(_SIZES[count](self.take(8 * count)))

    def text(self) -> str:
        try:
            return self.take(self.length()).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise WireError(f"a text is not UTF-8: {error}") from error


def _decode(reader: _Reader, depth: int) -> Value:
    reader.items -= 1
    if reader.items < 0 or depth > MAX_DEPTH:
        raise WireError("a value has too many parts or is nested too deep")
    position, frame = reader.position, reader.frame
    if position >= len(frame):
        raise WireError("the frame ends 1 bytes early")
    read = _READERS.get(frame[position])
    if read is None:
        raise WireError(f"no value begins with the byte {frame[position : position + 1]!r}")
    reader.position = position + 1
    return read(reader, depth)


def _decode_float(reader: _Reader, _depth: int) -> float:
    value: float = _DOUBLE(reader.take(8))[0]
    return value


def _decode_list(reader: _Reader, depth: int) -> list[Value]:
    return [_decode(reader, depth + 1) for _ in range(reader.length())]


def _decode_int(reader: _Reader, _depth: int) -> int:
    text = reader.take(reader.length())
    digits = text[1:] if text[:1] == b"-" else text
    if not digits.isdigit() or len(digits) > 4300:
        raise WireError("an int is not written in decimal digits")
    return int(text)


def _decode_dict(reader: _Reader, depth: int) -> dict[Value, Value]:
    result: dict[Value, Value] = {}
    for _ in range(reader.length()):
        key = _decode(reader, depth + 1)
        if not isinstance(key, str | int | float | bool | None):
            raise WireError(f"a dict key is a {type(key).__name__}")
        result[key] = _decode(reader, depth + 1)
    return result


def _decode_array(reader: _Reader, depth: int) -> Array:
    if reader.take(1) != b"X":
        raise WireError("an array holds no tensor")
    return Array(_decode_tensor(reader, depth))


def _decode_tensor(reader: _Reader, _depth: int) -> torch.Tensor:
    code, flags, dims = reader.take(3)
    if code >= len(DTYPES) or dims > MAX_DIMS or flags & ~(REQUIRES_GRAD | STRIDED):
        raise WireError(f"a tensor has dtype code {code}, {dims} dimensions and flags {flags}")
    dtype = DTYPES[code]
    stride: list[int] = []
    if flags & STRIDED:
        if not reader.strided:
            raise WireError("a tensor has strides, which only the checker may send")
        numbers = reader.sizes(2 * dims + 2)
        shape, stride, count, size = numbers[:dims], numbers[dims:-2], numbers[-2], numbers[-1]
    else:
        *shape, size = reader.sizes(dims + 1)
        count = math.prod(shape)
    if count > MAX_FRAME or math.prod(shape) > MAX_FRAME or max(shape, default=0) > MAX_FRAME:
        raise WireError(f"a tensor has shape {shape}")
    data = reader.take(size)
    if len(data) != count * dtype.itemsize:
        raise WireError(f"a tensor of shape {shape} has {len(data)} bytes, not {count * dtype.itemsize}")
    if dtype is torch.bool and data.translate(None, b"\x00\x01"):
        raise WireError("a tensor of bools holds bytes that are neither 0 nor 1")
    try:
        return _own_tensor(data, dtype, shape, stride, requires_grad=bool(flags & REQUIRES_GRAD))
    except (RuntimeError, TypeError) as error:  # strides and sizes that torch refuses
        raise WireError(f"no tensor has shape {shape} and stride {stride}: {error}") from error


def _own_tensor(
    data: bytes, dtype: torch.dtype, shape: list[int], stride: list[int], *, requires_grad: bool
) -> torch.Tensor:
    """Build a tensor that is no view: student code may do in place what torch refuses to do to a view."""
    if not data:
        tensor = torch.empty_strided(shape, stride, dtype=dtype) if stride else torch.empty(shape, dtype=dtype)
    else:
        flat = torch.frombuffer(bytearray(data), dtype=dtype)
        if stride:
            tensor = torch.empty_strided(shape, stride, dtype=dtype)
            tensor.copy_(flat.as_strided(shape, stride))
        else:
            tensor = (flat.reshape(shape) if len(shape) != 1 else flat).clone()
    if requires_grad and (dtype.is_floating_point or dtype.is_complex):
        tensor.requires_grad_()
    return tensor


_READERS: dict[int, Callable[[_Reader, int], Value]] = {
    ord("N"): lambda _reader, _depth: None,
    ord("T"): lambda _reader, _depth: True,
    ord("F"): lambda _reader, _depth: False,
    ord("I"): _decode_int,
    ord("D"): _decode_float,
    ord("S"): lambda reader, _depth: reader.text(),
    ord("B"): lambda reader, _depth: reader.take(reader.length()),
    ord("L"): _decode_list,
    ord("U"): lambda reader, depth: tuple(_decode_list(reader, depth)),
    ord("M"): _decode_dict,
    ord("X"): _decode_tensor,
    ord("A"): _decode_array,
    ord("O"): lambda reader, _depth: Opaque(reader.text()),
}
