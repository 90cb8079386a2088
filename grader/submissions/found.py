"""The values of what students hand in: a submission that was found, and a candidate that was read.

Reads nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.submissions.files import MAX_DEPTH
from grader.syntax.statements import Cell

__all__ = ["Found", "Source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One submission: `given` is its path as the report prints it; a folder is searched `depth` levels deep."""

    given: str
    path: Path
    depth: int = MAX_DEPTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One candidate: a module or notebook, read and split into cells of code."""

    filename: str
    sha256: str
    cells: tuple[Cell, ...]
