"""Damaged and hostile notebooks, all of them in one run of `nbgrader autograde`.

Most hold three exercises of eight, whose points tell which of them were credited: 1, 2 and 3. What each
of them is worth stands beside it; None is what stays ungraded.
"""

# ruff: noqa: E501 - lines of hostile code are read as one

import hashlib
import html
import html.parser
import json
import os
import re
import shutil
import textwrap
from pathlib import Path

import pytest
from nbgrader_course import ROOT, NbgraderCourse, nbgrader_is_missing

from grader.course import find_course, load_assignment
from grader.notebook import notebook
from grader.release import files_of

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


def checks_say(**said):
    """Return the notebook whose check cells say something else of themselves in nbgrader's metadata."""
    return each(lambda cell: {**cell, "metadata": {"nbgrader": {**cell["metadata"]["nbgrader"], **said}}}, is_check)


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
            cells.append({"cell_type": "code", "language": "python", "input": text, "outputs": [], "metadata": cell["metadata"], "prompt_number": 1})
        else:
            cells += [{"cell_type": "heading", "level": 2, "source": text, "metadata": {}}, {"cell_type": "markdown", "source": text, "metadata": {}}]
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}


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


def after_checks(cells):
    return sorted(cells, key=lambda cell: (is_solution(cell), is_check(cell) and -1))


# --- damage ---------------------------------------------------------------------------------------

STRANGE_ID = "../../gradebook.db\u202e'); DROP TABLE grade; --\n<b>"
SVG = {"x.svg": {"image/svg+xml": "<svg onload='STUDENT()'/>"}}

