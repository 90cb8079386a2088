"""Rebuild a notebook that a student handed in: the student's text, and nothing else of it.

nbgrader believes what a notebook says of itself: which cells are graded, locked, hidden or skipped. Here
all of that comes from the gradebook, and the student's file gives the sources of cells and their order.
It is hostile input, and whatever it holds, a notebook that can be shown comes back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import Unreadable
from grader.submissions.files import read_regular_file
from grader.syntax.notebooks import parse_notebook

__all__ = ["MasterCell", "code_cell", "read_cells", "rebuild", "text_cell"]

_JSON = dict[str, object]
# Characters that are shown, of one cell and of all: the programs that draw text and code take more than a second
# for a cell of 100,000, and minutes for one made for that.
_MAX_TEXT, _MAX_ALL_TEXT = 5_000, 100_000
_MAX_CODE, _MAX_ALL_CODE = 50_000, 500_000
_CUT = "\n... (cut here; the rest is in the file that was handed in)"


# What Markdown turns into more than text: tags, entities, pictures, formulas, and links that are no web pages.
_LIVE = re.compile(r"<[A-Za-z!/?]|&[#A-Za-z]|!\[|\$|\\[(\[b]|(?:java|vb)script|\bdata\s*:", re.IGNORECASE)
_SCHEME = re.compile(r"\]\s*[(:]\s*<?\s*([A-Za-z][\w+.-]*)\s*:")
_WEB = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterCell:
    """A cell that nbgrader knows: its source as released, and the metadata that the gradebook gives it.

    A locked one shows the released source, whatever the student made of it; `grade` is one that earns points.
    """

    grade_id: str
    kind: str
    source: str
    locked: bool
    grade: bool
    metadata: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    kind: str
    text: str
    master: MasterCell | None


def read_cells(path: Path) -> list[tuple[str, str, _JSON]]:
    """Return the cells of a notebook as `parse_notebook` does, and none where it can't be read."""
    try:
        return parse_notebook(read_regular_file(path))
    except (Unreadable, ValueError):
        return []  # the grader says why, in the report


def rebuild(cells: Sequence[tuple[str, str, _JSON]], masters: Sequence[MasterCell], own: Collection[str] = ()) -> _JSON:
    """Return a notebook in format 4.5 of the student's cells, each master cell in it at most once.

    Graded and locked cells that are missing are put back behind the master cell before them. `own` has texts of the
    course, which stay as they are.
    """
    found = _with_missing(_without_repeats(_recognised(cells, masters, own)), masters)
    return {
        "cells": [_json(cell, number, own) for number, cell in enumerate(found, 1)],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def code_cell(identifier: str, text: str) -> _JSON:
    """Return a code cell without outputs."""
    cell = text_cell(identifier, text)
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": []}


def text_cell(identifier: str, text: str) -> _JSON:
    """Return a Markdown cell; `identifier` is its id in the notebook."""
    return {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": text}


def _recognised(
    cells: Sequence[tuple[str, str, _JSON]], masters: Sequence[MasterCell], own: Collection[str]
) -> list[_Cell]:
    """Say of each cell which master cell it is; what a student wrote into a locked one stands before that."""
    by_id = {master.grade_id: master for master in masters}
    by_text = {master.source.strip(): master for master in masters if master.locked}
    found: list[_Cell] = []
    left = {"code": _MAX_ALL_CODE}
    for kind, whole, raw in cells:
        most = _MAX_CODE if kind == "code" else len(whole) if whole in own else _MAX_TEXT
        room = min(most, left.setdefault(kind, _MAX_ALL_TEXT))
        text = whole if len(whole) <= room else whole[:room] + _CUT
        left[kind] -= min(len(whole), room)
        master = by_text.get(text.strip()) or by_id.get(_claimed(raw)) or _solves(kind, text, by_id)
        if master is None or (master.kind != kind and not master.locked):
            found.append(_Cell(kind=kind, text=text, master=None))
        elif not master.locked:
            found.append(_Cell(kind=kind, text=text, master=master))
        else:
            if text.strip() not in ("", master.source.strip()):
                found.append(_Cell(kind=kind, text=text, master=None))
            found.append(_Cell(kind=master.kind, text=master.source, master=master))
    return found


def _claimed(raw: _JSON) -> str:
    """Return the grade_id that a cell says it has; it decides about no points, only what is shown where."""
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


def _solves(kind: str, text: str, by_id: dict[str, MasterCell]) -> MasterCell | None:
    """Return the solution cell that this cell must be, since it defines the exercise and lost its metadata."""
    if kind != "code":
        return None
    names = re.findall(r"^(?:def|class)[ \t]+(\w+)", text, re.MULTILINE)  # hostile text is not parsed in this process
    return next((by_id[f"solution-{name}"] for name in names if f"solution-{name}" in by_id), None)


def _without_repeats(cells: list[_Cell]) -> list[_Cell]:
    """Keep one of each master cell: the first of a locked one, the last of the student's own, which counts."""
    last = {cell.master.grade_id: number for number, cell in enumerate(cells) if cell.master}
    seen: set[str] = set()
    found: list[_Cell] = []
    for number, cell in enumerate(cells):
        if cell.master is None or (not cell.master.locked and last[cell.master.grade_id] == number):
            found.append(cell)
        elif not cell.master.locked:
            found.append(_Cell(kind=cell.kind, text=cell.text, master=None))
        elif cell.master.grade_id not in seen:
            seen.add(cell.master.grade_id)
            found.append(cell)
    return found


def _with_missing(cells: list[_Cell], masters: Sequence[MasterCell]) -> list[_Cell]:
    """Put missing cells back that are locked or earn points, each behind its solution or the master cell before it."""
    found = list(cells)
    for number, master in enumerate(masters):
        places = {cell.master.grade_id: place for place, cell in enumerate(found) if cell.master}
        if master.grade_id in places or not (master.locked or master.grade):
            continue
        before = [places[earlier.grade_id] for earlier in masters[:number] if earlier.grade_id in places]
        before += [places[name] for name in (f"solution-{master.grade_id}",) if name in places]
        place = before[-1] + 1 if before else len(found)
        found.insert(place, _Cell(kind=master.kind, text=master.source, master=master))
    return found


def _is_live(text: str) -> bool:
    """Say whether a text could become anything but plain text on a page, however that is made of Markdown."""
    schemes = {found[1].lower() for found in _SCHEME.finditer(text)}
    return bool(_LIVE.search(text)) or not schemes <= _WEB


def _json(cell: _Cell, number: int, own: Collection[str]) -> _JSON:
    identifier = f"cell-{number}"
    if cell.kind == "code":
        made = code_cell(identifier, cell.text)
    elif cell.kind in ("markdown", "heading") and (cell.text in own or not _is_live(cell.text)):
        made = text_cell(identifier, cell.text)
    else:  # it would reach formgrader's page as it is, where a script could give grades
        made = text_cell(identifier, "".join(f"    {line}\n" for line in cell.text.splitlines()))
    return {**made, "metadata": {"nbgrader": dict(cell.master.metadata)} if cell.master else {}}
