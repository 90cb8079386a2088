"""Find students' files in a folder or a zip, as learning platforms hand them out, and say whose each one is.

Hostile input: names decide where files will lie, so that they are made plain here, and contents are read
as `grader.submissions.files` reads them. Nothing is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import Unreadable, UsageError
from grader.report.text import clean
from grader.submissions.files import Entry, read_entry, walk
from grader.submissions.names import Named, is_source, named, without_copy_mark

__all__ = ["Collected", "Student", "collect"]

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^_]+)(?:_LATE)?_(?P<id>\d+)_\d+_(?P<file>.+)", re.DOTALL)
_MAX_NAME = 120  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """Whose a file is: `id` is a plain folder name, `name` what the platform calls them, `lms_user_id` its number."""

    id: str
    name: str
    lms_user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one student handed in for one assignment: a module, a notebook or both, each with its place of origin."""

    student: Student
    assignment: str
    files: tuple[tuple[str, bytes], ...]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    student: Student
    assignment: str
    suffix: str
    exact: bool
    times: int
    origin: str
    data: bytes


def collect(path: Path, assignments: tuple[str, ...]) -> tuple[list[Collected], list[str]]:
    """Return what is there for each student and assignment, and a line for each file that can't be placed.

    Understood are `<student>/<assignment>.py` or `.ipynb`, also in a zip or with further folders inside, and the
    names that Moodle and Canvas give. Raises UsageError where `path` is not there or can't be opened.
    """
    if not path.is_dir() and path.suffix.lower() != ".zip":
        raise UsageError(f"{path}: name a folder, or the zip that the learning platform gave you")
    problems: list[str] = []
    files: list[_File] = []
    try:
        found = list(_sources(path.resolve(), problems))  # a link that the user names is meant
    except (Unreadable, OSError) as error:
        raise UsageError(f"{path}: {error}") from error
    placed = [name for name, _, _ in found if named(name, assignments)]
    common = _common_folder(placed, assignments)
    for name, holder, entry in found:
        shown = clean(name.encode("utf-8", "backslashreplace").decode()).replace("\n", " ")
        parts = PurePosixPath(name).parts
        who = _whose(parts[common if len(parts) > common else 0 :], assignments)
        if isinstance(who, str):
            problems.append(f"{shown}: {who}")
            continue
        student, said, times = who
        try:
            data = read_entry(holder, name, entry)
        except Unreadable as error:
            problems.append(f"{shown}: {error}")
            continue
        suffix = PurePosixPath(name).suffix.lower()
        files.append(
            _File(
                student=student,
                assignment=said.assignment,
                suffix=suffix,
                exact=said.exact,
                times=times,
                origin=shown,
                data=data,
            )
        )
    collected = _by_student(files, problems)
    return collected, [clean(problem).replace("\n", " ") for problem in problems]


def _sources(path: Path, problems: list[str]) -> Iterator[tuple[str, Path, Entry]]:
    """Yield the modules and notebooks of a folder or zip, and of the zips in a folder."""
    links: list[str] = []
    for name, entry in walk(path, links=links):
        if PurePosixPath(name).suffix.lower() == ".zip":
            if isinstance(entry, Path):
                yield from _packed(name, entry, problems)
            else:
                problems.append(f"{name}: a zip in a zip is not opened; unpack the outer one, and name its folder")
        elif is_source(name):
            yield name, path, entry
    problems += [f"{name}: it is a symbolic link, which is not followed" for name in links]


def _packed(name: str, archive: Path, problems: list[str]) -> Iterator[tuple[str, Path, Entry]]:
    try:
        inside = [item for item in walk(archive) if is_source(item[0])]
    except Unreadable as error:
        problems.append(f"{name}: {error}")
        return
    # `anna.zip` is anna's, and `anna/homework.zip` too.
    owner = PurePosixPath(name).parent if len(PurePosixPath(name).parts) > 1 else PurePosixPath(name).with_suffix("")
    for inner, entry in inside:
        yield f"{owner}/{inner}", archive, entry


def _common_folder(names: list[str], assignments: tuple[str, ...]) -> int:
    """Return 1 where everything lies in one folder that is no student's, as in a zip of a folder; else 0."""
    parts = [PurePosixPath(name).parts for name in names]
    firsts = {part[0] for part in parts}
    if len(firsts) != 1 or not all(len(part) > 1 for part in parts):
        return 0
    if any(_MOODLE.fullmatch(first) for first in firsts):
        return 0
    seconds = {part[1] for part in parts}
    folders = all(len(part) > 2 and part[1] not in assignments for part in parts)
    named = all(_MOODLE.fullmatch(second) or _CANVAS.fullmatch(second) for second in seconds)
    return 1 if folders or named else 0


def _whose(parts: tuple[str, ...], assignments: tuple[str, ...]) -> tuple[Student, Named, int] | str:
    """Return the student, what the file's name says, and how often it was handed in.

    A text instead says why that can't be known.
    """
    first, file = parts[0], parts[-1]
    # In Canvas's flat names its own part comes first, and what follows is the student's; a zip has such a name, too.
    known = _CANVAS.fullmatch(first) or _MOODLE.fullmatch(first)
    if known is not None:
        student = _student(known["name"], known["id"])
        file = (known["file"] or file) if len(parts) == 1 else file
    elif len(parts) == 1:
        return "its name does not say whose it is; put it into a folder with the student's name"
    else:
        student = _student(first, "")
    if not student.id:
        return f"{first!r} can't be the name of a student's folder"
    file, times = without_copy_mark(file)
    found = named(file, assignments)
    if found is None:
        return f"no assignment's name begins its name; there is {', '.join(assignments)}"
    return student, found, times


def _student(name: str, number: str) -> Student:
    """Return the student with an id that is a plain folder name, for nbgrader and for any file system."""
    shown = clean(unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())).strip()
    plain = re.sub(r"[^\w.@-]+", "_", shown).strip("._-").encode()[:_MAX_NAME].decode(errors="ignore")
    return Student(id=f"{plain}_{number}" if number and plain else plain, name=shown, lms_user_id=number)


def _by_student(files: list[_File], problems: list[str]) -> list[Collected]:
    """Keep one module and one notebook of each student and assignment, the last handed in; report what is unclear."""
    names: dict[str, str] = {}
    groups: dict[tuple[str, str], list[_File]] = {}
    for file in files:
        key = file.student.id.casefold()
        if names.setdefault(key, file.student.name) != file.student.name:
            problems.append(
                f"{file.origin}: {file.student.name!r} and {names[key]!r} would share one folder; rename one"
            )
            continue
        groups.setdefault((file.student.id, file.assignment), []).append(file)
    collected: list[Collected] = []
    for _, group in sorted(groups.items()):
        chosen: list[_File] = []
        for suffix in sorted({file.suffix for file in group}):
            best = max((file.exact, file.times) for file in group if file.suffix == suffix)
            last = [file for file in group if file.suffix == suffix and (file.exact, file.times) == best]
            if len({file.data for file in last}) > 1:
                where = " and ".join(file.origin for file in last)
                problems.append(f"{where}: only the student can say which one counts")
                chosen = []
                break
            chosen.append(last[0])
        if chosen:
            collected.append(
                Collected(
                    student=chosen[0].student,
                    assignment=chosen[0].assignment,
                    files=tuple((f"{file.assignment}{file.suffix}", file.data) for file in chosen),
                    origins=tuple(file.origin for file in chosen),
                )
            )
    return collected
