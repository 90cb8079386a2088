"""Read what each check of a suite kills alone: a file of the course that the proof of the suites writes.

Of which suite it was made stands in it, so that whoever shows it can say where that is another one by now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from grader.errors import UsageError
from grader.report.reading import read_json

__all__ = ["KillCounts", "Kills", "kills_as_text", "read_kills"]

_Count = Annotated[int, msgspec.Meta(ge=0)]


class KillCounts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many mutants of the reference and wrong variants of the catalogue fail a check, and how many no other one."""

    mutants: _Count
    mutants_alone: _Count
    variants: _Count
    variants_alone: _Count

    @property
    def alone(self) -> int:
        """What would pass the suite without this check."""
        return self.mutants_alone + self.variants_alone


class Kills(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each check of an assignment kills, by its name; `made_of` says of which suite and reference, and `date`."""

    assignment: str
    date: str
    made_of: dict[str, str]
    checks: dict[str, KillCounts]

    def fits(self, made_of: Mapping[str, str]) -> bool:
        """Say whether results of this make were graded by the suite and reference of which this was found."""
        return all(self.made_of.get(name) == made_of.get(name) for name in ("suite", "reference"))


def read_kills(path: Path) -> Kills | None:
    """Return what a file says, or None where there is none; raises UsageError where it is no such file."""
    if not path.is_file():
        return None
    try:
        found = read_json(path.read_bytes(), Kills)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}; make it again by `make proof`, or remove it") from error
    assert isinstance(found, Kills)
    return found


def kills_as_text(kills: Kills) -> str:
    """Return the text of the file, a line a check, so that a change of one is one line."""
    checks = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(msgspec.to_builtins(counts))}" for name, counts in kills.checks.items()
    )
    head = {"assignment": kills.assignment, "date": kills.date, "made_of": kills.made_of}
    lines = [f" {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    return "\n".join(["{", *lines, ' "checks": {', checks, " }", "}", ""])
