"""Mutants of a reference's solutions: which of them a hidden suite tells from the reference.

Each is judged in this process, by the checks of its exercise alone. A mutant that survives is a mistake that costs
nobody a point, or another right solution.

No tool is used. mutmut 3 and cosmic-ray 8 are maintained, but both start a test run of their own for
each mutant (the import of torch alone is 1.3 s) with the mutant as an imported module, while a suite
asks a backend; neither keeps to the marked solutions, and neither exchanges arguments, dims or reductions.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from grader.authoring.in_checker import Judge
from grader.course.assignment import Assignment
from grader.course.lesson import reference_source
from grader.course.toml import open_toml
from grader.diagnosis.changes import Change, changes
from grader.diagnosis.operators import OPERATORS, Operator
from grader.errors import CourseError
from grader.judge.collecting import with_suite
from grader.judge.driver import Suite

__all__ = ["Mutant", "changed", "equivalent", "make_mutants", "survivors"]

_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"
_Progress = Callable[[str], None]


class _Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str
    mutants: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class _Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `equivalent.toml` may hold."""

    equivalent: tuple[_Equivalent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A reference with one place changed.

    The id counts lines among those of the exercise's solution, so that it stays when a lesson's text
    changes: `gradient_descent/loss_fn:1:17:arithmetic:+`.
    """

    id: str
    assignment: str
    exercise: str
    operator: str
    description: str
    source: str
    change: Change

    @property
    def place(self) -> str:
        """What the ids of all changes of one place begin with: `gradient_descent/loss_fn:1:17`."""
        return ":".join(self.id.split(":")[:3])


def make_mutants(assignment: Assignment, operators: Sequence[Operator] = OPERATORS) -> tuple[Mutant, ...]:
    """Return every mutant of an assignment's reference, in the order of the text."""
    text = reference_source(assignment)
    lines = text.split("\n")
    found: list[Mutant] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in assignment.names:
            numbers = _solution_lines(lines, node.lineno, node.end_lineno or node.lineno)
            for change in changes(node, frozenset(numbers), operators):
                where = f"{numbers.index(change.line) + 1}:{change.column}"
                mutant = Mutant(
                    id=f"{assignment.name}/{node.name}:{where}:{change.operator}:{change.tag}".rstrip(":"),
                    assignment=assignment.name,
                    exercise=node.name,
                    operator=change.operator,
                    description=f"{change.before} -> {change.after}",
                    source=changed(lines, change),
                    change=change,
                )
                if _compiles(change.text):
                    found.append(mutant)
    return tuple(found)


def changed(lines: Sequence[str], change: Change) -> str:
    """Return the file with a change; what follows keeps its line, where there is room."""
    new = textwrap.indent(change.text, " " * change.indent).split("\n")
    padding = [""] * (change.last - change.first + 1 - len(new))
    return "\n".join([*lines[: change.first - 1], *new, *padding, *lines[change.last :]])


def _solution_lines(lines: Sequence[str], first: int, last: int) -> list[int]:
    """Return the numbers of the lines between the marks of a definition."""
    found: list[int] = []
    inside = False
    for number in range(first, last + 1):
        mark = lines[number - 1].strip()
        if mark in (_BEGIN, _END):
            inside = mark == _BEGIN
        elif inside:
            found.append(number)
    return found


def _compiles(body: str) -> bool:
    try:
        compile("def function():\n" + textwrap.indent(body, "    "), "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def equivalent(assignment: Assignment, mutants: Iterable[Mutant]) -> dict[str, str]:
    """Return those that are right solutions, as their author has found, and why: by id.

    Where a place is listed, those of these mutants that are at that place; a place without any is returned as it is.
    Raises CourseError where `equivalent.toml` is not made of tables [[equivalent]] with a reason, mutants and places.
    """
    path = assignment.equivalent
    if not path.is_file():
        return {}
    file = open_toml(path)
    try:
        tables = msgspec.convert(file.table, _Listed).equivalent
    except msgspec.ValidationError as error:
        said = "write tables [[equivalent]], each with a reason and a list of mutants, or of places"
        raise CourseError(f"{path}: {error}; {said}") from error
    at: dict[str, list[str]] = {}
    for mutant in mutants:
        at.setdefault(mutant.place, []).append(mutant.id)
    of_places = {key: table.reason for table in tables for place in table.places for key in at.get(place, [place])}
    return of_places | {key: table.reason for table in tables for key in table.mutants}


def survivors(assignment: Assignment, mutants: Iterable[Mutant], progress: _Progress) -> list[Mutant]:
    """Return the mutants that lose no points in their exercise, judged in this process."""

    def body(suite: Suite) -> list[Mutant]:
        judge = Judge(assignment, suite)
        found: list[Mutant] = []
        for number, mutant in enumerate(mutants):
            if number % 50 == 0:
                progress(f"{assignment.name}: mutant {number}, {len(found)} survive so far")
            if not judge.loses_points(mutant.source, mutant.exercise):
                found.append(mutant)
        return found

    return with_suite(assignment, body)
