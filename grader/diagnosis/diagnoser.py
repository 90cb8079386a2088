"""Name what is wrong with an exercise: find the known misconception that answers as the student's code did.

Each variant of the catalogue is asked, in the checker, what the student was asked, in the same order, and is
left at the first answer that differs. One that answers everything alike, and not as the reference does, is it.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grader import wire
from grader.backends.exchanges import Exchange
from grader.backends.reference import Reference, ask_here
from grader.course.assignment import Assignment
from grader.course.catalogue import Misconception, read_catalogue
from grader.diagnosis.nearness import distance_of, ran_away, same, same_values
from grader.errors import WireError
from grader.outcomes import Diagnosis
from grader.worker.runtime import Runtime

__all__ = ["Diagnoser"]

BearsOut = Callable[[Sequence[Sequence[str]]], Sequence[bool]]
"""Say of each group of patterns whether the student's source bears one of them out."""

_NOTHING = compile("", "nothing", "exec")
_MOST_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a variant fits: how often it differs from the reference as the student does, and how close it comes."""

    misconception: Misconception
    explained: int
    distance: float


class Diagnoser:
    """The catalogue of one assignment, with the reference beside it."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._rights: dict[bytes, dict[object, object]] = {}

    @functools.cached_property
    def _catalogue(self) -> list[tuple[Misconception, types.CodeType]]:
        """Read it when something fails at first: most submissions of a class are right."""
        return [(item, compile(item.source, item.id, "exec")) for item in read_catalogue(self._assignment)]

    @functools.cached_property
    def _reference(self) -> Reference:
        return Reference(self._assignment)

    def name(
        self,
        exercise: str,
        asked: Sequence[Sequence[Exchange]],
        *,
        right: Sequence[Exchange] = (),
        bears_out: BearsOut | None = None,
    ) -> Diagnosis | None:
        """Return the misconception that answers these exchanges as the student did, or None.

        `asked` holds those of each fresh worker by itself, `right` are short ones that the student answered rightly:
        most misconceptions do not, and need not be asked what takes long. Of several misconceptions the one that
        explains most counts, then the nearest, then the first of the catalogue. One that speaks of code counts only
        where `bears_out` says that the student's source does.
        """
        variants = [(item, code) for item, code in self._catalogue if item.exercise == exercise]
        if not variants or not any(asked):
            return None
        if right:
            rights = self._right_answers(right)
            variants = [(item, code) for item, code in variants if self._passes(code, right, rights)]
            if not variants:
                return None
        expected = [self._right_answers(exchanges) for exchanges in asked]
        found = [match for item, code in variants if (match := self._match(item, code, asked, expected)) is not None]
        found = _borne_out(found, bears_out)
        if not found:
            return None
        best = max(found, key=lambda match: (match.explained, -match.distance))
        return Diagnosis(misconception=best.misconception.id, text=best.misconception.explanation)

    def _right_answers(self, exchanges: Sequence[Exchange]) -> list[dict[object, object]]:
        """Ask the reference, or know from an earlier submission what it says: a check asks all of them the same."""
        frames = [wire.encode(exchange.message, strided=True) for exchange in exchanges]
        if len(self._rights) > _MOST_KEPT:
            self._rights.clear()
        new = {frame: item for frame, item in zip(frames, exchanges, strict=True) if frame not in self._rights}
        if new:
            self._rights.update(zip(new, self._answers(_NOTHING, list(new.values())), strict=True))
        return [self._rights[frame] for frame in frames]

    def _answers(self, code: types.CodeType, exchanges: Sequence[Exchange]) -> Iterator[dict[object, object]]:
        """Ask a variant anew what a worker was asked, one question after another."""
        variant = self._reference.with_variant(code)
        for exchange in exchanges:
            yield _ask(variant, exchange.message)

    def _passes(self, code: types.CodeType, right: Sequence[Exchange], rights: Sequence[dict[object, object]]) -> bool:
        """Say whether a variant answers as the student did where the student was right.

        Where numbers run away a rounding decides what the student's are, so there it has to give the reference's.
        """
        for exchange, answer, expected in zip(right, self._answers(code, right), rights, strict=True):
            ran = ran_away(exchange.answer) and ran_away(answer)
            if distance_of(exchange.answer, answer, expected) is None and not (ran and same_values(answer, expected)):
                return False
        return True

    def _match(
        self,
        item: Misconception,
        code: types.CodeType,
        asked: Sequence[Sequence[Exchange]],
        expected: Sequence[Sequence[dict[object, object]]],
    ) -> _Match | None:
        apart = self._apart(code, asked, expected)
        return None if apart is None or not apart[0] else _Match(item, *apart)

    def _apart(
        self,
        code: types.CodeType,
        asked: Sequence[Sequence[Exchange]],
        expected: Sequence[Sequence[dict[object, object]]],
    ) -> tuple[int, float] | None:
        """Return how often a variant differs from the reference as the student does, and how far it is from them.

        None where it answers otherwise than the student did.
        """
        explained, distance = 0, 0.0
        for exchanges, rights in zip(asked, expected, strict=True):
            for exchange, answer, right in zip(exchanges, self._answers(code, exchanges), rights, strict=True):
                apart = distance_of(exchange.answer, answer, right)
                if apart is not None:
                    distance += apart
                    explained += not same(answer, right)
                elif ran_away(exchange.answer) and ran_away(answer):
                    distance += 1.0  # there a rounding decides what comes back: it speaks neither for nor against
                else:
                    return None
        return explained, distance


def _borne_out(found: list[_Match], bears_out: BearsOut | None) -> list[_Match]:
    """Leave out what speaks of code that is not there."""
    speak = [match.misconception.patterns for match in found if match.misconception.patterns]
    if not speak or bears_out is None:
        return found
    said = dict(zip(speak, bears_out(speak), strict=True))
    return [match for match in found if said.get(match.misconception.patterns, True)]


def _ask(runtime: Runtime, message: dict[str, object]) -> dict[object, object]:
    """Ask as a worker is asked; an answer that fits into no frame is said to be one."""
    try:
        return ask_here(runtime, message)
    except WireError as error:
        return {"unsendable": str(error)}
