"""What a graded cell of a notebook shows: the points as nbgrader reads them, and the feedback as HTML.

Functions of a view. Whatever a student wrote is escaped by the template; `clean` has taken out the rest.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from grader.answers.characters import in_characters
from grader.answers.drawing import as_html
from grader.outcomes import Status
from grader.report.report import SubmissionStatus
from grader.report.view import ExerciseView, SubmissionView
from grader.report.words import MARKS, WORDS

__all__ = ["exercise_outputs", "notes_text"]

_JSON = dict[str, object]
_GREEN, _RED, _GREY = "#1a7f37", "#cf222e", "#6e7781"


def exercise_outputs(item: ExerciseView, points: float | None) -> list[_JSON]:
    """Return the outputs of the exercise's cell: the feedback, and one result that is the points.

    Without points (None) there is no result, and it is for the caller to see that nothing is credited.
    """
    page = {"text/html": _page(item), "text/plain": _plain(item)}
    shown: list[_JSON] = [{"output_type": "display_data", "metadata": {}, "data": page}]
    if points is not None:
        result = {"text/plain": f"{points!r}"}
        shown.append({"output_type": "execute_result", "metadata": {}, "execution_count": None, "data": result})
    return shown


def notes_text(seen: SubmissionView) -> str:
    """Return what is to be said of the whole submission, in Markdown; "" where there is nothing.

    The notes stand in a block of code, since a student may have written part of them.
    """
    heading = {
        SubmissionStatus.GRADED: "**The grader notes:**",
        SubmissionStatus.UNREADABLE: (
            "**Not graded, since it can't be read.** Hand it in again; it has no score until then."
        ),
        SubmissionStatus.BROKEN: "**Not graded: something of ours broke.** It has no score until that is mended.",
    }[seen.status]
    lines = [line for note in seen.notes for line in note.splitlines()]
    return "\n".join([seen.tongue(heading), "", *(f"    {line}" for line in lines)]) if lines else ""


def _plain(item: ExerciseView) -> str:
    said = item.explanation
    lines = [_head(item), *said.diagnosis, *([said.counterexample] if said.counterexample else [])]
    lines += [in_characters(said.picture, tongue=item.tongue)] if said.picture else []
    lines += [f"{MARKS[remark.status]} {remark.title}\n{remark.text}" for remark in said.remarks]
    return "\n".join([*lines, *([item.tongue(f"hint: {said.hint}")] if said.hint else [])])


def _page(item: ExerciseView) -> str:
    grey = (Status.NOT_ATTEMPTED, Status.WITHHELD)
    colour = _GREEN if item.status is Status.PASSED else _GREY if item.status in grey else _RED
    said = item.explanation
    picture = Markup(as_html(said.picture, item.tongue)) if said.picture else ""  # noqa: S704 - ours, and escaped
    return _template().render(
        colour=colour, head=_head(item), said=said, hint=_hint(item), picture=picture, marks=MARKS
    )


def _hint(item: ExerciseView) -> str:
    hint = item.explanation.hint
    return item.tongue(f"Hint: {hint}") if hint else ""


def _head(item: ExerciseView) -> str:
    """Say what became of it; the points stand beside it, and may have been changed by hand since."""
    return f"{MARKS[item.status]} {item.exercise}: {item.tongue(WORDS[item.status])}"


@cache
def _template() -> Template:
    """Return the page, in which whatever a student wrote is escaped."""
    folder = Path(__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("feedback_cell.html.j2")
