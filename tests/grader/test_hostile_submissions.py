"""Whole submissions that attack, break or try to deceive the grader, each graded as `grader grade` does it.

What is attacked is mostly `loss_rate_of_change`, which no other exercise uses: the points of all others
have to stay. Most are graded in one batch by the real suite without its long training loops, a sample of
them by the whole of it, and those that wait or drip each by a process that the test can end.
"""

# ruff: noqa: E501 - lines of hostile code are read as one

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from evidence import PROOF

from grader.answers.explain import difference
from grader.course.assignment import Course, FeedbackLevel
from grader.course.reading import find_course
from grader.formats.json import to_json
from grader.judge.grading import grade_all
from grader.outcomes import Status
from grader.report.report import Audience, Report, SubmissionReport
from grader.sandbox.mode import SandboxMode
from grader.submissions.discover import discover

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

ROOT = Path(__file__).parents[2]
FULL = {
    "model": 1.0,
    "loss_fn": 2.0,
    "loss_rate_of_change": 2.0,
    "dloss_fn": 3.0,
    "dmodel_dw": 1.0,
    "dmodel_db": 1.0,
    "grad_fn": 4.0,
    "training_loop": 6.0,
}
SHORT = {name: points for name, points in FULL.items() if name != "training_loop"}

RIGHT = {
    "model": """
def model(t_u, w, b):
    return w * t_u + b
""",
    "loss_fn": """
def loss_fn(t_p, t_c):
    squared_diffs = (t_p - t_c) ** 2
    return squared_diffs.mean()
""",
    "loss_rate_of_change": """
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)) / (2.0 * delta)
    return torch.stack([in_w, in_b])
""",
    "dloss_fn": """
def dloss_fn(t_p, t_c):
    dsq_diffs = 2 * (t_p - t_c) / t_p.size(0)
    return dsq_diffs
""",
    "dmodel_dw": """
def dmodel_dw(t_u, w, b):
    return t_u
""",
    "dmodel_db": """
def dmodel_db(t_u, w, b):
    return 1.0
""",
    "grad_fn": """
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    dloss_dw = dloss_dtp * dmodel_dw(t_u, w, b)
    dloss_db = dloss_dtp * dmodel_db(t_u, w, b)
    return torch.stack([dloss_dw.sum(), dloss_db.sum()])
""",
    "training_loop": """
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss).all():
            break
    return params
""",
}

IMPORTS = "import ctypes, gc, os, signal, stat, struct, sys, threading, time, warnings\nimport torch\n"

# What an attacker writes who has read the grader's source.
SOCKET = """
from grader import wire

def own_socket():
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            pass

def raw(data):
    view = memoryview(data)
    while view:
        view = view[os.write(own_socket(), view):]

def tell(message):
    data = wire.encode(message)
    raw(struct.pack("<I", len(data)) + data)

def request():
    frame = sys._getframe()
    while frame:
        found = frame.f_locals.get("request")
        if isinstance(found, dict) and "id" in found:
            return found
        frame = frame.f_back
"""


def source(*, top: str = "", end: str = "", **replaced: str) -> str:
    """Return the right solution with functions replaced, and code before and after them."""
    functions = {**RIGHT, **replaced}
    return "\n".join([IMPORTS, top, *functions.values(), end, ""])


def slope(body: str, *, top: str = "", end: str = "") -> str:
    """Return a submission that is right but for the body of `loss_rate_of_change`."""
    lines = "\n".join("    " + line for line in body.strip("\n").split("\n"))
    function = f"\ndef loss_rate_of_change(t_u, t_c, w, b, delta=0.1):\n{lines}\n"
    return source(top=top, end=end, loss_rate_of_change=function)


@dataclass(frozen=True)
class Case:
    """A submission and what becomes of it: the exercises that lose something, and the notes."""

    text: str
    lost: dict[str, tuple[Status, float]]
    note: str = ""


def loses(text: str, status: Status, score: float = 0.0) -> Case:
    return Case(text, {"loss_rate_of_change": (status, score)})


def keeps(text: str, note: str = "") -> Case:
    return Case(text, {}, note)


ZEROS = "return torch.zeros(2, dtype=t_u.dtype)"
INNER = "right = loss_rate_of_change\n"

