"""Draft misconceptions of mutants: wrong variants that answer in ways of their own, for an author to choose from.

What a draft says is a TODO: a program knows what was changed, and not what a student thought.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from grader.authoring.in_checker import Judge
from grader.authoring.mutants import Mutant, make_mutants
from grader.authoring.transplants import Progress, transplanted
from grader.course.assignment import Assignment, Course
from grader.course.catalogue import Misconception, read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import load_assignment
from grader.judge.collecting import with_suite
from grader.judge.driver import Suite
from grader.judge.store import Store, store_folder
from grader.outcomes import Outcome, Status

__all__ = ["drafts_of"]

_MOST = 6  # drafts of an exercise
_HEAD = """\
# Drafts of misconceptions of {name}: keep those that a student may have, and write what they should read of it.
# Each answers in a way of its own, and otherwise than those that misconceptions.py has already.
"""
_DRAFT = """\
{note}@misconception(
    "{id}",
    name="TODO: what was thought ({change})",
    explanation="TODO: what is seen, and how to see it; not the answer",
)
{source}
"""
_MINUS_ZERO = re.compile(r"-0(?![\d.]*[1-9])")
_Behaviour = tuple[tuple[str, str, str], ...]


def drafts_of(course: Course, name: str, progress: Progress = lambda _done, _total: None) -> str:
    """Return drafts for `misconceptions.py`, as Python; raises CourseError where the suite can't judge."""
    assignment = load_assignment(course, name)
    variants = read_catalogue(assignment)
    chosen = with_suite(
        assignment, lambda suite: _chosen(assignment, suite, variants, progress), store=Store(folder=store_folder())
    )
    letters, numbers = _letters(variants), _free_numbers(variants)
    drafts = [_draft(mutant, f"{letters}{next(numbers):03}", sees=sees) for mutant, sees in chosen]
    needed = "import torch\n" if any("torch." in item for item in drafts) and not _imports_torch(assignment) else ""
    return "\n\n\n".join([(_HEAD.format(name=name) + needed).rstrip("\n"), *drafts])


def _chosen(
    assignment: Assignment, suite: Suite, variants: Iterable[Misconception], progress: Progress
) -> list[tuple[Mutant, bool]]:
    """Return for each exercise some mutants that answer each in its own way, and whether a check sees it."""
    judge = Judge(assignment, suite)
    reference = reference_source(assignment)
    known: dict[str, set[_Behaviour]] = {name: set() for name in assignment.names}
    for item in variants:
        if item.exercise in known:
            source = transplanted(reference, item.exercise, item.source, reference)
            known[item.exercise].add(_behaviour(judge.outcomes(source, item.exercise)))
    found: dict[str, list[tuple[Mutant, bool]]] = {name: [] for name in assignment.names}
    operators: set[tuple[str, str]] = set()
    mutants = make_mutants(assignment)
    for number, mutant in enumerate(mutants):
        progress(number, len(mutants))
        own = found[mutant.exercise]
        if len(own) == _MOST or mutant.operator == "removed" or (mutant.exercise, mutant.operator) in operators:
            continue
        outcomes = judge.outcomes(mutant.source, mutant.exercise)
        behaviour = _behaviour(outcomes)
        if _only_raises(outcomes) or behaviour in known[mutant.exercise]:
            continue
        known[mutant.exercise].add(behaviour)
        operators.add((mutant.exercise, mutant.operator))
        own.append((mutant, any(item.status is not Status.PASSED for item in outcomes)))
    progress(len(mutants), len(mutants))
    return [item for name in assignment.names for item in found[name]]


def _behaviour(outcomes: Iterable[Outcome]) -> _Behaviour:
    return tuple((item.check, item.status.value, _MINUS_ZERO.sub("0", item.text)) for item in outcomes)


def _only_raises(outcomes: Iterable[Outcome]) -> bool:
    """Say whether a variant gives no answer: who meets that reads what Python says, and needs no explanation."""
    failed = [item.status for item in outcomes if item.status is not Status.PASSED]
    return bool(failed) and not any(status is Status.FAILED for status in failed)


def _draft(mutant: Mutant, identifier: str, *, sees: bool) -> str:
    change = f"{mutant.change.after} for {mutant.change.before}".replace("\\", "").replace('"', "'")
    note = "" if sees else "# No check sees this one yet: it is right as well, or the suite lacks a check.\n"
    return _DRAFT.format(note=note, id=identifier, change=change, source=_definition(mutant)).rstrip("\n")


def _definition(mutant: Mutant) -> str:
    """Return the mutant's definition, without docstrings and annotations."""
    (node,) = [item for item in ast.parse(mutant.source).body if getattr(item, "name", "") == mutant.exercise]
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef):
            if ast.get_docstring(inner) is not None:
                inner.body[:1] = [] if len(inner.body) > 1 else [ast.Pass()]
            if isinstance(inner, ast.FunctionDef):
                inner.returns = None
        elif isinstance(inner, ast.arg):
            inner.annotation = None
    return ast.unparse(node)


def _letters(variants: Iterable[Misconception]) -> str:
    """Return how most ids of a catalogue begin."""
    found = Counter(re.sub(r"\d.*", "", item.id) for item in variants)
    return found.most_common(1)[0][0] if found else "M"


def _free_numbers(variants: Iterable[Misconception]) -> Iterator[int]:
    number = max((int(found[0]) for item in variants if (found := re.search(r"\d+$", item.id))), default=0)
    while True:
        number += 1
        yield number


def _imports_torch(assignment: Assignment) -> bool:
    path = assignment.misconceptions
    return path.is_file() and "import torch" in path.read_text("utf-8")
