"""What an instructor types for a course of nbgrader, run by run, and what came of each."""

import contextlib
import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from nbgrader_course import ROOT, SCRIPTS, NbgraderCourse, nbgrader_is_missing

from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import Variant, notebook

needs_nbgrader = pytest.mark.skipif(nbgrader_is_missing(), reason="nbgrader is not installed, or there is no sandbox")
COURSE = find_course(ROOT)
NAME = "gradient_descent"
ASSIGNMENT = load_assignment(COURSE, NAME)
FIRST = ASSIGNMENT.names[0]

# What runs several of our commands in one process, since importing nbgrader takes seconds.
DRIVER = """
import contextlib, io, json, sys
from grader.commands.cli import main
found = []
for words in json.loads(sys.argv[1]):
    out, err, code = io.StringIO(), io.StringIO(), 0
    sys.argv = ["grader", *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    found.append({"code": code, "out": out.getvalue(), "err": err.getvalue()})
print(json.dumps(found))
"""


class Done:
    """What one of our commands did."""

    def __init__(self, *, code, out, err):
        self.code, self.out, self.err = code, out, err


def grader(*commands, folder, before=""):
    """Run commands of `grader` one after another in one process, and return what each did."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRADER_")}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{before}\n{DRIVER}",
            json.dumps([[str(word) for word in words] for words in commands]),
        ],
        cwd=folder,
        # An environment that is not activated: what is called by its name must be found all the same.
        env={**environment, "PATH": os.defpath, "OMP_NUM_THREADS": "1", "COLUMNS": "140"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Done(**item) for item in json.loads(done.stdout.splitlines()[-1])]


def solved():
    return notebook(ASSIGNMENT, Variant.SOLVED)


class Inits:
    """What `grader nbgrader init` did, in the order in which it was called."""

    def __init__(self, root):
        self.root = root
        self.new, self.foreign, self.other = root / "new", root / "foreign", root / "other"
        self.foreign.mkdir()
        (self.foreign / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'mine'\n")
        changed = self.new / "source" / "autograd" / "README.md"
        own = self.new / "source" / "autograd" / "data.csv"
        self.url = f"sqlite:///{root / 'elsewhere.db'}"
        prepare = f"""
            import grader.channels.nbgrader.command as module, pathlib
            real, calls = module.init, []
            def init(folder, *rest, **more):
                calls.append(folder)
                if len(calls) == 3:  # before the third, the instructor changes a file and adds one
                    pathlib.Path({str(changed)!r}).write_text("changed", "utf-8")
                    pathlib.Path({str(own)!r}).write_text("my own", "utf-8")
                return real(folder, *rest, **more)
            module.init = init
        """
        words = ("nbgrader", "init", "--course", ROOT)
        self.first, self.second, self.third, self.forced, self.on_foreign, self.with_db = grader(
            [*words, self.new],
            [*words, self.new],
            [*words, self.new],
            [*words, self.new, "--force"],
            [*words, self.foreign],
            [*words, self.other, "--db", self.url],
            folder=root,
            before=textwrap.dedent(prepare),
        )


DEADLINE, LATE = "2026-02-01 17:00:00", "2026-02-01 19:30:00"  # two and a half hours
MANUAL = """
    UPDATE grade SET manual_score = 1.5, needs_manual_grade = 0 WHERE id IN (
        SELECT grade.id FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        WHERE student_id = 'blank' AND base_cell.name = ?)
"""
COMMENT = """
    UPDATE comment SET manual_comment = 'See me.' WHERE id IN (
        SELECT comment.id FROM comment
        JOIN base_cell ON base_cell.id = comment.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        WHERE student_id = 'blank' AND base_cell.name = ?)
"""
SCORES = """
    SELECT student_id, base_cell.name, auto_score, manual_score, extra_credit, needs_manual_grade
    FROM grade
    JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    ORDER BY 1, 2
