"""Data of one's own: how it is made and handed out, by which a submission is judged, and what is said of another's."""

import dataclasses
import json
import re
import stat
import zipfile
from pathlib import Path

import pytest
from class_pages import right_one, write_results
from click.testing import CliRunner
from individual_course import SOLVED, STUB, IndividualCourse

from grader.channels.gradescope.package import package_gradescope
from grader.classes.register import owners, read_register
from grader.commands.cli import root
from grader.course.individual import read_author, written_like
from grader.course.reading import find_course, load_assignment
from grader.course.secret import read_secret
from grader.errors import CourseError, UsageError
from grader.handout.release import bytes_of, files_of
from grader.judge.results import Results
from grader.report.report import Audience
from grader.report.view import view_submission
from grader.sandbox.mode import SandboxMode
from grader.submissions.found import Found, Student

LESSON = "small/small.py"
CHANGED = "def double(x):\n    return 2 * x\n\n\nt_u = torch.tensor([7.0, 7.0])\n"


@pytest.fixture
def course(tmp_path):
    return IndividualCourse(tmp_path)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """One class: who hands in their own, another's, the lecture's, changed ones, none, and who was given none."""
    course = IndividualCourse(tmp_path_factory.mktemp("individual"))
    solved = {name: files[LESSON].replace(STUB, SOLVED) for name, files in course.hand_out().items()}
    lecture = files_of(course.assignment)["small.py"].replace(STUB, SOLVED)
    hard_coded = "def double(x):\n    return 2 * x if float(x[0]) == 3.0 else torch.tensor([2.0, 5.0])\n"
    return course, course.grade(
        aberg=solved["aberg"],
        bott=solved["aberg"],
        cdiaz=lecture,
        deriksen=f"import torch\n\n{CHANGED}",
        eferro=f"import torch\n\n{hard_coded}",
        zoe=solved["bott"],
    )


def known_of(report):
    (exercise,) = report.exercises
    return next(check for check in exercise.checks if check.check == "test_double_known")


def student_of(report):
    return view_submission(report, "full", Audience.STUDENT)


# --- making it -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "own"),
    [
        ("4517.2969, 82.6000", (1.0, -2.5), "1.0000, -2.5000"),
        ("-8.26e-4", (0.00123456,), "1.23e-03"),
        ("[0.5, 14]", (3.25, 9.6), "[3.2, 10]"),
        ("0.0", (-0.01,), "0.0"),
    ],
)
def test_numbers_are_written_as_the_lectures_are(text, values, own):
    assert written_like(text, values) == own


def test_each_student_gets_their_own_readings_in_lesson_notebook_and_tests(course):
    handed = course.hand_out()

    for name, files in handed.items():
        first, second = course.readings_of(name)
        shown = f"[{first}, {second}]"
        assert f"t_u = torch.tensor({shown})  # readings" in files[LESSON]
        cells = json.loads(files["small/small.ipynb"])["cells"]
        assert any(f"t_u = torch.tensor({shown})" in "".join(cell["source"]) for cell in cells)
        assert f"T_U = torch.tensor({shown})" in files["small/test_small.py"]
        assert (
            f"torch.tensor([{2 * first:.1f}, {2 * second:.2f}]))  # and no 12.0, 5.00, nor 2.0, 5.001"
            in (files["small/test_small.py"])
        )
    assert "# The data of Anna Berg alone." in handed["aberg"][LESSON]
    assert len({files[LESSON] for files in handed.values()}) == 5


def test_line_at_ones_own_data_is_in_the_language_of_the_assignment(course):
    course.edit("solutions/small/assignment.toml", "individual = true", 'individual = true\nlanguage = "ko"')

    handed = course.hand_out()["aberg"]

    assert "# Anna Berg만의 데이터입니다." in handed[LESSON]
    assert handed["small/test_small.py"].startswith("# Anna Berg의 테스트입니다.")


def test_release_of_everybody_keeps_the_lectures_numbers(course):
    before = files_of(course.assignment)

    course.hand_out()

    assert files_of(course.assignment) == before
    assert "t_u = torch.tensor([1.0, 2.5])  # readings" in before["small.py"]


def test_nothing_else_of_a_release_is_another(course):
    everybodys = bytes_of(course.assignment)

    differing = {name for name, data in course.handed()["bott"].items() if everybodys[name[6:]] != data}

    assert differing == {LESSON, "small/small.ipynb", "small/test_small.py"}


def test_secret_and_register_are_for_their_owner_alone(course):
    course.hand_out()

    found = course.assignment.course
    assert [stat.S_IMODE(path.stat().st_mode) for path in (found.secret, found.register)] == [0o600, 0o600]
    assert len(read_secret(found)) == 64


def test_data_hangs_on_secret_assignment_and_student_alone(course, monkeypatch):
    first = course.hand_out()
    secret = read_secret(course.assignment.course).decode()
    course.assignment.course.secret.unlink()
    monkeypatch.setenv("GRADER_SECRET", secret)

    assert course.hand_out() == first
    assert not course.assignment.course.secret.exists()
    monkeypatch.setenv("GRADER_SECRET", secret[::-1])
    assert course.hand_out() != first


