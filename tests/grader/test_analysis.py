"""Analysis of a source: which exercises are attempted, and which of them reach a tool that is not allowed."""

import textwrap

import pytest

from grader.syntax.statements import Cell
from grader.worker.analysis import analyse

NOT_ALLOWED = ["torch.autograd", "torch.func", "torch.optim", "torch.Tensor.backward"]
EXERCISES = ["model", "grad_fn", "training_loop"]


def analysis_of(*texts, not_allowed=NOT_ALLOWED, exercises=EXERCISES):
    """Analyse a module of one text, or a notebook of several."""
    cells = [Cell(filename="m.py", text=textwrap.dedent(text), notebook=len(texts) > 1) for text in texts]
    return analyse(cells, exercises, dict.fromkeys(exercises, not_allowed))


def reached(*texts, exercise="grad_fn"):
    return analysis_of(*texts)["reached"][exercise]


# What is attempted.


@pytest.mark.parametrize(
    "body",
    [
        "raise NotImplementedError",
        "raise NotImplementedError()",
        "raise NotImplementedError('to do')",
        "pass",
        "...",
        "'''Doc.'''",
        "'''Doc.'''\n    raise NotImplementedError",
        "'''Doc.'''\n    ...",
        "'''Doc.'''\n    # a comment\n    pass",
        "pass\n    raise NotImplementedError",
    ],
)
def test_stub_is_left_where_only_a_placeholder_is(body):
    found = analysis_of(f"def model(t_u, w, b):\n    {body}\n")

    assert found["stub_left"] == ["model"]
    assert found["attempted"] == []


@pytest.mark.parametrize(
    "body",
    [
        "return w * t_u + b",
        "return None",
        "x = 1",
        "raise ValueError",
        "'''Doc.'''\n    return w * t_u",
        "if w is None:\n        raise NotImplementedError\n    return w * t_u + b",
        "return w * t_u + b\n    raise NotImplementedError",
        "print('hello')",
        "for _ in t_u:\n        pass",
    ],
)
def test_exercise_is_attempted_where_anything_else_is(body):
    found = analysis_of(f"def model(t_u, w, b):\n    {body}\n")

    assert found["stub_left"] == []
    assert found["attempted"] == ["model"]


@pytest.mark.parametrize(
    "text",
    [
        "model = lambda t_u, w, b: w * t_u + b",
        "class model:\n    def __call__(self, t_u, w, b):\n        return w * t_u + b",
        "from other import model",
        "def _model(t_u, w, b):\n    return w * t_u + b\n\nmodel = _model",
        "if True:\n    def model(t_u, w, b):\n        return w * t_u + b",
        "try:\n    import numpy\nfinally:\n    def model(t_u, w, b):\n        return w * t_u + b",
        "async def model(t_u, w, b):\n    return 1",
        "import functools\n\n@functools.cache\ndef model(t_u, w, b):\n    return w * t_u + b",
    ],
)
def test_exercise_defined_in_another_way_is_no_stub(text):
    found = analysis_of(text)

    assert found["stub_left"] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("class model:\n    def a(self):\n        raise NotImplementedError\n    def b(self):\n        ...", ["model"]),
        ("class model:\n    'Doc.'\n    def a(self):\n        raise NotImplementedError", ["model"]),
        ("class model:\n    def a(self):\n        raise NotImplementedError\n    def b(self):\n        return 1", []),
        ("class model:\n    def a(self):\n        return 1", []),
    ],
)
def test_class_is_a_stub_where_all_its_methods_are(text, left):
    found = analysis_of(text)

    assert found["stub_left"] == left


def test_later_definition_counts():
    stub, done = "def model():\n    raise NotImplementedError\n", "def model():\n    return 1\n"

    assert analysis_of(stub + done)["attempted"] == ["model"]
    assert analysis_of(done + stub)["stub_left"] == ["model"]


def test_definition_in_a_main_guard_does_not_count():
    found = analysis_of("def model():\n    return 1\n\nif __name__ == '__main__':\n    def model():\n        pass\n")

    assert found["attempted"] == ["model"]


def test_missing_exercise_is_neither_attempted_nor_a_stub():
    found = analysis_of("def other():\n    return 1\n")

    assert found["attempted"] == []
    assert found["stub_left"] == []
    assert found["lines"] == {}


