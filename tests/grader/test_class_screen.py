"""The summary of a class on a terminal: on one screen, whatever the class, and by no more than its numbers."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import any_text, make_exercise, make_report, make_submission, unreadable
from rich.cells import cell_len

from grader.classes.screen import print_summary
from grader.outcomes import Diagnosis, Status
from grader.report.report import Absent, AbsentStatus, Audience, SubmissionStatus, clean
from grader.report.view import view


def large_class(number, name="student"):
    """Return a class in which everything is that a summary can speak of."""
    submissions = []
    for place in range(number):
        exercises = [
            make_exercise(
                exercise=f"a_long_name_of_an_exercise_{other}",
                status=Status.FAILED if (place + other) % 4 else Status.PASSED,
                diagnosis=(Diagnosis(misconception=f"m{place % 4}", text="", title=f"title {place % 4} " * 20),),
            )
            for other in range(12)
        ]
        submissions.append(
            make_submission(*exercises, submission=f"{name}{place}", score=float(place % 50), max_score=50.0)
        )
    broken = [
        make_submission(submission=f"{name}b{place}", status=SubmissionStatus.BROKEN, score=None) for place in range(9)
    ]
    return [*submissions, *broken, *(unreadable(f"{name}u{place}") for place in range(9))]


def absent(names):
    return tuple(Absent(student=name, status=AbsentStatus.MISSING, note="") for name in names)


@pytest.fixture
def printed(capsys, monkeypatch):
    def show(*submissions, columns=80, missing=(), audience=Audience.STAFF):
        monkeypatch.setenv("COLUMNS", str(columns))
        print_summary(replace(view(make_report(*submissions), audience), absent=absent(missing)))
        return capsys.readouterr().out

    return show


@pytest.mark.parametrize("columns", [80, 120, 300])
@pytest.mark.parametrize("name", ["student", "語" * 100, "x" * 300])
def test_a_class_of_300_is_on_one_screen(printed, columns, name):
    missing = [f"{name} missing {place}" for place in range(50)]

    lines = printed(*large_class(300, name), columns=columns, missing=missing).splitlines()

    assert len(lines) == 24
    assert max(cell_len(line) for line in lines) <= columns
    assert "hardest exercises" in lines
    assert "commonest mistakes" in lines
    assert sum(bool(re.search(r" and \d+ more$", line)) for line in lines) == (
        3 if columns == 80 else 1 + 2 * (name != "student")
    )


def test_summary_says_the_numbers(printed):
    stub = make_exercise(status=Status.NOT_ATTEMPTED, diagnosis=())
    right = make_exercise(status=Status.PASSED, score=2.0, diagnosis=())

    shown = printed(
        make_submission(stub, submission="s"),
        make_submission(right, submission="r", score=2.0),
        make_submission(submission="a", score=0.5),
        make_submission(submission="b", score=0.5),
        unreadable("u"),
        missing=["Zoe", "Yan"],
    )

    assert "gradient_descent: 4 graded, 1 unreadable, 2 missing" in shown
    assert "mean 0.75, median 0.50 of 2 points; all points: 1; nothing attempted: 1" in shown
    assert re.search(r"25 %  f  1 of 4 right, 1 not attempted", shown)
    assert re.search("2 \u00d7  f  DIAGNOSIS", shown)
    assert "unreadable: u\nmissing: Zoe, Yan\n" in shown


def test_bars_are_as_high_as_their_counts(printed):
    scores = [0] * 8 + [5] * 4 + [19] * 2 + [20] * 14

    shown = printed(*(make_submission(score=float(score), max_score=20.0) for score in scores)).splitlines()

    (base,) = [place for place, line in enumerate(shown) if line.endswith("20 points")]
    columns = ["".join(line.ljust(80)[place] for line in shown[base - 5 : base]) for place in (3, 15, 57)]
    assert [column.strip(" 0123456789") for column in columns] == ["██", "█", "████"]
    assert [int(found) for found in re.findall(r"\d+", " ".join(shown[base - 5 : base]))] == [16, 8, 4]
    assert shown[base].split()[:3] == ["0", "2", "4"]


def test_a_mistake_of_one_is_not_common_and_a_handful_has_no_picture(printed):
    shown = printed(make_submission(submission="a"), make_submission(make_exercise(diagnosis=()), submission="b"))

    assert "commonest" not in shown
    assert "points\n" in shown
    assert "█" not in shown


def test_a_class_of_which_nothing_can_be_read_is_told(printed):
    assert printed(unreadable("u"), unreadable("v")).split("\n", 2)[1] == "gradient_descent: 2 unreadable"


@settings(max_examples=30)
@given(text=any_text.map(clean), columns=st.sampled_from([20, 80, 200]))
def test_any_clean_text_is_drawn(text, columns):
    exercise = make_exercise(exercise=text or "f", diagnosis=(Diagnosis(misconception=text, text=text, title=text),))
    submissions = [make_submission(exercise, submission=text), make_submission(exercise, submission="b")] * 6

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        seen = view(make_report(*submissions, unreadable(text)), Audience.STAFF)
        print_summary(replace(seen, absent=absent([text])))


@pytest.mark.parametrize("text", ["[bold]x[/bold]", "[/]", "[link=http://x]y[/link]", ":smile:"])
def test_names_and_titles_are_no_markup(printed, text):
    exercise = make_exercise(exercise=text, diagnosis=(Diagnosis(misconception="m", text="", title=text),))

    shown = printed(*(make_submission(exercise, submission=name) for name in "ab"), missing=[text])

    assert shown.count(text) == 4
