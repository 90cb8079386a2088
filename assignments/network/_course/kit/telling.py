"""Say what a failing test says: the student's own line beside what it means (`_course/kit/telling.py` for a student).

No traceback of the tests' own code: what was raised below the student's lines is told with these, and what was raised
by using an answer is told as what the answer lacks.
"""

from __future__ import annotations

import dis
import linecache
import traceback
import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from ..answers.plain_words import plain_words
from ..syntax.loading import message_of

__all__ = ["Failing", "called_by", "first_of", "global_names", "reached", "said"]

_LINES = 3


def said(error: BaseException, name: str, namespace: Mapping[str, object]) -> str:
    """Return what a test of the exercise `name` says that `error` ended; `namespace` is the student's module."""
    if isinstance(error, pytest.fail.Exception):
        return str(error)
    what = f"{type(error).__name__}: {message_of(error)}".removesuffix(": ")
    own = [
        (frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_globals is namespace
    ]
    begin = "" if own else "what it returned can't be used: "
    lines = [f"{name}: {begin}{what}" if name else f"{begin}{what}"]
    for code, line in _once(own)[-_LINES:]:
        cell = code.co_filename.rpartition(", cell ")[2]
        place = f"cell {cell}, line {line}" if cell != code.co_filename else f"line {line}"
        lines.append(f"  {code.co_name}, {place}: {linecache.getline(code.co_filename, line).strip()}")
    words = plain_words(what) if own else None  # they are about a line of the student's
    if words:
        lines += [f"in words     {words[0]}", f"look at      {words[1]}"]
    called = getattr(error, "called", None)  # as the kit notes it on what a student's code raised
    return "\n".join([*lines, f"you called   {called}"] if isinstance(called, str) else lines)


def _once(own: Sequence[tuple[types.CodeType, int]]) -> list[tuple[types.CodeType, int]]:
    """Leave out what lies in the line of its caller: a comprehension, a lambda."""
    return [
        (code, line)
        for place, (code, line) in enumerate(own)
        if not place or (code.co_filename, line) != (own[place - 1][0].co_filename, own[place - 1][1])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A failing test: what it says, which exercise it found not written, and whether its data was drawn."""

    text: str
    not_written: str = ""
    drawn: bool = False


def first_of(failing: Sequence[Failing]) -> Failing:
    """Return the one to tell of an exercise's: the first with fixed data, else the first."""
    return min(failing, key=lambda one: one.drawn)


def called_by(namespace: Mapping[str, object], name: str, exercises: Collection[str]) -> list[str]:
    """Return the other exercises that the code of one names, itself or in functions of the student's own."""
    seen = reached(namespace, name, exercises)
    return [other for other in exercises if other in seen and other != name]


def reached(namespace: Mapping[str, object], name: str, exercises: Collection[str]) -> set[str]:
    """Return the names that the code of one exercise reads, and the functions of the student's own that it calls."""
    pending, seen = [name], {name}
    while pending:
        for code in _codes_of(namespace.get(pending.pop())):
            new = (global_names(code) & namespace.keys()) - seen
            seen |= new
            pending += sorted(new - set(exercises))
    return seen


def _codes_of(value: object) -> Iterator[types.CodeType]:
    for part in vars(value).values() if isinstance(value, type) else [value]:
        code = getattr(part, "__code__", None)
        if isinstance(code, types.CodeType):
            yield code


def global_names(code: types.CodeType) -> set[str]:
    """Return the names of the module that code reads; `loss.backward` reads no `backward` of the module."""
    names = {str(step.argval) for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= global_names(constant)
    return names
