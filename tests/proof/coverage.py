"""Prove the coverage of the lectures: what each row names fails on each program that is wrong in what it says.

`python -m proof --part coverage` makes, for each row of tests/lecture_coverage.json, the programs of
tests/lecture_breaks.py, and runs on them the visible tests and the hidden checks that the row names, in this process.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from lecture_breaks import BREAKS, Break
from lecture_coverage import rows

from grader.authoring.in_checker import Judge
from grader.course.assignment import Assignment, Course
from grader.course.lesson import reference_source
from grader.course.reading import load_assignment
from grader.handout.visible_run import run_visible_tests
from grader.judge.collecting import with_suite
from grader.judge.driver import Suite
from grader.outcomes import Status

__all__ = ["run", "unproved", "visible_failures"]

_Row = Mapping[str, object]
_Progress = Callable[[str], None]


def _base(name: str) -> str:
    return name.partition("[")[0]


def visible_failures(assignment: Assignment, source: str, exercise: str, names: Collection[str]) -> set[str]:
    """Return which of these visible tests fail on a source; each is run as a student would run it."""
    module = types.ModuleType(assignment.name)
    exec(compile(source, f"{assignment.name}.py", "exec"), module.__dict__)
    tests = assignment.course.released(assignment.name) / assignment.visible_tests.name
    found = run_visible_tests(
        tests,
        assignment.name,
        module.__dict__,
        assignment.names,
        only=[exercise] if exercise else [],
        named=sorted(names),
    )
    return {_base(result.test) for result in found if not result.passed}


def _hidden_failures(judge: Judge, source: str, exercise: str, names: Collection[str]) -> set[str]:
    """Return which of these hidden checks fail on a source."""
    outcomes = judge.outcomes(source, exercise, names=names)
    return {_base(outcome.check) for outcome in outcomes if outcome.status is not Status.PASSED}


def unproved(assignment: Assignment, table: Iterable[_Row], progress: _Progress) -> dict[str, list[str]]:
    """Return, by row, what its programs pass although the row names it, and what passes all that is named."""
    chosen = [row for row in table if row["assignment"] == assignment.name and row["id"] in BREAKS]
    progress(f"{assignment.name}: {len(chosen)} rows of the lectures")
    seen = {row["id"]: [_seen_by(assignment, row, item) for item in BREAKS[str(row["id"])]] for row in chosen}

    def body(suite: Suite) -> dict[str, list[str]]:
        judge = Judge(assignment, suite)
        found: dict[str, list[str]] = {}
        known: dict[tuple[object, ...], set[str]] = {}  # rows on the same print have one program
        for row in chosen:
            hidden = []
            for item in BREAKS[str(row["id"])]:
                key = item.source(assignment, row["printed"], visible=False), item.function, *row["hidden"]
                if key not in known:
                    known[key] = _hidden_failures(judge, key[0], item.function, row["hidden"])
                hidden.append(known[key])
            wrong = [*_passed(row["visible"], seen[row["id"]]), *_passed(row["hidden"], hidden)]
            found |= {str(row["id"]): wrong} if wrong else {}
        return found

    return with_suite(assignment, body)


def _seen_by(assignment: Assignment, row: _Row, item: Break) -> set[str]:
    source = item.source(assignment, row["printed"], visible=True)
    return visible_failures(assignment, source, item.function, row["visible"])


def _passed(names: Sequence[str], failures: Sequence[set[str]]) -> list[str]:
    """Return the names that fail on no program of a row, and the programs on which none of them fails."""
    never = [f"{name} fails on no program of the row" for name in names if not any(name in item for item in failures)]
    unseen = [f"program {number} fails none of {', '.join(names)}" for number, item in enumerate(failures, 1)]
    return [*never, *(text for text, item in zip(unseen, failures, strict=True) if names and not item)]


def on_reference(assignment: Assignment, table: Iterable[_Row]) -> set[str]:
    """Return which of the named visible tests and hidden checks fail on the reference: there must be none."""
    source = reference_source(assignment)
    names: dict[str, dict[str, set[str]]] = {name: {"visible": set(), "hidden": set()} for name in assignment.names}
    for row in table:
        for item in BREAKS.get(str(row["id"]), []):
            for kind, found in names[item.function].items():
                found |= set(row[kind])
    asked = {exercise: found for exercise, found in names.items() if found["visible"]}
    failed = [visible_failures(assignment, source, exercise, found["visible"]) for exercise, found in asked.items()]

    def body(suite: Suite) -> list[set[str]]:
        judge = Judge(assignment, suite)
        return [_hidden_failures(judge, source, exercise, found["hidden"]) for exercise, found in asked.items()]

    return set().union(*failed, *with_suite(assignment, body))


def _of_one(course: Course, name: str, progress: _Progress) -> dict[str, object]:
    assignment = load_assignment(course, name)
    table = [row for row in rows() if row["assignment"] == name]
    return {
        "rows": len(table),
        "programs": sum(len(BREAKS.get(row["id"], [])) for row in table),
        "not_shown": sorted(row["id"] for row in table if row["id"] not in BREAKS),
        "unproved": unproved(assignment, table, progress),
        "wrong_on_reference": sorted(on_reference(assignment, table)),
    }


def run(course: Course, progress: _Progress, *, names: Sequence[str] | None = None) -> dict[str, object]:
    """Return the evidence for each assignment: plain values, the same in each run."""
    return {name: _of_one(course, name, progress) for name in names or course.names}
