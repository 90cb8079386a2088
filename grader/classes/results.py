"""Read back the results of a class: the folder that `grader grade --out` has filled, as views again.

Whatever in it is no result of ours is passed over; what could be one and can't be read is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from grader.classes.attendance import ListedStatus
from grader.classes.listed_students import CLASS_FILE, CLASS_SCHEMA, ListedStudent, listed_students
from grader.classes.shards import SHARD_FILE
from grader.course.assignment import FeedbackLevel
from grader.errors import UsageError
from grader.formats.json import SCHEMA
from grader.report.report import Audience
from grader.report.text import harmless, in_a_line
from grader.report.view import SubmissionView, View

__all__ = ["ClassResults", "plain_bytes", "read_class_file", "read_result", "read_results"]

_MAX_RESULT_BYTES = 2**26


class _Head(msgspec.Struct):
    """What stands around a submission in its file."""

    assignment: str
    sandbox: str
    audience: Audience
    submissions: tuple[dict[str, Any]]
    made_of: dict[str, str] = {}
    feedback: FeedbackLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassResults:
    """A graded class: what its audience may see of every submission, sorted by the submission's name.

    `files` has the name of each submission's result, without a suffix, and `made_of` what it was graded with.
    `unread` are files that could be results, with the reason why they are none. `roster` are the students of the
    roster that it was graded with, none where there was none.
    """

    folder: Path
    view: View
    files: dict[str, str]
    made_of: dict[str, Mapping[str, str]]
    unread: tuple[str, ...]
    roster: tuple[ListedStudent, ...] = ()

    @property
    def missing(self) -> tuple[ListedStudent, ...]:
        """The students of the roster who have handed in nothing."""
        return tuple(item for item in self.roster if item.status is ListedStatus.MISSING)

    @property
    def unclear(self) -> tuple[ListedStudent, ...]:
        """The students of the roster whose submission could be another's as well; nobody has it."""
        return tuple(item for item in self.roster if item.status is ListedStatus.UNCLEAR)

    @property
    def strangers(self) -> frozenset[str]:
        """The submissions of nobody on the roster, where there is one; one of these may be a missing student's."""
        listed = {name for item in self.roster for name in item.submissions}
        return frozenset(item.submission for item in self.submissions if self.roster and item.submission not in listed)

    @property
    def submissions(self) -> tuple[SubmissionView, ...]:
        """The submissions, sorted by name."""
        return self.view.submissions


def read_results(folder: Path) -> ClassResults:
    """Return what a folder of results holds.

    Raises UsageError where it is no folder, holds no result, or holds those of several assignments.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; name one that `grader grade CLASS --out FOLDER` has filled")
    items: dict[str, View] = {}
    files: dict[str, str] = {}
    made_of: dict[str, Mapping[str, str]] = {}
    unread: list[str] = []
    assignments: set[str] = set()
    for path in sorted(folder.glob("*.json"), key=lambda one: one.stem):
        if path.name in (SHARD_FILE, CLASS_FILE):
            continue
        try:
            found = read_result(path)
        except ValueError as error:
            unread.append(in_a_line(f"{path.name}: {error}"))
            continue
        assignments.add(found.assignment)
        name = found.submissions[0].submission
        if name in files:  # whoever is found by a name must not be shown another one's result
            said = f"{path.name}: it is of {name}, as {files[name]}.json is; remove one, or grade again"
            unread.append(in_a_line(said))
            continue
        items[path.stem] = found
        files[name] = path.stem
        made_of[name] = found.made_of
    if not items:
        more = f" ({'; '.join(unread[:3])})" if unread else ""
        raise UsageError(f"{folder}: no results in it{more}; `grader grade CLASS --out {folder}` writes them")
    if len(assignments) > 1:
        said = ", ".join(sorted(assignments))
        raise UsageError(f"{folder}: results of several assignments ({said}); use a folder for each")
    levels = {item.feedback for item in items.values()}
    view = View(
        assignment=assignments.pop(),
        sandbox=" / ".join(sorted({item.sandbox for item in items.values()})),
        audience=_audience(items.values()),
        feedback=levels.pop() if len(levels) == 1 else None,
        submissions=tuple(sorted((item.submissions[0] for item in items.values()), key=lambda item: item.submission)),
    )
    roster = _roster(folder, unread)
    return ClassResults(
        folder=folder,
        view=view,
        files=files,
        made_of=made_of,
        roster=roster,
        unread=tuple(unread),
    )


def _roster(folder: Path, unread: list[str]) -> tuple[ListedStudent, ...]:
    path = folder / CLASS_FILE
    if not path.exists():
        return ()
    try:
        return read_class_file(path)
    except ValueError as error:
        unread.append(in_a_line(f"{path.name}: {error}"))
        return ()


def read_class_file(path: Path) -> tuple[ListedStudent, ...]:
    """Return the students of a class's roster by class.json; raises ValueError with the reason where it has none."""
    try:
        return listed_students(_document(path, CLASS_SCHEMA))
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


