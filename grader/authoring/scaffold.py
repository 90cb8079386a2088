"""Begin an assignment: write the files of a small one that works, for its author to change (`grader new`).

Writes new files only, and changes none that is there.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import keyword
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.course.assignment import Course
from grader.course.lesson import PRIVATE_LINE
from grader.course.reading import course_root
from grader.errors import UsageError

__all__ = ["begin", "place_of"]

_TAKEN = ("conftest", "exercises", "pictures", "shared")  # modules that stand beside an assignment's own
_DEVICES = ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
_MOST_LETTERS = 40


def place_of(explicit: Path | None, *, start: Path | None = None) -> Path:
    """Return the folder of the course: the one that there is, else an empty one, which becomes a course.

    Raises UsageError where there is neither.
    """
    found = course_root(explicit, start=start)
    if found is not None:
        return found
    folder = explicit or Path(os.environ.get("GRADER_COURSE") or start or Path.cwd())
    if folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir()):
        said = f"{folder.resolve()} is no course, and not empty"
        raise UsageError(f"{said}; go to an empty folder, which becomes one, or name a course with --course DIR")
    return folder.resolve()


def begin(root: Path, name: str) -> list[Path]:
    """Write the files of the assignment `name` into a course, or into what becomes one; return their paths.

    Raises UsageError, before anything is written, where the name can't be an assignment's, or a file is there already.
    """
    fault = _fault_of(name)
    if fault:
        raise UsageError(f"{name!r} {fault}")
    course = Course(root=root, names=(name,))
    files = _files(course, name)
    alike = [path for path in root.glob("solutions/*") if path.name.lower() == name.lower()]  # some disks see one name
    existing = alike + [path for path in (course.toml_of(name).parent, course.released(name), *files) if path.exists()]
    if existing:
        raise UsageError(f"{existing[0]} is there already, and nothing is overwritten; choose another name")
    words = {"name": name, "title": name.replace("_", " ").capitalize(), "canary": _canary(root, name)}
    try:
        for path, template in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(_filled(template, words))
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    return list(files)


def _files(course: Course, name: str) -> dict[Path, str]:
    """Return the template of each file of an assignment."""
    folder = course.toml_of(name).parent
    return {
        course.toml_of(name): "assignment.toml",
        folder / f"{name}.py": "lesson.py",
        folder / f"test_{name}.py": "visible.py",
        course.hidden_tests / f"test_{name}.py": "hidden.py",
        folder / "teaching.py": "teaching.py",
        folder / "misconceptions.py": "misconceptions.py",
        folder / "alternatives.py": "alternatives.py",
        folder / "equivalent.toml": "equivalent.toml",
    }


def _filled(template: str, words: Mapping[str, str]) -> str:
    text = importlib.resources.files("grader.authoring").joinpath(f"templates/{template}.template").read_text("utf-8")
    for key, value in words.items():
        text = text.replace("{{" + key + "}}", value)
    return text


def _canary(root: Path, name: str) -> str:
    """Return a word that stands in no other file, which begins as those of the course do."""
    for path in sorted(root.glob("solutions/*/assignment.toml")):
        found = PRIVATE_LINE.search(path.read_text("utf-8", "replace"))
        if found is not None and "-" in found[0]:
            return f"{found[0].split()[2].rpartition('-')[0]}-{secrets.token_hex(8)}"
    return f"{name}-canary-{secrets.token_hex(8)}"


def _fault_of(name: str) -> str:
    """Return why an assignment can't have this name, which is a module's, "" where it can."""
    if not name.isidentifier() or not name.isascii():
        return "is no Python name, and a student's file is a module; write letters, digits and _, such as linear_fit"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "is a word of Python's; choose another name"
    if name.lower() in _DEVICES:
        return "is a device on Windows, where no file can have this name; choose another name"
    if len(name) > _MOST_LETTERS or name.startswith(("test_", "_")):
        return f"begins with test_ or _, or has more than {_MOST_LETTERS} letters; choose another name"
    if name in sys.stdlib_module_names:
        return "is a module of Python's own, which the student's file would hide; choose another name"
    if name in _TAKEN:
        return "is a module that stands beside the tests; choose another name"
    if name == "grader" or _is_installed(name):
        return "is a module that is installed here, which the student's file would hide; choose another name"
    return ""


def _is_installed(name: str) -> bool:
    try:
        found = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return found is not None and found.origin is not None and Path(found.origin).parent != Path.cwd()
