"""Read the candidates of a submission: the modules and notebooks that may be it, split into cells of code.

Everything here is hostile input: a module is decoded and a notebook is parsed as JSON, and no student code runs.
Which of several candidates counts is judged elsewhere, by what they hold.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import stat
import tokenize
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.errors import Unreadable
from grader.submissions.files import read_entry, read_regular_file, walk
from grader.submissions.found import Found, Source
from grader.submissions.names import SUFFIXES, best_named, is_source, named
from grader.syntax.notebooks import code_cells
from grader.syntax.statements import Cell

__all__ = ["MAX_CANDIDATES", "MAX_CODE_CHARACTERS", "read_sources"]

MAX_CODE_CHARACTERS = 2**20
MAX_CANDIDATES = 20
_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "ascii", "iso8859-1", "iso8859-15", "cp1252"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A candidate before it is parsed; `name` is its path inside the submission."""

    name: str
    data: bytes


def read_sources(found: Found, assignment: str) -> list[Source]:
    """Read the candidates of a submission; one for a file, one or more for a folder or zip.

    Raises Unreadable with the reason. Which of several counts is judged later, by what they hold.
    """
    files = _candidates(found, assignment)
    distinct = {hashlib.sha256(file.data).hexdigest(): file for file in reversed(files)}
    sources: list[Source] = []
    reasons: list[str] = []
    for sha256, file in distinct.items():
        try:
            sources.append(Source(filename=file.name, sha256=sha256, cells=_cells(file)))
        except Unreadable as error:
            reasons.append(f"{file.name}: {error}" if len(files) > 1 else str(error))
    if not sources:
        raise Unreadable("; ".join(reasons))
    return sorted(sources, key=lambda source: source.filename)


def _candidates(found: Found, assignment: str) -> list[_File]:
    mode = os.lstat(found.path).st_mode
    if stat.S_ISLNK(mode):
        raise Unreadable("it is a symbolic link, which is not followed; hand in the file itself")
    suffix = found.path.suffix.lower()
    if stat.S_ISREG(mode) and suffix in SUFFIXES:
        return [_File(name=found.path.name, data=read_regular_file(found.path))]
    if not stat.S_ISDIR(mode) and not (stat.S_ISREG(mode) and suffix == ".zip"):
        kind = f"a {suffix or 'nameless'} file" if stat.S_ISREG(mode) else "no regular file"
        raise Unreadable(f"it is {kind}; a submission is {assignment}.py, {assignment}.ipynb, or a folder or zip of it")
    links: list[str] = []
    listed = [(name, entry) for name, entry in walk(found.path, found.depth, links=links) if is_source(name)]
    for link in links:
        if named(link, (assignment,)):  # any other one is not looked at
            raise Unreadable(f"{link} is a symbolic link, which is not followed")
    best = best_named((name for name, _ in listed), assignment)
    chosen = [(name, entry) for name, entry in listed if name in best]
    if not chosen:
        there = ", ".join(name for name, _ in listed[:5]) or "no .py or .ipynb file"
        raise Unreadable(f"no {assignment}.py or {assignment}.ipynb in it; found {there}")
    if len(chosen) > MAX_CANDIDATES:
        raise Unreadable(f"{len(chosen)} files in it could be the submission; hand in one")
    return [_File(name=name, data=read_entry(found.path, name, entry)) for name, entry in chosen]


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
    try:
        return code_cells(file.data, PurePosixPath(file.name).name)
    except ValueError as error:
        raise Unreadable(str(error)) from error
