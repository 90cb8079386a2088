"""The tables that learning platforms import: right, quoted, blank where there is no score, and no formulas.

Each rule that a platform has for its import is said at the test that holds to it.
"""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats.forms import ScoreTable
from grader.formats.gradebook import ExerciseScore, StudentScores, SubmissionScores, to_table, ungraded

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A1", '=HYPERLINK("http://x","y")')


def submission(*scores, assignment="gradient_descent", handed_in=True, late_penalty=0.0):
    """Return a submission whose exercises are worth 4, 6, 10, ... points and have these scores."""
    exercises = [
        ExerciseScore(exercise=exercise, score=score, max_score=maximum)
        for exercise, score, maximum in zip(("model", "loss", "grad"), scores, (4.0, 6.0, 10.0), strict=False)
    ]
    return SubmissionScores(
        assignment=assignment, handed_in=handed_in, late_penalty=late_penalty, exercises=tuple(exercises)
    )


def student(*submissions, name="anna", last_name="", first_name="", email="", lms_user_id=""):
    return StudentScores(
        student=name,
        last_name=last_name,
        first_name=first_name,
        email=email,
        lms_user_id=lms_user_id,
        submissions=submissions,
    )


def missing(assignment="gradient_descent"):
    return submission(None, None, assignment=assignment, handed_in=False)


def rows(students, form):
    """Read a table back as the platforms do: with the csv module's own rules."""
    return list(csv.reader(io.StringIO(to_table(students, form), newline="")))


def records(students, form):
    """Return each student's row as a dictionary by column."""
    head, *body = rows(students, form)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_score_is_the_sum_of_the_exercises():
    item = submission(4.0, 2.5)

    assert (item.score, item.status) == (6.5, "graded")


def test_score_of_what_is_partly_graded_is_none():
    item = submission(4.0, None)

    assert (item.score, item.status) == (None, "ungraded")


def test_score_of_nothing_handed_in_is_none():
    item = missing()

    assert (item.score, item.status) == (None, "missing")


def test_score_of_zero_is_a_score():
    item = submission(0.0, 0.0)

    assert (item.score, item.status) == (0.0, "graded")


@pytest.mark.parametrize(("penalty", "score"), [(1.5, 5.0), (6.5, 0.0), (99.0, 0.0)])
def test_late_penalty_is_taken_off_down_to_zero(penalty, score):
    item = submission(4.0, 2.5, late_penalty=penalty)

    assert item.score == score


def test_ungraded_names_what_was_handed_in_and_has_no_score():
    students = [
        student(submission(4.0, None), submission(1.0, 2.0, assignment="autograd")),
        student(missing(), submission(None, None, assignment="autograd"), name="bob"),
    ]

    assert ungraded(students) == ["anna: gradient_descent", "bob: autograd"]


def test_plain_table_has_every_exercise_by_name():
    found = records(
        [student(submission(4.0, 2.5), last_name="Åberg", first_name="Anna", email="a@b.se")], ScoreTable.CSV
    )

    assert found == [
        {
            "student": "anna",
            "last_name": "Åberg",
            "first_name": "Anna",
            "email": "a@b.se",
            "gradient_descent.status": "graded",
            "gradient_descent.score": "6.5",
            "gradient_descent.max_score": "10",
            "gradient_descent.late_penalty": "0",
            "gradient_descent.model": "4",
            "gradient_descent.loss": "2.5",
        }
    ]


def test_plain_table_has_a_group_of_columns_for_each_assignment():
    head, row = rows([student(submission(4.0, 2.5), submission(1.0, 2.0, assignment="autograd"))], ScoreTable.CSV)

    assert len(head) == len(set(head)) == len(row)
    assert row[head.index("gradient_descent.score")] == "6.5"
    assert row[head.index("autograd.score")] == "3"
    assert row[head.index("autograd.model")] == "1"


def test_canvas_table_begins_with_its_five_columns_and_the_points_possible():
    """Canvas reads the first five columns by these names; the second row, four spaces before it, is no student."""
    head, possible, _ = rows([student(submission(4.0, 2.5))], ScoreTable.CANVAS)

    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert possible[0] == "    Points Possible"
    assert possible[1:5] == ["", "", "", ""]
    assert dict(zip(head[5:], possible[5:], strict=True)) == {
        "gradient_descent: model": "4",
        "gradient_descent: loss": "6",
    }


def test_canvas_finds_a_student_by_its_own_number():
    """Canvas looks for ID first, then for the SIS columns; the name is for the reader, last name first."""
    students = [student(submission(4.0, 2.5), last_name="Åberg", first_name="Anna", lms_user_id="4711")]

    row = rows(students, ScoreTable.CANVAS)[2]

    assert row[:5] == ["Åberg, Anna", "4711", "", "", ""]


