"""The report: clean texts, fixed keys, what each audience may read, and files, CSV and tables made of it."""

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.commands.results import write_files
from grader.errors import UsageError
from grader.formats.csv import to_csv
from grader.formats.json import to_json
from grader.formats.table import print_report
from grader.outcomes import Diagnosis, Kind, Status
from grader.report.report import (
    Audience,
    CheckReport,
    ExerciseReport,
    Report,
    SubmissionReport,
    SubmissionStatus,
    clean,
)

MAX_TEXT = 2000
ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
EVIDENCE, SUMMARY, DIAGNOSIS = "EVIDENCE-with-scored-inputs", "SUMMARY-of-the-fault", "DIAGNOSIS-of-the-fault"
TITLE, HINT, NOTE = "TITLE-of-the-check", "HINT-of-the-exercise", "NOTE-on-the-file"

# The keys of issue 2, in its order; more may stand beside them.
REPORT_KEYS = ["schema", "assignment", "sandbox", "submissions"]
SUBMISSION_KEYS = ["submission", "sha256", "status", "score", "max_score", "notes", "seconds", "exercises"]
EXERCISE_KEYS = ["exercise", "score", "max_score", "status", "follow_through", "diagnosis", "checks"]
CHECK_KEYS = ["check", "title", "hidden", "status", "score", "max_score", "feedback"]

any_text = st.text(st.characters(), max_size=60)


def make_check(**changes):
    fields = {
        "check": "test_f",
        "title": TITLE,
        "kind": Kind.VALUE,
        "visible": False,
        "status": Status.FAILED,
        "score": 0.0,
        "max_score": 2.0,
        "summary": SUMMARY,
        "text": EVIDENCE,
    }
    return CheckReport(**(fields | changes))


def make_exercise(*checks, **changes):
    fields = {
        "exercise": "f",
        "title": "The function",
        "hint": HINT,
        "status": Status.FAILED,
        "score": 0.0,
        "max_score": 2.0,
        "follow_through": False,
        "diagnosis": (Diagnosis(misconception="m", text=DIAGNOSIS),),
        "checks": checks or (make_check(),),
    }
    return ExerciseReport(**(fields | changes))


def make_submission(*exercises, **changes):
    fields = {
        "submission": "class/gradient_descent_ada.py",
        "sha256": "ab" * 32,
        "status": "graded",
        "score": 0.0,
        "max_score": 2.0,
        "notes": (NOTE,),
        "seconds_total": 0.9,
        "seconds_student": 0.8,
        "exercises": exercises or (make_exercise(),),
    }
    return SubmissionReport(**(fields | changes))


def make_report(*submissions, level="hint"):
    return Report(
        assignment="gradient_descent",
        sandbox="landlock",
        feedback=level,
        submissions=submissions or (make_submission(),),
    )


def unreadable(name="gradient_descent_bob.py"):
    item = make_submission(
        submission=name, sha256=None, status=SubmissionStatus.UNREADABLE, score=None, notes=("it is empty",)
    )
    return replace(item, exercises=())


def document(report, audience="student"):
    return json.loads(to_json(report, audience))


def first_check(report, audience="student"):
    return document(report, audience)["submissions"][0]["exercises"][0]["checks"][0]


def rows(report):
    return list(csv.DictReader(io.StringIO(to_csv(report, Audience.STAFF))))


@pytest.fixture
def printed(capsys, monkeypatch):
    """Print a report on a terminal of some width, and return what stands there."""

    def show(report, audience="student", *, columns=200):
        monkeypatch.setenv("COLUMNS", str(columns))
        print_report(report, audience)
        return capsys.readouterr().out

    return show


# Clean texts.


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=3000))
def test_clean_text_holds_nothing_that_a_terminal_obeys(text):
    kept = clean(text)

    odd = {unicodedata.category(char) for char in kept if char not in "\n\t"}
    assert not odd & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert len(kept) <= MAX_TEXT + 3
    kept.encode()


@given(any_text)
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=100))
def test_ordinary_text_stays_as_it_is(text):
    assert clean(text) == ADDRESS.sub("0x...", text) or "0x" in text


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[31m",
        "\x1b]0;title\x07",
        "\x1b]8;;http://x\x1b\\",
        "\x9b31m",
        "\x08",
        "\x7f",
        "\r",
        "\x00",
        "\u202e",
        "\u2066",
        "\u200f",
        "\u061c",
        "\u200b",
        "\ufeff",
        "\u2028",
        "\u2029",
        "\x85",
        "\ud800",
        "\ue000",
        "\U000e0041",
    ],
)
def test_control_and_direction_characters_are_replaced(sequence):
    kept = clean(f"a{sequence}b")

    assert kept.startswith("a\ufffd")
    assert sequence[0] not in kept


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "é 語 ← ✓ 😀", "[bold]x[/bold]", "a  b"])
def test_lines_tabs_and_letters_of_all_languages_stay(text):
    assert clean(text) == text


