"""The five tools of `peers.py`: how each is given the class of twelve, run, and asked for its points.

What is prepared here is in no figure. A tool has several ways to be run (`Way`), each of one or more commands
(`Job`), since some grade one submission in a process and others a whole class.
"""

import csv
import json
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbgrader_stock import write_stock_course
from peers_environments import ROOT, PeerError
from peers_submissions import EXERCISES, NAME, otter_test, pytest_tests, unittest_tests

__all__ = ["TOOLS", "Job", "Setting", "Tool", "Way"]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a tool is given: a folder to work in, its environment, and what is to be graded.

    `points` are the exercises' points, by name.
    """

    folder: Path
    environment: Path
    variables: dict[str, str]
    handed: tuple
    points: dict[str, float]
    assignment: object

    def program(self, name):
        """Return the path of a program in the tool's environment."""
        return str(self.environment / "bin" / name)

    def prepare(self, command, folder):
        """Run what must be done once before grading."""
        done = subprocess.run(command, cwd=folder, env=self.variables, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PeerError(f"{Path(command[0]).name} {command[1]}: {(done.stdout + done.stderr).strip()[-500:]}")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One command, and how to read the points of whom it grades; `read` raises or leaves out where there are none."""

    command: list[str]
    folder: Path
    students: tuple[str, ...]
    read: Callable[[], dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to run a tool."""

    title: str
    jobs: tuple[Job, ...]


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A tool: `packages` are those whose versions are told, `ways` prepares and yields the ways to run it."""

    name: str
    title: str
    packages: tuple[str, ...]
    ways: Callable


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _sum_of_tests(path):
    """Return the points in a results.json of Gradescope's form, which otter-grader writes as well."""
    return sum(test.get("score", 0) for test in json.loads(path.read_text())["tests"])


# --- ours -----------------------------------------------------------------------------------------


def chainrule(setting):
    for one in setting.handed:
        _write(setting.folder / "modules" / one.student / f"{NAME}.py", one.module)
        _write(setting.folder / "notebooks" / one.student / f"{NAME}.ipynb", one.notebook)
    modules = setting.folder / "modules"
    singles = tuple(
        _grade(setting, modules / one.student / f"{NAME}.py", f"{one.student}.json", (one.student,))
        for one in setting.handed
    )
    yield Way(title="cold, a process each", jobs=singles)
    everyone = tuple(one.student for one in setting.handed)
    for title, folder, jobs in (
        ("the class, `--jobs 1`", "modules", 1),
        ("the class, `--jobs 2`", "modules", 2),
        ("the class as notebooks, `--jobs 1`", "notebooks", 1),
    ):
        job = _grade(setting, setting.folder / folder, f"{folder}-{jobs}.json", everyone, "--jobs", str(jobs))
        yield Way(title=title, jobs=(job,))


def _grade(setting, path, result, students, *options):
    written = setting.folder / result
    command = [setting.program("grader"), "grade", str(path), "--course", str(ROOT), "--write", f"json={written}"]

    def read():
        found = json.loads(written.read_text())["submissions"]
        if len(students) == 1:
            return {students[0]: found[0]["score"]}
        return {Path(one["submission"]).name: one["score"] for one in found}

    return Job(command=[*command, *options], folder=setting.folder, students=students, read=read)


# --- the peers ------------------------------------------------------------------------------------


def nbgrader(setting):
    right, *_ = everyone = tuple(one.student for one in setting.handed)
    yield Way(title="cold, one right", jobs=(_autograde(setting, "cold", (right,), "--student", right),))
    yield Way(title="the class", jobs=(_autograde(setting, "class", everyone),))


def _autograde(setting, name, students, *options):
    """Make a course of its own, so that nothing has been graded there before."""
    course = setting.folder / name
    course.mkdir()
    write_stock_course(course, setting.assignment)
    setting.prepare([setting.program("nbgrader"), "generate_assignment", NAME], course)
    for one in setting.handed:
        _write(course / "submitted" / one.student / NAME / f"{NAME}.ipynb", one.tested)

    def read():
        setting.prepare([setting.program("nbgrader"), "export", "--to", "grades.csv"], course)
        with (course / "grades.csv").open(newline="") as lines:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(lines) if row["student_id"]}

    command = [setting.program("nbgrader"), "autograde", NAME, *options]
    return Job(command=command, folder=course, students=students, read=read)


_RUN_TESTS = """\
import unittest

from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.discover("tests")
    with open("results.json", "w") as results:
        JSONTestRunner(visibility="visible", stream=results).run(suite)
"""


def gradescope_utils(setting):
    def job(one):
        place = setting.folder / one.student
        _write(place / f"{NAME}.py", one.module)
        _write(place / "run_tests.py", _RUN_TESTS)
        _write(place / "tests" / "test_points.py", unittest_tests(setting.points))
        command = [setting.program("python"), "run_tests.py"]
        return _single(one, command, place, lambda: _sum_of_tests(place / "results.json"))

    yield Way(title="cold, a process each", jobs=tuple(map(job, setting.handed)))


def otter_grader(setting):
    for name in EXERCISES:
        _write(setting.folder / "tests" / f"{name}.py", otter_test(name, setting.points[name]))
    bundle = setting.folder / "autograder.zip"
    generate = [setting.program("otter"), "generate", "-t", "tests", "-o", str(bundle)]
    setting.prepare([*generate, "--no-config", "--no-requirements", "--no-environment"], setting.folder)

    def job(one):
        place = setting.folder / one.student
        _write(place / f"{NAME}.ipynb", one.notebook)
        command = [setting.program("otter"), "run", f"{NAME}.ipynb", "-a", str(bundle), "-o", ".", "--no-logo"]
        return _single(one, command, place, lambda: _sum_of_tests(place / "results.json"))

    yield Way(title="cold, a process each", jobs=tuple(map(job, setting.handed)))


def pytest_alone(setting):
    def job(one):
        place = setting.folder / one.student
        _write(place / f"{NAME}.py", one.module)
        _write(place / f"test_{NAME}.py", pytest_tests())
        command = [setting.program("python"), "-m", "pytest", "-q", "--junit-xml=results.xml"]
        return _single(one, command, place, lambda: _points_of_passed(place / "results.xml", setting.points))

    yield Way(title="cold, a process each", jobs=tuple(map(job, setting.handed)))


def _single(one, command, place, points):
    return Job(command=command, folder=place, students=(one.student,), read=lambda: {one.student: points()})


def _points_of_passed(path, points):
    """Pytest knows no points: a test that passed earns those of its exercise."""
    cases = ET.parse(path).getroot().iter("testcase")
    return sum(points[case.get("name").removeprefix("test_")] for case in cases if not len(case))


TOOLS = (
    Tool(name="chainrule", title="Chainrule", packages=("chainrule", "pytest", "hypothesis"), ways=chainrule),
    Tool(name="nbgrader", title="stock nbgrader", packages=("nbgrader", "ipykernel", "nbconvert"), ways=nbgrader),
    Tool(
        name="gradescope-utils",
        title="gradescope-utils",
        packages=("gradescope-utils",),
        ways=gradescope_utils,
    ),
    Tool(
        name="otter-grader",
        title="otter-grader",
        packages=("otter-grader", "ipykernel", "nbconvert"),
        ways=otter_grader,
    ),
    Tool(name="pytest", title="pytest alone", packages=("pytest",), ways=pytest_alone),
)
