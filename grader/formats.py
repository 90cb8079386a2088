"""The forms of a report that other programs read, by the names that `--format` and `--write` give them.

What writes a form is loaded only where that form is asked for.
"""

from __future__ import annotations

import os
from typing import Literal, get_args

from grader.report import Audience, Report, to_json, to_json_lines

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
            from grader.junit import to_junit

            return to_junit(report, audience)
        case "markdown":
            from grader.markdown import to_markdown

            return to_markdown(report, audience)
        case "csv":
            from grader.files import to_csv

            return to_csv(report, audience)
        case "canvas" | "moodle":
            from grader.gradebook import students_of, to_table

            return to_table(students_of(report, audience), form)
        case "github":
            from grader.github import to_github

            return to_github(report, audience)
        case "codequality":
            from grader.gitlab import to_codequality

            return to_codequality(report, audience)
        case "gradescope":
            from grader.gradescope import to_gradescope

            return to_gradescope(report)
        case "classroom50":
            from grader.classroom50 import submission_from, to_classroom50

            return to_classroom50(report, audience, submission_from(os.environ))
