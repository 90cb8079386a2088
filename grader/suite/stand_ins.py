"""Let a suite say how a helper is stood in for that is no pure function: it changes arguments, or calls one.

Such a stand-in has two halves. The near one runs beside the student's objects, as a probe does; it holds no
answer, and asks for its numbers. The far one is asked, and runs where the reference answers. Each sees torch and its
own source, nothing else of the suite.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.worker.stubs import Near

__all__ = ["StandIn", "stand_in", "stand_ins_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Both halves for one exercise: `far(*args)` answers what the near half asks with `ask(*args)`."""

    exercise: str
    near: Near
    far: Near


def stand_in(exercise: str, *, far: Callable[..., object]) -> Callable[[Callable[..., object]], StandIn]:
    """Make a near half `near(ask, ...)`, called as the exercise is, into the stand-in for that exercise."""

    def make(near: Callable[..., object]) -> StandIn:
        return StandIn(exercise=exercise, near=_in_source(near), far=_in_source(far))

    return make


def _in_source(function: Callable[..., object]) -> Near:
    source = textwrap.dedent(inspect.getsource(function))
    return Near(source=source[source.index("def ") :], function=function.__name__)


def stand_ins_in(modules: Iterable[object]) -> dict[str, StandIn]:
    """Return what modules of a suite define to stand in for exercises, by exercise."""
    once = {id(module): module for module in modules if module is not None}
    found = [value for module in once.values() for value in vars(module).values() if isinstance(value, StandIn)]
    return {value.exercise: value for value in found}
