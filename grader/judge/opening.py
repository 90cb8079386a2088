"""Open a submission: read it, choose the file that counts, analyse and load it in a worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from grader.backends.analysis import Analysis, analyse
from grader.backends.session import Session
from grader.course.assignment import Assignment
from grader.errors import Unreadable
from grader.sandbox.forkserver import ForkServer
from grader.sandbox.mode import SandboxMode
from grader.sandbox.worker import TimedOut, WorkerDied
from grader.sandbox.zygotes import Zygotes
from grader.submissions.found import Found, Reading, Source, Unread, Wanted
from grader.submissions.names import ANY_NAME
from grader.submissions.sources import read_sources
from grader.syntax.choice import BothDiffer, Candidate, Chosen, NoneReadable, choose

__all__ = ["choose_source", "open_submission", "zygotes_for"]


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
    wanted = Wanted(assignment=assignment.name, exercises=assignment.names, assignments=assignment.course.names)
    look = partial(analyse, zygotes, assignment=assignment)
    source, analysis, notes = choose_source(read_sources(found, wanted), look)
    session = Session(zygotes, source, assignment, analysis)
    session.note(*notes, *_covered(analysis), *found.remarks)
    return source, analysis, session


def _covered(analysis: Analysis) -> list[str]:
    """Say which answers a stub behind them takes the place of."""
    return [
        f"{name} is answered in {answer}, and the stub in {stub} takes the place of that: delete the stub"
        for name, (answer, stub) in sorted(analysis.work.covered.items())
    ]


def choose_source(reading: Reading, look: Callable[[Source], Analysis]) -> tuple[Source, Analysis, list[str]]:
    """Return the candidate in which an exercise is attempted, and what is to be said of the others.

    A stub counts only where nothing beside it could be the work. `look` analyses a source. Raises Unreadable.
    """
    readable: list[Candidate[tuple[Source, Analysis]]] = []
    unread = list(reading.unread)
    for source in reading.sources:
        try:
            analysis = look(source)
        except (WorkerDied, TimedOut) as error:
            unread.append(Unread(filename=source.filename, why=f"it can't be parsed: {error.reason}"))
            continue
        if not analysis.is_python:
            why = f"it is no Python: {'; '.join(analysis.errors[:1])}"
            unread.append(Unread(filename=source.filename, why=why))
        elif source.rank < ANY_NAME or analysis.work.tried or analysis.stub_left:
            attempted = bool(analysis.work.tried)
            readable.append(Candidate(file=(source, analysis), attempted=attempted, code=analysis.work.code))
    mistaken = [str(item) for item in unread if item.may_be_work]
    match choose(readable):
        case NoneReadable():
            there = ", ".join(source.filename for source in reading.sources[:5])
            raise Unreadable("; ".join(map(str, unread)) or f"no file defines an exercise; found {there}")
        case BothDiffer(files=files):
            names = " and ".join(source.filename for source, _ in files)
            said = f"{names} differ, and both are more than the stub: ask the student which one counts, and grade that"
            raise Unreadable("; ".join([said, *map(str, unread)]))
        case Chosen(file=(source, _), attempted=False) if mistaken:
            raise Unreadable("; ".join([*mistaken, f"{source.filename} beside it is the stub as it was handed out"]))
        case Chosen(file=(source, analysis)):
            others = [item.file[0].filename for item in readable if item.file[0] is not source]
            beside = f"{source.filename} is graded, of {len(readable)} candidates; beside it lies {', '.join(others)}"
            return source, analysis, [*([beside] if others else []), *(f"not read: {item}" for item in unread)]
