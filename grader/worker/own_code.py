"""Cut out of a source how its student wrote an exercise, for whoever reads what is wrong with it.

Works on syntax trees, in the worker that runs nothing of the student: nobody else may read their text as Python.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence

from grader.syntax.definitions import Definitions, Function, text_of
from grader.syntax.statements import Cell, Statement, lines_of

__all__ = ["own_code"]

_MOST_LINES, _MOST_LETTERS = 40, 160


def own_code(cells: Sequence[Cell], statements: Sequence[Statement], found: Definitions, exercise: str) -> str:
    """Return the lines of the last definition of an exercise, "" where there is none but the stub.

    Where the text can't be read as Python, they are those that seem to define it. Docstrings are left out: they are
    the assignment's, and longer than most answers. What is too long is cut, and says so.
    """
    definitions = found.by_name.get(exercise, [])
    if definitions and not found.is_stub(exercise):
        statement, node = definitions[-1].statement, definitions[-1].node
        lines = lines_of(cells[statement.cell])
        return _written(lines, node, statement)
    lost = [item for item in statements if item.node is None and exercise in item.names]
    return _cut(lines_of(cells[lost[-1].cell])[lost[-1].first - 1 : lost[-1].last]) if lost else ""


def _written(lines: list[str], node: ast.AST, statement: Statement) -> str:
    if not isinstance(node, Function | ast.ClassDef):
        return _cut(lines[statement.first - 1 : statement.last])
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    last = node.end_lineno or statement.last
    docstrings = _lines_of_docstrings(lines, node)
    return _cut([lines[number - 1] for number in range(first, last + 1) if number not in docstrings])


def _lines_of_docstrings(lines: list[str], node: ast.AST) -> set[int]:
    """Return the numbers of the lines that docstrings have for themselves, where more follows them."""
    found: set[int] = set()
    for item in ast.walk(node):
        if isinstance(item, Function | ast.ClassDef) and len(item.body) > 1:
            text, following = item.body[0], item.body[1]
            if isinstance(text, ast.Expr) and text_of(text.value) is not None:
                last = text.end_lineno or text.lineno
                alone = not lines[text.lineno - 1].encode("utf-8", "replace")[: text.col_offset].strip()
                found |= set(range(text.lineno, last + 1)) if alone and following.lineno > last else set()
    return found


def _cut(lines: list[str]) -> str:
    kept = [line if len(line) <= _MOST_LETTERS else f"{line[:_MOST_LETTERS]}..." for line in lines[:_MOST_LINES]]
    more = len(lines) - len(kept)
    text = textwrap.dedent("\n".join(line.rstrip() for line in kept)).strip("\n")
    return f"{text}\n... {more} more {'line' if more == 1 else 'lines'}" if more else text
