"""What is kept between runs: nothing stale or planted says that a release is right, or what a suite expects."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_course import SmallCourse

from grader.commands.cli import root
from grader.course.reading import find_course, load_assignment
from grader.course.suite_files import suite_files
from grader.judge.keeping import key_of
from grader.judge.store import store_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="links and modes are those of Linux")

MORE = "    ### END SOLUTION\n\n# %% [markdown]\n# More of the lesson.\n"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCourse:
    """A course whose release is without drift, which is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = SmallCourse(tmp_path / "course")
    made.write("solutions/small/test_small.py", "import pytest\n")
    assert run(made).exit_code == 0
    assert checked(made) == 0
    return made


def run(course: SmallCourse, *options: str):
    return CliRunner().invoke(root, ["release", "--course", str(course.root), *options])


def checked(course: SmallCourse) -> int:
    return run(course, "--check").exit_code


def moved(path: Path) -> Path:
    """Put a link where a folder was; return where it is now."""
    place = path.with_name(f"{path.name}.moved")
    outside = path.parents[2] / place.name
    path.rename(outside)
    path.symlink_to(outside)
    return outside


def change_lesson(folder: Path) -> None:
    path = folder / "small.py"
    path.write_text(path.read_text("utf-8").replace("    ### END SOLUTION\n", MORE, 1), "utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "lesson": lambda root: change_lesson(root / "solutions" / "small"),
    "settings": lambda root: (root / "solutions/small/assignment.toml").write_text(
        (root / "solutions/small/assignment.toml").read_text("utf-8").replace("points = 4", "points = 5"), "utf-8"
    ),
    "visible tests": lambda root: (root / "solutions/small/test_small.py").write_text("import torch\n"),
    "released file": lambda root: (root / "assignments/small/small.py").write_text("x = 1\n"),
    "file that is gone": lambda root: (root / "assignments/small/_course/kit/kit.py").unlink(),
    "file that is new": lambda root: (root / "assignments/small/more.py").write_text("x = 1\n"),
    "file in a folder that is linked": lambda root: (
        moved(root / "assignments/small/_course") / "__init__.py"
    ).write_text("x\n"),
    "lesson in a linked folder": lambda root: change_lesson(moved(root / "solutions/small")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_drift_is_found_though_there_was_none_before(course: SmallCourse, change: Callable[[Path], object]):
    """Goal: that a changed release passes for one that was checked."""
    change(course.root)

    assert checked(course) == 1


def test_drift_behind_a_link_that_was_there_at_the_first_check_is_found(course: SmallCourse):
    outside = moved(course.root / "solutions" / "small")
    assert checked(course) == 0

    change_lesson(outside)

    assert checked(course) == 1


def plant(course: SmallCourse, change: Callable[[Path], object]) -> None:
    """Change what is kept, and then the lesson back and forth, so that the entry would be found by its key."""
    (entry,) = store_folder().glob("release-*.kept")
    change(entry)


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.chmod(0o644),
        lambda entry: entry.parent.chmod(0o755),
        lambda entry: entry.write_bytes(entry.read_bytes()[:-1]),
        lambda entry: entry.rename(entry.with_name(f"{entry.name.partition('.')[0]}.{'0' * 32}.kept")),
        lambda entry: os.replace(entry, entry.with_suffix(".x")) or entry.symlink_to(entry.with_suffix(".x")),
    ],
    ids=["open file", "open folder", "damaged", "of another key", "link"],
)
def test_entry_that_may_be_anothers_is_not_believed(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
):
    """Goal: that an entry which somebody else could have written stands for a check."""
    generated: list[str] = []
    plant(course, change)
    monkeypatch.setattr("grader.handout.release.drift", lambda _, name: generated.append(name) or [])

    checked(course)

    assert generated == ["small"]


@pytest.mark.parametrize(
    "file", ["tests/hidden/data.csv", "tests/hidden/oracle/__init__.py", "solutions/small/table.json"]
)
def test_what_a_suite_may_read_is_part_of_its_key(course: SmallCourse, file: str):
    """Goal: that what was expected of other data is expected still."""
    assignment = load_assignment(find_course(course.root), "small")
    keys = []

    for text in ("1\n", "2\n"):
        course.write(file, text)
        keys.append(key_of(assignment, suite_files(assignment.hidden_suite)))

    assert keys[0] != keys[1]
