"""The same hostile notebooks by nbgrader: its gradebook, its autograded notebooks and its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbgrader_runs import Course, grader, needs_nbgrader
from redteam.notebooks import NOTEBOOKS, code, notebook
from redteam.vault import EVERY, HONEST, Attack, Vault, assert_tells_nothing, fingerprints
from test_nbgrader_batch import Live, readable

pytestmark = [
    needs_nbgrader,
    pytest.mark.skipif(EVERY > 1, reason="`grader grade` has a sample of the same notebooks: run by make proof"),
]

HALVES = {"double": (4.0, False), "mean_square": (0.0, False)}
NOTHING = {"double": (None, True), "mean_square": (None, True)}


class Class:
    """A class in nbgrader, with honest students first, last and in a class of their own."""

    def __init__(self, root: Path) -> None:
        self.vault = Vault(root / "private")
        self.course = Course(root / "course", self.vault.root, "small")
        (made,) = grader(["nbgrader", "init", self.course.root, "--course", self.vault.root], folder=root)
        assert made.code == 0, made.err
        released = self.course.command("nbgrader", "generate_assignment", "small")
        assert released.returncode == 0, released.stderr
        for student in ("alone", "a_first", "z_last"):
            self.course.put(student, notebook(code(HONEST)))
        (self.course.root / "autograded").mkdir()
        self.alone = self.course.autograde("--student", "alone")
        for name, attack in NOTEBOOKS.items():
            path = attack.make(root / name, self.vault)
            self.course.put(f"m_{name}", path.read_bytes())
        folders = [self.course.root / folder for folder in ("submitted", "source", "release")]
        before = fingerprints(self.vault.root, *folders)
        self.run = self.course.autograde()
        self.changed = before.items() ^ fingerprints(self.vault.root, *folders).items()
        self.grades = self.course.grades()
        self.feedback = self.course.feedback()

    def files(self, student: str) -> list[Path]:
        roots = [self.course.root / folder / student for folder in ("autograded", "feedback")]
        return [path for root in roots for path in sorted(root.rglob("small.*"))]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return Class(tmp_path_factory.mktemp("nbgrader"))


@pytest.mark.parametrize(("name", "attack"), NOTEBOOKS.items(), ids=NOTEBOOKS)
def test_notebook_has_in_the_gradebook_what_its_honest_work_is_worth(graded: Class, name: str, attack: Attack):
    assert graded.grades[f"m_{name}"] == (NOTHING if attack.earns is None else HALVES)


def test_no_file_for_a_student_tells_anything_private_or_runs(graded: Class):
    assert graded.feedback.returncode == 0, graded.feedback.stderr
    students = ["a_first", *(f"m_{name}" for name in NOTEBOOKS), "z_last"]
    assert all(len(graded.files(student)) >= 2 for student in students)
    for path in (path for student in students for path in graded.files(student)):
        assert_tells_nothing({str(path): readable(path)})
        assert path.suffix != ".html" or Live(path.read_text("utf-8")).found == [], path


def test_honest_students_keep_their_grades_and_their_bytes(graded: Class):
    assert graded.alone.returncode == graded.run.returncode == 0, graded.run.stderr
    assert {str(graded.grades[student]) for student in ("alone", "a_first", "z_last")} == {str(HALVES)}
    alone, first, last = ([stable(path) for path in graded.files(name)] for name in ("alone", "a_first", "z_last"))
    assert first == last == alone


def stable(path: Path) -> str:
    """Return a file's text without the name of its student and the time at which it was written."""
    text = re.sub(r"alone|a_first|z_last", "student", path.read_text("utf-8"))
    return re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d\S*", "", text)


def test_nothing_is_changed_or_left(graded: Class):
    assert graded.changed == set()
    assert [*graded.course.root.rglob("*pwned*"), *graded.vault.root.rglob("*pwned*")] == []
    assert graded.course.rows("PRAGMA integrity_check") == [("ok",)]
