"""What a worker lacks: the tools that its exercise may not use, by whatever name they are reached."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest

from grader.worker.without import Without

_SERVER = """
import json, os, sys, traceback, warnings
from grader.worker.absent import keep_out
keep_out("torch.optim")
from grader.worker.unused import import_without_unused
assert import_without_unused()
import torch
from grader.worker.forkserver import _let_optimizers_in
from grader.worker.tools import take_away
from grader.worker.without import Without
warnings.simplefilter("ignore")
torch.set_num_threads(1)
print(flush=True)
for line in sys.stdin:
    lacks, code = json.loads(line)
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        try:
            if not lacks & Without.OPTIMIZERS:
                _let_optimizers_in()
            before = set(dir(torch._C))
            take_away(Without(lacks))
            x = torch.tensor([1.0, 2.0], requires_grad=True)
            exec(code, {"torch": torch, "x": x, "before": before})
        except BaseException as error:
            print(f"{type(error).__name__}: {error}")
        sys.stdout.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as output:
        found = output.read()
    os.waitpid(process, 0)
    print(json.dumps(found), flush=True)
"""


class Server:
    """A process that has imported torch, and forks another for each piece of code."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _SERVER]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.process.stdout.readline()

    def run(self, without: Without, source: str) -> str:
        """Run code where these tools are lost; return what it printed, with what it raised."""
        self.process.stdin.write(json.dumps([int(without), textwrap.dedent(source)]) + "\n")
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module", name="server")
def server_fixture() -> Iterator[Server]:
    server = Server()
    with server.process:
        yield server
        server.process.stdin.close()


BOTH = Without.AUTOGRAD | Without.OPTIMIZERS


def test_no_operator_keeps_a_kernel_of_autograd(server: Server):
    found = server.run(
        Without.AUTOGRAD,
        """
        left = 0
        for name in torch._C._dispatch_get_all_op_names():
            for line in torch._C._dispatch_dump_table(name).splitlines():
                if line.startswith("Autograd") and "[autograd kernel]" in line and "fallthrough" not in line:
                    left += 1
        print(left, torch._C._dispatch_has_kernel_for_dispatch_key("aten::mul.Tensor", "Autograd"))
        """,
    )

    assert found == "0 True\n"


def test_no_function_that_compiles_or_traces_is_left_alive(server: Server):
    found = server.run(
        BOTH,
        """
        import gc
        gone = before - set(dir(torch._C))
        assert {"_jit_script_compile", "_create_function_from_trace", "_jit_differentiate", "parse_ir"} <= gone
        gc.collect()
        kinds = {type(torch.ones), type(torch._C._dispatch_dump)}
        print([item.__name__ for item in gc.get_objects() if type(item) in kinds and item.__name__ in gone])
        """,
    )

    assert found == "[]\n"


GRADIENTS = {
    "backward": "(x * x).sum().backward()",
    "the engine itself": "y = (x * x).sum(); print(y.grad_fn); torch._C._ImperativeEngine().run_backward("
    "(y,), (torch.ones(()),), False, False, (x,), allow_unreachable=True, accumulate_grad=False)",
    "grad": "torch.autograd.grad((x * x).sum(), x)",
    "torch.func": "torch.func.grad(lambda x: (x * x).sum())(x)",
    "torch.func by its own module": "import torch._functorch.eager_transforms as e; e.vjp(lambda x: (x * x).sum(), x)",
    "functional": "torch.autograd.functional.jacobian(lambda x: x * x, x)",
    "compile": "torch.compile(lambda x: x * x)(x)",
    "script": "torch.jit.script(lambda x: x * x)",
    "kernels of derivatives": "torch.ops.aten.sigmoid_backward(x, x)",
    "formulas of derivatives": "print(torch._decomp.decompositions.mse_loss_backward(x, x, x, 1))",
    "formulas from a module": "from torch._decomp import decompositions as d; print(d.mse_loss_backward(x, x, x, 1))",
    "formulas of a table": "print(torch._decomp.get_decompositions([torch.ops.aten.mse_loss_backward]))",
    "formulas of an export": "print(torch.export.export(torch.nn.Linear(2, 1), (x,)))",
    "the mode of inference": "y = torch.inference_mode(False)(lambda: x * x)(); y.sum().backward()",
}


@pytest.mark.parametrize("code", GRADIENTS.values(), ids=GRADIENTS)
def test_what_differentiates_raises_by_every_name(server: Server, code):
    found = server.run(BOTH, code)

    assert any(said in found for said in ("NotAllowed", "does not require grad", "no attribute 'run_backward'"))
    assert "Backward" not in found  # what was printed of a graph


