"""What the pictures of an assignment's loops ask: `solutions/<name>/pictures.py`, as its author wrote it.

The file goes to students with the numbers that are expected. An assignment without it has no pictures.
"""

from __future__ import annotations

import importlib.util

from grader.answers.paths import Loop, loops_in
from grader.course.assignment import Assignment
from grader.errors import CourseError

__all__ = ["read_pictures"]


def read_pictures(assignment: Assignment) -> dict[str, Loop]:
    """Return the loops that are drawn, by exercise; raises CourseError where the file does not fit."""
    path = assignment.pictures
    if not path.is_file():
        return {}
    spec = importlib.util.spec_from_file_location(f"pictures_of_{assignment.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        loops = loops_in(module.PICTURES)
    except Exception as error:
        raise CourseError(f"{path} does not load: {type(error).__name__}: {error}") from error
    for name in loops:
        if name not in assignment.names:
            raise CourseError(f"{path}: {name!r} is no exercise that assignment.toml lists")
    return loops