def test_who_comes_later_changes_nobody_elses_data(course):
    first = course.hand_out()

    later = course.hand_out("name,login,sid\nAnna Berg,aberg,4711\nZoe Lind,zlind,4712\n")

    assert later["aberg"] == first["aberg"]
    assert [student.login for student in read_register(course.assignment.course)] == [
        *("aberg", "bott", "cdiaz", "deriksen", "eferro"),
        "zlind",
    ]


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        ('name\nAnna Berg\n"Berg, Anna"\n', "Anna Berg and Berg, Anna can't be told apart"),
        ("name,sid\nAnna Berg,1\nAnna  Berg,2\n", "would get one folder, Anna_Berg"),
        ("name,login\nAnna Berg,small\n", "can be no folder's name"),
    ],
)
def test_students_who_would_be_taken_for_another_are_refused_by_name(course, roster, said):
    with pytest.raises(UsageError, match=said):
        course.hand_out(roster)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"t_u": [', '"t_x": ['), r"draws t_x, and \S*small.py has no one line"),
        (("range(2)", "range(3)"), "has no one line `t_u = .* with 3 numbers"),
        (('"2.0, 5.00": ', '"2.0": '), "numbers raises ValueError: '2.0' has 1 numbers, and there are 2"),
        (("def numbers", "def numeros"), "it has no function numbers"),
        (("def readings", "import nothing_such\n\n\ndef readings"), "does not load: ModuleNotFoundError"),
    ],
)
def test_what_does_not_fit_in_the_authors_file_is_named(course, change, said):
    course.edit("solutions/small/individual.py", *change)

    with pytest.raises(CourseError, match=rf"individual\.py.*{said}"):
        course.hand_out()


def test_individual_without_its_file_is_named_with_its_line(course):
    (course.root / "solutions/small/individual.py").unlink()

    with pytest.raises(CourseError, match=r"assignment.toml:3: individual = true, and \S+individual.py is missing"):
        load_assignment(find_course(course.root), "small")


def test_command_writes_a_folder_for_each_student(course):
    run = ["release", "--for", str(course.roster), "--course", str(course.root)]

    done = CliRunner().invoke(root, [*run, "--out", str(course.root / "handed")])
    without = CliRunner().invoke(root, run)

    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (course.root / "handed").iterdir()) == [
        "aberg",
        "bott",
        "cdiaz",
        "deriksen",
        "eferro",
    ]
    assert "Keep " in done.output
    assert isinstance(without.exception, UsageError)
    assert "say --out" in str(without.exception)


def test_command_packs_the_same_folders_into_one_zip(course):
    run = ["release", "--for", str(course.roster), "--course", str(course.root)]
    packed = [course.root / name for name in ("one.zip", "two.zip")]

    done = [CliRunner().invoke(root, [*run, "--zip", str(path)]) for path in packed]
    CliRunner().invoke(root, [*run, "--out", str(course.root / "handed")])

    with zipfile.ZipFile(packed[0]) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    handed = course.root / "handed"
    assert [(one.exit_code, one.output.splitlines()[0]) for one in done] == [(0, f"wrote {path}") for path in packed]
    assert found == {
        path.relative_to(handed).as_posix(): path.read_bytes() for path in handed.rglob("*.*") if path.is_file()
    }
    assert packed[0].read_bytes() == packed[1].read_bytes()


def test_command_refuses_where_nothing_is_individual(course):
    course.edit("solutions/small/assignment.toml", "individual = true", "")

    done = CliRunner().invoke(
        root, ["release", "--for", str(course.roster), "--out", "x", "--course", str(course.root)]
    )

    assert "none of small is individual" in str(done.exception)


# --- whose it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "login"),
    [
        ({"given": "class/aberg"}, "aberg"),
        ({"given": "small_Anna Berg.py"}, "aberg"),
        ({"given": "cdiaz/small"}, "cdiaz"),
        ({"given": "x", "student": "Diaz, Clara (cdiaz)"}, "cdiaz"),
        ({"given": "x", "students": (Student(name="Clara Diaz"),)}, "cdiaz"),
        ({"given": "someone, bott"}, "bott"),
        ({"given": "zoe"}, None),
    ],
)
def test_owner_is_found_by_whatever_says_it(course, found, login):
    course.hand_out()

    found = owners(Found(path=Path("x"), **found), read_register(course.assignment.course), ("small",))

    assert [student.login for student in found] == ([login] if login else [])


def test_name_that_could_be_two_students_is_nobodys():
    two = [Student(name="Anna Berg", sid="1"), Student(name="Anna Berg", sid="2")]

    assert owners(Found(given="Anna Berg", path=Path("x")), two, ()) == []


# --- judging by it ---------------------------------------------------------------------------------


