"""`check` in a notebook: what it shows, what it raises, and that it leaves nothing behind."""

import ast
import importlib
import os
import shutil
import signal
import subprocess
import sys
import types
import warnings

import pytest
import torch
from checked_course import assignment_in

from grader import check
from grader.errors import GraderError, UsageError
from grader.handout.release import hand_out

SCALE = """
class Scale:
    def __init__(self, factor):
        self.factor = factor
    def __call__(self, x):
        return self.factor * x
"""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return assignment_in(tmp_path_factory.mktemp("course"))


@pytest.fixture
def folder(assignment, tmp_path, monkeypatch):
    """What a student gets, as the working folder."""
    hand_out(assignment.course, ["small"], tmp_path)
    monkeypatch.chdir(tmp_path / "small")
    return tmp_path / "small"


@pytest.fixture
def define(folder, monkeypatch):
    """Return a function that runs a cell: what it defines is in `__main__`, as in a notebook."""
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)

    def run(source):
        exec(compile(source, "<cell>", "exec"), main.__dict__)
        return main

    return run


def last_line(error):
    """Return the one line that IPython would show of an error."""
    (line,) = error._render_traceback_()
    return line


# What it shows and raises.


def test_right_function_is_shown_as_right_and_nothing_is_returned(define, capsys):
    define("def double(x):\n    return x + x")

    answered = check("double")

    assert answered is None
    assert capsys.readouterr().out == "✓ double (Twice <as> much & more, 4 points): all 2 visible tests pass\n"


def test_single_test_and_a_single_point_are_singular(define, capsys):
    define("def mean_square(x):\n    return (x * x).mean()")

    check("mean_square")

    assert capsys.readouterr().out == "✓ mean_square (The mean of squares, 1 point): its visible test passes\n"


def test_class_is_checked_like_a_function(define, capsys):
    define(SCALE)

    check("Scale")

    assert capsys.readouterr().out == "✓ Scale (A class, 2.5 points): all 7 visible tests pass\n"


def test_function_is_checked_as_it_was_defined_last(define, capsys):
    define("def double(x):\n    return 3 * x")
    with pytest.raises(AssertionError):
        check("double")
    define("def double(x):\n    return 2 * x")

    check("double")

    assert "all 2 visible tests pass" in capsys.readouterr().out


def test_function_sees_the_other_names_of_its_notebook(define, capsys):
    define("factor = 2\ndef helper(x):\n    return factor * x\ndef double(x):\n    return helper(x)")

    check("double")

    assert "all 2 visible tests pass" in capsys.readouterr().out


def test_wrong_function_is_an_error_of_one_line_and_shows_how_it_differs(define, capsys):
    define("def double(x):\n    return 3 * x")

    with pytest.raises(AssertionError) as caught:
        check("double")

    assert last_line(caught.value) == "AssertionError: `double` is not right yet: 2 of 2 visible tests fail"
    shown = capsys.readouterr().out
    assert shown.startswith("✗ double (Twice <as> much & more, 4 points): 2 of 2 visible tests fail\n")
    for said in ("you called   double(x=tensor([3.]))", "it returned  tensor([9])", "hint         Add it to itself."):
        assert said in shown


def test_function_that_is_wrong_for_some_inputs_counts_its_failures(define, capsys):
    define("def double(x):\n    return 2 * x if x > 3 else x")

    with pytest.raises(AssertionError, match="1 of 2 visible tests fail"):
        check("double")
    assert "double(x=tensor([4]))" not in capsys.readouterr().out


def test_function_that_raises_shows_what_where_and_the_call(define, capsys):
    define("def helper(x):\n    return x[7]\n\ndef double(x):\n    return helper(x)")

    with pytest.raises(AssertionError) as caught:
        check("double")

    assert last_line(caught.value) == "AssertionError: `double` is not right yet: 2 of 2 visible tests fail"
    shown = capsys.readouterr().out
    assert "IndexError: index 7 is out of bounds for dimension 0 with size 1\n" in shown
    assert "  double, line 5:" in shown
    assert "  helper, line 2:" in shown
    assert "you called   double(x=tensor([3.]))" in shown
    assert "exercises.py" not in shown


def test_function_that_leaves_python_is_wrong_and_no_more(define, capsys):
    define("import sys\ndef double(x):\n    sys.exit(3)")

    with pytest.raises(AssertionError, match="2 of 2 visible tests fail"):
        check("double")
    assert "SystemExit: 3" in capsys.readouterr().out


