"""The data of the student whose submission is judged, for the checks of numbers that students know.

While a suite is recorded, and where nobody's data is known, it is the lecture's. What is set here lives in the checker
alone; of it a worker sees what a check asks, as of any other check.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from grader.errors import CourseError

__all__ = ["OwnData", "is_own", "judged_by", "known", "readings"]

_T = TypeVar("_T", float, list[float])


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """The readings by name, and by the lecture's numbers those that take their place."""

    readings: Mapping[str, tuple[float, ...]]
    numbers: Mapping[tuple[float, ...], tuple[float, ...]]


_current: OwnData | None = None


@contextlib.contextmanager
def judged_by(own: OwnData | None) -> Iterator[None]:
    """Let checks take their data from here; None is the lecture's."""
    global _current  # noqa: PLW0603 - a suite's functions take no student's data
    before, _current = _current, own
    try:
        yield
    finally:
        _current = before


def is_own() -> bool:
    """Say whether it is a student's own data that is judged by."""
    return _current is not None


def readings() -> Mapping[str, tuple[float, ...]] | None:
    """Return the readings of the student by name, or None where the lecture's count."""
    return None if _current is None else _current.readings


def known(lectures: _T) -> _T:
    """Return what is expected in the place of a number of the lecture's, or of a list of them.

    It is the same where the lecture's data counts. Raises CourseError for one that `individual.py` does not give.
    """
    if _current is None:
        return lectures
    key = tuple(map(float, lectures)) if isinstance(lectures, Sequence) else (float(lectures),)
    found = _current.numbers.get(key)
    if found is None:
        raise CourseError(f"known({lectures}): individual.py gives no numbers for this text of the lecture's")
    return cast("_T", list(found) if isinstance(lectures, Sequence) else found[0])
