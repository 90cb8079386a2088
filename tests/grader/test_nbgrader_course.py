"""A course of nbgrader from its first command to the exported grades, by the commands that an instructor types."""

import ast
import contextlib
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import pytest
from nbgrader_course import ROOT, SCRIPTS, NbgraderCourse, nbgrader_is_missing

from grader.channels.nbgrader.feedback_cell import exercise_outputs
from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import notebook
from grader.handout.release import files_of
from grader.report.report import Audience

needs_nbgrader = pytest.mark.skipif(nbgrader_is_missing(), reason="nbgrader is not installed, or there is no sandbox")
COURSE = find_course(ROOT)
NAME = "gradient_descent"
ASSIGNMENT = load_assignment(COURSE, NAME)
POINTS = {item: ASSIGNMENT.exercise(item).points for item in ASSIGNMENT.names}
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
    return notebook(ASSIGNMENT, "solved")


def cells_of(text):
    return json.loads(text)["cells"]


def grade_ids(cells):
    return [cell["metadata"]["nbgrader"]["grade_id"] for cell in known(cells)]


# --- init: several runs in one process, on folders of their own --------------------------------------


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


@pytest.fixture(scope="module")
def inits(tmp_path_factory):
    return Inits(tmp_path_factory.mktemp("inits"))


@needs_nbgrader
def test_init_writes_a_configuration_a_gradebook_and_every_assignment(inits):
    assert inits.first.code == 0, inits.first.err
    assert (inits.new / "nbgrader_config.py").is_file()
    assert sorted(path.name for path in (inits.new / "source").iterdir()) == sorted(COURSE.names)
    connection = sqlite3.connect(inits.new / "gradebook.db")
    with contextlib.closing(connection):
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert {"student", "grade", "assignment"} <= tables


@needs_nbgrader
def test_init_says_what_it_wrote(inits):
    written = {line.removeprefix("wrote ") for line in inits.first.out.splitlines() if line.startswith("wrote ")}

    files = {str(path) for path in [*inits.new.rglob("source/*/*"), inits.new / "nbgrader_config.py"]}
    assert files - {str(inits.new / "source" / "autograd" / "data.csv")} == written
    assert "gradebook" in inits.first.out


@needs_nbgrader
@pytest.mark.parametrize("name", COURSE.names)
def test_init_writes_what_is_released_and_the_notebook_with_marks(inits, name):
    assignment = load_assignment(COURSE, name)
    expected = {**files_of(assignment), f"{name}.ipynb": notebook(assignment, "source")}

    folder = inits.new / "source" / name

    found = {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.name != "data.csv"}
    assert found == expected


@needs_nbgrader
def test_init_writes_a_configuration_that_names_the_private_course(inits):
    text = (inits.new / "nbgrader_config.py").read_text("utf-8")

    assert "from grader.nbgrader import configure" in text
    assert f"configure(c, course={str(ROOT)!r})" in text
    assert "course_id = 'new'" in text
    assert len(text.splitlines()) <= 12


@needs_nbgrader
def test_second_init_keeps_everything_and_says_so(inits):
    assert inits.second.code == 0
    lines = inits.second.out.splitlines()
    assert not [line for line in lines if line.startswith(("wrote", "overwrote"))]
    assert len([line for line in lines if line.startswith("kept")]) >= 1 + len(COURSE.names)
    for name in COURSE.names:
        assert f"kept {inits.new / 'source' / name}, which is what is released now" in lines


@needs_nbgrader
def test_init_keeps_a_changed_file_and_says_how_to_replace_it(inits):
    changed = inits.new / "source" / "autograd" / "README.md"

    assert inits.third.code == 0
    assert f"kept {changed}, which differs from what is released now; --force overwrites it" in inits.third.out
    assert "overwrote" not in inits.third.out


@needs_nbgrader
def test_init_with_force_replaces_a_changed_file_and_says_so(inits):
    changed = inits.new / "source" / "autograd" / "README.md"

    assert inits.forced.code == 0
    assert f"overwrote {changed}" in inits.forced.out.splitlines()
    assert changed.read_text("utf-8") == files_of(load_assignment(COURSE, "autograd"))["README.md"]


