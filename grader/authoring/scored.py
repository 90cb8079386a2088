"""What a hidden suite asks, and whether an author's teaching examples are among it: those are shown to students."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.authoring.findings import Finding, fault, holds
from grader.backends.reference import Reference
from grader.course.assignment import Assignment
from grader.course.teaching import Teaching, read_teaching
from grader.judge.collecting import with_suite
from grader.suite.student import Student, StudentRaised, bind
from grader.worker.stubs import tensors_in

__all__ = ["Numbers", "numbers_in", "scored_inputs", "teaching_findings"]

Numbers = frozenset[tuple[float, ...]]


class _Listening(Reference):
    """The reference, which notes the numbers of each question."""

    def __init__(self, assignment: Assignment) -> None:
        self.found: set[Numbers] = set()
        super().__init__(assignment)

    def request(self, message: dict[str, object]) -> dict[object, object]:
        """Answer as it does, and note what was asked."""
        match message:
            case {"op": "call", "calls": list(calls)}:
                self.found.update(numbers_in([*call["args"], *call["kwargs"].values()]) for call in calls)
            case {"op": "probe", "args": arguments}:
                self.found.add(numbers_in(arguments))
        return super().request(message)


def numbers_in(value: object) -> Numbers:
    """Return the numbers of each tensor in a value, to the digits of float32, whatever its shape and precision."""
    return frozenset(tuple(item.detach().float().reshape(-1).tolist()) for item in tensors_in(value))


def scored_inputs(assignment: Assignment) -> set[Numbers]:
    """Return the numbers of each call and each probe that the hidden suite makes while its examples are drawn.

    Each submission is asked what was drawn then, and where it fails, smaller examples of the same kind.
    """
    reference = _Listening(assignment)
    with_suite(assignment, lambda _: None, reference=reference)
    return reference.found - {frozenset()}


def teaching_findings(assignment: Assignment) -> Iterator[Finding]:
    """Say whether the teaching examples are such that they may be shown; nothing where there are none."""
    teaching = [item for items in read_teaching(assignment).values() for item in items]
    if not teaching:
        return
    student = Student()
    bind(student, Reference(assignment))
    scored = scored_inputs(assignment)
    for item in teaching:
        for example in item.examples:
            raised = _raised(student, item, example)
            if raised:
                yield fault(f"{assignment.teaching}: {item.call(example)}: the reference raises {raised}")
                return
            asked = numbers_in(dict(example))
            if asked and any(asked <= one for one in scored):
                text = f"{item.call(example)} is asked by the hidden suite as well, and would be shown"
                yield fault(f"{assignment.teaching}: {text}; take other numbers in one of them")
                return
    count = sum(len(item.examples) for item in teaching)
    yield holds(f"teaching: {count} examples, and none of them is a scored input")


def _raised(student: Student, item: Teaching, example: Mapping[str, object]) -> str:
    """Return what the reference raises where it is asked an example, "" where it answers."""
    try:
        if item.probe is None:
            student.observe(item.exercise, *example.values())
        else:
            student.probe(item.probe, *example.values())
    except StudentRaised as error:
        return " ".join(str(error).split())
    return ""
