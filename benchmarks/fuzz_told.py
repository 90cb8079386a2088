"""The parsers of `fuzz.py` for what the grader is told by a service, an author, Gradescope, or its file of attempts.

`PARSERS` is as in `fuzz_submitted.py`.
"""

import contextlib
import io
import json
import socket
import sqlite3
import struct
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

from fuzz_changes import changed, changed_json, changed_value
from fuzz_reports import render, report
from fuzz_submitted import ASSIGNMENT, ROOT

from grader.channels.gradescope.run import limited, read_metadata
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, UsageError, WireError
from grader.report.attempts import Ledger
from grader.report.progress import Progress, Verdict
from grader.service import messages

__all__ = ["PARSERS"]

_LIMITED = replace(load_assignment(find_course(ROOT), ASSIGNMENT), attempts=3, feedback_every=3600.0)


def counts():
    """Return files of attempts: as the grader writes them, and with values of other kinds."""
    found = []
    for rows in (
        [],
        [("anna", "x", float("-inf")), ("anna", b"\xff", "soon"), ("anna", "y", b"\xff"), ("anna", 1, 1e300)],
    ):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "attempts.db")
            Ledger(path).apply(_LIMITED, "anna", report(), now=1e9)
            with contextlib.closing(sqlite3.connect(path)) as database, database:
                for student, key, at in rows:
                    database.execute("INSERT INTO told VALUES (?, ?, ?, ?)", (student, ASSIGNMENT, key, at))
            found.append(path.read_bytes())
    return found


def count(folder):
    """Count an attempt."""
    path = folder / "attempts.db"

    def read(data):
        for old in folder.iterdir():
            old.unlink()
        path.write_bytes(data)
        render(Ledger(path).apply(_LIMITED, "anna", replace(report(), score=1.0), now=2e9))

    return read


def metadata():
    """Return what Gradescope says of a submission."""
    told = {"extra_data": {"grader": {"fingerprint": "f", "told": True}}}
    earlier = [{"submission_time": "2026-03-01T10:00:00.000000-08:00", "results": told}, {"results": None}]
    users = [{"email": "anna@school.edu", "name": "Anna"}]
    return [
        json.dumps({"created_at": "2026-03-02T10:00:00Z", "users": users, "previous_submissions": earlier}).encode()
    ]


def metadata_file(folder):
    """Count an attempt by what Gradescope says."""
    path = folder / "submission_metadata.json"

    def read(data):
        path.write_bytes(data)
        found = read_metadata(path)
        assert 0 < len(found.student) < 1000
        render(limited(_LIMITED, report(), found))
        return "refused" if found.problem else "read"

    return read


def requests():
    """Return what is asked of whoever serves."""
    grade = messages.Grade(grader="g", assignment=ASSIGNMENT, given="a.py", path="/a.py", device=1, inode=2)
    return [_sent(message) for message in (grade, messages.Ping())]


def replies():
    """Return what whoever serves says."""
    told = messages.Told(progress=Progress(exercise="model", verdict=Verdict.RIGHT))
    graded = messages.Graded(report=report(), sandbox="s")
    others = (messages.Accepted(), messages.Waiting(), messages.Failed(text="x"), messages.Declined(text="x"))
    return [_sent(message) for message in (told, graded, *others)]


def _sent(message):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        messages.send(ours, message)
        return theirs.recv(2**16)


def changed_message(data, chance):
    """Return a message of another value behind its length, or with its bytes changed."""
    if chance.random() < 0.3:
        return changed(data, chance)
    body = changed_json(data[4:], chance)
    return struct.pack("<I", len(body)) + body


def request(data):
    """Read what is asked."""
    messages.receive_request(_connection(data), seconds=5)


def reply(data):
    """Read what is answered, and write the report."""
    found = messages.receive_reply(_connection(data), seconds=5)
    if isinstance(found, messages.Graded):
        render(found.report)


class _connection:  # noqa: N801 - stands for a socket: 100,000 bytes may not fit into one that nobody reads
    def __init__(self, data):
        self.recv = io.BytesIO(data).read
        self.settimeout = float


def descriptions():
    """Return what authors write."""
    course = find_course(ROOT)
    return [course.toml_of(name).read_bytes() for name in course.names]


def description(folder):
    """Read what authors write."""
    course = folder / "course"
    for part in (f"solutions/{ASSIGNMENT}", "tests/hidden"):
        (course / part).mkdir(parents=True)
    (course / "tests" / "hidden" / f"test_{ASSIGNMENT}.py").write_text("")
    (course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py").write_text("")
    (course / "solutions" / ASSIGNMENT / "assignment.toml").write_text("")
    found = find_course(course)

    def read(data):
        found.toml_of(ASSIGNMENT).write_bytes(data)
        load_assignment(found, ASSIGNMENT)

    return read


def changed_toml(data, chance):
    """Return TOML with another value somewhere, or with its bytes changed."""
    if chance.random() < 0.4:
        return changed(data, chance)
    table = changed_value(tomllib.loads(data.decode()), chance)
    lines = table.items() if isinstance(table, dict) else [("points", table)]
    return "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in lines).encode("utf-8", "surrogatepass")


def _toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


_GONE = (EOFError, WireError)
PARSERS = {
    "attempts": (counts, count, UsageError, changed),
    "metadata": (metadata, metadata_file, (), changed_json),
    "request": (requests, lambda _: request, _GONE, changed_message),
    "reply": (replies, lambda _: reply, _GONE, changed_message),
    "description": (descriptions, description, CourseError, changed_toml),
}
