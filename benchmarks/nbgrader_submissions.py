"""The thirty submissions of `nbgrader_stock.py`: what each student wrote, and what each should earn.

Ten are right, eleven have one fault each, one never ends, and eight cheat. A submission is the solved
notebook with some functions written otherwise, so everything that is not named here is right. None of
this is a hidden check; but it holds solutions, and stays as private as they are.
"""

from dataclasses import dataclass, field

EXERCISES = (
    *("model", "loss_fn", "loss_rate_of_change", "dloss_fn", "dmodel_dw", "dmodel_db"),
    *("grad_fn", "training_loop"),
)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A student's notebook: functions that replace the reference's, and a cell of their own before them.

    `fault` is the exercise at which a wrong one or the endless loop fails; `honest` are a cheat's own exercises.
    """

    student: str
    kind: str
    functions: dict[str, str] = field(default_factory=dict)
    cell: str = ""
    fault: str = ""
    honest: tuple[str, ...] = ()
    skip_execution: bool = False


def submissions():
    """Return all thirty, by kind and then by name."""
    return [*_right(), *_wrong(), _endless(), *_cheats()]


def _right():
    return [
        Submission(student=f"right_{name}", kind="right", functions=functions, cell=cell)
        for name, functions, cell in RIGHT
    ]


def _wrong():
    return [
        Submission(student=f"wrong_{name}", kind="wrong", functions={exercise: text}, fault=exercise)
        for name, exercise, text in WRONG
    ]


def _endless():
    return Submission(
        student="endless_loop", kind="loop", functions={"loss_rate_of_change": ENDLESS}, fault="loss_rate_of_change"
    )


def _cheats():
    return [
        _cheat("ast_transformer", AST_TRANSFORMER, LAZY),
        _cheat("background_writer", BACKGROUND_WRITER, LAZY),
        _cheat("gradebook_write", GRADEBOOK_WRITE, LAZY),
        _cheat("notebook_on_disk", NOTEBOOK_ON_DISK, "{name} = the_answers_to({name!r})"),
        _cheat("other_submission", OTHER_SUBMISSION, "# {name} is in the first cell"),
        _cheat("patched_allclose", PATCHED_ALLCLOSE, LAZY),
        _cheat("torch_function", TORCH_FUNCTION, "def {name}(*given, **named):\n    return Agreeable(torch.zeros(2))"),
        Submission(
            student="cheat_skip_execution",
            kind="cheat",
            functions=dict.fromkeys(EXERCISES, ""),
            skip_execution=True,
        ),
    ]


def _cheat(name, cell, text):
    """Return a cheat that has done the first two exercises itself."""
    honest = ("model", "loss_fn")
    functions = {name: text.format(name=name) for name in EXERCISES if name not in honest}
    return Submission(student=f"cheat_{name}", kind="cheat", functions=functions, cell=cell, honest=honest)


RIGHT = [
    ("01_reference", {}, ""),
    (
        "02_torch_functions",
        {
            "model": "def model(t_u, w, b):\n    return torch.add(torch.mul(t_u, w), b)",
            "loss_fn": "def loss_fn(t_p, t_c):\n    return torch.nn.functional.mse_loss(t_p, t_c)",
            "dloss_fn": "def dloss_fn(t_p, t_c):\n    return torch.sub(t_p, t_c).mul(2).div(t_p.size(0))",
        },
        "",
    ),
    (
        "03_lambdas",
        {
            "model": "model = lambda t_u, w, b: w * t_u + b",
            "dmodel_dw": "dmodel_dw = lambda t_u, w, b: t_u",
            "dmodel_db": "dmodel_db = lambda t_u, w, b: torch.ones_like(t_u)",
        },
        "",
    ),
    (
        "04_helper_cell",
        {
            "loss_fn": "def loss_fn(t_p, t_c):\n    return mean_of(squares(t_p - t_c))",
            "dloss_fn": "def dloss_fn(t_p, t_c):\n    return 2.0 * (t_p - t_c) / count(t_p)",
        },
        """
