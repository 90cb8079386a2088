"""`grader show`: one student's feedback again, by a name or a part of one, to whom it may be told, without torch."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from reports import (
    EVIDENCE,
    NOTE,
    SUMMARY,
    make_check,
    make_exercise,
    make_report,
    make_submission,
    unreadable,
)
from test_class_results import written

from grader.classes.finding import find_result
from grader.classes.retelling import retold
from grader.commands.cli import root
from grader.course.assignment import FeedbackLevel
from grader.errors import UsageError
from grader.formats.forms import Form, render
from grader.outcomes import Counterexample, Diagnosis, Status
from grader.report.report import Audience
from grader.report.view import view

NAMES = {
    "amara_1_gradient_descent.py": "Amara Okafor",
    "amaral_2_gradient_descent.py": "Amaral Lima",
    "elodie_3_gradient_descent.py": "Élodie Ngô",
    "twin_4_gradient_descent.py": "Jo Twin",
    "twin_5_gradient_descent.py": "Jo Twin",
    "gradient_descent_bjorn.py": "gradient_descent_bjorn",
}


@pytest.fixture
def folder(tmp_path):
    items = [make_submission(submission=f"class/{name}", student=student) for name, student in NAMES.items()]
    written(tmp_path, *items, audience=Audience.STAFF)
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / "half.json").write_text("{")
    (tmp_path / "link.json").symlink_to(tmp_path / "amara_1_gradient_descent.py.json")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "line.json").write_text(
        (tmp_path / "amara_1_gradient_descent.py.json").read_text().replace("grader/report/v1", "grader/submission/v1")
    )
    return tmp_path


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Amara Okafor", "amara_1_gradient_descent.py"),
        ("amara okafor", "amara_1_gradient_descent.py"),
        ("okaf", "amara_1_gradient_descent.py"),
        ("elodie ngo", "elodie_3_gradient_descent.py"),
        ("bjorn", "gradient_descent_bjorn.py"),
        ("gradient_descent_bjorn.py", "gradient_descent_bjorn.py"),
        ("gradient_descent_bjorn.py.json", "gradient_descent_bjorn.py"),
        ("class/twin_5_gradient_descent.py", "twin_5_gradient_descent.py"),
        ("twin_4", "twin_4_gradient_descent.py"),
    ],
)
def test_a_result_is_found_by_a_name_or_the_part_that_no_other_has(folder, name, stem):
    assert find_result(folder, name).stem == stem


def test_a_whole_name_goes_before_a_part_of_others(tmp_path):
    written(tmp_path, make_submission(submission="1.py", student="Jo"), make_submission(submission="2", student="Joan"))

    assert find_result(tmp_path, "jo").stem == "1.py"


def test_several_and_none_are_told_with_who_there_is(folder):
    with pytest.raises(UsageError) as several:
        find_result(folder, "jo twin")
    with pytest.raises(UsageError) as near:
        find_result(folder, "Bjoern")
    with pytest.raises(UsageError) as none:
        find_result(folder, "qqqq")

    twins = ["  Jo Twin (twin_4_gradient_descent.py)", "  Jo Twin (twin_5_gradient_descent.py)"]
    assert str(several.value).splitlines()[1:] == twins
    assert "did you mean" in str(near.value)
    assert str(near.value).splitlines()[1:] == ["  bjorn (gradient_descent_bjorn.py)"]
    assert len(str(none.value).splitlines()) == 1 + len(NAMES)


@pytest.mark.parametrize("name", ["", " ", "\x1b[31m", "\u202e", "x" * 500, "*", "../amara", "\ud800"])
def test_whatever_is_asked_for_is_answered_in_clean_words(folder, name):
    with pytest.raises(UsageError) as error:
        find_result(folder, name)

    assert "nobody" in str(error.value)
    assert not {"\x1b", "\u202e", "\ud800"} & set(str(error.value))


def test_names_of_students_are_shown_clean(tmp_path):
    written(tmp_path, make_submission(submission="1.py", student="Eve\n"), make_submission(submission="2.py"))
    path = tmp_path / "1.py.json"
    document = json.loads(path.read_text())
    document["submissions"][0]["student"] = "\x1b[2JEve"
    path.write_text(json.dumps(document))

    with pytest.raises(UsageError) as error:
        find_result(tmp_path, "nobody")

    assert "Eve" in str(error.value)
    assert "\x1b" not in str(error.value)


def test_name_with_a_line_break_is_one_line_of_the_list(tmp_path):
    written(tmp_path, make_submission(submission="1.py", student="Eve\n  Mallory"), make_submission(submission="2.py"))

    with pytest.raises(UsageError) as error:
        find_result(tmp_path, "nobody")

    assert len(str(error.value).splitlines()) == 3


def test_a_folder_that_holds_nothing_says_what_to_do(tmp_path):
    for place in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match="--out"):
            find_result(place, "ada")


# To whom.


def rich_submission(**changes):
    shown = Counterexample(call="f(1)", returned="1", expected="2")
    hidden = make_check(told="the value is wrong")
    visible = make_check(check="test_v", visible=True, told="no")
    passed = make_check(check="test_p", status=Status.PASSED, score=2.0)
    named = Diagnosis(misconception="m", text="You add.", title="TITLE-for-the-staff")
    right = make_exercise(passed, exercise="g", status=Status.PASSED, score=2.0, diagnosis=())
    wrong = make_exercise(hidden, visible, passed, counterexample=shown, diagnosis=(named,), examples="an example")
    return make_submission(wrong, right, submission="gradient_descent_ada.py", **changes)


@pytest.mark.parametrize("level", FeedbackLevel)
def test_what_was_written_for_the_staff_is_told_to_its_student_as_it_was_graded_for_them(tmp_path, level):
    report = make_report(rich_submission(), level=level)
    written(tmp_path, rich_submission(), feedback=level)

    seen = retold(find_result(tmp_path, "ada"), Audience.STUDENT)

    assert seen == view(report, Audience.STUDENT)
    assert "TITLE-for-the-staff" not in repr(seen)
    assert (EVIDENCE in render(seen, Form.JSON)) is True  # of the visible check
    assert retold(find_result(tmp_path, "ada"), None) == view(report, Audience.STAFF)


def test_what_was_written_for_students_is_not_told_to_the_staff(tmp_path):
    written(tmp_path, rich_submission(), audience=Audience.STUDENT)
    path = find_result(tmp_path, "ada")

    assert retold(path, None) == retold(path, Audience.STUDENT)
    with pytest.raises(UsageError, match="grade with --audience staff"):
        retold(path, Audience.STAFF)


def test_what_is_withheld_from_a_student_is_not_told_to_them(tmp_path):
    written(tmp_path, rich_submission(withheld=True))
    path = find_result(tmp_path, "ada")

    assert SUMMARY in render(retold(path, None), Form.JSON)
    with pytest.raises(UsageError, match="withheld"):
        retold(path, Audience.STUDENT)


def test_a_result_without_the_level_of_feedback_is_not_told_to_a_student(tmp_path):
    written(tmp_path, rich_submission())
    path = find_result(tmp_path, "ada")
    document = json.loads(path.read_text())
    del document["feedback"]
    path.write_text(json.dumps(document))

    with pytest.raises(UsageError, match="grade it again"):
        retold(path, Audience.STUDENT)


# The command.


def shown(folder, *arguments):
    return CliRunner().invoke(root, ["show", str(folder), *arguments])


@pytest.mark.parametrize("audience", Audience)
def test_command_prints_what_the_folder_holds(tmp_path, audience):
    written(tmp_path, rich_submission(), unreadable(), audience=audience)
    stem = "gradient_descent_ada.py"

    assert shown(tmp_path, "ada", "--format", "json").output == (tmp_path / f"{stem}.json").read_text()
    assert shown(tmp_path, "ada", "--format", "markdown").output == (tmp_path / f"{stem}.md").read_text()
    assert shown(tmp_path, "ada", "--format", "html").output.startswith("<!DOCTYPE html>")
    assert "it is empty" in shown(tmp_path, "bob").output


def test_command_draws_as_grading_one_file_does(tmp_path, capsys):
    from grader.formats.table import print_view

    written(tmp_path, rich_submission())
    print_view(view(make_report(rich_submission()), Audience.STAFF))

    found = shown(tmp_path, "ada")

    assert (found.exit_code, found.output) == (0, capsys.readouterr().out)
    assert NOTE in found.output


def test_command_needs_no_torch(tmp_path):
    written(tmp_path, rich_submission())
    code = f"""
import sys
from grader.commands.cli import root
root.main(["show", {str(tmp_path)!r}, "ada", "--audience", "student"], standalone_mode=False)
sys.exit(bool({{"torch", "pytest", "hypothesis", "numpy"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "score: 0.00 / 2" in done.stdout