CASES: dict[str, Case] = {
    "right_first": keeps(source()),
    # --- ends of the process ---
    "exit_in_function": loses(slope("os._exit(0)"), Status.CRASHED),
    "exit_at_top": keeps(source(top="os._exit(0)"), "it ended its process"),
    "exit_at_end": keeps(source(end="os._exit(0)"), "it ended its process"),
    "sys_exit_in_function": loses(slope("sys.exit(0)"), Status.CRASHED),
    "sys_exit_at_top": keeps(source(top="sys.exit(0)"), "SystemExit"),
    "keyboard_interrupt": loses(slope("raise KeyboardInterrupt"), Status.CRASHED),
    "generator_exit": loses(slope("raise GeneratorExit"), Status.CRASHED),
    "system_exit_in_del": keeps(
        source(
            top="class Leaver:\n    def __del__(self):\n        raise SystemExit(0)\nLeaver()",
            loss_fn="\ndef loss_fn(t_p, t_c):\n    Leaver()\n    return ((t_p - t_c) ** 2).mean()\n",
        )
    ),
    "segfault_in_function": loses(slope("ctypes.string_at(0)"), Status.CRASHED),
    "segfault_at_top": keeps(source(top="ctypes.string_at(0)"), "signal 11"),
    "abort": loses(slope("os.abort()"), Status.CRASHED),
    "stack_overflow": loses(
        slope(
            "sys.setrecursionlimit(10**8)\nfrom functools import reduce\nf = lambda n: reduce(lambda a, b: f(n + 1), [1, 2])\nreturn f(0)"
        ),
        Status.CRASHED,
    ),
    "recursion": loses(slope("return loss_rate_of_change(t_u, t_c, w, b, delta)"), Status.CRASHED),
    "memory_in_function": loses(slope("kept = []\nwhile True:\n    kept.append(bytearray(2**27))"), Status.CRASHED),
    "memory_at_top": keeps(source(top="kept = [bytearray(2**27) for _ in range(100)]"), "MemoryError"),
    "memory_by_torch": loses(slope("return torch.ones(2**33)"), Status.CRASHED),
    "atexit_and_exit": keeps(source(top="import atexit\natexit.register(os._exit, 0)")),
    "signal_handlers": keeps(
        source(
            top="for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n    signal.signal(number, signal.SIG_IGN)"
        )
    ),
    # --- output ---
    "stdout_flood": loses(slope("while True:\n    print('x' * 2**20)"), Status.CRASHED),
    "stdout_flood_swallowed": loses(
        slope(
            "for _ in range(40):\n    try:\n        print('x' * 2**20)\n    except BaseException:\n        pass\n"
            + ZEROS
        ),
        Status.FAILED,
    ),
    "stderr_flood": loses(slope("for _ in range(10):\n    sys.stderr.write('x' * 2**23)\n" + ZEROS), Status.FAILED),
    "descriptor_flood": loses(slope("for _ in range(100):\n    os.write(1, b'x' * 2**20)\n" + ZEROS), Status.FAILED),
    "stderr_descriptor_flood": loses(
        slope("try:\n    for _ in range(100):\n        os.write(2, b'x' * 2**20)\nexcept OSError:\n    pass\n" + ZEROS),
        Status.FAILED,
    ),
    "warnings_spam": keeps(
        source(
            model="\ndef model(t_u, w, b):\n    for i in range(20):\n        warnings.warn(f'{i} {float(b)}')\n    return w * t_u + b\n"
        )
    ),
    "markup_in_output": loses(
        slope("raise ValueError('::error::x\\n\\x1b[31m[red]<b>\\u202e' + 'y' * 10**6)"), Status.CRASHED
    ),
    # --- the socket ---
    "descriptors_closed": loses(slope("os.closerange(0, 256)\n" + ZEROS), Status.CRASHED),
    "descriptors_closed_at_top": keeps(source(top="os.closerange(0, 256)"), "left out"),
    "socket_replaced": loses(
        slope("os.dup2(os.open('/dev/null', os.O_RDWR), own_socket())\n" + ZEROS, top=SOCKET), Status.CRASHED
    ),
    "garbage": loses(slope("raw(b'no frame at all ' * 10)\n" + ZEROS, top=SOCKET), Status.CRASHED),
    "garbage_from_a_thread": loses(
        slope(
            "t = threading.Thread(target=raw, args=(b'\\x05\\0\\0\\0hello',))\nt.start()\nt.join()\n" + ZEROS,
            top=SOCKET,
        ),
        Status.CRASHED,
    ),
    "garbage_at_top": keeps(source(top=SOCKET + "raw(b'\\x05\\0\\0\\0hello')"), "it ended its process"),
    "huge_length": loses(slope("raw(b'\\xff\\xff\\xff\\xff')\n" + ZEROS, top=SOCKET), Status.CRASHED),
    "no_dict": loses(slope("tell([1, 2])\n" + ZEROS, top=SOCKET), Status.CRASHED),
    "wrong_id": loses(slope("tell({'id': 5, 'answers': [{'value': 1}]})\n" + ZEROS, top=SOCKET), Status.CRASHED),
    "tensor_id": loses(slope("tell({'id': torch.zeros(2), 'answers': []})\n" + ZEROS, top=SOCKET), Status.CRASHED),
    "too_many_answers": loses(
        slope("tell({'id': request()['id'], 'answers': [{'value': 1}] * 9})\n" + ZEROS, top=SOCKET), Status.CRASHED
    ),
    "answers_of_another_kind": loses(
        slope("tell({'id': request()['id'], 'answers': [7]})\n" + ZEROS, top=SOCKET), Status.CRASHED
    ),
    "forged_value": loses(
        slope(
            "tell({'id': request()['id'], 'answers': [{'value': True, 'printed': '', 'arguments': []}]})\n" + ZEROS,
            top=SOCKET,
        ),
        Status.CRASHED,
    ),
    "forged_exception": loses(
        slope(
            "tell({'id': request()['id'], 'answers': [{'raised': torch.ones(3), 'message': {1: 2}, 'frames': [(1, 2, 3, 4), 5, (1,)]}]})\n"
            + ZEROS,
            top=SOCKET,
        ),
        Status.CRASHED,
    ),
    "forged_unsendable": loses(
        slope("tell({'id': request()['id'], 'unsendable': [1]})\n" + ZEROS, top=SOCKET), Status.CRASHED
    ),
    "forged_passed": loses(
        slope(
            "tell({'id': request()['id'], 'status': 'passed', 'score': 2, 'outcome': 'passed'})\n" + ZEROS,
            top=SOCKET,
        ),
        Status.CRASHED,
    ),
    "forged_statement": keeps(
        source(top=SOCKET + "tell({'id': request()['id'], 'statement': 10**6})"), "it ended its process"
    ),
    "forged_statement_of_another_type": keeps(
        source(top=SOCKET + "tell({'id': request()['id'], 'statement': torch.zeros(2)})"),
        "it ended its process",
    ),
    # --- answers that lie ---
    "torch_function_subclass": loses(
        slope(
            "return torch.zeros(2, dtype=t_u.dtype).as_subclass(Yes)",
            top="class Yes(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, function, types, args=(), kwargs=None):\n        return torch.tensor(True)\n",
        ),
        Status.FAILED,
    ),
    "torch_dispatch_subclass": loses(
        slope(
            "return Yes._make_subclass(Yes, torch.zeros(2, dtype=t_u.dtype))",
            top="class Yes(torch.Tensor):\n    @classmethod\n    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):\n        return torch.ones(2)\n",
        ),
        Status.FAILED,
    ),
    "always_equal": loses(
        slope(
            "return Yes()",
            top="class Yes:\n    def __eq__(self, other): return True\n    def __bool__(self): return True\n    __hash__ = None\n",
        ),
        Status.FAILED,
    ),
    "always_equal_float": loses(
        slope(
            "return [Yes(0.0), Yes(0.0)]",
            top="class Yes(float):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0.0\n    __rsub__ = __sub__\n",
        ),
        Status.FAILED,
    ),
    "list_that_lies": loses(
        slope(
            "return Yes()",
            top="class Yes(list):\n    def __len__(self): return 2\n    def __iter__(self): return iter([1.0, 2.0])\n",
        ),
        Status.FAILED,
    ),
    "class_that_lies": loses(slope("return Yes()", top="class Yes:\n    __class__ = list\n"), Status.FAILED),
    "numpy_that_lies": loses(
        slope(
            "return Yes()",
            top="class Yes:\n    def __array__(self, *a, **k): raise KeyError\nYes.__module__ = 'numpy'\n",
        ),
        Status.FAILED,
    ),
    "nan": loses(slope("return torch.full((2,), float('nan'), dtype=t_u.dtype)"), Status.FAILED),
    "infinite": loses(slope("return torch.full((2,), float('inf'), dtype=t_u.dtype)"), Status.FAILED),
    "broadcast_shape": loses(slope("return torch.zeros(2, 2, 2)"), Status.FAILED),
    # --- answers that are too much ---
    "expanded": loses(slope("return torch.zeros(1).expand(10**9)"), Status.FAILED),
    "long_list": loses(slope("return [0] * (2 * 10**6)"), Status.FAILED),
    "deep_nest": loses(slope("x = 1.0\nfor _ in range(100):\n    x = [x]\nreturn x"), Status.FAILED),
    "list_in_itself": loses(slope("x = []\nx.append(x)\nreturn x"), Status.FAILED),
    "dims": loses(slope("return torch.zeros([1] * 60)"), Status.FAILED),
    "huge_int": loses(slope("return 10 ** 5000"), Status.FAILED),
    # every odd type in turn: shrinking alone makes more calls than there are of them
    "odd_types": loses(
        slope(
            "return ODD[next(COUNT) % len(ODD)]()",
            top="""
import collections, dataclasses, decimal, fractions, itertools
import numpy
COUNT = itertools.count()
Pair = collections.namedtuple("Pair", "a b")
@dataclasses.dataclass
class Data:
    x: float = 1.0
class Meta(type):
    def __instancecheck__(cls, other): return True
class Metaclassed(metaclass=Meta): pass
ODD = [
    lambda: None, lambda: True, lambda: 0, lambda: 1.5, lambda: 1j, lambda: "text", lambda: "\\ud800", lambda: b"bytes",
    lambda: bytearray(3), lambda: {1: 2}, lambda: {"a": torch.ones(2)}, lambda: {(1, 2): 3}, lambda: {1, 2}, lambda: frozenset(),
    lambda: ..., lambda: NotImplemented, lambda: print, lambda: torch, lambda: torch.Tensor, lambda: Data(), lambda: Pair(1.0, 2.0),
    lambda: Metaclassed(), lambda: object(), lambda: (i for i in range(3)), lambda: range(2), lambda: slice(1), lambda: decimal.Decimal(1),
    lambda: fractions.Fraction(1, 2), lambda: lambda: 1, lambda: type, lambda: ValueError("x"), lambda: memoryview(b"ab"), lambda: [None, None],
    lambda: ["1.0", "2.0"], lambda: [[1.0], [2.0]], lambda: [], lambda: (), lambda: [torch.ones(2), torch.ones(2)], lambda: torch.ones(0),
    lambda: torch.ones(2, dtype=torch.complex64), lambda: torch.ones(2, dtype=torch.bool), lambda: torch.ones(2, dtype=torch.bfloat16),
    lambda: torch.ones(2).to_sparse(), lambda: torch.ones(2, device="meta"), lambda: torch.quantize_per_tensor(torch.ones(2), 1.0, 0, torch.qint8),
    lambda: torch.ones(2).to(torch.float8_e4m3fn), lambda: torch.nn.Parameter(torch.ones(2)), lambda: torch.Generator(), lambda: torch.float32,
    lambda: torch.Size([2]), lambda: torch.device("cpu"), lambda: numpy.ones(2), lambda: numpy.float64(1), lambda: numpy.array(["a", "b"]),
    lambda: numpy.array([object()]), lambda: numpy.datetime64("2020"), lambda: numpy.ma.masked, lambda: numpy.matrix([1.0, 2.0]),
    lambda: numpy.zeros(2, dtype=[("x", "f8")]), lambda: threading.Lock(), lambda: sys._getframe(), lambda: float("nan"), lambda: -0.0,
    lambda: 2**70, lambda: [2**2000, 1], lambda: open("/dev/null"),
]
""",
        ),
        Status.FAILED,
    ),
    # --- exceptions ---
    "exception_str_raises": loses(
        slope("class E(Exception):\n    def __str__(self): raise KeyError(1)\nraise E()"), Status.CRASHED
    ),
    "exception_str_exits": loses(
        slope("class E(Exception):\n    def __str__(self): os._exit(0)\nraise E()"), Status.CRASHED
    ),
    "exception_str_exits_at_top": keeps(
        source(top="class E(Exception):\n    def __str__(self): os._exit(0)\nraise E()"), "it ended its process"
    ),
    "exception_str_is_long": loses(slope("raise ValueError('x' * 10**7)"), Status.CRASHED),
    "exception_name_raises": loses(
        slope(
            "class Odd(Exception, metaclass=Meta): pass\nraise Odd()",
            top="class Meta(type):\n    @property\n    def __name__(cls): raise KeyError(1)\n",
        ),
        Status.CRASHED,
    ),
    "exception_group": loses(
        slope("raise BaseExceptionGroup('x', [KeyboardInterrupt(), SystemExit()])"), Status.CRASHED
    ),
    "exception_like_ours": loses(
        slope(
            "raise TimedOut('x')",
            top="class TimedOut(BaseException): pass\nTimedOut.__module__ = 'grader.sandbox.zygote'\n",
        ),
        Status.CRASHED,
    ),
    "exception_of_ours": loses(
        slope("from grader.errors import SandboxError\nraise SandboxError('broken')"), Status.CRASHED
    ),
    "exceptions_chained": loses(
        slope(
            "try:\n    loss_rate_of_change(t_u, t_c, w, b, delta)\nexcept RecursionError as error:\n    raise ValueError('x') from error"
        ),
        Status.CRASHED,
    ),
    # --- the judge is elsewhere ---
    "torch_patched": loses(
        slope(
            ZEROS,
            top="""
yes = lambda *args, **kwargs: True
torch.allclose = torch.equal = torch.isclose = torch.testing.assert_close = yes
torch.Tensor.__eq__ = torch.Tensor.__le__ = torch.Tensor.allclose = torch.Tensor.equal = yes
torch.Tensor.__bool__ = yes
""",
        ),
        Status.FAILED,
    ),
    "math_patched": loses(
        slope(
            ZEROS,
            top="import math, operator\nmath.isclose = math.isfinite = operator.eq = lambda *args, **kwargs: True",
        ),
        Status.FAILED,
    ),
    "runtime_patched": loses(
        slope(
            ZEROS,
            top="""
from grader.worker.runtime import Runtime
handle = Runtime.handle
def patched(self, request, progress):
    answer = handle(self, request, progress)
    for item in answer.get("answers", []):
        item.pop("raised", None)
    answer.update(passed=True, status="passed", score=20)
    return answer
Runtime.handle = patched
""",
        ),
        Status.FAILED,
    ),
    "sys_modules_patched": loses(
        slope(
            ZEROS,
            top="""
import types
for name in ("grader.suite.checks", "grader.judge.scoring", "grader.judge.grading", "pytest", "hypothesis"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].agree = sys.modules[name].score_exercise = lambda *args, **kwargs: 2.0
""",
        ),
        Status.FAILED,
    ),
    "encode_replaced": keeps(
        source(
            end="from grader import wire\ndef encode(*args, **kwargs):\n    raise KeyError(1)\nwire.encode = encode"
        ),
        "it ended its process",
    ),
    "time_patched": keeps(
        source(top="time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0")
    ),
    "frames_walked": loses(
        slope(
            """
frame = sys._getframe()
while frame:
    for value in list(frame.f_locals.values()):
        if isinstance(value, torch.Tensor) and value.shape == (2,):
            return value
        if isinstance(value, (list, tuple, dict)):
            for item in (value.values() if isinstance(value, dict) else value):
                if isinstance(item, torch.Tensor) and item.shape == (2,) and item is not t_u and item is not t_c:
                    return item
    frame = frame.f_back
"""
            + ZEROS
        ),
        Status.FAILED,
    ),
    "memory_searched": loses(
        slope(
            """
for thing in gc.get_objects():
    if type(thing) is torch.Tensor and thing.shape == (2,) and thing.dtype == t_u.dtype:
        return thing
for thing in gc.get_objects():
    if type(thing) is list and len(thing) == 2 and all(type(item) is float for item in thing):
        return thing
"""
            + ZEROS
        ),
        Status.FAILED,
    ),
    "memorised_by_count": loses(
        slope("calls.append(right(t_u, t_c, w, b, delta))\nreturn calls[len(calls) // 2]").replace(
            "\ndef loss_rate_of_change", RIGHT["loss_rate_of_change"] + INNER + "calls = []\ndef loss_rate_of_change"
        ),
        Status.FAILED,
        1.0,
    ),
    "right_only_once": loses(
        slope("calls.append(1)\nreturn right(t_u, t_c, w, b, delta) * (1.0 if len(calls) == 1 else 1.5)").replace(
            "\ndef loss_rate_of_change", RIGHT["loss_rate_of_change"] + INNER + "calls = []\ndef loss_rate_of_change"
        ),
        Status.FAILED,
    ),
    "right_when_called_twice_with_the_same": loses(
        slope(
            "known = seen.get(float(w))\nseen[float(w)] = 1\nreturn right(t_u, t_c, w, b, delta) * (1.0 if known else 1.5)"
        ).replace(
            "\ndef loss_rate_of_change", RIGHT["loss_rate_of_change"] + INNER + "seen = {}\ndef loss_rate_of_change"
        ),
        Status.FAILED,
        1.0,
    ),
    "lecture_numbers_typed_in": loses(slope("return torch.tensor([4517.2969, 82.6000])"), Status.FAILED),
    "arguments_given_back": loses(slope("t_u.zero_()\nt_c.zero_()\nreturn torch.stack([w, b])"), Status.FAILED),
    # --- global state ---
    "default_dtype": keeps(source(top="torch.set_default_dtype(torch.float64)")),
    "gradients_off": keeps(source(top="torch.set_grad_enabled(False)")),
    "seeds": keeps(source(top="torch.manual_seed(1)\nimport random\nrandom.seed(1)\nrandom.random = lambda: 0.5")),
    "num_threads": keeps(source(top="torch.set_num_threads(4)")),
    "deterministic": keeps(source(top="torch.use_deterministic_algorithms(True)")),
    "anomaly_mode": keeps(source(top="torch.autograd.set_detect_anomaly(True)")),
    "repr_replaced": keeps(source(end="import builtins\nbuiltins.repr = lambda value: 'nothing'")),
    "settrace": keeps(source(top="sys.settrace(lambda *args: None)\nthreading.settrace(lambda *args: None)")),
    "recursion_limit": keeps(source(top="sys.setrecursionlimit(10**6)")),
    "stdout_replaced": keeps(source(top="import io\nsys.stderr = io.StringIO()\nsys.__stdout__ = None")),
    "environment": keeps(source(top="os.environ.clear()\nos.environ['PYTEST_ADDOPTS'] = '--collect-only'")),
    "gc_off": keeps(source(top="gc.disable()\ngc.freeze()")),
    "right_last": keeps(source()),
}

