"""Two private names that the design leans on: if torch or hypothesis drop them, these tests fail first."""

import subprocess
import sys

import pytest
import torch

from grader.worker.gradients import gradients

DRAW = """
import os, sys
sys.path.insert(0, {root!r})
import grader.suite
from grader.suite.settings import use_fixed_examples
from hypothesis import given, strategies as st
for extra in {extras!r}:  # each in a process of its own, which need not import torch again
    process = os.fork()
    if process:
        assert os.waitpid(process, 0)[1] == 0
        continue
    exec(extra)
    use_fixed_examples()
    drawn = []
    @given(st.lists(st.floats(allow_nan=False)), st.integers(), st.text())
    def test(numbers, integer, text):
        drawn.append((numbers, integer, text))
    test()
    print(ascii(drawn), flush=True)
    os._exit(0)
"""


def test_gradients_off_cannot_be_switched_on_again():
    with gradients(on=False), torch.enable_grad():
        x = torch.ones(3, requires_grad=True)
        y = (x * 2).sum()

    assert not y.requires_grad
    assert y == 6


@pytest.mark.parametrize("transform", [torch.func.grad, torch.func.jacrev, torch.func.jacfwd, torch.func.hessian])
def test_gradients_off_refuse_transforms_and_leave_them_whole(transform):
    def loss(x):
        return (x * x).sum()

    with pytest.raises(RuntimeError, match="switched off"), gradients(on=False):
        transform(loss)(torch.ones(3))

    assert torch.equal(torch.func.grad(loss)(torch.ones(3)), 2 * torch.ones(3))


def test_gradients_off_leave_vmap():
    with gradients(on=False):
        doubled = torch.vmap(lambda x: 2 * x)(torch.ones(3))

    assert torch.equal(doubled, 2 * torch.ones(3))


def test_gradients_on_track_what_is_computed():
    with gradients(on=True):
        y = (torch.ones(3, requires_grad=True) * 2).sum()

    assert y.requires_grad


def test_arithmetic_is_the_same_with_gradients_off():
    x = torch.linspace(-3, 3, 7)
    with gradients(on=False):
        inside = [x.clone().mul_(2), x @ x, torch.stack([x, x]).mean(dim=0), x.view(7, 1).expand(7, 2).sum(1), x[::2]]

    outside = [x.clone().mul_(2), x @ x, torch.stack([x, x]).mean(dim=0), x.view(7, 1).expand(7, 2).sum(1), x[::2]]
    assert all(torch.equal(a, b) for a, b in zip(inside, outside, strict=True))


def test_examples_do_not_depend_on_what_else_is_imported(tmp_path):
    constants = tmp_path / "constants_of_a_local_module.py"
    constants.write_text("A = 123456.789\nB = 987654321\nC = 'an unusual constant'\n")
    extras = ("", "import constants_of_a_local_module", "import random; random.seed(5)")

    done = subprocess.run(
        [sys.executable, "-c", DRAW.format(root=str(tmp_path), extras=extras)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    outputs = done.stdout.splitlines()
    assert len(outputs) == len(extras)
    assert len(set(outputs)) == 1
