"""Where the socket of a course lies: in a folder that is this user's alone, under a name made of the course's place.

A lock beside the socket says whether somebody serves there: a socket without its lock held was left by a process that
was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import stat
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from grader.course.assignment import Course
from grader.errors import UsageError
from grader.judge.store import store_folder

__all__ = ["connected", "listening", "peer", "socket_paths"]

_MAX_PATH = 107  # bytes of `sun_path`, without the NUL at its end
_WAITING = 64


def socket_paths(course: Course) -> list[Path]:
    """Return where the socket of a course may be, the first choice first."""
    name = hashlib.sha256(os.fsencode(course.root)).hexdigest()[:16]
    return [folder / f"{name}.socket" for folder in _folders()]


@contextlib.contextmanager
def listening(course: Course) -> Iterator[tuple[socket.socket, Path]]:
    """Hold the socket of a course, and remove it in the end; raises UsageError where that can't be."""
    path = socket_paths(course)[0]
    if len(os.fsencode(path)) > _MAX_PATH:
        raise UsageError(f"{path} is too long for the name of a socket; set XDG_RUNTIME_DIR to a shorter folder")
    with contextlib.ExitStack() as stack:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(path.parent):
                raise UsageError(f"{path.parent} is another user's, or open to others: chmod 700 it, or remove it")
            lock = stack.enter_context(path.with_suffix(".lock").open("a+"))
            _hold(lock.fileno(), course)
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            path.unlink(missing_ok=True)
            stack.callback(path.unlink, missing_ok=True)
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen(_WAITING)
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from error
        yield listener, path


def connected(course: Course, *, seconds: float) -> socket.socket | None:
    """Return a socket to the process of this user that serves a course, or None; it answers within these seconds."""
    for path in socket_paths(course):
        if len(os.fsencode(path)) > _MAX_PATH or not _is_private(path.parent):
            continue
        found = socket.socket(socket.AF_UNIX)
        try:
            found.settimeout(seconds)
            found.connect(str(path))
            if peer(found) == os.getuid():
                return found
        except OSError:
            pass
        found.close()
    return None


def peer(connection: socket.socket) -> int:
    """Return the user at the other end, as the kernel knows it."""
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(user)


def _hold(lock: int, course: Course) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
        raise UsageError(f"`grader serve` of {course.root} runs already, as process {holder}") from error
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)


def _folders() -> list[Path]:
    """Return the user's runtime folder, where there is one, and a part of the cache's.

    What platformdirs falls back to, a predictable name in the folder for temporary files, is nobody's in particular.
    """
    folders = [store_folder() / "run"]
    with warnings.catch_warnings(), contextlib.suppress(OSError):
        warnings.simplefilter("ignore")
        runtime = platformdirs.user_runtime_path("chainrule")
        if _is_private(runtime.parent):
            folders.insert(0, runtime)
    return folders


def _is_private(folder: Path) -> bool:
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