def test_stub_is_not_written_yet(define, capsys):
    define("def double(x):\n    raise NotImplementedError('write your code here')")

    with pytest.raises(NotImplementedError) as caught:
        check("double")

    assert last_line(caught.value) == "NotImplementedError: `double` is not written yet"
    assert capsys.readouterr().out == "\u2013 double (Twice <as> much & more, 4 points): not written yet\n"


def test_class_with_a_method_that_is_not_written_is_not_written(define):
    define(SCALE.replace("return self.factor * x", "raise NotImplementedError"))

    with pytest.raises(NotImplementedError, match=r"^`Scale` is not written yet$"):
        check("Scale")


def test_function_that_calls_a_stub_is_not_right_yet(define, capsys):
    define("def double(x):\n    raise NotImplementedError\ndef mean_square(x):\n    return double(x)")

    with pytest.raises(AssertionError, match="`mean_square` is not right yet: 1 of 1"):
        check("mean_square")
    assert "`double` is not written yet (`mean_square` calls it)" in capsys.readouterr().out


def test_function_that_is_not_there_says_which_cell_to_run(define, capsys):
    define("x = 1")

    with pytest.raises(AssertionError) as caught:
        check("double")

    said = "there is no `double` here yet: run the cell that defines it"
    assert last_line(caught.value) == f"AssertionError: {said}"
    assert said in capsys.readouterr().out


def test_name_that_is_no_function_is_wrong(define, capsys):
    define("double = 5")

    with pytest.raises(AssertionError, match="2 of 2 visible tests fail"):
        check("double")
    assert "there is no `double` in this notebook; keep the stub's names" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["tripel", "", "Double", "double ", 5])
def test_unknown_exercise_says_what_there_is(define, name):
    define("def double(x):\n    return 2 * x")

    with pytest.raises(UsageError) as caught:
        check(name)

    said = f"UsageError: small has no exercise {name!r}; it has double, mean_square, Scale, untested"
    assert last_line(caught.value) == said


def test_wrong_folder_says_where_to_start(define, tmp_path, monkeypatch):
    define("def double(x):\n    return 2 * x")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    with pytest.raises(UsageError) as caught:
        check("double")

    line = last_line(caught.value)
    assert line.startswith(f"UsageError: there is no exercises.py in {tmp_path / 'elsewhere'}: keep the notebook in")
    assert "\n" not in line


def test_many_failures_are_counted_and_one_is_shown(define, capsys):
    define(SCALE.replace("self.factor * x", "self.factor + x"))
    with pytest.raises(AssertionError, match="7 of 7"):
        check("Scale")
    shown = capsys.readouterr().out

    assert "7 of 7 visible tests fail" in shown
    assert shown.count("Scale: ") == 1


def test_prints_of_the_function_are_not_shown(define, capsys):
    define("import sys\ndef double(x):\n    print('noise')\n    print('noise', file=sys.stderr)\n    return 2 * x")

    check("double")

    assert "noise" not in "".join(capsys.readouterr())


# What must never look right.


def test_interrupted_check_is_not_shown_as_right(define, capsys):
    define("""
def double(x):
    if x > 3:
        raise KeyboardInterrupt
    return 2 * x
""")

    with pytest.raises(KeyboardInterrupt):
        check("double")
    assert "✓" not in capsys.readouterr().out


def test_missing_test_file_is_not_shown_as_right(define, folder, capsys):
    define("def double(x):\n    return 3 * x")
    (folder / "test_small.py").unlink()

    with pytest.raises(GraderError, match=r"test_small\.py") as caught:
        check("double")

    assert "\n" not in last_line(caught.value)
    shown = capsys.readouterr()
    assert "✓" not in shown.out
    assert shown.err == ""


def test_exercise_without_a_visible_test_is_not_shown_as_right(define, capsys):
    define("def untested(x):\n    return None")

    with pytest.raises(GraderError, match="untested"):
        check("untested")
    assert "✓" not in capsys.readouterr().out


def test_tests_that_cannot_be_collected_are_an_error_of_one_line(define, folder, capsys):
    define("def double(x):\n    return 2 * x")
    (folder / "test_small.py").write_text("import what_is_not_there\n")

    with pytest.raises(GraderError, match="what_is_not_there") as caught:
        check("double")

    assert "✓" not in capsys.readouterr().out
    assert "\n" not in last_line(caught.value)


