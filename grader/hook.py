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
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.attempts import Ledger
from grader.checker import end_on_termination
from grader.course import Course, find_course, load_assignment
from grader.errors import GraderError, Unreadable, UsageError
from grader.git import Blob, Repository
from grader.parallel import grade_in_processes
from grader.report import Report, SubmissionReport, clean, to_json, without_score
from grader.submissions import Found
from grader.table import print_report
from grader.whole import write_whole

__all__ = ["Push", "install", "receive"]

_MARK = "written by `grader hook install`"
_SCRIPT = """\
#!/bin/sh
# This file is {mark}, and written anew by it.
exec {python} -P -X utf8 -m grader hook run {repository}
"""
_OUR_FAULT = "{name} could not be graded, and that is not your fault: tell your instructor"
_NOTHING = re.compile(r"0+")
_BRANCH = b"refs/heads/"
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
    path = repository.folder / "hooks" / "post-receive"
    if path.exists() and _MARK not in path.read_text("utf-8", "replace"):
        command = f"{sys.executable} -P -m grader hook run {repository.folder}"
        raise UsageError(f"{path} is another hook; call `{command}` in it, with the same standard input")
    place = (state or repository.folder / "grader").resolve()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        Ledger(place / "attempts.db")
        path.parent.mkdir(exist_ok=True)
        text = _SCRIPT.format(mark=_MARK, python=_quoted(sys.executable), repository=_quoted(str(repository.folder)))
        write_whole(path, text.encode())
        os.chmod(path, 0o700)  # git runs it as the user who receives pushes
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    for key, value in (("course", str(course.root)), ("state", str(place)), ("student", name)):
        repository.set(f"grader.{key}", value)
    return [f"wrote {path}", f"results of {name} go to {place / 'results' / name}"]


def receive(folder: Path, lines: Iterable[bytes]) -> None:
    """Grade what a push brought, store it, and print what the student may read; git hands over the lines.

    Whatever it writes, to either stream, the student reads: what is wrong on our side goes to `errors.log`.
    """
    end_on_termination()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # who pushes may hang up; the result is stored all the same
    repository = Repository(folder)
    push, others = _chosen(list(_pushes(lines)), repository.head())
    if push is None:
        return
    for other in others:
        _say(f"{other.name} is not graded: of several branches one is, here {push.name}")
    settings = {key: repository.setting(f"grader.{key}") for key in ("course", "state", "student")}
    if not all(settings.values()):
        _say("the settings of this repository's hook are gone: tell your instructor to install it again")
        return
    place = _Place(state=Path(settings["state"]), student=settings["student"])
    _write_errors_to(place)
    try:
        _receive(repository, push, find_course(Path(settings["course"])), place)
    except Exception:  # noqa: BLE001 - a traceback on standard error would be the student's to read
        _log(place, "push", traceback.format_exc())
        _say(_OUR_FAULT.format(name="this push"))


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
    with _one_at_a_time(place.state):
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
            _log(place, name, str(error))
            _say(_OUR_FAULT.format(name=name))
            continue
        _store(report, push, blobs, place)  # before anything is said: who pushes may be gone
        if report.submissions[0].status == "broken":
            _log(place, name, "; ".join(report.submissions[0].notes))
            _say(_OUR_FAULT.format(name=name))
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
            reports = [without_score(assignment, place.student, None, "unreadable", str(reason))]
        else:
            submission = Found(given=place.student, path=Path(temporary))
            sandbox = grade_in_processes(
                course, name, [submission], mode="auto", jobs=1, each=lambda _, report: reports.append(report)
            )
    counted = Ledger(place.state / "attempts.db").apply(assignment, place.student, reports[0])
    return Report(assignment=name, sandbox=sandbox, feedback=assignment.feedback, submissions=(counted,))


def _store(report: Report, push: Push, blobs: list[Blob], place: _Place) -> None:
    """Store the staff's report of a commit, and beside it which commit is the last one graded."""
    (item,) = report.submissions
    folder = place.results / push.commit
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{report.assignment}.json", to_json(report, "staff").encode())
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
    write_whole(place.results / f"{report.assignment}.json", (json.dumps(last, indent=1) + "\n").encode())


def _is_known(place: _Place, name: str, blobs: list[Blob]) -> bool:
    """Say whether the same files were graded last time, and their student was told all there is to tell."""
    try:
        last = json.loads((place.results / f"{name}.json").read_text("utf-8"))
        return last["blobs"] == _ids(blobs) and last["status"] != "broken" and not last["withheld"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _ids(blobs: list[Blob]) -> list[list[str]]:
    return [[blob.path.encode("utf-8", "backslashreplace").decode(), blob.id] for blob in blobs]


def _by_assignment(blobs: list[Blob], course: Course) -> dict[str, list[Blob]]:
    """Return the candidates of each assignment that a commit has any for."""
    found = {name: [blob for blob in blobs if blob.path.rpartition("/")[2].startswith(name)] for name in course.names}
    return {name: own for name, own in found.items() if own}


def _pushes(lines: Iterable[bytes]) -> Iterator[Push]:
    """Read `old new ref` lines; tags, notes and deleted branches are nobody's submission."""
    for line in lines:
        _, _, rest = line.rstrip(b"\n").partition(b" ")
        new, _, ref = rest.partition(b" ")
        commit = new.decode("ascii", "replace")
        if ref.startswith(_BRANCH) and not _NOTHING.fullmatch(commit):
            yield Push(ref=ref, commit=commit)


def _chosen(pushes: list[Push], head: str) -> tuple[Push | None, list[Push]]:
    """Return the push to grade and the others: the default branch, or the first by name."""
    if not pushes:
        return None, []
    ordered = sorted(pushes, key=lambda push: (push.ref != head.encode("utf-8", "surrogateescape"), push.ref))
    return ordered[0], ordered[1:]


@contextlib.contextmanager
def _one_at_a_time(state: Path) -> Iterator[None]:
    """Hold the lock of everything that shares this state, so that a class which pushes at once is graded in turn."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (state / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another push is being graded; yours is next")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _drawn(report: Report) -> str:
    """Return what the student may read, as wide as a terminal leaves beside git's own mark."""
    os.environ["COLUMNS"] = _COLUMNS
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print_report(report, "student")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _say(text: str) -> None:
    """Print a text at once, if anybody is still there to read it."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _write_errors_to(place: _Place) -> None:
    """Send standard error, of this process and those it starts, where the instructor finds it."""
    place.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(place.state / "errors.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, sys.stderr.fileno())
    os.close(descriptor)


def _log(place: _Place, name: str, text: str) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{now} {place.student} {name}: {text}\n")
    sys.stderr.flush()


def _quoted(text: str) -> str:
    """Return a text as one word of a shell script."""
    return "'" + text.replace("'", "'\\''") + "'"
