"""Measure a class of 300: how fast one and two jobs grade it, until the first result, memory, and a second run.

    python benchmarks/classes.py [ASSIGNMENT] [--size 300] [--json FILE]

The submissions are those of the example class again and again, each with a comment of its own, so that none is
another's again. CPU is of the whole process tree; T is the CPU of `python -c "import torch"` in the same run. What
is kept between runs begins with nothing, and is kept for the assignment before anything is measured. Nothing is
asserted.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from process_tree import adopt_orphans, measured
from speed import GRADER, ROOT, about, measure_unit

EXAMPLES = ROOT / "examples" / "class"
JOBS = {1: "one job", 2: "two jobs"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignment", nargs="?", default="gradient_descent")
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    adopt_orphans()
    unit = measure_unit(3)
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        handed_in = make_class(options.assignment, place / "class", options.size)
        environment = {**os.environ, "XDG_CACHE_HOME": str(place / "cache")}
        first = next(path for path in sorted(handed_in.iterdir()) if path.suffix == ".py")
        grade(first, options.assignment, place / "warm", environment, 1)
        for jobs in (1, 2):
            out = place / f"results-{jobs}"
            rows[JOBS[jobs]] = grade(handed_in, options.assignment, out, environment, jobs)
            rows[f"{JOBS[jobs]}, again"] = grade(handed_in, options.assignment, out, environment, jobs)
            shutil.rmtree(place / "cache" / "chainrule" / "results", ignore_errors=True)
    unit = statistics.median([*unit, *measure_unit(3)])
    if options.json:
        options.json.write_text(json.dumps({"unit": unit, "size": options.size, "rows": rows}, indent=1))
    print(drawn(options, unit, rows))


def make_class(assignment, folder, size):
    """Write so many submissions, each of a student of its own; those in a form that can't hold a comment stay out."""
    folder.mkdir()
    kinds = [path for path in sorted((EXAMPLES / assignment).iterdir()) if path.suffix in (".py", ".ipynb")]
    for number in range(size):
        path = kinds[number % len(kinds)]
        name = f"{path.stem}_{number:03}{path.suffix}"
        try:
            (folder / name).write_bytes(changed(path, number))
        except (ValueError, KeyError):
            shutil.copy(path, folder / name)  # it is no notebook that can be read, and is graded as it is
    return folder


def changed(path, number):
    data = path.read_bytes()
    if path.suffix == ".py":
        return data + f"\n# {number}\n".encode() if data else data
    notebook = json.loads(data)
    notebook["metadata"]["number"] = number
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    cells[-1]["source"] = "".join(cells[-1]["source"]) + f"\n# {number}"
    return json.dumps(notebook).encode()


def grade(path, assignment, out, environment, jobs):
    command = [GRADER, "grade", path, "--assignment", assignment, "--course", ROOT, "--out", out, "--jobs", str(jobs)]
    begun, first, ended = time.monotonic(), [], threading.Event()

    def watch():
        while not ended.wait(0.1):
            if next(out.glob("*.json"), None) is not None:
                first.append(time.monotonic() - begun)
                return

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        used = measured([*command, "--format", "csv"], ROOT, environment)
    finally:
        ended.set()
        watching.join()
    if used.exit_code:
        sys.exit("".join(used.log))
    return {"cpu": used.cpu, "wall": used.wall, "mib": used.peak_mib, "first": first[0] if first else used.wall}


def drawn(options, unit, rows):
    lines = [
        f"{options.size} submissions to {options.assignment}; T = {unit:.2f} s of CPU; {about()}",
        "",
        "| run | CPU | CPU of each | wall | a minute | first result | memory (PSS) |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        lines.append(
            f"| {name} | {row['cpu'] / unit:.1f}T | {row['cpu'] / unit / options.size:.3f}T "
            f"| {row['wall'] / unit:.1f}T "
            f"| {60 * options.size / row['wall']:.0f} | {row['first'] / unit:.2f}T | {row['mib']:.0f} MiB |"
        )
    gain = rows[JOBS[1]]["wall"] / rows[JOBS[2]]["wall"]
    return "\n".join([*lines, "", f"The second job makes it {gain:.2f} times as fast."])


if __name__ == "__main__":
    main()
