"""What the catalogue proves: each misconception costs its exercise alone, and is named, wherever it stands.

Every variant is graded in the reference, and every second one in a differently written whole submission, too. Where
that one can't take the exercise at all, which the reference's own right definition shows when it is put there instead,
another submission takes its place, and the pair is reported.

    PYTHONPATH=.:tests python -m proof.catalogue [--sample K] [--jobs N] [--out FILE] [assignment ...]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.authoring.transplants import grade, right_definition, transplanted
from grader.course.assignment import Assignment, Course
from grader.course.catalogue import Misconception, read_alternatives, read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.outcomes import Kind, Status
from grader.report.report import ExerciseReport, SubmissionReport

__all__ = ["run"]

_REFERENCE = "reference"
_APART = 2  # every so-manyth variant stands in another host, too: all of them take half an hour longer
_TRIES = 6  # hosts that are tried for one variant until one can take it
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One variant in one host, and how it was graded."""

    variant: str
    exercise: str
    host: str
    lost: float
    share: float
    ordinary: bool  # it fails a check of ordinary values, and has to lose half
    kinds: tuple[str, ...]
    others: tuple[str, ...]
    named: str

    @property
    def right(self) -> bool:
        return self.lost > 0 and not self.others and self.named == self.variant and self.half

    @property
    def half(self) -> bool:
        return self.share >= 0.5 - 1e-9 or not self.ordinary


def _case(variant: Misconception, host: str, report: SubmissionReport) -> _Case:
    own = next(item for item in report.exercises if item.exercise == variant.exercise)
    kinds = {check.kind for check in own.checks if check.status is not Status.PASSED}
    return _Case(
        variant=variant.id,
        exercise=variant.exercise,
        host=host,
        lost=round(own.max_score - own.score, 2),
        share=round(1 - own.score / own.max_score, 4),
        ordinary=bool(kinds & {Kind.VALUE, Kind.KNOWN}),
        kinds=tuple(sorted(kind.value for kind in kinds)),
        others=tuple(item.exercise for item in report.exercises if item is not own and item.score < item.max_score),
        named=_named(own),
    )


def _named(report: ExerciseReport) -> str:
    return report.diagnosis[0].misconception if report.diagnosis else ""


# --- the proof of one assignment ------------------------------------------------------------------


