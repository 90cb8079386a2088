"""What a submission was asked and what it answered, kept to see which known misconception answers alike."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from grader import wire
from grader.backends.protocol import Backend
from grader.wire import Array

__all__ = ["Earlier", "Exchange", "Recorder", "Room"]

_MOST = 300  # of one exercise
_MOST_BYTES = 16 * 2**20  # of one check
_MOST_OF_ALL = 64 * 2**20  # of all checks of a submission
_MOST_SHARED_BYTES = 2**20  # of one answer


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question, and the answer."""

    message: dict[str, object]
    answer: dict[object, object]


class Room:
    """How many bytes of answers are kept of one submission, whatever its checks are."""

    def __init__(self, size: int = _MOST_OF_ALL) -> None:
        self.left = size


class Recorder:
    """A backend that keeps what is asked and answered in `exchanges`, until it is stopped or there is no room."""

    def __init__(self, backend: Backend, exchanges: list[Exchange], room: Room | None = None) -> None:
        self._backend = backend
        self._exchanges: list[Exchange] | None = exchanges
        self._room = room or Room()
        self._size = 0

    def stop(self) -> None:
        """Keep nothing of what follows."""
        self._exchanges = None

    def gradients(self, exercise: str) -> bool:
        """Say whether calls of this exercise, "" for the one that was begun, are made with gradients on."""
        return self._backend.gradients(exercise)

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Ask, and keep the answer."""
        answer = self._backend.request(message)
        if self._exchanges is not None and len(self._exchanges) < _MOST:
            size = _size_of(answer)
            self._size += size
            self._room.left -= size
            if self._size > _MOST_BYTES or self._room.left < 0:  # no honest ones are so large
                self._exchanges.clear()
                self.stop()
            else:
                self._exchanges.append(Exchange(message, answer))
        return answer


class Earlier:
    """A backend that asks once for what several checks read: a long run, for its result and for what it prints.

    `answers` are those of earlier checks, by the request as a frame; what this check asks is added by `keep`, so that
    a call that one check makes twice is made twice.
    """

    def __init__(self, backend: Backend, answers: dict[bytes, dict[object, object]]) -> None:
        self._backend = backend
        self._answers = answers
        self._new: dict[bytes, dict[object, object]] = {}

    def gradients(self, exercise: str) -> bool:
        """Say whether calls of this exercise, "" for the one that was begun, are made with gradients on."""
        return self._backend.gradients(exercise)

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Answer as it was answered to an earlier check, or ask."""
        frame = wire.encode(message, strided=True)
        if frame in self._answers:
            return self._answers[frame]
        answer = self._backend.request(message)
        if _size_of(answer) <= _MOST_SHARED_BYTES:
            self._new[frame] = answer
        return answer

    def keep(self) -> None:
        """Let later checks read what this one was answered."""
        self._answers.update(self._new)


def _size_of(value: object) -> int:
    """Return about how many bytes a decoded answer holds; its depth and its parts are limited by the frame."""
    if isinstance(value, torch.Tensor):
        return 64 + value.numel() * value.element_size()
    if isinstance(value, Array):
        return _size_of(value.tensor)
    if isinstance(value, dict):
        return 64 + sum(_size_of(key) + _size_of(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return 64 + sum(map(_size_of, value))
    return 64 + (len(value) if isinstance(value, str | bytes) else 0)
