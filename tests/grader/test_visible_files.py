"""The visible tests in a student's folder: which file they test, what it may hold, and what they say at the end."""

import importlib
import json
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visible_runs import run_tests

from grader.course.reading import find_course, load_assignment
from grader.handout.notebook import Variant, notebook
from grader.handout.release import hand_out
from grader.kit.tested import choose
from grader.nested import alone

ASSIGNMENT = """
title = "Small"

[[exercise]]
name = "double"
points = 4
hint = "Add it to itself."

[[exercise]]
name = "mean_square"
points = 1
uses = ["double"]
"""
VISIBLE = """
import pytest
import torch
from exercises import HINTS, answer, load
from hypothesis import given, settings
from hypothesis import strategies as st

student = load("small")

@pytest.mark.double
def test_double_of_three():
    answer(student, "double", {"x": torch.tensor([3.0])}, torch.tensor([6.0]), hint=HINTS["double"])

@pytest.mark.double
def test_double_of_four():
    answer(student, "double", {"x": torch.tensor([4.0])}, torch.tensor([8.0]), hint=HINTS["double"])

@pytest.mark.mean_square
def test_mean_square_of_three():
    answer(student, "mean_square", {"x": torch.tensor([3.0])}, torch.tensor(9.0))

@pytest.mark.mean_square
@settings(max_examples=5, deadline=None, derandomize=True, database=None)
@given(number=st.integers(1, 50))
def test_mean_square_of_any(number):
    x = torch.tensor([float(number)])
    answer(student, "mean_square", {"x": x}, torch.tensor(float(number) ** 2))
"""
RIGHT = """\
import torch
def double(x):
    return x + x
def mean_square(x):
    return (x * x).mean()
"""
MAGIC = "%matplotlib inline\nimport torch\n!pip install seaborn\n"
CHECK = 'from grader import check\n\ncheck("double")'


