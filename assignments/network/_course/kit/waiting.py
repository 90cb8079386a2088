"""Say which exercise waits for which, by who calls whom (`_course/kit/waiting.py` for a student).

It needs neither torch nor pytest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

__all__ = ["listed", "waits_for"]


def waits_for(name: str, failing: Collection[str], calls: Mapping[str, Collection[str]]) -> list[str]:
    """Return the failing exercises that `name` calls, itself or through others, and that wait for none themselves."""
    return [other for other in _behind(name, failing, calls) if not _behind(other, failing, calls)]


def _behind(name: str, failing: Collection[str], calls: Mapping[str, Collection[str]]) -> list[str]:
    """Return the other failing exercises that one reaches by calls."""
    reached = [name]
    for caller in reached:  # which grows meanwhile
        reached += [other for other in calls.get(caller, ()) if other in failing and other not in reached]
    return [other for other in failing if other in reached[1:]]


def listed(names: Sequence[str]) -> str:
    """Write names as one says them."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
