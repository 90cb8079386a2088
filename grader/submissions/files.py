"""Read the files of a folder or a zip as hostile bytes: no link is followed, nothing is unpacked, all is limited.

What can't be read raises `Unreadable` with its reason. Knows nothing of assignments, and parses no content.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from grader.errors import Unreadable
from grader.submissions.found import Found
from grader.submissions.names import SUFFIXES, is_debris

__all__ = [
    "MAX_ARCHIVE_BYTES",
    "MAX_DEPTH",
    "MAX_ENTRIES",
    "MAX_SOURCE_BYTES",
    "ClassZip",
    "Entry",
    "digest",
    "digest_of",
    "open_class",
    "read_class_entry",
    "read_entry",
    "read_regular_file",
    "size_of",
    "walk",
    "walk_class",
    "walk_packed",
]

MAX_SOURCE_BYTES = 16 * 2**20
MAX_ARCHIVE_BYTES = 64 * 2**20
MAX_ENTRIES = 5000
MAX_DEPTH = 6
_MAX_UNPACKED_BYTES = 512 * 2**20
_MAX_CLASS_BYTES = 16 * 2**30
_MAX_CLASS_ENTRIES = 200_000
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC

Entry = zipfile.ZipInfo | Path


def walk(path: Path, depth: int = MAX_DEPTH, *, links: list[str] | None = None) -> Iterator[tuple[str, Entry]]:
    """Yield the files of a folder or a zip with their names inside, for `read_entry`; raises Unreadable.

    A symbolic link to a source is noted in `links`, and raises where there is no such list.
    """
    if path.is_dir():
        return iter(_walk_folder(path, depth, links))
    return iter(_walk_zip(path))


def _walk_folder(folder: Path, levels: int, links: list[str] | None) -> list[tuple[str, Entry]]:
    found: list[tuple[str, Entry]] = []
    pending = [(folder, 0)]
    while pending:
        current, depth = pending.pop()
        try:
            with os.scandir(current) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            raise Unreadable(f"{current.name}: {error.strerror}") from error
        for entry in entries:
            name = str(Path(entry.path).relative_to(folder))
            if entry.is_symlink():
                if entry.name.lower().endswith(SUFFIXES) and links is None:
                    raise Unreadable(f"{name} is a symbolic link, which is not followed")
                if links is not None:
                    links.append(name)
            elif entry.is_dir(follow_symlinks=False):
                if depth < levels and not is_debris(entry.name):
                    pending.append((Path(entry.path), depth + 1))
            else:
                found.append((name, Path(entry.path)))
        if len(found) > MAX_ENTRIES:
            raise Unreadable(f"more than {MAX_ENTRIES} files in it")
    return sorted(found, key=lambda item: item[0])


def _walk_zip(path: Path) -> list[tuple[str, Entry]]:
    return walk_packed(read_regular_file(path, MAX_ARCHIVE_BYTES))


def walk_packed(data: bytes) -> list[tuple[str, Entry]]:
    """Return the files of a zip that is in memory, sorted, with their names inside; raises Unreadable."""
    with _open(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > _MAX_UNPACKED_BYTES:
        raise Unreadable(f"the archive would unpack to {total} bytes; the limit is {_MAX_UNPACKED_BYTES}")
    return _files(entries, MAX_ENTRIES)


class ClassZip:
    """A whole class's zip that is open, so that its directory is read once; it is never in memory as a whole."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            self._entries.setdefault(entry.filename.replace("\\", "/"), entry)

    def files(self) -> list[tuple[str, Entry]]:
        """Return its files, sorted; raises Unreadable."""
        return _files(self._archive.infolist(), _MAX_CLASS_ENTRIES)

    def read(self, name: str, limit: int) -> bytes:
        """Return the bytes of one file, up to a limit; raises Unreadable."""
        entry, last = self._entries.get(name), PurePosixPath(name).name
        if entry is None:
            raise Unreadable(f"{last} is no longer in the archive")
        if entry.file_size > limit:
            raise Unreadable(_too_large(last, entry.file_size, limit))
        return _unpacked(self._archive, last, entry, limit)


@contextmanager
def open_class(path: Path) -> Iterator[ClassZip]:
    """Open a class's zip to read several of its files; raises Unreadable."""
    with os.fdopen(_descriptor(path, path.name, _MAX_CLASS_BYTES), "rb") as file, _open(file) as archive:
        yield ClassZip(archive)


def walk_class(path: Path) -> list[tuple[str, Entry]]:
    """Return the files of a whole class's zip; raises Unreadable."""
    with open_class(path) as archive:
        return archive.files()


@contextmanager
def _open(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, EOFError) as error:
        raise Unreadable(f"it is no zip archive that can be read: {error}") from error
    with archive:
        yield archive


