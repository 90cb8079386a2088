"""The forms that other programs read, by the names that the command line gives to them and to what they can say.

The module that writes a form is loaded only where that form is asked for: whoever lists names needs none.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.report.entrusted import Entrusted
    from grader.report.view import View

__all__ = ["ENTRUSTED", "OF_ONE", "Form", "ScoreTable", "Visibility", "render"]


class Form(StrEnum):
    """What a view can be written as."""

    JSON = "json"
    JSONL = "jsonl"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GITHUB = "github"
    CODEQUALITY = "codequality"
    GRADESCOPE = "gradescope"
    CLASSROOM50 = "classroom50"


class ScoreTable(StrEnum):
    """Who a table of scores by exercise is for: anybody, or a learning platform that imports it."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"


class Visibility(StrEnum):
    """When Gradescope shows a student something."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


OF_ONE = (Form.GRADESCOPE, Form.CLASSROOM50)
"""The forms of a single submission."""
ENTRUSTED = (Form.GRADESCOPE,)
"""The forms for services that keep back themselves what is withheld: they are made of what is entrusted to them."""
_WRITERS = {
    Form.JSON: ("json", "to_json"),
    Form.JSONL: ("json", "to_json_lines"),
    Form.JUNIT: ("junit", "to_junit"),
    Form.MARKDOWN: ("markdown", "to_markdown"),
    Form.HTML: ("html", "to_html"),
    Form.CSV: ("csv", "to_csv"),
    Form.CANVAS: ("gradebook", "to_canvas"),
    Form.MOODLE: ("gradebook", "to_moodle"),
    Form.GITHUB: ("github", "to_github"),
    Form.CODEQUALITY: ("gitlab", "to_codequality"),
    Form.GRADESCOPE: ("gradescope", "to_gradescope"),
    Form.CLASSROOM50: ("classroom50", "for_runner"),
}


def render(seen: View | Entrusted, form: Form) -> str:
    """Return a view in this form, or what is entrusted in one of `ENTRUSTED`; raises TypeError for the other.

    Raises UsageError where the form is of one submission, and there are more.
    """
    from grader.report.entrusted import Entrusted

    if isinstance(seen, Entrusted) is not (form in ENTRUSTED):
        raise TypeError(f"{form} is not made of {type(seen).__name__}")
    module, function = _WRITERS[form]
    write: Callable[[View | Entrusted], str] = getattr(importlib.import_module(f"grader.formats.{module}"), function)
    return write(seen)
