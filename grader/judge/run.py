"""Judge one submission by the checks of a suite: replay recorded examples, and shrink what fails."""

from __future__ import annotations

import builtins
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.backends.analysis import Analysis
from grader.backends.exchanges import Earlier, Exchange, Recorder, Room
from grader.backends.protocol import Judged
from grader.errors import GraderError
from grader.judge.examples import Examples, Test, shrunk
from grader.outcomes import NOT_ALLOWED, Diagnosis, Kind, Outcome, Status, Word
from grader.sandbox.worker import TimedOut, WorkerDied
from grader.suite.checks import Mismatch, NotShown
from grader.suite.student import Student, StudentRaised, bind
from grader.worker.absent import NotAllowed

__all__ = ["Run"]

_DEATHS_PER_EXERCISE = 3
_OF_EACH_CHECK = 2  # exchanges tell most misconceptions from what is right
_NO_GRADIENT = "does not require grad"  # torch's own words for a gradient that is switched off; it has no type for it


@dataclass(slots=True)
class _Seen:
    """What is known of one exercise so far; exchanges and answers are of short checks, at False, and of long ones."""

    timed_out: bool = False
    deaths: int = 0
    shrunk: bool = False
    exchanges: dict[bool, list[Exchange]] = field(default_factory=lambda: {False: [], True: []})
    answers: dict[bool, dict[bytes, dict[object, object]]] = field(default_factory=lambda: {False: {}, True: {}})
    right_properties: list[Exchange] = field(default_factory=list)
    right_others: list[Exchange] = field(default_factory=list)


