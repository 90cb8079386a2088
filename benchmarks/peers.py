"""Grade the same twelve submissions with ours and with four other graders, in one run, and say what each takes.

Six right, three wrong and three untouched submissions to `gradient_descent`, each in the form that the tool
takes; every tool in an environment of its own, which this makes. The peers' tests compare values, and none of
the peers confines what it runs. Nothing is asserted; compare the rows, since times depend on the machine.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from peers_environments import PeerError, environment_of, variables, versions
from peers_report import markdown, rows_of
from peers_submissions import EXERCISES, NAME, the_class
from peers_tools import TOOLS, Setting
from process_tree import adopt_orphans, measured

from grader.course.reading import find_course, load_assignment

ROOT = Path(__file__).parents[1]
IMPORTS = 3  # of torch, before each tool
LIMIT = 1200  # seconds for one command


def measure(tool, setting):
    """Run a tool in all its ways; returns a list with one item for each command, and T's samples.

    The first command is run once before anything is measured, in a folder of its own, so that whatever is kept
    between runs is there, and nothing has been graded.
    """
    run_job(next(tool.ways(inside(setting, "warm-up"))).jobs[0], setting)
    samples = [import_of_torch(setting) for _ in range(IMPORTS)]
    found = []
    for way in tool.ways(inside(setting, "measured")):
        for job in way.jobs:
            run, points = run_job(job, setting)
            figures = {"cpu": run.cpu, "wall": run.wall, "peak_mib": run.peak_mib, "others": run.others}
            found.append({"tool": tool.title, "way": way.title, **figures, "points": points})
    return found, samples


def inside(setting, name):
    folder = setting.folder / name
    folder.mkdir()
    return replace(setting, folder=folder)


def run_job(job, setting):
    """Return what a command took, and the points of each of its students: None for one that it left ungraded."""
    run = measured(job.command, job.folder, setting.variables, limit=LIMIT)
    try:
        points = job.read()
    except (OSError, ValueError, KeyError, IndexError, TypeError, PeerError) as error:
        said = [line.strip() for line in run.log if line.strip()]
        text = f"{' '.join(job.command[1:3])} ended with {run.exit_code}, without results: {(said or [error])[-1]}"
        raise PeerError(text) from error
    return run, {student: points.get(student) for student in job.students}


def import_of_torch(setting):
    """Return the CPU seconds of importing torch in a process of its own."""
    return measured([setting.program("python"), "-c", "import torch"], setting.folder, setting.variables).cpu


def about(tools, environments):
    """Return the date, the machine and the versions."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "versions": {
            tool.title: versions(environments[tool.name], ("torch", *tool.packages))
            for tool in tools
            if tool.name in environments
        },
    }


def make_environments(tools, folder):
    """Return the environments by the tools' names, and why others could not be made."""
    made, failed = {}, {}
    for tool in tools:
        try:
            made[tool.name] = environment_of(tool.name, folder)
        except PeerError as error:
            failed[tool.title] = str(error)
    return made, failed


def measure_all(tools, environments, failed, repeats):
    """Return the commands of all tools and T's samples; a tool that fails is written into `failed`, and left out."""
    assignment = load_assignment(find_course(ROOT), NAME)
    handed = tuple(the_class(assignment))
    points = {name: assignment.exercise(name).points for name in EXERCISES}
    jobs, samples = [], []
    for repeat in range(repeats):
        for tool in tools:
            if tool.name not in environments or tool.title in failed:
                continue
            print(f"{tool.title}, {repeat + 1} of {repeats}", file=sys.stderr)
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
                place = environments[tool.name]
                setting = Setting(
                    folder=Path(name),
                    environment=place,
                    variables=variables(place, Path(name)),
                    handed=handed,
                    points=points,
                    assignment=assignment,
                )
                try:
                    found, imports = measure(tool, setting)
                except PeerError as error:
                    failed[tool.title] = str(error)
                    continue
            jobs += [{**job, "repeat": repeat} for job in found]
            samples += imports
    return handed, sum(points.values()), jobs, samples


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [tool.name for tool in TOOLS]
    parser.add_argument("--environments", type=Path, default=ROOT / "build" / "peers", help="where they are kept")
    parser.add_argument("--json", type=Path, help="write everything that was measured here")
    parser.add_argument("--only", action="append", choices=names, help="run only this tool; may be repeated")
    parser.add_argument("--repeats", type=int, default=1, help="measure everything so often; medians are told")
    given = parser.parse_args()
    adopt_orphans()
    tools = [tool for tool in TOOLS if not given.only or tool.name in given.only]
    environments, failed = make_environments(tools, given.environments)
    handed, full, jobs, samples = measure_all(tools, environments, failed, given.repeats)
    rows = rows_of(jobs, {one.student: one.kind for one in handed}, full)
    result = {**about(tools, environments), "repeats": given.repeats, "imports_of_torch": samples, "failed": failed}
    print(markdown(rows, result))
    if given.json:
        given.json.write_text(json.dumps({**result, "rows": rows, "runs": jobs}, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
