"""Read a frame from the other side, which may be hostile: any bytes give a value or a WireError, and nothing else."""

from __future__ import annotations

import math
import struct

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


def decode(frame: bytes, *, strided: bool = False) -> Value:
    """Decode one frame; `strided` admits tensors with strides, which only our own side may send.

    Raises WireError for anything that `encode` would not have written.
    """
    reader = _Reader(frame)
    value = _decode(reader, depth=0, strided=strided)
    if reader.position != len(frame):
        raise WireError(f"{len(frame) - reader.position} bytes follow the value")
    return value


class _Reader:
    """Read a frame front to back, never past its end."""

    __slots__ = ("frame", "items", "position")

    def __init__(self, frame: bytes) -> None:
        self.frame = frame
        self.position = 0
        self.items = MAX_ITEMS

    def take(self, size: int) -> bytes:
        end = self.position + size
        if size < 0 or end > len(self.frame):
            raise WireError(f"the frame ends {end - len(self.frame)} bytes early")
        data = self.frame[self.position : end]
        self.position = end
        return data

    def number(self, form: str) -> int:
        value: int = struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]
        return value

    def text(self) -> str:
        try:
            return self.take(self.number("I")).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise WireError(f"a text is not UTF-8: {error}") from error


def _decode(reader: _Reader, *, depth: int, strided: bool) -> Value:
    reader.items -= 1
    if reader.items < 0 or depth > MAX_DEPTH:
        raise WireError("a value has too many parts or is nested too deep")
    tag = reader.take(1)
    match tag:
        case b"N":
            return None
        case b"T":
            return True
        case b"F":
            return False
        case b"I":
            return _decode_int(reader)
        case b"D":
            value: float = struct.unpack("<d", reader.take(8))[0]
            return value
        case b"S":
            return reader.text()
        case b"B":
            return reader.take(reader.number("I"))
        case b"L" | b"U":
            items = [_decode(reader, depth=depth + 1, strided=strided) for _ in range(reader.number("I"))]
            return items if tag == b"L" else tuple(items)
        case b"M":
            return _decode_dict(reader, depth=depth, strided=strided)
        case b"X":
            return _decode_tensor(reader, strided=strided)
        case b"A":
            if reader.take(1) != b"X":
                raise WireError("an array holds no tensor")
            return Array(_decode_tensor(reader, strided=strided))
        case b"O":
            return Opaque(reader.text())
    raise WireError(f"no value begins with the byte {tag!r}")


def _decode_int(reader: _Reader) -> int:
    text = reader.take(reader.number("I"))
    digits = text[1:] if text[:1] == b"-" else text
    if not digits.isdigit() or len(digits) > 4300:
        raise WireError("an int is not written in decimal digits")
    return int(text)


def _decode_dict(reader: _Reader, *, depth: int, strided: bool) -> dict[Value, Value]:
    result: dict[Value, Value] = {}
    for _ in range(reader.number("I")):
        key = _decode(reader, depth=depth + 1, strided=strided)
        if not isinstance(key, str | int | float | bool | None):
            raise WireError(f"a dict key is a {type(key).__name__}")
        result[key] = _decode(reader, depth=depth + 1, strided=strided)
    return result


def _decode_tensor(reader: _Reader, *, strided: bool) -> torch.Tensor:
    code, flags, dims = reader.take(3)
    if code >= len(DTYPES) or dims > MAX_DIMS or flags & ~(REQUIRES_GRAD | STRIDED):
        raise WireError(f"a tensor has dtype code {code}, {dims} dimensions and flags {flags}")
    dtype = DTYPES[code]
    shape = [reader.number("Q") for _ in range(dims)]
    count = math.prod(shape)
    if max(shape, default=0) > MAX_FRAME or count > MAX_FRAME:
        raise WireError(f"a tensor has shape {shape}")
    stride: list[int] = []
    if flags & STRIDED:
        if not strided:
            raise WireError("a tensor has strides, which only the checker may send")
        stride = [reader.number("Q") for _ in range(dims)]
        count = reader.number("Q")
    data = reader.take(reader.number("Q"))
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
    flat = torch.frombuffer(bytearray(data), dtype=dtype) if data else torch.empty(0, dtype=dtype)
    tensor = torch.empty_strided(shape, stride, dtype=dtype) if stride else torch.empty(shape, dtype=dtype)
    tensor.copy_(flat.as_strided(shape, stride) if stride else flat.reshape(shape))
    if requires_grad and (dtype.is_floating_point or dtype.is_complex):
        tensor.requires_grad_()
    return tensor
