"""`grader grade`: from the options of the command line to what is printed, written and returned.

Puts discovery, grading and rendering together; judges and draws nothing itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.checker import end_on_termination
from grader.course import Course, find_course, load_assignment
from grader.errors import UsageError
from grader.grading import grade_all
from grader.parallel import grade_in_processes
from grader.report import Audience, Report, SubmissionReport, to_json, to_json_lines
from grader.sandbox import SandboxMode
from grader.submissions import Found, discover, infer_assignment

__all__ = ["Form", "Options", "run"]


Form = Literal["table", "json", "jsonl", "junit", "markdown", "csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says."""

    paths: tuple[str, ...]
    assignment: str | None
    form: Form
    audience: Audience
    sandbox: SandboxMode
    jobs: int
    out: Path | None
    fail_under: float | None
    course: Path | None


def run(options: Options) -> int:
    """Grade and print; return the exit code. Raises GraderError where nothing can be graded."""
    end_on_termination()
    found = discover(list(options.paths))
    course = find_course(options.course)
    name = _assignment(options.assignment, found, course)
    assignment = load_assignment(course, name)
    if options.out is not None:
        from grader.files import prepare

        prepare(options.out)  # before the grading: what can't be written would be lost
    reports: dict[str, SubmissionReport] = {}
    with _progress(len(found)) as advance:

        def each(item: Found, report: SubmissionReport) -> None:
            reports[item.given] = report
            advance()

        if options.jobs == 1 or len(found) == 1:
            sandbox = grade_all(course, name, found, mode=options.sandbox, each=each)
        else:
            sandbox = grade_in_processes(course, name, found, mode=options.sandbox, jobs=options.jobs, each=each)
    ordered = tuple(reports[item.given] for item in found)
    report = Report(assignment=name, sandbox=sandbox, feedback=assignment.feedback, submissions=ordered)
    if options.out is not None:
        from grader.files import write_files

        write_files(report, options.out, options.audience)
    _print(report, options)
    return _exit_code(report, options.fail_under)


def _print(report: Report, options: Options) -> None:
    """Print the report in the form that is asked for; what draws or writes it is loaded only then."""
    match options.form:
        case "table":
            from grader.table import print_report

            print_report(report, options.audience)
        case "json":
            sys.stdout.write(to_json(report, options.audience))
        case "jsonl":
            sys.stdout.write(to_json_lines(report, options.audience))
        case "junit":
            from grader.junit import to_junit

            sys.stdout.write(to_junit(report, options.audience))
        case "markdown":
            from grader.markdown import to_markdown

            sys.stdout.write(to_markdown(report, options.audience))
        case "csv":
            from grader.files import to_csv

            sys.stdout.write(to_csv(report))


def _exit_code(report: Report, fail_under: float | None) -> int:
    if any(item.status == "broken" for item in report.submissions):
        return 1
    if fail_under is not None:
        for item in report.submissions:
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
