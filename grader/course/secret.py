"""The secret of a course, from which the data of its students follows, and the files that own data hangs on.

Needs no torch. What it returns goes to no worker, no report and no release.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from grader.course.assignment import Assignment, Course
from grader.errors import CourseError

__all__ = ["VARIABLE", "individual_files", "read_secret"]

VARIABLE = "GRADER_SECRET"
_SHORTEST = 16


def read_secret(course: Course) -> bytes | None:
    """Return the course's secret: the variable GRADER_SECRET, else its file; None where there is neither.

    Raises CourseError for one that is too short to be secret, and for a file that others may read.
    """
    said = os.environ.get(VARIABLE)
    try:
        found = said.encode() if said else course.secret.read_bytes()
        if not said and stat.S_IMODE(course.secret.stat().st_mode) & 0o077:
            raise CourseError(f"{course.secret} is open to others: chmod 600 it")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CourseError(f"{course.secret}: {error.strerror}") from error
    found = found.strip()
    if len(found) < _SHORTEST:
        raise CourseError(f"{VARIABLE if said else course.secret}: it is shorter than {_SHORTEST} signs, so no secret")
    return found


def individual_files(assignment: Assignment) -> list[Path]:
    """Return the files that the data of an assignment's students hangs on, but for the secret; none where it has none.

    The author's file, what it may import from beside the assignments, and who was given data of their own.
    """
    if not assignment.own_data.is_file():
        return []
    beside = sorted(assignment.course.solutions.glob("*.py"))
    register = [assignment.course.register] if assignment.individual else []
    return [path for path in (assignment.own_data, *beside, *register) if path.is_file()]