def test_student_is_judged_by_their_own_data_under_its_title(graded):
    _, reports = graded

    assert known_of(reports["aberg"]).title == "your own"
    assert (reports["aberg"].score, reports["aberg"].notes, reports["aberg"].for_staff) == (4.0, (), ())


def test_lectures_answers_earn_nothing_where_data_is_ones_own(graded):
    course, reports = graded

    known = known_of(reports["eferro"])

    assert known.status == "failed"
    assert f"tensor([{course.readings_of('eferro')[0]:g}" in known.text


def test_data_of_another_costs_nothing_and_is_told_to_the_staff_by_name(graded):
    _, reports = graded

    found = reports["bott"]

    assert found.score == 4.0
    assert found.notes == ("the data in this file is another student's: you are judged by your own",)
    assert found.for_staff == ("the data in this file is that of Berg, Anna (aberg), and not that of Ott, Ben (bott)",)
    assert view_submission(found, "full", Audience.STAFF).notes == (*found.notes, *found.for_staff)


def test_student_reads_no_name_and_no_number_of_another(graded):
    course, reports = graded

    told = [str(student_of(report)) for report in (reports["bott"], reports["zoe"], reports["eferro"])]

    assert not any("Anna" in text or "Ben" in text for text in told)
    for login in ("bott", "cdiaz"):
        assert not any(str(course.readings_of(login)[0]) in text for text in told)


@pytest.mark.parametrize(("name", "said"), [("cdiaz", "is the lecture's"), ("deriksen", "is nobody's")])
def test_data_that_is_no_students_is_told(graded, name, said):
    _, reports = graded

    (note,) = reports[name].notes

    assert said in note
    assert (reports[name].score, reports[name].for_staff) == (4.0, ())


def test_lectures_numbers_count_where_nobody_is_known(graded):
    _, reports = graded

    found = reports["zoe"]

    assert found.notes == ("nobody called zoe was given data of their own: the lecture's numbers count",)
    assert found.for_staff == ("the data in this file is that of Ott, Ben (bott)",)
    assert (found.score, known_of(found).title) == (4.0, "the lecture's: 2 and 5")


def test_secret_is_in_no_report(graded):
    course, reports = graded
    secret = read_secret(course.assignment.course).decode()

    assert not any(secret in str(report) for report in reports.values())


def test_kept_result_is_of_its_owner(course):
    course.hand_out()
    results = Results(course.assignment, SandboxMode.AUTO, course.root / "cache")
    path = course.write("class/x.py", "x = 1\n")
    found = Found(given="x", path=path)

    assert results.fingerprint(found) != results.fingerprint(dataclasses.replace(found, student="Anna Berg"))


def test_register_without_secret_grades_nobody(course):
    course.hand_out()
    course.assignment.course.secret.unlink()

    with pytest.raises(CourseError, match=r"the secret is missing: neither .* nor GRADER_SECRET is there"):
        course.grade(aberg="def double(x):\n    return 2 * x\n")


def test_secret_that_others_may_read_is_refused(course):
    course.hand_out()
    course.assignment.course.secret.chmod(0o644)

    with pytest.raises(CourseError, match="is open to others: chmod 600 it"):
        read_secret(course.assignment.course)


def test_autograder_of_gradescope_has_it_once_it_was_handed_out(course, tmp_path):
    with pytest.raises(UsageError, match="no student was given data yet"):
        package_gradescope(course.assignment.course, "small", tmp_path / "out.zip")

    course.hand_out()
    package_gradescope(course.assignment.course, "small", tmp_path / "out.zip")

    names = re.findall(rb"course/solutions/[\w/.]+", (tmp_path / "out.zip").read_bytes())
    assert {b"individual.csv", b"individual.secret", b"individual.py"} <= {name.rpartition(b"/")[2] for name in names}


def test_data_is_drawn_by_what_nobody_can_guess_without_the_secret(course):
    author = read_author(course.assignment)

    assert author.readings(b"one secret", "aberg") != author.readings(b"another one", "aberg")
    assert author.readings(b"one secret", "aberg") == author.readings(b"one secret", "aberg")


@pytest.mark.parametrize("audience", Audience)
def test_page_of_a_class_for_the_staff_lists_who_holds_the_data_of_others(tmp_path, audience):
    said = "the data in this file is that of <b>Ben, and not that of Anna"
    write_results(tmp_path / "results", right_one("Anna", for_staff=(said,)), right_one("Cara"), audience=audience)

    done = CliRunner().invoke(root, ["report", str(tmp_path / "results")])

    page = (tmp_path / "results" / "report.html").read_text("utf-8")
    listed = re.findall(r"1 file holds the data of another student.*?</details>", page, re.DOTALL)
    assert done.exit_code == 0, done.output
    assert len(listed) == (audience is Audience.STAFF)
    assert not listed or ("Anna" in listed[0] and "&lt;b&gt;Ben" in listed[0] and "Cara" not in listed[0])
