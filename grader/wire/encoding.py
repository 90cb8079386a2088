"""Write a value as a frame, whatever object it is; what can't cross becomes the name of its type.

Nothing of a student's own object is called or asked: it runs in the worker, too, beside their code.
"""

from __future__ import annotations

import struct
from typing import Any, cast

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
)

__all__ = ["encode"]

_DTYPE_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}
_LENGTH, _DOUBLE, _SIZE = struct.Struct("<I").pack, struct.Struct("<d").pack, struct.Struct("<Q").pack
_SHAPES = [struct.Struct(f"<BBB{dims}Q").pack for dims in range(MAX_DIMS + 1)]


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
    elif issubclass(kind, str):
        out += _sized(b"S", str.encode(cast("str", value), "utf-8", "surrogatepass"))
    elif kind is torch.Tensor:
        _encode_plain_tensor(cast("torch.Tensor", value), out, strided=strided)
    elif issubclass(kind, torch.Tensor):
        _encode_tensor(cast("torch.Tensor", value), out, strided=strided)
    elif issubclass(kind, int):
        out += _sized(b"I", _digits(cast("int", value)))
    elif issubclass(kind, float):
        out.append(b"D" + _DOUBLE(float.__float__(cast("float", value))))
    elif issubclass(kind, list | tuple):
        iterate = list.__iter__ if issubclass(kind, list) else tuple.__iter__
        plain: list[object] = list(iterate(cast("Any", value)))  # the student's own __iter__ is not asked
        if len(plain) > budget[0]:
            raise WireError(f"a value has more than {MAX_ITEMS} parts")
        out.append((b"L" if issubclass(kind, list) else b"U") + _LENGTH(len(plain)))
        for item in plain:
            _encode(item, out, depth=depth + 1, budget=budget, strided=strided)
    elif issubclass(kind, dict):
        pairs = list(dict.items(cast("dict[object, object]", value)))
        out.append(b"M" + _LENGTH(len(pairs)))
        for key, item in pairs:
            if not issubclass(type(key), str | int | float | bool | None):
                raise WireError(f"a dict key of type {type(key).__name__} can't cross")
            _encode(key, out, depth=depth + 1, budget=budget, strided=strided)
            _encode(item, out, depth=depth + 1, budget=budget, strided=strided)
    elif issubclass(kind, bytes):
        out += _sized(b"B", bytes(cast("bytes", value)))
    elif kind is Opaque:
        _encode_opaque(cast("Opaque", value).type_name, out)
    elif kind is Array:
        _encode_array(cast("Array", value).tensor, out, strided=strided)
    else:
        _encode_foreign(value, out, strided=strided)


def _sized(tag: bytes, data: bytes) -> tuple[bytes, bytes]:
    return tag + _LENGTH(len(data)), data


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


def _encode_plain_tensor(tensor: torch.Tensor, out: list[bytes], *, strided: bool) -> None:
    """Encode by way of numpy, which takes a third of the time, where numpy has this kind of tensor."""
    grad = tensor.requires_grad
    try:
        array = (tensor.detach() if grad else tensor).numpy()
        code = _DTYPE_CODES[tensor.dtype]
    except (KeyError, RuntimeError, TypeError):
        _encode_tensor(tensor, out, strided=strided)
        return
    if array.ndim > MAX_DIMS or array.nbytes > MAX_FRAME or (strided and not array.flags.c_contiguous):
        _encode_tensor(tensor, out, strided=strided)
        return
    data = array.tobytes()
    out += (
        b"X" + _SHAPES[array.ndim](code, REQUIRES_GRAD if grad else 0, array.ndim, *array.shape),
        _SIZE(len(data)),
        data,
    )


def _encode_tensor(tensor: torch.Tensor, out: list[bytes], *, strided: bool) -> None:
    with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001 - the documented way, and it has no other name
        if type(tensor) is not torch.Tensor:
            tensor = torch.Tensor.as_subclass(tensor, torch.Tensor)
        flags = REQUIRES_GRAD if tensor.requires_grad else 0
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
            flags |= STRIDED
            span = 1 + sum((size - 1) * stride for size, stride in zip(shape, tensor.stride(), strict=True))
            layout = struct.pack(f"<{len(shape)}QQ", *tensor.stride(), span)
            tensor = tensor.as_strided((span,), (1,))
        # `contiguous()` would keep the odd stride of a tensor with one element, which can't be viewed as bytes
        flat = tensor.resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format).reshape(-1)
        data = flat.view(torch.uint8).numpy().tobytes()
    out += (b"X", _SHAPES[len(shape)](code, flags, len(shape), *shape), layout, _SIZE(len(data)), data)
