"""What a pair of a class shares, side by side, the rarest first.

Says what is there and how rare it is; concludes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.classes.similar.pairs import Rarity
from grader.classes.similar.traits import Kind, Trait
from grader.report.text import clean

__all__ = ["Shared", "evidence"]

_MAX_LINES = 12  # of a passage
_LEAST_BITS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One thing that two have: what each wrote and where, and how many others have it.

    `others` are those of the rarest line of a passage, `lines` how many it has; `certain` where chance can't be.
    """

    kind: Kind
    first: str
    first_where: str
    second: str
    second_where: str
    others: int
    lines: int
    bits: float
    certain: bool


def evidence(first: Mapping[int, Trait], second: Mapping[int, Trait], rarity: Rarity) -> tuple[Shared, ...]:
    """Return what two share and few others have, passages of code as a whole, what counts most first."""
    both = [key for key in first if key in second]
    weights = {key: rarity.bits(key, first[key]) for key in both}
    found = _passages(first, second, both, weights, rarity)
    told = {text for item in found for text in (*item.first.splitlines(), *item.second.splitlines())}
    for key in both:
        one, other = first[key], second[key]
        plain = one.kind is Kind.CODE or (one.kind is Kind.LAYOUT and one.shown in told)
        if not plain and weights[key] >= _LEAST_BITS:
            found.append(_shared([(one, other)], rarity.having(key), weights[key]))
    return tuple(sorted(found, key=lambda item: (-item.bits, item.kind, item.first_where, item.first)))


def _passages(
    first: Mapping[int, Trait],
    second: Mapping[int, Trait],
    both: Sequence[int],
    weights: Mapping[int, float],
    rarity: Rarity,
) -> list[Shared]:
    """Return runs of lines that both have in the same order, where something in them is rare."""
    lines = sorted((first[key].line, second[key].line, key) for key in both if first[key].line >= 0)
    runs: list[list[tuple[int, int, int]]] = []
    for line in lines:
        if runs and (line[0] - runs[-1][-1][0], line[1] - runs[-1][-1][1]) == (1, 1):
            runs[-1].append(line)
        else:
            runs.append([line])
    found = []
    for run in runs:
        keys = [key for _, _, key in run]
        bits = sum(weights[key] for key in keys)
        if bits >= _LEAST_BITS:
            having = min(rarity.having(key) for key in keys)
            found.append(_shared([(first[key], second[key]) for key in keys], having, bits))
    return found


def _shared(traits: Sequence[tuple[Trait, Trait]], having: int, bits: float) -> Shared:
    one, other = traits[0]
    left = "\n".join(trait.shown for trait, _ in traits[:_MAX_LINES])
    right = "\n".join(trait.shown for _, trait in traits[:_MAX_LINES])
    return Shared(
        kind=one.kind,
        first=clean(left),
        first_where=clean(one.where),
        second=clean(right),
        second_where=clean(other.where),
        others=max(0, having - 2),
        lines=len(traits),
        bits=bits,
        certain=not one.by_chance,
    )
