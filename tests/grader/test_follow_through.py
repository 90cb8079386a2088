"""A wrong helper is charged once: what uses it is judged with right ones, by stubs that ask for them."""

import ast
from pathlib import Path

import pytest
from evidence import sample

from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.judge.parallel import grade_all
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

ASSIGNMENT = """
title = "Small"
{settings}

[limits]
call_seconds = 0.5
exercise_seconds = 1.0
load_seconds = 1.5
wall_factor = 6

[[exercise]]
name = "slope"
points = 2

[[exercise]]
name = "pair"
points = 2
uses = ["slope"]

[[exercise]]
name = "walk"
points = 4
uses = ["pair"]

[[exercise]]
name = "cost"
points = 2

[[exercise]]
name = "descend"
points = 4
uses = ["cost"]

[[exercise]]
name = "apply"
points = 1

[[exercise]]
name = "apply_twice"
points = 1
uses = ["apply"]
"""

REFERENCE = """
# %%
import torch

# %%
def slope(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %%
def pair(x):
    ### BEGIN SOLUTION
    return torch.stack([slope(x), 3 * slope(x)])
    ### END SOLUTION

# %%
def walk(x, n):
    ### BEGIN SOLUTION
    for _ in range(n):
        first, second = pair(x)
        x = x - 0.01 * (first + second)
    return x
    ### END SOLUTION

# %%
def cost(w, x):
    ### BEGIN SOLUTION
    return ((w * x - 1) ** 2).mean()
    ### END SOLUTION

# %%
def descend(w, x, n):
    ### BEGIN SOLUTION
    for _ in range(n):
        w = w.detach().requires_grad_()
        cost(w, x).backward()
        w = w - 0.1 * w.grad
    return w.detach()
    ### END SOLUTION

# %%
def apply(f, x):
    ### BEGIN SOLUTION
    return f(x) + 1
    ### END SOLUTION

# %%
def apply_twice(f, x):
    ### BEGIN SOLUTION
    return apply(f, apply(f, x))
    ### END SOLUTION
"""

SUITE = """
import torch
from hypothesis import given, strategies as st
from grader.suite import Kind, Tolerance, agree, check, stand_in

TIGHT = Tolerance(float32=1e-5, float64=1e-9, reason="a few products")
numbers = st.integers(2, 9).map(lambda found: torch.tensor(float(found), dtype=torch.float64))
lists = st.lists(st.integers(1, 5), min_size=1, max_size=5).map(lambda found: torch.tensor(found, dtype=torch.float64))

@check("slope", "values")
@given(x=numbers)
def test_slope(student, x):
    agree("slope", {"x": x}, student.slope(x), 2 * x, tolerance=TIGHT, shapes=[(), (1,)])

@check("pair", "values")
@given(x=numbers)
def test_pair(student, x):
    expected = torch.stack([2 * x, 6 * x])
    agree("pair", {"x": x}, student.pair(x), expected, tolerance=TIGHT, shapes=[(2,)])

@check("walk", "a few steps", weight=3)
@given(x=numbers, n=st.integers(0, 4))
def test_walk(student, x, n):
    agree("walk", {"x": x, "n": n}, student.walk(x, n), x * 0.92**n, tolerance=TIGHT, shapes=[()])

@check("walk", "many steps", kind=Kind.KNOWN, long=True)
def test_walk_long(student):
    x = torch.tensor(3.0)
    agree("walk", {"x": x, "n": 60}, student.walk(x, 60), x * 0.92**60, tolerance=TIGHT, shapes=[()])

@check("cost", "values")
@given(w=numbers, x=lists)
def test_cost(student, w, x):
    agree("cost", {"w": w, "x": x}, student.cost(w, x), ((w * x - 1) ** 2).mean(), tolerance=TIGHT)

@check("descend", "values")
@given(w=numbers, x=lists, n=st.integers(1, 3))
def test_descend(student, w, x, n):
    expected = w
    for _ in range(n):
        expected = expected - 0.1 * (2 * (expected * x - 1) * x).mean()
    agree("descend", {"w": w, "x": x, "n": n}, student.descend(w, x, n), expected, tolerance=TIGHT)

def squared(module, name, x):
    return getattr(module, name)(lambda value: value * value, x)

@check("apply", "values")
def test_apply(student):
    x = torch.tensor(3.0)
    agree("apply", {"x": x}, student.probe(squared, "apply", x), torch.tensor(10.0), tolerance=TIGHT)

@check("apply_twice", "values")
def test_apply_twice(student):
    x = torch.tensor(3.0)
    agree("apply_twice", {"x": x}, student.probe(squared, "apply_twice", x), torch.tensor(101.0), tolerance=TIGHT)

def plus_one(value):
    return value + 1

@stand_in("apply", far=plus_one)
def apply_for(ask, f, x):
    return ask(f(x))
"""

RIGHT = REFERENCE.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")


def with_function(*bodies):
    """Return the right submission with other definitions at its end."""
    return "\n\n".join([RIGHT, *bodies]) + "\n"


