"""What hostile submissions do, and what each of them may lose."""

# ruff: noqa: E501 - lines of hostile code are read as one

from __future__ import annotations

from hostile import FULL, IMPORTS, INNER, RIGHT, SOCKET, ZEROS, Case, keeps, loses, slope, source

from grader.outcomes import Status

CASES: dict[str, Case] = {
    "right_first": keeps(source()),
    # --- ends of the process ---
    "exit_in_function": loses(slope("os._exit(0)"), Status.CRASHED),
    "exit_at_top": keeps(source(top="os._exit(0)"), "it ended its process"),
    "exit_at_end": keeps(source(end="os._exit(0)"), "it ended its process"),
    "name_error_of_a_huge_name": keeps(source(end="raise NameError('a', name='x' * (1 << 26))"), "NameError"),
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
        Status.CRASHED,
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
    "forged_loaded_and_gone": IMPORTS  # and nothing else: of what it says is there nothing is
    + SOCKET
    + "\ntell({'id': request()['id'], 'notes': [], 'defined': list("
    + repr(list(FULL))
    + ")})\nos._exit(0)\n",
    "large_name": source(top="globals()['x' * 70_000_000] = print"),
    "odd_names": source(top="globals()[5] = globals()[(1, 2)] = globals()[None] = print"),
    "compact_cheat": "def __getattr__(name):\n    return lambda *args, **kwargs: True\n"
    + "".join(f"{name} = lambda *a, **k: True\n" for name in FULL),
}
