"""Load a submission until nothing kills its worker: each statement that does is left out in every later load.

Judges nothing: what the first load leaves out, and why, goes to the notes. Which statement ends a later load could tell
what was asked before it, or what right helpers answer, and the notes are told even where hidden checks are not.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from grader.backends.analysis import Analysis, wire_cells
from grader.backends.budgets import Budgets
from grader.backends.notes import Notes, Raised, raised_in
from grader.backends.protocol import Helping, Loss
from grader.course.assignment import Assignment
from grader.course.lesson import given_source
from grader.errors import SandboxError
from grader.outcomes import Status
from grader.sandbox.worker import GONE, TimedOut, Worker, WorkerDied
from grader.sandbox.zygotes import Zygotes
from grader.submissions.found import Source
from grader.worker.without import Without

__all__ = ["Loaded", "Loading"]

_MAX_RELOADS = 12
_NOT_AGAIN_SECONDS = 0.02  # of CPU: what took longer, and no exercise feels, runs once
_DEFINITIONS_ONLY_AFTER = 3
_ONLY_DEFINITIONS = "only definitions, imports and constants are run"
_QUESTIONS_TO_LOAD = 500  # a notebook that trains with stubs is cut short; what it defines is there all the same
_QUESTIONS = 60_000  # ten of each of 5,000 epochs, and some more


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A worker that holds the submission, and what it told of it, which may be anything."""

    worker: Worker
    answer: Mapping[object, object]

    @property
    def defined(self) -> frozenset[str]:
        """The exercises that it defines."""
        return self._names("defined")

    @property
    def untouched(self) -> frozenset[str]:
        """The exercises that are bound to the stub as it was handed out."""
        return self._names("untouched")

    @property
    def raised(self) -> Iterator[Raised]:
        """What its statements raised."""
        return raised_in(self.answer)

    def _names(self, key: str) -> frozenset[str]:
        found = self.answer.get(key)
        return frozenset(name for name in found if isinstance(name, str)) if isinstance(found, list) else frozenset()


@dataclass(slots=True, kw_only=True)
class _Attempt:
    """One load in one worker: until when, and which statement runs."""

    worker: Worker
    wall_end: float
    current: int = -1
    took: dict[int, float] = field(default_factory=dict)
    cpu: float = 0.0

    def begin(self, index: int) -> None:
        """Note that this statement begins, and what CPU seconds the one before it took."""
        before, self.cpu = self.cpu, self.worker.cpu_seconds()
        self.took[self.current] = self.cpu - before
        self.current = index


