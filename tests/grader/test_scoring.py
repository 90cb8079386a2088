"""The rules of scoring: only values earn, a value fault costs half, an edge fault leaves half, cents add up."""

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.course.assignment import Assignment, Course, Exercise, FeedbackLevel, Limits
from grader.errors import CourseError
from grader.judge.scoring import check_weights, score_exercise
from grader.outcomes import Check, Kind, Outcome, Status, gravest

ORDINARY = (Kind.VALUE, Kind.KNOWN)
BESIDE = (Kind.EDGE, Kind.FORM, Kind.PRINT)
WRONG = [status for status in Status if status not in (Status.PASSED, Status.BROKEN, Status.WITHHELD)]

weights = st.one_of(st.integers(1, 10).map(float), st.floats(0.05, 20))
points = st.one_of(st.integers(1, 20).map(float), st.sampled_from([0.5, 1.5, 2.25, 0.1, 3.33]))


def exercise(worth):
    return Exercise(
        name="f",
        points=worth,
        title="F",
        hint="",
        uses=(),
        not_allowed=(),
        gradients=True,
        call_seconds=1.0,
        exercise_seconds=1.0,
    )


def assignment(*exercises):
    return Assignment(
        name="a",
        title="A",
        course=Course(root=Path(), names=("a",)),
        exercises=exercises,
        given=(),
        limits=Limits(),
        feedback=FeedbackLevel.HINT,
        follow_through="full",
    )


def check(kind=Kind.VALUE, weight=1.0, number=0, name="f"):
    return Check(name=f"test_{number}", exercise=name, title="T", kind=kind, weight=weight, visible=False, long=False)


def outcome(status=Status.PASSED, number=0):
    return Outcome(check=f"test_{number}", status=status)


def score(worth, judged):
    """Score pairs of a check and a status."""
    checks = [item for item, _ in judged]
    return score_exercise(exercise(worth), checks, [Outcome(check=item.name, status=status) for item, status in judged])


def cents(scores):
    return sum(round(item.score * 100) for item in scores)


def valid(checks, worth):
    try:
        check_weights(assignment(exercise(worth)), checks)
    except CourseError:
        return False
    return True


@st.composite
def suites(draw):
    """Points and checks that `check_weights` accepts, as an author may write them."""
    worth = draw(points)
    kinds = [Kind.VALUE, *draw(st.lists(st.sampled_from(list(Kind)), max_size=7))]
    checks = [check(kind, draw(weights), number) for number, kind in enumerate(draw(st.permutations(kinds)))]
    assume(valid(checks, worth))
    return worth, checks


@settings(max_examples=150)
@given(suites())
def test_everything_passed_earns_every_cent(suite):
    worth, checks = suite

    scores = score(worth, [(item, Status.PASSED) for item in checks])

    assert cents(scores) == round(worth * 100)
    assert all(item.score == item.max_score for item in scores)


@settings(max_examples=150)
@given(suites(), st.data())
def test_maxima_add_up_and_scores_are_whole_cents_within_them(suite, data):
    worth, checks = suite
    statuses = [data.draw(st.sampled_from([Status.PASSED, *WRONG])) for _ in checks]

    scores = score(worth, list(zip(checks, statuses, strict=True)))

    assert sum(round(item.max_score * 100) for item in scores) == round(worth * 100)
    assert all(0 <= item.score <= item.max_score for item in scores)
    assert all(item.score == round(item.score, 2) for item in scores)
    assert all(item.score == 0 for item, status in zip(scores, statuses, strict=True) if status is not Status.PASSED)


@settings(max_examples=100)
@given(suites(), st.sampled_from(WRONG))
def test_nothing_but_values_failed_earns_nothing(suite, status):
    worth, checks = suite

    scores = score(worth, [(item, status if item.kind is Kind.VALUE else Status.PASSED) for item in checks])

    assert cents(scores) == 0


@settings(max_examples=100)
@given(suites(), st.sampled_from(WRONG))
def test_nothing_passed_earns_nothing(suite, status):
    worth, checks = suite

    assert cents(score(worth, [(item, status) for item in checks])) == 0


@settings(max_examples=150)
@given(suites(), st.data())
def test_any_fault_on_ordinary_inputs_leaves_at_most_half(suite, data):
    worth, checks = suite
    statuses = [data.draw(st.sampled_from([Status.PASSED, *WRONG])) for _ in checks]
    judged = list(zip(checks, statuses, strict=True))
    assume(any(item.kind in ORDINARY and status is not Status.PASSED for item, status in judged))

    earned = cents(score(worth, judged))

    assert 2 * earned <= round(worth * 100)


@settings(max_examples=150)
@given(suites(), st.data())
def test_faults_beside_ordinary_inputs_leave_at_least_half(suite, data):
    worth, checks = suite
    statuses = [
        Status.PASSED if item.kind in ORDINARY else data.draw(st.sampled_from([Status.PASSED, *WRONG]))
        for item in checks
    ]

    earned = cents(score(worth, list(zip(checks, statuses, strict=True))))

    assert earned >= round(worth * 100) // 2  # of an odd cent the half can be short


