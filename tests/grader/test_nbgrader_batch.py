"""Damaged and hostile notebooks, all of them in one run of `nbgrader autograde`.

Most hold three exercises of eight, whose points tell which of them were credited: 1, 2 and 3. What each
of them is worth stands beside it; None is what stays ungraded.
"""

import hashlib
import html
import html.parser
import json
import os
import re
import shutil
import sysconfig
from pathlib import Path

import pytest
from evidence import PROOF
from nbgrader_cheats import BESIDE, CHEATS, WARNS, markup
from nbgrader_course import ROOT, NbgraderCourse, nbgrader_is_missing
from nbgrader_damage import DAMAGE
from nbgrader_notebooks import (
    ALL,
    ASSIGNMENT,
    BUT_LOSS,
    NAME,
    NOTHING,
    POINTS,
    RELEASED,
    RIGHT,
    THREE,
    WRONG,
    cell_at,
    code,
    right,
)

from grader.handout.release import files_of

pytestmark = pytest.mark.skipif(nbgrader_is_missing(), reason="nbgrader is not installed, or there is no sandbox")
CANARY = "chainrule-canary-"


# --- the run --------------------------------------------------------------------------------------


def worth(points):
    """Return what the gradebook is to hold of each cell, as (auto_score, needs_manual_grade)."""
    if points is None:
        return dict.fromkeys(POINTS, (None, True))
    return {name: (dict(zip(THREE, points, strict=True)).get(name, 0), False) for name in POINTS}


EXPECTED = {
    **{f"cheat-{name}": worth(points) for name, (_, points) in CHEATS.items()},
    **{f"damage-{name}": worth(points) for name, (_, points) in DAMAGE.items()},
    "damage-a_directory": worth(None),
    "damage-a_link": worth(None),
    "damage-module_as_well": worth(None),
    "shown-blank": worth(NOTHING),
    "shown-markup": worth(BUT_LOSS),
    "shown-right": {name: (points, False) for name, points in POINTS.items()},
    "shown-warns": worth(ALL),
    "shown-wrong": worth(BUT_LOSS),
}


def hand_in(course):
    """Write all submissions."""

    def put(student, content, name=None):
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        if isinstance(text, str):
            for mark, path in {"@COURSE@": course.root, "@PRIVATE@": course.private, "@ROOT@": ROOT}.items():
                text = text.replace(mark, str(path))
        course.put(student, text, name)

    for name, (content, _) in CHEATS.items():
        put(f"cheat-{name}", content)
        for other, beside in BESIDE.get(name, {}).items():
            put(f"cheat-{name}", beside, other)
    for name, (content, _) in DAMAGE.items():
        put(f"damage-{name}", content)
    (course.folder("damage-a_directory") / f"{NAME}.ipynb").mkdir()
    (course.folder("damage-a_link") / f"{NAME}.ipynb").symlink_to(f"../../shown-right/{NAME}/{NAME}.ipynb")
    put("damage-module_as_well", right())
    put("damage-module_as_well", RIGHT["model"], f"{NAME}.py")
    put("shown-blank", RELEASED)
    put("shown-markup", markup())
    put("shown-right", right(tuple(RIGHT)))
    put("shown-warns", cell_at(1, code(WARNS.strip())))
    put("shown-wrong", right(loss_fn=WRONG))


def contents(*folders):
    """Return the hash of each file in the folders, and where links lead."""
    found = {}
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_symlink():
                found[path] = os.readlink(path)
            elif path.is_file() and "__pycache__" not in path.parts:
                found[path] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def untouched(course):
    """Return what no student may change: all but the gradebook and the autograded notebooks."""
    folders = [course.root / name for name in ("submitted", "source", "release")]
    config = course.root / "nbgrader_config.py"
    return {
        **contents(*folders, course.private),
        config: config.read_text("utf-8"),
        "entries": sorted(os.listdir(course.root)),
    }


class Batch:
    """What became of all submissions: the one run, the gradebook, and what lay there before."""

    def __init__(self, course):
        self.course = course
        course.limit(call_seconds=2, exercise_seconds=3, load_seconds=5)
        course.init()
        (course.root / "autograded").mkdir()
        hand_in(course)
        self.before = untouched(course)
        self.run = course.autograde()
        self.grades = course.grades()


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    return Batch(NbgraderCourse(tmp_path_factory.mktemp("batch")))


