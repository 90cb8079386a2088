"""In an unfinished notebook an example says in one line what it waits for, and an error keeps its traceback."""

import re
import subprocess
import sys

import nbclient
import nbformat
import pytest
from checked_course import assignment_in

from grader.handout.notebook import notebook
from grader.handout.release import hand_out

CALLS = {
    "stub": "double(torch.tensor([1.0]))",
    "class": "print('begun')\nScale(2.0)(torch.tensor([1.0]))",
    "written": "def mean_square(x):\n    return double(x).mean()",
    "through": "mean_square(torch.tensor([1.0]))",
    "own": "def mean_square(x):\n    raise NotImplementedError('not for me')\n\nmean_square(torch.tensor([1.0]))",
    "error": "1 / 0",
    "torch's": "class Own(torch.nn.Module):\n    pass\n\nOwn()(1)",
    "mended": "def double(x):\n    return x + x\n\ndouble(torch.tensor([1.0]))",
}


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return assignment_in(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def outputs(assignment, tmp_path_factory):
    """What each cell of an unfinished notebook shows, where the package is not installed."""
    root = tmp_path_factory.mktemp("notebook")
    hand_out(assignment.course, ["small"], root)
    (root / "small" / "grader.py").write_text("raise ImportError('grader is not installed')")
    book = nbformat.reads(notebook(assignment), as_version=4)
    book.cells = [cell for cell in book.cells if not cell["id"].startswith("check-")]
    book.cells += [
        nbformat.v4.new_code_cell(source, id=f"own-{number}") for number, source in enumerate(CALLS.values())
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(root / "ipython"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(root / "runtime"))
        resources = {"metadata": {"path": str(root / "small")}}
        nbclient.NotebookClient(
            book, timeout=60, allow_errors=True, kernel_name="python3", resources=resources
        ).execute()
    names = {f"own-{number}": name for number, name in enumerate(CALLS)}
    return {names.get(cell["id"], cell["id"]): cell.get("outputs", []) for cell in book.cells}


def said(outputs):
    (shown,) = outputs
    return shown["name"], shown["text"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("demonstration-double", "waits for `double`: write it, then run this cell again\n"),
        ("stub", "waits for `double`: write it, then run this cell again\n"),
        ("class", "begun\nwaits for `Scale`: write it, then run this cell again\n"),
        ("through", "waits for `double`: write it, then run this cell again\n"),
    ],
)
def test_example_of_an_unwritten_exercise_says_so_in_one_line(outputs, cell, text):
    assert said(outputs[cell]) == ("stdout", text)


@pytest.mark.parametrize(
    ("cell", "error", "line"),
    [
        ("own", "NotImplementedError", "    raise NotImplementedError('not for me')"),
        ("torch's", "NotImplementedError", "Own()(1)"),
        ("error", "ZeroDivisionError", "1 / 0"),
    ],
)
def test_error_of_written_code_keeps_its_traceback(outputs, cell, error, line):
    (shown,) = outputs[cell]

    assert (shown["output_type"], shown["ename"]) == ("error", error)
    plain = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(shown["traceback"]))
    assert "Traceback (most recent call last)" in plain
    assert re.search(rf"-> \d+ {re.escape(line)}\n", plain)


def test_written_exercise_is_shown_as_ever(outputs):
    (shown,) = outputs["mended"]

    assert shown["data"]["text/plain"] == "tensor([2.])"


def test_the_cell_that_arranges_it_shows_nothing(outputs):
    assert outputs["waiting"] == []


def test_the_cell_does_nothing_where_the_notebook_lies_alone(assignment, tmp_path):
    book = nbformat.reads(notebook(assignment), as_version=4)
    (source,) = [cell["source"] for cell in book.cells if cell["id"] == "waiting"]

    done = subprocess.run([sys.executable, "-c", source], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_lesson_without_demonstrations_has_no_such_cell(tmp_path):
    assignment = assignment_in(tmp_path)
    lesson = assignment.reference.read_text("utf-8")
    assignment.reference.write_text(
        lesson.replace('# %% tags=["demonstration"]\nprint(double(torch.tensor([1.0])))\n', "")
    )

    assert "_course.kit" not in notebook(assignment)
