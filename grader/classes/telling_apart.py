"""Give each submission of a class a name that no other one has as a report writes it.

Two names may be one once they are clean: what can't be seen in them is then spelled out. Opens no file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from grader.report.text import clean
from grader.submissions.found import Found

__all__ = ["told_apart"]


def told_apart(found: Sequence[Found]) -> list[Found]:
    """Return the submissions in their order, those of one name under others: a result is found by its name.

    A student chooses how a file is called, and could else stand in another one's place.
    """
    times = Counter(clean(item.given) for item in found)
    taken = {name for name, number in times.items() if number == 1}
    return [item if times[clean(item.given)] == 1 else _renamed(item, taken) for item in found]


def _renamed(item: Found, taken: set[str]) -> Found:
    plain = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in item.given)
    suffix = PurePath(plain).suffix
    name, number = plain, 1
    while clean(name) in taken:
        number += 1
        name = f"{plain.removesuffix(suffix)} ({number}){suffix}"
    taken.add(clean(name))
    return replace(item, given=name)
