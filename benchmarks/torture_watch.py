"""What `torture.py` looks at: the processes of a run by what they are, and what a run leaves in its folders."""

import contextlib
import csv
import io
import json
import os
import re
import time
from pathlib import Path

from process_tree import descendants, end

__all__ = ["ROLES", "bytes_of", "left_files", "left_processes", "problems", "reaped", "role", "whole_results"]

ROLES = ("server", "checker", "fork server", "kind", "zygote", "worker")
GONE_SECONDS = 30  # for processes that end by themselves
_BELOW_THE_FORK_SERVER = ("fork server", "kind", "zygote", "worker")


def role(wanted, command):
    """Return the processes below a command that have this role."""
    return [process for process, its in _roles(command).items() if its == wanted]


def _roles(command):
    parents = {process: parent for process, parent, state in descendants() if state != "Z"}
    found = {process: "server" for process, parent in parents.items() if parent == command and _is_ours(process)}
    for server in list(found):
        for process in (process for process, parent in parents.items() if parent == server):
            if _session(process) != process:
                found[process] = "checker"
                continue
            level = [process]
            for name in _BELOW_THE_FORK_SERVER:
                found |= dict.fromkeys(level, name)
                level = [process for process, parent in parents.items() if parent in level]
    return found


def _session(process):
    with contextlib.suppress(ProcessLookupError):
        return os.getsid(process)
    return None


def _is_ours(process):
    try:
        return b"grader.judge.server" in Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def left_processes():
    """Wait until no process is below this one; end those that stay, and return how many these were."""
    until = time.monotonic() + GONE_SECONDS
    while running := reaped():
        if time.monotonic() > until:
            for process in running:
                end(process)
            time.sleep(0.5)
            reaped()
            return len(running)
        time.sleep(0.05)
    return 0


def reaped():
    """Reap what has ended and was left to this process; return what runs below it."""
    running = []
    for process, parent, state in descendants():
        if state != "Z":
            running.append(process)
        elif parent == os.getpid():
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, 0)
    return running


def left_files(*folders):
    """Return what lies in the folders for temporary files, and half-written files in the others."""
    temporary, *others = folders
    found = [f"TMPDIR/{path.name}" for path in temporary.iterdir()]
    return found + [f"{other.name}/{path.name}" for other in others for path in other.rglob(".writing-*")]


def bytes_of(out):
    """Return all files of a folder of results, with the times of each JSON left out."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".json":
                data = re.sub(rb'"(total|student)": (null|[\d.e-]+)', b'"time"', data)
            found[path.name] = data
    return found


def whole_results(out):
    """Return the names of the results that are there."""
    return {path.name for path in out.glob("*.json")} if out.is_dir() else set()


def problems(out, before):
    """Return what is wrong in a folder after a disturbance: what was there `before` is lost, or a file is half."""
    lost = before - whole_results(out)
    found = [f"lost: {', '.join(sorted(lost))}"] if lost else []
    for path in out.glob("*.json") if out.is_dir() else ():
        try:
            json.loads(path.read_bytes())
        except ValueError:
            found.append(f"half: {path.name}")
    return found + _half_rows(out / "grades.csv")


def _half_rows(table):
    if not table.is_file():
        return []
    text = table.read_text()
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        rows = [[], [""]]
    whole = text.endswith("\n") and all(len(row) == len(rows[0]) for row in rows)
    return [] if whole else ["half: a row of grades.csv"]
