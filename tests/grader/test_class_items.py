"""Item analysis: planted items are recovered, and what was left out, not reached or broken counts as it should."""

import itertools
import json
import math
import random
import statistics

import pytest
from proof.kills import kept
from reports import make_check, make_exercise, make_report, make_submission, unreadable

from grader.classes.items import check_items, correlation, exercise_items, looks_idle, looks_unfair
from grader.classes.kills import KillCounts, Kills, kills_as_text, read_kills
from grader.course.reading import find_course, load_assignment
from grader.errors import UsageError
from grader.judge.state import parts_of
from grader.outcomes import Status
from grader.report.report import Audience
from grader.report.view import view

STATUS = {1: Status.PASSED, 0: Status.FAILED, None: Status.NOT_ATTEMPTED}


def class_of(*rows, points=2.0):
    """Return a class of which each row has a mark for each exercise, which has one check: 1, 0 or None for left out."""
    submissions = []
    for number, row in enumerate(rows):
        exercises = [
            make_exercise(
                make_check(check=f"test_{place}", status=STATUS[mark], score=points * (mark or 0), max_score=points),
                exercise=f"f{place}",
                status=STATUS[mark],
                score=points * (mark or 0),
                max_score=points,
            )
            for place, mark in enumerate(row)
        ]
        score = points * sum(mark or 0 for mark in row)
        submissions.append(make_submission(*exercises, submission=f"{number:04}.py", score=score))
    return view(make_report(*submissions), Audience.STAFF).submissions


# Planted items.

SLOPES = (0.5, 0.8, 1.2, 1.7, 2.4)
PLACES = (-1.5, -0.7, 0.0, 0.7, 1.5)
PLANTED = [(slope, place) for slope in SLOPES for place in PLACES]
GRID = [step / 20 for step in range(-120, 121)]
WEIGHTS = [math.exp(-(ability**2) / 2) for ability in GRID]


def chance(slope, place, ability):
    """Return how likely it is that somebody has an item right, by the logistic model of two parameters."""
    return 1 / (1 + math.exp(-slope * (ability - place)))


CHANCES = [[chance(*item, ability) for ability in GRID] for item in PLANTED]


def expected_over_class(*factors):
    """Return the mean over an endless class of a product of what its members have at each place of the grid."""
    return sum(weight * math.prod(place) for weight, *place in zip(WEIGHTS, *factors, strict=True)) / sum(WEIGHTS)


SHARES = [expected_over_class(chances) for chances in CHANCES]
COVARIANCES = [
    [
        SHARES[one] * (1 - SHARES[one])
        if one == other
        else expected_over_class(CHANCES[one], CHANCES[other]) - SHARES[one] * SHARES[other]
        for other in range(len(PLANTED))
    ]
    for one in range(len(PLANTED))
]


def expected_discrimination(item):
    """Return the corrected item-total correlation that a planted item has in an endless class."""
    rest = [other for other in range(len(PLANTED)) if other != item]
    with_rest = sum(COVARIANCES[item][other] for other in rest)
    of_rest = sum(COVARIANCES[one][other] for one in rest for other in rest)
    return with_rest / math.sqrt(COVARIANCES[item][item] * of_rest)


def simulated(planted, *, number=2000, seed=17):
    draw = random.Random(seed)
    abilities = [draw.gauss(0, 1) for _ in range(number)]
    return class_of(*([int(draw.random() < chance(*one, ability)) for one in planted] for ability in abilities))


@pytest.fixture(scope="module")
def recovered():
    return exercise_items(simulated(PLANTED))


def test_planted_difficulties_are_recovered(recovered):
    errors = [
        abs(found.difficulty - share) / math.sqrt(share * (1 - share) / found.number)
        for found, share in zip(recovered, SHARES, strict=True)
    ]

    assert max(errors) < 4


def test_planted_discriminations_are_recovered_within_their_intervals(recovered):
    inside = [
        found.discrimination.low <= expected_discrimination(item) <= found.discrimination.high
        for item, found in enumerate(recovered)
    ]

    assert sum(inside) >= 22  # of 25 intervals of 95%, more than three miss once in thirty classes


def test_planted_slopes_are_recovered_in_their_order(recovered):
    means = [statistics.fmean(recovered[5 * row + n].discrimination.value for n in range(5)) for row in range(5)]

    assert means == sorted(means)
    assert min(b - a for a, b in itertools.pairwise(means)) > 0.03


def test_the_one_planted_item_that_the_better_fail_is_called_unfair_and_no_other():
    found = exercise_items(simulated([*PLANTED, (-0.8, 0.0)]))

    assert [item.exercise for item in found if looks_unfair(item)] == ["f25"]


# What counts.


