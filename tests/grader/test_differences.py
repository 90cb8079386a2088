"""Two gradings of a class compared: whose grade is another one, by which check, and what has changed."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from class_folders import written
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reports import any_text, make_check, make_exercise, make_submission, unreadable
from rich.cells import cell_len

from grader.classes.changes import Change, Standing, change_of
from grader.classes.difference_forms import differences_csv, differences_json
from grader.classes.difference_table import print_differences
from grader.classes.difference_words import UNKNOWN, causes, why
from grader.classes.differences import differences
from grader.classes.results import read_results
from grader.commands.diff import diff
from grader.errors import UsageError
from grader.outcomes import Status
from grader.report.report import Audience, SubmissionStatus
from grader.report.text import clean

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "differences-v1.json").read_text("utf-8"))
PARTS = {"suite": "0123456789abcdef", "settings": "aa", "reference": "bb", "grader": "1.0 cc", "torch": "2.13.0"}


def graded(name, score, *, check="test_f", title="the known one", **changes):
    """Return a submission with one check, which is passed where it earns all of its two points."""
    status = Status.PASSED if score == 2 else Status.FAILED
    one = make_check(check=check, title=title, status=status, score=float(score))
    exercise = make_exercise(one, status=status, score=float(score))
    return make_submission(exercise, **{"submission": f"class/{name}.py", "score": float(score), **changes})


def broken(name, status=SubmissionStatus.BROKEN):
    return make_submission(submission=f"class/{name}.py", status=status, score=None, sha256=None)


def compared(tmp_path, old, new, *, old_parts=PARTS, new_parts=PARTS, **changes):
    """Return how two classes differ that were written as folders and read back."""
    written(tmp_path / "old", *old, made_of=old_parts)
    written(tmp_path / "new", *new, made_of=new_parts, **changes)
    return differences(read_results(tmp_path / "old"), read_results(tmp_path / "new"))


def changes_of(found):
    return {item.submission.rpartition("/")[2]: item.change for item in found.items}


def rows_of(found):
    return list(csv.DictReader(io.StringIO(differences_csv(found))))


def table_of(found, monkeypatch, columns=80):
    monkeypatch.setenv("COLUMNS", str(columns))
    out = io.StringIO()
    print_differences(found, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        ((1.0, 2), (2.0, 2), Change.HIGHER),
        ((2.0, 2), (1.0, 2), Change.LOWER),
        ((1.0, 2), (1.0, 2), Change.SAME),
        ((0.1 + 0.2, 2), (0.3, 2), Change.SAME),
        ((1.0, 2), (1.0, 4), Change.LOWER),
        ((0.0, 2), (0.0, 4), Change.SAME),
    ],
)
def test_change_of_a_grade_is_of_its_points_and_then_of_their_maximum(before, now, change):
    sides = [Standing(status="graded", score=score, max_score=maximum) for score, maximum in (before, now)]

    assert change_of(*sides) is change


def test_every_submission_of_either_side_is_told_apart(tmp_path):
    names = ("higher", "lower", "same", "gone", "read", "unread")
    old = [graded(name, score) for name, score in zip(names, (0, 2, 1, 1, 1, 1), strict=True)]
    old[4] = broken("read", SubmissionStatus.UNREADABLE)
    new = [graded("higher", 2), graded("lower", 1), graded("same", 1), graded("read", 2), graded("new", 2)]
    new.append(broken("unread"))

    found = compared(tmp_path, old, new)

    assert changes_of(found) == {
        "gone.py": Change.GONE,
        "higher.py": Change.HIGHER,
        "lower.py": Change.LOWER,
        "new.py": Change.NEW,
        "read.py": Change.STATUS,
        "same.py": Change.SAME,
        "unread.py": Change.STATUS,
    }
    statuses = {row["submission"]: (row["status_before"], row["status_now"]) for row in rows_of(found)}
    assert statuses["class/read.py"] == ("unreadable", "graded")
    assert statuses["class/unread.py"] == ("graded", "broken")
    assert statuses["class/gone.py"] == ("graded", "")


def test_check_is_named_with_its_status_and_points_before_and_now(tmp_path):
    found = compared(tmp_path, [graded("a", 0)], [graded("a", 2)])

    assert [cause.words for cause in causes(found.items[0])] == ["f, the known one: failed 0 → passed 2"]


def test_new_check_and_one_that_is_gone_are_named_where_they_cost_something(tmp_path):
    old, new = [graded("a", 0), graded("b", 2)], [graded("a", 1, check="test_g", title="another"), graded("b", 2)]

    found = compared(tmp_path, old, new)

    assert [[(cause.words, cause.points) for cause in causes(item)] for item in found.items] == [
        [("f, another: a new check, failed 1/2", -1.0), ("f, the known one: no longer a check, failed 0/2", 2.0)],
        [],
    ]


def test_other_weight_is_told_of_the_check_that_costs_other_points_alone(tmp_path):
    def weighted(weight):
        checks = [
            make_check(check="test_f", title="passed", status=Status.PASSED, score=4 - weight, max_score=4 - weight),
            make_check(check="test_g", title="failed", score=0.0, max_score=weight),
        ]
        exercise = make_exercise(*checks, score=4 - weight, max_score=4.0)
        return make_submission(exercise, score=4 - weight, max_score=4.0)

    found = compared(tmp_path, [weighted(2.0)], [weighted(0.5)])

    assert [(cause.words, cause.points) for cause in causes(found.items[0])] == [
        ("f, failed: failed, 0/2 → 0/0.5", 1.5)
    ]


def test_other_weights_of_an_exercise_that_earns_the_same_are_not_told(tmp_path):
    sides = (
        make_submission(make_exercise(make_check(score=0.0, max_score=weight), score=0.0), score=0.0)
        for weight in (1.0, 2.0)
    )

    found = compared(tmp_path, *([side] for side in sides))

    assert [item.change for item in found.items] == [Change.SAME]


def test_checks_of_one_title_are_told_apart_by_their_names(tmp_path):
    sides = [
        make_submission(
            make_exercise(
                make_check(check="test_f", title="hidden check", score=0.0),
                make_check(check="test_g", title="hidden check", status=status, score=score),
            ),
            score=score,
        )
        for status, score in ((Status.FAILED, 0.0), (Status.PASSED, 2.0))
    ]

    found = compared(tmp_path, sides[:1], sides[1:])

    assert [cause.words for cause in causes(found.items[0])] == ["f, hidden check (test_g): failed 0 → passed 2"]


def test_same_grade_by_other_checks_is_no_other_grade(tmp_path):
    crashed = make_exercise(make_check(title="the known one", status=Status.CRASHED, score=0.0))

    found = compared(tmp_path, [graded("a", 0)], [make_submission(crashed, submission="class/a.py")])

    assert (found.items[0].change, found.changed) == (Change.CHECKS, ())
    assert [cause.words for cause in causes(found.items[0])] == ["f, the known one: failed 0 → crashed 0"]


@pytest.mark.parametrize("part", PARTS)
def test_reason_is_what_has_changed_and_nothing_else(tmp_path, part):
    found = compared(tmp_path, [graded("a", 0)], [graded("a", 2)], new_parts={**PARTS, part: "another"})

    assert [(reason.what, reason.before, reason.now) for reason in found.items[0].reasons] == [
        (part, PARTS[part], "another")
    ]


def test_reason_is_the_students_bytes_where_these_are_others(tmp_path):
    found = compared(tmp_path, [graded("a", 0), graded("b", 0)], [graded("a", 2, sha256="cd" * 32), graded("b", 2)])

    assert [reason.what for reason in found.items[0].reasons] == ["submission"]
    assert why(found.items[0], found) == "what was handed in"
    assert why(found.items[1], found) == UNKNOWN


def test_bytes_of_what_could_not_be_read_are_said_to_be_unknown(tmp_path):
    found = compared(tmp_path, [broken("a", SubmissionStatus.UNREADABLE)], [graded("a", 2)])

    assert why(found.items[0], found).startswith("perhaps what was handed in")


def test_other_sandbox_is_a_reason(tmp_path):
    found = compared(tmp_path, [graded("a", 0)], [graded("a", 2)], sandbox="none")

    assert [(one.what, one.before, one.now) for one in found.items[0].reasons] == [("sandbox", "landlock", "none")]


def test_results_that_do_not_say_what_they_were_graded_with_give_no_reason(tmp_path):
    found = compared(tmp_path, [graded("a", 0)], [graded("a", 2)], old_parts={})

    assert found.items[0].reasons == ()
    assert why(found.items[0], found) == ""
    assert any("old does not say what it was graded with" in remark for remark in found.remarks)


def test_what_is_withheld_is_no_lower_grade(tmp_path):
    item = graded("a", 2)
    written(tmp_path / "old", item, made_of=PARTS, audience=Audience.STUDENT)
    written(tmp_path / "new", graded("a", 2, withheld=True), made_of=PARTS, audience=Audience.STUDENT)

    found = differences(read_results(tmp_path / "old"), read_results(tmp_path / "new"))

    assert found.items[0].change is Change.STATUS
    assert found.items[0].now.status == "withheld"
    assert "not told of hidden checks" in why(found.items[0], found)


def test_submission_is_found_again_under_another_folder_and_another_attempt(tmp_path):
    old = [graded("ada", 0, submission="may/ada.py"), graded("bo", 1, submission="may/bo_1.py", student="bo")]
    new = [graded("ada", 2, submission="june/x/ada.py"), graded("bo", 2, submission="june/bo_2.py", student="bo")]

    found = compared(tmp_path, old, new)

    assert [(item.submission, item.points) for item in found.items] == [("june/bo_2.py", 1.0), ("june/x/ada.py", 2.0)]


def test_two_students_of_one_name_are_never_taken_for_one_another(tmp_path):
    old = [graded("a", 0, submission=f"{name}/anna.py", student="anna") for name in "ab"]
    new = [graded("a", 2, submission=f"{name}/anna.py", student="anna") for name in "cb"]

    found = compared(tmp_path, old, new)

    assert {item.submission: item.change for item in found.items} == {
        "a/anna.py": Change.GONE,
        "b/anna.py": Change.HIGHER,
        "c/anna.py": Change.NEW,
    }


SCORES = st.none() | st.sampled_from([0.0, 0.25, 1.0, 1.5, 2.0])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores=st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=6))
def test_sums_are_those_of_both_tables_of_grades(tmp_path_factory, scores):
    folder = tmp_path_factory.mktemp("sums")
    both = [
        [broken(f"s{number}") if one is None else graded(f"s{number}", one) for number, one in enumerate(side)]
        for side in zip(*scores, strict=True)
    ]

    found = compared(folder, *both)

    for side, name in (("before", "old"), ("now", "new")):
        grades = list(csv.DictReader(io.StringIO((folder / name / "grades.csv").read_text("utf-8"))))
        expected = sum(float(row["score"]) for row in grades if row["score"])
        assert sum(float(row[f"score_{side}"]) for row in rows_of(found) if row[f"score_{side}"]) == expected
        assert json.loads(differences_json(found))[side]["score"] == expected
    gained = sum(float(row["points"]) for row in rows_of(found) if row["points"])
    assert gained == sum(now - before for before, now in scores if None not in (before, now))


def test_json_fits_its_schema(tmp_path):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    old = [graded("a", 0), graded("b", 1), graded("c", 1), unreadable("class/d.py")]
    new = [graded("a", 2, check="test_g"), graded("b", 1), graded("d", 1), graded("e", 1)]

    found = compared(tmp_path, old, new, new_parts={**PARTS, "suite": "another", "numpy": "2"})

    document = json.loads(differences_json(found))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["changed"] == 4
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({**document, "more": 1})


@pytest.mark.parametrize("columns", [80, 120])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=any_text, title=any_text)
def test_table_fits_the_terminal_whatever_things_are_called(tmp_path_factory, monkeypatch, columns, name, title):
    folder = tmp_path_factory.mktemp("fits")
    named, title = {"submission": f"class/{'x' * 300}{clean(name)}", "student": clean(name)}, clean(title)
    parts = {**PARTS, "suite": "another", "torch": "y" * 300}

    sides = ([graded("a", score, title=title, **named)] for score in (0, 2))
    text = table_of(compared(folder, *sides, new_parts=parts), monkeypatch, columns)

    assert max(cell_len(line) for line in text.splitlines()) <= columns


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-1", "[bold]x[/bold]", "<script>", "a\x1b[31mb", "\u202eabc"])
def test_hostile_names_are_no_formulas_and_no_markup(tmp_path, monkeypatch, text):
    named = {"submission": clean(text), "student": clean(text)}

    found = compared(tmp_path, [graded("a", 0, **named)], [graded("a", 2, **named)])

    assert not any(cell.startswith(("=", "+", "@")) for row in rows_of(found) for cell in row.values())
    drawn = table_of(found, monkeypatch)
    assert clean(text) in drawn
    assert not {"\x1b", "\u202e"} & set(drawn)


def test_table_says_what_changed_for_all_once_and_each_check_with_its_numbers(tmp_path, monkeypatch):
    names = [f"s{number}" for number in range(9)]
    found = compared(
        tmp_path,
        [graded(name, 0) for name in names],
        [graded(name, 2) for name in names],
        new_parts={**PARTS, "suite": "fedcba9876543210"},
    )

    text = " ".join(table_of(found, monkeypatch).split())

    assert text.count("the hidden suite") == 1
    assert "what has changed for all: the hidden suite (01234567 → fedcba98)" in text
    assert "1 f, the known one: failed 0 → passed 2 9 +18" in text
    assert "9 of 9 grades change: 9 higher; 0 as before" in text


def test_two_assignments_are_refused(tmp_path):
    written(tmp_path / "old", graded("a", 1))
    written(tmp_path / "new", graded("a", 1), assignment="neuron")

    with pytest.raises(UsageError, match="name two gradings of one assignment"):
        differences(read_results(tmp_path / "old"), read_results(tmp_path / "new"))


def test_file_that_is_no_result_is_named(tmp_path, monkeypatch):
    written(tmp_path / "new", graded("a", 1))
    (tmp_path / "new" / "half.json").write_text("{")

    found = compared(tmp_path, [graded("a", 1)], [graded("a", 1)])

    assert "half.json" in table_of(found, monkeypatch)


@pytest.mark.parametrize(("now", "code"), [(0, 0), (2, 4)])
def test_exit_code_says_whether_a_grade_changes_where_that_is_asked_for(tmp_path, now, code):
    compared(tmp_path, [graded("a", 0)], [graded("a", now)])
    words = [str(tmp_path / "old"), str(tmp_path / "new"), "--format", "json"]

    asked, unasked = CliRunner().invoke(diff, [*words, "--exit-code"]), CliRunner().invoke(diff, words)

    assert (asked.exit_code, unasked.exit_code) == (code, 0)
    assert json.loads(asked.output)["changed"] == bool(code)
