"""Show that nothing is lost: grade a class, disturb that in every way, and grade on; the same bytes must come of it.

    python benchmarks/torture.py [--seconds 60] [--hits 0] [--seed N] [--only NAME ...]

Each trial has a class, a folder of results, of temporary files and of what is kept, and a home of its own. One line
of JSON for each failure says how to repeat it. It needs Linux, and for some disturbances `unshare`.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from process_tree import adopt_orphans
from torture_class import ASSIGNMENT, ROOT, make_class
from torture_disturbances import DISTURBANCES
from torture_runs import NotTried
from torture_watch import bytes_of, left_files, left_processes, problems

__all__ = ["Trial", "main", "undisturbed"]

SIZE = 20


class Trial:
    """One class and one run of it; `seconds` is what an undisturbed run took."""

    def __init__(self, folder, seed, seconds, size):
        self.folder = folder
        self.chance = random.Random(seed)
        self.seconds = seconds
        self.jobs = self.chance.choice((1, 1, 2))
        self.submissions = make_class(folder / "class", size)
        self.out, self.tmp = folder / "results", folder / "tmp"
        self.cache, self.home = folder / "cache", folder / "home"
        for place in (self.tmp, self.cache, self.home):
            place.mkdir()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "XDG_CACHE_HOME": str(self.cache),
        }
        self.before = set()  # the results that were there when the run was disturbed
        self.hit = False  # the run was going on when it was disturbed
        self.class_changed = False
        self.code = None
        self.python = sys.executable

    def moment(self):
        """Return a moment within a run, in seconds from its start."""
        return self.chance.uniform(0, self.seconds)

    def command(self):
        """Return the command that grades the class."""
        options = ["--assignment", ASSIGNMENT, "--course", str(ROOT), "--jobs", str(self.jobs)]
        return [self.python, "-P", "-m", "grader", "grade", "class", "--out", str(self.out), *options]

    def start(self, command=None, **more):
        """Start it, or another command around it."""
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command or self.command(), cwd=self.folder, env=self.environment, **{**quiet, **more})

    def finish(self):
        """Grade undisturbed; return the exit code, and the end of what it said."""
        process = self.start(stderr=subprocess.PIPE)
        _, said = process.communicate()
        return process.returncode, said.decode(errors="replace")[-300:]


def undisturbed(folder, size, submissions=None):
    """Grade a class once without any disturbance; return the bytes of its results, and the seconds that it took."""
    trial = Trial(folder, 0, 0.0, size)
    if submissions is not None:
        shutil.rmtree(trial.submissions)
        shutil.copytree(submissions, trial.submissions)
    begun = time.monotonic()
    code, said = trial.finish()
    if code != 0:
        sys.exit(f"the undisturbed run ended with {code}: {said}")
    return bytes_of(trial.out), time.monotonic() - begun


def tortured(name, seed, expected, seconds, size=SIZE):
    """Make one trial; return whether it was disturbed while it ran, and what went wrong. Raises NotTried."""
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        trial = Trial(Path(folder, "trial"), seed, seconds, size)
        wrong = [DISTURBANCES[name](trial)]
        if left := left_processes():
            wrong.append(f"{left} processes left")
        wrong += problems(trial.out, trial.before)
        wrong += _ended_well(trial)
        if trial.class_changed:
            expected, _ = undisturbed(Path(folder, "fresh"), size, trial.submissions)
        wrong += _differences(bytes_of(trial.out), expected)
        return trial.hit, [text for text in wrong if text]


def _ended_well(trial):
    """Grade on undisturbed; return what is wrong with that, and what is left beside the results."""
    code, said = trial.finish()
    wrong = [f"the next run ended with {code}: {said}"] if code else []
    if left := left_processes():
        wrong.append(f"{left} processes left by the next run")
    left = left_files(trial.tmp, trial.cache, trial.home)
    return wrong + [f"files left: {', '.join(left)}" for _ in left[:1]]


def _differences(found, expected):
    names = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    return [f"other bytes: {', '.join(names)}"] if names else []


def main():
    """Torture for some seconds, and print a table."""
    given = _arguments()
    adopt_orphans()
    names = [name for name in DISTURBANCES if any(part in name for part in given.only or [""])]
    if not names:
        sys.exit(f"--only {', '.join(given.only)}: there is no such disturbance; there is {', '.join(DISTURBANCES)}")
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        expected, seconds = undisturbed(Path(folder, "trial"), given.size)
    until = time.monotonic() + given.seconds
    tried, hits, clean, not_tried = Counter(), Counter(), Counter(), {}
    seed, order = given.seed, random.Random(given.seed)
    queue, wanted = [], names
    while wanted and (time.monotonic() < until or seed == given.seed):
        queue = queue or order.sample(wanted, len(wanted))
        name, seed = queue.pop(), seed + 1
        try:
            hit, wrong = tortured(name, seed, expected, seconds, given.size)
        except NotTried as reason:
            not_tried[name] = str(reason)
            wanted = [other for other in wanted if other != name]
            continue
        tried[name] += 1
        hits[name] += hit
        clean[name] += not wrong
        wanted = [name for name in wanted if not given.hits or hits[name] < given.hits]
        if wrong:
            repeat = f"--only {name!r} --seed {seed - 1} --seconds 0 --size {given.size}"
            print(json.dumps({"disturbance": name, "repeat": repeat, "wrong": wrong}), flush=True)
    _print_table(names, (tried, hits, clean), not_tried)
    return int(tried != clean)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long new trials are begun")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the first trial")
    parser.add_argument("--only", action="append", metavar="NAME", help="only disturbances whose names hold this")
    parser.add_argument("--hits", type=int, default=0, help="end sooner, once each came so often while a run went on")
    parser.add_argument("--size", type=int, default=SIZE, help="submissions in the class")
    return parser.parse_args()


def _print_table(names, counters, not_tried):
    print("| disturbance | tried | while it ran | clean |\n|---|---|---|---|")
    for name in names:
        if name in not_tried:
            print(f"| {name} | not tried: {not_tried[name]} | | |")
        else:
            print(f"| {name} | {' | '.join(str(counter[name]) for counter in counters)} |")
    print(f"| all | {' | '.join(str(counter.total()) for counter in counters)} |")


if __name__ == "__main__":
    sys.exit(main())
