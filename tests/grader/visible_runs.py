"""Run the tests of a folder as a student does, in a process of its own that need not import torch and pytest anew."""

import functools
import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60


@dataclass(frozen=True)
class Done:
    """What `python -m pytest` printed in a folder, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


@functools.cache
def _processes():
    """Return what starts processes: forks of one that has imported what each of them would."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["torch", "hypothesis", "pytest", "_pytest.junitxml", "_hypothesis_pytestplugin"])
    return found


def _in_folder(folder, arguments, environment, printed):
    for number, path in enumerate(printed, start=1):
        os.dup2(os.open(path, os.O_WRONLY), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = [str(folder), *(item for item in sys.path if "tests" not in Path(item).parts)]
    sys.argv = [sys.executable, *arguments]
    import pytest

    sys.exit(pytest.main(list(arguments)))


def run_tests(folder, *arguments):
    """Run `python -m pytest -q` in a folder; raises AssertionError if it does not end."""
    with tempfile.TemporaryDirectory() as elsewhere:
        printed = [Path(elsewhere) / name for name in ("out", "err")]
        for path in printed:
            path.touch()
        words = ("-q", "-p", "no:cacheprovider", *arguments)
        process = _processes().Process(target=_in_folder, args=(folder, words, dict(os.environ), printed))
        process.start()
        process.join(SECONDS)
        if process.is_alive():
            process.kill()
            raise AssertionError(f"the tests of {folder} did not end in {SECONDS} s")
        return Done(process.exitcode, *(path.read_text("utf-8") for path in printed))
