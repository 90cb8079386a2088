"""Write a file whole or not at all: beside its place first, and then moved there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from pathlib import Path

__all__ = ["remove_halves", "write_whole"]

_WRITING = ".writing-"
"""How the name of a file begins that is not whole; it is locked while it is written."""


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `data` to `path`, with this mode; raises OSError, and then leaves what was there."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=_WRITING)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with contextlib.suppress(OSError):  # a file system without locks: nobody removes it, either
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.write(data)
            file.flush()
            os.chmod(temporary, mode)
            os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def remove_halves(folder: Path) -> None:
    """Remove from a folder what processes that were killed have left half-written."""
    for half in folder.glob(f"{_WRITING}*"):
        with contextlib.suppress(OSError):
            descriptor = os.open(half, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                half.unlink()
            finally:
                os.close(descriptor)