@needs_nbgrader
def test_init_with_force_keeps_what_is_the_instructors_own(inits):
    assert (inits.new / "source" / "autograd" / "data.csv").read_text("utf-8") == "my own"


@needs_nbgrader
def test_init_keeps_a_foreign_configuration_and_prints_what_to_add(inits):
    assert inits.on_foreign.code == 0
    text = (inits.foreign / "nbgrader_config.py").read_text("utf-8")
    assert text == "c = get_config()\nc.CourseDirectory.course_id = 'mine'\n"
    assert "which is yours" in inits.on_foreign.out
    assert "    from grader.nbgrader import configure\n" in inits.on_foreign.out
    assert f"    configure(c, course={str(ROOT)!r})\n" in inits.on_foreign.out


@needs_nbgrader
def test_init_uses_the_database_that_is_named(inits):
    assert inits.with_db.code == 0, inits.with_db.err
    assert (inits.root / "elsewhere.db").is_file()
    assert not (inits.other / "gradebook.db").exists()
    assert inits.url in (inits.other / "nbgrader_config.py").read_text("utf-8")


# --- without nbgrader --------------------------------------------------------------------------------

WITHOUT = """
import sys
for name in ("nbgrader", "nbconvert", "nbformat", "traitlets", "bleach"):
    sys.modules[name] = None  # as if it were not installed
"""


