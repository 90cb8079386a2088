"""Show a student one small call that goes wrong: what came back, what should have, and in which way it differs.

The question comes from the teaching examples, never from what is scored, and goes to a worker that has seen
nothing scored: what an answer shows, the student may know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from grader.answers.elsewhere import counts_in
from grader.answers.explain import as_numbers, show
from grader.answers.rounding import SMALLEST_SIZE, is_within, largest
from grader.answers.signatures import OTHER_AT_THE_SECOND_CALL, Arguments, Ask, Signature, signature_of
from grader.backends.exchanges import Exchange, Recorder
from grader.backends.protocol import Backend
from grader.course.teaching import Teaching
from grader.outcomes import Counterexample, Diagnosis, How
from grader.sandbox.worker import TimedOut, WorkerDied
from grader.suite.student import Observation, Student, StudentRaised, Untransferable, bind
from grader.wire import Array, Value

__all__ = ["Evidence", "find_evidence"]

_MAX_MESSAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A counterexample, the general signature that it shows, if it shows one, and what each worker was asked for it."""

    counterexample: Counterexample
    diagnosis: Diagnosis | None
    exchanges: tuple[tuple[Exchange, ...], ...] = ()


def find_evidence(
    teachings: Sequence[Teaching], backend: Backend, reference: Backend, fresh: Callable[[], None]
) -> Evidence | None:
    """Return the first teaching example that `backend` answers otherwise than the reference, or None.

    `fresh` gives the backend a worker that has been asked nothing, so that each example stands by itself.
    Raises WorkerDied and TimedOut as the backend does.
    """
    exchanges: list[tuple[Exchange, ...]] = []
    for teaching in teachings:
        for place, example in enumerate(teaching.examples):
            right = _observe(teaching, reference, example)
            if not isinstance(right, Observation):
                continue
            fresh()
            asked: list[Exchange] = []
            own = _observe(teaching, Recorder(backend, asked), example)
            exchanges.append(tuple(asked))
            found = _compare(teaching, backend, reference, example, own, right)
            if found is not None:
                further = _further(teaching, backend, teaching.examples[place + 1 :], fresh)
                return replace(found, exchanges=(*exchanges, *further))
    return None


def _further(
    teaching: Teaching, backend: Backend, examples: Sequence[Arguments], fresh: Callable[[], None]
) -> list[tuple[Exchange, ...]]:
    """Ask the examples behind a counterexample: it is often of one step, in which several misconceptions are alike."""
    found: list[tuple[Exchange, ...]] = []
    try:
        for example in examples:
            fresh()
            asked: list[Exchange] = []
            _observe(teaching, Recorder(backend, asked), example)
            found.append(tuple(asked))
    except (TimedOut, WorkerDied):  # what has been asked until then tells apart without it
        pass
    return found


def _observe(
    teaching: Teaching, backend: Backend, arguments: Arguments
) -> Observation | StudentRaised | Untransferable:
    student = Student()
    bind(student, backend)
    try:
        if teaching.probe is None:
            return student.observe(teaching.exercise, *arguments.values())
        return Observation(value=student.probe(teaching.probe, *arguments.values()), printed="", arguments=())
    except (StudentRaised, Untransferable) as error:
        return error


def _compare(
    teaching: Teaching,
    backend: Backend,
    reference: Backend,
    example: Mapping[str, object],
    own: Observation | StudentRaised | Untransferable,
    right: Observation,
) -> Evidence | None:
    """Look at the value first, part by part, then at what became of the arguments, and at a second call."""
    shown = Counterexample(call=teaching.call(example), returned="", expected=show(right.value))
    if isinstance(own, StudentRaised):
        return Evidence(counterexample=replace(shown, returned=_one_line(str(own)), how=How.RAISED), diagnosis=None)
    if isinstance(own, Untransferable):
        text = f"an answer that can't be shown: {_one_line(str(own))}"
        return Evidence(counterexample=replace(shown, returned=text), diagnosis=None)
    shown = replace(shown, returned=show(own.value))
    theirs, ours = _parts(own.value), _parts(right.value)
    if theirs is None or ours is None or theirs.keys() != ours.keys():
        same = _same_numbers(own.value, right.value, teaching.rtol)
        return None if same else Evidence(counterexample=shown, diagnosis=None)
    for key, want in ours.items():
        if not _agree(theirs[key], want, teaching.rtol):
            try:
                sign = signature_of(
                    example,
                    theirs[key],
                    want,
                    _asking(teaching, backend, key),
                    right=_asking(teaching, reference, key),
                    free=teaching.free,
                    part=key,
                    rtol=teaching.rtol,
                    more=[other for other in teaching.examples if counts_in(other) == counts_in(example)],
                )
            except (TimedOut, WorkerDied):  # what has been seen stands without it
                sign = None
            return Evidence(counterexample=shown, diagnosis=_diagnosis(sign, key))
    return _by_form(teaching, backend, example, own, right, shown)


