"""What is written of a report: grades.csv and the files of `--out`."""

import contextlib
import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import EVIDENCE, NOTE, any_text, make_exercise, make_report, make_submission, unreadable

from grader.commands.out_folder import OutFolder
from grader.errors import UsageError
from grader.formats.csv import to_csv
from grader.report.report import Audience, SubmissionStatus, clean
from grader.report.view import view


def rows(report):
    return list(csv.DictReader(io.StringIO(to_csv(view(report, Audience.STAFF)))))


# grades.csv


def test_csv_has_a_row_for_each_submission_and_a_column_for_each_exercise():
    exercises = make_exercise(exercise="f", score=1.5), make_exercise(exercise="g", score=0.25)
    graded = make_submission(*exercises, score=1.75, student="ada")

    found = rows(make_report(unreadable(), graded))

    assert list(found[0]) == ["submission", "student", "status", "score", "max_score", "f", "g", "notes"]
    assert found[1] == {
        "submission": "class/gradient_descent_ada.py",
        "student": "ada",
        "status": SubmissionStatus.GRADED,
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
        view(
            make_report(make_submission(submission=clean(name), notes=tuple(clean(note) for note in notes))),
            Audience.STAFF,
        )
    )

    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert row["submission"].removeprefix("'") == clean(name).removeprefix("'")
    assert row["status"] == "graded"


def test_csv_of_a_class_without_a_grade_has_no_exercises():
    assert rows(make_report(unreadable())) == [
        {
            "submission": "gradient_descent_bob.py",
            "student": "",
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


def write_files(seen, folder):
    """Write the files of a whole view, one submission after another, as a run does."""
    with contextlib.closing(OutFolder(folder, [item.submission for item in seen.submissions])) as out:
        for number, item in enumerate(seen.submissions):
            out.add(number, replace(seen, submissions=(item,)))
        out.finish()


def names_of(folder):
    return sorted(path.name for path in folder.iterdir())


def named(*names):
    return make_report(*(make_submission(submission=name) for name in names))


def test_each_submission_gets_a_file_with_itself_alone(tmp_path):
    report = named("class/a.py", "class/b.py")

    write_files(view(report, Audience.STUDENT), tmp_path / "deep" / "out")

    assert names_of(tmp_path / "deep" / "out") == ["a.py.json", "a.py.md", "b.py.json", "b.py.md", "grades.csv"]
    found = json.loads((tmp_path / "deep" / "out" / "b.py.json").read_text())
    assert [item["submission"] for item in found["submissions"]] == ["class/b.py"]


def test_files_are_for_the_audience(tmp_path):
    write_files(view(make_report(), Audience.STUDENT), tmp_path)

    assert EVIDENCE not in "".join(path.read_text() for path in tmp_path.iterdir())


def test_files_of_an_earlier_run_are_replaced(tmp_path):
    write_files(view(make_report(), Audience.STUDENT), tmp_path)
    before = names_of(tmp_path)

    write_files(view(make_report(), Audience.STAFF), tmp_path)

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
    write_files(view(named(*names), Audience.STUDENT), tmp_path)

    written = names_of(tmp_path)
    assert len(written) == 2 * len(names) + 1
    assert len({name.casefold() for name in written}) == len(written)


@settings(max_examples=80)
@given(st.lists(any_text, min_size=1, max_size=4))
def test_names_of_files_are_safe(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("out")
    report = named(*(clean(name) for name in names))

    write_files(view(report, Audience.STUDENT), folder / "inner")

    assert names_of(folder) == ["inner"]
    assert len(names_of(folder / "inner")) == 2 * len(names) + 1
    assert not any(name.startswith(".") for name in names_of(folder / "inner"))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "a/../../b", "\x00.py", "a\nb.py", "C:\\a.py", "~root", "grades"]
)
def test_name_of_a_submission_never_leads_out(tmp_path, name):
    write_files(view(named(name), Audience.STUDENT), tmp_path / "out")

    assert names_of(tmp_path) == ["out"]
    assert len(names_of(tmp_path / "out")) == 3


@pytest.mark.parametrize("name", ["a" * 252, "語" * 84, "é" * 126, "😀" * 63, "a" * 5000], ids=lambda name: name[:2])
def test_name_as_long_as_a_file_system_allows_is_shortened(tmp_path, name):
    write_files(view(named(f"{name}.py", f"{name}.py"), Audience.STUDENT), tmp_path)

    assert len(names_of(tmp_path)) == 5


def test_files_that_can_not_be_written_are_a_usage_error_and_leave_nothing(tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(UsageError, match="--out"):
        write_files(view(make_report(), Audience.STUDENT), tmp_path / "out")
    assert names_of(tmp_path) == ["out"]


def test_failed_writing_leaves_no_half_file(tmp_path):
    (tmp_path / "grades.csv").mkdir()

    with pytest.raises(UsageError, match="--out"):
        write_files(view(make_report(), Audience.STUDENT), tmp_path)
    assert names_of(tmp_path) == ["grades.csv", "gradient_descent_ada.py.json", "gradient_descent_ada.py.md"]


def test_failed_writing_names_the_file(tmp_path):
    (tmp_path / "grades.csv").mkdir()

    with pytest.raises(UsageError, match=r"grades\.csv"):
        write_files(view(make_report(), Audience.STUDENT), tmp_path)
