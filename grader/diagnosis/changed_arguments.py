"""Look whether a wrong answer is the right one of other arguments.

The reference is asked what the student was asked, with one argument changed in one of the ways that have words. What
is said is that the numbers are the same in all calls; none of the reference's code shows.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import torch

from grader.answers.candidates import as_what
from grader.answers.elsewhere import many_calls
from grader.answers.explain import samples_in
from grader.answers.formulas import OF_ENTRIES, Formula
from grader.answers.laws import Arguments, Ask, Asked, Case, Signature, numbers_of
from grader.answers.pictures import listed

__all__ = ["cases_of", "changed_arguments"]

Candidate = tuple[str, Callable[[Arguments], torch.Tensor]]
Change = Callable[[Arguments], Mapping[str, object]]
Consistent = Callable[[Arguments], Arguments]

_MOST = 4
_TIMES = (2.0, 0.5, 10.0, 0.1, 100.0, 0.01)
_OF_ARGUMENTS = (
    *("the square of", "the root of `{name}`", "the absolute value of", "the ReLU of `{name}`", "the sigmoid of"),
    *(
        "tanh of",
        "one over",
        "e to the power of `{name}`",
        "the logarithm of `{name}`",
        "the sign of",
        "rounded",
        "cut",
    ),
    *("less its mean", "over the sum", "over its length", "over its largest"),
)
"""Words of what is made of an argument by mistake; each takes a call of the reference."""
_OTHERWISE: dict[str, Formula] = {
    "minus `{name}`": torch.neg,
    "`{name}` in the reverse order": lambda x: x.flip(0),
    "`{name}` moved on by one place": lambda x: x.roll(1, 0),
    "`{name}` moved back by one place": lambda x: x.roll(-1, 0),
    "`{name}` in the order of size": lambda x: x.sort(0).values,
    "`{name}` with its mean in each place": lambda x: x.mean().expand(x.shape).clone(),
    "`{name}` with its first entry in each place": lambda x: x[:1].expand(x.shape).clone(),
    "`{name}` transposed": lambda x: x.T if x.dim() == 2 and len(x) == len(x.T) else _unfit(),
    "0 in the place of `{name}`": torch.zeros_like,
    "1 in the place of `{name}`": torch.ones_like,
    "`{name}` and one more": lambda x: x + 1,
    "`{name}` less one": lambda x: x - 1,
    "`{name}` less its smallest entry, over its range": lambda x: (x - x.min()) / (x.max() - x.min()),
    "`{name}` rounded to one decimal": lambda x: x.round(decimals=1),
    "`{name}` over the number of its entries": lambda x: x / x.numel(),
}
_SAMPLES: dict[str, Callable[[int], slice]] = {
    "all samples but the first": lambda _: slice(1, None),
    "all samples but the last": lambda _: slice(None, -1),
    "all samples but the first and the last": lambda _: slice(1, -1),
    "the first half of the samples alone": lambda size: slice(size // 2),
    "the second half of the samples alone": lambda size: slice(size // 2, None),
    "the first 80% of the samples alone": lambda size: slice(max(1, int(0.8 * size))),
    "the first 70% of the samples alone": lambda size: slice(max(1, int(0.7 * size))),
    "the first 90% of the samples alone": lambda size: slice(max(1, int(0.9 * size))),
    "the last 80% of the samples alone": lambda size: slice(size - max(1, int(0.8 * size)), None),
    "every second sample alone": lambda _: slice(None, None, 2),
    "the first sample alone": lambda _: slice(1),
    "the last sample alone": lambda _: slice(-1, None),
}
_COUNTS: dict[str, Callable[[int], int]] = {
    "twice as large a `{name}`": lambda count: 2 * count,
    "half as large a `{name}`": lambda count: count // 2,
    "one more than `{name}`": lambda count: count + 1,
    "one less than `{name}`": lambda count: max(count - 1, 0),
    "`{name}` and two more": lambda count: count + 2,
    "`{name}` less two": lambda count: max(count - 2, 0),
    "three times as large a `{name}`": lambda count: 3 * count,
    "the square of `{name}`": lambda count: count**2,
}
_NUMBERS: dict[str, Callable[[float, int], float]] = {
    "the square of `{name}`": lambda number, _: number**2,
    "the root of `{name}`": lambda number, _: number**0.5,
    "one over `{name}`": lambda number, _: 1 / number,
    "1 less `{name}`": lambda number, _: 1 - number,
    "`{name}` and one more": lambda number, _: 1 + number,
    "minus `{name}`": lambda number, _: -number,
    "0 in the place of `{name}`": lambda *_: 0.0,
    "1 in the place of `{name}`": lambda *_: 1.0,
    "`{name}` over N": lambda number, size: number / size,
    "`{name}` times N": lambda number, size: number * size,
}


def _unfit() -> torch.Tensor:
    raise ValueError("unfit")


def cases_of(asked: Asked) -> list[Case]:
    """Ask for many calls, what comes back and what should; the searches below are in these."""
    others = [*many_calls(asked.arguments), *asked.more]
    found = (asked.case(other) for other in others)
    return [(asked.arguments, asked.got, asked.want), *(case for case in found if case is not None)]


def changed_arguments(cases: Sequence[Case], right: Ask, consistent: Consistent, rtol: float) -> Signature | None:
    """Return an argument with which the reference answers every call as the student does without, or None.

    `right` asks the reference with exactly these arguments; `consistent` gives those that the student was asked.
    """
    calls = [case[:2] for case in cases]
    said: list[str] = []
    for changes in (_changes, _changes_of_rows):
        found = [(what, functools.partial(_right_with, right, consistent, one)) for what, one in changes(cases[0][0])]
        said = said or as_what(calls, found, rtol, most=_MOST)
    if not said or len(said) == _MOST:  # so many are alike in these calls that none of them tells much
        return None
    text = f"in all {len(calls)} calls that were tried it is what is right for {', or for '.join(said)}"
    return Signature("other_arguments", text)


def _right_with(right: Ask, consistent: Consistent, change: Change, arguments: Arguments) -> torch.Tensor:
    given = consistent(arguments)
    found = numbers_of(right, {**given, **change(given)})
    if found is None:
        raise ValueError("refused")
    return found


def _changes(arguments: Arguments) -> Iterator[tuple[str, Change]]:
    """Yield each change of the arguments, with its words; the plainest come first."""
    tensors = [name for name, item in arguments.items() if isinstance(item, torch.Tensor) and item.is_floating_point()]
    for name, other in itertools.permutations(tensors, 2):
        if _tensor(arguments, name).shape == _tensor(arguments, other).shape:
            yield f"`{other}` in the place of `{name}`", functools.partial(_taken_from, name, other)
            if name < other:
                yield f"`{name}` and `{other}` exchanged", functools.partial(_exchanged, name, other)
    rows = _rows(arguments)
    for said, at in _SAMPLES.items():
        yield said, functools.partial(_some_samples, rows, at)
    for said, formula in _table().items():
        for name in tensors:
            yield said.format(name=name), functools.partial(_with, (name,), formula)
    for name, factor in itertools.product(tensors, _TIMES):
        yield f"`{name}` times {factor:g}", functools.partial(_with, (name,), functools.partial(torch.mul, factor))
    yield from _changes_of_numbers(arguments)


def _changes_of_rows(arguments: Arguments) -> Iterator[tuple[str, Change]]:
    """Yield what may be made of everything that has a row for each sample."""
    rows = _rows(arguments)
    for said, formula in _table().items() if len(rows) > 1 else ():
        what = said.format(name="it")
        yield f"{listed([f'`{name}`' for name in rows])}, each changed: {what}", functools.partial(_with, rows, formula)


def _table() -> dict[str, Formula]:
    wanted = {said: item for said, item in OF_ENTRIES.items() if any(word in said for word in _OF_ARGUMENTS)}
    return {**_OTHERWISE, **wanted}


def _rows(arguments: Arguments) -> list[str]:
    """Return the arguments with a row for each sample."""
    size = samples_in(arguments)
    tensors = [(name, item) for name, item in arguments.items() if isinstance(item, torch.Tensor)]
    return [name for name, item in tensors if item.is_floating_point() and item.dim() and len(item) == size]


def _changes_of_numbers(
    arguments: Arguments,
) -> Iterator[tuple[str, Change]]:
    for name, item in arguments.items():
        if isinstance(item, float):
            for said, change in _NUMBERS.items():
                yield said.format(name=name), functools.partial(_with_number, name, change)
            for factor in _TIMES:
                change = functools.partial(_times, factor)
                yield f"`{name}` times {factor:g}", functools.partial(_with_number, name, change)
        elif type(item) is int:
            for said, count in _COUNTS.items():
                yield said.format(name=name), functools.partial(_with_count, name, count)


def _times(factor: float, number: float, _: int) -> float:
    return factor * number


def _tensor(arguments: Arguments, name: str) -> torch.Tensor:
    item = arguments[name]
    assert isinstance(item, torch.Tensor)
    return item


def _taken_from(name: str, other: str, arguments: Arguments) -> Mapping[str, object]:
    return {name: _tensor(arguments, other).detach().clone().requires_grad_(_tensor(arguments, name).requires_grad)}


def _exchanged(name: str, other: str, arguments: Arguments) -> Mapping[str, object]:
    return {**_taken_from(name, other, arguments), **_taken_from(other, name, arguments)}


def _with(names: Sequence[str], formula: Formula, arguments: Arguments) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for name in names:
        item = _tensor(arguments, name)
        found[name] = formula(item.detach()).to(item.dtype).clone().requires_grad_(item.requires_grad)
    return found


def _some_samples(rows: Sequence[str], at: Callable[[int], slice], arguments: Arguments) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for name in rows:
        item = _tensor(arguments, name)
        found[name] = item.detach()[at(len(item))].clone().requires_grad_(item.requires_grad)
    return found


def _with_number(name: str, change: Callable[[float, int], float], arguments: Arguments) -> Mapping[str, object]:
    number = arguments[name]
    assert isinstance(number, float)
    return {name: change(number, samples_in(arguments))}


def _with_count(name: str, change: Callable[[int], int], arguments: Arguments) -> Mapping[str, object]:
    count = arguments[name]
    assert isinstance(count, int)
    return {name: change(count)}
