"""Look whether a wrong answer is that of another function that is well known: another loss, another activation.

What is said is that the numbers are the same in all calls that were asked, so that nobody has to say what is right in
them. It needs torch alone, and ships to students.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence

import torch

from .candidates import Call, as_what, calls_of, enough
from .explain import samples_in
from .formulas import OF_ENTRIES, OF_ENTRIES_WITH_A_NUMBER, OF_PAIRS, REDUCED, SCALES, Formula
from .laws import Arguments, Asked, Signature
from .rounding import FACTOR, ZERO, is_near

__all__ = ["known_function"]

Rows = Sequence[torch.Tensor]

_SIZES = 2
"""With so many numbers of samples at least a law about them is seen, the largest above that."""
_AT = (-1.0, 2.0, 0.5)
_WITH_POWERS = ("the sigmoid of `{name}`", "tanh of `{name}`")
_POWERS = 4


def known_function(asked: Asked, calls: Sequence[Call] = ()) -> Signature | None:
    """Return a known function that answers every call as the student's does, the plainest first, or None.

    Without `calls` the student's function is asked for some.
    """
    calls = calls or calls_of(asked)
    if not enough(calls):
        return None
    tensors = [name for name, item in asked.arguments.items() if _is_floating(item)]
    shapes = {name: tuple(_of(asked.arguments, name).shape) for name in tensors}
    pairs = [pair for pair in itertools.permutations(tensors, 2) if shapes[pair[0]] == shapes[pair[1]] != ()]
    sizes = {samples_in(arguments) for arguments, _ in calls}
    if len(sizes) < _SIZES or max(sizes) <= _SIZES:  # of one sample a mean is a sum, a median and a maximum
        pairs, tensors = [], [name for name in tensors if shapes[name] == tuple(asked.got.shape)]
    same = [name for name in tensors if shapes[name] == tuple(asked.got.shape)]
    ways: list[Callable[[], str | None]] = [functools.partial(_line, calls, name, asked.rtol) for name in same]
    if asked.got.numel() > 1 or same:
        ways += [functools.partial(_of_one, calls, name, asked.rtol) for name in same]
        ways += [functools.partial(_of_two, calls, pair, asked.rtol) for pair in pairs if pair[0] in same]
    else:
        ways += [functools.partial(_one_number_of_two, calls, pair) for pair in pairs if len(shapes[pair[0]]) == 1]
        ways += [functools.partial(_one_number_of, calls, name, asked.rtol) for name in tensors if shapes[name]]
    found = _first(way() for way in ways)
    if found is None:
        return None
    return Signature("another_function", f"in all {len(calls)} calls that were tried it is {found}")


def _first(found: Iterator[str | None]) -> str | None:
    return next((said for said in found if said is not None), None)


def _is_floating(item: object) -> bool:
    return isinstance(item, torch.Tensor) and item.is_floating_point() and item.numel() > 0


def _of(arguments: Arguments, name: str) -> torch.Tensor:
    item = arguments[name]
    return (
        item.detach().to(torch.float64)
        if isinstance(item, torch.Tensor)
        else torch.tensor(float(item), dtype=torch.float64)  # type: ignore[arg-type]  # a number of the call
    )


def _line(calls: Sequence[Call], name: str, rtol: float) -> str | None:
    """Look for a multiple of one tensor, with an amount added: whatever else it is, nothing is plainer."""
    candidates = [(f"`{name}`", functools.partial(_value, torch.clone, (name,), 1.0))]
    return _first(iter(as_what(calls, candidates, rtol, shifted=True)))


def _of_one(calls: Sequence[Call], name: str, rtol: float) -> str | None:
    """Look for a function of one tensor, of a number beside it, and of several times the tensor."""
    candidates: list[tuple[str, Callable[[Arguments], torch.Tensor]]] = []
    numbers = [key for key, item in calls[0][0].items() if isinstance(item, float)]
    for said, formula in OF_ENTRIES.items():
        text = said.format(name=name)
        candidates.append((text, functools.partial(_value, formula, (name,), 1.0)))
    for said, formula in OF_ENTRIES_WITH_A_NUMBER.items():
        for other in numbers:
            text = said.format(name=name, name2=other)
            candidates.append((text, functools.partial(_value, formula, (name, other), 1.0)))
    for said, formula in OF_ENTRIES.items():
        text = said.format(name=name)
        candidates.append((f"the derivative of {text}", functools.partial(_slope, formula, (name,))))
        candidates += [
            (f"{text}, with {times:g} times it in its place", functools.partial(_value, formula, (name,), times))
            for times in _AT
        ]
    return _first(iter(as_what(calls, candidates, rtol, shifted=True))) or _of_powers(calls, name, rtol)


def _of_powers(calls: Sequence[Call], name: str, rtol: float) -> str | None:
    """Look for a sum of powers of a known function, the numbers beside them the same in all calls."""
    got = torch.cat([answer.reshape(-1) for _, answer in calls])
    if any(_of(arguments, name).numel() != answer.numel() for arguments, answer in calls):
        return None
    for said in _WITH_POWERS:
        made = torch.cat([OF_ENTRIES[said](_of(arguments, name)).reshape(-1) for arguments, _ in calls])
        table = torch.stack([made**power for power in range(_POWERS + 1)], 1)
        numbers = torch.linalg.lstsq(table, got[:, None]).solution[:, 0]
        simple = (numbers * 4).round() / 4
        if bool(((numbers - simple).abs() < 1e-3).all()) and is_near(got, table @ simple, rtol):
            terms = [
                f"s^{power}" if item == 1 and power else f"{item:g} s^{power}"
                for power, item in enumerate(simple.tolist())
                if item
            ]
            sum_of = " + ".join(terms).replace(" s^0", "").replace("s^1", "s").replace("+ -", "- ")
            return f"{sum_of}, where s is {said.format(name=name)}"
    return None


def _value(formula: Formula, names: Sequence[str], times: float, arguments: Arguments) -> torch.Tensor:
    first, *others = (_of(arguments, name) for name in names)
    return formula(times * first, *others)


def _slope(formula: Formula, names: Sequence[str], arguments: Arguments) -> torch.Tensor:
    """Return the derivative of the sum of a function in its first argument."""
    first, *others = (_of(arguments, name) for name in names)
    leaf = first.clone().requires_grad_()
    with torch.enable_grad():
        total = formula(leaf, *others).sum()
        return torch.autograd.grad(total, leaf)[0] if total.requires_grad else torch.zeros_like(first)


def _of_two(calls: Sequence[Call], pair: Sequence[str], rtol: float) -> str | None:
    """Look for a function of two tensors pair by pair, a derivative of a loss, and one's function times the other."""
    candidates: list[tuple[str, Callable[[Arguments], torch.Tensor]]] = []
    names = dict(zip(("name", "name2"), pair, strict=True))
    reduced = [item for place, item in enumerate(REDUCED.items()) if place < 1 or "median" in item[0]]
    for said, formula in OF_PAIRS.items():
        text = said.format(**names)
        candidates.append((text, functools.partial(_value, formula, pair, 1.0)))
    for said, formula in OF_PAIRS.items():
        for how, reduce in reduced:
            text = f"the derivative of {how.format(what=said.format(**names))} in `{pair[0]}`"
            candidates.append((text, functools.partial(_slope, functools.partial(_reduced, reduce, formula), pair)))
    for said, formula in OF_ENTRIES.items():
        text = said.format(name=pair[0])
        for way, what in ((functools.partial(_value, times=1.0), text), (_slope, f"the derivative of {text}")):
            of_first = functools.partial(way, formula, pair[:1])
            candidates.append((f"`{pair[1]}` times {what}", functools.partial(_times, of_first, pair[1])))
    return _first(iter(as_what(calls, candidates, rtol)))