# name: (the notebook, points of THREE or None)
DAMAGE = {
    # deleted
    "checks_deleted": (with_cells(lambda cells: [cell for cell in cells if not is_check(cell)]), ALL),
    "solution_deleted": (with_cells(lambda cells: [cell for cell in cells if cell["id"] != "exercise-loss_fn"]), BUT_LOSS),
    "all_but_solutions_deleted": (with_cells(lambda cells: [cell for cell in cells if is_solution(cell)]), ALL),
    "solutions_deleted": (with_cells(lambda cells: [cell for cell in cells if not is_solution(cell)]), NOTHING),
    "text_deleted": (with_cells(lambda cells: [cell for cell in cells if cell["cell_type"] == "code"]), ALL),
    # duplicated
    "everything_twice": (with_cells(lambda cells: [*cells, *cells]), ALL),
    "checks_duplicated": (with_cells(lambda cells: [*cells, *filter(is_check, cells), *filter(is_check, cells)]), ALL),
    "wrong_then_right": (loss_twice(WRONG, RIGHT["loss_fn"]), ALL),
    "right_then_wrong": (loss_twice(RIGHT["loss_fn"], WRONG), BUT_LOSS),
    # reordered
    "all_reversed": (with_cells(lambda cells: cells[::-1]), ALL),
    "checks_first": (with_cells(lambda cells: sorted(cells, key=is_check, reverse=True)), ALL),
    "checks_last_and_reversed": (with_cells(lambda cells: [*(cell for cell in cells if not is_check(cell)), *list(filter(is_check, cells))[::-1]]), ALL),
    # renamed
    "renamed": (each(lambda cell: {**cell, "metadata": {"nbgrader": {**cell["metadata"]["nbgrader"], "grade_id": f"q-{cell['id']}"}}}, lambda cell: is_check(cell) or is_solution(cell)), ALL),
    "one_name_for_all": (checks_say(grade_id="dloss_fn"), ALL),
    "names_swapped": (swapped(), ALL),
    "name_of_a_solution": (checks_say(grade_id="solution-loss_fn"), ALL),
    "name_strange": (checks_say(grade_id=STRANGE_ID), ALL),
    "name_surrogate": (checks_say(grade_id="\ud800"), ALL),
    "name_number": (checks_say(grade_id=7), ALL),
    "name_list": (checks_say(grade_id=["model"]), ALL),
    "name_none": (checks_say(grade_id=None), ALL),
    # metadata changed
    "points_1000": (checks_say(points=1000), ALL),
    "points_negative": (checks_say(points=-1), ALL),
    "points_nan": (checks_say(points=float("nan")), ALL),
    "points_text": (checks_say(points="6"), ALL),
    "unlocked": (checks_say(locked=False), ALL),
    "checks_are_solutions": (checks_say(locked=False, solution=True, grade=False), ALL),
    "checks_are_manual": (checks_say(solution=True, grade=True), ALL),
    "checks_are_tasks": (checks_say(task=True, grade=False), ALL),
    "schema_1": (checks_say(schema_version=1), ALL),
    "schema_2": (checks_say(schema_version=2), ALL),
    "schema_99": (checks_say(schema_version=99), ALL),
    "schema_text": (checks_say(schema_version="x"), ALL),
    "checksum_forged": (checks_say(checksum="0" * 32, cell_type="markdown"), ALL),
    # stripped
    "nbgrader_stripped": (each(lambda cell: {**cell, "metadata": {}}), ALL),
    "metadata_stripped": (each(lambda cell: {key: value for key, value in cell.items() if key != "metadata"}), ALL),
    "metadata_list": (each(lambda cell: {**cell, "metadata": [1]}), ALL),
    "nbgrader_text": (each(lambda cell: {**cell, "metadata": {"nbgrader": "grade"}}), ALL),
    "only_types_and_sources": ({"cells": [{"cell_type": cell["cell_type"], "source": cell["source"]} for cell in right()["cells"]]}, ALL),
    # tags
    "tagged_checks": (tagged("skip-execution", "remove-cell", "remove_output", "hide-input", "raises-exception", "demonstration"), ALL),
    "tagged_solutions": (tagged("skip-execution", "remove-cell", "demonstration", kind=is_solution), ALL),
    # kinds of cells
    "checks_markdown": (each(lambda cell: {**cell, "cell_type": "markdown"}, is_check), ALL),
    "checks_raw": (each(lambda cell: {**cell, "cell_type": "raw"}, is_check), ALL),
    "checks_unknown": (each(lambda cell: {**cell, "cell_type": "widget"}, is_check), ALL),
    "solution_markdown": (each(lambda cell: {**cell, "cell_type": "markdown"}, lambda cell: cell["id"] == "exercise-loss_fn"), BUT_LOSS),
    "solution_raw": (each(lambda cell: {**cell, "cell_type": "raw"}, lambda cell: cell["id"] == "exercise-loss_fn"), BUT_LOSS),
    # formats
    "format_3": (format_3(), ALL),
    "format_4_0": (in_format(0, ids=False), ALL),
    "format_4_1_with_ids": (in_format(1, ids=True), ALL),
    "format_4_2": (in_format(2, ids=False), ALL),
    "format_4_3": (in_format(3, ids=False), ALL),
    "format_4_4": (in_format(4, ids=False), ALL),
    "format_4_99": (in_format(99, ids=True), ALL),
    "format_99": ({**right(), "nbformat": 99}, ALL),
    "format_text": ({**right(), "nbformat": "four", "nbformat_minor": None}, ALL),
    "format_missing": (without("nbformat", "nbformat_minor"), ALL),
    # the kernel
    "kernel_missing": ({**right(), "metadata": {}}, ALL),
    "kernel_unknown": ({**right(), "metadata": {"kernelspec": {"name": "fortran", "display_name": "F", "language": "fortran"}, "language_info": {"name": "R"}}}, ALL),
    "kernel_list": ({**right(), "metadata": {"kernelspec": ["python3"], "language_info": 3}}, ALL),
    "notebook_metadata_missing": (without("metadata"), ALL),
    # cell ids
    "ids_missing": (each(no_id), ALL),
    "ids_equal": (each(lambda cell: {**cell, "id": "check-model"}), ALL),
    "ids_invalid": (each(lambda cell: {**cell, "id": "ä b/" * 100}), ALL),
    "ids_numbers": (each(lambda cell: {**cell, "id": 3}), ALL),
    # outputs
    "outputs_forged": (printing(result("20")), ALL),
    "outputs_errors": (printing({"output_type": "error", "ename": "AssertionError", "evalue": "", "traceback": []}, {"output_type": "stream", "name": "stderr", "text": "no"}), ALL),
    "outputs_no_list": (each(lambda cell: {**cell, "outputs": "20", "execution_count": "x"}), ALL),
    "outputs_unknown": (printing({"output_type": "prize"}, 7, None), ALL),
    "outputs_huge": (printing({"output_type": "stream", "name": "stdout", "text": "x" * 10**6}), ALL),
    # text
    "attachments": (cell_at(0, text_cell("![x](attachment:x.svg)", attachments=SVG)), ALL),
    "markdown_huge": (cell_at(0, text_cell("word " * 2 * 10**5)), ALL),
    "byte_order_mark": (b"\xef\xbb\xbf" + json.dumps(right()).encode(), ALL),
    "surrogates": (cell_at(0, text_cell("\ud800 lone"), code("# \udfff lone\nanswer = 1")), ALL),
    "nul_and_escapes": (cell_at(0, text_cell("\x00\x1b[2J\x07"), code("# \x00\x1b]0;title\x07")), ALL),
    "source_text": (each(lambda cell: {**cell, "source": "".join(cell["source"])}), ALL),
    "source_letters": (each(lambda cell: {**cell, "source": list("".join(cell["source"]))}), ALL),
    "source_none": (cell_at(1, code(None), code(7), code({"a": 1}), code([None, 7, ["x"]]), code(True)), ALL),
    "lines_by_windows": (joined("\r\n"), ALL),
    "lines_by_old_macs": (joined("\r"), ALL),
    # the file
    "cells_no_dicts": (with_cells(lambda cells: [None, 7, "def model(): ...", [], *cells, {}]), ALL),
    "cells_empty": (with_cells(lambda cells: [*[code("")] * 500, *cells]), ALL),
    "cells_5001": (with_cells(lambda cells: [*cells, *[code("")] * 5000]), None),
    "cells_none": ({**right(), "cells": []}, None),
    "cells_missing": (without("cells"), None),
    "cells_dict": ({**right(), "cells": {"0": right()["cells"]}}, None),
    "cells_text_only": (with_cells(lambda cells: [text_cell("I have nothing.")]), None),
    "keys_twice": ('{"cells": [], "nbformat": 3, ' + json.dumps(right())[1:], ALL),
    "nested_900": (nested(900), ALL),
    "nested_100000": (nested(100_000), None),
    "number_of_5000_digits": (json.dumps(right()).replace('"nbformat": 4', f'"nbformat": {"4" * 5000}'), None),
    "truncated": (json.dumps(right())[:-200], None),
    "merge_conflict": ("<<<<<<< HEAD\n" + json.dumps(right()) + "\n=======\n{}\n>>>>>>> mine\n", None),
    "empty": ("", None),
    "blanks": (" \n" * 20, None),
    "binary": (bytes(range(256)) * 40, None),
    "utf_16": (json.dumps(right()).encode("utf-16"), None),
    "a_list": ("[1, 2]", None),
    "a_text": ('"notebook"', None),
    "another_json": ('{"name": "course", "dependencies": {"cells": "1"}}', None),
    "a_page": ("<!DOCTYPE html><html><body>Sign in to download</body></html>", None),
    "a_module": (RIGHT["model"], None),
    # code
    "magics": (cell_at(1, code("%matplotlib inline\n!pip install magic\nx = !ls\n?print"), code("%%bash\nrm -r /"), code("%load_ext autoreload\n%autoreload 2")), ALL),
    "syntax_error": (right(loss_fn="def loss_fn(t_p, t_c:\n    return 1"), BUT_LOSS),
    "unfinished_cell": (cell_at(1, code("def later(:\n  pass"), code("((((")), ALL),
    "cell_raises": (cell_at(1, code("undefined_name + 1"), code("raise SystemExit")), ALL),
    "helpers": ({**right(loss_fn="def loss_fn(t_p, t_c):\n    return mean_of(square(t_p - t_c))"), "cells": [code("def square(x):\n    return x * x\n\n\ndef mean_of(x):\n    return x.mean()"), *right(loss_fn="def loss_fn(t_p, t_c):\n    return mean_of(square(t_p - t_c))")["cells"]]}, ALL),
    "code_in_a_check_cell": (each(lambda cell: {**cell, "source": RIGHT["loss_fn"]} if cell["id"] == "check-model" else {**cell, "source": "pass"} if cell["id"] == "exercise-loss_fn" else cell), ALL),
}
