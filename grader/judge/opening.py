"""Open a submission: read it, choose the file that counts, analyse and load it in a worker."""

from __future__ import annotations

from pathlib import Path

from grader.backends.analysis import Analysis, analyse
from grader.backends.session import Session
from grader.course.assignment import Assignment
from grader.errors import Unreadable
from grader.sandbox.forkserver import ForkServer
from grader.sandbox.mode import SandboxMode
from grader.sandbox.worker import TimedOut, WorkerDied
from grader.sandbox.zygotes import Zygotes
from grader.submissions.found import Found, Source
from grader.submissions.sources import read_sources
from grader.syntax.choice import BothDiffer, Candidate, Chosen, NoneReadable, choose

__all__ = ["open_submission", "zygotes_for"]


def zygotes_for(
    assignment: Assignment, *, mode: SandboxMode, forks: ForkServer | None = None, kept: Path | None = None
) -> Zygotes:
    """Return zygotes, not started yet, with this assignment's limits; its secrets prove the sandbox.

    `kept` is the folder of what is kept between runs, which holds examples and what is expected of them.
    """
    more = (kept,) if kept is not None else ()
    secret = (*more, assignment.hidden_suite, assignment.reference, assignment.folder, assignment.course.root)
    mib = 2**20
    return Zygotes(
        mode=mode,
        memory=assignment.limits.memory_mib * mib,
        file_size=assignment.limits.output_mib * mib,
        secret_paths=secret,
        forks=forks,
    )


def open_submission(zygotes: Zygotes, found: Found, assignment: Assignment) -> tuple[Source, Analysis, Session]:
    """Read, choose, analyse and load one submission; raises Unreadable, or a GraderError of ours."""
    source, analysis, notes = _choose(zygotes, read_sources(found, assignment.name), assignment)
    session = Session(zygotes, source, assignment, analysis)
    session.note(*notes)
    return source, analysis, session


def _choose(zygotes: Zygotes, sources: list[Source], assignment: Assignment) -> tuple[Source, Analysis, list[str]]:
    """Return the candidate that differs from the stub: the one in which an exercise is attempted."""
    readable: list[Candidate[tuple[Source, Analysis]]] = []
    reasons: list[str] = []
    for source in sources:
        try:
            analysis = analyse(zygotes, source, assignment)
        except (WorkerDied, TimedOut) as error:
            reasons.append(f"{source.filename} can't be parsed: {error.reason}")
            continue
        if analysis.is_python:
            readable.append(Candidate(file=(source, analysis), attempted=bool(analysis.attempted)))
        else:
            reasons.append(f"{source.filename} is no Python: {'; '.join(error for error in analysis.errors[:1])}")
    match choose(readable):
        case NoneReadable():
            raise Unreadable("; ".join(reasons))
        case BothDiffer(files=files):
            names = " and ".join(source.filename for source, _ in files)
            raise Unreadable(f"{names} both differ from the stub, and only the student can say which one counts")
        case Chosen(file=(source, analysis)):
            notes = [f"{source.filename} is graded, of {len(sources)} candidates"] if len(sources) > 1 else []
            return source, analysis, notes
