"""`grader test` and `python -m _course`: what a student is told in a folder, once and at each save."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from watching import ENVIRONMENT, Watch

from grader.commands.cli import root
from grader.course.reading import find_course, load_assignment
from grader.errors import UsageError
from grader.handout.notebook import Variant, notebook
from grader.handout.release import hand_out
from grader.kit.folder import folders_at, pick
from grader.kit.student import main

ROOT = Path(__file__).parents[2]
ASSIGNMENT = """
title = "Small"
next = "later"

[[exercise]]
name = "double"
points = 4
title = "Twice as much"
hint = "Add it to itself."

[[exercise]]
name = "mean_square"
points = 2
title = "The mean of squares"
hint = "Square first."
uses = ["double"]
"""
LESSON = '''
# %%
import torch

# %% [markdown]
# ## `double`: twice as much
#
# **By hand.** Of 3 it is
# 6.
#
# **Take care.** Of nothing.

# %%
def double(x):
    """Double it.

    Returns 2 * x, shape (N,).
    """
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %%
def mean_square(x):
    ### BEGIN SOLUTION
    return (x * double(x)).mean() / 2
    ### END SOLUTION
'''
VISIBLE = """
import pytest
import torch
from exercises import HINTS, answer, load
from hypothesis import given, settings
from hypothesis import strategies as st

student = load("small")
long = torch.arange(1.0, 31)

@pytest.mark.double
@pytest.mark.parametrize("x", [torch.tensor([3.0, 4.0]), long], ids=["two", "many"])
def test_double(x):
    hint = f"This is the call with {len(x)} numbers. {HINTS['double']}"
    answer(student, "double", {"x": x}, 2 * x, hint=hint)

@pytest.mark.mean_square
def test_mean_square_of_three():
    answer(student, "mean_square", {"x": torch.tensor([3.0])}, torch.tensor(9.0), hint=HINTS["mean_square"])

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
WRONG = RIGHT.replace("return x + x", "print('got', len(x))\n    return x * 3")
CALLER = RIGHT.replace("(x * x).mean()", "(x * double(x)).mean() / 2")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    from small_course import SmallCourse

    made = SmallCourse(tmp_path_factory.mktemp("course"))
    made.write("solutions/small/assignment.toml", ASSIGNMENT)
    made.write("solutions/small/small.py", LESSON)
    made.write("solutions/small/test_small.py", VISIBLE)
    for file in ("solutions/later/later.py", "tests/hidden/test_later.py"):
        made.write(file, LESSON if "solutions" in file else "")
    made.write("solutions/later/assignment.toml", ASSIGNMENT.replace('next = "later"', ""))
    made.write("solutions/later/test_later.py", VISIBLE.replace('load("small")', 'load("later")'))
    return find_course(made.root)


@pytest.fixture
def release(course, tmp_path):
    """The root of a release, with two assignments: small, and later, which comes behind it."""
    hand_out(course, ["small", "later"], tmp_path)
    return tmp_path


@pytest.fixture
def folder(release):
    return release / "small"


SHIPPED = [sys.executable, "-m", "_course"]


def run(folder, *arguments, columns=80):
    return subprocess.run(
        [*SHIPPED, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env={**ENVIRONMENT, "COLUMNS": str(columns)},
    )


# Once.


def test_one_failure_is_told_with_call_answer_expected_ratio_and_hints(folder):
    text = (folder / "small.py").read_text("utf-8").replace("raise NotImpl", "print('got', len(x)); return x * 3  #", 1)
    caller = text.replace("raise NotImplementedError", "return (x * double(x)).mean() / 2  #", 2)
    (folder / "small.py").write_text(caller, "utf-8")

    done = run(folder, "--hint", "--hint")

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "tested: small.py (small.ipynb is still the stub)\n"
        "\n"
        "  done, 0 of 2     none yet\n"
        "  next             double: Twice as much (0 of 2 tests pass so far)\n"
        "  waits            mean_square (for `double`)\n"
        "\n"
        "double: in all 7 calls that were tried it is `x`, times 3\n"
        "  you called   double(x=tensor([3., 4.]))\n"
        "  it returned  tensor([9, 12])   shape (2,), float32\n"
        "  expected     tensor([6, 8])   shape (2,), float32\n"
        "  ratio        1.5\n"
        "  note         This is the call with 2 numbers.\n"
        "  it printed   got 2\n"
        "\n"
        "  hint         Add it to itself.\n"
        "  called as    double(x): it returns 2 * x, shape (N,).\n"
        "  the lesson   small.py, line 5, double: twice as much\n"
        "  by hand      Of 3 it is 6.\n"
        "  look inside  print what you add up or average, and the number that you divide\n"
        "               by; what it prints is shown below the failure\n"
        "\n"
        "Next: put `double` right in small.py.\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dubble", "there is no exercise 'dubble' here; did you mean double?"),
        ("qqq", "there is no exercise 'qqq' here; there is double, mean_square"),
        ("./nowhere", "there is no folder ./nowhere"),
        ("../small/_course", "there is no assignment in "),
    ],
)
def test_wrong_use_is_one_line_that_helps_and_exit_code_2(folder, monkeypatch, capsys, name, said):
    monkeypatch.chdir(folder)

    code = main("python -m _course", [name])

    assert code == 2
    assert capsys.readouterr().err.startswith(f"python -m _course: {said}")