def test_foreign_exercises_file_is_an_error_that_says_so(define, folder):
    define("def double(x):\n    return 2 * x")
    (folder / "exercises.py").write_text("# My own exercises.\nsheet = 5\n")

    with pytest.raises(UsageError, match=r"exercises\.py") as caught:
        check("double")

    assert "\n" not in last_line(caught.value)


# What is as before.


@pytest.fixture(params=["return 2 * x", "return 3 * x", "raise NotImplementedError"])
def checked(request, define, monkeypatch):
    """Return a function that checks a right, a wrong, a raising and an unwritten function."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--option-of-nobody")
    monkeypatch.setenv("PYTEST_PLUGINS", "plugin_of_nobody")
    define(f"def double(x):\n    {request.param}")

    def run():
        try:
            check("double")
        except (AssertionError, NotImplementedError):
            assert request.param != "return 2 * x"
        else:
            assert request.param == "return 2 * x"

    return run


def test_variables_paths_filters_and_handlers_are_as_before(checked):
    def state():
        return {
            "environ": dict(os.environ),
            "path": list(sys.path),
            "meta_path": list(sys.meta_path),
            "filters": list(warnings.filters),
            "showwarning": warnings.showwarning,
            "streams": (sys.stdout, sys.stderr),
            "alarm": signal.getsignal(signal.SIGALRM),
            "interrupt": signal.getsignal(signal.SIGINT),
            "hooks": (sys.excepthook, sys.unraisablehook, sys.displayhook),
            "folder": os.getcwd(),
            "gradients": torch.is_grad_enabled(),
        }

    before = state()

    checked()

    assert state() == before


def test_modules_of_the_folder_do_not_stay(define):
    define("def double(x):\n    return 2 * x")
    before = dict(sys.modules)

    check("double")

    assert {"exercises", "test_small", "small"} & (set(sys.modules) - set(before)) == set()
    assert {name: sys.modules.get(name) for name in before} == before


def test_modules_of_the_same_names_are_kept(define, monkeypatch):
    define("def double(x):\n    return 2 * x")
    own = {name: types.ModuleType(name) for name in ("exercises", "test_small", "small")}
    for name, module in own.items():
        monkeypatch.setitem(sys.modules, name, module)

    check("double")

    assert {name: sys.modules[name] for name in own} == own


@pytest.mark.parametrize("name", ["code", "copy", "random"])
def test_students_own_file_of_a_librarys_name_is_nobodys_business(define, folder, monkeypatch, capsys, name):
    (folder / f"{name}.py").write_text("raise RuntimeError('a file of the student ran')\n", "utf-8")
    library = importlib.import_module(name)
    define("def double(x):\n    return x + x")

    check("double")

    assert sys.modules[name] is library
    assert "all 2 visible tests pass" in capsys.readouterr().out


def test_checking_loads_nothing_that_grades():
    code = "import sys, grader.handout.checking; print([name for name in sys.modules if name.startswith('grader.')])"

    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)

    loaded = {name.split(".")[1] for name in ast.literal_eval(done.stdout)}
    assert loaded == {"answers", "errors", "handout", "kit", "languages", "nested", "syntax", "version"}


def test_libraries_inside_the_folder_stay_imported(define, folder, monkeypatch):
    library = folder / ".venv" / "lib"
    library.mkdir(parents=True)
    (library / "library_of_a_test.py").write_text("loaded = []\n")
    monkeypatch.syspath_prepend(str(library))
    monkeypatch.delitem(sys.modules, "library_of_a_test", raising=False)
    define("def double(x):\n    import library_of_a_test\n    library_of_a_test.loaded.append(1)\n    return 2 * x")

    check("double")
    check("double")

    assert len(sys.modules["library_of_a_test"].loaded) == 4
    monkeypatch.delitem(sys.modules, "library_of_a_test")


def test_two_folders_with_the_same_names_do_not_mix(define, folder, tmp_path, monkeypatch, capsys):
    define("def double(x):\n    return 3 * x")
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    text = (other / "test_small.py").read_text("utf-8")
    assert "[2 * number]" in text
    (other / "test_small.py").write_text(text.replace("[2 * number]", "[3 * number]"), "utf-8")

    with pytest.raises(AssertionError):
        check("double")
    monkeypatch.chdir(other)
    check("double")

    assert capsys.readouterr().out.endswith("all 2 visible tests pass\n")
