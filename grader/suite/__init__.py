"""What a hidden suite is written with: it imports from here, and from nothing else of the grader.

A suite is ordinary pytest tests against a `student` fixture, each marked by `check`. Nothing here knows an answer.
"""

from grader.answers.explain import show
from grader.outcomes import Kind, Word
from grader.suite.chance import chance
from grader.suite.checks import Mismatch, NotShown, Tolerance, agree, check, mismatch, same_dtype
from grader.suite.individual import known, readings
from grader.suite.kept import kept
from grader.suite.printed import epochs_are_printed, near, numbers_in, printed_losses
from grader.suite.repeats import pure, same
from grader.suite.stand_ins import stand_in
from grader.suite.student import call
from grader.wire import Array

__all__ = [
    "Array",
    "Kind",
    "Mismatch",
    "NotShown",
    "Tolerance",
    "Word",
    "agree",
    "call",
    "chance",
    "check",
    "epochs_are_printed",
    "kept",
    "known",
    "mismatch",
    "near",
    "numbers_in",
    "printed_losses",
    "pure",
    "readings",
    "same",
    "same_dtype",
    "show",
    "stand_in",
]
