"""Grade one submission inside Gradescope's container: `python -m grader.channels.gradescope.run`, by run_autograder.

Reads source/course, submission/ and submission_metadata.json below `--root`, and writes results/results.json.
Fails closed: where anything of ours is wrong or the sandbox refuses, there is no results.json, the exit code is 1,
and standard output says what an instructor can do. There is no way here to grade unconfined.

The container keeps nothing, and its clock is nobody's: how often a student was told of hidden checks stands in the
results of earlier submissions, and the time of each in the metadata, both of which Gradescope keeps.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.locale import tongue_for
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, GraderError, SandboxError, Unreadable
from grader.formats.forms import Visibility
from grader.formats.gradescope import BEFORE_GRADES, to_gradescope
from grader.judge.checker import end_on_termination
from grader.judge.parallel import grade_all
from grader.languages.tongue import Tongue
from grader.report.attempts import Told, decide, note, settled, uncounted
from grader.report.entrusted import entrust
from grader.report.fingerprint import fingerprint
from grader.report.in_language import entrusted_in_language
from grader.report.report import Audience, Report, SubmissionReport
from grader.report.text import clean
from grader.report.view import view
from grader.sandbox.mode import SandboxMode
from grader.submissions.files import read_regular_file
from grader.submissions.found import Found
from grader.whole import write_whole

__all__ = ["Metadata", "limited", "main", "read_metadata"]

_MAX_METADATA_BYTES = 2**26  # it repeats the results of every earlier submission
_MAX_NAME = 200
_RUNNING_SECONDS = 3600.0
_NO_LANDLOCK = """\
Nothing is wrong with the submission: this machine can't confine it, and it is not run unconfined.
What you can do:
  - Download the submissions (Gradescope: Review Grades, Export Submissions), and run
        grader grade FOLDER --assignment {name}
    on a machine where `grader doctor` ends well. Its grades.csv has the scores.
  - Ask Gradescope whether its machines can have Landlock (Linux 5.13 or later, lsm=landlock) and allow seccomp.
"""
_BROKEN = """\
Nothing is wrong with the submission as far as is known: the fault is on the grader's side, so there is no score.
Mend what is named above, package the assignment again, upload it, and let Gradescope regrade all submissions.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What Gradescope says of a submission: whose, when in seconds since 1970, and when its student was told before.

    `problem` says why the history is not known, or is "".
    """

    student: str
    now: float
    history: tuple[Told, ...]
    problem: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade, write results.json and print the staff's report; return the exit code."""
    parser = argparse.ArgumentParser(prog="grader.channels.gradescope.run")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--hidden", choices=[item.value for item in Visibility], default=Visibility.VISIBLE.value)
    read = parser.parse_args(arguments)
    root: Path = read.root.absolute()
    hidden = Visibility(read.hidden)
    results = root / "results" / "results.json"
    try:
        end_on_termination()
        results.unlink(missing_ok=True)
        report, tongue = _grade(root, hidden)
        entrusted = entrusted_in_language(entrust(report, Audience.STUDENT), tongue)
        write_whole(results, to_gradescope(entrusted, hidden=hidden).encode())
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the boundary: without results.json nobody is scored
        _say(_why_not(error, root))
        return 1
    from grader.formats.table import print_view

    print_view(view(report, Audience.STAFF))  # last: results.json says first that it is for the staff alone
    return 0


def _grade(root: Path, hidden: Visibility) -> tuple[Report, Tongue]:
    """Return the report, and what its student reads it in."""
    course = find_course(root / "source" / "course")
    if len(course.names) != 1:
        raise CourseError(f"{course.root} holds {len(course.names)} assignments; a package holds one")
    (name,) = course.names
    assignment = load_assignment(course, name)
    metadata = read_metadata(root / "submission_metadata.json")
    if metadata.problem:
        _say(f"{metadata.problem}; graded without it\n")
    reports: list[SubmissionReport] = []
    found = Found(given=metadata.student, path=root / "submission")
    sandbox = grade_all(course, name, [found], mode=SandboxMode.AUTO, each=lambda _, report: reports.append(report))
    # Where hidden checks are never shown before the grades are, nobody is told anything that could be counted.
    tells = hidden in BEFORE_GRADES
    submissions = tuple(limited(assignment, report, metadata) if tells else report for report in reports)
    report = Report(assignment=name, sandbox=sandbox, feedback=assignment.feedback, submissions=submissions)
    return report, tongue_for(assignment)


def limited(assignment: Assignment, item: SubmissionReport, metadata: Metadata) -> SubmissionReport:
    """Return the report with hidden checks withheld where assignment.toml limits them and the history says so.

    Where a limit can't be counted, they are withheld as well.
    """
    done = settled(assignment, item)
    if done is not None:
        return done
    if metadata.problem:
        return uncounted(item, metadata.problem)
    return note(item, decide(assignment, metadata.history, fingerprint(item, assignment.feedback), metadata.now))


def read_metadata(path: Path) -> Metadata:
    """Read submission_metadata.json, which holds names that students chose; whatever it is, nothing is raised."""
    try:
        document = json.loads(read_regular_file(path, _MAX_METADATA_BYTES))
    except (Unreadable, ValueError, RecursionError) as error:
        return Metadata(student="submission", now=0.0, history=(), problem=clean(f"{path.name}: {error}"))
    if not isinstance(document, dict):
        return Metadata(student="submission", now=0.0, history=(), problem=f"{path.name} holds no object")
    student, now, earlier = (
        _student(document),
        _seconds(document.get("created_at")),
        document.get("previous_submissions"),
    )
    if now is None or not isinstance(earlier, list):
        key = "created_at" if now is None else "previous_submissions"
        return Metadata(student=student, now=0.0, history=(), problem=f"{path.name} has no {key} that can be read")
    return Metadata(student=student, now=now, history=tuple(_history(earlier, now)))


def _student(document: dict[str, object]) -> str:
    users = document.get("users")
    names = [
        " ".join(clean(said).split())
        for user in (users if isinstance(users, list) else [])
        if isinstance(user, dict)
        and isinstance(said := next((user[key] for key in ("email", "name") if user.get(key)), None), str)
    ]
    return ", ".join(name for name in names if name)[:_MAX_NAME] or "submission"


def _history(earlier: list[object], now: float) -> Iterator[Told]:
    for number, entry in enumerate(earlier):
        if not isinstance(entry, dict):
            continue
        at = _seconds(entry.get("submission_time"))
        if at is not None and at >= now:
            continue  # in a regrade: this one itself, and what came after it
        results = entry.get("results")
        mark = _get(_get(results, "extra_data"), "grader")
        key = _get(mark, "fingerprint")
        if _get(mark, "told") is True and isinstance(key, str):
            yield Told(fingerprint=key, at=0.0 if at is None else at)
        elif not results and (at is None or now - at < _RUNNING_SECONDS):
            # It may be running yet, and may tell: else who hands in ten at once would read ten answers.
            yield Told(fingerprint=f"running, number {number}", at=0.0 if at is None else at)


def _get(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _seconds(value: object) -> float | None:
    """Return the seconds since 1970 of a time in ISO 8601; one without a zone is in UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        seconds = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return seconds if math.isfinite(seconds) else None


def _why_not(error: BaseException, root: Path) -> str:
    said = str(error) if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
    names = sorted(path.parent.name for path in (root / "source" / "course" / "solutions").glob("*/assignment.toml"))
    advice = _NO_LANDLOCK.format(name=names[0] if names else "NAME") if isinstance(error, SandboxError) else _BROKEN
    return f"No score: {clean(said)}\n\n{advice}"


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