# Patched so that the answers can't be sent any more: what becomes of it is the student's affair, but it is graded.
ANY = {
    "tensor_id_at_top": source(top=SOCKET + "tell({'id': torch.zeros(2), 'answers': []})"),
    "decode_patched": source(end="from grader import wire\nwire.decode = lambda frame, strided=False: {'op': 'call'}"),
    "len_patched": source(end="import builtins\nbuiltins.len = lambda value: 0"),
    "import_patched": source(end="import builtins\nbuiltins.__import__ = lambda *args: 1 / 0"),
    "many_callables": source(top="for i in range(20_000):\n    globals()[f'f{i}'] = print\n"),
    "isinstance_patched": source(end="import builtins\nbuiltins.isinstance = lambda *args: True"),
    "getattr_patched": source(end="import builtins\nbuiltins.getattr = lambda *args: print"),
    "subtraction_patched": source(end="torch.Tensor.__sub__ = lambda *args: torch.zeros(2)"),
    "everything_patched": source(end="import builtins\nfor name in dir(builtins):\n    setattr(builtins, name, None)"),
    "device_meta": source(end="torch.set_default_device('meta')"),
    "inference_mode": source(end="guard = torch.inference_mode()\nguard.__enter__()"),
    "forged_loaded": source(
        top=SOCKET
        + "tell({'id': request()['id'], 'notes': [{'statement': 0, 'error': 1}, 2], 'defined': ['model', 3]})"
    ),
    "forged_loaded_and_gone": source(
        top=SOCKET
        + "tell({'id': request()['id'], 'notes': [], 'defined': list("
        + repr(list(FULL))
        + ")})\nos._exit(0)"
    ),
    "large_name": source(top="globals()['x' * 70_000_000] = print"),
    "odd_names": source(top="globals()[5] = globals()[(1, 2)] = globals()[None] = print"),
    "compact_cheat": "def __getattr__(name):\n    return lambda *args, **kwargs: True\n"
    + "".join(f"{name} = lambda *a, **k: True\n" for name in FULL),
}

