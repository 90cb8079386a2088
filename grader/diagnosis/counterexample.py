"""Show a student one small call that goes wrong: what came back, what should have, and in which way it differs.

The question comes from the teaching examples, never from what is scored, and goes to a worker that has seen
nothing scored: what an answer shows, the student may know.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from grader.answers.elsewhere import counts_in, in_float64, like
from grader.answers.explain import show
from grader.answers.laws import Asked
from grader.answers.rounding import ROUNDING, SMALLEST_SIZE, is_within, largest
from grader.answers.signatures import OTHER_AT_THE_SECOND_CALL, Arguments, Ask, Signature, signature_of
from grader.backends.exchanges import Exchange, Recorder
from grader.backends.protocol import Backend
from grader.course.teaching import Teaching
from grader.diagnosis.asking import all_parts, asking, asking_near, exactly, flat, observe, parts_of
from grader.diagnosis.near_reference import Near
from grader.diagnosis.what_else import Search, says_little, what_else
from grader.outcomes import Counterexample, Diagnosis, How
from grader.sandbox.worker import TimedOut, WorkerDied
from grader.suite.student import Observation, StudentRaised, Untransferable
from grader.wire import Array, Value

__all__ = ["Evidence", "find_evidence"]

_MAX_MESSAGE = 200
NearTo = Callable[[str], Iterable[Near]]


def _none(_: str) -> Iterable[Near]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A counterexample, the general signature that it shows, if it shows one, and what each worker was asked for it.

    `repeated` is what one worker was asked twice over, where a second call gives something else: what remembers shows
    in that alone. Where a signature tells little, `search` looks for more, in what the student's code has been asked
    already: it takes a while, and whoever has a name for the mistake needs none of it.
    """

    counterexample: Counterexample
    diagnosis: Diagnosis | None
    exchanges: tuple[tuple[Exchange, ...], ...] = ()
    repeated: tuple[Exchange, ...] = ()
    search: Callable[[], Diagnosis | None] | None = None

    def headline(self) -> Diagnosis | None:
        """Return the most that can be said without a catalogue."""
        return self.diagnosis if self.search is None else self.search()


def find_evidence(
    teachings: Sequence[Teaching],
    backend: Backend,
    reference: Backend,
    fresh: Callable[[], None],
    near_to: NearTo = _none,
) -> Evidence | None:
    """Return the first teaching example that `backend` answers otherwise than the reference, or None.

    `fresh` gives the backend a worker that has been asked nothing, so that each example stands by itself, and
    `near_to` the references of an exercise with something changed.
    Raises WorkerDied and TimedOut as the backend does.
    """
    exchanges: list[tuple[Exchange, ...]] = []
    for teaching in teachings:
        for place, example in enumerate(teaching.examples):
            right = observe(teaching, reference, example)
            if not isinstance(right, Observation):
                continue
            fresh()
            asked: list[Exchange] = []
            own = observe(teaching, Recorder(backend, asked), example)
            exchanges.append(tuple(asked))
            found = _compare(teaching, backend, reference, example, own, right, near_to)
            if found is not None:
                further = _further(teaching, backend, teaching.examples[place + 1 :], fresh)
                repeated = _twice(teachings, backend, fresh) if _remembers(found) else ()
                return replace(found, exchanges=(*exchanges, *further), repeated=repeated)
    return _elsewhere(teachings, backend, reference, fresh, near_to)


def _remembers(found: Evidence) -> bool:
    return found.diagnosis is not None and found.diagnosis.misconception == OTHER_AT_THE_SECOND_CALL.name


def _twice(teachings: Sequence[Teaching], backend: Backend, fresh: Callable[[], None]) -> tuple[Exchange, ...]:
    """Ask one worker all examples, each of them twice; return what was asked until it came to an end."""
    asked: list[Exchange] = []
    try:
        fresh()
        for teaching in teachings:
            for example in teaching.examples:
                for _ in range(2):
                    observe(teaching, Recorder(backend, asked), example)
    except (TimedOut, WorkerDied):
        pass
    return tuple(asked)


def _elsewhere(
    teachings: Sequence[Teaching],
    backend: Backend,
    reference: Backend,
    fresh: Callable[[], None],
    near_to: NearTo,
) -> Evidence | None:
    """Look for a value that is wrong in calls like the teaching examples, where all of these are right."""
    for teaching in teachings:
        for example in like(teaching.examples[0]):
            given = dict(teaching.consistent(example))
            right = observe(teaching, reference, given)
            fresh()
            own = observe(teaching, backend, given)
            if isinstance(right, Observation) and isinstance(own, Observation):
                theirs, ours = parts_of(own.value), parts_of(right.value)
                if theirs and ours and theirs.keys() == ours.keys():
                    found = _compare(teaching, backend, reference, given, own, right, near_to)
                    if found is not None and found.counterexample.how is How.RETURNED:
                        return found
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
            observe(teaching, Recorder(backend, asked), example)
            found.append(tuple(asked))
    except (TimedOut, WorkerDied):  # what has been asked until then tells apart without it
        pass
    return found


