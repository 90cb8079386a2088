"""The forms of a report that other programs read, by the names that `--format` and `--write` give them.

What writes a form is loaded only where that form is asked for.
"""

from __future__ import annotations

import os
from typing import Literal, get_args

from grader.formats.json import to_json, to_json_lines
from grader.report.report import Audience, Report

__all__ = ["FORMS", "OF_ONE", "Form", "render"]

Form = Literal[
    "json",
    "jsonl",
    "junit",
    "markdown",
    "csv",
    "canvas",
    "moodle",
    "github",
    "codequality",
    "gradescope",
    "classroom50",
]
FORMS: tuple[Form, ...] = get_args(Form)
OF_ONE: tuple[Form, ...] = ("gradescope", "classroom50")
"""The forms of a single submission."""


def render(report: Report, form: Form, audience: Audience) -> str:
    """Return the report in this form, as this audience may see it.

    Raises UsageError where the form is of one submission, and there are more.
    """
    match form:
        case "json":
            return to_json(report, audience)
        case "jsonl":
            return to_json_lines(report, audience)
        case "junit":
            from grader.formats.junit import to_junit

            return to_junit(report, audience)
        case "markdown":
            from grader.formats.markdown import to_markdown

            return to_markdown(report, audience)
        case "csv":
            from grader.formats.csv import to_csv

            return to_csv(report, audience)
        case "canvas" | "moodle":
            from grader.formats.gradebook import students_of, to_table

            return to_table(students_of(report, audience), form)
        case "github":
            from grader.formats.github import to_github

            return to_github(report, audience)
        case "codequality":
            from grader.formats.gitlab import to_codequality

            return to_codequality(report, audience)
        case "gradescope":
            from grader.formats.gradescope import to_gradescope

            return to_gradescope(report)
        case "classroom50":
            from grader.formats.classroom50 import submission_from, to_classroom50

            return to_classroom50(report, audience, submission_from(os.environ))
