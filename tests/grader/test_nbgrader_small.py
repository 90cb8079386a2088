"""A small course in nbgrader: changed points, our own faults, and what a student reads."""

import csv
import io
import json

import pytest
from nbgrader_course import SCRIPTS
from nbgrader_runs import RIGHT, Course, grader, needs_nbgrader

from grader.channels.nbgrader.feedback_cell import exercise_outputs
from grader.course.assignment import FeedbackLevel
from grader.report.report import Audience
from grader.report.view import view_submission

STARTED_BY_EXEC = True  # what is kept from the command is to be kept from what it starts

# What a kernel without Landlock answers: its first system call does not exist.
WITHOUT_LANDLOCK = """
import ctypes, os, sys
class Filter(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32)]
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("filter", ctypes.POINTER(Filter))]
rules = (Filter * 4)(
    Filter(0x20, 0, 0, 0),              # load the number of the system call
    Filter(0x15, 0, 1, 444),            # is it landlock_create_ruleset?
    Filter(0x06, 0, 0, 0x00050000 | 38),  # then ENOSYS
    Filter(0x06, 0, 0, 0x7FFF0000),     # else go on
)
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Program(4, rules)), 0, 0) == 0, ctypes.get_errno()
os.execv(sys.argv[1], sys.argv[1:])
"""


class SmallClass:
    """A course of one small exercise in nbgrader, where a cell's points were doubled, and runs that fail."""

    def __init__(self, root):
        from small_course import SmallCourse

        self.small = SmallCourse(root / "private")
        self.small.be_patient()
        self.course = Course(root / "course", self.small.root, "small")
        (made,) = grader(["nbgrader", "init", self.course.root, "--course", self.small.root], folder=root)
        assert made.code == 0, made.err
        source = self.course.root / "source" / "small" / "small.ipynb"
        book = json.loads(source.read_text("utf-8"))
        for cell in book["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double":
                cell["metadata"]["nbgrader"]["points"] = 8
        source.write_text(json.dumps(book), "utf-8")
        released = self.course.command("nbgrader", "generate_assignment", "small")
        assert released.returncode == 0, released.stderr
        blank = (self.course.root / "release" / "small" / "small.ipynb").read_text("utf-8")
        for student, text in (("right", RIGHT), ("half", RIGHT.replace("* x)", "* x * x)"))):
            self.course.put(student, blank)
            self.course.put(student, text, "small.py")
        self.refused = self.autograde_without_landlock()
        self.after_refusal = self.course.grades()
        suite = self.small.root / "tests" / "hidden" / "test_small.py"
        text = suite.read_text("utf-8")
        self.small.edit("tests/hidden/test_small.py", "student.double(x), 2 * x,", "student.double(x), 1 / 0 * x,")
        self.broken = self.course.autograde("--student", "right")
        self.after_broken = self.course.grades()
        suite.write_text(text, "utf-8")
        self.mended = self.course.autograde("--force")
        self.after_mended = self.course.grades()
        self.course.write_rows("INSERT INTO student (id) VALUES ('idle')")
        self.exported = self.course.command("nbgrader", "export", "--to", root / "grades.csv")
        self.rows = list(csv.DictReader(io.StringIO((root / "grades.csv").read_text("utf-8"), newline="")))
        self.small.root.rename(root / "away")
        self.lost = self.course.autograde("--force", "--student", "right")
        self.after_lost = self.course.grades()

    def autograde_without_landlock(self):
        words = [SCRIPTS / "nbgrader", "autograde", "small", "--student", "right"]
        return self.course.command("python", "-c", WITHOUT_LANDLOCK, *words)


@pytest.fixture(scope="module")
def small_class(tmp_path_factory):
    return SmallClass(tmp_path_factory.mktemp("small"))


def ungraded(grades):
    """Say whether nobody has a score, and everything waits for a person."""
    return all(score is None for cells in grades.values() for score, _ in cells.values())


@needs_nbgrader
def test_sandbox_that_refuses_leaves_everything_ungraded_and_says_why(small_class):
    assert small_class.refused.returncode == 1
    assert ungraded(small_class.after_refusal)
    assert "the sandbox can't be built" in small_class.refused.stderr
    assert "this kernel has no Landlock" in small_class.refused.stderr


@needs_nbgrader
def test_broken_suite_leaves_everything_ungraded_and_says_so(small_class):
    assert small_class.broken.returncode == 1
    assert ungraded(small_class.after_broken)
    assert "is not graded" in small_class.broken.stderr


@needs_nbgrader
def test_points_of_a_cell_that_was_changed_are_scaled(small_class):
    assert small_class.mended.returncode == 0, small_class.mended.stderr
    assert small_class.after_mended["right"] == {"double": (8.0, False), "mean_square": (2.0, False)}
    assert small_class.after_mended["half"] == {"double": (8.0, False), "mean_square": (0.0, False)}


@needs_nbgrader
def test_student_without_a_submission_has_a_blank_in_the_export_and_no_zero(small_class):
    assert small_class.exported.returncode == 0, small_class.exported.stderr
    scores = {row["student_id"]: (row["raw_score"], row["score"], row["max_score"]) for row in small_class.rows}
    assert scores == {"half": ("8.0", "8.0", "10.0"), "idle": ("", "", "10.0"), "right": ("10.0", "10.0", "10.0")}


@needs_nbgrader
def test_private_course_that_is_gone_is_said_and_changes_no_score(small_class):
    assert small_class.lost.returncode == 1
    assert str(small_class.small.root) in small_class.lost.stderr
    assert small_class.after_lost == small_class.after_mended


WRONG = RIGHT.replace("2 * x", "3 * x")


@pytest.fixture(scope="module")
def wrong_report(tmp_path_factory):
    from small_course import SmallCourse

    return SmallCourse(tmp_path_factory.mktemp("levels")).grade(anna=WRONG)["anna"]


def html_of(report, level):
    """Return the HTML that the first exercise's cell shows at a level of feedback."""
    seen = view_submission(report, FeedbackLevel(level), Audience.STUDENT)
    item = next(item for item in seen.exercises if item.exercise == "double")
    shown, result = exercise_outputs(item, item.score)
    assert result["data"] == {"text/plain": "0.0"}
    return shown["data"]["text/html"]


@pytest.mark.parametrize("level", ["score", "hint", "full"])
def test_every_level_shows_the_score_and_the_visible_check(wrong_report, level):
    page = html_of(wrong_report, level)

    assert "double: failed" in page
    assert "the known one" in page


def test_level_score_shows_nothing_of_a_hidden_check(wrong_report):
    page = html_of(wrong_report, "score")

    assert "values" not in page.replace("the value is", "")


def test_level_hint_shows_titles_but_no_hidden_inputs(wrong_report):
    hidden = next(check for item in wrong_report.exercises for check in item.checks if check.title == "values")

    page = html_of(wrong_report, "hint")

    assert "values" in page
    assert hidden.text
    assert hidden.text.splitlines()[0] not in page or hidden.text.splitlines()[0] == hidden.summary


def test_level_full_shows_the_inputs_too(wrong_report):
    hint, full = (html_of(wrong_report, level) for level in ("hint", "full"))

    assert len(full) > len(hint)
    assert full.count("you called") > hint.count("you called")
