"""Say which mutants of the reference keep every point: what the hidden suite does not see."""

from __future__ import annotations

from collections.abc import Iterator

from grader.authoring.findings import Finding, holds, warning
from grader.authoring.mutants import make_mutants, survivors
from grader.course.assignment import Assignment

__all__ = ["mutant_findings"]


def mutant_findings(assignment: Assignment) -> Iterator[Finding]:
    """Yield a line for each exercise, and one for each change of it that costs no points."""
    mutants = make_mutants(assignment)
    alive = {mutant.id for mutant in survivors(assignment, mutants, lambda _: None)}
    for name in assignment.names:
        own = [mutant for mutant in mutants if mutant.exercise == name]
        kept = [mutant for mutant in own if mutant.id in alive]
        said = f"mutants of {name}: {len(own) - len(kept)} of {len(own)} cost points"
        if not kept:
            yield holds(said)
            continue
        yield warning(f"{said}; for each of the others write a check that sees it, unless it is right as well")
        for mutant in kept:
            change = mutant.change
            where = f"{assignment.reference}:{change.line}:{change.column + 1}"
            yield warning(f"{where}: {name} keeps every point with `{change.after}` for `{change.before}`")