def test_broken_definition_is_not_attempted_and_says_why():
    found = analysis_of("def model(:\n    return 1\n\ndef grad_fn():\n    return 2\n")

    assert found["attempted"] == ["grad_fn"]
    assert found["statements"][0]["names"] == ["model"]
    assert found["statements"][0]["error"].startswith("SyntaxError")
    assert found["is_python"]


def test_lines_are_those_of_the_definition_that_counts():
    found = analysis_of("def model():\n    return 1\n\n\ndef model():\n    x = 1\n    return x\n\nx = 1\n")

    assert found["lines"]["model"] == [5, 7]


def test_analysis_holds_plain_values_only():
    found = analysis_of("def model():\n    return 1\n")

    assert set(found) == {
        "statements",
        "is_python",
        "definitions",
        "independent",
        "stub_left",
        "attempted",
        "tried",
        "covered",
        "code",
        "lines",
        "written",
        "arguments",
        "reached",
    }
    assert found["statements"] == [{"where": "line 1", "names": ["model"], "error": ""}]
    assert found["reached"] == {"model": "", "grad_fn": "", "training_loop": ""}


def test_exercise_with_nothing_forbidden_is_not_looked_at():
    found = analysis_of("import torch\ndef model(x):\n    return torch.autograd.grad(x, x)\n", not_allowed=[])

    assert found["reached"] == {}


# Reached.

