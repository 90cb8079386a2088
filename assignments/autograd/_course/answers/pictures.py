"""The picture of a loop: what a student's loop gives after each epoch, beside what is expected, as plain numbers.

It compares and says in words where the two part; `drawing` and `characters` show it. It needs no torch, so that
whoever shows a report needs none, and ships to students.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

__all__ = ["Curve", "Frame", "Picture", "compare", "frame_of", "listed"]

_VISIBLE = 0.08
"""Two curves are told apart from this part of the height on: one row of twelve."""
_ROOM = 2.0
"""So many times the height of what is expected a curve may leave it before the picture is cut."""
_CUT = 0.5
"""So much of that height is left beyond what is expected, on the side where the picture is cut."""
_SLIGHT, _SLIGHT_HEIGHT = 1e-12, 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One quantity over the epochs of a picture; None where there is no finite number."""

    name: str
    own: tuple[float | None, ...]
    expected: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What was asked, in words, at which epochs (or steps, as `axis` says), the curves, and where they part in words.

    Without curves there is nothing to see, and `said` says so.
    """

    case: str
    axis: str
    at: tuple[int, ...] = ()
    curves: tuple[Curve, ...] = ()
    said: tuple[str, ...] = ()

    def told(self, say: Callable[[str], str]) -> Picture:
        """Return it with its sentences in a language; names of what is drawn are said where it is drawn."""
        return replace(self, case=say(self.case), said=tuple(map(say, self.said)))


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture shows of a quantity: from `low` to `high`; what lies outside is cut."""

    low: float
    high: float

    def height(self, value: float) -> float:
        """Return how high a value stands: 0 at the bottom, 1 at the top, and beyond where it is cut."""
        return (value - self.low) / (self.high - self.low)

    def cuts(self, value: float | None) -> bool:
        """Say whether a value lies outside."""
        return value is not None and not -_SLIGHT_HEIGHT <= self.height(value) <= 1 + _SLIGHT_HEIGHT

    @property
    def digits(self) -> int:
        """As many digits as tell the bottom from the top, and what lies between them."""
        size = max(abs(self.low), abs(self.high)) / (self.high - self.low)
        return min(12, max(4, 3 + math.ceil(math.log10(max(size, 1.0)))))

    def text(self, value: float) -> str:
        """Write a value in figures."""
        return f"{value:.{self.digits}g}"


def frame_of(curve: Curve) -> Frame:
    """Return what to show of a curve: all that is expected, and the student's own as far as it stays near."""
    expected = [value for value in curve.expected if value is not None]
    own = [value for value in curve.own if value is not None]
    low, high = (min(expected), max(expected)) if expected else (0.0, 0.0)
    size = max(abs(low), abs(high), _SLIGHT)
    span = high - low
    if span <= _SLIGHT * size:  # it should stand still: then its own way gives the measure
        span = min(max((abs(value - low) for value in own), default=0.0), 10 * max(size, 1.0)) or size
    near = [value for value in own if low - _ROOM * span <= value <= high + _ROOM * span]
    bottom, top = min([low, *near]), max([high, *near])
    bottom -= _CUT * span if any(value < low - _ROOM * span for value in own) else 0.0
    top += _CUT * span if any(value > high + _ROOM * span for value in own) else 0.0
    edge = 0.0 if top - bottom > _SLIGHT * size else span / 2  # both stand still
    return Frame(bottom - edge, top + edge)


def compare(
    case: str, axis: str, at: Sequence[int], curves: Sequence[Curve], lacking: Sequence[str | None]
) -> Picture | None:
    """Return the picture of curves that visibly differ, or None; `lacking` says why there is no point, for each."""
    parted = [place for curve in curves if (place := _parting(curve)) is not None]
    if not parted:
        return None
    where = min(parted)
    said: list[str] = []
    missing = next((place for place, why in enumerate(lacking) if why), None)
    if missing != where:
        said.append(_told(axis, at, where, curves))
    if missing is not None:
        said.append(f"At {axis} {at[missing]} nothing of yours is drawn: {lacking[missing]}.")
    said += _cut(axis, at, curves, lacking)
    return Picture(case=case, axis=axis, at=tuple(at), curves=tuple(map(_short, curves)), said=tuple(said))


def _parting(curve: Curve) -> int | None:
    """Return the first place where one sees a difference."""
    frame = frame_of(curve)
    for place, (own, expected) in enumerate(zip(curve.own, curve.expected, strict=True)):
        if (own is None) is not (expected is None):
            return place
        if own is not None and expected is not None and _apart(frame, own, expected):
            return place
    return None


def _apart(frame: Frame, own: float, expected: float) -> bool:
    return not abs(frame.height(own) - frame.height(expected)) <= _VISIBLE


def _told(axis: str, at: Sequence[int], where: int, curves: Sequence[Curve]) -> str:
    """Say where the two part first, by the quantity that parts there."""
    curve = next(curve for curve in curves if _parting(curve) == where)
    frame, own, expected = frame_of(curve), curve.own[where], curve.expected[where]
    yours = "no finite number" if own is None else frame.text(own)
    other = "none" if expected is None else frame.text(expected)
    begin = "One sees it from the start" if where == 0 else f"One sees it at {axis} {at[where]}"
    return f"{begin}: your {curve.name} is {yours}, and {other} is expected."


def _cut(axis: str, at: Sequence[int], curves: Sequence[Curve], lacking: Sequence[str | None]) -> list[str]:
    """Say which curves leave the picture, and which are no finite number any more."""
    said: list[str] = []
    gone = [curve for curve in curves if any(map(frame_of(curve).cuts, curve.own))]
    if gone:
        names = listed([curve.name for curve in gone])
        values = listed([f"{[value for value in curve.own if value is not None][-1]:.4g}" for curve in gone])
        verb, end = ("leaves", "its last value is") if len(gone) == 1 else ("leave", "the last values are")
        said.append(f"Your {names} {verb} the picture; {end} {values}.")
    for place in range(len(at)):
        lost = [curve.name for curve in curves if curve.own[place] is None and curve.expected[place] is not None]
        if lost and not lacking[place]:
            verb = "is" if len(lost) == 1 else "are"
            return [*said, f"From {axis} {at[place]} on your {listed(lost)} {verb} infinite or nan."]
    return said


def listed(names: Sequence[str]) -> str:
    """Write names as one says them: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _short(curve: Curve) -> Curve:
    """Return a curve with as many digits as a picture can show, and one more."""
    digits = frame_of(curve).digits + 1

    def rounded(values: Sequence[float | None]) -> tuple[float | None, ...]:
        return tuple(None if value is None else float(f"{value:.{digits}g}") for value in values)

    return Curve(name=curve.name, own=rounded(curve.own), expected=rounded(curve.expected))
