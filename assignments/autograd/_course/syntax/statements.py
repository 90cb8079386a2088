"""Split a student's cells into top-level statements, each of which can be left out by itself.

A `.py` file is one cell, a notebook is the cells of its code in order. Text that does not parse costs
the statement it stands in and no other. Parses hostile text: the grader calls it in a worker only, the visible
tests (`_course/syntax/statements.py` in a student's folder) on the student's own machine.
"""

from __future__ import annotations
import __future__

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Cell", "Statement", "bound_names", "future_flags", "split"]

_CONTINUES = re.compile(r"(?:else|elif|except|finally|case)\b|[)\]}]")
_MAGIC = re.compile(r"^(?P<indent>\s*)(?:[%!?]|[\w.]+\s*=\s*[%!]|\w[\w.]*\?{1,2}\s*$)")
_CELL_MAGIC = re.compile(r"^\s*%%(?P<name>\w+)")
_HARMLESS_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun"})
_MAX_JOINED_CHUNKS = 300
_MAX_ATTEMPTS = 3000


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
    text = cell.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    found = _Found(index, cell)
    magic = _CELL_MAGIC.match(text) if cell.notebook else None
    if magic and magic["name"] not in _HARMLESS_CELL_MAGICS:
        found.drop(1, len(lines), f"a %%{magic['name']} cell is not Python and was dropped")
    elif not found.parse(lines, 1):
        found.salvage(lines)
    return sorted(found.statements, key=lambda statement: statement.first)


_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def _parse(lines: list[str], first: int) -> list[ast.stmt]:
    tree = ast.parse("\n" * (first - 1) + "\n".join(lines))
    compile(tree, "<syntax>", "exec")  # "return outside function" and its like are found here only
    return tree.body


class _Found:
    """The statements found in one cell so far."""

    def __init__(self, index: int, cell: Cell) -> None:
        self._index = index
        self._cell = cell
        self._attempts = _MAX_ATTEMPTS
        self.statements: list[Statement] = []

    def parse(self, lines: list[str], first: int) -> bool:
        """Take these lines in as they are, or without the magics that Python stumbles over; else say no.

        Only a line that Python refuses can be a magic: one that begins with `%` may go on from the last.
        """
        lines = list(lines)
        dropped: list[tuple[int, str]] = []
        while self._attempts > 0:
            self._attempts -= 1
            try:
                nodes = _parse(lines, first)
            except SyntaxError as error:
                position = (error.lineno or 0) - first
                match = _MAGIC.match(lines[position]) if self._cell.notebook and 0 <= position < len(lines) else None
                if match is None:
                    return False
                dropped.append((position + first, f"the notebook command `{lines[position].strip()[:60]}` was dropped"))
                lines[position] = match["indent"] + "pass" if match["indent"] else ""
            except _NOT_PYTHON:
                return False
            else:
                self.statements += [self._statement(node) for node in nodes]
                for line, what in dropped:
                    self.drop(line, line, what)
                return True
        return False

    def drop(self, first: int, last: int, why: str, *, line: int = 0, names: tuple[str, ...] = ()) -> None:
        """Note that lines were left out, and which names they should have bound."""
        self.statements.append(
            Statement(
                filename=self._cell.filename,
                first=first,
                last=last,
                where=self._where(line or first),
                node=None,
                error=why,
                names=names,
            )
        )

    def salvage(self, lines: list[str]) -> None:
        """Parse what parses: chunks begin at column 0, and are joined until they are whole statements."""
        starts = [number for number, line in enumerate(lines) if line[:1] not in ("", " ", "\t", "#")]
        bounds = [*starts, len(lines)]
        position = 0
        while position < len(starts):
            for end in self._ends(lines, starts, position):
                if self.parse(lines[bounds[position] : bounds[end]], bounds[position] + 1):
                    position = end
                    break
            else:
                self._unparsed(lines[bounds[position] : bounds[position + 1]], bounds[position] + 1)
                position += 1

    def _ends(self, lines: list[str], starts: list[int], position: int) -> Iterator[int]:
        """Yield where a statement that begins here may end, likeliest first.

        That is behind the lines that continue it (`else:`, a closing bracket), then without them in case
        they are strays, then further down, for strings and brackets that span lines at column 0.
        """
        close = position + 1
        while close < len(starts) and _CONTINUES.match(lines[starts[close]]):
            close += 1
        yield from range(close, position, -1)
        yield from range(close + 1, min(position + _MAX_JOINED_CHUNKS, len(starts)) + 1)

    def _statement(self, node: ast.stmt) -> Statement:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        return Statement(
            filename=self._cell.filename,
            first=first,
            last=node.end_lineno or first,
            where=self._where(first),
            node=node,
            names=bound_names(node),
        )

    def _where(self, line: int) -> str:
        return f"cell {self._index + 1}, line {line}" if self._cell.notebook else f"line {line}"

    def _unparsed(self, lines: list[str], first: int) -> None:
        line, why = first, "this can't be read as Python"
        try:
            _parse(lines, first)
        except SyntaxError as error:
            line, why = error.lineno or line, f"{type(error).__name__}: {error.msg}"
        except _NOT_PYTHON as error:
            why = f"{type(error).__name__}: {error}"
        pairs = re.findall(r"(?m)^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)\s*=", "\n".join(lines))
        names = sorted({name for pair in pairs for name in pair if name})
        last = first + len(lines) - 1
        self.drop(first, last, why, line=min(line, last), names=tuple(names))


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
        elif isinstance(current, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and current.name:
            found.add(current.name)
        elif isinstance(current, ast.MatchMapping) and current.rest:
            found.add(current.rest)
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


def future_flags(node: ast.stmt) -> int:
    """Return the flags with which what follows is compiled, where a statement is an import from `__future__`."""
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return 0
    features = (getattr(__future__, alias.name, None) for alias in node.names)
    return sum(feature.compiler_flag for feature in features if feature is not None)