def test_line_ends_of_windows_become_plain():
    assert clean("a\r\nb") == "a\nb"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<function f at 0x7f4d2fffbe80>", "<function f at 0x...>"),
        ("<a at 0x7F4D2FFFBE80> and <b at 0x55d0c0ffee>", "<a at 0x...> and <b at 0x...>"),
        ("0x1F", "0x1F"),
        ("color 0xff", "color 0xff"),
    ],
)
def test_addresses_are_taken_out(text, kept):
    assert clean(text) == kept


@settings(max_examples=60)
@given(st.integers(1900, 2010), st.integers(2**44, 2**47 - 1), st.integers(2**44, 2**47 - 1))
def test_addresses_never_make_two_runs_differ(before, one, other):
    first, second = (clean("." * before + f" at {address:#x} {'.' * 200}") for address in (one, other))

    assert first == second


def test_long_text_is_cut_and_says_so():
    assert clean("a" * MAX_TEXT) == "a" * MAX_TEXT
    assert clean("a" * (MAX_TEXT + 1)) == "a" * MAX_TEXT + "..."


def test_long_text_of_addresses_is_cut_and_says_so():
    assert clean("0x7f4d2fffbe80 " * 1000).endswith("...")


def test_very_long_text_is_cut_in_no_time():
    assert len(clean("\x1b" * 10**7)) <= MAX_TEXT + 3


# The document.


def test_document_has_the_keys_of_the_issue():
    found = document(make_report())
    submission = found["submissions"][0]
    exercise = submission["exercises"][0]

    assert [key for key in found if key in REPORT_KEYS] == REPORT_KEYS
    assert [key for key in submission if key in SUBMISSION_KEYS] == SUBMISSION_KEYS
    assert [key for key in exercise if key in EXERCISE_KEYS] == EXERCISE_KEYS
    assert [key for key in exercise["checks"][0] if key in CHECK_KEYS] == CHECK_KEYS
    assert list(submission["seconds"]) == ["total", "student"]
    assert list(exercise["diagnosis"][0]) == ["misconception", "text"]


def test_document_says_its_schema():
    assert document(make_report())["schema"] == "grader/report/v1"


def test_document_holds_the_values_of_the_report():
    submission = document(make_report())["submissions"][0]

    assert submission["submission"] == "class/gradient_descent_ada.py"
    assert submission["sha256"] == "ab" * 32
    assert submission["status"] == "graded"
    assert submission["score"] == 0.0
    assert submission["notes"] == [NOTE]
    assert submission["seconds"] == {"total": 0.9, "student": 0.8}
    assert submission["exercises"][0]["follow_through"] is False


def test_submission_that_can_not_be_read_has_nulls_and_its_reason():
    submission = document(make_report(unreadable()))["submissions"][0]

    assert (submission["score"], submission["sha256"], submission["status"]) == (None, None, "unreadable")
    assert submission["notes"] == ["it is empty"]
    assert submission["max_score"] == 2
    assert submission["exercises"] == []


def test_broken_exercise_has_a_null_score():
    broken = make_exercise(make_check(score=None, status=Status.BROKEN), score=None, status=Status.BROKEN)

    found = document(make_report(make_submission(broken, status=SubmissionStatus.BROKEN, score=None)))

    exercise = found["submissions"][0]["exercises"][0]
    assert (exercise["score"], exercise["status"], exercise["checks"][0]["score"]) == (None, "broken", None)


@pytest.mark.parametrize("status", list(Status))
def test_status_is_written_as_the_issue_spells_it(status):
    found = document(make_report(make_submission(make_exercise(make_check(status=status), status=status))))

    exercise = found["submissions"][0]["exercises"][0]
    assert exercise["status"] == exercise["checks"][0]["status"] == status.value
    assert status.value in ("passed", "failed", "not_attempted", "crashed", "timed_out", "broken")


def test_document_is_the_same_bytes_twice():
    assert to_json(make_report(), Audience.STAFF) == to_json(make_report(), Audience.STAFF)


@given(any_text)
def test_document_is_ascii_and_ends_with_a_newline(text):
    written = to_json(make_report(make_submission(notes=(text,))), Audience.STUDENT)

    assert written.isascii()
    assert written.endswith("}\n")
    assert json.loads(written)["submissions"][0]["notes"] == [text]


