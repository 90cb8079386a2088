"""Prove assignments again at each save, in a process of its own each time: what was imported is never stale."""

from __future__ import annotations

import queue
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.course.assignment import Course
from grader.kit.saves import Saves

__all__ = ["watch"]

_TICK = 0.2  # seconds between two looks at a process that proves


def watch(course: Course, names: Sequence[str], arguments: Sequence[str], say: Callable[[str], None]) -> None:
    """Run `grader verify` with these arguments now and at each save, until Ctrl+C; a save ends a run that goes on."""
    saved: queue.Queue[list[Path]] = queue.Queue()
    saves = Saves(_files(course, names), saved.put)
    command = [sys.executable, "-P", "-m", "grader", "verify", *arguments, "--course", str(course.root)]
    try:
        while True:
            process = subprocess.Popen(command)
            try:
                files = _next_save(saved, process, say)
            finally:
                process.terminate()
                process.wait()
            say(f"\nsaved: {', '.join(sorted({file.name for file in files}))}")
    finally:
        saves.close()


def _next_save(
    saved: queue.Queue[list[Path]], process: subprocess.Popen[bytes], say: Callable[[str], None]
) -> list[Path]:
    told = False
    while True:
        try:
            return saved.get(timeout=_TICK)
        except queue.Empty:
            if not told and process.poll() is not None:
                say("waiting for the next save; Ctrl+C ends")
                told = True


def _files(course: Course, names: Sequence[str]) -> list[Path]:
    """Return what an assignment is made of, files that need not be there yet among them, and its release."""
    files: list[Path] = []
    for name in names:
        folder = course.toml_of(name).parent
        beside = ("teaching", "misconceptions", "alternatives", "pictures", name, f"test_{name}")
        files += [course.toml_of(name), folder / "equivalent.toml", *(folder / f"{stem}.py" for stem in beside)]
        files.append(course.hidden_tests / f"test_{name}.py")
        released = course.released(name)
        files += [path for path in (released / f"{name}.py", released / "exercises.py") if released.is_dir()]
    shared = [path for path in course.hidden_tests.glob("*.py") if not path.name.startswith("test_")]
    return sorted({*files, *shared})