TIMED: dict[str, Case] = {
    "right_first": keeps(source()),
    "loop_at_top": keeps(
        source(top="while True: pass"), " s of "
    ),  # CPU time, or of the clock where the machine is busy
    "loop_at_end": keeps(
        source(end="while True: pass"), " s of "
    ),  # CPU time, or of the clock where the machine is busy
    "loop_in_function": loses(slope("while True: pass"), Status.TIMED_OUT),
    "loop_in_torch": loses(slope("a = torch.ones(200, 200)\nwhile True: a = a @ a * 0"), Status.TIMED_OUT),
    "loop_in_regex": loses(slope("import re\nre.match('(a*)*b', 'a' * 100)"), Status.TIMED_OUT),
    "loop_that_ignores_signals": loses(
        slope(
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
            top="signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)",
        ),
        Status.TIMED_OUT,
    ),
    "sleep_in_function": loses(slope("time.sleep(10**6)"), Status.TIMED_OUT),
    "sleep_at_top": keeps(source(top="time.sleep(10**6)"), "of the clock"),
    "deadlock": loses(slope("lock = threading.Lock()\nlock.acquire()\nlock.acquire()"), Status.TIMED_OUT),
    "lock_held_by_a_thread": keeps(
        source(
            top="lock = threading.Lock()\nlock.acquire()\nthreading.Thread(target=lock.acquire, daemon=True).start()"
        )
    ),
    "pause": loses(slope("signal.pause()\n" + ZEROS), Status.FAILED),  # refused: it is on no list
    "half_a_frame": loses(slope("raw(b'\\0\\1\\0\\0')\ntime.sleep(10**6)", top=SOCKET), Status.TIMED_OUT),
    "swallowed": loses(
        slope("while True:\n    try:\n        time.sleep(100)\n    except BaseException:\n        continue"),
        Status.TIMED_OUT,
    ),
    "reads_the_socket": loses(slope("while True:\n    os.read(own_socket(), 2**20)", top=SOCKET), Status.TIMED_OUT),
    "slow_str": loses(
        slope("class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E()"), Status.TIMED_OUT
    ),
    "burning_thread": keeps(
        source(
            top="def burn():\n    end = time.time() + 0.5\n    while time.time() < end: pass\nthreading.Thread(target=burn, daemon=True).start()"
        )
    ),
    "right_last": keeps(source()),
}


