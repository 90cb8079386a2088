"""Whether a course's release was found to be without drift before, and nothing that it depends on has changed since."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.course.assignment import Course
from grader.judge.state import digest_of, versions
from grader.judge.store import Store, store_folder

__all__ = ["Unchanged"]


class Unchanged:
    """The entry of one course, of these assignments: what is kept is a digest of every file that a release depends on.

    A check that finds it reads the files and generates nothing; whatever can't be read or kept is checked in full.
    """

    def __init__(self, course: Course, names: Iterable[str]) -> None:
        self._course = course
        self._names = tuple(names)
        whose = hashlib.sha256("\n".join([str(course.root), *self._names]).encode()).hexdigest()[:8]
        self._name = f"release-{whose}"
        self._store = Store(folder=store_folder())
        self._key = self._digest()

    def __bool__(self) -> bool:
        """Say whether there was no drift when all was as it is."""
        return self._key is not None and self._store.read(self._name, self._key) is not None

    def keep(self) -> None:
        """Keep that there is no drift, unless a file has changed meanwhile."""
        if self._key is not None and self._key == self._digest():
            self._store.write(self._name, self._key, b"no drift")

    def _digest(self) -> str | None:
        """Return a digest of the authors' files, of what is released, and of this package with its templates.

        None where one of them can't be read, or a folder is a link: a release reads what is behind it.
        """
        package = Path(__file__).parents[1]
        folders = [self._course.solutions, *map(self._course.released, self._names), package]
        try:
            files = {path for folder in folders for path in _files_below(folder)}
            return digest_of(files, [*versions(), importlib.metadata.version("nbformat"), *self._names])
        except (OSError, importlib.metadata.PackageNotFoundError):
            return None


def _files_below(folder: Path) -> Iterator[Path]:
    """Give the files below a folder, but for compiled modules; raises OSError where a folder is a link."""
    for parent, folders, files in os.walk(folder):
        for name in folders:
            if os.path.islink(os.path.join(parent, name)):
                raise OSError(f"{parent}/{name} is a link")
        paths = (Path(parent, name) for name in files if not name.endswith(".pyc"))
        yield from (path for path in paths if path.is_file())
