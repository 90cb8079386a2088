"""`grader grade`: from the options of the command line to what is printed, written and returned.

Puts discovery, grading and rendering together; judges and draws nothing itself.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from grader.course.assignment import Assignment, Course
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError, UsageError
from grader.formats.forms import FORMS, OF_ONE, Form, render
from grader.judge.checker import end_on_termination
from grader.judge.grading import grade_all
from grader.judge.parallel import grade_in_processes
from grader.report.report import Audience, Report, SubmissionReport, SubmissionStatus, seen_by
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover, infer_assignment
from grader.submissions.found import Found
from grader.submissions.names import student_of
from grader.whole import write_whole

__all__ = ["Copy", "Options", "parse_copy", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file to write besides what is printed: in which form, for whom, where."""

    form: Form
    audience: Audience
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says."""

    paths: tuple[str, ...]
    assignment: str | None
    form: Form | None  # None for the table
    audience: Audience
    copies: tuple[Copy, ...]
    attempts: Path | None
    student: str | None
    sandbox: SandboxMode
    jobs: int
    out: Path | None
    fail_under: float | None
    course: Path | None


def parse_copy(text: str, audience: Audience) -> Copy:
    """Read `[AUDIENCE:]FORMAT=FILE`; raises UsageError saying what was found and what is known."""
    head, equals, path = text.partition("=")
    said, colon, name = head.rpartition(":")
    form = next((form for form in FORMS if form == name), None)
    if form is None or not equals or path in ("", "-") or (colon and said not in [*Audience]):
        raise UsageError(
            f"--write {text}: write [student:|staff:]FORMAT=FILE, with a format of {', '.join(FORMS)}; "
            "for example --write staff:json=result.json"
        )
    return Copy(form=form, audience=Audience(said) if said else audience, path=Path(path))


def run(options: Options) -> int:
    """Grade and print; return the exit code. Raises GraderError where nothing can be graded."""
    end_on_termination()
    found = _named(discover(list(options.paths)), options)
    course = find_course(options.course)
    name = _assignment(options.assignment, found, course)
    assignment = load_assignment(course, name)
    if options.out is not None:
        from grader.commands.results import prepare

        prepare(options.out)  # before the grading: what can't be written would be lost
    _refuse(found, options, course)
    count = _counting(assignment, options, course)
    reports: dict[str, SubmissionReport] = {}
    with _progress(len(found)) as advance:

        def each(item: Found, report: SubmissionReport) -> None:
            reports[item.given] = count(report)
            advance()

        if options.jobs == 1 or len(found) == 1:
            sandbox = grade_all(course, name, found, mode=options.sandbox, each=each)
        else:
            sandbox = grade_in_processes(course, name, found, mode=options.sandbox, jobs=options.jobs, each=each)
    ordered = tuple(reports[item.given] for item in found)
    report = Report(assignment=name, sandbox=sandbox, feedback=assignment.feedback, submissions=ordered)
    _hand_over(report, options)
    return _exit_code(seen_by(report, options.audience), options.fail_under)


def _named(found: list[Found], options: Options) -> list[Found]:
    """Return the submissions under the name that is said for the one, or as they are."""
    if options.student is None:
        return found
    if len(found) != 1:
        raise UsageError(f"--student {options.student}: that names one submission, and there are {len(found)}")
    return [replace(found[0], given=options.student)]


def _refuse(found: list[Found], options: Options, course: Course) -> None:
    """Raise UsageError before the grading for what would fail, or destroy something, after it."""
    forms = [*(copy.form for copy in options.copies), *([options.form] if options.form else [])]
    for form in forms:
        if form in OF_ONE and len(found) != 1:
            raise UsageError(f"{form} is of one submission, and there are {len(found)}")
    if "classroom50" in forms:
        from grader.formats.classroom50 import submission_from

        submission_from(os.environ)
    if options.attempts is not None:
        students = [student_of(item.given, course.names) for item in found]
        twice = sorted({name for name in students if students.count(name) > 1})
        if twice:
            raise UsageError(f"--attempts: several submissions of {', '.join(twice)}; a name says whose one is")
    taken = {os.path.realpath(item.path): "the submission" for item in found}
    if options.attempts is not None:
        taken[os.path.realpath(options.attempts)] = "the file of --attempts"
    for copy in options.copies:
        said, path = f"--write {copy.form}={copy.path}", os.path.realpath(copy.path)
        if path in taken:
            raise UsageError(f"{said}: that is {taken[path]}; name another file")
        taken[path] = "written already"
        special = copy.path.exists() and not copy.path.is_file()
        if special or not (copy.path.parent.is_dir() and os.access(copy.path.parent, os.W_OK)):
            raise UsageError(f"{said}: name a plain file in a folder that is there and can be written")


def _counting(
    assignment: Assignment, options: Options, course: Course
) -> Callable[[SubmissionReport], SubmissionReport]:
    """Return what marks the reports whose students are not told of hidden checks this time."""
    from grader.report.attempts import Ledger, without_ledger

    if options.attempts is None:
        warning = without_ledger(assignment)
        if warning and Audience.STUDENT in (options.audience, *(copy.audience for copy in options.copies)):
            sys.stderr.write(f"grader: {warning}\n")
        return lambda report: report
    ledger = Ledger(options.attempts)
    return lambda report: ledger.apply(assignment, student_of(report.submission, course.names), report)


def _hand_over(report: Report, options: Options) -> None:
    """Write and print everything that can be, and only then raise what can't."""
    errors: list[str] = []
    for copy in options.copies:
        try:
            write_whole(copy.path, render(report, copy.form, copy.audience).encode())
        except OSError as error:
            errors.append(f"--write {copy.form}={copy.path}: {error.strerror}")
        except GraderError as error:
            errors.append(f"--write {copy.form}={copy.path}: {error}")
    if options.out is not None:
        from grader.commands.results import write_files

        try:
            write_files(report, options.out, options.audience)
        except UsageError as error:
            errors.append(str(error))
    try:
        _print(report, options)
    except GraderError as error:
        errors.append(str(error))
    if errors:
        raise UsageError("; ".join(errors))


