"""Finding a course and reading an assignment: every mistake of an author is one clear line."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader.course.assignment import Limits
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError

ROOT = Path(__file__).parents[2]
MINIMAL = """
[[exercise]]
name = "f"
points = 2
"""
TWO = """
[[exercise]]
name = "f"
points = 2

[[exercise]]
name = "g"
points = 3
uses = ["f"]
"""


def make_course(folder, name="a", toml=MINIMAL, *, files=True):
    solution = folder / "solutions" / name
    solution.mkdir(parents=True)
    (folder / "tests" / "hidden").mkdir(parents=True, exist_ok=True)
    (solution / "assignment.toml").write_text(toml, "utf-8")
    if files:
        (solution / f"{name}.py").write_text("def f():\n    return 1\n")
        (folder / "tests" / "hidden" / f"test_{name}.py").write_text("")
    return folder


def load(folder, toml=MINIMAL):
    return load_assignment(find_course(make_course(folder, toml=toml)), "a")


@pytest.fixture(autouse=True)
def no_course_in_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)


# Finding.


def test_explicit_course_comes_first(tmp_path, monkeypatch):
    one, two, three = (make_course(tmp_path / name) for name in ("one", "two", "three"))
    monkeypatch.setenv("GRADER_COURSE", str(two))

    assert find_course(one, start=three).root == one


def test_variable_comes_before_the_parent_folders(tmp_path, monkeypatch):
    two, three = (make_course(tmp_path / name) for name in ("two", "three"))
    monkeypatch.setenv("GRADER_COURSE", str(two))

    assert find_course(start=three).root == two


def test_empty_variable_counts_as_none(tmp_path, monkeypatch):
    three = make_course(tmp_path / "three")
    monkeypatch.setenv("GRADER_COURSE", "")

    assert find_course(start=three).root == three


def test_nearest_parent_is_the_course(tmp_path):
    outer = make_course(tmp_path / "outer")
    inner = make_course(outer / "x" / "inner")
    deep = inner / "y" / "z"
    deep.mkdir(parents=True)

    assert find_course(start=deep).root == inner
    assert find_course(start=inner).root == inner
    assert find_course(start=outer / "x").root == outer


def test_working_folder_is_where_the_search_starts(tmp_path, monkeypatch):
    course = make_course(tmp_path / "course")
    monkeypatch.chdir(course / "solutions")

    assert find_course().root == course


def test_folder_with_half_a_course_is_passed_over(tmp_path):
    course = make_course(tmp_path / "course")
    (course / "x" / "solutions").mkdir(parents=True)
    (course / "y" / "tests" / "hidden").mkdir(parents=True)

    assert find_course(start=course / "x").root == course
    assert find_course(start=course / "y").root == course


def test_no_course_says_where_was_looked_and_what_to_do(tmp_path):
    with pytest.raises(CourseError) as caught:
        find_course(start=tmp_path)

    assert str(tmp_path) in str(caught.value)
    assert "--course" in str(caught.value)
    assert "GRADER_COURSE" in str(caught.value)


def test_explicit_folder_that_is_no_course_is_an_error_not_a_search(tmp_path):
    course = make_course(tmp_path / "course")

    with pytest.raises(CourseError, match=r"--course .*solutions/ and tests/hidden/"):
        find_course(course / "solutions", start=course)


def test_variable_that_names_no_course_is_an_error_not_a_search(tmp_path, monkeypatch):
    course = make_course(tmp_path / "course")
    monkeypatch.setenv("GRADER_COURSE", str(tmp_path / "nowhere"))

    with pytest.raises(CourseError, match=r"GRADER_COURSE=.*nowhere"):
        find_course(start=course)


def test_course_without_an_assignment_is_an_error(tmp_path):
    (tmp_path / "solutions" / "draft").mkdir(parents=True)
    (tmp_path / "tests" / "hidden").mkdir(parents=True)

    with pytest.raises(CourseError, match=r"no assignment\.toml in solutions.*grader new NAME"):
        find_course(tmp_path)


def test_assignment_exists_because_its_file_does_and_names_are_sorted(tmp_path):
    for name in ("b", "a", "c"):
        make_course(tmp_path, name)
    (tmp_path / "solutions" / "draft").mkdir()

    assert find_course(tmp_path).names == ("a", "b", "c")


def test_relative_course_is_made_absolute(tmp_path, monkeypatch):
    make_course(tmp_path / "course")
    monkeypatch.setenv("GRADER_COURSE", "course")

    assert find_course().root == tmp_path / "course"


# Reading.


def test_minimal_assignment_gets_the_defaults(tmp_path):
    found = load(tmp_path)

    assert (found.name, found.title, found.feedback) == ("a", "a", "hint")
    assert found.limits == Limits()
    assert found.max_score == 2
    exercise = found.exercise("f")
    assert (exercise.title, exercise.hint, exercise.uses, exercise.not_allowed) == ("f", "", (), ())
    assert exercise.gradients


def test_full_assignment_is_read(tmp_path):
    toml = """
    title = "Title"
    feedback = "score"
    not_allowed = ["torch.optim"]
    gradients = false

    [limits]
    call_seconds = 1
    exercise_seconds = 2.5
    load_seconds = 3
    wall_factor = 4
    memory_mib = 100
    output_mib = 1

    [[exercise]]
    name = "f"
    points = 0.5
    title = "F"
    hint = "H"
    not_allowed = ["torch.func"]

    [[exercise]]
    name = "g"
    points = 2
    uses = ["f"]
    gradients = true
    """

    found = load(tmp_path, toml)

    assert (found.title, found.feedback, found.max_score) == ("Title", "score", 2.5)
    assert found.limits == Limits(
        call_seconds=1.0, exercise_seconds=2.5, load_seconds=3.0, wall_factor=4.0, memory_mib=100, output_mib=1
    )
    assert found.names == ("f", "g")
    assert found.exercise("f").not_allowed == ("torch.optim", "torch.func")
    assert found.exercise("g").not_allowed == ("torch.optim",)
    assert found.exercise("g").uses == ("f",)
    assert [item.gradients for item in found.exercises] == [False, True]


def test_files_of_an_assignment_are_where_the_layout_says(tmp_path):
    found = load(tmp_path)

    assert found.course.root == tmp_path
    assert found.folder == tmp_path / "solutions" / "a"
    assert found.toml == tmp_path / "solutions" / "a" / "assignment.toml"
    assert found.misconceptions == tmp_path / "solutions" / "a" / "misconceptions.py"
    assert found.alternatives == tmp_path / "solutions" / "a" / "alternatives.py"
    assert found.teaching == tmp_path / "solutions" / "a" / "teaching.py"
    assert found.reference == tmp_path / "solutions" / "a" / "a.py"
    assert found.visible_tests == tmp_path / "solutions" / "a" / "test_a.py"
    assert found.hidden_suite == tmp_path / "tests" / "hidden" / "test_a.py"


def test_unknown_assignment_says_what_there_is(tmp_path):
    course = find_course(make_course(tmp_path))

    with pytest.raises(CourseError, match=r"no assignment 'b'.*there is a"):
        load_assignment(course, "b")


def test_unknown_exercise_says_what_there_is(tmp_path):
    found = load(tmp_path)

    with pytest.raises(CourseError, match=r"no exercise 'g'.*lists f"):
        found.exercise("g")


@pytest.mark.parametrize("missing", ["solutions/a/a.py", "tests/hidden/test_a.py"])
def test_missing_file_of_an_assignment_is_named(tmp_path, missing):
    make_course(tmp_path)
    (tmp_path / missing).unlink()

    with pytest.raises(CourseError, match=f"{missing} is missing"):
        load_assignment(find_course(tmp_path), "a")


EXERCISE = '[[exercise]]\nname = "f"\npoints = 2\n'


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("title = ", "Invalid value"),
        ('title = "a', "(at end of document)"),
        (MINIMAL + "points = 3", "Cannot overwrite a value"),
        (TWO + "uses = []", "Cannot overwrite a value"),
    ],
)
def test_text_that_is_no_toml_is_named_with_the_file(tmp_path, toml, said):
    with pytest.raises(CourseError) as caught:
        load(tmp_path, toml)

    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'solutions' / 'a' / 'assignment.toml'}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("", ": no [[exercise]]; an assignment has at least one"),
        ("exercise = []", ": no [[exercise]]; an assignment has at least one"),
        ("exercise = 5", ":1: exercise = 5 is an int; it has to be a list of tables, each behind its own [[exercise]]"),
        (
            '[exercise]\nname = "f"',
            ":1: exercise = {'name': 'f'} is a table; it has to be a list of tables, each behind its own [[exercise]]",
        ),
        ("exercise = [1, 2]", ":1: exercise holds 1; each one is a table [[exercise]]"),
        ('exercise = ["f"]', ":1: exercise holds 'f'; each one is a table [[exercise]]"),
        ("exercise = [[]]", ":1: exercise holds []; each one is a table [[exercise]]"),
        ('[[exercise]]\nname = "f"', ":1: f: points is missing; it has to be a float"),
        ("[[exercise]]\npoints = 2", ":1: name is missing; it has to be a str"),
        ("[[exercise]]\nname = 5\npoints = 2", ":2: name = 5 is an int; it has to be a str"),
        ('[[exercise]]\nname = "f"\npoints = "2"', ":3: f: points = '2' is a str; it has to be a float"),
        ('[[exercise]]\nname = "f"\npoints = true', ":3: f: points = True is a bool; it has to be a float"),
        ('[[exercise]]\nname = "f"\npoints = 0', ":3: f: points = 0; it has to be more than 0, and finite"),
        ('[[exercise]]\nname = "f"\npoints = -1', ":3: f: points = -1; it has to be more than 0, and finite"),
        ('[[exercise]]\nname = "f"\npoints = nan', ":3: f: points = nan; it has to be more than 0, and finite"),
        ('[[exercise]]\nname = "f"\npoints = inf', ":3: f: points = inf; it has to be more than 0, and finite"),
        (
            '[[exercise]]\nname = "my f"\npoints = 1',
            ":2: exercise 'my f' has no Python name; call it as the function or class that it is",
        ),
        (
            '[[exercise]]\nname = ""\npoints = 1',
            ":2: exercise '' has no Python name; call it as the function or class that it is",
        ),
        (EXERCISE + EXERCISE, ":5: exercise 'f' stands twice; give each exercise a name of its own"),
        (EXERCISE + 'uses = ["g"]', ":4: f uses 'g', which is no other exercise of it"),
        (EXERCISE + 'uses = ["f"]', ":4: f uses 'f', which is no other exercise of it"),
        (EXERCISE + 'uses = "f"', ":4: f: uses = 'f' is a str; it has to be a list of names"),
        (EXERCISE + "uses = [1]", ":4: f: uses = [1]; it has to be a list of names"),
        (EXERCISE + "not_allowed = [1]", ":4: f: not_allowed = [1]; it has to be a list of names"),
        (
            EXERCISE + 'not_allowed = "torch.optim"',
            ":4: f: not_allowed = 'torch.optim' is a str; it has to be a list of names",
        ),
        (EXERCISE + "gradients = 1", ":4: f: gradients = 1 is an int; it has to be a bool"),
        (EXERCISE + "title = 1", ":4: f: title = 1 is an int; it has to be a str"),
        (EXERCISE + "hint = []", ":4: f: hint = [] is a list; it has to be a str"),
        (EXERCISE + "pionts = 2", ":4: unknown key pionts in [[exercise]]; did you mean points?"),
        ("titel = 'x'\n" + EXERCISE, ":1: unknown key titel; did you mean title?"),
        ("zzz = 1\naaa = 2\n" + EXERCISE, ":1: unknown key zzz, aaa; is it misspelt?"),
        ("title = 5\n" + EXERCISE, ":1: title = 5 is an int; it has to be a str"),
        (
            "order = 'first'\n" + EXERCISE,
            ":1: order is no longer read, since assignments are listed by name; delete it",
        ),
        ("feedback = 'all'\n" + EXERCISE, ":1: feedback = 'all'; it is one of score, hint, full"),
        ("feedback = true\n" + EXERCISE, ":1: feedback = True is a bool; it has to be a str"),
        ("gradients = 'no'\n" + EXERCISE, ":1: gradients = 'no' is a str; it has to be a bool"),
        ("not_allowed = [[]]\n" + EXERCISE, ":1: not_allowed = [[]]; it has to be a list of names"),
        ("limits = 5\n" + EXERCISE, ":1: limits = 5 is an int; it has to be a table"),
        (EXERCISE + "[limits]\nseconds = 1", ":5: unknown key seconds in [limits]; did you mean load_seconds?"),
        (EXERCISE + "[limits]\ncall_seconds = 0", ":5: limits.call_seconds = 0; it has to be more than 0, and finite"),
        (EXERCISE + "[limits]\nmemory_mib = -1", ":5: limits.memory_mib = -1; it has to be more than 0, and finite"),
        (EXERCISE + "[limits]\nmemory_mib = 10.5", ":5: limits.memory_mib = 10.5 is a float; it has to be an int"),
        (EXERCISE + "[limits]\nmemory_mib = true", ":5: limits.memory_mib = True is a bool; it has to be an int"),
        (
            EXERCISE + "[limits]\ncall_seconds = 'long'",
            ":5: limits.call_seconds = 'long' is a str; it has to be a float",
        ),
        (
            EXERCISE + "[limits]\ncall_seconds = nan",
            ":5: limits.call_seconds = nan; it has to be more than 0, and finite",
        ),
        (
            EXERCISE + "[limits]\ncall_seconds = inf",
            ":5: limits.call_seconds = inf; it has to be more than 0, and finite",
        ),
        (EXERCISE + "order = 1", ":4: unknown key order in [[exercise]]; is it misspelt?"),
        (
            "order = 1\nordr = 2\n" + EXERCISE,
            ":1: order is no longer read, since assignments are listed by name; delete it",
        ),
        ("titel = 1\nfeedbak = 2\n" + EXERCISE, ":1: unknown key titel, feedbak; did you mean title, feedback?"),
        ("title = 2020-01-01\n" + EXERCISE, ":1: title = datetime.date(2020, 1, 1) is a date; it has to be a str"),
        (
            "follow_through = 'x - at `$.y`'\n" + EXERCISE,
            ":1: follow_through = 'x - at `$.y`'; it is one of full, attempted, off",
        ),
        (
            "title = '''\npoints = 4\n'''\r\npoints = 3\n" + EXERCISE,
            ":4: points = 3, but those of the exercises add up to 2",
        ),
        (EXERCISE.replace("f", "observe"), ":2: exercise 'observe' has the name of a method of `student`; rename it"),
    ],
)
def test_mistake_in_an_assignment_is_named_with_file_and_line(tmp_path, toml, said):
    with pytest.raises(CourseError) as caught:
        load(tmp_path, toml)

    assert str(caught.value) == f"{tmp_path / 'solutions' / 'a' / 'assignment.toml'}{said}"


def test_assignment_that_is_no_utf8_is_named_with_the_file(tmp_path):
    make_course(tmp_path)
    (tmp_path / "solutions" / "a" / "assignment.toml").write_bytes(b"title = '\xff'")

    with pytest.raises(CourseError, match=r"assignment\.toml: .*utf-8"):
        load_assignment(find_course(tmp_path), "a")


def test_exercise_may_use_one_that_stands_below(tmp_path):
    toml = '[[exercise]]\nname = "f"\npoints = 2\nuses = ["g"]\n[[exercise]]\nname = "g"\npoints = 1\n'

    assert load(tmp_path, toml).exercise("f").uses == ("g",)


def test_reading_an_assignment_imports_no_torch(tmp_path):
    make_course(tmp_path)
    code = (
        "import sys; from pathlib import Path; from grader.course.lesson import read_lesson;"
        "from grader.course.reading import find_course, load_assignment;"
        "load_assignment(find_course(Path(sys.argv[1])), 'a'); print('torch' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
