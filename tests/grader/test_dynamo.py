"""Optimizers compute without torch._dynamo, to the last digit as with it; who asks for more of it gets the real one."""

import json
import subprocess
import sys
import textwrap

import pytest

STARTED_BY_EXEC = True  # it looks at processes, or at what they can reach

STEPS = """
import torch, json, sys
def digits(make):
    w = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
    b = torch.tensor(0.25, requires_grad=True)
    optimizer = make([w, b])
    for step in range(20):
        optimizer.zero_grad()
        ((w * torch.tensor([3.0, 0.1, -2.0])).sum() + b - step).pow(2).backward()
        optimizer.step()
    optimizer.load_state_dict(optimizer.state_dict())
    return [float(number).hex() for number in (*w, b)]
optim = torch.optim
makers = [
    lambda p: optim.SGD(p, lr=0.01), lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    lambda p: optim.SGD(p, lr=0.01, weight_decay=0.1, momentum=0.5, dampening=0.1), lambda p: optim.Adam(p, lr=0.1),
    lambda p: optim.Adam(p, lr=0.1, amsgrad=True), lambda p: optim.AdamW(p), lambda p: optim.RMSprop(p),
    lambda p: optim.Adagrad(p), lambda p: optim.Rprop(p), lambda p: optim.NAdam(p),
]
found = [digits(make) for make in makers]
gradient = torch.func.grad(lambda x: (x ** 3).sum())(torch.tensor([1.0, 2.0])).tolist()
"""


def run(before, after):
    code = f"{before}\n{STEPS}\n{after}"
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def with_stand_in():
    before = "from grader.worker.dynamo import leave_out_dynamo\ndone = leave_out_dynamo(), leave_out_dynamo()"
    after = """
import inspect
inspect.getmodule(digits)
left_out = "torch._dynamo.config" not in sys.modules
import torch._dynamo.config
real = torch._dynamo.config.__name__, hasattr(torch._dynamo, "optimize")
print(json.dumps([found, gradient, done, left_out, real, digits(makers[0])]))
"""
    return run(before, after)


def test_names_that_the_stand_in_needs_are_there(with_stand_in):
    _, _, done, _, _, _ = with_stand_in

    assert done == [True, False]  # once is enough


def test_steps_are_the_same_to_the_last_digit(with_stand_in):
    found, gradient, *_ = with_stand_in

    assert run("", "print(json.dumps([found, gradient]))") == [found, gradient]
    assert gradient == [3.0, 12.0]


def test_optimizers_and_gradients_import_nothing_of_it(with_stand_in):
    _, _, _, left_out, _, _ = with_stand_in

    assert left_out


def test_whoever_asks_for_more_gets_the_real_module(with_stand_in):
    found, _, _, _, real, after = with_stand_in

    assert real == ["torch._dynamo.config", True]
    assert after == found[0]
