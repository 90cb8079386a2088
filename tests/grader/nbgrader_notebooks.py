"""Notebooks of one assignment as a student hands them in: right, wrong, and changed in any of their cells."""

import itertools
import json

from nbgrader_course import ROOT

from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import notebook

NAME = "gradient_descent"
ASSIGNMENT = load_assignment(find_course(ROOT), NAME)
POINTS = {exercise.name: exercise.points for exercise in ASSIGNMENT.exercises}
RELEASED = notebook(ASSIGNMENT)
THREE = ("model", "loss_fn", "dloss_fn")

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


SVG = {"x.svg": {"image/svg+xml": "<svg onload='STUDENT()'/>"}}