SLOPES = {
    "wrong": "def slope(x):\n    return 5 * x",
    "raising": "def slope(x):\n    raise ValueError('no')",
    "of a constant": "def slope(x):\n    return torch.tensor(1.0)",
    "endless": "def slope(x):\n    while True:\n        pass",
    "never attempted": "def slope(x):\n    raise NotImplementedError('write your code here')",
    "no function": "slope = None",
}
CONTAINERS = {
    "tuple": ("return slope(x), slope(x)", "torch.stack(pair(x)).sum()"),
    "list": ("return [slope(x), slope(x)]", "sum(pair(x) + [])"),
    "numbers": ("return float(slope(x)), float(slope(x))", "round(pair(x)[0], 12) + round(pair(x)[1], 12)"),
    "tensor": ("return torch.stack([slope(x), slope(x)])", "pair(x).sum()"),
    "numpy array": ("return torch.stack([slope(x), slope(x)]).numpy()", "torch.from_numpy(pair(x)).sum()"),
}
WALK = "def walk(x, n):\n    for _ in range(n):\n        x = x - 0.01 * ({})\n    return x"
SOURCES = {
    "right": RIGHT,
    **{f"slope {name}": with_function(body) for name, body in SLOPES.items()},
    "slope missing": RIGHT.replace("def slope(", "def slope_by_another_name("),
    "slope and pair": with_function(SLOPES["wrong"], "def pair(x):\n    return torch.stack([slope(x), slope(x)])"),
    "slope and walk": with_function(
        SLOPES["wrong"],
        "def walk(x, n):\n    for _ in range(n + 1):\n        x = x - 0.01 * sum(pair(x))\n    return x",
    ),
    "handed on": with_function("def pair(x):\n    return x", "def walk(x, n):\n    return pair(x)"),
    **{
        f"pair in a {name}": with_function(f"def pair(x):\n    {returned}", WALK.format(used))
        for name, (returned, used) in CONTAINERS.items()
    },
    "cost": with_function("def cost(w, x):\n    return ((w * x - 1) ** 2).sum()"),
    "cost as a float": with_function("def cost(w, x):\n    return ((w * x - 1) ** 2).mean().item() + 1"),
    "alias": with_function(
        "def slope(x):\n    return 5 * x\n\nalias = slope",
        "def pair(x, f=slope):\n    return torch.stack([f(x), 3 * alias(x)])",
    ),
    "apply": with_function("def apply(f, x):\n    return f(x)"),
    "other names": with_function(
        "def cost(weight, values):\n    return ((weight * values - 1) ** 2).sum()",
        "def descend(w, x, n):\n    for _ in range(n):\n        w = w.detach().requires_grad_()\n"
        "        cost(values=x, weight=w).backward()\n        w = w - 0.1 * w.grad\n    return w.detach()",
        "def apply(function, value):\n    return function(value)",
        "def apply_twice(f, x):\n    return apply(value=apply(f, value=x), function=f)",
    ),
    # The stub alone: a second definition would hide the reference's.
    "stub": RIGHT.replace("def slope(x):\n    \n    return 2 * x\n", f"{SLOPES['never attempted']}\n"),
}


def graded_class(root, settings, names):
    """Grade these submissions as one class; return the exercises of each by name."""
    from small_course import SmallCourse

    course = SmallCourse(root)
    course.write("solutions/small/assignment.toml", ASSIGNMENT.format(settings=settings))
    course.write("solutions/small/small.py", REFERENCE)
    course.write("tests/hidden/test_small.py", SUITE)
    reports = course.grade(**{name: SOURCES[name] for name in names})
    assert {report.status for report in reports.values()} == {"graded"}
    return {name: {item.exercise: item for item in report.exercises} for name, report in reports.items()}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    return graded_class(tmp_path_factory.mktemp("course"), "", SOURCES)


def scores(found, *names):
    return tuple(found[name].score for name in names)


@pytest.mark.parametrize("name", [*(f"slope {name}" for name in SLOPES), "slope missing", "stub"])
def test_fault_of_a_helper_is_charged_once(graded, name):
    found = graded[name]

    assert scores(found, "slope", "pair", "walk") == (0.0, 2.0, 4.0)
    assert (found["slope"].follow_through, found["pair"].follow_through) == (False, True)
    assert found["pair"].diagnosis[0].text == "credited: `slope` is at fault, not `pair`"


def test_right_submission_is_followed_through_nowhere(graded):
    found = graded["right"]

    assert sum(item.score for item in found.values()) == 16
    assert not any(item.follow_through or item.diagnosis for item in found.values())


def test_two_faults_are_charged_where_they_are(graded):
    found = graded["slope and pair"]

    assert scores(found, "slope", "pair", "walk") == (0.0, 0.0, 4.0)
    assert found["walk"].diagnosis[0].text == "credited: `slope` and `pair` are at fault, not `walk`"