def test_what_was_left_out_is_wrong_and_what_was_not_reached_counts_for_nobody():
    found = {item.exercise: item for item in exercise_items(class_of([1, None, 1, None], [1, 1, 0, 1], [None] * 4))}

    assert {name: (item.number, item.difficulty) for name, item in found.items()} == {
        "f0": (2, 1.0),
        "f1": (2, 0.5),
        "f2": (2, 0.5),
        "f3": (1, 1.0),
    }


def test_check_is_put_to_those_who_attempted_its_exercise():
    found = {item.check: item for item in check_items(class_of([1, None], [0, 1], [1, 0]))}

    assert {name: (item.number, item.passed) for name, item in found.items()} == {"test_0": (3, 2), "test_1": (2, 1)}


def test_what_has_no_score_counts_for_nobody():
    broken = make_submission(make_exercise(make_check(status=Status.BROKEN, score=None), score=None), score=2.0)
    submissions = view(make_report(broken, unreadable()), Audience.STAFF).submissions

    assert exercise_items(submissions) == ()
    assert check_items(submissions) == ()


def test_item_is_held_against_the_rest_without_itself():
    rows = [[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 1], [1, 1, 1], [0, 0, 0]]

    (first, *_) = exercise_items(class_of(*rows))

    expected = statistics.correlation([row[0] for row in rows], [row[1] + row[2] for row in rows])
    assert first.discrimination.value == pytest.approx(expected)
    assert first.discrimination.number == 6


def test_no_correlation_of_what_is_constant_or_of_three():
    assert correlation([1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 3.0, 4.0]) is None
    assert correlation([1.0, 2.0, 3.0, 4.0], [0.5] * 4) is None
    assert correlation([0.0, 1.0, 1.0], [0.0, 1.0, 2.0]) is None
    assert correlation([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0]).value == pytest.approx(1)


def test_interval_is_fisher_s():
    draw = random.Random(3)
    first = [draw.gauss(0, 1) for _ in range(103)]
    second = [value + draw.gauss(0, 1) for value in first]

    found = correlation(first, second)

    assert math.atanh(found.high) - math.atanh(found.low) == pytest.approx(2 * 1.959964 / 10)


def test_few_students_and_few_failures_make_no_unfair_check():
    few = class_of(*[[0, 1, 1], [1, 0, 0]] * 10)
    others = [[1, 0, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]] * 40
    rare = class_of(*[[0, 1, 1, 1]] * 4, *others)
    enough = class_of(*[[0, 1, 1, 1]] * 8, *others)

    unfair = [[item.exercise for item in exercise_items(one) if looks_unfair(item)] for one in (few, rare, enough)]

    assert unfair == [[], [], ["f0"]]


def test_idle_is_what_everybody_passes_and_finds_nothing_alone():
    (first, second) = check_items(class_of(*[[1, 1], [1, 0]] * 20))

    assert looks_idle(first, kills_alone=0)
    assert not looks_idle(first, kills_alone=1)
    assert not looks_idle(first, kills_alone=None)
    assert not looks_idle(second, kills_alone=0)


# What each check kills.

KILLS = Kills(
    assignment="small",
    date="2026-11-30",
    made_of={"suite": "0123", "reference": "4567"},
    checks={"test_f": KillCounts(mutants=9, mutants_alone=1, variants=3, variants_alone=0)},
)


def test_kills_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "small.json"
    path.write_text(kills_as_text(KILLS))

    assert read_kills(path) == KILLS
    assert KILLS.fits({"suite": "0123", "reference": "4567", "torch": "2"})
    assert not KILLS.fits({"suite": "0123", "reference": "4568"})
    assert read_kills(tmp_path / "none.json") is None


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"checks": {"a": {"mutants": -1}}})])
def test_file_that_is_no_kills_is_refused(tmp_path, text):
    path = tmp_path / "small.json"
    path.write_text(text)

    with pytest.raises(UsageError, match=r"small\.json.*make proof"):
        read_kills(path)


def test_proof_keeps_what_each_check_kills_with_the_suite_that_it_was_found_of(small_course):
    course = find_course(small_course.root)
    counts = {"mutants": 9, "mutants_alone": 1, "variants": 3, "variants_alone": 0}
    found = {"date": "2026-11-30", "checks": {"test_double_values": {"title": "values", "long": False, **counts}}}

    course.kills_of("small").parent.mkdir()
    course.kills_of("small").write_text(kept(course, "small", found))
    kills = read_kills(course.kills_of("small"))

    assert kills.checks == {"test_double_values": KillCounts(**counts)}
    assert kills.fits(parts_of(load_assignment(course, "small")))
    small_course.edit("tests/hidden/test_small.py", "weight=2", "weight=3")
    assert not kills.fits(parts_of(load_assignment(course, "small")))
