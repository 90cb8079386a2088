"""What lies in a class, a folder or a zip, as names: the same questions to both, and nothing unpacked or followed.

A class is the instructor's own download and may be large; what is in it is hostile, and read as any submission is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from grader.submissions.files import read_class_entry, read_regular_file, walk, walk_class
from grader.submissions.names import is_debris

__all__ = ["Listing", "list_class"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The folder or zip at `path`, or what of it lies below `inside`, a path in it or "".

    `files` and `folders` are the names that lie there, sorted, without debris of other programs; a link in a folder
    is a file, which nobody follows. `packed` are the paths of all files of a zip, or None for a folder.
    """

    path: Path
    inside: str
    files: tuple[str, ...]
    folders: tuple[str, ...]
    packed: tuple[str, ...] | None

    def all_below(self, folder: str) -> list[str]:
        """Return the paths of all files in a folder of it, within that folder; raises Unreadable."""
        if self.packed is None:
            return [name for name, _ in walk(self.path / self.place(folder), links=[])]
        start = f"{self.place(folder)}/"
        return sorted({name.removeprefix(start) for name in self.packed if name.startswith(start)})

    def below(self, folder: str) -> Listing:
        """Return what lies in a folder of it."""
        inside = self.place(folder)
        return _of_folder(self.path, inside) if self.packed is None else _of_zip(self.path, inside, self.packed)

    def place(self, name: str) -> str:
        """Return the path of a file or folder of it in the whole class."""
        return os.path.join(self.inside, name)

    def read(self, file: str, limit: int) -> bytes:
        """Return the bytes of a file of it, up to a limit; raises Unreadable."""
        if self.packed is None:
            return read_regular_file(self.path / self.place(file), limit)
        return read_class_entry(self.path, self.place(file), limit)


def list_class(path: Path) -> Listing:
    """Return what lies in a folder, or in a zip; raises OSError, or Unreadable for what is no zip."""
    if path.is_dir():
        return _of_folder(path, "")
    return _of_zip(path, "", tuple(name for name, _ in walk_class(path)))


def _of_folder(path: Path, inside: str) -> Listing:
    with os.scandir(path / inside) as scan:
        found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in scan if not is_debris(entry.name))
    folders = tuple(name for name, folder in found if folder)
    return Listing(
        path=path,
        inside=inside,
        files=tuple(name for name, folder in found if not folder),
        folders=folders,
        packed=None,
    )


def _of_zip(path: Path, inside: str, packed: tuple[str, ...]) -> Listing:
    start = os.path.join(inside, "")
    below = [name.removeprefix(start) for name in packed if name.startswith(start)]
    kept = [name for name in below if not any(map(is_debris, name.split("/")))]
    return Listing(
        path=path,
        inside=inside,
        files=tuple(sorted({name for name in kept if "/" not in name})),
        folders=tuple(sorted({name.partition("/")[0] for name in kept if "/" in name})),
        packed=tuple(start + name for name in kept),
    )