def test_points_are_whole_numbers_where_they_are_authored_so():
    written = to_json(make_report(make_submission(make_exercise(max_score=2.5), max_score=20.0)), Audience.STUDENT)

    assert '"max_score": 20,' in written
    assert '"max_score": 2.5,' in written


# What each audience may read.


@pytest.mark.parametrize("level", ["score", "hint"])
def test_student_never_reads_the_evidence_of_a_hidden_check(level):
    report = make_report(level=level)

    assert EVIDENCE not in to_json(report, Audience.STUDENT)


def test_student_never_reads_the_evidence_of_a_hidden_check_in_a_table(printed):
    for level in ("score", "hint"):
        report = make_report(level=level)

        assert EVIDENCE not in printed(report)
        assert EVIDENCE not in printed(replace(report, submissions=report.submissions * 2))


def test_student_reads_the_summary_of_a_hidden_check_at_hint():
    check = first_check(make_report(level="hint"))

    assert check["feedback"] == SUMMARY
    assert check["title"] == TITLE
    assert check["hidden"] is True


def test_student_reads_points_only_of_a_hidden_check_at_score():
    check = first_check(make_report(level="score"))

    assert check["feedback"] == ""
    assert check["title"] != TITLE
    assert (check["score"], check["max_score"], check["status"]) == (0.0, 2, "failed")


def test_student_reads_no_diagnosis_at_score():
    written = to_json(make_report(level="score"), Audience.STUDENT)

    assert SUMMARY not in written
    assert DIAGNOSIS not in written


def test_student_reads_no_diagnosis_and_no_summary_at_score_in_a_table(printed):
    report = make_report(level="score")
    without_diagnosis = make_report(make_submission(make_exercise(diagnosis=())), level="score")

    for shown in (report, without_diagnosis):
        for text in (printed(shown), printed(replace(shown, submissions=shown.submissions * 2))):
            assert SUMMARY not in text
            assert DIAGNOSIS not in text
            assert TITLE not in text


def test_student_reads_all_of_a_hidden_check_at_full():
    assert first_check(make_report(level="full"))["feedback"] == f"{SUMMARY}\n{EVIDENCE}"


@pytest.mark.parametrize("level", ["score", "hint", "full"])
def test_staff_read_all_of_every_check(level):
    check = first_check(make_report(level=level), Audience.STAFF)

    assert check["feedback"] == f"{SUMMARY}\n{EVIDENCE}"
    assert check["title"] == TITLE


@pytest.mark.parametrize("level", ["score", "hint", "full"])
@pytest.mark.parametrize("audience", ["student", "staff"])
def test_visible_check_is_shown_in_full(level, audience):
    report = make_report(make_submission(make_exercise(make_check(visible=True))), level=level)

    check = first_check(report, audience)

    assert check["feedback"] == f"{SUMMARY}\n{EVIDENCE}"
    assert check["hidden"] is False


@pytest.mark.parametrize("audience", ["student", "staff"])
def test_passed_check_has_no_feedback(audience):
    passed = make_exercise(make_check(status=Status.PASSED), status=Status.PASSED)

    assert first_check(make_report(make_submission(passed), level="full"), audience)["feedback"] == ""


def test_hint_is_for_what_is_not_passed():
    passed = make_exercise(make_check(status=Status.PASSED), status=Status.PASSED)

    assert HINT in to_json(make_report(), Audience.STUDENT)
    assert HINT not in to_json(make_report(make_submission(passed)), Audience.STUDENT)


def test_document_says_its_audience_but_not_the_other_ones_text():
    assert document(make_report(), Audience.STUDENT)["audience"] == "student"
    assert document(make_report(), Audience.STAFF)["audience"] == "staff"


# grades.csv


def test_csv_has_a_row_for_each_submission_and_a_column_for_each_exercise():
    exercises = make_exercise(exercise="f", score=1.5), make_exercise(exercise="g", score=0.25)
    graded = make_submission(*exercises, score=1.75)

    found = rows(make_report(unreadable(), graded))

    assert list(found[0]) == ["submission", "status", "score", "max_score", "f", "g", "notes"]
    assert found[1] == {
        "submission": "class/gradient_descent_ada.py",
        "status": "graded",
        "score": "1.75",
        "max_score": "2",
        "f": "1.5",
        "g": "0.25",
        "notes": NOTE,
    }