def test_rounding_to_cents_takes_nothing_of_the_half_that_an_edge_fault_leaves():
    checks = [check(Kind.EDGE, 4.9, number) for number in range(10)] + [check(Kind.EDGE, 1.0, 10)]
    checks += [check(Kind.VALUE, 50 / 3, number) for number in range(11, 14)]

    earned = cents(score(1.0, [(item, Status.FAILED if item.kind is Kind.EDGE else Status.PASSED) for item in checks]))

    assert earned >= 50


@settings(max_examples=100)
@given(suites(), st.data())
def test_passing_one_check_more_never_costs_points(suite, data):
    worth, checks = suite
    statuses = [data.draw(st.sampled_from([Status.PASSED, Status.FAILED])) for _ in checks]
    at = data.draw(st.integers(0, len(checks) - 1))
    better = [Status.PASSED if number == at else status for number, status in enumerate(statuses)]

    before, after = (cents(score(worth, list(zip(checks, given, strict=True)))) for given in (statuses, better))

    assert after >= before


@settings(max_examples=60)
@given(suites(), st.data())
def test_broken_check_makes_every_score_null(suite, data):
    worth, checks = suite
    at = data.draw(st.integers(0, len(checks) - 1))

    scores = score(worth, [(item, Status.BROKEN if n == at else Status.PASSED) for n, item in enumerate(checks)])

    assert [item.score for item in scores] == [None] * len(checks)
    assert sum(round(item.max_score * 100) for item in scores) == round(worth * 100)


@pytest.mark.parametrize("kind", [Kind.KNOWN, *BESIDE])
def test_constant_of_the_right_shape_earns_nothing(kind):
    judged = [(check(Kind.VALUE), Status.FAILED), (check(kind, number=1), Status.PASSED)]

    assert cents(score(4, judged)) == 0


def test_typed_in_known_numbers_earn_half_at_most_beside_a_value():
    judged = [(check(Kind.VALUE), Status.PASSED), (check(Kind.KNOWN, 9.0, 1), Status.FAILED)]

    assert cents(score(2, judged)) == 20


def test_value_fault_is_cut_to_half_in_proportion():
    judged = [
        (check(Kind.VALUE, 3.0, 0), Status.PASSED),
        (check(Kind.VALUE, 1.0, 1), Status.FAILED),
        (check(Kind.EDGE, 1.0, 2), Status.PASSED),
    ]

    assert [item.score for item in score(5, judged)] == [1.88, 0.0, 0.62]


def test_odd_cents_leave_the_smaller_half():
    judged = [(check(Kind.VALUE, 9.0, 0), Status.PASSED), (check(Kind.VALUE, 1.0, 1), Status.FAILED)]

    assert cents(score(0.05, judged)) == 2


def test_remainders_go_to_the_earlier_of_equal_checks():
    judged = [(check(Kind.VALUE, 1.0, number), Status.PASSED) for number in range(3)]

    assert [item.score for item in score(1, judged)] == [0.34, 0.33, 0.33]


# The status of an exercise.


ORDER = [Status.PASSED, Status.NOT_ATTEMPTED, Status.FAILED, Status.CRASHED, Status.TIMED_OUT, Status.BROKEN]


@given(st.lists(st.sampled_from(ORDER), min_size=1))
def test_status_is_the_gravest_of_its_checks(statuses):
    found = gravest(statuses)

    assert ORDER.index(found) == max(map(ORDER.index, statuses))


# The weights of a suite.


@pytest.mark.parametrize(
    "kinds", [[Kind.VALUE], [Kind.VALUE, Kind.EDGE], [Kind.VALUE, Kind.KNOWN, Kind.EDGE, Kind.FORM], [Kind.VALUE] * 5]
)
def test_weights_that_keep_the_rules_are_accepted(kinds):
    check_weights(assignment(exercise(4)), [check(kind, number=n) for n, kind in enumerate(kinds)])


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ([], "f has no check of kind VALUE"),
        ([check(Kind.KNOWN)], "f has no check of kind VALUE"),
        ([check(Kind.EDGE), check(Kind.FORM)], "f has no check of kind VALUE"),
        ([check(), check(Kind.EDGE, 1.1, 1)], "weigh 1 of 2.1; they need half"),
        ([check(), check(Kind.FORM, 2.0, 1)], "they need half"),
        ([check(weight=0.0)], "test_0 has weight 0.0; give it more than 0"),
        ([check(), check(weight=-1.0, number=1)], "test_1 has weight -1.0"),
        ([check(), check(name="g", number=1)], "test_1 checks 'g', which assignment.toml does not list"),
        ([check(), check(Kind.PRINT, 0.5, 1)], "printing is worth 1.33333 points of f; the limit is 1"),
        ([check(), check(weight=float("nan"), number=1)], "weight nan"),
        ([check(), check(weight=float("inf"), number=1)], "weight inf"),
    ],
)
def test_weights_that_break_a_rule_are_refused_with_the_suite_and_the_fix(checks, said):
    with pytest.raises(CourseError) as caught:
        check_weights(assignment(exercise(4)), checks)

    assert said in str(caught.value)
    assert "tests/hidden/test_a.py" in str(caught.value)


def test_printing_may_be_worth_one_point():
    check_weights(assignment(exercise(4)), [check(weight=3.0), check(Kind.PRINT, 1.0, 1)])


@given(suites())
def test_accepted_weights_can_be_scored(suite):
    worth, checks = suite

    scores = score(worth, [(item, Status.PASSED) for item in checks])

    assert len(scores) == len(checks)
