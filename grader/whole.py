"""Write a file whole or not at all: beside its place first, and then moved there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["WRITING", "write_whole"]

WRITING = ".writing-"
"""How the name of a file begins that is not whole; one that is left is of a process that was killed."""


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `data` to `path`, with this mode; raises OSError, and then leaves what was there."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=WRITING)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
