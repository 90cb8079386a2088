"""`grader show`: print one student's feedback again, from a folder of results."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.form_option import form_of, form_option
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
def show(results: Path, name: str, form: str, audience: str | None) -> None:
    """Print what was graded of one submission, without grading: RESULTS is what `grader grade --out` has filled.

    NAME is a student, a submission, or a part of one's name that no other one has.
    """
    from grader.classes.finding import find_result
    from grader.classes.retelling import retold
    from grader.commands.results import print_form

    seen = retold(find_result(results, name), Audience(audience) if audience else None)
    print_form(seen, form_of(form))
