"""The zygote: a process that has imported torch and forks confined workers from that state.

Started by the checker as a fresh `exec` with a clean environment: `python -P -s -m
grader.worker.zygote FD`, where FD is one end of a socket pair. It is never forked from the checker,
since a fork inherits the heap and with it the reference. Its wire contract (dicts, see `wire`):

    first, from the checker:  {"memory", "file_size", "confine", "optimizers"}  (sizes in bytes)
    the answer:               {"ready": True, "layers": {...}} or {"error": text}
    {"op": "spawn", "cpu_seconds"} with one socket as SCM_RIGHTS  -> {"pid"}
    {"op": "reap", "pid"}      kills that worker, frees its folder -> {"status", "cpu"}

A worker first sends {"confined": bool}, or {"error": text} where a layer could not be applied, and
then serves `Runtime` requests on its own socket. One thread only: a forked child of a process with
two OpenMP threads hangs.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.worker.confinement import Confinement

__all__ = ["main"]


def main() -> None:
    """Serve the checker on the socket whose descriptor is the first argument, until it closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    # Before torch: these two need a process with one thread, and torch must see its writable folder.
    from grader.worker import namespaces

    private = Path(os.environ["TMPDIR"])
    missing = namespaces.isolate(private)
    zygote = _Zygote(control, private, missing)
    zygote.serve()


