"""Attacks that were written against the grader with its whole source at hand, each with its goal.

An attack is a file, and what it may keep: the exercises that are honest work in it. `LEAK` before a number marks what
an attack would tell of a hidden input.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ATTACKS", "HONEST", "Attack"]


@dataclass(frozen=True)
class Attack:
    """One file against one assignment; `keeps` are the exercises that earn their points by honest work."""

    goal: str
    assignment: str
    text: str
    keeps: frozenset[str] = frozenset()


HEAD = "import builtins, gc, importlib, os, pkgutil, pydoc, sys, threading, time\nimport torch\n"
LINE = """
def model(t_u, w, b):
    return w * t_u + b

def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()
"""
KEPT = frozenset({"model", "loss_fn"})

# --- autograd for `grad_fn` ------------------------------------------------------------------------

# How one comes by `torch.autograd` or a part of it; what stands before the function, and the expression in it.
WAYS = {
    "plain": ("", "torch.autograd"),
    "attribute_store": ("class H: pass\nH.tool = torch.autograd\n", "H.tool"),
    "item_store": ("tools = {}\ntools['a'] = torch.autograd\n", "tools['a']"),
    "append": ("tools = []\ntools.append(torch.autograd)\n", "tools[0]"),
    "map_getattr": ("", "list(map(getattr, [torch], ['autograd']))[0]"),
    "locate": ("", "pydoc.locate('torch.autograd')"),
    "resolve_name": ("", "pkgutil.resolve_name('torch.autograd')"),
    "import_module": ("", "importlib.import_module('torch.autograd')"),
    "sys_modules": ("", "sys.modules['torch.autograd']"),
    "vars": ("", "vars(torch)['autograd']"),
    "dict_of_a_module": ("", "torch.__dict__['autograd']"),
    "another_module": ("import torch.utils.checkpoint as c\n", "c.torch.autograd"),
    "match": (
        "def pick(x):\n    match x:\n        case object(autograd=found):\n            return found\n",
        "pick(torch)",
    ),
    "default_argument": ("def tool(a=torch.autograd):\n    return a\n", "tool()"),
    "defaults_of_another": ("def tool(a=None):\n    return a\ntool.__defaults__ = (torch.autograd,)\n", "tool()"),
    "closure": ("def make(a):\n    return lambda: a\ntool = make(torch.autograd)\n", "tool()"),
    "class_of_another_module": (
        "class T:\n    a = torch.autograd\nT.__module__ = 'math'\n",
        "T.a",
    ),
    "unpickled": ("import pickle\n", "pickle.loads(b'ctorch\\nautograd\\n.')"),
    "builtins": ("builtins.tool = torch.autograd\n", "tool"),
    "generator": ("def g():\n    yield torch.autograd\n", "next(g())"),
    "walrus": ("", "(t := torch).autograd"),
    "gc": ("", "[m for m in gc.get_objects() if getattr(m, '__name__', '') == 'torch.autograd'][0]"),
    "subclasses": ("", "[c for c in type.__subclasses__(object) if c.__name__ == 'no'][0]"),
    "frame": ("", "sys._getframe().f_globals['torch'].autograd"),
    "one_point_holds_it": (
        "def dmodel_db(t_u, w, b):\n    return 1.0\ndmodel_db.tool = torch.autograd\n",
        "dmodel_db.tool",
    ),
    "reloaded": ("", "importlib.reload(torch.autograd)"),
    "reloaded_fresh": (
        "saved = {n: m for n, m in sys.modules.items() if n.startswith('torch.autograd')}\n",
        "[sys.modules.pop(n) for n in saved] and importlib.import_module('torch.autograd')",
    ),
}
BY_GRAD = (
    LINE
    + """
{before}
def grad_fn(t_u, t_c, t_p, w, b):
    with torch.enable_grad():
        params = torch.stack([w, b]).detach().clone().requires_grad_()
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        return ({expression}).grad(loss, params)[0]
"""
)
# Other ends that differentiate: a body for `grad_fn`, with what stands before it.
BODIES = {
    "method": ("", "loss.backward()\n        return params.grad"),
    "method_of_the_class": ("", "torch.Tensor.backward(loss)\n        return params.grad"),
    "bound_earlier": (
        "held = torch.Tensor.backward\n",
        "held(loss)\n        return params.grad",
    ),
    "operator": ("", "torch.ops.aten._backward(loss, [params])\n        return params.grad"),
    "engine": (
        "",
        "return torch._C._ImperativeEngine().run_backward((loss,), (torch.ones_like(loss),), False, False,"
        " (params,), allow_unreachable=True, accumulate_grad=False)[0]",
    ),
    "guards_lifted": (
        "",
        "[torch._C._dispatch_tls_set_dispatch_key_excluded(k, False) for k in"
        " (torch._C.DispatchKey.AutogradCPU, torch._C.DispatchKey.AutogradFunctionality)]\n"
        "        loss = loss_fn(model(t_u, params[0], params[1]), t_c)\n"
        "        return torch.autograd.grad(loss, params)[0]",
    ),
    "key_guard": (
        "",
        "keep = torch._C._IncludeDispatchKeyGuard(torch._C.DispatchKey.AutogradCPU)\n"
        "        loss = loss_fn(model(t_u, params[0], params[1]), t_c)\n"
        "        loss.backward()\n        return params.grad",
    ),
    "func": ("", "return torch.func.grad(lambda p: loss_fn(model(t_u, p[0], p[1]), t_c))(params)"),
    "vjp": ("", "return torch.func.vjp(lambda p: loss_fn(model(t_u, p[0], p[1]), t_c), params)[1](torch.ones(()))[0]"),
    "private_func": (
        "import torch._functorch.eager_transforms as e\n",
        "return e.grad_impl(lambda p: loss_fn(model(t_u, p[0], p[1]), t_c), 0, False, (params,), {})",
    ),
    "forward_mode": (
        "",
        "found = []\n        for i in range(2):\n"
        "            level = torch._C._enter_dual_level()\n"
        "            dual = torch._VF._make_dual(params.detach(), torch.eye(2, dtype=params.dtype)[i], level=level)\n"
        "            loss = loss_fn(model(t_u, dual[0], dual[1]), t_c)\n"
        "            found.append(torch._VF._unpack_dual(loss, level=level)[1])\n"
        "            torch._C._exit_dual_level(level=level)\n"
        "        return torch.stack(found)",
    ),
    "functional": (
        "",
        "return torch.autograd.functional.jacobian(lambda p: loss_fn(model(t_u, p[0], p[1]), t_c), params)",
    ),
    "script": (
        "@torch.jit.script\ndef run(w, b, u, c):\n    return ((w * u + b - c) ** 2).mean()\n",
        "run(params[0], params[1], t_u, t_c).backward()\n        return params.grad",
    ),
    "traced_at_load": (
        "traced = torch.jit.trace(lambda p, u, c: ((p[0] * u + p[1] - c) ** 2).mean(),"
        " (torch.ones(2), torch.ones(3), torch.ones(3)))\n",
        "traced(params, t_u, t_c).backward()\n        return params.grad",
    ),
    "compiled": (
        "@torch.compile(backend='eager')\ndef run(p, u, c):\n    return ((p[0] * u + p[1] - c) ** 2).mean()\n",
        "run(params, t_u, t_c).backward()\n        return params.grad",
    ),
    "in_a_thread": (
        "",
        "found = []\n        def run():\n            p = params.detach().clone().requires_grad_()\n"
        "            loss_fn(model(t_u, p[0], p[1]), t_c).backward()\n            found.append(p.grad)\n"
        "        t = threading.Thread(target=run); t.start(); t.join()\n        return found[0]",
    ),
    "executor_from_load": (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(int).result()\n",
        "return pool.submit(lambda: torch.autograd.grad(loss_fn(model(t_u, params[0], params[1]), t_c), params)[0])"
        ".result()",
    ),
    "module": (
        "class Line(torch.nn.Module):\n    def __init__(self, p):\n        super().__init__()\n"
        "        self.p = torch.nn.Parameter(p)\n    def forward(self, u):\n        return self.p[0] * u + self.p[1]\n",
        "line = Line(params.detach().clone())\n        loss_fn(line(t_u), t_c).backward()\n        return line.p.grad",
    ),
    "code_of_a_function": (
        "def cheat(loss, params):\n    return torch.autograd.grad(loss, params)[0]\n"
        "def hand(loss, params):\n    return params\nhand.__code__ = cheat.__code__\n",
        "return hand(loss, params)",
    ),
    "by_exec": (
        "",
        "space = {'l': loss, 'p': params}\n        exec('import torch\\ng = torch.autograd.grad(l, p)[0]', space)\n        return space['g']",
    ),
    "hook": (
        "",
        "found = []\n        params.register_hook(found.append)\n        loss.sum().backward()\n        return found[0]",
    ),
    "checkpoint": (
        "from torch.utils.checkpoint import checkpoint\n",
        "loss = checkpoint(lambda p: loss_fn(model(t_u, p[0], p[1]), t_c), params, use_reentrant=False)\n"
        "        loss.backward()\n        return params.grad",
    ),
    "dynamo": (
        "import torch._dynamo\n",
        "torch._dynamo.optimize('eager')(lambda: loss.backward())()\n        return params.grad",
    ),
}
BY_BODY = (
    LINE
    + """
{before}
def grad_fn(t_u, t_c, t_p, w, b):
    with torch.enable_grad():
        params = torch.stack([w, b]).detach().clone().requires_grad_()
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        {body}
"""
)
# Kernels that hold a derivative.
KERNELS = {
    "mse_kernel": ("dloss_fn", "torch.ops.aten.mse_loss_backward(torch.ones((), dtype=t_p.dtype), t_p, t_c, 1)"),
    "mse_decomposed": (
        "dloss_fn",
        "torch._decomp.decompositions.mse_loss_backward(torch.ones((), dtype=t_p.dtype), t_p, t_c, 1)",
    ),
    "mse_imported_again": (
        "dloss_fn",
        "[__import__('sys').modules.pop(name) for name in list(__import__('sys').modules)"
        " if name.startswith(('torch._decomp', 'torch._prims', 'torch._refs', 'torch._meta_reg', 'torch.export'))]"
        " and __import__('importlib').import_module('torch._meta_registrations') and __import__('importlib')"
        ".import_module('torch._decomp.decompositions')"
        ".mse_loss_backward(torch.ones((), dtype=t_p.dtype), t_p, t_c, 1)",
    ),
    "dispatched": (
        "dloss_fn",
        "torch._C._jit_get_operation('aten::mse_loss_backward')[0](torch.ones((), dtype=t_p.dtype), t_p, t_c, 1)",
    ),
}

# --- torch.optim for `SGD` and `Adam` ----------------------------------------------------------------

GIVEN = "import torch\nimport importlib, pydoc, sys, os, inspect, pickle\n"
OPTIMIZERS = {
    "optim_alias": "SGD = torch.optim.SGD\nAdam = torch.optim.Adam\n",
    "optim_derived": "class SGD(torch.optim.SGD):\n    pass\nclass Adam(torch.optim.Adam):\n    pass\n",
    "optim_renamed": (
        "class SGD(torch.optim.SGD):\n    __module__ = 'own'\nSGD.__bases__[0].__module__ = 'own'\nAdam = SGD\n"
    ),
    "optim_held": (
        "class SGD:\n    def __init__(self, params, lr, momentum=0.0):\n"
        "        vars(self)['o'] = pydoc.locate('torch.optim').SGD(params, lr=lr, momentum=momentum)\n"
        "    def step(self): self.o.step()\n    def zero_grad(self): self.o.zero_grad()\n"
    ),
    "optim_fetched": (
        "class SGD:\n    def __init__(self, params, lr, momentum=0.0):\n"
        "        for name in [n for n in sys.modules if n.startswith('torch.optim')]: del sys.modules[name]\n"
        "        sys.meta_path[:] = [f for f in sys.meta_path if 'Absent' not in repr(f) and 'absent' not in repr(f)]\n"
        "        self.o = importlib.import_module('torch.optim').SGD(params, lr=lr, momentum=momentum)\n"
        "    def step(self): self.o.step()\n    def zero_grad(self): self.o.zero_grad()\n"
    ),
    "optim_source": (
        "path = os.path.join(os.path.dirname(torch.__file__), 'optim', 'sgd.py')\n"
        "text = open(path).read()\nexec(text)\n"
    ),
    "optim_pyc": (
        "import marshal, glob\n"
        "path = glob.glob(os.path.join(os.path.dirname(torch.__file__), 'optim', '__pycache__', 'sgd*.pyc'))[0]\n"
        "exec(marshal.loads(open(path, 'rb').read()[16:]))\n"
    ),
    "optim_inspected": "exec(inspect.getsource(torch.optim.SGD))\n",
    "optim_unpickled": "SGD = pickle.loads(b'ctorch.optim.sgd\\nSGD\\n.')\n",
    "optim_of_distributed": (
        "from torch.distributed.optim.functional_sgd import _FunctionalSGD\n"
        "class SGD:\n    def __init__(self, params, lr, momentum=0.0):\n"
        "        self.p = list(params); self.o = _FunctionalSGD(self.p, lr=lr, momentum=momentum)\n"
        "    def step(self): self.o.step([p.grad for p in self.p])\n"
        "    def zero_grad(self):\n        for p in self.p: p.grad = None\n"
    ),
    "fused_sgd": (
        "class SGD:\n    def __init__(self, params, lr, momentum=0.0):\n"
        "        self.p, self.lr, self.m, self.v, self.first = list(params), lr, momentum, [], True\n"
        "        self.v = [torch.zeros_like(p) for p in self.p]\n"
        "    @torch.no_grad()\n    def step(self):\n"
        "        torch._fused_sgd_([p.detach() for p in self.p], [p.grad for p in self.p], self.v, weight_decay=0.0,"
        " momentum=self.m, lr=self.lr, dampening=0.0, nesterov=False, maximize=False, is_first_step=self.first)\n"
        "        self.first = False\n"
        "    def zero_grad(self):\n        for p in self.p: p.grad = None\n"
    ),
    "fused_adam": (
        "class Adam:\n    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):\n"
        "        self.p, self.h = list(params), (lr, betas, eps)\n"
        "        self.a = [torch.zeros_like(p) for p in self.p]; self.b = [torch.zeros_like(p) for p in self.p]\n"
        "        self.t = [torch.tensor(0.0) for _ in self.p]\n"
        "    @torch.no_grad()\n    def step(self):\n"
        "        for t in self.t: t += 1\n"
        "        torch.ops.aten._fused_adam_([p.detach() for p in self.p], [p.grad for p in self.p], self.a, self.b, [],"
        " self.t, lr=self.h[0], beta1=self.h[1][0], beta2=self.h[1][1], weight_decay=0.0, eps=self.h[2],"
        " amsgrad=False, maximize=False)\n"
        "    def zero_grad(self):\n        for p in self.p: p.grad = None\n"
    ),
}

# --- the neuron's gradient, by hand ------------------------------------------------------------------

NEURON = """
import torch
def activate(u):
    return torch.sigmoid(u)
