"""The one rule of what a file's name says: whether it may be a student's work, of which assignment, and whose.

Every channel asks here. Looks at names alone, and opens no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

__all__ = ["SUFFIXES", "Named", "best_named", "is_debris", "is_source", "named", "student_of", "without_copy_mark"]

SUFFIXES = (".py", ".ipynb")
# Folders and files of other programs, and `_course`, in which a release carries what is the course's own.
_DEBRIS = re.compile(r"^(\.|__MACOSX$|__pycache__$|Thumbs\.db$|desktop\.ini$|_course$)")
_NOBODYS = frozenset({"exercises.py", "conftest.py"})
_COPY = re.compile(r"(?P<stem>.*?)(?:-(?P<times>\d{1,9})| ?\((?P<copy>\d{1,9})\))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The assignment whose name begins a file's name, and whether the file is called exactly so."""

    assignment: str
    exact: bool


def named(file: str, assignments: Iterable[str]) -> Named | None:
    """Say of which assignment a file or folder is: the one with the longest name that begins its own."""
    stem = PurePosixPath(file).stem
    found = max((name for name in assignments if stem.startswith(name)), key=len, default=None)
    return None if found is None else Named(assignment=found, exact=stem == found)


def best_named(files: Iterable[str], assignment: str) -> frozenset[str]:
    """Return the files that are called exactly as the assignment; where there are none, those whose name begins so."""
    known = [(file, found) for file in files if (found := named(file, (assignment,)))]
    return frozenset(file for file, found in known if found.exact) or frozenset(file for file, _ in known)


def is_source(name: str) -> bool:
    """Say whether a file inside a submission may be the student's work."""
    path = PurePosixPath(name)
    if path.name.startswith("test_") or path.name in _NOBODYS or any(is_debris(part) for part in path.parts):
        return False
    return path.suffix.lower() in SUFFIXES


def is_debris(part: str) -> bool:
    """Say whether a file or folder of this name is passed over with all that is in it: it is no student's work."""
    return _DEBRIS.match(part) is not None


def without_copy_mark(file: str) -> tuple[str, int]:
    """Return the name before the mark of a copy, as in `name-2.py` and `name (2).py`, and that number, else 0.

    Learning platforms and browsers number so what is handed in or saved again.
    """
    path = PurePosixPath(file)
    found = _COPY.fullmatch(path.stem)
    return (path.name, 0) if found is None else (found["stem"] + path.suffix, int(found["times"] or found["copy"]))


def student_of(submission: str, assignments: Iterable[str]) -> str:
    """Return whose a submission is: the name of it, or of its folder where it is called as an assignment."""
    path = PurePath(submission)
    name = path.stem if path.suffix.lower() in (*SUFFIXES, ".zip") else path.name
    return path.parent.name if name in assignments and path.parent.name else name
