"""Look of which kind the changed references are that answer as a student's function does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from grader.answers.candidates import Call
from grader.answers.laws import Ask, Case, Signature, numbers_of
from grader.answers.rounding import is_near

__all__ = ["changed_reference"]

_MOST_KINDS = 4


def changed_reference(
    cases: Sequence[Case], near: Iterable[tuple[str, Callable[[], Ask]]], rtol: float
) -> Signature | None:
    """Return of which kind the references are that answer every call as the student does, where it is one or a few.

    `near` are references with something changed: the words, and what makes one that can be asked.
    """
    calls = [case[:2] for case in cases]
    kinds: list[str] = []
    for said, make in near:
        if said not in kinds and _answers_all(make, calls, rtol):
            kinds.append(said)
    if not kinds or len(kinds) > _MOST_KINDS:
        return None
    told = sorted(kinds, key=lambda said: "left out" not in said and "one sign" not in said)[:2]
    text = f"in all {len(calls)} calls that were tried it answers as a right one would {', or as one '.join(told)}"
    return Signature("near_reference", text)


def _answers_all(make: Callable[[], Ask], calls: Sequence[Call], rtol: float) -> bool:
    try:
        ask = make()
    except Exception:  # noqa: BLE001 - a changed definition may not even be made
        return False
    for arguments, got in calls:
        found = numbers_of(ask, arguments)
        if found is None or found.numel() != got.numel() or not is_near(found.reshape(got.shape), got, rtol):
            return False
    return True
