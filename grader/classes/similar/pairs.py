"""Rank the pairs of a class by what they share, each trait weighed by how rare it is.

A trait that two have counts log2(others / those of them who have it, too): bits of surprise. Traits lean on one another
(who writes one line of a function alike writes the next one alike), so the bits of each part of the work, such as
an exercise's code, count by the share that they are of what is rare in that part of both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grader.classes.similar.traits import Kind, Trait
from grader.errors import UsageError

__all__ = ["MAX_SUBMISSIONS", "Pair", "Ranking", "Rarity", "rank_pairs"]

MAX_SUBMISSIONS = 3000
"""Two tables of a number for each pair are held at once: 72 MB for so many."""

_RARE = 1 / 3  # what more than a third of a class has is how one writes it
_CERTAIN = 20.0  # bits of what two can't come to by chance, as if one in a million could
_WHOLENESS = 2
_TYPICAL = 0.95

_Table = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two works by their numbers; one pair in twenty of the class, at most, has a `strength` above 1."""

    first: int
    second: int
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The pairs that share most, in order, of so many; each work stands in as many of them as it may."""

    pairs: tuple[Pair, ...]
    of: int


class Rarity:
    """How many have each trait, in a class and among `others`, which are known to be independent work."""

    def __init__(self, works: Sequence[Mapping[int, Trait]], others: Sequence[frozenset[int]] = ()) -> None:
        self.holders: dict[int, list[int]] = {}
        for number, traits in enumerate(works):
            for key in traits:
                self.holders.setdefault(key, []).append(number)
        self._others: dict[int, list[int]] = {}
        for number, keys in enumerate(others):
            for key in keys & self.holders.keys():
                self._others.setdefault(key, []).append(number)
        self.works = len(works)
        self.everybody = len(works) + len(others)

    def having(self, key: int) -> int:
        """Return how many have a trait."""
        return len(self.holders.get(key, ())) + len(self._others.get(key, ()))

    def having_all(self, keys: Sequence[int]) -> int:
        """Return how many have every one of these traits, of which there is one at least."""
        return sum(
            len(set(held.get(keys[0], ())).intersection(*(held.get(key, ()) for key in keys[1:])))
            for held in (self.holders, self._others)
        )

    def is_rare(self, key: int) -> bool:
        """Say whether that two have a trait says anything: two of a small class always may."""
        return self.having(key) <= max(2.0, _RARE * self.everybody)

    def bits(self, key: int, trait: Trait) -> float:
        """Return what it counts that somebody else has this trait, too, beyond that they have its parent."""
        if not self.is_rare(key):
            return 0.0
        if not trait.by_chance:
            return _CERTAIN
        among = self.everybody
        if trait.parent is not None and trait.parent in self.holders:
            among = max(self.having(key), self.having(trait.parent))
        return math.log2(max(1, among - 1) / max(1, self.having(key) - 1))


def rank_pairs(works: Sequence[Mapping[int, Trait]], rarity: Rarity, *, top: int) -> Ranking:
    """Return the `top` pairs that share most. Raises UsageError where there are too many works to compare."""
    count = len(works)
    if count > MAX_SUBMISSIONS:
        raise UsageError(f"{count} submissions; at most {MAX_SUBMISSIONS} are compared at once: name a part of them")
    scores = _scores(works, rarity)
    first, second = np.triu_indices(count, 1)
    found = scores[first, second]
    typical = float(np.quantile(found, _TYPICAL)) if len(found) else 0.0
    order = np.lexsort((second, first, -found))[:top]
    pairs = [
        Pair(first=int(first[at]), second=int(second[at]), strength=float(found[at]) / max(1.0, typical))
        for at in order
        if found[at] > 0
    ]
    return Ranking(pairs=tuple(pairs), of=len(found))


def _scores(works: Sequence[Mapping[int, Trait]], rarity: Rarity) -> _Table:
    parts: dict[tuple[Kind, str], list[tuple[list[int], float]]] = {}
    for key, holders in rarity.holders.items():
        trait = works[holders[0]][key]
        bits = rarity.bits(key, trait)
        if bits > 0:
            parts.setdefault((trait.kind, trait.part), []).append((holders, bits))
    scores = np.zeros((rarity.works, rarity.works), dtype=np.float32)
    for part in sorted(parts):  # numbers add up to the same only in the same order
        scores += _of_part(parts[part], rarity.works)
    return scores


def _of_part(traits: list[tuple[list[int], float]], count: int) -> _Table:
    """Return what each pair shares in one part of the work: its bits, times the share that they are of both."""
    shared = np.zeros((count, count), dtype=np.float32)
    for holders, bits in traits:
        shared[np.ix_(holders, holders)] += np.float32(bits)
    own = np.sqrt(np.maximum(np.diag(shared), 1e-6))
    np.fill_diagonal(shared, 0)
    share = shared / own[:, None]
    share /= own[None, :]
    shared *= share**_WHOLENESS
    return shared
