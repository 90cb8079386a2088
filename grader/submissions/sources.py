"""Read the candidates of a submission: whatever may hold its work, under any name, split into cells of code.

Everything here is hostile input: a module is decoded and a notebook is parsed as JSON, and no student code runs.
Which of several candidates counts is judged elsewhere, by what they hold; what is not read is named, with the reason.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from grader.errors import Unreadable
from grader.submissions.files import (
    MAX_ARCHIVE_BYTES,
    MAX_SOURCE_BYTES,
    Entry,
    open_class,
    read_entry,
    read_regular_file,
    size_of,
    walk,
    walk_packed,
)
from grader.submissions.found import Found, Reading, Source, Unread, Wanted
from grader.submissions.names import (
    ANY_NAME,
    SUFFIXES,
    by_likelihood,
    form_that_is_not_read,
    is_source,
    is_zip,
    named,
    rank,
)
from grader.syntax.decoding import python_text
from grader.syntax.notebooks import code_cells
from grader.syntax.statements import Cell

__all__ = ["MAX_CANDIDATES", "MAX_CODE_CHARACTERS", "MAX_FILES", "read_sources"]

MAX_CODE_CHARACTERS = 2**20
MAX_CANDIDATES = 20
MAX_FILES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file that may be a candidate: its path inside the submission, its size, and what reads it."""

    name: str
    size: int
    read: Callable[[], bytes]


def read_sources(found: Found, wanted: Wanted) -> Reading:
    """Read the candidates of a submission; one for a file, one or more for a folder or zip.

    A file whose name says nothing is one if it names an exercise. Raises Unreadable with the reason where nothing
    could be read. Which of several counts is judged later, by what they hold.
    """
    if found.files and found.path.is_dir():
        entries = {place: path for _, place in found.files if os.path.lexists(path := found.path / place)}
        read = partial(read_entry, found.path, entry=found.path)  # from the folder on, through no link
        return _read_parts(_parts(found, entries, read), wanted)
    if found.files:
        with open_class(found.path) as archive:
            return _read_parts(_parts(found, dict(archive.files()), archive.read), wanted)
    mode = os.lstat(found.path).st_mode
    if stat.S_ISLNK(mode):
        raise Unreadable("it is a symbolic link, which is not followed; hand in the file itself")
    suffix = found.path.suffix.lower()
    if stat.S_ISREG(mode) and suffix in SUFFIXES:
        data = read_regular_file(found.path)
        return Reading(sources=(_source(found.path.name, data, 0),), unread=())
    if not stat.S_ISDIR(mode) and not (stat.S_ISREG(mode) and suffix == ".zip"):
        raise Unreadable(_no_submission(found.path.name, wanted, regular=stat.S_ISREG(mode)))
    links: list[str] = []
    files = [
        _File(name=name, size=size_of(entry), read=partial(read_entry, found.path, name, entry, limit=_limit(name)))
        for name, entry in walk(found.path, links=links)
    ]
    return _read_all(files, links, wanted, zips=stat.S_ISDIR(mode))


def _limit(name: str) -> int:
    return MAX_ARCHIVE_BYTES if is_zip(name) else MAX_SOURCE_BYTES


def _parts(found: Found, entries: Mapping[str, Entry], read: Callable[..., bytes]) -> list[_File]:
    """Return the files of a submission that is part of a class's folder or zip; raises Unreadable."""
    lost = [name for name, place in found.files if place not in entries]
    if lost:
        raise Unreadable(f"{lost[0]} is no longer in {found.path.name}")
    return [
        _File(name=name, size=size_of(entries[place]), read=partial(read, place, limit=_limit(name)))
        for name, place in found.files
    ]


def _read_parts(files: list[_File], wanted: Wanted) -> Reading:
    """Read what a student has handed in by files; the only one is read whatever it is called."""
    if len(files) > 1 or is_zip(files[0].name):
        return _read_all(files, (), wanted, zips=True)
    if PurePosixPath(files[0].name).suffix.lower() not in SUFFIXES:
        raise Unreadable(_no_submission(files[0].name, wanted))
    return Reading(sources=(_source(files[0].name, files[0].read(), 0),), unread=())


