"""Find the submissions behind a path, and the one source file in each that is to be judged.

Everything here is hostile input: files are opened without following links and read up to a limit,
archives are read in memory and never unpacked, notebooks are parsed as JSON. No student code runs.
A submission that can't be read raises `Unreadable`, or becomes a `Found` with its reason; it never
stops the others.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
import stat
import tokenize
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import Unreadable, UsageError
from grader.syntax.notebooks import parse_notebook
from grader.syntax.statements import Cell

__all__ = [
    "Entry",
    "Found",
    "Source",
    "digest",
    "discover",
    "infer_assignment",
    "is_source",
    "read_entry",
    "read_regular_file",
    "read_sources",
    "walk",
]

MAX_SOURCE_BYTES = 16 * 2**20
MAX_CODE_CHARACTERS = 2**20
MAX_ARCHIVE_BYTES = 64 * 2**20
MAX_UNPACKED_BYTES = 512 * 2**20
MAX_ENTRIES = 5000
MAX_DEPTH = 6
MAX_CANDIDATES = 20
_SUFFIXES = (".py", ".ipynb")
_IGNORED = re.compile(r"^(\.|__MACOSX$|__pycache__$|Thumbs\.db$|desktop\.ini$)")
_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "ascii", "iso8859-1", "iso8859-15", "cp1252"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One submission: `given` is its path as the report prints it; a folder is searched `depth` levels deep."""

    given: str
    path: Path
    depth: int = MAX_DEPTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One candidate: a module or notebook, read and split into cells of code."""

    filename: str
    sha256: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A candidate before it is parsed; `name` is its path inside the submission."""

    name: str
    data: bytes


def discover(paths: list[str]) -> list[Found]:
    """Return the submissions behind the paths of a command line, in order and each once.

    A file is one submission. A folder is a class: each direct child is one, sorted by name; hidden
    files and the debris of other programs are passed over. Raises UsageError for a path that is not there.
    """
    found: dict[str, Found] = {}
    for given in paths:
        path = Path(given)
        if not os.path.lexists(path):
            raise UsageError(f"{given}: no such file or folder")
        if path.is_dir():
            children = sorted(child for child in os.listdir(path) if not _IGNORED.match(child))
            if not children:
                raise UsageError(f"{given}: the folder is empty; a folder is a class, and each child a submission")
            for child in children:
                _add(found, os.path.join(given, child), path / child)
        else:
            _add(
                found, given, Path(os.path.realpath(path))
            )  # a link that the user names is meant, unlike one in a class
    return list(found.values())


def _add(found: dict[str, Found], given: str, path: Path) -> None:
    printable = given.encode("utf-8", "backslashreplace").decode()
    found.setdefault(printable, Found(given=printable, path=path))


def infer_assignment(found: Found, names: tuple[str, ...]) -> str | None:
    """Return the longest known name that begins the file's name, or that of a file inside.

    Where neither does, the name of the folder that it lies in may say it.
    """
    by_length = sorted(names, key=len, reverse=True)
    inside: list[str] = []
    if not found.path.is_symlink() and (found.path.is_dir() or found.path.suffix.lower() == ".zip"):
        try:
            inside = sorted(PurePosixPath(name).name for name, _ in walk(found.path) if is_source(name))
        except Exception:  # noqa: BLE001 - a damaged archive; reading it will say what is wrong with it
            inside = []
    for candidates in ([Path(found.given).name, found.path.name], inside, [found.path.absolute().parent.name]):
        for name in by_length:
            if any(candidate.startswith(name) for candidate in candidates):
                return name
    return None


def read_sources(found: Found, assignment: str) -> list[Source]:
    """Read the candidates of a submission; one for a file, one or more for a folder or zip.

    Raises Unreadable with the reason. Which of several counts is judged later, by what they hold.
    """
    files = _candidates(found, assignment)
    distinct = {hashlib.sha256(file.data).hexdigest(): file for file in reversed(files)}
    sources: list[Source] = []
    reasons: list[str] = []
    for digest, file in distinct.items():
        try:
            sources.append(Source(filename=file.name, sha256=digest, cells=_cells(file)))
        except Unreadable as error:
            reasons.append(f"{file.name}: {error}" if len(files) > 1 else str(error))
    if not sources:
        raise Unreadable("; ".join(reasons))
    return sorted(sources, key=lambda source: source.filename)


