"""The zygote: a process that has imported torch and forks confined workers from that state.

A fork of the fork server's, one for each checker and each set of tools that its exercises lack, with the settings of
its assignment. It is never forked from a checker, since a fork inherits the heap and with it the reference. Its wire
contract (dicts, see `wire`):

    first, from the checker:  {"memory", "file_size", "confine", "folder"}  (sizes in bytes; `folder` has an empty
                              folder `private`, and takes what is written to stderr, as a file)
    the answer:               {"ready": pid, "layers": {...}} or {"error": text}
    {"op": "spawn", "cpu_seconds"} with one socket as SCM_RIGHTS  -> {"pid"}
    {"op": "reap", "pid"}      kills that worker, frees its folder -> {"status", "cpu"}

A worker answers on its own socket (`grader.worker.serving`). One thread only: a forked child of a process with two
OpenMP threads hangs.
"""

from __future__ import annotations

import gc
import os
import secrets
import signal
import socket
import struct
import tempfile
import traceback
from pathlib import Path
from typing import NoReturn, cast

from grader import wire
from grader.worker import namespaces, orphans
from grader.worker.serving import Kind, Limits, serve

__all__ = ["run"]

_Message = dict[str, object]


def run(control: socket.socket, kind: Kind) -> NoReturn:
    """Serve the checker on this socket until it closes, and end this process, which lacks its tools already."""
    try:
        settings, _ = _received(control)
        _go_into(Path(str(settings["folder"])))
        _serve(control, settings, kind)
    except EOFError:
        pass
    except BaseException:  # noqa: BLE001 - nothing may return into the fork server
        traceback.print_exc()
    finally:
        os._exit(0)


def _go_into(folder: Path) -> None:
    """Take this folder for what is written, by this process or by what it imports."""
    private = folder / "private"
    os.environ.update(HOME=str(private), TMPDIR=str(private), MPLCONFIGDIR=str(private))
    tempfile.tempdir = None
    stderr = os.open(folder / "stderr", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(stderr, 2)
    os.close(stderr)


def _serve(control: socket.socket, settings: _Message, kind: Kind) -> None:
    private = Path(os.environ["TMPDIR"])
    missing = namespaces.isolate(private)
    try:
        limits = Limits(
            kind,
            confine=bool(settings["confine"]),
            memory=cast("int", settings["memory"]),
            file_size=cast("int", settings["file_size"]),
        )
    except Exception as error:  # noqa: BLE001 - whatever is missing, the checker refuses and says it
        _send(control, {"error": f"{type(error).__name__}: {error}"})
        return
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if threads != 1:
        _send(control, {"error": f"the zygote has {threads} threads, and a forked worker would hang"})
        return
    if limits.confinement is None:
        orphans.adopt()
    gc.freeze()  # for cheap forks
    _send(control, {"ready": os.getpid(), "layers": _layers(limits, missing)})
    workers = _Workers(control, limits, None if missing else private)
    while True:
        request, descriptor = _received(control)
        if request["op"] == "spawn":
            workers.spawn(descriptor, cast("int", request["cpu_seconds"]))
        else:
            workers.reap(cast("int", request["pid"]))


def _layers(limits: Limits, namespaces_missing: str) -> _Message:
    layers: _Message = {"rlimits": "yes"}
    if limits.confinement is not None:
        import landlockpy

        layers["landlock"] = f"ABI {landlockpy.abi_version()}"
        layers["seccomp"] = "yes"
    layers["namespaces"] = namespaces_missing or "yes"
    return layers


class _Workers:
    """The workers of a zygote; each has a folder of its own in `private`, where there is one to have."""

    def __init__(self, control: socket.socket, limits: Limits, private: Path | None) -> None:
        self._control = control
        self._limits = limits
        self._private = private
        self._folders: dict[int, Path | None] = {}

    def spawn(self, descriptor: int, cpu_seconds: int) -> None:
        # Its name tells nothing: a number would say how many workers there were before.
        folder = self._private / secrets.token_hex(8) if self._private is not None else None
        if folder is not None:
            folder.mkdir()
            namespaces.mount_private(folder)
        pid = os.fork()
        if pid == 0:
            # The child never returns into this loop, whatever happens in it.
            try:
                self._control.close()
                serve(socket.socket(fileno=descriptor), self._limits, folder, cpu_seconds)
            finally:
                os._exit(0)
        os.close(descriptor)
        self._folders[pid] = folder
        _send(self._control, {"pid": pid})

    def reap(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        folder = self._folders.pop(pid)
        if self._limits.confinement is None:
            orphans.end(self._folders)
        if folder is not None:
            namespaces.unmount(folder)
            folder.rmdir()
        _send(self._control, {"status": os.waitstatus_to_exitcode(status), "cpu": usage.ru_utime + usage.ru_stime})


def _send(control: socket.socket, message: _Message) -> None:
    wire.send(control, wire.encode(message))


def _received(control: socket.socket) -> tuple[_Message, int]:
    """Receive a request; the descriptor, where it has one, rides on the first byte of its length."""
    data, descriptors, _, _ = socket.recv_fds(control, 4, 1)
    if not data:
        raise EOFError
    (size,) = struct.unpack("<I", data)
    message = wire.decode(wire.exactly(control, size))
    assert isinstance(message, dict)
    return cast("_Message", message), descriptors[0] if descriptors else -1  # the checker's own