def test_exercise_of_two_assignments_has_to_be_said_which(release, monkeypatch):
    monkeypatch.chdir(release)
    folders = folders_at(release)

    done = CliRunner().invoke(root, ["test", "double"])

    assert isinstance(done.exception, UsageError)
    assert str(done.exception).endswith("say which, small/double, later/double")
    assert pick(folders, "later/double") == ([folders[1]], "double")
    assert pick(folders, "later") == ([folders[1]], "")


def test_folders_of_a_release_stand_in_the_order_of_the_course(release):
    assert [folder.name for folder in folders_at(release)] == ["small", "later"]


# At each save.


@pytest.fixture(scope="module")
def watch(course, tmp_path_factory):
    root = tmp_path_factory.mktemp("watched")
    hand_out(course, ["small", "later"], root)
    (root / "small" / "small.py").rename(root / "small" / "stub.py")
    (root / "small" / "small.py").write_text(CALLER)
    watch = Watch(root)
    yield watch
    watch.close()


def test_root_goes_on_to_the_first_assignment_that_is_not_right(watch):
    said = watch.until("A hint")

    assert said == (
        "small: all exercises are right\n"
        "later\n"
        "tested: later.py (later.ipynb is a stub as well)\n"
        "\n"
        "  done, 0 of 2     none yet\n"
        "  next             double: Twice as much\n"
        "  not written yet  mean_square\n"
        "\n"
        "Next: write `double` in later.py.\n"
        "A hint: grader test --hint\n"
    )


def test_watch_tells_what_has_changed_before_the_rest(watch):
    watch.save(CALLER.replace("/ 2", "/ 4"))

    early, whole = watch.until("tested: "), watch.until("A hint")

    assert re.match(r"\n\d\d:\d\d:\d\d  small.py was saved\nmean_square: the value is wrong", early)
    assert "\n  done" not in early
    assert "  done, 1 of 2     double\n" in whole
    assert "\nNext: put `mean_square` right in small.py.\n" in whole


def test_save_ends_a_loop_that_never_ends(watch, tmp_path):
    begun = tmp_path / "begun"
    watch.save(RIGHT.replace("return x + x", f"open({str(begun)!r}, 'w').close()\n    while True: pass"))
    limit = time.monotonic() + 120
    while not begun.exists():
        assert time.monotonic() < limit
        time.sleep(0.05)

    watch.save(RIGHT)

    said = watch.answer()
    assert "\nAll exercises of small are right, as far as these tests see.\n" in said
    assert said.endswith("\nNext: the assignment later, in the folder later beside this one.\n")
    assert "runs for more than" not in said


def test_watch_survives_an_exit_and_the_other_exercises_are_tested(watch):
    watch.save(RIGHT.replace("return x + x", "import os; os._exit(3)"))

    said = watch.answer()

    assert "\ndouble: Python ended with exit code 3: is there an `exit` in it?\n" in said
    assert "  done, 1 of 2     mean_square\n" in said


def test_watch_survives_an_exit_while_the_file_is_loaded(watch):
    watch.save("import os\nos._exit(0)\n")

    said = watch.until("small: ")

    assert said.endswith("\nsmall: while your file was loaded, Python ended with exit code 0: is there an\n")


def test_watch_tests_the_notebook_where_that_is_worked_in(watch, course):
    watch.save(notebook(load_assignment(course, "small"), Variant.SOLVED), "small.ipynb")
    (watch.folder / "stub.py").replace(watch.folder / "small.py")

    said = watch.answer()

    assert said.startswith("tested: small.ipynb (small.py is still the stub)\n")
    assert "All exercises of small are right" in said


def test_in_a_terminal_h_gives_a_hint_and_q_ends(folder):
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "NO_COLOR"}
    watch = subprocess.Popen(
        [*SHIPPED, "--watch"],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**environment, "TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    for expected, typed in [(b"A hint: h and Enter", b"h\n"), (b"A further hint: h and Enter", b"q\n")]:
        while not shown.endswith(b"q and Enter ends\033[0m") or expected not in shown:
            assert select.select([ours], [], [], 120)[0], shown
            shown += os.read(ours, 4096)
        os.write(ours, typed)

    code = watch.wait(timeout=120)
    os.close(ours)

    assert code == 1
    assert b"\033[33m  hint         Add it to itself.\033[0m" in shown
