"""What hidden suites share: their one import, repeats and aliasing (`pure`, `same`), and reading what was printed."""

import ast
import math
from pathlib import Path

import pytest
import torch

import grader.suite
from grader.backends.reference import Reference
from grader.course.reading import find_course, load_assignment
from grader.suite.chance import chance, use_seed
from grader.suite.checks import Mismatch, Tolerance, agree
from grader.suite.kept import kept
from grader.suite.printed import epochs_are_printed, near, numbers_in, printed_losses
from grader.suite.repeats import pure, same
from grader.suite.student import Student, StudentRaised, bind
from grader.wire import Array

HIDDEN = Path(__file__).parents[1] / "hidden"

# Students, each an exercise of one course: the reference is asked as a worker is, by the same code.
GOOD = {
    "doubles": "return 2 * x",
    "doubles_otherwise": "y = x.clone()\n    y += x\n    return y",
    "gives_it_back": "return x",
    "gives_a_number": "return float(x.sum())",
    "gives_a_word": "return 'yes' if x.sum() > 0 else 'no'",
    "gives_nothing": "return None",
    "gives_a_tuple": "return x, 2 * x, [x.sum()]",
    "gives_a_dict": "return {'x': x, 'sum': float(x.sum())}",
    "gives_nan": "return x / 0 * 0",
    "gives_an_array": "return (2 * x).numpy()",
    "counts_its_calls": "SEEN.append(len(SEEN))\n    return 2 * x",
    "sums_in_another_order": "SEEN.append(1)\n    return x * (1 + 2e-7 * (len(SEEN) % 2))",
    "asks_for_a_gradient": "x.requires_grad_()\n    return (2 * x).detach()",
    "takes_more": "return x * factor",
    "differentiates": "return torch.autograd.grad((x * x).sum(), x)[0]",
}
BAD = {
    "changes_its_argument": ("x *= 2\n    return x", "an argument was changed"),
    "empties_its_argument": ("x.zero_()\n    return torch.ones(2)", "an argument was changed"),
    "changes_one_entry": ("y = 2 * x\n    x[0] = 5\n    return y", "an argument was changed"),
    "makes_it_longer": ("y = 2 * x\n    x.resize_(3)\n    return y", "an argument was changed"),
    "counts_up": ("SEEN.append(1)\n    return x * len(SEEN)", "a second call gives another answer"),
    "piles_up": ("TOTAL.add_(x.sum())\n    return TOTAL.clone()", "a second call gives another answer"),
    "draws_lots": ("return x + torch.rand(())", "a second call gives another answer"),
    "gives_another_shape": (
        "SEEN.append(1)\n    return torch.ones(len(SEEN))",
        "a second call gives another answer",
    ),
    "gives_another_length": ("SEEN.append(1)\n    return [0] * len(SEEN)", "a second call gives another answer"),
    "gives_another_key": ("SEEN.append(1)\n    return {str(len(SEEN)): 0}", "a second call gives another answer"),
    "gives_another_word": ("SEEN.append(1)\n    return str(len(SEEN))", "a second call gives another answer"),
    "gives_another_kind": (
        "SEEN.append(1)\n    return x if len(SEEN) % 2 else x.tolist()",
        "a second call gives another answer",
    ),
    "gives_another_dtype": (
        "SEEN.append(1)\n    return x.float() if len(SEEN) % 2 else x.double()",
        "a second call gives another answer",
    ),
    "is_new_at_first": (
        "FIRST.append(1)\n    return x if len(FIRST) == 1 else 2 * x",
        "a second call gives another answer",
    ),
    "uses_one_buffer": (
        "BUFFER.copy_(x)\n    BUFFER.mul_(2)\n    return BUFFER",
        "an answer changes when the function is called again",
    ),
    "uses_one_buffer_inside": (
        "BUFFER.copy_(x)\n    return [x, {'inner': BUFFER}]",
        "an answer changes when the function is called again",
    ),
    "uses_one_array": (
        "BUFFER.copy_(x)\n    return BUFFER.numpy()",
        "an answer changes when the function is called again",
    ),
    "uses_one_list": (
        "ANSWER[:] = x.tolist()\n    return ANSWER",
        "an answer changes when the function is called again",
    ),
}
SECOND = {"takes_more": ", factor"}
SPECIAL = {"takes_more", "differentiates"}