class _Zygote:
    def __init__(self, control: socket.socket, private: Path, namespaces_missing: str) -> None:
        from grader import wire

        self._wire = wire
        self._control = control
        self._private = private
        self._namespaces_missing = namespaces_missing
        self._confinement: Confinement | None = None
        self._settings: dict[str, object] = {}
        self._spawned = 0
        self._folders: dict[int, Path] = {}

    def serve(self) -> None:
        self._settings = self._receive()
        self._send(self._prepare())
        while True:
            try:
                request, descriptor = self._receive_with_socket()
            except EOFError:
                return
            if request["op"] == "spawn":
                self._spawn(request, descriptor)
            else:
                self._reap(int(str(request["pid"])))

    def _prepare(self) -> dict[str, object]:
        """Import everything a submission may need, then freeze the heap for cheap forks."""
        import gc

        from grader.worker import confinement

        confinement.die_with_parent()
        try:
            if self._settings["confine"]:
                self._confinement = confinement.Confinement(
                    readable=confinement.readable_paths(),
                    memory=int(str(self._settings["memory"])),
                    file_size=int(str(self._settings["file_size"])),
                )
        except Exception as error:  # noqa: BLE001 - whatever is missing, the checker refuses and says it
            return {"error": f"{type(error).__name__}: {error}"}
        _warm_up(optimizers=bool(self._settings["optimizers"]))
        threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
        if threads != 1:
            return {"error": f"the zygote has {threads} threads, and a forked worker would hang"}
        gc.collect()
        gc.freeze()
        return {"ready": True, "layers": self._layers()}

    def _layers(self) -> dict[str, object]:
        layers: dict[str, object] = {"rlimits": "yes"}
        if self._confinement is not None:
            import landlockpy

            layers["landlock"] = f"ABI {landlockpy.abi_version()}"
            layers["seccomp"] = "yes"
        layers["namespaces"] = self._namespaces_missing or "yes"
        return layers

    def _spawn(self, request: dict[str, object], descriptor: int) -> None:
        from grader.worker import namespaces

        private = self._private / f"worker-{self._spawned}"
        self._spawned += 1
        if not self._namespaces_missing:
            private.mkdir()
            namespaces.mount_private(private)
        pid = os.fork()
        if pid == 0:
            # The child never returns into this loop, whatever happens in it.
            try:
                self._control.close()
                self._become_worker(socket.socket(fileno=descriptor), private, int(str(request["cpu_seconds"])))
            finally:
                os._exit(0)
        os.close(descriptor)
        self._folders[pid] = private
        self._send({"pid": pid})

    def _become_worker(self, connection: socket.socket, private: Path, cpu_seconds: int) -> None:
        from grader.worker import confinement

        try:
            confinement.die_with_parent()
            _keep_only(connection.fileno())
            writable = None if self._namespaces_missing else private
            if writable is not None:
                os.environ.update(HOME=str(writable), TMPDIR=str(writable))
                tempfile.tempdir = None  # torch has asked for it already, and got the zygote's
                os.chdir(writable)
            else:
                os.chdir("/")
            if self._confinement is not None:
                self._confinement.apply(writable, cpu_seconds)
            else:
                memory, file_size = int(str(self._settings["memory"])), int(str(self._settings["file_size"]))
                confinement.limit(memory=memory, file_size=file_size, cpu_seconds=cpu_seconds)
        except Exception as error:  # noqa: BLE001 - a layer that can't be applied must stop the grading
            self._answer(connection, {"error": f"{type(error).__name__}: {error}"})
            return
        self._answer(connection, {"confined": self._confinement is not None})
        self._serve_runtime(connection)

    def _serve_runtime(self, connection: socket.socket) -> None:
        from grader.errors import WireError
        from grader.worker.runtime import Runtime
        from grader.worker.selftest import forbidden_acts_that_succeed

        runtime = Runtime()
        runtime.guard_threads()
        runtime.ask_by(lambda message: self._asked(connection, message))
        while True:
            try:
                request = self._wire.decode(self._wire.receive(connection), strided=True)
            except (EOFError, OSError):
                return
            assert isinstance(request, dict)
            if request["op"] == "selftest":
                acts = forbidden_acts_that_succeed(request["secrets"], request["outside"], request["memory"])  # type: ignore[arg-type]  # our own request
                self._answer(connection, {"id": request["id"], "acts": acts})
                continue
            answer = runtime.handle(request, lambda message: self._answer(connection, message))  # type: ignore[arg-type]  # our own request
            try:
                self._answer(connection, answer)
            except (WireError, ValueError, RuntimeError, TypeError, MemoryError) as error:
                self._answer(connection, {"id": request["id"], "unsendable": f"{error}"[:300]})

    def _asked(self, connection: socket.socket, message: dict[str, object]) -> dict[str, object]:
        self._answer(connection, message)
        answer = self._wire.decode(self._wire.receive(connection), strided=True)
        assert isinstance(answer, dict)
        return answer  # type: ignore[return-value]  # the checker's own message

    def _answer(self, connection: socket.socket, message: dict[str, object]) -> None:
        self._wire.send(connection, self._wire.encode(message))

    def _reap(self, pid: int) -> None:
        from grader.worker import namespaces

        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        folder = self._folders.pop(pid)
        if not self._namespaces_missing:
            namespaces.unmount(folder)
            folder.rmdir()
        self._send({"status": os.waitstatus_to_exitcode(status), "cpu": usage.ru_utime + usage.ru_stime})

    def _send(self, message: dict[str, object]) -> None:
        self._wire.send(self._control, self._wire.encode(message))

    def _receive(self) -> dict[str, object]:
        message = self._wire.decode(self._wire.receive(self._control))
        assert isinstance(message, dict)
        return message  # type: ignore[return-value]  # the checker's own message

    def _receive_with_socket(self) -> tuple[dict[str, object], int]:
        """Receive a request; the descriptor rides on the first byte of its length."""
        data, descriptors, _, _ = socket.recv_fds(self._control, 4, 1)
        if not data:
            raise EOFError
        (size,) = struct.unpack("<I", data)
        message = self._wire.decode(self._wire.exactly(self._control, size))
        assert isinstance(message, dict)
        return message, descriptors[0] if descriptors else -1  # type: ignore[return-value]  # the checker's own


def _keep_only(descriptor: int) -> None:
    """Close every other descriptor, and open a null device of its own as standard input and output.

    An open file that workers share carries its offset and its flags from one submission to the next.
    """
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 4096)


def _warm_up(*, optimizers: bool) -> None:
    """Import what students import, and pay here for what torch imports on first use; optimizers cost as much again."""
    import contextlib

    import torch

    torch.set_num_threads(1)
    weight = torch.ones(2, requires_grad=True)
    torch.autograd.backward((weight * 2).sum())
    if optimizers:
        torch.optim.SGD([weight], lr=0.1).step()  # the first one imports torch._dynamo: 1.4 s
    # All that is of the grader's is imported here, since a worker can't read the package; then `grader` is no package.
    import grader.worker.runtime
    import grader.worker.selftest  # noqa: F401 - see above
    from grader.syntax.loading import silence_check

    silence_check()

    with contextlib.suppress(Exception):  # a plotting library is welcome and never needed
        import matplotlib as mpl

        mpl.use("Agg")
        import matplotlib.pyplot as plt  # noqa: F401 - 0.45 s in every worker that plots, else


if __name__ == "__main__":
    main()