def test_canvas_finds_a_student_without_number_by_login():
    row = rows([student(submission(4.0, 2.5), name="aberg01")], ScoreTable.CANVAS)[2]

    assert row[:5] == ["aberg01", "", "", "aberg01", ""]


def test_canvas_table_has_exercises_of_several_assignments_apart():
    """Each column becomes an assignment of Canvas, so that no two may have one title."""
    head, possible, row = rows(
        [student(submission(4.0, 2.5), submission(1.0, 2.0, assignment="autograd"))], ScoreTable.CANVAS
    )

    assert head[5:] == ["gradient_descent: model", "gradient_descent: loss", "autograd: model", "autograd: loss"]
    assert possible[5:] == ["4", "6", "4", "6"]
    assert row[5:] == ["4", "2.5", "1", "2"]


def test_canvas_titles_have_no_number_in_brackets():
    """A title that ends in `(123)` would be the assignment of that number."""
    head = rows([student(submission(4.0, 2.5))], ScoreTable.CANVAS)[0]

    assert not any(title.endswith(")") for title in head)


def test_moodle_table_begins_with_the_columns_of_its_worksheet():
    """The grading worksheet finds a participant by Identifier, and the gradebook's import by email or username."""
    students = [student(submission(4.0, 2.5), last_name="Åberg", first_name="Anna", email="a@b.se", lms_user_id="4711")]

    found = records(students, ScoreTable.MOODLE)

    assert found == [
        {
            "Identifier": "Participant 4711",
            "Full name": "Anna Åberg",
            "Email address": "a@b.se",
            "Username": "anna",
            "Grade": "6.5",
            "Maximum grade": "10",
            "gradient_descent: model": "4",
            "gradient_descent: loss": "2.5",
        }
    ]


def test_moodle_identifier_is_blank_without_a_number():
    found = records([student(submission(4.0, 2.5))], ScoreTable.MOODLE)

    assert found[0]["Identifier"] == ""


def test_moodle_table_of_several_assignments_has_no_grade():
    """The worksheet's one `Grade` belongs to one assignment; the gradebook's import maps the other columns."""
    head = rows([student(submission(4.0, 2.5), submission(1.0, 2.0, assignment="autograd"))], ScoreTable.MOODLE)[0]

    assert "Grade" not in head
    assert head[4:] == ["gradient_descent: model", "gradient_descent: loss", "autograd: model", "autograd: loss"]


@pytest.mark.parametrize("form", ScoreTable)
def test_first_line_is_the_header_and_every_row_is_as_long(form):
    students = [student(submission(4.0, None, late_penalty=1.0)), student(missing(), name="bob")]

    found = rows(students, form)

    assert {len(row) for row in found} == {len(found[0])}
    assert len(set(found[0])) == len(found[0])
    assert not to_table(students, form).startswith("\ufeff")


@pytest.mark.parametrize("form", ScoreTable)
@pytest.mark.parametrize(
    "item", [missing(), submission(None, None), submission(None, None, late_penalty=2.0)], ids=lambda item: item.status
)
def test_what_has_no_score_is_blank_and_never_zero(form, item):
    """Canvas and Moodle leave a grade alone where the cell is blank; a 0 would be a grade."""
    found = records([student(submission(4.0, 2.0), name="bob"), student(item)], form)[-1]

    cells = {
        column: text
        for column, text in found.items()
        if column.endswith(("score", "Grade", "model", "loss")) and not column.endswith("max_score")
    }
    assert cells
    assert set(cells.values()) == {""}


@pytest.mark.parametrize("form", ScoreTable)
def test_exercise_without_score_leaves_the_others(form):
    found = records([student(submission(4.0, None))], form)[-1]

    assert found["gradient_descent.model" if form is ScoreTable.CSV else "gradient_descent: model"] == "4"
    assert found["gradient_descent.loss" if form is ScoreTable.CSV else "gradient_descent: loss"] == ""
    assert found.get("gradient_descent.score", "") == found.get("Grade", "") == ""


@pytest.mark.parametrize("form", ScoreTable)
def test_score_of_zero_is_written(form):
    found = records([student(submission(0.0, 0.0))], form)[-1]

    assert found["gradient_descent.model" if form is ScoreTable.CSV else "gradient_descent: model"] == "0"


def test_late_penalty_is_in_the_plain_table():
    found = records([student(submission(4.0, 2.5, late_penalty=1.5))], ScoreTable.CSV)[0]

    assert (found["gradient_descent.score"], found["gradient_descent.late_penalty"]) == ("5", "1.5")


