"""Processes as the kernel shows them: who is whose child, and when they are gone."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

SECONDS = 20.0  # how long something may take that takes less than one


def parents():
    """Return the parent of each process that runs; zombies are gone already."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if fields[0] != "Z":
                found[int(folder.name)] = int(fields[1])
    return found


def descendants(process):
    """Return a process's children, their children, and so on."""
    known, found = parents(), set()
    pending = [process]
    while pending:
        current = pending.pop()
        children = {child for child, parent in known.items() if parent == current} - found
        found |= children
        pending += children
    return found


def until(condition):
    """Wait until a condition holds, and say whether it ever did."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def gone(processes):
    return until(lambda: not processes & parents().keys())


def kill_while_it_grades(owner, times):
    """Start a helper that kills the checkers of a process while they grade, some times; return it."""
    code = """
        import os, signal, sys, time
        from pathlib import Path
        owner, times = int(sys.argv[1]), int(sys.argv[2])
        killed = set()
        def children(process):
            found = [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
            # One that was killed before stays as a zombie until its server looks, and can be killed again.
            return [one for one in found if Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[0] != "Z"]
        def is_server(process):
            command = Path(f"/proc/{process}/cmdline")
            return command.is_file() and b"grader.judge.server" in command.read_bytes()
        def checkers():
            # A server's children are checkers, and the fork server, which leads a session of its own.
            for server in filter(is_server, children(owner)):
                yield from (one for one in children(server) if os.getsid(one) != one)
        def grades():
            # The worker of a submission is a child of a zygote, and that one of a fork server.
            forks = [one for server in filter(is_server, children(owner)) for one in children(server)]
            return any(children(zygote) for one in forks for zygote in children(one))
        while len(killed) < times:
            try:
                for checker in checkers():
                    if checker not in killed and grades():
                        os.kill(checker, signal.SIGKILL)
                        killed.add(checker)
            except OSError:  # a process ended while it was looked at
                pass
            time.sleep(0.01)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(owner), str(times)]
    return subprocess.Popen(command)
