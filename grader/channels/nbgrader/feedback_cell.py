"""What a graded cell of a notebook shows: the points as nbgrader reads them, and the feedback as HTML.

Pure functions of a report. Whatever a student wrote is escaped; `report.clean` has taken out the rest.
"""

from __future__ import annotations

import html

from grader.course.assignment import FeedbackLevel
from grader.outcomes import Status
from grader.report.report import Audience, ExerciseReport, SubmissionReport, SubmissionStatus, explanation
from grader.report.words import MARKS, WORDS

__all__ = ["exercise_outputs", "notes_text"]

_JSON = dict[str, object]
_GREEN, _RED, _GREY = "#1a7f37", "#cf222e", "#6e7781"
_PRE = (
    "white-space:pre-wrap;overflow-wrap:anywhere;font-family:monospace;font-size:90%;margin:.2em 0 .5em 1.2em;"
    "padding:0;border:none;background:none;color:inherit"
)


def exercise_outputs(item: ExerciseReport, level: FeedbackLevel, points: float | None) -> list[_JSON]:
    """Return the outputs of the exercise's cell: the feedback, and one result that is the points.

    Without points (None) there is no result, and it is for the caller to see that nothing is credited.
    """
    shown: list[_JSON] = [{"output_type": "display_data", "metadata": {}, "data": _page(item, level)}]
    if points is not None:
        result = {"text/plain": f"{points!r}"}
        shown.append({"output_type": "execute_result", "metadata": {}, "execution_count": None, "data": result})
    return shown


def notes_text(report: SubmissionReport) -> str:
    """Return what is to be said of the whole submission, in Markdown; "" where there is nothing.

    The notes stand in a block of code, since a student may have written part of them.
    """
    heading = {
        SubmissionStatus.GRADED: "**The grader notes:**",
        SubmissionStatus.UNREADABLE: (
            "**Not graded, since it can't be read.** Hand it in again; it has no score until then."
        ),
        SubmissionStatus.BROKEN: "**Not graded: something of ours broke.** It has no score until that is mended.",
    }[report.status]
    lines = [line for note in report.notes for line in note.splitlines()]
    return "\n".join([heading, "", *(f"    {line}" for line in lines)]) if lines else ""


def _page(item: ExerciseReport, level: FeedbackLevel) -> dict[str, str]:
    said = explanation(item, level, Audience.STUDENT)
    colour = {Status.PASSED: _GREEN, Status.NOT_ATTEMPTED: _GREY}.get(item.status, _RED)
    # The points stand beside it, and may have been changed by hand since.
    head = f"{MARKS[item.status]} {item.exercise}: {WORDS[item.status]}"
    plain = [head, *said.diagnosis]
    parts = [f"<p style='margin:.4em 0'>{html.escape(text)}</p>" for text in said.diagnosis]
    if said.counterexample:
        plain.append(said.counterexample)
        parts.append(f"<pre style='{_PRE}'>{html.escape(said.counterexample)}</pre>")
    for status, title, text in said.remarks:
        plain.append(f"{MARKS[status]} {title}\n{text}")
        parts.append(f"<div>{MARKS[status]} {html.escape(title)}</div><pre style='{_PRE}'>{html.escape(text)}</pre>")
    if said.hint:
        plain.append(f"hint: {said.hint}")
        parts.append(f"<p style='margin:.4em 0'><i>Hint: {html.escape(said.hint)}</i></p>")
    page = (
        f"<div style='border-left:4px solid {colour};padding:.2em .8em;margin:.3em 0'>"
        f"<div style='color:{colour};font-weight:bold'>{html.escape(head)}</div>{''.join(parts)}</div>"
    )
    return {"text/html": page, "text/plain": "\n".join(plain)}