def digest(path: Path) -> str | None:
    """Return the hash of a small regular file that could not be judged, so that it can be told apart."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 2**28:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _candidates(found: Found, assignment: str) -> list[_File]:
    mode = os.lstat(found.path).st_mode
    if stat.S_ISLNK(mode):
        raise Unreadable("it is a symbolic link, which is not followed; hand in the file itself")
    suffix = found.path.suffix.lower()
    if stat.S_ISREG(mode) and suffix in _SUFFIXES:
        return [_File(name=found.path.name, data=read_regular_file(found.path))]
    if not stat.S_ISDIR(mode) and not (stat.S_ISREG(mode) and suffix == ".zip"):
        kind = f"a {suffix or 'nameless'} file" if stat.S_ISREG(mode) else "no regular file"
        raise Unreadable(f"it is {kind}; a submission is {assignment}.py, {assignment}.ipynb, or a folder or zip of it")
    links: list[str] = []
    named = [(name, entry) for name, entry in walk(found.path, found.depth, links=links) if is_source(name)]
    for link in links:
        if PurePosixPath(link).stem.startswith(assignment):  # any other one is not looked at
            raise Unreadable(f"{link} is a symbolic link, which is not followed")
    exact = [item for item in named if PurePosixPath(item[0]).stem == assignment]
    close = [item for item in named if PurePosixPath(item[0]).stem.startswith(assignment)]
    chosen = exact or close
    if not chosen:
        there = ", ".join(name for name, _ in named[:5]) or "no .py or .ipynb file"
        raise Unreadable(f"no {assignment}.py or {assignment}.ipynb in it; found {there}")
    if len(chosen) > MAX_CANDIDATES:
        raise Unreadable(f"{len(chosen)} files in it could be the submission; hand in one")
    return [_File(name=name, data=read_entry(found.path, name, entry)) for name, entry in chosen]


def is_source(name: str) -> bool:
    """Say whether a file inside a submission may be the student's work, by its name."""
    path = PurePosixPath(name)
    if path.name.startswith("test_") or any(_IGNORED.match(part) for part in path.parts):
        return False
    return path.suffix.lower() in _SUFFIXES


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
                if entry.name.lower().endswith(_SUFFIXES) and links is None:
                    raise Unreadable(f"{name} is a symbolic link, which is not followed")
                if links is not None:
                    links.append(name)
            elif entry.is_dir(follow_symlinks=False):
                if depth < levels and not _IGNORED.match(entry.name):
                    pending.append((Path(entry.path), depth + 1))
            else:
                found.append((name, Path(entry.path)))
        if len(found) > MAX_ENTRIES:
            raise Unreadable(f"more than {MAX_ENTRIES} files in it")
    return sorted(found, key=lambda item: item[0])


def _walk_zip(path: Path) -> list[tuple[str, Entry]]:
    try:
        with zipfile.ZipFile(io.BytesIO(read_regular_file(path, MAX_ARCHIVE_BYTES))) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, EOFError) as error:
        raise Unreadable(f"it is no zip archive that can be read: {error}") from error
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(f"{len(entries)} files in the archive; the limit is {MAX_ENTRIES}")
    for entry in entries:
        name = entry.filename
        if not name:
            raise Unreadable("the archive holds an entry without a name")
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if ".." in parts or name.startswith(("/", "\\")) or re.match(r"^[A-Za-z]:", name):
            raise Unreadable(f"the archive holds a path that leads out of it: {name[:100]!r}")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable(f"the archive holds a symbolic link: {name[:100]!r}")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED_BYTES:
        raise Unreadable(f"the archive would unpack to {total} bytes; the limit is {MAX_UNPACKED_BYTES}")
    files = [(entry.filename.replace("\\", "/"), entry) for entry in entries if not entry.is_dir()]
    return sorted(files, key=lambda item: item[0])


