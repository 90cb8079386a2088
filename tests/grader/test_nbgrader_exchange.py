"""Feedback by nbgrader's own exchange: whoever renamed the notebook fetches it under their own name."""

import json
import re
import shutil

import pytest
from nbgrader_runs import Course, grader, needs_nbgrader

pytestmark = needs_nbgrader
RENAMED, MORE = "my small (1)", "scratch"
STUDENT = """
c = get_config()
c.CourseDirectory.course_id = 'course'
c.Exchange.root = {root!r}
c.Exchange.cache = {cache!r}
"""


class Exchange:
    """A course whose student hands in by the exchange a notebook of another name, and fetches what was released."""

    def __init__(self, root):
        from small_course import SmallCourse

        self.small = SmallCourse(root / "private")
        self.small.be_patient()
        self.course = Course(root / "course", self.small.root, "small")
        self.folder, self.place = root / "student", root / "exchange"
        self.folder.mkdir()
        self.place.mkdir(mode=0o777)
        self.log = []
        (made,) = grader(["nbgrader", "init", self.course.root, "--course", self.small.root], folder=root)
        assert made.code == 0, made.err
        config = self.course.root / "nbgrader_config.py"
        config.write_text(f"{config.read_text('utf-8')}c.Exchange.root = {str(self.place)!r}\n", "utf-8")
        own = STUDENT.format(root=str(self.place), cache=str(root / "cache"))
        (self.folder / "nbgrader_config.py").write_text(own, "utf-8")
        self.instructor("generate_assignment", "small")
        self.instructor("release_assignment", "small")
        shutil.copytree(self.course.root / "release" / "small", self.folder / "small")
        self.rename()
        self.student("submit", "small")
        self.instructor("collect", "small")
        self.instructor("autograde", "small")
        self.instructor("generate_feedback", "small")
        self.instructor("release_feedback", "small")
        self.student("fetch_feedback", "small")

    def rename(self):
        """Solve the first exercise, give the notebook another name, and leave one more beside it."""
        folder = self.folder / "small"
        path = folder / "small.ipynb"
        book = json.loads(path.read_text("utf-8"))
        for cell in book["cells"]:
            cell["source"] = re.sub("raise NotImplementedError.*", "return 2 * x", "".join(cell["source"]), count=1)
        (folder / f"{RENAMED}.ipynb").write_text(json.dumps(book), "utf-8")
        path.unlink()
        empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{MORE}.ipynb").write_text(json.dumps(empty), "utf-8")

    def instructor(self, *words):
        self.run(self.course.root, *words)

    def student(self, *words):
        self.run(self.folder, *words)

    def run(self, folder, *words):
        done = self.course.command("nbgrader", *words, folder=folder)
        assert done.returncode == 0, (words, done.stderr)
        self.log.append(done.stderr)

    def fetched(self):
        """Return each page that the student has, by its name."""
        return {path.stem: path.read_text("utf-8") for path in self.folder.glob("small/feedback/*/*.html")}


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    return Exchange(tmp_path_factory.mktemp("exchange"))


def test_who_renamed_the_notebook_fetches_the_feedback_under_that_name(exchange):
    pages = exchange.fetched()

    assert "double: passed" in pages[RENAMED]
    assert pages[RENAMED] == exchange.course.root.joinpath(
        "feedback", next(iter(exchange.course.grades())), "small", "small.html"
    ).read_text("utf-8")


def test_every_notebook_that_was_handed_in_finds_the_page(exchange):
    assert set(exchange.fetched()) == {RENAMED, MORE}
    assert "Could not find feedback" not in exchange.log[-1]


def test_pages_in_the_exchange_are_whole_and_tell_no_name(exchange):
    names = [path.name for path in (exchange.place / "course" / "feedback").iterdir()]

    assert len(names) == 3  # also that of the released name, which nbgrader itself releases
    assert all(re.fullmatch(r"[0-9a-f]{32}\.html", name) for name in names)


def test_log_has_no_warning_of_sqlalchemy(exchange):
    assert not [line for log in exchange.log for line in log.splitlines() if "SAWarning" in line]
