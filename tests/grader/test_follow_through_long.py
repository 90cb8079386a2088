"""What only a long run shows is credited to a loop only where it was seen, whatever is wrong with its helpers."""

from pathlib import Path

import pytest
from evidence import sample

from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.judge.parallel import grade_all
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

COURSE = find_course(Path(__file__).parents[2])
HELPERS = {
    "right": "",
    "of another size": "def dloss_fn(t_p, t_c):\n    return (t_p - t_c) / t_p.shape[0]",
    "with a sign": "def dloss_fn(t_p, t_c):\n    return 2 * (t_c - t_p) / t_p.shape[0]",
    "of zeros": "def dloss_fn(t_p, t_c):\n    return 0 * t_p",
    "that raises": "def dloss_fn(t_p, t_c):\n    raise ValueError('no')",
    "of lower precision": "def model(t_u, w, b):\n    return (w * t_u + b).float()",
}
TRIED = sample(HELPERS, "right", "of another size")
STEP = "        params = params - learning_rate * gradient\n"
LATE = STEP.replace("params = ", "if epoch <= 1000:\n            params = ")


@pytest.fixture(scope="module")
def points(tmp_path_factory):
    """Return what each loop earns, by the helper beside it and by whether it is right."""
    folder = tmp_path_factory.mktemp("class")
    reference = reference_source(load_assignment(COURSE, "gradient_descent"))
    assert STEP in reference
    for name in TRIED:
        for kind, source in (("right", reference), ("late", reference.replace(STEP, LATE))):
            (folder / f"{name.replace(' ', '_')}_{kind}.py").write_text(f"{source}\n\n{HELPERS[name]}\n", "utf-8")
    found = {}

    def each(submission, report):
        loop = next(item for item in report.exercises if item.exercise == "training_loop")
        found[Path(submission.given).stem] = loop

    grade_all(COURSE, "gradient_descent", discover([str(folder)]), mode=SandboxMode.AUTO, each=each)
    return found


@pytest.mark.parametrize("helper", TRIED)
def test_right_loop_keeps_its_points(points, helper):
    assert points[f"{helper.replace(' ', '_')}_right"].score == 6.0


@pytest.mark.parametrize("helper", TRIED)
def test_loop_that_stops_late_loses_the_same_beside_any_helper(points, helper):
    found = points[f"{helper.replace(' ', '_')}_late"]

    assert found.score == points["right_late"].score == 3.0
    assert found.diagnosis == points["right_late"].diagnosis != ()