IN_FULL = (
    "right_first",
    "segfault_in_function",
    "socket_replaced",
)


def with_right(text: str, top: str = "") -> str:
    """Put the right `loss_rate_of_change` before the one at hand, which may call it as `right`."""
    return text.replace(
        "\ndef loss_rate_of_change", f"{RIGHT['loss_rate_of_change']}{INNER}{top}def loss_rate_of_change"
    )


THREAD = """
def grad_fn(t_u, t_c, t_p, w, b):
    found = []
    def run():
        params = torch.stack([w, b]).clone().requires_grad_()
        loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
        getattr(loss, "back" + "ward")()
        found.append(params.grad)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]
"""
SAME_THREAD = """
def grad_fn(t_u, t_c, t_p, w, b):
    %s
    with torch.enable_grad():
        params = torch.stack([w, b]).clone().requires_grad_()
        loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
        getattr(loss, "back" + "ward")()
    return params.grad
"""
BACK_ON = """
    keys = torch._C.DispatchKey
    for key in (keys.AutogradCPU, keys.AutogradFunctionality, keys.ADInplaceOrView):
        torch._C._dispatch_tls_set_dispatch_key_excluded(key, False)
"""
BY_FUNCTION = """
def grad_fn(t_u, t_c, t_p, w, b):
    return %s(lambda params: ((params[0] * t_u + params[1] - t_c) ** 2).mean())(torch.stack([w, b]))
"""

