"""Of the files in which a student may have worked choose the one that counts: where an exercise is attempted.

One rule for both who ask: the grader, and the visible tests in the student's folder (`_course/syntax/choice.py`
there). It reads nothing and words nothing: each says in its own words what was decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .statements import Statement

__all__ = ["BothDiffer", "Candidate", "Choice", "Chosen", "NoneReadable", "choose", "is_python"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Generic[T]):
    """A file that can be read: what it is to the caller, whether it differs from the stub, and a mark of its code."""

    file: T
    attempted: bool
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Generic[T]):
    """The file that counts: the one that is attempted, or the first of stubs."""

    file: T
    attempted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BothDiffer(Generic[T]):
    """More than one is attempted, they differ, and only people can say which one counts."""

    files: tuple[T, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneReadable:
    """There is no candidate: nothing that was handed in can be read as Python."""


Choice = Chosen[T] | BothDiffer[T] | NoneReadable


def choose(readable: Sequence[Candidate[T]]) -> Choice[T]:
    """Choose among the files that can be read, the likeliest first; the stub never wins over what is attempted."""
    if not readable:
        return NoneReadable()
    attempted = [candidate for candidate in readable if candidate.attempted]
    if len({candidate.code for candidate in attempted}) > 1:
        return BothDiffer(files=tuple(candidate.file for candidate in attempted))
    chosen = (attempted or readable)[0]
    return Chosen(file=chosen.file, attempted=chosen.attempted)


def is_python(statements: Iterable[Statement]) -> bool:
    """Say whether a file may count: it is empty of code, or some statement of it can be read or binds a name."""
    found = list(statements)
    return not found or any(item.node is not None or item.names for item in found)