def _print(report: Report, options: Options) -> None:
    """Print the report in the form that is asked for; what draws or writes it is loaded only then."""
    if options.form is None:
        from grader.formats.table import print_report

        with _no_commands():
            print_report(report, options.audience)
    else:
        sys.stdout.write(render(report, options.form, options.audience))


@contextmanager
def _no_commands() -> Iterator[None]:
    """In a job of GitHub's, let its runner take nothing that is printed here as a command: a line may be folded."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        yield
        return
    mark = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{mark}\n")
    yield
    sys.stdout.write(f"::{mark}::\n")


def _exit_code(report: Report, fail_under: float | None) -> int:
    if any(item.status is SubmissionStatus.BROKEN for item in report.submissions):
        return 1
    if fail_under is not None:
        for item in report.submissions:
            if item.status is SubmissionStatus.WITHHELD:
                continue  # the gate may say nothing of it, either
            # What can't be read has no score, and a gate must not let it through.
            if item.score is None or 100 * item.score < fail_under * item.max_score - 1e-9:
                return 3
    return 0


def _assignment(said: str | None, found: list[Found], course: Course) -> str:
    if said is not None:
        if said not in course.names:
            raise UsageError(f"--assignment {said}: there is no such assignment; there is {', '.join(course.names)}")
        return said
    inferred = {item.given: infer_assignment(item, course.names) for item in found}
    names = sorted({name for name in inferred.values() if name is not None})
    if not names:
        first = found[0].given
        raise UsageError(
            f"no assignment's name begins the name of {first}; say --assignment, one of {', '.join(course.names)}"
        )
    if len(names) > 1:
        raise UsageError(
            f"these are submissions to several assignments ({', '.join(names)}); grade one at a time with --assignment"
        )
    return names[0]


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error where that is a terminal."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("grading", total=total)
        yield lambda: progress.advance(task)
