"""`check` in Jupyter itself: what the cells of a released notebook show after a run."""

import nbclient
import nbformat
import pytest
from checked_course import assignment_in

from grader.handout.notebook import notebook
from grader.handout.release import hand_out


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return assignment_in(tmp_path_factory.mktemp("course"))


CELLS = {
    "exercise-double": "def double(x):\n    return x + x",
    "exercise-mean_square": "def mean_square(x):\n    raise ValueError(f'<b>{x.item()}</b> & more')",
}


@pytest.fixture(scope="module")
def executed(assignment, tmp_path_factory):
    """The cells of the released notebook, with a right, a raising and an unwritten exercise, after a run."""
    root = tmp_path_factory.mktemp("notebook")
    hand_out(assignment.course, ["small"], root)
    book = nbformat.reads(notebook(assignment), as_version=4)
    for cell in book.cells:
        cell["source"] = CELLS.get(cell["id"], cell["source"])
    book.cells.append(nbformat.v4.new_code_cell("import sys\n{'exercises', 'test_small', 'small'} & set(sys.modules)"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(root / "ipython"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(root / "runtime"))
        client = nbclient.NotebookClient(
            book,
            timeout=60,
            allow_errors=True,
            kernel_name="python3",
            resources={"metadata": {"path": str(root / "small")}},
        )
        client.execute()
    return book.cells


def outputs_of(cells, name):
    return next(cell["outputs"] for cell in cells if cell["id"] == name)


def test_jupyter_shows_a_right_function_as_html_and_nothing_else(executed):
    (shown,) = outputs_of(executed, "check-double")

    assert shown["output_type"] == "display_data"
    assert set(shown["data"]) == {"text/html", "text/plain"}
    assert "all 2 visible tests pass" in shown["data"]["text/html"]
    assert shown["data"]["text/plain"].startswith("✓ double")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("mean_square", "AssertionError: `mean_square` is not right yet: 1 of 1 visible tests fail"),
        ("Scale", "NotImplementedError: `Scale` is not written yet"),
    ],
)
def test_jupyter_shows_a_function_that_is_not_right_with_a_single_line_of_error(executed, name, line):
    shown, error = outputs_of(executed, f"check-{name}")

    assert shown["output_type"] == "display_data"
    assert "text/html" in shown["data"]
    assert error["output_type"] == "error"
    assert error["traceback"] == [line]
    assert f"{error['ename']}: {error['evalue']}" == line


def test_jupyter_gets_the_line_of_the_cell_that_raised(executed):
    page = outputs_of(executed, "check-mean_square")[0]["data"]

    assert "mean_square, line 2: raise ValueError(f'<b>{x.item()}</b> & more')" in page["text/plain"]


def test_html_holds_no_markup_of_the_student_or_of_a_title(executed):
    wrong = outputs_of(executed, "check-mean_square")[0]["data"]["text/html"]
    right = outputs_of(executed, "check-double")[0]["data"]["text/html"]

    assert "ValueError: &lt;b&gt;3.0&lt;/b&gt; &amp; more" in wrong
    assert "<b>" not in wrong
    assert "Twice &lt;as&gt; much &amp; more" in right
    assert "<as>" not in right


def test_jupyter_prints_nothing_on_stderr(executed):
    streams = [output["name"] for cell in executed for output in cell.get("outputs", []) if "name" in output]

    assert streams == ["stdout"]  # the demonstration


def test_jupyter_keeps_no_module_of_the_folder(executed):
    (result,) = executed[-1]["outputs"]

    assert result["data"]["text/plain"] == "set()"
