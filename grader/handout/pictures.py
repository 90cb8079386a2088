"""The pictures of a lesson: which files are handed out, and what stands in their place for who can't see them.

A picture is an SVG in `solutions/<name>/pictures/`, made by whatever its author likes. A lesson shows it by
`![loss](pictures/loss.svg)`, and the picture's own description takes the place of its name: what is computed into a
picture is computed into its text as well. Reads text and draws nothing.
"""

from __future__ import annotations

import dataclasses
import re
import textwrap
import xml.etree.ElementTree as ET

from grader.course.assignment import Assignment
from grader.course.lesson import Cell, CellKind, read_lesson
from grader.errors import CourseError

__all__ = ["described_lesson", "pictures_of"]

_SHOWN = re.compile(r"# !\[(?P<said>[^\]]*)\]\(pictures/(?P<file>[^)]*)\)\s*")
_WIDTH = 100
# A line of Markdown that begins with one of these might begin a list, a heading or a quotation.
_BEGINS_NO_LINE = re.compile(r" (?=[^A-Za-z(])")


def pictures_of(assignment: Assignment) -> dict[str, str]:
    """Return the text of each picture that is handed out, by its name in a release."""
    return {
        f"pictures/{path.name}": path.read_text("utf-8")
        for path in sorted(assignment.folder.joinpath("pictures").glob("*.svg"))
    }


def described_lesson(assignment: Assignment) -> tuple[Cell, ...]:
    """Return the cells of a lesson, with the description of each picture where its name stands.

    Raises CourseError, with file and line, for a picture that is not there, and the file of one without a description.
    """
    pictures = pictures_of(assignment)
    return tuple(
        dataclasses.replace(cell, lines=tuple(_described(assignment, cell, pictures)))
        if cell.kind is CellKind.TEXT
        else cell
        for cell in read_lesson(assignment)
    )


def _described(assignment: Assignment, cell: Cell, pictures: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for number, line in enumerate(cell.lines, cell.first):
        shown = _SHOWN.fullmatch(line)
        if shown is None:
            lines.append(line)
            continue
        name = f"pictures/{shown['file']}"
        if name not in pictures:
            raise CourseError(f"{assignment.reference}:{number}: there is no {assignment.folder / name}")
        said = _description(assignment, name, pictures[name])
        lines += _wrapped(f"![{said}]({name})")
    return lines


def _description(assignment: Assignment, name: str, text: str) -> str:
    """Return the description of a picture, on one line; raises CourseError where Markdown could not hold it."""
    path = assignment.folder / name
    try:
        found = ET.fromstring(text).find("{http://www.w3.org/2000/svg}desc")  # noqa: S314 - the course's own file
    except ET.ParseError as error:
        raise CourseError(f"{path}: {error}; it is no SVG") from error
    said = " ".join("".join(found.itertext()).split()) if found is not None else ""
    if not said:
        raise CourseError(f"{path}: it has no <desc>; say in it what the picture shows, for who can't see it")
    if re.search(r"[\[\]<>`\\]", said):
        raise CourseError(f"{path}: its <desc> becomes Markdown; write it without brackets, backticks and backslashes")
    return said


def _wrapped(text: str) -> list[str]:
    """Return lines of comments that are one image of Markdown."""
    lines = textwrap.wrap(_BEGINS_NO_LINE.sub("\0", text), _WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return [f"# {line}".replace("\0", " ") for line in lines]