BODY = "def grad_fn(t_u, t_c, t_p, w, b):\n    "
REACHES = {
    "attribute": f"import torch\n{BODY}return torch.autograd.grad(t_p, w)",
    "backward": f"{BODY}t_p.sum().backward()\n    return w.grad",
    "backward as an attribute": f"{BODY}run = t_p.sum().backward\n    run()\n    return w.grad",
    "backward of the class": f"import torch\n{BODY}torch.Tensor.backward(t_p.sum())",
    "torch.func": f"import torch\n{BODY}return torch.func.grad(t_p)(w)",
    "torch.optim": f"import torch\n{BODY}torch.optim.SGD([w], lr=1).step()",
    "alias of torch": f"import torch as th\n{BODY}return th.autograd.grad(t_p, w)",
    "alias of the module": f"import torch.autograd as ag\n{BODY}return ag.grad(t_p, w)",
    "dotted import": f"import torch.autograd\n{BODY}return torch.autograd.grad(t_p, w)",
    "from-import of the module": f"from torch import autograd\n{BODY}return autograd.grad(t_p, w)",
    "from-import with an alias": f"from torch import autograd as a\n{BODY}return a.grad(t_p, w)",
    "from-import of the function": f"from torch.autograd import grad\n{BODY}return grad(t_p, w)",
    "from-import deep": f"from torch.autograd.functional import jacobian as j\n{BODY}return j(t_p, w)",
    "from-import in brackets": f"from torch.optim import (\n    SGD,\n    Adam as A,\n)\n{BODY}return A([w])",
    "star import of torch": f"from torch import *\n{BODY}return autograd.grad(t_p, w)",
    "star import of torch.optim": f"from torch.optim import *\n{BODY}return SGD([w], lr=1)",
    "star import of torch.autograd": f"from torch.autograd import *\n{BODY}return grad(t_p, w)",
    "import in a try": (
        f"try:\n    from torch import optim\nexcept ImportError:\n    optim = None\n{BODY}return optim.SGD([w])"
    ),
    "import in an if": f"if True:\n    import torch.func as F\n{BODY}return F.grad(t_p)",
    "local import": f"{BODY}import torch.autograd as ag\n    return ag.grad(t_p, w)",
    "local from-import": f"{BODY}from torch.func import grad\n    return grad(t_p)(w)",
    "local import in a nested function": (
        f"{BODY}def inner():\n        from torch import optim\n        return optim\n    return inner()"
    ),
    "local alias": f"import torch\n{BODY}tool = torch.autograd\n    return tool.grad(t_p, w)",
    "local alias of torch": f"import torch\n{BODY}t = torch\n    return t.autograd.grad(t_p, w)",
    "alias of an alias": f"import torch\na = torch\nb = a\nc = b.autograd\n{BODY}return c.grad(t_p, w)",
    "module alias": f"import torch\ntool = torch.autograd.grad\n{BODY}return tool(t_p, w)",
    "unpacked alias": f"import torch\ntool, other = torch.autograd.grad, 1\n{BODY}return tool(t_p, w)",
    "annotated alias": f"import torch\ntool: object = torch.autograd.grad\n{BODY}return tool(t_p, w)",
    "table of tools": f"import torch\nTOOLS = {{'g': torch.autograd.grad}}\n{BODY}return TOOLS['g'](t_p, w)",
    "global optimizer": f"import torch\nopt = torch.optim.SGD([torch.ones(1)], lr=1)\n{BODY}opt.step()",
    "partial": f"import functools\nimport torch\ngo = functools.partial(torch.autograd.grad)\n{BODY}return go(t_p, w)",
    "helper": f"import torch\ndef helper(x):\n    return torch.autograd.grad(x, x)\n{BODY}return helper(w)",
    "helper of a helper": (
        "import torch\ndef first(x):\n    return second(x)\ndef second(x):\n    return torch.autograd.grad(x, x)\n"
        f"{BODY}return first(w)"
    ),
    "helper below": f"{BODY}return helper(w)\n\ndef helper(x):\n    x.backward()",
    "helpers that call each other": (
        f"def a(x):\n    return b(x)\ndef b(x):\n    x.backward()\n    return a(x)\n{BODY}return a(w)"
    ),
    "helper passed on": f"def helper(x):\n    x.backward()\n{BODY}return list(map(helper, [w]))",
    "class": (
        "import torch\nclass Tool:\n    def run(self, x):\n        return torch.autograd.grad(x, x)\n"
        f"{BODY}return Tool().run(w)"
    ),
    "base class": (
        "import torch\nclass Base:\n    opt = torch.optim.SGD\nclass Tool(Base):\n    pass\n"
        f"{BODY}return Tool().opt([w])"
    ),
    "subclass of a Function": f"import torch\nclass Op(torch.autograd.Function):\n    pass\n{BODY}return Op.apply(w)",
    "instance of a class": (
        f"import torch\nclass Tool:\n    run = torch.autograd.grad\ntool = Tool()\n{BODY}return tool.run(t_p, w)"
    ),
    "lambda": f"import torch\ntool = lambda x: torch.autograd.grad(x, x)\n{BODY}return tool(w)",
    "lambda in place": f"import torch\n{BODY}return (lambda x: torch.autograd.grad(x, x))(w)",
    "exercise that is a lambda": "import torch\ngrad_fn = lambda *a: torch.autograd.grad(a[2], a[3])",
    "exercise that is an alias": (
        "import torch\ndef mine(*a):\n    return torch.autograd.grad(a[2], a[3])\ngrad_fn = mine"
    ),
    "exercise wrapped after its definition": (
        f"import torch\ndef keep(f):\n    return f\n{BODY}return torch.autograd.grad(t_p, w)\ngrad_fn = keep(grad_fn)"
    ),
    "exercise with two branches": (
        "import torch\nif torch.__version__:\n    def grad_fn(x):\n        return torch.autograd.grad(x, x)\n"
        "else:\n    def grad_fn(x):\n        return x"
    ),
    "nested function": (
        f"import torch\n{BODY}def inner():\n        return torch.autograd.grad(t_p, w)\n    return inner()"
    ),
    "comprehension": f"import torch\n{BODY}return [torch.autograd.grad(t_p, p) for p in (w, b)]",
    "walrus": f"import torch\n{BODY}return (tool := torch.autograd).grad(t_p, w)",
    "conditional expression": f"import torch\n{BODY}return (torch.autograd if True else None).grad(t_p, w)",
    "decorator": f"import torch\ndef deco(f):\n    return torch.func.grad(f)\n@deco\n{BODY}return t_p",
    "decorator from torch": f"import torch\n@torch.func.grad\n{BODY}return t_p",
    "default": "import torch\ndef grad_fn(t_u, tool=torch.autograd.grad):\n    return tool(t_u, t_u)",
    "keyword default": "import torch\ndef grad_fn(t_u, *, tool=torch.optim.SGD):\n    return tool([t_u])",
    "default that is a helper": (
        "def helper(x):\n    x.backward()\ndef grad_fn(t_u, tool=helper):\n    return tool(t_u)"
    ),
    "getattr": f"import torch\n{BODY}return getattr(torch, 'autograd').grad(t_p, w)",
    "getattr with a default": f"import torch\n{BODY}return getattr(torch, 'autograd', None).grad(t_p, w)",
    "getattr built up": f"import torch\n{BODY}return getattr(torch, 'auto' + 'grad').grad(t_p, w)",
    "getattr of backward": f"{BODY}getattr(t_p.sum(), 'backward')()",
    "exec": f"{BODY}exec('t_p.sum().backward()')",
    "eval": f"{BODY}return eval('t_p.sum().backward()')",
    "eval under another name": f"{BODY}run = eval\n    return run('t_p.sum().backward()')",
    "__import__": f"{BODY}return __import__('torch').autograd.grad(t_p, w)",
    "importlib": f"import importlib\n{BODY}return importlib.import_module('torch.autograd').grad(t_p, w)",
    "importlib from-import": f"from importlib import import_module as im\n{BODY}return im('torch.optim').SGD([w])",
    "importlib built up": f"import importlib\n{BODY}return importlib.import_module('torch.' + 'autograd').grad(t_p, w)",
    "sys.modules": f"import sys\n{BODY}return sys.modules['torch.autograd'].grad(t_p, w)",
    "from sys": f"from sys import modules\n{BODY}return modules['torch.autograd'].grad(t_p, w)",
    "__dict__": f"import torch\n{BODY}return torch.__dict__['autograd'].grad(t_p, w)",
    "global set by a loop": f"import torch\nfor tool in [torch.autograd.grad]:\n    pass\n{BODY}return tool(t_p, w)",
    "global set by with": f"import torch\nwith torch.autograd.detect_anomaly() as tool:\n    pass\n{BODY}return tool",
    "global statement": (f"import torch\ntool = torch.autograd.grad\n{BODY}global tool\n    return tool(t_p, w)"),
    "redefined later": f"import torch\n{BODY}return w\n\n{BODY}return torch.autograd.grad(t_p, w)",
    "beside a broken function": f"import torch\ndef bad(:\n    pass\n{BODY}return torch.autograd.grad(t_p, w)",
}


