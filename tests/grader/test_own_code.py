"""What is shown of how a student wrote an exercise: own lines, cut in the worker, and of nothing that is right."""

import textwrap

import pytest

from grader.syntax.statements import Cell
from grader.worker.analysis import analyse


def written(*texts, exercise="model"):
    """Return what is cut out of a module of one text, or of a notebook of several."""
    cells = [Cell(filename="m.py", text=textwrap.dedent(text), notebook=len(texts) > 1) for text in texts]
    return analyse(cells, [exercise], {})["written"][exercise]


def test_definition_is_shown_as_it_was_written():
    source = (
        "import torch\n\n@torch.no_grad()\ndef model(t_u,w,  b): # mine\n    # why not\n    return w  * t_u\n\nx = 1\n"
    )

    assert written(source) == "@torch.no_grad()\ndef model(t_u,w,  b): # mine\n    # why not\n    return w  * t_u"


def test_last_definition_counts_wherever_its_cell_is():
    found = written("def model(t):\n    return 1\n", "x = 1\n", "\n  def model(t):\n      return 2\n", "y = 2\n")

    assert found == "def model(t):\n    return 2"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("model = lambda t: (\n    t\n)\n", "model = lambda t: (\n    t\n)"),
        ("if True:\n    def model(t):\n        return t\n", "def model(t):\n    return t"),
        ('def model(t):\n    """Doc.\n\n    More.\n    """\n    return t\n', "def model(t):\n    return t"),
        (
            'class model:\n    """Doc."""\n    def f(self):\n        "Doc."\n        return 1\n',
            "class model:\n    def f(self):\n        return 1",
        ),
        ('def model(t): "Doc."; return t\n', 'def model(t): "Doc."; return t'),
        ('def model(t):\n    "Doc."; return t\n', 'def model(t):\n    "Doc."; return t'),
        ("def model(t):\n    return (t\n", "def model(t):\n    return (t\n"),
        ("def model(t):\n    'Doc.'\n    raise NotImplementedError\n", ""),
        ("from other import model\n", ""),
        ("", ""),
    ],
)
def test_what_is_shown_of_each_form(source, expected):
    assert written(source) == expected.rstrip("\n")


def test_text_that_is_no_python_is_shown_in_the_place_of_the_stub():
    stub = "def model(t):\n    raise NotImplementedError\n"

    assert written(stub, "def model(t)\n    return t\n") == "def model(t)\n    return t"


def test_long_definition_is_cut_and_says_so():
    body = "".join(f"    x{number} = {'1' * 300}\n" for number in range(60))

    found = written(f"def model(t):\n{body}").split("\n")

    assert len(found) == 41
    assert max(map(len, found)) <= 163
    assert found[-1] == "... 21 more lines"


def test_report_has_own_lines_where_an_exercise_is_not_right_and_only_there(small_course):
    wrong = "def double(x):\n    return 3 * x  # \x1b[31m\u202e\n\ndef mean_square(x):\n    return (x * x).mean()\n"

    (report,) = small_course.grade(wrong=wrong).values()

    shown = {item.exercise: item.code for item in report.exercises}
    assert shown == {"double": "def double(x):\n    return 3 * x  # \ufffd[31m\ufffd", "mean_square": ""}


def test_nothing_is_shown_of_a_stub(small_course):
    (report,) = small_course.grade(stub="def double(x):\n    raise NotImplementedError\n").values()

    assert {item.code for item in report.exercises} == {""}
