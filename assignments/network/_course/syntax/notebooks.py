"""Read the cells of a notebook as JSON, whatever else it holds; nothing of it is run or believed.

The grader and the visible tests (`_course/syntax/notebooks.py` in a student's folder) read a notebook alike.
"""

from __future__ import annotations

import json

from .decoding import notebook_text
from .statements import Cell

__all__ = ["code_cells", "parse_notebook"]

_MAX_CELLS = 5000


def code_cells(data: bytes, name: str) -> tuple[Cell, ...]:
    """Return a cell for each one of the notebook, in order; what is no code is empty.

    Raises ValueError that says why where it is no notebook, or holds no code.
    """
    found = tuple(
        Cell(filename=f"{name}, cell {number}", text=text if kind == "code" else "", notebook=True)
        for number, (kind, text, _) in enumerate(parse_notebook(data), 1)
    )
    if not any(cell.text.strip() for cell in found):
        raise ValueError("the notebook holds no code")
    return found


def parse_notebook(data: bytes) -> list[tuple[str, str, dict[str, object]]]:
    """Return the kind, the source and the raw JSON of each cell, whatever else is in a notebook or missing.

    Raises ValueError that says why. Formats 3 and 4 are read; what is no cell has the kind "".
    """
    text = notebook_text(data)
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        said = "it was cut short" if isinstance(error, json.JSONDecodeError) and _is_cut(text, error) else str(error)
        raise ValueError(f"it is no notebook: {said}; see that it opens in Jupyter, and save it again") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if cells is None and isinstance(notebook, dict) and isinstance(notebook.get("worksheets"), list):
        sheets = [sheet for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        lists = [sheet["cells"] for sheet in sheets if isinstance(sheet.get("cells"), list)]
        cells = [cell for cells in lists for cell in cells]
    if not isinstance(cells, list):
        raise ValueError("it is no notebook: it has no list of cells")  # noqa: TRY004 - one kind of error for its readers
    if len(cells) > _MAX_CELLS:
        raise ValueError(f"the notebook has {len(cells)} cells; the limit is {_MAX_CELLS}")
    found: list[tuple[str, str, dict[str, object]]] = []
    for cell in cells:
        raw = cell if isinstance(cell, dict) else {}
        kind = raw.get("cell_type")
        found.append((kind if isinstance(kind, str) else "", _cell_text(raw), raw))
    return found


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    """Say whether the JSON goes well until it ends, as after an upload that broke off."""
    return text.lstrip().startswith("{") and (error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"))


def _cell_text(cell: dict[str, object]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    # A NUL or a lone surrogate can't be Python, and would stop the whole cell; the line then says why.
    return source.replace("\x00", "\ufffd").encode("utf-8", "replace").decode() if isinstance(source, str) else ""
