"""Read a lesson: the one file that is text, demonstrations and reference of an assignment.

Cells are in the percent format (`grader.course.percent`), with `### BEGIN SOLUTION` and `### END SOLUTION`
around what a student is to write, and `tags=["demonstration"]` on cells that go into the notebook alone.
Reads text and runs none; what is wrong in it is a CourseError with file and line.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.formulas import as_mathematics, as_plain, check_formulas
from grader.course.near import nearest
from grader.course.percent import RawCell, split
from grader.errors import CourseError
from grader.kit.unwritten import UNWRITTEN
from grader.syntax.definitions import arguments_of

__all__ = [
    "PRIVATE_LINE",
    "Cell",
    "CellKind",
    "exercise_arguments",
    "exercise_classes",
    "given_source",
    "read_lesson",
    "reference_source",
    "without_solutions",
]

_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"
_LIKE_A_MARK = re.compile(r"(?i)###.*SOLUTION|#+\s*(?:BEGIN|END)\s+SOLUTION")
_PLACEHOLDER = f'raise NotImplementedError("{UNWRITTEN}")'
PRIVATE_LINE = re.compile(r"^# PRIVATE \S+\n", re.MULTILINE)
"""The line that marks a private file and carries the canary; it never leaves."""


class CellKind(StrEnum):
    """What a cell of a lesson is: text, code, a demonstration, or the code of one exercise."""

    TEXT = "text"
    CODE = "code"
    DEMONSTRATION = "demonstration"
    EXERCISE = "exercise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its lines without the header, and the line of the file where they begin.

    `exercise` is the name of the exercise that the cell defines, that its text is about (the next one, ""
    behind the last), or that it demonstrates (the one before).
    """

    kind: CellKind
    header: str
    first: int
    lines: tuple[str, ...]
    exercise: str

    @property
    def text(self) -> str:
        """The cell's source; that of a text cell is Markdown, without the comment marks."""
        if self.kind is not CellKind.TEXT:
            return "\n".join(self.lines).strip("\n")
        return "\n".join(line.removeprefix("#").removeprefix(" ") for line in self.lines).strip("\n")

    @property
    def shown(self) -> str:
        """What a notebook shows: the source, in a text cell with its formulas as mathematics."""
        return as_mathematics(self.text) if self.kind is CellKind.TEXT else self.text

    @property
    def commented(self) -> str:
        """What a module has: the lines as they stand, in a text cell with its formulas in plain letters."""
        lines = "\n".join(self.lines).strip("\n")
        return as_plain(lines) if self.kind is CellKind.TEXT else lines