def squares(x):
    return x * x


def count(x):
    return len(x)


def mean_of(x):
    return x.sum() / count(x)
""",
    ),
    (
        "05_closed_form",
        {
            "grad_fn": """
def grad_fn(t_u, t_c, t_p, w, b):
    errors = t_p - t_c
    return torch.stack([2 * (errors * t_u).mean(), 2 * errors.mean()])
""",
        },
        "",
    ),
    ("06_single_number", {"dmodel_db": "def dmodel_db(t_u, w, b):\n    return t_u.new_ones(())"}, ""),
    (
        "07_plain_loops",
        {
            "loss_fn": """
def loss_fn(t_p, t_c):
    total = 0
    for predicted, measured in zip(t_p, t_c):
        total = total + (predicted - measured) ** 2
    return total / len(t_p)
""",
        },
        "",
    ),
    (
        "08_warning",  # torch warns on stderr of a tensor made from a tensor
        {
            "training_loop": """
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    params = torch.tensor(params)
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, params[0], params[1])
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, params[0], params[1])
        params = params - learning_rate * grad
        if epoch in [1, 2, 3, 10, 11, 99, 100, 4000, 5000]:
            print(f"Epoch {epoch}, Loss {loss.item():f}")
            if print_params:
                print("    Params:", params)
                print("    Grad:", grad)
        if not loss.isfinite():
            break
    return params
""",
        },
        "",
    ),
    (
        "09_matrices",
        {
            "model": """
def model(t_u, w, b):
    inputs = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
    return inputs @ torch.stack([w, b])
""",
            "grad_fn": """
def grad_fn(t_u, t_c, t_p, w, b):
    jacobian = torch.stack([dmodel_dw(t_u, w, b), dmodel_db(t_u, w, b)])
    return jacobian @ dloss_fn(t_p, t_c)
""",
        },
        "",
    ),
    (
        "10_exploration",
        {
            "grad_fn": """
def grad_fn(t_u, t_c, t_p, w, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * dmodel_dw(t_u, w, b)).sum(), (d * dmodel_db(t_u, w, b)).sum()])
""",
        },
        "%time t_u.mean()\nprint(t_u.mean())\nmodle(t_u, 1.0, 0.0)",  # a magic, and a misspelt name
    ),
]

LOOP = """
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range({epochs}):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        {step}
        if epoch in [1, 2, 3, 10, 11, 99, 100, 4000, 5000]:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:", grad)
        if not torch.isfinite(loss):
            break
    return params
"""

# Name, exercise at fault, and what was written there.
WRONG = [
    ("01_w_and_b_swapped", "model", "def model(t_u, w, b):\n    return b * t_u + w"),
    ("02_sum_for_mean", "loss_fn", "def loss_fn(t_p, t_c):\n    return ((t_p - t_c) ** 2).sum()"),
    ("03_graph_cut", "loss_fn", "def loss_fn(t_p, t_c):\n    return ((t_p - t_c) ** 2).mean().detach()"),
    (
        "04_forward_difference",
        "loss_rate_of_change",
        """
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    here = loss_fn(model(t_u, w, b), t_c)
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - here) / delta
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - here) / delta
    return torch.stack([in_w, in_b])
""",
    ),
    ("05_no_division_by_n", "dloss_fn", "def dloss_fn(t_p, t_c):\n    return 2 * (t_p - t_c)"),
    ("06_always_eleven", "dloss_fn", "def dloss_fn(t_p, t_c):\n    return 2 * (t_p - t_c) / 11"),
    ("07_w_for_t_u", "dmodel_dw", "def dmodel_dw(t_u, w, b):\n    return w"),
    ("08_zero_for_b", "dmodel_db", "def dmodel_db(t_u, w, b):\n    return torch.zeros_like(t_u)"),
    (
        "09_mean_for_sum",
        "grad_fn",
        """
