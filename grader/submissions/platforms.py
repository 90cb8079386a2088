"""What learning platforms make of a student's name and files when they hand out what a class has handed in.

The one reading of their names, for the command line and for nbgrader's folders. Looks at names alone, and opens no
file. A student chooses what comes last in a name and never what comes first, so each is read from its beginning on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from grader.submissions.found import Student
from grader.submissions.names import may_hold_work, named

__all__ = ["HandedIn", "Platform", "ilias_student", "is_team", "platform_of", "read_name"]


class Platform(StrEnum):
    """A platform that says in the name of each file or folder whose it is."""

    CANVAS = "Canvas"
    BRIGHTSPACE = "Brightspace"
    MOODLE = "Moodle"
    BLACKBOARD = "Blackboard"
    ILIAS = "ILIAS"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """What the name of a file or folder says: whose it is, and what the student called it, "" for a folder.

    `whose` is the part of the name that all files of a student share. `attempt` grows with each that the student has
    handed in, where the platform keeps several. `about` says that it is no work, but what the platform writes about
    it.
    """

    student: Student
    whose: str
    file: str = ""
    attempt: tuple[int, ...] = ()
    late: bool = False
    about: bool = False


# lib/content_zipper.rb: name, LATE, number of the user, number of the file, what the student called it.
_CANVAS = re.compile(
    r"(?:(?P<name>[^_]+)(?P<late>_LATE)?_(?P<id>\d+)|(?P<late_anonymous>LATE_)?anon_(?P<anonymous>[^\W_]+))"
    r"_(?:\d+_(?P<file>.+)|(?P<text>(?:text|link)\.html))",
    re.DOTALL,
)
# mod/assign: full name, number of the participant, kind of the submission; a folder, or what is in it behind that.
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL)
_BRIGHTSPACE = re.compile(
    r"(?P<id>\d+)-\d+\s*-\s*(?P<name>.+?)\s*-\s*(?P<month>[^\W\d]{3,12})\.? (?P<day>\d{1,2}),? (?P<year>\d{4}) "
    r"(?P<hour>\d{1,2}?):?(?P<minute>\d{2}) ?(?P<half>[AaPp][Mm])(?:\s*-\s*(?P<file>.+))?",
    re.DOTALL,
)
_BLACKBOARD = re.compile(
    r"(?P<whose>.+?_(?P<login>[^_]+))_attempt_(?P<at>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<about>\.txt))", re.DOTALL
)
# components/ILIAS/Exercise: last name, first name, login, number of the user; of a team a folder of such folders.
_ILIAS = re.compile(r"(?P<last>[^_]+)_(?P<first>.+)_(?P<login>[^_]+)_(?P<id>[1-9]\d+)")
_TEAM = re.compile(r"Team[ _]\d+")
_ANONYMOUS = "anon"  # Canvas's, where it hides who is who
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def platform_of(files: Iterable[str], folders: Iterable[str], assignments: Iterable[str] = ()) -> Platform | None:
    """Return the platform that has named most of what may be work among the files and folders of a class.

    One name alone proves nothing: a student may call a file as another platform would.
    """
    given = [*folders, *(name for name in files if may_hold_work(name))]
    counts = {platform: _fitting(given, platform, assignments) for platform in Platform}
    most = max(Platform, key=lambda platform: counts[platform])  # of two the first, which reads more strictly
    return most if counts[most] and 2 * counts[most] > len(given) else None


def _fitting(names: list[str], platform: Platform, assignments: Iterable[str]) -> int:
    """Return how many names fit; none where they would all be of one name or number, but of several students."""
    found = [item.student for name in names if (item := read_name(name, platform)) is not None]
    # `neuron_1_2_anna.py` is no file of a student called neuron.
    found = [one for one in found if (said := named(one.name, assignments)) is None or not said.exact]
    if len(found) > 1 and len({(one.name, one.number, one.login) for one in found}) > 1:
        alike = (
            {one.name for one in found if one.name != _ANONYMOUS}
            if platform is Platform.CANVAS
            else {one.number for one in found}
        )
        if platform in (Platform.CANVAS, Platform.ILIAS) and len(alike) == 1:
            return 0
    return len(found)


def read_name(name: str, platform: Platform) -> HandedIn | None:
    """Return what the name of a file or folder says, read as this platform's; None where it is none of it."""
    match platform:
        case Platform.CANVAS:
            return _of_canvas(name)
        case Platform.BRIGHTSPACE:
            return _of_brightspace(name)
        case Platform.MOODLE:
            return _of_moodle(name)
        case Platform.BLACKBOARD:
            return _of_blackboard(name)
        case Platform.ILIAS:
            student = ilias_student(name)
            return None if student is None else HandedIn(student=student, whose=name)


def _of_canvas(name: str) -> HandedIn | None:
    found = _CANVAS.fullmatch(name)
    if found is None:
        return None
    who = Student(name=found["name"] or _ANONYMOUS, number=found["id"] or found["anonymous"])
    late = bool(found["late"] or found["late_anonymous"])
    return HandedIn(student=who, whose=f"{who.name}_{who.number}", file=found["file"] or found["text"], late=late)


def _of_moodle(name: str) -> HandedIn | None:
    found = _MOODLE.fullmatch(name)
    if found is None:
        return None
    who = Student(name=found["name"], number=found["id"])
    return HandedIn(student=who, whose=f"{who.name}_{who.number}", file=found["file"])


def _of_brightspace(name: str) -> HandedIn | None:
    found = _BRIGHTSPACE.fullmatch(name.strip())
    if found is None:
        return None
    letters = found["month"][:3].casefold()
    month = _MONTHS.index(letters) + 1 if letters in _MONTHS else 0
    hour = int(found["hour"]) % 12 + (12 if found["half"].upper() == "PM" else 0)
    at = (int(found["year"]), month, int(found["day"]), hour, int(found["minute"]))
    who = Student(name=found["name"].strip(), number=found["id"])
    return HandedIn(student=who, whose=f"{who.name}_{who.number}", file=found["file"] or "", attempt=at)


def _of_blackboard(name: str) -> HandedIn | None:
    found = _BLACKBOARD.fullmatch(name)
    if found is None:
        return None
    at = tuple(int(part) for part in found["at"].split("-"))
    about = found["about"] is not None
    who = Student(login=found["login"])
    return HandedIn(student=who, whose=found["whose"], file=found["file"] or "", attempt=at, about=about)


def ilias_student(folder: str) -> Student | None:
    """Return the student that a folder of ILIAS's is of."""
    found = _ILIAS.fullmatch(folder)
    if found is None:
        return None
    name = f"{found['first']} {found['last']}".replace("_", " ")
    return Student(name=name, number=found["id"], login=found["login"])


def is_team(folder: str) -> bool:
    """Say whether a folder is called as ILIAS calls that of a team."""
    return _TEAM.fullmatch(folder) is not None
