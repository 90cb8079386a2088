"""Values that may cross the wire, and whether what came back is the same."""

import math
import struct

import torch
from hypothesis import strategies as st

from grader.wire import Array, Opaque

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
LARGEST_INT = 10**4300 - 1  # Python itself writes and reads no more than 4,300 digits

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
