"""Finding a course and reading an assignment: every mistake of an author is one clear line."""

import pytest

from grader.course.assignment import Limits
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError

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

    with pytest.raises(CourseError, match=r"no assignment there.*assignment\.toml"):
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

    assert (found.name, found.title, found.order, found.feedback) == ("a", "a", 0, "hint")
    assert found.limits == Limits()
    assert found.max_score == 2
    exercise = found.exercise("f")
    assert (exercise.title, exercise.hint, exercise.uses, exercise.not_allowed) == ("f", "", (), ())
    assert exercise.gradients


def test_full_assignment_is_read(tmp_path):
    toml = """
    title = "Title"
    order = 3
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

    assert (found.title, found.order, found.feedback, found.max_score) == ("Title", 3, "score", 2.5)
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
        ("", "no [[exercise]]"),
        ("exercise = []", "no [[exercise]]"),
        ("exercise = 5", "exercise = 5 is a int; it has to be a list"),
        ('[exercise]\nname = "f"', "it has to be a list"),
        ("exercise = [1, 2]", "exercise"),
        ('exercise = ["f"]', "exercise"),
        ("exercise = [[]]", "exercise holds []"),
        ('[[exercise]]\nname = "f"', "points is missing; it has to be a float"),
        ("[[exercise]]\npoints = 2", "name is missing; it has to be a str"),
        ("[[exercise]]\nname = 5\npoints = 2", "name = 5 is a int; it has to be a str"),
        ('[[exercise]]\nname = "f"\npoints = "2"', "points = '2' is a str; it has to be a float"),
        ('[[exercise]]\nname = "f"\npoints = true', "points = True is a bool"),
        ('[[exercise]]\nname = "f"\npoints = 0', "f has 0.0 points; give it more than 0"),
        ('[[exercise]]\nname = "f"\npoints = -1', "f has -1.0 points; give it more than 0"),
        ('[[exercise]]\nname = "f"\npoints = nan', "points"),
        ('[[exercise]]\nname = "f"\npoints = inf', "points"),
        ('[[exercise]]\nname = "my f"\npoints = 1', "'my f' stands twice or is no Python name"),
        ('[[exercise]]\nname = ""\npoints = 1', "'' stands twice or is no Python name"),
        (EXERCISE + EXERCISE, "'f' stands twice"),
        (EXERCISE + 'uses = ["g"]', "f uses 'g', which is no other exercise"),
        (EXERCISE + 'uses = ["f"]', "f uses 'f', which is no other exercise"),
        (EXERCISE + 'uses = "f"', "uses = 'f' is a str; it has to be a list"),
        (EXERCISE + "uses = [1]", "uses = [1]; it has to be a list of names"),
        (EXERCISE + "not_allowed = [1]", "not_allowed = [1]; it has to be a list of names"),
        (EXERCISE + 'not_allowed = "torch.optim"', "it has to be a list"),
        (EXERCISE + "gradients = 1", "gradients = 1 is a int; it has to be a bool"),
        (EXERCISE + "title = 1", "title = 1 is a int; it has to be a str"),
        (EXERCISE + "hint = []", "hint = [] is a list; it has to be a str"),
        (EXERCISE + "pionts = 2", "unknown key pionts; is it misspelt?"),
        ("titel = 'x'\n" + EXERCISE, "unknown key titel; is it misspelt?"),
        ("zzz = 1\naaa = 2\n" + EXERCISE, "unknown key aaa, zzz"),
        ("title = 5\n" + EXERCISE, "title = 5 is a int; it has to be a str"),
        ("order = 'first'\n" + EXERCISE, "order = 'first' is a str; it has to be a int"),
        ("order = 1.5\n" + EXERCISE, "order = 1.5 is a float; it has to be a int"),
        ("order = true\n" + EXERCISE, "order = True is a bool; it has to be a int"),
        ("feedback = 'all'\n" + EXERCISE, "feedback = 'all'; it is one of score, hint, full"),
        ("feedback = true\n" + EXERCISE, "feedback = True is a bool"),
        ("gradients = 'no'\n" + EXERCISE, "gradients = 'no' is a str"),
        ("not_allowed = [[]]\n" + EXERCISE, "it has to be a list of names"),
        ("limits = 5\n" + EXERCISE, "limits = 5 is a int; it has to be a dict"),
        (EXERCISE + "[limits]\nseconds = 1", "unknown key seconds"),
        (EXERCISE + "[limits]\ncall_seconds = 0", "limits.call_seconds = 0.0; it has to be more than 0"),
        (EXERCISE + "[limits]\nmemory_mib = -1", "limits.memory_mib = -1; it has to be more than 0"),
        (EXERCISE + "[limits]\nmemory_mib = 10.5", "memory_mib = 10.5 is a float; it has to be a int"),
        (EXERCISE + "[limits]\nmemory_mib = true", "memory_mib = True is a bool; it has to be a int"),
        (EXERCISE + "[limits]\ncall_seconds = 'long'", "call_seconds = 'long' is a str; it has to be a float"),
        (EXERCISE + "[limits]\ncall_seconds = nan", "call_seconds"),
        (TWO + "uses = []", "Cannot overwrite a value"),
    ],
)
def test_mistake_in_an_assignment_is_named_with_the_file(tmp_path, toml, said):
    with pytest.raises(CourseError) as caught:
        load(tmp_path, toml)

    assert said in str(caught.value)
    assert str(tmp_path / "solutions" / "a" / "assignment.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_assignment_that_is_no_utf8_is_named_with_the_file(tmp_path):
    make_course(tmp_path)
    (tmp_path / "solutions" / "a" / "assignment.toml").write_bytes(b"title = '\xff'")

    with pytest.raises(CourseError, match=r"assignment\.toml: .*utf-8"):
        load_assignment(find_course(tmp_path), "a")


def test_exercise_may_use_one_that_stands_below(tmp_path):
    toml = '[[exercise]]\nname = "f"\npoints = 2\nuses = ["g"]\n[[exercise]]\nname = "g"\npoints = 1\n'

    assert load(tmp_path, toml).exercise("f").uses == ("g",)