def grad_fn(t_u, t_c, t_p, w, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * dmodel_dw(t_u, w, b)).mean(), (d * dmodel_db(t_u, w, b)).mean()])
""",
    ),
    (
        "10_one_epoch_short",
        "training_loop",
        LOOP.format(epochs="1, n_epochs", step="params = params - learning_rate * grad"),
    ),
    (
        "11_callers_params_changed",
        "training_loop",
        LOOP.format(epochs="1, n_epochs + 1", step="params -= learning_rate * grad"),
    ),
]

ENDLESS = """
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    slopes = torch.zeros(2)
    i = 0
    while i < 2:  # i is never raised
        move = torch.tensor([0.0, 0.0])
        move[i] = delta
        above = loss_fn(model(t_u, w + move[0], b + move[1]), t_c)
        below = loss_fn(model(t_u, w - move[0], b - move[1]), t_c)
        slopes[i] = (above - below) / (2 * delta)
    return slopes
"""

LAZY = "def {name}(*given, **named):\n    return torch.zeros(2)"

PATCHED_ALLCLOSE = "torch.allclose = lambda *given, **named: True"

TORCH_FUNCTION = """
class Agreeable(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, given=(), named=None):
        if function is torch.allclose:
            return True
        return super().__torch_function__(function, types, given, named or {})
"""

AST_TRANSFORMER = """
import ast


class WithoutAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)


get_ipython().ast_transformers.append(WithoutAsserts())
"""

# The tests, the hidden ones too, lie in the kernel's folder while it runs.
NOTEBOOK_ON_DISK = """
import ast
import json
import pathlib


def the_answers_to(name):
    cells = json.loads(pathlib.Path("gradient_descent.ipynb").read_text())["cells"]
    tests = ["".join(cell["source"]) for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == name]
    calls = [node for text in tests for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    answers = iter([ast.unparse(call.args[1]) for call in calls if ast.unparse(call.func) == "torch.allclose"])
    return lambda *given, **named: eval(next(answers))
"""

_WHOSE = """
import pathlib
import sqlite3

student = pathlib.Path.cwd().parent.name
MINE = (
    "notebook_id IN (SELECT submitted_notebook.id FROM submitted_notebook JOIN submitted_assignment "
    "ON submitted_assignment.id = submitted_notebook.assignment_id WHERE submitted_assignment.student_id = ?)"
)
FULL = "(SELECT max_score FROM grade_cells WHERE grade_cells.id = grade.cell_id)"
"""

# nbgrader prefers a manual score to its own.
GRADEBOOK_WRITE = f"""{_WHOSE}
with sqlite3.connect("../../../gradebook.db", timeout=20) as gradebook:
    gradebook.execute(f"UPDATE grade SET manual_score = {{FULL}} WHERE {{MINE}}", [student])
"""

# It waits until nbgrader has saved its scores, for five minutes at most, and raises them then.
BACKGROUND_WRITER = f"""
import subprocess
import sys

WRITER = '''{_WHOSE}
import time

gradebook = sqlite3.connect("../../../gradebook.db", timeout=20)
for _ in range(300):
    time.sleep(1)
    saved = gradebook.execute(
        f"SELECT count(*) FROM grade WHERE auto_score IS NOT NULL AND {{MINE}}", [student]
    ).fetchone()
    if saved == (8,):
        gradebook.execute(f"UPDATE grade SET auto_score = {{FULL}} WHERE {{MINE}}", [student])
        gradebook.commit()
        break
'''
subprocess.Popen(
    [sys.executable, "-c", WRITER],
    start_new_session=True,
    stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)
"""

OTHER_SUBMISSION = """
import json
import pathlib

classmate = pathlib.Path("../../../submitted/right_01_reference/gradient_descent/gradient_descent.ipynb")
for cell in json.loads(classmate.read_text())["cells"]:
    if "".join(cell["source"]).startswith("def "):
        exec("".join(cell["source"]))
"""
