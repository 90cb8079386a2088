"""Temporary folders of our own, which go with whoever has them: one that a killed process left, the next one removes.

Each holds a file that is locked (`flock`) while a process has the folder, the one that made it or a fork of it. What
has no such file is nobody's that is known here, and stays.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

__all__ = ["Scratch", "sweep"]

_PREFIX = "chainrule-"
_LOCK = "lock"


class Scratch:
    """A temporary folder, at `path` until it is removed."""

    def __init__(self) -> None:
        """Make it, after those are gone that killed processes left. Raises OSError."""
        sweep()
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            self._lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            if _is_taken(self._lock):
                return
            os.close(self._lock)  # between the two calls another process has swept

    def remove(self) -> None:
        """Remove it with all that it holds."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)

    def leave(self) -> None:
        """Let a fork of this process have it."""
        os.close(self._lock)


def sweep() -> None:
    """Remove the folders that killed processes of this user have left."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with contextlib.suppress(OSError):
            descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if os.fstat(descriptor).st_uid == os.getuid() and _is_taken(descriptor, else_left=False):
                    shutil.rmtree(lock.parent, ignore_errors=True)
            finally:
                os.close(descriptor)


def _is_taken(lock: int, *, else_left: bool = True) -> bool:
    """Lock it and say whether that is so, and it is still there; `else_left` where the file system has no locks."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return else_left
    return os.fstat(lock).st_nlink > 0
