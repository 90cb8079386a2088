"""Send and receive whole frames over a blocking socket; it looks into none of them."""

from __future__ import annotations

import socket
import struct

from grader.errors import WireError
from grader.wire.values import MAX_FRAME

__all__ = ["exactly", "receive", "send"]


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