def _read_all(given: Sequence[_File], links: Sequence[str], wanted: Wanted, *, zips: bool) -> Reading:
    """Read the candidates among files; `zips` says that those in zips are looked at."""
    unread: list[Unread] = []
    files = _files(given, links, wanted, unread, zips=zips)
    ranked = by_likelihood(files, lambda file: file.name, wanted.assignment, wanted.assignments)
    if len(ranked) > MAX_FILES:
        more = f"only {MAX_FILES} modules and notebooks are looked at; hand in one"
        unread.append(Unread(filename=f"{len(ranked) - MAX_FILES} more files", why=more, may_be_work=False))
    sources = _read(ranked[:MAX_FILES], wanted, unread)
    if not sources:
        there = ", ".join(file.name for file in files[:5]) or "no .py or .ipynb file"
        nothing = f"no {wanted.assignment}.py or {wanted.assignment}.ipynb in it, and no file that defines an exercise"
        raise Unreadable("; ".join(map(str, unread)) or f"{nothing}; found {there}")
    if len(sources) > MAX_CANDIDATES:
        raise Unreadable(f"{len(sources)} files in it could be the submission; hand in one")
    return Reading(sources=tuple(sources), unread=tuple(unread))


def _no_submission(file: str, wanted: Wanted, *, regular: bool = True) -> str:
    kind = f"a {PurePosixPath(file).suffix.lower() or 'nameless'} file" if regular else "no regular file"
    said = form_that_is_not_read(file, (wanted.assignment,)) if regular else None
    name = wanted.assignment
    return said or f"it is {kind}; a submission is {name}.py, {name}.ipynb, or a folder or zip of it"


def _files(
    given: Sequence[_File], links: Sequence[str], wanted: Wanted, unread: list[Unread], *, zips: bool
) -> list[_File]:
    """Return the modules and notebooks among the files, and those of the zips among them, of no other assignment."""
    files: list[_File] = []
    for file in given:
        name = file.name
        if rank(name, wanted.assignment, wanted.assignments) is None:
            continue
        if is_source(name):
            files.append(file)
        elif is_zip(name) and zips:
            files += _packed(file, unread)
        elif is_zip(name):
            why = "a zip in a zip is not opened: hand in the .py or .ipynb itself"
            unread.append(Unread(filename=name, why=why))
        elif said := form_that_is_not_read(name, (wanted.assignment,)):
            unread.append(Unread(filename=name, why=said))
    for link in links:
        if named(link, (wanted.assignment,)):  # any other one is not looked at
            raise Unreadable(f"{link} is a symbolic link, which is not followed")
    return files


def _packed(file: _File, unread: list[Unread]) -> list[_File]:
    try:
        inside = [item for item in walk_packed(file.read()) if is_source(item[0])]
    except Unreadable as error:
        unread.append(Unread(filename=file.name, why=str(error)))
        return []

    def read(inner: str, entry: Entry) -> bytes:  # again: of many zips no more than one is in memory
        return read_entry(file.read(), inner, entry)

    return [
        _File(name=f"{file.name}/{inner}", size=size_of(entry), read=partial(read, inner, entry))
        for inner, entry in inside
    ]


def _read(ranked: list[tuple[int, _File]], wanted: Wanted, unread: list[Unread]) -> list[Source]:
    """Read the files in this order; a file of the same bytes as an earlier one is that one."""
    mentions = re.compile(rf"\b(?:{'|'.join(map(re.escape, wanted.exercises))})\b")
    sources: dict[str, Source] = {}
    left = MAX_ARCHIVE_BYTES
    for place, file in ranked:
        if place == ANY_NAME and file.size > left:
            why = "the submission holds too much to read all of it; hand in one module or notebook"
            unread.append(Unread(filename=file.name, why=why, may_be_work=False))
            continue
        try:
            data = file.read()
            left -= len(data)
            source = _source(file.name, data, place)
        except Unreadable as error:
            if place < ANY_NAME or file.size:  # an empty `__init__.py` is nobody's work
                unread.append(Unread(filename=file.name, why=str(error)))
            continue
        if place < ANY_NAME or any(mentions.search(cell.text) for cell in source.cells):
            sources.setdefault(source.sha256, source)
    return list(sources.values())


def _source(name: str, data: bytes, place: int) -> Source:
    if not data.strip():
        raise Unreadable("the file is empty")
    plain = PurePosixPath(name).name
    try:
        if name.lower().endswith(".ipynb"):
            cells = code_cells(data, plain)
        else:
            cells = (Cell(filename=plain, text=python_text(data)),)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    size = sum(len(cell.text) for cell in cells)
    if size > MAX_CODE_CHARACTERS:
        raise Unreadable(f"it holds {size} characters of code; the limit is {MAX_CODE_CHARACTERS}")
    if not any(cell.text.strip() for cell in cells):
        raise Unreadable("it holds no code")
    digest = hashlib.sha256(data).hexdigest()
    return Source(filename=name, sha256=digest, data=data, cells=cells, rank=place)
