"""What crosses the socket: JSON of fixed shapes, each behind its length, never more than a limit, and no pickle.

Wire contract: whoever asks sends one `Grade`. Whoever serves sends `Accepted`, or `Declined`; then `Waiting`, where
others are before it, a `Told` for each exercise, and at last `Graded`, `Failed` or `Declined`. To a `Ping` it sends
`Accepted`, and no more.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

import msgspec

from grader.errors import WireError
from grader.report.progress import Progress
from grader.report.reading import read_json
from grader.report.report import SubmissionReport

__all__ = [
    "MAX_REPLY",
    "MAX_REQUEST",
    "Accepted",
    "Declined",
    "Failed",
    "Grade",
    "Graded",
    "Ping",
    "Reply",
    "Request",
    "Told",
    "Waiting",
    "receive_reply",
    "receive_request",
    "send",
]

MAX_REQUEST = 2**16
"""Bytes of the longest request that is read."""
MAX_REPLY = 2**26


class _Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=str.lower):
    pass


class Grade(_Message, frozen=True):
    """Ask for a submission; `grader` is the asker's `grader_state`, the others are those of a `Found`.

    `device` and `inode` say what the asker finds at that path: whoever serves may see another folder there, or none.
    """

    grader: str
    assignment: str
    given: str
    path: str
    device: int
    inode: int


class Ping(_Message, frozen=True):
    """Ask whether anybody is there."""


class Accepted(_Message, frozen=True):
    """It will be graded."""


class Waiting(_Message, frozen=True):
    """Others are being graded, and it waits for its turn."""


class Told(_Message, frozen=True):
    """An exercise has been checked."""

    progress: Progress


class Graded(_Message, frozen=True):
    """The report, and what confined the submission."""

    report: SubmissionReport
    sandbox: str


class Failed(_Message, frozen=True):
    """Nothing can be graded, for a reason that would be the same elsewhere."""

    text: str


class Declined(_Message, frozen=True):
    """This process does not grade it, and another may."""

    text: str


Request = Grade | Ping
Reply = Accepted | Waiting | Told | Graded | Failed | Declined


def send(connection: socket.socket, message: msgspec.Struct) -> None:
    """Send one message; raises OSError, and WireError where a text of it is no Unicode."""
    try:
        data = msgspec.json.encode(message)
    except (ValueError, msgspec.MsgspecError) as error:
        raise WireError(f"this can't be sent: {error}") from error
    connection.sendall(struct.pack("<I", len(data)) + data)


def receive_request(connection: socket.socket, *, seconds: float) -> Request:
    """Receive what is asked within some seconds; raises EOFError, OSError and WireError."""
    request: Request = _decoded(_frame(connection, MAX_REQUEST, seconds), Request)
    return request


def receive_reply(connection: socket.socket, *, seconds: float) -> Reply:
    """Receive what is answered within some seconds; raises EOFError, OSError and WireError."""
    reply: Reply = _decoded(_frame(connection, MAX_REPLY, seconds), Reply)
    return reply


def _decoded(data: bytes, kind: Any) -> Any:  # noqa: ANN401 - a union of messages, which is no type
    try:
        return read_json(data, kind)
    except ValueError as error:
        raise WireError(f"a message can't be read: {error}") from error


def _frame(connection: socket.socket, limit: int, seconds: float) -> bytes:
    end = time.monotonic() + seconds
    (size,) = struct.unpack("<I", _exactly(connection, 4, end))
    if size > limit:
        raise WireError(f"a message announces {size} bytes; the limit is {limit}")
    return _exactly(connection, size, end)


def _exactly(connection: socket.socket, size: int, end: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError("a message took too long")
        connection.settimeout(left)
        part = connection.recv(min(size - len(data), 2**20))
        if not part:
            raise EOFError("the other side closed the connection")
        data += part
    return bytes(data)
