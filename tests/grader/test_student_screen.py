"""What `grader test` writes, without a process: width, indentation, colour, length, and the hints of this course."""

import io
import re
from pathlib import Path

import pytest

from grader.course.reading import find_course
from grader.kit.folder import folders_at, read_folder
from grader.kit.hinting import hint
from grader.kit.screen import Screen, cut_lists

ROOT = Path(__file__).parents[2]
NAMES = find_course(ROOT).names
MESSAGE = """\
grad_fn: in this call it is 1/N of what is expected (N = 11), and this line goes on so that it has to be wrapped
you called   grad_fn(t_u=tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]), w=tensor(1.))
it returned  tensor([410.6633, 7.50909])   shape (2,), float32
expected     tensor([4517.297, 82.6])   shape (2,), float32
  grad_fn, line 3: return stack
and should be"""


@pytest.fixture
def written(monkeypatch):
    """Return a function that writes a message on a screen so wide, with colour or without."""

    def write(width, *, colour=False, text=MESSAGE):
        monkeypatch.setenv("COLUMNS", str(width))
        stream = io.StringIO()
        Screen(stream, colour=colour).message(text)
        return stream.getvalue()

    return write


def test_long_lines_are_wrapped_and_go_on_below_their_own_text(written):
    assert written(80).splitlines() == [
        "grad_fn: in this call it is 1/N of what is expected (N = 11), and this line goes",
        "  on so that it has to be wrapped",
        "  you called   grad_fn(t_u=tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9,",
        "               21.8, 48.4, 60.4, 68.4]), w=tensor(1.))",
        "  it returned  tensor([410.6633, 7.50909])   shape (2,), float32",
        "  expected     tensor([4517.297, 82.6])   shape (2,), float32",
        "    grad_fn, line 3: return stack",
        "  and should be",
    ]


@pytest.mark.parametrize("width", [20, 80, 120, 300])
def test_no_line_is_wider_than_the_window_or_than_one_reads(written, width):
    assert max(map(len, written(width).splitlines())) <= max(40, min(width, 120))


def test_colour_tells_the_two_answers_apart_and_changes_no_letter(written):
    coloured = written(80, colour=True)

    returned, expected = (re.search(rf"(\S*)  {label}", coloured)[1] for label in ("it returned", "expected"))
    assert returned != expected
    assert re.sub(r"\033\[\d+m", "", coloured) == written(80)


@pytest.mark.parametrize(("variable", "coloured"), [(None, True), ("NO_COLOR", False)])
def test_colour_is_for_terminals_unless_the_student_wants_none(monkeypatch, variable, coloured):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    if variable:
        monkeypatch.setenv(variable, "1")

    for_terminal, for_pipe = Screen(Terminal()), Screen(io.StringIO())

    assert ("\033" in for_terminal.painted("text", "red")) is coloured
    assert for_pipe.painted("text", "red") == "text"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("f(x=tensor([1., 2., 3.]))", "f(x=tensor([1., 2., 3.]))"),
        (f"f({list(range(40))}, 5)", "f([0, 1, 2, 3, ...], 5)"),
        (f"[{', '.join(['[1, 2]'] * 13)}]", "[[1, 2], [1, 2], [1, 2], [1, 2], ...]"),
        (f"f({', '.join('abcdefghijklmnopqrst')})", f"f({', '.join('abcdefghijklmnopqrst')})"),
        ("it says ) and [ and (1, 2", "it says ) and [ and (1, 2"),
    ],
)
def test_long_lists_are_cut_to_their_beginning(text, cut):
    assert cut_lists(text) == cut


def test_what_is_long_in_any_other_way_ends_after_some_lines(written):
    lines = written(80, text=f"f: wrong\nit returned  {'word ' * 400}\nexpected     one").splitlines()

    assert lines[-2:] == ["               ...", "  expected     one"]
    assert len(lines) == 10


# The hints of this course.


def test_assignments_of_this_course_follow_one_another():
    names = [folder.name for folder in folders_at(ROOT)]

    assert names == ["gradient_descent", "quadratic", "autograd", "optimizers", "neuron", "network"]


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_a_second_hint_from_lesson_and_stub(name):
    folder = read_folder(ROOT / "assignments" / name)

    for suffix in (".py", ".ipynb"):
        for exercise in folder.exercises:
            found = hint(folder, exercise, f"{name}{suffix}", "", step=2, unwritten=False)
            labels = [label for label, _ in found]
            assert labels[:2] == ["called as", "the lesson"], (exercise, found)
            assert labels[-1] == "look inside", (exercise, found)
