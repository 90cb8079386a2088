"""Right functions to be replaced by hostile ones, and how a class of them is graded."""

from __future__ import annotations

import ast
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from evidence import PROOF

from grader.course.assignment import Course, FeedbackLevel
from grader.course.reading import find_course
from grader.formats.json import to_json
from grader.judge.parallel import grade_all
from grader.outcomes import Status
from grader.report.report import Audience, Report, SubmissionReport
from grader.report.view import view
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

ROOT = Path(__file__).parents[2]
FULL = {
    "model": 1.0,
    "loss_fn": 2.0,
    "loss_rate_of_change": 2.0,
    "dloss_fn": 3.0,
    "dmodel_dw": 1.0,
    "dmodel_db": 1.0,
    "grad_fn": 4.0,
    "training_loop": 6.0,
}
SHORT = {name: points for name, points in FULL.items() if name != "training_loop"}

RIGHT = {
    "model": """
def model(t_u, w, b):
    return w * t_u + b
""",
    "loss_fn": """
def loss_fn(t_p, t_c):
    squared_diffs = (t_p - t_c) ** 2
    return squared_diffs.mean()
""",
    "loss_rate_of_change": """
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)) / (2.0 * delta)
    return torch.stack([in_w, in_b])
""",
    "dloss_fn": """
def dloss_fn(t_p, t_c):
    dsq_diffs = 2 * (t_p - t_c) / t_p.size(0)
    return dsq_diffs
""",
    "dmodel_dw": """
def dmodel_dw(t_u, w, b):
    return t_u
""",
    "dmodel_db": """
def dmodel_db(t_u, w, b):
    return 1.0
""",
    "grad_fn": """
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    dloss_dw = dloss_dtp * dmodel_dw(t_u, w, b)
    dloss_db = dloss_dtp * dmodel_db(t_u, w, b)
    return torch.stack([dloss_dw.sum(), dloss_db.sum()])
""",
    "training_loop": """
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss).all():
            break
    return params
""",
}

IMPORTS = "import ctypes, gc, os, signal, stat, struct, sys, threading, time, warnings\nimport torch\n"

# What an attacker writes who has read the grader's source.
SOCKET = """
from grader import wire

def own_socket():
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            pass

def raw(data):
    view = memoryview(data)
    while view:
        view = view[os.write(own_socket(), view):]

def tell(message):
    data = wire.encode(message)
    raw(struct.pack("<I", len(data)) + data)

def request():
    frame = sys._getframe()
    while frame:
        found = frame.f_locals.get("request")
        if isinstance(found, dict) and "id" in found:
            return found
        frame = frame.f_back
"""


def source(*, top: str = "", end: str = "", **replaced: str) -> str:
    """Return the right solution with functions replaced, and code before and after them."""
    functions = {**RIGHT, **replaced}
    return "\n".join([IMPORTS, top, *functions.values(), end, ""])


def slope(body: str, *, top: str = "", end: str = "") -> str:
    """Return a submission that is right but for the body of `loss_rate_of_change`."""
    lines = "\n".join("    " + line for line in body.strip("\n").split("\n"))
    function = f"\ndef loss_rate_of_change(t_u, t_c, w, b, delta=0.1):\n{lines}\n"
    return source(top=top, end=end, loss_rate_of_change=function)


@dataclass(frozen=True)
class Case:
    """A submission and what becomes of it: the exercises that lose something, and the notes."""

    text: str
    lost: dict[str, tuple[Status, float]]
    note: str = ""


def loses(text: str, status: Status, score: float = 0.0) -> Case:
    return Case(text, {"loss_rate_of_change": (status, score)})


def keeps(text: str, note: str = "") -> Case:
    return Case(text, {}, note)


ZEROS = "return torch.zeros(2, dtype=t_u.dtype)"
INNER = "right = loss_rate_of_change\n"


def with_right(text: str, top: str = "") -> str:
    """Put the right `loss_rate_of_change` before the one at hand, which may call it as `right`."""
    return text.replace(
        "\ndef loss_rate_of_change", f"{RIGHT['loss_rate_of_change']}{INNER}{top}def loss_rate_of_change"
    )


# Compared with others by name, below.
ALWAYS = frozenset({"right_first", "right_last", "forged_loaded_and_gone", "compact_cheat", "descriptors_closed"})


# Each of its workers imports sympy, 20 s in all: but for the long evidence its neighbour takes its place.
INSTEAD = {"device_meta": "inference_mode"}


