"""A submission in a worker: ask it, within its budgets, and give it a fresh worker when one is gone.

Judges nothing.
"""

from __future__ import annotations

import time

from grader.backends.analysis import Analysis
from grader.backends.budgets import Budgets
from grader.backends.containers import Container, note_containers
from grader.backends.loading import Loaded, Loading
from grader.backends.notes import Notes
from grader.backends.protocol import Helping, Loss
from grader.course.assignment import Assignment, Exercise
from grader.sandbox.worker import TimedOut, Worker, WorkerDied
from grader.sandbox.zygote import Zygote
from grader.submissions.found import Source

__all__ = ["Session"]


class Session:
    """One submission, from its first load until `close`."""

    def __init__(self, zygote: Zygote, source: Source, assignment: Assignment, analysis: Analysis) -> None:
        """Load it for the first time."""
        self._gradients = {exercise.name: exercise.gradients for exercise in assignment.exercises}
        self._budgets = Budgets(assignment)
        self._notes = Notes(analysis)
        self._loading = Loading(zygote, source, assignment, analysis, self._budgets, self._notes)
        self._helpers: Helping | None = None
        self._exercise = ""
        self._full = True
        self.containers: dict[str, Container] = {}
        loaded = self._loading.first()
        self._worker: Worker | None = loaded.worker if loaded else None
        self.defined: frozenset[str] = loaded.defined if loaded else frozenset()
        self.untouched = loaded.untouched & analysis.stub_left if loaded else frozenset[str]()
        self.tools: dict[str, str] = _tools_in(loaded, assignment.exercises) if loaded else {}

    @property
    def losses(self) -> dict[str, Loss]:
        """Why names of the module are not there."""
        return self._notes.losses

    @property
    def unloadable(self) -> Loss | None:
        """Why no name of the module is there."""
        return self._notes.unloadable

    @property
    def notes(self) -> list[str]:
        """What was left out of the submission and why, in its own order."""
        return self._notes.lines

    def note(self, *lines: str) -> None:
        """Add to the notes what is to be said of the file as a whole."""
        self._notes.say(*lines)

    def begin(self, exercise: str) -> None:
        """Charge what follows to this exercise, and give it a worker that has served no other.

        What one exercise leaves behind (a patched torch, a thread, a stray frame, remembered inputs)
        must neither harm another nor tell it anything.
        """
        if exercise != self._exercise:
            if self._exercise:
                self.close()
            self._exercise = exercise
            self._full = not self._loading.slow

    def forget(self, exercise: str) -> None:
        """Give this exercise a worker that has seen nothing of what it was asked so far."""
        self.close()
        self._exercise = exercise

    def help_by(self, helpers: Helping) -> None:
        """Load everything anew with stubs for some names, and give the exercises new budgets."""
        self.close()
        self._helpers = helpers
        self._exercise = ""
        self._full = not self._loading.slow
        self._budgets.give_all_back()
        loaded = self._load()
        self.defined = loaded.defined if loaded else frozenset()

    def load_fully(self) -> bool:
        """Load the whole file for this exercise from now on; say no where that was so already.

        A file whose own statements take long (a notebook that trains) is loaded in full once, for its
        notes; an exercise first gets its definitions alone. What passes with those is right. What does
        not is judged again with everything loaded, and with its time given back.
        """
        if self._full:
            return False
        self._full = True
        self.close()
        self._budgets.give_back(self._exercise)
        return True

    def source_line(self, filename: str, line: int) -> str:
        """Return a line of the source as it was handed in, or "": a worker may claim anything."""
        lines = next((cell.text.splitlines() for cell in self._loading.source.cells if cell.filename == filename), [])
        return lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""

    def gradients(self, exercise: str) -> bool:
        """Say whether calls of this exercise are made with gradients on."""
        return self._gradients.get(exercise, True)

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds that the student's code took so far, in all its workers."""
        return self._budgets.ended + (self._worker.cpu_seconds() if self._worker else 0.0)

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Ask the worker, within the budgets; raises WorkerDied or TimedOut, and then forgets the worker."""
        allowed = self._budgets.allow(self._exercise)
        if self._worker is None:
            self._load()
        worker = self._worker
        if worker is None:
            raise WorkerDied(self.unloadable.text if self.unloadable else "it could not be loaded again")
        before, start = worker.cpu_seconds(), time.monotonic()
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
            raise TimedOut(self._budgets.call_took_too_long(self._exercise, error, allowed)) from error
        finally:
            self._budgets.charge(self._exercise, cpu=worker.cpu_seconds() - before, wall=time.monotonic() - start)

    def close(self) -> None:
        """End the worker; safe to call twice, and another is loaded where anything is asked after it."""
        if self._worker is not None:
            self._budgets.ended += self._worker.close()
            self._worker = None

    def _load(self) -> Loaded | None:
        loaded = self._loading.load(full=self._full, helpers=self._helpers)
        self._worker = loaded.worker if loaded else None
        return loaded


def _tools_in(loaded: Loaded, exercises: tuple[Exercise, ...]) -> dict[str, str]:
    """Return the exercises whose function or class is a tool's own, by whatever way it was bound, and which."""
    found: dict[str, str] = {}
    for exercise in exercises:
        for module in loaded.origins(exercise.name):
            if any(f"{module}.".startswith(f"{tool}.") for tool in exercise.not_allowed):
                found[exercise.name] = f"`{module}`, which it is taken from,"
    return found
