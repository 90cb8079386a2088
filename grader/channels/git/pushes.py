"""What git says of a push: which branches were pushed, and which one of them is graded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.report.text import clean

__all__ = ["Push", "chosen", "read_pushes"]

_NOTHING = re.compile(r"0+")
_BRANCH = b"refs/heads/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A branch that was pushed, and the commit that it is at now."""

    ref: bytes
    commit: str

    @property
    def name(self) -> str:
        """The branch's name, safe to print."""
        return clean(self.ref.removeprefix(_BRANCH).decode("utf-8", "replace"))


def read_pushes(lines: Iterable[bytes]) -> Iterator[Push]:
    """Read `old new ref` lines; tags, notes and deleted branches are nobody's submission."""
    for line in lines:
        _, _, rest = line.rstrip(b"\n").partition(b" ")
        new, _, ref = rest.partition(b" ")
        commit = new.decode("ascii", "replace")
        if ref.startswith(_BRANCH) and not _NOTHING.fullmatch(commit):
            yield Push(ref=ref, commit=commit)


def chosen(pushes: list[Push], head: bytes) -> tuple[Push, list[Push]]:
    """Return the push to grade and the others: the default branch, or the first by name."""
    ordered = sorted(pushes, key=lambda push: (push.ref != head, push.ref))
    return ordered[0], ordered[1:]
