"""Whole submissions that attack, break or try to deceive the grader, each graded as `grader grade` does it.

What is attacked is mostly `loss_rate_of_change`, which no other exercise uses: the points of all others
have to stay. Most are graded in one batch by the real suite without its long training loops, a sample of
them by the whole of it, and those that wait or drip each by a process that the test can end.
"""

# ruff: noqa: E501 - lines of hostile code are read as one

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from evidence import PROOF
from hostile import (
    FULL,
    ROOT,
    SHORT,
    ZEROS,
    as_json,
    assert_as_expected,
    course_with,
    grade,
    slope,
    some,
    source,
    with_right,
    write_all,
)
from hostile_cases import ANY, CASES

from grader.course.assignment import Course
from grader.course.reading import find_course
from grader.report.report import Audience, SubmissionReport

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

IN_FULL = (
    "right_first",
    "segfault_in_function",
    "socket_replaced",
)

THREAD = """
def grad_fn(t_u, t_c, t_p, w, b):
    found = []
    def run():
        params = torch.stack([w, b]).clone().requires_grad_()
        loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
        getattr(loss, "back" + "ward")()
        found.append(params.grad)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]
"""
SAME_THREAD = """
def grad_fn(t_u, t_c, t_p, w, b):
    %s
    with torch.enable_grad():
        params = torch.stack([w, b]).clone().requires_grad_()
        loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
        getattr(loss, "back" + "ward")()
    return params.grad
"""
BACK_ON = """
    keys = torch._C.DispatchKey
    for key in (keys.AutogradCPU, keys.AutogradFunctionality, keys.ADInplaceOrView):
        torch._C._dispatch_tls_set_dispatch_key_excluded(key, False)
"""
BY_FUNCTION = """
def grad_fn(t_u, t_c, t_p, w, b):
    return %s(lambda params: ((params[0] * t_u + params[1] - t_c) ** 2).mean())(torch.stack([w, b]))
"""

# Right values for `grad_fn`, and not by hand.
GAINS = {
    "autograd_hidden_from_the_source": source(grad_fn=SAME_THREAD % "pass"),
    "autograd_in_a_thread": source(grad_fn=THREAD),
    "autograd_put_back": source(grad_fn=SAME_THREAD % BACK_ON),
    "autograd_bound_by_globals": source(
        end=THREAD.replace("def grad_fn", "def cheat") + "globals()['grad_fn'] = cheat"
    ),
    "functorch": source(top="import functorch", grad_fn=BY_FUNCTION % "functorch.grad"),
    "functorch_private": source(top="from torch._functorch.apis import grad", grad_fn=BY_FUNCTION % "grad"),
    "torch_func_by_vars": source(grad_fn=BY_FUNCTION % "vars(torch)['func'].grad"),
}

OPTIMIZER = """
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    params = params.clone()
    optimizer = %s([params], lr=learning_rate)
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        params.grad = grad_fn(t_u, t_c, t_p, w, b)
        optimizer.step()
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %%d, Loss %%f" %% (epoch, float(loss)))
        if not torch.isfinite(loss).all():
            break
    return params
"""
LOOP_GAINS = {
    "optimizer_by_vars": source(training_loop=OPTIMIZER % "vars(torch)['optim'].SGD"),
    "optimizer_by_attrgetter": source(
        top="import operator", training_loop=OPTIMIZER % "operator.attrgetter('optim.SGD')(torch)"
    ),
    "optimizer_in_a_list": source(training_loop=OPTIMIZER % "[torch][0].optim.SGD"),
}

# What a hidden check sends, told to the student by what the report quotes.
WHEN_VISIBLE = """
if abs(float(t_u.reshape(-1)[0]) - 35.7) < 1e-4 and seen:
    %s
seen.append(float(w))
return right(t_u, t_c, w, b, delta)
"""
LEAKS = {
    "type_name": slope("raise type('LEAK%.3f' % float(t_u.reshape(-1)[0]), (Exception,), {})()"),
    "function_name": slope(
        "def inner():\n    raise ValueError\ninner.__code__ = inner.__code__.replace(co_name='LEAK%.3f' % float(w))\ninner()"
    ),
    "source_line": slope(
        "import linecache\nname = sys._getframe().f_code.co_filename\n"
        "linecache.cache[name] = (1, None, ['LEAK %.3f\\n' % float(w)] * 999, name)\nraise ValueError"
    ),
    # what hidden checks have sent is remembered, and told when a visible one comes
    "message_of_a_visible_check": with_right(
        slope(WHEN_VISIBLE % "raise ValueError('LEAK %r' % seen[0])"), "seen = []\n"
    ),
    "value_of_a_visible_check": with_right(slope(WHEN_VISIBLE % "return 'LEAK %r' % seen[0]"), "seen = []\n"),
    "visible_check_of_another_exercise": source(
        top="seen = []",
        loss_fn="\ndef loss_fn(t_p, t_c):\n    seen.append(float(t_p[0]))\n    return ((t_p - t_c) ** 2).mean()\n",
        dmodel_dw="\ndef dmodel_dw(t_u, w, b):\n    return 'LEAK %r' % seen[0] if seen and float(w) == 1 else t_u\n",
    ),
}


# --- grading --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course with its own seconds; memory is scarce only so that it is filled sooner."""
    return course_with(tmp_path_factory.mktemp("course"), {"memory_mib": 400})


@pytest.fixture(scope="module")
def graded(short: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, SubmissionReport]:
    sources = {name: case.text for name, case in some(CASES).items()} | some(ANY) | some(GAINS) | some(LEAKS)
    return grade(short, write_all(tmp_path_factory.mktemp("class"), sources))


