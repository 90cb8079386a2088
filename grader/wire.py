"""The frames that cross between checker and worker, and nothing else.

A frame is a 4-byte length and one encoded value. A value is None, a bool, an int, a float, a str,
bytes, a list, a tuple, a dict, a tensor (dtype, shape, raw bytes), a numpy `Array`, or an `Opaque`: the
name of a type that no frame can hold. Nothing is ever unpickled. `decode` is total: any bytes give a value or
a `WireError`, within limits on length, depth, items and elements, since the other side may be hostile.

Tensors come back as plain `torch.Tensor`s on storage of their own, and no views of anything (a view
would make right student code fail: `params.detach_()` raises on one). A tensor that is not
contiguous crosses as its storage with its strides, but only towards the worker.
"""

from __future__ import annotations

import math
import socket
import struct
from dataclasses import dataclass
from typing import Any, TypeAlias, Union, cast

import torch

from grader.errors import WireError

__all__ = ["MAX_FRAME", "Array", "Opaque", "Value", "decode", "encode", "exactly", "receive", "send"]

MAX_FRAME = 64 * 2**20
"""Bytes in the longest frame that is sent or accepted."""
MAX_DEPTH = 32
MAX_ITEMS = 1_000_000
MAX_DIMS = 16


@dataclass(frozen=True, slots=True)
class Opaque:
    """Stand for a value that can't cross: `type_name` says what it was."""

    type_name: str


@dataclass(frozen=True, slots=True)
class Array:
    """Stand for a numpy array, with its numbers as a tensor; a suite decides whether that will do."""

    tensor: torch.Tensor


Value: TypeAlias = Union[
    bool,
    int,
    float,
    str,
    bytes,
    "list[Value]",
    "tuple[Value, ...]",
    "dict[Value, Value]",
    torch.Tensor,
    Array,
    Opaque,
    None,
]

_DTYPES = (
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
)
_DTYPE_CODES = {dtype: code for code, dtype in enumerate(_DTYPES)}
_REQUIRES_GRAD, _STRIDED = 1, 2


def encode(value: object, *, strided: bool = False) -> bytes:
    """Encode `value`; with `strided`, keep the layout of tensors that are not contiguous.

    a numpy array becomes an `Array`, a tensor subclass becomes a plain tensor,
    and a value of another type becomes an `Opaque`. Raises WireError where limits are passed.
    """
    out: list[bytes] = []
    _encode(value, out, depth=0, budget=[MAX_ITEMS], strided=strided)
    frame = b"".join(out)
    if len(frame) > MAX_FRAME:
        raise WireError(f"a value of {len(frame)} bytes is larger than the limit of {MAX_FRAME}")
    return frame


def _encode(value: object, out: list[bytes], *, depth: int, budget: list[int], strided: bool) -> None:
    budget[0] -= 1
    if budget[0] < 0:
        raise WireError(f"a value has more than {MAX_ITEMS} parts")
    if depth > MAX_DEPTH:
        raise WireError(f"a value is nested deeper than {MAX_DEPTH}")
    kind = type(value)  # not isinstance: `__class__` can claim anything
    if value is None:
        out.append(b"N")
    elif kind is bool:
        out.append(b"T" if value else b"F")
    elif issubclass(kind, torch.Tensor):
        _encode_tensor(cast("torch.Tensor", value), out, strided=strided)
    elif issubclass(kind, int):
        out += _sized(b"I", _digits(cast("int", value)))
    elif issubclass(kind, float):
        out.append(b"D" + struct.pack("<d", float.__float__(cast("float", value))))
    elif issubclass(kind, str):
        out += _sized(b"S", str.encode(cast("str", value), "utf-8", "surrogatepass"))
    elif issubclass(kind, bytes):
        out += _sized(b"B", bytes(cast("bytes", value)))
    elif issubclass(kind, list | tuple):
        iterate = list.__iter__ if issubclass(kind, list) else tuple.__iter__
        plain: list[object] = list(iterate(cast("Any", value)))  # the student's own __iter__ is not asked
        if len(plain) > budget[0]:
            raise WireError(f"a value has more than {MAX_ITEMS} parts")
        out.append((b"L" if issubclass(kind, list) else b"U") + struct.pack("<I", len(plain)))
        for item in plain:
            _encode(item, out, depth=depth + 1, budget=budget, strided=strided)
    elif issubclass(kind, dict):
        pairs = list(dict.items(cast("dict[object, object]", value)))
        out.append(b"M" + struct.pack("<I", len(pairs)))
        for key, item in pairs:
            if not issubclass(type(key), str | int | float | bool | None):
                raise WireError(f"a dict key of type {type(key).__name__} can't cross")
            _encode(key, out, depth=depth + 1, budget=budget, strided=strided)
            _encode(item, out, depth=depth + 1, budget=budget, strided=strided)
    elif kind is Opaque:
        _encode_opaque(cast("Opaque", value).type_name, out)
    elif kind is Array:
        _encode_array(cast("Array", value).tensor, out, strided=strided)
    else:
        _encode_foreign(value, out, strided=strided)