def some(cases):
    """Return everything for the long evidence, else every ninth one and those that are compared with others."""
    if PROOF:
        return dict(cases)
    every = {INSTEAD.get(name, name) for number, name in enumerate(cases) if number % 9 == 0}
    return {name: case for name, case in cases.items() if name in every | ALWAYS}


def write_all(folder: Path, sources: dict[str, str]) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (name, text) in enumerate(sources.items()):
        path = folder / f"gradient_descent_{number:03}_{name}.py"
        path.write_text(text)
        paths.append(str(path))
    return paths


def grade(course: Course, paths: list[str], *, jobs: int = 1) -> dict[str, SubmissionReport]:
    """Grade one batch; the key is the name of the case."""
    reports: dict[str, SubmissionReport] = {}
    grade_all(
        course,
        "gradient_descent",
        discover(paths),
        mode=SandboxMode.AUTO,
        each=lambda found, report: reports.__setitem__(name_of(found.path), report),
        jobs=jobs,
    )
    return reports


def name_of(path: Path) -> str:
    return re.sub(r"^gradient_descent_\d+_", "", path.stem)


def as_json(report: SubmissionReport, audience: Audience = Audience.STAFF) -> dict[str, object]:
    """Return the public form of one submission, without what the clock says."""
    whole = Report(assignment="gradient_descent", sandbox="", feedback=FeedbackLevel.HINT, submissions=(report,))
    document = json.loads(to_json(view(whole, audience)))["submissions"][0]
    del document["seconds"]
    return document


def course_with(folder: Path, limits: dict[str, float]) -> Course:
    """Copy what grading needs of the course, without `training_loop` and with other limits."""
    solution = folder / "solutions" / "gradient_descent"
    shutil.copytree(ROOT / "solutions" / "gradient_descent", solution, ignore=shutil.ignore_patterns("__pycache__"))
    toml = solution / "assignment.toml"
    head, *exercises = toml.read_text().split("[[exercise]]")
    kept = [part for part in exercises if 'name = "training_loop"' not in part]
    lines = [line for line in head.splitlines() if line.partition(" =")[0] not in (*limits, "points")]
    at = lines.index("[limits]") + 1
    lines[at:at] = [f"{name} = {value}" for name, value in limits.items()]
    toml.write_text("[[exercise]]".join(["\n".join(lines) + "\n", *kept]))
    (solution / "pictures.py").unlink()  # of that loop alone
    teaching = solution / "teaching.py"
    rest = 'TEACHING = [item for item in TEACHING if item.exercise != "training_loop"]\n'
    teaching.write_text(f"{teaching.read_text()}\n{rest}")
    lesson = solution / "gradient_descent.py"
    cells = lesson.read_text().split("\n# %%")
    lesson.write_text("\n# %%".join(cell for cell in cells if "training_loop(" not in cell))
    suite = folder / "tests" / "hidden" / "test_gradient_descent.py"
    suite.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "hidden" / "shared.py", suite.parent)
    tree = ast.parse((ROOT / "tests" / "hidden" / "test_gradient_descent.py").read_text())
    tree.body = [node for node in tree.body if not is_check_of(node, "training_loop")]
    suite.write_text(ast.unparse(tree))
    return find_course(folder)


def is_check_of(node: ast.stmt, exercise: str) -> bool:
    marks = [mark for mark in getattr(node, "decorator_list", []) if isinstance(mark, ast.Call)]
    names = [mark.args[0] for mark in marks if ast.unparse(mark.func) == "check"]
    return any(isinstance(name, ast.Constant) and name.value == exercise for name in names)


def assert_as_expected(report: SubmissionReport, case: Case, points: dict[str, float] = SHORT) -> None:
    assert report.status == "graded", report.notes
    found = {item.exercise: (item.status, item.score) for item in report.exercises}
    right = {name: (Status.PASSED, points[name]) for name in points if name not in case.lost}
    wrong = {name: found[name] for name in right if found[name] != right[name]}
    assert wrong == {}, f"exercises that nothing was done to: {wrong}; notes {report.notes}"
    for name, (status, at_most) in case.lost.items():
        got_status, got = found[name]
        assert got_status is status, f"{name} is {got_status}: {[check.summary for check in checks_of(report, name)]}"
        assert got is not None
        assert got <= at_most, f"{name} earns {got}"
    assert case.note in " ".join(report.notes)
    assert bool(case.note) == bool(report.notes), report.notes


def checks_of(report: SubmissionReport, exercise: str):
    return next(item.checks for item in report.exercises if item.exercise == exercise)