@pytest.fixture(scope="module")
def pages(batch):
    done = batch.course.feedback("--student", "shown-*")
    assert done.returncode == 0, done.stderr
    return batch.course


def strings(value):
    """Yield every text in JSON values."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def shown(notebook):
    return "\n".join(strings(notebook))


# --- what became of each --------------------------------------------------------------------------


def test_batch_of_damage_is_large_enough():
    assert len(DAMAGE) >= (60 if PROOF else 24)


def test_batch_ends_well(batch):
    assert batch.run.returncode == 0, batch.run.stderr[-3000:]
    assert "Traceback" not in batch.run.stderr
    assert sorted(batch.grades) == sorted(EXPECTED)


@pytest.mark.parametrize("student", EXPECTED)
def test_submission_has_the_points_of_what_is_solved(batch, student):
    assert batch.grades[student] == EXPECTED[student]


@pytest.mark.parametrize("student", [student for student in EXPECTED if EXPECTED[student] == worth(None)])
def test_ungraded_submission_is_said_with_its_reason(batch, student):
    reason = re.search(rf"{student} is not graded \(unreadable\): (.+)", batch.run.stderr)

    assert reason is not None
    assert len(reason[1]) > 10
    assert "Not graded, since it can't be read." in shown(batch.course.autograded(student))


@pytest.mark.parametrize("student", EXPECTED)
def test_autograded_notebook_has_each_graded_cell_once(batch, student):
    book = batch.course.autograded(student)

    known = [cell["metadata"].get("nbgrader") for cell in book["cells"]]
    graded = {cell["grade_id"]: cell["points"] for cell in known if cell and cell["grade"]}
    names = [cell["grade_id"] for cell in known if cell]
    assert graded == POINTS
    assert sorted(names) == sorted(set(names))
    assert all(set(cell["metadata"]) <= {"nbgrader", "deletable", "editable"} for cell in book["cells"])
    assert all(
        set(cell) <= {"cell_type", "id", "metadata", "source", "outputs", "execution_count"} for cell in book["cells"]
    )


def test_cheats_leave_everybodys_files_as_they_were(batch):
    after = untouched(batch.course)

    assert [path for path in batch.before if batch.before[path] != after.get(path)] == []
    assert sorted(map(str, after)) == sorted(map(str, batch.before))


def test_cheats_leave_nothing_in_the_engine_and_the_environment(batch):
    names = ("nbgrader_config.py", "sitecustomize.py", "torch.py", "00-cheat.py", "cheat.pth")
    folders = [ROOT / "grader", Path(sysconfig.get_path("purelib")), Path.home() / ".ipython/profile_default/startup"]

    left = [folder / name for folder in folders for name in names if (folder / name).exists()]

    assert left == []


def test_gradebook_is_not_changed_after_the_run(batch):
    assert batch.course.grades() == batch.grades  # the first cheats' background writers would write by now
    assert batch.course.rows("PRAGMA integrity_check") == [("ok",)]


def test_no_process_of_a_submission_is_left(batch):
    course = str(batch.course.root).encode()

    left = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if course in words:
            left.append(words)

    assert left == []


def test_grader_grade_gives_the_same_points(batch, tmp_path):
    deeper = shutil.ignore_patterns("old", ".ipynb_checkpoints")  # nbgrader looks at no folder inside
    students = list(EXPECTED)[:: 1 if PROOF else 16]
    for student in students:
        shutil.copytree(batch.course.folder(student), tmp_path / student, symlinks=True, ignore=deeper)

    done = batch.course.command(
        "grader", "grade", tmp_path, "--assignment", NAME, "--course", batch.course.private, "--format", "json"
    )

    assert done.returncode == 0, done.stderr
    reports = {Path(item["submission"]).name: item for item in json.loads(done.stdout)["submissions"]}
    ungraded = dict.fromkeys(POINTS)
    for student in students:
        grades = batch.grades[student]
        points = {item["exercise"]: item["score"] for item in reports[student]["exercises"]} or ungraded
        assert points == {name: score for name, (score, _) in grades.items()}, student


# --- pages ----------------------------------------------------------------------------------------


class Live(html.parser.HTMLParser):
    """What a browser would run or follow in a page, or show in another's place."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.inside = tag if tag in ("script", "style") else ""
        if tag in ("iframe", "object", "embed", "form", "input", "base", "svg", "math", "img", "noscript", "animate"):
            self.found.append(tag)
        for name, value in attrs:
            scheme = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if (
                name.startswith("on")
                or scheme.startswith(("javascript:", "data:", "vbscript:"))
                or "STUDENT" in (value or "")
            ):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside and "STUDENT" in data:
            self.found.append(f"{self.inside}: {data}")