def _sized(tag: bytes, data: bytes) -> list[bytes]:
    return [tag, struct.pack("<I", len(data)), data]


def _digits(value: int) -> bytes:
    try:
        return int.__repr__(value).encode()
    except ValueError as error:  # past 4,300 digits
        raise WireError(f"an int is too large to cross: {error}") from error


def _encode_foreign(value: object, out: list[bytes], *, strided: bool) -> None:
    """Encode a numpy array or scalar as an `Array`, and anything else as its type's name."""
    if type(value).__module__ == "numpy":
        try:
            tensor = torch.as_tensor(value)
        except (TypeError, ValueError, RuntimeError):
            _encode_opaque(f"numpy.{type(value).__name__}", out)
        else:
            _encode_array(tensor, out, strided=strided)
        return
    _encode_opaque(f"{type(value).__module__}.{type(value).__qualname__}", out)


def _encode_array(tensor: torch.Tensor, out: list[bytes], *, strided: bool) -> None:
    if tensor.dtype in _DTYPE_CODES:
        out.append(b"A")
        _encode_tensor(tensor, out, strided=strided)
    else:
        _encode_opaque(f"numpy.ndarray of {tensor.dtype}", out)


def _encode_opaque(name: str, out: list[bytes]) -> None:
    data = str(name)[:200].encode("utf-8", "replace")
    out += _sized(b"O", data)


def _encode_tensor(tensor: torch.Tensor, out: list[bytes], *, strided: bool) -> None:
    with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001 - the documented way, and it has no other name
        if type(tensor) is not torch.Tensor:
            tensor = torch.Tensor.as_subclass(tensor, torch.Tensor)
        flags = _REQUIRES_GRAD if tensor.requires_grad else 0
        tensor = torch.Tensor.detach(tensor)
        code = _DTYPE_CODES.get(tensor.dtype)
        if code is None or tensor.layout is not torch.strided or tensor.device.type != "cpu":
            _encode_opaque(f"torch.Tensor with {tensor.dtype}, {tensor.layout} on {tensor.device.type}", out)
            return
        shape = tuple(tensor.shape)
        if len(shape) > MAX_DIMS or tensor.numel() * tensor.element_size() > MAX_FRAME:
            raise WireError(f"a tensor of shape {shape} is too large to cross")
        layout = b""
        if strided and not tensor.is_contiguous() and 0 not in tensor.stride():
            flags |= _STRIDED
            span = 1 + sum((size - 1) * stride for size, stride in zip(shape, tensor.stride(), strict=True))
            layout = struct.pack(f"<{len(shape)}QQ", *tensor.stride(), span)
            tensor = tensor.as_strided((span,), (1,))
        # `contiguous()` would keep the odd stride of a tensor with one element, which can't be viewed as bytes
        flat = tensor.resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format).reshape(-1)
        data = flat.view(torch.uint8).numpy().tobytes()
    out += [b"X", struct.pack(f"<BBB{len(shape)}Q", code, flags, len(shape), *shape), layout]
    out += [struct.pack("<Q", len(data)), data]


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
    if code >= len(_DTYPES) or dims > MAX_DIMS or flags & ~(_REQUIRES_GRAD | _STRIDED):
        raise WireError(f"a tensor has dtype code {code}, {dims} dimensions and flags {flags}")
    dtype = _DTYPES[code]
    shape = [reader.number("Q") for _ in range(dims)]
    count = math.prod(shape)
    if max(shape, default=0) > MAX_FRAME or count > MAX_FRAME:
        raise WireError(f"a tensor has shape {shape}")
    stride: list[int] = []
    if flags & _STRIDED:
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
        return _own_tensor(data, dtype, shape, stride, requires_grad=bool(flags & _REQUIRES_GRAD))
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


def send(connection: socket.socket, frame: bytes) -> None:
    """Send one frame; blocks, or raises TimeoutError, as the socket is set."""
    connection.sendall(struct.pack("<I", len(frame)) + frame)


def receive(connection: socket.socket) -> bytes:
    """Receive one frame from a blocking socket; raises EOFError when the other side is gone."""
    (size,) = struct.unpack("<I", exactly(connection, 4))
    if size > MAX_FRAME:
        raise WireError(f"a frame announces {size} bytes; the limit is {MAX_FRAME}")
    return exactly(connection, size)


def exactly(connection: socket.socket, size: int) -> bytes:
    """Receive so many bytes from a blocking socket; raises EOFError when the other side is gone."""
    parts: list[bytes] = []
    while size:
        part = connection.recv(min(size, 2**20))
        if not part:
            raise EOFError("the other side closed the connection")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
