"""Submissions that forge what Gradescope reads: nothing but the grader writes results.json."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gradescope_files import TIMES, checked, metadata_of
from redteam.notebooks import HALF, MARKUP
from redteam.packed import BESIDE
from redteam.vault import (
    HONEST,
    RIGHT,
    Attack,
    Vault,
    assert_is_plain,
    assert_leaves_nothing,
    assert_tells_nothing,
    chosen,
    fingerprints,
    watched,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

FORGED = json.dumps({"score": 6, "visibility": "visible", "tests": [{"name": "x", "score": 6, "max_score": 6}]})
FILES = {
    "results.json": FORGED,
    "results/results.json": FORGED,
    "run_autograder": "touch pwned\n",
    "setup.sh": "exit 1\n",
}
WRITES = f"""
import atexit, glob, os, sys
{HALF}
def forge(*_):
    for path in ("../results/results.json", "/autograder/results/results.json", "@ROOT@/results/results.json"):
        for way in (lambda: open(path, "w").write({FORGED!r}), lambda: os.replace(path, path + "x"),
                    lambda: os.unlink(path), lambda: os.symlink("/dev/null", path + ".link")):
            try:
                way()
            except OSError:
                pass
forge()
atexit.register(forge)
try:
    os.fork() or forge()
except OSError:
    pass
def mean_square(x):
    forge()
    print({FORGED!r})
    os.write(1, {FORGED.encode()!r})
    return x.sum()
"""


def handing_in(goal: str, earns: float | None, said: str = "", **files: str | Callable[[Path], str]) -> Attack:
    """Return an attack of some files; one that is a function links to what it returns."""

    def make(root: Path, _: Vault) -> Path:
        for key, text in files.items():
            path = root / "submission" / key
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(text):
                path.symlink_to(text(root))
            else:
                path.write_text(text.replace("@ROOT@", str(root)))
        return root / "submission"

    return Attack(goal, make, earns, said)


ATTACKS = {
    "writes": handing_in("a score of one's own", 4.0, **{"small.py": WRITES}),
    "hands_in_results": handing_in("a score of one's own", 4.0, **{"small.py": HALF, **FILES}),
    "beside": handing_in(
        "code of one's own in the checker", 4.0, **{"small.py": HALF, **BESIDE, "run.py": "raise SystemExit"}
    ),
    "two": handing_in("the better of two", None, "ask the student which one", **{"small.py": HALF, "run.py": RIGHT}),
    "linked": handing_in(
        "points by the reference",
        None,
        "a symbolic link",
        **{"small.py": lambda root: f"{root}/source/course/solutions/small/small.py"},
    ),
    "linked_results": handing_in(
        "a score of one's own", 4.0, **{"small.py": HALF, "a": lambda root: str(root / "results")}
    ),
    "source": handing_in(
        "the course's own files",
        4.0,
        **{"small.py": HALF, "source/course/solutions/small/assignment.toml": BESIDE["assignment.toml"]},
    ),
    "markup": handing_in(
        "a script for who reads", 4.0, **{"small.py": f"{HALF}\nraise ValueError({MARKUP!r} + '\\n::error::x')\n"}
    ),
    "none": handing_in("a score for nothing", None, "no small.py", **{"other.txt": FORGED}),
}
CHOSEN = chosen(ATTACKS)
NAMED = {"users": [{"email": "\x1b[2J\n::set-output name=score::6\u202e<script>", "id": "NaN", "name": "x" * 10**6}]}


class Autograded:
    """What Gradescope's folders hold after a run, and what that said."""

    def __init__(self, root: Path, vault: Vault, make: Callable[[Path, Vault], object]) -> None:
        for name in ("results", "temporary"):
            (root / name).mkdir(parents=True)
        for part in ("solutions", "tests"):
            shutil.copytree(vault.root / part, root / "source" / "course" / part)
        (root / "submission_metadata.json").write_text(json.dumps(metadata_of(TIMES[0], **NAMED)))
        (root / "results" / "results.json").write_text(FORGED)
        make(root, vault)
        folders = (root / "submission", root / "source", root / "submission_metadata.json")
        before = fingerprints(*folders)
        process = subprocess.Popen(
            [sys.executable, "-m", "grader.channels.gradescope.run", "--root", str(root)],
            cwd=root / "submission",
            env={"PATH": "/usr/bin:/bin", "TMPDIR": str(root / "temporary"), "OMP_NUM_THREADS": "1", "HOME": str(root)}
            | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONSAFEPATH": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        (self.out, self.error), self.started = watched(process)
        self.code = process.returncode
        self.changed = before.items() ^ fingerprints(*folders).items()
        self.left = sorted(os.listdir(root / "temporary"))
        self.results_folder = sorted(os.listdir(root / "results"))
        self.results = checked((root / "results" / "results.json").read_text("utf-8"))

    @property
    def graded(self) -> str:
        """Return all of the results but the time that they took."""
        return json.dumps({key: value for key, value in self.results.items() if key != "execution_time"})

    @property
    def shown(self) -> str:
        """Return what a student sees of the results."""
        tests = [test for test in self.results["tests"] if test["visibility"] != "hidden"]
        return "\n".join([self.results.get("output", ""), *(f"{test['name']}\n{test.get('output')}" for test in tests)])


def honest(folder: Path, vault: Vault) -> str:
    return Autograded(folder, vault, handing_in("", 4.0, **{"small.py": HONEST}).make).graded


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> str:
    return honest(tmp_path_factory.mktemp("first") / "root", vault)


@pytest.mark.parametrize(("name", "attack"), CHOSEN.items(), ids=CHOSEN)
def test_submission_has_the_results_that_the_grader_wrote(
    vault: Vault, first: str, tmp_path: Path, name: str, attack: Attack
):
    done = Autograded(tmp_path / "root", vault, attack.make)

    assert done.code == 0, done.out
    assert done.results["score"] == (attack.earns or 0.0)
    assert attack.said in json.dumps(done.results)
    assert done.results["stdout_visibility"] == "hidden"
    assert {test.get("output_format", "text") for test in done.results["tests"]} <= {"text"}
    assert_tells_nothing({"shown": done.shown, "error": done.error})
    assert_is_plain({"shown": done.shown, "out": done.out, "error": done.error})
    assert done.results_folder == ["results.json"]
    assert_leaves_nothing(done)


def test_honest_submission_after_all_of_them_keeps_its_bytes(vault: Vault, first: str, tmp_path: Path):
    assert honest(tmp_path / "root", vault) == first
