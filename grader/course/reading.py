"""Find a course and read what its authors wrote about an assignment.

A course is a folder with `solutions/` and `tests/hidden/`. An assignment exists because its folder
`solutions/<name>/` holds an `assignment.toml`; nothing registers it. Reads files, runs none.
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import TypeVar, cast

from grader.course.assignment import Assignment, Course, Exercise, FeedbackLevel, FollowThrough, Limits
from grader.errors import CourseError, CourseNotFound

__all__ = ["find_course", "load_assignment"]

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_TAKEN = ("batch", "observe", "probe")
_T = TypeVar("_T")


def find_course(explicit: Path | None = None, *, start: Path | None = None) -> Course:
    """Find the course: `explicit`, else the variable GRADER_COURSE, else the nearest parent of `start`.

    Raises CourseError that says where was looked.
    """
    variable = os.environ.get("GRADER_COURSE")
    if explicit is not None:
        return _open_course(explicit, f"--course {explicit}")
    if variable:
        return _open_course(Path(variable), f"GRADER_COURSE={variable}")
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if _is_course(folder):
            return _open_course(folder, str(folder))
    raise CourseNotFound(
        f"no course found: neither {here} nor a folder above it holds solutions/ and tests/hidden/; "
        "name the course's folder with --course DIR or GRADER_COURSE"
    )


def _is_course(folder: Path) -> bool:
    return (folder / "solutions").is_dir() and (folder / "tests" / "hidden").is_dir()


def _open_course(folder: Path, said: str) -> Course:
    root = folder.resolve()
    if not _is_course(root):
        raise CourseNotFound(f"{said}: no course there; a course is a folder with solutions/ and tests/hidden/")
    names = tuple(sorted(path.parent.name for path in (root / "solutions").glob("*/assignment.toml")))
    if not names:
        raise CourseError(f"{said}: no assignment there; one exists where solutions/<name>/assignment.toml does")
    return Course(root=root, names=names)


def load_assignment(course: Course, name: str) -> Assignment:
    """Read `solutions/<name>/assignment.toml`; raises CourseError naming the file and the fix."""
    if name not in course.names:
        raise CourseError(f"no assignment {name!r} in {course.root}; there is {', '.join(course.names)}")
    folder = course.root / "solutions" / name
    path = folder / "assignment.toml"
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path}: {error}") from error
    read = _Table(table, path)
    feedback = read.get("feedback", str, "hint")
    if feedback not in [*FeedbackLevel]:
        raise CourseError(f"{path}: feedback = {feedback!r}; it is one of {', '.join([*FeedbackLevel])}")
    follow_through = read.get("follow_through", str, "full")
    if follow_through not in [*FollowThrough]:
        raise CourseError(f"{path}: follow_through = {follow_through!r}; it is one of {', '.join([*FollowThrough])}")
    attempts = read.get("attempts", int) if "attempts" in table else None
    if attempts is not None and attempts < 0:
        raise CourseError(f"{path}: attempts = {attempts}; write how often a student is told of hidden checks, or 0")
    limits = _limits(read.get("limits", dict, {}), path)
    exercises = _exercises(read, path, limits)
    assignment = Assignment(
        name=name,
        title=read.get("title", str, name),
        order=read.get("order", int, 0),
        exercises=exercises,
        given=read.names("given"),
        limits=limits,
        feedback=FeedbackLevel(feedback),
        follow_through=FollowThrough(follow_through),
        attempts=attempts,
        feedback_every=_duration(read.get("feedback_every", str), path) if "feedback_every" in table else None,
        reference=folder / f"{name}.py",
        visible_tests=folder / f"test_{name}.py",
        hidden_suite=course.root / "tests" / "hidden" / f"test_{name}.py",
    )
    points = read.get("points", float, assignment.max_score)
    read.refuse_unknown()
    if not abs(points - assignment.max_score) <= 1e-9:
        where = f"{path}:{_line_of('points', path)}"
        raise CourseError(
            f"{where}: points = {points:g}, but those of the exercises add up to {assignment.max_score:g}"
        )
    for given in assignment.given:
        if given in assignment.names or not given.isidentifier():
            where = f"{path}:{_line_of('given', path)}"
            raise CourseError(f"{where}: {given!r} is an exercise, or no Python name, so it can't be given")
    for needed in (assignment.reference, assignment.hidden_suite):
        if not needed.is_file():
            raise CourseError(f"{assignment.name}: {needed} is missing; every assignment has one")
    return assignment


def _duration(text: str, path: Path) -> float:
    """Return the seconds of a text such as "6h"; raises CourseError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([smhd])", text.strip())
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not 0 < seconds <= _SECONDS["d"] * 366:
        raise CourseError(f'{path}: feedback_every = {text!r}; write a time such as "30m", "6h" or "2d"')
    return seconds


