"""Grade what is pushed to a bare repository: a post-receive hook that tells the student, and stores the result.

Runs as the user who receives pushes, whom students can't act as: the hook reads the course. What a student can
say here is the content of commits and the names of refs, and neither ever reaches a shell or an option.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.channels.git.place import Place, in_turn, known, log, remember, store, write_errors_to
from grader.channels.git.pushes import Push, chosen, read_pushes
from grader.channels.git.repository import Blob, Repository
from grader.course.assignment import Assignment, Course
from grader.course.locale import tongue_for
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError, Unreadable, UsageError
from grader.formats.table import print_view
from grader.judge.checker import end_on_termination
from grader.judge.parallel import grade_all
from grader.judge.state import state_of
from grader.languages.tongue import Tongue
from grader.report.attempts import Ledger, limits, uncounted
from grader.report.in_language import in_language
from grader.report.progress import Progress, is_told, line_of
from grader.report.report import (
    Audience,
    Report,
    SubmissionReport,
    SubmissionStatus,
    nothing_written,
    without_score,
)
from grader.report.text import clean
from grader.report.view import view
from grader.sandbox.mode import SandboxMode
from grader.service.client import ask
from grader.submissions.files import MAX_ARCHIVE_BYTES
from grader.submissions.found import Found
from grader.submissions.names import (
    ANY_NAME,
    assignment_of,
    by_likelihood,
    is_looked_at,
    is_source,
    named,
)
from grader.submissions.sources import MAX_FILES

__all__ = ["receive"]

_OUR_FAULT = "{name} could not be graded, and that is not your fault: tell your instructor"
_OTHERS = "other pushes are being graded; yours waits for its turn"
_COLUMNS = "71"  # git sets "remote: " before each line


def receive(folder: Path, lines: Iterable[bytes]) -> None:
    """Grade what a push brought, store it, and print what the student may read; git hands over the lines.

    Whatever it writes, to either stream, the student reads: what is wrong on our side goes to `errors.log`.
    """
    end_on_termination()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # who pushes may hang up; the result is stored all the same
    os.umask(0o077)
    try:
        _receive_all(folder, list(read_pushes(lines)))
    except Exception:  # noqa: BLE001 - a traceback on standard error would be the student's to read
        log("push", traceback.format_exc())
        _say(_OUR_FAULT.format(name="this push"))


def _receive_all(folder: Path, pushes: list[Push]) -> None:
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stderr.fileno())
    if not pushes:
        return
    repository = Repository(folder)
    settings = {key: repository.setting(f"grader.{key}") for key in ("course", "state", "student")}
    if not all(settings.values()):
        _say("the settings of this repository's hook are gone: tell your instructor to install it again")
        return
    place = Place(state=Path(settings["state"]), student=settings["student"])
    write_errors_to(place)
    push, others = chosen(pushes, repository.head())
    for other in others:
        _say(f"{other.name} is not graded: of several branches one is, here {push.name}")
    _receive(repository, push, find_course(Path(settings["course"])), place)


def _receive(repository: Repository, push: Push, course: Course, place: Place) -> None:
    try:
        blobs = repository.sources(push.commit, lambda path: any(is_looked_at(path, name) for name in course.names))
        found = _by_assignment(blobs, course)
    except Unreadable as reason:
        _say(f"this push is not graded: {clean(str(reason))}")
        return
    if not found:
        names = ", ".join(f"{name}.py" for name in course.names)
        _say(f"nothing to grade in this push; hand in {names} or the notebook of the same name")
        return
    with in_turn(place, waiting=lambda: _say(_OTHERS)):
        _grade_all(repository, push, found, course, place)


def _grade_all(
    repository: Repository, push: Push, found: Mapping[str, list[Blob]], course: Course, place: Place
) -> None:
    states = {name: _state(course, name) for name in found}
    before = {name: known(place, name, blobs, states[name]) for name, blobs in found.items()}
    changed = [name for name in found if before[name] is None]
    for name, last in before.items():
        if last is not None:
            _say(f"{name}: as it was graded before")
    for name, blobs in found.items():
        last = before[name]
        if last is not None and changed and not last.withheld:
            continue
        try:
            assignment = load_assignment(course, name)
            raw, sandbox = (last.report, last.sandbox) if last else _grade(repository, assignment, blobs, place)
        except GraderError as error:  # the next assignment may be whole
            log(f"{place.student} {name}", str(error))
            _say(_OUR_FAULT.format(name=name))
            continue
        counted = _count(assignment, raw, place)
        report = Report(assignment=name, sandbox=sandbox, feedback=assignment.feedback, submissions=(counted,))
        store(report, push, blobs, place)  # before anything is said: who pushes may be gone
        remember(place, blobs, states[name], report, raw)
        _tell(report, place, tongue_for(assignment))


def _state(course: Course, name: str) -> str | None:
    """Return what a grade depends on but the files that were pushed; None where that can't be read."""
    try:
        return state_of(load_assignment(course, name))
    except (GraderError, OSError):
        return None