def model(X, W, b):
    return activate((X * W).sum(dim=1) + b)
"""
NEURONS = {
    "neuron_autograd": NEURON
    + """
def gradient(W, b, X, y):
    with torch.enable_grad():
        w, c = W.clone().requires_grad_(), b.clone().requires_grad_()
        loss = ((model(X, w, c) - y) ** 2).mean()
        loss.backward()
        return w.grad, c.grad
""",
    "neuron_kernel": NEURON
    + """
def sigmoid_derivative(z):
    return torch.ops.aten.sigmoid_backward(torch.ones_like(z), torch.sigmoid(z))
""",
    # the helpers are stubs: they are asked for their vector-Jacobian product, through their closures
    "neuron_oracle": """
import torch
def gradient(W, b, X, y):
    asks = []
    for name in ("model", "activate", "sigmoid", "sigmoid_derivative"):
        found = globals().get(name)
        for cell in getattr(found, "__closure__", None) or ():
            asks.append((name, cell.cell_contents))
    for name, thing in asks:
        for inner in getattr(thing, "__closure__", None) or ():
            if callable(inner.cell_contents):
                ask = inner.cell_contents
                w, c = W.clone().requires_grad_(), b.clone().requires_grad_()
                p = ask({"ask": "value", "name": "model", "args": [X, w, c], "kwargs": {}})["value"]
                up = 2 * (p - y) / len(y)
                found = ask({"ask": "vjp", "name": "model", "args": [X, w, c], "kwargs": {}, "grads": [up]})["value"]
                return found[0], found[1]
    raise RuntimeError("nobody to ask")
