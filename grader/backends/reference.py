"""The reference of an assignment, in the checker's own process; it never enters a worker in which student code is.

It answers the same requests as a worker, by the same code and through the same frames, but without a
socket, limits or confinement: it is the course's own.
"""

from __future__ import annotations

from types import CodeType
from typing import cast

from grader import wire
from grader.backends.containers import Container, note_containers
from grader.backends.notes import raised_in
from grader.backends.protocol import Loss
from grader.course.assignment import Assignment
from grader.course.lesson import reference_source
from grader.errors import CourseError, WireError
from grader.worker.runtime import Runtime

__all__ = ["Reference", "Variant", "ask_here", "ask_variant", "load_message"]


def load_message(assignment: Assignment, name: str, source: str) -> dict[str, object]:
    """Return the request that loads a whole source of the course's own as the module `name`."""
    return {
        "op": "load",
        "name": name,
        "cells": [(f"{assignment.name}.py", source, False)],
        "given": "",
        "exercises": list(assignment.names),
        "skip": [],
        "output": assignment.limits.output_mib * 2**20,
        "stubs": [],
    }


def ask_frame(runtime: Runtime, question: bytes) -> bytes:
    """Ask a runtime in this process as a worker is asked: a request as a frame. Return its answer as a frame.

    Raises WireError where the answer does not fit into one.
    """
    request = cast("dict[str, object]", wire.decode(question, strided=True))
    return wire.encode(runtime.handle({**request, "id": 0}, lambda _: None))


def ask_variant(runtime: Runtime, question: bytes) -> bytes:
    """Ask a variant as `ask_frame` does; an answer that fits into no frame is said to be one."""
    try:
        return ask_frame(runtime, question)
    except WireError as error:
        return wire.encode({"unsendable": str(error)})


def ask_here(runtime: Runtime, message: dict[str, object]) -> dict[object, object]:
    """Ask a request that is no frame yet, and read the answer. Raises as `ask_frame` does."""
    return cast("dict[object, object]", wire.decode(ask_frame(runtime, wire.encode(message, strided=True))))


class Reference:
    """The reference as a backend for `Student`. Raises CourseError where it does not load."""

    def __init__(self, assignment: Assignment) -> None:
        self._runtime = Runtime()
        self._exercise = ""
        self.containers: dict[str, Container] = {}
        self._gradients = {exercise.name: exercise.gradients for exercise in assignment.exercises}
        self.losses: dict[str, Loss] = {}
        self.tools: dict[str, str] = {}
        self.untouched: frozenset[str] = frozenset()
        self.unloadable: Loss | None = None
        path = assignment.reference
        self.load = load_message(assignment, f"reference_{assignment.name}", reference_source(assignment))
        answer = self.request(self.load)
        raised = [found.text for found in raised_in(answer)]
        if raised:
            raise CourseError(f"{path}: the reference does not load: {'; '.join(raised)}")
        defined = answer["defined"]
        assert isinstance(defined, list)
        self.defined = frozenset(str(name) for name in defined)
        missing = [name for name in assignment.names if name not in self.defined]
        if missing:
            raise CourseError(f"{path}: no {', '.join(missing)}; assignment.toml lists it as an exercise")

    def begin(self, exercise: str) -> None:
        """Note of which exercise the checks are that follow."""
        self._exercise = exercise

    def load_fully(self) -> bool:
        """Say no: the reference is loaded as a whole."""
        return False

    def source_line(self, filename: str, line: int) -> str:  # noqa: ARG002 - nobody reads the reference's lines
        """Return "": a failure of the reference is reported as it is."""
        return ""

    def with_variant(self, code: CodeType) -> Runtime:
        """Return a runtime of the reference in which `code` has taken the place of what it defines."""
        return self._runtime.with_variant(code)

    def gradients(self, exercise: str) -> bool:
        """Say whether calls of this exercise, "" for the one that was begun, are made with gradients on."""
        return self._gradients.get(exercise or self._exercise, True)

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Answer a request as a worker does, through the same frames."""
        answer = ask_here(self._runtime, message)
        note_containers(self.containers, message, answer)
        return answer


class Variant:
    """The reference with something in it defined in another way, as a backend; nothing passes between the two."""

    def __init__(self, reference: Reference, code: CodeType) -> None:
        self._runtime = reference.with_variant(code)
        self.gradients = reference.gradients

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Answer a request as a worker does."""
        answer = wire.decode(ask_variant(self._runtime, wire.encode(message, strided=True)))
        return cast("dict[object, object]", answer)