def _tell(report: Report, place: Place, tongue: Tongue) -> None:
    """Say what became of a submission, as its student may read it, in the language of the assignment."""
    (item,) = report.submissions
    if item.status is SubmissionStatus.BROKEN:
        log(f"{place.student} {report.assignment}", "; ".join(item.notes))
        _say(tongue(_OUR_FAULT.format(name=report.assignment)))
    elif nothing_written(item):
        _say(tongue(f"{report.assignment}: nothing is written yet"))
    else:
        _say(_drawn(report, tongue))


def _grade(
    repository: Repository, assignment: Assignment, blobs: list[Blob], place: Place
) -> tuple[SubmissionReport, str]:
    """Grade by whoever serves the course, or else here; return the report, and what confined the submission."""
    say = tongue_for(assignment)
    _say(say(f"grading {assignment.name} ..."))
    course, name = assignment.course, assignment.name
    told = is_told(assignment, Audience.STUDENT)

    def tell(progress: Progress) -> None:
        if told:
            _say(say(line_of(progress)))

    with tempfile.TemporaryDirectory(prefix="grader-push-") as temporary:
        try:
            repository.write(blobs, Path(temporary))
        except Unreadable as reason:
            return without_score(assignment, place.student, None, SubmissionStatus.UNREADABLE, str(reason)), ""
        found = Found(given=place.student, path=Path(temporary))
        answer = ask(course, name, found, tell=tell, waiting=lambda: _say(say(_OTHERS)))
        if answer is not None:
            return answer.report, answer.sandbox
        reports: list[SubmissionReport] = []
        sandbox = grade_all(
            course,
            name,
            [found],
            mode=SandboxMode.AUTO,
            each=lambda _, report: reports.append(report),
            tell=lambda _, progress: tell(progress),
        )
    return reports[0], sandbox


def _count(assignment: Assignment, item: SubmissionReport, place: Place) -> SubmissionReport:
    if not limits(assignment):
        return item
    try:
        return Ledger(place.attempts).apply(assignment, place.student, item)
    except UsageError as error:
        log(f"{place.student} {assignment.name}", str(error))
        return uncounted(item, "tell your instructor")


def _by_assignment(blobs: list[Blob], course: Course) -> dict[str, list[Blob]]:
    """Return the files of each assignment that a commit holds work for, as they are found in a folder.

    That is one that the path of a file names, or the only one of the course; links of such names are refused later.
    """
    said = {assignment_of(blob.path, course.names) for blob in blobs}
    found: dict[str, list[Blob]] = {}
    for name in course.names:
        if name in said or (len(course.names) == 1 and any(is_source(blob.path) for blob in blobs)):
            found[name] = _within_limits(_candidates(blobs, name, course))
    return found


def _candidates(blobs: list[Blob], name: str, course: Course) -> list[tuple[int, Blob]]:
    ranked = by_likelihood(blobs, lambda blob: blob.path, name, course.names)
    return [
        (place, blob)
        for place, blob in ranked
        if (named(blob.path, (name,)) if blob.link else is_looked_at(blob.path, name))
    ]


def _within_limits(ranked: list[tuple[int, Blob]]) -> list[Blob]:
    """Leave out files whose names say nothing where there are too many of them, or too large ones, and say so."""
    kept: list[Blob] = []
    size = 0
    for place, blob in ranked:
        if place < ANY_NAME or (len(kept) < MAX_FILES and size + blob.size <= MAX_ARCHIVE_BYTES):
            kept.append(blob)
            size += blob.size
    if len(kept) < len(ranked):
        _say(f"{len(ranked) - len(kept)} files are not looked at, since there are too many; hand in one")
    return sorted(kept, key=lambda blob: blob.path)


def _drawn(report: Report, tongue: Tongue) -> str:
    """Return what the student may read, as wide as a terminal leaves beside git's own mark."""
    os.environ["COLUMNS"] = _COLUMNS
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print_view(in_language(view(report, Audience.STUDENT), tongue))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _say(text: str) -> None:
    """Print a text at once, if anybody is still there to read it."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
