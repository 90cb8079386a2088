"""The same files give the same bytes in another order, and right solutions keep their points with noise."""

import math

import torch
from evidence import PROOF
from proof import noise
from proof.stability import differences
from test_catalogue import COURSE

from grader.submissions import discover

FILES = ("gradient_descent_dmitri.py", "gradient_descent_jakub.zip", "gradient_descent_linh")
PLAN = [(order, 1 + order % 2, order % 4 > 1) for order in range(1, 6)] if PROOF else [(1, 1, False)]


def test_reports_are_the_same_bytes_in_another_order():
    folder = COURSE.root / "examples" / "class" / "gradient_descent"
    found = discover([str(folder / name) for name in FILES])

    results = differences(COURSE, "gradient_descent", found, PLAN)

    assert [item["other"] for item in results] == [[]] * len(PLAN)


def test_right_solutions_with_noise_keep_every_point():
    found = noise.run(COURSE, names=() if PROOF else ("gradient_descent",), sample=4 if PROOF else 20)

    for name, result in found.items():
        assert result["lost_points"] == {}, name
        assert result["places"] > 20 * result["graded"], name


def test_noise_moves_numbers_by_one_unit_and_leaves_whole_ones():
    source = "def model(x, n):\n    return (x * 3.0, n * 3, 0.1 * 3, x - x)\n"
    text, places = noise.noisy(source)
    namespace = {}
    exec(text, namespace)
    x = torch.tensor([1.1, 2.2, 3.3], dtype=torch.float64)

    moved, whole, number, zero = namespace["model"](x, 7)

    assert places == 4
    assert (moved != 3 * x).all()
    assert torch.allclose(moved, 3 * x, rtol=1e-15, atol=0)
    assert abs(number - 0.1 * 3) == math.ulp(0.3)
    assert (whole, zero.tolist()) == (21, [0.0, 0.0, 0.0])
