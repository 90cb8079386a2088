"""The numbers of a class: what counts for which, and that nothing is lost or counted twice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import make_exercise, make_report, make_submission, unreadable

from grader.classes.summary import (
    commonest_mistakes,
    distribution_of,
    exercise_figures,
    hardest_exercises,
    summary_of,
)
from grader.outcomes import USES_WHAT_IS_WRONG, Diagnosis, Status
from grader.report.report import Audience, SubmissionStatus
from grader.report.view import view

POINTS = 2.0


def seen(*submissions, audience=Audience.STAFF, **changes):
    return view(make_report(*submissions, **changes), audience).submissions


def answer(exercise, status, score=0.0, *, diagnosis=None):
    named = () if diagnosis is None else (Diagnosis(misconception=diagnosis, text=f"Text of {diagnosis}.", title=""),)
    return make_exercise(exercise=exercise, status=status, score=score, max_score=POINTS, diagnosis=named)


def scored(score, highest=20.0, name="a"):
    return make_submission(submission=name, score=score, max_score=highest)


def test_scores_are_counted_from_their_own_bin_on_and_the_highest_in_the_last():
    found = distribution_of(seen(*map(scored, [0, 1.99, 2, 9.99, 10, 19.99, 20]), unreadable()))

    assert [one.count for one in found.bins] == [2, 1, 0, 0, 1, 1, 0, 0, 0, 2]
    assert [(one.low, one.high) for one in found.bins][::9] == [(0, 2), (18, 20)]
    assert (found.median, round(found.mean, 4), found.max_score) == (9.99, 9.1386, 20)


@given(scores=st.lists(st.integers(0, 5000), min_size=1), bins=st.integers(1, 30))
def test_every_score_is_in_one_bin(scores, bins):
    found = distribution_of(seen(*(scored(cents / 100, 50.0) for cents in scores)), bins=bins)

    assert sum(one.count for one in found.bins) == len(scores) == len(found.scores)
    for one in found.bins[:-1]:
        assert one.count == sum(one.low - 1e-6 <= score < one.high - 1e-6 for score in found.scores)


def test_a_class_without_a_score_has_no_distribution():
    assert distribution_of(seen(unreadable())) is None
    assert summary_of(()).distribution is None


def test_of_an_assignment_without_points_nothing_is_divided_by():
    found = summary_of(seen(make_submission(make_exercise(max_score=0.0), score=0.0, max_score=0.0)))

    assert found.distribution.mean == 0
    assert hardest_exercises(found.exercises)[0].pass_rate == 0


def test_an_exercise_is_passed_by_a_share_of_those_that_were_graded():
    f, g = "f", "g"
    submissions = seen(
        make_submission(answer(f, Status.PASSED, 2.0), answer(g, Status.FAILED, 1.0)),
        make_submission(answer(f, Status.PASSED, 2.0), answer(g, Status.NOT_ATTEMPTED)),
        make_submission(answer(f, Status.CRASHED), answer(g, Status.PASSED, 2.0)),
        make_submission(answer(f, Status.BROKEN, None), status=SubmissionStatus.BROKEN, score=None),
        unreadable(),
    )

    first, second = exercise_figures(submissions)

    assert (first.exercise, first.number, first.passed, first.not_attempted) == (f, 3, 2, 0)
    assert (second.exercise, second.number, second.passed, second.not_attempted) == (g, 3, 1, 1)
    assert (first.mean, second.mean) == (pytest.approx(4 / 3), 1.0)
    assert [item.exercise for item in hardest_exercises((first, second))] == [g, f]


def test_what_everybody_gets_right_is_not_hard():
    right = make_submission(answer("f", Status.PASSED, 2.0), answer("g", Status.FAILED, 0.0))

    assert [item.exercise for item in hardest_exercises(exercise_figures(seen(right)))] == ["g"]


def test_what_is_withheld_from_a_student_counts_for_no_exercise():
    withheld = replace(make_submission(answer("f", Status.FAILED)), withheld=True)

    found = summary_of(seen(withheld, audience=Audience.STUDENT))

    assert (found.exercises, found.mistakes, found.distribution) == ((), (), None)
    assert found.statuses[SubmissionStatus.WITHHELD] == 1


def test_mistakes_are_counted_with_who_has_them():
    submissions = seen(
        make_submission(answer("f", Status.FAILED, diagnosis="m1"), submission="b"),
        make_submission(answer("f", Status.FAILED, diagnosis="m2"), submission="c"),
        make_submission(answer("f", Status.FAILED, diagnosis="m1"), submission="a"),
        make_submission(answer("f", Status.PASSED, 2.0, diagnosis="follow_through"), submission="d"),
        make_submission(answer("f", Status.FAILED, diagnosis=USES_WHAT_IS_WRONG), submission="e"),
    )

    first, second = commonest_mistakes(submissions)

    assert (first.exercise, first.misconception, first.submissions, first.count) == ("f", "m1", ("a", "b"), 2)
    assert (first.words, second.misconception) == ("Text of m1", "m2")


def test_a_mistake_has_the_catalogues_name_for_the_staff_alone():
    named = Diagnosis(misconception="m", text="You add. Do not.", title="adds up")
    item = make_submission(make_exercise(diagnosis=(named,)))

    words = {audience: commonest_mistakes(seen(item, audience=audience))[0].words for audience in Audience}

    assert words == {Audience.STAFF: "adds up", Audience.STUDENT: "You add"}


def test_of_words_that_differ_the_usual_ones_are_an_example():
    texts = {"a": "it is half as large", "b": "it is twice as large", "c": "it is twice as large"}
    named = {name: Diagnosis(misconception="constant_factor", text=text) for name, text in texts.items()}

    found = commonest_mistakes(
        seen(*(make_submission(make_exercise(diagnosis=(one,)), submission=name) for name, one in named.items()))
    )

    assert [(item.words, item.count) for item in found] == [("e.g. it is twice as large", 3)]


def test_untouched_is_graded_with_nothing_attempted():
    stub, tried = answer("f", Status.NOT_ATTEMPTED), answer("g", Status.FAILED)
    submissions = seen(make_submission(stub), make_submission(stub, tried), unreadable())

    assert summary_of(submissions, ["Ada"]).untouched == 1
    assert summary_of(submissions, ["Ada"]).missing == ("Ada",)
