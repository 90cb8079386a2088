"""The frames that cross between checker and worker, and nothing else.

A frame is a 4-byte length and one encoded value. A value is None, a bool, an int, a float, a str,
bytes, a list, a tuple, a dict, a tensor (dtype, shape, raw bytes), a numpy `Array`, or an `Opaque`: the
name of a type that no frame can hold. Nothing is ever unpickled. `decode` is total: any bytes give a value or
a `WireError`, within limits on length, depth, items and elements, since the other side may be hostile.

Tensors come back as plain `torch.Tensor`s on storage of their own, and no views of anything (a view
would make right student code fail: `params.detach_()` raises on one). A tensor that is not
contiguous crosses as its storage with its strides, but only towards the worker.
"""

from grader.wire.decoding import decode
from grader.wire.encoding import encode
from grader.wire.sockets import exactly, receive, send
from grader.wire.values import MAX_DEPTH, MAX_FRAME, MAX_ITEMS, Array, Opaque, Value

__all__ = [
    "MAX_DEPTH",
    "MAX_FRAME",
    "MAX_ITEMS",
    "Array",
    "Opaque",
    "Value",
    "decode",
    "encode",
    "exactly",
    "receive",
    "send",
]
