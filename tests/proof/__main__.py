"""Make the long evidence, part by part, and write docs/validity.md from what was found.

    PYTHONPATH=.:tests python -m proof [--part PART ...] [--sample K] [--jobs N] [--page]

Each part leaves its results in build/proof/, so that what was interrupted need not begin anew; the page is
written once all parts are there, or with --page from whatever is, and says of each when it ran and over what.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from grader.course.assignment import Course
from grader.course.reading import find_course
from proof import catalogue, kills, mutants, noise, stability
from proof.page import page

_ROOT = Path(__file__).parents[2]
_RESULTS = _ROOT / "build" / "proof"
_PAGE = _ROOT / "docs" / "validity.md"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parts(sample: int, jobs: int) -> dict[str, Callable[[Course, str], dict[str, Any]]]:
    """Return what makes each part for one assignment."""
    return {
        "mutants": lambda course, name: mutants.run(course, _say, names=[name]),
        "kills": lambda course, name: kills.run(course, _say, names=[name]),
        "catalogue": lambda course, name: catalogue.run(course, names=[name], sample=sample, jobs=jobs),
        "noise": lambda course, name: noise.run(course, names=[name], jobs=jobs),
        "stability": lambda course, name: stability.run(course, names=[name]),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="proof")
    parser.add_argument("names", nargs="*", metavar="assignment")
    parser.add_argument("--part", action="append", choices=list(_parts(1, 1)))
    parser.add_argument("--sample", type=int, default=1, metavar="K", help="of the catalogue every K-th variant only")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--page", action="store_true", help="only write the page from what is there")
    options = parser.parse_args()
    course = find_course(_ROOT)
    _RESULTS.mkdir(parents=True, exist_ok=True)
    parts = _parts(options.sample, options.jobs)
    for part in [] if options.page else options.part or parts:
        for name in options.names or course.names:
            found = parts[part](course, name)[name]
            found |= {"date": dt.datetime.now(tz=dt.UTC).date().isoformat(), "torch": torch.__version__}
            (_RESULTS / f"{part}_{name}.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    results = {
        part: {
            name: json.loads(path.read_text("utf-8"))
            for name in course.names
            if (path := _RESULTS / f"{part}_{name}.json").is_file()
        }
        for part in parts
    }
    missing = [f"{part} of {name}" for part in parts for name in course.names if name not in results[part]]
    if missing and not options.page:  # a page of some parts would lose the figures of the others
        _say(
            f"{_PAGE.relative_to(_ROOT)} is left as it is, without {', '.join(missing)}; --page writes it all the same"
        )
        return
    _PAGE.write_text(page(results), "utf-8")
    _say(f"wrote {_PAGE.relative_to(_ROOT)}")


if __name__ == "__main__":
    main()
