"""Start the zygote, try the sandbox against itself, and spawn workers; it judges nothing, and asks no worker."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from grader import wire
from grader.errors import SandboxError, WireError
from grader.sandbox.forkserver import ForkServer
from grader.sandbox.mode import SandboxMode
from grader.sandbox.scratch import Scratch
from grader.sandbox.worker import TimedOut, Worker, WorkerDied
from grader.worker.without import Without

__all__ = ["Zygote"]

_START_SECONDS = 120.0
_END_SECONDS = 5.0
_SAY_HOW = "`grader doctor` says what this machine lacks; --sandbox none grades without confinement, at your own risk"


class Zygote:
    """A warm interpreter that forks confined workers which lack the tools `without`; use it as a context manager.

    `memory` is what each may use, in bytes. `folder` holds what the zygote and its workers may write, while it
    runs. `forks` is who forks it; without one it has a fork server of its own, which ends with it. Raises SandboxError
    where a required layer is missing or the self-test gets through.
    """

    def __init__(
        self,
        *,
        mode: SandboxMode,
        memory: int,
        file_size: int,
        secret_paths: tuple[Path, ...] = (),
        without: Without = Without.NOTHING,
        forks: ForkServer | None = None,
    ) -> None:
        self._forks = forks
        self._own: ForkServer | None = None
        self._mode = mode
        self.memory = memory
        self._file_size = file_size
        self._without = without
        self._secrets = secret_paths
        self.layers: dict[str, str] = {}
        self._scratch: Scratch | None = None
        self.pid: int | None = None
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
        if self._mode == SandboxMode.NONE:
            return "none"
        extra = ", namespaces" if self.layers.get("namespaces") == "yes" else ""
        return f"landlock, seccomp, rlimits{extra}"

    @property
    def folder(self) -> Path | None:
        """Its folder, while there is one."""
        return self._scratch.path if self._scratch is not None else None

    def start(self) -> None:
        """Start the process; it warms up while the caller goes on."""
        if self._mode == SandboxMode.AUTO and sys.platform != "linux":
            raise SandboxError(f"no sandbox on {sys.platform}: grading needs Linux. {_SAY_HOW}")
        self._scratch = Scratch()
        folder = self._scratch.path
        (folder / "private").mkdir()
        forks = self._forks or ForkServer.start()
        self._own = None if self._forks else forks
        self._control = forks.zygote(self._without)
        self._control.settimeout(_START_SECONDS)
        self._send(
            {
                "memory": self.memory,
                "file_size": self._file_size,
                "confine": self._mode == SandboxMode.AUTO,
                "folder": str(folder),
            },
        )

    def wait_until_ready(self) -> None:
        """Wait for the warm-up, and try the sandbox against itself."""
        answer = self._receive()
        if "error" in answer:
            raise SandboxError(f"the sandbox can't be built: {answer['error']}. {_SAY_HOW}")
        layers, pid = answer["layers"], answer["ready"]
        assert isinstance(layers, dict)
        assert isinstance(pid, int)
        self.pid = pid
        self.layers = {str(name): str(state) for name, state in layers.items()}
        if self._mode == SandboxMode.AUTO:
            try:
                self._self_test()
            except OSError as error:
                raise SandboxError(f"the sandbox's self-test could not be made: {error}") from error

    def _self_test(self) -> None:
        assert self.folder is not None
        outside = self.folder / "outside"
        outside.mkdir(exist_ok=True)
        (outside / "full").write_text("full")
        worker = self.spawn(cpu_seconds=60)
        try:
            paths = [str(path) for path in self._secrets]
            request = {"op": "selftest", "secrets": paths, "outside": str(outside), "memory": self.memory}
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
        if hello.get("confined") is not (self._mode == SandboxMode.AUTO):
            worker.close()
            raise SandboxError(f"a worker could not be confined: {hello.get('error', hello)}. {_SAY_HOW}")
        worker.start_clock()
        return worker

    def _reap(self, pid: int) -> tuple[int, float]:
        if self._control is None:  # closing it has ended every worker
            return 0, 0.0
        self._send({"op": "reap", "pid": pid})
        answer = self._receive()
        status, cpu = answer["status"], answer["cpu"]
        assert isinstance(status, int)
        assert isinstance(cpu, float)
        return status, cpu

    def close(self) -> None:
        """End the zygote and with it every worker; safe to call twice."""
        if self._control is not None:
            self._wait_for_end(self._control)
            self._control.close()
            self._control = None
            self.pid = None
        if self._own is not None:
            self._own.close()
            self._own = None
        if self._scratch is not None:
            self._scratch.remove()
            self._scratch = None

    def leave(self) -> None:
        """Let a fork of this process have it: close this end, and end nothing."""
        if self._control is not None:
            self._control.close()
        if self._scratch is not None:
            self._scratch.leave()
        self._control = self._scratch = None

    def _wait_for_end(self, control: socket.socket) -> None:
        """Let the zygote read that nothing comes, and wait until it has closed its end, or kill it."""
        control.settimeout(_END_SECONDS)
        try:
            control.shutdown(socket.SHUT_WR)
            while control.recv(4096):
                pass
        except OSError:
            if self.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)

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
        if self.folder is not None:
            with contextlib.suppress(OSError):
                detail = (self.folder / "stderr").read_text(errors="replace").strip()[-500:]
        return SandboxError(f"the zygote is gone ({error}). {detail}".strip())
