"""Put together what each student has handed in, in a class as a learning platform hands it out.

Recognised are the names of `platforms.py`, and the exports of Gradescope, which say in a file whose each folder is.
What no platform has named is nobody's class here, and left to whoever asks. Reads no work of a student.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.errors import Unreadable, UsageError
from grader.submissions.found import Student
from grader.submissions.listing import Listing
from grader.submissions.names import is_source, is_zip, may_hold_work, without_copy_mark
from grader.submissions.platforms import HandedIn, Platform, ilias_student, is_team, platform_of, read_name

__all__ = ["Handed", "handed_out"]

_METADATA = "submission_metadata.yml"
_MAX_METADATA_BYTES = 256 * 2**20  # it repeats what an autograder has printed for each submission
_MAX_ABOUT_BYTES = 2**20
_DEPTH = 3  # folders around those of the students


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What one student, or one team, has handed in: `parts` of the class, files and folders, by their names in it.

    `key` is a name for it that no other one has. `files` is what the student called each part; "" for a folder.
    """

    key: str
    students: tuple[Student, ...]
    parts: tuple[str, ...]
    files: tuple[str, ...]
    earlier: tuple[str, ...] = ()
    late: bool = False


def handed_out(listing: Listing, assignments: tuple[str, ...]) -> tuple[Listing, list[Handed]] | None:
    """Return what students have handed in, sorted by key, and the folder in the class in which it lies.

    None where no platform has named it. Raises UsageError where a platform's own file can't be read.
    """
    for _ in range(_DEPTH + 1):
        if _METADATA in listing.files:
            return listing, _of_gradescope(listing)
        platform = platform_of(listing.files, listing.folders, assignments)
        if platform is not None:
            return listing, _of_platform(listing, platform)
        if (teams := _of_teams(listing)) is not None:
            return listing, teams
        folders = listing.folders
        if len(folders) != 1 or any(is_source(name) or is_zip(name) for name in listing.files):
            return None
        listing = listing.below(folders[0])
    return None


def _of_platform(listing: Listing, platform: Platform) -> list[Handed]:
    """Group the files and folders of a class by student, each student's last attempt alone."""
    groups: dict[str, list[tuple[str, HandedIn]]] = {}
    handed: list[Handed] = []
    for name in [*listing.folders, *listing.files]:
        found = read_name(name, platform)
        if found is not None:
            groups.setdefault(found.whose, []).append((name, found))
        elif name in listing.folders or is_source(name) or is_zip(name):  # another file is the platform's own
            handed.append(Handed(key=name, students=(), parts=(name,), files=(name,)))
    handed += [_of_student(listing, whose, group) for whose, group in groups.items()]
    return _apart(handed)


def _apart(handed: list[Handed]) -> list[Handed]:
    """Return the submissions sorted by key, of which no two are the same."""
    keys = Counter(item.key for item in handed)
    alone = [item if keys[item.key] == 1 else replace(item, key=f"{item.key}_{item.parts[0]}") for item in handed]
    return sorted(alone, key=lambda item: item.key)


def _of_student(listing: Listing, whose: str, group: list[tuple[str, HandedIn]]) -> Handed:
    last = max(found.attempt for _, found in group)
    kept = [(name, found) for name, found in group if found.attempt == last]
    parts = _last_copies([(name, found) for name, found in kept if not found.about]) or kept
    about = next((name for name, found in kept if found.about), None)
    who = kept[0][1].student
    who = who if about is None else _named_in(listing, about, who)
    taken = {name for name, _ in parts}
    before = sorted(name for name, found in group if name not in taken and not found.about)
    files = tuple(found.file for _, found in parts)
    return Handed(
        key=who.login if about is not None else whose,
        students=(who,),
        parts=tuple(name for name, _ in parts),
        files=files,
        earlier=tuple(before),
        late=any(found.late for _, found in parts),
    )


def _last_copies(files: list[tuple[str, HandedIn]]) -> list[tuple[str, HandedIn]]:
    """Return the files without those of which a later copy is there: Canvas numbers what is handed in again."""
    last: dict[str, tuple[int, str, HandedIn]] = {}
    folders = [(name, found) for name, found in files if not found.file]
    for name, found in files:
        if found.file:
            plain, number = without_copy_mark(found.file)
            if plain not in last or number > last[plain][0]:
                last[plain] = (number, name, found)
    return [*folders, *((name, found) for _, name, found in last.values())]


def _named_in(listing: Listing, about: str, student: Student) -> Student:
    """Return the student by what Blackboard writes beside a submission: `Name: Anna Berg (aberg)`."""
    try:
        text = listing.read(about, _MAX_ABOUT_BYTES).decode("utf-8-sig", "replace")
    except Unreadable:
        return student
    found = re.match(r"Name:[ \t]*([^\n]+?)[ \t]*\(([^()\n]+)\)[ \t]*\r?$", text, re.MULTILINE)
    # The login is in the name of the file as well, in which one with an underscore can't be told from what is before.
    known = found is not None and f"_{found[2]}_attempt_" in about
    return Student(name=found[1], login=found[2]) if found is not None and known else student


def _of_teams(listing: Listing) -> list[Handed] | None:
    """Return the submissions of ILIAS's teams; of who is in one speaks a folder for each."""
    teams = [name for name in listing.folders if is_team(name)]
    members = {name: [who for inner in listing.below(name).folders if (who := ilias_student(inner))] for name in teams}
    if not any(members.values()):
        return None
    return [Handed(key=name, students=tuple(members[name]), parts=(name,), files=("",)) for name in teams]


def _of_gradescope(listing: Listing) -> list[Handed]:
    known = _submitters(listing)
    handed = []
    for name in [*listing.folders, *(file for file in listing.files if file != _METADATA and may_hold_work(file))]:
        students = known.get(name, ())
        first = students[0] if students else Student()
        said = first.sid or first.email
        key = re.sub(r"[/\\\x00-\x1f]", "_", f"{first.name}_{said}" if first.name and said else first.name or said)
        file = "" if name in listing.folders else name
        handed.append(Handed(key=key or name, students=students, parts=(name,), files=(file,)))
    return _apart(handed)


def _submitters(listing: Listing) -> dict[str, tuple[Student, ...]]:
    """Return who handed in each folder, by what Gradescope writes of it."""
    import yaml  # type: ignore[import-untyped]  # it ships no types; and only who has such an export waits for it

    where = listing.path / listing.place(_METADATA)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value is a text, and every tag is passed over
    try:
        found = yaml.load(listing.read(_METADATA, _MAX_METADATA_BYTES), loader)  # noqa: S506 - it makes texts alone
    except (Unreadable, yaml.YAMLError, ValueError, RecursionError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(f"{where}: it can't be read ({why}); download the export again") from error
    if not isinstance(found, dict):
        raise UsageError(f"{where}: it names no submissions; download the export again")
    return {str(name): tuple(_students(entry)) for name, entry in found.items()}


def _students(entry: object) -> Iterator[Student]:
    submitters = entry.get(":submitters") if isinstance(entry, dict) else None
    for item in submitters if isinstance(submitters, list) else ():
        if isinstance(item, dict):
            name, sid, email = (_text(item.get(key)) for key in (":name", ":sid", ":email"))
            yield Student(name=name, sid=sid, email=email)


def _text(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return "" if text in ("null", "~") else text
