"""Make the long evidence, part by part, and write docs/validity.md from what was found.

    PYTHONPATH=.:tests python -m proof [--part PART ...] [--sample K] [--jobs N] [--page]

What each check kills alone is kept with the course, too, in tests/kills/: `grader report` tells it beside a class.
With several jobs each part of each assignment is a process of its own. Each leaves its results in build/proof/, so
that what was interrupted need not begin anew; the page is written once all parts are there, or with --page from
whatever is, and says of each when it ran and over what, and whether all of it was one run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from grader.course.assignment import Course
from grader.course.reading import find_course
from proof import catalogue, coverage, faults, kills, mutants, noise, stability
from proof.page import page

_ROOT = Path(__file__).parents[2]
_RESULTS = _ROOT / "build" / "proof"
_LONGEST_FIRST = ("catalogue", "stability", "kills", "mutants", "faults", "coverage", "noise")
_MUST_BE_EMPTY = {
    "mutants": ("survivors", "listed_but_wrong", "right_but_named"),
    "faults": ("two_in_one_hidden",),  # the rest is for the suites, and told on the page
    "coverage": ("unproved", "wrong_on_reference"),
    "stability": ("not_the_same",),
    "catalogue": ("lost_points", "false_names"),  # of its right ones; not every variant is named in every style
}
_LARGE = ("neuron", "optimizers")
_PAGE = _ROOT / "docs" / "validity.md"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parts(sample: int) -> dict[str, Callable[[Course, str], dict[str, Any]]]:
    """Return what makes each part for one assignment."""
    return {
        "mutants": lambda course, name: mutants.run(course, _say, names=[name]),
        "kills": lambda course, name: kills.run(course, _say, names=[name]),
        "catalogue": lambda course, name: catalogue.run(course, names=[name], sample=sample),
        "faults": lambda course, name: faults.run(course, _say, names=[name]),
        "coverage": lambda course, name: coverage.run(course, _say, names=[name]),
        "noise": lambda course, name: noise.run(course, names=[name]),
        "stability": lambda course, name: stability.run(course, names=[name]),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="proof")
    parser.add_argument("names", nargs="*", metavar="assignment")
    parser.add_argument("--part", action="append", choices=list(_parts(1)))
    parser.add_argument("--sample", type=int, default=1, metavar="K", help="of the catalogue every K-th variant only")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--page", action="store_true", help="only write the page from what is there")
    parser.add_argument("--no-page", action="store_true", help="only leave the results of the parts")
    options = parser.parse_args()
    course = find_course(_ROOT)
    _RESULTS.mkdir(parents=True, exist_ok=True)
    parts = _parts(options.sample)
    tasks = [(part, name) for part in options.part or parts for name in options.names or course.names]
    failed: list[str] = []
    if options.page:
        tasks = []
    elif options.jobs > 1:
        start = time.monotonic()
        failed = _side_by_side(tasks, options.jobs, options.sample)
        if not failed and len(tasks) == len(parts) * len(course.names):
            minutes = round((time.monotonic() - start) / 60)
            whole = {"date": _today(), "minutes": minutes, "jobs": options.jobs, "sample": options.sample}
            (_RESULTS / "whole.json").write_text(json.dumps(whole) + "\n", "utf-8")
    else:
        for part, name in tasks:
            start = time.monotonic()
            found = parts[part](course, name)[name]
            minutes = round((time.monotonic() - start) / 60, 1)
            found |= {"date": _today(), "torch": torch.__version__, "minutes": minutes}
            (_RESULTS / f"{part}_{name}.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
            if part == "kills":
                course.kills_of(name).parent.mkdir(exist_ok=True)
                course.kills_of(name).write_text(kills.kept(course, name, found), "utf-8")
    if not options.no_page:
        _write_page(list(parts), course, whatever=options.page)
        failed += _refuted(course)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _refuted(course: Course) -> list[str]:
    """Return what the parts have found that must not be, whichever way it is told on the page."""
    found: list[str] = []
    for name in course.names:
        for part, keys in _MUST_BE_EMPTY.items():
            path = _RESULTS / f"{part}_{name}.json"
            result = json.loads(path.read_text("utf-8")) if path.is_file() else {}
            looked_at = result.get("alternatives", {}) if part == "catalogue" else result
            found += [f"{part} of {name}: {key}" for key in keys if looked_at.get(key)]
    return found


def _side_by_side(tasks: list[tuple[str, str]], jobs: int, sample: int) -> list[str]:
    """Run each part of each assignment as a process of its own, the longest first; return which have failed."""
    pending = sorted(tasks, key=lambda task: (_LONGEST_FIRST.index(task[0]), task[1] not in _LARGE))
    running: dict[subprocess.Popen[bytes], str] = {}
    failed: list[str] = []
    try:
        while pending or running:
            while pending and len(running) < jobs:
                part, name = pending.pop(0)
                command = [sys.executable, "-m", "proof", name, "--part", part, "--sample", str(sample), "--no-page"]
                running[subprocess.Popen(command)] = f"{part} of {name}"
                _say(f"{part} of {name}: begun")
            time.sleep(0.5)
            for process in [item for item in running if item.poll() is not None]:
                what = running.pop(process)
                _say(f"{what}: {'done' if process.returncode == 0 else f'ended with {process.returncode}'}")
                if process.returncode:
                    failed.append(what)
    finally:
        for process in running:
            process.terminate()
    return failed


def _today() -> str:
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def _write_page(parts: list[str], course: Course, *, whatever: bool) -> None:
    results = {
        part: {
            name: json.loads(path.read_text("utf-8"))
            for name in course.names
            if (path := _RESULTS / f"{part}_{name}.json").is_file()
        }
        for part in parts
    }
    missing = [f"{part} of {name}" for part in parts for name in course.names if name not in results[part]]
    if missing and not whatever:  # a page of some parts would lose the figures of the others
        _say(
            f"{_PAGE.relative_to(_ROOT)} is left as it is, without {', '.join(missing)}; --page writes it all the same"
        )
        return
    path = _RESULTS / "whole.json"
    whole = json.loads(path.read_text("utf-8")) if path.is_file() else None
    _PAGE.write_text(page(results, whole), "utf-8")
    _say(f"wrote {_PAGE.relative_to(_ROOT)}")


if __name__ == "__main__":
    main()
