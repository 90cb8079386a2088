"""Data of one's own: nobody is taken for another, stops the others, or reads of them, whatever they are called."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from individual_course import SOLVED, STUB, IndividualCourse
from redteam.vault import assert_is_plain

from grader.classes.register import owners, read_register, register
from grader.classes.roster import read_roster
from grader.course.assignment import FeedbackLevel
from grader.course.reading import find_course
from grader.course.secret import read_secret
from grader.errors import UsageError
from grader.formats.forms import ENTRUSTED, Form, render
from grader.judge.parallel import grade_all
from grader.report.report import Audience, Report, SubmissionReport
from grader.report.text import clean
from grader.report.view import view
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover
from grader.submissions.found import Found, Student

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

LESSON, TESTS = "small/small.py", "small/test_small.py"
ANNA = Student(name="Berg, Anna", login="aberg", sid="4711", email="anna@x.edu")
# What a student may choose on a platform to be shown as.
NAMES = {
    "group": r"Eve \1",
    "line of code": r"Eve\nraise SystemExit #",
    "name of a group": r"Eve \g<name>",
    "line break": "Eve\nraise SystemExit #",
    "carriage return": "Eve\rraise SystemExit #",
    "form feed": "Eve\x0craise SystemExit #",
    "separator": "Eve\u2028raise SystemExit #",
    "quotes": '"""',
    "format": "Eve {student} %s {0}",
    "backslash": "Eve\\",
    "formula": '=HYPERLINK("http://x","y")',
    "direction": "Eve \u202e",
    "long": "E" * 5000,
}
LOGINS = ("../../eve", "/etc/eve", "eve/../../x", "e" * 300, "-rf", ".eve", "eve\x00", "C:\\eve", "e\nve")
# A line in which to look for readings takes no time, whatever is in it.
HELD = {
    "spaces": "t_u =" + " " * 900_000,
    "tabs": "t_u\t=" + "\t " * 400_000,
    "brackets": "t_u = [" * 100_000,
    "numbers": "t_u = [" + "1," * 400_000,
    "lines": "t_u = [1,\n" * 90_000,
    "names": "t_u = " + "torch." * 100_000,
}


def table(*rows: tuple[str, ...], head: tuple[str, ...] = ("name", "login")) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue()


@pytest.fixture
def course(tmp_path: Path) -> IndividualCourse:
    return IndividualCourse(tmp_path)


# --- what is handed out ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name_writes_no_code_and_stops_nobody(course: IndividualCourse, name: str):
    """Goal: that a release fails for the class, or that a name is a line of a lesson."""
    everybody = course.hand_out(table(("Anna Berg", "aberg")))["aberg"]

    handed = course.hand_out(table((name, "eve"), ("Anna Berg", "aberg")))

    assert handed["aberg"] == everybody
    for file in (LESSON, TESTS):
        lines = handed["eve"][file].splitlines()
        assert len(lines) == len(everybody[file].splitlines())
        assert not [line for line in lines if line.startswith("raise")]
        compile(handed["eve"][file], file, "exec")
    json.loads(handed["eve"]["small/small.ipynb"])


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_register_can_be_read_again_whoever_stands_in_it(course: IndividualCourse, name: str):
    """Goal: that nobody can be graded any more."""
    course.hand_out(table((name, "eve"), ("Anna Berg", "aberg")))

    found = read_register(course.assignment.course)

    assert [student.login for student in found] == ["eve", "aberg"]
    handed = course.hand_out(table((name, "eve"), ("Anna Berg", "aberg")))
    assert sorted(handed) == ["aberg", "eve"]
    assert read_register(course.assignment.course) == found
    assert_is_plain({"csv": course.assignment.course.register.read_text("utf-8")})


@pytest.mark.parametrize("login", LOGINS)
def test_login_is_one_folder_of_its_own(course: IndividualCourse, login: str):
    """Goal: to write outside the folder, over another's, or one that is an option or can't be made."""
    handed = course.hand_out(table(("Eve", login), ("Anna Berg", "aberg")))

    (folder,) = handed.keys() - {"aberg"}
    assert folder[0] not in ".-"
    assert not {"/", "\\", "\0", "\n"} & set(folder)
    (course.root / "out" / folder).mkdir(parents=True)


# --- whose it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "eve",
    [
        Student(name="Eve", login="4711", sid="4712"),
        Student(name="Eve", login="eve", sid="4712", email="anna@x.edu"),
        Student(name="Eve", login="eve", sid="4712", number="4711"),
        Student(name="Anna Berg", login="eve", sid="4712"),
        Student(name="aberg", login="eve", sid="4712"),
    ],
    ids=["login", "email", "number", "name", "name that is a login"],
)
@pytest.mark.parametrize("entered", [True, False])
def test_student_who_writes_themselves_as_another_is_not_taken_for_them(eve: Student, *, entered: bool):
    """Goal: to be judged by another's data, or that the other is judged by none of theirs."""
    registered = [ANNA, *([eve] if entered else [])]

    def of(student: Student) -> list[Student]:
        return owners(Found(given="x", path=Path("x"), students=(student,)), registered, ())

    assert of(ANNA) == [ANNA]
    assert of(eve) == ([eve] if entered else [])


