"""Write a view as GitHub's workflow commands: annotations on the lines of the student's functions.

One command is one line, and whatever a student may have written is escaped in it, so that none begins a
line of its own. A pure function of a view.
Source: "Workflow commands for GitHub Actions", and how the runner unescapes them (actions/runner).
"""

from __future__ import annotations

from grader.formats.annotations import Annotation, annotate
from grader.report.view import View

__all__ = ["to_github"]

_MAX_TEXT = 4000


def to_github(view: View) -> str:
    """Return a line `::error file=...,line=...::text` for each remark."""
    return "".join(f"{_command(item)}\n" for item in annotate(view))


def _command(item: Annotation) -> str:
    where = {"file": item.path}
    if item.lines is not None:
        where |= {"line": str(item.lines[0]), "endLine": str(item.lines[1])}
    where["title"] = item.title
    properties = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    text = item.text if len(item.text) <= _MAX_TEXT else item.text[:_MAX_TEXT] + "..."
    return f"::{item.level} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
