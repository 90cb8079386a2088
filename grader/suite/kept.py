"""Keep what a suite's own functions return: examples are the same objects for every submission, and the oracle slow."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, Generic, ParamSpec, TypeVar

__all__ = ["Kept", "forget", "kept"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_MOST = 4096
_all: list[OrderedDict[Any, Any]] = []
_Key = tuple[tuple[object, ...], tuple[tuple[str, object], ...]]


class Kept(Generic[_P, _R]):
    """A function that is computed once for each set of arguments; `kept` makes one.

    What it has computed may be kept between runs of the grader, as far as a frame can hold it.
    """

    def __init__(self, function: Callable[_P, _R]) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._values: OrderedDict[_Key, _R] = OrderedDict()
        _all.append(self._values)

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Return what the function does, computed now or before."""
        key: _Key = (args, tuple(kwargs.items()))
        if key not in self._values:
            self.fill(key, self._function(*args, **kwargs))
        return self._values[key]

    def fill(self, key: _Key, value: _R) -> None:
        """Take a value as computed; the oldest is forgotten where there are too many."""
        self._values[key] = value
        if len(self._values) > _MOST:
            self._values.popitem(last=False)

    def entries(self) -> Iterator[tuple[_Key, _R]]:
        """Yield what has been computed."""
        yield from self._values.items()


def forget() -> None:
    """Forget everything that was computed."""
    for values in _all:
        values.clear()


def kept(function: Callable[_P, _R]) -> Kept[_P, _R]:
    """Mark a function of a suite's that draws or computes from its arguments alone, and whose values nobody changes.

    Arguments are hashable; the suite's own values are told apart as objects (`@dataclass(eq=False)`).
    """
    return Kept(function)
