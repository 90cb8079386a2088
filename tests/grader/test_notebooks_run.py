"""The notebooks run in a real Jupyter kernel: the solved one whole, the released one up to what is not written."""

import re
from pathlib import Path

import nbclient
import nbformat
import pytest
from evidence import PROOF, sample

from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import Variant, notebook
from grader.handout.release import hand_out

COURSE = find_course(Path(__file__).parents[2])


def run(name, folder, *, solved):
    """Execute a notebook in the folder that a student gets, and return its cells by id."""
    hand_out(COURSE, [name], folder)
    book = nbformat.reads(
        notebook(load_assignment(COURSE, name), Variant.SOLVED if solved else Variant.RELEASED), as_version=4
    )
    resources = {"metadata": {"path": str(folder / name)}}
    nbclient.NotebookClient(book, timeout=60, allow_errors=True, kernel_name="python3", resources=resources).execute()
    return {cell["id"]: cell for cell in book.cells}


def of_type(cells, kind):
    return [
        (name, output)
        for name, cell in cells.items()
        for output in cell.get("outputs", [])
        if output["output_type"] == kind
    ]


@pytest.mark.skipif(not PROOF, reason="it takes a quarter of a minute each")
@pytest.mark.parametrize("name", COURSE.names)
def test_solved_notebook_runs_from_top_to_bottom(name, tmp_path):
    cells = run(name, tmp_path, solved=True)

    assert of_type(cells, "error") == []
    assert [text for _, text in of_type(cells, "stream") if text["name"] == "stderr"] == []
    shown = {cell: output["data"]["text/html"] for cell, output in of_type(cells, "display_data")}
    for exercise in load_assignment(COURSE, name).names:
        page = shown[f"check-{exercise}"]
        assert "pass" in page, exercise
        assert "fail" not in page, exercise


@pytest.mark.parametrize("name", sample(COURSE.names, "gradient_descent"))
def test_released_notebook_stops_at_nothing_but_what_is_not_written(name, tmp_path):
    cells = run(name, tmp_path, solved=False)

    errors = of_type(cells, "error")
    assert {output["ename"] for _, output in errors} == {"NotImplementedError"}
    assert [text for _, text in of_type(cells, "stream") if text["name"] == "stderr"] == []
    said = {cell: output["traceback"] for cell, output in errors}
    assert said == {
        f"check-{exercise}": [f"NotImplementedError: `{exercise}` is not written yet"]
        for exercise in load_assignment(COURSE, name).names
    }
    lines = [text["text"].splitlines()[-1] for cell, text in of_type(cells, "stream")]
    assert [line for line in lines if re.fullmatch(r"waits for `\w+`: write it, then run this cell again", line)]
