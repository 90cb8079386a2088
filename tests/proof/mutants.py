"""Mutants of the references' solutions: which of them the hidden suites tell from the reference.

`python -m proof.mutants [assignment ...]` prints the result as JSON. Each mutant is judged in this
process first, by the checks of its exercise alone; what survives that, and a fixed sample of the rest,
is graded in full, in the sandbox.

No tool is used. mutmut 3 and cosmic-ray 8 are maintained, but both start a test run of their own for
each mutant (the import of torch alone is 1.3 s) with the mutant as an imported module, while our suites
ask a backend; neither keeps to the marked solutions, and neither exchanges arguments, dims or reductions.
"""

from __future__ import annotations

import ast
import json
import sys
import textwrap
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment, Course
from grader.course.catalogue import read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.judge.collecting import with_suite
from grader.judge.driver import Suite
from grader.outcomes import Outcome, Status
from grader.report.report import SubmissionReport
from proof.catalogue import grade, transplanted
from proof.changes import Change, changes
from proof.in_checker import Judge
from proof.operators import OPERATORS, Operator

__all__ = ["Mutant", "changed", "doubtful", "equivalent", "lost_in", "make_mutants", "run", "survivors"]

EVERY = 10  # of the mutants that are killed in the checker, so many are graded in full as well: each tenth
_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"
_Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A reference with one place changed.

    The id counts lines among those of the exercise's solution, so that it stays when a lesson's text
    changes: `gradient_descent/loss_fn:1:17:arithmetic:+`.
    """

    id: str
    assignment: str
    exercise: str
    operator: str
    description: str
    source: str
    change: Change


def make_mutants(assignment: Assignment, operators: Sequence[Operator] = OPERATORS) -> tuple[Mutant, ...]:
    """Return every mutant of an assignment's reference, in the order of the text."""
    text = reference_source(assignment)
    lines = text.split("\n")
    found: list[Mutant] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in assignment.names:
            numbers = _solution_lines(lines, node.lineno, node.end_lineno or node.lineno)
            for change in changes(node, frozenset(numbers), operators):
                where = f"{numbers.index(change.line) + 1}:{change.column}"
                mutant = Mutant(
                    id=f"{assignment.name}/{node.name}:{where}:{change.operator}:{change.tag}".rstrip(":"),
                    assignment=assignment.name,
                    exercise=node.name,
                    operator=change.operator,
                    description=f"{change.before} -> {change.after}",
                    source=changed(lines, change),
                    change=change,
                )
                if _compiles(change.text):
                    found.append(mutant)
    return tuple(found)


def changed(lines: Sequence[str], change: Change) -> str:
    """Return the file with a change; what follows keeps its line, where there is room."""
    new = textwrap.indent(change.text, " " * change.indent).split("\n")
    padding = [""] * (change.last - change.first + 1 - len(new))
    return "\n".join([*lines[: change.first - 1], *new, *padding, *lines[change.last :]])


def _solution_lines(lines: Sequence[str], first: int, last: int) -> list[int]:
    """Return the numbers of the lines between the marks of a definition."""
    found: list[int] = []
    inside = False
    for number in range(first, last + 1):
        mark = lines[number - 1].strip()
        if mark in (_BEGIN, _END):
            inside = mark == _BEGIN
        elif inside:
            found.append(number)
    return found


def _compiles(body: str) -> bool:
    try:
        compile("def function():\n" + textwrap.indent(body, "    "), "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def equivalent(kind: str = "equivalent") -> dict[str, str]:
    """Return the mutants that are right solutions, as the course's contract has it, and why: by id.

    The `kind` is "conditional" for those that are wrong under a condition alone, which proof/faults.py judges.
    """
    table = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text("utf-8"))
    return {key: item["reason"] for item in table[kind] for key in item["mutants"]}


def survivors(assignment: Assignment, mutants: Iterable[Mutant], progress: _Progress) -> list[Mutant]:
    """Return the mutants that lose no points in their exercise, judged in this process."""

    def body(suite: Suite) -> list[Mutant]:
        judge = Judge(assignment, suite)
        found: list[Mutant] = []
        for number, mutant in enumerate(mutants):
            if number % 50 == 0:
                progress(f"{assignment.name}: mutant {number}, {len(found)} survive so far")
            if not judge.loses_points(mutant.source, mutant.exercise):
                found.append(mutant)
        return found

    return with_suite(assignment, body)


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
    listed = equivalent()
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
        "listed_but_wrong": sorted(key for key in listed if key.startswith(f"{name}/") and key not in right),
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
