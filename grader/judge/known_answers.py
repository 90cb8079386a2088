"""Keep from one run to the next what the variants of a catalogue answer: whoever diagnoses asks nearly the same."""

from __future__ import annotations

from collections.abc import Mapping

from grader import wire
from grader.course.assignment import Assignment
from grader.errors import WireError
from grader.judge.state import entry_name, state_of
from grader.judge.store import Store

__all__ = ["KnownAnswers"]


class KnownAnswers:
    """The entry of one assignment, under all that its grades depend on."""

    def __init__(self, assignment: Assignment, store: Store) -> None:
        self._assignment = assignment
        self._store = store
        self._name = f"{entry_name(assignment)}-answers"
        self._key: str | None = None

    def read(self) -> Mapping[bytes, bytes]:
        """Return what an earlier run has kept, as digests of questions with their answers; nothing where it is none."""
        try:
            self._key = state_of(self._assignment)
        except OSError:  # a file is being replaced: whoever stamps them says it
            return {}
        frame = self._store.read(self._name, self._key)
        try:
            entries = wire.decode(frame) if frame is not None else {}
        except WireError:
            return {}
        if not isinstance(entries, list):
            return {}
        pairs = zip(entries[::2], entries[1::2], strict=False)
        return {key: answer for key, answer in pairs if isinstance(key, bytes) and isinstance(answer, bytes)}

    def write(self, entries: Mapping[bytes, bytes]) -> None:
        """Keep these in the place of what was there; what does not fit is not kept."""
        if self._key is None:
            return
        try:
            frame = wire.encode([part for pair in entries.items() for part in pair])
        except WireError:
            return
        self._store.write(self._name, self._key, frame)
