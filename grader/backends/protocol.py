"""What a backend is: something that answers a suite's questions, can be judged, or helps a submission out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from grader.outcomes import Status
from grader.worker.stubs import Stub

__all__ = ["Backend", "Helping", "Judged", "Loss"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Why a name of the module is not there: the statement that should have bound it."""

    status: Status
    text: str


class Backend(Protocol):
    """Where calls go: a session with a worker, or the reference in this process."""

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Answer a `call` or `probe` request of the runtime's wire contract."""

    def gradients(self, exercise: str) -> bool:
        """Say whether calls of this exercise, "" for the one that was begun, are made with gradients on."""


class Judged(Backend, Protocol):
    """A backend that can be judged: it knows what it lost, and charges an exercise."""

    @property
    def losses(self) -> dict[str, Loss]:
        """Why names of the module are not there."""

    @property
    def tools(self) -> dict[str, str]:
        """The exercises whose function or class is a tool's own, and which tool."""

    @property
    def defined(self) -> frozenset[str]:
        """The exercises that it defines."""

    @property
    def untouched(self) -> frozenset[str]:
        """The exercises that are the stub as it was handed out: nothing need be asked of them."""

    @property
    def unloadable(self) -> Loss | None:
        """Why no name of the module is there."""

    def begin(self, exercise: str) -> None:
        """Charge what follows to this exercise."""

    def load_fully(self) -> bool:
        """Load what was left out so far; say no where that is nothing."""

    def source_line(self, filename: str, line: int) -> str:
        """Return a line of the source as it was handed in."""


class Helping(Protocol):
    """What answers for helpers that stand in for the student's own."""

    @property
    def stubs(self) -> list[Stub]:
        """What a worker needs for its stubs."""

    def begin(self, questions: int) -> None:
        """Answer so many questions from now on, and no more."""

    def answer(self, question: object) -> dict[str, object]:
        """Answer a stub's question, whatever it is."""
