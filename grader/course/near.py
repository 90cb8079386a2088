"""Say which name was meant, where somebody wrote one that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["meant", "nearest"]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is nearest to one, "" where none is near."""
    found = difflib.get_close_matches(name, list(known), 1)
    return found[0] if found else ""


def meant(name: str, known: Iterable[str]) -> str:
    """Return the question for the name that was meant, or what there is: the end of a message."""
    known = list(known)
    near = nearest(name, known)
    return f"did you mean {near}?" if near else f"there is {', '.join(known)}"
