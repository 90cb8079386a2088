"""A student's commands run without Linux's modules, without fork, and without packages that tests do not need."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course.reading import find_course
from grader.handout.release import hand_out

KIT = sorted(path.stem for path in (Path(__file__).parents[2] / "grader" / "kit").glob("[a-z]*.py"))
NOT_ON_WINDOWS = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline")
OURS_ON_LINUX = ("seccompy", "landlockpy", "landlock")
OF_NBGRADER = ("nbgrader", "nbconvert", "nbformat", "traitlets", "nh3")
ALL_ELSE = ("grader", "click", "jinja2", "msgspec", "platformdirs", "rich", "watchfiles")
HIDING = """\
import os, signal, sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
for name in {names!r}:
    sys.modules.pop(name, None)
del os.fork, os.forkpty, signal.SIGALRM, signal.alarm
open({place!r} + "/seen-" + str(os.getpid()), "w").close()
"""


@pytest.fixture
def folder(tmp_path):
    hand_out(find_course(Path(__file__).parents[2]), ["autograd"], tmp_path)
    return tmp_path / "autograd"


@pytest.fixture
def without(tmp_path, folder):
    """Return a function that runs a program, and those that it starts, where these modules are not there."""

    def run(hidden, *arguments):
        place = tmp_path / "hiding"
        place.mkdir()
        (place / "sitecustomize.py").write_text(HIDING.format(names=hidden, place=str(place)), "utf-8")
        environment = {**os.environ, "PYTHONPATH": str(place), "COLUMNS": "80", "OMP_NUM_THREADS": "1"}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            stdin=subprocess.DEVNULL,
            env=environment,
        )

    return run


def test_what_a_release_carries_needs_torch_pytest_and_hypothesis_alone(without, tmp_path):
    hidden = (*NOT_ON_WINDOWS, *OURS_ON_LINUX, *OF_NBGRADER, *ALL_ELSE)

    done = without(hidden, "-m", "_course", "gradient")

    assert (done.returncode, done.stderr) == (1, "")
    assert re.search(r"^Next: write `gradient` in autograd\.py\.$", done.stdout, re.MULTILINE)
    assert len(list(tmp_path.glob("hiding/seen-*"))) == 2  # the one that tells, and the one that tests


def test_public_half_is_imported_and_runs_without_what_is_of_linux_or_nbgrader(without):
    program = f"""
import contextlib, importlib
for name in {NOT_ON_WINDOWS!r}:
    with contextlib.suppress(ModuleNotFoundError):
        importlib.import_module(name)
        raise SystemExit(name + " is there")
for name in {KIT!r}:
    importlib.import_module("grader.kit." + name)
import grader.handout.checking
from click.testing import CliRunner
from grader.commands.cli import root
told = CliRunner().invoke(root, ["--help"])
assert told.exit_code == 0 and "test " in told.output, told
done = CliRunner().invoke(root, ["test", "gradient"])
print(done.output, done.exit_code)
"""

    done = without((*NOT_ON_WINDOWS, *OURS_ON_LINUX, *OF_NBGRADER), "-c", program)

    assert done.stderr == ""
    assert "Next: write `gradient` in autograd.py." in done.stdout
    assert done.stdout.endswith(" 1\n")


def test_the_one_that_watches_imports_no_torch_and_no_pytest(without):
    program = "import sys, _course.kit.student as at; print({'torch', 'pytest', 'hypothesis'} & set(sys.modules))"

    done = without(ALL_ELSE, "-c", program)

    assert (done.stdout, done.stderr) == ("set()\n", "")
