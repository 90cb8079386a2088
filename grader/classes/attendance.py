"""Whose each submission is by the roster of the class, and who has handed in nothing.

A submission is a student's by number, login or address, else by the name as platforms write it, and never by what is
merely alike: where two fit, it is said, and nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath

from grader.classes.roster import names_of
from grader.report.report import Absent, AbsentStatus
from grader.report.text import clean, in_a_line
from grader.submissions.discover import whose
from grader.submissions.found import Found, Student

__all__ = ["Attendance", "Listed", "ListedStatus", "absent", "attendance", "told"]

_MOST = 8  # names in a line
_LOST = 2  # names that show how letters are lost


class ListedStatus(StrEnum):
    """What is known of a student of the roster; `UNCLEAR` where what was handed in could be another's as well."""

    HANDED_IN = "handed_in"
    MISSING = "missing"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One student of the roster, with the submissions that are theirs, or could be where that is unclear."""

    student: Student
    status: ListedStatus
    submissions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """The submissions with their students as the roster calls them, and its students in its order.

    `strangers` are submissions of whom no line of the roster is, and `unclear` those of which several could be.
    """

    found: tuple[Found, ...]
    listed: tuple[Listed, ...]
    strangers: tuple[str, ...]
    unclear: tuple[str, ...]

    @property
    def absent(self) -> tuple[Absent, ...]:
        """Whoever has no submission, as a report says it."""
        return tuple(
            absent(clean(item.student.shown), item.status, [clean(name) for name in item.submissions])
            for item in self.listed
            if item.status is not ListedStatus.HANDED_IN
        )


def absent(student: str, status: ListedStatus, submissions: Sequence[str]) -> Absent:
    """Return what a report says of a student who has no submission, or none that is surely theirs."""
    note = "" if status is ListedStatus.MISSING else f"could be {', '.join(submissions)}"
    return Absent(student=student, status=AbsentStatus(status.value), note=note)


def attendance(found: Sequence[Found], roster: Sequence[Student], assignments: tuple[str, ...]) -> Attendance:
    """Find the students of a roster among those who have handed in."""
    handed = [(item, student) for item in found for student in _students(item, assignments)]
    keys = [_keys(student) for student in roster]
    theirs: list[list[str]] = [[] for _ in roster]
    doubtful: list[list[str]] = [[] for _ in roster]
    line_of: dict[tuple[str, Student], int] = {}
    for item, student in handed:
        own = _keys(student)
        fits = [line for line, known in enumerate(keys) if known & own]
        if len(fits) == 1:
            line_of[item.given, student] = fits[0]
            theirs[fits[0]].append(item.given)
        for line in fits if len(fits) > 1 else ():
            doubtful[line].append(item.given)
    names = {line: names_of(student.name) for line, student in enumerate(roster) if not theirs[line]}
    unsure = {given for givens in doubtful for given in givens}
    named = [
        (item, student, fits)
        for item, student in handed
        if (item.given, student) not in line_of and item.given not in unsure
        for forms in (names_of(student.name or student.login),)
        if (fits := [line for line, known in names.items() if known & forms])
    ]
    for item, student, fits in named:
        rivals = [other for other, _, lines in named if fits[0] in lines and other is not item]
        if len(fits) == 1 and not rivals:
            line_of[item.given, student] = fits[0]
            theirs[fits[0]].append(item.given)
        for line in fits if len(fits) > 1 or rivals else ():
            doubtful[line].append(item.given)
    unclear = {given for givens in doubtful for given in givens}
    matched = {given for given, _ in line_of}
    return Attendance(
        found=tuple(_as_listed(item, roster, line_of, assignments) for item in found),
        listed=tuple(
            Listed(student=student, status=_status(handed_in, could), submissions=tuple(handed_in or could))
            for student, handed_in, could in zip(roster, theirs, doubtful, strict=True)
        ),
        strangers=tuple(item.given for item in found if item.given not in matched | unclear),
        unclear=tuple(item.given for item in found if item.given in unclear),
    )


def told(found: Attendance) -> list[str]:
    """Return in lines how many have handed in, and what has to be looked at by somebody."""
    counts = {status: [item for item in found.listed if item.status is status] for status in ListedStatus}
    handed_in, missing = counts[ListedStatus.HANDED_IN], counts[ListedStatus.MISSING]
    lines = [f"{len(handed_in)} of {len(found.listed)} students have handed in, and {len(missing)} have not"]
    lost = [item.student.name for item in found.listed if "?" in item.student.name or "\ufffd" in item.student.name]
    if lost:
        some = ", ".join(map(in_a_line, lost[:_LOST]))
        lines.append(f"letters are lost in {len(lost)} names, such as {some}: save it as CSV in UTF-8")
    if found.strangers:
        lines.append(f"of nobody on it: {_some(found.strangers)}")
    lines += [
        f"several could be of {in_a_line(item.student.shown)}: {_some(item.submissions)}"
        for item in counts[ListedStatus.UNCLEAR]
    ]
    lines += [
        f"of {in_a_line(item.student.shown)} there are {len(item.submissions)}: {_some(item.submissions)}"
        for item in handed_in
        if len(item.submissions) > 1
    ]
    return lines


def _some(names: Sequence[str]) -> str:
    shown = [in_a_line(PurePath(name).name) for name in names[:_MOST]]
    more = [f"and {len(names) - _MOST} more"] if len(names) > _MOST else []
    return ", ".join([*shown, *more])


def _students(item: Found, assignments: tuple[str, ...]) -> tuple[Student, ...]:
    """Return who handed a submission in; where only its name says so, it may be a name or a login."""
    return item.students or (Student(login=whose(item, assignments)),)


def _keys(student: Student) -> frozenset[tuple[bool, str]]:
    """Return what tells a student from all others: the platform's number apart, which could be anybody's elsewhere."""
    known = {(False, text.casefold()) for text in (student.sid, student.login, student.email) if text}
    return frozenset(known | ({(True, student.number)} if student.number else set()))


def _status(own: list[str], could: list[str]) -> ListedStatus:
    return ListedStatus.HANDED_IN if own else ListedStatus.UNCLEAR if could else ListedStatus.MISSING


def _as_listed(
    item: Found, roster: Sequence[Student], line_of: dict[tuple[str, Student], int], assignments: tuple[str, ...]
) -> Found:
    """Return the submission with its students as the roster has them, and what only the platform knows."""
    students = _students(item, assignments)
    if not any((item.given, student) in line_of for student in students):
        return item
    known = tuple(
        student if (line := line_of.get((item.given, student))) is None else _joined(roster[line], student)
        for student in students
    )
    return replace(item, students=known, student=", ".join(student.shown for student in known))


def _joined(listed: Student, handed: Student) -> Student:
    number = listed.number or handed.number
    return replace(listed, number=number, email=listed.email or handed.email)