def test_commands_for_nbgrader_say_what_to_install_where_it_is_missing(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()

    found = grader(
        ["nbgrader", "init", tmp_path / "course", "--course", ROOT],
        ["nbgrader", "collect", folder],
        ["nbgrader", "export"],
        ["nbgrader", "--help"],
        folder=tmp_path,
        before=WITHOUT,
    )

    for done in found[:3]:
        assert done.code == 2
        assert done.err == (
            "grader: nbgrader is not installed here; install it with: pip install 'chainrule[nbgrader]'\n"
        )
    assert found[3].code == 0
    assert not (tmp_path / "course").exists()


def test_grade_works_where_nbgrader_is_missing(small_course, tmp_path):
    module = small_course.write("class/anna/small.py", RIGHT)

    (done,) = grader(
        ["grade", module, "--format", "json", "--course", small_course.root], folder=tmp_path, before=WITHOUT
    )

    assert done.code == 0, done.err
    assert json.loads(done.out)["submissions"][0]["score"] == 6.0


def test_one_module_imports_nbgrader_and_what_comes_with_it():
    extra = {"nbgrader", "nbconvert", "nbformat", "traitlets", "bleach"}
    found = set()
    for path in (ROOT / "grader").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            if extra & {name.partition(".")[0] for name in names}:
                found.add(path.relative_to(ROOT).as_posix())

    assert found == {"grader/channels/nbgrader/plugin.py"}


def test_no_other_module_imports_ours_for_nbgrader_where_it_is_imported():
    """`grader.nbgrader` is imported inside functions, so that everything else works without nbgrader."""
    for path in (ROOT / "grader").rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                assert node.module != "grader.nbgrader", path


# --- a class of the real course ------------------------------------------------------------------------

DEADLINE, LATE = "2026-02-01 17:00:00", "2026-02-01 19:30:00"  # two and a half hours
PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin


class PointAnHour(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return round(total_seconds_late / 3600, 2)


c.AssignLatePenalties.plugin_class = PointAnHour
"""
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
    """Return the children of a process that run `grader.judge.checker`."""
    found = set()
    for task in Path(f"/proc/{process}/task").glob("*"):
        with contextlib.suppress(OSError):
            for child in (task / "children").read_text("utf-8").split():
                if b"grader.judge.checker" in Path(f"/proc/{child}/cmdline").read_bytes():
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
        course.write_rows("UPDATE assignment SET duedate = ?", f"{DEADLINE}.000000")
        self.code, self.log, self.checkers = course.autograde_watched()
        self.scores, self.penalties = course.rows(SCORES), course.rows(PENALTIES)
        self.comments = course.rows(COMMENTS)
        self.book = course.autograded("module")
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


@pytest.fixture(scope="module")
def released(inits):
    """Release one assignment of the course that `init` made."""
    course = Course(inits.new, ROOT, NAME)
    done = course.command("nbgrader", "generate_assignment", NAME)
    assert done.returncode == 0, done.stderr
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8") + PENALTY, "utf-8")
    return course


@pytest.fixture(scope="module")
def collected(released, tmp_path_factory):
    """Collect a zip of a learning platform, twice, and then one in which somebody handed in again."""
    folder = tmp_path_factory.mktemp("collected")
    module = ASSIGNMENT.reference.read_bytes()
    blank = (released.root / "release" / NAME / f"{NAME}.ipynb").read_bytes()
    wrong = solved().replace("(squared_diffs).mean()", "(squared_diffs).sum()").replace(".mean()", ".sum()").encode()
    files = {
        f"right/{NAME}.ipynb": solved().encode(),
        f"module/{NAME}.py": module,
        f"wrong/{NAME}.ipynb": wrong,
        f"blank/{NAME}.ipynb": blank,
        "blank/knitting.ipynb": b"{}",
    }
    write_zip(folder / "class.zip", files)
    write_zip(folder / "again.zip", {f"wrong/{NAME}.ipynb": wrong, f"blank/{NAME}.py": module})
    return grader(
        ["nbgrader", "collect", folder / "class.zip"],
        ["nbgrader", "collect", folder / "class.zip"],
        ["nbgrader", "collect", folder / "again.zip"],
        ["nbgrader", "collect", folder / "class.zip", "--into", folder],
        folder=released.root,
    )


def write_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


@pytest.fixture(scope="module")
def graded(released, collected, tmp_path_factory):
    return GradedClass(released, collected, tmp_path_factory.mktemp("exported"))


@needs_nbgrader
def test_generate_assignment_gives_the_released_notebook_with_checksums(released):
    text = (released.root / "release" / NAME / f"{NAME}.ipynb").read_text("utf-8")
    expected = cells_of((ROOT / "assignments" / NAME / f"{NAME}.ipynb").read_text("utf-8"))

    found = cells_of(text)

    for cell in found:
        nbgrader = cell["metadata"].get("nbgrader")
        if nbgrader is not None:
            assert len(nbgrader.pop("checksum")) == 32
            assert nbgrader.pop("cell_type", "code") == "code"
            for key in ("deletable", "editable"):
                cell["metadata"].pop(key, None)
    assert [source_of(cell) for cell in found] == [source_of(cell) for cell in expected]
    assert [cell["metadata"] for cell in found] == [cell["metadata"] for cell in expected]
    assert [cell["cell_type"] for cell in found] == [cell["cell_type"] for cell in expected]


def filled_in(text):
    """Return the released notebook with the first exercise solved, and nothing behind it, so that it runs soon."""
    book = json.loads(text)
    answers = {cell["metadata"]["nbgrader"]["grade_id"]: cell["source"] for cell in known(cells_of(solved()))}
    last = next(number for number, cell in enumerate(book["cells"]) if FIRST in grade_ids([cell]))
    book["cells"] = book["cells"][: last + 1]
    for cell in known(book["cells"]):
        cell["source"] = answers[cell["metadata"]["nbgrader"]["grade_id"]]
    return json.dumps(book)


def known(cells):
    """Return the cells that nbgrader knows."""
    return [cell for cell in cells if "nbgrader" in cell["metadata"]]


def source_of(cell):
    return "".join(cell["source"])


@needs_nbgrader
def test_generate_assignment_releases_the_files_beside_the_notebook(released):
    folder = released.root / "release" / NAME

    found = {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.suffix != ".ipynb"}

    assert found == {name: text for name, text in files_of(ASSIGNMENT).items() if not name.endswith(".ipynb")}


@needs_nbgrader
def test_nbgraders_validate_passes_a_filled_in_notebook_and_says_what_is_wrong(released, tmp_path):
    folder = tmp_path / NAME
    shutil.copytree(released.root / "release" / NAME, folder)
    right = filled_in((folder / f"{NAME}.ipynb").read_text("utf-8"))
    (folder / f"{NAME}.ipynb").write_text(right, "utf-8")
    (folder / "wrong.ipynb").write_text(right.replace("return ", "return 2 * "), "utf-8")

    done = released.command("nbgrader", "validate", f"{NAME}.ipynb", "wrong.ipynb", folder=folder)

    first, _, second = done.stdout.partition("Success! Your notebook passes all the tests.")
    assert (first.strip(), "Success!" in second) == ("", False), done.stdout
    assert "visible tests fail" in second


@needs_nbgrader
def test_collect_says_what_it_did_and_what_it_could_not(collected):
    first = collected[0]

    assert first.code == 1
    assert "4 submissions collected or unchanged, 1 not" in first.out
    assert f"collected right/{NAME} from right/{NAME}.ipynb" in first.out
    assert first.err.startswith("not collected: blank/knitting.ipynb: no assignment's name begins its name")


@needs_nbgrader
def test_collecting_again_changes_nothing(collected):
    second = collected[1]

    assert f"unchanged right/{NAME}" in second.out
    assert f"unchanged module/{NAME}" in second.out
    assert "replaced" not in second.out


@needs_nbgrader
def test_collecting_something_else_keeps_what_was_handed_in(collected, released):
    third = collected[2]

    assert third.code == 1
    assert f"unchanged wrong/{NAME}" in third.out
    assert f"kept blank/{NAME}, which differs from blank/{NAME}.py; --force replaces it" in third.err
    assert sorted(path.name for path in released.folder("blank").iterdir()) == [f"{NAME}.ipynb"]


@needs_nbgrader
def test_collecting_into_what_is_no_course_is_a_wrong_use(collected):
    assert collected[3].code == 2
    assert "is no course of nbgrader with assignments in source/" in collected[3].err


@needs_nbgrader
def test_collect_puts_the_released_notebook_beside_a_module(collected, released):
    folder = released.folder("module")

    assert sorted(path.name for path in folder.iterdir()) == [f"{NAME}.ipynb", f"{NAME}.py"]
    assert (folder / f"{NAME}.ipynb").read_bytes() == (released.root / "release" / NAME / f"{NAME}.ipynb").read_bytes()


@needs_nbgrader
@pytest.mark.parametrize("student", ["right", "module", "late"])
def test_right_submission_has_all_points(graded, student):
    assert graded.points(student) == POINTS


@needs_nbgrader
def test_blank_submission_has_no_points(graded):
    assert graded.points("blank") == dict.fromkeys(POINTS, 0.0)


@needs_nbgrader
def test_wrong_submission_has_some_of_the_points(graded):
    found = graded.points("wrong")

    assert found.keys() == POINTS.keys()
    assert 0 < sum(found.values()) < sum(POINTS.values())


@needs_nbgrader
def test_unreadable_submission_is_ungraded_and_said(graded):
    rows = [row for row in graded.scores if row[0] == "garbage"]

    assert len(rows) == len(POINTS)
    assert {(score, needs) for _, _, score, _, _, needs in rows} == {(None, 1)}
    assert "garbage is not graded (unreadable)" in graded.log


@needs_nbgrader
def test_notebook_of_another_name_is_left_ungraded_and_said(graded):
    assert graded.points("misnamed") == {} or set(graded.points("misnamed").values()) == {None}
    assert "my_homework.ipynb" in graded.log


@needs_nbgrader
def test_module_that_was_graded_is_shown_in_the_autograded_notebook(graded):
    first = source_of(graded.book["cells"][0])
    shown = "\n".join(source_of(cell) for cell in graded.book["cells"])

    assert f"{NAME}.py, which is what was graded" in shown
    assert f"{NAME}.py" in first
    assert f"def {FIRST}(" in shown


@needs_nbgrader
def test_one_checker_grades_the_whole_run(graded):
    assert len(graded.checkers) == 1


@needs_nbgrader
def test_late_penalty_is_nbgraders_own(graded):
    found = dict(graded.penalties)

    assert found["late"] == 2.5
    assert {penalty or 0.0 for student, penalty in found.items() if student != "late"} == {0.0}


@needs_nbgrader
def test_regrading_gives_the_same_scores(graded):
    before = [row for row in graded.scores if (row[0], row[1]) != ("blank", FIRST)]
    after = [row for row in graded.scores_again if (row[0], row[1]) != ("blank", FIRST)]

    assert after == before
    assert graded.penalties_again == graded.penalties
    assert [row[:3] for row in graded.comments_again] == [row[:3] for row in graded.comments]


@needs_nbgrader
def test_regrading_keeps_manual_score_and_comment(graded):
    scores = {name: manual for who, name, _, manual, *_ in graded.scores_again if who == "blank"}
    comments = {name: text for who, name, _, text in graded.comments_again if who == "blank"}

    assert scores[FIRST] == 1.5
    assert {score for name, score in scores.items() if name != FIRST} == {None}
    assert comments[f"solution-{FIRST}"] == "See me."


@needs_nbgrader
def test_module_of_a_student_is_not_called_no_response(graded):
    comments = {name: text for who, name, text, _ in graded.comments if who == "module"}

    assert set(comments.values()) <= {None}
    assert comments


def by_student(rows):
    return {row.get(Audience.STUDENT) or row.get("student_id") or row["Username"]: row for row in rows}


@needs_nbgrader
def test_both_exports_agree_and_leave_ungraded_blank(graded):
    assert graded.stock.returncode == 0, graded.stock.stderr
    ours = by_student(csv.DictReader(io.StringIO(graded.plain.out, newline="")))
    stock = by_student(row for row in graded.exported if row["assignment"] == NAME)

    assert set(ours) == set(stock)
    for student, row in ours.items():
        assert number(row[f"{NAME}.score"]) == number(stock[student]["score"]), student
        assert number(row[f"{NAME}.max_score"]) == number(stock[student]["max_score"]), student
        assert number(row[f"{NAME}.late_penalty"]) == number(stock[student]["late_submission_penalty"]), student
    assert ours["garbage"][f"{NAME}.score"] == stock["garbage"]["score"] == ""
    assert ours["misnamed"][f"{NAME}.score"] == stock["misnamed"]["score"] == ""
    assert ours["right"][f"{NAME}.score"] == "20"
    assert ours["late"][f"{NAME}.score"] == "17.5"
    assert ours["blank"][f"{NAME}.score"] == "1.5"


def number(text):
    return text if text == "" else float(text)


@needs_nbgrader
def test_export_names_what_is_not_graded_on_standard_error(graded):
    said = graded.plain.err.splitlines()

    assert graded.plain.code == 0
    assert said == [f"not graded: garbage: {NAME}", f"not graded: misnamed: {NAME}"]


@needs_nbgrader
def test_export_for_canvas_and_moodle_has_a_column_for_each_exercise(graded):
    titles = [f"{NAME}: {exercise}" for exercise in POINTS]
    moodle = list(csv.DictReader(io.StringIO(graded.moodle.out, newline="")))

    assert set(titles) <= set(graded.canvas_rows[0])
    assert graded.canvas_rows[1][0] == "    Points Possible"
    assert set(titles) <= set(moodle[0])
    assert by_student(moodle)["late"]["Grade"] == "17.5"


@needs_nbgrader
def test_export_of_an_unknown_assignment_is_a_wrong_use(graded):
    assert graded.unknown.code == 2
    assert "has no assignment 'knitting'" in graded.unknown.err


# --- a small course: changed points, our own faults, and what a student reads ---------------------------

RIGHT = """
def double(x):
    return 2 * x

def mean_square(x):
    return (x * x).mean()
"""

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
        from conftest import SmallCourse

        self.small = SmallCourse(root / "private")
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
def test_private_course_that_is_gone_is_said_and_changes_no_score(small_class):
    assert small_class.lost.returncode == 1
    assert str(small_class.small.root) in small_class.lost.stderr
    assert small_class.after_lost == small_class.after_mended


WRONG = RIGHT.replace("2 * x", "3 * x")


@pytest.fixture(scope="module")
def wrong_report(tmp_path_factory):
    from conftest import SmallCourse

    return SmallCourse(tmp_path_factory.mktemp("levels")).grade(anna=WRONG)["anna"]


def html_of(report, level):
    """Return the HTML that the first exercise's cell shows at a level of feedback."""
    item = next(item for item in report.exercises if item.exercise == "double")
    shown, result = exercise_outputs(item, level, item.score)
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
