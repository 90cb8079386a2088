"""Split a student's cells into top-level statements, each of which can be left out by itself.

A `.py` file is one cell, a notebook is the cells of its code in order. Text that does not parse costs
the statement it stands in and no other. Parses hostile text: the grader calls it in a worker only, the visible
tests (`_course/syntax/statements.py` in a student's folder) on the student's own machine.
"""

from __future__ import annotations
import __future__

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from .brackets import Open

__all__ = ["Cell", "Statement", "bound_names", "future_flags", "lines_of", "split"]

_CONTINUES = re.compile(r"(?:else|elif|except|finally|case)\b|[)\]}]")
_MAGIC = re.compile(r"^(?P<indent>\s*)(?:[%!?]|[\w.]+\s*=\s*[%!]|\w[\w.]*\?{1,2}\s*$)")
_CELL_MAGIC = re.compile(r"^\s*%%(?P<name>\w+)")
# Cell magics that run the cell as the Python it is, and time, format, check or show it beside that.
_HARMLESS_CELL_MAGICS = frozenset(
    [
        *("time", "timeit", "capture", "prun", "lprun", "memit", "mprun", "snakeviz", "pyinstrument"),
        *("scalene", "heat", "itime", "wandb", "black", "isort", "autopep8", "flake8", "pycodestyle"),
        *("mypy", "ruff", "ipytest"),
    ]
)
_MERGE = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)")
_LINES_FOR_EACH = 60  # so often may a line of a cell be parsed, so that the time grows with the length alone
_LINES_AT_LEAST = 20_000
_MAX_MAGICS = 40  # left out of a text as a whole; where there are more, each statement is taken by itself
_MAX_ENDS, _MAX_JOINED_CHUNKS = 8, 300  # where a statement may end; the lines at column 0 that continue it
_MAX_LOST = 5000  # of one cell; the rest is lost as one
# What begins a statement, and never goes on with one that has an open bracket.
_BEGINS = re.compile(r"(?:def|class|import|while|with|try|return|raise|pass|del|global)\b|from\s+\S+\s+import\b|@\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Source text and where it is from: the file's name, with the cell's number in a notebook."""

    filename: str
    text: str
    notebook: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One top-level statement; `node` is None where the text does not parse or was dropped.

    `where` is for people ("line 12", "cell 3, line 2"), `first` and `last` are lines of `lines_of` the cell, of which
    `cell` is the number, from 0.
    """

    filename: str
    cell: int
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


def lines_of(cell: Cell) -> list[str]:
    """Return the lines of a cell, as they are read and counted."""
    text = cell.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if cell.notebook:
        text = textwrap.dedent(text) if text.lstrip("\n")[:1] in (" ", "\t") else text  # as a notebook runs it
    return text.split("\n")


def _split_cell(index: int, cell: Cell) -> list[Statement]:
    lines = lines_of(cell)
    found = _Found(index, cell, _LINES_FOR_EACH * len(lines) + _LINES_AT_LEAST)
    magic = _CELL_MAGIC.match("\n".join(lines)) if cell.notebook else None
    if magic and magic["name"] not in _HARMLESS_CELL_MAGICS:
        found.drop(1, len(lines), f"a %%{magic['name']} cell is not Python and was dropped")
    elif not found.parse(lines, 1):
        found.salvage(lines)
    return sorted(found.statements, key=lambda statement: statement.first)


_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def _parse(lines: list[str], first: int) -> list[ast.stmt]:
    """Parse lines of which the first has this number in the cell; what is raised counts from 1."""
    tree = ast.parse("\n".join(lines))
    compile(tree, "<syntax>", "exec")  # "return outside function" and its like are found here only
    for node in tree.body if first > 1 else ():
        ast.increment_lineno(node, first - 1)
    return tree.body


class _Found:
    """The statements found in one cell so far; `lines` is how many lines may be parsed for them in all."""

    def __init__(self, index: int, cell: Cell, lines: int) -> None:
        self._index = index
        self._cell = cell
        self._lines = lines
        self._scanned, self._most_scanned = 0, lines // 6
        self.statements: list[Statement] = []

    def parse(self, lines: list[str], first: int) -> bool:
        """Take these lines in as they are, or without the magics that Python stumbles over; else say no.

        Only a line that Python refuses can be a magic: one that begins with `%` may go on from the last.
        """
        lines = list(lines)
        dropped: list[tuple[int, str]] = []
        while self._lines > 0 and len(dropped) <= _MAX_MAGICS:
            self._lines -= len(lines)
            try:
                nodes = _parse(lines, first)
            except SyntaxError as error:
                position = (error.lineno or 0) - 1
                match = _MAGIC.match(lines[position]) if 0 <= position < len(lines) else None
                if match is None:
                    return False
                said = f"the notebook command `{lines[position].strip()[:60]}` was dropped"
                dropped.append((position + first, said))
                lines[position] = match["indent"] + "pass" if match["indent"] else ""
            except _NOT_PYTHON:
                return False
            else:
                self.statements += [self._statement(one) for node in nodes for one in _each_alone(node)]
                for line, what in dropped:
                    self.drop(line, line, what)
                return True
        return False

    def drop(self, first: int, last: int, why: str, *, line: int = 0, names: tuple[str, ...] = ()) -> None:
        """Note that lines were left out, and which names they should have bound."""
        self.statements.append(
            Statement(
                filename=self._cell.filename,
                cell=self._index,
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
        if any(line.strip() and not line.lstrip().startswith("#") for line in lines[: bounds[0]]):
            self._unparsed(lines[: bounds[0]], 1)
        position = lost = 0
        while position < len(starts):
            for end in self._ends(lines, bounds, position):
                if self.parse(lines[bounds[position] : bounds[end]], bounds[position] + 1):
                    position = end
                    break
            else:
                lost += 1
                end = position + 1 if lost < _MAX_LOST else len(starts)
                self._unparsed(lines[bounds[position] : bounds[end]], bounds[position] + 1)
                position = end

    def _ends(self, lines: list[str], bounds: list[int], position: int) -> Iterator[int]:
        """Yield where a statement that begins here may end, likeliest first: few places, however long the rest is.

        That is behind the lines that continue it (`else:`, a closing bracket), then without them in case
        they are strays; and where brackets and strings that it leaves open are closed.
        """
        last = len(bounds) - 1
        close = position + 1
        last_joined = min(last, position + _MAX_JOINED_CHUNKS)
        while close < last_joined and _CONTINUES.match(lines[bounds[close]]):
            close += 1
        tried: set[int] = set()
        if lines[bounds[position]].startswith("@"):  # a decorator, and what it decorates
            close = max(close, min(position + 2, last))
        for end in [*self._closed(lines, bounds, position), *range(close, max(position, close - _MAX_ENDS), -1)]:
            if end not in tried:
                tried.add(end)
                yield end
        if position + 1 not in tried:
            yield position + 1

    def _closed(self, lines: list[str], bounds: list[int], position: int) -> list[int]:
        """Return the places behind this chunk where nothing is open, if it leaves a bracket or a string open itself."""
        open_ = Open()
        for line in lines[bounds[position] : bounds[position + 1]]:
            open_.read(line)
        if not open_:
            return []
        found: list[int] = []
        for end in range(position + 1, len(bounds) - 1):
            chunk = lines[bounds[end] : bounds[end + 1]]
            if (not open_.string and _BEGINS.match(chunk[0])) or self._scanned > self._most_scanned:
                break
            self._scanned += len(chunk)
            for line in chunk:
                open_.read(line)
            if not open_:
                found.append(end + 1)
                if len(found) == 2 or end + 2 >= len(bounds) or not _CONTINUES.match(lines[bounds[end + 1]]):
                    break
        return found[::-1]

    def _statement(self, node: ast.stmt) -> Statement:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        return Statement(
            filename=self._cell.filename,
            cell=self._index,
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
            line, why = first + (error.lineno or 1) - 1, f"{type(error).__name__}: {error.msg}"
        except _NOT_PYTHON as error:
            why = f"{type(error).__name__}: {error}"
        if _MERGE.match(lines[0]):
            line, why = (
                first,
                "a mark of a merge that is not finished: keep one of the two versions, and delete the marks",
            )
        pairs = re.findall(r"(?m)^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)\s*=", "\n".join(lines))
        names = sorted({name for pair in pairs for name in pair if name})
        last = first + len(lines) - 1
        self.drop(first, last, why, line=min(line, last), names=tuple(names))


def _each_alone(node: ast.stmt) -> list[ast.stmt]:
    """Return an import of several modules as several, since one of them may not be there."""
    if not isinstance(node, ast.Import) or len(node.names) == 1:
        return [node]
    return [ast.copy_location(ast.Import(names=[name]), node) for name in node.names]


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
