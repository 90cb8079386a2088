"""The file of a folder of results that says who is on the roster, and who of them has handed in nothing.

It holds no time, so that a second run writes the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from grader.classes.attendance import Attendance, ListedStatus, absent
from grader.report.report import Absent
from grader.report.text import clean

__all__ = ["CLASS_FILE", "CLASS_SCHEMA", "ListedStudent", "absent_of", "listed_students", "to_class_json"]

CLASS_FILE = "class.json"
CLASS_SCHEMA = "grader/class/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStudent:
    """A student of the roster; `student` is as reports call them, `submissions` theirs, or those that could be."""

    student: str
    id: str
    name: str
    status: ListedStatus
    submissions: tuple[str, ...]


def to_class_json(assignment: str, found: Attendance) -> str:
    """Return the file: the students in the roster's order, and the submissions of nobody who is on it."""
    students = [
        {
            "student": clean(item.student.shown),
            "id": clean(known.sid or known.login or known.email or known.number),
            "name": clean(known.name),
            "status": item.status.value,
            "submissions": list(map(clean, item.submissions)),
        }
        for item in found.listed
        for known in (item.student,)
    ]
    document = {
        "schema": CLASS_SCHEMA,
        "assignment": assignment,
        "students": students,
        "not_on_roster": list(map(clean, found.strangers)),
    }
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def absent_of(students: Iterable[ListedStudent]) -> tuple[Absent, ...]:
    """Return whoever of them has no submission, as a report says it."""
    return tuple(
        absent(one.student, one.status, one.submissions) for one in students if one.status is not ListedStatus.HANDED_IN
    )


def listed_students(document: dict[str, object]) -> tuple[ListedStudent, ...]:
    """Return the students of a file that has been read; raises msgspec.ValidationError where it has another shape."""
    return msgspec.convert(document.get("students"), tuple[ListedStudent, ...])