class Loading:
    """What the loads of one submission teach, so that every later one does the same."""

    def __init__(
        self,
        zygotes: Zygotes,
        source: Source,
        assignment: Assignment,
        analysis: Analysis,
        budgets: Budgets,
        notes: Notes,
    ) -> None:
        self.source = source
        self._zygotes = zygotes
        self._budgets = budgets
        self._notes = notes
        self._request: dict[str, object] = {
            "op": "load",
            "name": assignment.name,
            "cells": wire_cells(source),
            "given": given_source(assignment),
            "exercises": list(assignment.names),
            "stand_ins": list(assignment.stand_ins),
            "output": assignment.limits.output_mib * 2**20,
        }
        self._skip: set[int] = set()
        self._independent = analysis.independent
        self._rest = analysis.rest
        self._not_again: set[int] = set()
        self._reloads = 0
        self._only_definitions = False
        self._exhausted = False

    def first(self) -> Loaded | None:
        """Load everything for the first time, and note what its statements raise."""
        loaded = self.load(full=True, helpers=None, without=Without.NOTHING)
        self._notes.loaded()
        if loaded is None:
            return None
        for found in loaded.raised:
            if 0 <= found.statement < len(self._independent) and found.statement not in self._skip:
                self._notes.lose_raised(found)
        return loaded

    def empty_worker(self) -> Worker:
        """Return a worker into which nothing is loaded."""
        return self._zygotes.spawn(cpu_seconds=self._budgets.life_seconds)

    def load(self, *, full: bool, helpers: Helping | None, without: Without) -> Loaded | None:
        """Load in a fresh worker, and in another where that one dies; None where none of them comes through.

        Without `full` the definitions alone are run. `helpers` answer for the names that they stand for. What uses a
        tool that the worker lacks raises, and is left out as any statement that raises is.
        """
        while self._reloads <= _MAX_RELOADS:
            worker = self._zygotes.spawn(cpu_seconds=self._budgets.life_seconds, without=without)
            attempt = _Attempt(worker=worker, wall_end=time.monotonic() + self._budgets.load_wall_seconds)
            try:
                answer = self._ask(attempt, full=full, helpers=helpers)
                attempt.begin(len(self._independent))
                self._not_again |= {
                    index
                    for index, seconds in attempt.took.items()
                    if index >= 0 and seconds > _NOT_AGAIN_SECONDS and self._independent[index]
                }
                return Loaded(worker=worker, answer=answer)
            except WorkerDied as error:
                self._end(worker)
                self._leave_out(attempt.current, Status.CRASHED, error.reason)
            except TimedOut as error:
                self._exhausted |= worker.cpu_seconds() >= self._budgets.load_seconds
                self._exhausted |= time.monotonic() >= attempt.wall_end
                self._end(worker)
                self._leave_out(attempt.current, Status.TIMED_OUT, self._budgets.statement_took_too_long(error))
            except BaseException:  # ours, or an interrupt: the worker is nobody's yet, so that nobody would end it
                self._end(worker)
                raise
        text = "the file could not be loaded: too many of its statements ended the process, or it is too large"
        self._notes.unloadable = Loss(status=Status.CRASHED, text=text)
        return None

    def _ask(self, attempt: _Attempt, *, full: bool, helpers: Helping | None) -> dict[object, object]:
        if helpers is not None:
            helpers.begin(_QUESTIONS_TO_LOAD)
        left_out = self._rest if self._only_definitions or not full else frozenset()
        answer = attempt.worker.request(
            {
                **self._request,
                "skip": sorted(self._skip | self._not_again | left_out),
                "stubs": helpers.stubs if helpers else [],
            },
            cpu_seconds=self._budgets.load_seconds,
            wall_seconds=self._budgets.load_wall_seconds,
            progress=partial(self._progress, attempt),
            answer_question=helpers.answer if helpers else None,
        )
        if attempt.current < 0 and "error" in answer:  # nothing of the submission has run: it is the worker's own
            raise SandboxError(f"what a worker lacks can't be kept from it: {answer['error']}")
        if helpers is not None:
            helpers.begin(_QUESTIONS)
        return answer

    def _progress(self, attempt: _Attempt, message: dict[object, object]) -> tuple[float, float]:
        """Note which statement runs now, and give it its seconds."""
        index = message["statement"]
        if type(index) is not int or not attempt.current < index < len(self._independent):
            raise WorkerDied(GONE)
        attempt.begin(index)
        cpu, wall = self._budgets.allow_statement(attempt.cpu, attempt.wall_end)
        if cpu <= 0 or wall <= 0:
            self._exhausted = True
            raise TimedOut("the file used up its time")
        return cpu, wall

    def _end(self, worker: Worker) -> None:
        self._budgets.ended += worker.close()

    def _leave_out(self, index: int, status: Status, reason: str) -> None:
        """Leave out what is to blame for a load that failed; `index` is below 0 where no statement has run."""
        self._reloads += 1
        if self._exhausted and not self._only_definitions:
            # No statement by itself is to blame: the next load leaves out all that computes.
            self._only_definitions = True
            self._notes.say_of_load(f"{self._budgets.load_took_too_long()}: {_ONLY_DEFINITIONS}")
            return
        if index < 0 and status is Status.CRASHED:  # no line of the submission has run
            raise SandboxError(f"a worker ended before the first statement ran: {reason}")
        if index < 0:
            self._reloads = _MAX_RELOADS + 1
            return
        self._skip.add(index)
        self._notes.lose(index, status, reason)
        if self._reloads == _DEFINITIONS_ONLY_AFTER:
            self._only_definitions = True
            self._notes.say_of_load(f"too many statements ended the process: {_ONLY_DEFINITIONS}")
