"""What is in a worker of the cluster: a process that forks checkers, and a checker for each batch.

The worker finds the course on its own disk, and grades by it only where all that a grade depends on is what it is
where the run was started. No student code runs here, and nothing of a submission is unpickled.
"""

from __future__ import annotations

import asyncio
import os
import platform
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from grader.cluster.messages import Answer, Graded, write_answer
from grader.cluster.sending import read_batch, unpack
from grader.course.assignment import Assignment
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, CourseNotFound, GraderError
from grader.judge.checker import CheckerServer
from grader.judge.parallel import grade_by
from grader.judge.servers import Servers
from grader.judge.state import parts_of
from grader.report.report import SubmissionReport
from grader.sandbox.mode import SandboxMode
from grader.sandbox.scratch import Scratch
from grader.submissions.found import Found

if TYPE_CHECKING:
    from distributed import Worker

__all__ = ["Checkers", "grade_batch"]

_IDLE_SECONDS = 300.0
_MACHINE = "machine"  # of what a grade depends on, what may differ


class Checkers(WorkerPlugin):
    """The checkers of one run in one worker; a worker with several threads grades as many batches at a time.

    They share a process that has imported torch, collected and recorded the suite. It starts with the first batch,
    and ends with the run, with the worker, or when nobody has asked for minutes, since whoever ran is gone.
    """

    def __init__(self, name: str, course: str, assignment: str, mode: str, made_of: Mapping[str, str]) -> None:
        """Hold plain values: this is what is sent to the workers. `made_of` is what `parts_of` says at the start."""
        self.name = name
        self._course = course
        self._assignment = assignment
        self._mode = mode
        self._made_of = dict(made_of)

    def setup(self, worker: Worker) -> None:
        """Start nothing yet."""
        self._place = f"{platform.node()} ({worker.address})"
        self._lock = threading.Lock()
        self._servers: Servers | None = None
        self._closed = False

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - the signature is dask's
        """End every process; whoever grades gets a GraderError."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            servers, self._servers = self._servers, None
        if servers is not None:
            servers.close()

    def grade(self, batch: bytes) -> Answer:
        """Grade a batch; what can't be graded at all is refused. Raises OSError where there is no room for it."""
        try:
            assignment, machine = self._opened()
            return Answer(machine=machine, graded=tuple(self._graded(assignment, batch)))
        except GraderError as error:
            return Answer(refusal=f"{self._place}: {error}")

    def _opened(self) -> tuple[Assignment, str]:
        """Return the assignment, and a digest of this machine; raises GraderError where it would grade otherwise."""
        variable = os.environ.get("GRADER_COURSE")
        try:
            course = find_course(None if variable else Path(self._course))
        except CourseNotFound as error:
            where = f"GRADER_COURSE={variable}" if variable else self._course
            fix = "put the course there, or set GRADER_COURSE where its workers are started"
            raise CourseNotFound(f"there is no course at {where}: {fix}") from error
        assignment = load_assignment(course, self._assignment)
        try:
            mine = parts_of(assignment)
        except OSError as error:
            raise CourseError(f"{error.filename}: {error.strerror}") from error
        theirs = self._made_of
        names = [name for name in {**theirs, **mine} if name != _MACHINE and mine.get(name) != theirs.get(name)]
        if names:
            said = "; ".join(f"{name} is {mine.get(name)} there, {theirs.get(name)} here" for name in names)
            raise GraderError(f"it would grade otherwise: {said}; install the same there, and copy the course again")
        return assignment, mine[_MACHINE]

    def _graded(self, assignment: Assignment, batch: bytes) -> list[Graded]:
        graded: list[Graded] = []
        sandbox = [""]
        scratch = Scratch()
        try:
            found = []
            for number, sent in enumerate(read_batch(batch)):
                folder = scratch.path / str(number)
                folder.mkdir()
                found.append(unpack(sent, folder))

            def each(item: Found, report: SubmissionReport) -> None:
                graded.append(Graded(given=item.given, sandbox=sandbox[-1], report=report))

            servers = self._checkers(assignment)
            grade_by(servers, assignment, found, each=each, confined=sandbox.append)
            servers.prepare()
        finally:
            scratch.remove()
        return graded

    def _checkers(self, assignment: Assignment) -> Servers:
        with self._lock:
            if self._closed:
                raise GraderError("the run has ended")
            if self._servers is None:
                mode = SandboxMode(self._mode)
                start = partial(CheckerServer, assignment.course, assignment.name, mode, idle_seconds=_IDLE_SECONDS)
                self._servers = Servers(start)
            return self._servers


def grade_batch(name: str, batch: bytes) -> bytes:
    """Grade a batch in a worker that has the plugin of this name; bytes come in, and JSON goes out."""
    checkers = get_worker().plugins[name]  # KeyError in a worker that has just come: it is tried again
    assert isinstance(checkers, Checkers)
    return write_answer(checkers.grade(batch))
