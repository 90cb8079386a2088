"""Hints in two steps: what the author wrote, then where to look (`_course/kit/hinting.py` for a student).

The second step is read from the lesson and the stub in the student's folder. Neither holds code that solves anything.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ..syntax.decoding import python_text
from ..syntax.definitions import Definitions
from ..syntax.notebooks import parse_notebook
from ..syntax.statements import Cell, split
from .folder import Folder

__all__ = ["STEPS", "hint"]

STEPS = 2
_TO_PRINT = (
    (
        r"by one factor|what is expected|1/N|times",
        "print what you add up or average, and the number that you divide by",
    ),
    (r"\bshape|dimension", "print the `.shape` of each tensor in it, from the first line to the last"),
    (r"dtype|float32|float64", "print the `.dtype` of each tensor in it: where does it become another one?"),
    (r"nan|infinity", "print what you divide by, and what goes into a power, a root or a logarithm"),
    (r"runs for more than|nothing came", "print the number of the round inside the loop: does it change?"),
    (r"Error: ", "print what stands in that line, and its type, just before it"),
)
_ELSE = "print what its first lines give for this call, and work the same out by hand"
_UNWRITTEN = "write the first step alone, print what it gives, and look whether it is what the lesson says"


def hint(folder: Folder, name: str, file: str, text: str, *, step: int, unwritten: bool) -> list[tuple[str, str]]:
    """Return labels and texts of a hint; `text` is what a test said of the exercise, and `file` the one tested."""
    if step == 1:
        return [("hint", folder.hints.get(name) or "there is no hint for this one; the second one says where to look")]
    lesson = _lesson(folder, file)
    found = [("called as", signature) for signature in _signatures(lesson, name)]
    for where, title, section in _sections(lesson):
        if f"`{name}`" in title:
            found.append(("the lesson", f"{where}, {title.replace('`', '')}"))
            found += [
                ("by hand", part) for part in re.findall(r"\*\*By hand\.\*\*\s+(.+?)(?:\n\s*\n|\Z)", section, re.DOTALL)
            ]
    head = text.partition("\n")[0]
    look = next((said for pattern, said in _TO_PRINT if re.search(pattern, head)), _ELSE)
    end = "; what it prints is shown below the failure"
    return [*found, ("look inside", _UNWRITTEN if unwritten else look + end)]


def _lesson(folder: Folder, file: str) -> list[tuple[str, bool, str]]:
    """Return the cells of the lesson: where each begins, whether it is text, and what it holds."""
    path = next((item for item in folder.files if item.name == file), folder.files[0])
    try:
        data = path.read_bytes()
        if path.suffix == ".ipynb":
            cells = enumerate(parse_notebook(data), 1)
            return [(f"{path.name}, cell {number}", kind != "code", text) for number, (kind, text, _) in cells]
        return list(_cells_of_module(path, python_text(data)))
    except (OSError, ValueError):
        return []


def _cells_of_module(path: Path, text: str) -> Iterator[tuple[str, bool, str]]:
    """Give the cells of a module in the percent format; a text's lines are comments."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        is_text = "[markdown]" in lines[start]
        inside = lines[start + 1 : end]
        shown = [re.sub(r"^# ?", "", line) for line in inside] if is_text else inside
        yield f"{path.name}, line {start + 2}", is_text, "\n".join(shown)


def _sections(lesson: list[tuple[str, bool, str]]) -> Iterator[tuple[str, str, str]]:
    """Give where a section begins, its title, and its text."""
    for where, is_text, text in lesson:
        if is_text and (found := re.search(r"^##+ (.+)$", text, re.MULTILINE)):
            yield where, found[1], text[found.end() :]


def _signatures(lesson: list[tuple[str, bool, str]], name: str) -> list[str]:
    """Return how the exercise is called, and what its docstring says that it returns."""
    statements = split([Cell(filename=where, text=text) for where, is_text, text in lesson if not is_text])
    found = Definitions(statements).by_name.get(name, [])
    node = found[-1].node if found else None
    if isinstance(node, ast.ClassDef):
        methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
        return [f"a class with {', '.join(f'{item.name}({ast.unparse(item.args)})' for item in methods)}"]
    if not isinstance(node, ast.FunctionDef):
        return []
    returns = re.search(r"^Returns? (.+?)(?:\n\s*\n|\Z)", ast.get_docstring(node) or "", re.DOTALL | re.MULTILINE)
    said = f": it returns {' '.join(returns[1].split())}" if returns else ""
    return [f"{name}({ast.unparse(node.args)}){said}"]
