"""Split a student's cells into top-level statements, each of which can be left out by itself.

A `.py` file is one cell, a notebook is the cells of its code in order. Text that does not parse costs
the statement it stands in and no other. Parses hostile text, so it is called in a worker only.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

__all__ = ["Cell", "Statement", "bound_names", "split"]

_CONTINUES = re.compile(r"(?:else|elif|except|finally|case)\b|[)\]}]")
_MAGIC = re.compile(r"^(?P<indent>\s*)(?:[%!?]|[\w.]+\s*=\s*[%!]|\w[\w.]*\?{1,2}\s*$)")
_CELL_MAGIC = re.compile(r"^\s*%%(?P<name>\w+)")
_HARMLESS_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun"})
_MAX_JOINED_CHUNKS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Source text and where it is from: the file's name, with the cell's number in a notebook."""

    filename: str
    text: str
    notebook: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One top-level statement; `node` is None where the text does not parse or was dropped.

    `where` is for people ("line 12", "cell 3, line 2"), `first` and `last` are lines of the cell.
    """

    cell: int
    filename: str
    first: int
    last: int
    where: str
    node: ast.stmt | None
    error: str = ""
    names: tuple[str, ...] = ()


def split(cells: list[Cell]) -> list[Statement]:
    """Return the statements of all cells in order; the same input gives the same list."""
    statements: list[Statement] = []
    for index, cell in enumerate(cells):
        statements += _split_cell(index, cell)
    return statements


def _split_cell(index: int, cell: Cell) -> list[Statement]:
    text = cell.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    try:
        return [_statement(index, cell, node) for node in _parse(text)]
    except _NOT_PYTHON:
        pass
    dropped: list[Statement] = []
    if cell.notebook:
        text, dropped = _without_magics(index, cell, text)
    try:
        statements = [_statement(index, cell, node) for node in _parse(text)]
    except _NOT_PYTHON:
        statements = _salvage(index, cell, text)
    return sorted(dropped + statements, key=lambda statement: statement.first)


_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def _parse(text: str, first: int = 1) -> list[ast.stmt]:
    tree = ast.parse("\n" * (first - 1) + text)
    compile(tree, "<syntax>", "exec")  # "return outside function" and its like are found here only
    return tree.body


def _statement(index: int, cell: Cell, node: ast.stmt) -> Statement:
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return Statement(
        cell=index,
        filename=cell.filename,
        first=first,
        last=node.end_lineno or first,
        where=_where(index, cell, first),
        node=node,
        names=bound_names(node),
    )


def _where(index: int, cell: Cell, line: int) -> str:
    return f"cell {index + 1}, line {line}" if cell.notebook else f"line {line}"


def _without_magics(index: int, cell: Cell, text: str) -> tuple[str, list[Statement]]:
    """Blank out magics and shell lines; every one becomes a dropped statement, which is a note."""
    lines = text.split("\n")
    dropped: list[Statement] = []

    def drop(number: int, last: int, what: str) -> None:
        where = _where(index, cell, number)
        dropped.append(
            Statement(cell=index, filename=cell.filename, first=number, last=last, where=where, node=None, error=what)
        )

    magic = _CELL_MAGIC.match(text)
    if magic and magic["name"] not in _HARMLESS_CELL_MAGICS:
        drop(1, len(lines), f"a %%{magic['name']} cell is not Python and was dropped")
        return "", dropped
    for position, line in enumerate(lines):
        match = _MAGIC.match(line)
        if match:
            drop(position + 1, position + 1, f"the notebook command `{line.strip()[:60]}` was dropped")
            lines[position] = match["indent"] + "pass" if match["indent"] else ""
    return "\n".join(lines), dropped


def _salvage(index: int, cell: Cell, text: str) -> list[Statement]:
    """Parse what parses: chunks begin at column 0, and grow until they are whole statements."""
    lines = text.split("\n")
    starts = [
        number
        for number, line in enumerate(lines)
        if line[:1] not in ("", " ", "\t", "#") and not _CONTINUES.match(line)
    ]
    bounds = [*starts, len(lines)]
    statements: list[Statement] = []
    position = 0
    while position < len(starts):
        for end in range(position + 1, min(position + _MAX_JOINED_CHUNKS, len(starts)) + 1):
            try:
                nodes = _parse("\n".join(lines[bounds[position] : bounds[end]]), bounds[position] + 1)
            except _NOT_PYTHON:
                continue
            statements += [_statement(index, cell, node) for node in nodes]
            position = end
            break
        else:
            statements.append(_unparsed(index, cell, lines, bounds[position], bounds[position + 1]))
            position += 1
    return statements


def _unparsed(index: int, cell: Cell, lines: list[str], first: int, end: int) -> Statement:
    text = "\n".join(lines[first:end])
    line, message = first + 1, "this can't be read as Python"
    try:
        _parse(text, first + 1)
    except SyntaxError as error:
        line, message = error.lineno or line, f"{type(error).__name__}: {error.msg}"
    except _NOT_PYTHON as error:
        message = f"{type(error).__name__}: {error}"
    names = tuple(sorted(set(re.findall(r"(?m)^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)\s*=", text))))
    flat = tuple(name for pair in names for name in pair if name)
    return Statement(
        cell=index,
        filename=cell.filename,
        first=first + 1,
        last=end,
        where=_where(index, cell, min(line, end)),
        node=None,
        error=message,
        names=flat,
    )


def bound_names(node: ast.stmt) -> tuple[str, ...]:
    """Return the module-level names that a top-level statement binds, sorted."""
    found: set[str] = set()
    pending: list[ast.AST] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(current.name)
        elif isinstance(current, ast.Name) and isinstance(current.ctx, ast.Store):
            found.add(current.id)
        elif isinstance(current, ast.alias):
            found.add(current.asname or current.name.partition(".")[0])
        elif isinstance(current, ast.ExceptHandler) and current.name:
            found.add(current.name)
        if not isinstance(
            current,
            ast.FunctionDef
            | ast.AsyncFunctionDef
            | ast.ClassDef
            | ast.Lambda
            | ast.ListComp
            | ast.SetComp
            | ast.DictComp
            | ast.GeneratorExp,
        ):
            pending += ast.iter_child_nodes(current)
    return tuple(sorted(found))