"""
COMMENTS = """
    SELECT student_id, base_cell.name, auto_comment, manual_comment
    FROM comment
    JOIN base_cell ON base_cell.id = comment.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    ORDER BY 1, 2
"""
PENALTIES = """
    SELECT student_id, submitted_notebook.late_submission_penalty
    FROM submitted_notebook
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    ORDER BY 1
"""


class Course(NbgraderCourse):
    """A course of nbgrader whose private course stands where it is."""

    def __init__(self, root, private, assignment):
        self.root, self.private, self.assignment = root, private, assignment

    def write_rows(self, sql, *values):
        """Change the gradebook, as formgrader does."""
        with contextlib.closing(sqlite3.connect(self.root / "gradebook.db")) as connection, connection:
            assert connection.execute(sql, values).rowcount == 1

    def autograde_watched(self, *options):
        """Autograde, and return what came of it and the process ids of all checkers that ran meanwhile."""
        command = [SCRIPTS / "nbgrader", "autograde", self.assignment, *options]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        log = self.root / "autograde.log"
        seen = set()
        with (
            log.open("w") as out,
            subprocess.Popen(
                command, cwd=self.root, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            ) as process,
        ):
            while process.poll() is None:
                seen |= checkers_of(process.pid)
                time.sleep(0.05)
        return process.returncode, log.read_text("utf-8"), seen


def checkers_of(process):
    """Return the children of a process that run `grader.judge.server`."""
    found = set()
    for task in Path(f"/proc/{process}/task").glob("*"):
        with contextlib.suppress(OSError):
            for child in (task / "children").read_text("utf-8").split():
                if b"grader.judge.server" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.add(int(child))
    return found


class GradedClass:
    """A class that was collected, autograded, changed by hand, autograded again, and exported."""

    def __init__(self, course, collected, tmp_path):
        self.course, self.collected = course, collected
        course.put("misnamed", solved(), "my_homework.ipynb")
        course.put("late", solved())
        (course.folder("late") / "timestamp.txt").write_text(f"{LATE} UTC")
        course.put("garbage", "{ no notebook")
        released = (course.root / "release" / course.assignment / f"{course.assignment}.ipynb").read_bytes()
        for student, copy in (("copied", solved()), ("damaged", "{ no notebook")):
            course.put(student, released)  # as nbgrader's fetch puts it there
            course.put(student, copy, f"{course.assignment} (1).ipynb")
        course.write_rows("UPDATE assignment SET duedate = ?", f"{DEADLINE}.000000")
        self.code, self.log, self.checkers = course.autograde_watched()
        self.scores, self.penalties = course.rows(SCORES), course.rows(PENALTIES)
        self.comments = course.rows(COMMENTS)
        self.book, self.copied = course.autograded("module"), course.autograded("copied")
        course.write_rows(MANUAL, FIRST)
        course.write_rows(COMMENT, f"solution-{FIRST}")
        self.again = course.autograde("--force")
        self.scores_again, self.penalties_again = course.rows(SCORES), course.rows(PENALTIES)
        self.comments_again = course.rows(COMMENTS)
        self.stock = course.command("nbgrader", "export", "--to", tmp_path / "stock.csv")
        self.exported = list(csv.DictReader(io.StringIO((tmp_path / "stock.csv").read_text("utf-8"), newline="")))
        self.plain, self.canvas, self.moodle, self.unknown = grader(
            ["nbgrader", "export"],
            ["nbgrader", "export", "--format", "canvas", "--to", tmp_path / "canvas.csv"],
            ["nbgrader", "export", "--format", "moodle", "--assignment", NAME],
            ["nbgrader", "export", "--assignment", "knitting"],
            folder=course.root,
        )
        self.canvas_rows = list(csv.reader((tmp_path / "canvas.csv").read_text("utf-8").splitlines()))

    def points(self, student, *, again=False):
        rows = self.scores_again if again else self.scores
        return {name: score for who, name, score, *_ in rows if who == student}


RIGHT = """
def double(x):
    return 2 * x

def mean_square(x):
    return (x * x).mean()
"""