def _audience(items: Iterable[View]) -> Audience:
    """Return who may read all of them: what one of them holds for the staff alone is not for a student."""
    return Audience.STAFF if Audience.STAFF in {item.audience for item in items} else Audience.STUDENT


def read_result(path: Path) -> View:
    """Return the view of one submission from its file; raises ValueError with the reason where it holds none."""
    try:
        return _view(_document(path, SCHEMA))
    except (OSError, ValueError, KeyError, TypeError, RecursionError, msgspec.MsgspecError) as error:
        raise ValueError((str(error) or type(error).__name__).splitlines()[0][:200]) from error


def _document(path: Path, schema: str) -> dict[str, Any]:
    document = _harmless(msgspec.json.decode(plain_bytes(path)))  # it takes no infinite number, as `json` does
    if not isinstance(document, dict) or document.get("schema") != schema:
        raise ValueError(f"it is no {schema}")
    return document


def _harmless(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return what a file holds with texts that are safe to print: not only a run may write there."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, dict):
        return {harmless(key): _harmless(item) for key, item in value.items()}
    return [_harmless(item) for item in value] if isinstance(value, list) else value


def _view(document: dict[str, Any]) -> View:
    head = msgspec.convert(document, _Head)
    return View(
        assignment=head.assignment,
        sandbox=head.sandbox,
        audience=head.audience,
        submissions=(_submission(head.submissions[0]),),
        made_of=head.made_of,
        feedback=head.feedback,
    )


def plain_bytes(path: Path) -> bytes:
    """Return what stands in a file that can be a result. Raises OSError or ValueError, with the reason, for another."""
    if path.is_symlink() or not path.is_file():
        raise ValueError("it is no plain file")
    if path.stat().st_size > _MAX_RESULT_BYTES:
        raise ValueError("it is too large")
    return path.read_bytes()


def _submission(item: dict[str, Any]) -> SubmissionView:
    """Return a submission from what JSON says of it, which is what `report/plain.py` writes."""
    examples = item.get("examples", [])
    for_staff, notes = item.get("for_staff", []), item["notes"]
    fields = {
        **{name: item[name] for name in ("submission", "file", "sha256", "status", "score", "max_score")},
        "student": item.get("student"),
        "withheld": item.get("withheld", False),
        "of_file": notes[: len(notes) - len(for_staff) - len(examples)],
        "for_staff": for_staff,
        "examples": examples,
        "seconds": None if item["seconds"]["total"] is None else item["seconds"],
        "exercises": [
            {
                **exercise,
                "code": exercise.get("code", ""),
                "picture": exercise.get("picture"),
                "checks": [{**check, "visible": not check["hidden"]} for check in exercise["checks"]],
            }
            for exercise in item["exercises"]
        ],
    }
    return msgspec.convert(fields, SubmissionView)
