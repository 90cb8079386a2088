"""The command line: `grader grade`, `doctor`, `release`, `verify`, `package`, and the groups `nbgrader` and `hook`.

Parses options, calls one function of the package, prints, and sets the exit code. Everything slow is
imported in the command that needs it, so that `grader --help` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.errors import GraderError, UsageError
from grader.formats.forms import FORMS
from grader.report.report import Audience
from grader.sandbox.mode import SandboxMode
from grader.version import __version__

__all__ = ["main"]

EXIT_BROKEN, EXIT_USAGE, EXIT_UNDER = 1, 2, 3


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="chainrule", prog_name="grader")
def _commands() -> None:
    """Grade PyTorch exercises: every grade right, explained, and hard to forge."""


def main() -> None:
    """Run the command line; an error of ours ends it with one line and exit code 1, a wrong use with 2."""
    try:
        _commands.main(prog_name="grader", standalone_mode=False)
    except UsageError as error:
        _fail(str(error), EXIT_USAGE)
    except GraderError as error:
        _fail(str(error), EXIT_BROKEN)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped", 130)


def _fail(text: str, code: int) -> None:
    click.echo(f"grader: {text}", err=True)
    sys.exit(code)


@_commands.command(short_help="Grade submissions.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())
@click.option("--assignment", metavar="NAME", help="The assignment, where no file name says it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *FORMS]),
    default="table",
    show_default=True,
    help="What is printed.",
)
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
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write JSON and Markdown each, and grades.csv."
)
@click.option(
    "--write",
    "copies",
    multiple=True,
    metavar="[AUDIENCE:]FORMAT=FILE",
    help="Write another form into a file; may be repeated. For example --write staff:json=result.json.",
)
@click.option("--student", metavar="NAME", help="Whose submission it is, where there is one.")
@click.option(
    "--attempts",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Count here how often each student is told of hidden checks, where assignment.toml limits that.",
)
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit with 3 below this score.")
@click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help="The folder with the private course.")
def grade(
    paths: tuple[str, ...],
    assignment: str | None,
    form: str,
    audience: str,
    copies: tuple[str, ...],
    student: str | None,
    attempts: Path | None,
    sandbox: str,
    jobs: int,
    out: Path | None,
    fail_under: float | None,
    course: Path | None,
) -> None:
    """Grade submissions: a file or zip is one, a folder is a class with one in each child.

    Exit code 0: everything was graded, whatever the scores; 1: something was broken on our side, or the
    sandbox refused; 2: wrong usage; 3: a score under --fail-under, or none because it can't be read.
    """
    from grader.commands.grade import Options, parse_copy, run

    seen = Audience(audience)
    options = Options(
        paths=paths,
        assignment=assignment,
        form=next((known for known in FORMS if known == form), None),
        audience=seen,
        copies=tuple(parse_copy(text, seen) for text in copies),
        student=student,
        attempts=attempts,
        sandbox=SandboxMode(sandbox),
        jobs=jobs,
        out=out,
        fail_under=fail_under,
        course=course,
    )
    sys.exit(run(options))


@_commands.command(short_help="Check whether this machine can grade.")
@click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help="Prove that this course can't be read.")
def doctor(course: Path | None) -> None:
    """Say what this machine has for grading, what is missing, and what to do about it."""
    from grader.commands.doctor import examine

    lines, able = examine(course)
    click.echo("\n".join(lines))
    sys.exit(0 if able else EXIT_BROKEN)


@_commands.command(short_help="Generate assignments/ from solutions/.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; fail where assignments/ has drifted from solutions/.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write them there instead."
)
@click.option("--zip", "archive", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Pack them.")
@click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help="The folder with the private course.")
def release(
    names: tuple[str, ...], *, check: bool, out: Path | None, archive: Path | None, course: Path | None
) -> None:
    """Generate assignments/ from solutions/: stubs, notebooks, visible tests, and the tables of points.

    With --out or --zip, make what is handed out somewhere else, and leave assignments/ alone.
    """
    from grader.course.reading import find_course
    from grader.handout.release import drift, hand_out, write, zip_out

    if sum([check, out is not None, archive is not None]) > 1:
        raise UsageError("--check, --out and --zip exclude one another")
    found = find_course(course)
    chosen = names or found.names
    if out is not None:
        click.echo("\n".join(f"wrote {path}" for path in hand_out(found, chosen, out)))
    elif archive is not None:
        zip_out(found, chosen, archive)
        click.echo(f"wrote {archive}")
    elif check:
        drifted = [path for name in chosen for path in drift(found, name)]
        for path in drifted:
            click.echo(f"{path} differs from what solutions/ gives; run `grader release`", err=True)
        sys.exit(EXIT_BROKEN if drifted else 0)
    else:
        click.echo("\n".join(f"wrote {path}" for name in chosen for path in write(found, name)))


@_commands.command(short_help="Prove that a course is whole.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help="The folder with the private course.")
def verify(names: tuple[str, ...], *, course: Path | None) -> None:
    """Prove each assignment: stub, reference, visible tests, points, release, lesson; one line for each.

    Exit code 0 where everything holds, else 1, and every failure says what to do.
    """
    from grader.commands.verify import prove
    from grader.course.reading import find_course

    found = find_course(course)
    held = True
    for name in names or found.names:
        for finding in prove(found, name):
            held &= finding.holds
            click.echo(f"{'ok  ' if finding.holds else 'FAIL'}  {name:18}  {finding.text}")
    sys.exit(0 if held else EXIT_BROKEN)


@_commands.group(short_help="Work with a course of nbgrader.")
def nbgrader() -> None:
    """Make a course for nbgrader, collect submissions into it, and export its grades by exercise.

    Everything else is nbgrader's own: `nbgrader generate_assignment`, `autograde`, `generate_feedback`.
    """


@nbgrader.command(short_help="Make a course for nbgrader, or add to one.")
@click.argument("folder", metavar="COURSE_DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--db", metavar="URL", help="The gradebook's database; gradebook.db in COURSE_DIR if left out.")
@click.option("--force", is_flag=True, help="Overwrite files in source/ that differ from what is released now.")
@click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help="The folder with the private course.")
def init(folder: Path, *, db: str | None, force: bool, course: Path | None) -> None:
    """Write nbgrader_config.py, gradebook.db, and source/ with every assignment, without any solution.

    What is there already is kept, and said.
    """
    from grader.channels.nbgrader.command import init as make
    from grader.course.reading import find_course

    click.echo("\n".join(make(folder, find_course(course), db_url=db, force=force)))


@nbgrader.command(short_help="Copy what students handed in into submitted/.")
@click.argument("path", metavar="FOLDER|ZIP", type=click.Path(exists=True, path_type=Path))
@click.option("--into", "folder", default=".", metavar="COURSE_DIR", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what a student handed in before.")
def collect(path: Path, *, folder: Path, force: bool) -> None:
    """Collect modules and notebooks from a folder with one for each student, or a learning platform's zip.

    Exit code 1 where something could not be placed, or was kept as it is; everything else is collected then.
    """
    from grader.channels.nbgrader.command import collect_into

    lines, problems = collect_into(folder, path, force=force)
    click.echo("\n".join([*lines, f"{len(lines)} submissions collected or unchanged, {len(problems)} not"]))
    for problem in problems:
        click.echo(f"not collected: {problem}", err=True)
    sys.exit(EXIT_BROKEN if problems else 0)


@nbgrader.command(short_help="Export the grades by exercise.")
@click.argument("folder", metavar="[COURSE_DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["csv", "canvas", "moodle"]), default="csv", show_default=True)
@click.option("--assignment", "assignments", multiple=True, metavar="NAME", help="Only this one; may be repeated.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write there.")
def export(folder: Path, form: str, assignments: tuple[str, ...], to: Path | None) -> None:
    """Write the points of every exercise as CSV, as Canvas and Moodle import it, or plain.

    What is not graded is blank, and named on standard error.
    """
    from grader.channels.nbgrader.command import export as table
    from grader.formats.gradebook import FORMATS

    text, without = table(folder, next(known for known in FORMATS if known == form), assignments)
    if to is None:
        click.echo(text, nl=False)
    else:
        try:
            to.write_text(text, "utf-8", newline="")
        except OSError as error:
            raise UsageError(f"--to {to}: {error.strerror}") from error
        click.echo(f"wrote {to}")
    for line in without:
        click.echo(f"not graded: {line}", err=True)


@_commands.group(short_help="Pack an assignment for a service that runs the grader.")
def package() -> None:
    """Pack an assignment with its private course and the grader, for a service that runs it."""


@package.command(short_help="Make an autograder for Gradescope.")
@click.argument("name", metavar="NAME")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write there; NAME-gradescope.zip if left out.",
)
@click.option(
    "--hidden",
    type=click.Choice(["visible", "after_due_date", "after_published", "hidden"]),
    default="visible",
    show_default=True,
    help="When students see the results of hidden checks.",
)
@click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help="The folder with the private course.")
def gradescope(name: str, *, out: Path | None, hidden: str, course: Path | None) -> None:
    """Write the zip that an instructor uploads as an assignment's autograder.

    It holds the solutions and the hidden tests: keep it private.
    """
    from grader.channels.gradescope.package import package_gradescope
    from grader.course.reading import find_course
    from grader.formats.gradescope import VISIBILITIES

    shown = next(known for known in VISIBILITIES if known == hidden)
    target = out or Path(f"{name}-gradescope.zip")
    click.echo("\n".join(package_gradescope(find_course(course), name, target, hidden=shown)))


@_commands.group(short_help="Grade what is pushed to a bare repository.")
def hook() -> None:
    """Grade on each push to a bare git repository, with nothing but git: a post-receive hook."""


@hook.command("install", short_help="Put the hook into a repository.")
@click.argument("repository", metavar="REPO.git", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--student", metavar="NAME", help="Whose repository it is; its own name if left out.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Results and attempts go there, of many repositories; into the repository's folder if left out.",
)
@click.option("--course", type=click.Path(path_type=Path), metavar="DIR", help="The folder with the private course.")
def hook_install(repository: Path, *, student: str | None, state: Path | None, course: Path | None) -> None:
    """Put a post-receive hook into a bare repository: who pushes reads the feedback, and the result is stored.

    Pushes have to come in through an account that students have no shell on: the hook reads the course.
    """
    from grader.channels.git.install import install
    from grader.course.reading import find_course

    click.echo("\n".join(install(repository, find_course(course), state=state, student=student)))


@hook.command("run", hidden=True)
@click.argument("repository", type=click.Path(path_type=Path))
def hook_run(repository: Path) -> None:
    """Grade the push whose refs git writes to standard input."""
    from grader.channels.git.hook import receive

    receive(repository, sys.stdin.buffer)