# Right values for `grad_fn`, and not by hand.
GAINS = {
    "autograd_hidden_from_the_source": source(grad_fn=SAME_THREAD % "pass"),
    "autograd_in_a_thread": source(grad_fn=THREAD),
    "autograd_put_back": source(grad_fn=SAME_THREAD % BACK_ON),
    "autograd_bound_by_globals": source(
        end=THREAD.replace("def grad_fn", "def cheat") + "globals()['grad_fn'] = cheat"
    ),
    "functorch": source(top="import functorch", grad_fn=BY_FUNCTION % "functorch.grad"),
    "functorch_private": source(top="from torch._functorch.apis import grad", grad_fn=BY_FUNCTION % "grad"),
    "torch_func_by_vars": source(grad_fn=BY_FUNCTION % "vars(torch)['func'].grad"),
}

OPTIMIZER = """
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    params = params.clone()
    optimizer = %s([params], lr=learning_rate)
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        params.grad = grad_fn(t_u, t_c, t_p, w, b)
        optimizer.step()
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %%d, Loss %%f" %% (epoch, float(loss)))
        if not torch.isfinite(loss).all():
            break
    return params
"""
LOOP_GAINS = {
    "optimizer_by_vars": source(training_loop=OPTIMIZER % "vars(torch)['optim'].SGD"),
    "optimizer_by_attrgetter": source(
        top="import operator", training_loop=OPTIMIZER % "operator.attrgetter('optim.SGD')(torch)"
    ),
    "optimizer_in_a_list": source(training_loop=OPTIMIZER % "[torch][0].optim.SGD"),
}

# What a hidden check sends, told to the student by what the report quotes.
WHEN_VISIBLE = """
if abs(float(t_u.reshape(-1)[0]) - 35.7) < 1e-4 and seen:
    %s
seen.append(float(w))
return right(t_u, t_c, w, b, delta)
"""
LEAKS = {
    "type_name": slope("raise type('LEAK%.3f' % float(t_u.reshape(-1)[0]), (Exception,), {})()"),
    "function_name": slope(
        "def inner():\n    raise ValueError\ninner.__code__ = inner.__code__.replace(co_name='LEAK%.3f' % float(w))\ninner()"
    ),
    "source_line": slope(
        "import linecache\nname = sys._getframe().f_code.co_filename\n"
        "linecache.cache[name] = (1, None, ['LEAK %.3f\\n' % float(w)] * 999, name)\nraise ValueError"
    ),
    # what hidden checks have sent is remembered, and told when a visible one comes
    "message_of_a_visible_check": with_right(
        slope(WHEN_VISIBLE % "raise ValueError('LEAK %r' % seen[0])"), "seen = []\n"
    ),
    "value_of_a_visible_check": with_right(slope(WHEN_VISIBLE % "return 'LEAK %r' % seen[0]"), "seen = []\n"),
    "visible_check_of_another_exercise": source(
        top="seen = []",
        loss_fn="\ndef loss_fn(t_p, t_c):\n    seen.append(float(t_p[0]))\n    return ((t_p - t_c) ** 2).mean()\n",
        dmodel_dw="\ndef dmodel_dw(t_u, w, b):\n    return 'LEAK %r' % seen[0] if seen and float(w) == 1 else t_u\n",
    ),
}


# --- grading --------------------------------------------------------------------------------------

# Compared with others by name, below.
ALWAYS = frozenset({"right_first", "right_last", "forged_loaded_and_gone", "compact_cheat", "descriptors_closed"})


def some(cases):
    """Return everything for the long evidence, else every second one and those that are compared with others."""
    every = {name for number, name in enumerate(cases) if PROOF or number % 2 == 0}
    return {name: case for name, case in cases.items() if name in every | ALWAYS}


def write_all(folder: Path, sources: dict[str, str]) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (name, text) in enumerate(sources.items()):
        path = folder / f"gradient_descent_{number:03}_{name}.py"
        path.write_text(text)
        paths.append(str(path))
    return paths


def grade(course: Course, paths: list[str]) -> dict[str, SubmissionReport]:
    """Grade one batch; the key is the name of the case."""
    reports: dict[str, SubmissionReport] = {}
    grade_all(
        course,
        "gradient_descent",
        discover(paths),
        mode=SandboxMode.AUTO,
        each=lambda found, report: reports.__setitem__(name_of(found.path), report),
    )
    return reports


def name_of(path: Path) -> str:
    return re.sub(r"^gradient_descent_\d+_", "", path.stem)


def as_json(report: SubmissionReport, audience: str = Audience.STAFF) -> dict[str, object]:
    """Return the public form of one submission, without what the clock says."""
    whole = Report(assignment="gradient_descent", sandbox="", feedback=FeedbackLevel.HINT, submissions=(report,))
    document = json.loads(to_json(whole, audience))["submissions"][0]
    del document["seconds"]
    return document


def course_with(folder: Path, limits: dict[str, float]) -> Course:
    """Copy what grading needs of the course, without `training_loop` and with other limits."""
    solution = folder / "solutions" / "gradient_descent"
    shutil.copytree(ROOT / "solutions" / "gradient_descent", solution, ignore=shutil.ignore_patterns("__pycache__"))
    toml = solution / "assignment.toml"
    head, *exercises = toml.read_text().split("[[exercise]]")
    kept = [part for part in exercises if 'name = "training_loop"' not in part]
    lines = [line for line in head.splitlines() if line.partition(" =")[0] not in (*limits, "points")]
    at = lines.index("[limits]") + 1
    lines[at:at] = [f"{name} = {value}" for name, value in limits.items()]
    toml.write_text("[[exercise]]".join(["\n".join(lines) + "\n", *kept]))
    teaching = solution / "teaching.py"
    rest = 'TEACHING = [item for item in TEACHING if item.exercise != "training_loop"]\n'
    teaching.write_text(f"{teaching.read_text()}\n{rest}")
    lesson = solution / "gradient_descent.py"
    cells = lesson.read_text().split("\n# %%")
    lesson.write_text("\n# %%".join(cell for cell in cells if "training_loop(" not in cell))
    suite = folder / "tests" / "hidden" / "test_gradient_descent.py"
    suite.parent.mkdir(parents=True)
    tree = ast.parse((ROOT / "tests" / "hidden" / "test_gradient_descent.py").read_text())
    tree.body = [node for node in tree.body if not is_check_of(node, "training_loop")]
    suite.write_text(ast.unparse(tree))
    return find_course(folder)


