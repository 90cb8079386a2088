"""Data of one's own, over many students who are made up: it behaves as the lecture's does, and nobody has another's.

A few dozen students here, a thousand in the long evidence (CHAINRULE_PROOF); all of them are computed at once, but
for what the hidden suite and the visible tests themselves say, which is asked of fewer.
"""

import contextlib
import io
import types
from functools import cache
from pathlib import Path

import pytest
import torch
from evidence import PROOF, sample

from grader.authoring.individually import judged, made_up, misprinted
from grader.course.individual import read_author
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.handout.individual import files_for
from grader.handout.release import files_of, stub
from grader.handout.visible_run import run_visible_tests

COURSE = find_course(Path(__file__).parents[2])
WITH_OWN_DATA = tuple(name for name in COURSE.names if load_assignment(COURSE, name).own_data.is_file())
STUDENTS = 1000 if PROOF else 48
JUDGED = 1000 if PROOF else 8
SECRET = b"of students who are made up"

each = pytest.mark.parametrize("name", WITH_OWN_DATA)
some = pytest.mark.parametrize("name", sample(WITH_OWN_DATA, "gradient_descent"))


@cache
def author_of(name):
    return read_author(load_assignment(COURSE, name))


@cache
def readings_of(name):
    return [author_of(name).readings(SECRET, f"student {number}") for number in range(STUDENTS)]


def tensors_of(name, dtype):
    """Return t_u and t_c, a row for each student."""
    return (torch.tensor([one[key] for one in readings_of(name)], dtype=dtype) for key in ("t_u", "t_c"))


def descended(t_u, t_c, n_epochs, rate):
    """Return the params of each student after gradient descent, and the squares of the errors before its last step."""
    w, b = torch.ones_like(t_u[:, :1]), torch.zeros_like(t_u[:, :1])
    for _ in range(n_epochs):
        errors = w * t_u + b - t_c
        slopes = (2 * errors * t_u).mean(1, keepdim=True), (2 * errors).mean(1, keepdim=True)
        w, b = w - rate * slopes[0], b - rate * slopes[1]
    return w, b, errors**2


@each
def test_no_two_students_have_the_same_data(name):
    found = {tuple(sorted(one.items())) for one in readings_of(name)}

    assert len(found) == STUDENTS
    assert tuple(sorted(author_of(name).lectures.items())) not in found


def test_data_of_one_student_is_another_in_each_assignment():
    found = [readings_of(name)[0]["t_u"] for name in WITH_OWN_DATA]

    assert len(set(found)) == len(WITH_OWN_DATA)


@each
def test_raw_data_diverges_at_epoch_11_in_every_form_of_the_loss(name):
    t_u, t_c = tensors_of(name, torch.float32)

    *_, before = descended(t_u, t_c, 10, 1e-2)
    *params, squares = descended(t_u, t_c, 11, 1e-2)

    assert before.sum(1).isfinite().all()
    assert squares.sum(1).isinf().all()
    assert (squares / squares.shape[1]).sum(1).isinf().all()
    assert all(each.isfinite().all() for each in params)


@each
def test_scaled_data_converges_to_the_line_of_least_squares(name):
    t_u, t_c = tensors_of(name, torch.float64)
    both = torch.stack([0.1 * t_u, torch.ones_like(t_u)], 2)
    best = torch.linalg.lstsq(both, t_c[:, :, None]).solution

    w, b, _ = descended(0.1 * t_u, t_c, 5000, 1e-2)

    assert torch.allclose(torch.cat([w, b], 1), best[:, :, 0], rtol=2e-2)


@each
def test_raw_data_goes_downhill_slowly(name):
    t_u, t_c = tensors_of(name, torch.float64)

    *_, first = descended(t_u, t_c, 1, 1e-4)
    *_, second = descended(t_u, t_c, 2, 1e-4)
    *_, last = descended(t_u, t_c, 100, 1e-4)

    assert (first.mean(1) > second.mean(1)).all()
    assert (second.mean(1) > last.mean(1)).all()


@pytest.mark.parametrize(("rate", "n_epochs", "moved"), [(1e-4, 5000, False), (1e-5, 5000, False), (0.2, 200, True)])
def test_parabola_goes_downhill_in_each_epoch_at_the_rates_of_its_tests(rate, n_epochs, moved):
    t_u, t_c = tensors_of("quadratic", torch.float64)
    x = (0.1 * t_u - 5) / 2 if moved else 0.1 * t_u
    columns = torch.stack([x**2, x, torch.ones_like(x)], 2)
    params, before = torch.tensor([1.0, 1.0, 0.0], dtype=torch.float64).expand(len(x), 3), torch.inf

    for _ in range(n_epochs):
        errors = (columns * params[:, None]).sum(2) - t_c
        loss = (errors**2).mean(1)
        assert (loss < before * (1 + 1e-12)).all()  # once it has arrived it is the same but for rounding
        params, before = params - rate * (2 * errors[:, :, None] * columns).mean(1), loss

    assert (params.abs() > 0.03).all()  # so that their decimals show enough


@each
def test_lectures_data_gives_the_lectures_numbers(name):
    assert misprinted(author_of(name)) == []


@some
def test_reference_earns_what_is_known_of_each_student(name):
    students = made_up(author_of(name), JUDGED)

    found = judged(load_assignment(COURSE, name), students)

    assert [line for one in found for line in one.failing] == []
    assert all(one.checks > 0 for one in found)


@some
def test_students_visible_tests_fail_on_their_stub_and_pass_on_the_reference(name, tmp_path):
    assignment, author = load_assignment(COURSE, name), author_of(name)
    (own,) = made_up(author, 1, first=7)
    files = files_for(assignment, author, own, "Anna Berg", files_of(assignment))
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, "utf-8")

    right = visible(assignment, tmp_path, reference_source(assignment))
    untouched = visible(assignment, tmp_path, stub(assignment))

    assert [result.text for result in right if not result.passed] == []
    assert [result.test for result in untouched if result.passed] == []


def visible(assignment, folder, source):
    module = types.ModuleType(assignment.name)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, f"{assignment.name}.py", "exec"), module.__dict__)
    return run_visible_tests(folder / f"test_{assignment.name}.py", assignment.name, vars(module), assignment.names)
