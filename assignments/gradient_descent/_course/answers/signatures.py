"""Say in which way an answer is wrong, by its form, its numbers, and by asking again with other arguments.

The general signatures of a mistake, which need no knowledge of the exercise: what a visible test says on
the student's own machine, and the headline of a graded exercise that no known misconception explains. Each
names what was seen, not what it must mean. It needs torch alone and knows no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch

from .explain import as_numbers, constant_ratio, name_factor, samples_in
from .rounding import ROUNDING, is_near, near_entries

__all__ = ["OTHER_AT_THE_SECOND_CALL", "Arguments", "Ask", "Signature", "signature_of"]

Arguments = Mapping[str, object]
Ask = Callable[[Arguments], object]
"""Call the function with these arguments, which it gets copies of; raises what it raises."""

_STARTS = ("params", "parameters", "weights", "start", "p", "q", "w", "b", "W")
_RATES = ("lr", "learning_rate", "rate")


@dataclass(frozen=True, slots=True)
class Signature:
    """A general way to be wrong: its name, and what was seen, in words for a student."""

    name: str
    text: str


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
) -> Signature | None:
    """Return the first signature that a wrong answer shows, the most telling first, or None.

    `value` was returned for `arguments`, where `expected` should have been, of which `rtol` says how exact
    it is, relative to its largest entry. `right` answers as the function should, where there is something
    that can. `free` are the arguments that need not have an influence. `part` is the name of the part of the
    answer that this is about, where it has several.
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
    wrong = _Wrong(arguments, got, want, ask, right, free, part, max(rtol, ROUNDING))
    return (
        wrong.second_call()
        or wrong.as_given()
        or wrong.zero()
        or wrong.numbers()
        or wrong.off_by_one()
        or wrong.way()
        or wrong.counts()
        or wrong.components()
        or wrong.influence()
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


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A wrong answer of the right size, and whom to ask about it; each method looks for some signatures."""

    arguments: Arguments
    got: torch.Tensor
    want: torch.Tensor
    ask: Ask
    right: Ask | None
    free: frozenset[str]
    part: str
    rtol: float

    def second_call(self) -> Signature | None:
        """Look whether the same call gives the same."""
        again = _numbers_of(self.ask, self.arguments)
        if again is None or self._same(again, self.got):
            return None
        return OTHER_AT_THE_SECOND_CALL

    def as_given(self) -> Signature | None:
        """Look whether this part of the answer should be the argument of its name, as it was."""
        given = self.arguments.get(self.part)
        if isinstance(given, torch.Tensor) and self._same(given.detach().to(torch.float64), self.want):
            return Signature("argument_changed", f"`{self.part}` should stay as it was given")
        return None

    def zero(self) -> Signature | None:
        """Look whether it is nothing but zeros."""
        if bool(self.got.any()):
            return None
        return Signature("zero", "it is zero" + (" everywhere" if self.got.numel() > 1 else ""))

    def numbers(self) -> Signature | None:
        """Look for one factor, and for components that are exchanged or equal."""
        named = self._factor(self.got, self.want)
        if named:
            size = f" (N = {samples_in(self.arguments)})" if "N" in named else ""
            return Signature("constant_factor", f"it is exactly {named} what is expected{size}")
        got, want = self.got.reshape(-1), self.want.reshape(-1)
        if not 2 <= got.numel() <= 64 or self._same(want, want.flip(0)):
            return None
        if self._same(got, want.flip(0)):
            what = "the two components are exchanged" if got.numel() == 2 else "it is in the reverse order"
            return Signature("exchanged", what)
        if self._same(got, got[0].expand(got.shape)) and not self._same(want, want[0].expand(want.shape)):
            right = near_entries(got, want, self.rtol)
            which = f", and only [{right.index(True)}] should be that" if sum(right) == 1 else ""
            return Signature("equal_components", f"all components are the same{which}")
        return None

    def components(self) -> Signature | None:
        """Look whether some components are right, and are no zeros."""
        got, want = self.got.reshape(-1), self.want.reshape(-1)
        right = near_entries(got, want, self.rtol)
        wrong = [index for index, is_right in enumerate(right) if not is_right]
        if got.numel() > 4 or not wrong or not any(is_right and want[i] != 0 for i, is_right in enumerate(right)):
            return None
        named = self._factor(got[wrong], want[wrong])
        more = f": exactly {named} what is expected" if named else ""
        places = " and ".join(f"[{index}]" for index in wrong)
        return Signature("some_components", f"only {places} {'is' if len(wrong) == 1 else 'are'} wrong{more}")

    def way(self) -> Signature | None:
        """Look at the way from an argument of the same shape to the answer: not moved, uphill, too far."""
        for name, item in self.arguments.items():
            if not isinstance(item, torch.Tensor) or item.shape != self.want.shape or not item.is_floating_point():
                continue
            start = item.detach().to(torch.float64)
            moves = name in _STARTS and bool(self._counts() or any(rate in self.arguments for rate in _RATES))
            if self._same(self.got, start):
                text = f"it is `{name}` as it was given" + (": nothing moves" if moves else "")
                return Signature("never_moves" if moves else "as_given", text)
            if not moves:
                continue
            if self._same(self.got - start, start - self.want):
                return Signature("uphill", f"it moves uphill: as far from `{name}` as it should, the opposite way")
            named = self._factor(self.got - start, self.want - start)
            if named:
                return Signature("step_factor", f"the way from `{name}` is exactly {named} what is expected")
        return None

    def off_by_one(self) -> Signature | None:
        """Look whether another count gives the expected answer."""
        for name, count in self._counts():
            for other, what in ((count + 1, "one too few"), (count - 1, "one too many")):
                if other >= 0 and self._stays({name: other}, self.want):
                    text = f"with {name}={other} it gives what {name}={count} should: it does {what}"
                    return Signature("off_by_one", text)
        return None

    def counts(self) -> Signature | None:
        """Look whether a count has no influence, and whether the first of several is right."""
        for name, count in self._counts():
            if self._stays({name: count + 1}, self.got) and self._matters({name: count + 1}):
                return Signature("no_influence", f"`{name}` has no influence on it")
            if count > 1 and self._stays({name: 1}, self._expected({name: 1})):
                text = f"with {name}=1 it is right, and with {name}={count} it is not: from one to the next something "
                text += "is kept that should not be, or lost"
                return Signature("accumulates", text)
        return None

    def influence(self) -> Signature | None:
        """Look for an argument, and for samples, that change nothing."""
        for name, others in _changed(self.arguments):
            if name not in self.free and self._ignores([{name: other} for other in others]):
                return Signature("no_influence", f"`{name}` has no influence on it")
        size = samples_in(self.arguments)
        if size < 2 or (self.want.dim() > 0 and self.want.shape[0] == size):
            return None
        for kept, which in ((0, "first"), (size - 1, "last")):
            rows = {
                name: item
                for name, item in self.arguments.items()
                if isinstance(item, torch.Tensor) and item.dim() and item.shape[0] == size
            }
            if self._ignores([{name: _keeping(item, other, kept) for name, item in rows.items()} for other in _OTHERS]):
                return Signature("one_sample", f"only the {which} sample has an influence on it")
        return None

    def _counts(self) -> list[tuple[str, int]]:
        return [
            (name, item)
            for name, item in self.arguments.items()
            if type(item) is int and item >= 0 and ("epoch" in name or "step" in name)
        ]

    def _factor(self, got: torch.Tensor, want: torch.Tensor) -> str:
        ratio = constant_ratio(got, want)
        numbers = {name: item for name, item in self.arguments.items() if isinstance(item, float)}
        return "" if ratio is None else name_factor(ratio, samples_in(self.arguments), numbers)

    def _same(self, one: torch.Tensor, other: torch.Tensor) -> bool:
        return one.numel() == other.numel() and is_near(one.reshape(other.shape), other, self.rtol)

    def _stays(self, others: Arguments, before: torch.Tensor | None) -> bool:
        """Say whether the student's function gives this with other values for some arguments."""
        found = _numbers_of(self.ask, {**self.arguments, **others})
        return found is not None and before is not None and self._same(found, before)

    def _ignores(self, others: Sequence[Arguments]) -> bool:
        """Say whether none of these changes the answer, though at least one of them should."""
        return all(self._stays(other, self.got) for other in others) and any(map(self._matters, others))

    def _matters(self, others: Arguments) -> bool:
        """Say whether the right answer changes with these; yes where nobody can tell."""
        expected = self._expected(others)
        return self.right is None or (expected is not None and not self._same(expected, self.want))

    def _expected(self, others: Arguments) -> torch.Tensor | None:
        return None if self.right is None else _numbers_of(self.right, {**self.arguments, **others})


def _near_by(item: torch.Tensor) -> torch.Tensor:
    """Return other numbers of the same signs and order, each changed by another factor, so that nothing cancels."""
    steps = torch.arange(1, item.numel() + 1, dtype=item.dtype).reshape(item.shape)
    return item * (1.2 + 0.07 * steps) + 0.31


def _far_off(item: torch.Tensor) -> torch.Tensor:
    """Return numbers of other signs in another order."""
    return -0.7 * _near_by(item).flip(0) if item.dim() else -0.7 * _near_by(item)


_OTHERS = (_near_by, _far_off)


def _changed(arguments: Arguments) -> Iterator[tuple[str, list[object]]]:
    """Yield each tensor and each number with other values in its place."""
    for name, item in arguments.items():
        if isinstance(item, torch.Tensor) and item.is_floating_point() and item.numel():
            yield name, [other(item.detach()).requires_grad_(item.requires_grad) for other in _OTHERS]
        elif isinstance(item, float):
            yield name, [1.5 * item + (item == 0), 0.4 * item]


def _keeping(item: torch.Tensor, other: Callable[[torch.Tensor], torch.Tensor], kept: int) -> torch.Tensor:
    """Return a copy in which every row but one is another."""
    changed = other(item.detach()) if item.is_floating_point() else item.flip(0)
    changed[kept] = item[kept].detach()
    return changed.requires_grad_(item.requires_grad)


def _numbers_of(ask: Ask, arguments: Arguments) -> torch.Tensor | None:
    try:
        numbers = as_numbers(ask(arguments))
    except Exception:  # noqa: BLE001 - a function that is wrong may raise anything, and then says nothing here
        return None
    return None if numbers is None else numbers.detach().to(torch.float64)
