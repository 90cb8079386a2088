"""A submission as bytes for another machine, where reading it comes to the same; what can't be sent so is None.

Opens files as hostile ones: no link is followed, and nothing is unpacked but what `pack` has packed.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from grader.errors import Unreadable, WireError
from grader.submissions.files import MAX_ENTRIES, open_class, read_entry, read_regular_file, walk
from grader.submissions.found import Found

__all__ = ["MAX_SENT_BYTES", "Sent", "pack", "read_batch", "unpack", "write_batch"]

MAX_SENT_BYTES = 32 * 2**20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file by its path inside of a folder, or a link, of which only that it is one is known."""

    name: bytes
    data: bytes = b""
    link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A submission: what is said of it, the name of its file or folder, and what is in it.

    `parts` has the names that its files have for its student, in their order, where it is part of a class's folder or
    zip (which `folder` tells apart); the files themselves are called by their numbers.
    """

    given: str
    earlier: tuple[str, ...]
    student: str
    late: bool
    name: bytes
    folder: bool
    files: tuple[_File, ...]
    parts: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Its bytes, roughly."""
        return sum(len(file.name) + len(file.data) for file in self.files)


def pack(found: Found) -> Sent | None:
    """Return a submission as it is read, or None where it is too large, or holds what is no plain file."""
    path = found.path
    try:
        mode = os.lstat(path).st_mode
        if found.files:
            files = _parts(found)
        elif stat.S_ISREG(mode):
            files = [_File(name=b"", data=read_regular_file(path, MAX_SENT_BYTES))]
        elif stat.S_ISDIR(mode):
            files = _in_folder(path)
        else:
            return None
    except (Unreadable, OSError):
        return None
    sent = Sent(
        given=found.given,
        earlier=found.earlier,
        student=found.student,
        late=found.late,
        name=os.fsencode(path.name),
        folder=stat.S_ISDIR(mode),
        files=tuple(files),
        parts=tuple(name for name, _ in found.files),
    )
    return sent if sent.size <= MAX_SENT_BYTES and sent.name else None


def _in_folder(folder: Path) -> list[_File]:
    """Return the files that whoever reads a submission is shown; raises Unreadable where not all can be sent."""
    files: list[_File] = []
    links: list[str] = []
    left = MAX_SENT_BYTES
    for name, entry in walk(folder, links=links):
        files.append(_File(name=os.fsencode(name), data=read_entry(folder, name, entry)))
        left -= len(files[-1].data)
        if left < 0:
            raise Unreadable("it is too large")
    return [*files, *(_File(name=os.fsencode(name), link=True) for name in links)]


def _parts(found: Found) -> list[_File]:
    """Return the files of a part of a class's folder or zip, called by their numbers; raises Unreadable."""
    if found.path.is_dir():
        return _numbered(found, partial(read_entry, found.path, entry=found.path))
    with open_class(found.path) as archive:
        return _numbered(found, archive.read)


def _numbered(found: Found, read: Callable[..., bytes]) -> list[_File]:
    files: list[_File] = []
    left = MAX_SENT_BYTES  # of all together: a packed file may be small, and a thousand of them large
    for number, (_, place) in enumerate(found.files):
        files.append(_File(name=b"%d" % number, data=read(place, limit=left)))
        left -= len(files[-1].data)
    return files


def unpack(sent: Sent, folder: Path) -> Found:
    """Write a submission into an empty folder; raises OSError, and WireError for names that lead out of it."""
    root = folder / os.fsdecode(_plain(sent.name))
    parts = tuple((name, str(number)) for number, name in enumerate(sent.parts))
    found = Found(given=sent.given, path=root, earlier=sent.earlier, student=sent.student, files=parts, late=sent.late)
    if parts and not sent.folder:
        with zipfile.ZipFile(root, "x") as archive:
            for (_, place), file in zip(parts, sent.files, strict=True):
                archive.writestr(place, file.data)
        return found
    if sent.folder:
        root.mkdir()
    for file in sent.files:
        path = root
        if sent.folder:
            for part in file.name.split(b"/"):
                path /= os.fsdecode(_plain(part))
            path.parent.mkdir(parents=True, exist_ok=True)
        if file.link:
            os.symlink(os.devnull, path)
            continue
        with os.fdopen(os.open(path, _NEW, 0o600), "wb") as opened:
            opened.write(file.data)
    return found


def _plain(part: bytes) -> bytes:
    if part in (b"", b".", b"..") or b"/" in part or b"\0" in part:
        raise WireError(f"a submission with a file called {part!r}")
    return part


def write_batch(batch: Sequence[Sent]) -> bytes:
    """Return submissions as one message."""
    return msgspec.msgpack.encode(batch)


def read_batch(data: bytes) -> list[Sent]:
    """Return the submissions of a message; raises WireError for whatever else the bytes are."""
    try:
        batch = msgspec.msgpack.decode(data, type=list[Sent])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"no submissions: {error}") from error
    if any(
        len(sent.files) > 2 * MAX_ENTRIES or (not sent.folder and len(sent.files) != (len(sent.parts) or 1))
        for sent in batch
    ):
        raise WireError("a submission of too many files, or of none")
    return batch
