"""Give arguments by position where a student's function has other names for them than the stub."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

__all__ = ["in_its_own_names"]

_BY_EITHER = inspect.Parameter.POSITIONAL_OR_KEYWORD


def in_its_own_names(function: object, args: list[object], kwargs: Mapping[str, object]) -> dict[str, object] | None:
    """Return the named arguments under the names that the function has; None where they fit, or none are left for them.

    Those it does not know take the names that nobody has yet, in the order of both.
    """
    try:
        parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]  # whatever it is
    except (TypeError, ValueError):
        return None
    if any(item.kind is inspect.Parameter.VAR_KEYWORD for item in parameters):
        return None
    named = [item for item in parameters if item.kind is not inspect.Parameter.VAR_POSITIONAL]
    strangers = [name for name in kwargs if name not in {item.name for item in named}]
    free = [item for item in named[len(args) :] if item.name not in kwargs and item.kind is _BY_EITHER]
    needed = [item for item in free if item.default is inspect.Parameter.empty]
    if not strangers or len(strangers) != len(needed) or needed != free[: len(needed)]:
        return None
    own = dict(zip(strangers, (item.name for item in needed), strict=True))
    return {own.get(name, name): value for name, value in kwargs.items()}
