"""Write the page of a class: one file of HTML that needs no other, with nothing of a submission in it unescaped.

Pure functions of results. A policy in the page itself lets no script run but its own, whatever slipped through.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.classes.charts import bar, histogram
from grader.classes.items import ENOUGH, Item, check_items, exercise_items, looks_idle, looks_unfair
from grader.classes.kills import KillCounts, Kills
from grader.classes.lecture import lessons_of, opening
from grader.classes.listed_students import ListedStudent
from grader.classes.results import ClassResults
from grader.classes.rows import Row, in_need, rows_of
from grader.classes.summary import Distribution, Summary, summary_of
from grader.formats.html import submission_as_html
from grader.report.report import Audience, SubmissionStatus
from grader.report.words import MARKS, WORDS

__all__ = ["class_page", "student_pages"]

_MOST_LESSONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _CheckRow:
    """A check in the table of checks; `kills` is None where it is not known what it kills."""

    item: Item
    kills: KillCounts | None

    @property
    def idle(self) -> bool:
        return looks_idle(self.item, kills_alone=None if self.kills is None else self.kills.alone)


def class_page(results: ClassResults, *, graded: str, kills: Kills | None, students: str | None) -> str:
    """Return the page of a class.

    `graded` says when it was graded, `kills` what each check kills alone, where that is known. `students` is the folder
    of the students' own pages, seen from this one; without it their feedback stands in this page.
    """
    summary = summary_of(results.submissions, [item.student for item in results.missing])
    lessons = lessons_of(results.submissions, summary)
    # What one student alone has is no matter for a lecture, unless there is nothing else.
    shown = min(_MOST_LESSONS, sum(one.mistake.count > 1 for one in lessons) or _MOST_LESSONS)
    items = {item.exercise: item for item in exercise_items(results.submissions)}
    checks = [
        _CheckRow(item=item, kills=kills.checks.get(item.check or "") if kills is not None else None)
        for item in check_items(results.submissions)
    ]
    rows = rows_of(results, students)
    return _render(
        "report.html.j2",
        script="report.js",
        assignment=results.view.assignment,
        number=len(results.submissions),
        graded=graded,
        made_of=_made_of(results),
        unread=results.unread,
        confined=results.view.sandbox != "none",
        counts=_counts(summary, len(results.unclear)),
        opening=opening(summary),
        spread=summary.distribution,
        histogram=_histogram(summary.distribution),
        exercises=[(one, items.get(one.exercise)) for one in summary.exercises],
        lessons=lessons[:shown],
        more_lessons=lessons[shown:],
        checks=checks,
        unfair=[item for item in (*items.values(), *(one.item for one in checks)) if looks_unfair(item)],
        idle=[one.item for one in checks if one.idle],
        kills=kills,
        kills_fit=kills is not None and all(kills.fits(one) for one in results.made_of.values()),
        enough=ENOUGH,
        rows=rows,
        in_need=in_need(rows),
        missing=summary.missing,
        unclear=[(item.student, _could_be(item, rows)) for item in results.unclear],
        strangers=[row for row in rows if row.submission in results.strangers],
        of_others=_of_others(results, rows),
        names={row.submission: row.name for row in rows},
        feedback=None if students is not None else _feedback(results),
    )


def _of_others(results: ClassResults, rows: Sequence[Row]) -> list[tuple[Row, str]]:
    """Return who handed in a file with the data of others, and what the staff is told of it."""
    told = {item.submission: "; ".join(item.for_staff) for item in results.submissions if item.for_staff}
    return [(row, told[row.submission]) for row in rows if row.submission in told]


def student_pages(results: ClassResults, page: str) -> dict[str, str]:
    """Return each student's own page by the name of its file; `page` is that of the class, seen from them.

    One that a student may read names no other one: it leads to no page, since they are called by names.
    """
    theirs = results.view.audience is Audience.STUDENT
    items = {item.submission: item for item in results.submissions}
    rows, feedback = rows_of(results, ""), _feedback(results)
    files = [f"{results.files[row.submission]}.html" for row in rows]
    links = ["", *("" if theirs else quote(file) for file in files), ""]
    return {
        files[place]: _render(
            "student.html.j2",
            assignment=results.view.assignment,
            name=row.name,
            item=items[row.submission],
            page="" if theirs else quote(page),
            before=links[place],
            after=links[place + 2],
            feedback=feedback[row.submission],
        )
        for place, row in enumerate(rows)
    }


def _feedback(results: ClassResults) -> dict[str, Markup]:
    """Return what is said of each submission, which `formats/html.py` has escaped."""
    return {item.submission: Markup(submission_as_html(item)) for item in results.submissions}  # noqa: S704 - see above


def _could_be(student: ListedStudent, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return the submissions that could be a student's, each by its name and where its feedback is, "" for nowhere."""
    by_name = {row.submission: row for row in rows}
    found = [(name, by_name.get(name)) for name in student.submissions]
    return [(PurePath(name).name, "" if row is None else row.href) for name, row in found]


def _counts(summary: Summary, unclear: int) -> list[str]:
    """Return how many submissions are of each kind, in words; what there is none of is not said."""
    words = {
        SubmissionStatus.GRADED: "graded",
        SubmissionStatus.UNREADABLE: "can't be read",
        SubmissionStatus.BROKEN: "broken on our side",
        SubmissionStatus.WITHHELD: "withheld",
    }
    found = [f"{summary.statuses[status]} {said}" for status, said in words.items() if summary.statuses[status]]
    found += [f"{summary.untouched} with nothing attempted"] if summary.untouched else []
    found += [f"{len(summary.missing)} of the roster without a submission"] if summary.missing else []
    return [*found, *([f"{unclear} of the roster whose submission is unclear"] if unclear else [])]


def _histogram(spread: Distribution | None) -> Markup:
    if spread is None:
        return Markup()
    columns = ", ".join(f"{one.low:g} to {one.high:g}: {one.count}" for one in spread.bins)
    return histogram(spread.bins, f"How many have how many points. {columns}.")


def _made_of(results: ClassResults) -> list[tuple[str, list[str]]]:
    """Return by name each version or digest that the class was graded with; several where it was not one."""
    found: dict[str, set[str]] = {}
    for made_of in results.made_of.values():
        for name, value in made_of.items():
            found.setdefault(name, set()).add(value)
    return [(name, sorted(values)) for name, values in found.items()]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("grader.classes"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(template: str, *, script: str | None = None, **values: object) -> str:
    """Return a page of a template, with the style sheet and the script in it, and the policy that lets no other run."""
    environment = _environment()
    style = environment.get_template("page.css").render()
    code = "" if script is None else environment.get_template(script).render()
    policy = (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; script-src {_hash(code)}; "
        f"style-src 'unsafe-inline'; style-src-elem {_hash(style)}; style-src-attr 'unsafe-inline'"
    )
    frame = {"style": Markup(style), "script": Markup(code), "policy": Markup(policy)}  # noqa: S704 - our own files
    return environment.get_template(template).render(**frame, marks=MARKS, words=WORDS, bar=bar, **values)


def _hash(text: str) -> str:
    """Return how a policy names a script or style sheet; "" is a script that nobody has."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" if text else "'none'"
