"""The checker's side of the sandbox: start the zygote, spawn workers, ask them, and stop them in time.

Nothing that a worker sends is trusted beyond being a value: a wrong call id, garbage or silence ends
the worker. CPU time is read from outside by the worker's CPU clock, which it can't forge.
"""

from __future__ import annotations

import contextlib
import secrets
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from grader import wire
from grader.errors import SandboxError, WireError

__all__ = ["GONE", "SandboxMode", "TimedOut", "Worker", "WorkerDied", "Zygote"]

SandboxMode = Literal["auto", "none"]
_START_SECONDS = 120.0
_POLL_SECONDS = 0.25
# One sentence for an exit, a closed socket and a forged frame: which of them is seen first is a race between
# the worker and us, and an exit status or a length is a number of the submission's choosing.
GONE = "it ended its process, or broke its connection to the grader"
_SAY_HOW = "`grader doctor` says what this machine lacks; --sandbox none grades without confinement, at your own risk"


class WorkerDied(BaseException):
    """The worker is gone, or no longer speaks the protocol; `reason` says how.

    A BaseException, so that neither hypothesis nor a suite takes it for a failing example.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TimedOut(BaseException):
    """The worker used up its CPU seconds or, `waiting`, the looser wall limit."""

    def __init__(self, reason: str, *, waiting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.waiting = waiting


class Zygote:
    """A warm interpreter that forks confined workers; use it as a context manager.

    Raises SandboxError where a required layer is missing or the self-test gets through.
    """

    def __init__(
        self,
        *,
        mode: SandboxMode,
        memory: int,
        file_size: int,
        secret_paths: tuple[Path, ...] = (),
        optimizers: bool = True,
    ) -> None:
        self._mode = mode
        self._memory = memory
        self._file_size = file_size
        self._optimizers = optimizers
        self._secrets = secret_paths
        self.layers: dict[str, str] = {}
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
            self.wait_until_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def description(self) -> str:
        """Say in one line what confines a worker, for the report."""
        if self._mode == "none":
            return "none"
        extra = ", namespaces" if self.layers.get("namespaces") == "yes" else ""
        return f"landlock, seccomp, rlimits{extra}"

    def start(self) -> None:
        """Start the process; it warms up while the caller goes on."""
        if self._mode == "auto" and sys.platform != "linux":
            raise SandboxError(f"no sandbox on {sys.platform}: grading needs Linux. {_SAY_HOW}")
        self._folder = Path(tempfile.mkdtemp(prefix="chainrule-"))
        ours, theirs = socket.socketpair()
        private = self._folder / "private"
        private.mkdir()
        with (self._folder / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", "grader.worker.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                cwd="/",
                env=_environment(private),
                start_new_session=True,
            )
        theirs.close()
        ours.settimeout(_START_SECONDS)
        self._control = ours
        self._send(
            {
                "memory": self._memory,
                "file_size": self._file_size,
                "confine": self._mode == "auto",
                "optimizers": self._optimizers,
            },
        )

    def wait_until_ready(self) -> None:
        """Wait for the warm-up, and try the sandbox against itself."""
        answer = self._receive()
        if "error" in answer:
            raise SandboxError(f"the sandbox can't be built: {answer['error']}. {_SAY_HOW}")
        layers = answer["layers"]
        assert isinstance(layers, dict)
        self.layers = {str(name): str(state) for name, state in layers.items()}
        if self._mode == "auto":
            try:
                self._self_test()
            except OSError as error:
                raise SandboxError(f"the sandbox's self-test could not be made: {error}") from error

    def _self_test(self) -> None:
        assert self._folder is not None
        outside = self._folder / "outside"
        outside.mkdir(exist_ok=True)
        (outside / "full").write_text("full")
        worker = self.spawn(cpu_seconds=60)
        try:
            paths = [str(path) for path in self._secrets]
            request = {"op": "selftest", "secrets": paths, "outside": str(outside), "memory": self._memory}
            acts = worker.request(request, cpu_seconds=30, wall_seconds=60)["acts"]
        except (WorkerDied, TimedOut) as error:
            raise SandboxError(f"the sandbox's self-test did not end: {error.reason}. {_SAY_HOW}") from error
        finally:
            worker.close()
        if acts or (outside / "full").read_text() != "full":
            found = ", ".join(str(act) for act in acts) if isinstance(acts, list) else str(acts)
            raise SandboxError(f"the sandbox does not hold; from inside it could {found}. {_SAY_HOW}")

    def spawn(self, *, cpu_seconds: int) -> Worker:
        """Fork one worker; `cpu_seconds` is the kernel's own limit for its whole life, as a backstop."""
        ours, theirs = socket.socketpair()
        frame = wire.encode({"op": "spawn", "cpu_seconds": cpu_seconds})
        assert self._control is not None
        try:
            with theirs:
                socket.send_fds(self._control, [struct.pack("<I", len(frame))], [theirs.fileno()])
                self._control.sendall(frame)
        except OSError as error:
            ours.close()
            raise self._gone(error) from error
        pid = self._receive()["pid"]
        assert isinstance(pid, int)
        worker = Worker(pid, ours, self._reap)
        hello = worker.hello(_START_SECONDS)
        if hello.get("confined") is not (self._mode == "auto"):
            worker.close()
            raise SandboxError(f"a worker could not be confined: {hello.get('error', hello)}. {_SAY_HOW}")
        worker.start_clock()
        return worker

    def _reap(self, pid: int) -> tuple[int, float]:
        self._send({"op": "reap", "pid": pid})
        answer = self._receive()
        status, cpu = answer["status"], answer["cpu"]
        assert isinstance(status, int)
        assert isinstance(cpu, float)
        return status, cpu

    def close(self) -> None:
        """End the zygote and with it every worker; safe to call twice."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _send(self, message: dict[str, object]) -> None:
        assert self._control is not None
        try:
            wire.send(self._control, wire.encode(message))
        except OSError as error:
            raise self._gone(error) from error

    def _receive(self) -> dict[object, object]:
        assert self._control is not None
        try:
            message = wire.decode(wire.receive(self._control))
        except (OSError, EOFError, WireError) as error:
            raise self._gone(error) from error
        assert isinstance(message, dict)
        return message  # type: ignore[return-value]  # a dict of plain values

    def _gone(self, error: Exception) -> SandboxError:
        detail = ""
        if self._folder is not None:
            with contextlib.suppress(OSError):
                detail = (self._folder / "stderr").read_text(errors="replace").strip()[-500:]
        return SandboxError(f"the zygote is gone ({error}). {detail}".strip())


class Worker:
    """One forked worker, seen from the checker."""

    def __init__(self, pid: int, connection: socket.socket, reap: Callable[[int], tuple[int, float]]) -> None:
        self._pid = pid
        self._connection = connection
        self._connection.settimeout(0)
        self._reap: Callable[[int], tuple[int, float]] | None = reap
        self._cpu = 0.0
        self._cpu_at_start = 0.0
        self.exit_status: int | None = None

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all its threads so far, read from outside."""
        if self._reap is not None:
            with contextlib.suppress(OSError):
                self._cpu = time.clock_gettime((~self._pid << 3) | 2)
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
                wall_end += time.monotonic() - start
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
        except (WireError, RuntimeError, ValueError, OverflowError) as error:
            raise WorkerDied(GONE) from error
        if not isinstance(message, dict):
            raise WorkerDied(GONE)
        return message  # type: ignore[return-value]  # a dict of plain values

    def _death(self) -> str:
        self.close()
        status = self.exit_status
        if status is not None and -status in _SIGNALS:
            return f"its process died of {_SIGNALS[-status]}"
        return GONE

    def close(self) -> float:
        """Kill and reap the worker; return all the CPU seconds that it used. Safe to call twice."""
        if self._reap is not None:
            reap, self._reap = self._reap, None
            self._connection.close()
            self.exit_status, self._cpu = reap(self._pid)
        return self.cpu_seconds()


_SIGNALS = {11: "signal 11, a segmentation fault or an abort", 6: "signal 6, an abort"}


def _environment(private: Path) -> dict[str, str]:
    """Return the whole environment of a zygote: nothing of the caller's crosses."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(private),
        "TMPDIR": str(private),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(private),
        **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM")},
    }
