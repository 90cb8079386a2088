"""One worker, seen from the checker: ask it, and stop it in time.

Nothing that a worker sends is trusted beyond being a value: a wrong call id, garbage or silence ends
the worker. CPU time is read from outside by the worker's CPU clock, which it can't forge.
"""

from __future__ import annotations

import contextlib
import secrets
import select
import signal
import socket
import struct
import time
from collections.abc import Callable

from grader import wire
from grader.errors import WireError

__all__ = ["GONE", "TimedOut", "Worker", "WorkerDied"]

_POLL_SECONDS = 0.25
# One sentence for an exit, a closed socket and a forged frame: which of them is seen first is a race between
# the worker and us, and an exit status or a length is a number of the submission's choosing.
GONE = "it ended its process, or broke its connection to the grader"


class WorkerDied(BaseException):
    """The worker is gone, or no longer speaks the protocol; `reason` says how.

    A BaseException, so that neither hypothesis nor a suite takes it for a failing example.
    """

    killed = 0
    """How often this process has met one that was killed, as for want of memory; that is not kept, either."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TimedOut(BaseException):
    """The worker used up its CPU seconds or, `waiting`, the looser wall limit."""

    raised = 0
    """How often this process has met one; what a busy machine brings about is not kept."""

    def __init__(self, reason: str, *, waiting: bool = False) -> None:
        super().__init__(reason)
        TimedOut.raised += 1
        self.reason = reason
        self.waiting = waiting


class Worker:
    """One forked worker, seen from the checker; `pid` is its process."""

    def __init__(self, pid: int, connection: socket.socket, reap: Callable[[int], tuple[int, float]]) -> None:
        self.pid = pid
        self._connection = connection
        self._connection.settimeout(0)
        self._reap: Callable[[int], tuple[int, float]] | None = reap
        self._cpu = 0.0
        self._cpu_at_start = 0.0
        self.exit_status: int | None = None
        self.answered_for = 0.0
        """Seconds of the clock that questions of its stubs took us; it waited for them, and is not charged."""

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all its threads so far, read from outside."""
        if self._reap is not None:
            with contextlib.suppress(OSError):
                self._cpu = time.clock_gettime((~self.pid << 3) | 2)
        return max(0.0, self._cpu - self._cpu_at_start)

    def start_clock(self) -> None:
        """Count CPU seconds from here on: forking and confining are ours."""
        self._cpu_at_start = self.cpu_seconds()

    def hello(self, wall_seconds: float) -> dict[object, object]:
        """Receive the first message, which says whether the worker is confined."""
        try:
            return self._message(self._receive(wall_seconds, wall_seconds))
        except (WorkerDied, TimedOut) as error:
            return {"error": error.reason}

    def request(
        self,
        message: dict[str, object],
        *,
        cpu_seconds: float,
        wall_seconds: float,
        progress: Callable[[dict[object, object]], tuple[float, float]] | None = None,
        answer_question: Callable[[object], dict[str, object]] | None = None,
    ) -> dict[object, object]:
        """Send a request and return its answer.

        `progress` gets the messages that come before it, and gives the CPU and wall seconds that the
        work has from then on. `answer_question` answers a stub's, in time that is not the student's.
        Raises TimedOut or WorkerDied, after which the worker is of no more use.
        """
        call_id = secrets.randbits(62)
        frame = wire.encode({**message, "id": call_id}, strided=True)
        cpu_end = self.cpu_seconds() + cpu_seconds
        wall_end = time.monotonic() + wall_seconds
        self._send(struct.pack("<I", len(frame)) + frame, wall_end)
        while True:
            answer = self._message(self._receive(cpu_end - self.cpu_seconds(), wall_end - time.monotonic(), cpu_end))
            if type(answer.get("id")) is not int or answer["id"] != call_id:  # a tensor would not compare to a bool
                raise WorkerDied(GONE)
            if answer_question is not None and "question" in answer:
                if self.cpu_seconds() >= cpu_end:
                    raise TimedOut("it used up its CPU time")
                start = time.monotonic()
                reply = self._reply(answer_question(answer["question"]))
                answering = time.monotonic() - start
                wall_end += answering
                self.answered_for += answering
                self._send(struct.pack("<I", len(reply)) + reply, wall_end)
                continue
            if progress is None or "statement" not in answer:
                return answer
            cpu_left, wall_left = progress(answer)
            cpu_end = self.cpu_seconds() + cpu_left
            wall_end = time.monotonic() + wall_left

    def _reply(self, answer: dict[str, object]) -> bytes:
        try:
            return wire.encode(answer, strided=True)
        except (WireError, RuntimeError, ValueError, TypeError) as error:
            return wire.encode({"raised": "RuntimeError", "message": str(error)[:300]})

    def _send(self, data: bytes, wall_end: float) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._connection.send(view) :]
            except BlockingIOError:
                remaining = wall_end - time.monotonic()
                if remaining <= 0:
                    raise TimedOut("it did not take its next question", waiting=True) from None
                select.select([], [self._connection], [], remaining)
            except OSError:
                raise WorkerDied(self._death()) from None

    def _receive(self, cpu_left: float, wall_left: float, cpu_end: float | None = None) -> bytes:
        """Collect one frame; the clocks are looked at whenever nothing comes."""
        wall_end = time.monotonic() + wall_left
        buffer = bytearray()
        need = 4
        while len(buffer) < need:
            wall_left = wall_end - time.monotonic()  # looked at in every turn: bytes may come one at a time
            if wall_left <= 0:
                raise TimedOut("it waited without computing", waiting=True)
            readable, _, _ = select.select(
                [self._connection], [], [], max(0.0, min(_POLL_SECONDS, cpu_left, wall_left))
            )
            if not readable:
                now = self.cpu_seconds()
                cpu_left = (cpu_end - now) if cpu_end is not None else cpu_left
                if cpu_left <= 0:
                    raise TimedOut("it used up its CPU time")
                continue
            try:
                part = self._connection.recv(min(need - len(buffer), 2**20))
            except OSError:
                part = b""
            if not part:
                raise WorkerDied(self._death())
            buffer += part
            if need == 4 and len(buffer) == 4:
                need += struct.unpack("<I", buffer)[0]
                if need > wire.MAX_FRAME:
                    raise WorkerDied(GONE)
        return bytes(buffer[4:])

    def _message(self, frame: bytes) -> dict[object, object]:
        try:
            message = wire.decode(frame)
        except (WireError, RuntimeError, ValueError, TypeError, OverflowError, MemoryError, struct.error) as error:
            raise WorkerDied(GONE) from error
        if not isinstance(message, dict):
            raise WorkerDied(GONE)
        return message  # type: ignore[return-value]  # a dict of plain values

    def _death(self) -> str:
        self.close()
        status = self.exit_status
        if status == -signal.SIGKILL:
            WorkerDied.killed += 1
        if status is not None and -status in _SIGNALS:
            return f"its process died of {_SIGNALS[-status]}"
        return GONE

    def close(self) -> float:
        """Kill and reap the worker; return all the CPU seconds that it used. Safe to call twice."""
        if self._reap is not None:
            reap, self._reap = self._reap, None
            self._connection.close()
            self.exit_status, self._cpu = reap(self.pid)
        return self.cpu_seconds()


_SIGNALS = {11: "signal 11, a segmentation fault or an abort", 6: "signal 6, an abort"}