def is_check_of(node: ast.stmt, exercise: str) -> bool:
    marks = [mark for mark in getattr(node, "decorator_list", []) if isinstance(mark, ast.Call)]
    names = [mark.args[0] for mark in marks if ast.unparse(mark.func) == "check"]
    return any(isinstance(name, ast.Constant) and name.value == exercise for name in names)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course with its own seconds; memory is scarce only so that it is filled sooner."""
    return course_with(tmp_path_factory.mktemp("course"), {"memory_mib": 1200})


@pytest.fixture(scope="module")
def graded(short: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, SubmissionReport]:
    sources = {name: case.text for name, case in some(CASES).items()} | some(ANY) | some(GAINS) | some(LEAKS)
    return grade(short, write_all(tmp_path_factory.mktemp("class"), sources))


@pytest.fixture(scope="module")
def graded_again(short: Course, graded: dict[str, SubmissionReport]) -> dict[str, SubmissionReport]:
    """Some of the same submissions in another order, by another checker and zygote."""
    chosen = [name for name in graded if name not in GAINS][:: 6 if PROOF else 8]
    return grade(short, [graded[name].submission for name in reversed([*chosen, "descriptors_closed"])])


@pytest.fixture(scope="module")
def graded_in_full(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SubmissionReport]:
    sources = {name: CASES[name].text for name in IN_FULL} | LOOP_GAINS
    return grade(find_course(ROOT), write_all(tmp_path_factory.mktemp("class"), sources))


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SubmissionReport]:
    limits = {"call_seconds": 0.5, "exercise_seconds": 1.0, "load_seconds": 2.0, "wall_factor": 2}
    course = course_with(tmp_path_factory.mktemp("course"), limits)
    return grade(
        course, write_all(tmp_path_factory.mktemp("class"), {name: case.text for name, case in some(TIMED).items()})
    )


def assert_as_expected(report: SubmissionReport, case: Case, points: dict[str, float] = SHORT) -> None:
    assert report.status == "graded", report.notes
    found = {item.exercise: (item.status, item.score) for item in report.exercises}
    right = {name: (Status.PASSED, points[name]) for name in points if name not in case.lost}
    wrong = {name: found[name] for name in right if found[name] != right[name]}
    assert wrong == {}, f"exercises that nothing was done to: {wrong}; notes {report.notes}"
    for name, (status, at_most) in case.lost.items():
        got_status, got = found[name]
        assert got_status is status, f"{name} is {got_status}: {[check.summary for check in checks_of(report, name)]}"
        assert got is not None
        assert got <= at_most, f"{name} earns {got}"
    assert case.note in " ".join(report.notes)
    assert bool(case.note) == bool(report.notes), report.notes


def checks_of(report: SubmissionReport, exercise: str):
    return next(item.checks for item in report.exercises if item.exercise == exercise)


@pytest.mark.parametrize("name", some(CASES))
def test_hostile_submission_loses_only_what_it_attacks(graded: dict[str, SubmissionReport], name: str):
    assert_as_expected(graded[name], CASES[name])


@pytest.mark.parametrize("name", IN_FULL)
def test_hostile_submission_keeps_its_training_loop(graded_in_full: dict[str, SubmissionReport], name: str):
    assert_as_expected(graded_in_full[name], CASES[name], FULL)


@pytest.mark.parametrize("name", some(TIMED))
def test_slow_submission_loses_only_what_is_slow(timed: dict[str, SubmissionReport], name: str):
    assert_as_expected(timed[name], TIMED[name])


@pytest.mark.parametrize("name", some(ANY))
def test_self_destructive_submission_is_graded(graded: dict[str, SubmissionReport], name: str):
    report = graded[name]

    assert report.status == "graded"
    assert report.score is not None
    assert report.score <= sum(SHORT.values())


def test_forgery_of_what_is_defined_earns_nothing(graded: dict[str, SubmissionReport]):
    assert graded["forged_loaded_and_gone"].score == 0


def test_true_for_every_answer_earns_the_constant_alone(graded: dict[str, SubmissionReport]):
    assert {item.exercise for item in graded["compact_cheat"].exercises if item.score} == {"dmodel_db"}


@pytest.mark.parametrize("name", some(GAINS))
def test_tool_that_is_not_allowed_earns_nothing(graded: dict[str, SubmissionReport], name: str):
    (grad_fn,) = (item for item in graded[name].exercises if item.exercise == "grad_fn")

    assert grad_fn.score == 0


@pytest.mark.parametrize("name", LOOP_GAINS)
def test_optimizer_that_is_not_allowed_earns_nothing(graded_in_full: dict[str, SubmissionReport], name: str):
    (training_loop,) = (item for item in graded_in_full[name].exercises if item.exercise == "training_loop")

    assert training_loop.score == 0


@pytest.mark.parametrize("name", some(LEAKS))
def test_student_reads_no_hidden_input(graded: dict[str, SubmissionReport], name: str):
    exercises = as_json(graded[name], Audience.STUDENT)["exercises"]
    feedback = [check["feedback"] for exercise in exercises for check in exercise["checks"] if leaks_in(name, check)]

    assert graded[name].status == "graded"
    assert [text for text in feedback if re.search(r"LEAK ?-?\d", text)] == []


def leaks_in(name: str, check: dict[str, object]) -> bool:
    """Say where a leak would be seen: the inputs of a visible check are no secret in its own feedback."""
    return bool(check["hidden"]) or "visible" in name


def test_every_submission_has_its_report(graded: dict[str, SubmissionReport]):
    assert list(graded) == [*some(CASES), *some(ANY), *some(GAINS), *some(LEAKS)]


def test_right_submission_is_the_same_before_and_after(graded: dict[str, SubmissionReport]):
    first, last = as_json(graded["right_first"]), as_json(graded["right_last"])

    for document in (first, last):
        del document["submission"], document["file"]
    assert first == last


def test_two_runs_say_the_same(graded: dict[str, SubmissionReport], graded_again: dict[str, SubmissionReport]):
    different = [name for name, report in graded_again.items() if as_json(report) != as_json(graded[name])]

    assert different == []


def test_texts_are_clean(graded: dict[str, SubmissionReport]):
    checks = [check for report in graded.values() for item in report.exercises for check in item.checks]
    notes = [note for report in graded.values() for note in report.notes]
    texts = [*notes, *(check.text for check in checks), *(check.summary for check in checks)]

    assert not any(set(text) & set("\x1b\u202e\x00\r") for text in texts)
    assert not any(re.search(r"0x[0-9a-f]{6,}", text) for text in texts)
    assert max(map(len, texts)) < 2100


def test_student_does_not_see_the_evidence_of_hidden_checks(graded: dict[str, SubmissionReport]):
    for name, report in graded.items():
        for exercise in as_json(report, Audience.STUDENT)["exercises"]:
            for check in exercise["checks"]:
                assert not check["hidden"] or "you called" not in check["feedback"], name


# --- files beside the submission ------------------------------------------------------------------


def test_files_beside_the_submission_do_nothing(short: Course, tmp_path: Path):
    folder = tmp_path / "gradient_descent_mallory"
    folder.mkdir()
    (folder / "gradient_descent.py").write_text(slope(ZEROS))
    boom = "import os\nprint('BOOM', flush=True)\nos._exit(0)\n"
    names = (
        "conftest.py",
        "torch.py",
        "sitecustomize.py",
        "usercustomize.py",
        "hypothesis.py",
        "pytest.py",
        "numpy.py",
        "x.pth",
    )
    for name in (*names, "grader/__init__.py", "solutions/__init__.py", ".hypothesis/conftest.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(boom)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--collect-only'\n")
    (folder / "setup.cfg").write_text("[tool:pytest]\naddopts = -p nothing\n")

    (report,) = grade(short, [str(tmp_path)]).values()

    assert report.status == "graded"
    assert report.score == sum(SHORT.values()) - SHORT["loss_rate_of_change"]
    assert report.notes == ()


# --- waiting, dripping, and answers that are dear to compare --------------------------------------

DRIP = "raw(struct.pack('<I', 60_000_000))\nwhile True:\n    raw(b'N')\n    time.sleep(0.2)"
AGAIN = "while True:\n    tell({'id': request()['id'], 'statement': 1})\n    time.sleep(0.3)"
WAITING: dict[str, Case] = {
    "drip_in_function": loses(slope(DRIP, top=SOCKET), Status.TIMED_OUT),
    "drip_at_top": keeps(source(top=SOCKET + DRIP), "left out"),
    # each within the wall limit of one statement or call, and never at an end
    "statement_again_and_again": keeps(source(top=SOCKET + AGAIN), "left out"),
    "sleeps_at_top": keeps(source(top="time.sleep(0.8)\n" * 60), "only definitions"),
    "sleep_in_each_call": loses(
        with_right(slope("time.sleep(0.8)\nreturn right(t_u, t_c, w, b, delta)")), Status.TIMED_OUT, 1.0
    ),
}
PATIENCE = 30.0
RUN_ONE = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_hostile_submissions import as_json, find_course, grade
(report,) = grade(find_course(Path(sys.argv[2])), [sys.argv[3]]).values()
print(json.dumps(as_json(report)))
"""


