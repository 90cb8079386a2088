"""What every disturbance of `torture.py` does with a run: it waits, notes what is there, and waits for the end."""

import contextlib
import subprocess

from torture_watch import whole_results

__all__ = ["NotTried", "ended", "note", "wait"]

ENDED_SECONDS = 200


class NotTried(Exception):  # noqa: N818 - it is no error
    """This machine does not let it be tried."""


def note(trial, process):
    """Remember what is there before the disturbance, and whether the run goes on."""
    trial.before = whole_results(trial.out)
    trial.hit = process.poll() is None


def wait(process, seconds):
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def ended(process):
    try:
        process.wait(ENDED_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return f"it did not end in {ENDED_SECONDS} s"
    return ""
