"""Say which mutants of the reference keep every point: what the hidden suite does not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.authoring.findings import Finding, fault, holds, warning
from grader.authoring.mutants import Mutant, equivalent, make_mutants, survivors
from grader.authoring.transplants import Progress
from grader.course.assignment import Assignment

__all__ = ["mutant_findings"]

_MANY = 4  # changes of one place that keep every point, and are told in one line


def mutant_findings(assignment: Assignment, progress: Progress) -> Iterator[Finding]:
    """Yield a line for each exercise, and one for each change of it that costs no points."""
    mutants = make_mutants(assignment)
    alive = survivors(assignment, _counted(mutants, progress), lambda _: None)
    listed = equivalent(assignment, alive)
    known = {name for mutant in mutants for name in (mutant.id, mutant.place)}
    for key in sorted(set(listed) - {mutant.id for mutant in alive}):
        what = "costs points" if key in known else "is no mutant of the reference"
        yield fault(f"{assignment.equivalent}: {key} {what}; take it out")
    for name in assignment.names:
        own = sum(mutant.exercise == name for mutant in mutants)
        keeping = [mutant for mutant in alive if mutant.exercise == name]
        unseen = [mutant for mutant in keeping if mutant.id not in listed]
        said = f"mutants of {name}: {own - len(keeping)} of {own} cost points"
        said += f", {len(keeping) - len(unseen)} right as well" if len(keeping) > len(unseen) else ""
        if not unseen:
            yield holds(said)
            continue
        todo = f"write a check that sees it, or list it in {assignment.equivalent.name} if it is right as well"
        yield warning(f"{said}; for each of the others {todo}")
        yield from _told(assignment, unseen)


def _counted(mutants: Sequence[Mutant], progress: Progress) -> Iterator[Mutant]:
    """Give the mutants one by one, and tell how many are judged."""
    for number, mutant in enumerate(mutants):
        progress(number, len(mutants))
        yield mutant
    progress(len(mutants), len(mutants))


def _told(assignment: Assignment, unseen: Sequence[Mutant]) -> Iterator[Finding]:
    """Yield a line for each change, or for a place where many are made."""
    places: dict[str, list[Mutant]] = {}
    for mutant in unseen:
        places.setdefault(mutant.place, []).append(mutant)
    for place, here in places.items():
        if len(here) >= _MANY:
            others = ", ".join(f"`{mutant.change.after}`" for mutant in here)
            yield _kept(assignment, here[0], f"any of {others}", f"places {place}")
            continue
        for mutant in here:
            yield _kept(assignment, mutant, f"`{mutant.change.after}`", mutant.id)


def _kept(assignment: Assignment, mutant: Mutant, after: str, listed_as: str) -> Finding:
    change = mutant.change
    where = f"{assignment.reference}:{change.line}:{change.column + 1}"
    return warning(f"{where}: {mutant.exercise} keeps every point with {after} for `{change.before}` ({listed_as})")
