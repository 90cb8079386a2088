"""Compare the works of a class: the pairs that share most of what few have, with the evidence of each.

Changes no grade, and knows of none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

from grader.classes.similar.evidence import Shared, evidence
from grader.classes.similar.pairs import Rarity, rank_pairs
from grader.classes.similar.works import Work, Works

__all__ = ["Alike", "Comparison", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A pair: whose the two are, in a word, what both have, and how much that is in this class (`Pair.strength`)."""

    first: Work
    second: Work
    names: tuple[str, str]
    strength: float
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A class compared: the pairs in order, of so many; `with_handed_out` where it is known what was handed out.

    `independent` is how many works beside the class say what is common. `notes` say what was not compared.
    """

    assignment: str
    submissions: int
    pairs: tuple[Alike, ...]
    of_pairs: int
    with_handed_out: bool
    independent: int
    notes: tuple[str, ...]


def compare(works: Works, *, top: int) -> Comparison:
    """Return the `top` pairs that share most. Raises UsageError where there are too many works to compare."""
    traits = [work.traits for work in works.works]
    rarity = Rarity(traits, works.given.others)
    ranking = rank_pairs(traits, rarity, top=top)
    names = _names(works)
    pairs = tuple(
        Alike(
            first=works.works[pair.first],
            second=works.works[pair.second],
            names=(names[pair.first], names[pair.second]),
            strength=pair.strength,
            shared=evidence(traits[pair.first], traits[pair.second], rarity),
        )
        for pair in ranking.pairs
    )
    return Comparison(
        assignment=works.assignment,
        submissions=len(works.works),
        pairs=pairs,
        of_pairs=ranking.of,
        with_handed_out=bool(works.given.handed_out),
        independent=len(works.given.others),
        notes=works.notes,
    )


def _names(works: Works) -> list[str]:
    """Return a name for each work that no other one has: the student's, or what tells two of one name apart."""
    plain = [work.student or PurePath(work.submission).name for work in works.works]
    prefix = f"{works.assignment}_"
    if all(name.startswith(prefix) and name != prefix for name in plain):
        plain = [name.removeprefix(prefix) for name in plain]
    times = Counter(plain)
    return [
        name if times[name] == 1 else f"{name} ({work.submission})"
        for name, work in zip(plain, works.works, strict=True)
    ]