def test_line_of_a_roster_that_fits_anothers_is_refused_and_enters_nobody(course: IndividualCourse):
    """Goal: to be handed out another's data, by an address that is theirs."""
    head = ("name", "sid", "email")
    anna = ("Anna Berg", "", "anna@x.edu")
    course.hand_out(table(anna, head=head))
    before = course.assignment.course.register.read_bytes()

    with pytest.raises(UsageError, match=r"Anna Berg .* and Eve .* can't be told apart"):
        course.hand_out(table(anna, ("Eve", "4712", "anna@x.edu"), head=head))

    assert course.assignment.course.register.read_bytes() == before


def test_number_of_the_university_goes_before_an_address(course: IndividualCourse):
    """Goal: to be handed out another's data, by a roster in which they do not stand."""
    head = ("name", "sid", "email")
    anna = course.hand_out(table(("Anna Berg", "4711", "anna@x.edu"), head=head))

    eve = course.hand_out(table(("Eve", "4712", "anna@x.edu"), head=head))

    assert set(eve) == {"Eve"}
    assert eve["Eve"][TESTS].splitlines()[1:] != anna["Anna_Berg"][TESTS].splitlines()[1:]


def test_login_that_is_anothers_number_is_refused(tmp_path: Path):
    """Goal: that a file which only says `4711` is of two, so that its student is judged by nobody's data."""
    course = IndividualCourse(tmp_path)
    path = course.write(
        "tricked.csv", table(("Anna", "4711", "aberg"), ("Eve", "4712", "4711"), head=("name", "sid", "login"))
    )

    with pytest.raises(UsageError, match="can't be told apart"):
        register(course.assignment.course, read_roster(path), path)


# --- judging by it ---------------------------------------------------------------------------------


class Class:
    """Who hands in hostile files beside Anna's honest one, as they are told; `alone` is Anna without them."""

    def __init__(self, root: Path) -> None:
        self.course = IndividualCourse(root)
        self.handed = self.course.hand_out()
        self.honest = self.handed["aberg"][LESSON].replace(STUB, SOLVED)
        self.alone = self._graded({"aberg.py": self.honest})["aberg.py"]
        right = "import torch\n\ndef double(x):\n    return 2 * x\n\n"
        self.hostile = {f"held_{name}.py": right + text for name, text in HELD.items()}
        self.hostile |= {
            "bott.py": self.honest,  # a neighbour's file as it is
            "aberg\n## x\n::error::y.py": right,
            "eve<script>.py": right + self.line_of("bott"),
            "=1+1.py": right + self.line_of("bott"),
            "cdiaz, deriksen.py": right + self.line_of("bott"),
            "eferro.py": right + "t_u = torch.tensor([])\nt_u = [ ]\n",
            "wide.py": right + "t_u = [\u0661\u0662.5, 1e999, -\u0663]\n",
        }
        self.reports = self._graded({"aberg.py": self.honest, **self.hostile})

    def line_of(self, login: str) -> str:
        return next(line for line in self.handed[login][LESSON].splitlines() if line.startswith("t_u =")) + "\n"

    def _graded(self, files: dict[str, str]) -> dict[str, SubmissionReport]:
        folder = self.course.root / f"class_{len(files)}"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        found: dict[str, SubmissionReport] = {}

        def keep(item: Found, report: SubmissionReport) -> None:
            found[item.path.name] = replace(report, submission=clean(item.path.name))

        graded = discover([str(folder)])
        grade_all(find_course(self.course.root), "small", graded, mode=SandboxMode.AUTO, each=keep)
        return found

    def told(self, audience: Audience) -> dict[str, str]:
        """Return what each form says of the whole class."""
        whole = Report(
            assignment="small", sandbox="", feedback=FeedbackLevel.FULL, submissions=tuple(self.reports.values())
        )
        forms = [form for form in Form if form not in (*ENTRUSTED, Form.CLASSROOM50)]
        return {form.value: render(view(whole, audience), form).replace("\r\n", "\n") for form in forms}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return Class(tmp_path_factory.mktemp("individual"))


def test_everybody_earns_what_the_work_is_worth(graded: Class):
    assert {name: report.score for name, report in graded.reports.items()} == dict.fromkeys(graded.reports, 4.0)


def test_looking_for_readings_takes_no_time(graded: Class):
    """Goal: five minutes of the grader's own CPU, by a line of spaces."""
    took = {name: report.seconds.total - report.seconds.student for name, report in graded.reports.items()}

    assert max(took.values()) < 20, took


def test_honest_report_is_the_same_beside_them(graded: Class):
    beside = graded.reports["aberg.py"]

    assert replace(beside, seconds=graded.alone.seconds) == graded.alone


FEW = 1  # of the two numbers of a student may stand in a report for another reason, as a line or a score


def test_student_reads_no_name_and_no_number_of_another(graded: Class):
    told = graded.told(Audience.STUDENT)
    readings = [{f"{number:g}" for number in graded.course.readings_of(login)} for login in ("aberg", "bott")]
    assert {len(own) for own in readings} == {2}

    for form, text in told.items():
        assert "Berg" not in text, form
        assert "Ott" not in text, form
        numbers = set(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", text))
        assert all(len(own & numbers) <= FEW for own in readings), form


def test_secret_is_in_no_text(graded: Class):
    secret = read_secret(graded.course.assignment.course).decode()

    for audience in Audience:
        assert not [form for form, text in graded.told(audience).items() if secret in text]


def test_no_name_is_obeyed(graded: Class):
    assert_is_plain(graded.told(Audience.STUDENT))
