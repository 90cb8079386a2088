"""Answer for helpers that a student got wrong: by the reference, in a confined process of its own.

What asks is student code: the questions are checked, counted and limited before they are passed on, and what they
cost is charged to the exercise for which they are asked. Nothing is kept between two questions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.backends.analysis import Analysis
from grader.backends.session import Session
from grader.errors import WireError
from grader.sandbox.worker import TimedOut, Worker, WorkerDied
from grader.suite.stand_ins import StandIn
from grader.wire import Value
from grader.worker.answering import Container, Question
from grader.worker.stubs import Stub, tensors_in

__all__ = ["Answering", "Helpers", "Means"]

_MAX_ELEMENTS = 2**20
_MAX_BROADCAST = 2**24  # elements of what shapes that differ could broadcast to
_MAX_WORK = 2**28  # and of all of these together
_PROCESSES = 3  # who has ended so many gets no answer any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What answers: how a worker is had that no student code has been in, what loads the reference, and for how long.

    `seconds` are of CPU, for all questions together.
    """

    worker: Callable[[], Worker]
    load: dict[str, object]
    seconds: float


class Helpers:
    """The reference's functions for some names, each answering in a container of its own kind; close it."""

    def __init__(
        self,
        means: Means,
        containers: Mapping[str, Container | None],
        stand_ins: Mapping[str, StandIn],
        names: Mapping[str, dict[str, str]],
        *,
        gradients: bool,
    ) -> None:
        """Answer for the names in `containers`; without `gradients` for values alone, since those are to be found.

        `names` has, for each, the names of arguments that the submission uses, and which are understood.
        """
        self._means = means
        self._containers = containers
        self._stand_ins = stand_ins
        self._names = names
        self._gradients = gradients
        self._left = 0
        self._work = 0
        self._worker: Worker | None = None
        self._processes = 0
        self._seconds = means.seconds
        self.exhausted = False

    def begin(self, questions: int) -> None:
        """Answer so many questions from now on, and no more."""
        self._left = questions
        self._work = 0

    @property
    def stubs(self) -> list[Stub]:
        """What a worker needs for its stubs: a name, and the near half of a stand-in."""
        found = [(name, self._stand_ins.get(name)) for name in sorted(self._containers)]
        return [
            Stub(name=name, names=self._names[name], near=near.near if near else None, gradients=self._gradients)
            for name, near in found
        ]

    @property
    def seconds_left(self) -> float:
        """The CPU seconds that are left for questions; `exhausted` says that one was refused for want of them."""
        return self._seconds

    def close(self) -> None:
        """End the process that answers, and answer nothing any more."""
        self._left = 0
        self._end()

    def answer(self, question: object) -> dict[str, object]:
        """Return {"value"} or {"raised", "message"}; raises nothing that a question can bring about."""
        self._left -= 1
        try:
            return self._passed_on(self._checked(question))
        except (RuntimeError, TypeError, ValueError) as error:
            return _raised(type(error).__name__, str(error))
        except WireError as error:  # a question as large as a frame is larger with what is added to it
            return _raised("ValueError", str(error))
        except (TimedOut, WorkerDied) as error:
            self._end()
            self.exhausted = True
            return _raised("RuntimeError", f"a function of this assignment was asked for too much: {error.reason}")

    def _checked(self, question: object) -> Question:
        """Return a question that can be passed on; raises where it makes no sense, or is too much."""
        if self._left < 0:
            raise RuntimeError("a function of this assignment was called too often")
        if not isinstance(question, dict) or question.get("name") not in self._containers:
            raise TypeError("nothing stands for this function")
        name, args, kwargs = str(question["name"]), question.get("args"), question.get("kwargs")
        if (
            not isinstance(args, list)
            or not isinstance(kwargs, dict)
            or not all(isinstance(key, str) for key in kwargs)
        ):
            raise TypeError("the arguments can't be read")
        self._charge([*args, *kwargs.values()])
        ask, stand_in = question.get("ask"), self._stand_ins.get(name)
        far = stand_in.far if ask == "near" and stand_in is not None else None
        if ask == "near" and far is None:
            raise TypeError("nothing stands for this function")
        return Question(
            ask="vjp" if ask == "vjp" and self._gradients else "value",
            name=name,
            args=args,
            kwargs=kwargs,
            grads=question.get("grads"),
            container=self._containers[name],
            far=far,
        )

    def _charge(self, values: list[Value]) -> None:
        """Count what the reference would compute on; raises where it is too much."""
        tensors = tensors_in(values)
        shapes = {tuple(tensor.shape) for tensor in tensors}
        size = math.prod(max(1, math.prod(shape)) for shape in shapes)
        self._work += size
        if sum(tensor.numel() for tensor in tensors) > _MAX_ELEMENTS or size > _MAX_BROADCAST:
            raise ValueError(f"the shapes {sorted(shapes)} are too large here")
        if self._work > _MAX_WORK:
            raise RuntimeError("a function of this assignment was called on too much")

    def _passed_on(self, question: Question) -> dict[str, object]:
        worker = self._worker or self._start()
        before, wall = worker.cpu_seconds(), 10 * max(self._seconds, 1.0)
        if self._seconds <= 0:
            self.exhausted = True
            raise RuntimeError("the functions of this assignment were called for too long")
        try:
            answer = worker.request({"op": "help", **question}, cpu_seconds=self._seconds, wall_seconds=wall)
        finally:
            self._seconds -= worker.cpu_seconds() - before
        answers = answer.get("answers")
        found = answers[0] if isinstance(answers, list) and len(answers) == 1 else None
        if not isinstance(found, dict):
            raise RuntimeError("what a function of this assignment returned is too large")  # noqa: TRY004 - no type
        if "value" in found:
            return {"value": found["value"]}
        return _raised(str(found.get("raised")), str(found.get("message")))

    def _start(self) -> Worker:
        if self._processes == _PROCESSES:
            raise RuntimeError("the functions of this assignment were asked for too much, again and again")
        self._processes += 1
        self._worker = self._means.worker()
        self._worker.request(self._means.load, cpu_seconds=60.0, wall_seconds=600.0, progress=lambda _: (60.0, 600.0))
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def _raised(kind: str, message: str) -> dict[str, object]:
    return {"raised": kind, "message": message[:500]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How whoever answers is made: what loads the reference, and the stand-ins of the suite."""

    load: dict[str, object]
    stand_ins: Mapping[str, StandIn]

    def helpers(
        self,
        session: Session,
        analysis: Analysis,
        exercise: str,
        containers: Mapping[str, Container | None],
        load: dict[str, object] | None = None,
        seconds: float | None = None,
    ) -> Helpers:
        """Return what answers for the names in `containers` while this exercise is asked; close it.

        The reference answers, or else the program of the course's own that `load` loads; for as long as the exercise
        may take itself, or else for `seconds`.
        """
        allowed = session.seconds(exercise) if seconds is None else seconds
        means = Means(worker=session.empty_worker, load=load or self.load, seconds=allowed)
        gradients = session.gradients(exercise)
        return Helpers(means, containers, self.stand_ins, analysis.understood, gradients=gradients)