def exercise(name, body):
    return f"# %%\ndef {name}(x{SECOND.get(name, '')}):\n    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION\n\n"


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    from small_course import SmallCourse

    bodies = {**GOOD, **{name: body for name, (body, _) in BAD.items()}, "changes_a_list": "x[0] *= 2\n    return None"}
    course = SmallCourse(tmp_path_factory.mktemp("course"))
    entries = [
        f'[[exercise]]\nname = "{name}"\npoints = 1\ngradients = {str(name == "differentiates").lower()}\n'
        for name in bodies
    ]
    course.write("solutions/small/assignment.toml", "".join(entries))
    names = "# %%\nimport torch\nSEEN, FIRST, ANSWER, TOTAL = [], [], [], torch.zeros(())\nBUFFER = torch.zeros(2)\n\n"
    text = names + "".join(exercise(name, body) for name, body in bodies.items())
    (course.root / "solutions/small/small.py").write_text(text, "utf-8")
    found = Student()
    bind(found, Reference(load_assignment(find_course(course.root), "small")))
    return found


INPUTS, OTHERS = {"x": torch.tensor([2.0, 3.0])}, {"x": torch.tensor([5.0, 7.0])}


# pure


@pytest.mark.parametrize("name", sorted(set(GOOD) - SPECIAL))
def test_pure_accepts_a_function_that_owes_nothing(student, name):
    pure(student, name, INPUTS, OTHERS)


def test_pure_calls_with_gradients_where_they_are_asked_for(student):
    first, other = ({"x": value.clone().requires_grad_()} for value in (INPUTS["x"], OTHERS["x"]))

    pure(student, "differentiates", first, other, gradients=True)
    with pytest.raises(StudentRaised, match="does not require grad"):
        pure(student, "differentiates", first, other)


def test_pure_calls_with_every_argument(student):
    pure(student, "takes_more", {**INPUTS, "factor": 3}, {**OTHERS, "factor": 4})


@pytest.mark.parametrize("name", BAD)
def test_pure_says_what_is_wrong(student, name):
    with pytest.raises(Mismatch) as caught:
        pure(student, name, INPUTS, OTHERS)

    assert caught.value.summary == BAD[name][1]
    assert f"you called   {name}(x=tensor([2., 3.]))" in caught.value.text


def test_pure_sees_a_change_inside_a_list(student):
    with pytest.raises(Mismatch, match="an argument was changed"):
        pure(student, "changes_a_list", {"x": [torch.ones(2)]}, {"x": [torch.ones(3)]})


def test_pure_leaves_its_own_inputs_alone(student):
    inputs = {"x": torch.tensor([2.0, 3.0])}

    with pytest.raises(Mismatch):
        pure(student, "changes_its_argument", inputs, OTHERS)

    assert torch.equal(inputs["x"], torch.tensor([2.0, 3.0]))


def test_pure_tells_which_argument_was_changed(student):
    with pytest.raises(Mismatch) as caught:
        pure(student, "changes_one_entry", INPUTS, OTHERS)

    assert "after the call x is tensor([5, 3])" in caught.value.text


