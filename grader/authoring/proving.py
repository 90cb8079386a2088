"""Prove an assignment: each finding is one line that holds, that warns, or that says what to do."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.authoring.early import look_at
from grader.authoring.findings import Finding, fault
from grader.course.assignment import Course
from grader.course.reading import load_assignment
from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.authoring.transplants import Progress

__all__ = ["prove"]


def prove(
    course: Course,
    name: str,
    *,
    mutants: bool = False,
    catalogue: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Iterator[Finding]:
    """Yield what holds of an assignment and what does not; a file that can't be read ends it.

    What its text says comes first, and imports no torch: a caller that prints tells it at once. With `mutants` and
    `catalogue` the suite is asked what it sees, where all else holds; `progress` is told how far that is.
    """
    held = True
    try:
        yield from look_at(course, name)
        from grader.authoring.running import run

        assignment = load_assignment(course, name)
        with tempfile.TemporaryDirectory() as folder:
            for finding in run(course, assignment, Path(folder)):
                held &= finding.holds
                yield finding
        if held and catalogue:
            from grader.authoring.catalogued import catalogue_findings

            yield from catalogue_findings(course, assignment, progress)
        if held and mutants:
            from grader.authoring.surviving import mutant_findings

            yield from mutant_findings(assignment, progress)
    except GraderError as error:
        yield fault(_in_a_line(str(error)))


def _in_a_line(text: str) -> str:
    """Return what pytest says of a file that can't be collected in a line: where, and the error."""
    if "\n" not in text:
        return text
    head = text.partition(": ")[0]
    places = re.findall(r"(?:^|: )(\S+\.py:\d+): in ", text, re.MULTILINE)
    near = [place for place in places if "/tests/hidden/" in f"/{place}"]
    errors = re.findall(r"^E +(.*)", text, re.MULTILINE)
    return ": ".join([head, *near[-1:], *errors[-1:]]) if errors else " ".join(text.split())
