"""The checker's end of a fork server: have one, ask it for zygotes, and end it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping

from grader.errors import SandboxError
from grader.worker.without import Without

__all__ = ["ForkServer", "clean_environment"]

_END_SECONDS = 5.0


class ForkServer:
    """A process that forks zygotes; `process` is a child of this one, or None where another process has it as such."""

    def __init__(self, process: int | None, control: socket.socket) -> None:
        self._process = process
        self._control = control

    @classmethod
    def start(cls) -> ForkServer:
        """Start one by itself, since this process holds more than torch."""
        ours, theirs = socket.socketpair()
        with theirs:
            started = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", "grader.worker.forkserver", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=clean_environment(tempfile.gettempdir()),
            )
        started.returncode = 0  # it is waited for here, and not by subprocess
        return cls(started.pid, ours)

    def zygote(self, without: Without) -> socket.socket:
        """Ask for a zygote that lacks some tools; return this end of its socket.

        Raises SandboxError where the fork server is gone.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [bytes([without])], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise SandboxError(f"the process that forks zygotes is gone ({error})") from error
        return ours

    def shared(self) -> ForkServer:
        """Return this one as a fork of this process may use it: it closes its own end, and waits for nobody."""
        return ForkServer(None, self._control)

    def close(self) -> None:
        """Close this end; where it is a child of this process, wait for it and, in the end, kill it."""
        self._control.close()
        if self._process is None:
            return
        process, self._process = self._process, None
        end = time.monotonic() + _END_SECONDS
        while os.waitpid(process, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
                return
            time.sleep(0.002)


def clean_environment(folder: str) -> Mapping[str, str]:
    """Return the whole environment of a process that will be a fork server: nothing of the caller's crosses."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": folder,
        "TMPDIR": folder,
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "HYPOTHESIS_NO_PLUGINS": "1",  # whatever else is installed, such as trio, would be imported
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": folder,
        **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM")},
    }
