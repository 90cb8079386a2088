"""The same files give the same reports: in any order, with one process or two, and beside other work.

PYTHONPATH=.:tests python -m proof.stability [--gradings N] [--out FILE] [assignment ...]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from grader.authoring.transplants import transplanted
from grader.course.assignment import Course
from grader.course.catalogue import read_alternatives, read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.formats.json import to_json
from grader.judge.parallel import grade_all
from grader.report.report import Audience, Report, SubmissionReport
from grader.report.view import view
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover
from grader.submissions.found import Found

__all__ = ["differences", "graded", "run"]

_ROOT = Path(__file__).parents[2]
_GRADINGS = 5  # as they are, and then with one process and two, beside other work and without
_MISCONCEPTIONS = 12  # beside the examples, spread over the catalogue
_HOGS = 2
_HOG = "while True: pass"


def graded(course: Course, name: str, found: Sequence[Found], *, jobs: int = 1) -> dict[str, str]:
    """Grade in this order; return what the student and the staff get of each submission, without its seconds."""
    reports: dict[str, SubmissionReport] = {}

    def each(item: Found, report: SubmissionReport) -> None:
        reports[item.given] = report

    sandbox = grade_all(course, name, found, mode=SandboxMode.AUTO, jobs=jobs, each=each)
    level = load_assignment(course, name).feedback
    return {
        given: "".join(
            _without_seconds(
                to_json(view(Report(assignment=name, sandbox=sandbox, feedback=level, submissions=(report,)), audience))
            )
            for audience in Audience
        )
        for given, report in reports.items()
    }


def _without_seconds(text: str) -> str:
    document = json.loads(text)
    for item in document["submissions"]:
        del item["seconds"]
    return json.dumps(document)


def differences(
    course: Course, name: str, found: Sequence[Found], gradings: Iterable[tuple[int, int, bool]]
) -> list[dict[str, object]]:
    """Grade once as they are, and then by (order, jobs, load); return for each of these what was not the same."""
    first = graded(course, name, found)
    results = []
    for order, jobs, load in gradings:
        shuffled = list(found)
        random.Random(order).shuffle(shuffled)
        with _load() if load else contextlib.nullcontext():
            again = graded(course, name, shuffled, jobs=jobs)
        other = sorted(item for item in first if again.get(item) != first[item])
        results.append({"order": order, "jobs": jobs, "load": load, "other": other})
    return results


@contextlib.contextmanager
def _load() -> Iterator[None]:
    """Keep as many processes busy beside it as there are cores to grade on."""
    hogs = [subprocess.Popen([sys.executable, "-S", "-c", _HOG]) for _ in range(_HOGS)]
    try:
        yield
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(
    course: Course,
    *,
    names: Iterable[str] = (),
    gradings: int = _GRADINGS,
    progress: Callable[[str], None] = _say,
) -> dict[str, object]:
    """Return by assignment how many submissions were graded how often, and which reports were not the same bytes."""
    results: dict[str, object] = {}
    for name in names or course.names:
        with tempfile.TemporaryDirectory() as folder:
            _write_misconceptions(course, name, Path(folder))
            found = discover([str(course.root / "examples" / "class" / name), folder])
            progress(f"{name}: {len(found)} submissions, {gradings} gradings")
            plan = [(order, 1 + order % 2, order % 4 > 1) for order in range(1, gradings)]
            results[name] = {
                "submissions": len(found),
                "gradings": gradings,
                "with_two_jobs": sum(jobs == 2 for _, jobs, _ in plan),
                "under_load": sum(load for _, _, load in plan),
                "not_the_same": [item for item in differences(course, name, found, plan) if item["other"]],
            }
    return results


def _write_misconceptions(course: Course, name: str, folder: Path) -> None:
    """Write some variants, each in another right submission."""
    assignment = load_assignment(course, name)
    catalogue = read_catalogue(assignment)
    hosts = list(read_alternatives(assignment).values())
    chosen = catalogue[:: max(1, len(catalogue) // _MISCONCEPTIONS)]
    for place, item in enumerate(chosen):
        host = hosts[place % len(hosts)]
        text = transplanted(host, item.exercise, item.source, reference_source(assignment))
        (folder / f"{name}_{item.id}.py").write_text(text, "utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="proof.stability")
    parser.add_argument("names", nargs="*", metavar="assignment")
    parser.add_argument("--gradings", type=int, default=_GRADINGS)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    found = run(find_course(_ROOT), names=options.names, gradings=options.gradings)
    text = json.dumps(found, indent=1)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
