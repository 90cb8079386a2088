"""The pages that nbgrader makes: feedback with what has no score yet, and students' Markdown made harmless."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import nh3
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbgrader.preprocessors import GetGrades

from grader.channels.nbgrader.own_texts import own_texts

__all__ = ["FeedbackExporter", "ShowGrades", "harmless_html", "html_of"]

_TAGS = {
    *("a", "abbr", "acronym", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "span", "strong", "sub", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "acronym": {"title"}, "*": set[str]()}
_SCHEMES = {"http", "https", "mailto"}
# nh3 drops a tag that it does not know: what a student wrote as `<y>` is kept to be read.
_OTHER_TAG = re.compile(rf"<(?!!--|/?(?:{'|'.join(sorted(_TAGS))})(?:[\s/>]|$))", re.IGNORECASE)


class ShowGrades(GetGrades):
    """Put the gradebook's scores and comments into a notebook, and say which cells have no score yet."""

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ANN401 - nbconvert's
        """Say of the whole notebook, too, whether something has no score yet."""
        nb, resources = super().preprocess(nb, resources)
        cells = [cell.metadata.get("nbgrader", {}) for cell in nb.cells]
        resources["nbgrader"]["ungraded"] = any(cell.get("ungraded", False) for cell in cells)
        return nb, resources

    def _get_score(self, cell: Any, resources: Any) -> None:  # noqa: ANN401 - nbconvert's
        super()._get_score(cell, resources)
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata["nbgrader"]["ungraded"] = grade.auto_score is None and grade.manual_score is None


class FeedbackExporter(HTMLExporter):
    """The page of feedback, by a template of our own: nbgrader's writes 0 for what is not graded."""


def html_of(course: str) -> Callable[[str], str]:
    """Return what makes HTML of Markdown: of a course's own texts all that it says, of others what is harmless."""

    def html(source: str) -> str:
        return _html(source) if source in own_texts(course) else harmless_html(source)

    return html


def harmless_html(source: str) -> str:
    """Return Markdown as HTML without scripts, styles, pictures, formulas and links that run something.

    MathJax would make a link of a formula, and run it.
    """
    html = _OTHER_TAG.sub("&lt;", _html(source))
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    return f'<div class="tex2jax_ignore mathjax_ignore">{clean}</div>'


def _html(source: str) -> str:
    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(source)
