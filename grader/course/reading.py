"""Find a course and read what its authors wrote about an assignment.

A course is a folder with `solutions/` and `tests/hidden/`. An assignment exists because its folder
`solutions/<name>/` holds an `assignment.toml`; nothing registers it. Reads files, runs none.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.course.assignment import Assignment, Course, Data, Exercise
from grader.course.description import Description, ExerciseTable, read_description
from grader.course.near import meant, nearest
from grader.course.toml import TomlFile, open_toml
from grader.errors import CourseError, CourseNotFound
from grader.languages.choosing import languages

__all__ = ["course_root", "find_course", "language_of", "load_assignment", "next_of"]

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_COMPUTE = ("torch", "numpy", "grader")
_TAKEN = ("batch", "observe", "probe")


def find_course(explicit: Path | None = None, *, start: Path | None = None) -> Course:
    """Find the course: `explicit`, else the variable GRADER_COURSE, else the nearest parent of `start`.

    Raises CourseError that says where was looked.
    """
    variable = os.environ.get("GRADER_COURSE")
    if explicit is not None:
        return _open_course(explicit, f"--course {explicit}")
    if variable:
        return _open_course(Path(variable), f"GRADER_COURSE={variable}")
    folder = course_root(start=start)
    if folder is not None:
        return _open_course(folder, str(folder))
    here = (start or Path.cwd()).resolve()
    raise CourseNotFound(
        f"no course found: neither {here} nor a folder above it holds solutions/ and tests/hidden/; "
        "name the course's folder with --course DIR or GRADER_COURSE"
    )


def course_root(explicit: Path | None = None, *, start: Path | None = None) -> Path | None:
    """Return the folder of the course that `find_course` would find, which may lack assignments; None where none is."""
    named = explicit or (Path(os.environ["GRADER_COURSE"]) if os.environ.get("GRADER_COURSE") else None)
    here = (start or Path.cwd()).resolve()
    folders = [named.resolve()] if named is not None else [here, *here.parents]
    return next((folder for folder in folders if _is_course(folder)), None)


def _is_course(folder: Path) -> bool:
    course = Course(root=folder, names=())
    return course.solutions.is_dir() and course.hidden_tests.is_dir()


def _open_course(folder: Path, said: str) -> Course:
    root = folder.resolve()
    if not _is_course(root):
        raise CourseNotFound(f"{said}: no course there; a course is a folder with solutions/ and tests/hidden/")
    names = tuple(sorted(path.parent.name for path in (root / "solutions").glob("*/assignment.toml")))
    if not names:
        raise CourseError(f"{said}: no assignment.toml in solutions/<name>/; begin one by `grader new NAME`")
    return Course(root=root, names=names)


def load_assignment(course: Course, name: str) -> Assignment:
    """Read `solutions/<name>/assignment.toml`; raises CourseError naming the file and the fix."""
    if name not in course.names:
        raise CourseError(f"no assignment {name!r} in {course.root}; {meant(name, course.names)}")
    file = open_toml(course.toml_of(name))
    found = read_description(file)
    assignment = Assignment(
        name=name,
        title=name if found.title is None else found.title,
        course=course,
        exercises=tuple(_exercise(found, table) for table in found.exercise),
        given=found.given,
        limits=found.limits,
        data=Data(seed=found.seed, individual=found.individual),
        feedback=found.feedback,
        follow_through=found.follow_through,
        attempts=found.attempts,
        stand_ins=found.stand_ins,
        feedback_every=None if found.feedback_every is None else _duration(file, found.feedback_every),
    )
    _check_exercises(file, assignment.exercises)
    _check_head(file, found, assignment)
    for needed in (assignment.reference, assignment.hidden_suite):
        if not needed.is_file():
            raise CourseError(f"{assignment.name}: {needed} is missing; every assignment has one")
    return assignment


def next_of(assignment: Assignment) -> str:
    """Return the assignment that students go on to after this one, or ""; a part of a course may lack it."""
    return read_description(open_toml(assignment.toml)).next


def language_of(assignment: Assignment) -> str:
    """Return the language that students read where nobody says another one; "" where the file names none."""
    return read_description(open_toml(assignment.toml)).language


def _exercise(found: Description, table: ExerciseTable) -> Exercise:
    """Return an exercise, with the assignment's own value where it has none."""
    return Exercise(
        name=table.name,
        points=table.points,
        title=table.name if table.title is None else table.title,
        hint=table.hint,
        uses=table.uses,
        not_allowed=found.not_allowed + table.not_allowed,
        gradients=found.gradients if table.gradients is None else table.gradients,
        call_seconds=table.call_seconds or found.limits.call_seconds,
        exercise_seconds=table.exercise_seconds or found.limits.exercise_seconds,
    )


