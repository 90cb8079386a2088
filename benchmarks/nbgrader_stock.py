"""Grade thirty notebooks with stock nbgrader and with ours, in one run, and say what each takes and gets right.

Both get the same bytes: OverwriteCells puts the in-notebook tests of `nbgrader_stock_tests.py` into the
graded cells of the stock course. Stock runs with nbgrader's defaults. What should come out is known by label
(`nbgrader_submissions.py`). Nothing is asserted; compare the columns, since times depend on the machine.
"""

import argparse
import importlib.util
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from nbgrader_stock_tests import stock_test
from nbgrader_submissions import EXERCISES, submissions
from process_tree import adopt_orphans, measured

from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import Variant, notebook

ROOT = Path(__file__).parents[1]
NAME = "gradient_descent"
_ROUNDING = 0.005  # points are whole cents


# --- courses and notebooks ------------------------------------------------------------------------


def make_stock_course(folder, assignment, environment):
    write_stock_course(folder, assignment)
    prepare([program("nbgrader"), "generate_assignment", NAME], folder, environment)


def write_stock_course(folder, assignment):
    """Write the source notebook, with the stock tests in its graded cells, and nbgrader's settings."""
    source = folder / "source" / NAME
    source.mkdir(parents=True)
    book = json.loads(notebook(assignment, Variant.SOLVED))
    for cell in book["cells"]:
        metadata = cell["metadata"].get("nbgrader", {})
        if metadata.get("grade"):
            cell["source"] = stock_test(metadata["grade_id"])
    (source / f"{NAME}.ipynb").write_text(json.dumps(book))
    (folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "stock"\n')


def make_our_course(folder, environment):
    prepare([program("grader"), "nbgrader", "init", str(folder), "--course", str(ROOT)], folder.parent, environment)
    prepare([program("nbgrader"), "generate_assignment", NAME], folder, environment)


def notebook_of(submission, assignment):
    """Return what a student hands in: the solved notebook, with the functions and the cell that are its own."""
    book = json.loads(notebook(assignment, Variant.SOLVED))
    cells = []
    for cell in book["cells"]:
        metadata = cell["metadata"].get("nbgrader", {})
        exercise = metadata.get("grade_id", "").removeprefix("solution-")
        if metadata.get("solution") and exercise in submission.functions:
            cell["source"] = submission.functions[exercise].strip()
        if metadata.get("grade") and submission.skip_execution:
            cell["metadata"]["tags"] = ["skip-execution"]
        cells.append(cell)
        if cell["id"] == "code-model" and submission.cell:  # the cell with the imports and the data
            own = {**cell, "id": "own", "source": submission.cell.strip()}
            cells.append(own)
    return json.dumps({**book, "cells": cells})


def hand_in(folder, chosen, assignment):
    for submission in chosen:
        place = folder / "submitted" / submission.student / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text(notebook_of(submission, assignment))


def program(name):
    return str(Path(sys.executable).with_name(name))


def prepare(command, folder, environment):
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def isolated(folder):
    """Return an environment in which kernels are of this interpreter, and no user's settings are read."""
    (folder / "jupyter").mkdir()
    kernel = [sys.executable, "-m", "ipykernel", "install", "--prefix", str(folder / "jupyter"), "--name", "python3"]
    environment = {
        **os.environ,
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter" / "share" / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(folder / "jupyter" / "runtime"),
        "OMP_NUM_THREADS": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
    }
    prepare(kernel, folder, environment)
    prepare([sys.executable, "-c", "import ipykernel.kernelapp, nbgrader.apps, torch"], folder, environment)  # warm
    return environment


# --- measuring ------------------------------------------------------------------------------------


def seconds_of_each(run):
    """Return how long each submission took, by the log: to the next one's line, or to the end of the run."""
    starts = {}
    for second, line in run.lines:
        found = re.search(rf"Converting notebook .*/submitted/([^/]+)/{NAME}/", line)
        if found:
            starts.setdefault(found[1], second)
    ordered = sorted(starts.items(), key=lambda item: item[1])
    ends = [start for _, start in ordered[1:]] + [run.wall]
    return {student: end - start for (student, start), end in zip(ordered, ends, strict=True)}


# --- judging --------------------------------------------------------------------------------------


def scores_of(folder, chosen):
    """Return each student's scores by exercise, as the gradebook and formgrader count them; None: not graded."""
    from nbgrader.api import Gradebook, MissingEntry

    found = {}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for submission in chosen:
            try:
                (book,) = gradebook.find_submission(NAME, submission.student).notebooks
            except MissingEntry:
                found[submission.student] = dict.fromkeys(EXERCISES)
                continue
            found[submission.student] = {
                grade.name: None if grade.auto_score is None and grade.manual_score is None else grade.score
                for grade in book.grades
            }
    return found


def wanted(submission, assignment):
    """Return what each exercise should earn: "full", "less", "none", or "any" where it builds on the fault."""
    labels = {}
    for name in EXERCISES:
        if submission.kind == "cheat":
            labels[name] = "full" if name in submission.honest else "none"
        elif name == submission.fault:
            labels[name] = "less"
        else:
            labels[name] = "any" if submission.fault in everything_used(name, assignment) else "full"
    return labels


def everything_used(name, assignment):
    direct = assignment.exercise(name).uses
    return {*direct, *(deeper for used in direct for deeper in everything_used(used, assignment))}


def is_right(label, score, maximum):
    if score is None:
        return False
    lowest, highest = {"full": (maximum, maximum), "less": (0, maximum - 0.01), "none": (0, 0), "any": (0, maximum)}[
        label
    ]
    return lowest - _ROUNDING < score < highest + _ROUNDING


def judge(submission, scores, assignment):
    """Return what the summary counts of one submission."""
    points = {name: assignment.exercise(name).points for name in EXERCISES}
    labels = wanted(submission, assignment)
    ungraded = any(score is None for score in scores.values())
    wrong = [name for name in EXERCISES if not is_right(labels[name], scores[name], points[name])]
    return {
        "student": submission.student,
        "kind": submission.kind,
        "scores": scores,
        "total": None if ungraded else sum(scores.values()),
        "wanted": labels,
        "ungraded": ungraded,
        "graded_right": not wrong,
        "graded_wrong_at": wrong,
        "lost": any(labels[name] == "full" for name in wrong),
        "gained": any(labels[name] in ("less", "none") and scores[name] is not None for name in wrong),
    }


# --- reporting ------------------------------------------------------------------------------------


def summary(run, judged):
    """Return the rows of the table: what is counted or measured, its value, and how it is written."""
    seconds = seconds_of_each(run)

    def count(kind, key, *, of=True):
        found = [item for item in judged if kind in ("", item["kind"])]
        return sum(item[key] is of for item in found), f"{{}} of {len(found)}"

    return {
        "exit code": (run.exit_code, "{}"),
        "wall time, s": (run.wall, "{:.1f}"),
        "wall time without the endless loop, s": (run.wall - seconds.get("endless_loop", 0), "{:.1f}"),
        "wall time of one submission, median, s": (statistics.median(seconds.values()), "{:.2f}"),
        "wall time of the endless loop, s": (seconds.get("endless_loop", 0), "{:.1f}"),
        "CPU time of all processes, s": (run.cpu, "{:.1f}"),
        "CPU time for each submission, mean, s": (run.cpu / len(judged), "{:.2f}"),
        "CPU time of everything else on the machine meanwhile, s": (run.others, "{:.1f}"),
        "peak memory (PSS of all processes), MiB": (run.peak_mib, "{:.0f}"),
        "graded right, of all": count("", "graded_right"),
        "right ones that lost points": count("right", "lost"),
        "faults that went unnoticed": count("wrong", "gained"),
        "wrong ones that lost points elsewhere": count("wrong", "lost"),
        "endless loop graded right": count("loop", "graded_right"),
        "cheats that gained points": count("cheat", "gained"),
        "submissions left ungraded": count("", "ungraded"),
    }


def show(results):
    stock, ours = (results[side]["rows"] for side in ("stock", "ours"))
    print("\n| | stock nbgrader | Chainrule | stock / Chainrule |\n|---|---|---|---|")
    for name, (value, form) in stock.items():
        other = ours[name][0]
        ratio = f"{value / other:.1f}" if ("time" in name or "memory" in name) and "else" not in name and other else ""
        print(f"| {name} | {form.format(value)} | {ours[name][1].format(other)} | {ratio} |")
    print("\n| submission | stock, points | Chainrule, points | stock is wrong at | Chainrule is wrong at |")
    print("|---|---|---|---|---|")
    for left, right in zip(results["stock"]["judged"], results["ours"]["judged"], strict=True):
        cells = [f"{'ungraded' if one['total'] is None else format(one['total'], 'g')}" for one in (left, right)]
        wrong = [", ".join(f"`{name}`" for name in one["graded_wrong_at"]) for one in (left, right)]
        print(f"| {left['student']} | {' | '.join(cells)} | {' | '.join(wrong)} |")


def grade(side, folder, chosen, assignment, environment):
    folder.mkdir()
    if side == "stock":
        make_stock_course(folder, assignment, environment)
    else:
        make_our_course(folder, environment)
    hand_in(folder, chosen, assignment)
    run = measured([program("nbgrader"), "autograde", NAME], folder, environment)
    scores = scores_of(folder, chosen)
    judged = [judge(submission, scores[submission.student], assignment) for submission in chosen]
    return {"rows": summary(run, judged), "judged": judged, "seconds": seconds_of_each(run), "log": run.log}


def require(*modules):
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"this benchmark needs {' and '.join(missing)}: pip install -e '.[nbgrader,dev]'")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="write everything that was measured here, as JSON")
    parser.add_argument("--only", default="", help="only submissions with this in their name")
    given = parser.parse_args()
    require("nbgrader", "ipykernel")
    adopt_orphans()
    assignment = load_assignment(find_course(ROOT), NAME)
    chosen = [one for one in submissions() if given.only in one.student]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = isolated(folder)
        results = {side: grade(side, folder / side, chosen, assignment, environment) for side in ("stock", "ours")}
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{package: version(package) for package in ("nbgrader", "ipykernel", "torch")},
    }
    print(", ".join(f"{key} {value}" for key, value in about.items()))
    show(results)
    if given.out:
        given.out.write_text(json.dumps({**about, **results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
