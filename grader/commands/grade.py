"""`grader grade`: grade submissions, and print or write what comes of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.commands.course_option import course_option
from grader.commands.form_option import form_of, form_option
from grader.commands.lang_option import lang_option
from grader.errors import UsageError
from grader.formats.forms import Form
from grader.report.report import Audience
from grader.sandbox.mode import SandboxMode

__all__ = ["grade"]


@click.command(short_help="Grade submissions.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())
@click.option("--assignment", metavar="NAME", help="The assignment, where no file name says it.")
@form_option(Form)
@click.option(
    "--audience",
    type=click.Choice([item.value for item in Audience]),
    default=Audience.STUDENT.value,
    show_default=True,
    help="Who reads it: only the staff see the inputs of hidden checks.",
)
@click.option(
    "--sandbox",
    type=click.Choice([item.value for item in SandboxMode]),
    default=SandboxMode.AUTO.value,
    show_default=True,
    help="auto refuses to grade where submissions can't be confined; none never confines.",
)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Submissions at the same time.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Grade by the workers of a dask scheduler, such as tcp://HOST:8786, one at a time for each of their threads.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write JSON and Markdown each as soon as it is graded, and grades.csv; a second run grades what has changed.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="RESULTS",
    help="Say at the end whose grade is another one than in this folder of an earlier --out, as grader diff does.",
)
@click.option("--regrade", is_flag=True, help="With --out, grade again what was graded as it is, too.")
@click.option(
    "--shard", metavar="I/N", help="Grade the I-th of N parts alone, into --out; `grader merge` puts all together."
)
@click.option(
    "--write",
    "copies",
    multiple=True,
    metavar="[AUDIENCE:]FORMAT=FILE",
    help="Write another form into a file; may be repeated. For example --write staff:json=result.json.",
)
@click.option(
    "--roster",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A CSV of the class, as the learning platform exports it: who of it has handed in nothing is listed.",
)
@click.option("--student", metavar="NAME", help="Whose submission it is, where there is one.")
@click.option(
    "--attempts",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Count here how often each student is told of hidden checks, where assignment.toml limits that.",
)
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit with 3 below this score.")
@lang_option("The language that students read.  [default: the assignment's, else the locale's, else English]")
@course_option
def grade(
    paths: tuple[str, ...],
    assignment: str | None,
    form: str,
    audience: str,
    copies: tuple[str, ...],
    roster: Path | None,
    student: str | None,
    attempts: Path | None,
    sandbox: str,
    jobs: int,
    cluster: str | None,
    out: Path | None,
    against: Path | None,
    regrade: bool,  # noqa: FBT001 - click's
    shard: str | None,
    fail_under: float | None,
    language: str | None,
    course: Path | None,
) -> None:
    """Grade submissions: a file or zip is one, a folder is a class with one in each child.

    What Canvas, Moodle, Gradescope, Blackboard, Brightspace and ILIAS hand out is a class, as folder or as zip.

    Exit code 0: everything was graded, whatever the scores; 1: something was broken on our side, or the
    sandbox refused; 2: wrong usage; 3: a score under --fail-under, or none because it can't be read.
    """
    from grader.classes.shards import parse_shard
    from grader.commands.batch import run
    from grader.commands.options import Machines, Options, Out, Whose, parse_copy

    if shard is not None and out is None:
        raise UsageError(f"--shard {shard}: say --out, a folder of its own for each part")
    if cluster is not None and jobs > 1:
        raise UsageError(f"--jobs {jobs}: with --cluster as many are graded at a time as its workers have threads")
    part = parse_shard(shard) if shard is not None else None
    seen = Audience(audience)
    options = Options(
        paths=paths,
        assignment=assignment,
        form=form_of(form),
        audience=seen,
        copies=tuple(parse_copy(text, seen) for text in copies),
        whose=Whose(student=student, roster=roster, attempts=attempts, language=language),
        sandbox=SandboxMode(sandbox),
        machines=Machines(jobs=jobs, cluster=cluster),
        against=against,
        out=Out(folder=out, regrade=regrade, shard=part) if out is not None else None,
        fail_under=fail_under,
        course=course,
    )
    sys.exit(run(options))
