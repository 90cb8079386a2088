"""Find the submissions behind the paths of a command line, and the assignment that their names say.

Opens no file of a student but to list what is in it.
"""

from __future__ import annotations

import os
from pathlib import Path

from grader.errors import UsageError
from grader.submissions.files import walk
from grader.submissions.found import Found
from grader.submissions.names import attempt_of, is_debris, is_source, named

__all__ = ["discover", "infer_assignment"]


def discover(paths: list[str]) -> list[Found]:
    """Return the submissions behind the paths of a command line, in order and each once.

    A file is one submission. A folder is a class: each direct child is one, sorted by name; hidden
    files and the debris of other programs are passed over. Raises UsageError for a path that is not there.
    """
    found: dict[str, Found] = {}
    for given in paths:
        path = Path(given)
        if not os.path.lexists(path):
            raise UsageError(f"{given}: no such file or folder")
        if path.is_dir():
            children = sorted(child for child in os.listdir(path) if not is_debris(child))
            if not children:
                raise UsageError(f"{given}: the folder is empty; a folder is a class, and each child a submission")
            for child, earlier in _last_attempts(children):
                _add(found, os.path.join(given, child), path / child, earlier)
        else:
            # A link that the user names is meant, unlike one in a class.
            _add(found, given, Path(os.path.realpath(path)))
    return list(found.values())


def _last_attempts(children: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the children of a class, of Brightspace's attempts of a student the last, with those before it."""
    attempts: dict[tuple[str, str], list[tuple[tuple[int, ...], str]]] = {}
    for child in children:
        if attempt := attempt_of(child):
            attempts.setdefault((attempt.id, attempt.name), []).append((attempt.at, child))
    last = {max(items)[1]: tuple(name for _, name in sorted(items)[:-1]) for items in attempts.values()}
    return [(child, last.get(child, ())) for child in children if child in last or attempt_of(child) is None]


def _add(found: dict[str, Found], given: str, path: Path, earlier: tuple[str, ...] = ()) -> None:
    printable = given.encode("utf-8", "backslashreplace").decode()
    before = tuple(name.encode("utf-8", "backslashreplace").decode() for name in earlier)
    found.setdefault(printable, Found(given=printable, path=path, earlier=before))


def infer_assignment(found: Found, names: tuple[str, ...]) -> str | None:
    """Return the assignment that the submission's name says, or that of a file inside.

    Where neither does, the name of the folder that it lies in may say it.
    """
    inside: list[str] = []
    if not found.path.is_symlink() and (found.path.is_dir() or found.path.suffix.lower() == ".zip"):
        try:
            inside = [name for name, _ in walk(found.path) if is_source(name)]
        except Exception:  # noqa: BLE001 - a damaged archive; reading it will say what is wrong with it
            inside = []
    for files in ([Path(found.given).name, found.path.name], inside, [found.path.absolute().parent.name]):
        said = [name.assignment for file in files if (name := named(file, names))]
        if said:
            return max(said, key=len)
    return None