class Run:
    """One submission's way through a suite; keeps what one check must know of the earlier ones."""

    def __init__(
        self, student: Student, backend: Judged, analysis: Analysis, examples: Examples, *, shrink: bool = True
    ) -> None:
        self._shrinks = shrink
        self._student = student
        self._backend = backend
        self._analysis = analysis
        self._examples = examples
        self._room = Room()
        self._seen: dict[str, _Seen] = {}

    def judge(self, test: Test) -> Outcome:
        """Return the outcome of one check; only a GraderError, which is our fault, gets out."""
        exercise = test.check.exercise
        self._backend.begin(exercise)  # first, so that what follows is about this exercise and no earlier one
        outcome = self._judge(test)
        if outcome.status is not Status.PASSED and self._backend.load_fully():
            self._seen.pop(exercise, None)
            outcome = self._judge(test)
        return outcome

    def alone(self, test: Test, answers: Mapping[bytes, dict[object, object]]) -> Outcome | None:
        """Return the outcome of a long check with the student's own helpers, or None where they let nothing be seen.

        `answers` are what its long runs came to when they were asked at first.
        """
        self._of(test.check.exercise).answers[True].update(answers)
        if test.alone is None:
            return None
        check = replace(test.check, kind=Kind.KNOWN)  # which reads what was answered before
        try:
            return self.judge(replace(test, check=check, function=test.alone, fixtures={"student": self._student}))
        except NotShown:
            return None

    def long_answers(self, exercise: str) -> Mapping[bytes, dict[object, object]]:
        """Return what its long checks were answered, by the question as a frame."""
        return self._of(exercise).answers[True]

    def exchanges(self, exercise: str, *, long: bool) -> tuple[Exchange, ...]:
        """Return what its short or its long checks asked and were answered."""
        return tuple(self._of(exercise).exchanges[long])

    def right(self, exercise: str) -> tuple[Exchange, ...]:
        """Return some of what each passed check asked, what hypothesis drew first, since it is short."""
        seen = self._of(exercise)
        return (*seen.right_properties, *seen.right_others)

    def _of(self, exercise: str) -> _Seen:
        return self._seen.setdefault(exercise, _Seen())

    def _judge(self, test: Test) -> Outcome:
        name, exercise = test.check.name, test.check.exercise
        if test.node in self._examples.broken:
            return Outcome(check=name, status=Status.BROKEN, text=self._examples.broken[test.node])
        unrun = self._decided(name, exercise)
        if unrun is not None:
            return unrun
        seen, long = self._of(exercise), test.check.long
        exchanges = seen.exchanges[long]
        before = len(exchanges)
        recorder = Recorder(self._backend, exchanges, self._room)
        earlier = Earlier(recorder, seen.answers[long])
        shared = test.check.kind in (Kind.KNOWN, Kind.PRINT) or (test.check.kind is Kind.VALUE and not test.is_property)
        bind(self._student, earlier if shared else recorder)
        try:
            self._call(test)
        except TimedOut as error:
            seen.timed_out = True
            return Outcome(check=name, status=Status.TIMED_OUT, summary=error.reason, word=Word.TIME)
        except WorkerDied as error:
            seen.deaths += 1
            return Outcome(check=name, status=Status.CRASHED, summary=error.reason, word=Word.ENDED)
        except GraderError:
            raise
        except Exception as error:  # noqa: BLE001 - the reference passes here, so it is the student's value
            recorder.stop()
            return self._failure(test, error)
        finally:
            bind(self._student, None)
            earlier.keep()
        if not long:
            right = seen.right_properties if test.is_property else seen.right_others
            right.extend(exchanges[before : before + _OF_EACH_CHECK])
        return Outcome(check=name, status=Status.PASSED)

    def _decided(self, name: str, exercise: str) -> Outcome | None:
        """Return the outcome of a check that need not run."""
        reached = self._analysis.reached.get(exercise) or self._backend.tools.get(exercise)
        if reached:
            return _not_allowed(name, f"{reached} is not allowed in this exercise")
        if exercise in self._backend.untouched:
            return _not_attempted(name)
        if self._of(exercise).timed_out:
            text = "not run, since an earlier check of this exercise ran out of time"
            return Outcome(check=name, status=Status.TIMED_OUT, summary=text, word=Word.TIME)
        if self._of(exercise).deaths >= _DEATHS_PER_EXERCISE:
            text = "not run, since earlier checks of this exercise ended the process"
            return Outcome(check=name, status=Status.CRASHED, summary=text, word=Word.ENDED)
        if exercise not in self._backend.defined:
            loss = self._backend.losses.get(exercise) or self._backend.unloadable
            if loss is not None:
                return Outcome(check=name, status=loss.status, summary=loss.text, of_file=True)
            text = f"there is no `{exercise}` in the submission; keep the stub's name"
            return Outcome(check=name, status=Status.NOT_ATTEMPTED, summary=text, of_file=True)
        return None

    def _call(self, test: Test) -> None:
        if not test.is_property:
            test.function(**test.fixtures)
            return
        run = test.function.hypothesis.inner_test  # type: ignore[attr-defined]  # is_property has looked
        for example in self._examples.drawn[test.node]:
            run(**example)

    def _failure(self, test: Test, error: Exception) -> Outcome:
        """Turn what a check raised into its outcome, after shrinking the exercise's first failure."""
        name, exercise = test.check.name, test.check.exercise
        if isinstance(error, StudentRaised):
            refused = self._refused(name, exercise, error)
            if refused is not None:
                return refused
        if self._shrinks and test.is_property and not self._of(exercise).shrunk:
            self._of(exercise).shrunk = True
            with contextlib.suppress(TimedOut, WorkerDied):  # the failure at hand stands without it
                error = shrunk(test, error)
        if isinstance(error, StudentRaised):
            word = Word.OUTPUT if error.type_name == "OutputLimit" else Word.RAISED
            said, text = self._raised(error), _raised_text(error)
            return Outcome(check=name, status=Status.CRASHED, summary=said, text=text, word=word)
        if isinstance(error, Mismatch):
            return Outcome(check=name, status=Status.FAILED, summary=error.summary, text=error.text, word=error.word)
        text = f"{type(error).__name__}: {error}"[:500]
        said = "the answer can't be compared"
        return Outcome(check=name, status=Status.FAILED, summary=said, text=text, word=Word.TYPE)

    def _raised(self, error: StudentRaised) -> str:
        """Say what was raised and where, without its message, which has its own place."""
        if error.type_name == "OutputLimit":
            return "it printed more than it may"
        known = isinstance(getattr(builtins, error.type_name, None), type)
        what = f"it raised {error.type_name}" if known else "it raised an exception"
        for frame in reversed(error.frames):
            line = self._backend.source_line(frame.filename, frame.line)
            if line:
                cell = frame.filename.rpartition(", ")[2] + ", " if ", cell " in frame.filename else ""
                return f"{what} in {cell}line {frame.line}: {line}"
        return what

    def _refused(self, name: str, exercise: str, error: StudentRaised) -> Outcome | None:
        """Recognise a stub, a stub that is called, and a gradient asked for where there is none."""
        if error.type_name == "NotImplementedError":
            if exercise in self._analysis.stub_left:
                return _not_attempted(name)
            called = error.frames[-1].function if error.frames else ""
            if called in self._analysis.stub_left:
                text = f"it calls `{called}`, which is not written yet"
                evidence = _raised_text(error)
                return Outcome(check=name, status=Status.CRASHED, summary=text, text=evidence, word=Word.NOT_WRITTEN)
        own = not error.frames or error.frames[-1].function not in self._analysis.defined - {exercise}
        absent = error.type_name == NotAllowed.__name__
        differentiates = not self._backend.gradients(exercise) and (absent or _NO_GRADIENT in error.message)
        if own and (absent or differentiates):
            optim = not differentiates or error.message.startswith("torch.optim")
            tool = "torch.optim" if optim else "automatic differentiation"
            return _not_allowed(name, f"{tool} is not allowed in this exercise, and is not there")
        return None


def _not_attempted(name: str) -> Outcome:
    text = "not written yet: the stub is still there"
    return Outcome(check=name, status=Status.NOT_ATTEMPTED, summary=text, of_file=True)


def _not_allowed(name: str, text: str) -> Outcome:
    diagnosis = Diagnosis(misconception=NOT_ALLOWED, text=text)
    return Outcome(check=name, status=Status.FAILED, summary=text, of_file=True, diagnosis=diagnosis)


def _raised_text(error: StudentRaised) -> str:
    frames = "\n".join(f"  {item.filename}, line {item.line}, {item.function}: {item.text}" for item in error.frames)
    return f"{error}\n{frames}".strip()