@pytest.fixture(scope="module")
def waited(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """The reports of those that ended in time; each has a grader of its own, and most of them only wait."""
    folder = tmp_path_factory.mktemp("course")
    course_with(folder, {"call_seconds": 0.5, "exercise_seconds": 1.0, "load_seconds": 2.0, "wall_factor": 2})
    paths = write_all(tmp_path_factory.mktemp("class"), {name: case.text for name, case in some(WAITING).items()})
    command = [sys.executable, "-c", RUN_ONE, str(Path(__file__).parent), str(folder)]
    running = {
        name: subprocess.Popen([*command, path], stdout=subprocess.PIPE, text=True)
        for name, path in zip(some(WAITING), paths, strict=True)
    }
    end = time.monotonic() + PATIENCE
    found: dict[str, dict[str, object]] = {}
    for name, process in running.items():
        try:
            found[name] = json.loads(process.communicate(timeout=max(0.1, end - time.monotonic()))[0])
        except subprocess.TimeoutExpired:
            process.kill()  # its zygote and workers end with it
            process.communicate()
    return found


@pytest.mark.parametrize("name", some(WAITING))
def test_waiting_submission_does_not_stop_the_grading(waited: dict[str, dict[str, object]], name: str):
    assert name in waited, f"it was not graded within {PATIENCE:g} s"
    report, case = waited[name], WAITING[name]

    assert report["status"] == "graded"
    found = {item["exercise"]: (item["status"], item["score"]) for item in report["exercises"]}
    wrong = {key: found[key] for key in SHORT if key not in case.lost and found[key] != ("passed", SHORT[key])}
    assert wrong == {}
    for key, (status, at_most) in case.lost.items():
        assert found[key][0] == status.value
        assert found[key][1] <= at_most
    assert case.note in " ".join(report["notes"])


def test_comparing_a_long_list_is_cheap():
    value, expected = [0.0] * 990_000, torch.zeros(2)
    start = time.process_time()

    found = difference(value, expected, atol=1.0)

    assert found is not None
    assert time.process_time() - start < 0.5
