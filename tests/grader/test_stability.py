"""The same files give the same bytes in another order, and right solutions keep their points with noise."""

import math

import pytest
import torch
from evidence import PROOF
from proof import noise, stability
from test_catalogue import COURSE

from grader.authoring.in_checker import Judge
from grader.course.assignment import Course
from grader.course.catalogue import read_alternatives
from grader.course.lesson import reference_source
from grader.course.reading import load_assignment
from grader.judge.collecting import with_suite
from grader.submissions.discover import discover

SOURCES = {
    "right": "def double(x):\n    return x + x\n\ndef mean_square(x):\n    return (x ** 2).mean()\n",
    "wrong": "def double(x):\n    print(x)\n    return 3 * x\n\ndef mean_square(x):\n    return x.mean() ** 2\n",
    "stateful": "n = [1]\ndef double(x):\n    n.append(1)\n    return len(n) * x\n",
    "crashing": "import random\ndef double(x):\n    raise ValueError(random.random())\n",
    "broken": "def double(x:\n",
}


def test_reports_are_the_same_bytes_in_another_order(small_course):
    for name, source in SOURCES.items():
        small_course.write(f"class/{name}/small.py", source)
    course = Course(root=small_course.root, names=("small",))
    found = discover([str(small_course.root / "class")])

    (result,) = stability.differences(course, "small", found, [(1, 1, False)])

    assert len(found) == len(SOURCES)
    assert result["other"] == []


def test_right_solutions_with_noise_keep_every_point_of_the_short_exercises():
    assignment = load_assignment(COURSE, "gradient_descent")
    sources = [reference_source(assignment), *list(read_alternatives(assignment).values())[::10]]
    exercises = [name for name in assignment.names if name != "training_loop"]

    def lost(suite):
        judge = Judge(assignment, suite)
        texts = [noise.noisy(source)[0] for source in sources]
        return [
            (place, name) for place, text in enumerate(texts) for name in exercises if judge.loses_points(text, name)
        ]

    assert with_suite(assignment, lost) == []


@pytest.mark.skipif(not PROOF, reason="it takes minutes")
@pytest.mark.parametrize("name", COURSE.names)
def test_right_solutions_with_noise_keep_every_point(name):
    (result,) = noise.run(COURSE, names=[name]).values()

    assert result["lost_points"] == {}
    assert result["places"] > 20 * result["graded"]


def test_noise_moves_numbers_by_one_unit_and_leaves_whole_ones_and_zeros():
    text, places = noise.noisy("def model(x, n):\n    return (x * 3.0, n * 3, 0.1 * 3, x - x)\n")
    namespace = {}
    exec(text, namespace)
    x = torch.tensor([1.1, 2.2, 3.3], dtype=torch.float64)

    moved, whole, number, zero = namespace["model"](x, 7)

    assert places == 4
    assert (moved != 3 * x).all()
    assert torch.allclose(moved, 3 * x, rtol=1e-15, atol=0)
    assert abs(number - 0.1 * 3) == math.ulp(0.3)
    assert (whole, zero.tolist()) == (21, [0.0, 0.0, 0.0])