def _reduced(reduce: Formula, formula: Formula, *rows: torch.Tensor) -> torch.Tensor:
    return reduce(formula(*rows))


def _times(of_first: Callable[..., torch.Tensor], name: str, arguments: Arguments) -> torch.Tensor:
    return of_first(arguments=arguments) * _of(arguments, name)


def _one_number_of(calls: Sequence[Call], name: str, rtol: float) -> str | None:
    """Look for one number made of one tensor."""
    candidates = [
        (said.format(name=name), functools.partial(_value, scale, (name,), 1.0)) for said, scale in SCALES.items()
    ]
    return _first(iter(as_what(calls, candidates, rtol)))


def _one_number_of_two(calls: Sequence[Call], pair: Sequence[str]) -> str | None:
    """Look for one number made of two rows: pair by pair, reduced, and perhaps over the size of one of them."""
    names = dict(zip(("name", "name2"), pair, strict=True))
    rows = [[_of(arguments, name) for name in pair] for arguments, _ in calls]
    said: list[str] = []
    values: list[list[float]] = []
    for text, formula in OF_PAIRS.items():
        made = [formula(*row) for row in rows]
        for how, reduce in REDUCED.items():
            said.append(how.format(what=text.format(**names)))
            values.append([_number(reduce, row) for row in made])
    table = torch.tensor(values, dtype=torch.float64)
    got = torch.stack([answer.reshape(()) for _, answer in calls])
    sizes = [samples_in(arguments) for arguments, _ in calls]
    for form, numbers in _posts(table, rows, pair):
        place = _proportional(numbers, got, exactly=True)
        if place is not None:
            return form.format(what=said[place])
    for form, numbers in _posts(table, rows, pair):
        place = _proportional(numbers, got, exactly=False) if len(set(sizes)) > 1 else None
        if place is not None:
            factor = float(got[0] / numbers[place, 0])
            return f"{form.format(what=said[place])}, times {factor:.4g}"
    return None


def _posts(table: torch.Tensor, rows: Sequence[Rows], pair: Sequence[str]) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield what may become of each number in the end: its root, its logarithm, the number over a size."""
    yield "{what}", table
    yield "the root of {what}", table.sqrt()
    yield "the square of {what}", table**2
    yield "the logarithm of {what}", table.log()
    yield "the logarithm of one more than {what}", table.log1p()
    yield "one over {what}", 1 / table
    for place, name in enumerate(pair):
        for said, scale in SCALES.items():
            sizes = torch.tensor([_number(scale, row[place]) for row in rows], dtype=torch.float64)
            over = f"{{what}}, over {said.format(name=name)}"
            yield over, table / sizes
            yield f"1 less {over}", 1 - table / sizes
            yield f"the root of {over}", (table / sizes).sqrt()
            yield f"the root of {{what}}, and that over {said.format(name=name)}", table.sqrt() / sizes


def _number(reduce: Formula, row: torch.Tensor) -> float:
    try:
        return float(reduce(row))
    except (IndexError, RuntimeError):
        return float("nan")


def _proportional(numbers: torch.Tensor, got: torch.Tensor, *, exactly: bool) -> int | None:
    """Return the first row of a table that is one factor of what came back, or exactly that."""
    ratios = got / numbers
    first = torch.ones_like(ratios[:, :1]) if exactly else ratios[:, :1]
    fits = ((ratios - first).abs() <= FACTOR / 4 * first.abs()).all(1) & (numbers.abs() > ZERO).all(1)
    fits &= (first[:, 0].abs() > FACTOR) & (first[:, 0].abs() < 1 / FACTOR)
    found = fits.nonzero()
    return int(found[0]) if len(found) else None
