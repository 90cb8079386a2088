"""A class of the small course that is graded as `grader grade` does, with checkers that know the answers."""

import csv
import os
from dataclasses import replace

from reports import make_submission

from grader.commands import grading
from grader.commands.batch import run
from grader.commands.options import Options, Out
from grader.formats.forms import Form
from grader.report.report import Audience
from grader.sandbox.mode import SandboxMode

RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
WRONG = RIGHT.replace("2 * x", "3 * x")
STUB = "def double(x):\n    raise NotImplementedError\n"
SCORES = {RIGHT: 6.0, WRONG: 2.0, STUB: 0.0}
CLASS = {"ada": RIGHT, "bo": WRONG, "cy": STUB}


class KnownClass:
    """A class of the small course, and which of it a run grades."""

    def __init__(self, course, monkeypatch):
        self.course = course
        self.out = course.root / "out"
        self.graded = []
        self.interrupt_after = None
        self.grade_all = grading.grade_all
        monkeypatch.setattr(grading, "grade_all", self.grade)
        for name, source in CLASS.items():
            self.write(name, source)

    def grade(self, course, name, found, *, each, confined, **_):
        """Stand in for the checkers, which have tests of their own: what is tried here is what becomes of a report."""
        self.graded = [item.path.name for item in found]
        confined("nothing")
        for item in found:
            score = SCORES[(item.path if item.path.is_file() else item.path / "small.py").read_text()]
            each(item, make_submission(submission=item.given, score=score, max_score=6.0))
            if self.interrupt_after == item.path.name:
                raise KeyboardInterrupt
        return "nothing"

    def write(self, name, source):
        self.course.write(f"class/{name}/small.py", source)

    def run(self, **more):
        self.graded = []
        options = Options(
            paths=(str(self.course.root / "class"),),
            assignment="small",
            form=Form.CSV,
            audience=Audience.STAFF,
            copies=(),
            sandbox=SandboxMode.AUTO,
            out=Out(folder=self.out),
            fail_under=None,
            course=self.course.root,
        )
        return run(replace(options, **more))

    def files(self):
        return {path.name: path.read_bytes() for path in self.out.iterdir()}

    def table(self):
        with (self.out / "grades.csv").open() as file:
            return {os.path.basename(row["submission"]): row["score"] for row in csv.DictReader(file)}