def written(*cells):
    """Return the text of a notebook with these cells of code."""
    return json.dumps(
        {
            "cells": [
                {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
                for source in cells
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    from small_course import SmallCourse

    made = SmallCourse(tmp_path_factory.mktemp("course"))
    made.write("solutions/small/assignment.toml", ASSIGNMENT)
    made.write("solutions/small/test_small.py", VISIBLE)
    return find_course(made.root)


@pytest.fixture(scope="module")
def solved(course):
    """The notebook of the solution."""
    return notebook(load_assignment(course, "small"), Variant.SOLVED)


@pytest.fixture
def folder(course, tmp_path):
    """What a student gets; a call has no more than a second."""
    hand_out(course, ["small"], tmp_path)
    path = tmp_path / "small" / "_course" / "kit" / "calling.py"
    text = path.read_text("utf-8")
    assert "\n_SECONDS_A_CALL = 30\n" in text
    path.write_text(text.replace("\n_SECONDS_A_CALL = 30\n", "\n_SECONDS_A_CALL = 1\n"), "utf-8")
    return tmp_path / "small"


@pytest.fixture
def exercises(folder, monkeypatch):
    """The generated module of the folder, imported here: choosing a file needs no process of its own."""
    monkeypatch.syspath_prepend(str(folder))
    with alone(folder / "test_small.py"):
        yield importlib.import_module("exercises")


@pytest.fixture
def load(exercises, monkeypatch):
    """Return the module that the visible tests would test; nothing of it stays behind."""

    def loaded():
        monkeypatch.delitem(sys.modules, "small", raising=False)
        try:
            return exercises.load("small")
        finally:
            sys.modules.pop("small", None)

    return loaded


# Which file.


@pytest.mark.parametrize(
    ("module", "book", "expected"),
    [
        ("stub", "stub", "tested: small.py (small.ipynb is a stub as well)"),
        ("solved", "stub", "tested: small.py (small.ipynb is still the stub)"),
        ("stub", "solved", "tested: small.ipynb (small.py is still the stub)"),
        ("solved", "missing", "tested: small.py"),
        ("missing", "solved", "tested: small.ipynb"),
        ("stub", "missing", "tested: small.py"),
        ("missing", "stub", "tested: small.ipynb"),
    ],
)
def test_file_that_is_tested_is_the_one_that_was_worked_in(folder, exercises, solved, module, book, expected):
    if module == "solved":
        (folder / "small.py").write_text(RIGHT)
    if book == "solved":
        (folder / "small.ipynb").write_text(solved)
    for file, state in (("small.py", module), ("small.ipynb", book)):
        if state == "missing":
            (folder / file).unlink()

    path, said = exercises.choose("small")

    assert said == expected
    assert path == folder / expected.split()[1]


def test_one_written_exercise_is_enough_to_tell_the_files_apart(folder, exercises):
    stub = (folder / "small.ipynb").read_text("utf-8")
    (folder / "small.ipynb").write_text(
        stub.replace('raise NotImplementedError(\\"write your code here\\")', "pass", 1)
    )
    chosen_for_a_pass = exercises.choose("small")[0]
    (folder / "small.ipynb").write_text(
        stub.replace('raise NotImplementedError(\\"write your code here\\")', "return x", 1)
    )
    chosen_for_a_return = exercises.choose("small")[0]

    assert (chosen_for_a_pass.name, chosen_for_a_return.name) == ("small.py", "small.ipynb")


def test_notes_and_trials_around_a_stub_make_it_no_attempt(folder, exercises):
    with (folder / "small.py").open("a") as file:
        file.write("\nx = 5\nprint(x)\ndef my_own(y):\n    return y\n")

    assert exercises.choose("small")[1] == "tested: small.py (small.ipynb is a stub as well)"


def test_two_attempted_files_are_an_error_that_says_what_to_do(folder, solved):
    (folder / "small.py").write_text(RIGHT)
    (folder / "small.ipynb").write_text(solved)

    done = run_tests(folder)

    assert done.returncode == 2
    assert (
        "small.py and small.ipynb both differ from the stub, and only one can be handed in: keep the one that you "
        "work in, and put the other away"
    ) in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "pass" not in done.stdout


def test_no_file_at_all_is_an_error_that_says_what_is_looked_for(folder, exercises):
    (folder / "small.py").unlink()
    (folder / "small.ipynb").unlink()

    with pytest.raises(pytest.fail.Exception) as caught:
        exercises.choose("small")

    assert str(caught.value) == f"there is neither small.py nor small.ipynb in {folder}"
    assert caught.value.pytrace is False


def test_visible_tests_choose_the_file_that_the_grader_chooses(small_course, folder, exercises, solved):
    small_course.write("solutions/small/assignment.toml", ASSIGNMENT)
    stub, stub_book = ((folder / f"small{suffix}").read_text("utf-8") for suffix in (".py", ".ipynb"))
    pairs = {
        "stubs": (stub, stub_book),
        "module": (RIGHT, stub_book),
        "notebook": (stub, solved),
        "module_beside_no_notebook": (RIGHT, "{"),
        "module_beside_nothing": (RIGHT, ""),
        "notebook_beside_no_python": ("double(x) := x + x", solved),
    }
    chosen = {}
    for name, (module, book) in pairs.items():
        handed_in = small_course.root / "class" / name
        handed_in.mkdir(parents=True)
        (handed_in / "small.py").write_text(module)
        (handed_in / "small.ipynb").write_text(book)
        try:
            chosen[name] = choose(handed_in, "small", exercises.POINTS)[0].name
        except pytest.fail.Exception as error:
            chosen[name] = str(error)

    reports = small_course.grade()

    scores = {name: reports[name].score for name in pairs}
    assert scores == {name: 0.0 if name == "stubs" else 5.0 for name in pairs}
    assert chosen == {name: "small.ipynb" if name.startswith("notebook") else "small.py" for name in pairs}


# What it may hold.


def test_notebook_of_all_kinds_of_cells_is_tested_as_far_as_it_goes(folder):
    cells = [
        MAGIC,
        "def double(x):\n    y = x + x\n    return y",
        CHECK,
        "1 / 0",
        "%%bash\nls",
        "def broken(:\n    pass",
        "%%time\ndef mean_square(x):\n    y = x * x\n    return y[7]  # here",
        "get_ipython().system('ls')\n",
        "display(double)\ndouble?",
        "raise SystemExit",
    ]
    (folder / "small.ipynb").write_text(written(*cells))
    (folder / "small.py").unlink()

    done = run_tests(folder)

    assert done.returncode == 1, done.stdout
    assert [
        line for line in done.stdout.splitlines() if line.startswith(("  double ", "  mean_square ", "left", "tested"))
    ] == [
        "  double        4 points   all 2 tests pass",
        "  mean_square    1 point   0 of 2 tests pass",
        "left out of small.ipynb: cell 1, line 1: the notebook command `%matplotlib inline` was dropped",
        "left out of small.ipynb: cell 1, line 3: the notebook command `!pip install seaborn` was dropped",
        "left out of small.ipynb: cell 4, line 1: ZeroDivisionError: division by zero",
        "left out of small.ipynb: cell 5, line 1: a %%bash cell is not Python and was dropped",
        "left out of small.ipynb: cell 6, line 1: SyntaxError: invalid syntax",
        "left out of small.ipynb: cell 7, line 1: the notebook command `%%time` was dropped",
        "left out of small.ipynb: cell 8, line 1: AttributeError: 'NoneType' object has no attribute 'system'",
        "left out of small.ipynb: cell 9, line 2: the notebook command `double?` was dropped",
        "left out of small.ipynb: cell 10, line 1: SystemExit: ",
        "tested: small.ipynb",
    ]
    # What was raised is told with the line of its cell.
    assert "mean_square: IndexError: index 7 is out of bounds for dimension 0 with size 1\n" in done.stdout
    assert "  mean_square, cell 7, line 4: return y[7]  # here\n" in done.stdout
    assert "you called   mean_square(x=tensor([3.]))" in done.stdout


def test_check_cell_does_nothing_while_a_notebook_is_loaded(folder, load, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (folder / "small.py").unlink()
    (folder / "small.ipynb").write_text(written(CHECK, "answered = check('double'), check('no such exercise')"))
    grader = sys.modules["grader"]

    module = load()

    assert module.answered == (None, None)
    assert module.__lost__ == {}
    assert capsys.readouterr().out == ""
    assert sys.modules["grader"] is grader


def test_released_notebook_loads_without_a_word_about_its_stubs(folder, load, exercises):
    (folder / "small.py").unlink()
    book = json.loads((folder / "small.ipynb").read_text("utf-8"))
    shown = {"cell_type": "code", "source": ["y = double(3)\n", "print(y)"], "metadata": {}, "outputs": []}
    (folder / "small.ipynb").write_text(json.dumps({**book, "cells": [*book["cells"], shown]}))

    lost = load().__lost__

    assert str(lost["y"]) == f"cell {len(book['cells']) + 1}, line 1: NotImplementedError: write your code here"
    assert lost["y"].why.kind == "NotImplementedError"
    assert sys.modules["_course.kit.summary"].worth_saying(lost) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("", id="empty"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="no cells"),
        pytest.param('{"cells": 5}', id="cells that are none"),
        pytest.param('{"cells": [5]}', id="a cell that is none"),
        pytest.param('{"cells": []}', id="no code"),
    ],
)
def test_notebook_that_is_none_is_one_line(folder, exercises, text):
    (folder / "small.ipynb").write_text(text)

    with pytest.raises(pytest.fail.Exception) as caught:
        exercises.cells_of(folder / "small.ipynb")

    assert str(caught.value).startswith("small.ipynb can't be read: ")
    assert "\n" not in str(caught.value)
    assert caught.value.pytrace is False


def test_module_that_is_no_text_is_one_line(folder, exercises):
    (folder / "small.py").write_bytes(b"x = '\xff'\n")

    with pytest.raises(pytest.fail.Exception, match=r"small\.py can't be read: it is no Python source: [^\n]*"):
        exercises.cells_of(folder / "small.py")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(["def double(x):\n", "    return x + x"], id="lines"),
        pytest.param("def double(x):\r\n    return x + x\r\n", id="windows"),
        pytest.param("\ufeffdef double(x):\n    return x + x", id="a mark of byte order"),
        pytest.param("def double(x):\n    return x + x\nprint('\ud800')", id="half a letter"),
        pytest.param("def double(x):\n    return x + x\n\nx = '\x00'", id="a zero byte"),
    ],
)
def test_cell_is_read_as_jupyter_may_write_it(folder, load, source):
    (folder / "small.py").unlink()
    (folder / "small.ipynb").write_text(written("import torch", source))

    module = load()

    assert module.double(2) == 4


def test_cell_without_a_source_costs_itself_alone(folder, load):
    book = json.loads(written(RIGHT))
    book["cells"].append({"cell_type": "code", "metadata": {}, "outputs": []})
    (folder / "small.py").unlink()
    (folder / "small.ipynb").write_text(json.dumps(book))

    assert load().double(2) == 4


def test_future_import_of_a_notebook_holds_for_later_cells(folder, load):
    (folder / "small.py").unlink()
    (folder / "small.ipynb").write_text(
        written("from __future__ import annotations", "def double(x: what_is_not_there):\n    return x + x")
    )

    assert load().double(2) == 4


# What is said.


def test_summary_has_a_line_for_each_exercise_what_was_left_out_and_the_file_last(folder):
    module = RIGHT.replace("return x + x", "return x + x if x > 3 else x").replace("mean_square(x):", "mean_square(x)")
    (folder / "small.py").write_text(module)

    done = run_tests(folder)

    assert done.returncode == 1
    assert done.stdout.splitlines()[-5:-1] == [
        "  double        4 points   1 of 2 tests pass",
        "  mean_square    1 point   0 of 2 tests pass",
        "left out of small.py: line 4: SyntaxError: expected ':'",
        "tested: small.py (small.ipynb is still the stub)",
    ]
    assert "there is no `mean_square` in small.py; it does not load: line 4: SyntaxError: expected ':'" in done.stdout
    assert "hint         Add it to itself." in done.stdout


def test_exercise_that_calls_a_stub_says_which_one(folder, load, exercises):
    (folder / "small.py").write_text(
        "def double(x):\n    raise NotImplementedError\n\nmean_square = lambda x: double(x)\n"
    )
    module = load()

    with pytest.raises(pytest.fail.Exception, match=r"^`double` is not written yet \(`mean_square` calls it\)$"):
        exercises.call(module, "mean_square", {"x": 3})


def test_written_function_that_torch_refuses_is_not_called_unwritten(folder, load, exercises):
    (folder / "small.py").write_text("import torch\ndef double(x):\n    return torch.round(torch.tensor([True]))\n")
    module = load()

    with pytest.raises(Exception, match=r"round.*not implemented for 'Bool'"):
        exercises.call(module, "double", {"x": 3})


# A loop that never ends.


def test_loop_that_never_ends_is_stopped_and_named(folder):
    module = RIGHT.replace("return x + x", "while True: pass")
    (folder / "small.py").write_text(module.replace("return (x * x).mean()", "raise NotImplementedError"))

    done = run_tests(folder)

    assert done.returncode == 1
    assert "double runs for more than 1 s: does a loop in it never end?" in done.stdout
    assert "  double, line 3: while True: pass" in done.stdout
    assert "  double        4 points   0 of 2 tests pass" in done.stdout
    assert "  not written yet: mean_square\n" in done.stdout


def test_loop_that_catches_every_exception_is_stopped_as_well(folder, load, exercises):
    (folder / "small.py").write_text("""\
import time
def double(x):
    end = time.process_time() + 2.5
    while time.process_time() < end:
        try:
            while time.process_time() < end:
                pass
        except Exception:
            continue
    return x + x
""")
    module = load()

    start = time.process_time()
    with pytest.raises(BaseException, match="double runs for more than 1 s"):
        exercises.call(module, "double", {"x": 3})
    assert time.process_time() - start < 2


def test_call_that_waits_is_stopped_and_told_so(folder, load, exercises):
    (folder / "small.py").write_text("import time\ndef double(x):\n    time.sleep(20)\n    return x + x\n")
    module = load()

    with pytest.raises(BaseException, match="double waits for 1 s and computes nothing: does it sleep"):
        exercises.call(module, "double", {"x": 3})


def test_loop_that_never_ends_is_tried_once_by_a_property(folder, load, exercises):
    # Its fourth call ends, so that a test that fails here does not take a minute.
    (folder / "small.py").write_text("""\
calls = []
def double(x):
    calls.append(x)
    while len(calls) < 4:
        pass
    return x + x
""")
    module = load()

    @settings(max_examples=5, deadline=None, derandomize=True, database=None)
    @given(x=st.integers(1, 50))
    def doubles(x):
        exercises.call(module, "double", {"x": x})

    with pytest.raises(BaseException, match="double runs for more than 1 s"):
        doubles()
    assert len(module.calls) == 1
