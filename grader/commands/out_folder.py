"""The folder of `--out`: a JSON and a Markdown file for each submission as soon as it is graded, and the table of all.

One run at a time writes there. Whatever can be written is; what can't is said at the end.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.classes.listed_students import CLASS_FILE, CLASS_SCHEMA
from grader.classes.shards import SHARD_FILE, ShardOf, file_names, write_shard
from grader.errors import UsageError
from grader.formats.csv import to_csv
from grader.formats.json import SCHEMA, to_json
from grader.formats.markdown import to_markdown
from grader.languages.tongue import ENGLISH, Tongue
from grader.report.in_language import in_language
from grader.report.view import View
from grader.whole import remove_halves, write_whole

__all__ = ["OutFolder"]

_TABLE = "grades.csv"
_TABLE_SECONDS = 2.0  # between two writings of a table that grows
_MAX_RESULT_BYTES = 2**26


class OutFolder:
    """`add` each result, `finish` after the last one, and `close` in any case."""

    def __init__(
        self, folder: Path, submissions: Sequence[str], shard: ShardOf | None = None, *, tongue: Tongue = ENGLISH
    ) -> None:
        """Make the folder and lock it, for these submissions in their order, or for those of a part of them.

        Markdown is in this language; JSON, of which everything else is made again, is English.
        Raises UsageError where it can't be written, or another run is at it.
        """
        self.folder = folder
        names = file_names(submissions)
        self._names = names if shard is None else shard.shard.of(names)
        self._tongue = tongue
        self._seen: dict[int, View] = {}
        self._problems: dict[Path, str] = {}
        self._table_due = 0.0
        self._finished = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
            self._lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise UsageError(f"--out {folder}: {error.strerror}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise UsageError(f"--out {folder}: another run of the grader writes there; wait for it") from None
        except OSError:
            pass  # a file system without locks: nobody can be kept out
        remove_halves(folder)
        try:
            (folder / SHARD_FILE).unlink(missing_ok=True)
            if shard is not None:
                write_shard(folder, shard)
        except OSError as error:
            os.close(self._lock)
            raise UsageError(f"--out {folder}: {error.strerror}") from error

    def close(self) -> None:
        """Write the table of what is there, where a run was interrupted, and let others in."""
        if not self._finished and self._seen:
            self._write_table()
        os.close(self._lock)

    def add(self, number: int, seen: View) -> None:
        """Write the result of the submission of this number; `seen` holds it alone."""
        self._seen[number] = seen
        name = self._names[number]
        self._write(f"{name}.json", to_json(seen))
        self._write(f"{name}.md", to_markdown(in_language(seen, self._tongue)))
        if time.monotonic() >= self._table_due:
            self._write_table()

    def write_class(self, text: str | None) -> None:
        """Write who is on the roster; where there is none, leave no word of an earlier one."""
        if text is not None:
            self._write(CLASS_FILE, text)
        elif _schema(self.folder / CLASS_FILE) == CLASS_SCHEMA:
            with contextlib.suppress(OSError):
                (self.folder / CLASS_FILE).unlink()

    def remove_stale(self, assignment: str) -> int:
        """Remove what an earlier run left of this assignment and was not added to this one; return of how many."""
        fresh = {self._names[number] for number in self._seen}
        stale = [path for path in self.folder.glob("*.json") if path.stem not in fresh and _is_result(path, assignment)]
        for path in stale:
            other = path.with_suffix(".md")
            for old in (path, other) if _is_markdown(other, assignment) else (path,):
                try:
                    old.unlink(missing_ok=True)
                except OSError as error:
                    self._problems[old] = error.strerror or str(error)
        self._write_table()
        return len(stale)

    def finish(self) -> None:
        """Write the table; raises UsageError with all that could not be written."""
        for path in list(self._problems):  # there may be room again
            number = next((key for key in self._seen if path.stem == self._names[key]), None)
            if number is not None:
                self.add(number, self._seen[number])
        self._write_table()
        self._finished = True
        if self._problems:
            problems = "; ".join(f"{why}: {path}" for path, why in self._problems.items())
            raise UsageError(f"--out {self.folder}: {problems}")

    def _write_table(self) -> None:
        views = [self._seen[number] for number in sorted(self._seen)]
        if not views:
            with contextlib.suppress(OSError):
                (self.folder / _TABLE).unlink(missing_ok=True)
        else:
            items = tuple(item for one in views for item in one.submissions)
            self._write(_TABLE, to_csv(replace(views[0], submissions=items)))
        self._table_due = time.monotonic() + _TABLE_SECONDS

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
        except OSError as error:
            self._problems[path] = error.strerror or str(error)
        else:
            self._problems.pop(path, None)


def _document(path: Path) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return what a file of JSON holds, or None; raises OSError, ValueError, RecursionError."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MAX_RESULT_BYTES:
        return None
    return json.loads(path.read_bytes())


def _schema(path: Path) -> object:
    try:
        return _document(path)["schema"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_result(path: Path, assignment: str) -> bool:
    """Say whether a file is one that a run has written for one submission, under the name that it gives it."""
    try:
        found = _document(path)
        (item,) = found["submissions"]
        (plain,) = file_names([item["submission"]])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    ours = re.fullmatch(f"{re.escape(plain)}(-([2-9]|[1-9]\\d+))?", path.stem) is not None
    return ours and found.get("schema") == SCHEMA and found.get("assignment") == assignment


def _is_markdown(path: Path, assignment: str) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return not path.is_symlink() and file.readline().startswith(f"## {assignment}: ")
    except OSError:
        return False
