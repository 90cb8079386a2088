"""Grade a list of submissions by the workers of a cluster, which may come and go while it is graded.

A batch whose worker is lost is done again. A submission at which one worker after another dies, alone too, is
`broken`, and the others go on. What can't be sent is graded here.
"""

from __future__ import annotations

import contextlib
import queue
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from grader.cluster.asking import asked
from grader.cluster.connecting import connected
from grader.cluster.messages import Answer, answers, read_answer
from grader.cluster.sending import Sent, pack, write_batch
from grader.course.assignment import Assignment
from grader.errors import GraderError
from grader.judge.parallel import grade_all
from grader.report.report import SubmissionReport, SubmissionStatus, without_score
from grader.report.text import in_a_line
from grader.sandbox.mode import SandboxMode
from grader.submissions.files import digest_of
from grader.submissions.found import Found

if TYPE_CHECKING:
    from distributed import Client, Future

    from grader.cluster.plugin import Checkers

__all__ = ["grade_on"]

_LOOK_SECONDS = 30.0  # between two looks whether anybody works
_LONG = 4  # looks without an end, after which it is said who is at work
_NAMED = 4  # workers in a line
_CLOSE_SECONDS = 10.0
_RETRIES = 2  # of a batch at which a worker raises, as one without room on its disk
_BATCH = 10  # submissions at most: so many are done again where a worker is lost
_BATCH_BYTES = 2**23
_ROUNDS = 4  # batches for each core, at least: the last ones end at about the same time
_AHEAD = 3  # batches for each core that are sent before they are wanted
_BROKEN = "broken on our side: the workers of the cluster that graded it died"


def grade_on(
    address: str,
    assignment: Assignment,
    found: Sequence[Found],
    *,
    mode: SandboxMode,
    made_of: Mapping[str, str],
    each: Callable[[Found, SubmissionReport], None],
    confined: Callable[[str], None],
    machine: Callable[[str], None],
    say: Callable[[str], None],
) -> None:
    """Grade by the workers at `address`, handing each report to `each`, in any order.

    `confined` and `machine` are called before, whenever what confined a submission, or the kind of machine that
    graded it, is another than it was; `say` with a line of how it is where nobody works. Raises UsageError where no
    cluster answers, and GraderError where a worker would grade otherwise, or the cluster is gone.
    """
    with connected(address) as client:
        from grader.cluster.plugin import Checkers

        name = f"chainrule-{uuid.uuid4().hex}"
        plugin = Checkers(name, str(assignment.course.root), assignment.name, mode.value, made_of)
        run = _Run(client, name, assignment, found, _Told(each=each, confined=confined, machine=machine), say)
        try:
            _register(client, plugin, address, say)
            run.grade()
        finally:
            run.close()
    if run.unsent:
        machine(made_of.get("machine", ""))
        grade_all(assignment.course, assignment.name, run.unsent, mode=mode, each=each, confined=confined)


def _register(client: Client, plugin: Checkers, address: str, say: Callable[[str], None]) -> None:
    def waiting() -> None:
        say("the cluster has not taken the run yet: its scheduler, or a worker, does not answer; waiting")

    try:
        asked(partial(client.register_plugin, plugin), _LOOK_SECONDS, waiting)
    except ImportError as error:  # as a worker raises it, or the scheduler
        fix = "install the same grader where the scheduler and the workers are, with the extra cluster"
        raise GraderError(f"--cluster {address}: its workers can't load the grader ({error}); {fix}") from error
    except Exception as error:
        fix = "look whether its scheduler and each of its workers lives, and run it again"
        said = f"the cluster has not taken the run ({type(error).__name__}: {error})"
        raise GraderError(f"--cluster {address}: {said}; {fix}") from error


class _Told:
    """Whom reports are handed to, with what they were made by."""

    def __init__(
        self,
        *,
        each: Callable[[Found, SubmissionReport], None],
        confined: Callable[[str], None],
        machine: Callable[[str], None],
    ) -> None:
        self.each = each
        self._confined, self._sandbox = confined, ""
        self._machine, self._of = machine, ""

    def by(self, machine: str, sandbox: str) -> None:
        if machine != self._of:
            self._of = machine
            self._machine(machine)
        if sandbox != self._sandbox:
            self._sandbox = sandbox
            self._confined(sandbox)


