"""Grade what is pushed to a bare repository: a post-receive hook that tells the student, and stores the result.

Runs as the user who receives pushes, whom students can't act as: the hook reads the course. What a student can
say here is the content of commits and the names of refs, and neither ever reaches a shell or an option.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from grader.channels.git.repository import Blob, Repository
from grader.course.assignment import Assignment, Course
from grader.course.reading import find_course, load_assignment
from grader.errors import GraderError, Unreadable, UsageError
from grader.formats.json import to_json
from grader.formats.table import print_report
from grader.judge.checker import end_on_termination
from grader.judge.parallel import grade_in_processes
from grader.report.attempts import Ledger, limits, uncounted
from grader.report.report import (
    Audience,
    Report,
    SubmissionReport,
    SubmissionStatus,
    clean,
    nothing_written,
    without_score,
)
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found
from grader.whole import write_whole

__all__ = ["Push", "install", "receive"]

_MARK = "written by `grader hook install`"
_SCRIPT = """\
#!/bin/sh
# This file is {mark}, and written anew by it.
# -i and -I: nothing in the environment of who pushes says what runs here, or how.
exec env -i PATH={path} {command}
"""
_OUR_FAULT = "{name} could not be graded, and that is not your fault: tell your instructor"
_NOTHING = re.compile(r"0+")
_BRANCH = b"refs/heads/"
_SLOTS = max(2, os.cpu_count() or 1)
_COLUMNS = "71"  # git sets "remote: " before each line


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A branch that was pushed, and the commit that it is at now."""

    ref: bytes
    commit: str

    @property
    def name(self) -> str:
        """The branch's name, safe to print."""
        return clean(self.ref.removeprefix(_BRANCH).decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where results of a repository go, and whose they are."""

    state: Path
    student: str

    @property
    def results(self) -> Path:
        return self.state / "results" / self.student


def install(folder: Path, course: Course, *, state: Path | None, student: str | None) -> list[str]:
    """Put the hook into a bare repository and its settings into the repository's configuration; say what was done.

    Raises UsageError where there is no bare repository, or another hook.
    """
    repository = Repository(folder)
    for name in course.names:
        load_assignment(course, name)  # what is wrong with the course is said now, and not to a student
    name = student or repository.folder.name.removesuffix(".git")
    if not re.fullmatch(r"[\w.@+-]{1,100}", name) or name.startswith("."):
        raise UsageError(f"--student {name!r}: write a name of letters, digits and . _ - @ +")
    elsewhere = repository.setting("core.hooksPath")
    if elsewhere:
        raise UsageError(f"git looks for the hooks of {repository.folder} in {elsewhere} (core.hooksPath); unset that")
    path = repository.folder / "hooks" / "post-receive"
    words = [sys.executable, "-I", "-X", "utf8", "-m", "grader", "hook", "run", str(repository.folder)]
    command = " ".join(map(shlex.quote, words))
    if path.is_dir() or (path.exists() and _MARK not in path.read_text("utf-8", "replace")):
        raise UsageError(f"{path} is not of this hook; call `{command}` in it, with the same standard input")
    place = _Place(state=(state or repository.folder / "grader").resolve(), student=name)
    before = os.umask(0o077)
    try:
        place.results.mkdir(parents=True, exist_ok=True)
        owner = place.results / "repository"
        mine = f"{repository.folder}\n".encode("utf-8", "surrogateescape")
        if owner.exists() and owner.read_bytes() != mine:
            raise UsageError(f"{owner} names another repository; say --student NAME, or remove that file")
        write_whole(owner, mine, mode=0o600)
        Ledger(place.state / "attempts.db")
        path.parent.mkdir(exist_ok=True)
        text = _SCRIPT.format(mark=_MARK, path=shlex.quote(_search_path()), command=command)
        # git runs it as the user who receives pushes
        write_whole(path, text.encode("utf-8", "surrogateescape"), mode=0o700)
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    finally:
        os.umask(before)
    for key, value in (("course", str(course.root)), ("state", str(place.state)), ("student", name)):
        repository.set(f"grader.{key}", value)
    said = [f"wrote {path}", f"results of {name} go to {place.results}"]
    if place.state.stat().st_mode & 0o077:
        said.append(f"others may look into {place.state}; `chmod 700` keeps even the names of students from them")
    return said


def _search_path() -> str:
    """Return where git is found without the environment of who pushes."""
    folders = [os.path.dirname(shutil.which("git") or ""), "/usr/local/bin", "/usr/bin", "/bin"]
    return ":".join(dict.fromkeys(folder for folder in folders if folder))


def receive(folder: Path, lines: Iterable[bytes]) -> None:
    """Grade what a push brought, store it, and print what the student may read; git hands over the lines.

    Whatever it writes, to either stream, the student reads: what is wrong on our side goes to `errors.log`.
    """
    end_on_termination()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # who pushes may hang up; the result is stored all the same
    os.umask(0o077)
    try:
        _receive_all(folder, list(_pushes(lines)))
    except Exception:  # noqa: BLE001 - a traceback on standard error would be the student's to read
        _log("push", traceback.format_exc())
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
    place = _Place(state=Path(settings["state"]), student=settings["student"])
    _write_errors_to(place)
    push, others = _chosen(pushes, repository.head())
    for other in others:
        _say(f"{other.name} is not graded: of several branches one is, here {push.name}")
    _receive(repository, push, find_course(Path(settings["course"])), place)


def _receive(repository: Repository, push: Push, course: Course, place: _Place) -> None:
    try:
        found = _by_assignment(repository.sources(push.commit), course)
    except Unreadable as reason:
        _say(f"this push is not graded: {clean(str(reason))}")
        return
    if not found:
        names = ", ".join(f"{name}.py" for name in course.names)
        _say(f"nothing to grade in this push; hand in {names} or the notebook of the same name")
        return
    with _in_turn(place):
        _grade_all(repository, push, found, course, place)


def _grade_all(
    repository: Repository, push: Push, found: Mapping[str, list[Blob]], course: Course, place: _Place
) -> None:
    changed = {name: blobs for name, blobs in found.items() if not _is_known(place, name, blobs)}
    for name in found:
        if changed and name not in changed:
            _say(f"{name}: as it was graded before")
    for name, blobs in (changed or found).items():
        try:
            report = _grade(repository, course, name, blobs, place)
        except GraderError as error:  # the next assignment may be whole
            _log(f"{place.student} {name}", str(error))
            _say(_OUR_FAULT.format(name=name))
            continue
        _store(report, push, blobs, place)  # before anything is said: who pushes may be gone
        if report.submissions[0].status is SubmissionStatus.BROKEN:
            _log(f"{place.student} {name}", "; ".join(report.submissions[0].notes))
            _say(_OUR_FAULT.format(name=name))
        elif nothing_written(report.submissions[0]):
            _say(f"{name}: nothing is written yet")
        else:
            _say(_drawn(report))


def _grade(repository: Repository, course: Course, name: str, blobs: list[Blob], place: _Place) -> Report:
    assignment = load_assignment(course, name)
    reports: list[SubmissionReport] = []
    sandbox = ""
    with tempfile.TemporaryDirectory(prefix="grader-push-") as temporary:
        try:
            repository.write(blobs, Path(temporary))
        except Unreadable as reason:
            reports = [without_score(assignment, place.student, None, SubmissionStatus.UNREADABLE, str(reason))]
        else:
            submission = Found(given=place.student, path=Path(temporary))
            sandbox = grade_in_processes(
                course, name, [submission], mode=SandboxMode.AUTO, jobs=1, each=lambda _, report: reports.append(report)
            )
    counted = _count(assignment, reports[0], place)
    return Report(assignment=name, sandbox=sandbox, feedback=assignment.feedback, submissions=(counted,))


def _count(assignment: Assignment, item: SubmissionReport, place: _Place) -> SubmissionReport:
    if not limits(assignment):
        return item
    try:
        return Ledger(place.state / "attempts.db").apply(assignment, place.student, item)
    except UsageError as error:
        _log(f"{place.student} {assignment.name}", str(error))
        return uncounted(item, "tell your instructor")


def _store(report: Report, push: Push, blobs: list[Blob], place: _Place) -> None:
    """Store the staff's report of a commit, and beside it which commit is the last one graded."""
    (item,) = report.submissions
    folder = place.results / push.commit
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{report.assignment}.json", to_json(report, Audience.STAFF).encode(), mode=0o600)
    last = {
        "commit": push.commit,
        "branch": push.name,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "status": item.status,
        "score": item.score,
        "max_score": item.max_score,
        "withheld": item.withheld,
        "blobs": _ids(blobs),
    }
    write_whole(place.results / f"{report.assignment}.json", (json.dumps(last, indent=1) + "\n").encode(), mode=0o600)


def _is_known(place: _Place, name: str, blobs: list[Blob]) -> bool:
    """Say whether the same files were graded last time, and their student was told all there is to tell."""
    try:
        last = json.loads((place.results / f"{name}.json").read_text("utf-8"))
        return last["blobs"] == _ids(blobs) and last["status"] == "graded" and not last["withheld"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _ids(blobs: list[Blob]) -> list[list[str]]:
    return [[blob.path.encode("utf-8", "backslashreplace").decode(), blob.id] for blob in blobs]


def _by_assignment(blobs: list[Blob], course: Course) -> dict[str, list[Blob]]:
    """Return the candidates of each assignment that a commit has any for, as those of a folder are found.

    Files of exactly its name, or else those whose name begins so; and links of such names, to be refused.
    """
    found: dict[str, list[Blob]] = {}
    for name in course.names:
        close = [blob for blob in blobs if PurePosixPath(blob.path).stem.startswith(name)]
        exact = [blob for blob in close if PurePosixPath(blob.path).stem == name and not blob.link]
        if close:
            found[name] = [blob for blob in close if blob.link or not exact or blob in exact]
    return found


def _pushes(lines: Iterable[bytes]) -> Iterator[Push]:
    """Read `old new ref` lines; tags, notes and deleted branches are nobody's submission."""
    for line in lines:
        _, _, rest = line.rstrip(b"\n").partition(b" ")
        new, _, ref = rest.partition(b" ")
        commit = new.decode("ascii", "replace")
        if ref.startswith(_BRANCH) and not _NOTHING.fullmatch(commit):
            yield Push(ref=ref, commit=commit)


def _chosen(pushes: list[Push], head: bytes) -> tuple[Push, list[Push]]:
    """Return the push to grade and the others: the default branch, or the first by name."""
    ordered = sorted(pushes, key=lambda push: (push.ref != head, push.ref))
    return ordered[0], ordered[1:]


@contextlib.contextmanager
def _in_turn(place: _Place) -> Iterator[None]:
    """Wait for a student's earlier push, and for one of a few slots: a class that pushes at once is graded in turn."""
    folder = place.state / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / place.student).open("w") as own, contextlib.ExitStack() as stack:
        slots = [stack.enter_context((folder / f".slot-{number}").open("w")) for number in range(_SLOTS)]
        if not (_locked(own) and any(map(_locked, slots))):
            _say("other pushes are being graded; yours waits for its turn")
            fcntl.flock(own, fcntl.LOCK_EX)
            while not any(map(_locked, slots)):
                time.sleep(0.5)
        yield


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _drawn(report: Report) -> str:
    """Return what the student may read, as wide as a terminal leaves beside git's own mark."""
    os.environ["COLUMNS"] = _COLUMNS
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print_report(report, Audience.STUDENT)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _say(text: str) -> None:
    """Print a text at once, if anybody is still there to read it."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _write_errors_to(place: _Place) -> None:
    """Send standard error, of this process and those it starts, where the instructor finds it."""
    place.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(place.state / "errors.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, sys.stderr.fileno())
    os.close(descriptor)


def _log(name: str, text: str) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{now} {name}: {text}\n")
    sys.stderr.flush()
