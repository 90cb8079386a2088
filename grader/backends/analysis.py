"""What a worker that runs no student code finds in a source: its statements, and which exercises are attempted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.course.assignment import Assignment
from grader.sandbox.zygote import Zygote
from grader.submissions.found import Source

__all__ = ["Analysis", "analyse", "to_analysis", "wire_cells"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a worker that runs no student code found in the source.

    `independent` says of each statement whether it can be left out, and no exercise feels it.
    """

    where: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    errors: tuple[str, ...]
    independent: tuple[bool, ...]
    stub_left: frozenset[str]
    attempted: frozenset[str]
    reached: dict[str, str]
    lines: dict[str, tuple[int, int]]
    is_python: bool


def analyse(zygote: Zygote, source: Source, assignment: Assignment) -> Analysis:
    """Analyse a source in a worker of its own; raises WorkerDied or TimedOut where the parser gives up."""
    worker = zygote.spawn(cpu_seconds=60)
    try:
        answer = worker.request(
            {
                "op": "analyse",
                "cells": wire_cells(source),
                "exercises": list(assignment.names),
                "not_allowed": {item.name: list(item.not_allowed) for item in assignment.exercises},
            },
            cpu_seconds=20,
            wall_seconds=120,
        )["analysis"]
    finally:
        worker.close()
    assert isinstance(answer, dict)
    return to_analysis(answer)


def to_analysis(found: dict[str, Any]) -> Analysis:
    """Return what a runtime's `analyse` request answered as a value."""
    statements = found["statements"]
    return Analysis(
        where=tuple(item["where"] for item in statements),
        names=tuple(tuple(item["names"]) for item in statements),
        errors=tuple(item["error"] for item in statements),
        independent=tuple(found["independent"]),
        stub_left=frozenset(found["stub_left"]),
        attempted=frozenset(found["attempted"]),
        reached=found["reached"],
        lines={name: (span[0], span[1]) for name, span in found["lines"].items()},
        is_python=found["is_python"],
    )


def wire_cells(source: Source) -> list[tuple[str, str, bool]]:
    """Return a source's cells as a request holds them."""
    return [(cell.filename, cell.text, cell.notebook) for cell in source.cells]
