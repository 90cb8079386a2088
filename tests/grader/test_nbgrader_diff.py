"""`grader nbgrader diff`: whose score the next `autograde --force` changes, told before it does."""

import csv
import hashlib
import io
import json
import shutil

import pytest
from nbgrader_runs import Course, grader, needs_nbgrader

pytestmark = needs_nbgrader
RIGHT = "def double(x):\n    return 2 * x\n\ndef mean_square(x):\n    return (x * x).mean()\n"
TRIPLE = RIGHT.replace("2 * x", "3 * x")
CLASS = {"bytwo": RIGHT, "bythree": TRIPLE, "typed": TRIPLE, "spoilt": RIGHT, "gone": RIGHT}
TYPED = """
    UPDATE grade SET manual_score = 1.5 WHERE id IN (
        SELECT grade.id FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        WHERE student_id = 'typed' AND base_cell.name = 'double')
"""
SCORES = """
    SELECT student_id, SUM(coalesce(manual_score, auto_score)), SUM(manual_score IS NULL AND auto_score IS NULL)
    FROM grade
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    GROUP BY student_id
"""


class Mended:
    """A graded class whose author then finds that to double was to triple, and what was said before the next run."""

    def __init__(self, root):
        from small_course import SmallCourse

        self.small = SmallCourse(root / "private")
        self.small.be_patient()
        self.course = Course(root / "course", self.small.root, "small")
        (made,) = grader(["nbgrader", "init", self.course.root, "--course", self.small.root], folder=root)
        assert made.code == 0, made.err
        self.run("nbgrader", "generate_assignment", "small")
        self.blank = (self.course.root / "release" / "small" / "small.ipynb").read_text("utf-8")
        for student, text in CLASS.items():
            self.put(student, text)
        self.run("nbgrader", "autograde", "small")
        self.course.write_rows(TYPED)
        self.small.edit("solutions/small/small.py", "return 2 * x", "return 3 * x")
        suite = self.small.root / "tests" / "hidden" / "test_small.py"
        suite.write_text(suite.read_text("utf-8").replace("2 * x, tol", "3 * x, tol"), "utf-8")
        self.put("new", TRIPLE)
        self.put("spoilt", "def double(x:\n", "small.ipynb")
        (self.course.root / "submitted" / "spoilt" / "small" / "small.py").unlink()
        shutil.rmtree(self.course.root / "submitted" / "gone")
        self.before, self.files = self.scores(), self.state()
        words = ["nbgrader", "diff", "small", "--format"]
        self.said = grader([*words, "json", "--exit-code"], [*words, "csv"], [*words[:3]], folder=self.course.root)
        self.files_after = self.state()
        self.run("nbgrader", "autograde", "small", "--force")
        self.now = self.scores()

    def run(self, *words):
        done = self.course.command(*words)
        assert done.returncode == 0, done.stderr

    def put(self, student, text, name="small.py"):
        self.course.put(student, self.blank)
        self.course.put(student, text, name)

    def scores(self):
        """Return each student's score in the gradebook, None where a cell has none."""
        return {student: None if missing else score for student, score, missing in self.course.rows(SCORES)}

    def state(self):
        """Return a digest of each file of the course, the gradebook among them."""
        paths = [path for path in self.course.root.rglob("*") if path.is_file()]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.fixture(scope="module")
def mended(tmp_path_factory):
    return Mended(tmp_path_factory.mktemp("mended"))


def test_what_is_said_is_what_autograde_then_does(mended):
    document = json.loads(mended.said[0].out)

    said = {item["student"]: item for item in document["submissions"]}
    assert {name: item["before"] and item["before"]["score"] for name, item in said.items()} == {
        **mended.before,
        "new": None,
    }
    assert {name: item["now"]["score"] for name, item in said.items()} == mended.now


def test_every_kind_of_change_is_told_apart(mended):
    document = json.loads(mended.said[0].out)

    assert {item["student"]: item["change"] for item in document["submissions"]} == {
        "bythree": "higher",
        "bytwo": "lower",
        "gone": "same",
        "new": "new",
        "spoilt": "status",
        "typed": "same",
    }
    statuses = {item["student"]: item["now"]["status"] for item in document["submissions"]}
    assert statuses["spoilt"] == "unreadable"


def test_nothing_in_the_course_is_written(mended):
    assert mended.files_after == mended.files


def test_exit_code_says_that_scores_change_where_that_is_asked_for(mended):
    assert [done.code for done in mended.said] == [4, 0, 0]


def test_table_and_csv_name_the_exercise_and_what_stays(mended):
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(mended.said[1].out))}
    table = " ".join(mended.said[2].out.split())

    assert rows["bythree"]["checks"] == "double: 0 → 4"
    assert "4 of 6 grades change: 1 higher, 1 lower" in table
    assert "typed in by hand, and stay: 1" in table
    assert "the score stays: gone" in table


def test_unknown_assignment_and_no_course_are_a_wrong_use(mended, tmp_path):
    unknown, elsewhere = grader(
        ["nbgrader", "diff", "large", mended.course.root], ["nbgrader", "diff", "small", tmp_path], folder=tmp_path
    )

    assert (unknown.code, elsewhere.code) == (2, 2)
    assert "there is no assignment 'large'; there is small" in unknown.err
    assert "holds no nbgrader_config.py" in elsewhere.err