# same


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0])),
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 3e-7])),
        (torch.tensor([math.nan, math.inf]), torch.tensor([math.nan, math.inf])),
        (torch.zeros(0, 3), torch.zeros(0, 3)),
        (torch.tensor([1, 2]), torch.tensor([1, 2])),
        (torch.tensor([True]), torch.tensor([True])),
        (Array(torch.tensor([1.0])), Array(torch.tensor([1.0]))),
        ((torch.ones(2), 3), [torch.ones(2), 3]),
        ({"a": torch.ones(2)}, {"a": torch.ones(2)}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([[(torch.ones(2),)]], [[(torch.ones(2),)]]),
        (None, None),
        (2.5, 2.5),
        ("yes", "yes"),
        (math.nan, math.nan),
    ],
)
def test_same_accepts_equal_answers(first, second):
    assert same(first, second)
    assert same(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.001])),
        (torch.tensor([1.0]), torch.tensor([1.0, 1.0])),
        (torch.tensor([1.0]), torch.tensor([[1.0]])),
        (torch.tensor(1.0), torch.tensor([1.0])),
        (torch.tensor([0.0]), torch.tensor([1e-30])),
        (torch.tensor([math.nan]), torch.tensor([1.0])),
        (torch.tensor([math.inf]), torch.tensor([-math.inf])),
        (torch.tensor([1, 2]), torch.tensor([1, 3])),
        (torch.tensor([1.0]), torch.tensor([1.0], dtype=torch.float64)),
        (Array(torch.tensor([1.0])), Array(torch.tensor([2.0]))),
        ([1, 2], [1, 2, 3]),
        ([torch.ones(2)], [torch.zeros(2)]),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": torch.ones(2)}, {"a": torch.zeros(2)}),
        (torch.ones(2), [1.0, 1.0]),
        (torch.ones(2), None),
        (torch.ones(2), 1.0),
        (None, 0),
        ("yes", "no"),
    ],
)
def test_same_refuses_answers_that_differ(first, second):
    assert not same(first, second)
    assert not same(second, first)


# What was printed.


@pytest.mark.parametrize(
    "line",
    [
        "Epoch 3, Loss 1.25",
        "Epoch 3, Loss 1.250000",
        "epoch 3 loss 1.25",
        "EPOCH: 3 | LOSS: 1.25",
        "Epoch 3: loss = 1.25",
        "Epoch #3, Loss: tensor(1.2500)",
        "Epoch 3, Loss tensor(1.2500, grad_fn=<MeanBackward0>)",
        "[Epoch 3] loss=1.25",
        "Epoch 3,Loss 125e-2",
        "epoch=3, loss=+1.25",
        "Epoch 3 -> Loss 1.25",
        "    Epoch 3, Loss 1.25\n        Params: tensor([1., 0.])\n        Grad: tensor([4517.2969, 82.6000])",
        "Epoch 3\nLoss 1.25",
    ],
)
def test_loss_of_an_epoch_is_read_in_many_spellings(line):
    assert printed_losses(f"start\n{line}\n") == {3: [1.25]}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "3 1.25",
        "Epoch 3",
        "Loss 1.25",
        "Epoch 3, Los 1.25",
        "Epoch three, Loss 1.25",
        "Epoch 3, Loss\n1.25",
        "Epoch",
    ],
)
def test_line_without_epoch_or_loss_is_none(line):
    assert printed_losses(line) == {}


def test_losses_that_are_no_numbers_are_read():
    found = printed_losses("Epoch 1, Loss inf\nEpoch 2, Loss nan\nEpoch 3, Loss: tensor(nan)\nEpoch 4, Loss -2.5e+03")

    assert found[1] == [math.inf]
    assert [math.isnan(found[epoch][0]) for epoch in (2, 3)] == [True, True]
    assert found[4] == [-2500.0]


def test_epoch_that_is_printed_twice_keeps_both_losses():
    found = printed_losses("Epoch 1, Loss 2.0\nEpoch 1, Loss 1.5\nEpoch 10, Loss 0.5")

    assert found == {1: [2.0, 1.5], 10: [0.5]}


@pytest.mark.parametrize(
    "text", ["epoch 1" + " " * 2_100_000, "epoch " + "1" * 2_100_000 + " loss 2", "epoch 1 " * 270_000]
)
def test_flood_of_prints_is_read_quickly_and_is_no_error(text):
    assert 1 not in printed_losses(text + " loss 5")
    assert isinstance(numbers_in(text), list)


def test_epochs_that_are_printed_are_accepted_with_more_lines_around():
    printed = "start\nEpoch 1, Loss 5.250000\nEpoch 2, Loss 4.1235\nEpoch 3, Loss 0.1\nEpoch 2, Loss 7\n"

    epochs_are_printed(printed, {1: 5.25, 2: 4.12345}, "training_loop", {"n_epochs": 3})


