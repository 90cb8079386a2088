"""The arguments that a visible test says to matter do: with them, the reference's own answer changes."""

import subprocess
import sys
from pathlib import Path

import pytest
from evidence import sample

from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.handout.release import hand_out

COURSE = find_course(Path(__file__).parents[2])

# Runs the visible tests of the folder that it is started in, and asks again, with others in the place of each argument
# that is said to matter, whatever answers there.
PROGRAM = """
import sys
import pytest
import torch
sys.path.insert(0, ".")
from _course.answers.elsewhere import OTHERS, keeping, other_counts, others_for_each
from _course.answers.explain import as_numbers, samples_in
from _course.kit import expecting

expect, seen, wrong = expecting.expect, set(), []
MOST_EPOCHS = 10  # what matters in ten epochs matters in thousands, which take long

def changes(ask, arguments, name, values, want):
    answers = [as_numbers(ask({**arguments, name: value})).detach().double() for value in values]
    return any(one.shape != want.shape or not torch.allclose(one, want, rtol=1e-4, atol=1e-4) for one in answers)

def recording(exercise, arguments, value, expected, *, matters=(), ask=None, **how):
    want = as_numbers(value).detach().double()
    size, values = samples_in(arguments), dict(others_for_each(arguments))
    for name in matters if arguments.get("n_epochs", 0) <= MOST_EPOCHS else ():
        item = arguments[name]
        seen.add((exercise, name))
        others = values.get(name) or other_counts(item)
        if not changes(ask, arguments, name, others, want):
            wrong.append(f"{exercise}: {name} of {arguments} does not matter")
        if isinstance(item, torch.Tensor) and item.dim() and item.shape[0] == size > 1 and want.shape[:1] != (size,):
            for kept in (0, -1):
                if not changes(ask, arguments, name, [keeping(item, other, kept) for other in OTHERS], want):
                    wrong.append(f"{exercise}: only row {kept} of {name} of {arguments} matters")
    expect(exercise, arguments, value, expected, matters=matters, ask=ask, **how)

class Fixed:
    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if not hasattr(item.obj, "hypothesis")]  # nothing drawn is said to matter

expecting.expect = recording
chosen = "not 000 and not prints"  # long trainings
status = pytest.main(["-q", "-p", "no:cacheprovider", "--capture=sys", "-k", chosen], plugins=[Fixed()])
print("\\n".join(["", *wrong, f"{len(seen)} were asked"]))
sys.exit(int(status))
"""


@pytest.mark.parametrize(
    "name", sample(["gradient_descent", "autograd", "neuron", "quadratic", "network"], "gradient_descent", "network")
)
def test_what_is_said_to_matter_does(name, tmp_path):
    assignment = load_assignment(COURSE, name)
    hand_out(COURSE, [name], tmp_path)
    (tmp_path / name / f"{name}.py").write_text(reference_source(assignment), "utf-8")

    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path / name, capture_output=True, text=True, check=False, timeout=300
    )

    assert run.returncode == 0, run.stdout
    assert "does not matter" not in run.stdout
    assert "matters\n" not in run.stdout
    assert int(run.stdout.split()[-3]) > 5
