"""`grader grade --against`: grading, and whose grade is another one than an earlier run has written."""

import json

import pytest
from class_folders import written
from known_class import RIGHT, KnownClass
from reports import make_submission

from grader.commands.options import Out, Whose
from grader.errors import UsageError
from grader.formats.forms import Form


@pytest.fixture
def known_class(small_course, monkeypatch, tmp_path_factory):
    """A class whose results lie in `out`, and of which bo has handed in something right since."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("COLUMNS", "80")
    found = KnownClass(small_course, monkeypatch)
    found.run()
    found.write("bo", RIGHT)
    return found


@pytest.mark.parametrize("with_out", [True, False])
def test_differences_are_printed_below_the_table_with_and_without_a_folder(known_class, capsys, with_out):
    capsys.readouterr()
    out = Out(folder=known_class.out.with_name("june")) if with_out else None

    known_class.run(against=known_class.out, out=out, form=None)

    said = " ".join(capsys.readouterr().out.split())  # a long folder's name breaks a line
    assert said.index("exercises, in order") < said.index("whose grade changes")
    assert "1 of 3 grades change: 1 higher; 2 as before" in said
    assert f"now: {'june' if with_out else 'this run'}" in said.replace(f"{known_class.course.root}/", "")


def test_form_for_a_program_stays_whole_and_the_differences_go_to_standard_error(known_class, capsys):
    capsys.readouterr()

    known_class.run(against=known_class.out, out=None, form=Form.JSON)

    said = capsys.readouterr()
    assert len(json.loads(said.out)["submissions"]) == 3
    assert "1 of 3 grades change" in said.err


def test_folder_of_out_is_refused_before_anything_is_written_over(known_class):
    before = known_class.files()

    with pytest.raises(UsageError, match="give --out another folder"):
        known_class.run(against=known_class.out / ".." / "out")

    assert known_class.files() == before
    assert known_class.graded == []


def test_results_of_another_assignment_are_refused_before_the_grading(known_class, tmp_path):
    written(tmp_path / "other", make_submission())

    with pytest.raises(UsageError, match="holds results of gradient_descent, and this is small"):
        known_class.run(against=tmp_path / "other", out=None)

    assert known_class.graded == []


def test_one_submission_is_compared_with_its_own_result_alone(known_class, capsys):
    capsys.readouterr()

    one = str(known_class.course.root / "class" / "bo" / "small.py")
    known_class.run(
        against=known_class.out,
        out=None,
        form=None,
        paths=(one,),
        whose=Whose(student=f"{known_class.course.root}/class/bo"),
    )

    said = capsys.readouterr().out
    assert "1 of 1 grades change: 1 higher" in said
    assert "no longer there" not in said
