"""Who is on the roster, who of them has handed in, and whose a submission is; never by a guess."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from collecting import folder_of
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from reports import make_check, make_exercise, make_report, make_submission, unreadable
from submission_files import NAMES

from grader.classes.attendance import attendance, told
from grader.classes.listed_students import to_class_json
from grader.classes.results import read_results
from grader.classes.roster import names_of, read_roster
from grader.commands.out_folder import OutFolder
from grader.errors import UsageError
from grader.formats.csv import to_csv
from grader.formats.gradebook import to_canvas, to_moodle
from grader.outcomes import Status
from grader.report.report import Audience
from grader.report.view import view
from grader.submissions.discover import discover
from grader.submissions.found import Found, Student

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "class-v1.json"
ANNA = Student(name="Berg, Anna", number="4711", sid="0047", login="aberg", email="a@uni.example")
ROSTERS = {
    "Canvas": (
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,HW\r\n    Points Possible,,,,,10\r\n"
            '"Berg, Anna",4711,0047,aberg,S1,\r\n"Berg, Anna",4711,0047,aberg,S2,\r\n"Student, Test",99,,x,S1,\r\n'
        ),
        Student(name="Berg, Anna", number="4711", sid="0047", login="aberg"),
    ),
    "Moodle's worksheet": (
        "\ufeffIdentifier,Full name,Email address,Status,Grade\nParticipant 4711,Anna Berg,a@uni.example,No,\n",
        Student(name="Anna Berg", number="4711", email="a@uni.example"),
    ),
    "Moodle's participants, in German": (
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\nAnna;Berg;0047;a@uni.example\n",
        Student(name="Berg, Anna", sid="0047", email="a@uni.example"),
    ),
    "Gradescope": (
        "First Name,Last Name,SID,Email,Role\nAnna,Berg,0047,a@uni.example,Student\nT,A,1,t@uni.example,TA\n",
        Student(name="Berg, Anna", sid="0047", email="a@uni.example"),
    ),
    "Blackboard": (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\n"Berg"\t"Anna"\t"aberg"\t"0047"\n',
        Student(name="Berg, Anna", sid="0047", login="aberg"),
    ),
    "Brightspace": (
        (
            "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
            "#0047,#aberg,Berg,Anna,a@uni.example,#\n"
        ),
        Student(name="Berg, Anna", sid="0047", login="aberg", email="a@uni.example"),
    ),
    "nbgrader": (
        "id,last_name,first_name,email,lms_user_id\naberg,Berg,Anna,a@uni.example,4711\n",
        Student(name="Berg, Anna", sid="aberg", number="4711", email="a@uni.example"),
    ),
    "names alone": ("Name\nBerg, Anna\n".replace("Berg, Anna", '"Berg, Anna"'), Student(name="Berg, Anna")),
}


def handed(given, *students):
    return Found(given=given, path=Path(given), students=students, student=", ".join(one.shown for one in students))


def statuses(found):
    return [item.status.value for item in found.listed]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("form", ROSTERS)
def test_roster_is_read_by_the_headers_of_its_platform(tmp_path, form, encoding):
    text, student = ROSTERS[form]
    (tmp_path / "roster.csv").write_bytes(text.encode(encoding))

    assert read_roster(tmp_path / "roster.csv") == [student]


def test_roster_of_old_spreadsheets_is_read(tmp_path):
    (tmp_path / "roster.csv").write_bytes("Name;Login\r\nJörg Müß;jmuess\r\n".encode("cp1252"))

    assert read_roster(tmp_path / "roster.csv") == [Student(name="Jörg Müß", login="jmuess")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"Kurs,Note\nx,1\n", "its headers are 'Kurs', 'Note'; name one of them name"),
        (b"", "its headers are none"),
        (b"Name,Login\n,\n", "no student is in it"),
        (b"Name\x1b[31m,\xff\xfe\n", "no column of it is known"),
        (b"\xff\xfe\x00", "it is no text; save it as CSV in UTF-8"),
        (b'Name\n"' + b"x" * 200_000, "it is no CSV: field larger"),
    ],
)
def test_roster_that_says_nobody_is_refused_with_what_it_has(tmp_path, data, said):
    (tmp_path / "roster.csv").write_bytes(data)

    with pytest.raises(UsageError, match=said) as caught:
        read_roster(tmp_path / "roster.csv")

    assert "\x1b" not in str(caught.value)


def test_roster_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UsageError, match=r"--roster .*nowhere\.csv: "):
        read_roster(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    "student",
    [
        Student(name="berganna", number="4711"),  # Canvas
        Student(name="berganna", number="1"),
        Student(name="Anna Berg", number="4711"),  # Moodle, Brightspace
        Student(login="aberg"),  # Blackboard
        Student(name="Anna Berg", login="ABERG"),
        Student(name="other", sid="0047"),  # Gradescope
        Student(name="other", email="A@uni.example"),
    ],
)
def test_submission_is_the_students_whom_the_platform_means(student):
    found = attendance([handed("class/x", student)], [ANNA, Student(name="Bo", login="bo")], NAMES)

    assert statuses(found) == ["handed_in", "missing"]
    assert found.found[0].student == "Berg, Anna (4711)"
    assert (found.strangers, [item.student for item in found.absent]) == ((), ["Bo (bo)"])


@pytest.mark.parametrize("name", ["aberg.py", "0047", "gradient_descent_aberg.ipynb", "Anna Berg.zip", "anna_berg"])
def test_plain_names_are_logins_numbers_or_names(name):
    found = attendance([Found(given=f"class/{name}", path=Path(name))], [ANNA], NAMES)

    assert statuses(found) == ["handed_in"]


@pytest.mark.parametrize("name", ["anna", "berg.py", "4711", "annaberg2", "aberg-2.py", "a"])
def test_what_is_merely_alike_is_nobodys(name):
    found = attendance([Found(given=f"class/{name}", path=Path(name))], [ANNA], NAMES)

    assert (statuses(found), found.strangers) == (["missing"], (f"class/{name}",))
    assert found.found[0].student == ""


@pytest.mark.parametrize(
    ("listed", "handed_in"),
    [
        ("Müller, Jörg", "Mueller Joerg"),
        ("Åberg, Renée", "abergrenee"),
        ("Ng, A B", "ngab"),
        ("Jörg Müller", "müllerjörg"),
        ("Østergård, Åse", "ostergardase"),
        ("Østergård, Åse", "oestergaard aase"),
        ("Kowalski, Łukasz", "lukasz kowalski"),
        ("Weiß, Groß", "weissgross"),
        ("Nguyễn, Thị Minh", "nguyenthiminh"),
        ("Çelik, I\u015f\u0131l", "celikisil"),
    ],
)
def test_names_are_met_as_platforms_write_them(listed, handed_in):
    assert names_of(listed) & names_of(handed_in)


def test_roster_that_has_lost_letters_is_told_how_to_be_saved():
    roster = [Student(name="Nguy?n, Th? Minh", login="1"), Student(name="\ufffdak, Ania", login="2"), ANNA]

    lines = told(attendance([], roster, NAMES))

    said = "letters are lost in 2 names, such as Nguy?n, Th? Minh, \ufffdak, Ania: save it as CSV in UTF-8"
    assert lines[1:] == [said]


def test_two_lines_of_one_name_are_unclear_without_a_number():
    roster = [Student(name="Anna B", login="a1"), Student(name="Anna B", login="a2"), Student(name="Bo", login="bo")]

    found = attendance([handed("c/Anna B", Student(name="Anna B", number="7"))], roster, NAMES)

    assert statuses(found) == ["unclear", "unclear", "missing"]
    assert found.unclear == ("c/Anna B",)
    assert [item.note for item in found.absent] == ["could be c/Anna B", "could be c/Anna B", ""]
    assert "several could be of Anna B (a1): Anna B" in told(found)


def test_two_submissions_of_one_name_are_unclear_without_a_number():
    items = [handed(f"c/{number}", Student(name="Anna B", number=number)) for number in ("7", "8")]

    found = attendance(items, [Student(name="Anna B", login="a1")], NAMES)

    assert (statuses(found), found.unclear) == (["unclear"], ("c/7", "c/8"))


def test_number_comes_before_the_name():
    items = [handed(f"c/{number}", Student(name="Anna B", number=number)) for number in ("7", "8")]

    found = attendance(items, [Student(name="Anna B", number="8"), Student(name="Anna B", number="9")], NAMES)

    assert statuses(found) == ["handed_in", "handed_in"]
    assert [item.submissions for item in found.listed] == [("c/8",), ("c/7",)]


def test_platforms_number_is_no_universitys():
    found = attendance([handed("c/x", Student(name="x", number="0047"))], [ANNA], NAMES)

    assert statuses(found) == ["missing"]


def test_team_is_all_of_its_members():
    team = handed("c/Team 1", Student(name="Anna Berg", number="4711"), Student(name="Cy", number="3"))

    found = attendance([team], [ANNA, Student(name="Bo", login="bo")], NAMES)

    assert statuses(found) == ["handed_in", "missing"]
    assert found.found[0].student == "Berg, Anna (4711), Cy (3)"


def test_two_submissions_of_one_login_are_theirs_and_said(tmp_path):
    folder_of(tmp_path, {"aberg.py": "x", "aberg.ipynb": "y"})

    found = attendance(discover([str(tmp_path)]), [ANNA], NAMES)

    assert statuses(found) == ["handed_in"]
    assert "of Berg, Anna (4711) there are 2: aberg.ipynb, aberg.py" in told(found)


def test_name_with_a_line_break_writes_no_line_of_its_own(tmp_path):
    forged = "x\ngrader: 300 of 300 have handed in.py"
    folder_of(tmp_path, {"aberg.py": "x", "aberg.ipynb": "y", forged: "z"})

    lines = told(attendance(discover([str(tmp_path)]), [replace(ANNA, name="Anna\nBerg")], NAMES))

    assert "of nobody on it: x grader: 300 of 300 have handed in.py" in lines
    assert not any("\n" in line for line in lines)


@given(st.lists(st.text(max_size=6), max_size=4), st.lists(st.text(max_size=6), max_size=4))
def test_every_submission_is_somebodys_or_nobodys_or_unclear(names, listed):
    items = [handed(f"c/{number}", Student(name=name)) for number, name in enumerate(names)]

    found = attendance(items, [Student(name=name, sid="1" * number) for number, name in enumerate(listed)], NAMES)

    theirs = {name for item in found.listed if item.status == "handed_in" for name in item.submissions}
    assert sorted([*theirs, *found.strangers, *found.unclear]) == sorted(item.given for item in items)
    assert len(found.listed) == len(listed)


# What is written of it.


def listed_report(found):
    attempted = make_submission(submission="c/aberg.py", student="Berg, Anna (4711)")
    stub = make_exercise(make_check(status=Status.NOT_ATTEMPTED), status=Status.NOT_ATTEMPTED)
    report = make_report(attempted, make_submission(stub, submission="c/stub.py"), unreadable("c/bad.py"))
    students = {item.given: item.students for item in found.found if item.students}
    return type(report)(
        assignment=report.assignment,
        sandbox=report.sandbox,
        feedback=report.feedback,
        submissions=report.submissions,
        students=students,
        absent=found.absent,
    )


@pytest.fixture
def found():
    items = [Found(given=f"c/{name}.py", path=Path(name)) for name in ("aberg", "stub", "bad")]
    return attendance(items, [ANNA, Student(name='=HYPERLINK("x")\x1b[31m', login="eve")], NAMES)


def test_table_tells_missing_not_attempted_and_failed_apart(found):
    rows = to_csv(view(listed_report(found), Audience.STAFF)).splitlines()

    assert '"c/aberg.py","Berg, Anna (4711)","graded","0","2","0",' in rows[1]
    assert '"c/stub.py","","not_attempted","0","2","0",' in rows[2]
    assert '"c/bad.py","","unreadable","","2","",' in rows[3]
    assert rows[4] == '"","\'=HYPERLINK(""x"")\ufffd[31m (eve)","missing","","2","",""'


def test_exports_know_the_students_as_the_roster_does(found):
    seen = view(listed_report(found), Audience.STAFF)

    assert '"Berg, Anna","4711","","","","0"' in to_canvas(seen)
    assert '"Participant 4711","Anna Berg","a@uni.example","aberg","0","2","0"' in to_moodle(seen)


def test_folder_of_results_says_who_is_missing(tmp_path, found):
    seen = view(listed_report(found), Audience.STAFF)
    text = to_class_json("gradient_descent", found)
    out = OutFolder(tmp_path, [item.submission for item in seen.submissions])
    out.write_class(text)
    for number, item in enumerate(seen.submissions):
        out.add(number, type(seen)(**{**fields(seen), "submissions": (item,)}))
    out.finish()
    out.close()

    results = read_results(tmp_path)

    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(json.loads(text))
    assert (tmp_path / "class.json").read_text() == text
    assert [item.id for item in results.missing] == ["eve"]
    assert (results.roster[0].student, results.roster[0].submissions) == ("Berg, Anna (4711)", ("c/aberg.py",))
    assert results.unread == ()
    assert len(results.submissions) == 3


def fields(seen):
    return {name: getattr(seen, name) for name in seen.__dataclass_fields__}


def test_submission_called_class_is_no_roster(tmp_path):
    seen = view(make_report(make_submission(submission="c/class")), Audience.STAFF)
    out = OutFolder(tmp_path, ["c/class"])
    out.add(0, seen)
    out.write_class(None)
    out.finish()
    out.close()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["class-2.json", "class-2.md", "grades.csv"]
    assert read_results(tmp_path).roster == ()
