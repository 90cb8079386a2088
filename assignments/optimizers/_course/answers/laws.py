"""Look whether what one call shows holds in others: a law needs several in which no chance agrees.

Where nobody can say what is right elsewhere, what is seen is said of the one call alone. It needs torch alone, and
ships to students.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

from .elsewhere import counts_in, other_calls, others_for_each
from .explain import as_numbers, constant_ratio, readings_of, samples_in
from .rounding import ZERO, is_near, near_entries, same_factor

__all__ = [
    "HERE",
    "Arguments",
    "Ask",
    "Asked",
    "Case",
    "Signature",
    "entries",
    "equal",
    "numbers_of",
    "right_by_sign",
    "start_of",
    "ways",
]

Arguments = Mapping[str, object]
Ask = Callable[[Arguments], object]
"""Call the function with these arguments, which it gets copies of; raises what it raises."""

Case = tuple[Arguments, torch.Tensor, torch.Tensor]
"""The arguments of a call, what came back, and what should have."""

HERE = "in this call "


@dataclass(frozen=True, slots=True)
class Signature:
    """A general way to be wrong: its name, and what was seen, in words for a student."""

    name: str
    text: str


@dataclass(frozen=True)
class Asked:
    """A wrong answer of the right size, and whom to ask about it and about others."""

    arguments: Arguments
    got: torch.Tensor
    want: torch.Tensor
    ask: Ask
    right: Ask | None
    free: frozenset[str]
    part: str
    rtol: float
    more: Sequence[Arguments] = ()
    matters: frozenset[str] = frozenset()

    @functools.cached_property
    def elsewhere(self) -> list[Case]:
        """What comes back in other calls, and what should; nothing where nobody can say."""
        others = [*other_calls(self.arguments), *self.more]
        found = (self.case(other) for other in others) if self.right is not None else ()
        return [case for case in found if case is not None]

    def case(self, arguments: Arguments) -> Case | None:
        """Return what comes back in another call, and what should; None where it has no numbers, or others."""
        got = numbers_of(self.ask, arguments)
        want = None if self.right is None else numbers_of(self.right, arguments)
        if got is None or want is None or got.numel() != want.numel():
            return None
        return (
            (arguments, got.reshape(want.shape), want) if bool(want.isfinite().all() & got.isfinite().all()) else None
        )

    def always(self, holds: Callable[[Case], bool]) -> bool:
        """Say whether something holds in other calls, too; no where there are not several of them."""
        return len(self.elsewhere) > 1 and all(map(holds, self.elsewhere))

    def seen(self, name: str, text: str, holds: Callable[[Case], bool]) -> Signature | None:
        """Return a signature as a law, or of this call alone where nobody is to be asked; None where it is none."""
        if self.right is None:
            return Signature(name, HERE + text)
        return Signature(name, self.at + text) if self.always(holds) else None

    @property
    def at(self) -> str:
        """Words for the counts that a law was seen with: it may be another one with others."""
        return self.here if self.counts_of() else ""

    @property
    def here(self) -> str:
        """Words for the one call: its counts, where it has some."""
        counts = " and ".join(f"{name}={count}" for name, count in self.counts_of())
        return f"with {counts} " if counts else HERE

    def size(self, named: str) -> str:
        """Say what N is, where a factor speaks of it."""
        return f" (N = {samples_in(self.arguments)})" if "N" in named else ""

    def counts_of(self) -> list[tuple[str, int]]:
        """Return the arguments that say how often something is done."""
        return counts_in(self.arguments)

    def factor(self, pair: Callable[[Case], Sequence[torch.Tensor]]) -> str:
        """Name the factor between two parts of each case: "it is exactly ..." where it is the same everywhere."""
        mine = (self.arguments, self.got, self.want)
        ratios = [(case, _ratio(*pair(case))) for case in (mine, *self.elsewhere)]
        first = ratios[0][1]
        if first is None:
            return ""
        readings = _readings(self.arguments, first)
        if self.right is None:
            single = int((pair(mine)[1] != 0).sum()) < 2
            return f"{HERE}it is {', or '.join(readings[:2])}" if readings and not single else ""
        seen = [(case, ratio) for case, ratio in ratios[1:] if bool((pair(case)[1].abs() > ZERO).any())]
        one = [case for case, ratio in seen if ratio is None and samples_in(case[0]) == 1 and self.same(*pair(case))]
        if one:  # of one sample N is 1, and says nothing else
            readings = [name for name in readings if "N" in name and "N - 1" not in name]
            seen = [(case, ratio) for case, ratio in seen if all(case is not other for other in one)]
            if not readings:
                return ""
        if len(seen) < 2 or any(ratio is None for _, ratio in seen):
            return ""
        for case, ratio in seen:
            readings = [name for name in readings if name in _readings(case[0], ratio or 0.0)]
        if all(samples_in(case[0]) == samples_in(self.arguments) for case, _ in seen):
            readings = [name for name in readings if "N" not in name]  # that takes another size
        if readings:
            return f"it is exactly {', or '.join(readings[:2])}"
        same = all(ratio is not None and same_factor(ratio, first) for _, ratio in seen)
        return f"it is {first:.4g} times" if same else ""

    def keeps_direction(self, pair: Callable[[Case], Sequence[torch.Tensor]]) -> bool:
        """Say whether there is one factor in all entries of each case, and not the same one in all."""
        mine = (self.arguments, self.got, self.want)
        ratios = [_ratio(*pair(case)) for case in (mine, *self.elsewhere)]
        return self.got.numel() > 1 and len(ratios) > 2 and None not in ratios and len({f"{r:.3g}" for r in ratios}) > 1

    def signs_vary(self, name: str) -> bool:
        """Say whether other places are positive in one case than in another: else it may be the places."""
        cases = [(self.arguments, self.got, self.want), *self.elsewhere]
        places = [tuple((start_of(case[0], name) if name else case[2]).reshape(-1).gt(0).tolist()) for case in cases]
        return len({signs for signs in places if len(signs) == len(places[0])}) > 1

    def factor_hangs_on(self) -> str:
        """Return the one argument with which a factor of all entries changes, or "".

        A single number has a factor always: there another argument has to change it and leave the factor as it is.
        """
        first = _ratio(self.got, self.want)
        if first is None or not self.always(lambda case: _ratio(*case[1:]) is not None):
            return ""
        kept = self.got.numel() > 1
        changing: list[str] = []
        for name, others in others_for_each(self.arguments):
            cases = [self.case({**self.arguments, name: other}) for other in others]
            ratios = [_ratio(*case[1:]) for case in cases if case is not None]
            if len(ratios) < len(others) or None in ratios:
                return ""
            if not all(ratio is not None and same_factor(ratio, first) for ratio in ratios):
                changing.append(name)
            elif all(self.should_change({name: other}) for other in others):
                kept = True
        return changing[0] if len(changing) == 1 and kept else ""

    def same(self, one: torch.Tensor, other: torch.Tensor) -> bool:
        """Say whether two answers are the same, in whatever shape."""
        return one.numel() == other.numel() and is_near(one.reshape(other.shape), other, self.rtol)

    def stays(self, others: Arguments, before: torch.Tensor | None, base: Arguments | None = None) -> bool:
        """Say whether the student's function gives this with other values for some arguments."""
        found = numbers_of(self.ask, {**(base or self.arguments), **others})
        return found is not None and before is not None and self.same(found, before)

    def answer(self, base: Arguments) -> torch.Tensor | None:
        """Return what the student's function gives in a call."""
        return self.got if base is self.arguments else numbers_of(self.ask, base)

    def ignores(self, others: Sequence[Arguments], base: Arguments | None = None) -> bool:
        """Say whether none of these changes the answer to a call, though at least one of them should."""
        base = self.arguments if base is None else base
        before = self.answer(base)
        return all(self.stays(other, before, base) for other in others) and any(
            self.should_change(other, base) for other in others
        )

    def should_change(self, others: Arguments, base: Arguments | None = None) -> bool:
        """Say whether the right answer is known to change with these: by asking it, else by who made the call."""
        if self.right is None:
            return not self.matters.isdisjoint(others)
        before = self.want if base is None or base is self.arguments else self.expected({}, base)
        expected = self.expected(others, base)
        return before is not None and expected is not None and not self.same(expected, before)

    def expected(self, others: Arguments, base: Arguments | None = None) -> torch.Tensor | None:
        """Return the right answer with other values for some arguments of a call, None where nobody can say."""
        return None if self.right is None else numbers_of(self.right, {**(base or self.arguments), **others})


