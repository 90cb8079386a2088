"""Name what is wrong with an exercise: find the known misconception that answers as the student's code did.

Each variant of the catalogue is asked, in the checker, what the student was asked, in the same order, and is
left at the first answer that differs. One that answers everything alike, and not as the reference does, is it.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader import wire
from grader.backends.exchanges import Exchange
from grader.backends.reference import Reference
from grader.course.assignment import Assignment
from grader.course.catalogue import Misconception, read_catalogue
from grader.diagnosis.answers import Answers
from grader.diagnosis.nearness import distance_of, finely_apart, ran_away, same, same_values
from grader.outcomes import Diagnosis

__all__ = ["Diagnoser"]

BearsOut = Callable[[Sequence[Sequence[str]]], Sequence[bool]]
"""Say of each group of patterns whether the student's source bears one of them out."""
_Answer = dict[object, object]


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a variant fits: how often it differs from the reference as the student does, and how close it comes."""

    misconception: Misconception
    explained: int
    distance: float


class Diagnoser:
    """The catalogue of one assignment, with the reference beside it.

    `known` reads what an earlier run has kept of their answers, once something fails.
    """

    def __init__(self, assignment: Assignment, known: Callable[[], Mapping[bytes, bytes]] = dict) -> None:
        self._assignment = assignment
        self._known = known
        self.answers: Answers | None = None

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
        if self.answers is None:
            self.answers = Answers(lambda: self._reference, self._known())
        if right:
            passed = _Asked(self.answers, right)
            variants = [(item, code) for item, code in variants if passed.is_passed_by(item, code)]
            if not variants:
                return None
        groups = [_Asked(self.answers, exchanges) for exchanges in asked]
        found = [match for item, code in variants if (match := _match(item, code, groups)) is not None]
        found = _borne_out(found, bears_out)
        if not found:
            return None
        best = max(found, key=lambda match: (match.explained, -match.distance)).misconception
        return Diagnosis(misconception=best.id, text=best.explanation, title=best.name)


class _Asked:
    """What a student was asked and answered in one worker, and what the reference answers."""

    def __init__(self, answers: Answers, exchanges: Sequence[Exchange]) -> None:
        self._answers = answers
        self._exchanges = exchanges
        self._questions = [wire.encode(exchange.message, strided=True) for exchange in exchanges]
        self._rights = answers.of_reference(self._questions)

    def is_passed_by(self, item: Misconception, code: types.CodeType) -> bool:
        """Say whether a variant answers as the student did where the student was right.

        Where numbers run away a rounding decides what the student's are, so there it has to give the reference's.
        """
        for own, answer, expected in self._beside(item, code):
            ran = ran_away(own) and ran_away(answer)
            if distance_of(own, answer, expected) is None and not (ran and same_values(answer, expected)):
                return False
        return True

    def apart(self, item: Misconception, code: types.CodeType) -> tuple[int, float] | None:
        """Return how often a variant differs from the reference as the student does, and how far it is from them.

        None where it answers otherwise than the student did.
        """
        explained, distance = 0, 0.0
        for own, answer, right in self._beside(item, code):
            apart = distance_of(own, answer, right)
            if apart is not None:
                distance += apart
                explained += not same(answer, right) or finely_apart(own, answer, right)
            elif ran_away(own) and ran_away(answer):
                distance += 1.0  # there a rounding decides what comes back: it speaks neither for nor against
            else:
                return None
        return explained, distance

    def _beside(self, item: Misconception, code: types.CodeType) -> Iterator[tuple[_Answer, _Answer, _Answer]]:
        """Yield the student's answer, the variant's and the reference's to each question."""
        variant = self._answers.of_variant(item.id, code, self._questions)
        for exchange, answer, right in zip(self._exchanges, variant, self._rights, strict=True):
            yield exchange.answer, answer, right


def _match(item: Misconception, code: types.CodeType, groups: Sequence[_Asked]) -> _Match | None:
    """Return how well a variant fits everything that was asked, None where it does not, or is right in it."""
    explained, distance = 0, 0.0
    for group in groups:
        found = group.apart(item, code)
        if found is None:
            return None
        explained, distance = explained + found[0], distance + found[1]
    return _Match(item, explained, distance) if explained else None


def _borne_out(found: list[_Match], bears_out: BearsOut | None) -> list[_Match]:
    """Leave out what speaks of code that is not there."""
    speak = [match.misconception.patterns for match in found if match.misconception.patterns]
    if not speak or bears_out is None:
        return found
    said = dict(zip(speak, bears_out(speak), strict=True))
    return [match for match in found if said.get(match.misconception.patterns, True)]
