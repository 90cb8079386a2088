"""Show a student one small call that goes wrong: what came back, what should have, and in which way it differs.

The question comes from the teaching examples, never from what is scored, and goes to a worker that has seen
nothing scored: what an answer shows, the student may know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from grader.exchanges import Exchange, Recorder
from grader.explain import as_numbers, show
from grader.outcomes import RAISED, Counterexample, Diagnosis
from grader.signatures import Arguments, Ask, Signature, signature_of
from grader.student import Backend, Observation, Student, StudentRaised, Untransferable, bind
from grader.teaching import Teaching
from grader.wire import Array, Value

__all__ = ["Evidence", "find_evidence"]

_MAX_MESSAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A counterexample, the general signature that it shows, if it shows one, and what was asked until then."""

    counterexample: Counterexample
    diagnosis: Diagnosis | None
    exchanges: tuple[Exchange, ...] = ()


def find_evidence(teachings: Sequence[Teaching], backend: Backend, reference: Backend) -> Evidence | None:
    """Return the first teaching example that `backend` answers otherwise than the reference, or None.

    Raises WorkerDied and TimedOut as the backend does.
    """
    asked: list[Exchange] = []
    for teaching in teachings:
        for example in teaching.examples:
            right = _observe(teaching, reference, example)
            if isinstance(right, StudentRaised):
                continue
            own = _observe(teaching, Recorder(backend, asked), example)
            found = _compare(teaching, backend, reference, example, own, right)
            if found is not None:
                return replace(found, exchanges=tuple(asked))
    return None


def _observe(teaching: Teaching, backend: Backend, arguments: Arguments) -> Observation | StudentRaised:
    student = Student()
    bind(student, backend)
    try:
        if teaching.probe is None:
            return student.observe(teaching.exercise, *arguments.values())
        return Observation(value=student.probe(teaching.probe, *arguments.values()), printed="", arguments=())
    except StudentRaised as error:
        return error
    except Untransferable as error:
        return StudentRaised(type_name="an answer that can't be shown", message=str(error), frames=())


def _compare(
    teaching: Teaching,
    backend: Backend,
    reference: Backend,
    example: Mapping[str, object],
    own: Observation | StudentRaised,
    right: Observation,
) -> Evidence | None:
    """Look at the value first, part by part, then at what became of the arguments, and at a second call."""
    call, expected = teaching.call(example), show(right.value)
    if isinstance(own, StudentRaised):
        return _evidence(call, f"{RAISED}{str(own)[:_MAX_MESSAGE]}", expected, None)
    returned = show(own.value)
    theirs, ours = _parts(own.value), _parts(right.value)
    if theirs is None or ours is None or theirs.keys() != ours.keys():
        return (
            None if _same_numbers(own.value, right.value, teaching.rtol) else _evidence(call, returned, expected, None)
        )
    for key, want in ours.items():
        if not _agree(theirs[key], want, teaching.rtol):
            sign = signature_of(
                example,
                theirs[key],
                want,
                _asking(teaching, backend, key),
                right=_asking(teaching, reference, key),
                free=teaching.free,
                rtol=teaching.rtol,
            )
            return _evidence(call, returned, expected, sign, key)
    return _by_form(teaching, backend, example, own, right)


def _by_form(
    teaching: Teaching, backend: Backend, example: Mapping[str, object], own: Observation, right: Observation
) -> Evidence | None:
    call, returned, expected = teaching.call(example), show(own.value), show(right.value)
    for (name, given), after, wanted in zip(example.items(), own.arguments, right.arguments, strict=False):
        if isinstance(given, torch.Tensor) and _changed(given, after) and not _changed(given, wanted):
            sign = Signature("argument_changed", f"it changes `{name}`, which it was given")
            return _evidence(call, f"{name} = {show(after)}", f"{name} = {show(given)}", sign)
    first, second = own.value, right.value
    if isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor) and first.dtype != second.dtype:
        kinds = [str(item.dtype).removeprefix("torch.") for item in (first, second)]
        return _evidence(call, returned, expected, Signature("wrong_dtype", f"its dtype is {kinds[0]}, not {kinds[1]}"))
    again = _observe(teaching, backend, example)
    if isinstance(again, Observation) and not _same_numbers(again.value, own.value, teaching.rtol):
        text = "a second call with the same arguments gives another answer: it keeps something from call to call"
        return _evidence(f"{call}, a second time", show(again.value), expected, Signature("global_state", text))
    return None


def _evidence(call: str, returned: str, expected: str, sign: Signature | None, key: str = "") -> Evidence:
    where = f"in {key}: " if key else ""
    return Evidence(
        counterexample=Counterexample(call=call, returned=returned, expected=expected),
        diagnosis=None if sign is None else Diagnosis(misconception=sign.name, text=where + sign.text),
    )


def _asking(teaching: Teaching, backend: Backend, key: str) -> Ask:
    """Return what asks for one part of the answer, and raises LookupError where there is none."""

    def ask(arguments: Arguments) -> object:
        found = _observe(teaching, backend, arguments)
        parts = None if isinstance(found, StudentRaised) else _parts(found.value)
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
    return torch.allclose(one.expand(other.shape), other, rtol=0.0, atol=rtol * _scale(other), equal_nan=True)


def _scale(numbers: torch.Tensor) -> float:
    finite = numbers[numbers.isfinite()]
    return max(float(finite.abs().max()) if finite.numel() else 0.0, 1e-9)


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
