"""`grader nbgrader`: make a course for nbgrader, collect submissions into it, export its grades.

What `init` writes is what `grader release` hands out, so that no reference and no hidden check ever lies in
`source/`: whoever can read nbgrader's folders or its gradebook finds nothing there. Nothing is overwritten unasked.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from grader.channels.nbgrader.collect import Collected, Student, collect
from grader.course.assignment import Course
from grader.course.reading import load_assignment
from grader.errors import GraderError, UsageError
from grader.formats.forms import ScoreTable
from grader.formats.gradebook import to_table, ungraded
from grader.handout.notebook import Variant, notebook
from grader.handout.release import bytes_of
from grader.submissions.names import is_looked_at
from grader.whole import write_whole

if TYPE_CHECKING:
    from grader.channels.nbgrader.regrading import Regrading

__all__ = ["collect_into", "export", "init", "regrading"]

_CONFIG = "nbgrader_config.py"


def _require_nbgrader() -> None:
    """Raise UsageError, with what to do, where nbgrader or what comes with it is not installed."""
    for name in ("nbgrader", "nh3"):
        if importlib.util.find_spec(name) is None:
            raise UsageError(f"{name} is not installed here; install it with: pip install 'chainrule[nbgrader]'")


def init(folder: Path, course: Course, *, db_url: str | None, force: bool) -> list[str]:
    """Write the configuration, the gradebook and `source/`; return a line for each thing written or kept."""
    _require_nbgrader()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = [_write_config(folder / _CONFIG, course, folder.resolve().name, db_url)]
        for name in course.names:
            lines += _write_source(folder / "source" / name, course, name, force=force)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}: {error.filename2 or error.filename}") from error
    return [*lines, _make_gradebook(folder)]


def _write_config(path: Path, course: Course, course_id: str, db_url: str | None) -> str:
    lines = [
        '"""The settings of nbgrader for this course: yours to edit."""',
        "",
        "from grader.nbgrader import configure",
        "",
        "c = get_config()  # noqa: F821 - nbgrader defines it",
        f"c.CourseDirectory.course_id = {course_id!r}",
    ]
    if db_url is not None:
        lines.append(f"c.CourseDirectory.db_url = {db_url!r}")
    lines += [
        "# The private course, with solutions/ and tests/hidden/: keep it where no student can read it.",
        f"configure(c, course={str(course.root)!r})",
    ]
    if not path.exists():
        write_whole(path, "\n".join([*lines, ""]).encode())
        return f"wrote {path}"
    text = path.read_text("utf-8", "replace")
    missing = [] if "grader.nbgrader" in text else [lines[2], lines[-1]]
    if db_url is not None and repr(db_url) not in text:
        missing.append(f"c.CourseDirectory.db_url = {db_url!r}")
    if not missing:
        return f"kept {path}, which calls `configure` already"
    wanted = "\n    ".join(missing)
    return f"kept {path}, which is yours; add to it, where `c` is its configuration:\n    {wanted}"


def _write_source(folder: Path, course: Course, name: str, *, force: bool) -> list[str]:
    assignment = load_assignment(course, name)
    files = {**bytes_of(assignment), f"{name}.ipynb": notebook(assignment, Variant.SOURCE).encode()}
    lines = []
    for file, data in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() == data:
            continue
        if path.exists() and not force:
            lines.append(f"kept {path}, which differs from what is released now; --force overwrites it")
            continue
        lines.append(f"{'overwrote' if path.exists() else 'wrote'} {path}")
        write_whole(path, data)
    return lines or [f"kept {folder}, which is what is released now"]


def _make_gradebook(folder: Path) -> str:
    from grader.channels.nbgrader.gradebook import make_gradebook

    try:
        return f"the gradebook is {make_gradebook(folder)}"
    except GraderError:
        raise
    except Exception as error:
        raise UsageError(f"the gradebook can't be opened: {error}") from error


def collect_into(
    folder: Path, path: Path, *, force: bool, assignment: str | None = None
) -> tuple[list[str], list[str]]:
    """Copy what students handed in from `path` into `submitted/`; return what was done, and what was not.

    Beside work without a notebook of the released name lies the released one, since nbgrader looks at no submission
    without it; which of them counts is decided when they are graded.
    """
    _require_nbgrader()
    from grader.channels.nbgrader.gradebook import add_students

    source = folder / "source"
    names = tuple(sorted(child.name for child in source.iterdir() if child.is_dir())) if source.is_dir() else ()
    if not names:
        raise UsageError(f"{folder} is no course of nbgrader with assignments in source/; see grader nbgrader init")
    if assignment is not None and assignment not in names:
        raise UsageError(
            f"--assignment {assignment}: there is no such assignment in source/; there is {', '.join(names)}"
        )
    found, problems = collect(path, names, assignment=assignment)
    lines: list[str] = []
    students: dict[str, Student] = {}
    for item in found:
        try:
            line, done = _put(folder, item, force=force)
        except OSError as error:
            problems.append(f"{', '.join(item.origins)}: {error.strerror}: {error.filename}")
            continue
        (lines if done else problems).append(line)
        students[item.student.id] = item.student
    add_students(folder, [(student.id, student.name, student.lms_user_id) for student in students.values()])
    return lines, problems


def _put(folder: Path, item: Collected, *, force: bool) -> tuple[str, bool]:
    """Write one submission; say what became of it, and whether what was handed in lies there now."""
    released = folder / "release" / item.assignment / f"{item.assignment}.ipynb"
    files = dict(item.files)
    if released.name not in files:
        if not released.is_file():
            raise UsageError(f"{released} is missing; run `nbgrader generate_assignment {item.assignment}` first")
        files[released.name] = released.read_bytes()
    target = folder / "submitted" / item.student.id / item.assignment
    there = _handed_in(target)
    shown = f"{item.student.id}/{item.assignment}"
    if there == files:
        return f"unchanged {shown}", True
    if there and not force:
        return f"kept {shown}, which differs from {', '.join(item.origins)}; --force replaces it", False
    target.mkdir(parents=True, exist_ok=True)
    for name in there.keys() - files.keys():
        (target / name).unlink()
    for name, data in files.items():
        write_whole(target / name, data)
    return f"{'replaced' if there else 'collected'} {shown} from {', '.join(item.origins)}", True


def _handed_in(folder: Path) -> dict[str, bytes]:
    """Return the files in a folder of nbgrader's that may hold a student's work."""
    if not folder.is_dir():
        return {}
    paths = [path for path in folder.iterdir() if is_looked_at(path.name, folder.name) and path.is_file()]
    return {path.name: path.read_bytes() for path in paths}


def export(folder: Path, form: ScoreTable, assignments: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the scores in the gradebook as CSV, and what was handed in but has no score."""
    _require_nbgrader()
    from grader.channels.nbgrader.gradebook import read_scores

    students = read_scores(folder, assignments)
    return to_table(students, form), ungraded(students)


def regrading(folder: Path, assignment: str) -> Regrading:
    """Return what is handed in of an assignment, to be graded without touching the gradebook; raises UsageError."""
    _require_nbgrader()
    from grader.channels.nbgrader.regrading import Regrading

    return Regrading(folder, assignment)
