"""Grade submissions: open, run, follow through, score, name what is wrong; one submission never changes another.

The one place that puts the stages together. Everything that a submission can do wrong ends in its own
`SubmissionReport`; what is our fault makes it `broken`, and never credits anybody.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from grader.backends.analysis import bears_out
from grader.course.assignment import Assignment
from grader.diagnosis.counterexample import Evidence
from grader.diagnosis.diagnoser import Diagnoser
from grader.errors import GraderError, SandboxError, Unreadable
from grader.judge.bounds import MOST_BYTES, MOST_SECONDS, TooMuch, bounded
from grader.judge.driver import Account, Suite
from grader.judge.exercise_reports import cleaned, exercise_reports
from grader.judge.follow_through import Followed, follow_through
from grader.judge.individual import Owners
from grader.judge.known_answers import KnownAnswers
from grader.judge.opening import open_submission, zygotes_for
from grader.judge.store import Store
from grader.judge.student_examples import examples_told
from grader.judge.telling import Tell, Telling
from grader.outcomes import USES_WHAT_IS_WRONG, Counterexample, Diagnosis, Status
from grader.report.progress import AGAIN
from grader.report.report import ExerciseReport, Seconds, SubmissionReport, SubmissionStatus, without_score
from grader.report.text import clean
from grader.sandbox.forkserver import ForkServer
from grader.sandbox.mode import SandboxMode
from grader.sandbox.worker import TimedOut, WorkerDied
from grader.sandbox.zygotes import Zygotes
from grader.submissions.files import digest_of
from grader.submissions.found import Found, Source
from grader.suite.individual import judged_by

__all__ = ["grade_each"]

_TRIES = 2


@dataclass(slots=True, kw_only=True)
class _Grader:
    """Everything that is warm: the suite, and a zygote that is started anew when it is gone."""

    assignment: Assignment
    suite: Suite
    zygotes: Zygotes
    mode: SandboxMode
    forks: ForkServer
    diagnoser: Diagnoser
    tell: Tell
    owners: Owners

    def grade(self, found: Found) -> SubmissionReport:
        """Grade one submission, whatever it holds."""
        start, before = time.perf_counter(), (TimedOut.raised, WorkerDied.killed)
        report = self._whatever(found, start)
        return replace(report, timed_out=(TimedOut.raised, WorkerDied.killed) != before)

    def _whatever(self, found: Found, start: float) -> SubmissionReport:
        try:
            with bounded():
                return self._grade(found, start)
        except TooMuch:
            TimedOut.raised += 1  # on another day it may be less, so that it is not kept
            self._start_zygotes()
            why = f"what it answers took the grader itself more than {MOST_SECONDS:g} s to read"
            return self._without_score(found, SubmissionStatus.UNREADABLE, why, start)
        except MemoryError:
            self._start_zygotes()
            why = f"what it answers takes the grader itself more than {MOST_BYTES // 2**30} GiB of memory"
            return self._without_score(found, SubmissionStatus.UNREADABLE, why, start)
        except Unreadable as reason:
            return self._without_score(found, SubmissionStatus.UNREADABLE, str(reason), start)
        except GraderError as error:
            return self._without_score(found, SubmissionStatus.BROKEN, f"broken on our side: {error}", start)
        except Exception as error:  # noqa: BLE001 - the boundary: no submission stops the others
            text = f"broken on our side: {type(error).__name__}: {error}"
            return self._without_score(found, SubmissionStatus.BROKEN, text, start)

    def _without_score(self, found: Found, status: SubmissionStatus, why: str, start: float) -> SubmissionReport:
        seconds = round(time.perf_counter() - start, 3)
        report = without_score(self.assignment, found.given, digest_of(found), status, why, seconds=seconds)
        return replace(report, notes=(*report.notes, *map(clean, found.remarks)))

    def _grade(self, found: Found, start: float) -> SubmissionReport:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._grade_once(found, start)
            except SandboxError:
                if attempt == _TRIES:
                    raise
                self.tell(AGAIN)
                self._start_zygotes()
        raise AssertionError("the loop returns or raises")

    def _start_zygotes(self) -> None:
        self.zygotes.close()
        self.zygotes = zygotes_for(self.assignment, mode=self.mode, forks=self.forks)
        self.zygotes.start()
        self.zygotes.wait_until_ready()

    def _grade_once(self, found: Found, start: float) -> SubmissionReport:
        source, analysis, session = open_submission(self.zygotes, found, self.assignment)
        try:
            owned = self.owners.of(found, source)
            session.note(*owned.notes)
            telling = Telling(self.assignment, self.suite, session, self.tell)
            with judged_by(owned.own):
                outcomes, accounts = self.suite.grade(session, analysis, telling.checked)
                followed = follow_through(self.assignment, self.suite, session, analysis, outcomes, accounts)
                written = analysis.written
                if any(cell.notebook for cell in source.cells):  # their lines are of cells
                    written = {name: replace(one, lines=None) for name, one in written.items()}
                exercises = exercise_reports(self.assignment, self.suite, outcomes, followed, session, written)
            told = examples_told(self.assignment, self.suite, session, analysis)  # last: they change nothing else
        finally:
            session.close()
        exercises = tuple(self._explained(report, accounts, followed, source) for report in exercises)
        exercises = tuple(replace(report, examples=clean(told.get(report.exercise, ""))) for report in exercises)
        scores = [item.score for item in exercises]
        whole = None if None in scores else round(sum(score for score in scores if score is not None), 2)
        return SubmissionReport(
            submission=clean(found.given),
            sha256=source.sha256,
            status=SubmissionStatus.BROKEN if whole is None else SubmissionStatus.GRADED,
            score=whole,
            max_score=self.assignment.max_score,
            notes=tuple(clean(note) for note in session.notes),
            for_staff=owned.for_staff,
            seconds=Seconds(total=round(time.perf_counter() - start, 3), student=round(session.cpu_seconds, 3)),
            exercises=exercises,
            file=clean(source.filename),
        )

    def _explained(
        self, report: ExerciseReport, accounts: dict[str, Account], followed: dict[str, Followed], source: Source
    ) -> ExerciseReport:
        """Give an exercise that fails its counterexample and, where nothing is said of it yet, its headline.

        That is the misconception which answers as it does, or else the general signature that it shows.
        """
        if report.status not in (Status.FAILED, Status.CRASHED):
            return report
        follow = followed.get(report.exercise)
        account = follow.account if follow is not None else accounts.get(report.exercise, Account())
        if account.evidence is not None:
            report = replace(report, counterexample=_shown(account.evidence.counterexample))
        if account.picture is not None:
            report = replace(report, picture=account.picture)
        if {found.misconception for found in report.diagnosis} - {USES_WHAT_IS_WRONG}:
            return report
        bears = functools.partial(bears_out, self.zygotes, source, self.assignment, report.exercise)
        try:
            found = self.diagnoser.name(report.exercise, account.exchanges, right=account.right, bears_out=bears)
            if found is None and account.evidence is not None and account.evidence.repeated:
                # What remembers is told by what it was asked from its beginning; of the checks not all is kept.
                found = self.diagnoser.name(report.exercise, [account.evidence.repeated], bears_out=bears)
        except Exception:  # noqa: BLE001 - whatever an answer does to it: a grade without a headline is a grade
            found = None
        if found is None and account.evidence is not None and not report.diagnosis:
            found = _headline(account.evidence)
        return report if found is None else replace(report, diagnosis=(cleaned(found),))


def _headline(evidence: Evidence) -> Diagnosis | None:
    """Return what is said without the catalogue; where the search for more fails, what is known without it."""
    try:
        return evidence.headline()
    except Exception:  # noqa: BLE001 - whatever an answer does to it: a grade without a headline is a grade
        return evidence.diagnosis


def _shown(found: Counterexample) -> Counterexample:
    return replace(found, call=clean(found.call), returned=clean(found.returned), expected=clean(found.expected))


def grade_each(
    assignment: Assignment,
    suite: Suite,
    zygotes: Zygotes,
    submissions: Iterable[Found],
    *,
    mode: SandboxMode,
    forks: ForkServer,
    each: Callable[[Found, SubmissionReport], None],
    tell: Tell,
    store: Store,
    owners: Owners,
) -> Zygotes:
    """Grade submissions one after another, handing each report to `each`; return the zygote that is left.

    `tell` is called with each exercise whose checks have run; in `store` stays what the next run need not compute, and
    `owners` know whose a submission is.
    """
    known = KnownAnswers(assignment, store)
    grader = _Grader(
        assignment=assignment,
        suite=suite,
        zygotes=zygotes,
        mode=mode,
        forks=forks,
        diagnoser=Diagnoser(assignment, known.read),
        tell=tell,
        owners=owners,
    )
    try:
        for found in submissions:
            each(found, grader.grade(found))
    finally:
        answers = grader.diagnoser.answers
        if answers is not None and answers.new:
            known.write(answers.entries)
    return grader.zygotes