@pytest.mark.parametrize("text", REACHES.values(), ids=REACHES)
def test_tool_is_reached(text):
    assert reached(text) != ""


INNOCENT = {
    "by hand": f"import torch\n{BODY}return torch.stack([(t_p * w).sum(), t_p.sum()])",
    "comment": f"import torch\n{BODY}# torch.autograd.grad(t_p, w) gives the same\n    return w",
    "docstring": f"{BODY}'''Like torch.autograd.grad, or loss.backward().'''\n    return w",
    "text": f"{BODY}print('torch.autograd', 'loss.backward()')\n    return w",
    "unused import": (
        f"from torch import optim\nimport torch.autograd as ag\nfrom torch.autograd import grad\n{BODY}return w"
    ),
    "unused import that a local hides": f"from torch.autograd import grad\n{BODY}grad = t_p - t_c\n    return grad",
    "unused import that an argument hides": "from torch import optim\ndef grad_fn(t_u, optim):\n    return optim * t_u",
    "unused import that a loop hides": (
        f"from torch import func\n{BODY}for func in t_u:\n        w = w + func\n    return w"
    ),
    "unused star import": f"from torch import *\n{BODY}return stack([w, b])",
    "unused star import of optim": f"from torch.optim import *\n{BODY}return w",
    "main guard": (
        f"import torch\n{BODY}return w\nif __name__ == '__main__':\n    loss = grad_fn(1)\n    loss.backward()"
    ),
    "main guard turned round": f"import torch\n{BODY}return w\nif '__main__' == __name__:\n    grad_fn.backward()",
    "exploratory lines": (
        f"import torch\n{BODY}return w\nx = torch.ones(1, requires_grad=True)\n(x * 2).backward()\nx.grad"
    ),
    "exploratory line binds a local's name": (
        f"import torch\n{BODY}grad = (t_p - t_c).sum()\n    return grad\n\ngrad = torch.autograd.grad(x, y)"
    ),
    "exploratory line binds an argument's name": (
        f"import torch\n{BODY}return w * t_u\n\nw = torch.autograd.grad(x, y)"
    ),
    "exploratory optimizer with a local's name": (
        f"import torch\noptimizer = torch.optim.SGD([p], lr=1)\n{BODY}optimizer = 3\n    return optimizer * w"
    ),
    "exploratory loop binds a local's name": (
        f"{BODY}for epoch in range(3):\n        w = w * epoch\n    return w\n\n"
        "for epoch in range(3):\n    loss = grad_fn(epoch)\n    loss.backward()"
    ),
    "exploratory with binds a local's name": (
        f"{BODY}f = 2\n    return f * w\n\nwith open('x') as f:\n    loss.backward()"
    ),
    "exploratory loop fills what a comprehension calls the same": (
        f"{BODY}return sum(p * w for p in t_p)\n\nfor p in range(3):\n    loss.backward()"
    ),
    "unused helper": f"import torch\ndef compare(x):\n    return torch.autograd.grad(x, x)\n{BODY}return w",
    "unused class": f"import torch\nclass Op(torch.autograd.Function):\n    pass\n{BODY}return w",
    "test function": f"def test_grad_fn():\n    grad_fn(1).backward()\n{BODY}return w",
    "own class with a method backward": (
        f"class Gate:\n    def backward(self, x):\n        return 2 * x\n{BODY}return Gate().backward(w)"
    ),
    "own class with a method step": f"class SGD:\n    def step(self):\n        return 1\n{BODY}return SGD().step() * w",
    "own module-level function called grad": f"def grad(x):\n    return 2 * x\n{BODY}return grad(w)",
    "own function called backward": f"def backward(x):\n    return 2 * x\n{BODY}return backward(w)",
    "own function that replaces an import": (
        f"from torch.autograd import grad\ndef grad(x):\n    return 2 * x\n{BODY}return grad(w)"
    ),
    "own function called eval": f"def eval(x):\n    return 2 * x\n{BODY}return eval(w)",
    "local variables": (
        f"{BODY}optim = 1\n    func = 2\n    grad = 3\n    autograd = 4\n    return optim * func * grad * autograd"
    ),
    "argument called compile": "def grad_fn(t_u, compile):\n    return t_u * compile",
    "method eval": f"import torch\nnet = torch.nn.Linear(1, 1)\n{BODY}net.eval()\n    return w",
    "attribute grad": f"{BODY}return w.grad",
    "requires_grad": f"{BODY}return w.detach().requires_grad_(False)",
    "no_grad": f"import torch\n{BODY}with torch.no_grad():\n        return w * t_u",
    "getattr of something else": f"import torch\n{BODY}return getattr(torch, 'stack')([w, b])",
    "getattr of an own object": f"{BODY}return getattr(t_u, 'mean')()",
    "replaced definition": f"import torch\n{BODY}return torch.autograd.grad(t_p, w)\n\n{BODY}return w",
    "replaced helper": (
        f"import torch\ndef helper(x):\n    return torch.autograd.grad(x, x)\n{BODY}return helper(w)\n"
        "def helper(x):\n    return 2 * x"
    ),
    "definition in a main guard": (
        f"{BODY}return w\nif __name__ == '__main__':\n    def grad_fn(x):\n        x.backward()"
    ),
    "similar names": f"import torch\n{BODY}return torch.autograder(w) if False else torch.optimal if False else w",
    "other library": f"from scipy import optim\nimport jax.func\n{BODY}return optim.fit(w)",
    "undefined": "def model(x):\n    return x",
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_tool_is_not_reached(text):
    assert reached(text) == ""


def test_exploratory_cells_are_nobodys_business():
    cells = [
        "%matplotlib inline\nimport torch\nfrom torch import optim",
        f"{BODY}grad_w = (t_p * t_u).sum()\n    return grad_w",
        "optimizer = optim.SGD([params], lr=1)\nfor epoch in range(10):\n    loss.backward()\n    optimizer.step()",
    ]

    assert reached(*cells) == ""


def test_exploratory_training_with_autograd_leaves_the_loop_its_points():
    cells = [
        "import torch",
        """
        def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
            for epoch in range(1, n_epochs + 1):
                w, b = params
                t_p = model(t_u, w, b)
                loss = loss_fn(t_p, t_c)
                grad = grad_fn(t_u, t_c, t_p, w, b)
                params = params - learning_rate * grad
            return params
        """,
        """
        params = torch.tensor([1.0, 0.0], requires_grad=True)
        optimizer = torch.optim.SGD([params], lr=1e-2)
        for epoch in range(3):
            loss = loss_fn(model(t_u, *params), t_c)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        grad = torch.autograd.grad(loss_fn(model(t_u, *params), t_c), params)
        """,
    ]

    assert reached(*cells, exercise="training_loop") == ""


def test_other_exercise_that_reaches_it_is_the_only_one_at_fault():
    text = f"import torch\n{BODY}return torch.autograd.grad(t_p, w)\ndef training_loop(n):\n    return grad_fn(n)"

    found = analysis_of(text)["reached"]

    assert found["grad_fn"] != ""
    assert found["training_loop"] == ""
    assert found["model"] == ""


def test_shared_helper_is_the_fault_of_each_that_reaches_it():
    text = (
        "def helper(x):\n    x.backward()\ndef model(x):\n    return helper(x)\ndef grad_fn(x):\n    return helper(x)"
    )

    found = analysis_of(text)["reached"]

    assert found["model"] == found["grad_fn"] != ""
    assert found["training_loop"] == ""


def test_method_of_the_same_name_is_forbidden_where_another_class_has_none():
    text = (
        f"class Gate:\n    def forward(self, x):\n        return x\n{BODY}loss = Gate().forward(w)\n    loss.backward()"
    )

    assert reached(text) != ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"import torch\n{BODY}x = 1\n    return torch.autograd.grad(t_p, w)", "`torch.autograd.grad` in line 4"),
        (f"from torch import autograd as a\n{BODY}return a.grad(t_p, w)", "`torch.autograd.grad` in line 3"),
        (f"{BODY}t_p.backward()", "`.backward` in line 2"),
        (f"def helper(x):\n    x.backward()\n{BODY}return helper(w)", "`.backward` in line 2"),
    ],
)
def test_tool_is_named_with_its_line(text, said):
    assert reached(text) == said


