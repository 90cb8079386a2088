"""Torch is imported without what nothing that is graded uses, and computes as the whole torch does."""

import subprocess
import sys
from pathlib import Path

from grader.worker.unused import UNUSED

ROOT = Path(__file__).parents[2]
LEAN = "from grader.worker.unused import UNUSED, import_without_unused\nlean = import_without_unused()\n"
WHOLE = "import torch\nfrom grader.worker.unused import UNUSED, import_without_unused\nlean = import_without_unused()\n"
LOADED = "import sys\nprint(lean, [name for name in UNUSED if getattr(sys.modules[name], '__file__', None)])\n"
# What is asked of torch; each answer is printed with all its digits.
ASKED = """
import torch
import torch.autograd.forward_ad as forward

F = torch.nn.functional
torch.set_printoptions(precision=17)
torch.manual_seed(5)
print(torch.rand(3, generator=torch.Generator().manual_seed(3)), torch.randn(3), torch.randperm(5))
x = torch.tensor([0.3, -1.7, 2.5], requires_grad=True)
for f in (torch.sigmoid, torch.tanh, F.elu, F.softplus, F.gelu, torch.exp, torch.relu):
    print(torch.autograd.grad(f(x).sum(), x))
layer = torch.nn.Linear(3, 2)
for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop):
    optimizer = kind(layer.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        layer(torch.ones(4, 3)).square().mean().backward()
        optimizer.step()
    print(layer.weight, layer.bias)
losses = (F.mse_loss, F.huber_loss, F.smooth_l1_loss, F.l1_loss)
for loss in losses:
    f = lambda p: loss(p * p, torch.zeros(2))
    for way in (torch.func.grad, torch.func.jacrev, torch.func.jacfwd, torch.func.hessian):
        print(way(f)(torch.tensor([1.0, 0.7])))
    print(torch.func.vmap(torch.func.grad(f))(torch.ones(3, 2)))
with forward.dual_level():
    print(forward.unpack_dual(torch.sigmoid(forward.make_dual(torch.ones(2), torch.ones(2)))))
data = torch.utils.data.TensorDataset(torch.arange(6.0))
print([batch for batch, in torch.utils.data.DataLoader(data, 4, shuffle=True)])
print(torch.empty(2, 3, device="meta") @ torch.empty(3, 4, device="meta"))
print(torch.export.Dim("n"), torch.export.export(torch.nn.ReLU(), (torch.ones(2),)).graph_signature)
print(torch.nn.utils.clip_grad_norm_(layer.parameters(), 0.1), torch.linalg.norm(torch.ones(2, 2)))
"""


def said(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_left_out_of_the_version_that_is_pinned_and_its_names_are_there():
    assert said(LEAN + LOADED) == "True []\n"
    assert said(WHOLE + LOADED) == f"False {list(UNUSED)}\n"


def test_all_that_is_asked_of_it_is_answered_as_by_the_whole():
    assert said(LEAN + ASKED) == said(WHOLE + ASKED)


def test_another_version_is_imported_as_a_whole():
    code = "from grader.worker import unused\nunused._TRIED = ('0.1.',)\nlean = unused.import_without_unused()\n"

    assert said(f"{code}UNUSED = unused.UNUSED\n{LOADED}") == f"False {list(UNUSED)}\n"


def test_what_lacks_its_tools_has_none_of_it_and_can_map_all_the_same():
    code = """
from grader.worker.absent import AbsentModule
from grader.worker.unused import keep_out_unused
import torch
print(keep_out_unused(AbsentModule), type(torch.export).__name__)
print(torch.vmap(torch.neg)(torch.ones(2)))
import sys
print([name for name in UNUSED if type(sys.modules[name]) is not AbsentModule])
"""

    assert said(LEAN + code) == "True AbsentModule\ntensor([-1., -1.])\n[]\n"
    assert said(WHOLE + code.partition("import sys")[0]).startswith("False module\n")
