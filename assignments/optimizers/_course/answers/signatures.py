"""Say in which way an answer is wrong, by its form, its numbers, and by asking again with other arguments.

The general signatures of a mistake, which need no knowledge of the exercise: what a visible test says on
the student's own machine, and the headline of a graded exercise that no known misconception explains. Each
names what was seen, not what it must mean. What is said without "in this call" was seen in several, with other
numbers, parameters and sizes; where nobody can say what is right elsewhere, it is said of this call alone. It needs
torch alone and knows no answer.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from .elsewhere import other_calls, other_counts
from .explain import as_numbers
from .influence import influence_on
from .known import known_function
from .laws import (
    HERE,
    Arguments,
    Ask,
    Asked,
    Case,
    Signature,
    entries,
    equal,
    numbers_of,
    right_by_sign,
    start_of,
    ways,
)
from .pictures import listed
from .relations import relation_of
from .rounding import ROUNDING, is_near, near_entries

__all__ = ["OTHER_AT_THE_SECOND_CALL", "Arguments", "Ask", "Signature", "signature_of"]

_ONE_FACTOR = "in each call it is wrong by one factor in all entries, and not by the same one in all calls"
_STARTS = ("params", "parameters", "weights", "start", "p", "q", "w", "b", "W")
_RATES = ("lr", "learning_rate", "rate")


def signature_of(
    arguments: Arguments,
    value: object,
    expected: torch.Tensor,
    ask: Ask,
    *,
    right: Ask | None = None,
    free: frozenset[str] = frozenset(),
    part: str = "",
    rtol: float = ROUNDING,
    more: Sequence[Arguments] = (),
    matters: frozenset[str] = frozenset(),
) -> Signature | None:
    """Return the first signature that a wrong answer shows, the most telling first, or None.

    `value` was returned for `arguments`, where `expected` should have been, of which `rtol` says how exact it is,
    relative to its largest entry. `right` answers as the function should, where there is something that can; where
    there is nothing, `matters` are the arguments with which the right answer is known to change. `free` are those
    that need not have an influence. `part` is the name of the part of the answer that this is about, where it has
    several. `more` are further calls that a law has to hold for.
    """
    numbers = as_numbers(value)
    if numbers is None:
        return None
    got, want = numbers.detach().to(torch.float64), expected.detach().to(torch.float64)
    if got.numel() != want.numel() or (got.dim() > 1 and got.shape != want.shape):
        return _by_form(got, want, rtol)
    got = got.reshape(want.shape)
    if is_near(got, want, rtol) or not bool(want.isfinite().all()):
        return None
    if not bool(got.isfinite().all()):
        return Signature("not_finite", f"there is {'nan' if bool(got.isnan().any()) else 'an infinity'} in it")
    wrong = _Wrong(arguments, got, want, ask, right, free, part, max(rtol, ROUNDING), more, matters)
    return (
        wrong.second_call()
        or wrong.as_given()
        or wrong.zero()
        or wrong.numbers()
        or wrong.off_by_one()
        or wrong.way()
        or wrong.counts()
        or wrong.by_sign()
        or wrong.components()
        or influence_on(wrong)
        or relation_of(wrong)
        or (known_function(wrong) if right is None else None)
    )


def _by_form(got: torch.Tensor, want: torch.Tensor, rtol: float) -> Signature | None:
    """Look at an answer with another number of numbers, or another shape."""
    shapes = f"it has the shape {tuple(got.shape)} instead of {tuple(want.shape)}"
    if want.numel() == 1 and got.numel() > 1:
        for name, reduced in (("mean", got.mean()), ("sum", got.sum())):
            if is_near(reduced.reshape(want.shape), want, rtol):
                return Signature("not_reduced", f"{shapes}: what is missing is the {name} of these")
    if got.numel() == want.numel() and is_near(got.squeeze(), want.squeeze(), rtol):
        return Signature("wrong_shape", f"{shapes}, with the right numbers in it")
    if got.dim() == want.dim() == 2 and got.shape == want.T.shape and is_near(got.T, want, rtol):
        return Signature("transposed", f"{shapes}: it is transposed")
    if want.dim() == 1 and want.numel() > 1 and got.shape == (want.numel(), want.numel()):
        return Signature("broadcast", f"{shapes}: a column (N, 1) met a row (N,), and each entry met every other")
    return None


OTHER_AT_THE_SECOND_CALL = Signature(
    "global_state",
    "a second call with the same arguments gives another answer: it is random, or keeps something from call to call",
)


@dataclass(frozen=True)
class _Wrong(Asked):
    """Look for signatures; each method for some."""

    def second_call(self) -> Signature | None:
        """Look whether the same call gives the same."""
        again = numbers_of(self.ask, self.arguments)
        if again is None or self.same(again, self.got):
            return None
        return OTHER_AT_THE_SECOND_CALL

    def as_given(self) -> Signature | None:
        """Look whether this part of the answer should be the argument of its name, as it was."""
        given = self.arguments.get(self.part)
        if isinstance(given, torch.Tensor) and self.same(given.detach().to(torch.float64), self.want):
            return Signature("argument_changed", f"`{self.part}` should stay as it was given")
        return None

    def zero(self) -> Signature | None:
        """Look whether it is nothing but zeros."""
        if bool(self.got.any()):
            return None
        everywhere = " everywhere" if self.got.numel() > 1 else ""
        here = "" if self.always(lambda case: not bool(case[1].any())) else self.here
        return Signature("zero", f"{here}it is zero{everywhere}")

    def numbers(self) -> Signature | None:
        """Look for one factor, and for components that are exchanged or equal."""
        named = self.factor(lambda case: case[1:])
        if named:
            at = "" if named.startswith(HERE) else self.at
            return Signature("constant_factor", f"{at}{named} what is expected{self.size(named)}")
        hanging = self.factor_hangs_on()
        if hanging:
            where = "one factor in all its entries, and that factor" if self.got.numel() > 1 else "a factor that"
            text = f"it is wrong by {where} changes with `{hanging}` alone"
            return Signature("factor_of_an_argument", text)
        if self.keeps_direction(lambda case: case[1:]):
            text = f"{self.at}its direction is right, and its length is not: {_ONE_FACTOR}"
            return Signature("direction_alone", text)
        got, want = self.got.reshape(-1), self.want.reshape(-1)
        if not 2 <= got.numel() <= 64 or self.same(want, want.flip(0)):
            return None
        if self.same(got, want.flip(0)):
            what = "the two components are exchanged" if got.numel() == 2 else "it is in the reverse order"
            return self.seen("exchanged", what, lambda case: self.same(case[1], case[2].reshape(-1).flip(0)))
        if equal(got, self.rtol) and not equal(want, self.rtol):
            right = near_entries(got, want, self.rtol)
            which = f", and only [{right.index(True)}] should be that" if sum(right) == 1 else ""
            text = "all components are the same"
            seen = self.seen("equal_components", text, lambda case: equal(case[1], self.rtol))
            return None if seen is None else Signature(seen.name, seen.text + which)
        return None

    def components(self) -> Signature | None:
        """Look whether some components are right, and are no zeros."""
        got, want = self.got.reshape(-1), self.want.reshape(-1)
        right = near_entries(got, want, self.rtol)
        wrong = [index for index, is_right in enumerate(right) if not is_right]
        if got.numel() > 4 or not wrong or not any(is_right and want[i] != 0 for i, is_right in enumerate(right)):
            return None
        longer = [self.expected({name: count + 1}) for name, count in self.counts_of()]
        if any(item is not None and item.shape != self.want.shape for item in longer):
            return None  # it grows with a count: each length would have other places
        named = self.factor(functools.partial(entries, at=wrong))
        more = f": {named} what is expected{self.size(named)}" if named else self._way_in(wrong)
        if not more and self.always(lambda case: not bool(entries(case, at=wrong)[0].any())) and not got[wrong].any():
            more = ": it is zero"
        text = f"only {listed([self._place(index) for index in wrong])} {'is' if len(wrong) == 1 else 'are'} wrong"

        def alike(case: Case) -> bool:
            if case[2].numel() != want.numel():
                return False
            return near_entries(case[1].reshape(-1), case[2].reshape(-1), self.rtol) == right

        seen = self.seen("some_components", text, alike)
        return None if seen is None else Signature(seen.name, seen.text + more)

    def _place(self, index: int) -> str:
        """Write where an entry stands, as one asks for it: [2], and of a table [0][1]."""
        return "".join(f"[{int(part)}]" for part in torch.unravel_index(torch.tensor(index), self.want.shape or (1,)))

    def _way_in(self, wrong: Sequence[int]) -> str:
        """Name the factor of the way from a start in these entries alone, or return ""."""
        for name, item in self.arguments.items():
            if name in _STARTS and isinstance(item, torch.Tensor) and item.shape == self.want.shape:
                named = self.factor(functools.partial(_way_at, name=name, at=wrong)) if self.right is not None else ""
                return f": there the way from `{name}` {named.replace('it is', 'is')} what is expected" if named else ""
        return ""

    def by_sign(self) -> Signature | None:
        """Look whether the entries are right that belong to one sign of an argument, or of the right answer."""
        names = [name for name, item in self.arguments.items() if getattr(item, "shape", None) == self.want.shape]
        for name in [*names, ""] if self.want.numel() > 1 and self.right is not None else ():
            where = f"`{name}`" if name else "what is expected"
            for sign, (good, bad) in ((1, ("positive", "negative")), (-1, ("negative", "positive"))):
                holds = functools.partial(right_by_sign, name=name, sign=sign, rtol=self.rtol)
                if self.signs_vary(name) and holds((self.arguments, self.got, self.want)) and self.always(holds):
                    text = f"it is right where {where} is {good}, and wrong where it is {bad}"
                    return Signature("right_by_sign", self.at + text)
        return None

    def way(self) -> Signature | None:
        """Look at the way from an argument of the same shape to the answer: not moved, uphill, too far."""
        for name, item in self.arguments.items():
            if not isinstance(item, torch.Tensor) or item.shape != self.want.shape or not item.is_floating_point():
                continue
            start = item.detach().to(torch.float64)
            moves = name in _STARTS and bool(self.counts_of() or any(rate in self.arguments for rate in _RATES))
            if self.same(self.got, start):
                return self._stays_at(name, moves=moves)
            if not moves:
                continue
            seen = functools.partial(self._is_uphill, name=name)
            if seen((self.arguments, self.got, self.want)):
                text = f"it moves uphill: as far from `{name}` as it should, the opposite way"
                return self.seen("uphill", text, seen)
            named = self.factor(functools.partial(ways, name=name))
            if named:
                here = self.here if named.startswith(HERE) else self.at
                text = f"the way from `{name}` {named.removeprefix(HERE).replace('it is', 'is')} what is expected"
                return Signature("step_factor", here + text)
            if self.keeps_direction(functools.partial(ways, name=name)):
                text = f"the way from `{name}` has the right direction, and not the right length: {_ONE_FACTOR}"
                return Signature("direction_alone", self.at + text)
        return None

    def _stays_at(self, name: str, *, moves: bool) -> Signature:
        """Say that it is as it was given, and that nothing moves where nothing does, however often."""
        others = [
            *other_calls(self.arguments),
            *({**self.arguments, count: more} for count, now in self.counts_of() for more in other_counts(now)),
        ]
        stands = [
            got is not None and self.same(got, start_of(arguments, name))
            for arguments, got in ((other, numbers_of(self.ask, other)) for other in others)
        ]
        if moves and stands and all(stands):
            return Signature("never_moves", f"it is `{name}` as it was given: nothing moves")
        here = "" if stands and all(stands) else self.here
        return Signature("as_given", f"{here}it is `{name}` as it was given")

    def _is_uphill(self, case: Case, *, name: str) -> bool:
        got, want = ways(case, name=name)
        return self.same(got, -want)

    def off_by_one(self) -> Signature | None:
        """Look whether another count gives the expected answer."""
        for name, count in self.counts_of():
            for by, what in ((1, "one too few"), (-1, "one too many")):
                if count + by < 0 or not self.stays({name: count + by}, self.want):
                    continue
                text = f"with {name}={count + by} it gives what {name}={count} should"
                if self.right is None:
                    return Signature("off_by_one", text)
                if all(self.stays({name: other + by}, self.expected({name: other})) for other in other_counts(count)):
                    return Signature("off_by_one", f"{text}, and so with others: it does {what}")
        return None

    def counts(self) -> Signature | None:
        """Look whether a count has no influence, and whether it is right up to some count."""
        for name, count in self.counts_of():
            others = other_counts(count)
            if all(self.stays({name: other}, self.got) for other in others) and self.should_change({name: others[0]}):
                fewest = count
                while fewest > 1 and self.stays({name: fewest - 1}, self.got):
                    fewest -= 1
                law = f"`{name}` has no influence on it: " if fewest <= 1 else ""
                asked = ", ".join(str(other) for other in (*range(fewest, count + 1), *others[:-1]))
                return Signature("no_influence", f"{law}with {name}={asked} and {others[-1]} it is the same")
            if count > 1 and self.stays({name: 1}, self.expected({name: 1})):
                good = 1
                while good + 1 < count and self.stays({name: good + 1}, self.expected({name: good + 1})):
                    good += 1
                text = f"with {name}={good} it is right, and with {name}={good + 1} it is not"
                return Signature("accumulates", text)
        return None


def _way_at(case: Case, *, name: str, at: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return how far both answers are from an argument, in these entries."""
    got, want = ways(case, name=name)
    return entries((case[0], got, want), at=at)
