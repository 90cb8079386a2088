"""A course of nbgrader from its first command to the exported grades, by the commands that an instructor types."""

import contextlib
import csv
import io
import json
import shutil
import sqlite3
import zipfile

import pytest
from nbgrader_course import ROOT
from nbgrader_runs import ASSIGNMENT, COURSE, FIRST, NAME, Course, GradedClass, Inits, grader, needs_nbgrader, solved

from grader.course.reading import load_assignment
from grader.handout.notebook import Variant, notebook
from grader.handout.release import bytes_of, files_of

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

POINTS = {item: ASSIGNMENT.exercise(item).points for item in ASSIGNMENT.names}


def cells_of(text):
    return json.loads(text)["cells"]


def grade_ids(cells):
    return [cell["metadata"]["nbgrader"]["grade_id"] for cell in known(cells)]


# --- init: several runs in one process, on folders of their own --------------------------------------


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

    sources = [path for path in inits.new.rglob("source/*/**/*") if path.is_file()]
    files = {str(path) for path in [*sources, inits.new / "nbgrader_config.py"]}
    assert files - {str(inits.new / "source" / "autograd" / "data.csv")} == written
    assert "gradebook" in inits.first.out


@needs_nbgrader
@pytest.mark.parametrize("name", COURSE.names)
def test_init_writes_what_is_released_and_the_notebook_with_marks(inits, name):
    assignment = load_assignment(COURSE, name)
    expected = {**bytes_of(assignment), f"{name}.ipynb": notebook(assignment, Variant.SOURCE).encode()}

    folder = inits.new / "source" / name

    found = {name: data for name, data in files_below(folder).items() if name != "data.csv"}
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


# --- a class of the real course ------------------------------------------------------------------------
PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin


class PointAnHour(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return round(total_seconds_late / 3600, 2)


c.AssignLatePenalties.plugin_class = PointAnHour
"""


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


def files_below(folder):
    """Return what each file below a folder holds, by its name there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def source_of(cell):
    return "".join(cell["source"])


@needs_nbgrader
def test_generate_assignment_releases_the_files_beside_the_notebook(released):
    folder = released.root / "release" / NAME

    found = {name: data for name, data in files_below(folder).items() if not name.endswith(".ipynb")}

    assert found == {name: data for name, data in bytes_of(ASSIGNMENT).items() if not name.endswith(".ipynb")}


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
    assert first.err.startswith("not collected: blank/knitting.ipynb: its name says no assignment")


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
def test_work_beside_the_fetched_notebook_is_graded_and_said(graded):
    said = f"{NAME} (1).ipynb is graded, of 2 candidates; beside it lies {NAME}.ipynb"
    cells = ["".join(cell["source"]) for cell in graded.copied["cells"]]

    assert graded.points("copied") == POINTS
    assert f"copied, {NAME}: {said}" in graded.log
    assert said in cells[0]
    assert cells[1].startswith(f"# {NAME} (1).ipynb, which is what was graded\n")


@needs_nbgrader
def test_what_can_not_be_read_beside_the_fetched_notebook_is_no_zero(graded):
    assert set(graded.points("damaged").values()) == {None}
    assert f"{NAME} (1).ipynb: it is no notebook" in graded.log


@needs_nbgrader
def test_notebook_of_another_name_is_graded(graded):
    assert graded.points("misnamed") == POINTS


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
    return {row.get("student") or row.get("student_id") or row["Username"]: row for row in rows}


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
    assert ours["misnamed"][f"{NAME}.score"] == "20"
    assert ours["right"][f"{NAME}.score"] == "20"
    assert ours["late"][f"{NAME}.score"] == "17.5"
    assert ours["blank"][f"{NAME}.score"] == "1.5"


def number(text):
    return text if text == "" else float(text)


@needs_nbgrader
def test_export_names_what_is_not_graded_on_standard_error(graded):
    said = graded.plain.err.splitlines()

    assert graded.plain.code == 0
    assert said == [f"not graded: damaged: {NAME}", f"not graded: garbage: {NAME}"]


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
