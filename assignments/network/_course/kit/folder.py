"""Read what an assignment's folder says of itself, and find the folders of a release.

A student has this file as `_course/kit/folder.py`. It imports neither torch nor pytest, and runs nothing of the folder.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Folder", "NotFoundHere", "folders_at", "pick", "read_folder"]

_TABLES = {"ASSIGNMENT", "POINTS", "TITLES"}


class NotFoundHere(ValueError):  # noqa: N818 - what was asked for
    """There is no such folder, assignment or exercise; the text says what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """An assignment as it was handed out: `seconds` has the exercises that may take longer, `next` what comes after."""

    path: Path
    name: str
    points: Mapping[str, float]
    titles: Mapping[str, str]
    hints: Mapping[str, str]
    seconds: Mapping[str, int]
    next: str

    @property
    def tests(self) -> Path:
        """The file with the visible tests."""
        return self.path / f"test_{self.name}.py"

    @property
    def files(self) -> tuple[Path, Path]:
        """The two files in which a student may work."""
        return self.path / f"{self.name}.py", self.path / f"{self.name}.ipynb"

    @property
    def locale(self) -> Path:
        """The folder with its texts in other languages, which need not be there."""
        return self.path / "_course" / "locale"

    @property
    def exercises(self) -> tuple[str, ...]:
        """The names of the exercises, in the order of the lesson."""
        return tuple(self.points)


def read_folder(path: Path) -> Folder:
    """Read the generated `exercises.py` of a folder; raises NotFoundHere where there is none, or another one."""
    file = path / "exercises.py"
    if not file.is_file():
        raise NotFoundHere(f"there is no exercises.py in {path}")
    tables: dict[str, Any] = {}
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):  # what is no table of constants
                tables[node.targets[0].id] = ast.literal_eval(node.value)
    if not tables.keys() >= _TABLES:
        raise NotFoundHere(f"{file} is not the exercises.py that was handed out; take that one")
    return Folder(
        path=path,
        name=tables["ASSIGNMENT"],
        points=tables["POINTS"],
        titles=tables["TITLES"],
        hints=tables.get("HINTS", {}),
        seconds=tables.get("SECONDS", {}),
        next=tables.get("NEXT", ""),
    )


def folders_at(path: Path) -> list[Folder]:
    """Return the folder at `path`, or those directly in it or in its `assignments/`, in the order of the course."""
    if not path.is_dir():
        raise NotFoundHere(f"there is no folder {path}")
    if (path / "exercises.py").is_file():
        return [read_folder(path)]
    found = [file.parent for place in (path, path / "assignments") for file in sorted(place.glob("*/exercises.py"))]
    if not found:
        raise NotFoundHere(
            f"there is no assignment in {path}: go to the folder that was handed out, the one with exercises.py in it"
        )
    return _in_order([read_folder(folder) for folder in found])


def _in_order(folders: Sequence[Folder]) -> list[Folder]:
    """Put folders in the order in which each names the next; what no other leads to comes first."""
    rest = {folder.name: folder for folder in folders}
    follow = {folder.next for folder in folders}
    ordered: list[Folder] = []
    while rest:
        name = next((name for name in rest if name not in follow), next(iter(rest)))
        while name in rest:
            ordered.append(rest.pop(name))
            name = ordered[-1].next
    return ordered


def pick(folders: Sequence[Folder], name: str) -> tuple[list[Folder], str]:
    """Return the folders that `name` means, and the exercise of the only one, or "".

    It is an assignment, an exercise, or both as `assignment/exercise`; raises NotFoundHere where it is none.
    """
    if not name:
        return list(folders), ""
    first, _, second = name.rstrip("/").removesuffix(".py").removesuffix(".ipynb").partition("/")
    of_name = [folder for folder in folders if folder.name == first]
    if of_name and not second:
        return of_name, ""
    wanted, among = (second, of_name) if of_name else (first, [] if second else list(folders))
    having = [folder for folder in among if wanted in folder.points]
    if len(having) == 1:
        return having, wanted
    if having:
        said = ", ".join(f"{folder.name}/{wanted}" for folder in having)
        raise NotFoundHere(f"`{wanted}` is an exercise of several assignments: say which, {said}")
    names = [exercise for folder in among or folders for exercise in folder.points]
    if len(folders) > 1:
        names += [folder.name for folder in folders]
    near = difflib.get_close_matches(wanted, dict.fromkeys(names), 1)
    there = f"did you mean {near[0]}?" if near else f"there is {', '.join(dict.fromkeys(names))}"
    raise NotFoundHere(f"there is no exercise {wanted!r} here; {there}")