def test_tool_in_a_notebook_is_named_with_its_cell():
    said = reached("import torch", f"x = 1\n{BODY}return torch.autograd.grad(t_p, w)")

    assert said == "`torch.autograd.grad` in cell 2, line 3"


def test_analysis_is_deterministic():
    text = "def a(x):\n    x.backward()\ndef b(x):\n    x.backward()\ndef grad_fn(x):\n    return a(x) + b(x)"

    assert len({reached(text) for _ in range(5)}) == 1


def test_deep_expression_is_analysed():
    found = analysis_of(f"def model(x):\n    return {' + '.join(['x'] * 3000)}\n\ndef grad_fn(x):\n    return x\n")

    assert "grad_fn" in found["attempted"]


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        ("vars(self).update(lr=lr)", True),
        ("self = torch; vars(self)['optim']", False),
        ("vars()", False),
        ("vars(torch)['optim']", False),
        ("vars(self.torch)['optim']", False),
    ],
)
def test_vars_of_self_hides_nothing_and_any_other_does(body, allowed):
    source = f"import torch\nclass SGD:\n    def __init__(self, lr):\n        {body}\n"
    found = analyse([Cell(filename="a.py", text=source)], ["SGD"], {"SGD": ["torch.optim"]})

    assert (found["reached"]["SGD"] == "") == allowed


@pytest.mark.parametrize(
    "source",
    [
        "from torch.optim import Adam",
        "from torch.optim import SGD as Adam",
        "from torch.optim import *",
        "if True:\n    from torch.optim import Adam",
        "import torch.optim as o\nAdam = o.Adam",
    ],
)
def test_a_tool_imported_in_the_place_of_a_class_is_reached(source):
    found = analyse([Cell(filename="a.py", text=source)], ["Adam"], {"Adam": ["torch.optim"]})

    assert "torch.optim" in found["reached"]["Adam"]


def test_an_import_that_a_definition_replaces_is_nobody_s_business():
    source = "from torch.optim import *\nfrom torch.optim import Adam\nclass Adam:\n    def step(self):\n        pass\n"
    found = analyse([Cell(filename="a.py", text=source)], ["Adam"], {"Adam": ["torch.optim"]})

    assert found["reached"]["Adam"] == ""
