"""Judge the examples that a student writes before the code: functions `examples_<exercise>` that assert.

They run in the student's worker, where the exercise is a stub that one program after another answers for, each in a
confined process of its own: the reference and the right alternatives, for all of which the examples have to hold,
and then the catalogue of misconceptions, each of which they catch or let through. No line of those programs meets the
student's code, and nothing that is scored. What is told is how many are caught, and one kind that slips through.
"""

from __future__ import annotations

import builtins
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from grader.backends.analysis import Analysis
from grader.backends.reference import Variant, load_message
from grader.backends.session import Session
from grader.course.assignment import Assignment
from grader.course.catalogue import Misconception, read_alternatives, read_catalogue
from grader.course.lesson import exercise_classes, reference_source
from grader.diagnosis.counterexample import find_evidence
from grader.judge.driver import Suite
from grader.judge.right_helpers import Helpers
from grader.outcomes import How
from grader.sandbox.worker import TimedOut, WorkerDied
from grader.suite.student import frames_of
from grader.worker.stubs import Stub

__all__ = ["examples_told"]

_PREFIX = "examples_"
_QUESTIONS = 1_000  # of one program, for examples that call it often
_ADVICE = {
    True: "Where numbers are rounded otherwise, torch.allclose still holds.",
    False: "See in the lesson what each argument is: a tensor, and of which shape.",
}
"""By whether an assertion failed, or something else was raised."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """What an example raised, and in which line of the student's, "" where that is not known."""

    line: int
    text: str
    kind: str

    def __str__(self) -> str:
        if not self.line:
            return f"{self.kind} is raised"
        said = f"line {self.line}, `{self.text}`, "
        return said + ("does not hold" if self.kind == "AssertionError" else f"raises {self.kind}")


class _InTurn:
    """Helpers that are exchanged: the student's file is loaded once, and one program after another answers."""

    def __init__(self, first: Helpers) -> None:
        self.now = first

    @property
    def stubs(self) -> list[Stub]:
        return self.now.stubs

    def begin(self, questions: int) -> None:
        self.now.begin(questions)

    def answer(self, question: object) -> dict[str, object]:
        return self.now.answer(question)


def examples_told(assignment: Assignment, suite: Suite, session: Session, analysis: Analysis) -> dict[str, str]:
    """Return a sentence for each exercise for which the file has examples, by its name."""
    there = {name for names in analysis.names for name in names if name.startswith(_PREFIX)}
    told: dict[str, str] = {}
    for exercise in assignment.names:
        if _PREFIX + exercise in there:
            try:
                found = _Examples(assignment, suite, session, analysis, exercise).told()
            except TimedOut as error:
                found = f"they took too long: {error.reason}"
            except WorkerDied as error:
                found = error.reason
            told[exercise] = f"your examples of `{exercise}`: {found}"
    return told


class _Examples:
    """Those of one exercise."""

    def __init__(
        self, assignment: Assignment, suite: Suite, session: Session, analysis: Analysis, exercise: str
    ) -> None:
        self._assignment = assignment
        self._suite = suite
        self._session = session
        self._analysis = analysis
        self._exercise = exercise
        self._turns: _InTurn | None = None
        self._seconds = session.seconds(exercise)  # of CPU, for all programs together

    def told(self) -> str:
        if self._exercise in exercise_classes(self._assignment):
            return "not looked at, since it is a class: examples of functions are"
        own = self._own()
        reference = reference_source(self._assignment)
        rights = [reference, *read_alternatives(self._assignment).values()]
        for source in rights:
            failed = self._against(source, right=True)
            if failed is not None and source is reference:
                return f"{failed} for a right program"
            if failed is not None:
                return f"{failed} for every right program. {_ADVICE[failed.kind == 'AssertionError']}"
        items = [item for item in read_catalogue(self._assignment) if item.exercise == self._exercise]
        caught = {item.id for item in items if self._against(f"{reference}\n\n{item.source}\n") is not None}
        missed = [item for item in items if item.id not in caught and _shows(self._suite, self._exercise, item)]
        return f"they hold for {len(rights)} right programs and catch {_counted(len(caught), missed)}.{own}"

    def _own(self) -> str:
        """Say how the student's own code does, where it is written."""
        if self._exercise not in self._session.defined - self._session.untouched:
            return ""
        self._session.help_by(None, self._exercise)
        failed = self._failed()
        return " They hold for yours, too." if failed is None else f" For yours {failed}."

    def _against(self, source: str, *, right: bool = False) -> _Failed | None:
        """Run them while this program answers, within what is left of the seconds that all programs have."""
        with contextlib.closing(self._helpers(source, right=right)) as helpers:
            if self._turns is None:
                self._turns = _InTurn(helpers)
                self._session.help_by(self._turns, self._exercise)
            self._turns.now = helpers
            helpers.begin(_QUESTIONS)
            failed = self._failed()
        self._seconds = helpers.seconds_left
        if helpers.exhausted:  # what it raised for want of time is no answer of the program's
            limit = self._session.seconds(self._exercise)
            raise TimedOut(f"what they ask for takes more than {limit:g} s, of all programs together")
        return failed

    def _helpers(self, source: str, *, right: bool) -> Helpers:
        """Return what answers by this program; a right one answers in what the reference's answers come in."""
        kinds = {self._exercise: self._suite.containers.get(self._exercise) if right else None}
        load = load_message(self._assignment, "program", source)
        return self._suite.answering.helpers(
            self._session, self._analysis, self._exercise, kinds, load, seconds=self._seconds
        )

    def _failed(self) -> _Failed | None:
        """Run the examples once."""
        call = {"name": _PREFIX + self._exercise, "args": [], "kwargs": {}}
        gradients = self._session.gradients(self._exercise)
        answers = self._session.request({"op": "call", "calls": [{**call, "gradients": gradients}]}).get("answers")
        answer = answers[0] if isinstance(answers, list) and answers else {}
        if not isinstance(answer, dict) or "raised" not in answer:
            return None
        own = [frame for frame in frames_of(answer) if frame.function == _PREFIX + self._exercise]
        text = self._session.source_line(own[-1].filename, own[-1].line) if own else ""
        return _Failed(line=own[-1].line if text else 0, text=text, kind=_kind(str(answer["raised"])))


def _shows(suite: Suite, exercise: str, item: Misconception) -> bool:
    """Say whether a teaching example of this exercise shows a mistake by what the call returns or raises.

    Where the course has none, any mistake may show.
    """
    if exercise not in suite.showing.teaching:
        return True
    variant = Variant(suite.reference, compile(item.source, item.id, "exec"))
    found = find_evidence(suite.showing.teaching[exercise], variant, suite.reference, lambda: None)
    return found is not None and found.counterexample.how is not How.CHANGED


def _kind(name: str) -> str:
    """Return the name of an exception of Python's own: a name that the student chose could tell what was answered."""
    known = getattr(builtins, name, None)
    return name if isinstance(known, type) and issubclass(known, Exception) else "an exception"


def _counted(caught: int, missed: Sequence[Misconception]) -> str:
    slips = f'; one slips through that "{missed[0].name}"' if missed else ""
    return f"{caught} of {caught + len(missed)} kinds of mistake{slips}"
