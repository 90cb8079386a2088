"""Find students' files in a folder or a zip, as learning platforms hand them out, and say whose each one is.

Hostile input: names decide where files will lie, so that they are made plain here, and contents are read
as `grader.submissions.files` reads them. Nothing is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from grader.errors import Unreadable, UsageError
from grader.report.text import clean
from grader.submissions.files import Entry, read_entry, walk
from grader.submissions.found import Student as Known
from grader.submissions.handed_out import handed_out
from grader.submissions.listing import list_class
from grader.submissions.names import (
    assignment_of,
    is_looked_at,
    is_source,
    is_zip,
    may_hold_work,
    named,
)

__all__ = ["Collected", "Student", "collect"]

_MAX_NAME = 120  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """Whose a file is: `id` is a plain folder name, `name` what the platform calls them, `lms_user_id` its number."""

    id: str
    name: str
    lms_user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one student handed in for one assignment, last: files by plain names, each with its place of origin.

    Which of them counts is decided when they are graded.
    """

    student: Student
    assignment: str
    files: tuple[tuple[str, bytes], ...]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    student: Student
    assignment: str
    name: str
    origin: str
    data: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whose:
    students: tuple[Student, ...]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Platform:
    """What a platform's names say: below `inside`, whose each part is, by its first name; and what is void."""

    inside: tuple[str, ...] = ()
    parts: Mapping[str, _Whose] = field(default_factory=dict)
    void: frozenset[str] = frozenset()


def collect(
    path: Path, assignments: tuple[str, ...], *, assignment: str | None = None
) -> tuple[list[Collected], list[str]]:
    """Return what is there for each student and assignment, and a line for each file that can't be placed.

    Understood are `<student>/<any name>.py` or `.ipynb`, also in a zip or with further folders inside, and what
    learning platforms hand out, as `grader.submissions.handed_out` reads it. Of which assignment a file is says its
    name, else a folder's or the archive's; else it is of `assignment`, or of the only one that there is. Raises
    UsageError where `path` is not there or can't be opened.
    """
    if not path.is_dir() and path.suffix.lower() != ".zip":
        raise UsageError(f"{path}: name a folder, or the zip that the learning platform gave you")
    problems: list[str] = []
    files: list[_File] = []
    try:
        found = list(_sources(path.resolve(), problems))  # a link that the user names is meant
        platform = _platform(path.resolve(), assignments)
    except (Unreadable, OSError) as error:
        raise UsageError(f"{path}: {error}") from error
    placed = [name for name, _, _ in found if assignment_of(name, assignments)] or [name for name, _, _ in found]
    common = 0 if platform.parts else _common_folder(placed, assignments)
    else_of = assignment or assignment_of(path.name, assignments) or (assignments[0] if len(assignments) == 1 else None)
    for name, holder, entry in found:
        shown = clean(name.encode("utf-8", "backslashreplace").decode()).replace("\n", " ")
        parts = PurePosixPath(name).parts
        who = _whose(parts[common if len(parts) > common else 0 :], platform)
        if isinstance(who, str) and not is_source(name):
            continue
        if isinstance(who, str):
            problems.append(f"{shown}: {who}")
            continue
        of = assignment_of(str(PurePosixPath(*parts[:-1], who.name)), assignments) or else_of
        if of is None:
            if is_source(name) and who.students:
                problems.append(f"{shown}: its name says no assignment; say --assignment, {', '.join(assignments)}")
            continue
        if not is_looked_at(who.name, of) or not who.students:
            continue
        data: bytes | None = None
        try:
            data = read_entry(holder, name, entry)
        except Unreadable as error:
            problems.append(f"{shown}: {error}")
        files += [
            _File(student=student, assignment=of, name=who.name, origin=shown, data=data) for student in who.students
        ]
    collected = _by_student(files, problems)
    return collected, [clean(problem).replace("\n", " ") for problem in problems]


def _sources(path: Path, problems: list[str]) -> Iterator[tuple[str, Path, Entry]]:
    """Yield what may hold work in a folder or zip, and in the zips of a folder."""
    links: list[str] = []
    for name, entry in walk(path, links=links):
        if is_zip(name):
            if isinstance(entry, Path):
                yield from _packed(name, entry, problems)
            else:
                problems.append(f"{name}: a zip in a zip is not opened; unpack the outer one, and name its folder")
        elif may_hold_work(name):
            yield name, path, entry
    problems += [f"{name}: it is a symbolic link, which is not followed" for name in links]


