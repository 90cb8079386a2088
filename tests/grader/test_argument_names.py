"""Names that a submission gives its arguments: what it has, what the stub has, and what a right helper understands."""

from pathlib import Path

from grader.backends.analysis import to_analysis
from grader.course.lesson import exercise_arguments
from grader.course.reading import find_course, load_assignment
from grader.syntax.statements import Cell
from grader.worker.analysis import analyse

COURSE = find_course(Path(__file__).parents[2])


def found_in(source, *, stub=("a", "b")):
    found = analyse([Cell(filename="a.py", text=source)], ["model"], {})
    return to_analysis(found, {"model": stub})


def test_arguments_are_those_of_the_definition_that_counts():
    sources = {
        "function": "def model(x, /, y, *, c):\n    return x",
        "class": "class model:\n    def __init__(self, x, y=1):\n        pass",
        "lambda": "model = lambda x, y: x",
        "later one": "def model(a):\n    return a\n\n\ndef model(x, y):\n    return x",
    }

    renamed = {name: found_in(source).renamed["model"] for name, source in sources.items()}

    assert [*renamed.values()] == [(("x", "a"), ("y", "b"))] * len(sources)


def test_value_that_is_no_function_has_no_names_of_its_own():
    assert found_in("model = print").renamed == {"model": ()}
    assert found_in("").renamed == {"model": ()}


def test_names_of_the_stub_are_nothing_to_say():
    assert found_in("def model(a, b, more=1):\n    return a").renamed == {"model": ()}


def test_right_helper_understands_the_own_name_of_each_argument():
    assert found_in("def model(x, b):\n    return x").understood == {"model": {"x": "a"}}


def test_name_that_the_stub_has_at_another_place_means_what_it_means_there():
    assert found_in("def model(b, a):\n    return a").understood == {"model": {}}


def test_exercises_of_the_course_have_the_names_of_their_stubs():
    found = exercise_arguments(load_assignment(COURSE, "optimizers"))

    assert found["optimizer_step"] == ["optimizer", "params", "t_u", "t_c"]
    assert found["Adam"] == ["params", "lr", "betas", "eps"]
