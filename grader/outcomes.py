"""The values that judging a submission produces: outcomes of checks, never a three-valued bool.

Frozen data only; nothing here judges, renders or reads a clock.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "NOT_ALLOWED",
    "USES_WHAT_IS_WRONG",
    "Check",
    "Counterexample",
    "Diagnosis",
    "How",
    "Kind",
    "Outcome",
    "Status",
    "Word",
    "gravest",
]

NOT_ALLOWED = "not_allowed"
"""The diagnosis of an exercise that reaches a tool it may not use; it earns nothing."""
USES_WHAT_IS_WRONG = "uses_what_is_wrong"
"""The diagnosis of an exercise of which no more is known than that another one, which it uses, is not right."""


class Status(enum.StrEnum):
    """What became of a check, or of an exercise.

    `BROKEN` is our fault: the score is null, and nothing is exported or credited. `WITHHELD` is no check's: it is what
    a student sees of an exercise of which nothing is told this time.
    """

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    BROKEN = "broken"
    WITHHELD = "withheld"


_WORST_FIRST = (Status.BROKEN, Status.TIMED_OUT, Status.CRASHED, Status.FAILED, Status.NOT_ATTEMPTED)


def gravest(statuses: Iterable[Status]) -> Status:
    """Return the status of an exercise from those of its checks: passed if all are, else the gravest."""
    found = set(statuses)
    return next((status for status in _WORST_FIRST if status in found), Status.PASSED)


class Kind(enum.StrEnum):
    """What a check looks at; the rules of scoring hang on it.

    `VALUE`: fresh ordinary inputs. The only kind that earns by itself; a fault leaves at most half.
    `KNOWN`: the lecture's own numbers. A fault leaves at most half, but it earns only beside a `VALUE`.
    `EDGE`: unusual inputs. `FORM`: shape, dtype, repeats, arguments. `PRINT`: what is printed.
    The last three earn only beside a passing `VALUE`, and cost at most half.
    """

    VALUE = "value"
    KNOWN = "known"
    EDGE = "edge"
    FORM = "form"
    PRINT = "print"


class Word(enum.StrEnum):
    """All that a student may read of what a hidden check found: a submission chooses one of these, and no other.

    What it was asked is the same for everybody, so that any particular (a value, a shape, a line, a message) could
    be made to tell it. Particulars come from the teaching example.
    """

    OTHER = "the answer is not right"
    VALUE = "the value is wrong"
    NOT_FINITE = "there is a nan or an infinity in it"
    SHAPE = "the shape is wrong"
    TYPE = "it did not return what is asked for"
    DTYPE = "the dtype is wrong"
    ARGUMENT = "an argument was changed"
    AGAIN = "a second call gives another answer"
    GRAPH = "nothing can be differentiated through the result"
    PRINTED = "what it prints is not right"
    SILENT = "it prints nothing"
    RAISED = "it raised an exception"
    NOT_WRITTEN = "it calls a function that is not written yet"
    ENDED = "it ended its process"
    TIME = "it took too long"
    OUTPUT = "it printed more than it may"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of an exercise, as its test declares it; judged by a student's own data it has its `own_title`."""

    name: str
    exercise: str
    title: str
    kind: Kind
    weight: float
    visible: bool
    long: bool
    own_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Name what is wrong with an exercise, and say it to the student in `text`.

    `title` is the catalogue's name of it, a few words for the staff alone: it may hold what would have been right.
    """

    misconception: str
    text: str
    title: str = ""


class How(enum.StrEnum):
    """What came of a small call: a value came back, something was raised, or an argument is another afterwards."""

    RETURNED = "returned"
    RAISED = "raised"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """A small call that goes wrong, as one could type it, what came of it, and what should have; never scored.

    `how` says what `returned` is.
    """

    call: str
    returned: str
    expected: str
    how: How = How.RETURNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Say what became of one check.

    `summary` and `text`, the evidence, are for the staff, and for the student where the check is visible: both can
    be made to tell scored inputs. `of_file` says that the summary tells of the file, before anything was asked.
    """

    check: str
    status: Status
    summary: str = ""
    text: str = ""
    word: Word = Word.OTHER
    of_file: bool = False
    diagnosis: Diagnosis | None = None

    @property
    def told(self) -> str:
        """What a student reads of a hidden check that is not passed."""
        return self.summary if self.of_file else self.word.value

    @property
    def refused(self) -> bool:
        """Say whether the exercise reaches a tool that it may not use."""
        return self.diagnosis is not None and self.diagnosis.misconception == NOT_ALLOWED
