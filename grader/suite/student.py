"""`student`: what a hidden suite sees of a submission, as if its functions were called right here.

A call crosses to the worker and its value comes back as plain data. What goes wrong on the way is an
exception: `StudentRaised` for the student's own, `WorkerDied` and `TimedOut` (BaseExceptions) for a
worker that is gone. A suite reaches a student only through this object and probes, so that any check
can run again in a fresh worker.
"""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from grader.backends.protocol import Backend
from grader.sandbox.worker import GONE, WorkerDied
from grader.wire import Value

__all__ = ["Call", "Frame", "Observation", "Student", "StudentRaised", "Untransferable", "bind", "call", "frames_of"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the student's own code, out of a traceback."""

    line: int
    function: str
    text: str
    filename: str


class StudentRaised(Exception):  # noqa: N818 - it is the student's error, not one of ours
    """The student's code raised; type, message and frames are as the worker told them."""

    def __init__(self, *, type_name: str, message: str, frames: Sequence[Frame]) -> None:
        super().__init__(f"{type_name}: {message}" if message else type_name)
        self.type_name = type_name
        self.message = message
        self.frames = tuple(frames)


class Untransferable(Exception):  # noqa: N818 - it names what became of the answer
    """The student's answer is too large or too deep for a frame; nothing was raised, so it is a wrong answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call to be made; `call("grad_fn", ...)` builds one."""

    name: str
    args: tuple[object, ...]
    kwargs: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What came back from a call: the value, what was printed, and the arguments as they are now.

    `arguments` are the positional ones, then the keyword ones, in the order of the call. What a worker
    says of prints and arguments can be forged, so no value of a grade hangs on them alone.
    """

    value: Value
    printed: str
    arguments: tuple[Value, ...]


def bind(student: Student, backend: Backend | None) -> None:
    """Let `student` ask this backend; a function, since a method's name could be an exercise's."""
    student._backend = backend  # noqa: SLF001 - its own module


def call(name: str, *args: object, **kwargs: object) -> Call:
    """Describe a call for `Student.batch`."""
    return Call(name, args, kwargs)


class Student:
    """The functions of a submission; `student.grad_fn(...)` calls one and returns its value."""

    def __init__(self) -> None:
        self._backend: Backend | None = None

    def __getattr__(self, name: str) -> Callable[..., Value]:
        if name.startswith("_"):  # printers and pytest look for such names, and would ask the worker
            raise AttributeError(name)
        return lambda *args, **kwargs: self.observe(name, *args, **kwargs).value

    def __repr__(self) -> str:
        return "student"

    def observe(self, name: str, *args: object, **kwargs: object) -> Observation:
        """Call one function; returns also what it printed and what became of its arguments."""
        return self.batch([Call(name, args, kwargs)])[0]

    def batch(self, calls: Sequence[Call]) -> list[Observation]:
        """Make several calls in one round trip, in order; raises StudentRaised for the first that raised."""
        backend = self._bound()
        message: dict[str, object] = {
            "op": "call",
            "calls": [
                {
                    "name": item.name,
                    "args": list(item.args),
                    "kwargs": item.kwargs,
                    "gradients": backend.gradients(item.name),
                }
                for item in calls
            ],
        }
        return _observations(backend.request(message), expected=len(calls))

    def probe(self, function: Callable[..., object], *args: object, gradients: bool | None = None) -> Value:
        """Run a function of the suite near the student's objects and return its value.

        It gets the student's module and then `args`; it sees `torch` and its own source, nothing else
        of the suite. It must hold inputs and no answer. `gradients` says whether autograd is there; without it,
        as the exercise has it.
        """
        backend = self._bound()
        message: dict[str, object] = {
            "op": "probe",
            "source": _source(function),
            "function": function.__name__,
            "args": list(args),
            "gradients": backend.gradients("") if gradients is None else gradients,
        }
        return _observations(backend.request(message), expected=1)[0].value

    def _bound(self) -> Backend:
        if self._backend is None:
            raise RuntimeError("student is used outside a check")
        return self._backend


@functools.cache
def _source(function: Callable[..., object]) -> str:
    """Return a probe's source; finding it takes 2 ms, and a suite asks hundreds of times."""
    return textwrap.dedent(inspect.getsource(function))


def _observations(answer: dict[object, object], *, expected: int) -> list[Observation]:
    """Check the shape of an untrusted answer; raises WorkerDied where it has another."""
    if "unsendable" in answer:
        raise Untransferable(str(answer["unsendable"]))
    answers = answer.get("answers")
    if not isinstance(answers, list) or len(answers) != expected:
        raise WorkerDied(GONE)
    return [_observation(item) for item in answers]


def _observation(item: object) -> Observation:
    if not isinstance(item, dict):
        raise WorkerDied(GONE)
    if "raised" in item:
        raise StudentRaised(
            type_name=str(item["raised"])[:100], message=str(item.get("message", ""))[:2000], frames=frames_of(item)
        )
    arguments = item.get("arguments", ())
    if not isinstance(arguments, list | tuple) or "value" not in item:
        raise WorkerDied(GONE)
    return Observation(value=item["value"], printed=str(item.get("printed", "")), arguments=tuple(arguments))


def frames_of(item: dict[object, object]) -> list[Frame]:
    """Return the frames of what was raised, outermost first, as far as they are frames: a worker may claim anything."""
    frames = item.get("frames", [])
    if not isinstance(frames, list | tuple):
        return []
    found: list[Frame] = []
    for frame in frames[:10]:
        if isinstance(frame, tuple) and len(frame) == 4 and isinstance(frame[0], int):
            line, function, text, filename = cast("tuple[int, object, object, object]", frame)
            found.append(Frame(line, str(function)[:100], str(text)[:200], str(filename)[:200]))
    return found
