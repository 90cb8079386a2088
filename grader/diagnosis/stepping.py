"""Say in words how a loop's steps go with the right ones: other lengths, a part of them, old ones, something added.

Each law is seen in two runs, from two starts, and over all their steps.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from grader.answers.laws import Signature
from grader.answers.pictures import listed
from grader.answers.rounding import FACTOR
from grader.diagnosis.step_numbers import RATES, factors_of, in_all, is_one, places_of
from grader.diagnosis.step_places import (
    cut_places,
    from_where_others_moved,
    goes_on_elsewhere,
    of_one_sample,
    on_the_way,
)
from grader.diagnosis.step_terms import by_rule, made_of
from grader.diagnosis.steps import Run

__all__ = ["stepping"]

_SHOWN = 5


def stepping(runs: Sequence[Run], part: str) -> Signature | None:
    """Return what all these runs show, the most telling first; None where there are not two, or the steps are right.

    Where all parts together show nothing, the one that an answer is wrong in may.
    """
    if len(runs) < 2 or not runs[0].parts:
        text = _lengths(runs) if len(runs) > 1 else None
    elif all(run.same(run.places, run.right_way) for run in runs):
        text = None
    else:
        text = _of_all(runs)
        if text is None and len(runs[0].parts) > 1:
            alone = [run.of_part(part) for run in runs]
            text = _never_longer(alone) or _lengths(alone) or by_rule(alone) or made_of(alone)
    return None if text is None else Signature("other_steps", text)


def _of_all(runs: Sequence[Run]) -> str | None:
    return (
        _never_longer(runs)
        or _lengths(runs)
        or _of_parts(runs)
        or by_rule(runs)
        or made_of(runs)
        or from_where_others_moved(runs)
        or of_one_sample(runs)
        or goes_on_elsewhere(runs)
        or on_the_way(runs)
        or cut_places(runs)
    )


def _never_longer(runs: Sequence[Run]) -> str | None:
    """Look for steps that are right where they are short, and else of one length, or of one size in an entry."""
    limit = in_all(runs, [found for run in runs if (found := _longest(run)) is not None])
    if limit and runs[0].steps.shape[1] > 1 and any(map(_some_right, runs)):
        return f"its steps have the right direction, and none is longer than {limit}"
    sizes = [found for run in runs if (found := _largest(run)) is not None]
    limit = in_all(runs, sizes)
    if not limit:
        return None
    if all(bool((run.steps.abs() >= size * (1 - FACTOR)).all()) for run, size in zip(runs, sizes, strict=False)):
        return f"in all runs that were tried each entry of a step has the right sign, and the size {limit}"
    return f"no entry of a step is larger than {limit}; smaller ones are right"


def _longest(run: Run) -> float | None:
    """Return the one length of the steps that are too short; infinity where there is none, None where they differ."""
    factors = factors_of(run)
    if factors is None or any(factor > 1 + FACTOR or factor < FACTOR for factor in factors):
        return None
    cut = [float(step.norm()) for step, factor in zip(run.steps, factors, strict=True) if factor < 1 - FACTOR]
    if not cut:
        return math.inf
    whole = [float(step.norm()) for step, factor in zip(run.steps, factors, strict=True) if factor >= 1 - FACTOR]
    return cut[0] if is_one(cut) and all(length <= cut[0] for length in whole) else None


def _largest(run: Run) -> float | None:
    """Return the one size of wrong entries of steps; infinity where there is none, None where they differ."""
    wrong = (run.steps - run.right_steps).abs() > run.atol
    if not bool(wrong.any()):
        return math.inf
    cut = run.steps[wrong].abs().tolist()
    signs = bool((run.steps[wrong] * run.right_steps[wrong] > 0).all())
    return cut[0] if is_one(cut) and cut[0] > run.atol and signs else None


def _some_right(run: Run) -> bool:
    factors = factors_of(run) or []
    return any(abs(factor - 1) <= FACTOR for factor in factors)


def _numbers(factors: Sequence[float]) -> str:
    return listed([f"{factor:.3g}" for factor in factors[:_SHOWN]])


def _alike(rows: Sequence[Sequence[float]]) -> bool:
    """Say whether rows of numbers begin alike, with several of them."""
    return min(map(len, rows)) >= 3 and all(
        abs(a - b) <= FACTOR * max(abs(a), abs(b)) for row in rows for a, b in zip(rows[0], row, strict=False)
    )


def _lengths(runs: Sequence[Run]) -> str | None:
    """Look for steps that go the right way, and not as far as they should."""
    found = [factors for run in runs if (factors := factors_of(run)) is not None]
    if len(found) < len(runs) or not any(any(factors[:_SHOWN]) for factors in found):
        return None
    if is_one([factor for factors in found for factor in factors]):
        return f"each of its steps is {found[0][0]:.4g} times what it should be"
    if all(map(is_one, found)) and (number := in_all(runs, [factors[0] for factors in found])):
        return f"each of its steps is {number} times what it should be"
    if len(runs[0].parts) == 0 and all(map(is_one, found)):
        numbers = f"{found[0][0]:.4g}", f"{found[1][0]:.4g}"
        return (
            f"each of its steps is one factor times what it should be: in one run {numbers[0]}, in another {numbers[1]}"
        )
    if _alike(found):
        long = f"and they are {_numbers(found[0])} times as long as they should be"
        return f"its first steps have the right directions, {long}"
    named = _by_number(runs, found)
    if named:
        return f"its step number t has the right direction, and it is {named} times as long as it should be"
    if runs[0].steps.shape[1] < 2:
        return None
    text = "each of its steps has the right direction, and another length than it should: in one run they are"
    told = max(found, key=lambda factors: max(abs(factor - 1) for factor in factors[:_SHOWN]))
    return f"{text} {_numbers(told)} times as long"


def _by_number(runs: Sequence[Run], found: Sequence[Sequence[float]]) -> str:
    """Name factors that hang on the number of the step and on a setting or two, as corrections do; or return ""."""
    tables = [_of_numbers(run, len(factors)) for run, factors in zip(runs, found, strict=True)]
    for names in itertools.chain.from_iterable(itertools.combinations(tables[0], size) for size in (1, 2)):
        made = [[math.prod(parts) for parts in zip(*(table[name] for name in names), strict=True)] for table in tables]
        pairs = [pair for row, factors in zip(made, found, strict=True) for pair in zip(row, factors, strict=True)]
        if all(abs(one - other) <= FACTOR * abs(other) for one, other in pairs):
            return " * ".join(names)
    return ""


def _of_numbers(run: Run, steps: int) -> dict[str, list[float]]:
    """Return what corrections are made of, at each step from the first on."""
    found: dict[str, list[float]] = {}
    for name, item in run.arguments.items():
        if isinstance(item, float) and 0 < item < 1 and name not in RATES:
            powers = [item ** (number + 1) for number in range(steps)]
            found[f"`{name}`^t"] = powers
            left = [1 - power for power in powers]
            later = [1 - power * item for power in powers]
            for said, row in ((f"(1 - `{name}`^t)", left), (f"(1 - `{name}`^(t + 1))", later)):
                found[said] = row
                found[f"1 / {said}"] = [1 / number for number in row]
                found[f"sqrt{said}"] = [number**0.5 for number in row]
                found[f"1 / sqrt{said}"] = [number**-0.5 for number in row]
            found[f"(1 - `{name}`)"] = [1 - item] * steps
            found[f"1 / (1 - `{name}`)"] = [1 / (1 - item)] * steps
    return found


def _of_parts(runs: Sequence[Run]) -> str | None:
    """Look for parts, or entries, whose steps are one factor of the right ones, or are left out at times."""
    if runs[0].places.shape[1] > 8 and len(runs[0].parts) == 1:
        return None
    wrong: list[str] = []
    names = [name for name, _ in places_of(runs[0])]
    for place, name in enumerate(names):
        at = [[at for _, at in places_of(run)][place : place + 1] for run in runs]
        found = [factors for run, here in zip(runs, at, strict=True) if here and (factors := factors_of(run, here[0]))]
        if len(found) < len(runs) or not _alike(found):
            return None
        numbers = [factor for factors in found for factor in factors]
        if is_one(numbers) and abs(numbers[0] - 1) > FACTOR:
            wrong.append(f"each step of {name} is {numbers[0]:.4g} times what it should be")
        elif not is_one(numbers):
            if not all(abs(item) * abs(abs(item) - 1) < FACTOR for item in numbers):
                return None
            wrong.append(f"the first steps of {name} are {_numbers(found[0])} times what they should be")
    return "; ".join(wrong) if wrong else None