def _duration(file: TomlFile, text: str) -> float:
    """Return the seconds of a text such as "6h"; raises CourseError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([smhd])", text.strip())
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not 0 < seconds <= _SECONDS["d"] * 366:
        said = f'feedback_every = {text!r}; write a time such as "30m", "6h" or "2d"'
        raise file.wrong(said, "feedback_every")
    return seconds


def _check_head(file: TomlFile, found: Description, assignment: Assignment) -> None:
    """Raise CourseError unless the values at the top fit the exercises."""
    if found.attempts is not None and found.attempts < 0:
        said = f"attempts = {found.attempts}; write how often a student is told of hidden checks, or 0"
        raise file.wrong(said, "attempts")
    total = assignment.max_score
    points = total if found.points is None else found.points
    if not abs(points - total) <= 1e-9:
        raise file.wrong(f"points = {points:g}, but those of the exercises add up to {total:g}", "points")
    if found.individual and not assignment.own_data.is_file():
        needed = f"{assignment.own_data} is missing, which makes each student's data"
        raise file.wrong(f"individual = true, and {needed}; write it, or take the key away", "individual")
    for stood_in in assignment.stand_ins:
        said = _fault_of_stand_in(stood_in, assignment)
        if said:
            raise file.wrong(f"stand_ins holds {stood_in!r}, {said}", "stand_ins")
    if found.language and found.language not in languages():
        said = f"language = {found.language!r}; it is one of {', '.join(languages())}"
        raise file.wrong(said, "language")
    for given in assignment.given:
        if given in assignment.names or not given.isidentifier():
            raise file.wrong(f"{given!r} is an exercise, or no Python name, so it can't be given", "given")


def _fault_of_stand_in(name: str, assignment: Assignment) -> str:
    """Return why nothing may stand in for a module, "" where something may."""
    if not all(part.isidentifier() and part.isascii() for part in name.split(".")):
        return "which is no name of a module"
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top in (*_COMPUTE, assignment.name):
        return "which computes; only what decorates, displays or mounts is stood in for"
    return ""


def _check_exercises(file: TomlFile, exercises: Sequence[Exercise]) -> None:
    """Raise CourseError unless there is an exercise, and each can be graded."""
    if not exercises:
        raise file.wrong("no [[exercise]]; an assignment has at least one")
    names = [exercise.name for exercise in exercises]
    for number, exercise in enumerate(exercises):
        place = ("exercise", number)
        said = _fault_of_name(exercise.name, names[:number])
        if said:
            raise file.wrong(f"exercise {exercise.name!r} {said}", *place, "name")
        cents = exercise.points * 100
        if not math.isfinite(cents) or abs(cents - round(cents)) > 1e-6:
            raise file.wrong(
                f"exercise {exercise.name} has {exercise.points} points; write whole cents", *place, "points"
            )
        if exercise.call_seconds > exercise.exercise_seconds:
            seconds = f"call_seconds = {exercise.call_seconds:g}, exercise_seconds = {exercise.exercise_seconds:g}"
            raise file.wrong(f"{exercise.name}: {seconds}; an exercise has no less than a call", *place)
        for used in exercise.uses:
            if used not in names or used == exercise.name:
                said = f"{exercise.name} uses {used!r}, which is no other exercise of it"
                near = nearest(used, set(names) - {exercise.name})
                raise file.wrong(f"{said}; did you mean {near}?" if near else said, *place, "uses")


def _fault_of_name(name: str, before: Sequence[str]) -> str:
    """Return what is wrong with the name of an exercise, "" where it can bear it."""
    if name in _TAKEN:
        return "has the name of a method of `student`; rename it"
    if name in before:
        return "stands twice; give each exercise a name of its own"
    if not name.isidentifier():
        return "has no Python name; call it as the function or class that it is"
    if not name.isascii() or len(name) > 40:
        return "has an odd name; write one of at most 40 letters of ASCII"
    return ""
