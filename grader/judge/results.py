"""Keep what was graded, so that a run goes on where an earlier one stopped, and grades again only what has changed.

A result is found by everything that it depends on: the submission's bytes, the assignment's files, the grader, the
versions, the mode of the sandbox, and the machine. It lies beside what else is kept between runs, for its owner
alone, as JSON of a fixed shape, and is as if it were not there where it does not fit. Needs no torch.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader.course.assignment import Assignment
from grader.errors import Unreadable
from grader.judge.state import entry_name, state_of
from grader.judge.store import Store
from grader.report.reading import read_json
from grader.report.report import SubmissionReport
from grader.sandbox.mode import SandboxMode
from grader.submissions.files import ClassZip, open_class
from grader.submissions.found import Found
from grader.whole import remove_halves

__all__ = ["Kept", "Results", "clear_results", "kept_results"]

_FOLDER = "results"
_MAX_FILES = 500
_MAX_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A result as it was graded, what confined the submission then, and a digest of the machine, "" for this one."""

    sandbox: str
    report: SubmissionReport
    machine: str = ""


class Results:
    """The results of one assignment as it is now; those of what it was before are removed once there is a new one."""

    def __init__(
        self,
        assignment: Assignment,
        mode: SandboxMode,
        folder: Path,
        *,
        elsewhere: bool = False,
        state: str | None = None,
    ) -> None:
        """Use `folder`, where all is that is kept between runs. Raises OSError where a file of the course is gone.

        `state` is what `state_of` says of the assignment, where that is known.
        What was graded `elsewhere`, on other machines, is kept apart: the machine is part of what a grade depends on.
        """
        self._parent = folder
        state = state_of(assignment) if state is None else state
        self._key = _digest(state, mode, *(["elsewhere"] if elsewhere else []))
        self._entry = entry_name(assignment)
        self._individual = assignment.individual
        self._store = Store(folder=folder / _FOLDER / f"{self._entry}.{state[:16]}")
        for place in (folder, self._store.folder):
            remove_halves(place)

    def fingerprint(self, found: Found) -> str | None:
        """Return a digest of a submission and its name; None where it is too large, or can't be read as plain files."""
        with _Archives() as archives:
            return self._fingerprint(found, archives)

    def fingerprints(self, found: Sequence[Found]) -> dict[str, str | None]:
        """Return the fingerprint of each submission by its name; a class's zip is opened once."""
        with _Archives() as archives:
            return {item.given: self._fingerprint(item, archives) for item in found}

    def _fingerprint(self, found: Found, archives: _Archives) -> str | None:
        """Return it with whose it is, where that decides by which data it is judged."""
        plain = _fingerprint(found, archives)
        if plain is None or not self._individual:
            return plain
        return _digest(plain, found.student, *(student.shown for student in found.students))

    def take(self, found: Found) -> Kept | None:
        """Return the result of a submission that was graded as it is."""
        return self.take_by(self.fingerprint(found))

    def take_by(self, name: str | None) -> Kept | None:
        """Return the result of this fingerprint."""
        trusted = name is not None and not Store(folder=self._parent).problem()
        body = self._store.read(name, self._key) if name is not None and trusted else None
        if body is None:
            return None
        try:
            taken: Kept = read_json(body, Kept)
        except ValueError:
            return None
        return taken

    def keep(self, fingerprint: str | None, found: Found, kept: Kept) -> None:
        """Keep a result, unless the submission was changed while it was graded, or time alone may have decided.

        `fingerprint` is from before the grading.
        """
        if fingerprint is None or not kept.report.settled or self.fingerprint(found) != fingerprint:
            return
        if Store(folder=self._parent).problem():
            return
        with contextlib.suppress(OSError, UnicodeEncodeError):
            self._make_room()
            self._store.write(fingerprint, self._key, msgspec.json.encode(kept))

    def _make_room(self) -> None:
        if self._store.folder.is_dir():
            return
        for folder in (self._parent, self._parent / _FOLDER):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in (self._parent / _FOLDER).glob(f"{self._entry}.*"):
            shutil.rmtree(old, ignore_errors=True)


def kept_results(folder: Path) -> list[tuple[str, int, int]]:
    """Return of each assignment with kept results its name, their number, and their size in bytes."""
    found = []
    for place in sorted((folder / _FOLDER).glob("*")):
        sizes = [size for _, size in Store(folder=place).entries()]
        found.append((place.name.partition(".")[0], len(sizes), sum(sizes)))
    return found


def clear_results(folder: Path) -> int:
    """Remove every kept result; return how many there were. Raises OSError where one can't be removed."""
    number = sum(number for _, number, _ in kept_results(folder))
    if (folder / _FOLDER).is_dir():
        shutil.rmtree(folder / _FOLDER)
    return number


class _Archives(contextlib.ExitStack):
    """Zips of classes, each opened once."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[Path, ClassZip] = {}

    def of(self, path: Path) -> ClassZip:
        """Return the zip at a path; raises Unreadable."""
        if path not in self._open:
            self._open[path] = self.enter_context(open_class(path))
        return self._open[path]


def _fingerprint(found: Found, archives: _Archives) -> str | None:
    try:
        late = ["late"] if found.late else []
        if found.files:
            return _digest(found.given, *found.earlier, *late, *_parts(found, archives))
        return _digest(found.given, *found.earlier, *late, found.path.name, *_contents(found.path))
    except (OSError, ValueError, Unreadable):
        return None


def _parts(found: Found, archives: _Archives) -> list[str]:
    """Return the names and digests of the files that are a submission; raises as `_contents` does, or Unreadable."""
    if len(found.files) > _MAX_FILES:
        raise ValueError("too many files")
    contents = []
    for name, place in found.files:
        if found.path.is_dir():
            contents += [name, *_contents(found.path / place)]
        else:
            contents += [name, hashlib.sha256(archives.of(found.path).read(place, _MAX_BYTES)).hexdigest()]
    return contents


def _contents(path: Path) -> list[str]:
    """Return the names and digests of all files; raises ValueError where there are too many, or other things."""
    pending, found, left = [(path, "")], list[str](), _MAX_BYTES
    while pending:
        current, name = pending.pop()
        if current.is_symlink():
            found.append(f"{name} -> {os.readlink(current)}")
        elif current.is_dir():
            found.append(f"{name}/")
            pending += [(child, f"{name}/{child.name}") for child in current.iterdir()]
        elif current.is_file():
            left -= current.stat().st_size
            if left < 0:
                raise ValueError("too large")
            with current.open("rb") as file:
                found.append(f"{name} {hashlib.file_digest(file, 'sha256').hexdigest()}")
        else:
            raise ValueError("no plain file")
        if len(found) + len(pending) > _MAX_FILES:
            raise ValueError("too many files")
    return sorted(found)


def _digest(*texts: str) -> str:
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode("utf-8", "surrogateescape")
        digest.update(f"{len(data)}\n".encode() + data)
    return digest.hexdigest()
