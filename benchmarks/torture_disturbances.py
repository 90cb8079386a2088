"""The disturbances of `torture.py`: each starts a run of a trial, disturbs it, and waits until it has ended.

A disturbance takes a trial, and returns what is wrong already, or "". Those that can't be made here raise NotTried.
"""

import contextlib
import fcntl
import os
import resource
import shutil
import signal
import subprocess
import termios
import time
from functools import partial

from process_tree import end
from torture_class import change
from torture_watch import ROLES, reaped, role, whole_results

__all__ = ["DISTURBANCES", "NOT_TRIED", "NotTried"]

NOT_TRIED = {"a clock that jumps": "setting the machine's clock would harm whatever else runs on it"}
POLL_SECONDS = 0.01
ENDED_SECONDS = 200
_MOUNT = 'mount -t tmpfs -o "$1" none "$2" || exit 99; shift 2; '
_COPY = 'kept=$1 place=$2; shift 2; "$@"; code=$?; cp -a "$place/." "$kept"; exit $code'


class NotTried(Exception):  # noqa: N818 - it is no error
    """This machine does not let it be tried."""


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
            _note(trial, process)
            with contextlib.suppress(ProcessLookupError):
                os.kill(trial.chance.choice(sorted(found)), signal.SIGKILL)
            break
        time.sleep(POLL_SECONDS)
    return _ended(process)


def all_killed(trial):
    """Kill -9 the command with everything below it, as where a machine is switched off."""
    process = trial.start()
    _wait(process, trial.moment())
    _note(trial, process)
    for found in (process.pid, *(its for its in reaped() if its != process.pid)):
        end(found)
    return _ended(process)


def signalled(number, trial):
    """Send the command a signal at a random moment."""
    process = trial.start()
    _wait(process, trial.moment())
    _note(trial, process)
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
    return _ended(process)


def pipe_closed(trial):
    """Close the other end of standard output, and sometimes of standard error."""
    reading, writing = os.pipe()
    both = trial.chance.random() < 0.5
    process = trial.start(stdout=writing, stderr=writing if both else subprocess.DEVNULL)
    os.close(writing)
    _wait(process, trial.moment())
    trial.hit = process.poll() is None
    os.close(reading)
    return _ended(process)


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
    _note(trial, process)
    os.close(ours)
    return _ended(process)


def disk_full(which, trial):
    """Have little room for the results, the temporary files or the cache."""
    place = {"out": trial.out, "tmp": trial.tmp, "cache": trial.cache}[which]
    size = trial.chance.choice((4, 16, 40, 80, 120, 160, 200))
    return _in_namespace(trial, f"size={size}k", place, copied=which == "out")


def file_limit(trial):
    """Let no file be longer than some bytes, so that writing fails within one."""
    size = trial.chance.choice((0, 100, 1000, 5000, 9000, 20000))
    return _limited(trial, resource.RLIMIT_FSIZE, size)


def read_only(trial):
    """Have a folder for the results that can't be written."""
    wrong = _in_namespace(trial, "ro", trial.out, copied=False)
    return wrong or ("" if trial.code == 2 else f"exit code {trial.code} where nothing can be written")


def no_room_of_its_own(trial):
    """Have neither /dev/shm nor a home that can be written."""
    trial.environment.pop("XDG_CACHE_HOME")
    command = [
        "sh",
        "-c",
        'mount -t tmpfs -o ro none /dev/shm || exit 99; exec "$@"',
        "sh",
        *_mounted("ro", trial.home),
    ]
    wrong = _ended_in_namespace(trial, [*command, *trial.command()])
    trial.environment["XDG_CACHE_HOME"] = str(trial.cache)
    return wrong or ("" if trial.code == 0 else f"exit code {trial.code} without /dev/shm and a home")


def memory_limit(trial):
    """Let the command and all below it have little address space."""
    return _limited(trial, resource.RLIMIT_AS, trial.chance.choice((100, 300, 600, 1000, 1500, 2500, 4000)) * 2**20)


def changed(trial):
    """Delete or change some submissions at random moments."""
    process = trial.start()
    for path in trial.chance.sample(sorted(trial.submissions.iterdir()), 2):
        _wait(process, trial.moment() / 2)
        trial.hit = process.poll() is None
        change(path, trial.chance)
    trial.class_changed = True
    return _ended(process)


def two_runs(trial):
    """Start a second run on the same folder: it is refused, and the first goes on."""
    process = trial.start()
    while process.poll() is None and not role("server", process.pid):
        time.sleep(POLL_SECONDS)
    _wait(process, trial.moment() / 4)
    second = trial.start()
    wrong = _ended(second)
    was_running = trial.hit = process.poll() is None
    wrong = wrong or _ended(process)
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
    "no /dev/shm, no home": no_room_of_its_own,
    "memory limit": memory_limit,
    "changed submissions": changed,
    "two runs": two_runs,
}


def _note(trial, process):
    """Remember what is there before the disturbance, and whether the run goes on."""
    trial.before = whole_results(trial.out)
    trial.hit = process.poll() is None


def _wait(process, seconds):
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _ended(process):
    try:
        process.wait(ENDED_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return f"it did not end in {ENDED_SECONDS} s"
    return ""


def _limited(trial, what, size):
    trial.hit = True
    process = trial.start(preexec_fn=lambda: resource.setrlimit(what, (size, size)))
    return _ended(process)


def _mounted(options, place):
    return ["sh", "-c", _MOUNT + 'exec "$@"', "sh", options, str(place)]


def _in_namespace(trial, options, place, *, copied):
    """Run with a file system of its own at `place`, whose files are copied to where it was."""
    place.mkdir(exist_ok=True)
    kept = trial.folder / "kept"
    kept.mkdir()
    inner = ["sh", "-c", _COPY, "sh", str(kept), str(place)] if copied else []
    wrong = _ended_in_namespace(trial, [*_mounted(options, place), *inner, *trial.command()])
    if copied:
        shutil.rmtree(place)
        kept.rename(place)
    return wrong


def _ended_in_namespace(trial, command):
    if not shutil.which("unshare"):
        raise NotTried("there is no unshare")
    process = trial.start(["unshare", "-rm", *command])
    wrong = _ended(process)
    trial.hit, trial.code = True, process.returncode
    if trial.code == 99:
        raise NotTried("nothing can be mounted here")
    return wrong
