"""Find one student's result in a folder of results, by a name or an unambiguous part of one.

Reads of each file no more than whose it is: a class has hundreds, and only one of them is asked for.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

import msgspec

from grader.classes.results import plain_bytes
from grader.errors import UsageError
from grader.report.reading import read_json
from grader.report.text import clean, in_a_line

__all__ = ["find_result"]

_SHOWN = 8


class _Whose(msgspec.Struct):
    submission: str
    student: str | None = None


class _Head(msgspec.Struct):
    schema: Literal["grader/report/v1"]
    assignment: str
    submissions: tuple[_Whose]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """A file, and what its submission is called: whose it is, its path, the path's end, and the file's own name."""

    path: Path
    shown: str
    names: tuple[str, ...]


def find_result(folder: Path, name: str) -> Path:
    """Return the file of the one submission that has this name, or else has it in its name.

    A name is that of a student, with or without the assignment's name before it, of a submission, or of a file of the
    results. Capitals and accents make no difference. Raises UsageError where none or several are found, naming them.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; name one that `grader grade CLASS --out FOLDER` has filled")
    results = [one for one in map(_result, sorted(folder.glob("*.json"))) if one is not None]
    if not results:
        raise UsageError(f"{folder}: no results in it; `grader grade CLASS --out {folder}` writes them")
    wanted = _plain(name)
    same = [item for item in results if wanted in map(_plain, item.names)]
    found = same or [item for item in results if wanted and any(wanted in _plain(one) for one in item.names)]
    if not found:
        raise UsageError(f'{folder}: nobody is called "{in_a_line(name)}" there; {_near(wanted, results)}')
    if len(found) > 1:
        raise UsageError(
            f'{folder}: several are called "{in_a_line(name)}"; say which, by more of a name:{_listed(found)}'
        )
    return found[0].path


def _result(path: Path) -> _Result | None:
    """Return what a file is called, or None where it is no result; what can't be read at all is none, either."""
    try:
        head: _Head = read_json(plain_bytes(path), _Head)
    except (OSError, ValueError):
        return None
    (item,) = head.submissions
    student = clean(item.student or "")
    short = student.removeprefix(f"{head.assignment}_")
    submission = clean(item.submission)
    names = (student, short, submission, PurePath(submission).name, path.stem, path.name)
    return _Result(
        path=path,
        shown=in_a_line(f"{short} ({path.stem})" if short else path.stem),
        names=tuple(one for one in names if one),
    )


def _plain(name: str) -> str:
    """Return a name without capitals, accents and doubled spaces."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(char for char in letters if not unicodedata.combining(char)).split())


def _near(wanted: str, results: Iterable[_Result]) -> str:
    """Say who might be meant: those of a name, or of a word of one, that is nearly the same."""
    words = {_plain(word): item for item in results for name in item.names for word in (name, *name.split())}
    near = difflib.get_close_matches(wanted, words, n=_SHOWN)
    found = list({words[word].path: words[word] for word in near}.values())
    return f"did you mean one of these?{_listed(found)}" if found else f"there are:{_listed(list(results))}"


def _listed(results: list[_Result]) -> str:
    """Return a line for each, and how many more there are."""
    lines = [item.shown for item in results[:_SHOWN]]
    lines += [f"and {len(results) - _SHOWN} more"] if len(results) > _SHOWN else []
    return "".join(f"\n  {line}" for line in lines)
