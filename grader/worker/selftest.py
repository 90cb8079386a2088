"""Try forbidden acts from inside a confined worker and say which ones succeeded.

The checker refuses to grade when any did: a layer that is missing or does not hold is found before
a submission runs, not after. Every act is harmless where it succeeds.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import socket
from collections.abc import Callable
from pathlib import Path

__all__ = ["forbidden_acts_that_succeed"]


def forbidden_acts_that_succeed(secrets: list[str], outside: str, memory: int) -> list[str]:
    """Return what was possible and must not be.

    `secrets` are files and folders of the course, `outside` is a folder that this worker's user owns
    and that holds a file `full`, `memory` is the limit in bytes.
    """
    acts: list[tuple[str, Callable[[], object]]] = [(f"read {path}", _reader(path)) for path in secrets]
    acts += [
        ("read /etc/passwd", _reader("/etc/passwd")),
        ("read /proc/1/status", _reader("/proc/1/status")),
        ("list the root folder", _reader("/")),
        ("write outside its folder", lambda: _close(os.open(f"{outside}/new", os.O_CREAT | os.O_WRONLY))),
        ("empty a file by O_TRUNC", lambda: _close(os.open(f"{outside}/full", os.O_RDONLY | os.O_TRUNC))),
        ("open a file in access mode 3", lambda: _close(os.open(f"{outside}/full", 3))),
        ("remove a file", lambda: os.unlink(f"{outside}/full")),
        ("make a TCP socket", lambda: socket.socket(socket.AF_INET).close()),
        ("make a Unix socket", lambda: socket.socket(socket.AF_UNIX).close()),
        ("make a socket pair", socket.socketpair),
        ("fork", _fork),
        ("start a program", lambda: os.posix_spawn("/bin/true", ["true"], {})),
        ("replace itself by a program", lambda: os.execv("/nowhere/at-all", ["nothing"])),  # noqa: S606 - refused first
        ("signal its parent", lambda: os.kill(os.getppid(), 0)),
        ("trace a process", _trace),
        ("make a new namespace", lambda: _call("unshare", 0x10000000)),
        ("map more memory than its limit", lambda: mmap.mmap(-1, memory + 2**20).close()),
    ]
    return [name for name, act in acts if _succeeds(name, act)]


def _succeeds(name: str, act: Callable[[], object]) -> bool:
    try:
        act()
    except FileNotFoundError:
        return name.startswith("replace itself")  # the kernel looked for the program: exec itself was allowed
    except (OSError, MemoryError):
        return False
    return True


def _reader(path: str) -> Callable[[], object]:
    def read() -> object:
        return os.listdir(path) if os.path.isdir(path) else Path(path).read_bytes()[:1]

    return read


def _close(descriptor: int) -> None:
    os.close(descriptor)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _trace() -> None:
    _call("ptrace", 0, 0, 0, 0)


def _call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)
