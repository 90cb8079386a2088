"""Read the candidates of a submission: whatever may hold its work, under any name, split into cells of code.

Everything here is hostile input: a module is decoded and a notebook is parsed as JSON, and no student code runs.
Which of several candidates counts is judged elsewhere, by what they hold; what is not read is named, with the reason.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import Unreadable
from grader.submissions.files import MAX_ARCHIVE_BYTES, Entry, read_entry, read_regular_file, size_of, walk
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
    """A file that may be a candidate: its path inside the submission, and where it is read."""

    name: str
    holder: Path
    entry: Entry


def read_sources(found: Found, wanted: Wanted) -> Reading:
    """Read the candidates of a submission; one for a file, one or more for a folder or zip.

    A file whose name says nothing is one if it names an exercise. Raises Unreadable with the reason where nothing
    could be read. Which of several counts is judged later, by what they hold.
    """
    mode = os.lstat(found.path).st_mode
    if stat.S_ISLNK(mode):
        raise Unreadable("it is a symbolic link, which is not followed; hand in the file itself")
    suffix = found.path.suffix.lower()
    if stat.S_ISREG(mode) and suffix in SUFFIXES:
        data = read_regular_file(found.path)
        return Reading(sources=(_source(found.path.name, data, 0),), unread=())
    if not stat.S_ISDIR(mode) and not (stat.S_ISREG(mode) and suffix == ".zip"):
        raise Unreadable(_no_submission(found.path, wanted, regular=stat.S_ISREG(mode)))
    unread: list[Unread] = []
    files = _files(found, wanted, unread)
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


def _no_submission(path: Path, wanted: Wanted, *, regular: bool) -> str:
    kind = f"a {path.suffix.lower() or 'nameless'} file" if regular else "no regular file"
    said = form_that_is_not_read(path.name, (wanted.assignment,)) if regular else None
    name = wanted.assignment
    return said or f"it is {kind}; a submission is {name}.py, {name}.ipynb, or a folder or zip of it"


def _files(found: Found, wanted: Wanted, unread: list[Unread]) -> list[_File]:
    """Return the modules and notebooks of a folder or zip, and of the zips in a folder, of no other assignment."""
    links: list[str] = []
    files: list[_File] = []
    for name, entry in walk(found.path, links=links):
        if rank(name, wanted.assignment, wanted.assignments) is None:
            continue
        if is_source(name):
            files.append(_File(name=name, holder=found.path, entry=entry))
        elif is_zip(name):
            files += _packed(name, entry, unread)
        elif said := form_that_is_not_read(name, (wanted.assignment,)):
            unread.append(Unread(filename=name, why=said))
    for link in links:
        if named(link, (wanted.assignment,)):  # any other one is not looked at
            raise Unreadable(f"{link} is a symbolic link, which is not followed")
    return files


def _packed(name: str, entry: Entry, unread: list[Unread]) -> list[_File]:
    if not isinstance(entry, Path):
        why = "a zip in a zip is not opened: hand in the .py or .ipynb itself"
        unread.append(Unread(filename=name, why=why))
        return []
    try:
        return [
            _File(name=f"{name}/{inner}", holder=entry, entry=item) for inner, item in walk(entry) if is_source(inner)
        ]
    except Unreadable as error:
        unread.append(Unread(filename=name, why=str(error)))
        return []


def _read(ranked: list[tuple[int, _File]], wanted: Wanted, unread: list[Unread]) -> list[Source]:
    """Read the files in this order; a file of the same bytes as an earlier one is that one."""
    mentions = re.compile(rf"\b(?:{'|'.join(map(re.escape, wanted.exercises))})\b")
    sources: dict[str, Source] = {}
    left = MAX_ARCHIVE_BYTES
    for place, file in ranked:
        if place == ANY_NAME and size_of(file.entry) > left:
            why = "the submission holds too much to read all of it; hand in one module or notebook"
            unread.append(Unread(filename=file.name, why=why, may_be_work=False))
            continue
        try:
            data = read_entry(file.holder, file.name, file.entry)
            left -= len(data)
            source = _source(file.name, data, place)
        except Unreadable as error:
            if place < ANY_NAME or size_of(file.entry):  # an empty `__init__.py` is nobody's work
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
    return Source(filename=name, sha256=hashlib.sha256(data).hexdigest(), cells=cells, rank=place)