def read_lesson(assignment: Assignment) -> tuple[Cell, ...]:
    """Return the cells of `solutions/<name>/<name>.py` in order, each exercise in a cell of its own."""
    path = assignment.reference
    try:
        text = PRIVATE_LINE.sub("\n", path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: {error}; save it as UTF-8") from error
    raw = split(path, text)
    defined = [_defined(assignment, path, cell) for cell in raw]
    _check_names(assignment, raw, defined)
    cells = _cells(raw, [next((name for name in assignment.names if name in names), "") for names in defined])
    for cell in cells:
        _check_marks(path, cell)
        if cell.kind is CellKind.TEXT:
            check_formulas(path, cell.first, "\n".join(cell.lines))
    order = [cell.exercise for cell in cells if cell.kind is CellKind.EXERCISE]
    if order != list(assignment.names):
        raise CourseError(
            f"{path}:1: the exercises stand in the order {', '.join(order)}; keep that of assignment.toml"
        )
    return cells


def without_solutions(cell: Cell, *, marked: bool = False) -> str:
    """Return a cell's source with `raise NotImplementedError` in the place of each solution.

    `marked` keeps the marks around that line, for nbgrader, which takes a cell without marks away whole.
    """
    lines: list[str] = []
    inside = False
    for line in cell.lines:
        mark = line.strip()
        if mark == _BEGIN:
            while lines and not lines[-1].strip():  # a formatter wants a blank line before an inner function
                lines.pop()
            indent = line[: len(line) - len(line.lstrip())]
            lines += [f"{indent}{text}" for text in ([_BEGIN, _PLACEHOLDER, _END] if marked else [_PLACEHOLDER])]
        inside = mark == _BEGIN or (inside and mark != _END)
        if not inside and mark != _END:
            lines.append(line)
    return "\n".join(lines).strip("\n")


def reference_source(assignment: Assignment) -> str:
    """Return the reference without its demonstrations; lines keep their numbers."""
    lines = assignment.reference.read_text("utf-8").split("\n")
    for cell in read_lesson(assignment):
        if cell.kind is CellKind.DEMONSTRATION:
            lines[cell.first - 1 : cell.first - 1 + len(cell.lines)] = [""] * len(cell.lines)
    return "\n".join(lines)


def given_source(assignment: Assignment) -> str:
    """Return the definitions that stand finished in the stub, for a submission that lacks them."""
    if not assignment.given:
        return ""
    tree = ast.parse(assignment.reference.read_text("utf-8"))
    kinds = ast.FunctionDef | ast.ClassDef
    nodes = [node for node in tree.body if isinstance(node, kinds) and node.name in assignment.given]
    return "from __future__ import annotations\n" + "".join(f"{ast.unparse(node)}\n" for node in nodes)


def exercise_arguments(assignment: Assignment) -> dict[str, list[str]]:
    """Return the names of what each exercise takes by position, as its stub has them."""
    return {node.name: arguments_of(node) for node in _exercise_nodes(assignment)}


def exercise_classes(assignment: Assignment) -> frozenset[str]:
    """Return the exercises that are classes."""
    return frozenset(node.name for node in _exercise_nodes(assignment) if isinstance(node, ast.ClassDef))


def _exercise_nodes(assignment: Assignment) -> list[ast.FunctionDef | ast.ClassDef]:
    tree = ast.parse(assignment.reference.read_text("utf-8"))
    kinds = ast.FunctionDef | ast.ClassDef
    return [node for node in tree.body if isinstance(node, kinds) and node.name in assignment.names]


def _defined(assignment: Assignment, path: Path, cell: RawCell) -> set[str]:
    """Return the functions and classes that a cell defines; one with an exercise holds nothing else."""
    if cell.is_text:
        return set()
    try:
        tree = ast.parse("\n" * (cell.first - 1) + "\n".join(cell.lines))
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: {error.msg}") from error
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    if names & set(assignment.names) and (len(tree.body) > 1 or cell.is_demonstration):
        line = tree.body[0].lineno
        raise CourseError(f"{path}:{line}: the cell of an exercise holds that exercise alone, and is no demonstration")
    return names


def _check_names(assignment: Assignment, raw: tuple[RawCell, ...], defined: list[set[str]]) -> None:
    """Raise CourseError unless each name of `assignment.toml` is defined once, and in no demonstration."""
    path = assignment.reference
    for name in (*assignment.names, *assignment.given):
        if sum(name in names for names in defined) != 1:
            wrong = "is defined in two cells" if any(name in names for names in defined) else "is not defined"
            others = set[str]().union(*defined) - set(assignment.names) - set(assignment.given)
            near = nearest(name, sorted(others))
            asked = f"; did you mean `{near}`, which is defined there?" if near else ""
            raise CourseError(f"{path}:1: `{name}` {wrong}; assignment.toml lists it, so it stands in one cell{asked}")
    for cell, names in zip(raw, defined, strict=True):
        if cell.is_demonstration and names & set(assignment.given):
            given = ", ".join(sorted(names & set(assignment.given)))
            raise CourseError(f"{path}:{cell.first}: {given} is given, so it is no demonstration")


def _cells(raw: tuple[RawCell, ...], own: list[str]) -> tuple[Cell, ...]:
    """Return the cells with what they are; `own` names the exercise that each one defines, or is ""."""
    cells: list[Cell] = []
    for number, cell in enumerate(raw):
        kind = _kind(cell, exercise=bool(own[number]))
        before, after = [name for name in own[:number] if name], [name for name in own[number:] if name]
        about = before[-1:] or after if kind is CellKind.DEMONSTRATION else after
        exercise = about[0] if about else ""
        cells.append(Cell(kind=kind, header=cell.header, first=cell.first, lines=cell.lines, exercise=exercise))
    return tuple(cells)


def _kind(cell: RawCell, *, exercise: bool) -> CellKind:
    if cell.is_text:
        return CellKind.TEXT
    if cell.is_demonstration:
        return CellKind.DEMONSTRATION
    return CellKind.EXERCISE if exercise else CellKind.CODE


def _check_marks(path: Path, cell: Cell) -> None:
    """Raise CourseError unless an exercise has solutions, and nothing else has."""
    regions = _count_solutions(path, cell)
    if bool(regions) != (cell.kind is CellKind.EXERCISE):
        found = f"`{cell.exercise}` has no solution" if not regions else "there is a solution in no exercise's cell"
        raise CourseError(f"{path}:{cell.first}: {found}; mark it with {_BEGIN} and {_END} in the exercise's body")


def _count_solutions(path: Path, cell: Cell) -> int:
    """Return how many solutions a cell has; raises CourseError unless every mark has its partner."""
    opened, indent, regions = 0, -1, 0
    for number, line in enumerate(cell.lines, cell.first):
        mark, depth = line.strip(), len(line) - len(line.lstrip())
        where = f"{path}:{number}"
        if mark == _BEGIN:
            if depth == 0:
                raise CourseError(f"{where}: a solution is marked in the exercise's body; indent the mark")
            if opened:
                raise CourseError(f"{where}: a solution begins inside the one of line {opened}; close that first")
            opened, regions, indent = number, regions + 1, depth
        elif mark == _END:
            if not opened:
                raise CourseError(f"{where}: {_END} without a {_BEGIN} before it")
            opened = 0
        elif _LIKE_A_MARK.match(mark):
            raise CourseError(f"{where}: {mark!r} is no mark; write {_BEGIN} or {_END}")
        elif mark and not opened and 0 < indent <= depth:
            raise CourseError(f"{where}: code behind {_END} would never be reached; put it inside")
        elif mark and not opened:
            indent = -1
    if opened:
        raise CourseError(f"{path}:{opened}: this solution never ends; write {_END} after it")
    return regions