class _Transplants:
    """The variants of one assignment in hosts that can take them; what can't is found by running."""

    def __init__(self, course: Course, assignment: Assignment, jobs: int, progress: Callable[[str], None]) -> None:
        self._course, self._name, self._jobs, self._progress = course, assignment.name, jobs, progress
        self._reference = reference_source(assignment)
        self._hosts = read_alternatives(assignment)
        self._fits: dict[tuple[str, str], bool] = {}  # (exercise, host), where it was tried
        self.cases: list[_Case] = []

    def run(self, variants: list[Misconception]) -> None:
        """Grade each variant in the reference, some in a host, and again elsewhere where a host can't take it."""
        self.cases = self._graded([(variant, _REFERENCE) for variant in variants])
        elsewhere = variants[::_APART]
        rotation = {variant.id: self._rotation(place) for place, variant in enumerate(elsewhere)}
        wanted = [(variant, rotation[variant.id].pop(0)) for variant in elsewhere]
        while wanted:
            self._progress(f"{self._name}: {len(wanted)} transplants")
            cases = self._graded(wanted)
            self._try_right_ones(case for case in cases if not case.right)
            self.cases += [case for case in cases if self._fits.get((case.exercise, case.host), True)]
            unfit = {(case.variant, case.host) for case in cases} - {(case.variant, case.host) for case in self.cases}
            wanted = [
                (variant, rotation[variant.id].pop(0))
                for variant, host in wanted
                if (variant.id, host) in unfit and rotation[variant.id]
            ]

    @property
    def incompatible(self) -> list[str]:
        """The hosts that lose points even with the reference's own definition of an exercise in them."""
        return sorted(f"{exercise} in {host}" for (exercise, host), fits in self._fits.items() if not fits)

    def _rotation(self, place: int) -> list[str]:
        """Return the hosts of one variant in the order of trying, so that all variants together use all hosts."""
        hosts = list(self._hosts)
        apart = len(hosts) // 2
        order = [hosts[(place + step // 2 + apart * (step % 2)) % len(hosts)] for step in range(_TRIES)]
        return list(dict.fromkeys(order))

    def _graded(self, pairs: list[tuple[Misconception, str]]) -> list[_Case]:
        hosts = {_REFERENCE: self._reference, **self._hosts}
        sources = {
            f"{place}": transplanted(hosts[host], variant.exercise, variant.source, self._reference)
            for place, (variant, host) in enumerate(pairs)
        }
        reports = grade(self._course, self._name, sources, jobs=self._jobs)
        return [_case(variant, host, reports[f"{place}"]) for place, (variant, host) in enumerate(pairs)]

    def _try_right_ones(self, cases: Iterable[_Case]) -> None:
        """Note whether a host keeps its points with the reference's definition in it."""
        pairs = sorted({(case.exercise, case.host) for case in cases} - set(self._fits))
        sources = {
            f"{place}": transplanted(
                self._hosts[host], exercise, right_definition(self._reference, exercise), self._reference
            )
            for place, (exercise, host) in enumerate(pairs)
        }
        reports = grade(self._course, self._name, sources, jobs=self._jobs)
        for place, pair in enumerate(pairs):
            report = reports[f"{place}"]
            self._fits[pair] = report.score == report.max_score


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(
    course: Course,
    *,
    names: Iterable[str] = (),
    sample: int = 1,
    jobs: int = 1,
    progress: Callable[[str], None] = _say,
) -> dict[str, object]:
    """Return what was found by assignment; with `sample` of every so-many-th variant and alternative."""
    return {
        name: _prove(course, load_assignment(course, name), sample, jobs, progress) for name in names or course.names
    }


def _prove(
    course: Course, assignment: Assignment, sample: int, jobs: int, progress: Callable[[str], None]
) -> dict[str, object]:
    catalogue = read_catalogue(assignment)
    variants = list(catalogue)[::sample]
    progress(f"{assignment.name}: {len(variants)} of {len(catalogue)} variants")
    transplants = _Transplants(course, assignment, jobs, progress)
    transplants.run(variants)
    hosts = dict(list(read_alternatives(assignment).items())[::sample])
    right = grade(course, assignment.name, hosts, jobs=jobs)
    cases = transplants.cases
    ids = {item.id for item in catalogue}
    lightly = sorted({case.variant: case for case in cases if case.share < 0.5 - 1e-9}.values(), key=_order)
    return {
        "variants": len(variants),
        "variants_in_catalogue": len(catalogue),
        "hosts": len({case.host for case in cases} - {_REFERENCE}),
        "in_reference": _counts([case for case in cases if case.host == _REFERENCE], ids),
        "in_alternatives": _counts([case for case in cases if case.host != _REFERENCE], ids),
        "not_as_it_should_be": [asdict(case) for case in sorted(cases, key=_order) if not case.right],
        "less_than_half": [f"{case.variant}: {case.share:.0%} ({', '.join(case.kinds)})" for case in lightly],
        "confusion": _confusion(cases),
        "incompatible_hosts": transplants.incompatible,
        "alternatives": {
            "graded": len(right),
            "lost_points": sorted(key for key, report in right.items() if report.score < report.max_score),
            "false_names": sorted(key for key, report in right.items() if any(map(_named, report.exercises))),
        },
    }


def _order(case: _Case) -> tuple[str, str]:
    return case.variant, case.host


def _counts(cases: list[_Case], ids: set[str]) -> dict[str, int]:
    return {
        "graded": len(cases),
        "lost_points": sum(case.lost > 0 for case in cases),
        "lost_half": sum(case.share >= 0.5 - 1e-9 for case in cases),
        "less_than_half_on_ordinary_values": sum(not case.half for case in cases),
        "cost_other_exercises": sum(bool(case.others) for case in cases),
        "named": sum(case.named == case.variant for case in cases),
        "named_falsely": sum(case.named in ids - {case.variant} for case in cases),
        "named_in_general": sum(case.named not in ids | {""} for case in cases),
        "not_named": sum(not case.named for case in cases),
    }


def _confusion(cases: list[_Case]) -> dict[str, dict[str, int]]:
    """Return who was called by another's name, and how often; "" is nobody's."""
    table: dict[str, Counter[str]] = {}
    for case in cases:
        if case.named != case.variant:
            table.setdefault(case.variant, Counter())[case.named] += 1
    return {variant: dict(sorted(names.items())) for variant, names in sorted(table.items())}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="proof.catalogue")
    parser.add_argument("names", nargs="*", metavar="assignment")
    parser.add_argument("--sample", type=int, default=1, metavar="K", help="every K-th variant only")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    found = run(find_course(_ROOT), names=options.names, sample=options.sample, jobs=options.jobs)
    text = json.dumps(found, indent=1)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