def test_fault_that_is_seen_only_with_a_right_helper_is_charged(graded):
    found = graded["slope and walk"]

    assert scores(found, "slope", "pair", "walk") == (0.0, 2.0, 0.0)
    assert not found["walk"].follow_through


def test_trivial_helper_that_is_handed_on_gains_nothing(graded):
    assert scores(graded["handed on"], "pair", "walk") == (0.0, 0.0)


@pytest.mark.parametrize("name", CONTAINERS)
def test_stub_answers_in_the_container_of_the_students_own(graded, name):
    assert scores(graded[f"pair in a {name}"], "pair", "walk") == (0.0, 4.0)


def test_loss_through_a_stub_can_be_differentiated(graded):
    assert scores(graded["cost"], "cost", "descend") == (0.0, 4.0)


def test_helper_in_a_container_that_serves_nobody_is_stood_in_for_by_a_tensor(graded):
    assert scores(graded["cost as a float"], "cost", "descend") == (0.0, 4.0)


def test_alias_and_default_argument_mean_the_stub(graded):
    assert scores(graded["alias"], "slope", "pair") == (0.0, 2.0)


def test_suites_own_stand_in_serves_what_takes_a_function(graded):
    assert scores(graded["apply"], "apply", "apply_twice") == (0.0, 1.0)


def test_stub_understands_the_names_that_the_students_own_helper_gives_its_arguments(graded):
    found = graded["other names"]

    assert scores(found, "cost", "descend", "apply", "apply_twice") == (0.0, 4.0, 0.0, 1.0)


def test_follow_through_that_is_off_charges_both(tmp_path):
    found = graded_class(tmp_path, 'follow_through = "off"', ["slope wrong"])["slope wrong"]

    assert scores(found, "slope", "pair") == (0.0, 0.0)
    assert found["pair"].diagnosis[0].misconception == "uses_what_is_wrong"


def test_follow_through_of_what_was_attempted_asks_for_an_attempt(tmp_path):
    found = graded_class(tmp_path, 'follow_through = "attempted"', ["slope wrong", "stub"])

    assert scores(found["slope wrong"], "slope", "pair") == (0.0, 2.0)
    assert scores(found["stub"], "slope", "pair") == (0.0, 0.0)


COURSE = find_course(Path(__file__).parents[2])
USING = [name for name in COURSE.names if any(item.uses for item in load_assignment(COURSE, name).exercises)]


@pytest.mark.parametrize("name", sample(USING, "autograd"))
def test_exercise_of_the_course_keeps_its_points_where_all_that_it_uses_is_missing(tmp_path, name):
    assignment = load_assignment(COURSE, name)
    used = {helper for exercise in assignment.exercises for helper in exercise.uses}
    lines = reference_source(assignment).split("\n")
    for node in ast.parse("\n".join(lines)).body:
        if getattr(node, "name", "") in used:
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    (tmp_path / f"{name}.py").write_text("\n".join(lines), "utf-8")
    found = {}

    grade_all(
        COURSE,
        name,
        discover([str(tmp_path)]),
        mode=SandboxMode.AUTO,
        each=lambda _, report: found.setdefault("it", report),
    )

    lost = {item.exercise for item in found["it"].exercises if item.score < item.max_score}
    assert lost == used


def test_list_that_the_caller_cannot_compute_with_is_charged_to_the_helper(small_course):
    again = "assert torch.equal(student.double(x), student.double(x))"
    agrees = 'agree("double", {"x": x}, student.double(x), 2 * x, tolerance=TIGHT)'
    small_course.edit("tests/hidden/test_small.py", again, agrees)
    listed = "def double(x):\n    return [2 * item for item in x]\n"

    found = small_course.grade(
        breaks=listed + "def mean_square(x):\n    return ((double(x) / 2) ** 2).mean()\n",
        copes=listed + "import torch\ndef mean_square(x):\n    return ((torch.stack(double(x)) / 2) ** 2).mean()\n",
        wrong=listed + "def mean_square(x):\n    return ((double(x) / 2) ** 2).sum()\n",
    )

    scores = {name: {item.exercise: item.score for item in report.exercises} for name, report in found.items()}
    assert scores["copes"] == {"double": 4.0, "mean_square": 2.0}
    assert scores["breaks"]["mean_square"] == 2.0
    assert 0 < scores["breaks"]["double"] < 4.0
    assert scores["wrong"] == {"double": 4.0, "mean_square": 0.0}
    double, mean_square = found["breaks"].exercises
    assert [item.misconception for item in double.diagnosis] == ["not_a_tensor"]
    assert "credited: `double` is at fault" in mean_square.diagnosis[0].text


def test_helper_that_does_not_load_is_said_to_where_a_right_one_has_stood_in_for_it(small_course):
    text = "import torch\n\ndef double(x=1 / 0):\n    return 2 * x\n\ndef mean_square(x):\n    return double(x).sum()\n"

    double, _ = small_course.grade(anna=text)["anna"].exercises

    assert [found.misconception for found in double.diagnosis] == ["does_not_load"]
