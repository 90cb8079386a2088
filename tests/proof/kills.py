"""Which check kills what: the checks of a suite against the mutants and the catalogue's variants.

`python -m proof.kills [assignment ...]` prints the result as JSON. A check that kills nothing which another
check of its exercise does not kill already is reported, so that suites stay lean. Judged in this process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from grader.authoring.in_checker import Judge, analysis_of
from grader.authoring.mutants import make_mutants
from grader.authoring.transplants import transplanted
from grader.classes.kills import KillCounts, Kills, kills_as_text
from grader.course.assignment import Course
from grader.course.catalogue import read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.judge.collecting import with_suite
from grader.judge.driver import Suite
from grader.judge.state import parts_of
from grader.outcomes import Status

__all__ = ["failed_checks", "kept", "run"]

_ENOUGH = 2  # a long check is asked only where fewer of the others fail: only there could it be the one that kills
_Failed = list[tuple[str, ...]]


def failed_checks(
    judge: Judge, sources: Iterable[tuple[str, str]], progress: Callable[[int], None], *, analysed: bool = False
) -> dict[str, _Failed]:
    """Return, by exercise, the checks that each source fails; sources are pairs of exercise and source.

    Where they are `analysed`, one that reaches what is not allowed is left out: no check kills that.
    """
    found: dict[str, _Failed] = {name: [] for name in judge.tests}
    for number, (exercise, source) in enumerate(sources):
        progress(number)
        analysis = analysis_of(judge.assignment, source) if analysed else None
        if analysis and analysis.reached.get(exercise):
            continue
        outcomes = judge.outcomes(source, exercise, enough_for_long=_ENOUGH, analysis=analysis)
        failed = tuple(outcome.check for outcome in outcomes if outcome.status is not Status.PASSED)
        if failed:
            found[exercise].append(failed)
    return found


def _of_one(course: Course, name: str, progress: Callable[[str], None]) -> dict[str, object]:
    assignment = load_assignment(course, name)
    reference = reference_source(assignment)
    mutants = [(mutant.exercise, mutant.source) for mutant in make_mutants(assignment)]
    variants = [
        (item.exercise, transplanted(reference, item.exercise, item.source, reference))
        for item in read_catalogue(assignment)
    ]

    def said(what: str) -> Callable[[int], None]:
        return lambda number: progress(f"{name}: {what} {number}") if number % 100 == 0 else None

    def body(suite: Suite) -> dict[str, object]:
        judge = Judge(assignment, suite)
        by_mutants = failed_checks(judge, mutants, said("mutant"))
        by_variants = failed_checks(judge, variants, said("variant"), analysed=True)
        checks = {
            test.check.name: {
                "exercise": exercise,
                "title": test.check.title,
                "kind": str(test.check.kind),
                "long": test.check.long,
                "visible": test.check.visible,
                "mutants": _counted(test.check.name, by_mutants[exercise]),
                "mutants_alone": _counted_alone(test.check.name, by_mutants[exercise]),
                "variants": _counted(test.check.name, by_variants[exercise]),
                "variants_alone": _counted_alone(test.check.name, by_variants[exercise]),
            }
            for exercise, tests in judge.tests.items()
            for test in tests
        }
        none = [key for key, check in checks.items() if not check["mutants_alone"] and not check["variants_alone"]]
        return {"checks": checks, "nothing_alone": none}

    return with_suite(assignment, body)


def _counted(check: str, failed: _Failed) -> int:
    return sum(check in names for names in failed)


def _counted_alone(check: str, failed: _Failed) -> int:
    return sum(names == (check,) for names in failed)


def run(course: Course, progress: Callable[[str], None], *, names: Sequence[str] | None = None) -> dict[str, object]:
    """Return, for each assignment, what each check kills, and the checks that kill nothing alone."""
    return {name: _of_one(course, name, progress) for name in names or course.names}


def kept(course: Course, name: str, found: Mapping[str, Any]) -> str:
    """Return what the course keeps of this for `grader report`, by the day in `found` and the suite as it is now."""
    parts = parts_of(load_assignment(course, name))
    kills = Kills(
        assignment=name,
        date=found["date"],
        made_of={key: parts[key] for key in ("suite", "reference")},
        checks={
            check: KillCounts(**{field: said[field] for field in KillCounts.__struct_fields__})
            for check, said in found["checks"].items()
        },
    )
    return kills_as_text(kills)


if __name__ == "__main__":
    found = run(find_course(), lambda text: print(text, file=sys.stderr, flush=True), names=sys.argv[1:])
    print(json.dumps(found, indent=1))
