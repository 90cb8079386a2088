"""A course for nbgrader in a folder of its own, worked with by the commands that an instructor types.

nbgrader is never imported here: it warns where it is imported, and pytest makes errors of warnings.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from pathlib import Path

from grader.course.suite_files import suite_files

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))

# `manual_score` and `extra_credit` are for instructors alone: nothing that a student does may fill them.
GRADES = """
    SELECT student_id, base_cell.name, auto_score, needs_manual_grade, manual_score, extra_credit
    FROM grade
    JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    JOIN assignment ON assignment.id = submitted_assignment.assignment_id
    WHERE assignment.name = ?
"""


class NbgraderCourse:
    """A course made by `grader nbgrader init`; `private` is a copy of one assignment of the private course."""

    def __init__(self, root, assignment="gradient_descent"):
        self.assignment = assignment
        self.private = root / "private"
        self.root = root / "course"
        shutil.copytree(ROOT / "solutions" / assignment, self.private / "solutions" / assignment)
        (self.private / "tests" / "hidden").mkdir(parents=True)
        for path in suite_files(ROOT / "tests" / "hidden" / f"test_{assignment}.py"):
            shutil.copy(path, self.private / "tests" / "hidden" / path.name)

    def limit(self, **limits):
        """Set the assignment's limits, so that a test need not wait for what never ends."""
        path = self.private / "solutions" / self.assignment / "assignment.toml"
        text = path.read_text("utf-8")
        for name in limits:
            text = re.sub(rf"^{name} = .*\n", "", text, flags=re.MULTILINE)
        lines = "".join(f"{name} = {value}\n" for name, value in limits.items())
        assert text.count("[limits]\n") == 1
        path.write_text(text.replace("[limits]\n", f"[limits]\n{lines}"), "utf-8")

    def command(self, *words, folder=None):
        """Run one of the environment's commands in the course, and return the completed process."""
        program, *rest = map(str, words)
        environment = {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
        return subprocess.run(
            [SCRIPTS / program, *rest],
            cwd=folder or self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            check=False,
        )

    def init(self):
        """Make the course, and release the assignment to students."""
        made = self.command("grader", "nbgrader", "init", self.root, "--course", self.private, folder=self.private)
        assert made.returncode == 0, made.stderr
        released = self.command("nbgrader", "generate_assignment", self.assignment)
        assert released.returncode == 0, released.stderr

    def folder(self, student):
        """Return what a student hands in, a folder; made where it is not there."""
        path = self.root / "submitted" / student / self.assignment
        path.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, student, content, name=None):
        """Hand in a file: bytes, a text, or a notebook as JSON values; the assignment's notebook without a name."""
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        data = content.encode() if isinstance(content, str) else content
        path = self.folder(student) / (name or f"{self.assignment}.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def autograde(self, *options):
        return self.command("nbgrader", "autograde", self.assignment, *options)

    def feedback(self, *options):
        return self.command("nbgrader", "generate_feedback", self.assignment, *options)

    def rows(self, sql, *values):
        """Read the gradebook; a query's rows."""
        connection = sqlite3.connect(f"file:{self.root / 'gradebook.db'}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def grades(self):
        """Return what the gradebook says: of each student, each cell's (auto_score, needs_manual_grade)."""
        found = {}
        for student, cell, score, by_hand, manual_score, extra_credit in self.rows(GRADES, self.assignment):
            assert (manual_score, extra_credit) == (None, None), (student, cell)
            found.setdefault(student, {})[cell] = (score, bool(by_hand))
        return found

    def autograded(self, student):
        """Return the autograded notebook as JSON values."""
        path = self.root / "autograded" / student / self.assignment / f"{self.assignment}.ipynb"
        return json.loads(path.read_text("utf-8"))

    def page(self, student):
        """Return the page of feedback."""
        path = self.root / "feedback" / student / self.assignment / f"{self.assignment}.html"
        return path.read_text("utf-8")


def nbgrader_is_missing():
    """Say whether nbgrader's commands are not installed, by looking, not by importing."""
    return sys.platform != "linux" or not (SCRIPTS / "nbgrader").exists()
