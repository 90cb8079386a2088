"""The folder in which the grader keeps what it need not compute again: private to its owner, and never trusted blindly.

A file holds one entry, behind a line that says what it is and a checksum. What is damaged, somebody else's or open to
others is as if it were not there; what can't be written is not kept. It knows nothing of what is in an entry, and
unpickles nothing: whoever reads one decodes it as a frame (`grader.wire`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from grader.whole import write_whole

__all__ = ["Store", "store_folder"]

_MAGIC = b"chainrule kept 1\n"
_ENDING = ".kept"
_MAX_BYTES = 2**26


def store_folder() -> Path:
    """Return where this user's entries are kept."""
    return Path(platformdirs.user_cache_path("chainrule"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A folder of entries. An entry is found by `name`, whose it is, and `key`, of all that it depends on."""

    folder: Path

    def read(self, name: str, key: str) -> bytes | None:
        """Return an entry, or None where there is none that can be trusted."""
        if self.problem():
            return None
        try:
            descriptor = os.open(self._path(name, key), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or not _is_private(found) or found.st_size > _MAX_BYTES:
                return None
            data = file.read(_MAX_BYTES)
        head = len(_MAGIC) + hashlib.sha256().digest_size
        body = data[head:]
        return body if data[:head] == _MAGIC + hashlib.sha256(body).digest() else None

    def write(self, name: str, key: str, body: bytes) -> None:
        """Keep an entry in the place of the others of this name; where that can't be, nothing is kept."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.problem():
                return
            path = self._path(name, key)
            write_whole(path, _MAGIC + hashlib.sha256(body).digest() + body, mode=0o600)
            for other in self.folder.glob(f"{name}.*{_ENDING}"):
                if other != path:
                    other.unlink(missing_ok=True)

    def problem(self) -> str:
        """Say why nothing is kept here, or ""."""
        try:
            found = os.lstat(self.folder)
        except FileNotFoundError:
            above = next(path for path in self.folder.parents if path.exists())
            return "" if os.access(above, os.W_OK) else f"{self.folder} can't be made in {above}"
        except OSError as error:
            return f"{self.folder} can't be looked at: {error.strerror}"
        if not stat.S_ISDIR(found.st_mode):
            return f"{self.folder} is no folder"
        if not _is_private(found):
            return f"{self.folder} is another user's, or open to others: chmod 700 it, or remove it"
        if not os.access(self.folder, os.W_OK):
            return f"{self.folder} can't be written"
        return ""

    def entries(self) -> list[tuple[str, int]]:
        """Return the name and the size in bytes of each entry, sorted."""
        found = sorted(self.folder.glob(f"*{_ENDING}")) if self.folder.is_dir() else []
        return [(path.name.removesuffix(_ENDING), path.stat().st_size) for path in found]

    def clear(self) -> int:
        """Remove every entry; return how many there were. Raises OSError where one can't be removed."""
        entries = self.entries()
        for name, _ in entries:
            (self.folder / f"{name}{_ENDING}").unlink(missing_ok=True)
        return len(entries)

    def _path(self, name: str, key: str) -> Path:
        return self.folder / f"{name}.{key[:32]}{_ENDING}"


def _is_private(found: os.stat_result) -> bool:
    return found.st_uid == os.getuid() and not found.st_mode & 0o077
