"""Start what grades as a fork of a process that has imported torch, and not by `exec`, which imports it each time.

Half of the CPU of a test that grades one file would go there, a few hundred times. What is forked runs the same code,
in a clean environment, from `grader.worker.forkserver.divide` on, as it would run by `exec`; only that torch's import
lies behind it. Its parent is another, so a test that looks at the tree of processes, or at what a process can
remember, has it started by `exec`: `STARTED_BY_EXEC = True` in its module.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys

PLACE = "CHAINRULE_TESTS_TORCH"  # the path of the socket of who has torch; without it all is started by exec
_OURS = ["-P", "-s", "-c"]
_CODE = "from grader.worker.forkserver import divide;"
_POPEN = subprocess.Popen


class Popen(_POPEN):
    """`subprocess.Popen`, but for one command where torch is at hand."""

    def __new__(cls, args, *rest, **options):
        if os.environ.get(PLACE) and not rest and args[1:4] == _OURS and args[4].startswith(_CODE):
            return Forked(args[4], **options)
        return super().__new__(cls)


class Forked:
    """A process that was forked for us, with as much of `Popen` as who starts it uses."""

    def __init__(self, code, *, pass_fds, env, stdin, process_group):
        assert (stdin, process_group) == (subprocess.DEVNULL, 0)
        sys.stdout.flush()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(os.environ[PLACE])
        asked = json.dumps({"code": code, "env": dict(env), "cwd": os.getcwd(), "fds": list(pass_fds)})
        socket.send_fds(self._socket, [asked.encode() + b"\n"], [1, 2, *pass_fds])
        self._lines = self._socket.makefile()
        self.pid = int(self._lines.readline())
        self.returncode = None

    def poll(self):
        if self.returncode is None and select.select([self._socket], [], [], 0)[0]:
            self._end()
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None:
            if not select.select([self._socket], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a fork", timeout)
            self._end()
        return self.returncode

    def _end(self):
        self.returncode = int(self._lines.readline() or -signal.SIGKILL)
        self._lines.close()
        self._socket.close()

    def terminate(self):
        self._signal(signal.SIGTERM)

    def kill(self):
        self._signal(signal.SIGKILL)

    def _signal(self, number):
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def install():
    """Have it forked from now on, wherever PLACE is set."""
    subprocess.Popen = Popen
