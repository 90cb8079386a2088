"""What a frame can hold, and how much of it: both directions agree on this; it encodes and decodes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, Union

import torch

__all__ = [
    "DTYPES",
    "MAX_DEPTH",
    "MAX_DIMS",
    "MAX_FRAME",
    "MAX_ITEMS",
    "REQUIRES_GRAD",
    "STRIDED",
    "Array",
    "Opaque",
    "Value",
]

MAX_FRAME = 64 * 2**20
"""Bytes in the longest frame that is sent or accepted."""
MAX_DEPTH = 32
MAX_ITEMS = 1_000_000
MAX_DIMS = 16

DTYPES = (
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
"""A dtype crosses as its place in this list."""
REQUIRES_GRAD, STRIDED = 1, 2
"""The flags of a tensor."""


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