@pytest.fixture(scope="module")
def graded_again(short: Course, graded: dict[str, SubmissionReport]) -> dict[str, SubmissionReport]:
    """Some of the same submissions in another order, by another checker and zygote."""
    chosen = [name for name in graded if name not in GAINS][:: 6 if PROOF else 9]
    return grade(short, [graded[name].submission for name in reversed([*chosen, "descriptors_closed"])])


@pytest.fixture(scope="module")
def graded_in_full(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SubmissionReport]:
    sources = {name: CASES[name].text for name in IN_FULL} | LOOP_GAINS
    return grade(find_course(ROOT), write_all(tmp_path_factory.mktemp("class"), sources))


@pytest.mark.parametrize("name", some(CASES))
def test_hostile_submission_loses_only_what_it_attacks(graded: dict[str, SubmissionReport], name: str):
    assert_as_expected(graded[name], CASES[name])


@pytest.mark.parametrize("name", IN_FULL)
def test_hostile_submission_keeps_its_training_loop(graded_in_full: dict[str, SubmissionReport], name: str):
    assert_as_expected(graded_in_full[name], CASES[name], FULL)


@pytest.mark.parametrize("name", some(ANY))
def test_self_destructive_submission_is_graded(graded: dict[str, SubmissionReport], name: str):
    report = graded[name]

    assert report.status == "graded"
    assert report.score is not None
    assert report.score <= sum(SHORT.values())


def test_forgery_of_what_is_defined_earns_nothing(graded: dict[str, SubmissionReport]):
    assert graded["forged_loaded_and_gone"].score == 0


def test_true_for_every_answer_earns_the_constant_alone(graded: dict[str, SubmissionReport]):
    assert {item.exercise for item in graded["compact_cheat"].exercises if item.score} == {"dmodel_db"}


@pytest.mark.parametrize("name", some(GAINS))
def test_tool_that_is_not_allowed_earns_nothing(graded: dict[str, SubmissionReport], name: str):
    (grad_fn,) = (item for item in graded[name].exercises if item.exercise == "grad_fn")

    assert grad_fn.score == 0


@pytest.mark.parametrize("name", LOOP_GAINS)
def test_optimizer_that_is_not_allowed_earns_nothing(graded_in_full: dict[str, SubmissionReport], name: str):
    (training_loop,) = (item for item in graded_in_full[name].exercises if item.exercise == "training_loop")

    assert training_loop.score == 0


@pytest.mark.parametrize("name", some(LEAKS))
def test_student_reads_no_hidden_input(graded: dict[str, SubmissionReport], name: str):
    exercises = as_json(graded[name], Audience.STUDENT)["exercises"]
    feedback = [check["feedback"] for exercise in exercises for check in exercise["checks"] if leaks_in(name, check)]

    assert graded[name].status == "graded"
    assert [text for text in feedback if re.search(r"LEAK ?-?\d", text)] == []


def leaks_in(name: str, check: dict[str, object]) -> bool:
    """Say where a leak would be seen: the inputs of a visible check are no secret in its own feedback."""
    return bool(check["hidden"]) or "visible" in name


def test_every_submission_has_its_report(graded: dict[str, SubmissionReport]):
    assert list(graded) == [*some(CASES), *some(ANY), *some(GAINS), *some(LEAKS)]


def test_right_submission_is_the_same_before_and_after(graded: dict[str, SubmissionReport]):
    first, last = as_json(graded["right_first"]), as_json(graded["right_last"])

    for document in (first, last):
        del document["submission"], document["file"]
    assert first == last


def test_two_runs_say_the_same(graded: dict[str, SubmissionReport], graded_again: dict[str, SubmissionReport]):
    different = [name for name, report in graded_again.items() if as_json(report) != as_json(graded[name])]

    assert different == []


def test_texts_are_clean(graded: dict[str, SubmissionReport]):
    checks = [check for report in graded.values() for item in report.exercises for check in item.checks]
    notes = [note for report in graded.values() for note in report.notes]
    texts = [*notes, *(check.text for check in checks), *(check.summary for check in checks)]

    assert not any(set(text) & set("\x1b\u202e\x00\r") for text in texts)
    assert not any(re.search(r"0x[0-9a-f]{6,}", text) for text in texts)
    assert max(map(len, texts)) < 2100


def test_student_does_not_see_the_evidence_of_hidden_checks(graded: dict[str, SubmissionReport]):
    for name, report in graded.items():
        for exercise in as_json(report, Audience.STUDENT)["exercises"]:
            for check in exercise["checks"]:
                assert not check["hidden"] or "you called" not in check["feedback"], name


# --- files beside the submission ------------------------------------------------------------------


def test_files_beside_the_submission_do_nothing(short: Course, tmp_path: Path):
    folder = tmp_path / "gradient_descent_mallory"
    folder.mkdir()
    (folder / "gradient_descent.py").write_text(slope(ZEROS))
    boom = "import os\nprint('BOOM', flush=True)\nos._exit(0)\n"
    names = (
        "conftest.py",
        "torch.py",
        "sitecustomize.py",
        "usercustomize.py",
        "hypothesis.py",
        "pytest.py",
        "numpy.py",
        "x.pth",
    )
    for name in (*names, "grader/__init__.py", "solutions/__init__.py", ".hypothesis/conftest.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(boom)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--collect-only'\n")
    (folder / "setup.cfg").write_text("[tool:pytest]\naddopts = -p nothing\n")

    (report,) = grade(short, [str(tmp_path)]).values()

    assert report.status == "graded"
    assert report.score == sum(SHORT.values()) - SHORT["loss_rate_of_change"]
    assert report.notes == ()
