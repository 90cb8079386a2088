"""Prove an assignment's own data: for students who are made up, as `grader release --for` makes it for real ones.

The lecture's data has to give the lecture's numbers; the reference passes what the hidden suite knows of each
student's; and no two students have the same. Their visible tests are run by `grader.authoring.running`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.authoring.findings import Finding, fault, holds
from grader.authoring.in_checker import InChecker, analysis_of
from grader.course.assignment import Assignment
from grader.course.individual import Author, Individual, decimals_in, floats_in, read_author
from grader.course.lesson import reference_source
from grader.judge.collecting import with_suite
from grader.judge.driver import Suite
from grader.judge.examples import Test
from grader.judge.store import Store, store_folder
from grader.outcomes import Kind, Status
from grader.suite.individual import OwnData, judged_by

__all__ = ["Judged", "individual_findings", "judged", "made_up", "misprinted"]

SECRET = b"of students who are made up"
_STUDENTS = 2  # the long evidence asks of a thousand
_CLOSE = 1e-5  # of numbers that were printed by float32
_UNITS = 2  # of a last decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the reference fails with one student's data, a line for each check; `checks` is how many were asked."""

    checks: int
    failing: tuple[str, ...]


def individual_findings(assignment: Assignment) -> Iterator[Finding]:
    """Say whether the own data of an assignment fits it; nothing where it has none."""
    author = read_author(assignment)
    if author is None:
        return
    path = assignment.own_data
    wrong = misprinted(author)
    if wrong:
        yield fault(f"{path}: of the lecture's data the lecture's numbers do not follow: {wrong[0]}; mend one of them")
        return
    students = made_up(author, _STUDENTS)
    if len({str(sorted(item.readings.items())) for item in students}) < _STUDENTS:
        yield fault(f"{path}: two students have the same readings; let them hang on `chance`")
        return
    mixed = Individual(readings=students[0].readings, texts=students[1].texts)
    *found, of_two = judged(assignment, [*students, mixed])
    failing = [line for one in found for line in one.failing]
    if failing:
        yield fault(f"{assignment.hidden_suite}: the reference fails with a student's own data: {failing[0]}")
    elif not of_two.failing:
        said = "no check asks for own readings and numbers; let the known ones call `readings()` and `known(...)`"
        yield fault(f"{assignment.hidden_suite}: {said}")
    else:
        yield holds("own data: two students do not have the same, and the reference is right with that of each")


def made_up(author: Author, count: int, *, first: int = 0) -> list[Individual]:
    """Return the data of so many students who are made up."""
    keys = [f"student {number}" for number in range(first, first + count)]
    return [author.individual(author.readings(SECRET, key)) for key in keys]


def misprinted(author: Author) -> list[str]:
    """Return in lines which of the lecture's numbers its own data does not give."""
    found = author.individual(author.lectures)
    return [f"{text} would be {own}" for text, own in found.texts.items() if not _alike(text, own)]


def judged(assignment: Assignment, students: Sequence[Individual]) -> list[Judged]:
    """Return what the reference fails of what is known of each student's data, by the hidden suite."""

    def body(suite: Suite) -> list[Judged]:
        source = reference_source(assignment)
        analysis = analysis_of(assignment, source)
        tests = [test for test in suite.tests() if _is_asked(test)]
        found = []
        for one in students:
            run = suite.run(InChecker(assignment, source), analysis, shrink=False)
            with judged_by(OwnData(readings=one.readings, numbers=one.numbers)):
                outcomes = [(test, run.judge(test)) for test in tests]
            failing = [
                f"{test.check.name}: {outcome.summary} {' '.join(outcome.text.split())}"
                for test, outcome in outcomes
                if outcome.status is not Status.PASSED
            ]
            found.append(Judged(checks=len(tests), failing=tuple(failing)))
        return found

    return with_suite(assignment, body, store=Store(folder=store_folder()))  # what hypothesis draws is not asked


def _is_asked(test: Test) -> bool:
    return not test.is_property and (bool(test.check.own_title) or test.check.kind in (Kind.KNOWN, Kind.PRINT))


def _alike(text: str, own: str) -> bool:
    units = [10.0**-decimals for decimals in decimals_in(text)]
    return all(
        abs(printed - value) <= max(_UNITS * unit, _CLOSE * abs(printed))
        for printed, value, unit in zip(floats_in(text), floats_in(own), units, strict=True)
    )