@pytest.mark.parametrize(
    ("printed", "got"),
    [
        ("Epoch 1, Loss 5.25\n", "nothing"),
        ("Epoch 2, Loss 4.1236\n", "4.123600"),
        ("Epoch 2, Loss 5.25\nEpoch 2, Loss 3", "5.250000, 3.000000"),
        ("Epoch 12, Loss 4.12345", "nothing"),
        ("Epoch 2, Loss nan", "nan"),
    ],
)
def test_epoch_whose_loss_is_not_printed_is_named(printed, got):
    with pytest.raises(Mismatch) as caught:
        epochs_are_printed(printed, {2: 4.12345}, "training_loop", {"n_epochs": 3})

    assert caught.value.summary == "what is printed for an epoch is not its loss"
    assert caught.value.text == (
        f"you called   training_loop(n_epochs=3)\nprinted for epoch 2: {got}; expected the loss 4.123450"
    )


def test_loop_that_prints_nothing_is_told_so():
    with pytest.raises(Mismatch) as caught:
        epochs_are_printed("", {2: 4.12345}, "training_loop", {"n_epochs": 3})

    assert caught.value.summary == "it prints nothing"


def test_summary_for_a_student_holds_no_number_of_the_input():
    with pytest.raises(Mismatch) as caught:
        epochs_are_printed("", {2: 4.12345}, "training_loop", {"n_epochs": 3})

    assert not any(letter.isdigit() for letter in caught.value.summary)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tensor([ 5.3671, -17.3012])", [5.3671, -17.3012]),
        ("1e-3 .5 7. +2 -0", [0.001, 0.5, 7.0, 2.0, 0.0]),
        ("[1,2,3]", [1.0, 2.0, 3.0]),
        ("nothing here", []),
        ("", []),
    ],
)
def test_numbers_of_a_text_are_found(text, expected):
    assert numbers_in(text) == expected


@pytest.mark.parametrize(
    ("value", "numbers", "expected"),
    [
        (5.36709, [5.3671], True),
        (4517.2969, [4517.3], True),
        (0.00004, [0.0], True),
        (5.3671, [1.0, 5.3671], True),
        (5.3671, [5.3681], False),
        (5.3671, [-5.3671], False),
        (5.3671, [], False),
        (5.3671, [math.nan, math.inf], False),
        (0.01, [0.0], False),
    ],
)
def test_near_is_what_torch_prints(value, numbers, expected):
    assert near(value, numbers) is expected


# --- the face -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", sorted(HIDDEN.glob("test_*.py")), ids=lambda path: path.stem)
def test_hidden_suite_imports_nothing_of_the_grader_but_its_face(suite):
    imports = [node for node in ast.walk(ast.parse(suite.read_text("utf-8"))) if isinstance(node, ast.Import)]
    froms = [node for node in ast.walk(ast.parse(suite.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in froms if (node.module or "").partition(".")[0] == "grader"]

    assert not [alias.name for node in imports for alias in node.names if alias.name.partition(".")[0] == "grader"]
    assert {node.module for node in ours} == {"grader.suite"}
    assert {alias.name for node in ours for alias in node.names} <= set(grader.suite.__all__)


def test_another_seed_of_an_assignment_draws_other_data_and_forgets_the_first():
    drawn = kept(lambda seed: torch.rand(3, generator=chance(seed)))
    try:
        first = drawn(1)
        use_seed(5)
        other = drawn(1)
        use_seed(0)
        assert torch.equal(first, torch.rand(3, generator=torch.Generator().manual_seed(1)))
        assert torch.equal(first, drawn(1))
        assert not torch.equal(first, other)
    finally:
        use_seed(0)


def test_part_of_an_answer_is_named_before_what_is_wrong_and_not_in_the_call():
    exact = Tolerance(float32=0.0, float64=0.0, reason="whole numbers")

    with pytest.raises(Mismatch) as caught:
        agree("fit", {"n": 2}, torch.tensor([3]), torch.tensor([4]), tolerance=exact, part="losses")

    assert caught.value.summary == "losses: the value is wrong"
    assert "fit(n=2)" in caught.value.text
