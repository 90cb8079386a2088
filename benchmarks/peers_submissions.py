"""The twelve submissions of `peers.py`, and the tests by which the peers grade them, in the form each tool takes.

Six are right and written in different styles, three have one fault each that values show, and three are
untouched: the stub as it is handed out. A submission's module and its notebook have the same cells, without the
lesson's demonstrations, which only notebooks have. The tests are those of `nbgrader_stock_tests.py`.
"""

import json
from dataclasses import dataclass
from textwrap import indent

from nbgrader_stock import NAME, notebook_of
from nbgrader_stock_tests import stock_test
from nbgrader_submissions import EXERCISES, submissions

from grader.handout.notebook import Variant, notebook

__all__ = ["EXERCISES", "NAME", "Handed", "otter_test", "pytest_tests", "the_class", "unittest_tests"]

RIGHT = ("01_reference", "02_torch_functions", "03_lambdas", "04_helper_cell", "05_closed_form", "06_single_number")
WRONG = ("01_w_and_b_swapped", "05_no_division_by_n", "10_one_epoch_short")
UNTOUCHED = ("untouched_1", "untouched_2", "untouched_3")
GIVEN = ("t_u", "t_c", "t_un")


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What one student hands in. `book` is the notebook with its graded cells, `kind` what it should earn."""

    student: str
    kind: str
    book: dict

    @property
    def tested(self):
        """The notebook with the graded cells of nbgrader, whose tests the course fills in."""
        return json.dumps(self.book)

    @property
    def notebook(self):
        """The notebook without tests."""
        return json.dumps({**self.book, "cells": self._cells()})

    @property
    def module(self):
        """The same cells as a module, text as comments."""
        return "\n\n".join(
            cell["source"] if cell["cell_type"] == "code" else indent(cell["source"], "# ", lambda _: True)
            for cell in self._cells()
        )

    def _cells(self):
        return [cell for cell in self.book["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]


def the_class(assignment):
    """Return the twelve."""
    chosen = [f"right_{name}" for name in RIGHT] + [f"wrong_{name}" for name in WRONG]
    written = {one.student: (one.kind, notebook_of(one, assignment)) for one in submissions() if one.student in chosen}
    stub = notebook(assignment, Variant.RELEASED)
    everyone = written | dict.fromkeys(UNTOUCHED, ("untouched", stub))
    return [
        Handed(student=student, kind=kind, book=_without_demonstrations(json.loads(text)))
        for student, (kind, text) in everyone.items()
    ]


def _without_demonstrations(book):
    cells = [
        {**cell, "source": "".join(cell["source"])}
        for cell in book["cells"]
        if "demonstration" not in cell["metadata"].get("tags", [])
    ]
    return {**book, "cells": cells}


# --- the tests of the peers -----------------------------------------------------------------------

_IMPORTS = f"""\
import torch
from {NAME} import {", ".join((*EXERCISES, *GIVEN))}
"""


def pytest_tests():
    """Return a plain test file: one test for each exercise."""
    return _IMPORTS + "".join(f"\n\n{_function(name)}" for name in EXERCISES)


def unittest_tests(points):
    """Return a test case as for Gradescope: one method for each exercise, with its points as weight."""
    head = "\n\nclass TestGradientDescent(unittest.TestCase):"
    methods = [f"\n\n    @weight({points[name]:g})\n{indent(_function(name, 'self'), '    ')}" for name in EXERCISES]
    imports = "import unittest\n\nfrom gradescope_utils.autograder_utils.decorators import weight\n"
    return imports + _IMPORTS + head + "".join(methods)


def otter_test(exercise, points):
    """Return otter-grader's file for one exercise; what it needs of the notebook is an argument of its test case."""
    head = f"import torch\nfrom otter.test_files import test_case\n\nOK_FORMAT = False\nname = {exercise!r}\n"
    needed = ", ".join((*EXERCISES, *GIVEN))
    return f"{head}points = {points:g}\n\n\n@test_case()\n{_function(exercise, needed)}"


def _function(exercise, arguments=""):
    return f"def test_{exercise}({arguments}):\n{indent(stock_test(exercise), '    ')}\n"