def test_csv_leaves_null_scores_blank():
    broken = make_submission(make_exercise(score=None), status=SubmissionStatus.BROKEN, score=None)

    found = rows(make_report(unreadable(), broken, make_submission(score=0.0)))

    assert [row["score"] for row in found] == ["", "", "0"]
    assert [row["f"] for row in found] == ["", "", "0"]


@pytest.mark.parametrize("name", ["=1+1.py", "+1.py", "-1.py", "@SUM(A1).py", "\t=1", '=HYPERLINK("http://x")'])
def test_csv_holds_no_formula(name):
    (row,) = rows(make_report(make_submission(submission=name, notes=(name,))))

    assert row["submission"] == f"'{name}"
    assert row["notes"] == f"'{name}"


@given(any_text, st.lists(any_text, max_size=3))
def test_csv_quotes_every_name_and_note(name, notes):
    written = to_csv(
        make_report(make_submission(submission=clean(name), notes=tuple(clean(note) for note in notes))), "staff"
    )

    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert row["submission"].removeprefix("'") == clean(name).removeprefix("'")
    assert row["status"] == "graded"


def test_csv_of_a_class_without_a_grade_has_no_exercises():
    assert rows(make_report(unreadable())) == [
        {
            "submission": "gradient_descent_bob.py",
            "status": "unreadable",
            "score": "",
            "max_score": "2",
            "notes": "it is empty",
        }
    ]


def test_csv_keeps_every_cent():
    (row,) = rows(make_report(make_submission(make_exercise(score=0.07), score=1234.57, max_score=2000.0)))

    assert (row["f"], row["score"], row["max_score"]) == ("0.07", "1234.57", "2000")


# The files of --out.


def names_of(folder):
    return sorted(path.name for path in folder.iterdir())


def named(*names):
    return make_report(*(make_submission(submission=name) for name in names))


def test_each_submission_gets_a_file_with_itself_alone(tmp_path):
    report = named("class/a.py", "class/b.py")

    write_files(report, tmp_path / "deep" / "out", Audience.STUDENT)

    assert names_of(tmp_path / "deep" / "out") == ["a.py.json", "a.py.md", "b.py.json", "b.py.md", "grades.csv"]
    found = json.loads((tmp_path / "deep" / "out" / "b.py.json").read_text())
    assert [item["submission"] for item in found["submissions"]] == ["class/b.py"]


def test_files_are_for_the_audience(tmp_path):
    write_files(make_report(), tmp_path, Audience.STUDENT)

    assert EVIDENCE not in "".join(path.read_text() for path in tmp_path.iterdir())


def test_files_of_an_earlier_run_are_replaced(tmp_path):
    write_files(make_report(), tmp_path, Audience.STUDENT)
    before = names_of(tmp_path)

    write_files(make_report(), tmp_path, Audience.STAFF)

    assert names_of(tmp_path) == before
    assert EVIDENCE in (tmp_path / "gradient_descent_ada.py.json").read_text()


@pytest.mark.parametrize(
    "names",
    [
        ("x/a.py", "y/a.py", "z/a.py"),
        ("a.py", "A.py", "a.PY"),
        ("a.py", "a.py-2", "x/a.py"),
        ("a:b.py", "a_b.py", "a?b.py"),
        ("..", ".", "/", ""),
        ("é.py", "É.py"),
    ],
)
def test_names_of_files_are_unique_where_case_is_not_told_apart(tmp_path, names):
    write_files(named(*names), tmp_path, Audience.STUDENT)

    written = names_of(tmp_path)
    assert len(written) == 2 * len(names) + 1
    assert len({name.casefold() for name in written}) == len(written)


@settings(max_examples=80)
@given(st.lists(any_text, min_size=1, max_size=4))
def test_names_of_files_are_safe(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("out")
    report = named(*(clean(name) for name in names))

    write_files(report, folder / "inner", Audience.STUDENT)

    assert names_of(folder) == ["inner"]
    assert len(names_of(folder / "inner")) == 2 * len(names) + 1
    assert not any(name.startswith(".") for name in names_of(folder / "inner"))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "a/../../b", "\x00.py", "a\nb.py", "C:\\a.py", "~root", "grades"]
)
def test_name_of_a_submission_never_leads_out(tmp_path, name):
    write_files(named(name), tmp_path / "out", Audience.STUDENT)

    assert names_of(tmp_path) == ["out"]
    assert len(names_of(tmp_path / "out")) == 3


@pytest.mark.parametrize("name", ["a" * 252, "語" * 84, "é" * 126, "😀" * 63, "a" * 5000], ids=lambda name: name[:2])
def test_name_as_long_as_a_file_system_allows_is_shortened(tmp_path, name):
    write_files(named(f"{name}.py", f"{name}.py"), tmp_path, Audience.STUDENT)

    assert len(names_of(tmp_path)) == 5


