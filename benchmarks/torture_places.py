"""The disturbances of `torture.py` that take a place away from a run: a disk, a folder, or the right to write there."""

import os
import shutil

from torture_runs import NotTried, ended, note, wait

__all__ = ["becomes_unwritable", "disk_full", "no_room_of_its_own", "read_only"]

_MOUNT = 'mount -t tmpfs -o "$1" none "$2" || exit 99; shift 2; '
_TAKE = """
place=$1 moment=$2; shift 2
mount --bind "$place" "$place" || exit 99
(sleep "$moment"; for try in 1 2 3 4 5 6 7 8 9; do mount -o remount,bind,ro "$place" && break; done) &
"$@"; code=$?
kill $! 2>/dev/null
exit $code
"""
_RIGHTS = "-dac_override,-dac_read_search"  # of root, by which modes do not hold for it
_COPY = 'kept=$1 place=$2; shift 2; "$@"; code=$?; cp -a "$place/." "$kept"; exit $code'


def disk_full(which, trial):
    """Have little room for the results, the temporary files or the cache."""
    place = {"out": trial.out, "tmp": trial.tmp, "cache": trial.cache}[which]
    size = trial.chance.choice((4, 16, 40, 80, 120, 160, 200))
    return _in_namespace(trial, f"size={size}k", place, copied=which == "out")


def read_only(trial):
    """Have a folder for the results that can't be written."""
    wrong = _in_namespace(trial, "ro", trial.out, copied=False)
    return wrong or ("" if trial.code == 2 else f"exit code {trial.code} where nothing can be written")


def becomes_unwritable(trial):
    """Take the folder for the results away from a run that goes on, by its mode or its mount; it may come back."""
    return trial.chance.choice((_mode_taken, _mount_taken))(trial)


def _mode_taken(trial):
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        raise NotTried("modes do not hold for root, and there is no setpriv")
    heeding_modes = ["setpriv", f"--bounding-set={_RIGHTS}"] if os.geteuid() == 0 else []
    process = trial.start([*heeding_modes, *trial.command()])
    wait(process, trial.moment())
    trial.out.mkdir(exist_ok=True)
    note(trial, process)
    trial.out.chmod(0o555)
    if trial.chance.random() < 0.5:
        wait(process, trial.chance.uniform(0, 2))
        trial.out.chmod(0o755)
    wrong = ended(process)
    trial.out.chmod(0o755)
    return wrong or _said_so(process)


def _mount_taken(trial):
    if not shutil.which("unshare"):
        raise NotTried("there is no unshare")
    trial.out.mkdir()
    moment = trial.moment()
    process = trial.start(["unshare", "-rm", "sh", "-c", _TAKE, "sh", str(trial.out), f"{moment}", *trial.command()])
    wait(process, moment)
    note(trial, process)
    wrong = ended(process)
    if process.returncode == 99:
        raise NotTried("nothing can be mounted here")
    return wrong or _said_so(process)


def _said_so(process):
    return "" if process.returncode in (0, 2) else f"exit code {process.returncode} where the results can't be written"


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
    wrong = ended(process)
    trial.hit, trial.code = True, process.returncode
    if trial.code == 99:
        raise NotTried("nothing can be mounted here")
    return wrong
