"""Say which mutants of the reference keep every point: what the hidden suite does not see."""

from __future__ import annotations

from collections.abc import Iterator

from grader.authoring.findings import Finding, fault, holds, warning
from grader.authoring.mutants import equivalent, make_mutants, survivors
from grader.course.assignment import Assignment

__all__ = ["mutant_findings"]


def mutant_findings(assignment: Assignment) -> Iterator[Finding]:
    """Yield a line for each exercise, and one for each change of it that costs no points."""
    mutants, listed = make_mutants(assignment), equivalent(assignment)
    alive = {mutant.id for mutant in survivors(assignment, mutants, lambda _: None)}
    for key in sorted(set(listed) - alive):
        what = "costs points" if any(mutant.id == key for mutant in mutants) else "is no mutant of the reference"
        yield fault(f"{assignment.equivalent}: {key} {what}; take it out")
    for name in assignment.names:
        own = [mutant for mutant in mutants if mutant.exercise == name]
        right = [mutant for mutant in own if mutant.id in alive and mutant.id in listed]
        kept = [mutant for mutant in own if mutant.id in alive and mutant.id not in listed]
        said = f"mutants of {name}: {len(own) - len(right) - len(kept)} of {len(own)} cost points"
        said += f", {len(right)} right as well" if right else ""
        if not kept:
            yield holds(said)
            continue
        todo = f"write a check that sees it, or list it in {assignment.equivalent.name} if it is right as well"
        yield warning(f"{said}; for each of the others {todo}")
        for mutant in kept:
            change = mutant.change
            where = f"{assignment.reference}:{change.line}:{change.column + 1}"
            what = f"{name} keeps every point with `{change.after}` for `{change.before}`"
            yield warning(f"{where}: {what} ({mutant.id})")
