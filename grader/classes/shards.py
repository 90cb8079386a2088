"""A part of a class, which one of several machines grades: which submissions are its own, and what it says of itself.

The folder of a part holds `shard.json`: `grader merge` knows by it which parts are missing, and in which order and
under which names of files the whole class stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Literal, TypeVar

import msgspec

from grader.classes.listed_students import CLASS_FILE
from grader.errors import UsageError
from grader.report.reading import read_json
from grader.report.report import Audience
from grader.report.text import harmless
from grader.whole import write_whole

__all__ = ["SHARD_FILE", "Shard", "ShardOf", "file_names", "parse_shard", "read_shard", "write_shard"]

SHARD_FILE = "shard.json"
_MAX_BYTES = 2**28
_MAX_NAME_BYTES = 200
_MAX_PARTS = 100_000

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The part of this number, from 1, of so many.

    Of submissions in their order it has each `parts`-th one: no part has more than one more than another, and
    neighbours, which often are alike, are apart. Whoever grades a part has to see the whole class.
    """

    number: int
    parts: int

    def __str__(self) -> str:
        """Write it as the command line does."""
        return f"{self.number}/{self.parts}"

    def of(self, items: Sequence[_Item]) -> list[_Item]:
        """Return those that are its own."""
        return [*items[self.number - 1 :: self.parts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardOf:
    """What a part's folder says of it: of which class, by the names of all its submissions in their order."""

    schema: Literal["grader/shard/v1"] = "grader/shard/v1"
    shard: Shard
    assignment: str
    audience: Audience
    submissions: tuple[str, ...]


def parse_shard(text: str) -> Shard:
    """Read `I/N`, such as `2/4`; raises UsageError."""
    number, _, parts = text.partition("/")
    if number.isascii() and number.isdigit() and parts.isascii() and parts.isdigit() and len(text) < 20:
        shard = Shard(number=int(number), parts=int(parts))
        if 1 <= shard.number <= shard.parts <= _MAX_PARTS:
            return shard
    raise UsageError(f"--shard {text}: write I/N, the I-th of N parts, from 1/N to N/N; for example --shard 2/4")


def file_names(submissions: Iterable[str]) -> list[str]:
    """Return a file name without a suffix for each submission of a class, whatever their own are; no two are alike."""
    taken = {Path(SHARD_FILE).stem, Path(CLASS_FILE).stem}
    return [_file_name(submission, taken) for submission in submissions]


def _file_name(submission: str, taken: set[str]) -> str:
    plain = re.sub(r"[^\w.() -]", "_", PurePath(submission).name).strip(". ")
    plain = plain.encode()[:_MAX_NAME_BYTES].decode(errors="ignore") or "submission"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.casefold())
    return name


def write_shard(folder: Path, shard: ShardOf) -> None:
    """Say in a part's folder what it is; raises OSError."""
    text = json.dumps(msgspec.to_builtins(shard), indent=1, ensure_ascii=True) + "\n"
    write_whole(folder / SHARD_FILE, text.encode())


def read_shard(folder: Path) -> ShardOf | None:
    """Return what a folder says of itself, None where it is no part; raises UsageError where that can't be read."""
    path = folder / SHARD_FILE
    try:
        too_large = path.stat().st_size > _MAX_BYTES
        found: ShardOf = read_json(b"" if too_large else path.read_bytes(), ShardOf)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}; grade that part again") from error
    if not 1 <= found.shard.number <= found.shard.parts <= _MAX_PARTS:
        raise UsageError(f"{path}: there is no part {found.shard}; grade that part again")
    return replace(found, assignment=harmless(found.assignment), submissions=tuple(map(harmless, found.submissions)))