def test_files_that_can_not_be_written_are_a_usage_error_and_leave_nothing(tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(UsageError, match="--out"):
        write_files(make_report(), tmp_path / "out", Audience.STUDENT)
    assert names_of(tmp_path) == ["out"]


def test_failed_writing_leaves_no_half_file(tmp_path):
    (tmp_path / "grades.csv").mkdir()

    with pytest.raises(UsageError, match="--out"):
        write_files(make_report(), tmp_path, Audience.STUDENT)
    assert names_of(tmp_path) == ["grades.csv", "gradient_descent_ada.py.json", "gradient_descent_ada.py.md"]


def test_failed_writing_names_the_file(tmp_path):
    (tmp_path / "grades.csv").mkdir()

    with pytest.raises(UsageError, match=r"grades\.csv"):
        write_files(make_report(), tmp_path, Audience.STUDENT)


# The table.


@pytest.mark.parametrize(
    "text",
    ["[bold]x[/bold]", "[/]", "[red", "[link=http://x]y[/link]", ":smile:", "😀 語 é", "[[f]]", "\\[bold]", "100%"],
)
@pytest.mark.parametrize("copies", [1, 2])
def test_students_text_is_drawn_as_it_is(printed, text, copies):
    check = make_check(summary=text, title=text, visible=True, text=text)
    diagnosis = (Diagnosis(misconception="m", text=text),)
    item = make_submission(make_exercise(check, diagnosis=diagnosis), submission=text, notes=(text,))

    shown = printed(make_report(*[item] * copies))

    assert text in shown
    assert "\x1b" not in shown


@settings(max_examples=40)
@given(text=any_text.map(clean), columns=st.sampled_from([20, 80, 200]), copies=st.integers(1, 2))
def test_any_clean_text_is_drawn(text, columns, copies):
    check = make_check(summary=text, text=text, title=text)
    exercise = make_exercise(check, title=text, hint=text, diagnosis=(Diagnosis(misconception=text, text=text),))
    report = make_report(*[make_submission(exercise, submission=text, notes=(text,))] * copies)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        for audience in ("student", Audience.STAFF):
            print_report(report, audience)


def test_table_of_a_class_shows_scores_and_words(printed):
    right = make_exercise(make_check(status=Status.PASSED, score=2.0), status=Status.PASSED, score=2.0, diagnosis=())
    class_of_three = make_report(
        make_submission(right, submission="gradient_descent_ada.py", score=2.0),
        make_submission(submission="gradient_descent_eve.py", score=0.0),
        unreadable(),
    )

    shown = printed(class_of_three)

    assert re.search(r"ada\.py +2\.00 / 2 +✓ +everything is right", shown)
    assert re.search(r"eve\.py +0\.00 / 2 +✗ +f 0/2 failed", shown)
    assert re.search(r"bob\.py +unreadable .*it is empty", shown)
    assert "2 graded, mean 1.00 of 2, 1 unreadable; sandbox: landlock" in shown


def test_table_of_one_shows_its_feedback(printed):
    shown = printed(make_report())

    assert "score: 0.00 / 2" in shown
    assert f"note: {NOTE}" in shown
    assert DIAGNOSIS in shown
    assert SUMMARY in shown
    assert f"hint: {HINT}" in shown


def test_table_of_one_shows_the_staff_the_evidence(printed):
    assert EVIDENCE in printed(make_report(), Audience.STAFF)


def test_table_says_where_nothing_confined_the_submissions(printed):
    unconfined = replace(make_report(), sandbox="none")

    assert "without a sandbox" in printed(unconfined)
    assert "without a sandbox" not in printed(make_report())


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_every_status_is_drawn_in_every_width(printed, status, columns):
    score = None if status is Status.BROKEN else 0.0
    exercise = make_exercise(make_check(status=status, score=score), status=status, score=score)
    item = make_submission(exercise, score=score, status=SubmissionStatus.BROKEN if score is None else "graded")

    assert printed(make_report(item), columns=columns)
    assert printed(make_report(item, item), columns=columns)


@pytest.mark.parametrize("text", ["", "\n", "\n\n", " "])
@pytest.mark.parametrize("copies", [1, 2])
def test_empty_texts_are_drawn(printed, text, copies):
    exercise = make_exercise(make_check(summary=text, text=text), diagnosis=(Diagnosis(misconception="", text=text),))

    assert "0.00 / 2" in printed(make_report(*[make_submission(exercise)] * copies))