def _by_form(
    teaching: Teaching,
    backend: Backend,
    example: Mapping[str, object],
    own: Observation,
    right: Observation,
    shown: Counterexample,
) -> Evidence | None:
    for (name, given), after, wanted in zip(example.items(), own.arguments, right.arguments, strict=False):
        if isinstance(given, torch.Tensor) and _changed(given, after) and not _changed(given, wanted):
            changed = f"{name} = {show(after)}", f"{name} = {show(given)}"
            sign = Signature("argument_changed", f"it changes `{name}`, which it was given")
            shown = replace(shown, returned=changed[0], expected=changed[1], how=How.CHANGED)
            return Evidence(counterexample=shown, diagnosis=_diagnosis(sign))
    first, second = own.value, right.value
    if isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor) and first.dtype != second.dtype:
        kinds = [str(item.dtype).removeprefix("torch.") for item in (first, second)]
        sign = Signature("wrong_dtype", f"its dtype is {kinds[0]}, not {kinds[1]}")
        return Evidence(counterexample=shown, diagnosis=_diagnosis(sign))
    again = _observe(teaching, backend, example)
    if isinstance(again, Observation) and not _same_numbers(again.value, own.value, teaching.rtol):
        shown = replace(shown, call=f"{shown.call}, a second time", returned=show(again.value))
        return Evidence(counterexample=shown, diagnosis=_diagnosis(OTHER_AT_THE_SECOND_CALL))
    return None


def _diagnosis(sign: Signature | None, key: str = "") -> Diagnosis | None:
    where = f"in {key}: " if key else ""
    return None if sign is None else Diagnosis(misconception=sign.name, text=where + sign.text)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_MAX_MESSAGE]


def _asking(teaching: Teaching, backend: Backend, key: str) -> Ask:
    """Return what asks for one part of the answer, and raises LookupError where there is none."""

    def ask(arguments: Arguments) -> object:
        found = _observe(teaching, backend, teaching.consistent(arguments))
        parts = _parts(found.value) if isinstance(found, Observation) else None
        if parts is None or key not in parts:
            raise LookupError(key)
        return parts[key]

    return ask


def _parts(value: Value) -> dict[str, torch.Tensor] | None:
    """Return the numbers of an answer, or of each part of it by its index; None where it has no numbers."""
    whole = as_numbers(value)
    if whole is not None:
        return {"": whole.detach()}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    found = {key if isinstance(key, str) else f"[{key!r}]": as_numbers(item) for key, item in items}
    if not found or None in found.values():
        return None
    return {key: part.detach() for key, part in found.items() if part is not None}


def _agree(got: torch.Tensor, want: torch.Tensor, rtol: float) -> bool:
    """Say whether two answers are the same; one number may stand for many equal ones, and (1,) for ()."""
    if got.shape != want.shape and got.numel() != 1:
        return False
    one, other = got.to(torch.float64).reshape(-1), want.to(torch.float64).reshape(-1)
    return is_within(one.expand(other.shape), other, rtol * largest(other, least=SMALLEST_SIZE), nan=True)


def _same_numbers(one: Value, other: Value, rtol: float) -> bool:
    """Say whether two answers hold the same numbers in the same order, whatever holds them."""
    first, second = _parts(one), _parts(other)
    if first is None or second is None:
        return first is second and type(one) is type(other)
    flat = [torch.cat([part.to(torch.float64).reshape(-1) for part in parts.values()]) for parts in (first, second)]
    return flat[0].shape == flat[1].shape and _agree(flat[0], flat[1], rtol)


def _changed(before: torch.Tensor, after: Value) -> bool:
    numbers = after.tensor if isinstance(after, Array) else after
    return not (isinstance(numbers, torch.Tensor) and torch.equal(numbers.detach(), before.detach()))