def _ratio(got: torch.Tensor, want: torch.Tensor) -> float | None:
    return constant_ratio(got, want) if got.numel() == want.numel() else None


def _readings(arguments: Arguments, ratio: float) -> list[str]:
    numbers = {name: item for name, item in arguments.items() if isinstance(item, float)}
    return readings_of(ratio, samples_in(arguments), numbers)


def numbers_of(ask: Ask, arguments: Arguments) -> torch.Tensor | None:
    """Return the numbers that come back, None where it raises or answers with something else."""
    try:
        numbers = as_numbers(ask(arguments))
    except Exception:  # noqa: BLE001 - a function that is wrong may raise anything, and then says nothing here
        return None
    return None if numbers is None else numbers.detach().to(torch.float64)


def entries(case: Case, *, at: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return these entries of both answers, none where it has fewer."""
    got, want = case[1].reshape(-1), case[2].reshape(-1)
    return (got[list(at)], want[list(at)]) if want.numel() > max(at) else (got[:0], want[:0])


def start_of(arguments: Arguments, name: str) -> torch.Tensor:
    """Return an argument that is a tensor, as numbers."""
    start = arguments[name]
    assert isinstance(start, torch.Tensor)
    return start.detach().to(torch.float64)


def ways(case: Case, *, name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return how far both answers are from an argument."""
    start = start_of(case[0], name)
    return case[1] - start, case[2] - start


def right_by_sign(case: Case, *, name: str, sign: int, rtol: float) -> bool:
    """Say whether the entries of this sign, of which there are some of both, are those that are right."""
    by = (start_of(case[0], name) if name else case[2]).reshape(-1) * sign
    right = torch.tensor(near_entries(case[1].reshape(-1), case[2].reshape(-1), rtol))
    return by.shape == right.shape and bool(
        right[by > 0].all() & (by > 0).any() & ~right[by < 0].any() & (by < 0).any()
    )


def equal(numbers: torch.Tensor, rtol: float) -> bool:
    """Say whether all entries are the same."""
    flat = numbers.reshape(-1)
    return is_near(flat, flat[:1].expand(flat.shape), rtol)
