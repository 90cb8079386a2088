"""Grade the submissions of one run: those that were graded as they are keep their results, and each is written at once.

Says on standard error how far it is; judges, draws and prints nothing itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import click

from grader.classes.attendance import Attendance
from grader.classes.listed_students import to_class_json
from grader.commands.lang_option import tongue_of
from grader.commands.options import Options
from grader.commands.out_folder import OutFolder
from grader.commands.watching import watched
from grader.course.assignment import Assignment
from grader.judge.parallel import grade_all
from grader.judge.results import Kept, Results
from grader.judge.state import State, whole_state_of
from grader.judge.store import store_folder
from grader.languages.tongue import Tongue
from grader.report.progress import Progress, is_told, line_of
from grader.report.report import Report, SubmissionReport
from grader.report.text import clean, in_a_line
from grader.report.view import SubmissionView, view
from grader.report.words import counted
from grader.sandbox.scratch import sweep
from grader.submissions.discover import is_class, whose
from grader.submissions.found import Found

__all__ = ["Grading"]


class Grading:
    """The submissions of one run, of which those that were graded as they are need not be graded again."""

    def __init__(
        self,
        assignment: Assignment,
        found: list[Found],
        options: Options,
        count: Callable[[Found, SubmissionReport], SubmissionReport],
        out: OutFolder | None,
        *,
        attendance: Attendance | None = None,
    ) -> None:
        self._assignment = assignment
        self._attendance = attendance
        self._found = found
        self._options = options
        self._count = count
        self._out = out
        self._numbers = {item.given: number for number, item in enumerate(found)}
        self._sandbox = ""
        self._reports: dict[str, SubmissionReport] = {}
        self._machines = [""]  # that have graded, "" for this one; the last one is at it
        elsewhere = options.machines.cluster is not None
        state = _state(assignment)
        self._made_of = {} if state is None else state.parts
        self._results: Results | None = None
        if out is not None and state is not None:
            mode, folder = options.sandbox, store_folder()
            self._results = Results(assignment, mode, folder, elsewhere=elsewhere, state=state.digest)

    def report(self) -> Report:
        """Grade what has to be graded; return the report of all. Raises GraderError where nothing can be."""
        before = self._results.fingerprints(self._found) if self._results is not None else {}
        self._take(before)
        left = [item for item in self._found if item.given not in self._reports]
        if self._reports:
            how = f"{len(self._reports)} of {len(self._found)} as graded before (--regrade grades them again)"
            sys.stderr.write(f"grader: {how}\n")
        if left:
            try:
                self._grade(left, before)
            except KeyboardInterrupt:
                sys.stderr.write(f"grader: {self._so_far()}\n")
                raise
        else:
            sweep()
            self._remove_stale()
        return self._report(tuple(self._reports[item.given] for item in self._found), self._machines[1:])

    def _so_far(self) -> str:
        """Say what is there of a run that is stopped."""
        done = f"{len(self._reports)} of {len(self._found)} graded"
        if self._out is None:
            return f"{done}; with --out they would be kept"
        return f"{done}, in {self._out.folder}; the same command grades the rest"

    def _take(self, fingerprints: dict[str, str | None]) -> None:
        if self._results is None or (self._options.out is not None and self._options.out.regrade):
            return
        for item in self._found:
            kept = self._results.take_by(fingerprints[item.given])
            if kept is not None:
                self._sandbox = kept.sandbox
                self._machines.append(kept.machine)
                self._add(item, kept.report)

    def _grade(self, left: list[Found], before: dict[str, str | None]) -> None:
        def confined(sandbox: str) -> None:
            self._sandbox = sandbox
            self._remove_stale()  # not before: where nothing can be graded, what is there stays

        with watched(len(left), self._assignment.name) as advance:

            def each(item: Found, report: SubmissionReport) -> None:
                if self._results is not None:
                    self._results.keep(before[item.given], item, self._kept(report))
                advance(self._add(item, report))

            if self._options.machines.cluster is not None:
                self._grade_elsewhere(self._options.machines.cluster, left, each, confined)
                return
            grade_all(
                self._assignment.course,
                self._assignment.name,
                left,
                mode=self._options.sandbox,
                jobs=self._options.machines.jobs,
                each=each,
                tell=_telling(
                    self._found,
                    is_told(self._assignment, self._options.audience),
                    tongue_of(self._assignment, self._options.audience, self._options.whose.language),
                ),
                confined=confined,
            )

    def _grade_elsewhere(
        self,
        address: str,
        left: list[Found],
        each: Callable[[Found, SubmissionReport], None],
        confined: Callable[[str], None],
    ) -> None:
        from grader.cluster.client import grade_on

        grade_on(
            address,
            self._assignment,
            left,
            mode=self._options.sandbox,
            made_of=self._made_of,
            each=each,
            confined=confined,
            machine=self._machines.append,
            say=lambda text: click.echo(f"grader: {text}", err=True),
        )

    def _kept(self, report: SubmissionReport) -> Kept:
        return Kept(sandbox=self._sandbox, report=report, machine=self._machines[-1])

    def _remove_stale(self) -> None:
        """Where a class is graded, leave nothing of an earlier run beside its table."""
        listed = self._attendance
        whole = self._found if listed is None else listed.found
        if self._out is None or not is_class(self._options.paths, whole):
            return
        self._out.write_class(None if listed is None else to_class_json(self._assignment.name, listed))
        number = self._out.remove_stale(self._assignment.name)
        if number:
            sys.stderr.write(f"grader: {counted(number, 'result')} of an earlier run removed from {self._out.folder}\n")

    def _add(self, item: Found, report: SubmissionReport) -> SubmissionView:
        student = clean(whose(item, self._assignment.course.names))
        told = self._count(item, replace(report, student=student))
        self._reports[item.given] = told
        seen = view(self._report((told,), self._machines[-1:]), self._options.audience)
        if self._out is not None:
            self._out.add(self._numbers[item.given], seen)
        return seen.submissions[0]

    def _report(self, submissions: tuple[SubmissionReport, ...], machines: list[str]) -> Report:
        assignment, made_of = self._assignment, self._made_of
        if made_of and any(machines):
            made_of = {**made_of, "machine": ", ".join(sorted({one or made_of["machine"] for one in machines}))}
        return Report(
            assignment=assignment.name,
            sandbox=self._sandbox,
            feedback=assignment.feedback,
            submissions=submissions,
            made_of=made_of,
            students={clean(item.given): item.students for item in self._found if item.students},
            absent=() if self._attendance is None else self._attendance.absent,
        )


def _state(assignment: Assignment) -> State | None:
    try:
        return whole_state_of(assignment)
    except OSError:  # a file of the course is gone: the grading says so
        return None


def _telling(
    found: list[Found],
    told: bool,  # noqa: FBT001 - one of two
    tongue: Tongue,
) -> Callable[[Found, Progress], None] | None:
    """Say on standard error that the one submission is graded and, where it may be told, how its exercises are."""
    if len(found) != 1 or not sys.stderr.isatty():
        return None
    say = partial(click.echo, err=True)
    say(tongue(f"grading {in_a_line(found[0].given)} ..."))
    return (lambda _, progress: say(tongue(line_of(progress)))) if told else None
