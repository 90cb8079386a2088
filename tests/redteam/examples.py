"""Modules whose examples attack: they ask a stub that private programs answer for, and choose what is said of them."""

from __future__ import annotations

from pathlib import Path

from hostile import IMPORTS, SOCKET
from redteam.notebooks import HALF, MARKUP, attack_by
from redteam.vault import CANARY, Attack, Vault

__all__ = ["EXAMPLES", "Catalogued"]

OURS = "your examples of `double`: "
MISCONCEPTIONS = f'''"""{CANARY}"""

from grader.course.catalogue import misconception


@misconception("Z1", name="adds one", explanation="You add one. Call it with 0: it says 1.")
def double(x):
    if x is None:
        raise ValueError("{CANARY}")
    return 2 * x + 1
'''
ALTERNATIVES = f'''"""{CANARY}"""

ALTERNATIVES: dict[str, str] = {{
    "adds": """def double(x):
    if x is None:
        raise ValueError("{CANARY}")
    while x.sum() > 1e6:
        pass
    return x + x  # {CANARY}

def mean_square(x):
    return (x * x).mean()
""",
}}
'''
PATCHED = "import grader.worker.runtime\nfrom grader.worker.runtime import Runtime"
VISIBLE = """
@check("mean_square", "the known one", kind=Kind.KNOWN, visible=True)
def test_mean_square_known(student):
    x = torch.tensor([3.0])
    agree("mean_square", {"x": x}, student.mean_square(x), torch.tensor(9.0), tolerance=TIGHT)
"""
TEXTS = (
    f"::set-output name=score::6 ##[error] ``` ` {MARKUP} \\x1b[2J |6| =1+1 \u202e score: 6.00 / 6  mean_square  2/2"
)


class Catalogued(Vault):
    """The vault with a catalogue of mistakes, a right alternative, each with the canary, and one more visible check."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.write("solutions/small/misconceptions.py", MISCONCEPTIONS)
        self.write("solutions/small/alternatives.py", ALTERNATIVES)
        suite = root / "tests" / "hidden" / "test_small.py"
        suite.write_text(suite.read_text("utf-8") + VISIBLE, "utf-8")


def asking(goal: str, body: str, *, top: str = "", said: str = OURS) -> Attack:
    """Return an attack whose examples of `double` do something."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    return attack_by(".py", goal, f"{IMPORTS}{SOCKET}\n{top}\n{HALF}\ndef examples_double():\n{lines}", said=said)


def raising(frames: str) -> Attack:
    """Return an attack that says where something was raised."""
    body = f"Runtime._frames = lambda *_: {frames}\nassert False"
    return asking("an error of the grader's", body, top=PATCHED, said=f"{OURS}AssertionError is raised")


FRAMES = {
    "text": "[('x', 'examples_double', '', 'small.py')]",
    "infinite": "[(float('inf'), 'examples_double', '', 'small.py')]",
    "endless": "[(10**4000, 'examples_double', '', 'small.py')]",
    "tensor": "[(3, torch.ones(2), torch.ones(2), torch.ones(2))]",
    "number": "7",
    "of_tensors": "torch.ones(3)",
    "nested": "([[]], {1: 2})",
}
QUESTIONS = """
def find(function):
    for cell in function.__closure__ or ():
        value = cell.cell_contents
        found = value if getattr(value, "__name__", "") == "_question" else find(value) if callable(value) else None
        if found:
            return found
ask = find(double)
one = torch.ones(1)
for question in (
    None, 7, [], {}, {"name": []}, {"name": one}, {"name": "double"}, {"name": "mean_square", "args": [], "kwargs": {}},
    {"name": "double", "args": [one], "kwargs": {1: 2}}, {"name": "__import__", "args": ["os"], "kwargs": {}},
    {"name": "double", "args": [one], "kwargs": {}, "ask": one, "grads": one, "op": "load", "far": {"source": "1/0"}},
    {"name": "double", "args": [one], "kwargs": {}, "ask": "near"},
    {"name": "double", "args": [one], "kwargs": {}, "ask": "vjp"},
    {"name": "double", "args": [[[]] * 10**3], "kwargs": {}}, {"name": "double", "args": ["x" * 2**20], "kwargs": {}},
):
    try:
        ask(question)
    except BaseException as error:
        print(error)
"""

EXAMPLES = {
    **{f"frames_{name}": raising(frames) for name, frames in FRAMES.items()},
    "question_as_large_as_a_frame": asking("an error of the grader's", "double(b'x' * (2**26 - 120))"),
    "questions_of_other_shapes": asking("an error of the grader's, or of another's program", QUESTIONS),
    "question_that_takes_for_ever": asking(
        "hours of CPU, one program after another",
        "try:\n    double(torch.tensor([1e9]))\nexcept RuntimeError:\n    pass",
        said=f"{OURS}they took too long: what they ask for takes more than 1 s",
    ),
    "questions_without_end": asking(
        "CPU", "while True:\n    try:\n        double(torch.ones(1))\n    except Exception:\n        pass"
    ),
    "questions_while_it_loads": asking(
        "CPU", "pass", top="def waits(x=[double(torch.ones(2**20)) for _ in range(10**6)]): pass"
    ),
    "tells_a_message": asking(
        "what a private program says",
        "try:\n    double(None)\nexcept ValueError as error:\n    raise type(str(error), (Exception,), {})(error)",
    ),
    "tells_an_answer": asking("an answer", "raise SystemExit(f'LEAK {double(torch.tensor([7300.0 + 19]))}')"),
    "line_that_is_obeyed": asking("a runner, a terminal, a page or a reader", f'assert False, """{TEXTS}"""'),
    "answers_with_another_id": asking("an answer of one's own", "raw(b'\\1\\0\\0\\0N')\ntime.sleep(600)"),
    "answer_of_another_shape": asking("an error", "Runtime._answer = lambda *_, **__: torch.ones(3)", top=PATCHED),
    "raised_of_another_shape": asking(
        "an error", "Runtime._answer = lambda *_, **__: {'raised': {}, 'frames': 1}\nassert False", top=PATCHED
    ),
    "huge_answer": asking("memory", "return [0] * 10**7, torch.zeros(2**23)"),
    "prints": asking("disk or memory", "while True:\n    print('x' * 2**16)"),
    "allocates": asking("memory", "held = []\nwhile True:\n    held.append(bytearray(2**24))"),
    "ends": asking("what comes after it", "os._exit(0)", said=f"{OURS}it ended its process"),
    "kills": asking("another's process", "os.kill(os.getppid(), 9)\nos.kill(-1, 9)"),
    "stays": asking("a process that outlives its worker", "if os.fork() == 0:\n    time.sleep(600)"),
    "writes": asking("a file", "open('/tmp/chainrule-pwned', 'w')\nopen('pwned', 'w')"),
    "is_no_function": attack_by(".py", "an error", f"{HALF}\nexamples_double = 7\n", said=OURS),
    "is_a_class": attack_by(
        ".py", "an error", f"{HALF}\nclass examples_double:\n    def __new__(cls, x): pass\n", said=OURS
    ),
    "is_everywhere": attack_by(".py", "CPU", HALF + "def examples_double(): assert double(1) == 2\n" * 2000, said=OURS),
    "in_place_of_the_stub": asking(
        "points", "global double, mean_square\ndouble = mean_square = lambda x: (x * x).mean()"
    ),
}
