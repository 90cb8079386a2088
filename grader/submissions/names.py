"""The one rule of what a file's name says: whether it may be a student's work, of which assignment, and whose.

Every channel asks here. Looks at names alone, and opens no file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import TypeVar

__all__ = [
    "ANY_NAME",
    "SUFFIXES",
    "Named",
    "assignment_of",
    "by_likelihood",
    "form_that_is_not_read",
    "is_debris",
    "is_looked_at",
    "is_source",
    "is_zip",
    "may_hold_work",
    "named",
    "rank",
    "student_of",
    "without_copy_mark",
]

T = TypeVar("T")

SUFFIXES = (".py", ".ipynb")
ANY_NAME = 2  # the rank of a file whose name says nothing
# Folders and files of other programs, and `_course`, in which a release carries what is the course's own.
_DEBRIS = re.compile(
    r"^(\.|__MACOSX$|__pycache__$|Thumbs\.db$|desktop\.ini$|_course$|venv$|site-packages$|node_modules$)"
)
_NOBODYS = frozenset({"exercises.py", "conftest.py"})
_COPY = re.compile(r"(?P<stem>.*?)(?:-(?P<times>\d{1,9})| ?\((?P<copy>\d{1,9})\))")

_BEFORE = re.compile(r"[_. -]+(?P<student>[^\W_].*)", re.DOTALL)
_BEHIND = re.compile(r"(?P<student>[^\W_].*?)[_. -]+", re.DOTALL)
_MISNAMED = re.compile(r"(?P<name>.+\.(?:py|ipynb))\.(?P<more>\w{1,10})", re.IGNORECASE)
_ARCHIVES = frozenset({".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})
_PRINTED = frozenset({".html", ".htm", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".txt", ".md", ".json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The assignment that a file's name says, and whether the file is called exactly so."""

    assignment: str
    exact: bool


def named(file: str, assignments: Iterable[str]) -> Named | None:
    """Say of which assignment a file or folder is: the one with the longest name that begins its own, or is in it.

    Capitals, spaces and signs make no difference: `Copy of Gradient Descent (1).ipynb` is of `gradient_descent`.
    """
    stem = PurePosixPath(file).stem
    letters = _letters(stem)
    within = {name: place for name in assignments if (place := letters.find(_letters(name))) >= 0}
    found = max(within, key=lambda name: (within[name] == 0, len(name)), default=None)
    return None if found is None else Named(assignment=found, exact=stem == found)


def _letters(name: str) -> str:
    """Return what of a name is letters and digits, without capitals."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def assignment_of(file: str, assignments: Iterable[str]) -> str | None:
    """Return the assignment that a path says: by the file's own name, or else by that of the nearest folder."""
    names = tuple(assignments)
    said = (found.assignment for part in reversed(PurePosixPath(file).parts) if (found := named(part, names)))
    return next(said, None)


def rank(file: str, assignment: str, assignments: Iterable[str]) -> int | None:
    """Say how likely a file is work for an assignment, by its path: 0 is called exactly so, 1 nearly, 2 as anything.

    None is work for another, by what `assignment_of` says.
    """
    if assignment_of(file, assignments) not in (assignment, None):
        return None
    found = named(file, assignments)
    return 2 if found is None else 0 if found.exact else 1


def by_likelihood(
    files: Iterable[T], name: Callable[[T], str], assignment: str, assignments: Iterable[str]
) -> list[tuple[int, T]]:
    """Return the files that may be work for an assignment, each with its rank, the likeliest first."""
    names = tuple(assignments)
    ranked = [(found, file) for file in files if (found := rank(name(file), assignment, names)) is not None]
    return sorted(ranked, key=lambda item: (item[0], name(item[1])))


def may_hold_work(file: str) -> bool:
    """Say whether a file inside a submission may hold work: it is read, or opened, or it is said why it is not."""
    return is_source(file) or (not _is_nobodys(file) and (is_zip(file) or _form(file) is not None))


def form_that_is_not_read(file: str, assignments: Iterable[str]) -> str | None:
    """Return what to do about a file that may hold work in a form that is not read; None where it needs no word."""
    name = PurePosixPath(file).name
    said = None if _is_nobodys(file) or is_source(file) else _form(file)
    only_if_named = PurePosixPath(name).suffix.lower() in _PRINTED and not _MISNAMED.fullmatch(name)
    return None if only_if_named and not named(file, assignments) else said


def _form(file: str) -> str | None:
    path = PurePosixPath(file)
    misnamed, suffix = _MISNAMED.fullmatch(path.name), path.suffix.lower()
    if suffix in _ARCHIVES:
        return f"a {suffix} archive is not opened: hand in the .py or .ipynb itself, or a .zip of it"
    if misnamed is not None and suffix not in (*SUFFIXES, ".zip"):
        return f"its name ends in .{misnamed['more']}: rename it to {misnamed['name']}, and see that it opens"
    return f"a {suffix} file is not graded: hand in the .py or .ipynb itself" if suffix in _PRINTED else None


def is_looked_at(file: str, assignment: str) -> bool:
    """Say whether a file is read for an assignment, or opened, or named with the reason why it is not."""
    return (
        is_source(file) or (is_zip(file) and not _is_nobodys(file)) or bool(form_that_is_not_read(file, (assignment,)))
    )


def is_zip(file: str) -> bool:
    """Say whether a file is called as a zip."""
    return PurePosixPath(file).suffix.lower() == ".zip"


def _is_nobodys(file: str) -> bool:
    path = PurePosixPath(file)
    return path.name.startswith("test_") or path.name in _NOBODYS or any(is_debris(part) for part in path.parts)


def is_source(name: str) -> bool:
    """Say whether a file inside a submission may be the student's work."""
    return not _is_nobodys(name) and PurePosixPath(name).suffix.lower() in SUFFIXES


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
    """Return whose a submission is, by its name: what is left of it without the assignment's, else its folder's.

    `gradient_descent_amara.py` and `amara-gradient_descent.ipynb` are amara's, and so is `amara/gradient_descent.py`.
    """
    names = sorted(assignments, key=len, reverse=True)
    path = PurePath(submission)
    name = path.stem if path.suffix.lower() in (*SUFFIXES, ".zip") else path.name
    if name in names:
        return path.parent.name or name
    for assignment in names:
        if without_copy_mark(f"{name}.py")[0] == f"{assignment}.py":
            return name  # `gradient_descent-2.py` is a copy, and says nobody
        before, behind = name.removeprefix(assignment), name.removesuffix(assignment)
        found = _BEFORE.fullmatch(before) if before != name else _BEHIND.fullmatch(behind) if behind != name else None
        if found is not None:
            return found["student"]
    return name
