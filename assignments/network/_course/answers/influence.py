"""Look for what has no influence on an answer though it should, and for what has one and should have none.

Each is asked in all calls that a law is asked of, with numbers of each call's own size. It needs torch alone, and
ships to students.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from .elsewhere import OTHERS, keeping, others_for_each
from .explain import samples_in
from .laws import Arguments, Asked, Signature
from .pictures import listed
from .rounding import REPEATED, is_near

__all__ = ["influence_on"]

_FEWEST = 3
"""So many samples a call has at least, and so many calls there are, where one sample is said to be left out."""


def influence_on(asked: Asked) -> Signature | None:
    """Look for an argument, and for samples, that change nothing, and for arguments that should change nothing."""
    bases: list[Arguments] = [asked.arguments, *(case[0] for case in asked.elsewhere)]
    for name, _ in others_for_each(asked.arguments):
        if name not in asked.free and all(asked.ignores(_others(base, name), base) for base in bases):
            return Signature("no_influence", f"{asked.at}`{name}` has no influence on it")
    return _of_samples(asked, bases) or _unwanted(asked, bases)


def _others(base: Arguments, name: str) -> list[dict[str, object]]:
    """Return other values for an argument, of the size that it has in this call."""
    return [{name: other} for other in dict(others_for_each(base)).get(name, ())]


def _of_samples(asked: Asked, bases: Sequence[Arguments]) -> Signature | None:
    size = samples_in(asked.arguments)
    if size < 2 or (asked.want.dim() > 0 and asked.want.shape[0] == size):
        return None
    rows = [
        name
        for name, item in asked.arguments.items()
        if isinstance(item, torch.Tensor) and item.dim() and item.shape[0] == size
    ]
    for kept, which in ((0, "first"), (-1, "last")):
        alone = all(asked.ignores(_beside(base, rows, kept), base) for base in bases)
        if alone and all(_matters(asked, base, rows, kept) for base in bases):
            return Signature("one_sample", f"{asked.at}only the {which} sample has an influence on it")
    many = [base for base in bases if _size(base, rows) >= _FEWEST]
    if asked.right is None or len(many) < _FEWEST:
        return None
    for left, which in ((0, "first"), (-1, "last")):
        if all(_leaves_out(asked, base, rows, left) for base in many):
            named = listed([f"`{name}`" for name in rows])
            return Signature("entry_left_out", f"{asked.at}the {which} entry of {named} has no influence on it")
    return None


def _leaves_out(asked: Asked, base: Arguments, rows: Sequence[str], left: int) -> bool:
    """Say whether this sample is the only one without influence: of a median or a maximum many have none."""
    size = _size(base, rows)
    others = (place for place in range(size) if place != left % size)
    return asked.ignores(_at(base, rows, left), base) and all(_matters(asked, base, rows, place) for place in others)


def _matters(asked: Asked, base: Arguments, rows: Sequence[str], place: int) -> bool:
    return not all(asked.stays(changed, asked.answer(base), base) for changed in _at(base, rows, place))


def _size(base: Arguments, rows: Sequence[str]) -> int:
    return samples_in({name: base[name] for name in rows})


def _beside(base: Arguments, rows: Sequence[str], kept: int) -> list[dict[str, object]]:
    """Return the tensors with a row for each sample, with other numbers in all rows but this one."""
    return [{name: keeping(_tensor(base[name]), other, kept) for name in rows} for other in OTHERS]


def _at(base: Arguments, rows: Sequence[str], place: int) -> list[dict[str, object]]:
    """Return the tensors with a row for each sample, with other numbers in this row alone."""
    return [{name: _with_row(_tensor(base[name]), beside[name], place) for name in rows} for beside in _all(base, rows)]


def _all(base: Arguments, rows: Sequence[str]) -> list[dict[str, torch.Tensor]]:
    return [{name: other(_tensor(base[name]).detach()) for name in rows} for other in OTHERS]


def _with_row(item: torch.Tensor, other: torch.Tensor, place: int) -> torch.Tensor:
    changed = item.detach().clone()
    changed[place] = other[place]
    return changed.requires_grad_(item.requires_grad)


def _tensor(item: object) -> torch.Tensor:
    assert isinstance(item, torch.Tensor)
    return item


def _unwanted(asked: Asked, bases: Sequence[Arguments]) -> Signature | None:
    """Look for tensors that change the answer in every call, and the right one in none, however they change.

    Of a single number nothing is said: a threshold or a delta may be without influence in all calls by chance.
    """
    if asked.right is None or len(bases) < _FEWEST:
        return None
    tensors = [name for name, item in asked.arguments.items() if isinstance(item, torch.Tensor)]
    names = [name for name in tensors if all(_is_unwanted(asked, base, name) for base in bases)]
    if not names:
        return None
    named = listed([f"`{name}`" for name in names])
    has = "has an influence" if len(names) == 1 else "have an influence"
    return Signature("unwanted_influence", f"{asked.at}{named} {has} on it, and should have none")


def _is_unwanted(asked: Asked, base: Arguments, name: str) -> bool:
    others = _others(base, name)
    before, right = asked.answer(base), asked.expected({}, base)
    if right is None or not others:
        return False
    found = [asked.expected(other, base) for other in others]
    if not all(item is not None and is_near(item, right, REPEATED) for item in found):
        return False
    return not any(asked.stays(other, before, base) for other in others)