def _packed(name: str, archive: Path, problems: list[str]) -> Iterator[tuple[str, Path, Entry]]:
    try:
        inside = [item for item in walk(archive) if may_hold_work(item[0])]
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
    return 1 if all(len(part) > 2 and part[1] not in assignments for part in parts) else 0


def _platform(path: Path, assignments: tuple[str, ...]) -> _Platform:
    """Return whose each part of a class is, where a learning platform has named them; raises Unreadable, OSError."""
    handed = handed_out(list_class(path), assignments)
    if handed is None:
        return _Platform()
    listing, items = handed
    parts = {
        part: _Whose(students=tuple(map(_known, item.students)), name=file)
        for item in items
        if item.students
        for part, file in zip(item.parts, item.files, strict=True)
    }
    void = frozenset(name for item in items for name in item.earlier)
    return _Platform(inside=PurePosixPath(listing.inside).parts, parts=parts, void=void)


def _whose(parts: tuple[str, ...], platform: _Platform) -> _Whose | str:
    """Return the students, none where it is void, and what the file is called without what a platform adds.

    A text instead says why that can't be known.
    """
    depth = len(platform.inside)
    below = parts[depth:] if parts[:depth] == platform.inside else ()
    for part in (below[0], f"{below[0]}.zip") if below else ():  # a zip's files come below its name without the end
        if part in platform.void:
            return _Whose(students=(), name=parts[-1])
        if (who := platform.parts.get(part)) is not None:
            return _Whose(students=who.students, name=who.name if len(below) == 1 else parts[-1])
    first = parts[0]
    if len(parts) == 1:
        return "its name does not say whose it is; put it into a folder with the student's name"
    student = _student(first, "")
    return (
        _Whose(students=(student,), name=parts[-1])
        if student.id
        else f"{first!r} can't be the name of a student's folder"
    )


def _known(student: Known) -> Student:
    """Return a student as a platform knows them; `lms_user_id` is the number that it imports grades by."""
    number = student.number or student.sid
    found = _student(student.name, number) if number else _student(student.login or student.email or student.name, "")
    return replace(found, name=_student(student.name, "").name or found.name, lms_user_id=student.number)


def _student(name: str, number: str) -> Student:
    """Return the student with an id that is a plain folder name, for nbgrader and for any file system."""
    shown = clean(unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())).strip()
    plain = re.sub(r"[^\w.@-]+", "_", shown).strip("._-").encode()[:_MAX_NAME].decode(errors="ignore")
    return Student(id=f"{plain}_{number}" if number and plain else plain, name=shown, lms_user_id=number)


def _by_student(files: list[_File], problems: list[str]) -> list[Collected]:
    """Put together what each student handed in last for an assignment; report what is unclear."""
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
        lost = [file.origin for file in group if file.data is None]
        if lost:
            beside = [file.origin for file in group if file.data is not None]
            if beside:
                problems.append(f"{', '.join(beside)}: waits, since beside it {' and '.join(lost)} can't be read")
            continue
        collected.append(_together(group))
    return collected


def _together(group: list[_File]) -> Collected:
    """Give the files plain names, one each, as released where there is one module or one notebook."""
    distinct = {(PurePosixPath(file.name).suffix.lower(), file.data): file for file in reversed(group)}
    files = list(reversed(distinct.values()))
    assignment = group[0].assignment
    taken: dict[str, bytes] = {}
    for file in sorted(files, key=lambda file: (_is_exact(file), file.origin), reverse=True):
        suffix = PurePosixPath(file.name).suffix.lower()
        alone = sum(PurePosixPath(other.name).suffix.lower() == suffix for other in files) == 1
        released = f"{assignment}{suffix}"
        plain = released if is_source(file.name) and (alone or _is_exact(file)) else _plain(file.name)
        number = 1
        name = plain
        while name.casefold() in {item.casefold() for item in taken}:
            number += 1
            name = f"{PurePosixPath(plain).stem} ({number}){PurePosixPath(plain).suffix}"
        assert file.data is not None
        taken[name] = file.data
    return Collected(
        student=group[0].student,
        assignment=assignment,
        files=tuple(sorted(taken.items())),
        origins=tuple(file.origin for file in files),
    )


def _is_exact(file: _File) -> bool:
    said = named(file.name, (file.assignment,))
    return said is not None and said.exact


def _plain(name: str) -> str:
    """Return a name that any file system can bear, with its end."""
    path = PurePosixPath(clean(unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())))
    stem = re.sub(r"[^\w.@() -]+", "_", path.stem).strip(". -").encode()[:_MAX_NAME].decode(errors="ignore")
    return f"{stem or 'handed_in'}{re.sub(r'[^.a-z0-9]', '', path.suffix.lower())}"
