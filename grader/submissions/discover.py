"""Find the submissions behind the paths of a command line, and the assignment that their names say.

Opens no file of a student but to list what is in it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from grader.errors import Unreadable, UsageError
from grader.submissions.files import walk
from grader.submissions.found import Found
from grader.submissions.handed_out import Handed, handed_out
from grader.submissions.listing import Listing, list_class
from grader.submissions.names import is_debris, is_source, is_zip, named, student_of

__all__ = ["discover", "infer_assignment", "is_class", "is_of_others", "the_assignment", "whose"]


def discover(paths: list[str], assignments: tuple[str, ...] = ()) -> list[Found]:
    """Return the submissions behind the paths of a command line, in order and each once.

    A file is one submission. A folder is a class: each direct child is one, sorted by name; hidden
    files and the debris of other programs are passed over. In what a learning platform hands out, a student's files
    are one submission, the last attempt alone; so they are in its zip, where any other zip is one submission.
    `assignments` are the names of which no student has one.
    Raises UsageError for a path that is not there, and for a class that can't be read.
    """
    found: dict[tuple[object, ...], Found] = {}
    for given in paths:
        path = Path(given)
        if not os.path.lexists(path):
            raise UsageError(f"{given}: no such file or folder")
        if path.is_dir():
            items = _of_folder(given, path, assignments)
        else:
            path = Path(os.path.realpath(path))  # a link that the user names is meant, unlike one in a class
            items = _of_zip(given, path, assignments) or [_one(given, path)]
        for item in items:
            found.setdefault((item.given, item.path, item.files), item)  # the name of another may be printed alike
    return list(found.values())


def _of_folder(given: str, path: Path, assignments: tuple[str, ...]) -> list[Found]:
    children = sorted(child for child in os.listdir(path) if not is_debris(child))
    if not children:
        raise UsageError(f"{given}: the folder is empty; a folder is a class, and each child a submission")
    try:
        handed = handed_out(list_class(path), assignments)
    except OSError as error:
        raise UsageError(f"{given}: {error.strerror}: {error.filename}") from error
    if handed is None:
        return [_one(os.path.join(given, child), path / child) for child in children]
    listing, items = handed
    return [_part(given, listing, item, whole=len(item.parts) == 1) for item in items]


def _of_zip(given: str, path: Path, assignments: tuple[str, ...]) -> list[Found]:
    """Return the submissions of a class's zip; none where it is not known to be one, or can't be opened."""
    if not is_zip(path.name) or not stat.S_ISREG(os.lstat(path).st_mode):
        return []
    try:
        handed = handed_out(list_class(path), assignments)
    except Unreadable:
        return []  # whoever reads it as one submission says what is wrong with it
    if handed is None:
        return []
    listing, items = handed
    return [_part(given, listing, item, whole=False) for item in items]


def _part(given: str, listing: Listing, handed: Handed, *, whole: bool) -> Found:
    """Return one student's submission in a class; `whole` says that it is a file or folder of its own."""
    path, files = listing.path, tuple[tuple[str, str], ...]()
    if whole:
        path = path / listing.place(handed.parts[0])
    else:
        files = tuple(
            (own, listing.place(place))
            for part, file in zip(handed.parts, handed.files, strict=True)
            for own, place in _expanded(listing, part, file)
        )
        # Of an empty folder in a zip nothing is left; what is said of a missing file fits it.
        files = files or ((handed.parts[0], listing.place(handed.parts[0])),)
    return Found(
        given=_printable(os.path.join(given, handed.key)),
        path=path,
        earlier=tuple(map(_printable, handed.earlier)),
        student=_printable(", ".join(student.shown for student in handed.students)),
        students=handed.students,
        files=files,
        late=handed.late,
    )


def _expanded(listing: Listing, part: str, file: str) -> list[tuple[str, str]]:
    """Return the files of a part, each with the student's name for it and its place in the class."""
    if part not in listing.folders:
        return [(file or part, part)]
    try:
        return [(inner, f"{part}/{inner}") for inner in listing.all_below(part)]
    except Unreadable:
        return []


def _one(given: str, path: Path) -> Found:
    return Found(given=_printable(given), path=path)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def is_class(paths: Sequence[str], found: Sequence[Found]) -> bool:
    """Say whether what the paths name is a class: a folder of submissions, or what a platform hands out."""
    return any(os.path.isdir(path) for path in paths) or any(item.files for item in found)


def infer_assignment(found: Found, names: tuple[str, ...]) -> str | None:
    """Return the assignment that the submission's name says, or that of a file inside.

    Where neither does, the name of the folder that it lies in may say it.
    """
    inside = [name for name, _ in found.files]
    if not found.files and not found.path.is_symlink() and (found.path.is_dir() or found.path.suffix.lower() == ".zip"):
        try:
            inside = [name for name, _ in walk(found.path) if is_source(name)]
        except Exception:  # noqa: BLE001 - a damaged archive; reading it will say what is wrong with it
            inside = []
    around = found.path.absolute() if found.files else found.path.absolute().parent
    of_itself = [Path(found.given).name, *([] if found.files else [found.path.name])]
    for files in (of_itself, inside, [around.name]):
        said = [name.assignment for file in files if (name := named(file, names))]
        if said:
            return max(said, key=len)
    return None


def whose(found: Found, names: tuple[str, ...]) -> str:
    """Return whose a submission is, in one text: as is known of it, else as its name says."""
    return found.student or student_of(found.given, names)


def is_of_others(found: Found, assignment: str, names: tuple[str, ...]) -> bool:
    """Say whether a student's folder holds only folders of other assignments, as in nbgrader's `submitted/`."""
    if found.files or found.path.is_symlink() or not found.path.is_dir():
        return False
    try:
        inside = {name.partition("/")[0] for name, _ in walk(found.path, links=[]) if is_source(name)}
    except Unreadable:
        return False
    return bool(inside) and inside <= set(names) - {assignment}


def the_assignment(said: str | None, found: list[Found], names: tuple[str, ...]) -> str:
    """Return the assignment that is `said`, else that of the submissions' names; raises UsageError where that is none.

    `names` are the assignments of the course.
    """
    if said is not None:
        if said not in names:
            raise UsageError(f"--assignment {said}: there is no such assignment; there is {', '.join(names)}")
        return said
    inferred = {item.given: infer_assignment(item, names) for item in found}
    inside = sorted({name for name in inferred.values() if name is not None})
    if not inside:
        first = found[0].given
        raise UsageError(
            f"no assignment's name begins the name of {first}; say --assignment, one of {', '.join(names)}"
        )
    if len(inside) > 1:
        raise UsageError(
            f"these are submissions to several assignments ({', '.join(inside)}); grade one at a time with --assignment"
        )
    return inside[0]