def test_page_of_feedback_runs_nothing_of_a_student(pages):
    page = pages.page("shown-markup")

    assert page.count("STUDENT") > 10
    assert Live(page).found == []


def test_autograded_notebook_holds_no_live_output_of_a_student(batch):
    book = batch.course.autograded("shown-markup")

    outputs = [output for cell in book["cells"] for output in cell.get("outputs", [])]
    live = [
        found
        for output in outputs
        for found in Live("".join(output["data"].get("text/html", ""))).found
        if output["output_type"] == "display_data"
    ]
    assert live == []
    assert {name for output in outputs for name in output["data"]} == {"text/html", "text/plain"}
    assert "STUDENT" not in json.dumps(book["metadata"])
    assert not any(cell["cell_type"] == "raw" for cell in book["cells"])


def test_page_of_a_notebook_runs_nothing_of_a_student(pages, tmp_path):
    path = pages.root / "autograded" / "shown-markup" / NAME / f"{NAME}.ipynb"
    config = pages.root / "nbgrader_config.py"

    done = pages.command(
        "jupyter",
        "nbconvert",
        "--to",
        "html",
        "--template",
        "classic",
        "--config",
        config,
        "--output-dir",
        tmp_path,
        path,
    )

    assert done.returncode == 0, done.stderr
    page = (tmp_path / f"{NAME}.html").read_text("utf-8")
    assert page.count("STUDENT") > 10
    assert Live(page).found == []


def test_page_of_feedback_says_the_points(pages):
    said = {
        student: re.search(r'class="total">(.*?)</p>', pages.page(student), re.DOTALL)[1].split()
        for student in ("shown-right", "shown-wrong")
    }

    assert said["shown-right"] == [f"{NAME}:", "20", "of", "20", "points"]
    assert said["shown-wrong"] == [f"{NAME}:", "4", "of", "20", "points"]


# --- secrecy --------------------------------------------------------------------------------------


def words_of(line):
    return " ".join(line.split())


def readable(path):
    """Return a file's text as a reader finds it: a notebook's sources and outputs, a page without its tags."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".ipynb":
        text = shown(json.loads(text))
    elif path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return text


def private_lines():
    """Return the lines of the hidden suite, of what it imports, and of the reference that no student is given."""
    released = {
        words_of(line)
        for text in (*files_of(ASSIGNMENT).values(), shown(json.loads(RELEASED)))
        for line in text.splitlines()
    }
    reference = ASSIGNMENT.reference.read_text("utf-8")
    solutions = "\n".join(re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", reference, re.DOTALL))
    suite = [ASSIGNMENT.hidden_suite, ASSIGNMENT.hidden_suite.with_name("shared.py")]
    texts = [*(path.read_text("utf-8") for path in suite), solutions]
    lines = {words_of(line) for text in texts for line in text.splitlines()}
    return {line for line in lines - released if len(line) > 30} - {
        words_of(line) for text in RIGHT.values() for line in text.splitlines()
    }


@pytest.mark.parametrize("place", ["source", "release", "autograded", "feedback", "gradebook.db"])
def test_nothing_private_is_in_the_course(pages, place):
    secrets = private_lines()
    root = pages.root / place

    files = [path for path in root.rglob("*") if path.is_file()] if root.is_dir() else [root]

    assert len(secrets) > 200
    assert files
    for path in files:
        text = readable(path)
        lines = {words_of(line) for line in text.splitlines()}
        assert CANARY not in text, path
        assert secrets & lines == set(), path
        if place == "gradebook.db":
            assert [line for line in secrets if line in words_of(text)] == []
