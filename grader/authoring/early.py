"""What can be said of an assignment from its text alone: points, lesson, names, `uses`, release.

Imports no torch and runs nothing of the course, so that a slip of the pen is told in a tenth of a second.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from grader.authoring.findings import Finding, fault, holds, warning
from grader.authoring.naming import wrong_names
from grader.authoring.uses import untrue_uses
from grader.authoring.written import Written, checks_in
from grader.backends.tools import TOOLS
from grader.course.assignment import Assignment, Course
from grader.course.catalogue import read_alternatives, read_catalogue
from grader.course.lesson import PRIVATE_LINE, CellKind, read_lesson
from grader.course.near import meant, nearest
from grader.course.reading import load_assignment, next_of
from grader.course.suite_files import suite_files
from grader.course.toml import open_toml
from grader.errors import CourseError
from grader.handout.release import bytes_of, drift
from grader.judge.scoring import wrong_weights

__all__ = ["look_at"]

_FEW = 2  # checks of an exercise; with fewer its points hang on one kind of data


def look_at(course: Course, name: str) -> Iterator[Finding]:
    """Yield what the files of an assignment say of themselves; raises CourseError where nothing else can be said."""
    assignment = load_assignment(course, name)
    yield _points(assignment)
    yield _lesson(assignment)
    yield from _names(assignment)
    yield from _tools(assignment)
    yield from _uses(assignment)
    yield _release(course, assignment)
    yield from _unfinished(assignment)


def _points(assignment: Assignment) -> Finding:
    """Demand that the sum is written down; where it is, the reader of the file has compared it."""
    total = f"{assignment.max_score:g}"
    head = assignment.toml.read_text("utf-8").partition("[[exercise]]")[0]
    if not any(line.partition("=")[0].strip() == "points" for line in head.splitlines()):
        return fault(f"{assignment.toml} does not say the sum of the points; write points = {total} at its top")
    return holds(f"points: {len(assignment.names)} exercises add up to {total}")


def _lesson(assignment: Assignment) -> Finding:
    cells = read_lesson(assignment)
    for number, exercise in enumerate(assignment.exercises):
        said = [cell.text for cell in cells if cell.kind is CellKind.TEXT and cell.exercise == exercise.name]
        if not any(re.search(rf"`{exercise.name}\b", text) for text in said):
            line = next(cell.first for cell in cells if cell.exercise == exercise.name)
            where = f"{assignment.reference}:{line}"
            return fault(f"{where}: no lesson before `{exercise.name}`; write a text cell that names it")
        lacking = [
            *(["hint"] if not exercise.hint else []),
            *(["title"] if exercise.title == exercise.name else []),
        ]
        if lacking:
            text = f"`{exercise.name}` has no {' and no '.join(lacking)}; students read it, so write it there"
            return fault(str(open_toml(assignment.toml).wrong(text, "exercise", number)))
    return holds("lesson: a text, a title and a hint for every exercise")


def _names(assignment: Assignment) -> Iterator[Finding]:
    """Raise CourseError for names of no exercise, all of them: whatever runs would only tell of what follows."""
    wrong = list(wrong_names(assignment))
    for text in wrong[:-1]:
        yield fault(text)
    if wrong:
        raise CourseError(wrong[-1])
    read_catalogue(assignment)
    for key, source in read_alternatives(assignment).items():
        try:
            ast.parse(source)
        except SyntaxError as error:
            said = f"line {error.lineno} of {key!r}: {error.msg}"
            todo = "a right submission in another style has to be a whole module, as a student may hand it in"
            raise CourseError(f"{assignment.alternatives}: {said}; {todo}") from error
    checks = checks_in(assignment)
    if checks is None:
        return
    suite = assignment.hidden_suite
    count = Counter(item.name for item in checks)
    missing = [name for name in assignment.names if not count[name]]
    if missing:
        said = f'{suite}: no check of {", ".join(missing)}; write some, marked @check("{missing[0]}", "...")'
        raise CourseError(said)
    _weights(assignment, checks)
    for item in checks:
        if count[item.name] < _FEW:
            said = f"{item.name} has one check alone; add one of another kind (Kind.EDGE, Kind.FORM), or other data"
            yield warning(f"{suite}:{item.line}: {said}")


def _weights(assignment: Assignment, checks: list[Written]) -> None:
    """Raise CourseError where the weights break a rule of scoring, as far as they are written down."""
    plain = [item.check for item in checks if item.check is not None]
    found = wrong_weights(assignment, plain) if len(plain) == len(checks) else None
    if found is not None:
        raise CourseError(f"{assignment.hidden_suite}:{checks[found[0]].line}: {found[1]}")


def _tools(assignment: Assignment) -> Iterator[Finding]:
    """Warn of a tool that is misspelt: it would be there after all."""
    named = dict.fromkeys(tool for exercise in assignment.exercises for tool in exercise.not_allowed)
    for tool in named:
        near = nearest(tool, TOOLS) if tool not in TOOLS else ""
        if near:
            yield warning(f"{assignment.toml}: not_allowed holds {tool!r}; did you mean {near}?")


def _uses(assignment: Assignment) -> Iterator[Finding]:
    untrue = untrue_uses(assignment)
    for number, exercise in enumerate(assignment.exercises):
        for said in untrue.get(exercise.name, ()):
            text = f"uses of {exercise.name} is untrue: {said}"
            yield warning(str(open_toml(assignment.toml).wrong(text, "exercise", number, "uses")))


def _release(course: Course, assignment: Assignment) -> Finding:
    private = [*_private(assignment), *filter(Path.is_file, map(course.toml_of, course.names))]  # and of the others
    canaries = {line for path in private for line in PRIVATE_LINE.findall(path.read_text("utf-8", "replace"))}
    for path in _private(assignment):
        if not PRIVATE_LINE.search(path.read_text("utf-8")):
            return fault(f"{path} has no line `# PRIVATE <canary>`; begin it with that of the others")
    words = {line.split()[2] for line in canaries}
    for file, data in bytes_of(assignment).items():
        if any(word.encode() in data for word in words):
            return fault(f"{file} would carry the canary: text of a private file is in it")
    following = next_of(assignment)
    others = [name for name in course.names if name != assignment.name]
    if following and following not in others:
        asked = meant(following, others) if others else "there is no other"
        text = f"next = {following!r} is no other assignment; {asked}"
        return fault(str(open_toml(assignment.toml).wrong(text, "next")))
    return _drift(course, assignment)


def _drift(course: Course, assignment: Assignment) -> Finding:
    folder, command = course.released(assignment.name), f"`grader release {assignment.name}`"
    differing = drift(course, assignment.name)
    if not folder.is_dir():
        return fault(f"{folder} is not there: nothing was released yet; run {command}")
    for path in differing:
        if not path.exists():
            return fault(f"{path} is not released yet; run {command}")
        if path.relative_to(folder).as_posix() not in bytes_of(assignment):
            return fault(f"{path} is no file of a release; take it away from there")
        return fault(f"{path} differs from what solutions/ gives; run {command}")
    return holds("release: no drift, no canary")


def _private(assignment: Assignment) -> list[Path]:
    own = [assignment.own_data] if assignment.own_data.is_file() else []
    catalogues = sorted(assignment.locale.glob("*/LC_MESSAGES/private.po"))
    return [assignment.reference, assignment.toml, *own, *catalogues, *suite_files(assignment.hidden_suite)]


def _unfinished(assignment: Assignment) -> Iterator[Finding]:
    """Count what `grader new` left for the author to do."""
    files = [*sorted(assignment.folder.glob("*.py")), assignment.toml, assignment.hidden_suite]
    places = [
        f"{path}:{number}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if re.match(r"(# )?TODO\b", line)
    ]
    if places:
        yield holds(f"TODO: {len(places)} left to fill in, the first in {places[0]}")
