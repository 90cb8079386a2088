"""The disturbances of `torture.py`: each starts a run of a trial, disturbs it, and waits until it has ended.

A disturbance takes a trial, and returns what is wrong already, or "". Those that can't be made here raise NotTried.
"""

import contextlib
import fcntl
import os
import resource
import signal
import subprocess
import sys
import termios
import time
from functools import partial

from process_tree import end
from torture_class import change
from torture_clock import JumpingClock
from torture_places import becomes_unwritable, disk_full, no_room_of_its_own, read_only
from torture_runs import ended, note, wait
from torture_watch import ROLES, reaped, role

__all__ = ["DISTURBANCES"]

POLL_SECONDS = 0.01


def killed(name, trial):
    """Kill -9 one process of this role, at a random moment from when there is one."""
    process = trial.start()
    until = time.monotonic() + trial.moment()
    while process.poll() is None:
        found = set(role(name, process.pid)) if time.monotonic() >= until else set()
        if found:
            time.sleep(trial.chance.uniform(0, 0.2))  # not only what has just begun
            found &= set(role(name, process.pid))
        if found:
            note(trial, process)
            with contextlib.suppress(ProcessLookupError):
                os.kill(trial.chance.choice(sorted(found)), signal.SIGKILL)
            break
        time.sleep(POLL_SECONDS)
    return ended(process)


def all_killed(trial):
    """Kill -9 the command with everything below it, as where a machine is switched off."""
    process = trial.start()
    wait(process, trial.moment())
    note(trial, process)
    for found in (process.pid, *(its for its in reaped() if its != process.pid)):
        end(found)
    return ended(process)


def signalled(number, trial):
    """Send the command a signal at a random moment."""
    process = trial.start()
    wait(process, trial.moment())
    note(trial, process)
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
    return ended(process)


def pipe_closed(trial):
    """Close the other end of standard output, and sometimes of standard error."""
    reading, writing = os.pipe()
    both = trial.chance.random() < 0.5
    process = trial.start(stdout=writing, stderr=writing if both else subprocess.DEVNULL)
    os.close(writing)
    wait(process, trial.moment())
    trial.hit = process.poll() is None
    os.close(reading)
    return ended(process)


def terminal_closed(trial):
    """Close the terminal that the command runs in."""
    ours, theirs = os.openpty()

    def lead():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = trial.start(stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=lead)
    os.close(theirs)
    os.set_blocking(ours, False)
    until = time.monotonic() + trial.moment()
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError):
            os.read(ours, 4096)
        time.sleep(POLL_SECONDS)
    note(trial, process)
    os.close(ours)
    return ended(process)


def file_limit(trial):
    """Let no file be longer than some bytes, so that writing fails within one."""
    size = trial.chance.choice((0, 100, 1000, 5000, 9000, 20000))
    return _limited(trial, resource.RLIMIT_FSIZE, size)


def clock_jumps(trial):
    """Let the time of day jump, and in some trials the steady clock as well, as on a machine that slept."""
    clock = JumpingClock(trial.folder / "python")
    trial.python = clock.python
    process = trial.start()
    wait(process, trial.moment())
    note(trial, process)
    wall = trial.chance.choice((-(10**9), -86400, -3600, 3600, 86400, 10**9))
    clock.jump(wall, trial.chance.choice((0, 0, 5, 60, 3600, 10**6)))
    wrong = ended(process)
    trial.python = sys.executable
    return wrong or ("" if process.returncode == 0 else f"exit code {process.returncode} where the clock jumps")


def memory_limit(trial):
    """Let the command and all below it have little address space."""
    return _limited(trial, resource.RLIMIT_AS, trial.chance.choice((100, 300, 600, 1000, 1500, 2500, 4000)) * 2**20)


def changed(trial):
    """Delete or change some submissions at random moments."""
    process = trial.start()
    for path in trial.chance.sample(sorted(trial.submissions.iterdir()), 2):
        wait(process, trial.moment() / 2)
        trial.hit = process.poll() is None
        change(path, trial.chance)
    trial.class_changed = True
    return ended(process)


def two_runs(trial):
    """Start a second run on the same folder: it is refused, and the first goes on."""
    process = trial.start()
    while process.poll() is None and not role("server", process.pid):
        time.sleep(POLL_SECONDS)
    wait(process, trial.moment() / 4)
    second = trial.start()
    wrong = ended(second)
    was_running = trial.hit = process.poll() is None
    wrong = wrong or ended(process)
    if was_running and second.returncode != 2:
        return f"the second run was not refused, but ended with {second.returncode}"
    return wrong or ("" if process.returncode == 0 else f"the first run ended with {process.returncode}")


DISTURBANCES = {
    **{f"kill -9: {name}": partial(killed, name) for name in ROLES},
    "kill -9: command": partial(signalled, signal.SIGKILL),
    "kill -9: everything": all_killed,
    "SIGINT": partial(signalled, signal.SIGINT),
    "SIGTERM": partial(signalled, signal.SIGTERM),
    "closed pipe": pipe_closed,
    "closed terminal": terminal_closed,
    "full disk: results": partial(disk_full, "out"),
    "full disk: temporary": partial(disk_full, "tmp"),
    "full disk: cache": partial(disk_full, "cache"),
    "file size limit": file_limit,
    "unwritable results": read_only,
    "results become unwritable": becomes_unwritable,
    "a clock that jumps": clock_jumps,
    "no /dev/shm, no home": no_room_of_its_own,
    "memory limit": memory_limit,
    "changed submissions": changed,
    "two runs": two_runs,
}


def _limited(trial, what, size):
    trial.hit = True
    process = trial.start(preexec_fn=lambda: resource.setrlimit(what, (size, size)))
    return ended(process)
