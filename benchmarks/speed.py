"""Measure what grading takes, in CPU of the whole process tree as a multiple of T, `python -c "import torch"`.

Machines swing by a factor of three, and so does T: compare multiples, and those of one run. `cold` is a process of
its own for one file, after one that has kept what is kept between runs; `warm` is a submission to a checker that has
graded one already. Nothing is asserted. `make bench` prints the tables that docs/benchmarks.md holds.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from process_tree import adopt_orphans, measured, running_seconds

from grader.course.catalogue import read_catalogue
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import Variant, notebook
from grader.handout.release import stub
from grader.judge.checker import WarmChecker
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found

ROOT = Path(__file__).parents[1]
GRADER = Path(sys.executable).with_name("grader")
WRONG = {
    "gradient_descent": "M017",
    "autograd": "M093",
    "optimizers": "M079",
    "neuron": "M140",
    "quadratic": "M057",
    "network": "N078",
}


LATE = {
    "gradient_descent": ("params = params - learning_rate * gradient", "epoch <= 1000"),
    "autograd": ("params -= learning_rate * params.grad", "epoch <= 1000"),
    "optimizers": ("loss = optimizer_step(optimizer, params, t_u, t_c)", "epoch <= 1000"),
    "quadratic": ("params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)", "epoch <= 1000"),
    "neuron": ("W = W - learning_rate * W_grad", "_ < 15_000"),
    "network": (
        "parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients, strict=True))",
        "_ < 4000",
    ),
}
"""The line of a loop that makes a step, and until when a wrong one makes it: right for so many epochs."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", help="all of the course, by default")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    options = parser.parse_args()
    adopt_orphans()
    course = find_course(ROOT)
    os.environ["OMP_NUM_THREADS"] = "1"
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        unit = measure_unit(options.repeats)
        rows["commands"] = commands(options.repeats)
        for name in options.assignments or course.names:
            rows[name] = assignment_rows(course, name, Path(folder) / name, options.repeats)
            unit = [*unit, *measure_unit(1)]
    figures = {"unit": statistics.median(unit), "rows": rows, "about": about()}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(drawn(figures))


def measure_unit(repeats):
    return [measured([sys.executable, "-c", "import torch"], ROOT, os.environ).cpu for _ in range(repeats)]


def commands(repeats):
    """Run what needs no torch; a second check of a release finds that nothing has changed since the first."""
    check = [GRADER, "release", "--check", "--course", ROOT]
    found = {"grader --help": middle([measured([GRADER, "--help"], ROOT, os.environ) for _ in range(repeats)])}
    with tempfile.TemporaryDirectory() as cache:
        kept = {**os.environ, "XDG_CACHE_HOME": cache}
        found["grader release --check"] = middle([measured(check, ROOT, kept)])
        found["grader release --check, again"] = middle([measured(check, ROOT, kept) for _ in range(repeats)])
    return found


def middle(used):
    return {"cpu": statistics.median(one.cpu for one in used), "wall": statistics.median(one.wall for one in used)}


def submissions(assignment, folder):
    """Write the files that are graded; return their paths by kind."""
    folder.mkdir()
    reference = reference_source(assignment)
    wrong = next(item for item in read_catalogue(assignment) if item.id == WRONG[assignment.name])
    solved = json.loads(notebook(assignment, Variant.SOLVED))
    for cell in solved["cells"]:
        if "".join(cell["source"]).lstrip().startswith((f"def {wrong.exercise}(", f"class {wrong.exercise}")):
            cell["source"] = wrong.source
    assert wrong.source in [cell["source"] for cell in solved["cells"]]
    texts = {
        "untouched.py": stub(assignment),
        "right.py": reference,
        "wrong.py": f"{reference}\n\n{wrong.source}\n",
        "wrong notebook that trains.ipynb": json.dumps(solved),
        "wrong in a long run only.py": guarded(reference, *LATE[assignment.name]),
    }
    paths = {}
    for file, text in texts.items():
        kind, _, ending = file.rpartition(".")
        paths[kind] = folder / kind.replace(" ", "_") / f"{assignment.name}.{ending}"
        paths[kind].parent.mkdir()
        paths[kind].write_text(text)
    return paths


def guarded(reference, line, guard):
    before, _, after = reference.rpartition(f"    {line}\n")
    assert after, f"{line!r} is not in the reference"
    indent = "    " + before.rpartition("\n")[2]
    return f"{before}    if {guard}:\n{indent}    {line}\n{after}"


def assignment_rows(course, name, folder, repeats):
    paths = submissions(load_assignment(course, name), folder)
    found = {}
    with tempfile.TemporaryDirectory() as cache:
        nowhere = {**os.environ, "XDG_CACHE_HOME": cache}
        found["nothing kept, right"] = cold(paths["right"], 1, environment=nowhere)
        for kind in ("untouched", "right"):
            found[f"cold, {kind}"] = cold(paths[kind], repeats, environment=nowhere)
    checker = WarmChecker(course, name, SandboxMode.AUTO)
    try:
        checker.grade(Found(given="first", path=paths["right"]))
        for kind, path in paths.items():
            found[f"warm, {kind}"] = warm(checker, path, repeats)
    finally:
        checker.close()
    return found


def cold(path, repeats, environment):
    command = [GRADER, "grade", path, "--course", ROOT, "--format", "csv"]
    return middle([measured(command, ROOT, environment) for _ in range(repeats)])


def warm(checker, path, repeats):
    before = running_seconds()
    reports = [checker.grade(Found(given="one", path=path)) for _ in range(repeats)]
    cpu = (running_seconds() - before) / repeats
    return {
        "cpu": cpu,
        "wall": statistics.median(report.seconds.total for report in reports),
        "score": reports[0].score,
    }


def about():
    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {
        "date": f"{datetime.now(UTC):%d %B %Y}",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "torch": f"torch {version('torch')}",
        "commit": f"commit {commit}",
    }


def multiples(one, unit):
    return f"{one['cpu'] / unit:.2f}T | {one['wall'] / unit:.2f}T"


def drawn(figures):
    unit, rows = figures["unit"], figures["rows"]
    lines = [f"T = {unit:.2f} s of CPU; {', '.join(figures['about'].values())}", ""]
    lines += ["| command | CPU | wall |", "|---|---|---|"]
    lines += [f"| {name} | {multiples(one, unit)} |" for name, one in rows["commands"].items()]
    for name, kinds in rows.items():
        if name != "commands":
            lines += ["", f"| {name} | CPU | wall | points |", "|---|---|---|---|"]
            lines += [f"| {kind} | {multiples(one, unit)} | {one.get('score', '')} |" for kind, one in kinds.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
