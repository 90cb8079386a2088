"""What a pair of a class shares, side by side, what fewest have first.

Says what is there and how rare it is; concludes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.classes.similar.pairs import Rarity
from grader.classes.similar.traits import Kind, Trait
from grader.report.text import clean

__all__ = ["Row", "Shared", "evidence"]

_MAX_ROWS = 60
_MAX_COMMON = 3  # lines that everybody has, between two that few have
_LEAST_BITS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the one beside that of the other, and how many others have it; `rare` where that says something."""

    first: str
    second: str
    others: int
    rare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One thing that two have, or a passage of code: its lines, where they begin, and what they count together.

    `others` is how many others have all of it. `certain` says that two can't have come to it by chance.
    """

    kind: Kind
    first_where: str
    second_where: str
    rows: tuple[Row, ...]
    others: int
    bits: float
    certain: bool

    @property
    def is_same(self) -> bool:
        """Whether both wrote it in the same letters."""
        return all(row.first == row.second for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Both:
    """A trait that two have."""

    key: int
    first: Trait
    second: Trait
    bits: float

    @property
    def lines(self) -> tuple[int, int]:
        return self.first.line, self.second.line


def evidence(first: Mapping[int, Trait], second: Mapping[int, Trait], rarity: Rarity) -> tuple[Shared, ...]:
    """Return what two share and few others have, code in passages, what fewest have first."""
    both = [
        _Both(key=key, first=trait, second=second[key], bits=rarity.bits(key, trait))
        for key, trait in first.items()
        if key in second
    ]
    passages = [_shared(run, rarity) for run in _passages(both)]
    told = {line.strip() for item in passages for row in item.rows for line in (row.first, row.second)}
    single = [
        _shared([item], rarity)
        for item in both
        if _is_told(item, rarity)
        and item.first.kind is not Kind.CODE
        and (item.first.kind is not Kind.LAYOUT or item.first.shown not in told)
    ]
    return tuple(sorted([*passages, *single], key=_order))


def _order(item: Shared) -> tuple[int, float, str, str, str]:
    return item.others, -item.bits, item.kind, item.first_where, item.rows[0].first


def _is_told(item: _Both, rarity: Rarity) -> bool:
    """Say whether it is worth a line; of a rare mistake the numbers are told, even where all who make it have them."""
    return item.bits >= _LEAST_BITS or (item.first.kind is Kind.ANSWER and rarity.is_rare(item.key))


def _passages(both: list[_Both]) -> list[list[_Both]]:
    """Return runs of lines that both have in the same order, from a rare one to a rare one."""
    runs: list[list[_Both]] = []
    for item in sorted((item for item in both if item.first.line >= 0), key=lambda item: item.lines):
        if runs and _follows(runs[-1][-1].lines, item.lines):
            runs[-1].append(item)
        else:
            runs.append([item])
    found: list[list[_Both]] = []
    for run in runs:
        rare = [number for number, item in enumerate(run) if item.bits >= _LEAST_BITS]
        for before, number in zip([None, *rare], rare, strict=False):
            if before is None or number - before > _MAX_COMMON + 1:
                found.append([run[number]])
            else:
                found[-1] += run[before + 1 : number + 1]
    return found


def _follows(before: tuple[int, int], after: tuple[int, int]) -> bool:
    return (after[0] - before[0], after[1] - before[1]) == (1, 1)


def _shared(items: list[_Both], rarity: Rarity) -> Shared:
    head = items[0]
    return Shared(
        kind=head.first.kind,
        first_where=clean(head.first.where),
        second_where=clean(head.second.where),
        rows=tuple(
            Row(
                first=clean(item.first.shown),
                second=clean(item.second.shown),
                others=max(0, rarity.having(item.key) - 2),
                rare=_is_told(item, rarity),
            )
            for item in items[:_MAX_ROWS]
        ),
        others=max(0, rarity.having_all([item.key for item in items]) - 2),
        bits=sum(item.bits for item in items),
        certain=not head.first.by_chance,
    )
