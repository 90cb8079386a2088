"""Mutants of the references: made everywhere, told apart by id, and killed; a fixed sample but for `make proof`."""

import functools

import pytest
from evidence import sample
from proof.conditional import CONDITIONAL
from proof.faults import conditionally_right, two_in_one, two_in_two
from proof.kills import failed_checks
from test_catalogue import COURSE

from grader.authoring.in_checker import InChecker, Judge
from grader.authoring.mutants import equivalent, make_mutants, survivors
from grader.authoring.transplants import grade
from grader.course.lesson import reference_source
from grader.course.reading import load_assignment
from grader.judge.collecting import with_suite
from grader.outcomes import Status
from grader.sandbox.worker import TimedOut

ASSIGNMENTS = {name: load_assignment(COURSE, name) for name in COURSE.names}


@functools.cache
def all_mutants():
    """Make them when they are asked for: it takes seconds, and every worker collects this file."""
    return {name: make_mutants(ASSIGNMENTS[name]) for name in COURSE.names}


@functools.cache
def all_equivalent():
    """Return those that are listed as right, with the reason."""
    found = {}
    for name, mutants in all_mutants().items():
        found |= equivalent(ASSIGNMENTS[name], mutants)
    return found


def test_mutants_are_made_for_every_exercise():
    for name, assignment in ASSIGNMENTS.items():
        assert {mutant.exercise for mutant in all_mutants()[name]} == set(assignment.names)


def test_ids_of_mutants_are_unique():
    ids = [mutant.id for mutants in all_mutants().values() for mutant in mutants]

    assert len(set(ids)) == len(ids) > 2000


def test_mutants_differ_from_the_reference_in_one_definition_and_keep_what_follows():
    source = reference_source(ASSIGNMENTS["gradient_descent"])

    for mutant in all_mutants()["gradient_descent"][::50]:
        assert mutant.source != source
        assert mutant.source.split("def training_loop")[0].count("\n") == source.split("def training_loop")[0].count(
            "\n"
        )


def test_every_mutant_that_is_listed_as_equivalent_exists_and_has_a_reason():
    ids = {mutant.id for mutants in all_mutants().values() for mutant in mutants}
    conditional = {mutant.id for item in ASSIGNMENTS.values() for mutant in make_mutants(item, CONDITIONAL)}

    assert set(all_equivalent()) <= ids
    assert set(conditionally_right()) <= conditional
    assert all(len(reason) > 20 for reason in (all_equivalent() | conditionally_right()).values())


def test_faults_depend_on_the_epoch_the_optimizer_the_samples_and_the_dtype():
    found = {mutant.id.rpartition(":")[2] for mutant in make_mutants(ASSIGNMENTS["optimizers"], CONDITIONAL)}

    assert {
        "epoch == 500",
        "type(optimizer).__name__ == 'Adam'",
        "t_u.numel() == 1",
        "t_u.dtype == torch.float32",
    } <= found


def test_pair_has_both_faults():
    assignment = ASSIGNMENTS["gradient_descent"]
    mutants = [mutant for mutant in all_mutants()["gradient_descent"] if mutant.exercise in ("model", "loss_fn")]

    ((both, exercises),) = two_in_two(assignment, mutants, 1)
    in_one = list(two_in_one(assignment, mutants, 3))

    model, loss = both.source.split("def loss_fn")
    right = reference_source(assignment).split("def loss_fn")
    assert exercises == {"model", "loss_fn"}
    assert model != right[0]
    assert loss != right[1]
    assert len(in_one) == 3
    assert {mutant.exercise for mutant in in_one} == {"loss_fn"}


def test_fault_under_a_condition_loses_points():
    mutants = make_mutants(ASSIGNMENTS["autograd"], CONDITIONAL)
    chosen = [mutant for mutant in mutants if mutant.exercise == "gradient"][::7]

    assert len(chosen) >= 2
    assert survivors(ASSIGNMENTS["autograd"], chosen, lambda _: None) == []


@pytest.mark.parametrize("name", sample(COURSE.names, "gradient_descent"))
def test_mutants_lose_points_unless_they_are_listed_as_equivalent(name):
    chosen = all_mutants()[name][::30]

    alive = survivors(ASSIGNMENTS[name], chosen, lambda _: None)

    listed = equivalent(ASSIGNMENTS[name], alive)
    assert {mutant.id for mutant in chosen if mutant.id in listed} <= {mutant.id for mutant in alive}
    unlisted = {mutant.id: mutant for mutant in alive if mutant.id not in listed}
    reports = grade(COURSE, name, {key: mutant.source for key, mutant in unlisted.items()})
    for key, report in reports.items():
        assert {item.exercise for item in report.exercises if item.score < item.max_score} == {unlisted[key].exercise}


def test_source_that_never_ends_is_timed_out_in_this_process():
    assignment = ASSIGNMENTS["gradient_descent"]
    source = reference_source(assignment).replace("    return w * t_u + b\n", "    while True:\n        pass\n")
    backend = InChecker(assignment, source, seconds=0.05)
    backend.begin("model")

    with pytest.raises(TimedOut):
        backend.request(
            {"op": "call", "calls": [{"name": "model", "args": [1, 2, 3], "kwargs": {}, "gradients": False}]}
        )


def test_time_out_is_the_outcome_of_a_check(small_course):
    assignment = load_assignment(COURSE.__class__(root=small_course.root, names=("small",)), "small")
    endless = reference_source(assignment).replace("return 2 * x", "while True: pass")

    outcomes = with_suite(assignment, lambda suite: Judge(assignment, suite).outcomes(endless, "double", enough=1))

    assert [outcome.status for outcome in outcomes] == [Status.TIMED_OUT]


def test_failed_checks_are_those_that_the_source_fails(small_course):
    course = COURSE.__class__(root=small_course.root, names=("small",))
    assignment = load_assignment(course, "small")
    wrong = reference_source(assignment).replace("return 2 * x", "return 2 * x if len(x) == 1 else 3 * x")

    failed = with_suite(
        assignment,
        lambda suite: failed_checks(Judge(assignment, suite), [("double", wrong)], lambda _: None),
    )

    assert failed == {"double": [("test_double_values",)], "mean_square": []}
