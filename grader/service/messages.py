"""What crosses the socket: JSON of fixed shapes, each behind its length, never more than a limit, and no pickle.

Wire contract: whoever asks sends one `Grade`. Whoever serves sends `Accepted`, or `Declined`; then `Waiting`, where
others are before it, a `Told` for each exercise, and at last `Graded`, `Failed` or `Declined`.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import TypeVar

import msgspec

from grader.errors import WireError
from grader.report.progress import Progress
from grader.report.report import SubmissionReport

__all__ = [
    "MAX_REPLY",
    "MAX_REQUEST",
    "Accepted",
    "Declined",
    "Failed",
    "Grade",
    "Graded",
    "Reply",
    "Told",
    "Waiting",
    "receive",
    "send",
]

MAX_REQUEST = 2**16
"""Bytes of the longest request that is read."""
MAX_REPLY = 2**26
_T = TypeVar("_T")


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
    depth: int
    device: int
    inode: int


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


Reply = Accepted | Waiting | Told | Graded | Failed | Declined


def send(connection: socket.socket, message: msgspec.Struct) -> None:
    """Send one message; raises OSError, and WireError where a text of it is no Unicode."""
    try:
        data = msgspec.json.encode(message)
    except (ValueError, msgspec.MsgspecError) as error:
        raise WireError(f"this can't be sent: {error}") from error
    connection.sendall(struct.pack("<I", len(data)) + data)


def receive(connection: socket.socket, kind: type[_T], *, limit: int, seconds: float | None) -> _T:
    """Receive one message of this kind within some seconds; raises EOFError, OSError and WireError."""
    end = None if seconds is None else time.monotonic() + seconds
    (size,) = struct.unpack("<I", _exactly(connection, 4, end))
    if size > limit:
        raise WireError(f"a message announces {size} bytes; the limit is {limit}")
    try:
        return msgspec.json.decode(_exactly(connection, size, end), type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise WireError(f"a message can't be read: {error}") from error


def _exactly(connection: socket.socket, size: int, end: float | None) -> bytes:
    data = bytearray()
    while len(data) < size:
        left = None if end is None else end - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError("a message took too long")
        connection.settimeout(left)
        part = connection.recv(min(size - len(data), 2**20))
        if not part:
            raise EOFError("the other side closed the connection")
        data += part
    return bytes(data)
