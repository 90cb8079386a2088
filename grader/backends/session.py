"""A submission in a worker: load it, ask it, and give it a fresh worker when one is gone.

Owns the budgets: CPU seconds of a call, of an exercise and of loading, each apart from the others, so
that one exercise's time-out never eats another's time. Judges nothing.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from grader.backends.analysis import Analysis, wire_cells
from grader.backends.containers import Container, note_containers
from grader.backends.protocol import Helping, Loss
from grader.course.assignment import Assignment, Exercise, Limits
from grader.course.lesson import given_source
from grader.errors import SandboxError
from grader.outcomes import Status
from grader.sandbox.worker import GONE, TimedOut, Worker, WorkerDied
from grader.sandbox.zygote import Zygote
from grader.submissions.discover import Source

__all__ = ["Session"]

_MAX_RELOADS = 12
_SLOW_LOAD_SECONDS = 0.15  # of the clock: a file may wait, too
_DEFINITIONS_ONLY_AFTER = 3
_MAX_NOTES = 20
_QUESTIONS_TO_LOAD = 500  # a notebook that trains with stubs is cut short; what it defines is there all the same
_QUESTIONS = 20_000


@dataclass(slots=True)
class _Loading:
    """What the first load taught, so that every later one does the same."""

    skip: set[int] = field(default_factory=set)
    reloads: int = 0
    definitions_only: bool = False
    exhausted: bool = False
    current: int = -1
    wall_end: float = 0.0


class Session:
    """One submission, from its first load until `close`."""

    def __init__(self, zygote: Zygote, source: Source, assignment: Assignment, analysis: Analysis) -> None:
        self._zygote = zygote
        self._source = source
        self._assignment = assignment
        self._analysis = analysis
        self._given = given_source(assignment)
        self._limits = assignment.limits
        self._worker: Worker | None = None
        self._loading = _Loading()
        self._exercise = ""
        self._full = True
        self._slow_to_load = False
        self._spent: dict[str, float] = {}
        self._waited: dict[str, float] = {}
        self._cpu_of_dead = 0.0
        self._gradients = {exercise.name: exercise.gradients for exercise in assignment.exercises}
        self._budgets = {exercise.name: exercise for exercise in assignment.exercises}
        self._left_out: dict[int, str] = {}
        self._needing: dict[str, int] = {}
        self._helpers: Helping | None = None
        self.containers: dict[str, Container] = {}
        self.extra_notes: list[str] = []
        self.losses: dict[str, Loss] = {}
        self.tools: dict[str, str] = {}
        self.defined: frozenset[str] = frozenset()
        self.unloadable: Loss | None = None
        for index, error in enumerate(analysis.errors):
            if error:
                self._lose(index, Status.CRASHED, error)
        self._first_load()

    def begin(self, exercise: str) -> None:
        """Charge what follows to this exercise, and give it a worker that has served no other.

        What one exercise leaves behind (a patched torch, a thread, a stray frame, remembered inputs)
        must neither harm another nor tell it anything.
        """
        if exercise != self._exercise:
            if self._exercise:
                self._drop()
            self._exercise = exercise
            self._full = not self._slow_to_load

    def forget(self, exercise: str) -> None:
        """Give this exercise a worker that has seen nothing of what it was asked so far."""
        self._drop()
        self._exercise = exercise

    def help_by(self, helpers: Helping) -> None:
        """Load everything anew with stubs for some names, and give the exercises new budgets."""
        self._drop()
        self._helpers = helpers
        self._exercise = ""
        self._full = not self._slow_to_load
        self._spent.clear()
        self._waited.clear()
        self._note_defined(self._load() or {})

    def load_fully(self) -> bool:
        """Load the whole file for this exercise from now on; say no where that was so already.

        A file whose own statements take long (a notebook that trains) is loaded in full once, for its
        notes; an exercise first gets its definitions alone. What passes with those is right. What does
        not is judged again with everything loaded, and with its time given back.
        """
        if self._full:
            return False
        self._full = True
        self._drop()
        self._spent.pop(self._exercise, None)
        self._waited.pop(self._exercise, None)
        return True

    def source_line(self, filename: str, line: int) -> str:
        """Return a line of the source as it was handed in, or "": a worker may claim anything."""
        lines = next((cell.text.splitlines() for cell in self._source.cells if cell.filename == filename), [])
        return lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""

    def gradients(self, exercise: str) -> bool:
        """Say whether calls of this exercise are made with gradients on."""
        return self._gradients.get(exercise, True)

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds that the student's code took so far, in all its workers."""
        return self._cpu_of_dead + (self._worker.cpu_seconds() if self._worker else 0.0)

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Ask the worker, within the budgets; raises WorkerDied or TimedOut, and then forgets the worker."""
        limits = self._budgets.get(self._exercise, self._limits)
        left = limits.exercise_seconds - self._spent.get(self._exercise, 0.0)
        if left <= 0:
            raise TimedOut(f"this exercise used up its {limits.exercise_seconds:g} s of CPU time")
        wall_left = self._wall(limits.exercise_seconds) - self._waited.get(self._exercise, 0.0)
        if wall_left <= 0:
            raise TimedOut(f"this exercise did not end within {self._wall(limits.exercise_seconds):g} s of the clock")
        if self._worker is None:
            self._load()
        worker = self._worker
        if worker is None:
            raise WorkerDied(self.unloadable.text if self.unloadable else "it could not be loaded again")
        before, start = worker.cpu_seconds(), time.monotonic()
        try:
            answer = worker.request(
                message,
                cpu_seconds=min(left, limits.call_seconds),
                wall_seconds=min(wall_left, self._wall(limits.call_seconds)),
                answer_question=self._helpers.answer if self._helpers else None,
            )
            note_containers(self.containers, message, answer)
            return answer
        except WorkerDied:
            self._drop()
            raise
        except TimedOut as error:
            self._drop()
            raise TimedOut(self._too_long(error, limits, of_call=left > limits.call_seconds)) from error
        finally:
            spent = worker.cpu_seconds() - before
            self._spent[self._exercise] = self._spent.get(self._exercise, 0.0) + spent
            self._waited[self._exercise] = self._waited.get(self._exercise, 0.0) + time.monotonic() - start

    def _wall(self, seconds: float) -> float:
        return self._limits.wall_factor * seconds

    def _too_long(self, error: TimedOut, limits: Limits | Exercise, *, of_call: bool) -> str:
        """Say which limit was passed, in numbers that are the same in every run."""
        if error.waiting:
            return f"a call did not end within {self._wall(limits.call_seconds):g} s of the clock"
        if of_call:
            return f"a call took more than {limits.call_seconds:g} s of CPU time"
        return f"this exercise used up its {limits.exercise_seconds:g} s of CPU time"

    def close(self) -> None:
        """End the worker; safe to call twice."""
        self._drop()

    def _drop(self) -> None:
        if self._worker is not None:
            self._cpu_of_dead += self._worker.close()
            self._worker = None

    def _first_load(self) -> None:
        start = time.monotonic()
        answer = self._load()
        if answer is None:
            return
        self._slow_to_load = time.monotonic() - start > _SLOW_LOAD_SECONDS
        notes = answer.get("notes")
        for note in notes if isinstance(notes, list) else []:
            if isinstance(note, dict) and isinstance(note.get("statement"), int):
                index = note["statement"]
                if 0 <= index < len(self._analysis.where) and index not in self._loading.skip:
                    self._lose(index, Status.CRASHED, str(note.get("error", ""))[:300])
        origins = answer.get("origins")
        self._note_tools(origins if isinstance(origins, dict) else {})
        self._note_defined(answer)

    def _note_defined(self, answer: dict[object, object]) -> None:
        defined = answer.get("defined")
        self.defined = (
            frozenset(name for name in defined if isinstance(name, str)) if isinstance(defined, list) else frozenset()
        )

    def _note_tools(self, origins: dict[object, object]) -> None:
        """Note each exercise whose function or class is a tool's own, by whatever way it was bound."""
        for exercise in self._assignment.exercises:
            modules = origins.get(exercise.name)
            for module in modules if isinstance(modules, list) else []:
                if any(f"{module}.".startswith(f"{tool}.") for tool in exercise.not_allowed):
                    self.tools[exercise.name] = f"`{module}`, which it is taken from,"

    @property
    def notes(self) -> list[str]:
        """What was left out of the submission and why, in its own order."""
        lines = [self._note(index) for index in sorted(self._left_out)]
        if len(lines) > _MAX_NOTES:
            lines[_MAX_NOTES:] = [f"and {len(lines) - _MAX_NOTES} more notes of this kind"]
        return [*self.extra_notes, *lines]

    def _note(self, index: int) -> str:
        needing = sum(self._needing.get(name, 0) for name in self._analysis.names[index])
        later = f", with {needing} later statements that need it" if needing > 1 else ""
        later = ", with one later statement that needs it" if needing == 1 else later
        return f"left out {self._analysis.where[index]}{later}: {self._left_out[index]}"

    def _lose(self, index: int, status: Status, error: str) -> None:
        where = self._analysis.where[index]
        undefined = re.fullmatch(r"NameError: name '(\w+)' is not defined.*", error)
        lost_name = undefined[1] if undefined else ""
        if error.startswith("NotImplementedError"):  # a stub is called, as a notebook's demonstrations do
            pass
        elif lost_name in self.losses:  # said already, where that name was lost
            self._needing[lost_name] = self._needing.get(lost_name, 0) + 1
        else:
            self._left_out[index] = error
        for name in self._analysis.names[index]:
            self.losses[name] = Loss(status=status, text=f"{where}: {error}")

    def _load(self) -> dict[object, object] | None:
        """Load until nothing kills the worker; each statement that does is left out the next time."""
        state = self._loading
        while state.reloads <= _MAX_RELOADS:
            state.current = -1
            state.wall_end = time.monotonic() + self._wall(self._limits.load_seconds)
            seconds = self._limits.load_seconds + sum(item.exercise_seconds for item in self._assignment.exercises)
            self._worker = self._zygote.spawn(cpu_seconds=int(seconds) + 30)
            if self._helpers is not None:
                self._helpers.begin(_QUESTIONS_TO_LOAD)
            try:
                answer = self._worker.request(
                    {
                        "op": "load",
                        "name": self._assignment.name,
                        "cells": wire_cells(self._source),
                        "given": self._given,
                        "exercises": list(self._assignment.names),
                        "skip": sorted(state.skip),
                        "definitions_only": state.definitions_only or not self._full,
                        "output": self._limits.output_mib * 2**20,
                        "stubs": self._helpers.stubs if self._helpers else [],
                    },
                    cpu_seconds=self._limits.load_seconds,
                    wall_seconds=self._wall(self._limits.load_seconds),
                    progress=self._progress,
                    answer_question=self._helpers.answer if self._helpers else None,
                )
                if self._helpers is not None:
                    self._helpers.begin(_QUESTIONS)
                return answer
            except WorkerDied as error:
                self._drop()
                self._leave_out(Status.CRASHED, error.reason)
            except TimedOut as error:
                state.exhausted |= self._worker.cpu_seconds() >= self._limits.load_seconds
                state.exhausted |= time.monotonic() >= state.wall_end
                self._drop()
                self._leave_out(
                    Status.TIMED_OUT, self._too_long(error, self._limits, of_call=True).replace("a call", "it")
                )
        text = "the file could not be loaded: too many of its statements ended the process, or it is too large"
        self.unloadable = Loss(status=Status.CRASHED, text=text)
        return None

    def _progress(self, message: dict[object, object]) -> tuple[float, float]:
        """Note which statement runs now, and give it its seconds."""
        index = message["statement"]
        state = self._loading
        if type(index) is not int or not state.current < index < len(self._analysis.where):
            raise WorkerDied(GONE)
        state.current = index
        assert self._worker is not None
        left = self._limits.load_seconds - self._worker.cpu_seconds()
        wall_left = state.wall_end - time.monotonic()
        if left <= 0 or wall_left <= 0:
            state.exhausted = True
            raise TimedOut("the file used up its time")
        return min(left, self._limits.call_seconds), min(wall_left, self._wall(self._limits.call_seconds))

    def _leave_out(self, status: Status, reason: str) -> None:
        state = self._loading
        state.reloads += 1
        if state.exhausted and not state.definitions_only:
            # No statement by itself is to blame: the next load leaves out all that computes.
            state.definitions_only = True
            text = f"the file's own statements took more than {self._limits.load_seconds:g} s"
            self.extra_notes.append(f"{text}: only definitions, imports and constants are run")
            return
        index = state.current
        if index < 0 and status is Status.CRASHED:  # no line of the submission has run
            raise SandboxError(f"a worker ended before the first statement ran: {reason}")
        if index < 0:
            state.reloads = _MAX_RELOADS + 1
            return
        state.skip.add(index)
        self._lose(index, status, reason)
        if state.reloads == _DEFINITIONS_ONLY_AFTER:
            state.definitions_only = True
            self.extra_notes.append(
                "too many statements ended the process: only definitions, imports and constants are run"
            )
