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
from grader.formats.csv import table_cell
from grader.submissions.discover import whose
from grader.submissions.found import Found, Student
from grader.whole import write_whole

__all__ = ["key_of", "owners", "read_register", "register"]

_HEADERS = ("name", "userid", "sid", "login", "email")
_FIELDS = ("sid", "login", "email", "number")  # the sooner, the less a student may choose it
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
        return [_as_it_was(student) for student in read_roster(course.register)]
    except UsageError as error:
        raise CourseError(str(error).removeprefix("--roster ")) from error


def _as_it_was(student: Student) -> Student:
    """Return a student whose cells are without the mark that keeps a spreadsheet from computing them."""
    cells = {field: getattr(student, field) for field in ("name", *_FIELDS)}
    return Student(**{field: text[1:] if table_cell(text[1:]) == text else text for field, text in cells.items()})


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
    _refuse_alike(zip(roster, found, strict=True), [other for other in there if other not in found], said)
    added = [student for student in found if student not in there]
    if added:
        _write(course.register, [*there, *added])
    return found


def owners(found: Found, registered: Sequence[Student], assignments: tuple[str, ...]) -> list[Student]:
    """Return the students of the register whose a submission is; none where that is not known, or not sure."""
    if found.students:
        each = [_fitting(student, registered, _FIELDS) for student in found.students]
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


def _fitting(student: Student, registered: Sequence[Student], fields: Iterable[str] = ()) -> list[Student]:
    """Return who could be a student: by the first of these fields that says one, else by any text, else by the name.

    Nobody is one of another number of the university: an address, a login or a name may be of one's own choosing.
    """
    able = [other for other in registered if _agree(student, other, "sid") is not False]
    for field in fields:
        if surely := [other for other in able if _agree(student, other, field)]:
            return surely
    likely = [other for other in able if _known(other) & _known(student)]
    return likely or [other for other in able if _are_named_alike(other, student)]


def _is_same(one: Student, other: Student) -> bool:
    """Say whether two lines are of one student: by what tells them apart, and by the name where one has no more.

    The number of the university decides by itself, where both have it.
    """
    agree = {field: found for field in _FIELDS if (found := _agree(one, other, field)) is not None}
    return agree.get("sid", any(agree.values())) if agree else _are_named_alike(one, other)


def _agree(one: Student, other: Student, field: str) -> bool | None:
    """Say whether two have the same in a field, None where one of them has nothing there."""
    first, second = getattr(one, field), getattr(other, field)
    return first.casefold() == second.casefold() if first and second else None


def _are_named_alike(one: Student, other: Student) -> bool:
    return bool(names_of(one.name) & names_of(other.name or other.login))


def _known(student: Student) -> frozenset[str]:
    return frozenset(text.casefold() for text in (student.sid, student.login, student.email, student.number) if text)


def _refuse_alike(students: Iterable[tuple[Student, Student]], others: Iterable[Student], said: Path) -> None:
    """Raise UsageError where two lines are of one student, or what one is known by could be another.

    `students` are lines of the roster, each with that of the register; `others` stand in the register alone.
    """
    seen = {text: other for other in others for text in _told_apart_by(other)}
    for line, student in students:
        for text in sorted(_told_apart_by(student)):
            other = seen.setdefault(text, line)
            if other is not line:
                twice = f"{other.shown} and {line.shown}" if other.shown != line.shown else f"{line.shown}, twice,"
                advice = "give the roster a column sid, login or email in which they differ"
                raise UsageError(f"--for {said}: {twice} can't be told apart; {advice}")


def _told_apart_by(student: Student) -> set[str]:
    """Return the texts by which a file may say whose it is, and no other student may be known."""
    return {key_of(student), *(text.casefold() for text in (student.sid, student.login) if text)}


def _write(path: Path, students: Iterable[Student]) -> None:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_HEADERS)
    fields = ((item.name, item.number, item.sid, item.login, item.email) for item in students)
    rows.writerows(map(table_cell, row) for row in fields)
    try:
        write_whole(path, text.getvalue().encode(), mode=0o600)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
