"""What mutants of the references (`grader.authoring.mutants`) say of the hidden suites, and of the catalogues.

`python -m proof.mutants [assignment ...]` prints the result as JSON. What survives in the checker, and a fixed
sample of the rest, is graded in full, in the sandbox.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from grader.authoring.in_checker import Judge
from grader.authoring.mutants import Mutant, equivalent, make_mutants, survivors
from grader.authoring.transplants import grade, transplanted
from grader.course.assignment import Assignment, Course
from grader.course.catalogue import read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.judge.collecting import with_suite
from grader.judge.driver import Suite
from grader.outcomes import Outcome, Status
from grader.report.report import SubmissionReport

__all__ = ["doubtful", "lost_in", "run"]

EVERY = 10  # of the mutants that are killed in the checker, so many are graded in full as well: each tenth
_Progress = Callable[[str], None]


def doubtful(assignment: Assignment, mutants: Iterable[Mutant], names: Mapping[str, str]) -> dict[str, str]:
    """Return the mutants that are given a name although they fail otherwise than the misconception of that name.

    By check, its status and what it says, and for a crash its message; names are by the mutants' ids.
    """
    variants = {item.id: item for item in read_catalogue(assignment)}
    reference = reference_source(assignment)

    def body(suite: Suite) -> dict[str, str]:
        judge = Judge(assignment, suite)
        found: dict[str, str] = {}
        for mutant in mutants:
            variant = variants.get(names.get(mutant.id, ""))
            if variant is not None:
                sources = (mutant.source, transplanted(reference, variant.exercise, variant.source, reference))
                first, second = (_failure(judge.outcomes(source, mutant.exercise)) for source in sources)
                if first != second:
                    found[mutant.id] = variant.id
        return found

    return with_suite(assignment, body)


def _failure(outcomes: Iterable[Outcome]) -> list[tuple[str, str, str]]:
    crashed = Status.CRASHED
    return [
        (item.check, item.status, item.text.split("\n")[0] if item.status is crashed else item.summary)
        for item in outcomes
    ]


def lost_in(report: SubmissionReport) -> set[str]:
    """Return the exercises that lost points in a report."""
    assert report.status == "graded", report.notes
    return {item.exercise for item in report.exercises if item.score != item.max_score}


def _name_of(report: SubmissionReport, exercise: str) -> str:
    found = next(item for item in report.exercises if item.exercise == exercise)
    return next((item.misconception for item in found.diagnosis), "")


def _named(report: SubmissionReport) -> list[str]:
    return [item.misconception for exercise in report.exercises for item in exercise.diagnosis]


def _of_one(course: Course, name: str, every: int, progress: _Progress) -> dict[str, object]:
    assignment = load_assignment(course, name)
    mutants = make_mutants(assignment)
    alive = survivors(assignment, mutants, progress)
    killed = [mutant for mutant in mutants if mutant not in alive]
    sample = killed[::every]
    progress(f"{name}: {len(alive)} survivors and {len(sample)} of {len(killed)} killed are graded in full")
    reports = grade(course, name, {mutant.id: mutant.source for mutant in [*alive, *sample]})
    listed = equivalent(assignment, alive)
    lost = {key: lost_in(report) for key, report in reports.items()}
    unharmed = [mutant for mutant in alive if mutant.exercise not in lost[mutant.id]]
    right = [mutant.id for mutant in unharmed if mutant.id in listed and not lost[mutant.id]]
    full = [*alive, *sample]
    others = {mutant.id: sorted(lost[mutant.id] - {mutant.exercise}) for mutant in full}
    names = {mutant.id: _name_of(reports[mutant.id], mutant.exercise) for mutant in sample}
    return {
        "mutants": len(mutants),
        "killed": len(mutants) - len(unharmed),
        "equivalent": len(right),
        "score": round((len(mutants) - len(unharmed)) / max(len(mutants) - len(right), 1), 4),
        "survivors": {mutant.id: mutant.description for mutant in unharmed if mutant.id not in right},
        "listed_but_wrong": sorted(key for key in listed if key not in right),
        "right_but_named": {key: _named(reports[key]) for key in right if _named(reports[key])},
        "by_operator": dict(sorted(Counter(mutant.operator for mutant in mutants).items())),
        "by_exercise": dict(Counter(mutant.exercise for mutant in mutants)),
        "graded_in_full": len(full),
        "cost_others": {key: value for key, value in others.items() if value},
        "sample": len(sample),
        "sample_unharmed": [mutant.id for mutant in sample if mutant.exercise not in lost[mutant.id]],
        "sample_named": {key: value for key, value in names.items() if value},
        "sample_doubtful": doubtful(assignment, sample, names),
        "sample_not_named": [key for key, value in names.items() if not value],
        "descriptions": {mutant.id: mutant.description for mutant in sample},
    }


def run(
    course: Course, progress: _Progress, *, names: Sequence[str] | None = None, every: int = EVERY
) -> dict[str, object]:
    """Return the evidence for each assignment: plain values, the same in each run."""
    return {name: _of_one(course, name, every, progress) for name in names or course.names}


if __name__ == "__main__":
    found = run(find_course(), lambda text: print(text, file=sys.stderr, flush=True), names=sys.argv[1:])
    print(json.dumps(found, indent=1))
