"""Say of a wrong answer that shows little by itself what else it is: a loop's steps, a known function, other arguments.

Each is said only of several calls that no chance could satisfy, as what was seen in these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import torch

from grader.answers.candidates import calls_of, enough
from grader.answers.elsewhere import counts_in, in_float64, other_calls
from grader.answers.known import known_function
from grader.answers.laws import Arguments, Ask, Asked, Signature
from grader.course.teaching import Teaching
from grader.diagnosis.changed_answers import changed_answer
from grader.diagnosis.changed_arguments import cases_of, changed_arguments
from grader.diagnosis.changed_references import changed_reference
from grader.diagnosis.stepping import stepping
from grader.diagnosis.steps import Parts, Run, run_of

__all__ = ["Search", "says_little", "what_else"]

_LITTLE = ("accumulates", "unwanted_influence", "direction_alone", "right_by_sign", "shifted", "factor_of_an_argument")
_VERY_LITTLE = ("accumulates", "direction_alone", "shifted", "some_components")
_OF_ONE_COUNT = ("as_given", "step_factor", "some_components", "no_influence", "one_sample", "shifted")
_RUNS = 2
_MANY = 400
_SLOWER = 0.01
"""So many times the learning rate a loop is followed with, where it runs away with that of the examples."""
NearTo = Callable[[], Iterable[tuple[str, Callable[[], Ask]]]]
Search = Callable[[], Signature | None]


def says_little(sign: Signature | None) -> bool:
    """Say whether a general signature is none, tells no more than where it is wrong, or is of one count of steps."""
    if sign is None or sign.name in _LITTLE or (sign.name == "some_components" and ":" not in sign.text):
        return True
    return sign.name in _OF_ONE_COUNT and sign.text.startswith("with ")


def what_else(
    asked: Asked, sign: Signature | None, own: Parts, right: Parts, alone: Ask, teaching: Teaching, near: NearTo
) -> Search:
    """Ask the student's function for calls enough, and return what searches in them, when it is wanted.

    It returns what tells more than the signature that has been seen, or that signature. `own` and `right` give all
    parts of an answer; `alone` asks the reference with exactly these arguments, even where some should follow from
    others; `near` gives references with something changed.
    """
    if asked.got.numel() != asked.want.numel():
        calls = calls_of(asked)
        return lambda: known_function(asked, calls) or sign
    runs = _runs(asked, own, right, teaching.examples)
    cases = cases_of(asked)

    def search() -> Signature | None:
        found = stepping(runs, asked.part)
        of_one_count = sign is not None and sign.name in _OF_ONE_COUNT and sign.name not in _LITTLE and ":" in sign.text
        if found is not None or of_one_count:
            return found or sign
        calls = [case[:2] for case in cases]
        if not enough(calls):
            return sign
        found = (
            known_function(asked, calls)
            or changed_arguments(cases, alone, teaching.consistent, asked.rtol)
            or changed_answer(cases, asked.rtol)
        )
        if found is None and (sign is None or sign.name in _VERY_LITTLE):
            found = changed_reference(cases, near(), asked.rtol)
        return found or sign

    return search


def _runs(asked: Asked, own: Parts, right: Parts, examples: Sequence[Arguments]) -> list[Run]:
    counts = counts_in(asked.arguments)
    if len(counts) != 1:
        return []
    count = counts[0][0]
    runs: list[Run] = []
    for base in _bases(asked.arguments, examples):
        if any(_is_same(base, run.arguments, count) for run in runs) or base.keys() != asked.arguments.keys():
            continue
        of_base = right({**base, count: 1})
        run = None if of_base is None else run_of(base, count, asked.part, own, right, of_base)
        if run is not None and (not runs or (run.anew is None) == (runs[0].anew is None)):
            runs.append(run)
        if len(runs) == _RUNS:
            return [*runs, *_nearer(runs[0], asked.part, own, right)]
    return []


def _bases(arguments: Arguments, examples: Sequence[Arguments]) -> Iterator[Arguments]:
    """Yield where loops are followed from: with the settings as they are, then without those that may be 0."""
    off = {name: 0.0 for one in examples for name, item in one.items() if isinstance(item, float) and item == 0.0}
    for more in ({}, off) if off else ({},):
        for base in (*reversed(examples), *other_calls(arguments)):
            found = in_float64({**base, **more})
            if more or not any(found.get(name) == 0.0 for name in off):
                yield found
    slower = {name: _SLOWER for name in ("learning_rate", "lr") if name in arguments}
    for base in (*reversed(examples), *other_calls(arguments)) if slower else ():
        yield in_float64({**base, **off, **{name: _SLOWER * _number(base[name]) for name in slower}})


def _number(item: object) -> float:
    assert isinstance(item, float)
    return item


def _nearer(run: Run, part: str, own: Parts, right: Parts) -> list[Run]:
    """Return the run from where the right way has come to after many steps, which are short there, if it can be."""
    shape = right({**run.arguments, run.count: _MANY})
    if run.anew is None or shape is None:
        return []
    start = {name: shape[key].detach() for key, name in run.parts}
    found = run_of({**run.arguments, **start}, run.count, part, own, right, shape)
    return [] if found is None else [found]


def _is_same(one: Arguments, other: Arguments, count: str) -> bool:
    """Say whether two calls differ in their counts alone."""
    return one.keys() == other.keys() and all(
        torch.equal(item, there)
        if isinstance(item, torch.Tensor) and isinstance(there, torch.Tensor)
        else item == there
        for name, item in one.items()
        if name != count and ((there := other[name]) is not None or True)
    )
