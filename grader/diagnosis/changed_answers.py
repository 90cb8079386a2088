"""Look whether a wrong answer is made of the right one: something is made of it, beside an argument, or cut off."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence

import torch

from grader.answers.candidates import Call, as_what
from grader.answers.formulas import OF_ENTRIES, SCALES, Formula
from grader.answers.laws import Arguments, Case, Signature
from grader.answers.rounding import is_near

__all__ = ["changed_answer"]

_Candidate = tuple[str, Callable[[Arguments], torch.Tensor]]

_MANY = 4


def changed_answer(cases: Sequence[Case], rtol: float) -> Signature | None:
    """Return what every answer is made of: the right one, and perhaps an argument beside it; or None."""
    calls = [case[:2] for case in cases]
    wanted = {id(case[0]): case[2] for case in cases}
    arguments = cases[0][0]
    said = as_what(calls, list(_made(arguments, wanted)), rtol) or _more(arguments, calls, wanted) or _cut(cases, rtol)
    if not said:
        return None
    text = f"in all {len(calls)} calls that were tried it is {said[0]}, where `r` is what is expected"
    return Signature("other_answer", text)


def _made(arguments: Arguments, wanted: Mapping[int, torch.Tensor]) -> Iterator[_Candidate]:
    """Yield what may be made of the right answer, and of one beside an argument."""
    for said, formula in OF_ENTRIES.items():
        yield said.format(name="r"), functools.partial(_of_right, wanted, formula)
    tensors = [name for name, item in arguments.items() if isinstance(item, torch.Tensor) and item.is_floating_point()]
    for name in tensors:
        beside = {f"`{name}`": torch.clone, **_named(SCALES, name), **_named(OF_ENTRIES, name)}
        for said, formula in beside.items():
            yield f"`r` times {said}", functools.partial(_beside, wanted, name, formula, torch.mul)
            yield f"`r` over {said}", functools.partial(_beside, wanted, name, formula, torch.div)


def _tensor(arguments: Arguments, name: str) -> torch.Tensor:
    item = arguments[name]
    assert isinstance(item, torch.Tensor)
    return item


def _named(table: Mapping[str, Formula], name: str) -> dict[str, Formula]:
    return {said.format(name=name): formula for said, formula in table.items()}


def _of_right(wanted: Mapping[int, torch.Tensor], formula: Formula, arguments: Arguments) -> torch.Tensor:
    return formula(wanted[id(arguments)])


def _beside(
    wanted: Mapping[int, torch.Tensor], name: str, formula: Formula, how: Formula, arguments: Arguments
) -> torch.Tensor:
    right = wanted[id(arguments)]
    other = formula(_tensor(arguments, name).detach().to(torch.float64))
    if other.shape != right.shape and other.dim() > 0:
        raise ValueError(name)
    return how(right, other)


def _more(arguments: Arguments, calls: Sequence[Call], wanted: Mapping[int, torch.Tensor]) -> list[str]:
    """Look for a part of the right answer, and a part of something made of an argument, the same parts in all calls."""
    got = torch.cat([answer.reshape(-1) for _, answer in calls])
    right = torch.cat([wanted[id(base)].reshape(-1) for base, _ in calls])
    for name, item in arguments.items():
        if not isinstance(item, torch.Tensor) or not item.is_floating_point():
            continue
        for said, formula in {f"`{name}`": torch.clone, **_named(SCALES, name), **_named(OF_ENTRIES, name)}.items():
            try:
                made = [formula(_tensor(base, name).detach().to(torch.float64)) for base, _ in calls]
                row = torch.cat(
                    [part.expand(answer.shape).reshape(-1) for part, (_, answer) in zip(made, calls, strict=True)]
                )
            except (RuntimeError, IndexError):
                continue
            numbers = _two_parts(got, right, row)
            if numbers is not None:
                return [f"{numbers[0]:.4g} `r`, and {numbers[1]:.4g} times {said} more"]
    return []


def _cut(cases: Sequence[Case], rtol: float) -> list[str]:
    """Look for one bound beyond which the right answers are cut."""
    got = torch.cat([case[1].reshape(-1) for case in cases])
    want = torch.cat([case[2].reshape(-1) for case in cases])
    wrong = (got - want).abs() > rtol * want.abs()
    bounds = got[wrong]
    if int(wrong.sum()) < _MANY or len(set(want[~wrong].tolist())) < _MANY or len(set(bounds.tolist())) > 1:
        return []
    bound = float(bounds[0])
    if bool((want[wrong] > bound).all()) and bool((want[~wrong] <= bound).all()):
        return [f"`r`, and {bound:.4g} at most"]
    if bool((want[wrong] < bound).all()) and bool((want[~wrong] >= bound).all()):
        return [f"`r`, and {bound:.4g} at least"]
    return []


def _two_parts(got: torch.Tensor, right: torch.Tensor, row: torch.Tensor) -> tuple[float, float] | None:
    if len(got) < 6 or not bool(row.isfinite().all()):
        return None
    table = torch.stack([right, row], 1)
    one, other = torch.linalg.lstsq(table, got[:, None]).solution[:, 0].tolist()
    shares = float((one * right).abs().max()), float((other * row).abs().max())
    if min(shares) < 1e-3 * max(shares) or not is_near(got, one * right + other * row, 1e-6):
        return None
    return one, other
