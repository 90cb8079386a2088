"""What a submission can share with another one: a trait, its kind, and where it stands.

A trait is of one submission alone; how rare it is in a class is weighed elsewhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["MAX_SHOWN", "Kind", "Trait", "Traits", "key_of"]

MAX_SHOWN = 300
_MAX_TRAITS = 8000


class Kind(StrEnum):
    """In which respect two submissions are alike; another kind is a member here and the code that reads it."""

    ANSWER = "answers"
    CODE = "code"
    NAME = "names"
    CONSTANT = "constants"
    TEXT = "texts"
    LAYOUT = "layout"
    OUTPUT = "outputs"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """One trait: `shown` is the student's own text for it, `where` says its place, `line` numbers a line of code.

    Who has it has `parent`, too: it is only as rare as it is among those. `part` is the exercise that it stands in.
    `by_chance` is False for what two people can't come to by themselves, such as a random number of a program's.
    """

    kind: Kind
    shown: str
    where: str
    line: int = -1
    parent: int | None = None
    by_chance: bool = True
    part: str = ""


def key_of(kind: Kind, *parts: str) -> int:
    """Return a number for a trait that is the same wherever it is found."""
    text = "\x00".join((kind, *parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


class Traits:
    """The traits of one submission by their keys, the first one of each; what `given` holds is nobody's own.

    `cut` says whether there were more than the limit, `lines` how many lines of code there are.
    """

    def __init__(self, given: frozenset[int] = frozenset(), *, limit: int | None = _MAX_TRAITS) -> None:
        self._given = given
        self._limit = limit
        self.found: dict[int, Trait] = {}
        self.cut = False
        self.lines = 0

    def add(
        self,
        kind: Kind,
        *parts: str,
        shown: str,
        where: str,
        line: int = -1,
        parent: int | None = None,
        by_chance: bool = True,
        part: str = "",
    ) -> int:
        """Note a trait, unless it is given or there are too many; return its key."""
        key = key_of(kind, *parts)
        if key in self._given or key in self.found:
            return key
        if self._limit is not None and len(self.found) >= self._limit:
            self.cut = True
            return key
        cut = shown if len(shown) <= MAX_SHOWN else shown[:MAX_SHOWN] + "..."
        self.found[key] = Trait(
            kind=kind, shown=cut, where=where, line=line, parent=parent, by_chance=by_chance, part=part
        )
        return key
