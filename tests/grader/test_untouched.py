"""What needs no worker: the stub as it was handed out; and which statements of a file no exercise feels."""

import ast

import pytest

from grader.syntax.statements import Cell, split
from grader.worker.independence import independent
from grader.worker.untouched import is_untouched

STUB = """
def double(x):
    "Return 2 x."
    raise NotImplementedError("write your code here")
"""
CLASS = """
class SGD:
    "Steps."

    def __init__(self, params):
        raise NotImplementedError

    def step(self):
        raise NotImplementedError
"""


def untouched(source, name="double", *, after=""):
    cells = [Cell(filename="small.py", text=source, notebook=False)]
    namespace = {}
    definition = None
    for statement in split(cells):
        tree = ast.Module(body=[statement.node], type_ignores=[])
        exec(compile(tree, statement.filename, "exec"), namespace)
        if getattr(statement.node, "name", None) == name:
            definition = statement
    exec(after, namespace)
    return is_untouched(namespace[name], definition)


def test_stub_of_a_function_and_of_a_class_is_untouched():
    assert untouched(STUB)
    assert untouched(CLASS, "SGD")


@pytest.mark.parametrize(
    "source",
    [
        STUB.replace("raise NotImplementedError", "print(x); raise NotImplementedError"),
        STUB.replace('raise NotImplementedError("write your code here")', "pass"),
        STUB.replace('raise NotImplementedError("write your code here")', "return 2 * x"),
        STUB.replace("NotImplementedError", "ValueError"),
        STUB.replace("def double", "async def double"),
        f"import functools\n\n@functools.cache{STUB}",
    ],
    ids=["prints", "pass", "written", "another error", "async", "decorated"],
)
def test_function_that_does_anything_else_is_not(source):
    assert not untouched(source)


@pytest.mark.parametrize(
    "after",
    ["double = lambda x: 2 * x", "double.__code__ = (lambda x: 2 * x).__code__", "import math\ndouble = math.sin"],
)
def test_name_that_is_bound_to_something_else_is_not(after):
    assert not untouched(STUB, after=after)


@pytest.mark.parametrize(
    ("source", "after"),
    [
        (CLASS, "SGD.step = lambda self: None"),
        (CLASS, "SGD.more = lambda self: None"),
        (CLASS.replace("class SGD", "class SGD(list)"), ""),
        (CLASS.replace("__init__", "prepare"), ""),
    ],
    ids=["another method", "one more", "a base", "no __init__"],
)
def test_class_that_may_do_anything_else_is_not(source, after):
    assert not untouched(source, "SGD", after=after)


# --- statements that no exercise feels ------------------------------------------------------------


def felt(source):
    statements = split([Cell(filename="small.py", text=source, notebook=False)])
    return [not free for free in independent(statements, ["model", "training_loop"])]


DEFINITIONS = """
def model(x, w):
    return scale * w * x
def training_loop(n_epochs, params, x):
    for _ in range(n_epochs):
        params = params - 0.1 * model(x, params)
    history.append(1) if False else None
    return params
"""


@pytest.mark.parametrize(
    "statement",
    ["final = training_loop(5, 1.0, data)", "print(model(data, 2.0))", "for n in range(3): print(n)", "plt.plot([1])"],
)
def test_training_and_printing_is_felt_by_nobody(statement):
    assert (
        felt(f"{DEFINITIONS.replace('history.append(1) if False else None', 'pass')}data = 1.0\n{statement}")[-1]
        is False
    )


@pytest.mark.parametrize(
    "statement",
    [
        "scale = training_loop(5, 1.0, data)",
        "scale[0] = slow()",
        "torch.set_default_dtype(slow())",
        "model.calls = slow()",
        "globals().update(slow())",
        "exec(slow())",
        "def model(x): return x",
        "import torch",
        "del model",
    ],
)
def test_what_an_exercise_reads_or_anybody_could_reach_is_felt(statement):
    assert felt(f"{DEFINITIONS}data = 1.0\nscale = 2.0\n{statement}")[-1] is True


def test_what_a_called_function_shares_with_an_exercise_is_felt():
    assert felt(f"{DEFINITIONS}history = []\nfinal = training_loop(5, 1.0, 1.0)")[-1] is True
