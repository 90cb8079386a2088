"""What a worker that runs no student code finds in a source: its statements, and which exercises are attempted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.course.assignment import Assignment
from grader.course.lesson import exercise_arguments
from grader.sandbox.zygotes import Zygotes
from grader.submissions.found import Source

__all__ = ["Analysis", "Work", "Written", "analyse", "bears_out", "to_analysis", "wire_cells"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """By what a file is chosen among others: `tried` are the exercises at which somebody has worked.

    `covered` says of some where the answer is, and the stub behind it that takes its place; `code` is equal where two
    files define the same.
    """

    tried: frozenset[str]
    covered: dict[str, tuple[str, str]]
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The definition of an exercise that counts: its first and last line, and its text as its student wrote it.

    There are no lines where none can be read as Python, and no text where there is only the stub.
    """

    lines: tuple[int, int] | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a worker that runs no student code found in the source.

    Of each statement: `definitions` says whether it defines, imports or binds an exercise, and `independent` whether
    it can be left out, and no exercise feels it. `written` has the definition of each exercise, and `renamed` the
    arguments whose names are not the stub's, each with the stub's for it.
    """

    where: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    errors: tuple[str, ...]
    definitions: tuple[bool, ...]
    independent: tuple[bool, ...]
    stub_left: frozenset[str]
    attempted: frozenset[str]
    work: Work
    reached: dict[str, str]
    written: dict[str, Written]
    renamed: dict[str, tuple[tuple[str, str], ...]]
    is_python: bool

    @property
    def rest(self) -> frozenset[int]:
        """The statements that define nothing."""
        return frozenset(index for index, defines in enumerate(self.definitions) if not defines)

    @property
    def defined(self) -> frozenset[str]:
        """The exercises that have a definition, be it the stub's."""
        return frozenset(name for name, one in self.written.items() if one.lines is not None)

    @property
    def felt(self) -> bool:
        """Say whether an exercise could feel that one of those is left out."""
        return any(not self.independent[index] and not self.errors[index] for index in self.rest)

    @property
    def understood(self) -> dict[str, dict[str, str]]:
        """The file's own names of arguments, each with the stub's for it, by exercise.

        A name that the stub has as well, at another place, means what it means there.
        """
        found: dict[str, dict[str, str]] = {}
        for name, pairs in self.renamed.items():
            ours = {our for _, our in pairs}
            found[name] = {own: our for own, our in pairs if own not in ours}
        return found


def analyse(zygotes: Zygotes, source: Source, assignment: Assignment) -> Analysis:
    """Analyse a source in a worker of its own; raises WorkerDied or TimedOut where the parser gives up."""
    worker = zygotes.spawn(cpu_seconds=60)
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
    return to_analysis(answer, exercise_arguments(assignment))


def bears_out(
    zygotes: Zygotes, source: Source, assignment: Assignment, exercise: str, patterns: Sequence[Sequence[str]]
) -> list[bool]:
    """Say of each group of patterns whether one of them is found in an exercise; raises as `analyse` does."""
    worker = zygotes.spawn(cpu_seconds=60)
    try:
        request = {"op": "bears out", "cells": wire_cells(source), "exercise": exercise}
        more = {"exercises": list(assignment.names), "patterns": [list(item) for item in patterns]}
        found = worker.request({**request, **more}, cpu_seconds=20, wall_seconds=120)["found"]
    finally:
        worker.close()
    assert isinstance(found, list | tuple)
    return [item is True for item in found]


def to_analysis(found: dict[str, Any], arguments: Mapping[str, Sequence[str]]) -> Analysis:
    """Return what a runtime's `analyse` request answered as a value; `arguments` are the names that stubs have."""
    statements = found["statements"]
    return Analysis(
        where=tuple(item["where"] for item in statements),
        names=tuple(tuple(item["names"]) for item in statements),
        errors=tuple(item["error"] for item in statements),
        definitions=tuple(found["definitions"]),
        independent=tuple(found["independent"]),
        stub_left=frozenset(found["stub_left"]),
        attempted=frozenset(found["attempted"]),
        work=Work(
            tried=frozenset(found["tried"]),
            covered={name: (pair[0], pair[1]) for name, pair in found["covered"].items()},
            code=found["code"],
        ),
        reached=found["reached"],
        written={
            name: Written(lines=(span[0], span[1]) if (span := found["lines"].get(name)) else None, text=text)
            for name, text in found["written"].items()
        },
        renamed={
            name: tuple((own, our) for own, our in zip(found["arguments"][name], ours, strict=False) if own != our)
            for name, ours in arguments.items()
        },
        is_python=found["is_python"],
    )


def wire_cells(source: Source) -> list[tuple[str, str, bool]]:
    """Return a source's cells as a request holds them."""
    return [(cell.filename, cell.text, cell.notebook) for cell in source.cells]
