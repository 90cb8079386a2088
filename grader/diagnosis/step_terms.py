"""Say of what a loop's steps are made: of another optimizer's rule, or of a few things with the same numbers always."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch

from grader.answers.pictures import listed
from grader.diagnosis.rules import RULES
from grader.diagnosis.step_numbers import RATES, in_all, trained_in
from grader.diagnosis.steps import Run

__all__ = ["by_rule", "made_of"]

_SPARE = 4
"""So many more numbers than unknowns at least: what fits fewer may fit by chance."""
_BY_RULE = 1e-6
"""Relative to the longest step: beside eps, which a rule may add under the root as well."""


def _terms(run: Run) -> dict[str, torch.Tensor]:
    """Return what a step may be made of, by its words, from the second step on."""
    here, right = run.places[:-1], run.right_steps
    terms = {
        "the right one": right[1:],
        "the right one of the step before": right[:-1],
        "the first right one": right[:1].expand(right[1:].shape),
        "the step before": run.steps[:-1],
        f"{trained_in(run)} as they stand": here[1:],
        f"the signs of {trained_in(run)}": here[1:].sign(),
        f"the way of {trained_in(run)} from the start": here[1:] - here[0],
        "the signs of the right one": right[1:].sign(),
        "the right one at the length 1": right[1:] / right[1:].norm(dim=1, keepdim=True),
        "1 in each entry": torch.ones_like(right[1:]),
        "the mean of the right one in each entry": right[1:].mean(1, keepdim=True).expand(right[1:].shape),
        "the mean of all right ones so far": torch.stack(
            [right[: place + 1].mean(0) for place in range(1, len(right))]
        ),
        "the sum of all right ones so far": torch.stack([right[: place + 1].sum(0) for place in range(1, len(right))]),
    }
    gradients = _gradients(run)
    if gradients:
        terms[f"{gradients[0]} of this step"] = gradients[1][1:]
        terms[f"{gradients[0]} of the step before"] = gradients[1][:-1]
    return terms


def by_rule(runs: Sequence[Run]) -> str | None:
    """Look for the rule of another optimizer, where the gradients of the steps are given."""
    for said, rule in RULES.items():
        for run in runs:
            settings = _settings(run)
            given = _gradients(run)
            if settings is None or (given is None and run.anew is None):
                return None
            gradients = -run.right_steps / settings["lr"] if given is None else given[1]
            if not bool(((rule(gradients, settings) - run.steps).abs() <= _BY_RULE * run.steps.abs().max()).all()):
                break
        else:
            return f"its steps are those of {said}"
    return None


def _settings(run: Run) -> dict[str, float] | None:
    """Return the numbers of a call, the learning rate among them by one name; None where there is none."""
    numbers = {name: item for name, item in run.arguments.items() if isinstance(item, float)}
    rate = next((numbers[name] for name in RATES if numbers.get(name)), None)
    return None if rate is None else {**numbers, "lr": rate}


def _gradients(run: Run) -> tuple[str, torch.Tensor] | None:
    """Return what each step was given, by its names: rows that are as long as all parts together."""
    if run.anew is not None:
        return None
    given = [(name, item) for name, item in run.arguments.items() if isinstance(item, torch.Tensor)]
    rows = [(name, item.reshape(len(item), -1)) for name, item in given if item.dim() and len(item) >= len(run.steps)]
    if len({len(row) for _, row in rows}) != 1:
        return None
    if sum(row.shape[1] for _, row in rows) != run.places.shape[1]:
        return None
    return listed([f"`{name}`" for name, _ in rows]), torch.cat([row for _, row in rows], 1)[: len(run.steps)]


def made_of(runs: Sequence[Run]) -> str | None:
    """Look for one or two things of which each step but the first is made, with the same numbers in all runs."""
    terms = [_terms(run) for run in runs]
    names = list(terms[0])
    if any(list(other) != names for other in terms) or runs[0].steps[1:].numel() < 2 + _SPARE:
        return None
    most = min(3, min(run.steps[1:].numel() for run in runs) - _SPARE)
    for chosen in itertools.chain.from_iterable(itertools.combinations(names, size + 1) for size in range(most)):
        if chosen == ("the right one",):
            continue
        found = [_fit(run, [kinds[name] for name in chosen]) for run, kinds in zip(runs, terms, strict=True)]
        if any(numbers is None for numbers in found):
            continue
        if chosen == ("the step before",):  # they are all the same: what that means hangs on what they should be
            continue
        said = [in_all(runs, [(numbers or [])[place] for numbers in found]) for place in range(len(chosen))]
        if all(said):
            parts = [f"{number} * {name}" if number != "1" else name for number, name in zip(said, chosen, strict=True)]
            made = parts[0] if len(parts) == 1 else f"the sum of these: {', '.join(parts)}"
            return f"each of its steps but the first is {made}"
    return None


def _fit(run: Run, terms: Sequence[torch.Tensor]) -> list[float] | None:
    """Return the numbers with which these terms are the steps, None where there are none, or one would do without."""
    table = torch.stack([term.reshape(-1) for term in terms], 1)
    if not bool(table.isfinite().all()):
        return None
    steps = run.steps[1:].reshape(-1)
    numbers = torch.linalg.lstsq(table, steps[:, None]).solution[:, 0]
    if not bool(((table @ numbers - steps).abs() <= run.atol).all()):
        return None
    shares = (table * numbers).abs().amax(0)
    return numbers.tolist() if bool((shares > 1e-4 * steps.abs().max()).all()) else None