def test_forward_mode_finds_no_tangent(server: Server):
    found = server.run(
        BOTH,
        """
        level = torch._C._enter_dual_level()
        dual = torch._VF._make_dual(torch.ones(2), torch.ones(2), level=level)
        print(torch._VF._unpack_dual(dual * dual, level=level)[1])
        """,
    )

    assert found == "None\n"


@pytest.mark.parametrize("device", ["cuda", "meta", "xpu", "privateuseone"])
def test_tensor_that_claims_another_device_records_nothing(server: Server, device):
    found = server.run(
        BOTH,
        f"""
        from torch.utils._pytree import tree_map
        class Wrapped(torch.Tensor):
            @staticmethod
            def __new__(cls, inner):
                made = torch.Tensor._make_wrapper_subclass(
                    cls, inner.shape, dtype=inner.dtype, device="{device}", requires_grad=inner.requires_grad
                )
                made.inner = inner
                return made
            @classmethod
            def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
                inner = tree_map(lambda item: getattr(item, "inner", item), (args, kwargs or {{}}))
                return tree_map(lambda item: Wrapped(item) if isinstance(item, torch.Tensor) else item,
                                function(*inner[0], **inner[1]))
        y = Wrapped(torch.ones(2)).requires_grad_().mul(2)
        print(y.requires_grad, y.grad_fn)
        """,
    )

    assert found == "False None\n" or "Error" in found  # torch may want to register what it can't
    assert "Backward" not in found


def test_what_was_registered_is_undone_by_no_other_handle(server: Server):
    found = server.run(
        BOTH,
        """
        import gc
        library = torch.library.Library("aten", "IMPL")
        library._destroy()
        library.m = None
        del library
        gc.collect()
        kind = torch._C._DispatchModule
        print((x * 2).grad_fn, [item for item in gc.get_objects() if isinstance(item, kind)], hasattr(kind, "reset"))
        """,
    )

    assert found == "None [] False\n"


OPTIMIZERS = {
    "by its name": "torch.optim.SGD([x], lr=0.1)",
    "imported": "from torch.optim.adam import Adam; Adam([x])",
    "derived": "class Own(torch.optim.Optimizer): pass",
    "found by a path": "import pydoc; pydoc.locate('torch.optim.SGD')([x], lr=0.1)",
    "the kernel": "torch._fused_sgd_([x.detach()], [x.detach()], [], weight_decay=0.0, momentum=0.0, lr=0.1,"
    " dampening=0.0, nesterov=False, maximize=False, is_first_step=True)",
    "the kernel's operator": "a = [torch.ones(2)]; torch.ops.aten._fused_adam_(a, a, a, a, [], [torch.tensor(1.0)],"
    " lr=0.1, beta1=0.9, beta2=0.99, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)",
}


@pytest.mark.parametrize("code", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_optimizer_raises_by_every_name(server: Server, code):
    found = server.run(Without.OPTIMIZERS, code)

    assert "NotAllowed" in found


def test_without_optimizers_gradients_are_there(server: Server):
    found = server.run(Without.OPTIMIZERS, "(x * x).sum().backward(); print(x.grad)")

    assert found == "tensor([2., 4.])\n"


WORKS = {
    "arithmetic": "print(((x * 2 + 1) @ x).item())",
    "modules": "torch.manual_seed(0); print(torch.nn.Linear(2, 1)(x).shape, torch.nn.MSELoss()(x, x).item())",
    "no_grad": "print(torch.no_grad()(lambda: x * 2)())",
    "vmap": "print(torch.vmap(lambda x: x * 2)(x.detach()))",
    "in place": "y = torch.zeros(2); y[0] += 3; y.view(1, 2).mul_(2); print(y)",
    "a loader": "print(list(torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x.detach()), batch_size=2)))",
    "a copy": "import copy; print(copy.deepcopy(x))",
    "numpy": "print(x.detach().numpy().sum())",
    "Variable": "from torch.autograd import Variable; print(Variable(x.detach()))",
    "a parameter": "print(torch.nn.Parameter(torch.ones(1)).requires_grad)",
    "an import that is not used": "import torch.optim as o; from torch import nn, optim; from torch.optim import SGD",
    "an annotation": "def f(a: torch.optim.Optimizer | None, b: 'torch.autograd.Function'): pass\nprint(1)",
}


@pytest.mark.parametrize("code", WORKS.values(), ids=WORKS)
def test_what_is_allowed_works_without_the_tools_as_with_them(server: Server, code):
    assert server.run(BOTH, code) == server.run(Without.NOTHING, code)


def test_nothing_is_taken_from_a_process_that_lacks_nothing(server: Server):
    assert server.run(Without.NOTHING, "print((x * 2).requires_grad, torch.optim.SGD.__name__)") == "True SGD\n"
