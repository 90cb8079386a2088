"""What is found about an assignment: a line that holds, that warns, or that says what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Level", "fault", "holds", "warning"]


class Level(StrEnum):
    """How a finding is said; only a fault ends `grader verify` with 1."""

    OK = "ok"
    WARNING = "warn"
    FAULT = "FAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was proved, or what is wrong with it and what to do."""

    level: Level
    text: str

    @property
    def holds(self) -> bool:
        """Say whether nothing has to be mended."""
        return self.level is not Level.FAULT


def holds(text: str) -> Finding:
    """Return a finding that says what was proved."""
    return Finding(level=Level.OK, text=text)


def warning(text: str) -> Finding:
    """Return a finding that says what is weak."""
    return Finding(level=Level.WARNING, text=text)


def fault(text: str) -> Finding:
    """Return a finding that says what is wrong, and what to do."""
    return Finding(level=Level.FAULT, text=text)