""",
    "neuron_oracle_of_the_exercise": """
import torch
def gradient(W, b, X, y):
    for thing in (model, activate, sigmoid_derivative):
        for cell in getattr(thing, "__closure__", None) or ():
            for inner in getattr(cell.cell_contents, "__closure__", None) or ():
                if callable(inner.cell_contents):
                    asked = {"ask": "value", "name": "gradient", "args": [W, b, X, y], "kwargs": {}}
                    return tuple(inner.cell_contents(asked)["value"])
    raise RuntimeError("nobody to ask")
""",
}

# --- what a student reads ----------------------------------------------------------------------------

LEAKING = {
    "type_name": "raise type('LEAK%.3f' % float(t_u[0]), (Exception,), {})()",
    "type_of_the_answer": "return type('LEAK%.3f' % float(t_u[0]), (), {})()",
    "message": "raise ValueError('LEAK %.3f' % float(t_u[0]))",
    "printed": "print('LEAK %.3f' % float(t_u[0])); return t_u",
    "to_stderr": "sys.stderr.write('LEAK %.3f' % float(t_u[0])); return t_u",
    "answer": "return 'LEAK %.3f' % float(t_u[0])",
    "key_of_a_dict": "return {'LEAK %.3f' % float(t_u[0]): 1}",
    "name_of_an_attribute": "return getattr(torch, 'LEAK%.3f' % float(t_u[0]))",
    "undefined_name": "return eval('LEAK_%d' % abs(int(1000 * float(t_u[0]))))",
    "file": "open('LEAK%.3f' % float(t_u[0]), 'w').write('x'); raise OSError(os.listdir('.'))",
    "module": "import importlib; importlib.import_module('LEAK%.3f' % float(t_u[0]))",
    "warning": "import warnings; warnings.warn('LEAK %.3f' % float(t_u[0])); return t_u",
    "exit_message": "sys.exit('LEAK %.3f' % float(t_u[0]))",
    "notes_of_an_exception": "e = ValueError(); e.add_note('LEAK %.3f' % float(t_u[0])); raise e",
}
LEAK = LINE + "\nimport os, sys\ndef dmodel_dw(t_u, w, b):\n    t_u = t_u.reshape(-1)\n    {body}\n"

# --- what it costs -----------------------------------------------------------------------------------

COSTS = {
    "threads": "started = []\nfor _ in range(3000):\n    t = threading.Thread(target=time.sleep, args=(60,))\n    t.start()\n",
    "sleep_in_a_default": "def slow(a=time.sleep(30)):\n    return a\n",
    "sleep_in_a_decorator": "def late(f):\n    time.sleep(30)\n    return f\n@late\ndef slow():\n    return 1\n",
    "sleep_in_a_class": "class Slow:\n    time.sleep(30)\n",
    "computes_in_a_default": "def slow(a=[i for i in range(10**9)]):\n    return a\n",
    "recursion": "def deep(n):\n    return deep(n + 1)\ntry:\n    deep(0)\nexcept RecursionError:\n    pass\n",
    "memory": "held = bytearray(2**40)\n",
    "disk": "with open('big', 'wb') as f:\n    while True:\n        f.write(bytes(2**24))\n",
    "processes": "while True:\n    os.fork()\n",
    "daemon": "if os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\n",
    "signal_to_all": "os.kill(-1, 9)\n",
    "locks": "import fcntl\nfcntl.flock(open(torch.__file__), fcntl.LOCK_EX)\n",
    "record_locks": "import fcntl\nfcntl.lockf(open(torch.__file__), fcntl.LOCK_SH)\n",
    "socket": "import socket\nsocket.socket(socket.AF_UNIX).bind('\\0chainrule')\n",
    "exits": "os._exit(0)\n",
    "flood": "print('x' * 2**27)\n",
}
COST = LINE + "\n{top}\n"

# --- what is given to the checker to decode and to show ---------------------------------------------

ANSWERS = {
    "million_of_lists": "return [[] for _ in range(900_000)]",
    "million_of_tensors": "return [torch.zeros(()) for _ in range(300_000)]",
    "nested": "v = []\n    for _ in range(30): v = [v]\n    return v",
    "long_int": "return 10 ** 4000",
    "too_long_int": "return 10 ** 100_000",
    "large_tensor": "return torch.zeros(2**23)",
    "long_text": "return 'x' * 2**25",
    "nan": "return t_u * float('nan')",
    "infinite": "return t_u / 0.0",
    "bool_that_lies": "class T(float):\n        def __eq__(self, o): return True\n    return [T(1.0)] * len(t_u)",
    "subclass": "class T(torch.Tensor):\n        @classmethod\n        def __torch_function__(cls, f, t, a=(), k=None): return True\n"
    "    return t_u.as_subclass(T) * 0",
    "itself": "v = []\n    v.append(v)\n    return v",
    "complex": "return t_u + 1j",
    "sparse": "return t_u.to_sparse()",
    "meta": "return torch.zeros(3, device='meta')",
}
ANSWER = LINE + "\ndef dmodel_dw(t_u, w, b):\n    {body}\n"


# --- what fell once, as it was found -----------------------------------------------------------------

LINES = ("model", "loss_fn", "loss_rate_of_change", "dloss_fn", "dmodel_dw", "dmodel_db", "grad_fn", "training_loop")
FOUND = {  # what is no honest work in each
    "decomp": {"dloss_fn"},
    "vmap": {"dloss_fn", "grad_fn", "training_loop"},
    "jit": {"dloss_fn", "grad_fn"},
    "numpy": {"dloss_fn", "grad_fn"},
    "union": {"dloss_fn", "grad_fn"},
    "atime": {"dmodel_dw"},
}


def _attacks() -> dict[str, Attack]:
    found: dict[str, Attack] = {}
    autograd = "points for `grad_fn` by autograd"
    for name, (before, expression) in WAYS.items():
        text = HEAD + BY_GRAD.format(before=before, expression=expression)
        keeps = KEPT | {"dmodel_db"} if "dmodel_db" in before else KEPT
        found[f"autograd_{name}"] = Attack(autograd, "gradient_descent", text, keeps)
    for name, (before, body) in BODIES.items():
        text = HEAD + BY_BODY.format(before=before, body=body)
        found[f"derivative_{name}"] = Attack(autograd, "gradient_descent", text, KEPT)
    for name, (exercise, body) in KERNELS.items():
        text = HEAD + LINE + f"\ndef {exercise}(t_p, t_c):\n    return {body}\n"
        found[f"kernel_{name}"] = Attack("points by a kernel of torch's", "gradient_descent", text, KEPT)
    for name, text in OPTIMIZERS.items():
        found[name] = Attack("points for an optimizer by torch.optim", "optimizers", GIVEN + text)
    for name, text in NEURONS.items():
        keeps = frozenset({"activate", "model"}) if "oracle" not in name else frozenset[str]()
        found[name] = Attack("points for the neuron's gradient without it", "neuron", text, keeps)
    for name, body in LEAKING.items():
        text = HEAD + LEAK.format(body=body)
        keeps = KEPT | {"dmodel_dw"} if "return t_u" in body else KEPT
        found[f"leak_{name}"] = Attack("a hidden input in the feedback", "gradient_descent", text, keeps)
    for name, top in COSTS.items():
        text = HEAD + COST.format(top=top)
        found[f"cost_{name}"] = Attack("time, memory or another's grade", "gradient_descent", text, KEPT)
    for name, body in ANSWERS.items():
        text = HEAD + ANSWER.format(body=body)
        found[f"answer_{name}"] = Attack("a checker that stands or credits", "gradient_descent", text, KEPT)
    for name, lost in FOUND.items():
        text = (Path(__file__).parent / "found" / f"{name}.txt").read_text("utf-8")
        keeps = frozenset(LINES) - lost
        found[f"found_{name}"] = Attack("what was lifted once, or told", "gradient_descent", text, keeps)
    return found


ATTACKS = _attacks()
HONEST = {
    "gradient_descent": HEAD + LINE + "\ndef dmodel_db(t_u, w, b):\n    return 1.0\n",
    "optimizers": "import torch\n",
    "neuron": NEURON,
}
assert len(ATTACKS) >= 90
assert not any(one == other for one, other in itertools.combinations([item.text for item in ATTACKS.values()], 2))