def read_entry(path: Path, name: str, entry: Entry) -> bytes:
    """Return the bytes of one file that `walk(path)` gave; raises Unreadable."""
    if isinstance(entry, Path):
        return read_regular_file(entry)
    if entry.file_size > MAX_SOURCE_BYTES:
        raise Unreadable(f"{name} has {entry.file_size} bytes; the limit is {MAX_SOURCE_BYTES}")
    try:
        with (
            zipfile.ZipFile(io.BytesIO(read_regular_file(path, MAX_ARCHIVE_BYTES))) as archive,
            archive.open(entry) as member,
        ):
            data = member.read(MAX_SOURCE_BYTES + 1)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError) as error:
        raise Unreadable(f"{name} can't be taken from the archive: {error}") from error
    except Exception as error:
        raise Unreadable(f"{name} can't be taken from the archive: {error}") from error
    if len(data) > MAX_SOURCE_BYTES:
        raise Unreadable(f"{name} unpacks to more than the limit of {MAX_SOURCE_BYTES} bytes")
    return data


def read_regular_file(path: Path, limit: int = MAX_SOURCE_BYTES) -> bytes:
    """Read a regular file up to a limit, following no link and waiting for no pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(f"{path.name} can't be opened: {error.strerror}") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise Unreadable(f"{path.name} is no regular file")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > limit:
            raise Unreadable(f"{path.name} has {status.st_size} bytes; the limit is {limit}")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(f"{path.name} has more bytes than the limit of {limit}")
    return data


def _cells(file: _File) -> tuple[Cell, ...]:
    if not file.data.strip():
        raise Unreadable("the file is empty")
    cells = _notebook_cells(file) if file.name.lower().endswith(".ipynb") else (_module_cell(file),)
    size = sum(len(cell.text) for cell in cells)
    if size > MAX_CODE_CHARACTERS:
        raise Unreadable(f"it holds {size} characters of code; the limit is {MAX_CODE_CHARACTERS}")
    if not any(cell.text.strip() for cell in cells):
        raise Unreadable("it holds no code")
    return cells


def _module_cell(file: _File) -> Cell:
    if b"\x00" in file.data:
        raise Unreadable("it holds NUL bytes, so it is no Python source")
    try:
        encoding = codecs.lookup(tokenize.detect_encoding(io.BytesIO(file.data).readline)[0]).name
    except (SyntaxError, LookupError) as error:
        raise Unreadable(f"it is no Python source: {error}") from error
    if encoding not in _ENCODINGS:
        raise Unreadable(f"it declares the encoding {encoding}; save it as UTF-8")
    try:
        text = file.data.decode(encoding)
    except UnicodeDecodeError as error:
        line = file.data[: error.start].count(b"\n") + 1
        found = f"byte 0x{file.data[error.start]:02x} in line {line}"
        raise Unreadable(f"it is no {encoding} text: {found}; save it as UTF-8") from error
    return Cell(filename=PurePosixPath(file.name).name, text=text)


def _notebook_cells(file: _File) -> tuple[Cell, ...]:
    """Return the code cells in order, whatever else is in the notebook or missing from it."""
    name = PurePosixPath(file.name).name
    found: list[Cell] = []
    for number, (kind, text, _) in enumerate(_parsed(file.data), 1):
        found.append(Cell(filename=f"{name}, cell {number}", text=text if kind == "code" else "", notebook=True))
    if not any(cell.text.strip() for cell in found):
        raise Unreadable("the notebook holds no code")
    return tuple(found)


def _parsed(data: bytes) -> list[tuple[str, str, dict[str, object]]]:
    try:
        return parse_notebook(data)
    except ValueError as error:
        raise Unreadable(str(error)) from error