def _files(entries: list[zipfile.ZipInfo], limit: int) -> list[tuple[str, Entry]]:
    """Return the files among the entries of an archive, which may lead nowhere else."""
    if len(entries) > limit:
        raise Unreadable(f"{len(entries)} files in the archive; the limit is {limit}")
    for entry in entries:
        name = entry.filename
        if not name:
            raise Unreadable("the archive holds an entry without a name")
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if ".." in parts or name.startswith(("/", "\\")) or re.match(r"^[A-Za-z]:", name):
            raise Unreadable(f"the archive holds a path that leads out of it: {name[:100]!r}")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable(f"the archive holds a symbolic link: {name[:100]!r}")
    files = [(entry.filename.replace("\\", "/"), entry) for entry in entries if not entry.is_dir()]
    return sorted(files, key=lambda item: item[0])


def read_entry(path: Path | bytes, name: str, entry: Entry, *, limit: int = MAX_SOURCE_BYTES) -> bytes:
    """Return the bytes of one file that `walk` gave of a path, or `walk_packed` of bytes; raises Unreadable."""
    if isinstance(entry, Path):
        assert isinstance(path, Path)
        return _read_inside(path, name, limit)
    if entry.file_size > limit:
        raise Unreadable(_too_large(name, entry.file_size, limit))
    data = path if isinstance(path, bytes) else read_regular_file(path, MAX_ARCHIVE_BYTES)
    with _open(io.BytesIO(data)) as archive:
        return _unpacked(archive, name, entry, limit)


def read_class_entry(path: Path, name: str, limit: int) -> bytes:
    """Return the bytes of one file of a whole class's zip, up to a limit; raises Unreadable."""
    with open_class(path) as archive:
        return archive.read(name, limit)


def _unpacked(archive: zipfile.ZipFile, name: str, entry: zipfile.ZipInfo, limit: int) -> bytes:
    try:
        with archive.open(entry) as member:
            data = member.read(limit + 1)
    except Exception as error:  # zipfile and its decompressors raise what they like of damaged data
        raise Unreadable(f"{name} can't be taken from the archive: {error}") from error
    if len(data) > limit:
        raise Unreadable(f"{name} unpacks to more than the limit of {limit} bytes")
    return data


def read_regular_file(path: Path, limit: int = MAX_SOURCE_BYTES) -> bytes:
    """Read a regular file up to a limit, following no link and waiting for no pipe."""
    return _read(path, path.name, limit)


def _read_inside(folder: Path, name: str, limit: int) -> bytes:
    """Read a file below a folder, of which no part may have become a link since it was listed."""
    *above, last = PurePosixPath(name).parts
    descriptor = -1
    try:
        for part in (str(folder), *above):
            inner = os.open(part, _FOLDER, dir_fd=None if descriptor < 0 else descriptor)
            if descriptor >= 0:
                os.close(descriptor)
            descriptor = inner
        return _read(last, last, limit, folder=descriptor)
    except OSError as error:
        raise Unreadable(f"{last} can't be opened: {error.strerror}") from error
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _read(path: Path | str, name: str, limit: int, *, folder: int | None = None) -> bytes:
    with os.fdopen(_descriptor(path, name, limit, folder=folder), "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(f"{name} has more bytes than the limit of {limit}")
    return data


def _descriptor(path: Path | str, name: str, limit: int, *, folder: int | None = None) -> int:
    """Open a regular file up to a limit, following no link; the caller closes it."""
    try:
        descriptor = os.open(path, _FILE, dir_fd=folder)
    except OSError as error:
        raise Unreadable(f"{name} can't be opened: {error.strerror}") from error
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_size <= limit:
        return descriptor
    os.close(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(f"{name} is no regular file")
    raise Unreadable(_too_large(name, status.st_size, limit))


def size_of(entry: Entry) -> int:
    """Return the bytes that a file of `walk` has, or says that it has."""
    return entry.file_size if isinstance(entry, zipfile.ZipInfo) else entry.lstat().st_size


def _too_large(name: str, size: int, limit: int) -> str:
    said = f"{name} has {size} bytes; the limit is {limit}"
    return f"{said}: clear the outputs of all cells, and save it again" if name.lower().endswith(".ipynb") else said


def digest_of(found: Found) -> str | None:
    """Return the hash of a submission that is one file and could not be judged, so that it can be told apart."""
    if not found.files:
        return digest(found.path)
    if len(found.files) > 1 or found.path.is_dir():
        return None
    try:
        return hashlib.sha256(read_class_entry(found.path, found.files[0][1], MAX_ARCHIVE_BYTES)).hexdigest()
    except Unreadable:
        return None


def digest(path: Path) -> str | None:
    """Return the hash of a small regular file."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 2**28:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