def _line_of(key: str, path: Path) -> int:
    """Return the line of a top-level key; the TOML reader keeps none."""
    lines = path.read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.partition("=")[0].strip() == key), 1)


class _Table:
    """Read typed values from a TOML table, and refuse keys that nobody read."""

    def __init__(self, table: dict[str, object], path: Path) -> None:
        self._table = dict(table)
        self._path = path

    def get(self, key: str, kind: type[_T], default: _T | None = None) -> _T:
        value = self._table.pop(key, default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            found = "is missing" if value is None else f"= {value!r} is a {type(value).__name__}"
            raise CourseError(f"{self._path}: {key} {found}; it has to be a {kind.__name__}")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        values = self.get(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise CourseError(f"{self._path}: {key} = {values!r}; it has to be a list of names")
        return tuple(values)

    def refuse_unknown(self) -> None:
        if self._table:
            raise CourseError(f"{self._path}: unknown key {', '.join(sorted(self._table))}; is it misspelt?")


def _exercises(read: _Table, path: Path, limits: Limits) -> tuple[Exercise, ...]:
    everywhere = read.names("not_allowed")
    gradients = read.get("gradients", bool, True)
    exercises: list[Exercise] = []
    for table in read.get("exercise", list, []):
        if not isinstance(table, dict):
            raise CourseError(f"{path}: exercise holds {table!r}; each one is a table [[exercise]]")
        entry = _Table(table, path)
        name = entry.get("name", str)
        exercises.append(
            Exercise(
                name=name,
                points=entry.get("points", float),
                title=entry.get("title", str, name),
                hint=entry.get("hint", str, ""),
                uses=entry.names("uses"),
                not_allowed=everywhere + entry.names("not_allowed"),
                gradients=entry.get("gradients", bool, gradients),
                call_seconds=entry.get("call_seconds", float, limits.call_seconds),
                exercise_seconds=entry.get("exercise_seconds", float, limits.exercise_seconds),
            )
        )
        entry.refuse_unknown()
    names = [exercise.name for exercise in exercises]
    if not names:
        raise CourseError(f"{path}: no [[exercise]]; an assignment has at least one")
    for exercise in exercises:
        if exercise.name in _TAKEN:
            raise CourseError(f"{path}: exercise {exercise.name!r} has the name of a method of `student`; rename it")
        if names.count(exercise.name) > 1 or not exercise.name.isidentifier():
            raise CourseError(f"{path}: exercise {exercise.name!r} stands twice or is no Python name")
        if not 0 < exercise.points < math.inf:
            raise CourseError(f"{path}: exercise {exercise.name} has {exercise.points} points; give it more than 0")
        if abs(exercise.points * 100 - round(exercise.points * 100)) > 1e-6:
            raise CourseError(f"{path}: exercise {exercise.name} has {exercise.points} points; write whole cents")
        if not exercise.name.isascii() or len(exercise.name) > 40:
            raise CourseError(f"{path}: exercise {exercise.name!r}: write a name of at most 40 letters of ASCII")
        if not 0 < exercise.call_seconds <= exercise.exercise_seconds < math.inf:
            seconds = f"call_seconds = {exercise.call_seconds:g}, exercise_seconds = {exercise.exercise_seconds:g}"
            raise CourseError(f"{path}: {exercise.name}: {seconds}; a call has more than 0, and an exercise no less")
        for used in exercise.uses:
            if used not in names or used == exercise.name:
                raise CourseError(f"{path}: {exercise.name} uses {used!r}, which is no other exercise of it")
    return tuple(exercises)


def _limits(table: dict[str, object], path: Path) -> Limits:
    read = _Table(table, path)
    values = {field.name: read.get(field.name, type(field.default), field.default) for field in fields(Limits)}
    read.refuse_unknown()
    for name, value in values.items():
        if not 0 < cast("float", value) < math.inf:
            raise CourseError(f"{path}: limits.{name} = {value!r}; it has to be more than 0")
    return Limits(**cast("dict[str, float]", values))  # type: ignore[arg-type]  # each value has its field's type