def _compare(
    teaching: Teaching,
    backend: Backend,
    reference: Backend,
    example: Mapping[str, object],
    own: Observation | StudentRaised | Untransferable,
    right: Observation,
    near_to: NearTo,
) -> Evidence | None:
    """Look at the value first, part by part, then at what became of the arguments, and at a second call."""
    shown = Counterexample(call=teaching.call(example), returned="", expected=show(right.value))
    if isinstance(own, StudentRaised):
        return Evidence(counterexample=replace(shown, returned=_one_line(str(own)), how=How.RAISED), diagnosis=None)
    if isinstance(own, Untransferable):
        text = f"an answer that can't be shown: {_one_line(str(own))}"
        return Evidence(counterexample=replace(shown, returned=text), diagnosis=None)
    shown = replace(shown, returned=show(own.value))
    theirs, ours = parts_of(own.value), parts_of(right.value)
    if theirs is None or ours is None or theirs.keys() != ours.keys():
        same = _same_numbers(own.value, right.value, teaching.rtol)
        return None if same else Evidence(counterexample=shown, diagnosis=None)
    for key, want in ours.items():
        if not _agree(theirs[key], want, teaching.rtol):
            try:
                sign, search = _signature(teaching, backend, reference, example, key, theirs, ours, near_to)
            except (TimedOut, WorkerDied):  # what has been seen stands without it
                sign, search = None, None
            later = None if search is None else functools.partial(_searched, search, key)
            return Evidence(counterexample=shown, diagnosis=_diagnosis(sign, key), search=later)
    return _by_form(teaching, backend, example, own, right, shown)


def _signature(
    teaching: Teaching,
    backend: Backend,
    reference: Backend,
    example: Mapping[str, object],
    key: str,
    theirs: Mapping[str, torch.Tensor],
    ours: Mapping[str, torch.Tensor],
    near_to: NearTo,
) -> tuple[Signature | None, Search | None]:
    """Return what a wrong part shows by itself, and where that is little, what searches for more."""
    ask, right = asking(teaching, backend, key), asking(teaching, reference, key)
    more = [other for other in teaching.examples if counts_in(other) == counts_in(example)]
    sign = signature_of(
        example,
        theirs[key],
        ours[key],
        ask,
        right=right,
        free=teaching.free,
        part=key,
        rtol=teaching.rtol,
        more=more,
    )
    if not says_little(sign):
        return sign, None
    seen = exactly(example, ask, right) or (example, flat(theirs[key], ours[key]), ours[key].to(torch.float64))
    asked = Asked(
        *seen, ask, right, teaching.free, key, max(teaching.rtol, ROUNDING), [in_float64(one) for one in more]
    )
    whole = functools.partial(all_parts, teaching, backend), functools.partial(all_parts, teaching, reference)
    alone = asking(replace(teaching, derived={}), reference, key)

    def near() -> Iterator[tuple[str, Callable[[], Ask]]]:
        for one in near_to(teaching.exercise):
            yield one.said, functools.partial(asking_near, teaching, reference, key, one)

    return sign, what_else(asked, sign, *whole, alone, teaching, near)


def _searched(search: Search, key: str) -> Diagnosis | None:
    return _diagnosis(search(), key)


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
    again = observe(teaching, backend, example)
    if isinstance(again, Observation) and not _same_numbers(again.value, own.value, teaching.rtol):
        shown = replace(shown, call=f"{shown.call}, a second time", returned=show(again.value))
        return Evidence(counterexample=shown, diagnosis=_diagnosis(OTHER_AT_THE_SECOND_CALL))
    return None


def _diagnosis(sign: Signature | None, key: str = "") -> Diagnosis | None:
    where = f"in {key}: " if key else ""
    return None if sign is None else Diagnosis(misconception=sign.name, text=where + sign.text)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_MAX_MESSAGE]


def _agree(got: torch.Tensor, want: torch.Tensor, rtol: float) -> bool:
    """Say whether two answers are the same; one number may stand for many equal ones, and (1,) for ()."""
    if got.shape != want.shape and got.numel() != 1:
        return False
    one, other = got.to(torch.float64).reshape(-1), want.to(torch.float64).reshape(-1)
    return is_within(one.expand(other.shape), other, rtol * largest(other, least=SMALLEST_SIZE), nan=True)


def _same_numbers(one: Value, other: Value, rtol: float) -> bool:
    """Say whether two answers hold the same numbers in the same order, whatever holds them."""
    first, second = parts_of(one), parts_of(other)
    if first is None or second is None:
        return first is second and type(one) is type(other)
    flat = [torch.cat([part.to(torch.float64).reshape(-1) for part in parts.values()]) for parts in (first, second)]
    return flat[0].shape == flat[1].shape and _agree(flat[0], flat[1], rtol)


def _changed(before: torch.Tensor, after: Value) -> bool:
    numbers = after.tensor if isinstance(after, Array) else after
    return not (isinstance(numbers, torch.Tensor) and torch.equal(numbers.detach(), before.detach()))
