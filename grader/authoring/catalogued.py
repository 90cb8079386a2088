"""Prove a catalogue: each misconception costs its exercise and is named, each alternative keeps every point.

A variant whose second call differs from its first has no answers to be known by: its name is the general signature,
which says just that. Another general signature is true as well, and warns, since the author's words are not read.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from grader.answers.signatures import OTHER_AT_THE_SECOND_CALL
from grader.authoring.findings import Finding, fault, holds, warning
from grader.authoring.transplants import Grades, Progress, grade, transplanted
from grader.authoring.written import parsed
from grader.course.assignment import Assignment, Course
from grader.course.catalogue import Misconception, read_alternatives, read_catalogue
from grader.course.lesson import reference_source
from grader.outcomes import Status
from grader.report.report import ExerciseReport, SubmissionReport

__all__ = ["catalogue_findings"]


def catalogue_findings(course: Course, assignment: Assignment, progress: Progress) -> Iterator[Finding]:
    """Grade each variant in the place of the reference's own, and each alternative, as if students had written them."""
    variants, right = read_catalogue(assignment), read_alternatives(assignment)
    reference = reference_source(assignment)
    wrong = {item.id: transplanted(reference, item.exercise, item.source, reference) for item in variants}
    reports = grade(
        course,
        assignment.name,
        {f"misconception {key}": source for key, source in wrong.items()}
        | {f"alternative {key}": source for key, source in right.items()},
        progress=progress,
    )
    if variants:
        yield from _misconceptions(assignment, variants, reports)
    if right:
        yield from _alternatives(assignment, right, reports)


def _misconceptions(assignment: Assignment, variants: tuple[Misconception, ...], reports: Grades) -> Iterator[Finding]:
    path = assignment.misconceptions
    lines, known = _lines(path), {item.id for item in variants}
    faults = 0
    for item in variants:
        where = f"{path}:{lines.get(item.id, 1)}: {item.id} of {item.exercise}"
        report = reports[f"misconception {item.id}"]
        said = _fault_of(item, known, report)
        faults += bool(said)
        if said:
            yield fault(f"{where} {said}")
        elif (named := _named(item, report)) not in (item.id, OTHER_AT_THE_SECOND_CALL.name):
            yield warning(f"{where} is told of by a general signature, {named}, and its own words are not read")
    if not faults:
        yield holds(f"misconceptions: each of {len(variants)} costs its exercise alone, and is named")


def _named(item: Misconception, report: SubmissionReport) -> str:
    """Return the name that a variant's exercise was given, "" for none."""
    own = next(found for found in report.exercises if found.exercise == item.exercise)
    return own.diagnosis[0].misconception if own.diagnosis else ""


def _fault_of(item: Misconception, known: Collection[str], report: SubmissionReport) -> str:
    """Say what is wrong with a variant; a general signature is true of it, and no other variant's name."""
    own = next(found for found in report.exercises if found.exercise == item.exercise)
    others = [found.exercise for found in report.exercises if found is not own and found.score != found.max_score]
    if own.score == own.max_score:
        return "keeps every point; write a check that sees it, or take it out"
    if others:
        return f"also costs points of {', '.join(others)}; name what they use in their `uses`"
    named = _named(item, report)
    if not named:
        return "is not named: on what it was asked it answers as others do, or raises; is its mistake seen there?"
    if named in known and named != item.id:
        return f"is taken for {named}; two that answer everything alike are one"
    return ""


def _alternatives(assignment: Assignment, right: Mapping[str, str], reports: Grades) -> Iterator[Finding]:
    faults = [
        fault(f"{assignment.alternatives}: {name!r}: {_loss(item)}; mend the alternative, or the check")
        for name in right
        for item in reports[f"alternative {name}"].exercises
        if item.score != item.max_score
    ]
    yield from faults
    if not faults:
        yield holds(f"alternatives: each of {len(right)} keeps every point")


def _loss(item: ExerciseReport) -> str:
    wrong = next(check for check in item.checks if check.status is not Status.PASSED)
    said = " ".join(f"{wrong.summary} {wrong.text}".split())
    return f"{item.exercise} earns {item.score} of {item.max_score:g}: {wrong.check} ({said})"


def _lines(path: Path) -> dict[str, int]:
    """Return the line of each variant by its id."""
    return {
        str(mark.args[0].value): mark.lineno
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and mark.args and isinstance(mark.args[0], ast.Constant)
    }
