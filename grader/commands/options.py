"""What the command line says to `grader grade`, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.classes.shards import Shard
from grader.errors import UsageError
from grader.formats.forms import Form
from grader.report.report import Audience
from grader.sandbox.mode import SandboxMode

__all__ = ["Copy", "Machines", "Options", "Out", "Whose", "parse_copy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file to write besides what is printed: in which form, for whom, where."""

    form: Form
    audience: Audience
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """The folder for each result; with `regrade` what was graded as it is, is graded again, too.

    `shard` is the part of the class that is graded, None for all of it.
    """

    folder: Path
    regrade: bool = False
    shard: Shard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Who the students are: `student` of the one submission, or the file of the class's `roster`.

    `attempts` is the file that counts how often each of them is told of hidden checks, `language` what they read.
    """

    student: str | None = None
    roster: Path | None = None
    attempts: Path | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """Where submissions are graded: so many at a time here, or by the workers of a cluster's scheduler."""

    jobs: int = 1
    cluster: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says; `against` is a folder of earlier results, to say whose grade is another one now."""

    paths: tuple[str, ...]
    assignment: str | None
    form: Form | None  # None for the table
    audience: Audience
    copies: tuple[Copy, ...]
    sandbox: SandboxMode
    out: Out | None
    fail_under: float | None
    course: Path | None
    whose: Whose = Whose()
    machines: Machines = Machines()
    against: Path | None = None


def parse_copy(text: str, audience: Audience) -> Copy:
    """Read `[AUDIENCE:]FORMAT=FILE`; raises UsageError saying what was found and what is known."""
    head, equals, path = text.partition("=")
    said, colon, name = head.rpartition(":")
    if name not in [*Form] or not equals or path in ("", "-") or (colon and said not in [*Audience]):
        readers = "|".join(f"{item}:" for item in Audience)
        raise UsageError(
            f"--write {text}: write [{readers}]FORMAT=FILE, with a format of {', '.join(Form)}; "
            "for example --write staff:json=result.json"
        )
    return Copy(form=Form(name), audience=Audience(said) if said else audience, path=Path(path))
