"""A submission in a worker: ask it, within its budgets, and give it a fresh worker when one is gone.

Judges nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from grader.backends.analysis import Analysis
from grader.backends.budgets import Budgets
from grader.backends.containers import Container, note_containers
from grader.backends.loading import Loaded, Loading
from grader.backends.notes import Notes
from grader.backends.protocol import Helping, Loss
from grader.backends.tools import without
from grader.course.assignment import Assignment
from grader.sandbox.worker import TimedOut, Worker, WorkerDied
from grader.sandbox.zygotes import Zygotes
from grader.submissions.found import Source
from grader.worker.without import Without

__all__ = ["Session"]


@dataclass(slots=True, kw_only=True)
class _Now:
    """What is asked at the moment, what of the file is loaded for it, and which tools the worker lacks and has to."""

    exercise: str = ""
    full: bool = False
    without: Without = Without.NOTHING
    differentiates: bool = False
    loaded: Without = Without.NOTHING

    @property
    def lacks(self) -> Without:
        """What the worker lacks: a suite that differentiates what an exercise returned needs autograd for it."""
        return self.without & ~Without.AUTOGRAD if self.differentiates else self.without


class Session:
    """One submission, from its first load until `close`."""

    def __init__(self, zygotes: Zygotes, source: Source, assignment: Assignment, analysis: Analysis) -> None:
        """Load it for the first time."""
        self._exercises = {exercise.name: exercise for exercise in assignment.exercises}
        self._analysis = analysis
        self._budgets = Budgets(assignment)
        self._notes = Notes(analysis)
        self._loading = Loading(zygotes, source, assignment, analysis, self._budgets, self._notes)
        self._helpers: Helping | None = None
        self._now = _Now()
        self.containers: dict[str, Container] = {}
        loaded = self._loading.first()
        self._worker: Worker | None = loaded.worker if loaded else None
        self.defined: frozenset[str] = loaded.defined if loaded else frozenset()
        self.untouched = loaded.untouched & analysis.stub_left if loaded else frozenset[str]()
        self.tools: dict[str, str] = {}

    @property
    def losses(self) -> dict[str, Loss]:
        """Why names of the module are not there."""
        return self._notes.losses

    @property
    def unloadable(self) -> Loss | None:
        """Why no name of the module is there."""
        return self._notes.unloadable

    @property
    def helped(self) -> bool:
        """Say whether right helpers answer for some of the student's own, which takes a message for each call."""
        return self._helpers is not None

    @property
    def notes(self) -> list[str]:
        """What was left out of the submission and why, in its own order."""
        return self._notes.lines

    def note(self, *lines: str) -> None:
        """Add to the notes what is to be said of the file as a whole."""
        self._notes.say(*lines)

    def begin(self, exercise: str) -> None:
        """Charge what follows to this exercise, and give it a worker that has served no other.

        What one exercise leaves behind (a patched torch, a stray frame, remembered inputs) must neither harm another
        nor tell it anything. The tools that it may not use are not in its worker, and what else the file does than
        to define is not run there: it has run for the notes. What passes so is right.
        """
        if exercise == self._now.exercise:
            return
        first, self._now = not self._now.exercise, _Now(exercise=exercise, without=self._without(exercise))
        if not first or self._now.without or self._analysis.rest:
            self.close()
        self._find_missing()

    def forget(self, exercise: str) -> None:
        """Give this exercise a worker that has seen nothing of what it was asked so far."""
        self.close()
        self._now = _Now(exercise=exercise, full=self._now.full, without=self._without(exercise))

    def help_by(self, helpers: Helping | None, exercise: str) -> None:
        """Load anew for this exercise, with stubs for some names or none, and give the exercises new budgets."""
        self.close()
        self._helpers = helpers
        self._now = _Now(exercise=exercise, without=self._without(exercise))
        self._budgets.give_all_back()
        loaded = self._load()
        stubs = {stub["name"] for stub in helpers.stubs} if helpers is not None else set[str]()
        self.defined |= (loaded.defined if loaded else frozenset()) - stubs  # what stands in is not the student's

    def empty_worker(self) -> Worker:
        """Return a confined worker in which none of the submission's code is, for whoever helps it; close it."""
        return self._loading.empty_worker()

    def seconds(self, exercise: str) -> float:
        """Return the CPU seconds that an exercise has in all."""
        return self._exercises[exercise].exercise_seconds

    def load_fully(self) -> bool:
        """Load the whole file for this exercise from now on; say no where that was so already.

        What does not pass with the definitions alone is judged again with everything loaded, and with its time given
        back, where an exercise could feel what was left out.
        """
        if self._now.full or not self._analysis.felt or not self._budgets.may_load_fully:
            return False
        self._now.full = True
        self.close()
        self._budgets.give_back(self._now.exercise)
        self._find_missing()
        return True

    def _find_missing(self) -> None:
        """See whether an exercise that the file defines is there without the tools that it may not use."""
        exercise = self._now.exercise
        self.tools.pop(exercise, None)
        if (
            not self._now.without
            or exercise not in self.defined - self.untouched
            or self._analysis.reached.get(exercise)
        ):
            return  # there is nothing to ask it, or the source says it
        loaded = self._load()
        if loaded is not None and exercise not in loaded.defined and (self._now.full or not self._analysis.felt):
            self.tools[exercise] = "what it is made of"

    def _without(self, exercise: str) -> Without:
        found = self._exercises.get(exercise)
        return without(found) if found is not None else Without.NOTHING

    def source_line(self, filename: str, line: int) -> str:
        """Return a line of the source as it was handed in, or "": a worker may claim anything."""
        lines = next((cell.text.splitlines() for cell in self._loading.source.cells if cell.filename == filename), [])
        return lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""

    def gradients(self, exercise: str) -> bool:
        """Say whether calls of this exercise, "" for the one that was begun, are made with gradients on."""
        found = self._exercises.get(exercise or self._now.exercise)
        return found is None or found.gradients

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds that the student's code took so far, in all its workers."""
        return self._budgets.ended + (self._worker.cpu_seconds() if self._worker else 0.0)

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Ask the worker, within the budgets; raises WorkerDied or TimedOut, and then forgets the worker."""
        allowed = self._budgets.allow(self._now.exercise)
        self._now.differentiates = message["op"] == "probe" and bool(message["gradients"])
        if self._now.loaded != self._now.lacks:
            self.close()
        if self._worker is None:
            self._load()
            allowed = self._budgets.allow(self._now.exercise)
        worker = self._worker
        if worker is None:
            raise WorkerDied(self.unloadable.text if self.unloadable else "it could not be loaded again")
        before, start = worker.cpu_seconds(), time.monotonic() - worker.answered_for
        try:
            answer = worker.request(
                message,
                cpu_seconds=allowed.cpu,
                wall_seconds=allowed.wall,
                answer_question=self._helpers.answer if self._helpers else None,
            )
            note_containers(self.containers, message, answer)
            return answer
        except WorkerDied:
            self.close()
            raise
        except TimedOut as error:
            self.close()
            raise TimedOut(self._budgets.call_took_too_long(self._now.exercise, error, allowed)) from error
        finally:
            wall = time.monotonic() - worker.answered_for - start
            self._budgets.charge(self._now.exercise, cpu=worker.cpu_seconds() - before, wall=wall)

    def close(self) -> None:
        """End the worker; safe to call twice, and another is loaded where anything is asked after it."""
        if self._worker is not None:
            self._budgets.ended += self._worker.close()
            self._worker = None

    def _load(self) -> Loaded | None:
        before, start = self.cpu_seconds, time.monotonic()
        loaded = self._loading.load(full=self._now.full, helpers=self._helpers, without=self._now.lacks)
        cpu = self._budgets.ended + (loaded.worker.cpu_seconds() if loaded else 0.0) - before
        wall = time.monotonic() - start - (loaded.worker.answered_for if loaded else 0.0)
        if self._now.full:
            self._budgets.charge_full_load(cpu)
            self._budgets.wait(wall - cpu)
        else:
            self._budgets.charge(self._now.exercise, cpu=cpu, wall=wall)
        self._worker = loaded.worker if loaded else None
        self._now.loaded = self._now.lacks
        return loaded