@pytest.mark.parametrize("form", [ScoreTable.CANVAS, ScoreTable.MOODLE])
def test_late_penalty_is_a_column_of_its_own_so_that_the_columns_add_up(form):
    """Neither platform knows a penalty of ours, so that it is points below 0, of 0 possible ones."""
    students = [student(submission(4.0, 2.5, late_penalty=1.5)), student(submission(4.0, 2.5), name="bob")]

    found = {row.get("SIS Login ID") or row.get("Username"): row for row in records(students, form)}

    assert found["anna"]["gradient_descent: late penalty"] == "-1.5"
    assert found["bob"]["gradient_descent: late penalty"] == ""


def test_late_penalty_has_no_possible_points_in_canvas():
    head, possible, _ = rows([student(submission(4.0, 2.5, late_penalty=1.5))], ScoreTable.CANVAS)

    assert possible[head.index("gradient_descent: late penalty")] == "0"


def test_late_penalty_is_in_the_grade_of_moodle():
    found = records([student(submission(4.0, 2.5, late_penalty=1.5))], ScoreTable.MOODLE)[0]

    assert found["Grade"] == "5"


def test_late_penalty_never_makes_the_columns_less_than_nothing():
    """The sum of what Canvas shows is the score in the gradebook, which nbgrader never lets fall under 0."""
    item = submission(1.0, 0.5, late_penalty=20.0)

    found = records([student(item)], ScoreTable.CANVAS)[-1]

    shown = sum(float(text) for column, text in found.items() if column.startswith("gradient_descent") and text)
    assert shown == item.score == 0.0


@pytest.mark.parametrize("form", ScoreTable)
@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("field", ["name", "last_name", "first_name", "email", "lms_user_id"])
def test_no_cell_of_a_students_is_a_formula(form, text, field):
    students = [student(submission(4.0, 2.5), **{field: text})]

    cells = rows(students, form)[-1]

    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@pytest.mark.parametrize("form", ScoreTable)
@pytest.mark.parametrize("text", ["a,b", 'a"b', "a\nb", "a\r\nb", "a;b", '",,,\n"', "\\", "'", "å\N{SNAKE}", " a "])
@pytest.mark.parametrize("field", ["name", "last_name", "email"])
def test_text_comes_back_as_it_is(form, text, field):
    students = [student(submission(4.0, 2.5), **{field: text}), student(submission(1.0, 2.0), name="bob")]

    found = rows(students, form)

    assert len(found) == (4 if form is ScoreTable.CANVAS else 3)
    assert any(text in cell for cell in found[-2]) or (form is ScoreTable.CANVAS and field == "email")


@pytest.mark.parametrize("form", ScoreTable)
def test_points_have_a_decimal_point_and_two_digits(form):
    found = to_table([student(submission(1 / 3, 1e-9))], form)

    assert "0.33" in found
    assert "e-" not in found
    assert "0.333" not in found


@pytest.mark.parametrize("form", ScoreTable)
def test_many_points_are_written_out(form):
    found = to_table([student(submission(123456.25, 6.0))], form)

    assert "123456.25" in found


@pytest.mark.parametrize("form", ScoreTable)
def test_table_of_nobody_is_its_header(form):
    found = rows([], form)

    assert len(found) == (2 if form is ScoreTable.CANVAS else 1)


scores = st.one_of(st.none(), st.integers(0, 40).map(lambda quarter: quarter / 4))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@st.composite
def classes(draw):
    """Draw students with the same assignments and exercises."""
    names = draw(st.lists(st.sampled_from(["autograd", "neuron", "a b"]), min_size=1, unique=True))
    found = []
    for _ in range(draw(st.integers(1, 4))):
        items = [
            submission(
                *([draw(scores), draw(scores)] if handed_in else [None, None]),
                assignment=name,
                handed_in=handed_in,
                late_penalty=draw(st.sampled_from([0.0, 0.25, 50.0])) if handed_in else 0.0,
            )
            for name, handed_in in [(name, draw(st.booleans())) for name in names]
        ]
        found.append(
            student(
                *items,
                name=draw(texts),
                last_name=draw(texts),
                first_name=draw(texts),
                email=draw(texts),
                lms_user_id=draw(st.one_of(st.just(""), st.integers(1, 10**6).map(str))),
            )
        )
    return found


@given(students=classes(), form=st.sampled_from(ScoreTable))
def test_any_class_comes_back_with_its_scores(students, form):
    found = records(students, form)[-len(students) :]

    for one, row in zip(students, found, strict=True):
        for item in one.submissions:
            for exercise in item.exercises:
                cell = row[f"{item.assignment}{'.' if form == 'csv' else ': '}{exercise.exercise}"]
                assert cell == "" if exercise.score is None else float(cell) == exercise.score
        assert not any(text.startswith(("=", "+", "@", "\t", "\r")) for text in row.values())