class _Run:
    """What is left to send, what is under way, and what has to be tried alone."""

    def __init__(
        self,
        client: Client,
        name: str,
        assignment: Assignment,
        found: Sequence[Found],
        told: _Told,
        say: Callable[[str], None],
    ) -> None:
        self._client = client
        self._name = name
        self._assignment = assignment
        self._told = told
        self._say = say
        self._left = list(reversed(found))
        self._again: list[Found] = []  # of batches that were lost: each by itself
        self._alone: list[Found] = []  # at which workers died by themselves, though others may have done it
        self._under_way: dict[Future[bytes], list[Found]] = {}
        self._ended: queue.SimpleQueue[Future[bytes]] = queue.SimpleQueue()
        self.unsent: list[Found] = []

    def grade(self) -> None:
        """Grade all but `unsent`; raises GraderError."""
        while self._feed() or self._under_way:
            self._take(self._next())
        while self._alone:
            item = self._alone.pop()
            self._send([item])
            future = self._next()
            if _was_killed(future):
                del self._under_way[future]
                why = without_score(self._assignment, item.given, digest_of(item), SubmissionStatus.BROKEN, _BROKEN)
                self._told.each(item, why)
            else:
                self._take(future)

    def close(self) -> None:
        """Let the workers end what belongs to this run."""
        if self._client.status != "running":
            return

        def end() -> None:
            self._client.cancel([*self._under_way], force=True)
            self._client.unregister_worker_plugin(self._name)

        def waiting() -> None:
            raise TimeoutError

        with contextlib.suppress(Exception):  # whoever is gone has nothing left to end
            asked(end, _CLOSE_SECONDS, waiting)

    def _feed(self) -> bool:
        """Send as many batches as the workers can soon be at; say whether anything is under way."""
        if self._left or self._again:
            cores = self._cores()
            while (self._left or self._again) and len(self._under_way) < max(1, cores) * _AHEAD:
                self._send(self._batch(cores))
        return bool(self._under_way)

    def _cores(self) -> int:
        """Return how many submissions the workers can grade at a time."""
        say = partial(self._say, "the scheduler of the cluster does not answer; waiting for it")
        return sum(asked(self._client.nthreads, _LOOK_SECONDS, say).values())

    def _batch(self, cores: int) -> list[Found]:
        if self._again:
            return [self._again.pop()]
        size = min(_BATCH, len(self._left) // (max(1, cores) * _ROUNDS))
        return [self._left.pop() for _ in range(max(1, size))]

    def _send(self, batch: list[Found]) -> None:
        """Send submissions, in several messages where they are large."""
        message: list[Sent] = []
        items: list[Found] = []
        for item in batch:
            sent = pack(item)
            if sent is None:
                self.unsent.append(item)
                continue
            if message and sum(one.size for one in message) + sent.size > _BATCH_BYTES:
                self._submit(message, items)
                message, items = [], []
            message.append(sent)
            items.append(item)
        if message:
            self._submit(message, items)

    def _submit(self, message: list[Sent], items: list[Found]) -> None:
        from grader.cluster.plugin import grade_batch

        key = f"{self._name}-{uuid.uuid4().hex}"
        future = self._client.submit(
            grade_batch, self._name, write_batch(message), key=key, retries=_RETRIES, pure=False
        )
        self._under_way[future] = items
        future.add_done_callback(self._ended.put)

    def _next(self) -> Future[bytes]:
        """Wait for a batch to end."""
        looks = 0
        while True:
            try:
                return self._ended.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                looks += 1
                if self._client.status != "running":
                    continue  # what is under way ends with it
                if not self._cores():
                    self._say("the cluster has no workers at the moment; waiting for some")
                elif looks % _LONG == 0:
                    self._say(self._at_work(looks * _LOOK_SECONDS))

    def _at_work(self, seconds: float) -> str:
        """Say which workers are at something, where nothing has ended for long: one of them may hang."""
        busy = sorted(worker for worker, tasks in self._client.processing().items() if tasks)
        more = f" and {len(busy) - _NAMED} more" if len(busy) > _NAMED else ""
        where = ", ".join(map(in_a_line, busy[:_NAMED])) or "no worker"
        return f"nothing has come back for {seconds / 60:.0f} minutes; at work: {where}{more}"

    def _take(self, future: Future[bytes]) -> None:
        """Hand on the reports of a batch, or have done again what was lost; raises GraderError."""
        items = self._under_way.pop(future)
        if _was_killed(future):
            (self._again if len(items) > 1 else self._alone).extend(items)
            return
        by_name = {item.given: item for item in items}
        answer = self._answer(future)
        if not answers(answer, by_name):
            raise GraderError("a worker of the cluster has answered for other submissions than it was sent")
        for one in answer.graded:
            self._told.by(answer.machine, one.sandbox)
            self._told.each(by_name[one.given], one.report)

    def _answer(self, future: Future[bytes]) -> Answer:
        if future.status not in ("finished", "error"):
            raise GraderError("the cluster is gone; run it again once it is back, and it goes on where it stopped")
        error = future.exception()
        if error is not None:
            raise GraderError(f"a worker of the cluster failed: {type(error).__name__}: {error}")
        try:
            answer = read_answer(future.result())
        except ValueError as wrong:
            raise GraderError(f"a worker of the cluster has answered with {wrong}") from wrong
        if answer.refusal:
            raise GraderError(f"a worker of the cluster refuses: {answer.refusal}")
        return answer


def _was_killed(future: Future[bytes]) -> bool:
    """Say whether one worker after another died at it."""
    from distributed import KilledWorker

    return future.status == "error" and isinstance(future.exception(), KilledWorker)
