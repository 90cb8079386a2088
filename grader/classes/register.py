"""The register of a course: to which students data of their own was handed out, and whose of them a submission is.

A table beside the assignments that `grader release --for` writes and adds to, read as any roster is. A student's data
hangs on what tells them from all others, as it stands in their own line: who is written otherwise in a later roster
keeps their line, and so their data.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.classes.roster import names_of, read_roster
from grader.course.assignment import Course
from grader.errors import CourseError, UsageError
from grader.submissions.discover import whose
from grader.submissions.found import Found, Student
from grader.whole import write_whole

__all__ = ["key_of", "owners", "read_register", "register"]

_HEADERS = ("name", "userid", "sid", "login", "email")
_SHOWN = re.compile(r"(?P<name>.+) \((?P<known>[^()]+)\)", re.DOTALL)


def key_of(student: Student) -> str:
    """Return what a student's data hangs on: what a university tells them apart by, else their name as it is spelt.

    Capitals, signs and the order of the parts of a name make no difference.
    """
    known = student.sid or student.login or student.email or student.number
    return known.casefold() if known else min(names_of(student.name))


def read_register(course: Course) -> list[Student]:
    """Return the students of the register, none where nothing was handed out; raises CourseError for a damaged one."""
    if not course.register.exists():
        return []
    try:
        return read_roster(course.register)
    except UsageError as error:
        raise CourseError(str(error).removeprefix("--roster ")) from error


def register(course: Course, roster: Sequence[Student], said: Path) -> list[Student]:
    """Return the students of a roster as they stand in the register, to which those are added who are not there yet.

    Raises UsageError, before anything is written, where two could not be told apart.
    """
    there = read_register(course)
    found: list[Student] = []
    for student in roster:
        fits = [other for other in there if _is_same(other, student)]
        if len(fits) > 1:
            known = ", ".join(other.shown for other in fits)
            raise UsageError(f"--for {said}: {student.shown} could be each of {known} of {course.register}")
        found.append(fits[0] if fits else student)
    _refuse_alike(found, said)
    added = [student for student in found if student not in there]
    if added:
        _write(course.register, [*there, *added])
    return found


def owners(found: Found, registered: Sequence[Student], assignments: tuple[str, ...]) -> list[Student]:
    """Return the students of the register whose a submission is; none where that is not known, or not sure."""
    if found.students:
        each = [_fitting(student, registered) for student in found.students]
    else:
        text = whose(found, assignments)
        each = [_fitting(_of_text(text), registered)]
        if not each[0]:  # several who handed it in together
            each = [_fitting(_of_text(part), registered) for part in text.split(", ")]
    return [fits[0] for fits in each if len(fits) == 1]


def _of_text(text: str) -> Student:
    """Return what a name says, which may be a login: as a platform shows it, with what it knows in brackets."""
    shown = _SHOWN.fullmatch(text)
    return Student(name=shown["name"], login=shown["known"]) if shown is not None else Student(login=text)


def _fitting(student: Student, registered: Sequence[Student]) -> list[Student]:
    surely = [other for other in registered if _known(other) & _known(student)]
    return surely or [other for other in registered if _are_named_alike(other, student)]


def _is_same(one: Student, other: Student) -> bool:
    """Say whether two lines are of one student: by what tells them apart, and by the name where one has no more."""
    shared = {field for field in ("sid", "login", "email", "number") if getattr(one, field) and getattr(other, field)}
    if shared:
        return any(getattr(one, field).casefold() == getattr(other, field).casefold() for field in shared)
    return _are_named_alike(one, other)


def _are_named_alike(one: Student, other: Student) -> bool:
    return bool(names_of(one.name) & names_of(other.name or other.login))


def _known(student: Student) -> frozenset[str]:
    return frozenset(text.casefold() for text in (student.sid, student.login, student.email, student.number) if text)


def _refuse_alike(students: Iterable[Student], said: Path) -> None:
    seen: dict[str, Student] = {}
    for student in students:
        other = seen.setdefault(key_of(student), student)
        if other is not student:
            twice = f"{other.shown} and {student.shown}" if other.shown != student.shown else f"{student.shown}, twice,"
            raise UsageError(f"--for {said}: {twice} can't be told apart; give the roster a column sid, login or email")


def _write(path: Path, students: Iterable[Student]) -> None:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_HEADERS)
    rows.writerows((item.name, item.number, item.sid, item.login, item.email) for item in students)
    try:
        write_whole(path, text.getvalue().encode(), mode=0o600)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
