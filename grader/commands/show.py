"""`grader show`: print one student's feedback again, from a folder of results."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.commands.form_option import form_of, form_option
from grader.commands.lang_option import lang_option
from grader.formats.forms import Form
from grader.report.report import Audience

__all__ = ["show"]

_FORMS = (Form.HTML, Form.MARKDOWN, Form.JSON)


@click.command(short_help="Print one student's feedback again.")
@click.argument("results", type=click.Path(path_type=Path))
@click.argument("name")
@form_option(_FORMS)
@click.option(
    "--audience",
    type=click.Choice([item.value for item in Audience]),
    help="Who reads it; without this, for whom the results were written.",
)
@lang_option("The language that it is told in.  [default: English]")
@course_option
def show(results: Path, name: str, form: str, audience: str | None, language: str | None, course: Path | None) -> None:
    """Print what was graded of one submission, without grading: RESULTS is what `grader grade --out` has filled.

    NAME is a student, a submission, or a part of one's name that no other one has. What the assignment itself says
    is told in another language where its course is at hand.
    """
    from grader.classes.finding import find_result
    from grader.classes.retelling import retold
    from grader.commands.results import print_form
    from grader.course.reading import course_root
    from grader.languages.choosing import DEFAULT
    from grader.languages.tongue import speak
    from grader.report.in_language import in_language

    seen = retold(find_result(results, name), Audience(audience) if audience else None)
    root = course_root(course)
    folders = [] if root is None else [root / "solutions" / seen.assignment / "locale"]
    tongue = speak(language or DEFAULT, folders)
    print_form(in_language(seen, tongue) if seen.audience is Audience.STUDENT else seen, form_of(form))
